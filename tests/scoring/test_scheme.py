"""A bureau's scheme: what it may say, and that every mistake in it is told with its line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from kehou.errors import UsageError
from kehou.fields import validation as jsonschemas
from kehou.readers import read_path
from kehou.scoring import Scheme, scheme_lint
from kehou.scoring.scheme import SchemeError

EXAMPLE = Path(__file__).parents[2] / "docs" / "scheme-example" / "scheme.yaml"

GOOD = """\
format: kehou-scheme/1
id: small
title: 小办法
version: '2022'
packs: [bayannur-2021]
total: 10
not_applicable: within_area
areas: {fee: 6, safety: 4}
grades:
  - {name: 好, from: 8}
  - {name: 差}
indicators:
  - id: one
    title: 免收
    area: fee
    points: 6
    score: {kind: per_failure, deduct: 2, cap: 4}
    rules: [fee-exempt-categories, fee-exempt-treatment]
    clauses: [C.3-c]
  - id: two
    title: 安全
    area: safety
    points: 4
    score:
      kind: bands
      measure: failures
      count: rules
      bands:
        - {up_to: 0, points: 4}
        - {points: 1}
    clauses: [F.4-c]
"""


def load(tmp_path: Path, text: str) -> Scheme:
    path = tmp_path / "scheme.yaml"
    path.write_text(text, "utf-8")
    return scheme_lint.load(str(path))


def faults(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(SchemeError) as caught:
        load(tmp_path, text)
    return caught.value.faults


def test_a_good_scheme_loads_with_the_rules_of_its_clauses(tmp_path: Path) -> None:
    made = load(tmp_path, GOOD)
    assert made.total == 10
    assert made.vetoes == ()
    assert [area.title for area in made.areas] == ["服务收费", "安全"]
    assert made.indicators[0].lowest == 2
    carried = set(made.indicators[1].rules)
    assert {"safety-checks", "safety-food-check"} <= carried
    assert "safety-liability-insurance" not in carried  # it cites F.4-i


def test_advice_earns_no_points_unless_it_is_named(tmp_path: Path) -> None:
    """Severity advice touches no decision; a clause's points must not hang on it in silence."""
    text = GOOD.replace("clauses: [F.4-c]", "clauses: [F.4-c, C.2-b]")
    assert "procedure-supervision-channel" not in load(tmp_path, text).indicators[1].rules


#: (what is written instead of what, the line of the fault, words of its message)
PLANTED = [
    ("total: 10", "total: 11", 6, "各指标合计 10 分，总分写的是 11 分"),
    ("{fee: 6, safety: 4}", "{fee: 7, safety: 4}", 8, "服务收费各指标合计 6 分，写的是 7 分"),
    ("{fee: 6, safety: 4}", "{fee: 6, safty: 4}", 8, "没有方面 safty"),
    ("area: fee", "area: pay", 15, "方面 pay 没有列在 areas 之下"),
    ("fee-exempt-treatment]", "fee-exempt-treatmnt]", 18, "没有规则 fee-exempt-treatmnt"),
    ("fee-exempt-treatment]", "schedule-primary-end]", 18, "schedule-primary-end 不依据所列条款"),
    ("fee-exempt-treatment]", "fee-exempt-categories]", 18, "规则 fee-exempt-categories 写了两次"),
    ("fee-exempt-treatment]", "safety-checks]", 20, "safety-checks 在“免收”、“安全”中重复计分"),
    ("fee-exempt-treatment]", "schedule-pickup-stated]", 18, "不在这个环节"),
    ("[C.3-c]", "[C.3-z]", 19, "没有条款 C.3-z"),
    ("[F.4-c]", "[F.6-a]", 20, "这个指标没有可用的规则"),
    ("deduct: 2", "deduct: 0", 17, "每处扣分要大于 0"),
    ("cap: 4", "cap: 7", 17, "扣分上限应大于 0，且不超过 6"),
    ("cap: 4", "floor: 6", 17, "最低分不能达到分值"),
    ("cap: 4", "ceiling: 4", 17, "不认识的键 ceiling"),
    ("kind: per_failure", "kind: per_fail", 17, "不认识的值 per_fail"),
    ("{up_to: 0, points: 4}", "{up_to: 0, points: 3}", 29, "第一档应得满分 4"),
    ("- {points: 1}", "- {up_to: 3, points: 1}", 30, "最后一档不写 up_to"),
    ("- {points: 1}", "- {points: 4}", 28, "较差的一档得分要较低"),
    ("- {points: 1}", "- {up_to: 0, points: 1}\n        - {points: 0}", 28, "各档要从好到差依次写"),
    ("{name: 差}", "{name: 差, from: 3}", 11, "低于 3 分没有等次"),
    ("{name: 好, from: 8}", "{name: 好, from: 80}", 10, "高于能得的最高分"),
    ("{name: 好, from: 8}", "{name: 好}", 10, "都要写 from"),
    ("{name: 差}", "{name: 中, from: 9}\n  - {name: 差}", 9, "等次要从高到低依次写"),
    ("{name: 差}", "{name: 好}", 9, "等次名称重复"),
    ("id: two", "id: one", 20, "指标编号 one 重复"),
    ("points: 6", "points: 六分", 16, "“六分”不是数"),
    ("points: 6", "points: 6个", 16, "“6个”不是数"),
    ("not_applicable: within_area", "not_applicable: share", 7, "不认识的值 share"),
    ("total: 10", "total: 10\nbonus_limit: 2", 7, "没有加分指标"),
    ("total: 10", "total: 10\ncounted_twice: [safety-checks]", 7, "并没有重复计分"),
    ("total: 10", "total: 10\nvetoes: [{id: v, title: 否, rules: [no-r]}]", 7, "没有规则 no-r"),
    ("total: 10", "total: 10\nvetoes: [{id: one, title: 否}]", 7, "编号 one 与别的指标"),
    ("packs: [bayannur-2021]", "packs: [bayannur-1999]", 5, "规则包 bayannur-1999 用不了"),
    ("format: kehou-scheme/1", "format: kehou-scheme/9", 1, "不认识的格式"),
    ("title: 小办法", "titel: 小办法", 3, "不认识的键 titel"),
]


@pytest.mark.parametrize(("good", "bad", "line", "said"), PLANTED, ids=[p[3][:24] for p in PLANTED])
def test_a_planted_fault_is_told_with_its_line(
    good: str, bad: str, line: int, said: str, tmp_path: Path
) -> None:
    assert good in GOOD
    told = faults(tmp_path, GOOD.replace(good, bad, 1))
    assert [place for place, message, _ in told if said in message] == [f"scheme.yaml:{line}"], told


def test_points_are_read_as_people_write_them(tmp_path: Path) -> None:
    """What people write is read where it has one meaning."""
    made = load(
        tmp_path, GOOD.replace("total: 10", "total: １０分").replace("points: 6", "points: 6 分")
    )
    assert made.total == 10
    assert made.indicators[0].points == 6


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("total: 10", "total: 11").replace("deduct: 2", "deduct: -2")
    assert len(faults(tmp_path, text.replace("[C.3-c]", "[C.3-z]"))) >= 3


def test_counting_twice_is_allowed_where_it_is_declared(tmp_path: Path) -> None:
    written = "rules: [fee-exempt-categories, fee-exempt-treatment]\n    clauses: [C.3-c]"
    text = GOOD.replace(written, "rules: [safety-checks]")
    assert "重复计分" in faults(tmp_path, text)[0][1]
    made = load(tmp_path, text.replace("total: 10", "total: 10\ncounted_twice: [safety-checks]"))
    assert made.counted_twice == ("safety-checks",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1\n",
        "format: kehou-scheme/1\n",
        "indicators: 3\n",
        "areas: []\ngrades: {}\nindicators: [1, {}]\n",
        GOOD.replace("score: {kind: per_failure, deduct: 2, cap: 4}", "score: manual"),
    ],
)
def test_what_is_no_scheme_is_told_and_does_no_harm(text: str, tmp_path: Path) -> None:
    with pytest.raises((SchemeError, UsageError)):
        load(tmp_path, text)


def test_a_scheme_that_is_not_there_is_told_with_the_way_to_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        scheme_lint.load(str(tmp_path / "none.yaml"))
    assert "scheme-example" in caught.value.hint


# --- the schema and the example ------------------------------------------------------------


@pytest.mark.checkout
def test_the_example_loads_is_marked_and_has_no_veto() -> None:
    made = scheme_lint.load(str(EXAMPLE))
    assert made.example
    assert "示例，非标准" in made.title
    assert made.vetoes == ()
    assert made.total == sum((one.points for one in made.regular), Fraction(0)) == 100
    kinds = {one.method.kind for one in made.indicators}
    assert kinds == {"all_pass", "per_failure", "bands", "ratio", "survey", "manual"}
    assert {area.title for area in made.areas} == {
        "服务质量",
        "服务收费",
        "经费使用",
        "劳务发放",
        "人员安排",
        "程序",
        "安全",
    }


@pytest.mark.checkout
def test_the_schema_takes_the_example() -> None:
    assert jsonschemas.validate(read_path(EXAMPLE).tree, "scheme") == []


def test_the_schema_takes_what_loads_and_refuses_what_has_no_form(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(GOOD, "utf-8")
    assert jsonschemas.validate(read_path(path).tree, "scheme") == []
    for good, bad in (
        ("cap: 4", "ceiling: 4"),
        ("kind: per_failure", "kind: per_fail"),
        ("points: 6", "points: 6分"),
        ("total: 10\n", ""),
        ("not_applicable: within_area", "not_applicable: share"),
    ):
        path.write_text(GOOD.replace(good, bad, 1), "utf-8")
        assert jsonschemas.validate(read_path(path).tree, "scheme"), bad


def test_the_same_scheme_as_json_says_the_same(tmp_path: Path) -> None:
    tree = {
        "format": "kehou-scheme/1",
        "id": "small",
        "title": "小办法",
        "version": "2022",
        "packs": ["bayannur-2021"],
        "total": 5,
        "not_applicable": "drop",
        "areas": {"fee": 5},
        "grades": [{"name": "差"}],
        "indicators": [
            {
                "id": "one",
                "title": "手评",
                "area": "fee",
                "points": 5.0,
                "score": {"kind": "manual"},
            }
        ],
    }
    path = tmp_path / "scheme.json"
    path.write_text(json.dumps(tree), "utf-8")
    assert scheme_lint.load(str(path)).indicators[0].points == 5
