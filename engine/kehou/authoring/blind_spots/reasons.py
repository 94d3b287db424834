"""Reads ``blind-spots.yaml``: changes that no rule need notice, each with its clause and reason.

An entry is one field and one kind of change, written out: there is no wildcard. Its clause is the
part of the policy that lets it be, or the words that no clause speaks of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from kehou.language import suggest
from kehou.language.yaml_places import Faults, Place, mapping, text
from kehou.packs import Pack
from kehou.readers import ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents

#: The file in the pack's folder, and its only key.
FILE: Final = "blind-spots.yaml"
KEY: Final = "blind_spots"
#: What stands for a clause where the policy says nothing of a field.
NO_CLAUSE: Final = "没有条款规定"
_KEYS: Final = ("field", "change", "clause", "reason")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a kind of change to a field need not be noticed; ``place`` is file:line."""

    field: str
    change: str
    clause: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons of a pack by (field, kind), and what is wrong with its file."""

    by_change: dict[tuple[str, str], Reason] = field(default_factory=dict)
    faults: tuple[tuple[str, str, str], ...] = ()


def read_reasons(pack: Pack) -> Reasons:
    """The reasons that a pack gives; none where it has no such file."""
    path = pack.root.joinpath(FILE)
    if not path.is_file():
        return Reasons()
    try:
        document = read(FILE, contents(path, MOST_OF_PACK, FILE))
    except ReadError as error:
        return Reasons(faults=((error.where or FILE, error.message, error.hint),))
    faults = Faults()
    at = Place(document, faults)
    entries = mapping(document.tree, at, (KEY,), (KEY,)).get(KEY) or []
    if not isinstance(entries, list):
        (at / KEY).fault(f"{KEY} 之下应当是一个列表")
        entries = []
    found: dict[tuple[str, str], Reason] = {}
    for i, entry in enumerate(entries):
        reason = _reason(pack, entry, at / KEY / i)
        key = (reason.field, reason.change)
        if key in found:
            (at / KEY / i).fault(f"{reason.field} 的“{reason.change}”写了两次")
        found.setdefault(key, reason)
    return Reasons(found, tuple(faults.placed()))


def _reason(pack: Pack, tree: Any, at: Place) -> Reason:
    d = mapping(tree, at, _KEYS, _KEYS)
    path, clause = text(d.get("field"), at / "field"), text(d.get("clause"), at / "clause")
    if path and pack.schema.field(path) is None:
        known = [field.path for field in pack.schema.walk()]
        (at / "field").fault(f"材料结构中没有 {path}", suggest(path, known))
    if clause and clause != NO_CLAUSE and clause not in pack.clauses:
        hint = f"写条款编号，或“{NO_CLAUSE}”"
        (at / "clause").fault(f"没有条款 {clause}", hint)
    span = at.document.span(at.pointer)
    place = f"{at.document.name}:{span.line if span else 1}"
    reason = text(d.get("reason"), at / "reason")
    return Reason(path, text(d.get("change"), at / "change"), clause, reason, place)
