"""A fee that a plan states several times is one: no school is told that it charges thrice."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from docx import Document as new_document

from kehou import load_pack
from kehou.reading import read_prose

TITLE = "示例镇中心小学2021年秋季学期课后服务实施方案"
HEADS = ("年级", "时间", "内容", "收费")
LOWER, UPPER = ("一、二年级", "15:50—16:50"), ("三至六年级", "16:20—18:10")


def fees(rows: Sequence[Sequence[str]], *lines: str) -> list[tuple[str, str]]:
    """(name, amount) of each fee read from a plan in Word with a table and lines below it."""
    made = new_document()
    made.add_paragraph(TITLE)
    table = made.add_table(rows=0, cols=len(HEADS))
    for row in (HEADS, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in lines:
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    tree = read_prose("方案.docx", held.getvalue(), load_pack("bayannur-2021").schema).tree
    return [(str(one["name"]), str(one["amount"])) for one in tree["fee"]["items"]]


def tiers(low: str, high: str) -> list[tuple[str, ...]]:
    """The table of the second stranger's plan: two tiers, contents in a column of their own."""
    return [
        (*LOWER, "作业辅导", f"每生每月{low}元"),
        (*UPPER, "作业辅导、社团活动", f"每生每月{high}元"),
    ]


def test_a_fee_in_two_rows_and_once_below_is_one_fee() -> None:
    """60 yuan a month are 300 a term, not 900: three times the same is no charge over the limit."""
    below = "课后服务费按月收取，收费标准为每生每月60元。"
    assert fees(tiers("60", "60"), below) == [("课后服务费", "60")]


def test_two_tiers_say_whose_they_are() -> None:
    """Nobody adds up what no pupil pays together, or asks for a fee that the plan does not have."""
    low, high = "课后服务费（一、二年级）", "课后服务费（三至六年级）"
    assert fees(tiers("40", "60"), "收费按月收取。") == [(low, "40"), (high, "60")]


@pytest.mark.parametrize("other", ["社团活动费每生每月60元。", "寄宿生每生每月收费60元。"])
def test_another_fee_of_the_same_amount_stays_a_fee(other: str) -> None:
    """What parents pay besides is not lost because it is as much."""
    found = fees(tiers("60", "60"), "课后服务费为每生每月60元。", other)
    assert len(found) == 2
    assert {amount for _, amount in found} == {"60"}
