"""The workbook in which a clerk filters the 逐项核查表."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.render.programs.test_csv import CELL, RUN
from tests.render.test_counts import SUGGESTED, WORDS, Counts, counted, from_json, reports, written
from tests.render.test_limits import OBEYED
from tests.support.office import ACROSS, printed
from tests.support.reports_at_limits import FORMULA, odd
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.render.office import xlsx
from kehou.render.programs import csv

HEADS = [
    *("序号", "条款编号", "依据原文", "核查内容", "结论"),
    *("事实（原文与位置）", "缺失材料", "严重程度", "建议"),
]
SHEETS = {
    "zh": ["逐项核查表", "缺失材料", "逐处事实", "规则集与参数"],
    "en": ["Every rule", "Missing evidence", "Every place", "Rules and parameters"],
}


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def rows(content: bytes, sheet: str = "逐项核查表") -> list[dict[str, Any]]:
    head, *body = opened(content)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def from_xlsx(content: bytes) -> Counts:
    told = rows(content)
    rules = [row for row in told if row["规则编号"]]
    firm = Counter(
        WORDS[row["结论"].partition("（")[0]] for row in rules if row["严重程度"] != "建议"
    )
    advised = [WORDS[row["结论"].partition("（")[0]] for row in rules if row["严重程度"] == "建议"]
    advice = sum(outcome in SUGGESTED for outcome in advised)
    return counted(firm, advice, len(told) - len(rules))


def test_the_table_says_what_the_csv_says(golden_report: Report) -> None:
    text = csv.render([golden_report]).removeprefix("\ufeff")
    from csv import reader

    wanted = list(reader(io.StringIO(text, newline="")))
    head, *body = opened(xlsx.render([golden_report])).worksheets[0].iter_rows(values_only=True)
    assert list(head) == wanted[0]
    assert [[str(v) if v is not None else "" for v in row] for row in body] == wanted[1:]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_have_heads_filters_and_print_on_a4_across(
    golden_report: Report, language: str
) -> None:
    book = opened(xlsx.render([golden_report], language))
    assert book.sheetnames == SHEETS[language]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.alignment.wrap_text or cell.data_type == "n"
                assert sheet.column_dimensions[cell.column_letter].width >= 6
    if language == "zh":
        assert [c.value for c in book.worksheets[0][1]][:9] == HEADS
        assert "供人工复核" in book.worksheets[0].oddFooter.center.text


def test_what_is_missing_stands_on_a_sheet_of_its_own(golden_report: Report) -> None:
    (row,) = rows(xlsx.render([golden_report]), "缺失材料")
    assert row["缺失的材料"] == "校方责任险保单号"
    assert row["填写项"] == "safety.insurance.policy_no"
    assert row["可判定项数"] == 2
    assert "safety-liability-insurance" in row["可判定的规则"]


def test_each_place_has_a_row(golden_report: Report, crowded_report: Report) -> None:
    told = rows(xlsx.render([golden_report]), "逐处事实")
    findings = [f for r in golden_report.results for f in r.findings]
    assert [row["事实"] for row in told] == [f.message for f in findings]
    assert (told[0]["位置"], told[0]["原文"]) == ("plan.yaml:41:9", "    活动: 集体授课")
    assert len(rows(xlsx.render([crowded_report]), "逐处事实")) == 5000


def test_the_grounds_hold_hashes_and_parameters(golden_report: Report) -> None:
    values = {row["内容"] for row in rows(xlsx.render([golden_report]), "规则集与参数")}
    assert {"a" * 64, "b" * 64, "c" * 64, "d" * 64, "18:30", "45"} <= values


@settings(max_examples=15)
@given(reports())
def test_any_report_is_counted_as_in_json(checked: Report) -> None:
    assert from_xlsx(xlsx.render([checked])) == from_json(written("json", checked))


def test_the_same_report_gives_the_same_bytes_and_no_time(golden_report: Report) -> None:
    content = xlsx.render([golden_report, golden_report])
    assert content == xlsx.render([replace(golden_report), replace(golden_report)])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = package.read("docProps/core.xml").decode()
    assert "created" not in about
    assert "modified" not in about


def test_rows_of_several_schools_can_be_told_apart() -> None:
    first = report(result(Outcome.PASS), name="甲（示例）", path="甲")
    second = report(result(Outcome.PASS), name="乙（示例）", path="乙")
    content = xlsx.render([first, second])
    told = rows(content)
    assert [(r["序号"], r["学校"], r["所查材料"]) for r in told] == [
        (1, "甲（示例）", "甲"),
        (2, "乙（示例）", "乙"),
    ]
    assert opened(content).worksheets[0].print_area.endswith("$L$3")


@settings(max_examples=25)
@given(
    st.one_of(
        st.text(min_size=1),
        st.builds(str.__add__, st.sampled_from([*RUN, FORMULA, "#N/A", " =", "\n="]), st.text()),
    )
)
def test_no_text_becomes_a_formula(text: str) -> None:
    for sheet in opened(xlsx.render([odd(text)])).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                if isinstance(cell.value, str) and cell.value.strip().startswith(RUN):
                    assert cell.quotePrefix


def test_a_formula_is_still_to_be_read() -> None:
    told = finding(Outcome.FAIL, message=FORMULA, location=None, remedy="+1")
    (row,) = rows(xlsx.render([report(result(Outcome.FAIL, told))]))
    assert (row["事实（原文与位置）"], row["建议"]) == (FORMULA, "+1")


def test_odd_texts_are_shown_and_not_obeyed(odd_report: Report) -> None:
    content = xlsx.render([odd_report])
    cells = [
        str(value)
        for sheet in opened(content).worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
    ]
    assert not [cell for cell in cells if OBEYED.search(cell) or "\r" in cell]
    assert any("<a b='c'>&amp;" in cell for cell in cells)


def test_a_text_cannot_smuggle_a_character_in_excel_s_own_escape() -> None:
    cells = [
        cell for row in rows(xlsx.render([odd("甲_x202E_乙_x0007_")])) for cell in row.values()
    ]
    shown = [cell for cell in cells if isinstance(cell, str) and "甲" in cell]
    assert shown
    for cell in shown:
        assert "甲_x005F_x202E_乙_x005F_x0007_" in cell
        assert not re.search("(?<!_x005F)_x(202E|0007)_", cell)


def test_a_cell_holds_what_excel_can(crowded_report: Report, long_report: Report) -> None:
    (row,) = rows(xlsx.render([crowded_report]))
    *listed, last = row["事实（原文与位置）"].split("\n")
    assert last == f"另有 {5000 - len(listed)} 处，此处写不下"
    for content in (xlsx.render([crowded_report]), xlsx.render([long_report])):
        for sheet in opened(content).worksheets:
            for values in sheet.iter_rows(values_only=True):
                assert max(len(str(value)) for value in values) <= CELL
            heights = [dimension.height or 0 for dimension in sheet.row_dimensions.values()]
            assert max(heights, default=0) <= 409


def test_five_thousand_rules_are_all_there() -> None:
    many = [result(Outcome.PASS, rule=f"rule-{n}", severity=Severity.MAJOR) for n in range(5000)]
    assert len(rows(xlsx.render([report(*many)]))) == 5000


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
def test_libreoffice_prints_it_on_a4(
    golden_report: Report, tmp_path: Path, program: Callable[[str], str]
) -> None:
    told = finding(Outcome.FAIL, message=FORMULA, location=None, remedy="甲_x0041_乙")
    results = (*golden_report.results, result(Outcome.FAIL, told))
    file = tmp_path / "核查表.xlsx"
    file.write_bytes(xlsx.render([replace(golden_report, results=results)]))
    pages = printed(file, program)
    assert {page.size for page in pages} == {ACROSS}
    for page in pages:
        assert "供人工复核，不作为行政决定" in page.text
    whole = "".join(page.text for page in pages)
    for sheet in SHEETS["zh"]:
        assert sheet in whole
    for word in (
        "条款编号",
        "依据原文",
        "不符合",
        "小学课后服务结束时间不晚于18:30",
        "safety.insurance",
    ):
        assert word in whole
    assert FORMULA.replace(" ", "") in whole, "shown and not worked out"
    assert "甲_x0041_乙" in whole
