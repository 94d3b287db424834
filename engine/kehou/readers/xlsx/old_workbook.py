"""Old workbooks (.xls, WPS .et) turned into .xlsx by LibreOffice, where it is installed."""

from __future__ import annotations

from typing import Final

from kehou.readers.libreoffice import Conversion, convert, program
from kehou.readers.ooxml import OLE, SAVE_AS, refuse_encrypted
from kehou.readers.source import Limits, ReadError

#: Streams of a compound file that hold a workbook, of Excel 97 and of Excel 5.
_STREAMS: Final = ("Workbook", "Book")
_TO_XLSX: Final = Conversion("xls", "MS Excel 97", "xlsx", "Calc MS Excel 2007 XML")


def converted(data: bytes, limits: Limits) -> bytes:
    """The same workbook as .xlsx; raises ``ReadError`` where that cannot be had."""
    if not data.startswith(OLE):
        from kehou.readers.decoding import seems

        what = seems(data)
        raise ReadError(
            f"文件不是 Excel 或 WPS 表格{'，像是' + what if what else ''}", hint=SAVE_AS
        )
    if len(data) > limits.table_bytes:
        raise ReadError(f"文件超过上限 {limits.table_bytes / 1e6:g} MB", hint="拆成几个文件")
    refuse_encrypted(data)
    if not any(name.encode("utf-16-le") in data for name in _STREAMS):
        raise ReadError("文件里没有 Excel 或 WPS 的表格（可能已损坏，或是别的文件）", hint=SAVE_AS)
    soffice = program()
    if soffice is None:
        raise ReadError("旧版 Excel 或 WPS 表格（.xls、.et）要先转换", hint=SAVE_AS)
    made = convert(soffice, _TO_XLSX, data, limits, SAVE_AS)
    if made is None:
        raise ReadError(
            "LibreOffice 打不开这个表格（可能已损坏，或加了密码）", hint=f"{SAVE_AS}，不设密码"
        )
    return made
