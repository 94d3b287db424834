"""The walk through the rows of one list: what each row adds, and whether it is worth a look.

Rows are told apart by the field that most depends on (``pivot``): each of its values gets a branch
with what is left of the conditions once it is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.lane.expressions import NEVER_SURE, Known, Names, Quick, Writer
from kehou.lane.groups import Group, key_of
from kehou.lane.records import Column
from kehou.lane.sums import Sum
from kehou.language import Bound
from kehou.language.conditions import bound_fields, evaluate, tables

#: A field with so few values may have a branch of its own for each.
_MOST_BRANCHES: Final = 16


def fine(writer: Writer, those: Sequence[Group], known: Known | None = None) -> Quick:
    """That nothing but a pass comes of a subject to which the groups' rules apply."""
    parts: list[tuple[Bound, bool]] = []
    for rule in (rule for group in those for rule in group.rules):
        if rule.unset or tables(rule.require):
            return NEVER_SURE  # no pass where a table has no row, whatever else holds
        parts += [(rule.require, True)] if rule.require is not None else []
        parts += [(review.when, False) for review in rule.reviews]
    return writer.all_hold(parts, known)


class Walk:
    """Writes the walk of one list for the groups on its rows, and for the sums over them.

    ``whens`` are the groups by what decides whether they apply, ``counted`` the variables that
    count to how many they do, "" where the code cannot tell; ``made`` those of derived fields.
    """

    def __init__(
        self,
        writer: Writer,
        names: Names,
        made: Mapping[str, str],
        whens: Mapping[Any, list[Group]],
        counted: Mapping[Any, str],
        sums: Sequence[Sum],
    ) -> None:
        self._writer, self._names, self._made = writer, names, made
        self._whens, self._counted, self._sums = whens, counted, sums

    def lines(self, rows: str, careful: bool = False) -> list[str]:
        """The walk; ``careful`` where amounts or what tells rows apart may be missing."""
        if not self._whens and not self._sums:
            return []
        pivot = self._pivot()
        if pivot is None:
            return [f"for e in {rows}:", *indented(self._body({}, careful))]
        *usual, (_, missing) = self._branches(pivot, careful)
        found = [f"t = {text('e', pivot)}"]
        for number in (0, 1):
            for written, done in usual:
                texts = [one for one in written if _is_usual(pivot, one) is not bool(number)]
                if texts:
                    word = "elif" if len(found) > 1 else "if"
                    found += [f"{word} {self._is_one(texts)}:", *indented(done)]
        return [f"for e in {rows}:", *indented([*found, "else:", *indented(missing)])]

    def _is_one(self, texts: Sequence[Any]) -> str:
        """Whether a row's own branch is the one for these values."""
        if len(texts) > 2:
            return f"t in {self._names.of(frozenset(texts))}"
        same = "is" if texts[0] is True or texts[0] is False else "=="
        return " or ".join(f"t {same} {self._names.of(text)}" for text in texts)

    def _pivot(self) -> Column | None:
        """The field of a row that most depends on, which gets a branch for each value."""
        votes = [one.by for one in self._sums if one.by is not None]
        for group in (group for those in self._whens.values() for group in those):
            asked = {field.name for field in bound_fields(group.when)}
            votes += [c for c in group.own if c.name in asked and _is_short(c)]
        names = [vote.name for vote in votes]
        return max(votes, key=lambda vote: names.count(vote.name), default=None)

    def _branches(self, pivot: Column, careful: bool) -> list[tuple[list[Any], list[str]]]:
        """What is done for which values of the pivot; the last is for those that are missing."""
        assert pivot.meaning is not None
        found: list[tuple[list[Any], list[str]]] = []
        for written, value in pivot.meaning.items():
            body = self._body({pivot.name: value}, careful)
            for values, known in found:
                if known == body:
                    values.append(written)
                    break
            else:
                found.append(([written], body))
        missing = self._body({pivot.name: None}, careful)
        return [*found, ([], missing)]

    def _body(self, known: Known, careful: bool) -> list[str]:
        lines = [line for one in self._sums for line in self._added(one, known, careful)]
        tests = []
        for key, those in self._whens.items():
            counted = self._counted[key]
            if those[0].when is not None and not counted:
                tests.append("odd += (e,)")  # whether they apply is told there
                continue
            out = self._writer.holds(those[0].when, False, known)
            if out.text == "True":
                continue
            good = fine(self._writer, those, known)
            test = [f"{counted} += 1"] if counted else []
            if good.text == "False":
                test.append("odd += (e,)")
            elif good.text != "True":
                test.append(f"if not {good.text}: odd += (e,)")
            if out.text == "False":
                tests += test
            elif test:
                tests += [f"if not {out.text}:", *("    " + line for line in test)]
        return lines + tests

    def _added(self, one: Sum, known: Known, careful: bool) -> list[str]:
        """What a row adds to a sum; where it cannot be told, the rows are walked with care."""
        amount, made = text("e", one.of), self._made[one.name]
        taken: bool | None = True
        if one.where is not None:
            assert one.by is not None and one.by.name in known
            taken = evaluate(one.where, known, {})
        if taken is False:
            return []
        if not careful:
            return ["raise TypeError"] if taken is None else [f"{made} += {amount}"]
        if taken is None:
            return [f"v{made[1:]} += (e,)"]
        lacking = f"else: l{made[1:]} += (e,)"
        return [f"if type({amount}) is int: {made} += {amount}", lacking]


def text(holder: str, at: Column) -> str:
    """How a column of the submission ``p`` or of a row ``e`` is read."""
    return f"{holder}.{'.'.join(at.path)}"


def by_when(groups: Sequence[Group]) -> dict[Any, list[Group]]:
    """Groups by what decides whether they apply to a subject."""
    found: dict[Any, list[Group]] = {}
    for group in groups:
        unset = any(rule.unset for rule in group.rules)
        found.setdefault(repr((key_of(group.when), unset)), []).append(group)
    return found


def indented(body: Sequence[str]) -> list[str]:
    """Lines of a block, which has at least one."""
    return ["    " + line for line in body or ["pass"]]


def _is_usual(at: Column, written: Any) -> bool:
    """Whether a value is written as programs write it, not as one of its labels."""
    return at.meaning is not None and at.meaning[written] == written


def _is_short(at: Column) -> bool:
    return at.meaning is not None and len(set(at.meaning.values())) <= _MOST_BRANCHES


__all__ = ["Walk", "by_when", "fine", "indented", "text"]
