"""The reports of an earlier run as the baseline of this one: each submission is held against its
own, by its id, or its name where one of the two has no id, or its path where nothing is known.

A file of several reports is read one at a time, and each is laid by itself, so that a worker
reads one; none is held.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kehou.batch.entry import Entry, RuleSeen
from kehou.batch.given_reports import SUBJECT, Given, given, report_files
from kehou.batch.round_file import Round, says
from kehou.batch.survey import Surveyed
from kehou.checking.report_files import FORMAT
from kehou.errors import UsageError
from kehou.model.clause_breaches import clause_breaches
from kehou.model.outcomes import Outcome, Severity, counted_as
from kehou.render import write_whole

_OTHER: Final = "请用同一环节的报告，或改 --stage"


@dataclass(frozen=True, slots=True)
class PastReport:
    """An earlier report: the file it was given in, the digest of that, and where it is alone."""

    file: str
    sha256: str
    place: str


@dataclass(frozen=True)
class PastReports:
    """Whose the earlier reports are; what several reports claim to be of counts for none.

    ``round`` is what they say together, ``digest`` changes with any of them, ``doubled`` names
    those of whom there were several.
    """

    round: Round
    digest: str
    by_key: Mapping[tuple[str, str], PastReport] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()

    def of(self, one: Surveyed) -> PastReport | None:
        """The earlier report of a submission."""
        keys = [("id", one.id)] if one.id else []
        if one.name:
            keys.append(("name", one.name) if one.id else ("any name", one.name))
        if not keys:
            keys.append(("path", one.path))
        return next((self.by_key[key] for key in keys if key in self.by_key), None)


def read_past_reports(path: str, folder: Path, stage: str) -> PastReports:
    """Read the reports of a file or a folder; those of a file of several are laid in ``folder``.

    Raises UsageError for what is no report, or is one of another ``stage``.
    """
    entries: list[Entry] = []
    dates: dict[str, None] = {}
    digests: dict[tuple[str, str], None] = {}
    claimed: dict[tuple[str, str], list[PastReport]] = {}
    for number, one in enumerate(given(report_files([path]))):
        if one.tree["stage"] != stage:
            raise UsageError("no-baseline", "以前的报告是另一个环节的，不能比较", one.file, _OTHER)
        asked_for = one.tree["check_date_from"] == "option"
        dates[(one.tree["check_date"] or "") if asked_for else ""] = None
        digests[(one.file, one.sha256)] = None
        entry = _entry(one)
        entries.append(entry)
        past = PastReport(one.file, one.sha256, _alone(one, folder, number))
        for key in _keys(entry):
            claimed.setdefault(key, []).append(past)
    several = [key for key, pasts in claimed.items() if len(pasts) > 1]
    return PastReports(
        Round(stage, next(iter(dates)) if len(dates) == 1 else "", tuple(entries)),
        "\n".join(f"{file}\0{digest}" for file, digest in digests),
        {key: pasts[0] for key, pasts in claimed.items() if len(pasts) == 1},
        tuple(dict.fromkeys(key for _, key in several)),
    )


def without_past(pasts: PastReports, seen: Sequence[Surveyed]) -> list[str]:
    """Those of whom there is no earlier report, in words."""
    return sorted(one.name or one.path for one in seen if pasts.of(one) is None)


def _keys(entry: Entry) -> Iterable[tuple[str, str]]:
    """By what a submission may find its earlier report."""
    if entry.id:
        yield "id", entry.id
    if entry.name:
        yield "any name", entry.name
    if entry.name and not entry.id:
        yield "name", entry.name
    if not entry.id and not entry.name:
        yield "path", entry.path


def _alone(one: Given, folder: Path, number: int) -> str:
    """A file with this report alone: its own, or one that is written for it."""
    if says(one.file) == FORMAT:
        return one.file
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{number}.json"
    write_whole(place, json.dumps(one.tree, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return str(place)


def _entry(one: Given) -> Entry:
    """What a comparison of rounds needs of a report."""
    tree, whose = one.tree, one.tree["submission"][SUBJECT]
    rules = [_rule(result) for result in tree["results"] if _counts(result)]
    rules += [
        RuleSeen(note["rule"], note["seen"], Severity.MINOR.value, "", Outcome.FAIL.value)
        for note in clause_breaches(tree["attestations"])
    ]
    return Entry(
        key="",
        path=tree["submission"]["path"],
        state="read" if tree["results"] else "unread",
        id=(whose["id"] or "").strip(),
        name=(whose["name"] or "").strip(),
        stage=tree["stage"],
        rules=tuple(rules),
    )


def _counts(result: Mapping[str, Any]) -> bool:
    left = (Outcome.NOT_APPLICABLE.value, Severity.ADVICE.value)
    return result["outcome"] not in left and result["severity"] not in left


def _rule(result: Mapping[str, Any]) -> RuleSeen:
    fails = [f for f in result["findings"] if f["outcome"] == Outcome.FAIL]
    read = bool(fails) and all(f.get("unconfirmed", False) for f in fails)
    outcome = counted_as(result["outcome"], read).value
    said = (result["rule"], result["title"], result["severity"], result["area"])
    return RuleSeen(*said, outcome, read=read)
