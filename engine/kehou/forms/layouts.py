"""The sheets of a form that schools fill in, made from the submission's fields alone.

A part that is a record is a sheet of 栏目 and 填写, records inside it flattened to dotted labels
(服务对象·服务年级). Every list of records is a table of its own; one inside another's rows names
their 行次. ``layout`` is what both the maker and the reader of forms go by, so that nothing about
a form is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from kehou.fields import Field, Schema, fold

#: The version of this scheme; a form says which one it was made by.
VERSION: Final = 1
#: The defined name that says what a workbook is, and the sheets that are not filled in.
NAME: Final = "kehou_form"
ABOUT: Final = "填表说明"
OPTIONS: Final = "选项"
#: What a sheet is, in one of its cells: ``标记 plan.sessions``.
MARK: Final = "标记"
#: Texts of ours that are no labels begin so, and those of the example row, wherever they stand.
SIGN: Final = "※"
EXAMPLE_SIGN: Final = "例："
ITEM, VALUE, NEED, HINT = "栏目", "填写", "要求", "说明"
NUMBER, EXAMPLE, WHOLE = "行次", "示例", "整表"
REQUIRED, OPTIONAL = "必填", "选填"
#: On the first sheet of a form that a program filled in from prose, and what is chosen beside it.
CONFIRMED: Final = f"{SIGN} 已对着原文逐格核对，并且填完"
YES: Final = "是"
#: What is not required, and yet its check cannot be decided without; the gravest rule follows.
DECIDES = "不填则不能判定"
#: The same of what only some answers to others make needed.
MAY_DECIDE = "不填可能不能判定"
NEEDS = (REQUIRED, OPTIONAL, DECIDES, MAY_DECIDE, "有下一项的")
#: In a cell: a row or a record that is there and holds nothing; a value that is not supplied
#: in a column where a blank cell means 无.
EMPTY: Final = "（未填）"
NOT_SUPPLIED: Final = "未提供"
JOINT: Final = "·"
Path = tuple[str, ...]
#: Columns of a table beside its items.
ROW: Final[Path] = ("行次",)
PARENT: Final[Path] = ("所属行次",)
_WHOLE_ITEM: Final = "（整项）"
#: Excel's limit for a sheet's name.
_LONGEST_NAME: Final = 31
#: A folded label of one field of a list's numbered row.
_NUMBERED: Final = re.compile(r"(.+?)(\d{1,2})·(.+)")


@dataclass(frozen=True)
class Item:
    """One thing to fill in: a scalar, a list of scalars, or a record or list as a whole.

    ``path`` leads from the sheet's record or row to it. A ``whole`` one takes 无 alone.
    """

    path: Path
    field: Field
    label: str
    whole: bool = False


@dataclass(frozen=True)
class FormSheet:
    """One sheet: the fields of a record, or the rows of a list (``table``).

    ``path`` is the schema's, without row numbers; ``parent`` is the table in whose rows a list
    stands, ``inside`` the way from such a row to the list.
    """

    path: Path
    field: Field
    name: str
    table: bool
    items: tuple[Item, ...]
    parent: FormSheet | None = None
    inside: Path = ()
    hidden: bool = False

    @property
    def key(self) -> str:
        """What the sheet's mark says."""
        return ".".join(self.path)

    @property
    def parent_label(self) -> str:
        """The heading of the column that names a row of the parent's table."""
        assert self.parent is not None
        return f"{self.parent.field.title}{NUMBER}"

    @property
    def places(self) -> tuple[Path, ...]:
        """The columns of a table, its 行次 and the parent's included."""
        parent = (PARENT,) if self.parent is not None else ()
        return (ROW, *parent, *(item.path for item in self.items))

    @cached_property
    def by_label(self) -> dict[str, Item]:
        """Items by their folded labels, by the schema's other names, and by dotted names."""
        found: dict[str, Item] = {}
        for item in self.items:
            ending = _WHOLE_ITEM if item.whole else ""
            for spelling in _spellings(self.field, item.path):
                found.setdefault(fold(spelling + ending), item)
        for item in self.items:
            found[fold(item.label)] = item
        return found

    def item(self, label: str) -> Item | None:
        """The item of a folded label; of a record also ``领导小组2·职务``, a numbered row of a
        list below it, and ``领导小组（整项）``, the list as a whole.
        """
        found = self.by_label.get(label)
        if found is not None or self.table:
            return found
        if label.endswith(fold(_WHOLE_ITEM)):
            title = label.removesuffix(fold(_WHOLE_ITEM))
            lists = _lists(self.field, (), self.field)
            named = ((path, rows) for path, rows, _ in lists if fold(rows.title) == title)
            return next((Item(path, rows, label, True) for path, rows in named), None)
        numbered = _NUMBERED.fullmatch(label)
        if numbered is None:
            return found
        for path, rows, _ in _lists(self.field, (), self.field):
            child = rows.child(numbered[3]) if fold(rows.title) == numbered[1] else None
            if child is not None and int(numbered[2]) > 0:
                return _in_row(path, rows, int(numbered[2]) - 1, child)
        return None


def inlined(record: FormSheet, tables: Sequence[FormSheet], counts: Sequence[int]) -> FormSheet:
    """A record's sheet with lists below it as numbered lines, so many rows of each."""
    items = [*record.items]
    for table, count in zip(tables, counts, strict=True):
        path = table.path[1:]
        items.append(Item(path, table.field, f"{table.field.title}{_WHOLE_ITEM}", True))
        for row in range(count):
            children = table.field.fields.values()
            items += [_in_row(path, table.field, row, c) for c in children if not c.reader]
    return replace(record, items=tuple(items))


def _in_row(path: Path, rows: Field, row: int, child: Field) -> Item:
    return Item((*path, str(row), child.name), child, f"{rows.title}{row + 1}{JOINT}{child.title}")


def layout(schema: Schema) -> tuple[FormSheet, ...]:
    """All sheets that a school may fill in, in the schema's order."""
    found: list[FormSheet] = []
    titles = [field.title for field in schema.walk() if not field.bureau]
    for name, part in schema.root.fields.items():
        if part.bureau or part.reader:
            continue
        if part.kind == "rows":
            found += _table((name,), part, part.title, None, ())
        elif part.kind == "record":
            found += _record((name,), part, titles)
    return tuple(found)


def _record(path: Path, part: Field, titles: list[str]) -> Iterator[FormSheet]:
    yield FormSheet(path, part, part.title, False, tuple(_items(part, (), "", True)))
    for below, field, outer in _lists(part, (), part):
        name = field.title
        if len(below) > 1 or titles.count(name) > 1:
            name = f"{outer.title}{JOINT}{name}"
        yield from _table((*path, *below), field, name, None, ())


def _table(
    path: Path,
    field: Field,
    name: str,
    parent: FormSheet | None,
    inside: Path,
) -> Iterator[FormSheet]:
    item = field.item
    assert item is not None
    items = tuple(_items(item, (), "", False))
    sheet = FormSheet(path, field, name[:_LONGEST_NAME], True, items, parent, inside)
    yield sheet
    for below, inner, _ in _lists(item, (), item):
        title = f"{name}{JOINT}{inner.title.removeprefix(field.title)}"
        yield from _table((*path, *below), inner, title, sheet, below)


def _items(record: Field, above: Path, label: str, vertical: bool) -> Iterator[Item]:
    """What is filled in for a record; records inside it follow their own whole."""
    for name, child in record.fields.items():
        if child.reader or child.bureau:
            continue
        path, words = (*above, name), f"{label}{child.title}"
        if child.kind == "record":
            yield Item(path, child, words + _WHOLE_ITEM, True)
            yield from _items(child, path, words + JOINT, vertical)
        elif child.kind == "rows":
            if not vertical:
                yield Item(path, child, words + _WHOLE_ITEM, True)
        else:
            yield Item(path, child, words)


def _lists(record: Field, above: Path, outer: Field) -> Iterator[tuple[Path, Field, Field]]:
    """Lists of records below a record, with the record each stands in."""
    for name, child in record.fields.items():
        if child.reader or child.bureau:
            continue
        if child.kind == "rows":
            yield (*above, name), child, outer
        elif child.kind == "record":
            yield from _lists(child, (*above, name), child)


def _spellings(record: Field, path: Path) -> Iterator[str]:
    """Ways to write a dotted label: titles, other names, English names."""
    labels = [""]
    for at, name in enumerate(path):
        record = record.fields[name]
        joint = JOINT if at else ""
        labels = [
            head + joint + spelling
            for head in labels
            for spelling in dict.fromkeys((record.title, *record.names, name))
        ]
    yield from labels
    yield ".".join(path)
