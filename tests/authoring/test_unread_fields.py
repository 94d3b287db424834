"""Lint asks of every field who reads it, and of every ``first`` what it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.authoring.lint import lint
from kehou.authoring.unread_fields import fields_read

SCHEMA, FACTS, PACK = "reading.schema.json", "facts.yaml", "pack.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def told(pack: Path) -> list[tuple[str, str]]:
    return [(place, message) for place, message, _ in lint(str(pack))]


def test_what_outcomes_depend_on_is_read(pack: Path) -> None:
    assert fields_read(packs.load(str(pack))) >= {"room.opens", "books.price", "books.kind"}


def test_a_field_that_nothing_reads_and_that_says_no_reason_is_told(pack: Path) -> None:
    line = plant(
        pack, SCHEMA, ', "x-absent": true, "x-unread": "没有要求"}\n        }', "}\n        }"
    )
    assert told(pack) == [(f"{SCHEMA}:{line}", "没有规则读“备注”（books.note）")]


def test_a_reason_that_no_longer_holds_is_told(pack: Path) -> None:
    old = '"title": "年份"}'
    line = plant(pack, SCHEMA, old, '"title": "年份", "x-unread": "没有要求"}')
    assert told(pack) == [(f"{SCHEMA}:{line}", "已经有规则读“年份”（books.year）")]


FIRST = "  book.shown: {first: [code, note]}\n"


def test_a_first_over_fields_says_why_they_may_differ(pack: Path) -> None:
    plant(pack, FACTS, "fields:\n", "fields:\n" + FIRST)
    hidden = [message for _, message in told(pack) if "只取" in message]
    assert hidden == ["book.shown 只取code、note中的第一个，几处不同时没有人看"]
    plant(pack, PACK, "parameters:", "differ: {book.shown: 备注不是编号}\nparameters:")
    assert not any("只取" in message for _, message in told(pack))


def test_a_reason_for_what_passes_over_nothing_is_told(pack: Path) -> None:
    line = plant(pack, PACK, "parameters:", "differ: {book.kind: 没有}\nparameters:")
    assert (f"{PACK}:{line}", "没有用 first 的派生字段 book.kind") in told(pack)
