"""Paragraphs stand under their headings, and lists after the line that leads in to them."""

from __future__ import annotations

from kehou.documents import Paragraph, paper, sentences
from kehou.readers.blocks import Block, Cell, Kind


def laid(*lines: str) -> list[Paragraph]:
    """The paragraphs of lines of plain text."""
    return list(paper("方案.txt", [Block(Kind.PARAGRAPH, line) for line in lines]).paragraphs)


def test_headings_stand_above_what_is_numbered_below_them() -> None:
    found = laid("课后服务方案", "一、时间", "（一）夏季", "下午五点半。", "二、内容", "做作业。")
    assert [(p.is_heading, p.section) for p in found] == [
        (False, ()),
        (True, ()),
        (True, ("一、时间",)),
        (False, ("一、时间", "(一)夏季")),
        (True, ()),
        (False, ("二、内容",)),
    ]


def test_two_numbers_in_turn_are_no_number_of_a_paragraph() -> None:
    found = laid(
        "一、原则", "自愿。", "二、时间", "一、二年级16:00放学。", "三、四、五年级17:00结束。"
    )
    assert [p.section for p in found[3:]] == [("二、时间",), ("二、时间",)]


def test_short_items_of_a_list_are_no_headings() -> None:
    found = laid("安排如下：", "1.周一讲新课", "2.周二做作业")
    assert [p.is_heading for p in found] == [False, False, False]
    assert [p.lead for p in found] == ["", "安排如下:", "安排如下:"]


def test_a_lead_in_ends_with_its_list() -> None:
    found = laid("严禁下列行为：", "（一）集体补课；", "（二）讲新课。", "每天安排作业辅导。")
    assert [bool(p.lead) for p in found] == [False, True, True, False]


def test_a_label_before_a_text_is_its_heading() -> None:
    [one] = laid("（一）自愿原则。学生自愿参加。")
    assert not one.is_heading and one.text[: one.label] == "(一)自愿原则。"


def test_cells_stand_under_the_heading_of_their_table() -> None:
    blocks = [
        Block(Kind.PARAGRAPH, "一、课表"),
        Block(Kind.CELL, "数学", cell=Cell(1, 1, 1)),
    ]
    cell = paper("方案.docx", blocks).paragraphs[1]
    assert cell.section == ("一、课表",)


def test_sentences_are_not_cut_inside_quotation_marks() -> None:
    text = "文件要求“严禁补课。严禁讲新课。”学校照办;另行通知。"
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "文件要求“严禁补课。严禁讲新课。”学校照办;",
        "另行通知。",
    ]


def test_a_sentence_without_an_end_is_cut_so_that_none_is_long() -> None:
    for text in ("补课," * 5000, "补" * 5000, "“" + "补课," * 5000):
        cut = [text[s.start : s.end] for s in sentences(text)]
        assert "".join(cut) == text
        assert max(map(len, cut)) <= 801


def test_a_quotation_mark_left_open_cuts_nothing_off() -> None:
    text = "校训是“勤奋。每天作业。"
    assert "".join(text[s.start : s.end] for s in sentences(text)) == text
