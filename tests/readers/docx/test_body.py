"""A Word document's text is read once, in order, with its numbers and its tables."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document as new_document

from kehou.readers import ReadError
from kehou.readers.blocks import Block, Kind
from kehou.readers.docx import read_docx

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def packed(body: str, **parts: str) -> bytes:
    """A .docx with this body in XML, and further parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}" xmlns:mc="m"><w:body>{body}</w:body></w:document>',
        )
        for name, text in parts.items():
            made.writestr(name, text)
    return held.getvalue()


def written(document: Any) -> bytes:
    """The bytes of a document of python-docx."""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def shown(data: bytes) -> list[str]:
    """The blocks as a reader sees them."""
    return [block.shown for block in read_docx(data).blocks]


def p(text: str) -> str:
    """A paragraph in XML."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_items_and_cells_come_in_order_with_their_numbers() -> None:
    made = new_document()
    made.add_heading("一、时间", 1)
    made.add_paragraph("每天两节。")
    made.add_paragraph("作业", style="List Number")
    made.add_paragraph("社团", style="List Number")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "年级", "时间"
    made.sections[0].header.paragraphs[0].text = "页眉"
    blocks = read_docx(written(made)).blocks
    assert [(b.kind, b.shown) for b in blocks] == [
        (Kind.HEADING, "一、时间"),
        (Kind.PARAGRAPH, "每天两节。"),
        (Kind.ITEM, "1.作业"),
        (Kind.ITEM, "2.社团"),
        (Kind.CELL, "年级"),
        (Kind.CELL, "时间"),
        (Kind.FURNITURE, "页眉"),
    ]
    assert [b.cell and b.cell[:3] for b in blocks][4:6] == [(1, 1, 1), (1, 1, 2)]


def test_merged_cells_tell_what_they_cover() -> None:
    made = new_document()
    table = made.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "年级"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "时间"
    table.cell(1, 2).text = "17:30"
    cells = {b.text: b.cell for b in read_docx(written(made)).blocks}
    assert cells == {"年级": (1, 1, 1, 2, 1), "时间": (1, 1, 2, 1, 2), "17:30": (1, 2, 3, 1, 1)}


def test_what_tracked_changes_took_out_is_not_read_and_what_they_put_in_is() -> None:
    body = (
        "<w:p><w:r><w:t>下午</w:t></w:r>"
        "<w:del><w:r><w:delText>六点半</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>六点</w:t></w:r></w:ins></w:p>"
    )
    assert shown(packed(body)) == ["下午六点"]


def test_a_text_box_is_read_once_after_the_paragraph_that_it_hangs_on() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert [(b.kind, b.text) for b in read_docx(packed(body)).blocks] == [
        (Kind.PARAGRAPH, "正文"),
        (Kind.BOX, "框内"),
    ]


def test_field_codes_and_hidden_runs_are_not_read_and_hidden_ones_are_told() -> None:
    body = (
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
        "<w:r><w:t>看得见</w:t></w:r></w:p>"
    )
    found = read_docx(packed(body))
    assert [b.text for b in found.blocks] == ["看得见"]
    assert found.unread == ("隐藏的文字",)


def test_line_breaks_and_tabs_inside_a_paragraph_stay_apart() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>"
    assert shown(packed(body)) == ["甲\n乙 丙"]


def test_ticks_of_symbol_fonts_are_read_as_signs() -> None:
    body = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>自愿</w:t></w:r></w:p>'
    assert shown(packed(body)) == ["☑自愿"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.4", "文件不是 .docx 文档，像是PDF 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Word 或 WPS 文字"),
        (packed(p("甲"))[:-40], "不完整，缺了后面一段"),
        (packed("<w:p>"), "不是完整的 XML"),
        (packed("<w:tbl>" * 70 + "</w:tbl>" * 70), "嵌套超过 64 层"),
    ],
)
def test_what_is_no_whole_document_is_refused_with_the_way_out(data: bytes, told: str) -> None:
    with pytest.raises(ReadError, match=told) as refused:
        read_docx(data)
    assert refused.value.hint


def test_a_document_type_declaration_is_refused_before_any_entity() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
        )
    with pytest.raises(ReadError, match="DTD"):
        read_docx(held.getvalue())


def test_a_workbook_named_docx_is_told_as_one() -> None:
    data = packed(p("甲"))
    other = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"word/document", b"xl/workbook")
            new.writestr(name.replace("word/document", "xl/workbook"), text)
    with pytest.raises(ReadError, match="像是 Excel"):
        read_docx(other.getvalue())


def test_blocks_say_what_they_show() -> None:
    assert Block(Kind.ITEM, "作业", "（一）").shown == "（一）作业"
