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


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ReadError, match="Word 文档"):
        read_text(b"PK\x03\x04 word/document.xml")
    with pytest.raises(ReadError, match="NUL"):
        read_text(b"\xff\x00\x81abc")
