"""What is wrong with the patterns of prose is told with its place, and their cases are run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.resources import as_file
from pathlib import Path

import pytest

from kehou import data
from kehou.authoring import reading_gates
from kehou.fields import load_schema

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))


Change = Callable[[str, str, str], list[str]]


@pytest.fixture
def changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str, str], list[str]]:
    """Everything told of the patterns after a text of a file is replaced by another."""

    def change(file: str, old: str, new: str) -> list[str]:
        with as_file(data.rules()) as rules:
            shutil.copytree(rules / "common" / "reading", tmp_path / "common" / "reading")
        place = tmp_path / "common" / "reading" / file
        text = place.read_text("utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), "utf-8")
        monkeypatch.setattr(data, "rules", lambda: tmp_path)
        return [f"{at}：{told}" for at, told, _ in reading_gates.reading(SCHEMA)]

    return change


def test_the_patterns_that_come_with_kehou_are_sound() -> None:
    assert list(reading_gates.reading(SCHEMA)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("new-lesson.yaml", "id: new-lesson", "id: another", "与文件名 new-lesson 不同"),
        ("new-lesson.yaml", "<讲> ~4 <新课>", "<讲> ~4 <没有>", "没有一组叫“没有”的词"),
        ("new-lesson.yaml", "<讲> ~4 <新课>", "<讲> ~400 <新课>", "1 到 30"),
        ("new-lesson.yaml", "  explicit:", "  plain:", "没有“plain”这一档"),
        ("new-lesson.yaml", "polarity: forbidden", "polarity: banned", "没有“banned”这一种"),
        ("pupils-compelled.yaml", "subject: pupils", "subject: cats", "没有叫 cats 的一方"),
        ("scope.yaml", "  light:", "  lightly:", "不认识的键 lightly"),
        ("facts.yaml", "'{名称}'", "'{别的}'", "模式里没有取出“别的”"),
    ],
)
def test_a_mistake_is_told(changed: Change, file: str, old: str, new: str, told: str) -> None:
    found = changed(file, old, new)
    assert any(told in one and one.startswith(file) for one in found), found


def test_a_case_that_does_not_come_out_is_told_with_what_was_read(
    changed: Change,
) -> None:
    found = changed(
        "new-lesson.yaml", "- {text: 服务时间内不得讲新课。", "- {text: 服务时间内可以讲新课。"
    )
    assert any("服务时间内可以讲新课。”读作 planned" in one for one in found), found


def test_a_pattern_without_a_case_and_a_near_miss_that_saves_from_nothing_are_told(
    changed: Change,
) -> None:
    line = "    - 周三练两套模拟卷。\n"
    assert any("没有一例用到" in one for one in changed("exam-drill.yaml", line, ""))


def test_the_cases_are_run_with_those_of_the_rules(
    changed: Change,
) -> None:
    library, faults = reading_gates.library_of(SCHEMA)
    assert library is not None and faults == []
    assert reading_gates.count(library) > 60
    assert reading_gates.failed_cases(library) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("scope.yaml", "forbid: [", "forbid: [不得, 严禁, 严 禁, ", "是一样的"),
        ("new-lesson.yaml", "  讲: [讲, ", "  讲: [讲, 上, ", "“上”与前面的“上”是一样的"),
        ("new-lesson.yaml", "赶进度|赶教学进度", "赶进度|赶教学进度|赶进度", "“赶进度”写了两遍"),
        ("exam-drill.yaml", "- 笔试|机考", "- 笔试|闭卷考|机考", "总是先查到“闭卷”"),
        ("exam-drill.yaml", "- 应试 ~1", "- 应试|应考 ~1", "总是先查到“应考”"),
    ],
)
def test_a_word_that_no_text_can_reach_is_told(
    changed: Change, file: str, old: str, new: str, told: str
) -> None:
    """Who writes it believes that something is looked for which another word finds already."""
    found = changed(file, old, new)
    assert any(told in one and one.startswith(file) for one in found), found


def test_a_word_behind_a_shorter_one_that_needs_more_is_reached(changed: Change) -> None:
    """``预学 ~6 …`` finds nothing by itself, so that a line of ``预学案`` is no dead one."""
    found = changed("new-lesson.yaml", "课外预习|预习新课", "预学案|课外预习|预习新课")
    assert not [one for one in found if "查不到" in one]
