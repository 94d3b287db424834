"""The output formats by name; a format's module is imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kehou.model.report import Report

if TYPE_CHECKING:
    from kehou.render.screen.text import Manner


def _text(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.screen import text

    return text.render(reports, manner)


def _json(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import json

    return json.render(reports)


def _html(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.page import html

    return html.render(reports, manner.language)


def _sarif(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import sarif

    return sarif.render(reports, manner.language)


def _junit(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import junit

    return junit.render(reports, manner.language)


def _github(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import github

    return github.render(reports, manner.language)


def _gitlab(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import gitlab

    return gitlab.render(reports, manner.language)


def _oscal(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import oscal

    return oscal.render(reports, manner.language)


def _csv(reports: Sequence[Report], manner: Manner) -> str:
    from kehou.render.programs import csv

    return csv.render(reports, manner.language)


def _docx(reports: Sequence[Report], manner: Manner) -> bytes:
    from kehou.render.office import docx

    return docx.render(reports, manner.language)


def _xlsx(reports: Sequence[Report], manner: Manner) -> bytes:
    from kehou.render.office import xlsx

    return xlsx.render(reports, manner.language)


#: Format → the function that renders all reports of one run as text.
FORMATS: dict[str, Callable[[Sequence[Report], Manner], str]] = {
    "text": _text,
    "json": _json,
    "html": _html,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "oscal": _oscal,
    "csv": _csv,
}

#: Formats that are no text; what they render goes to a file, never to a terminal.
BINARY: dict[str, Callable[[Sequence[Report], Manner], bytes]] = {
    "docx": _docx,
    "xlsx": _xlsx,
}

#: Every format.
ALL: dict[str, Callable[[Sequence[Report], Manner], str | bytes]] = {**FORMATS, **BINARY}
