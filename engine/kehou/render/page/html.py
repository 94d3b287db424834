"""One self-contained HTML page: no script, nothing fetched, everything escaped.

The only importer of Jinja2. Templates live in ``reports/``; every value goes through
``visible`` and then through autoescape.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from kehou import data
from kehou.model.outcomes import Owner
from kehou.model.places import unread_apart
from kehou.model.report import Report
from kehou.render.page import report_parts
from kehou.render.screen import changes
from kehou.render.words import catalogue, digest_told, gaps, statement
from kehou.render.words.digest import digest
from kehou.render.words.summary import groups, summarise
from kehou.render.words.visible_text import excerpt, visible
from kehou.render.words.wording import (
    Words,
    alike,
    asked,
    assumed,
    compact,
    concluded,
    dotted,
    engines_told,
    fault_told,
    further_reasons,
    located,
    shown_value,
    spoken,
    told_found,
    told_required,
    verdict,
)

#: Outcomes in the row of counts.
_COUNTED = (
    "fail",
    "review",
    "insufficient",
    "error",
    "waived",
    "not_judged",
    "not_applicable",
    "pass",
)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def render(reports: Sequence[Report], language: str | None = None, *, annex: bool = False) -> str:
    """The page of all reports, in ``language`` or the first's; ``annex`` unfolds the annex."""
    words = catalogue.of_reports(reports, language)
    title = words["page.title"]
    if len(reports) > 1:
        title = words["page.titles"].format(n=len(reports))
    values = {"reports": reports, "counted": _COUNTED, "annex": annex}
    return _page("report.html.j2", words, title, "check.css", values)


def page(
    template: str, words: Words, title: str, *, style: str = "report.css", **values: Any
) -> str:
    """A page of a template in ``reports/``, with its words, title and further values."""
    return _page(template, words, title, style, values)


def _page(template: str, words: Words, title: str, style: str, values: Mapping[str, Any]) -> str:
    environment = _environment()
    rendered = environment.get_template(template).render(
        w=words,
        page_title=title,
        css_hash=Markup(_css_hash(environment, style)),
        lang=_chinese if words["html_lang"] != "zh-CN" else _none,
        **values,
    )
    return rendered + "\n"


def _none(text: str) -> str:
    return ""


def _chinese(text: str) -> str:
    """The attribute that tells a screen reader that a text is Chinese in a page that is not."""
    return Markup(' lang="zh-CN"') if _CHINESE.search(text) else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalise,
    )
    environment.globals.update(
        alike=alike,
        areas_of=report_parts.areas_of,
        asked=asked,
        assumed=assumed,
        by_area=report_parts.by_area,
        changed=changes.lines,
        choices=report_parts.choices,
        compact=compact,
        concluded=concluded,
        dated_from=statement.dated_from,
        digest=digest,
        dotted=dotted,
        unread_apart=unread_apart,
        engines_told=engines_told,
        entries_told=digest_told.entries_told,
        rules_told=digest_told.rules_told,
        excerpt=excerpt,
        excuse=statement.excuse,
        fault_told=fault_told,
        foremost=statement.foremost,
        further_reasons=further_reasons,
        gaps=gaps,
        groups=groups,
        located=located,
        many=digest_told.many,
        number_of_area=report_parts.number_of_area,
        owners=tuple(Owner),
        papers_by=digest_told.papers_by,
        places_told=digest_told.places_told,
        record_told=statement.record_told,
        red_of=report_parts.red_of,
        shown_value=shown_value,
        spoken=spoken,
        summarise=summarise,
        titles=digest_told.titles,
        todo=digest_told.todo,
        told_found=told_found,
        told_required=told_required,
        under=digest_told.under,
        verdict=verdict,
        waived_of=digest_told.waived_of,
        waiver_notes=statement.waiver_notes,
    )
    return environment


def _source(name: str) -> str:
    return data.reports().joinpath(name).read_text(encoding="utf-8")


def _finalise(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, keep="\n")
    return value


def css_hash(name: str) -> str:
    """The Content-Security-Policy source of a further style sheet of a page."""
    return Markup(_css_hash(_environment(), name))


def style_hash(css: str) -> str:
    """The Content-Security-Policy source of a style sheet made for one page."""
    digest = hashlib.sha256(css.encode("utf-8")).digest()
    return Markup("sha256-" + base64.b64encode(digest).decode("ascii"))


def style(css: str) -> str:
    """A style sheet that we made, as it stands; never anything that was handed in."""
    return Markup(css)


def _css_hash(environment: Environment, name: str = "report.css") -> str:
    """The Content-Security-Policy source of the style sheet, the page's only active part."""
    return str(style_hash(environment.get_template(name).render()))
