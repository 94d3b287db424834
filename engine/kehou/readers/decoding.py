"""Bytes to text: byte order marks, GB18030, and files that are not what their name says."""

from __future__ import annotations

import re

from kehou.readers.source import ReadError

_SAVE_TEXT = "用记事本打开，选“另存为”，编码选“UTF-8”，再保存"
_SAVE_TABLE = "在 Excel 或 WPS 中选“另存为”，类型选“CSV UTF-8（逗号分隔）(*.csv)”"
_FILL_IN = "把内容填进 .yaml 这样的文本文件，不要只改扩展名"

#: First bytes, what the file seems to be, what to do.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.xls、.doc）或加了密码的 Office 文件", ""),
    (b"%PDF", "PDF 文件", _FILL_IN),
    (b"{\\rtf", "写字板（RTF）文件", _FILL_IN),
    (b"\x89PNG", "PNG 图片", _FILL_IN),
    (b"\xff\xd8\xff", "JPEG 图片", _FILL_IN),
    (b"GIF8", "GIF 图片", _FILL_IN),
    (b"Rar!", "RAR 压缩包", "先解压，再检查里面的文件"),
    (b"7z\xbc\xaf", "7z 压缩包", "先解压，再检查里面的文件"),
    (b"\x1f\x8b", "gzip 压缩包", "先解压，再检查里面的文件"),
    (b"SQLite format 3", "SQLite 数据库", "导出成 .csv 文件"),
    (b"\x7fELF", "可执行程序", "核对是否选错了文件"),
    (b"MZ\x90", "可执行程序", "核对是否选错了文件"),
)
_ZIPPED = (
    (b"xl/", "Excel 表格（.xlsx）"),
    (b"word/", "Word 文档（.docx）"),
    (b"ppt/", "PowerPoint 演示文稿（.pptx）"),
)
_WIDE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16（“Unicode 文本”）"),
    (b"\xfe\xff", "UTF-16（“Unicode 文本”）"),
)
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(!doctype html|html|\?xml|table|head|meta)\b", re.IGNORECASE)


def decode(data: bytes, form: str) -> tuple[str, str]:
    """Text without a byte order mark, every line break ``\\n``, and the encoding it was in.

    ``form`` is ``yaml``, ``json``, ``csv`` or ``txt``. The encoding is ``utf-8``; of CSV and texts
    also ``gb18030``, of texts also ``utf-16``. Raises ``ReadError``.
    """
    _refuse_other_formats(data, form)
    if form == "txt" and data[:2] in (b"\xff\xfe", b"\xfe\xff") and data[2:4] != b"\0\0":
        try:
            return _one_break(data.decode("utf-16")), "utf-16"
        except UnicodeDecodeError as error:
            raise ReadError("文件的编码是 UTF-16，已损坏", 1, 1, _SAVE_TEXT) from error
    save = _SAVE_TABLE if form == "csv" else _SAVE_TEXT
    for mark, name in _WIDE:
        if data.startswith(mark):
            raise ReadError(f"文件的编码是 {name}，不是 UTF-8", 1, 1, save)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        raise _nul(data, save)
    encoding = "utf-8"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        other = _as_gb18030(data)
        if other is None or form not in ("csv", "txt"):
            raise _not_utf8(data, error.start, other is not None, save) from error
        text, encoding = other, "gb18030"
    if text[:200].lstrip().startswith("<") and _MARKUP.match(text):
        raise ReadError("文件像是网页或 XML（有的系统导出的“表格”其实是网页）", 1, 1, save)
    return _one_break(text), encoding


def _one_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def seems(data: bytes) -> str:
    """What a file seems to be by its first bytes; empty where nobody can tell."""
    for magic, name, _ in _MAGIC:
        if data.startswith(magic):
            return name
    text = data[:200].decode("utf-8", "ignore")
    if _MARKUP.match(text.lstrip("\ufeff")):
        return "网页或 XML（有的系统导出的“表格”其实是网页）"
    return "" if b"\0" in data[:1000] else "文本或 .csv 文件"


def _refuse_other_formats(data: bytes, form: str) -> None:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        for member, name in _ZIPPED:
            if member in data:
                hint = f"把扩展名改回 .xlsx；或{_SAVE_TABLE}" if member == b"xl/" else _FILL_IN
                raise ReadError(f"文件像是 {name}，只是扩展名是 .{form}", hint=hint)
        raise ReadError(
            f"文件像是 zip 压缩包，只是扩展名是 .{form}", hint="先解压，再检查里面的文件"
        )
    for magic, name, hint in _MAGIC:
        if data.startswith(magic):
            hint = hint or (_SAVE_TABLE if form == "csv" else _FILL_IN)
            raise ReadError(f"文件像是{name}，只是扩展名是 .{form}", hint=hint)


def _nul(data: bytes, save: str) -> ReadError:
    if data.count(b"\0") * 5 > len(data):
        return ReadError("文件像是 UTF-16 编码或二进制文件，不是 UTF-8 文本", 1, 1, save)
    line, column = _place(data, data.index(b"\0"))
    return ReadError(
        "这里有一个 NUL 字节（0x00），文件可能已损坏", line, column, "删去它，或重新导出"
    )


def _not_utf8(data: bytes, offset: int, seems_gb: bool, save: str) -> ReadError:
    line, column = _place(data, offset)
    if seems_gb:
        return ReadError(
            "文件不是 UTF-8 编码，像是 GB18030（记事本里的“ANSI”，也叫 GBK）", line, column, save
        )
    return ReadError(
        f"这里的字节 0x{data[offset]:02X} 不是 UTF-8 文字，文件可能已损坏", line, column, save
    )


def _as_gb18030(data: bytes) -> str | None:
    """The text if the bytes make sense as Chinese in GB18030."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return text if _HAN.search(text) and not _CONTROL.search(text) else None


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column in characters of a byte; what precedes it need not be valid."""
    before = data[:offset].decode("utf-8", "replace")
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1
