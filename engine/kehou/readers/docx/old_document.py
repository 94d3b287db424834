"""Other files of word processors (.doc, WPS .wps, .rtf, .odt) as .docx, by LibreOffice."""

from __future__ import annotations

from typing import Final

from kehou.readers.door import too_large
from kehou.readers.libreoffice import Conversion, convert, program
from kehou.readers.ooxml import DOCUMENT, OLE, refuse_encrypted
from kehou.readers.source import Limits, ReadError

_WRITING: Final = "MS Word 2007 XML"
#: By ending: how LibreOffice reads it, and the bytes it begins with. WPS writes .wps as Word does.
_READINGS: Final = {
    ".doc": ("MS Word 97", OLE),
    ".wps": ("MS Word 97", OLE),
    ".rtf": ("Rich Text Format", b"{\\rtf"),
    ".odt": ("writer8", b"PK\x03\x04"),
}
#: The stream of a compound file that holds a document of Word.
_STREAM: Final = "WordDocument".encode("utf-16-le")


def as_docx(suffix: str, data: bytes, limits: Limits) -> bytes:
    """The same document as .docx; raises ``ReadError`` where that cannot be had.

    ``suffix`` is the file's ending with its dot, in small letters. A .docx or .rtf that bears the
    name of an old document is what it is.
    """
    if len(data) > limits.table_bytes:
        raise too_large(len(data), limits.table_bytes)
    if suffix != ".odt" and data.startswith(b"PK\x03\x04"):
        return data
    if data.startswith(_READINGS[".rtf"][1]):
        suffix = ".rtf"
    reading, begins = _READINGS[suffix]
    if not data.startswith(begins):
        from kehou.readers.decoding import seems

        what = seems(data)
        told = f"文件不是 Word 或 WPS 文字{'，像是' + what if what else ''}"
        raise ReadError(told, hint=DOCUMENT.save_as)
    if begins == OLE:
        refuse_encrypted(data, DOCUMENT)
        if _STREAM not in data:
            told = "文件里没有 Word 或 WPS 的文字（可能已损坏，或是别的文件）"
            raise ReadError(told, hint=DOCUMENT.save_as)
    soffice = program()
    if soffice is None:
        raise ReadError(f"“{suffix}”要先转换成 .docx", hint=DOCUMENT.save_as)
    conversion = Conversion(suffix[1:], reading, "docx", _WRITING)
    made = convert(soffice, conversion, data, limits, DOCUMENT.save_as)
    if made is None:
        raise ReadError(
            "LibreOffice 打不开这个文档（可能已损坏，或加了密码）", hint=DOCUMENT.no_password
        )
    return made
