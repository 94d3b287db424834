"""What stands in a waivers.yaml: in force or not, used or not, too broad; and the file without
what no longer serves.

Whether a waiver is used is told from JSON reports, never guessed: without a report nothing is
called unused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kehou.errors import UsageError
from kehou.model import Rule
from kehou.readers import Document, read_path
from kehou.waivers import EVERYTHING, SHORT, Waiver, load

REPORT = "kehou-report/1"


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver as it stands on a date.

    ``state`` is in_force, expired or not_yet, or open where no date is given; ``days_left`` counts
    the last day; ``used`` is None where no report was given.
    """

    waiver: Waiver
    title: str
    state: str
    days_left: int | None
    used: bool | None

    @property
    def serves(self) -> bool:
        """Whether there is reason to keep it."""
        return self.state != "expired" and self.used is not False


def standings(
    path: str, rules: Mapping[str, Rule], on: str | None, reports: Sequence[str]
) -> list[Standing]:
    """Every waiver of a file, in its order; raises as ``waivers.load``."""
    trees = [tree for report in reports for tree in _reports(report)]
    return [
        Standing(
            waiver,
            rules[waiver.rule].title,
            _state(waiver, on),
            _days(on, waiver.until) if on else None,
            any(_is_used(waiver, tree) for tree in trees) if reports else None,
        )
        for waiver in load(path, rules)
    ]


def remarks(found: Sequence[Standing]) -> Iterator[tuple[str, str, str]]:
    """(place, what is amiss, what to do) of waivers that load and still should be looked at."""
    seen: dict[tuple[str, ...], str] = {}
    for one in found:
        waiver = one.waiver
        if one.state == "expired":
            yield waiver.place, f"{waiver.rule} 的豁免 {waiver.until} 已到期", "请重新批准，或删去"
        if one.used is False:
            yield waiver.place, f"{waiver.rule} 的豁免在这些报告中没有用到", "请核对对象，或删去"
        if waiver.subject == EVERYTHING:
            yield waiver.place, f"{waiver.rule} 的豁免涵盖所有对象（*）", "请改为写明对象"
        if not waiver.school:
            yield waiver.place, f"{waiver.rule} 的豁免没有写学校，对每所学校都起作用", "请写 school"
        key = (waiver.school, waiver.rule, waiver.subject, str(waiver.outcome), *waiver.members)
        if key in seen:
            yield waiver.place, f"与 {seen[key]} 的豁免重复", "请删去一项"
        seen[key] = waiver.place


def pruned(path: str, rules: Mapping[str, Rule], drop: Collection[str]) -> str:
    """The text of a file without the waivers at the places ``drop``; comments stay.

    Raises UsageError where entries share a line, so that no line can be taken out alone.
    """
    document = read_path(Path(path))
    waivers = load(path, rules)
    keep = [waiver for waiver in waivers if waiver.place not in drop]
    lines = Path(path).read_text("utf-8-sig").splitlines(keepends=True)
    starts = [_start(document, i, lines) for i in range(len(waivers))]
    if len(set(starts)) < len(starts) or any(not _DASH.match(lines[s]) for s in starts):
        raise UsageError(
            "waivers-flow", "几项豁免写在同一行，不能逐行删去", path,
            "请把每项豁免写成以“- ”开头的一段，再试",
        )  # fmt: skip
    taken: set[int] = set()
    for i, waiver in enumerate(waivers):
        if waiver.place in drop:
            end = starts[i + 1] if i + 1 < len(starts) else len(lines)
            taken.update(range(starts[i], _end(lines, starts[i], end)))
    left = [line for n, line in enumerate(lines) if n not in taken]
    if not keep:
        left = [re.sub(r"^waivers:\s*(#.*)?$", "waivers: []", line.rstrip("\n")) + "\n"
                for line in left]  # fmt: skip
    return "".join(left)


_DASH = re.compile(r"\s*-\s")


def _start(document: Document, number: int, lines: Sequence[str]) -> int:
    """The line, from 0, on which an entry begins with its dash."""
    span = document.span(f"/waivers/{number}")
    assert span is not None, "it was read from there"
    line = span.line - 1
    while line > 0 and not _DASH.match(lines[line]):
        line -= 1
    return line


def _end(lines: Sequence[str], start: int, end: int) -> int:
    """The line after an entry; comments and blank lines before the next entry are not its own."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip()[0] == "#"):
        end -= 1
    return end


# --- reports -------------------------------------------------------------------------------


def _reports(path: str) -> list[Mapping[str, Any]]:
    try:
        tree = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(
            "no-report", f"读不出报告 {path}", hint="请用 kehou check … -o json=文件 生成的报告"
        ) from error
    found = tree.get("reports", [tree]) if isinstance(tree, dict) else []
    reports: list[Mapping[str, Any]] = [
        one for one in found if isinstance(one, dict) and one.get("format") == REPORT
    ]
    if not reports:
        raise UsageError(
            "no-report", f"{path} 不是 kehou 的 JSON 报告",
            hint="请用 kehou check … -o json=文件 生成的报告",
        )  # fmt: skip
    return reports


def _is_used(waiver: Waiver, tree: Mapping[str, Any]) -> bool:
    school = tree["submission"]["school"]
    if not waiver.is_of({name for name in (school["id"], school["name"]) if name}):
        return False
    return any(
        _names(waiver, finding)
        for result in tree["results"]
        if result["rule"] == waiver.rule
        for finding in result["findings"]
        if finding["outcome"] in (waiver.outcome, "waived")
    )


def _names(waiver: Waiver, finding: Mapping[str, Any]) -> bool:
    if waiver.subject == EVERYTHING:
        return True
    own = set(finding["members"] or [finding["fingerprint"][:SHORT]])
    if waiver.members:
        return own <= {one[:SHORT] for one in waiver.members}
    subject = finding["subject"]
    named = (subject["key"] or "/", subject["pointer"], finding["fingerprint"])
    return len(own) == 1 and waiver.subject in named


# --- dates ---------------------------------------------------------------------------------


def _state(waiver: Waiver, on: str | None) -> str:
    if on is None:
        return "open"
    if waiver.is_in_force(on):
        return "in_force"
    return "expired" if on > waiver.until else "not_yet"


def _days(on: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(on)).days + 1


__all__ = ["Standing", "pruned", "remarks", "standings"]
