"""A file by its extension: read whole, refused by its size before a byte of it is read."""

from __future__ import annotations

from pathlib import Path

from kehou.readers.door import contents, shown, too_large
from kehou.readers.source import DEFAULT, Document, Limits, ReadError, Source

#: An extension and the format it stands for.
FORMATS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".et": "xls",
}
#: The formats that hold tables; those of workbooks.
TABLES = frozenset(["csv", "xlsx", "xls"])
BOOKS = frozenset(["xlsx", "xls"])


def read(name: str, data: bytes, limits: Limits = DEFAULT) -> Document:
    """Read a file by its extension.

    Raises ``ReadError``, with ``where`` set to ``name:line:column``, for whatever gives no tree.
    """
    try:
        return _read(name, data, limits)
    except ReadError as error:
        error.locate(name)
        raise


def open_text(name: str, data: bytes, limits: Limits = DEFAULT) -> Source:
    """The decoded text of a file; raises ``ReadError``."""
    from kehou.readers.decoding import decode

    form = form_of(name)
    if form in BOOKS:
        raise ReadError(
            "Excel 工作簿只能用来提供表格",
            hint="文件名写成表格的名称；其他内容写在 .yaml 或 .json 文件里",
        )
    if len(data) > limits.bytes_for(form):
        raise too_large(len(data), limits.bytes_for(form))
    text, encoding = decode(data, form)
    return Source(name, data, text, encoding)


def _read(name: str, data: bytes, limits: Limits) -> Document:
    form = form_of(name)
    source = open_text(name, data, limits)
    if form == "yaml":
        from kehou.readers.yaml_reader import read_yaml

        return read_yaml(source, limits)
    if form == "json":
        from kehou.readers.json_reader import read_json

        return read_json(source, limits)
    from kehou.readers.csv_reader import read_csv

    return read_csv(source, limits)


def read_path(path: Path, limits: Limits = DEFAULT, name: str = "") -> Document:
    """Read a regular file of the disk, refusing by its size before a byte of it is read."""
    name = name or shown(path.name)
    return read(name, read_bytes(path, limits, name), limits)


def read_bytes(path: Path, limits: Limits = DEFAULT, name: str = "") -> bytes:
    """The bytes of a regular file, which is refused by its size before a byte of it is read."""
    name = name or shown(path.name)
    try:
        limit = limits.bytes_for(form_of(name))
    except ReadError as error:
        error.where = name
        raise
    return contents(path, limit, name)


#: Files of prose that are read, and the format each stands for (`kehou.documents`).
READ_PROSE = {
    ".docx": "docx",
    ".docm": "docx",
    ".doc": "old",
    ".wps": "old",
    ".rtf": "old",
    ".odt": "old",
    ".pdf": "pdf",
    ".txt": "text",
    ".md": "text",
}
#: The formats of documents that people hand in by themselves; a text may be anything.
PAPERS = frozenset(["docx", "old", "pdf"])
#: Files of prose; those that are not read have to be copied into a form.
PROSE = (*READ_PROSE, ".ofd")


def form_of(name: str) -> str:
    """The format of a file by its extension; raises ``ReadError`` for one that is not read."""
    suffix = Path(name).suffix.lower()
    if suffix not in FORMATS:
        shown = f"“{suffix}”" if suffix else "没有扩展名的文件"
        if suffix in PROSE:
            told = "先用 kehou form -o 申报表.xlsx 生成表格，把里面的内容填进表格，再检查表格"
            raise ReadError(f"还不会读{shown}（Word、PDF 一类的文字）", hint=told)
        raise ReadError(f"不会读{shown}", hint="改用 .yaml、.json、.csv 或 .xlsx 文件")
    return FORMATS[suffix]
