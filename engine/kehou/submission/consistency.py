"""What one part of a submission says of another: values taken from a list, and contradictions.

A row that leaves out a field with ``x-fill`` takes it from the list the schema names: a session
with a level and no grades takes that level's grades from ``school.grades``. Two values for one
thing become a ``conflicts`` row, which a rule turns into a review; neither is dropped. Two names
in a cell that names one row of another list are refused: they are no name of any row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.fields import MASK, Field, Schema, allowed, show
from kehou.fields.reference_words import Fill
from kehou.model.values import ABSENT
from kehou.submission.reading_notes import APART, Gathered, RawNote

#: Cells of one column that are told one by one.
_MOST_TOLD: Final = 20


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


def refuse_several(schema: Schema, tree: dict[str, Any], gathered: Gathered) -> None:
    """Refuse texts that hold several names where the field names one row of another list.

    A text is several names where it is none itself and one of its parts is.
    """
    known: dict[str, set[Any]] = {}
    told: dict[str, list[str]] = {}
    gathered.begin(False)
    for child, written, pointer in gathered.several:
        assert child.refers is not None
        if child.path not in known:
            known[child.path] = {v for path in child.refers.to for v in _named(tree, path)}
        names = known[child.path]
        parts = [part.strip() for part in APART.split(written) if part.strip()]
        if written in names or len(parts) < 2 or names.isdisjoint(parts):
            continue
        _take_out(tree, pointer)
        gathered.drop(pointer)
        told.setdefault(child.path, []).append(pointer)
        if len(told[child.path]) > _MOST_TOLD:
            continue
        row = schema.field(child.path.rpartition(".")[0])
        one = row.title if row is not None else ""
        hint = f"一格写一个；有几个的，请把这一行“{one}”分成几行，每行写一个"
        found = MASK if child.holds_private else written
        gathered.fault(pointer, found, f"一个{child.title}", hint)
    for pointers in told.values():
        if more := pointers[_MOST_TOLD:]:
            gathered.fault(more[0], f"从这里起还有 {len(more)} 处也写了几个", "一格一个", "同上")


def _named(tree: Mapping[str, Any], path: str) -> Iterator[Any]:
    """The values of a field in all rows of the list that it stands in."""
    *above, name = path.split(".")
    rows: Any = tree
    for step in above:
        rows = rows.get(step) if isinstance(rows, Mapping) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and isinstance(row.get(name), str):
            yield row[name]


def _take_out(tree: dict[str, Any], pointer: str) -> None:
    """Take one value of a record out of the tree."""
    *above, name = pointer.split("/")[1:]
    holder: Any = tree
    for step in above:
        holder = holder[int(step)] if isinstance(holder, list) else holder.get(step)
    holder.pop(name, None)


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
