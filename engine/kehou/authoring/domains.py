"""What the fields of a subject can be at all, so that impossible conditions can be told.

A conjunction of `leaf_sets` may be free of contradiction and yet never hold: a count below
zero, an enumeration that is none of its values, 无 in a field that cannot be 无.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kehou.authoring.equivalence import plainly
from kehou.fields import Field
from kehou.language import ROOT
from kehou.language.conditions import FieldArg, Leaf
from kehou.language.derivations import FIRST_DATE, FUNCTIONS, LAST_DATE
from kehou.language.dnf import Conjunction, Dnf, Literal, consistent
from kehou.language.leaf_sets import SCALE
from kehou.model.rules import Const
from kehou.packs import Pack

#: How two values may stand to each other, by the comparison that holds.
_RELATIONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_MIRROR = {"<": ">", ">": "<", "=": "="}
_SCALED = ("lo-", "lo+", "hi-", "hi+")


class Domains:
    """What the fields that rules on one entity read can be."""

    def __init__(self, pack: Pack, entity: str) -> None:
        self.pack = pack
        self.entity = entity

    def possible(self, dnf: Iterable[Conjunction]) -> Dnf:
        """The conjunctions that some subject can meet."""
        return tuple(c for c in dnf if self._holds_somewhere(c))

    def _holds_somewhere(self, conjunction: Conjunction) -> bool:
        literals: set[Literal] = set()
        relations: dict[tuple[Any, Any], set[str]] = {}
        members: dict[str, _Members] = {}
        for literal in conjunction:
            kind = literal[0]
            if kind == "absent" and not self.may_be_absent(literal[1]):
                return False
            if kind == "pre":
                literals.add(("pre", plainly(("pre", literal[1], 0)), literal[2]))
                _note_members(members, literal[1], literal[2])
            elif kind == "field":
                _relate(relations, *literal[1:])
            elif kind in _RELATIONS:
                literals.add(_discrete(literal))
                literals |= {*self._ends(literal[1]), *_other_end(literal)}
            else:
                literals.add(literal)
        if not _ordered(relations) or not consistent(frozenset(literals)):
            return False
        if not all(one.possible() for one in members.values()):
            return False
        return self._some_value(literals)

    def _ends(self, attribute: tuple[str, str]) -> set[Literal]:
        """The least and the greatest value of a field as literals."""
        low, high = self.ends(attribute[0])
        if attribute[1] in _SCALED:
            low, high = (None if end is None else end * SCALE for end in (low, high))
        found: set[Literal] = set()
        if low is not None:
            found.add(("ge", attribute, low))
        if high is not None:
            found.add(("le", attribute, high))
        return found

    def _some_value(self, literals: set[Literal]) -> bool:
        """Whether every field with a closed set of values has one left."""
        by_attribute: dict[tuple[str, str], list[Literal]] = {}
        for literal in literals:
            if literal[0] in _RELATIONS and literal[1][1] == "":
                by_attribute.setdefault(literal[1], []).append(literal)
        for attribute, found in by_attribute.items():
            values = self._values(attribute[0])
            if values is not None and not any(
                consistent(frozenset({*found, ("eq", attribute, value)})) for value in values
            ):
                return False
        return True

    # --- one field -----------------------------------------------------------------------------

    def _values(self, name: str) -> tuple[Any, ...] | None:
        if name.startswith("param:"):
            return None
        return self.pack.type_of(self.entity, name)[0].domain

    def ends(self, name: str) -> tuple[Any, Any]:
        """(least, greatest) value of a field; None where there is no limit."""
        if name.startswith("param:"):
            return None, None
        derivation = self.pack.derivations.get(self._holder(name))
        if derivation is not None:
            return FUNCTIONS[derivation.fn].least, None
        kind = self.pack.type_of(self.entity, name)[0].kind
        if kind == "time":
            return 0, 1439
        if kind == "date":
            return FIRST_DATE, LAST_DATE
        field = self.pack.field_of(self.entity, name)
        if field is None or kind not in ("integer", "money", "decimal"):
            return None, None
        unit = 100 if kind == "money" else 1
        ends = (field.minimum, field.maximum)
        return tuple(None if end is None else end * unit for end in ends)  # type: ignore[return-value]

    def _holder(self, name: str) -> tuple[str, str]:
        root = self.entity == ROOT or self.pack.is_root(name)
        return (ROOT if root else self.entity, name.removeprefix("submission."))

    def may_be_absent(self, name: str) -> bool:
        """Whether a field can be stated to be none, or be derived from what is none."""
        if name.startswith(("param:", "check.")):
            return False
        owner, own = self._holder(name)
        derivation = self.pack.derivations.get((owner, own))
        if derivation is not None:
            return FUNCTIONS[derivation.fn].absent
        if owner == ROOT:
            return any(f.absent or f.blank_absent for f in _above(self.pack.schema.root, own))
        definition = self.pack.entities[owner]
        if definition.form == "group":
            return False
        if definition.form == "pairs":
            return True
        names = [own[: i + 1] for i in range(len(own)) if own[i + 1 : i + 2] in (".", "")]
        fields = self.pack.vocabulary.own_fields(owner)
        if own not in fields:
            return True
        if any(f.absent or f.blank_absent for f in (fields[n] for n in names if n in fields)):
            return True
        copied = dict(definition.copy).get(own) or dict(definition.over).get(own)
        if copied is not None:
            return Domains(self.pack, definition.of).may_be_absent(copied)
        return False


def _above(root: Field, path: str) -> list[Field]:
    """The fields on the way to a dotted path, itself included."""
    found: list[Field] = []
    at: Field | None = root
    for name in path.split("."):
        at = at.fields.get(name) if at is not None else None
        if at is not None:
            found.append(at)
    return found


def _discrete(literal: Literal) -> Literal:
    """``more than 5`` as ``at least 6`` where values are whole, so that gaps are seen."""
    kind, attribute, value = literal
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or attribute[1] in _SCALED or kind not in ("gt", "lt"):
        return literal
    return ("ge", attribute, value + 1) if kind == "gt" else ("le", attribute, value - 1)


#: The other ends of an interval that cannot lie before one, or after one.
_ENDS_AFTER = {"lo": ("hi",), "lo-": ("hi-", "hi+"), "lo+": ("hi+",)}
_ENDS_BEFORE = {"hi": ("lo",), "hi-": ("lo-",), "hi+": ("lo-", "lo+")}


def _other_end(literal: Literal) -> Iterator[Literal]:
    """What a limit of one end of an interval says of the other: it is not past it."""
    kind, (name, part), value = literal
    others = _ENDS_AFTER if kind in ("ge", "gt") else _ENDS_BEFORE if kind in ("le", "lt") else {}
    for other in others.get(part, ()):
        yield kind, (name, other), value


@dataclass(slots=True)
class _Members:
    """What is said of the members of one list."""

    held: set[Any] = field(default_factory=set)
    lacked: set[Any] = field(default_factory=set)
    some: list[set[Any]] = field(default_factory=list)

    def possible(self) -> bool:
        """Whether a list can have and lack them so."""
        return not self.held & self.lacked and all(one - self.lacked for one in self.some)


def _note_members(found: dict[str, _Members], leaf: Any, verdict: int) -> None:
    """Keep what a test of a list's members with a verdict (1 holds, 0 does not) says of them."""
    listed = isinstance(leaf, Leaf) and isinstance(leaf.left, FieldArg)
    if not listed or not isinstance(leaf.right, Const) or not isinstance(leaf.right.value, tuple):
        return
    one = found.setdefault(leaf.left.name, _Members())
    named = set(leaf.right.value)
    if (leaf.op, verdict) == ("contains_all", 1):
        one.held |= named
    elif (leaf.op, verdict) == ("contains_any", 1):
        one.some.append(named)
    elif (leaf.op, verdict) in (("contains_none", 1), ("contains_any", 0)):
        one.lacked |= named


def _relate(relations: dict[tuple[Any, Any], set[str]], comparison: str, a: Any, b: Any) -> None:
    """Keep what two fields may still be to each other."""
    allowed = set(_RELATIONS[comparison])
    if b < a:
        a, b = b, a
        allowed = {_MIRROR[relation] for relation in allowed}
    relations[a, b] = relations.get((a, b), set("<=>")) & allowed


def _ordered(relations: Mapping[tuple[Any, Any], set[str]]) -> bool:
    """Whether fields can stand to each other as said: none is less than itself.

    The ends of one interval are in order whatever is said of them.
    """
    if not all(relations.values()):
        return False
    nodes = {node for pair in relations for node in pair}
    less: dict[tuple[Any, Any], bool] = {}  # (a, b): a is at most b, and whether strictly
    for (a, b), allowed in relations.items():
        for x, y, greater in ((a, b, ">"), (b, a, "<")):
            if greater not in allowed:
                less[x, y] = "=" not in allowed
    for name, part in nodes:
        if part == "lo" and (name, "hi") in nodes:
            less.setdefault(((name, "lo"), (name, "hi")), False)
    for middle, a, b in itertools.product(nodes, repeat=3):
        if (a, middle) in less and (middle, b) in less:
            strict = less[a, middle] or less[middle, b]
            less[a, b] = less.get((a, b), False) or strict
    return not any(less.get((node, node)) for node in nodes)
