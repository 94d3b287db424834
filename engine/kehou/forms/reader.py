"""A filled-in form as a tree of text: what ``kehou form`` made and people have worked on since.

Sheets are known by their marks (else their names), columns and rows by their labels, wherever
they stand. What is no part of the form is named as not read; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kehou.fields import Schema, fold
from kehou.fields.privacy import sheet_name
from kehou.forms import layouts as forms
from kehou.forms import sheets as form_sheets
from kehou.forms.gain import Gain
from kehou.forms.places import Finder
from kehou.forms.record_sheets import read_record
from kehou.forms.sheets import Extra
from kehou.forms.table_sheets import read_table
from kehou.readers import Document, ReadError, Source
from kehou.readers.grids import Asides
from kehou.readers.source import Cells
from kehou.readers.xlsx import Sheet, Workbook, open_workbook

_MARK = re.compile(rf"{forms.MARK}\s*([a-z_]+(?:\.[a-z_]+)*)")


def is_form(workbook: Workbook) -> bool:
    """Whether a workbook is a form of ours, by its name of itself or by a sheet's mark."""
    return forms.NAME in workbook.defined or any(_mark(sheet) for sheet in workbook.sheets)


def open_form(data: bytes, name: str, schema: Schema) -> Document | None:
    """A workbook's document where it is a form, else None; raises ``ReadError``."""
    workbook = open_workbook(data, name)
    return read_form(workbook, data, schema) if is_form(workbook) else None


def read_form(workbook: Workbook, data: bytes, schema: Schema) -> Document:
    """The document of a form; raises ``ReadError`` where it is of a later version of forms."""
    gain = _gained(workbook, schema)
    if _is_unconfirmed(workbook):
        where = f"“{forms.ABOUT}”里还没有选“{forms.YES}”"
        told = f"没有填的格（{where}：空着的不当作没有，已填的都当作尚未确认）"
        gain.unread.append(f"{gain.name}：{told}")
    finder = Finder(gain.forms, gain.tables, gain.spots, gain.rows)
    cells = Cells(
        finder.place,
        tuple(gain.faults),
        tuple(gain.notes),
        tuple(gain.dropped),
        tuple(gain.unread),
        finder.free_row,
        finder.belongs,
        finder.box,
    )
    source = Source(workbook.name, data, "", "xlsx")
    return Document(
        source, gain.tree, lambda _: None, cells=cells, unconfirmed=_is_unconfirmed(workbook)
    )


def _is_unconfirmed(workbook: Workbook) -> bool:
    """Whether a program filled a form in from prose and nobody says that it was looked through."""
    for sheet in workbook.sheets:
        for _, cells in sheet.rows:
            told = {cell.column: form_sheets.text(cell) for cell in cells}
            if told.get(1) == forms.CONFIRMED:
                return told.get(2, "") != forms.YES
    return False


def _mark(sheet: Sheet) -> str:
    for number, cells in sheet.rows:
        if number > form_sheets.HEAD:
            break
        for cell in cells:
            if isinstance(cell.value, str) and (found := _MARK.fullmatch(cell.value.strip())):
                return found[1]
    return ""


def _gained(workbook: Workbook, schema: Schema) -> Gain:
    """All sheets of a form, read."""
    _check_version(workbook)
    asides = Asides(schema.columns.get("remarks", ()))
    gain = Gain(workbook.name, {sheet.key: sheet for sheet in forms.layout(schema)}, asides)
    found: dict[str, list[Sheet]] = {}
    by_name = {fold(form.name): key for key, form in gain.forms.items()}
    for number, sheet in enumerate(workbook.sheets, 1):
        key = _mark(sheet) or by_name.get(fold(sheet.name), "")
        if fold(sheet.name) not in by_name:
            sheet = replace(sheet, name=sheet_name(sheet.name, number))
        if key in gain.forms:
            found.setdefault(key, []).append(sheet)
        elif key != "form" and sheet.name not in (forms.ABOUT, forms.OPTIONS) and sheet.rows:
            gain.not_read(f"工作表“{sheet.name}”")
        elif sheet.name != forms.OPTIONS:
            known = frozenset(each.name for each in gain.forms.values())
            extra = Extra(spare=form_sheets.remarks(sheet, known))
            gain.tell_extra(sheet, extra)
    for key, form in gain.forms.items():
        if form.table:
            read_table(gain, form, found.get(key, []))
        else:
            read_record(gain, form, found.get(key, []))
    for number, title in enumerate(workbook.empty, len(workbook.sheets) + 1):
        title = sheet_name(title, number)
        gain.not_read(f"工作表“{title}”（只有名字，没有内容）")
    for what in workbook.ignored:
        gain.not_read(what)
    for pointer in gain.dropped:
        gain.forget(pointer.split("/")[1:])
    return gain


def _check_version(workbook: Workbook) -> None:
    told = re.match(r'"?(\d{1,6})', workbook.defined.get(forms.NAME, ""))
    if told and int(told[1]) > forms.VERSION:
        message = f"表格是第 {told[1]} 版，这个程序只会读到第 {forms.VERSION} 版"
        raise ReadError(message, hint="换用新版的 kehou；或用 kehou form 重新生成表格再填写")
