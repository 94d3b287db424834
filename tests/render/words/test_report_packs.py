"""Where letters that are made from a report find the nouns of its pack."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.support.small_pack import write_pack

from kehou.render.words import catalogue
from kehou.render.words.report_packs import packs_of, words_of

#: The id of the small pack, which declares no nouns.
READING_ROOM = "reading"


def tree(*ids: str, given: tuple[str, ...] = ()) -> dict[str, Any]:
    """A report as far as its packs are told."""
    run = {"packs": list(given)} if given else None
    return {"packs": [{"id": name} for name in ids], "run": run}


def test_a_pack_that_comes_with_kehou_is_found_by_its_id() -> None:
    found = packs_of([tree("bayannur-2021")])
    assert list(found) == ["bayannur-2021"]
    words = catalogue.official(words_of(found))
    assert words["circular.addressee"] == "各中小学校："
    title = words["circular.title"].replace("|", "")  # where a line may end
    assert title == "关于〔学年〕〔学期〕中小学课后服务不定期检查情况的通报"


def test_a_pack_of_ones_own_is_found_where_it_was_given(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    found = packs_of([tree(READING_ROOM, given=(str(folder),))])
    assert list(found) == [READING_ROOM]
    assert catalogue.official(words_of(found))["circular.addressee"] == "各报送单位："


def test_another_pack_at_the_same_place_is_not_taken(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    assert packs_of([tree("bayannur-2021-new", given=(str(folder),))]) == {}


def test_without_its_pack_a_letter_is_neutral(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    shutil.rmtree(folder)
    found = packs_of([tree(READING_ROOM, given=(str(folder),))])
    assert found == {} and words_of(found) == {}
    assert catalogue.official(words_of(found))["notice.unnamed"] == "〔报送单位〕"
