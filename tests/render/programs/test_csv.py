"""CSV: the 逐项核查表 that a clerk opens in a spreadsheet."""

from __future__ import annotations

import csv as csvlib
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reports_at_limits import FORMULA, odd
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome
from kehou.model.report import Report
from kehou.render.programs import csv

#: A cell that begins with one of these, blanks apart, is worked out by a spreadsheet.
RUN = tuple("=+-@＝＋－＠\t\r")
#: Characters that Excel holds in a cell.
CELL = 32_767


def rows_of(rendered: str) -> list[dict[str, str]]:
    return list(csvlib.DictReader(io.StringIO(rendered.removeprefix("\ufeff"), newline="")))


def test_csv_is_as_agreed(golden_report: Report, same_bytes: Callable[[str, str], None]) -> None:
    same_bytes("every_outcome.csv", csv.render([golden_report]))


def test_excel_takes_it_for_utf_8_and_lines_end_as_rfc_4180_says(golden_report: Report) -> None:
    content = csv.render([golden_report]).encode()
    assert content.startswith(b'\xef\xbb\xbf"')
    assert content.endswith(b"\r\n")
    head = content.decode("utf-8-sig").split("\r\n")[0]
    assert head.startswith(
        '"序号","条款编号","依据原文","核查内容","结论","事实（原文与位置）","缺失材料","严重程度","建议"'
    )


def test_a_row_says_clause_fact_place_and_remedy(golden_report: Report) -> None:
    rows = rows_of(csv.render([golden_report]))
    assert [row["序号"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    by_rule = {row["规则编号"]: row for row in rows}
    row = by_rule["content-no-collective-lesson"]
    assert row["条款编号"] == "E.2-e1"
    assert "严禁利用课后服务时间集体补课" in row["依据原文"]
    assert (row["结论"], row["严重程度"]) == ("不符合", "红线")
    facts = row["事实（原文与位置）"].split("\n")
    assert facts[0] == "周二17:20—18:00：活动为“集体授课”，对象为“全班”（plan.yaml:41:9）"
    assert facts[1].startswith("存疑待核：")
    assert row["建议"].split("\n") == ["请改为自主作业、个别辅导或社团活动", "请写明对象"]
    lacking = by_rule["safety-liability-insurance"]["缺失材料"]
    assert lacking == "校方责任险保单号（safety.insurance.policy_no）"
    assert by_rule["vendor-on-county-list"]["事实（原文与位置）"].startswith("机构备选清单未载入")


def test_rows_of_several_reports_can_be_told_apart() -> None:
    first = report(result(Outcome.PASS), name="甲（示例）", path="甲")
    second = report(result(Outcome.PASS), name="乙（示例）", path="乙")
    rows = rows_of(csv.render([first, second]))
    assert [(row["学校"], row["所查材料"]) for row in rows] == [
        ("甲（示例）", "甲"),
        ("乙（示例）", "乙"),
    ]


@given(
    st.one_of(
        st.text(),
        st.builds(
            lambda blank, mark, rest: blank + mark + rest,
            st.sampled_from(["", " ", "\u3000", "\xa0", "\n", "\u200b", "\ufeff", "\t"]),
            st.sampled_from([*RUN, FORMULA]),
            st.text(),
        ),
    )
)
def test_no_text_becomes_a_formula(text: str) -> None:
    rows = csvlib.reader(
        io.StringIO(csv.render([odd(text or "x")]).removeprefix("\ufeff"), newline="")
    )
    for row in rows:
        assert len(row) == len(csv.COLUMNS)
        for cell in row:
            assert not cell.strip().startswith(RUN)
            assert not cell.startswith(RUN)


def test_a_formula_is_still_to_be_read() -> None:
    told = finding(Outcome.FAIL, message=FORMULA, location=None, remedy="+1")
    (row,) = rows_of(csv.render([report(result(Outcome.FAIL, told))]))
    assert row["事实（原文与位置）"] == "'" + FORMULA
    assert row["建议"] == "'+1"


def test_a_cell_holds_what_excel_can_and_says_how_much_is_left_out(
    crowded_report: Report, long_report: Report
) -> None:
    (row,) = rows_of(csv.render([crowded_report]))
    assert len(row["事实（原文与位置）"]) <= CELL
    *listed, last = row["事实（原文与位置）"].split("\n")
    assert last == f"另有 {5000 - len(listed)} 处，此处写不下"
    for row in rows_of(csv.render([long_report])):
        assert max(map(len, row.values())) <= CELL


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\u202e", "\u2066", "\x85"])
def test_no_control_character_reaches_a_cell(odd_report: Report, char: str) -> None:
    assert char not in csv.render([odd_report])
