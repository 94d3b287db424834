"""A document that was damaged or made to hurt is read or refused with the way out, never more."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from tests.support.prose import plan
from tests.support.share import share

from kehou import data
from kehou.fields import load_schema
from kehou.readers import ReadError
from kehou.reading import read_prose

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
#: Processor time that one of them may take, in seconds.
MOST_SECONDS = 5


def flipped(whole: bytes, rng: random.Random) -> bytes:
    """Some bytes are others."""
    made = bytearray(whole)
    for _ in range(rng.randrange(1, 20)):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def cut(whole: bytes, rng: random.Random) -> bytes:
    """The end is missing."""
    return whole[: rng.randrange(len(whole))]


def rewritten(whole: bytes, rng: random.Random) -> bytes:
    """The XML of one part is another."""
    old = zipfile.ZipFile(io.BytesIO(whole))
    names = [n for n in old.namelist() if n.endswith((".xml", ".rels"))]
    target = rng.choice([*names, *["word/document.xml"] * len(names)])
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, _changed(text, rng) if name == target else text)
    return held.getvalue()


def _changed(text: bytes, rng: random.Random) -> bytes:
    start = text.find(b"<w:body>") + 8
    at = rng.randrange(len(text)) if text else 0
    number = b'<w:numPr><w:ilvl w:val="-1"/><w:numId w:val="x"/></w:numPr>'
    return rng.choice(
        (
            text[:at] + text[at + rng.randrange(200) :],
            text.replace(b"</w:p>", b"", 2),
            text.replace(b'w:val="', b'w:val="999999999999', 9),
            text[:start] + b"<w:tbl><w:tr><w:tc>" * rng.randrange(1, 40) + text[start:],
            text.replace(b"<w:p>", b"<w:p><w:pPr>" + number + b"</w:pPr>"),
            text.replace(b"<w:t>", b"<w:t>" + "\u202e讲新课".encode() * 200, 2),
            b"",
        )
    )


@pytest.mark.parametrize("damage", [flipped, cut, rewritten])
def test_damage_of_every_kind_is_read_or_refused(damage: object, tmp_path: Path) -> None:
    whole = plan(tmp_path).read_bytes()
    for n in range(share(200)):
        given = damage(whole, random.Random(n))  # type: ignore[operator]
        start = time.process_time()
        try:
            read_prose("方案.docx", given, SCHEMA)
        except ReadError as refused:
            assert refused.hint, (n, str(refused))
        assert time.process_time() - start < MOST_SECONDS, n


def test_a_paragraph_without_an_end_takes_time_in_proportion() -> None:
    """Every mention looks at what stands before it; in one endless sentence that would be all."""
    spent = []
    for times in (2_000, 20_000):
        start = time.process_time()
        read_prose("方案.txt", ("集体补课，" * times).encode(), SCHEMA)
        spent.append(time.process_time() - start)
    assert spent[1] < 25 * max(spent[0], 0.02)
