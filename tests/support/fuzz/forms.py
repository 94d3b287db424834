"""Excel forms, filled in as a school does, and damaged; and workbooks of the old kind (.xls)."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from tests.support.formbook import filled
from tests.support.fuzz import damage, tables, texts, trees, values
from tests.support.fuzz.case import Case
from tests.support.hostile_workbooks import packed

#: Set by those who run for minutes by hand: programs such as LibreOffice may be opened too.
PROGRAMS = "KEHOU_FUZZ_PROGRAMS"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_case(rng: random.Random) -> Case:
    """One input of the family of workbooks: tables mostly, a form at times, an old one seldom."""
    kind = rng.random()
    office = shutil.which("soffice")
    if kind < 0.02 and (os.environ.get(PROGRAMS) or not office):
        return old_table_case(rng, office) if kind < 0.01 and office else old_case(rng)
    return form_case(rng) if kind < 0.25 else tables.book_case(rng)


def form_case(rng: random.Random) -> Case:
    """A form: as it is, with one value put wrong, or with its parts damaged."""
    tree = trees.drawn(rng, missing=0.5)
    tree = {name: tree[name] for name in rng.sample(list(tree), min(len(tree), 2))}
    if not list(trees.scalars(trees.schema().root, tree)):
        return form_case(rng)
    name = rng.choice(("申报表.xlsx", "plan.xlsx", "a b.xlsx"))
    kind = rng.random()
    if kind < 0.35:
        content = filled(tree, lean=True)
        return Case("表", {name: content}, texts.checks(name, rng, 0.1), texts.same(name, tree))
    if kind < 0.65:
        pointer, field = rng.choice(list(trees.scalars(trees.schema().root, tree)))
        value, refused = values.for_kind(field.kind, rng)
        value = "".join(c for c in value if c.isprintable())
        if not value and len(trees.at(tree, pointer.rpartition("/")[0]) or ()) == 1:
            return form_case(rng)  # a row with nothing in it is none
        if field.private or field.form or value in ("无", "没有") or not value:
            refused = False
        content = filled(trees.put(tree, pointer, value), lean=True)
        check = texts.but(name, tree, pointer, refused)
        return Case(f"{pointer} 写成 {value!r:.80}", {name: content}, (), check)
    change = rng.choice((tables.xml_damaged, tables.xml_damaged, damage.bytes_damaged))
    content = change(filled(tree, lean=True), rng)
    return Case(change.__name__, {name: content}, texts.checks(name, rng, 0.3), texts.either(name))


def old_case(rng: random.Random) -> Case:
    """Something that begins as an old workbook does."""
    name = rng.choice(("roster.xls", "名册.et", "plan.xls"))
    inside = "Workbook".encode("utf-16-le") if rng.random() < 0.3 else b""
    body = rng.randbytes(rng.randrange(600)) + inside + rng.randbytes(rng.randrange(3000))
    content = rng.choice((_OLE + body, body, packed({"xl/workbook.xml": b"<x/>"})))
    files = {f"s/{name}": content, "s/plan.yaml": b"school: {school_id: '1508020001'}\n"}
    return Case("旧表格", files, texts.checks("s", rng, 0.3), texts.either("s"))


@cache
def old_tables(program: str, count: int = 3) -> tuple[tuple[str, bytes, trees.Tree], ...]:
    """(name, content, the submission it holds) of tables that LibreOffice has saved as .xls."""
    found: list[tuple[str, trees.Tree]] = []
    with tempfile.TemporaryDirectory(prefix="old-") as place:
        folder = Path(place)
        for seed in range(count):
            rng = random.Random(seed)
            part = tables.part_of(rng)
            rows = tables.rows_of(part, rng)
            names, table = tables.table_of(part, rows, rng)
            (folder / str(seed)).mkdir()
            (folder / str(seed) / f"{part}.xlsx").write_bytes(_as_texts(table))
            found.append((part, tables.tree_of(part, tables.kept(part, names, rows))))
            command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
            command += ["--headless", "--convert-to", "xls:MS Excel 97", "--outdir"]
            command += [str(folder / str(seed)), str(folder / str(seed) / f"{part}.xlsx")]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        return tuple(
            (f"{part}.xls", (folder / str(seed) / f"{part}.xls").read_bytes(), tree)
            for seed, (part, tree) in enumerate(found)
        )


def _as_texts(table: tables.Table) -> bytes:
    """A workbook in which every cell is a text."""
    book = openpyxl.Workbook()
    page: Any = book.active
    for at, row in enumerate(table, 1):
        for column, text in enumerate(row, 1):
            if text:
                page.cell(at, column, text).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_table_case(rng: random.Random, program: str) -> Case:
    """A table in an old workbook, which LibreOffice converts: as it is, or damaged."""
    name, content, tree = rng.choice(old_tables(program))
    plan = {"s/plan.yaml": b"school: {school_id: '1508020001'}\n"}
    if rng.random() < 0.6:
        whole = tree | {"school": {"school_id": "1508020001"}}
        return Case("旧表格", plan | {f"s/{name}": content}, (), texts.same("s", whole))
    files = plan | {f"s/{name}": damage.bytes_damaged(content, rng)}
    return Case("损坏的旧表格", files, texts.checks("s", rng, 0.1), texts.either("s"))
