"""Whose it is to add what a finding lacks, and the words for it (docs/language.md §2.14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehou.facts import FactBase
from kehou.judging import BoundRule
from kehou.language.conditions import bound_fields
from kehou.model.outcomes import Outcome, Owner
from kehou.model.values import ABSENT, at_pointer

if TYPE_CHECKING:
    from kehou.checking.findings import Writer

_REMEDIES = {
    Outcome.INSUFFICIENT: ("补充填写所缺的内容", "supply what is missing"),
    Outcome.ERROR: ("改正填写有误的内容后重新核查", "correct what could not be read, check again"),
    Outcome.REVIEW: ("由核查人员对照原件或现场情况判断", "a person judges, on site or on papers"),
    Outcome.NOT_JUDGED: (
        "由主管部门设定或提供后再核查",
        "the {authority} sets or supplies it first",
    ),
}
_SUPPLY_OR_NONE = (
    "补充填写所缺的内容；确实没有的，写“无”",
    "supply what is missing; write “无” where there is none",
)
_SAY_WHAT = (
    "写作“无”，但要有内容才能判定：请写明实际内容",
    "“无” stands there, but this cannot be decided without it: write what it is",
)
_TO_BE_SEEN = ("由检查人员到现场查看后记录", "an inspector looks on site and records it")
#: Paths that a message names at most; more than so few are told without their row numbers.
_MOST, _FEW = 20, 3
_INDEX = re.compile(r"/\d+(?=/|$)")


def owner_of(
    writer: Writer,
    rule: BoundRule,
    outcome: Outcome,
    reviews: Sequence[int],
    paths: Sequence[str],
) -> Owner | None:
    """Whose gap a finding is; None where nothing is missing.

    ``reviews`` number those that are true: one that asks only whose copy a record is, is for the
    authority, which has the original.
    """
    if outcome is Outcome.REVIEW:
        asked = [bound_fields(rule.reviews[i].when) for i in reviews]
        names = [field.name for fields in asked for field in fields]
        copies = bool(names) and all(_says_giver(writer, name) for name in names)
        return Owner.AUTHORITY if copies else None
    if outcome not in (Outcome.INSUFFICIENT, Outcome.NOT_JUDGED, Outcome.ERROR):
        return None
    owners = {writer.base.owner(path) for path in paths}
    if outcome is Outcome.ERROR and not owners:
        return None
    if outcome is Outcome.INSUFFICIENT or Owner.SUBJECT in owners:
        return Owner.SUBJECT
    return Owner.VISIT if owners == {Owner.VISIT} else Owner.AUTHORITY


def remedy_of(
    writer: Writer, rule: BoundRule, outcome: Outcome, breach: str, paths: Sequence[str]
) -> str:
    """What to do: the rule's remedy for a breach, else what would let it be decided."""
    if outcome is Outcome.FAIL or (outcome is Outcome.REVIEW and rule.rule.require is None):
        return breach
    words = _REMEDIES.get(outcome)
    if outcome is Outcome.INSUFFICIENT:
        open_paths = [path for path in paths if not stated_none(writer, path)]
        if any(_may_be_none(writer, path) for path in open_paths):
            words = _SUPPLY_OR_NONE
        elif paths and not open_paths:
            words = _SAY_WHAT
    if outcome is Outcome.NOT_JUDGED and not rule.unset and to_be_seen(writer, paths):
        words = _TO_BE_SEEN
    if words is None:
        return ""
    return words[writer.language == "en"].format_map(writer.pack.nouns[writer.language])


def _may_be_none(writer: Writer, path: str) -> bool:
    field = writer.pack.schema.at(path)
    return field is not None and field.absent


def stated_none(writer: Writer, path: str) -> bool:
    """Whether it is stated that there is none, where a rule wants to know more."""
    return at_pointer(writer.base.tree, path) is ABSENT


def _says_giver(writer: Writer, name: str) -> bool:
    field = writer.pack.schema.field(name)
    return field is not None and bool(field.giver)


def rows_read(base: FactBase, path: str) -> int | None:
    """How many rows of a list a program read from prose; None where it was not handed in so."""
    if path not in base.open_lists:
        return None
    found = at_pointer(base.tree, path)
    return len(found) if isinstance(found, (list, tuple)) else 0


def to_be_seen(writer: Writer, paths: Sequence[str]) -> bool:
    """Whether something is missing that a visit alone can tell."""
    return any(writer.base.owner(path) is Owner.VISIT for path in paths)


def lacking(writer: Writer, paths: Sequence[str]) -> str:
    """What is missing, grouped by whose it is to add, in one sentence."""
    english, nouns = writer.language == "en", writer.pack.nouns[writer.language]
    comma = ", " if english else "、"
    found: dict[Owner, dict[str, None]] = {}
    unread = [path for path in paths if path in writer.base.open_lists]
    for path, label in zip(paths, labels_of(writer, paths), strict=False):
        if path in unread:
            continue
        found.setdefault(writer.base.owner(path), {}).setdefault(label)
    told = []
    for whose in (owner for owner in Owner if owner in found):
        heading = nouns[f"gap_{whose}"]
        if whose is Owner.SUBJECT and all(stated_none(writer, path) for path in paths):
            heading = "stated to be “无”, too little to decide" if english else "写作“无”，判定不了"
        elif whose is Owner.SUBJECT:
            heading = "not supplied" if english else "未提供"
        told.append(f"{heading}{': ' if english else '：'}{comma.join(found[whose])}")
    if unread:
        heading = (
            "whether there are more than were read" if english else "读出的以外还有没有，不知道"
        )
        labels = comma.join(dict.fromkeys(labels_of(writer, unread)))
        told.append(f"{heading}{': ' if english else '：'}{labels}")
    return ("; " if english else "；").join(told)


def labels_of(writer: Writer, paths: Sequence[str]) -> list[str]:
    """What each of the first paths is called; what was not loaded by its part."""
    return [_label(writer, path, len(paths) > _FEW) for path in paths[:_MOST]]


def _label(writer: Writer, path: str, general: bool) -> str:
    unloaded = to_load(writer, path)
    return unloaded or writer.path_label(_INDEX.sub("/*", path) if general else path)


def to_load(writer: Writer, path: str) -> str:
    """What the part is called that a missing value belongs to, where it was not loaded."""
    name = part_to_load(writer, path)
    return writer.titled(writer.pack.schema.root.fields[name]) if name else ""


def part_to_load(writer: Writer, path: str) -> str:
    """The table or record that a missing value belongs to, if it is not the submitter's to give
    and nobody gave it; else "".
    """
    name = path.split("/")[1] if "/" in path else ""
    part = writer.pack.schema.root.fields.get(name)
    if part is None or not (part.bureau or part.record) or name in writer.base.tree:
        return ""
    return "" if writer.base.owner(f"/{name}") is Owner.SUBJECT else name
