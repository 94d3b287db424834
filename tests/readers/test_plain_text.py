"""A text file is read line by line, in the encodings that people have."""

from __future__ import annotations

import pytest

from kehou.readers import ReadError
from kehou.readers.blocks import Kind
from kehou.readers.plain_text import read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_encoding_of_a_notepad_is_read(encoding: str) -> None:
    text = "一、服务时间\r\n\r\n周一至周五放学后。"
    blocks = read_text(text.encode(encoding)).blocks
    assert [b.text for b in blocks] == ["一、服务时间", "周一至周五放学后。"]


def test_headings_items_and_tables_of_markdown_are_known() -> None:
    text = "# 方案\n- 作业\n| 年级 | 时间 |\n|---|---|\n| 一 | 17:00 |\n"
    blocks = read_text(text.encode()).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        (Kind.HEADING, "方案"),
        (Kind.ITEM, "作业"),
        (Kind.CELL, "年级"),
        (Kind.CELL, "时间"),
        (Kind.CELL, "一"),
        (Kind.CELL, "17:00"),
    ]
    assert blocks[5].cell is not None and blocks[5].cell[:3] == (1, 2, 2)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("年级\t时间\n一\t17:00\n", 4),
        ("项目\t小学\t初中\n早读\t7:50\r\n午休\t\t12:00", 7),
        ("时间如下\n周一\t17:00\n周二\t17:20\n完", 4),
        ("班级：\t姓名：", 0),
        ("季节|起|止\n夏季|16:40|18:50\n", 6),
        ("年级 | 结束\n---|---\n一年级 | 17:00", 4),
        ("学校|班级", 0),
        ("\t段首缩进\n\t又一段", 0),
        ("标题\t\n正文\t", 0),
    ],
)
def test_lines_with_tabs_or_bars_one_after_the_other_are_a_table(text: str, cells: int) -> None:
    blocks = read_text(text.encode()).blocks
    assert sum(block.kind is Kind.CELL for block in blocks) == cells


def test_the_columns_of_a_table_with_tabs_keep_their_places() -> None:
    blocks = read_text("项目\t小学\t初中\n午休\t\t12:00".encode()).blocks
    assert blocks[-1].cell is not None and blocks[-1].cell[:3] == (1, 2, 3)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ReadError, match="Word 文档"):
        read_text(b"PK\x03\x04 word/document.xml")
    with pytest.raises(ReadError, match="NUL"):
        read_text(b"\xff\x00\x81abc")
