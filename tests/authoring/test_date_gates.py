"""A mistyped year makes a rule or a value hold in decades: schools are judged without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kehou.authoring.lint import lint

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
SUPPER = "      - {from: '2025-01-01', value: '19:00', ground: A.3-b}\n"


def told(tmp_path: Path, *edits: tuple[str, str, str], said: str = "") -> list[tuple[str, str]]:
    """(place, message) of what lint tells of days, ``said`` being added to the policy's text."""
    pack = tmp_path / "pack-example"
    shutil.copytree(EXAMPLE, pack)
    for name, old, new in edits:
        text = (pack / name).read_text("utf-8")
        assert text.count(old) == 1, old
        (pack / name).write_text(text.replace(old, new), "utf-8")
    with (pack / "source.txt").open("a", encoding="utf-8") as source:
        source.write(said)
    found = [(place, message) for place, message, _ in lint(str(pack))]
    words = ("起施行", "才有值", "的值自 ", "规则自 ")
    return [one for one in found if any(word in one[1] for word in words)]


@pytest.mark.parametrize(
    ("effective", "message"),
    [("2025-01-01", ""), ("2052-01-01", "写作自 2052-01-01 起施行，原文写的是 2025-01-01")],
)
def test_the_day_of_a_policy_is_the_one_of_its_text(
    tmp_path: Path, effective: str, message: str
) -> None:
    edit = ("pack.yaml", "effective_from: '2025-01-01'", f"effective_from: '{effective}'")
    found = told(tmp_path, edit, said="本办法自2025年1月1日起施行。\n")
    assert bool(message) == any(message == one and "pack.yaml:" in at for at, one in found)


@pytest.mark.parametrize("year", ["2052", "2026"])
def test_a_value_of_a_clause_begins_with_it(tmp_path: Path, year: str) -> None:
    edit = ("pack.yaml", SUPPER, SUPPER.replace("2025", year))
    [(place, message)] = told(tmp_path, edit)
    assert place.startswith("pack.yaml:")
    assert message == (
        f"参数 supper_latest_end 自 {year}-01-01 起才有值，"
        "依据 A.3-b 自 2025-01-01 起施行：以前没有值"
    )


def test_a_later_value_of_another_document_is_told_only_far_away(tmp_path: Path) -> None:
    row = "      - {from: '%s', value: '18:30', ground: 街道通知（示例）}\n"
    assert told(tmp_path / "near", ("pack.yaml", SUPPER, SUPPER + row % "2035-09-01")) == []
    [(_, message)] = told(tmp_path / "far", ("pack.yaml", SUPPER, SUPPER + row % "2102-09-01"))
    assert message == "参数 supper_latest_end 的值自 2102-09-01 起，比规则包里别的日期晚 20 年以上"


def test_a_rule_from_a_far_day_is_told(tmp_path: Path) -> None:
    line = "severity: major\n"
    edit = ("food/food-salt.yaml", line, f"{line}from: '2052-01-01'\n")
    found = told(tmp_path, edit)
    assert [one for one in found if "规则自 2052-01-01 起" in one[1]]


def test_a_day_that_the_text_names_is_right(tmp_path: Path) -> None:
    """原文自己写了以后才起用的，不是写错。"""
    edit = ("pack.yaml", SUPPER, SUPPER.replace("2025", "2026"))
    said = "晚餐的时间自2026年1月1日起执行。\n"
    assert not [one for one in told(tmp_path, edit, said=said) if "才有值" in one[1]]
