"""Values against the words of their clauses, the way they tighten, and times past midnight."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kehou.authoring.lint import lint

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
SUPPER = "      - {from: '2025-01-01', value: '19:00', ground: A.3-b}\n"


def lint_with(tmp_path: Path, edits: dict[str, list[tuple[str, str]]]) -> list[str]:
    pack = tmp_path / "pack-example"
    shutil.copytree(EXAMPLE, pack)
    for name, changes in edits.items():
        text = (pack / name).read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (pack / name).write_text(text, "utf-8")
    return [" ".join(fault) for fault in lint(str(pack))]


def values(*rows: str) -> dict[str, list[tuple[str, str]]]:
    written = "".join(f"      - {{{row}, ground: A.3-b}}\n" for row in rows)
    return {"pack.yaml": [(SUPPER, written)]}


@pytest.mark.parametrize(
    "row",
    [
        "from: '2025-01-01', value: '19:00'",
        # from another document, and a number of our own: the clause need not say them
        "from: '2025-01-01', value: '19:00'}\n      - {from: '2026-01-01', value: '18:30', "
        "ground: 街道通知（示例）}\n      - {from: '2027-01-01', value: '19:00'",
        # over before the policy holds
        "from: '2024-01-01', to: '2024-12-31', value: '20:00'}\n"
        "      - {from: '2025-01-01', value: '19:00'",
    ],
)
def test_a_value_of_its_clause_is_not_told(tmp_path: Path, row: str) -> None:
    row = row.replace("'20:00'}", "'20:00', ground: A.3-b}").replace(
        "value: '19:00'}\n", "value: '19:00', ground: A.3-b}\n"
    )
    told = lint_with(tmp_path, values(row))
    assert [one for one in told if "引文" in one] == []


def test_each_value_that_the_quote_does_not_say_is_told(tmp_path: Path) -> None:
    told = lint_with(
        tmp_path,
        values(
            "from: '2025-01-01', value: '20:00'",
            "from: '2026-01-01', value: '19:00'",
            "from: '2027-01-01', value: '18:30'",
        ),
    )
    assert [one.partition(" 参数")[2][:45] for one in told if "引文" in one] == [
        " supper_latest_end 自 2025-01-01 起是 20:00，依据 A",
        " supper_latest_end 自 2027-01-01 起是 18:30，依据 A",
    ]


def test_a_quote_in_other_units_says_the_same_number(tmp_path: Path) -> None:
    """60 分钟 is 1 小时; a rule whose title says neither is left alone."""
    told = lint_with(
        tmp_path,
        {"pack.yaml": [("value: 60, ground: A.6-b", "value: 61, ground: A.6-b")]},
    )
    assert all("引文" not in one for one in told), "the clause says about: it has no limit"


RULE = "require: {field: end, at_most: {param: supper_latest_end}}"
AFTER = '            "x-after": "start",\n'


@pytest.mark.parametrize(
    ("rule", "schema", "told"),
    [
        (RULE, "", True),
        (RULE.replace("{param: supper_latest_end}", "'19:00'"), "", True),
        (RULE.replace("{param: supper_latest_end}", "'17:59'"), "", False),
        (
            RULE.replace("at_most: {param: supper_latest_end}", "within: ['10:00', '19:00']"),
            "",
            False,
        ),
        (RULE, AFTER, False),
        (RULE, '            "x-earliest": "10:00",\n', False),
        (RULE + "\nreview:\n  - {when: {field: end, less_than: '06:00'}, reason: 凌晨}", "", False),
        (
            RULE + "\nreview:\n  - {when: {field: end, more_than: '18:50'}, reason: 快到了}",
            "",
            True,
        ),
    ],
)
def test_a_late_limit_on_a_time_that_may_be_past_midnight(
    tmp_path: Path, rule: str, schema: str, told: bool
) -> None:
    found = lint_with(
        tmp_path,
        {
            "meals/meals-supper-end.yaml": [(RULE, rule)],
            "meal-point.schema.json": [(AFTER, schema)],
        },
    )
    assert bool([one for one in found if "0:30" in one]) is told


EARLY = "\nreview:\n  - {when: {field: end, less_than: {param: supper_latest_end}}, reason: 早}"


@pytest.mark.parametrize(
    ("rule", "tighter", "told"),
    [
        (RULE, "higher", True),
        (RULE, "lower", False),
        (
            RULE.replace("require: ", "require:\n  not: ").replace("at_most", "more_than"),
            "higher",
            True,
        ),
        (
            "review:\n  - {when: {field: end, more_than: {param: supper_latest_end}}, reason: 晚}",
            "higher",
            True,
        ),
        (
            "review:\n  - {when: {field: end, more_than: {param: supper_latest_end}}, reason: 晚}",
            "lower",
            False,
        ),
        # once this way, once that: nothing is said
        (
            RULE + EARLY,
            "higher",
            False,
        ),
    ],
)
def test_tighter_the_wrong_way_round(tmp_path: Path, rule: str, tighter: str, told: bool) -> None:
    before = "    tighter: lower\n    values:\n" + SUPPER
    found = lint_with(
        tmp_path,
        {
            "meals/meals-supper-end.yaml": [
                (RULE, rule),
                *(
                    [("message: 晚餐{end}结束，晚于{supper_latest_end}\n", "")]
                    if "require" not in rule
                    else []
                ),
            ],
            "pack.yaml": [(before, before.replace("lower", tighter))],
        },
    )
    assert bool([one for one in found if "收紧是往另一边" in one]) is told, found


MONEY = """
  price_limit:
    title: 每份价格上限
    type: money
    tighter: lower
    values:
      - {from: '2025-01-01', value: %s, ground: A.3-b}
"""


@pytest.mark.parametrize(
    ("quote", "value", "told"),
    [
        ("每人每餐不得超过15元", "15", ""),
        ("每人每餐不得超过15元", "12", "是 12.00元，依据 A.3-b 的引文写的是15元"),
        ("收费每人每餐最高不超过15.50元", "15.5", ""),
        ("一年不得超过10万元", "100000", ""),
        ("一年不得超过10万元", "50000", "是 50000.00元，依据 A.3-b 的引文写的是100000元"),
        ("一年不得超过1.25万元", "12500", ""),
    ],
)
def test_an_amount_of_money_is_held_to_its_quote(
    tmp_path: Path, quote: str, value: str, told: str
) -> None:
    """A school is held to the amount that its clause says, for each person or in 万元 too."""
    old = "晚餐不得晚于19时结束"
    whole = MONEY % value
    edits = {
        "clauses.yaml": [(f"quote: {old}", f"quote: {quote}")],
        "source.txt": [(old, quote)],
        "pack.yaml": [("\nparameters:\n", f"\nparameters:{whole}")],
    }
    found = [one for one in lint_with(tmp_path, edits) if "price_limit 自" in one]
    assert len(found) == bool(told) and all(told in one for one in found)


@pytest.mark.parametrize(
    ("literal", "told"),
    [("2", ""), ("3", "标题写的是2克，require 里写的是 3"), ("'1.5'", "标题写的是2克")],
)
def test_a_number_written_in_a_rule_is_held_to_its_title(
    tmp_path: Path, literal: str, told: str
) -> None:
    edits = {"food/food-salt.yaml": [("{param: salt_limit}", literal)]}
    found = [one for one in lint_with(tmp_path, edits) if "require 里写的是" in one]
    assert len(found) == bool(told) and all(told in one for one in found)


LATER = "晚餐不得晚于19时结束，经街道批准的可以推迟到20:00"


def on_leave(value: str) -> dict[str, list[tuple[str, str]]]:
    """The clause with a leave in its second half, and a value of the parameter."""
    return {
        "source.txt": [("晚餐不得晚于19时结束", LATER)],
        "clauses.yaml": [("晚餐不得晚于19时结束", LATER)],
        "pack.yaml": [(SUPPER, SUPPER.replace("19:00", value))],
    }


def test_a_value_that_the_quote_leads_up_to_is_of_the_quote(tmp_path: Path) -> None:
    """20:00 stands in the clause; a parameter of those who have leave may hold it."""
    assert [one for one in lint_with(tmp_path, on_leave("20:00")) if "引文写的是" in one] == []


def test_a_value_of_neither_half_says_that_a_clause_may_be_split(tmp_path: Path) -> None:
    [told] = [one for one in lint_with(tmp_path, on_leave("20:30")) if "引文写的是" in one]
    assert "拆成两条，各引半句" in told


@pytest.mark.parametrize("tighter", ["lower", "higher"])
def test_a_limit_turned_round_in_a_rule_is_told_at_the_rule(tmp_path: Path, tighter: str) -> None:
    """Turning ``tighter`` as well would only make lint silent: every supper in time would fail."""
    before = "    tighter: lower\n    values:\n" + SUPPER
    rule = "require: {field: end, at_most: {param: supper_latest_end}}"
    edits = {"meals/meals-supper-end.yaml": [(rule, rule.replace("at_most", "at_least"))]}
    if tighter == "higher":
        edits["pack.yaml"] = [(before, before.replace("lower", tighter))]
    found = [one for one in lint_with(tmp_path, edits) if "at_least" in one or "tighter" in one]
    [told] = [one for one in found if "require 写的是不少于（at_least）" in one]
    assert told.startswith("meals/meals-supper-end.yaml:")
    assert "请把运算改成 at_most（参数的 tighter 写 lower）" in told
    assert not any("请改为 tighter" in one for one in found)


def test_a_literal_turned_round_is_told_and_one_that_is_meant_is_not(tmp_path: Path) -> None:
    rule = "require: {field: end, at_most: {param: supper_latest_end}}"
    turned = "require: {field: end, at_least: '19:00'}"
    file = "meals/meals-supper-end.yaml"
    told = lint_with(tmp_path, {file: [(rule, turned)]})
    assert any("require 写的是不少于（at_least）" in one for one in told)
    meant = {
        file: [
            (rule, turned),
            ("id: meals-supper-end\n", "# 与原文不同：示例\nid: meals-supper-end\n"),
        ]
    }
    told = lint_with(tmp_path / "meant", meant)
    assert not any("require 写的是不少于（at_least）" in one for one in told)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("60分钟", "60分钟 不是整数 只写数：60；“分钟”写在 unit 里"),
        ("六十", "六十 不是整数 请写整数，例如 30"),
    ],
)
def test_a_value_with_its_unit_is_told_how_to_be_written(
    tmp_path: Path, value: str, told: str
) -> None:
    edits = {"pack.yaml": [("value: 60, ground: A.6-b", f"value: {value}, ground: A.6-b")]}
    assert any(told in one for one in lint_with(tmp_path, edits))


def test_a_wrong_direction_is_told_beside_a_misspelt_field_of_another_rule(
    tmp_path: Path,
) -> None:
    """One round: whoever mends the one is not told of the other only then."""
    salt = (EXAMPLE / "food" / "food-salt.yaml").read_text("utf-8")
    field = salt.partition("require: {field: ")[2].partition(",")[0]
    edits = {
        "meals/meals-supper-end.yaml": [(RULE, RULE.replace("at_most", "at_least"))],
        "food/food-salt.yaml": [(f"require: {{field: {field},", f"require: {{field: {field}x,")],
    }
    told = lint_with(tmp_path, edits)
    assert any("没有字段" in one and one.startswith("food/food-salt") for one in told), told
    assert any("require 写的是不少于" in one for one in told), told
