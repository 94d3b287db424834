"""Submissions after reports of comparable tools (tests/data/reported), and their checks."""

from __future__ import annotations

import shutil
from pathlib import Path

import kehou
from kehou.model.report import Report
from kehou.model.values import Location

DATA = Path(__file__).parents[1] / "data" / "reported"


def checked(folder: Path) -> Report:
    """An inspection of a submission by one pack and one engine."""
    options = kehou.CheckOptions(
        stage=kehou.Stage.INSPECTION, on="2021-11-17", packs=("bayannur-2021",), engine="direct"
    )
    return kehou.check(folder, options)


def outcomes(report: Report) -> dict[str, str]:
    """What a report says of each rule."""
    return {result.rule: str(result.outcome) for result in report.results}


def read_as(report: Report) -> list[tuple[str, str, str]]:
    """(place, as written, as read) of what was read otherwise than it was written."""
    return [(_place(n.location), n.written, n.read) for n in report.submission.normalised]


def told(report: Report) -> list[tuple[str, str]]:
    """(place, what was found) of what could not be read."""
    return [(_place(f.location), f.found) for f in report.submission.faults]


def _place(location: Location) -> str:
    return f"{location.file}:{location.line or location.cell}"


def changed(case: str, target: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy of a case with texts of its files replaced: (file, old, new)."""
    folder = target / case
    shutil.copytree(DATA / case, folder)
    for name, old, new in edits:
        text = (folder / name).read_text("utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new), "utf-8")
    return folder
