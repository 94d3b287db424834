"""A layer with rules, clauses and values of its own document, and rules that it switches off.

The base is docs/pack-example, copied beside the layer. What a county's rule finds, and what is no
longer asked, must say by whose word.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.checking import CheckOptions, check
from kehou.errors import PackError
from kehou.model.outcomes import Outcome

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
HEAD = "id: county\ntitle: 某街道补充规定（示例）\nversion: '1'\noverlay: pack-example\n"
RULE = {
    "pack.yaml": HEAD
    + """\
citation: 《补充规定》
parameters:
  lunch_latest_end:
    title: 午餐最晚结束时间
    type: time
    tighter: lower
    values:
      - {from: '2025-01-01', value: '13:00', ground: S.2}
""",
    "source.txt": """\
某街道补充规定（示例）
第一条 本规定适用于助餐点。
第二条 午餐不得晚于13时结束。
""",
    "clauses.yaml": """\
clauses:
  - id: S.2
    citation: 第二条
    quote: 午餐不得晚于13时结束
    modality: LIMIT
    addressee: 助餐点
    status: automated
no_norm:
  - {quote: 第一条, reason: 适用范围}
""",
    "meals/meals-lunch-end.yaml": """\
id: meals-lunch-end
title: 午餐不晚于13时结束
clauses: [S.2]
severity: major
stages: [approval]

each: sitting
when: {field: meal, is: lunch}
require: {field: end, at_most: {param: lunch_latest_end}}

message: 午餐{end}结束，晚于{lunch_latest_end}
remedy: 请将午餐结束时间调整到{lunch_latest_end}以前
""",
    "meals/meals-lunch-end.test.yaml": """\
rule: meals-lunch-end
base: ../base.yaml
cases:
  - name: 13时结束，符合
    set: {/sittings/0/end: '13:00'}
    expect: {pass: [/sittings/0]}
  - name: 13时1分结束，不符合
    set: {/sittings/0/end: '13:01'}
    expect: {fail: [/sittings/0]}
  - name: 没有写，材料不足
    drop: [/sittings/0/end]
    expect: {insufficient: [/sittings/0]}
  - name: 晚餐不按这一条
    expect: {not_applicable: [/sittings/1]}
""",
}


def layer(tmp_path: Path, files: Mapping[str, str]) -> str:
    shutil.copytree(EXAMPLE, tmp_path / "pack-example")
    for name, text in files.items():
        path = tmp_path / "county" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(tmp_path / "county")


def test_a_layer_adds_a_rule_with_a_clause_and_a_value_of_its_own(tmp_path: Path) -> None:
    county = layer(tmp_path, RULE)
    assert lint(county) == []
    pack = packs.load(county)
    clause = pack.clauses["S.2"]
    assert clause.citation == "《补充规定》第二条"
    assert pack.source[clause.offset :].startswith(clause.quote)
    ran = run_cases.run(county, ["meals-lunch-end"], "direct")
    assert (ran.passed, ran.failures) == (4, [])
    late = tmp_path / "late.yaml"
    good = EXAMPLE.joinpath("examples", "compliant.yaml").read_text(encoding="utf-8")
    late.write_text(good.replace("结束时间: '12:30'", "结束时间: '13:10'"), encoding="utf-8")
    report = check(str(late), CheckOptions(packs=(county,), engine="direct"))
    [result] = [r for r in report.results if r.rule == "meals-lunch-end"]
    found = [f for f in result.findings if f.outcome is not Outcome.NOT_APPLICABLE]
    assert [f.outcome for f in found] == [Outcome.FAIL]
    assert "13:00" in found[0].message
    shown = command_line.here("explain", "meals-lunch-end", "--pack", county)[1]
    assert "pack-example → county" in shown and "《补充规定》第二条" in shown


def test_what_is_wrong_in_a_layer_is_told_of_the_layer_alone(tmp_path: Path) -> None:
    wrong = {**RULE, "meals/meals-lunch-end.yaml": RULE["meals/meals-lunch-end.yaml"]}
    wrong["meals/meals-lunch-end.yaml"] = wrong["meals/meals-lunch-end.yaml"].replace(
        "field: end", "field: edn"
    )
    wrong["meals/meals-lunch-end.test.yaml"] = RULE["meals/meals-lunch-end.test.yaml"].replace(
        "[/sittings/1]", "[/sittings/9]"
    )
    told = [place for place, _, _ in lint(layer(tmp_path, wrong))]
    assert told == ["meals/meals-lunch-end.yaml:9", "meals/meals-lunch-end.test.yaml:14"]


def test_a_rule_of_the_base_cannot_be_written_over(tmp_path: Path) -> None:
    text = EXAMPLE.joinpath("food", "food-salt.yaml").read_text(encoding="utf-8")
    county = layer(tmp_path, {"pack.yaml": HEAD, "food/food-salt.yaml": text})
    assert any("下层已有规则 food-salt" in message for _, message, _ in lint(county))


def test_a_rule_is_switched_off_by_authority_and_it_shows(tmp_path: Path) -> None:
    off = HEAD + "off:\n  food-salt: {authority: 某街道2025年第3号通知（示例）}\n"
    county = layer(tmp_path, {"pack.yaml": off})
    assert lint(county) == []
    pack = packs.load(county)
    assert "food-salt" not in pack.rules
    assert "food-salt" in pack.used[-1].title
    shown = command_line.here("explain", "food-salt", "--pack", county)[1]
    assert "停用" in shown and "某街道2025年第3号通知（示例）" in shown


def test_a_rule_is_switched_off_from_a_day_on(tmp_path: Path) -> None:
    off = "off:\n  food-salt: {authority: 某街道通知（示例）, from: '2025-09-01'}\n"
    county = layer(tmp_path, {"pack.yaml": HEAD + off})
    pack = packs.load(county)
    assert pack.rules["food-salt"].valid_to == "2025-08-31"
    paper = str(EXAMPLE / "examples" / "compliant.yaml")
    for as_of, shown in (("2025-08-31", False), ("2025-09-01", True)):
        report = check(paper, CheckOptions(packs=(county,), engine="direct", as_of=as_of))
        title = report.packs.used[-1].title
        assert ("停用 1 条规则：food-salt" in title) is shown
        told = [note for note in report.packs.notes if "food-salt" in note]
        assert bool(told) is shown
        assert not shown or "某街道补充规定（示例）自2025-09-01起停用" in told[0]
        assert not shown or "依据某街道通知（示例）" in told[0]


VALUE = """\
citation: 《补充规定》
parameters:
  supper_latest_end:
    values:
      - {from: '2025-01-01', value: '18:30', ground: S.2, authority: 某街道通知（示例）}
  delivery_minutes:
    values:
      - {from: '2025-01-01', value: 50, ground: S.3}
"""
CITED = {
    "pack.yaml": HEAD + VALUE,
    "source.txt": "第一条 晚餐不得晚于18时30分结束。\n第二条 送餐不得超过50分钟。\n",
    "clauses.yaml": """\
clauses:
  - id: S.2
    citation: 第一条
    quote: 晚餐不得晚于18时30分结束
    modality: LIMIT
    addressee: 助餐点
    status: manual
    reason: 数值用于下层的规则
  - id: S.3
    citation: 第二条
    quote: 送餐不得超过50分钟
    modality: LIMIT
    addressee: 助餐点
    status: manual
    reason: 数值用于下层的规则
no_norm: []
""",
}


def test_a_value_of_a_layer_is_told_with_the_words_of_its_document(tmp_path: Path) -> None:
    """A school reads which document says so, not the number that the layer gave its sentence."""
    county = layer(tmp_path, CITED)
    assert lint(county) == []
    late = tmp_path / "late.yaml"
    good = EXAMPLE.joinpath("examples", "compliant.yaml").read_text(encoding="utf-8")
    assert "结束时间: '18:30'" in good
    late.write_text(good.replace("结束时间: '18:30'", "结束时间: '18:40'"), encoding="utf-8")
    report = check(str(late), CheckOptions(packs=(county,), engine="direct"))
    [result] = [r for r in report.results if r.rule == "meals-supper-end"]
    [found] = [f for f in result.findings if f.outcome is Outcome.FAIL]
    assert "（18:30依据《补充规定》第一条：“晚餐不得晚于18时30分结束”）" in found.message
    [used] = [p for p in report.packs.parameters if p.name == "supper_latest_end"]
    cited = "S.2 《补充规定》第一条：“晚餐不得晚于18时30分结束”；某街道通知（示例）"
    assert used.ground == cited


def test_a_value_that_is_not_yet_in_force_is_told(tmp_path: Path) -> None:
    """Whoever checks last year's paper sees why the county's value is not in the report."""
    later = CITED["pack.yaml"].replace("'2025-01-01', value: 50", "'2026-01-01', value: 50")
    county = layer(tmp_path, {**CITED, "pack.yaml": later})
    paper = str(EXAMPLE / "examples" / "compliant.yaml")
    for as_of, told in (("2025-06-01", True), ("2026-01-01", False)):
        report = check(paper, CheckOptions(packs=(county,), engine="direct", as_of=as_of))
        note = "的“送餐时限”自2026-01-01起有效，适用日期2025-06-01还没有到"
        assert any(note in one for one in report.packs.notes) is told


def test_a_document_beside_a_tighter_value_is_not_told_as_loosening(tmp_path: Path) -> None:
    county = layer(tmp_path, CITED)
    shown = command_line.here("explain", "meals-supper-end", "--pack", county)[1]
    assert "放宽" not in shown and "另据：某街道通知（示例）" in shown


def test_a_vague_word_that_a_layer_decides_has_no_other_reading(tmp_path: Path) -> None:
    """Sixty minutes may be read as 75 below; where a layer says 50 it is 50."""
    county = layer(tmp_path, CITED)
    pack, below = packs.load(county), packs.load(str(tmp_path / "pack-example"))
    for reading in ("strict", "lenient"):
        assert pack.in_force("2025-06-01", reading)["delivery_minutes"].value == 50
    assert below.in_force("2025-06-01", "lenient")["delivery_minutes"].value == 75
    told = VALUE + "    readings: {word: 左右, clauses: [S.3], lenient: 55}\n"
    county_file = tmp_path / "county" / "pack.yaml"
    county_file.write_text(HEAD + told, encoding="utf-8")
    assert lint(county) == []
    assert packs.load(county).in_force("2025-06-01", "lenient")["delivery_minutes"].value == 55
    county_file.write_text(HEAD + told.replace("lenient: 55", "lenient: 45"), encoding="utf-8")
    assert ["从宽的值比现在的严" in message for _, message, _ in lint(county)] == [True]


def test_the_ground_of_a_layers_value_is_a_clause_that_there_is(tmp_path: Path) -> None:
    wrong = {**CITED, "pack.yaml": CITED["pack.yaml"].replace("ground: S.3", "ground: S.9")}
    [(place, message, _)] = lint(layer(tmp_path, wrong))
    assert place.startswith("pack.yaml:12") and "依据 S.9 不是条款编号" in message


@pytest.mark.parametrize(
    ("off", "message"),
    [
        ("food-salt: {reason: 不合用}", "缺少 authority"),
        ("food-slat: {authority: 某街道通知（示例）}", "没有规则 food-slat"),
        ("staff-certificate: {authority: 某街道通知（示例）}", "mandatory"),
    ],
)
def test_a_rule_is_not_switched_off_otherwise(tmp_path: Path, off: str, message: str) -> None:
    county = layer(tmp_path, {"pack.yaml": f"{HEAD}off:\n  {off}\n"})
    told = lint(county)
    assert len(told) == 1 and message in told[0][1]
    with pytest.raises(PackError):
        packs.load(county)


def test_authority_stands_beside_the_value_that_it_loosens(tmp_path: Path) -> None:
    values = """\
parameters:
  supper_latest_end:
    values:
      - {from: '2025-01-01', value: '19:30', ground: 第三条, authority: 某区2025年第1号文（示例）}
  salt_limit:
    values:
      - {from: '2025-01-01', value: '3', ground: 第四条}
"""
    county = layer(tmp_path, {"pack.yaml": HEAD + values})
    told = lint(county)
    assert [place for place, _, _ in told] == ["pack.yaml:11"], told
    assert "下层是 2，这里是 3" in told[0][1]
    path = Path(county) / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("value: '3'", "value: '1'"), "utf-8")
    assert packs.load(county).parameters["supper_latest_end"].values[-1].value == 19 * 60 + 30
    shown = command_line.here("explain", "meals-supper-end", "--pack", county)[1]
    assert "某区2025年第1号文（示例）" in shown


ASKED = """\
citation: 《补充规定》
references:
  dishes.meal: {area: food, clauses: [S.2], severity: major, outcome: fail}
agree:
  dish-soft: {each: dish, by: name, one: soft, area: food}
"""
OWN = {
    "pack.yaml": HEAD + ASKED,
    "source.txt": RULE["source.txt"].replace(
        "午餐不得晚于13时结束", "菜单上的一餐必须是供应的一餐"
    ),
    "clauses.yaml": RULE["clauses.yaml"]
    .replace("午餐不得晚于13时结束", "菜单上的一餐必须是供应的一餐")
    .replace("LIMIT", "MUST"),
    "food/ref-dishes-meal.test.yaml": """\
rule: ref-dishes-meal
base: ../base.yaml
cases:
  - name: 菜单上的都是供应的一餐，符合
    expect: {pass: [/dishes/0, /dishes/1]}
  - name: 菜单上有早餐，没有供应，不符合
    set: {/dishes/0/meal: breakfast}
    expect: {fail: [/dishes/0]}
  - name: 没有写是哪一餐，材料不足
    drop: [/dishes/0/meal]
    expect: {insufficient: [/dishes/0]}
  - name: 巡查时，菜没有写是哪一餐，不适用
    stage: inspection
    drop: [/dishes/0/meal]
    expect: {not_applicable: [/dishes/0], pass: [/dishes/1]}
""",
    "food/conflict-dish-soft.test.yaml": """\
rule: conflict-dish-soft
base: ../base.yaml
cases:
  - name: 同一个菜两处都写软烂，符合
    set: {/dishes/1/name: 清蒸鱼, /dishes/1/soft: true}
    expect: {pass: [/dishes/0, /dishes/1]}
  - name: 同一个菜一处写软烂、一处写不软烂，存疑
    set: {/dishes/1/name: 清蒸鱼}
    expect: {review: [/dishes/0, /dishes/1]}
  - name: 没有写菜名，不比较；也许就是另一个，材料不足
    drop: [/dishes/0/name]
    expect: {not_applicable: [/dishes/0], insufficient: [/dishes/1]}
""",
}


def without_references(tmp_path: Path, files: Mapping[str, str]) -> str:
    """A layer over the example less what it asks itself of what dishes name."""
    county = layer(tmp_path, files)
    base = tmp_path / "pack-example"
    text = base.joinpath("pack.yaml").read_text("utf-8")
    entry = "references:\n  dishes.meal: {area: food}\n"
    assert entry in text
    base.joinpath("pack.yaml").write_text(text.replace(entry, ""), "utf-8")
    base.joinpath("food", "ref-dishes-meal.test.yaml").unlink()
    return county


def test_a_layer_holds_tables_and_statements_against_each_other(tmp_path: Path) -> None:
    county = without_references(tmp_path, OWN)
    assert lint(county) == []
    ran = run_cases.run(county, ["ref-dishes-meal", "conflict-dish-soft"], "direct")
    assert (ran.passed, ran.failures) == (7, [])
    shown = command_line.here("explain", "conflict-dish-soft", "--pack", county)[1]
    assert "county" in shown
    text = EXAMPLE.joinpath("examples", "compliant.yaml").read_text(encoding="utf-8")
    late = tmp_path / "late.yaml"
    late.write_text(text.replace("餐次: 晚餐", "餐次: 早餐", 1), encoding="utf-8")
    report = check(str(late), CheckOptions(packs=(county,)))
    assert {r.rule for r in report.results} >= {"ref-dishes-meal", "conflict-dish-soft"}


def test_what_the_base_asks_already_is_told_where_the_layer_asks_it(tmp_path: Path) -> None:
    told = lint(layer(tmp_path, {"pack.yaml": HEAD + "references:\n  dishes.meal: {}\n"}))
    assert [place for place, _, _ in told] == ["pack.yaml:6"], told
    assert "下层已有规则 ref-dishes-meal" in told[0][1]


@pytest.mark.parametrize(("more", "told"), [((), True), (("--pack", "national-2023"), False)])
def test_a_pack_that_a_bare_check_would_use_is_told_where_a_layer_is_named(
    tmp_path: Path, more: tuple[str, ...], told: bool
) -> None:
    """With the county's layer alone the notice of 2023 would fall away unseen."""
    county = tmp_path / "county"
    county.mkdir()
    head = HEAD.replace("pack-example", "bayannur-2021")
    off = "off:\n  content-homework-goal: {authority: 某市教育局通知（示例）}\n"
    (county / "pack.yaml").write_text(head + off, encoding="utf-8")
    plan = str(EXAMPLE.parents[1] / "examples" / "primary-compliant")
    told_as = []
    for as_of in ("2022-03-01", "2024-03-01"):
        asked = ("check", plan, "-q", "--engine", "direct", "--as-of", as_of)
        _, _, error = command_line.here(*asked, "--pack", str(county), *more)
        told_as.append("另有规则包 national-2023 有效，这次没有用" in error)
    assert told_as == [False, told]
