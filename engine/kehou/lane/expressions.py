"""Conditions as Python expressions over typed records: what certainly makes them true or false.

An expression is *sound*: where it holds, the direct engine comes to the same truth value; it is
*exact* where it also fails wherever the engine does not. What it cannot say is left to the direct
engine's own closures, so nothing here has to cover every operator. Values of fields are never part
of an expression, nor are words of a pack: constants are bound under numbered names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from kehou.fields import ABSENT_WORDS
from kehou.lane.records import Column, is_plain, meaning_of
from kehou.language import Bound, FieldArg, Leaf, Table
from kehou.language.conditions import Truth, bound_fields, evaluate
from kehou.language.operators import verdict
from kehou.model.rules import All, Any_, Const, Not

#: A field with more values than this is compared, not looked up.
_MOST_LISTED: Final = 1500
_COMPARED: Final = {"at_most": "<=", "less_than": "<", "at_least": ">=", "more_than": ">"}
_SAME: Final = {"is": "==", "is_not": "!="}
_OPPOSITE: Final = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}
_CLASSES: Final = {
    **dict.fromkeys(("integer", "money"), "int"),
    **dict.fromkeys(("time", "date", "month"), "str"),
}


class Quick(NamedTuple):
    """An expression of Python, and whether it is exact."""

    text: str
    exact: bool = True


YES, NO, NEVER_SURE = Quick("True"), Quick("False"), Quick("False", False)


class Names:
    """Constants by the names that generated code knows them by."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def of(self, value: Any) -> str:
        """The name of a constant."""
        for name, known in self.bound.items():
            if type(known) is type(value) and known == value:
                return name
        return self.alone(value)

    def alone(self, value: Any) -> str:
        """A name of its own, for what is equal to something else and not the same."""
        name = f"K{len(self.bound)}"
        self.bound[name] = value
        return name


class Operand(NamedTuple):
    """A field that a condition reads: its text in the code, and its column if it is handed in."""

    text: str
    kind: str
    column: Column | None = None


#: What stands for a field.
Where = Callable[[FieldArg], Operand]
#: What some fields are known to be, by name.
Known = Mapping[str, Any]


class Writer:
    """Writes expressions; ``where`` tells how a field is read."""

    def __init__(self, names: Names, where: Where) -> None:
        self._names = names
        self._where = where

    def holds(self, cond: Bound | None, wanted: bool, known: Known | None = None) -> Quick:
        """Whether a condition certainly is ``wanted``, where some fields are ``known``."""
        known = known or {}
        if cond is None:
            return YES if wanted else NO
        if isinstance(cond, Truth):
            return YES if cond.value is wanted else NO
        listed = self._listed(cond, wanted, known)
        if listed is not None:
            return listed
        if isinstance(cond, Not):
            return self.holds(cond.item, not wanted, known)
        if isinstance(cond, Leaf):
            return self._leaf(cond, wanted)
        if isinstance(cond, All) is wanted:
            return self.all_hold([(item, wanted) for item in cond.items], known)
        return _joined("or", [self.holds(item, wanted, known) for item in cond.items])

    def all_hold(self, parts: Sequence[tuple[Bound, bool]], known: Known | None = None) -> Quick:
        """Whether several conditions certainly are what is wanted of each.

        Those on one field that lists its values become one set of the values that suit all.
        """
        known = known or {}
        flat = [one for cond, wanted in parts for one in _flat(cond, wanted)]
        sets: dict[str, tuple[Operand, frozenset[Any]]] = {}
        others: list[Quick] = []
        for cond, wanted in flat:
            only = self._only(cond, known)
            if only is None:
                others.append(self.holds(cond, wanted, known))
                continue
            operand, suits = self._values(cond, wanted, known, only)
            kept = sets.get(operand.text, (operand, suits))[1]
            sets[operand.text] = operand, kept & suits
        tests = [self._among(operand, suits) for operand, suits in sets.values()]
        return _joined("and", [*tests, *dict.fromkeys(others)])

    # --- fields that list their values -------------------------------------------------------

    def _listed(self, cond: Bound, wanted: bool, known: Known) -> Quick | None:
        if all(field.name in known for field in bound_fields(cond)):
            return YES if evaluate(cond, known, known) is wanted else NO
        only = self._only(cond, known)
        if only is None:
            return None
        return self._among(*self._values(cond, wanted, known, only))

    def _only(self, cond: Bound, known: Known) -> FieldArg | None:
        """The one field that a condition reads, where it lists its values; tables may be unset."""
        fields = [field for field in bound_fields(cond) if field.name not in known]
        if len(fields) != 1 or _has_table(cond):
            return None
        column = self._where(fields[0]).column
        if column is None or column.meaning is None or len(column.meaning) > _MOST_LISTED:
            return None
        return fields[0]

    def _values(
        self, cond: Bound, wanted: bool, known: Known, only: FieldArg
    ) -> tuple[Operand, frozenset[Any]]:
        operand = self._where(only)
        assert operand.column is not None and operand.column.meaning is not None
        told: dict[Any, bool] = {}
        suits = set()
        for written, value in (*operand.column.meaning.items(), (None, None), (UNSET, None)):
            if value not in told:
                values = {**known, only.name: value}
                told[value] = evaluate(cond, values, values) is wanted
            if told[value]:
                suits.add(written)
        return operand, frozenset(suits)

    def _among(self, operand: Operand, suits: frozenset[Any]) -> Quick:
        assert operand.column is not None and operand.column.meaning is not None
        if not suits:
            return NO
        if len(suits) == len(operand.column.meaning) + 2:
            return YES
        if suits in ({True}, {False}):
            return Quick(f"{operand.text} is {next(iter(suits))}")
        if len(suits) == 1:
            return Quick(f"{operand.text} == {self._names.of(next(iter(suits)))}")
        return Quick(f"{operand.text} in {self._names.of(suits)}")

    # --- other fields ------------------------------------------------------------------------

    def _leaf(self, leaf: Leaf, wanted: bool) -> Quick:
        left, right = leaf.left, leaf.right
        if not isinstance(left, FieldArg) or left.closed:
            return NEVER_SURE
        mine = self._where(left)
        if isinstance(right, FieldArg):
            return NEVER_SURE if right.closed else self._both(leaf.op, mine, right, wanted)
        if not isinstance(right, Const) or right.value is None:
            return NEVER_SURE
        if leaf.op == "exists":
            return self._exists(mine) if bool(right.value) is wanted else Quick("False", False)
        if mine.kind == "list":
            return self._of_list(leaf.op, mine, right.value, wanted)
        if mine.kind == "text":
            return self._of_text(leaf.op, mine, right.value, wanted)
        return self._compared(leaf.op, mine, right.value, wanted)

    def _exists(self, mine: Operand) -> Quick:
        """Whether something is supplied; a text may say that there is none."""
        if mine.kind == "list":
            return Quick(f"(type({mine.text}) is list and {mine.text} != [])", False)
        if mine.kind not in ("text", "enum", "boolean", "time") and not _may_be_none(mine):
            return Quick(f"type({mine.text}) is {_CLASSES[mine.kind]}", False)
        if mine.kind != "text":
            return NEVER_SURE
        own = mine.column.field.absent_words if mine.column is not None else frozenset()
        none = self._names.of(ABSENT_WORDS | own)
        plain = f"type({mine.text}) is str and {mine.text}.isalnum()"
        return Quick(f"({plain} and {mine.text} not in {none})", False)

    def _both(self, op: str, mine: Operand, right: FieldArg, wanted: bool) -> Quick:
        theirs = self._where(right)
        sign = {**_COMPARED, **_SAME}.get(op)
        kind = _CLASSES.get(mine.kind)
        if sign is None or kind is None or mine.kind != theirs.kind:
            return NEVER_SURE
        if _may_be_none(mine) or _may_be_none(theirs):
            return NEVER_SURE
        sign = sign if wanted else _OPPOSITE[sign]
        known = f"type({mine.text}) is {kind} and type({theirs.text}) is {kind}"
        return Quick(f"({known} and {mine.text} {sign} {theirs.text})", mine.column is not None)

    def _compared(self, op: str, mine: Operand, constant: Any, wanted: bool) -> Quick:
        """A number or a day against a constant."""
        sign = {**_COMPARED, **_SAME}.get(op)
        kind = _CLASSES.get(mine.kind)
        if sign is None or kind is None or mine.kind == "time" or _may_be_none(mine):
            return NEVER_SURE
        sign = sign if wanted else _OPPOSITE[sign]
        scaled = f"{mine.text} * 100" if mine.kind == "money" else mine.text
        name = self._names.of(constant)
        known = f"type({mine.text}) is {kind}"
        return Quick(f"({known} and {scaled} {sign} {name})", mine.column is not None)

    def _of_text(self, op: str, mine: Operand, constant: Any, wanted: bool) -> Quick:
        """A text that is one of some; of another text the reader has to tell what it says."""
        field = mine.column.field if mine.column is not None else None
        if field is None or op not in ("is", "is_not", "in", "not_in"):
            return NEVER_SURE
        words = constant if op in ("in", "not_in") else (constant,)
        same = verdict(op, words[0], constant) if words else not wanted
        if same is not wanted:
            return NEVER_SURE
        plain = frozenset(word for word in words if is_plain(field, word))
        return Quick(f"{mine.text} in {self._names.of(plain)}", False)

    def _of_list(self, op: str, mine: Operand, constant: Any, wanted: bool) -> Quick:
        known = f"type({mine.text}) is list"
        item = mine.column.field.item if mine.column is not None else None
        meaning = meaning_of(item) if item is not None else None
        if meaning is None or not isinstance(constant, tuple):
            return NEVER_SURE
        if op == "contains_all" and wanted:
            name = self._names.of(frozenset(constant))
            return Quick(f"({known} and {name}.issubset({mine.text}))", False)
        spelled = frozenset(text for text, value in meaning.items() if value in constant)
        if (op, wanted) in (("contains_none", True), ("contains_any", False)):
            name = self._names.of(spelled)
            return Quick(f"({known} and {name}.isdisjoint({mine.text}))", False)
        return NEVER_SURE


def _may_be_none(operand: Operand) -> bool:
    """Whether a word for none may stand where a day is compared as text."""
    column = operand.column
    return column is not None and column.field.absent and _CLASSES.get(operand.kind) == "str"


def _flat(cond: Bound, wanted: bool) -> list[tuple[Bound, bool]]:
    """The parts that must all be what is wanted for a condition to be so."""
    if isinstance(cond, Not):
        return _flat(cond.item, not wanted)
    if isinstance(cond, (All, Any_)) and isinstance(cond, All) is wanted:
        return [part for item in cond.items for part in _flat(item, wanted)]
    return [(cond, wanted)]


def _joined(word: str, parts: Sequence[Quick]) -> Quick:
    decided, idle = ("True", "False") if word == "or" else ("False", "True")
    exact = all(part.exact for part in parts)
    for part in parts:
        if part.text == decided and part.exact:
            return part
    texts = list(dict.fromkeys(part.text for part in parts if part.text != idle))
    if decided in texts:
        return Quick(decided, exact)
    if not texts:
        return Quick(idle, exact)
    return Quick(texts[0] if len(texts) == 1 else f"({f' {word} '.join(texts)})", exact)


def _has_table(cond: Bound) -> bool:
    from kehou.language.conditions import leaves

    return any(isinstance(o, Table) for leaf in leaves(cond) for o in (leaf.left, leaf.right))


__all__ = ["NEVER_SURE", "NO", "YES", "Known", "Names", "Operand", "Quick", "Writer"]
