"""A PDF's bytes to blocks: the reading process run and what it tells put into words."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kehou.readers.blocks import Blocks
from kehou.readers.door import too_large
from kehou.readers.outside import OutOfTimeError, run
from kehou.readers.pdf.pages import Page, page_of
from kehou.readers.pdf.paragraphs import blocks_of
from kehou.readers.source import DEFAULT, Limits, ReadError

SECONDS: Final = 60
MEMORY: Final = 400 << 20
_MODULE: Final = "kehou.readers.pdf.extract"
_RESAVE: Final = "用能复制文字的文件：在 Word 或 WPS 中打开原稿，另存为 .docx 或导出 PDF"
#: A page with fewer characters and a picture over so much of it is a scan.
_FEW: Final = 20
_MOST_OF_A_PAGE: Final = 0.4
#: The share of characters without meaning from which a text is none.
_GARBLED: Final = 0.1
_FAULTS: Final = {
    "locked": ("PDF 加了密码，打不开", "去掉密码再检查：用原来的程序打开，另存为不设密码的 PDF"),
    "damaged": ("PDF 已损坏，打不开", "重新下载或请对方重发"),
    "pages": ("PDF 的页数太多（超过 500 页）", "只留要检查的部分，另存为一个文件"),
    "characters": ("PDF 的文字太多（超过 50 万字）", "只留要检查的部分，另存为一个文件"),
}


def read_pdf(data: bytes, limits: Limits = DEFAULT) -> Blocks:
    """The blocks of a PDF; raises ``ReadError``: locked, damaged, a scan, garbled or too large."""
    if len(data) > limits.table_bytes:
        raise too_large(len(data), limits.table_bytes)
    if b"%PDF" not in data[:1024]:
        from kehou.readers.decoding import seems

        what = seems(data)
        told = f"文件不是 PDF{'，像是' + what if what else ''}"
        raise ReadError(told, hint="核对是否选错了文件，不要只改扩展名")
    if find_spec("pypdfium2") is None or find_spec("pdfplumber") is None:
        raise ReadError(
            "没有装读 PDF 的程序",
            hint="安装：pip install 'kehou[pdf]'；或在 Word、WPS 中另存为 .docx 再检查",
        )
    pages, unread = _pages(data)
    letters = "".join(line.text for page in pages for line in page.lines)
    bad = sum(unicodedata.category(one) in ("Co", "Cn", "Cs") or one == "\ufffd" for one in letters)
    if letters and bad > _GARBLED * len(letters):
        raise ReadError("PDF 里的文字读出来是乱码（字体没有文字对照）", hint=_RESAVE)
    scans = [
        number
        for number, page in enumerate(pages, 1)
        if sum(len(line.text) for line in page.lines) < _FEW and page.pictures > _MOST_OF_A_PAGE
    ]
    if scans and len(scans) == len(pages):
        raise ReadError(
            "PDF 是扫描件，里面只有图片，图片里的文字读不出来",
            hint="请提供可以复制文字的 Word 文档或 PDF；或用扫描软件识别成文字，核对后再检查",
        )
    pictures = [f"第 {'、'.join(map(str, scans))} 页（是图片）"] if scans else []
    return Blocks(tuple(blocks_of(pages)), (*unread, *pictures))


def _pages(data: bytes) -> tuple[list[Page], tuple[str, ...]]:
    """The pages that the reading process tells, and what it could not read."""
    with tempfile.TemporaryDirectory(prefix="kehou-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-P", "-m", _MODULE]
        try:
            out, whole = run(
                command, Path(folder), os.environ, given=data, seconds=SECONDS, memory=MEMORY
            )
        except OutOfTimeError as error:
            out, whole = error.written, False
    told = [_value(line) for line in out.decode("ascii", "replace").splitlines()]
    first = told[0] if told else None
    fault = next((one["fault"] for one in told if isinstance(one, dict) and "fault" in one), "")
    if fault:
        message, hint = _FAULTS[fault]
        raise ReadError(message, hint=hint)
    pages = [one for one in told[1:] if isinstance(one, dict)]
    if not isinstance(first, dict) or len(pages) < first["pages"]:
        raise ReadError("PDF 在限定的时间和内存里读不完（可能已损坏）", hint=_RESAVE)
    tables = {one[0]: one[1] for one in told if isinstance(one, list)}
    lost = [number for number, page in enumerate(pages, 1) if page.get("damaged")]
    if len(lost) == len(pages):
        message, hint = _FAULTS["damaged"]
        raise ReadError(message, hint=hint)
    unread = [f"第 {'、'.join(map(str, lost))} 页（已损坏）"] if lost else []
    if not whole:
        unread.append("表格的格子（没有分出来，当作普通文字读）")
    return [page_of(one, tables.get(at, [])) for at, one in enumerate(pages)], tuple(unread)


def _value(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:  # cut off where the process ended
        return None
