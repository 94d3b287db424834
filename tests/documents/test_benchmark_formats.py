"""Texts of the benchmark say the same in Word and PDF (LibreOffice) as in plain text."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from docx import Document as new_document
from tests.conftest import CHECKOUT
from tests.support.share import share

import kehou
from kehou import CheckOptions
from kehou.documents import open_paper
from kehou.model.outcomes import Outcome, Stage
from kehou.readers.blocks import Block

TEXTS = sorted((CHECKOUT / "benchmarks" / "reading").glob("round-*/*.txt"))
_PAGE = re.compile(r"第\d+页")
FORMS = ("docx", "pdf", "doc")

pytestmark = [pytest.mark.checkout, pytest.mark.needs("soffice")]


def in_word(text: Path, place: Path) -> None:
    """The text as a Word document; its rows with tabs or bars are a table there too."""
    made = new_document()
    blocks = [p.block for p in open_paper(text.name, text.read_bytes()).paragraphs]
    for number, part in groupby(blocks, lambda one: one.cell and one.cell.table):
        held = list(part)
        if number is None:
            for block in held:
                made.add_paragraph(block.shown)
        else:
            _table(made, held)
    made.save(str(place))


def _table(made: object, held: list[Block]) -> None:
    cells = {(b.cell.row, b.cell.column): b.shown for b in held if b.cell is not None}
    high, wide = (max(at[axis] for at in cells) for axis in (0, 1))
    table = made.add_table(rows=high, cols=wide, style="Table Grid")  # type: ignore[attr-defined]
    for (row, column), shown in cells.items():
        table.cell(row - 1, column - 1).text = shown


def judged(place: Path) -> tuple[list[str], dict[str, Outcome]]:
    """The messages of a check, without the pages that only some formats have, and the outcomes."""
    options = CheckOptions(
        stage=Stage.APPROVAL, packs=("bayannur-2021",), engine="direct", as_of="2021-09-06"
    )
    found = kehou.check(str(place), options).results
    told = [_PAGE.sub("", "".join(f.message.split())) for r in found for f in r.findings]
    return sorted(told), {r.rule: r.outcome for r in found}


def test_facts_and_outcomes_are_those_of_the_text(
    tmp_path: Path, program: Callable[[str], str]
) -> None:
    texts = random.Random(5).sample(TEXTS, share(12))
    names = [f"{text.parent.name}-{text.stem}" for text in texts]
    for text, name in zip(texts, names, strict=True):
        in_word(text, tmp_path / f"{name}.docx")
        (tmp_path / f"{name}.txt").write_bytes(text.read_bytes())
    for form in FORMS[1:]:
        sources = [str(tmp_path / f"{name}.docx") for name in names]
        profile = (tmp_path / "profile").as_uri()
        start = [program("soffice"), f"-env:UserInstallation={profile}", "--headless"]
        subprocess.run(
            [*start, "--convert-to", form, "--outdir", str(tmp_path), *sources],
            check=True,
            capture_output=True,
            timeout=300,
        )
    for name in names:
        expected = judged(tmp_path / f"{name}.txt")
        for form in FORMS:
            assert judged(tmp_path / f"{name}.{form}") == expected, (name, form)
