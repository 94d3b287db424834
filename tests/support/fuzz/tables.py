"""Rosters and other tables as CSV and as workbooks, written in any way that means the same."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from tests.support import hostile_workbooks, private_damage
from tests.support.fuzz import damage, texts, trees, values
from tests.support.fuzz.case import Case

from kehou import data
from kehou.fields import Field

Table = list[list[str]]
#: Names of files by part, as the schema and people have them.
_LEDGER = "ledger"


@cache
def _aliases() -> dict[str, Any]:
    found = json.loads((data.schemas() / "submission.columns.json").read_text("utf-8"))
    return dict(found.get("parts", found))


def part_of(rng: random.Random) -> str:
    """A part that a table can hold."""
    return rng.choice((*trees.TABLES, _LEDGER, "roster"))


def rows_of(part: str, rng: random.Random) -> list[dict[str, Any]]:
    """Sound rows of a part, each with its first field, so that none is blank."""
    tree = trees.drawn(rng, (part,), missing=rng.choice((0.1, 0.4)))
    found = tree[part]
    rows = found.get("rows", []) if isinstance(found, dict) else found
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    key = {"roster": "student_id", "subsidy": "staff_id", "attendance": "session_ref"}.get(part)
    for index, row in enumerate(rows):
        if key:
            row[key] = f"N{index + 1}"
    many = rng.choice((1, 1, 1, 12))
    rows = [dict(row) for row in rows for _ in range(many)]
    for index, row in enumerate(rows):
        if key:
            row[key] = f"N{index + 1}"
    return [row for row in rows if row] or rows_of(part, rng)


def field_of(part: str) -> Field:
    """The rows of a part."""
    field = trees.schema().root.fields[part]
    return field.fields["rows"] if part == _LEDGER else field


def tree_of(part: str, rows: list[dict[str, Any]]) -> trees.Tree:
    """The submission that holds nothing else."""
    return {part: {"rows": rows} if part == _LEDGER else rows}


def table_of(part: str, rows: list[dict[str, Any]], rng: random.Random) -> tuple[list[str], Table]:
    """(fields by column, the table with its headings) in any order of columns.

    A column whose blanks mean 无 is there only where every row fills it.
    """
    fields = field_of(part).fields
    names = [n for n, f in fields.items() if f.kind not in ("rows", "record")]
    names = [
        n
        for n in names
        if (not fields[n].blank_absent or all(n in row for row in rows)) or n == "grade"
    ]
    rng.shuffle(names)
    head = [_heading(fields[n], rng) for n in names]
    body = [[_cell(fields[n], row.get(n), rng) for n in names] for row in rows]
    return names, [head, *body]


def _heading(field: Field, rng: random.Random) -> str:
    return rng.choice((field.title, field.title, field.name, *field.names))


def _cell(field: Field, value: Any, rng: random.Random) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        assert field.item is not None
        return "、".join(_cell(field.item, member, rng) for member in value)
    return str(texts.reworded(field, value, rng))


def kept(part: str, names: list[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as far as the columns hold them."""
    return [{n: v for n, v in row.items() if n in names} for row in rows]


# --- CSV --------------------------------------------------------------------------------------


def csv_bytes(table: Table, rng: random.Random) -> bytes:
    """A table as CSV in one of the manners of the programs that write it."""
    out = io.StringIO()
    quoting = rng.random() < 0.5
    writer = csv.writer(
        out,
        quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL,
        lineterminator=rng.choice(("\n", "\r\n")),
    )
    wide = rng.choice((0, 0, 2))
    for row in table:
        writer.writerow([*row, *[""] * wide])
        if rng.random() < 0.05:
            writer.writerow([""] * (len(row) + wide))
    text = out.getvalue()
    if rng.random() < 0.3:
        return text.encode("gb18030")
    return (b"\xef\xbb\xbf" if rng.random() < 0.4 else b"") + text.encode()


def csv_case(rng: random.Random) -> Case:
    """One input of the family of CSV."""
    return _case(rng, "csv", csv_bytes, (damage.bytes_damaged, damage.text_damaged))


# --- workbooks --------------------------------------------------------------------------------


def book_bytes(table: Table, rng: random.Random) -> bytes:
    """A table as a workbook: texts shared, in the cell or of a formula, dates as numbers."""
    strings: list[str] = []
    rows = []
    for at, row in enumerate(table, 1):
        cells = [
            _xml_cell(f"{_letters(i)}{at}", text, strings, rng, at) for i, text in enumerate(row)
        ]
        if rng.random() < 0.9 or at == 1:
            rows.append(f'<row r="{at}">{"".join(cells)}</row>')
        else:
            rows.append(f'<row r="{at}" spans="1:{len(row)}" ht="15">{"".join(cells)}</row>')
    after = len(table) + 1
    if rng.random() < 0.3:
        rows.append(f'<row r="{after}"><c r="A{after}" s="0"/></row>')
    files = hostile_workbooks.parts("".join(rows), [escape(s) for s in strings])
    if rng.random() < 0.2:
        files = {name.replace("/", "\\"): part for name, part in files.items()}
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    return hostile_workbooks.packed(files, method)


def _letters(index: int) -> str:
    return chr(65 + index) if index < 26 else f"A{chr(65 + index - 26)}"


def _xml_cell(place: str, text: str, strings: list[str], rng: random.Random, row: int) -> str:
    if not text:
        return rng.choice(("", f'<c r="{place}" s="0"/>', f'<c r="{place}" t="s"><v/></c>'))
    if row > 1 and rng.random() < 0.6:
        if day := _serial(text):
            return f'<c r="{place}" s="{rng.randrange(2)}"><v>{day}</v></c>'
        if text.isdecimal() and (text == "0" or text[0] != "0") and len(text) < 10:
            return f'<c r="{place}" s="0"><v>{text}{rng.choice(("", ".0"))}</v></c>'
    kind = rng.randrange(3)
    if kind == 0:
        strings.append(text)
        return f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>'
    if kind == 1:
        return (
            f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        )
    return f'<c r="{place}" t="str"><f>A1</f><v>{escape(text)}</v></c>'


def _serial(text: str) -> int:
    """The number by which a workbook has a date; 0 for what is none."""
    try:
        return (date.fromisoformat(text) - date(1899, 12, 30)).days
    except ValueError:
        return 0


def xml_damaged(content: bytes, rng: random.Random) -> bytes:
    """A workbook with one to three changes to the XML of its parts, or its bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    sheets = [name for name in files if "sheet" in name.lower() and name.endswith("xml")]
    for _ in range(rng.randint(1, 3)):
        name = rng.choice((*sheets, *files))
        files[name] = rng.choice(hostile_workbooks.CHANGES)(rng, files[name])
    made = hostile_workbooks.packed(files)
    return rng.choice(hostile_workbooks.BYTES)(rng, made) if rng.random() < 0.2 else made


def book_case(rng: random.Random) -> Case:
    """A table in a workbook."""
    return _case(rng, "xlsx", book_bytes, (xml_damaged, xml_damaged, damage.bytes_damaged))


# --- both -------------------------------------------------------------------------------------


def _case(
    rng: random.Random,
    form: str,
    write: Callable[[Table, random.Random], bytes],
    changes: tuple[Callable[[bytes, random.Random], bytes], ...],
) -> Case:
    part = part_of(rng)
    rows = rows_of(part, rng)
    names, table = table_of(part, rows, rng)
    tree = tree_of(part, kept(part, names, rows))
    name = f"{part}.{form}"
    plan = {"plan.yaml": b"school: {school_id: '1508020001'}\n"}
    whole = tree | {"school": {"school_id": "1508020001"}}
    kind = rng.random()
    if kind < 0.4:
        files = plan | {f"s/{name}": write(table, rng), "s/plan.yaml": plan["plan.yaml"]}
        del files["plan.yaml"]
        return Case("表格", files, texts.checks("s", rng, 0.1), texts.same("s", whole))
    plan = {"s/plan.yaml": plan["plan.yaml"]}
    if kind < 0.65:
        return _one_cell(part, rows, names, table, whole, (form, write, plan), rng)
    if kind < 0.75:
        return _private(part, form, write, plan, rng)
    change = rng.choice(changes)
    files = plan | {f"s/{name}": change(write(table, rng), rng)}
    return Case(
        change.__name__, files, _about(texts.checks("s", rng, 0.3), name), texts.either("s")
    )


def _about(calls: list[Any], name: str) -> list[Any]:
    return calls


def _one_cell(
    part: str,
    rows: list[dict[str, Any]],
    names: list[str],
    table: Table,
    tree: trees.Tree,
    made: tuple[str, Callable[[Table, random.Random], bytes], dict[str, bytes]],
    rng: random.Random,
) -> Case:
    """A table with one cell put wrong: all others are read."""
    form, write, plan = made
    fields = field_of(part).fields
    row, column = rng.randrange(len(rows)), rng.randrange(len(names))
    field = fields[names[column]]
    value, refused = values.for_kind(field.kind, rng)
    if field.private or field.form or value in ("无", "没有") or field.kind == "list":
        refused = False
    value = "".join(c for c in value if c.isprintable() or c == "\n" or ord(c) > 126)
    table[row + 1][column] = value
    above = f"/{part}/rows/{row}" if part == _LEDGER else f"/{part}/{row}"
    files = plan | {f"s/{part}.{form}": write(table, rng)}
    check = texts.but("s", tree, f"{above}/{field.name}", refused)
    kind = f"{above}/{field.name} 写成 {value!r:.80}"
    return Case(kind, files, texts.checks("s", rng, 0.1), check)


def _private(
    part: str,
    form: str,
    write: Callable[[Table, random.Random], bytes],
    plan: dict[str, bytes],
    rng: random.Random,
) -> Case:
    """A table damaged as schools damage them, with what is private where it does not belong."""
    title = rng.choice(list(private_damage.HEADS))
    change = rng.choice(private_damage.TABLE_DAMAGE)
    table = change(private_damage.sound_table(title, rng), rng)
    files = plan | {f"s/{title}.{form}": write(table, rng)}
    return Case(change.__name__, files, texts.checks("s", rng, 0.7), texts.either("s"))
