"""A scheme as the bureau writes it: as a workbook with drop-downs, or in YAML in Chinese."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kehou.batch.register import read_register
from kehou.cli.main import main
from kehou.packs import load as load_pack
from kehou.scoring import scheme_lint
from kehou.scoring.scheme import SchemeError
from kehou.scoring.scheme_words import with_ids

pytestmark = pytest.mark.checkout

EXAMPLE = Path(__file__).parents[2] / "docs" / "scheme-example" / "scheme.yaml"
ENGLISH = """\
format: kehou-scheme/1
id: item
title: 课后服务考核评分办法（示例）
version: '2022'
packs: [bayannur-2021]
total: 100
not_applicable: within_area
areas: {quality: 60, fee: 40}
grades: [{name: 优秀, from: 90}, {name: 合格, from: 60}, {name: 不合格}]
indicators:
  - {id: item-1, title: 服务时间, area: quality, points: 30, rules: [schedule-primary-end],
     score: {kind: per_failure, deduct: 2, count: findings}}
  - {id: item-2, title: 家长满意, area: quality, points: 30, score: {kind: survey, full: 100}}
  - {id: item-3, title: 减免, area: fee, points: 40, rules: [fee-exempt-treatment],
     score: {kind: bands, measure: pass_share,
       bands: [{from: 0.9, points: 40}, {from: 0.6, points: 20}, {points: 0}]}}
"""
CHINESE = """\
格式: kehou-scheme/1
编号: item
方案名称: 课后服务考核评分办法（示例）
年度: '2022'
规则包: [bayannur-2021]
满分: 100
不适用: 同一方面承担
方面: {服务质量: 60, 服务收费: 40}
等次: [{等次: 优秀, 起分: 90}, {名称: 合格, 最低分: 60}, {名称: 不合格}]
指标:
  - {编号: item-1, 指标名称: 服务时间, 方面: 服务质量, 分值: 30,
     规则: [小学课后服务结束时间不晚于18:30],
     计分方式: {方式: 按处扣分, 每处扣分: 2, 怎样算一处: 按处}}
  - {编号: item-2, 考核指标: 家长满意, 方面: 服务质量, 分值: 30,
     计分: {方式: 满意度, 得满分的数值: 100%}}
  - {编号: item-3, 名称: 减免, 方面: 服务收费, 满分: 40,
     规则: fee-exempt-treatment,
     计分方式: {方式: 分档, 按什么分档: 符合率,
       各档: [{不低于: 90%, 得分: 40}, {不低于: 60%, 得分: 20}, {得分: 0}]}}
"""


def loaded(file: Path) -> dict[str, Any]:
    """A scheme as it was read, without what depends on the file."""
    scheme = scheme_lint.load(str(file))
    return {name: getattr(scheme, name) for name in scheme.__slots__ if name != "sha256"}


def test_chinese_keys_and_values_read_as_the_english_ones(tmp_path: Path) -> None:
    english, chinese = tmp_path / "en.yaml", tmp_path / "zh.yaml"
    english.write_text(ENGLISH, "utf-8")
    chinese.write_text(CHINESE, "utf-8")
    assert loaded(chinese) == loaded(english)


def test_a_fault_of_a_chinese_scheme_is_told_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "zh.yaml"
    file.write_text(CHINESE.replace("满分: 40", "满分: 四十").replace("年度", "年段"), "utf-8")
    with pytest.raises(SchemeError) as error:
        scheme_lint.load(str(file))
    told = {(place, message) for place, message, _ in error.value.faults}
    assert ("zh.yaml:16", "“四十”不是数") in told
    assert ("zh.yaml:4", "不认识的键 年段") in told


def filled(file: Path) -> None:
    """Fill in an empty scheme as a bureau would."""
    book = load_workbook(file)
    first = book["评分办法"]
    for row in first.iter_rows():
        item = str(row[0].value)
        texts = {"评分办法名称": "课后服务考核评分办法（示例）", "版本": "2022", "编号": "item"}
        if item in texts:
            row[1].value = texts[item]
        if row[0].value == "规则包":
            row[1].value = "bayannur-2021"
    rows: dict[str, list[dict[str, Any]]] = {
        "方面": [
            {"方面名称": "服务质量", "方面分值": 60},
            {"方面名称": "服务收费", "方面分值": 40},
        ],
        "等次": [
            {"等次名称": "优秀", "最低分": 90},
            {"等次名称": "合格", "最低分": 60},
            {"等次名称": "不合格"},
        ],
        "指标": [
            {
                "考核指标": "服务时间",
                "所属方面": "服务质量",
                "分值": 30,
                "计分方式": "按处扣分",
                "每处扣分": 2,
                "规则": "小学课后服务结束时间不晚于18:30",
            },
            {"考核指标": "家长满意", "所属方面": "服务质量", "分值": 30, "计分方式": "按调查数值"},
            {
                "考核指标": "减免",
                "所属方面": "服务收费",
                "分值": 40,
                "计分方式": "分档",
                "按什么分档": "符合率",
                "各档": "不低于90%：10；60%以上：5；其余：0".replace("10", "40").replace(
                    "：5", "：20"
                ),
                "规则": "fee-exempt-treatment",
            },
        ],
    }
    for title, given in rows.items():
        page = book[title]
        head = next(
            r for r in page.iter_rows() if r[0].value in ("方面名称", "等次名称", "考核指标")
        )
        columns = {str(cell.value): int(cell.column or 0) for cell in head}
        for number, values in enumerate(given, int(head[0].row or 0) + 1):
            for heading, value in values.items():
                page.cell(number, columns[heading]).value = value
    book.save(file)


def test_a_filled_workbook_is_the_same_scheme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, english = tmp_path / "评分办法.xlsx", tmp_path / "en.yaml"
    assert main(["form", "--scheme", "-o", str(file)]) == 0
    assert "已写入" in capsys.readouterr().err
    page = load_workbook(file)["指标"]
    offered = [rule.formula1 for rule in page.data_validations.dataValidation]
    assert any("服务质量" in one for one in offered) and any("'条款'!" in one for one in offered)
    filled(file)
    english.write_text(ENGLISH, "utf-8")
    assert loaded(file) == loaded(english)


def test_a_fault_of_a_workbook_names_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "评分办法.xlsx"
    main(["form", "--scheme", "-o", str(file)])
    filled(file)
    book = load_workbook(file)
    cell = next(c for row in book["指标"].iter_rows() for c in row if c.value == 40)
    cell.value = "四十"
    book.save(file)
    with pytest.raises(SchemeError) as error:
        scheme_lint.load(str(file))
    assert (f"评分办法.xlsx!指标!{cell.coordinate}", "“四十”不是数") in [
        (place, message) for place, message, _ in error.value.faults
    ]


def test_a_percentage_is_a_share_only_where_a_share_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "zh.yaml"
    file.write_text(CHINESE, "utf-8")
    bands = scheme_lint.load(str(file)).indicators[2].method.bands
    assert [band.bound for band in bands] == [Fraction(9, 10), Fraction(3, 5), None]
    assert scheme_lint.load(str(file)).indicators[1].method.full == 100


EVERYTHING = (
    ENGLISH.replace(
        "areas:",
        """rounding: {digits: 1, mode: down}
example: true
issuer: 示例教育局
waived: not_applicable
margin: 2.5
bonus_limit: 3
counted_twice: [schedule-primary-end]
vetoes:
  - {id: veto-a, title: 集体补课, rules: [content-no-collective-lesson], effect: 评为不合格}
  - {id: veto-b, title: 安全责任事故}
areas:""",
    )
    .replace("count: findings", "count: findings, cap: 8, floor: -4")
    .replace("[fee-exempt-treatment]", "[fee-exempt-treatment, schedule-primary-end]")
    + """\
  - {id: more, title: 特色做法, area: fee, points: 5, bonus: true, score: {kind: manual},
     criteria: 有特色的加分, evidence: [总结, 照片], note: 由考核组给分, clauses: []}
"""
)


@pytest.mark.parametrize("scheme", [ENGLISH, CHINESE, EVERYTHING, ""])
def test_a_workbook_begins_with_a_scheme_that_there_is(scheme: str, tmp_path: Path) -> None:
    """What stands in last year's is in this year's, to the last choice and id."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.xlsx"
    old.write_text(scheme or EXAMPLE.read_text("utf-8"), "utf-8")
    assert main(["form", "--scheme", "--from", str(old), "-o", str(new)]) == 0
    assert loaded(new) == loaded(old)


def test_a_rule_chosen_by_a_title_with_a_comma_in_it_is_one_rule() -> None:
    tree = {"indicators": [{"rules": ["甲", "乙和丙", "丁", "戊"]}]}
    [row] = with_ids(tree, {}, {"甲、乙和丙": "rule-a", "丁": "rule-b"})["indicators"]
    assert row["rules"] == ["rule-a", "rule-b", "戊"]


def test_a_register_begins_with_the_last_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "名单.csv", tmp_path / "名单.xlsx"
    old.write_text(
        "学校标识码,校名,学段,旗县区,是否应报送,报送截止时间,校长\n"
        "1508020001,红星小学（示例）,小学,临河区,是,2022-03-01,略\n"
        "1508020002,东方红小学（示例）,小学,临河区,否,,略\n",
        "utf-8",
    )
    assert main(["form", "--register", "--from", str(old), "-o", str(new)]) == 0
    assert "校长" in capsys.readouterr().err
    schema = load_pack().schema
    assert read_register(str(new), schema).rows == read_register(str(old), schema).rows


def test_the_register_is_filled_in_by_drop_downs_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "学校名单.xlsx"
    assert main(["form", "--register", "-o", str(file)]) == 0
    book = load_workbook(file)
    page = book.active
    assert page is not None
    head = next(row for row in page.iter_rows() if any(c.value == "学校标识码" for c in row))
    columns = {str(cell.value): int(cell.column or 0) for cell in head}
    offered = "".join(rule.formula1 for rule in page.data_validations.dataValidation)
    assert "临河区" in offered and "是,否" in offered and "小学" in offered
    first = int(head[0].row or 0) + 1
    for number, (code, name) in enumerate([("1508020001", "红星小学（示例）")], first):
        page.cell(number, columns["学校标识码"]).value = code
        page.cell(number, columns["学校名称"]).value = name
        page.cell(number, columns["旗县区"]).value = "临河区"
        page.cell(number, columns["学段"]).value = "小学"
    book.save(file)
    [row] = read_register(str(file), load_pack().schema).rows
    assert (row.id, row.name) == ("1508020001", "红星小学（示例）")
    assert "小学" in row.strata.values() and row.expected


def test_the_two_workbooks_are_not_mixed_with_the_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "a.xlsx")
    assert main(["form", "--scheme", "--register", "-o", file]) == 2
    assert main(["form", "--scheme", "--ask", "-o", file]) == 2
    assert "--scheme" in capsys.readouterr().err


def test_every_alias_of_the_schema_is_of_a_choice_there_is() -> None:
    from kehou.fields import validation

    def choices(node: Any) -> None:
        if isinstance(node, dict):
            if "x-aliases" in node or "x-labels" in node:
                assert {*node.get("x-labels", {}), *node.get("x-aliases", {}).values()} <= {
                    *node["enum"]
                }, json.dumps(node, ensure_ascii=False)
            for child in node.values():
                choices(child)
        elif isinstance(node, list):
            for child in node:
                choices(child)

    choices(validation.load("scheme"))


@pytest.mark.parametrize(
    ("written", "sheet", "wrong", "told"),
    [
        ("服务收费", "方面", "服务费用", "没有方面 服务费用"),
        ("按处扣分", "指标", "按处扣", "不认识的值 按处扣"),
    ],
)
def test_one_wrong_word_is_one_fault(
    tmp_path: Path, written: str, sheet: str, wrong: str, told: str
) -> None:
    """What hangs on it is not told, and what may be written is as the sheet calls it."""
    file = tmp_path / "评分办法.xlsx"
    main(["form", "--scheme", "-o", str(file)])
    filled(file)
    book = load_workbook(file)
    cell = next(c for row in book[sheet].iter_rows() for c in row if c.value == written)
    cell.value = wrong
    book.save(file)
    with pytest.raises(SchemeError) as error:
        scheme_lint.load(str(file))
    ((_, message, hint),) = error.value.faults
    assert message == told
    assert written in hint and not any(c.isascii() and c.isalpha() for c in hint)


def test_what_an_empty_sheet_lacks_is_told_as_the_sheet_calls_it(tmp_path: Path) -> None:
    """「缺少 title」 on a workbook that has no such word."""
    file = tmp_path / "评分办法.xlsx"
    main(["form", "--scheme", "-o", str(file)])
    with pytest.raises(SchemeError) as error:
        scheme_lint.load(str(file))
    told = [message for _, message, _ in error.value.faults]
    assert "缺少“指标”" in told
    assert not any(c.isascii() and c.isalpha() for message in told for c in message)


def test_a_scheme_that_a_bureau_put_its_name_on_is_no_example_any_more(tmp_path: Path) -> None:
    """Its score sheets said “不是任何教育局的办法” beside the name of the bureau."""
    book = tmp_path / "评分办法.xlsx"
    assert main(["form", "--scheme", "--from", str(EXAMPLE), "-o", str(book)]) == 0
    assert scheme_lint.load(str(book)).example is True
    opened = load_workbook(book)
    rows: dict[object, Any] = {
        row[0].value: row[1] for row in opened["评分办法"].iter_rows() if len(row) > 1
    }
    assert rows["示例"].value == "是"
    rows["评分办法名称"].value = "课后服务考核办法"
    rows["制定单位"].value = "某局（示例）"
    opened.save(book)
    assert scheme_lint.load(str(book)).example is False


def test_the_title_above_the_register_of_ours_is_not_told_as_unread(tmp_path: Path) -> None:
    """Every run said of kehou's own workbook what it had not read of it."""
    book = tmp_path / "名单.xlsx"
    assert main(["form", "--register", "-o", str(book)]) == 0
    opened = load_workbook(book)
    sheet = opened.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(c.value == "学校标识码" for c in row))
    columns = {str(cell.value): int(cell.column or 0) for cell in head}
    sheet.cell(int(head[0].row or 0) + 1, columns["学校标识码"]).value = "1508900001"
    opened.save(book)
    assert read_register(str(book), load_pack("bayannur-2021").schema).notes == ()
