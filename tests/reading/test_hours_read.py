"""Times of the service are read from sentences and tables, and no other time becomes one."""

from __future__ import annotations

import pytest
from tests.support.prose import library

from kehou.documents import paper
from kehou.readers.blocks import Block, Cell, Kind
from kehou.reading import run_rows
from kehou.reading.hours_settled import hour_rows
from kehou.reading.lists_read import rows_in
from kehou.reading.rows_cases import RowsCase

LIBRARY = library()
assert LIBRARY.hours is not None


def ends(text: str) -> list[str | None]:
    """The ends read from a text."""
    return [row.get("end") for row in rows_in(text, LIBRARY, "hours.yaml")[0]]


@pytest.mark.parametrize("ran", list(run_rows(LIBRARY)), ids=lambda one: one[1].text[:40])
def test_the_cases_beside_the_words(
    ran: tuple[str, RowsCase, list[dict[str, str]], int],
) -> None:
    _, case, rows, twice = ran
    assert (rows, twice) == ([dict(row) for row in case.rows], case.twice)


SERVICE = "周一至周五16:30—18:40开展课后服务。"


@pytest.mark.parametrize(
    "changed",
    [
        "不得在16:30—18:40开展课后服务。",
        "如16:30—18:40开展课后服务，将追究责任。",
        "是否16:30—18:40开展课后服务？",
        "去年16:30—18:40开展课后服务。",
        "邻校16:30—18:40开展课后服务。",
        "上级文件规定16:30—18:40开展课后服务。",
        "有人提出16:30—18:40开展课后服务，学校没有同意。",
    ],
)
def test_what_is_not_planned_by_the_school_is_no_time_of_its_service(changed: str) -> None:
    assert ends(SERVICE) == ["18:40"]
    assert ends(changed) == []


def test_another_place_in_the_text_changes_no_reading() -> None:
    head = "示例小学课后服务方案"
    safety = "二、安全\n门卫16:00到岗，18:50离岗。"
    assert ends(f"{head}\n{SERVICE}\n{safety}") == ends(f"{head}\n{safety}\n三、时间\n{SERVICE}")


def test_a_merged_cell_heads_all_its_rows() -> None:
    def cell(text: str, row: int, column: int, rows: int = 1) -> Block:
        return Block(Kind.CELL, text, cell=Cell(1, row, column, rows))

    blocks = [
        Block(Kind.PARAGRAPH, "课后服务时间表"),
        cell("学段", 1, 1),
        cell("季节", 1, 2),
        cell("时间", 1, 3),
        cell("小学", 2, 1, 2),
        cell("夏季", 2, 2),
        cell("16:30—18:20", 2, 3),
        cell("冬季", 3, 2),
        cell("16:00—17:50", 3, 3),
    ]
    rows = [row.values for row in hour_rows(paper("", blocks), LIBRARY)]
    assert [(row["level"], row["season"], row["end"]) for row in rows] == [
        ("primary", "summer", "18:20"),
        ("primary", "winter", "17:50"),
    ]


def test_of_three_that_contradict_one_row_is_left_without_an_end() -> None:
    lines = [f"课后服务时间：16:30—{end}。" for end in ("17:30", "18:00", "18:40")]
    rows, twice = rows_in("\n".join(["示例小学课后服务方案", *lines]), LIBRARY, "hours.yaml")
    assert rows == [{"kind": "after_school", "level": "primary"}]
    assert twice == 1


def test_both_places_of_two_ends_are_told_and_neither_is_taken() -> None:
    """A clerk who wrote 17:30 above and 17:45 below is shown both lines."""
    lines = ("一、服务时间", "周一至周五16:20—17:30。", "二、放学", "各班17:45准时结束服务。")
    blocks = [Block(Kind.PARAGRAPH, line) for line in ("示例小学课后服务方案", *lines)]
    (row,) = hour_rows(paper("", blocks), LIBRARY)
    assert "end" not in row.values and row.against is not None
    assert (row.read.paragraph, row.against.paragraph) == (2, 4)


@pytest.mark.parametrize(
    "line",
    [
        "六年级18:30结束课后服务。",
        "家长可以提前接走，最早17:00放学。",
        "值班领导18:00离校。",
        "不参加课后服务的学生15:50放学。",
        "校车17:45发车。",
    ],
)
def test_another_time_elsewhere_does_not_contradict(line: str) -> None:
    blocks = [
        Block(Kind.PARAGRAPH, one)
        for one in ("示例小学课后服务方案", "一、服务时间", "每天16:20—17:30。", "二、其他", line)
    ]
    first = hour_rows(paper("", blocks), LIBRARY)[0]
    assert first.values["end"] == "17:30" and first.against is None


def test_times_of_different_pupils_do_not_contradict() -> None:
    text = "示例小学课后服务方案\n课后服务时间：低年级16:30—17:30，高年级16:30—18:20。"
    assert ends(text) == ["17:30", "18:20"]
