"""What lint and test say of a lexicon: its cases, its near misses, and where it may stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lexicon_gates import lexicons
from kehou.packs.positions import Sites

RULE, REVIEW = "book/book-price-kept.yaml", "  - when: {field: year, less_than: {param: old_year}}"
NAMED = "  - when: {field: note, mentions: {lexicon: dirty}}"
DIRTY = """\
id: dirty
title: 污损
words: [污, 缺页]
near_misses: [去污]
cases:
  match:
    - 封面污
  miss:
    - 已去污
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = write_pack(tmp_path / "reading")
    plant(folder, RULE, REVIEW, NAMED)
    (folder / "lexicons").mkdir()
    (folder / "lexicons" / "dirty.yaml").write_text(DIRTY, "utf-8")
    return folder


def told(folder: Path) -> list[tuple[str, str]]:
    loaded = packs.load(str(folder))
    return [(place, message) for place, message, _ in lexicons(loaded, Sites(loaded))]


def test_a_good_lexicon_has_no_fault(pack: Path) -> None:
    assert told(pack) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("    - 封面污\n", "    - 封面完好\n", 7, "“封面完好”里没有查到用词"),
        ("    - 已去污\n", "    - 已去污，缺页\n", 9, "“已去污，缺页”里查到“缺页”"),
        ("[去污]", "[去污, 洗净]", 4, "“洗净”里没有用词"),
        ("[去污]", "[去污, '缺 页']", 4, "又是用词，又是近似而不算的"),
        ("[污, 缺页]", "[污, 缺页, 污]", 3, "重复"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(
    pack: Path, old: str, new: str, place: int, message: str
) -> None:
    plant(pack, "lexicons/dirty.yaml", old, new)
    assert any(
        where == f"lexicons/dirty.yaml:{place}" and message in text for where, text in told(pack)
    ), told(pack)


def test_words_are_ours_and_fail_nobody(pack: Path) -> None:
    before = "require: {field: price, at_most: {param: price_limit}}"
    plant(pack, RULE, before, "require: {not: {field: note, mentions: {lexicon: dirty}}}")
    assert [m for _, m in told(pack) if "不能写在 require 中" in m]


def test_a_file_that_no_rule_names_and_a_word_added_twice(pack: Path) -> None:
    (pack / "lexicons" / "torn.yaml").write_text(DIRTY.replace("dirty", "torn"), "utf-8")
    plant(pack, "pack.yaml", "areas:", "lexicons:\n  dirty: {words: [缺 页], ground: 某}\nareas:")
    found = told(pack)
    assert ("lexicons/torn.yaml:1", "词库 torn 没有用处") in found
    assert any("词库 dirty 已有“缺 页”" in message for _, message in found)


def test_its_cases_are_run_with_the_pack_and_not_with_one_rule(pack: Path) -> None:
    whole = run_cases.run(str(pack), engine="direct")
    one = run_cases.run(str(pack), ["room-opens-early"], engine="direct")
    plant(pack, "lexicons/dirty.yaml", "    - 已去污\n", "    - 污\n")
    failing = run_cases.run(str(pack), engine="direct")
    assert whole.passed - failing.passed == 1
    assert [f for f in failing.failures if f[0] == "lexicons/dirty.yaml:9"]
    assert not any("lexicons" in place for place, _, _ in one.failures)
