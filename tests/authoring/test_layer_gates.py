"""A layer against what lies below it: orders that nobody can follow both are told by plain lint."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import command_line

from kehou.authoring.lint import lint

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
TEXT = """\
某旗供餐点补充规定（示例）
第一条 晚餐供餐时段的结束时间应当合理。
本规定自2025年9月1日起施行。
"""


def told(tmp_path: Path, *requirements: str) -> list[tuple[str, str]]:
    """What lint says of a layer with a rule for each requirement."""
    source, folder = tmp_path / "规定.txt", tmp_path / "county-meals"
    source.write_text(TEXT, encoding="utf-8")
    run = command_line.here
    options = ("--over", str(EXAMPLE), "--source", str(source))
    assert run("new", "overlay", str(folder), *options)[0] == 0
    for n, words in enumerate(requirements):
        rule = ("new", f"meals-own-{'abc'[n]}", "--pack", str(folder))
        code, _, error = run(*rule, "--clause", "K.1-1", "--require", words)
        assert code == 0, error
    return [(place, message) for place, message, _ in lint(str(folder)) if "下层规则" in message]


def test_a_rule_that_cannot_be_met_with_one_below_is_told(tmp_path: Path) -> None:
    """Below supper ends by 19:00: one that must not end before 19:10 keeps to neither."""
    [(place, message)] = told(tmp_path, "餐次 是 晚餐 时，结束时间 不早于 19:10")
    assert place.startswith("meals/meals-own-a.yaml:")
    assert "规则 meals-own-a 和下层规则 meals-supper-end" in message and "不能同时做到" in message


def test_a_limit_looser_than_the_rule_below_is_told(tmp_path: Path) -> None:
    """The author thinks that 20:00 is allowed; every supper after 19:00 still fails."""
    [(_, message)] = told(tmp_path, "餐次 是 晚餐 时，结束时间 不晚于 20:00")
    assert "比下层规则 meals-supper-end" in message
    assert "下层是 19:00，这里是 20:00；下层的照旧适用" in message


@pytest.mark.parametrize(
    "words",
    [
        "餐次 是 晚餐 时，结束时间 不晚于 18:30",
        "餐次 是 晚餐 时，结束时间 不早于 18:00",
        "餐次 是 午餐 时，结束时间 不早于 19:10（与原文不同：示例）",
    ],
)
def test_what_can_be_met_together_is_not_told(tmp_path: Path, words: str) -> None:
    """A stricter limit, the other side of it, and another meal."""
    assert told(tmp_path, words) == []


def contradictions(folder: Path, first: str, second: str) -> list[str]:
    """What lint says of a layer over the shipped pack with two rules of these requirements."""
    (folder / "quality").mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        "id: l\ntitle: 某县规定（示例）\nversion: '0.1.0'\noverlay: bayannur-2021\n"
        "citation: 《某县规定》\n",
        "utf-8",
    )
    (folder / "source.txt").write_text("某县规定（示例）\n第一条 应当这样。\n", "utf-8")
    (folder / "clauses.yaml").write_text(
        "clauses:\n  - {id: K.1, path: 第一条, citation: 第一条, quote: 应当这样, modality: MUST, "
        "addressee: 学校, status: automated}\nno_norm: []\n",
        "utf-8",
    )
    for name, asked in (("one", first), ("two", second)):
        text = f"id: quality-{name}\ntitle: 规则{name}\nclauses: [K.1]\nseverity: major\n"
        text += f"stages: [approval]\n{asked}\nmessage: 不符合\nremedy: 请改正\n"
        (folder / "quality" / f"quality-{name}.yaml").write_text(text, "utf-8")
    return [message for _, message, _ in lint(str(folder)) if "不能同时成立" in message]


@pytest.mark.parametrize(
    ("first", "second", "against"),
    [
        ("submission.vendor_count, at_most: 2", "submission.vendor_count, at_least: 3", True),
        ("submission.vendor_count, at_most: 3", "submission.vendor_count, at_least: 3", False),
        ("class_size, at_most: '40'", "class_size, at_least: '45'", True),
        ("class_size, at_most: '45'", "class_size, at_least: '40'", False),
        ("weekdays, contains_any: [1]", "weekdays, contains_none: [1]", True),
        ("weekdays, contains_all: [1, 2]", "weekdays, contains_none: [2, 3]", True),
        ("weekdays, contains_any: [1, 2]", "weekdays, contains_none: [2, 3]", False),
    ],
)
def test_rules_of_a_layer_that_cannot_both_be_met_are_told(
    tmp_path: Path, first: str, second: str, against: bool
) -> None:
    """Counts, averages and lists as well: no school could keep to both."""
    each = {"s": "", "c": "each: school_grade\n", "w": "each: session\n"}[first[0]]
    rules = [f"{each}require: {{field: {one}}}" for one in (first, second)]
    assert bool(contradictions(tmp_path / "l", *rules)) is against
