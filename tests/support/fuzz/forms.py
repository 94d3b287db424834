"""Excel forms, filled in as a school does, and damaged."""

from __future__ import annotations

import os
import random
import shutil

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
    if kind < 0.02 and (os.environ.get(PROGRAMS) or not shutil.which("soffice")):
        return old_case(rng)
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
