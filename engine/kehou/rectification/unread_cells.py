"""What could not be read, cell by cell, with the items of a notice that wait for it.

Cells that some item waits for together are one group: one paragraph, one reply row. That a rule
could not be judged is no fault of its own; what to write instead is told once, at the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.model.outcomes import Outcome
from kehou.model.places import in_letter

#: So many cells name a group.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Unread:
    """A group of cells: its name, and of each cell the place, label, what is seen and wanted."""

    paper: str
    cells: tuple[Mapping[str, str], ...]


def told(place: str) -> str:
    """A place as a letter says it: a cell of a workbook by its sheet, ``表.xlsx的“学校!B4”``."""
    file, mark, cell = place.partition("!")
    return f"{file}的“{cell}”" if mark else place


def unread_of(report: Mapping[str, Any]) -> dict[str, Unread]:
    """The group that each finding waits for which cannot be judged, by fingerprint."""
    faults = list(report.get("faults") or ())
    waiting: dict[str, list[int]] = {}
    for result in report["results"]:
        for finding in result["findings"]:
            if finding["outcome"] != Outcome.ERROR:
                continue
            own = [n for n, one in enumerate(faults) if _concerns(one, finding["missing"])]
            if own:
                waiting[finding["fingerprint"]] = own
    groups = _joined(list(waiting.values()), len(faults))
    made: dict[int, Unread] = {}
    for members in groups.values():
        cells = tuple(_cell(faults[n]) for n in members)
        names = list(dict.fromkeys(cell["place"] for cell in cells))
        more = f"等{len(names)}处" if len(names) > _NAMED else ""
        made |= dict.fromkeys(members, Unread("、".join(names[:_NAMED]) + more, cells))
    return {fingerprint: made[own[0]] for fingerprint, own in waiting.items()}


def _concerns(fault: Mapping[str, Any], missing: Sequence[str]) -> bool:
    """Whether a fault lies at, in or around what a finding could not read."""
    at = fault.get("path") or ""
    return bool(at) and any(
        path == at or path.startswith(f"{at}/") or at.startswith(f"{path}/") for path in missing
    )


def _joined(sets: Sequence[Sequence[int]], count: int) -> dict[int, list[int]]:
    """Faults that something waits for, those joined that some finding waits for together."""
    head = list(range(count))

    def find(n: int) -> int:
        while head[n] != n:
            n = head[n]
        return n

    for one in sets:
        for other in one[1:]:
            first, second = sorted((find(one[0]), find(other)))
            head[second] = first
    found: dict[int, list[int]] = {}
    for n in sorted({n for one in sets for n in one}):
        found.setdefault(find(n), []).append(n)
    return found


def _cell(fault: Mapping[str, Any]) -> dict[str, str]:
    place = fault["location"] or {}
    hidden = "█" in str(place.get("excerpt") or "")  # told by what it is made of, not as it is
    label = str(place.get("excerpt") or "").partition("：")[0] if place.get("cell") else ""
    return {
        "place": in_letter(place),
        "label": label,
        "found": str(fault["found"]) if hidden else f"“{fault['found']}”",
        "allowed": str(fault["allowed"] or ""),
        "hint": str(fault["hint"] or ""),
    }


def seen_and_wanted(cell: Mapping[str, str]) -> str:
    """A cell in a line: where, what is seen, what it should be."""
    label = f"（{cell['label']}）" if cell["label"] else ""
    line = f"{told(cell['place'])}{label}：所见{cell['found']}"
    if cell["allowed"]:
        line += f"，应为{cell['allowed']}"
    return f"{line}，{cell['hint']}" if cell["hint"] else line
