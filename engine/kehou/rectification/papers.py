"""What a notice says is missing, by the paper that it belongs in: one paragraph, one reply row.

Items keep their numbers and ids, by which a re-check finds each again; those of one paper follow
each other, so that a span of numbers names them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kehou.model.outcomes import Outcome, Owner

#: What is told of a paper of which nothing is there.
WHOLE = "整份"
#: What is told of a paper of which nothing was read from prose: it may stand there all the same.
NOT_READ = "没有从文字里读出"
#: The severities, gravest first.
SEVERITIES = ("critical", "major", "minor", "advice")


@dataclass(frozen=True, slots=True)
class Lack:
    """What a finding lacks of its submitter's: the paper, and labels in the order of the paper."""

    paper: str
    labels: tuple[str, ...]
    missing: tuple[str, ...]
    #: Whether something of somebody else is missing, too.
    others: bool
    #: What could not be read, where that is what is lacking.
    cells: tuple[Mapping[str, str], ...] = ()


#: A result, one of its findings, and what that lacks if it lacks something.
_Item = tuple[Mapping[str, Any], Mapping[str, Any], Lack | None]


def general(path: str) -> str:
    """A pointer without the numbers of rows."""
    return re.sub(r"/\d+(?=/|$)", "/*", path)


def lack_of(finding: Mapping[str, Any], report: Mapping[str, Any]) -> Lack:
    """What a finding lacks; of several papers that one which is missing whole."""
    wanted = {general(m["path"]): m for m in report["missing_evidence"]}
    own, others = [], False
    for path in finding["missing"]:
        known = wanted.get(general(path))
        if known is None and (outer := general(path).split("/")[1:2]):
            known = wanted.get(f"/{outer[0]}")
        if known is None or known.get("owner", Owner.SUBJECT) == Owner.SUBJECT:
            own.append((path, known))
        else:
            others = True
    known_own = [m for _, m in own if m is not None]
    whole = [m for m in known_own if m["path"].count("/") == 1]
    first = next(iter(whole or known_own), None)
    paper = ""
    if first is not None:
        paper = first.get("paper") or first["label"].partition("·")[0].strip()
    prose = bool(report["submission"].get("prose"))
    labels = tuple(dict.fromkeys(_label(m, prose) for m in known_own))
    return Lack(paper, labels, tuple(path for path, _ in own), others)


def _label(wanted: Mapping[str, Any], prose: bool) -> str:
    """What is missing; of prose what was read of it, for nobody can say that nothing stands there.

    Of a paper as a whole that is told as a part of it.
    """
    label, read = str(wanted["label"]), wanted.get("read")
    whole = wanted["path"].count("/") == 1
    told = f"从文字里读出{read}项，读出的以外不知道" if read else NOT_READ
    if read or (prose and whole):
        return f"{label}·{told}" if whole else f"{label}（{told}）"
    return label


def grouped(items: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Items of a notice, or rows of a closure table, those of one missing paper together."""
    for paper, group in groupby(items, key=lambda item: item.get("paper", "")):
        if paper:
            yield list(group)
        else:
            yield from ([one] for one in group)


def sorted_items(
    found: Sequence[_Item],
    areas: Sequence[str],
) -> list[_Item]:
    """What is wrong area by area, what could not be read, what is in doubt, what is missing.

    The gravest first within each; what could not be read is told cell by cell, what is missing
    paper by paper.
    """

    def gravity(one: _Item) -> int:
        return SEVERITIES.index(one[0]["severity"])

    wrong = [one for one in found if one[2] is None]
    wrong.sort(key=lambda one: (areas.index(one[0]["area"]), gravity(one)))
    broken = [one for one in wrong if one[1]["outcome"] != Outcome.REVIEW]
    doubtful = [one for one in wrong if one[1]["outcome"] == Outcome.REVIEW]
    unread = _by_paper([one for one in found if one[2] is not None and one[2].cells], areas)
    lacking = _by_paper([one for one in found if one[2] is not None and not one[2].cells], areas)
    return [*broken, *unread, *doubtful, *lacking]


def _by_paper(lacking: list[_Item], areas: Sequence[str]) -> list[_Item]:
    """Items paper by paper, the gravest and fullest first."""

    def gravity(one: _Item) -> int:
        return SEVERITIES.index(one[0]["severity"])

    worst: dict[str, tuple[int, int]] = {}
    for one in lacking:
        assert one[2] is not None
        g, n = worst.get(one[2].paper, (len(SEVERITIES), 0))
        worst[one[2].paper] = (min(g, gravity(one)), n - 1)
    lacking.sort(
        key=lambda one: (
            *worst[one[2].paper if one[2] else ""],
            one[2].paper if one[2] else "",
            gravity(one),
            areas.index(one[0]["area"]),
        )
    )
    return lacking


def is_lacking(finding: Mapping[str, Any]) -> bool:
    """Whether a finding is of something missing."""
    return bool(finding["outcome"] == Outcome.INSUFFICIENT and finding["missing"])


def span(items: Sequence[Mapping[str, Any]]) -> str:
    """The numbers of items that follow each other: 3, or 3—12."""
    first, last = items[0]["number"], items[-1]["number"]
    return str(first) if first == last else f"{first}—{last}"


def labels_told(
    items: Sequence[Mapping[str, Any]], every: Sequence[Mapping[str, Any]] = (), most: int = 0
) -> str:
    """What the items of a paper lack, each once, by its parts; what stands elsewhere last.

    Of a paper that is missing whole that alone is told of it. With ``every`` item of the notice
    each label is told under its own paper, where that is one of the notice's. Of more than
    ``most`` in a part, where that is given, the others are counted.
    """
    paper = items[0]["paper"]
    papers = {item.get("paper") for item in every} - {paper}
    labels = {label: None for item in items for label in item.get("lacks", ())}
    labels |= {
        label: None for item in every for label in item.get("lacks", ()) if _in(label, paper)
    }
    own: dict[str, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    for label in labels:
        steps = [step.strip() for step in label.split("·")]
        inside = steps[0] == paper
        if steps[0] in papers:
            continue
        part = "·".join(steps[1:-1] if inside else steps[:-1])
        (own if inside else others).setdefault(part, {}).setdefault(steps[-1])
    if paper in labels:
        own = {"": {WHOLE: None}}
    told = []
    for groups in (own, others):
        for part, names in sorted(groups.items(), key=lambda group: group[0] != ""):
            shown = "、".join(list(names)[: most or None])
            more = f"等{len(names)}栏" if most and len(names) > most else ""
            told.append((f"{part}：" if part else "") + shown + more)
    return "；".join(told)


def _in(label: str, paper: str) -> bool:
    return label.split("·")[0].strip() == paper
