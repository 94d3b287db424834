"""Which files hold prose, and their paper."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from kehou.documents.layout import Paper, paper
from kehou.readers import DEFAULT, Limits, ReadError
from kehou.readers.blocks import Blocks
from kehou.readers.files import READ_PROSE

#: Fewer characters in a document with pictures is a scan.
_SCAN: Final = 30
#: What is read of one document: as much as some hundred pages; more would take minutes.
MOST_CHARACTERS: Final = 500_000
MOST_BLOCKS: Final = 20_000


def open_paper(name: str, data: bytes, limits: Limits = DEFAULT) -> Paper:
    """The paper of a file of prose; raises ``ReadError``, with ``where`` set."""
    try:
        return _opened(name, data, limits)
    except ReadError as error:
        error.locate(name)
        raise


def _opened(name: str, data: bytes, limits: Limits) -> Paper:
    found = _blocks(PurePath(name).suffix.lower(), data, limits)
    _refuse_too_much(found)
    made = paper(name, found.blocks, found.unread)
    size = sum(len(p.text) for p in made.paragraphs)
    if size < _SCAN:
        if "图片" in found.unread:
            raise ReadError(
                "文档里只有图片，像是扫描件，图片里的文字读不出来",
                hint="请提供可以复制文字的 Word 文档；或用扫描软件识别成文字，核对后再检查",
            )
        if not size:
            raise ReadError("文档里没有文字", hint="请核对是否选错了文件")
    return made


def _refuse_too_much(found: Blocks) -> None:
    """Whatever the format, a document is read up to the same size."""
    hint = "只留要检查的部分，另存为一个文件；成百上千行的，请填进表格"
    if sum(len(block.text) for block in found.blocks) > MOST_CHARACTERS:
        raise ReadError(f"文字太多（超过 {MOST_CHARACTERS // 10_000} 万字）", hint=hint)
    if len(found.blocks) > MOST_BLOCKS:
        raise ReadError(f"段落和表格的格子太多（超过 {MOST_BLOCKS} 个）", hint=hint)


def _blocks(suffix: str, data: bytes, limits: Limits) -> Blocks:
    form = READ_PROSE[suffix]
    if form == "pdf":
        from kehou.readers.pdf import read_pdf

        return read_pdf(data, limits)
    if form == "text":
        from kehou.readers.plain_text import read_text

        return read_text(data, limits)
    from kehou.readers.docx import as_docx, read_docx

    return read_docx(as_docx(suffix, data, limits) if form == "old" else data, limits)
