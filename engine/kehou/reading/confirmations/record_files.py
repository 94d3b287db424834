"""Files of records, as a draft was filled in: YAML or a workbook, read whole with every fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kehou.fields.dates import day_written
from kehou.fields.privacy import has_number, is_like_name
from kehou.language.yaml_places import Faults, Place, listed, mapping, text
from kehou.readers import DEFAULT, Document, ReadError, Source, read
from kehou.readers.copied_text import as_code, as_meant, meant
from kehou.readers.door import contents, kind, shown
from kehou.readers.filled_table import read_filled
from kehou.readers.filled_table import text as cell_text
from kehou.readers.xlsx import open_workbook
from kehou.reading.confirmations import records as words
from kehou.reading.confirmations.read_items import APART, IS, WHOLE
from kehou.reading.confirmations.records import CORRECT, SPELLINGS, Record, fits

#: How the name of a file of records ends, before its ending, after that of the document.
MARKS: Final = (".确认", ".confirmed")
_ENDINGS: Final = (".yaml", ".yml", ".xlsx")
_BOOK: Final = ".xlsx"
#: Rows of a workbook above the table in which the document is told.
_HEAD: Final = 40
#: How roles end, and no name does, whose first letter may be a surname.
_ROLE: Final = "员"
#: What people end a decision with.
_STOPS: Final = "。．.，,；;！! "
#: (place, what is wrong, what to do), as a `PackError` takes them.
Told = tuple[str, str, str]


def is_record(name: str) -> bool:
    """Whether a file's name is that of records beside a document."""
    stem, _, ending = name.rpartition(".")
    return f".{ending.lower()}" in _ENDINGS and stem.lower().endswith(MARKS)


def name_for(document: str, form: str) -> str:
    """What the file of records of a document is to be called, in a format (yaml, xlsx)."""
    return f"{_stem(document)}{MARKS[0]}.{form}"


def _stem(name: str) -> str:
    return name[: len(name) - len(Path(name).suffix)]


def beside(place: Path) -> list[Path]:
    """The files of records that lie beside a document under its name."""
    found = [place.with_name(_stem(place.name) + mark + end) for mark in MARKS for end in _ENDINGS]
    return [file for file in found if file.is_file() and kind(file, place.parent) == "file"]


def load(file: Path, authority: bool = False) -> tuple[list[Record], list[Told], bytes]:
    """(records, faults, the bytes they stand in); raises ``ReadError`` where there is no tree.

    Items without a decision are left out: nobody has looked at them.
    """
    name = shown(file.name)
    data = contents(file, DEFAULT.tree_bytes, name)
    found, faults = _read(name, data)
    return [replace(one, authority=authority) for one in found], list(faults), data


@lru_cache(maxsize=16)
def _read(name: str, data: bytes) -> tuple[tuple[Record, ...], tuple[Told, ...]]:
    """The same of a file's bytes: many documents are checked with one file of the authority's."""
    document = _workbook(name, data) if name.lower().endswith(_BOOK) else read(name, data)
    faults = Faults()
    at = Place(document, faults)
    tree = mapping(document.tree, at, (words.FILES,), (words.FILES,))
    found: list[Record] = []
    for n, entry in enumerate(listed(tree.get(words.FILES), at / words.FILES)):
        found += _entry(meant(entry), at / words.FILES / n)
    return tuple(found), tuple(faults.placed())


def _entry(tree: Any, at: Place) -> Iterator[Record]:
    """The records of one document."""
    d = mapping(tree, at, (*words.HEAD, words.ITEMS), (words.FILE, words.ITEMS))
    head = {key: text(d.get(key), at / key) for key in words.HEAD}
    items = listed(d.get(words.ITEMS), at / words.ITEMS)
    made = [one for n, item in enumerate(items) if (one := _item(item, at / words.ITEMS / n))]
    if not made:
        return
    day = _signed(head, at)
    for one in made:
        yield replace(
            one,
            file=head[words.FILE],
            whose=as_code(head[words.WHOSE]),
            by=head[words.BY],
            on=day,
        )


def _signed(head: dict[str, str], at: Place) -> str:
    """The day on which somebody decided; who and when must be told where anything is decided."""
    if not head[words.BY]:
        at.fault(f"缺少 {words.BY}", "请写核对的人的担任的工作或编号，如“办公室主任”，不写姓名")
    elif has_number(head[words.BY]) or (
        is_like_name(head[words.BY]) and not head[words.BY].endswith(_ROLE)
    ):
        hint = "请写担任的工作或编号，如“办公室主任”，不写姓名和电话"
        (at / words.BY).fault(f"{words.BY}写的像是姓名或者号码", hint)
    if not head[words.ON]:
        at.fault(f"缺少 {words.ON}", "请写核对的日期，如 2021-09-08")
        return ""
    day = day_written(head[words.ON])
    if not day:
        hint = "请写成 2021-09-08 的样子，并看看有没有这一天"
        (at / words.ON).fault(f"“{head[words.ON]}”不是日期", hint)
    return day


def _item(tree: Any, at: Place) -> Record | None:
    """The record of one reading; None where nothing is decided, or a fault was noted."""
    d = mapping(tree, at, words.ITEM, (words.TITLE, words.SEAL))
    told = {key: _one_line(d.get(key), at / key) for key in words.ITEM}
    said, instead = as_meant(told[words.DECISION]), told[words.INSTEAD]
    if not said:
        if instead:
            hint = f"要改的在“{words.DECISION}”写“改”，不改的清空“{words.INSTEAD}”"
            at.fault(f"写了“{words.INSTEAD}”，没有写“{words.DECISION}”", hint)
        return None
    decision = SPELLINGS.get(said.rstrip(_STOPS))
    if decision is None:
        (at / words.DECISION).fault(
            f"“{words.DECISION}”不能是“{said}”", "请写：对、改、不是；没有核对的空着"
        )
        return None
    if (decision == CORRECT) != bool(instead):
        hint = f"只有“改”的才写“{words.INSTEAD}”，写上对的内容"
        at.fault(f"“{words.DECISION}”和“{words.INSTEAD}”对不上", hint)
        return None
    if told[words.SENTENCE] != WHOLE and not fits(told):
        hint = f"这几栏请不要改；重新运行 kehou read 生成，再填“{words.DECISION}”"
        at.fault(f"“{words.SHOWN}”“{words.SENTENCE}”和“{words.SEAL}”对不上，可能被改动过", hint)
        return None
    document = at.document
    span = document.span(at.pointer)
    place = f"{document.name}!{cell}" if (cell := document.cell(at.pointer)) else document.name
    if span is not None:
        place = f"{document.name}:{span.line}"
    return Record(
        *("", "", "", ""),
        told[words.TITLE],
        told[words.SHOWN],
        told[words.SENTENCE],
        told[words.PLACE],
        decision,
        instead,
        told[words.SEAL],
        place,
        same=told[words.SAME],
    )


def _one_line(tree: Any, at: Place) -> str:
    """A text; of a correction also a group of “field: value”, as YAML may take what was written."""
    if isinstance(tree, dict):
        return APART.join(f"{key}{IS}{text(value, at / key)}" for key, value in tree.items())
    if isinstance(tree, list):
        return "、".join(text(one, at / n) for n, one in enumerate(tree))
    return text(tree, at).strip()


# --- workbooks ------------------------------------------------------------------------------------


def _workbook(name: str, data: bytes) -> Document:
    """A workbook as the tree that the YAML file would give; raises ``ReadError``."""
    try:
        headings = {key: key for key in words.ITEM}
        rows = read_filled(data, name, headings, (words.TITLE, words.DECISION, words.SEAL))
    except ReadError as error:
        error.locate(name)
        raise
    head, places = _head(name, data)
    tree = {words.FILES: [{**head, words.ITEMS: rows.tree}]}

    def cell(path: Sequence[str], at_key: bool = False) -> str:
        below = path[2:]
        if below[:1] == [words.ITEMS] and rows.cell_of is not None and len(below) > 1:
            return rows.cell_of(below[1:], at_key)
        return places.get(below[0] if below else words.FILE, "")

    return Document(Source(name, data, "", "xlsx"), tree, lambda _: None, cell_of=cell)


def _head(name: str, data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """What stands above the table: the text beside each word, and its cell."""
    head: dict[str, str] = {}
    places: dict[str, str] = {}
    for sheet in open_workbook(data, name).sheets[:1]:
        for number, cells in sheet.rows:
            if number > _HEAD:
                break
            by_column = {one.column: cell_text(one) for one in cells}
            for column, label in by_column.items():
                if label in words.HEAD and label not in head:
                    head[label] = by_column.get(column + 1, "")
                    places[label] = f"{sheet.name}!{sheet.place(number, column + 1)}"
    return head, places


__all__ = ["MARKS", "beside", "is_record", "load", "name_for"]
