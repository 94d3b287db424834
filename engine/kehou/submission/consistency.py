"""What one part of a submission says of another: values taken from a list, and contradictions.

A row that leaves out a field with ``x-fill`` takes it from the list the schema names: a session
with a level and no grades takes that level's grades from ``school.grades``. Two values for one
thing become a ``conflicts`` row, which a rule turns into a review; neither is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kehou.fields import Field, Schema, allowed, show
from kehou.fields.fields import Fill
from kehou.model.values import ABSENT
from kehou.submission.reading_notes import Gathered, RawNote


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that two places state differently: its pointer, what each says, where."""

    field: str
    values: tuple[str, ...]
    places: tuple[str, ...]

    def told(self, part: Field) -> dict[str, Any]:
        """As a row of the part that the schema keeps for contradictions (``x-conflicts``)."""
        return {name: getattr(self, role) for role, name in part.conflict.items()}


#: A pointer to the place that a conflict names, such as ``plan.yaml:12``.
Place = Callable[[str], str]


def fill(schema: Schema, tree: Mapping[str, Any], gathered: Gathered) -> None:
    """Complete rows from the lists their fields' ``x-fill`` names; kept as notes.

    Nothing is filled where the list is not whole: a missing or invalid member might belong. A
    word that stands for the whole list (全校) is a fault then.
    """
    gathered.begin(False)
    for child, record, pointer, word in gathered.whole:
        assert child.fill is not None
        values = _taken(tree, child.fill, {}, gathered.faulted)
        if values:
            record[child.name] = values
            gathered.notes.append(RawNote(pointer, word, show(values, child)))
        else:
            source = schema.field(child.fill.source)
            title = source.title if source is not None else child.fill.source
            gathered.fault(pointer, word, allowed(child), f"“{title}”没有写全，请逐一写明")
            gathered.drop(pointer)
    for item, row, pointer in gathered.unfilled:
        for child in item.fields.values():
            rule = child.fill
            if rule is None or child.name in row or f"{pointer}/{child.name}" in gathered.faulted:
                continue
            wanted = {theirs: row.get(mine) for theirs, mine in rule.match}
            values = _taken(tree, rule, wanted, gathered.faulted)
            if values:
                row[child.name] = values
                written = "，".join(show(row[mine], item.fields[mine]) for _, mine in rule.match)
                note = RawNote(f"{pointer}/{child.name}", written, show(values, child))
                gathered.notes.append(note)


def contradictions(
    schema: Schema, tree: Mapping[str, Any], gathered: Gathered, place: Place
) -> list[Conflict]:
    """Rows whose stated value differs from the list their ``x-fill`` names (level and grades)."""
    found = []
    for item, row, pointer in gathered.unfilled:
        for child in item.fields.values():
            if child.fill is None or not isinstance(row.get(child.name), tuple):
                continue
            for theirs, mine in child.fill.match:
                stated = row.get(mine)
                for index, other in enumerate(_source_rows(tree, child.fill)):
                    known = other.get(theirs)
                    if stated is None or known is None or known == stated:
                        continue
                    if other.get(child.fill.take) in row[child.name]:
                        source = "/" + child.fill.source.replace(".", "/")
                        found.append(
                            _conflict(
                                f"{pointer}/{mine}",
                                [_say(item, mine, stated), _say_member(schema, child.fill, other)],
                                [place(f"{pointer}/{mine}"), place(f"{source}/{index}")],
                            )
                        )
                        break
    return found


def differences(
    part: Field,
    records: tuple[Mapping[str, Any], Mapping[str, Any]],
    places: tuple[Place, Place],
    names: tuple[str, str],
) -> list[Conflict]:
    """Fields of a record that two sources state differently; ``names`` say whose each is."""
    found = []
    for name, child in part.fields.items():
        first, second = (record.get(name) for record in records)
        if child.reader or first is None or second is None or first == second:
            continue
        pointer = f"/{part.name}/{name}"
        found.append(
            _conflict(
                pointer,
                [f"{names[0]}：{show(first, child)}", f"{names[1]}：{show(second, child)}"],
                [places[0](pointer), places[1](pointer)],
            )
        )
    return found


def _taken(
    tree: Mapping[str, Any], rule: Fill, wanted: Mapping[str, Any], faulted: Iterable[str]
) -> tuple[Any, ...]:
    """The values to take, or none where it cannot be told which."""
    if any(value is None or value is ABSENT for value in wanted.values()):
        return ()
    source = "/" + rule.source.replace(".", "/")
    if any(pointer.startswith(source) for pointer in faulted):
        return ()
    taken = []
    for row in _source_rows(tree, rule):
        if row.get(rule.take) is None or any(row.get(name) is None for name in wanted):
            return ()
        if all(row[name] == value for name, value in wanted.items()):
            taken.append(row[rule.take])
    return tuple(sorted(set(taken)))


def _source_rows(tree: Mapping[str, Any], rule: Fill) -> list[dict[str, Any]]:
    found: Any = tree
    for name in rule.source.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else []


def _conflict(pointer: str, values: list[str], places: list[str]) -> Conflict:
    return Conflict(pointer, tuple(values), tuple(places))


def _say(item: Field, name: str, value: Any) -> str:
    child = item.fields[name]
    return f"{child.title}：{show(value, child)}"


def _say_member(schema: Schema, rule: Fill, row: Mapping[str, Any]) -> str:
    source = schema.field(rule.source)
    assert source is not None
    names = [rule.take, *(theirs for theirs, _ in rule.match)]
    return f"{source.title}：" + "，".join(show(row[name], source.fields[name]) for name in names)
