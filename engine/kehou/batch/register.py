"""The register: who is to hand in a submission, by id, name and strata.

Its columns are those that the submission schema's ``x-subject`` names, so that they are called
and read as in a submission, and those that ``x-register`` adds: ``expected``, whether one is to
be handed in, and ``until``, by when.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.checking.declared_values import text_at
from kehou.errors import UsageError
from kehou.fields import Schema, load_schema
from kehou.model.values import ABSENT, Fault
from kehou.readers import read
from kehou.submission import load_document

#: The name under which a register is given (``--data register=FILE``), and its key in a schema.
NAME: Final = "register"
DECLARED: Final = "x-register"
_MOST_TOLD: Final = 10
#: How reading tells what it passed over.
_NOT_READ: Final = "未读"
#: What is no row of anybody: a title above the headings, which kehou's own workbooks have.
_TITLE: Final = "表头上方的标题"
#: Empty rows of the workbook; more may be added below.
_ROWS: Final = 400
#: Characters of the least name of a place, and of a name that tells somebody without it.
_PLACE: Final = 2
_TELLING: Final = 4


@dataclass(frozen=True, slots=True)
class Registered:
    """A row of the register; ``strata`` as people read them, ``until`` an ISO date or ""."""

    id: str
    name: str
    strata: Mapping[str, str]
    expected: bool = True
    until: str = ""


@dataclass(frozen=True)
class Register:
    """All rows, and what is to be told of how they were read."""

    rows: tuple[Registered, ...]
    notes: tuple[str, ...] = ()

    def row_of(self, id: str, name: str) -> Registered | None:
        """The row of who has this id; of who has no id, the only row of that name.

        A name may leave out in front what a stratum of its row says: 临河区.
        """
        if id:
            return next((row for row in self.rows if row.id == id), None)
        named = [row for row in self.rows if name and row.name == name]
        named = named or [row for row in self.rows if name and name in _short(row)]
        return named[0] if len(named) == 1 else None

    def row_within(self, path: str) -> Registered | None:
        """The only row whose id or name stands in a path, of what nobody could read."""
        within = [r for r in self.rows if (r.id and r.id in path) or (r.name and r.name in path)]
        within = within or [r for r in self.rows if any(name in path for name in _short(r))]
        return within[0] if len(within) == 1 else None

    def without(self, seen: Iterable[Registered]) -> tuple[Registered, ...]:
        """The rows of those who are expected and are not among ``seen``."""
        found = {id(row) for row in seen}
        return tuple(row for row in self.rows if row.expected and id(row) not in found)


def _short(row: Registered) -> tuple[str, ...]:
    """A name without the county or township in front of it, where something is left to tell it."""
    rests = (row.name.removeprefix(of) for of in row.strata.values() if len(of) >= _PLACE)
    return tuple(rest for rest in rests if rest != row.name and len(rest) >= _TELLING)


def read_register(file: str, schema: Schema) -> Register:
    """Read a register in any format that a table may have.

    Raises UsageError where there is no such file, it cannot be read, an id stands in it twice,
    or a cell says what cannot be read: a register that is half believed would accuse somebody.
    """
    if DECLARED not in schema.root.node:
        raise UsageError("no-register", "这套规则的材料没有名单", "--data register")
    if not os.path.lexists(file):
        told = f"找不到名单“{file}”"
        raise UsageError("data-not-found", told, "--data register", "请核对文件名")
    own = _schema(schema)
    given = load_document(read("{}.json", b"{}"), own, data={NAME: file})
    tree, faults = given.tree, given.faults
    columns = [fault for fault in faults if _is_column(fault, own)]
    wrong = [fault for fault in faults if fault not in columns]
    if wrong:
        lines = [
            f"  {f.location.file}:{f.location.line or f.location.cell or ''} {f.found}"
            f"（{f.hint or f.allowed}）"
            for f in wrong[:_MOST_TOLD]
        ]
        raise UsageError("register", "名单有读不懂的地方：", file, "请改好再用", lines)
    rows = tree.get(NAME)
    if rows is ABSENT or not rows:
        raise UsageError("register", "名单里没有一行", file, "请核对文件")
    found = tuple(_row(row, schema) for row in rows)
    _refuse_doubles(found, file)
    unused = dict.fromkeys(fault.found.strip("“”") for fault in columns)
    notes = [f"名单中没有用到的栏目：{'、'.join(unused)}"] if unused else []
    passed = [
        n.written
        for n in given.normalised
        if n.read.startswith(_NOT_READ) and not n.written.partition("：")[2].startswith(_TITLE)
    ]
    if passed:
        more = f"等 {len(passed)} 处" if len(passed) > _MOST_TOLD else ""
        notes.append(f"名单中没有读的：{'；'.join(passed[:_MOST_TOLD])}{more}")
    return Register(found, tuple(notes))


def _is_column(fault: Fault, own: Schema) -> bool:
    """Whether a fault is a column that is none of the register's, which harms nobody."""
    return fault.path.count("/") == 3 and own.at(fault.path) is None


def columns_of(schema: Schema) -> dict[str, str]:
    """The columns of the register: what they are called in a file of trees → their titles."""
    item = _schema(schema).root.fields[NAME].item
    return {name: field.title for name, field in item.fields.items()} if item else {}


def blank(schema: Schema, filled: Register | None = None) -> bytes:
    """A register as a workbook, choices as drop-downs; raises UsageError for no register.

    Empty, or with the rows of another one.
    """
    from kehou.render.office.blank_table import Column, render

    if DECLARED not in schema.root.node:
        raise UsageError("no-register", "这套规则的材料没有名单", "--register")
    part = _schema(schema).root.fields[NAME]
    item = part.item
    assert item is not None
    columns = []
    for name, field in item.fields.items():
        one = field.item if field.kind == "list" and field.item is not None else field
        choices = tuple(one.labels.values())
        if one.kind == "boolean":
            choices = choices or ("是", "否")
        columns.append(Column(name, field.title, max(14, 2 * len(field.title) + 4), True, choices))
    whose = schema.declared.nouns["zh"]["subject"]
    steps = (f"每个{whose}一行。编号照原样写；不用填的栏空着；有下拉的从下拉中选。",)
    rows = [_cells(row, schema) for row in filled.rows] if filled else []
    return render(part.title, steps, columns, rows, _ROWS)


def _cells(row: Registered, schema: Schema) -> dict[str, str]:
    """A row as the workbook's columns hold it."""
    whose = schema.declared.whose
    paths = {whose.id: row.id, whose.name: row.name}
    paths |= {path: row.strata.get(name, "") for name, path in whose.strata.items()}
    found = {path.rpartition(".")[2]: words for path, words in paths.items() if path}
    return {**found, "expected": "是" if row.expected else "否", "until": row.until}


def _schema(schema: Schema) -> Schema:
    """A schema whose only part is the register."""
    node = schema.root.node
    told: Mapping[str, Any] = node[DECLARED]
    whose = schema.declared.whose
    columns: dict[str, Any] = {}
    for path in (whose.id, whose.name, *whose.strata.values()):
        field = schema.field(path) if path else None
        if field is not None:
            columns[field.name] = {k: v for k, v in field.node.items() if k != "x-required"}
    for name, names in told.get("x-names", {}).items():
        columns[name] = {**columns[name], "x-names": [*columns[name].get("x-names", ()), *names]}
    columns |= told["properties"]
    rows = {"type": "object", "additionalProperties": False, "properties": columns}
    part = {"title": told["title"], "type": "array", "x-owner": "authority", "items": rows}
    whole = {
        "title": told["title"],
        "type": "object",
        "$defs": node.get("$defs", {}),
        "x-nouns": node.get("x-nouns", {}),
        "properties": {NAME: part},
    }
    # Rows that are no records are called the same in any table.
    rows_words = {k: v for k, v in schema.columns.items() if k in ("totals", "remarks")}
    return load_schema(json.dumps(whole, ensure_ascii=False), rows_words)


def _row(row: Mapping[str, Any], schema: Schema) -> Registered:
    whose = schema.declared.whose

    def text(path: str | None) -> str:
        return (text_at(row, path.rpartition(".")[2]) or "").strip() if path else ""

    strata: dict[str, str] = {}
    for name, path in whose.strata.items():
        field = schema.field(path)
        value = row.get(path.rpartition(".")[2])
        assert field is not None
        labels = (field.item or field).labels
        values = value if isinstance(value, (tuple, list)) else [value]
        strata[name] = "、".join(labels.get(v, v) for v in values if isinstance(v, str))
    expected = row.get("expected", True)
    until = row.get("until")
    return Registered(
        text(whose.id),
        text(whose.name),
        strata,
        expected is not False and expected is not ABSENT,
        until if isinstance(until, str) else "",
    )


def _refuse_doubles(rows: Iterable[Registered], file: str) -> None:
    seen: dict[str, int] = {}
    nameless = []
    for number, row in enumerate(rows, 1):
        if row.id:
            seen[row.id] = seen.get(row.id, 0) + 1
        elif not row.name:
            nameless.append(number)
    doubled = [f"  {code}：{n} 行" for code, n in seen.items() if n > 1]
    unnamed = [f"  第 {number} 行没有标识码，也没有名称" for number in nameless]
    if doubled or unnamed:
        told = (doubled + unnamed)[:_MOST_TOLD]
        hint = "请每个报送单位只留一行"
        raise UsageError("register", "名单有重复或不全的行：", Path(file).name, hint, told)
