"""A filled-in form as a tree of text: what ``kehou form`` made and people have worked on since.

Sheets are known by their marks (else their names), columns and rows by their labels, wherever
they stand. What is no part of the form is named as not read; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from kehou.fields import ABSENT_WORDS, MASK, Field, Schema, allowed, fold
from kehou.forms import layouts as forms
from kehou.forms import sheets as form_sheets
from kehou.forms.cells import meaning
from kehou.forms.layouts import PARENT, FormSheet, Item, Path
from kehou.forms.places import Finder
from kehou.forms.sheets import Extra, Record, Row, Table
from kehou.readers import Document, ReadError, Source
from kehou.readers.source import CellFault, CellNote, Cells
from kehou.readers.xlsx import Cell, Sheet, Workbook, letters, open_workbook

_MARK = re.compile(rf"{forms.MARK}\s*([a-z_]+(?:\.[a-z_]+)*)")
_MOST_LISTED = 12
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_BOTH = ("二者之一", "请删去“无”，或删去内容")


def is_form(workbook: Workbook) -> bool:
    """Whether a workbook is a form of ours, by its name of itself or by a sheet's mark."""
    return forms.NAME in workbook.defined or any(_mark(sheet) for sheet in workbook.sheets)


def open_form(data: bytes, name: str, schema: Schema) -> Document | None:
    """A workbook's document where it is a form, else None; raises ``ReadError``."""
    workbook = open_workbook(data, name)
    return read_form(workbook, data, schema) if is_form(workbook) else None


def read_form(workbook: Workbook, data: bytes, schema: Schema) -> Document:
    """The document of a form; raises ``ReadError`` where it is of a later version of forms."""
    reader = _Reader(workbook, schema)
    reader.read()
    cells = Cells(
        Finder(reader.forms, reader.tables, reader.spots, reader.rows).place,
        tuple(reader.faults),
        tuple(reader.notes),
        tuple(reader.dropped),
        tuple(reader.unread),
    )
    source = Source(workbook.name, data, "", "xlsx")
    return Document(source, reader.tree, lambda _: None, cells=cells)


def _mark(sheet: Sheet) -> str:
    for number, cells in sheet.rows:
        if number > form_sheets.HEAD:
            break
        for cell in cells:
            if isinstance(cell.value, str) and (found := _MARK.fullmatch(cell.value.strip())):
                return found[1]
    return ""


def _pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)


def _members(field: Field, text: str) -> str | list[str]:
    """The text of a cell; of a list with quoted members (``"甲、乙"、丙``) its members."""
    if field.kind != "list" or '"' not in text:
        return text
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _QUOTED.match(text, at)
        if match is None:
            end = re.compile("[、;；]|$").search(text, at)
            assert end is not None
            found.append(text[at : end.start()].strip())
            at = end.end() if end.end() > at else len(text)
        else:
            found.append(match[1].replace('""', '"'))
            at = match.end() + 1
    return found


class _Reader:
    """Reads one form; ``tree``, ``faults``, ``notes``, ``dropped`` and ``unread`` are the gain."""

    def __init__(self, workbook: Workbook, schema: Schema) -> None:
        self.workbook = workbook
        self.forms = {sheet.key: sheet for sheet in forms.layout(schema)}
        self.tree: dict[str, Any] = {}
        self.faults: list[CellFault] = []
        self.notes: list[CellNote] = []
        self.dropped: list[str] = []
        self.unread: list[str] = []
        self.tables: dict[str, Table] = {}
        self.spots: dict[Path, tuple[Sheet, int, int]] = {}
        self.rows: dict[Path, tuple[Table, int]] = {}
        self._named: dict[str, dict[str, list[Path]]] = {}

    # --- the workbook ---------------------------------------------------------------------

    def read(self) -> None:
        """Read all sheets."""
        self._check_version()
        found: dict[str, list[Sheet]] = {}
        by_name = {form.name: key for key, form in self.forms.items()}
        for sheet in self.workbook.sheets:
            key = _mark(sheet) or by_name.get(sheet.name.strip(), "")
            if key in self.forms:
                found.setdefault(key, []).append(sheet)
            elif key != "form" and sheet.name not in (forms.ABOUT, forms.OPTIONS) and sheet.rows:
                self._not_read(f"工作表“{sheet.name}”")
            elif sheet.name != forms.OPTIONS:
                known = frozenset(each.name for each in self.forms.values())
                extra = Extra(spare=form_sheets.remarks(sheet, known))
                self._tell_extra(sheet, extra)
        for key, form in self.forms.items():
            if form.table:
                self._table(form, found.get(key, []))
            else:
                self._record(form, found.get(key, []))
        for what in self.workbook.ignored:
            self._not_read(what)
        for pointer in self.dropped:
            self._forget(pointer.split("/")[1:])

    def _forget(self, path: list[str]) -> None:
        """Take what cannot be trusted out of the tree."""
        node: Any = self.tree
        for step in path[:-1]:
            if isinstance(node, list):
                node = node[int(step)]
            elif isinstance(node, dict):
                node = node.get(step)
        if isinstance(node, dict):
            node.pop(path[-1], None)

    def _check_version(self) -> None:
        told = re.match(r'"?(\d{1,6})', self.workbook.defined.get(forms.NAME, ""))
        if told and int(told[1]) > forms.VERSION:
            message = f"表格是第 {told[1]} 版，这个程序只会读到第 {forms.VERSION} 版"
            raise ReadError(message, hint="换用新版的 kehou；或用 kehou form 重新生成表格再填写")

    def _not_read(self, what: str) -> None:
        self.unread.append(f"{self.workbook.name} 的{what}")

    def _fault(
        self, path: Path, found: str, may: str, hint: str = "", place: str = "", drop: bool = True
    ) -> None:
        self.faults.append(CellFault(_pointer(path), place, found, may, hint))
        if drop:
            self.dropped.append(_pointer(path))

    def _tell_extra(self, sheet: Sheet, extra: Extra) -> None:
        if extra.spare:
            shown = sorted(extra.spare)[:_MOST_LISTED]
            places = "、".join(sheet.place(row, column) for row, column in shown)
            more = f"等 {len(extra.spare)} 格" if len(extra.spare) > len(shown) else ""
            self._not_read(f"工作表“{sheet.name}”表格以外的 {places}{more}")
        for row in extra.totals:
            self._not_read(f"工作表“{sheet.name}”第 {row} 行（合计）")

    def _only(self, found: Sequence[Record | Table | None], path: Path) -> Record | Table | None:
        """Which of several sheets of one kind is meant: the one that is filled in."""
        known = [sheet for sheet in found if sheet is not None]
        used = [sheet for sheet in known if sheet.filled]
        if len(used) < 2:
            return used[0] if used else next(iter(known), None)
        names = "".join(f"“{each.sheet.name}”" for each in used)
        told = f"{names}是同一张表，都填了"
        self._fault(path, told, "只填一张", "请只留一张", f"{used[1].sheet.name}!A1")
        return None

    def _headless(self, form: FormSheet, sheets: Sequence[Sheet], what: str) -> None:
        """A sheet without its headings: whatever it holds cannot be read."""
        for sheet in sheets:
            held = [c for _, cells in sheet.rows for c in cells if form_sheets.text(c)]
            if all(form_sheets.is_ours(form_sheets.text(c)) for c in held):
                continue
            found = f"工作表“{sheet.name}”里找不到{what}，整张没有读"
            hint = "请用 kehou form 重新生成这张表，把内容填进去；不要删改表头"
            self._fault(form.path, found, "带表头的表格", hint, f"{sheet.name}!A1")

    # --- records --------------------------------------------------------------------------

    def _record(self, form: FormSheet, sheets: list[Sheet]) -> None:
        every = [form_sheets.find_record(form, sheet) for sheet in sheets]
        missing = [sheet for sheet, found in zip(sheets, every, strict=True) if found is None]
        self._headless(form, missing, f"“{forms.ITEM}”“{forms.VALUE}”两栏")
        record = self._only(every, form.path)
        if not isinstance(record, Record):
            return
        sheet = record.sheet
        self.spots[form.path] = (sheet, 1, 1)
        self._tell_extra(sheet, record.extra)
        given: dict[Path, str] = {}
        unknown: list[tuple[str, str]] = []
        for name, at, cell in record.rows:
            place = f"{sheet.name}!{sheet.place(*at)}"
            if form_sheets.label(name) == forms.WHOLE:
                self.spots[form.path] = (sheet, *at)
                if cell is not None:
                    self._whole(form.path, form.field, cell)
                continue
            item = form.by_label.get(form_sheets.label(name))
            if item is None:
                if cell is not None:
                    unknown.append((name, place))
                continue
            path = (*form.path, *item.path)
            if given.get(item.path) and cell is not None:
                found = f"“{item.label}”填了两处（{given[item.path]}）"
                self._fault(path, found, "只填一处", "请留一个", place)
                continue
            if cell is not None or item.path not in given:
                given[item.path] = place if cell is not None else ""
                self.spots[path] = (sheet, *at)
            if cell is not None:
                self._take(item, path, cell)
        for name, place in unknown:
            self._unknown(form, name, place, given)

    def _unknown(self, form: FormSheet, name: str, place: str, given: dict[Path, str]) -> None:
        """A label that the sheet does not have; the field it seems to mean is not trusted."""
        near = get_close_matches(fold(name)[:60], list(form.by_label), 1, 0.7)
        item = form.by_label[near[0]] if near else None
        hint = f"是否想写“{item.label}”" if item else "请照原来的表填写，不要改栏目的名称"
        found = f"没有“{_short(name)}”这个栏目" if name else "这一行没有栏目名称，却有内容"
        titles = "、".join(each.label for each in form.items[:_MOST_LISTED])
        path = (*form.path, *item.path) if item else form.path
        self._fault(path, found, titles, hint, place, item is not None and not given.get(item.path))

    # --- values ---------------------------------------------------------------------------

    def _whole(self, path: Path, field: Field, cell: Cell) -> None:
        """A cell that speaks of a whole record or table: 无, or that it is there and empty."""
        told = form_sheets.text(cell)
        if told == forms.EMPTY:
            self._put(path, {})
        elif told in ABSENT_WORDS:
            self._put(path, told)
        else:
            found = MASK if field.holds_private else _short(told) or "公式"
            self._fault(path, f"“{found}”", "留空，或写“无”", "具体内容请填在各栏里")

    def _take(self, item: Item, path: Path, cell: Cell) -> None:
        """Read one filled cell of a record or a row into the tree."""
        if item.whole:
            self._whole(path, item.field, cell)
            return
        told = meaning(item.field, cell)
        private = item.field.private
        if told.wrong is not None:
            found, may, hint = told.wrong
            self._fault(path, MASK if private else found, may, hint)
            self._node(path[:-1])
        elif told.text is not None:
            self._put(path, _members(item.field, told.text))
            if told.written:
                written, read = (MASK, MASK) if private else (told.written, told.text)
                self.notes.append(CellNote(_pointer(path), written, read))

    def _node(self, path: Path) -> Any:
        """The mapping or list at a path of names and row numbers, made where it is missing."""
        node: Any = self.tree
        for at, step in enumerate(path):
            inner = node[int(step)] if isinstance(node, list) else node.get(step)
            if not isinstance(inner, (dict, list)):
                if inner is not None:
                    self._fault(path[: at + 1], f"写了“{inner}”，又填了内容", *_BOTH)
                inner = node[step] = {}
            node = inner
        return node

    def _put(self, path: Path, value: Any) -> None:
        holder = self._node(path[:-1])
        before = holder.get(path[-1])
        if before and isinstance(before, (dict, list)):
            if value != {}:
                self._fault(path, f"写了“{value}”，又填了内容", *_BOTH)
            return
        holder[path[-1]] = value

    # --- tables ---------------------------------------------------------------------------

    def _table(self, form: FormSheet, sheets: list[Sheet]) -> None:
        every = [form_sheets.find_table(form, sheet) for sheet in sheets]
        missing = [sheet for sheet, found in zip(sheets, every, strict=True) if found is None]
        self._headless(form, missing, "表头")
        table = self._only(every, form.path)
        if not isinstance(table, Table):
            return
        self.tables[form.key] = table
        sheet = table.sheet
        dropped = self._tell_columns(table)
        self._tell_extra(sheet, table.extra)
        for row, column in table.extra.examples:
            place, may = f"{sheet.name}!{sheet.place(row, column)}", "示例行保持原样"
            found, hint = "示例行里填了内容，示例行不读", "请把内容填到下面的空行"
            self._fault(form.path, found, may, hint, place, False)
            self._open(form)  # what stands there may be a row that was meant
        if form.parent is None:
            self._fill(table, form.path, table.rows, dropped)
            if table.whole is not None and table.whole_at is not None:
                self.spots[form.path] = (sheet, *table.whole_at)
                self._whole(form.path, form.field, table.whole)
        else:
            if table.whole is not None and table.whole_at is not None:
                place = f"{sheet.name}!{sheet.place(*table.whole_at)}"
                hint = f"请在“{form.parent.name}”里那一行的“{_whole_label(form)}”栏写“无”"
                self._fault(form.path, "这张表的“整表”一格不用填", "留空", hint, place, False)
            self._fill_inside(table, dropped)

    def _tell_columns(self, table: Table) -> list[Path]:
        """Tell headings that the form does not have or has twice; returns what not to trust."""
        form, sheet = table.form, table.sheet
        missing = [i for i in form.items if i.path not in table.columns and not i.whole]
        dropped: list[Path] = []
        for column, (name, row) in table.extra.unknown.items():
            if not missing:
                self._not_read(f"工作表“{sheet.name}”的“{_short(name)}”列")
                continue
            labels = {fold(item.label): item for item in missing}
            near = get_close_matches(fold(name)[:60], list(labels), 1, 0.6)
            found = f"没有“{_short(name)}”这个列名" if name else "这一列有内容，却没有列名"
            may = "、".join(item.label for item in missing[:_MOST_LISTED])
            hint = f"是否想写“{labels[near[0]].label}”" if near else "请照原来的表写列名"
            place = f"{sheet.name}!{sheet.place(row, column)}"
            self._fault(form.path, found, may, hint, place, False)
            dropped += [labels[near[0]].path] if near else [item.path for item in missing]
        for column, (item, row) in table.extra.doubled.items():
            place = f"{sheet.name}!{sheet.place(row, column)}"
            found = f"“{item.label}”有两列"
            self._fault(form.path, found, "只留一列", "请留一列", place, False)
            dropped.append(item.path)
        return dropped

    def _fill(self, table: Table, path: Path, rows: Sequence[Row], dropped: list[Path]) -> None:
        """Put rows of a table at a list's path."""
        if not rows:
            return
        said = form_sheets.says_none(table)
        if said is not None and len(path) == len(table.form.path):
            self.spots[path] = (table.sheet, said.row, said.column)
            self._put(path, form_sheets.text(said))
            return
        holder = self._node(path[:-1])
        if holder.get(path[-1]):
            self._fault(path, f"写了“{holder[path[-1]]}”，又填了内容", *_BOTH)
        made: list[dict[str, Any]] = []
        holder[path[-1]] = made
        covered = form_sheets.merged(table) if table.sheet.merged else {}
        blanks: dict[Path, list[Path]] = {}
        for index, row in enumerate(rows):
            made.append({})
            place = (*path, str(index))
            self.rows[place] = (table, row.number)
            if row.name is not None:
                named = self._named.setdefault(table.form.key, {})
                named.setdefault(row.name, []).append(place)
            for item in table.form.items:
                column = table.columns.get(item.path)
                at = (*place, *item.path)
                if item.path in dropped:
                    self.dropped.append(_pointer(at))
                elif column is not None:
                    cell = row.cells.get(column)
                    if cell is None and (row.number, column) in covered:
                        cell = self._covered(item, at, *covered[(row.number, column)])
                        if cell is None:
                            continue
                    self._value(item, at, cell, blanks)
        for item_path, places in blanks.items():
            first = _pointer((*places[0], *item_path))
            self.notes.append(CellNote(first, f"空白 {len(places)} 行", "无"))

    def _covered(self, item: Item, path: Path, origin: Cell, above: bool) -> Cell | None:
        """The cell that a merged one stands for; None, and told, where that cannot be seen."""
        sheet = f"{letters(origin.column)}{origin.row}"
        if not above:
            may = "无" if item.whole else allowed(item.field)
            found = f"与 {sheet} 合并的单元格，看不出这一格是什么"
            self._fault(path, found, may, "请取消合并，各格分别填写")
            return None
        shown = MASK if item.field.holds_private else meaning(item.field, origin).text or ""
        self.notes.append(CellNote(_pointer(path), f"与 {sheet} 合并的单元格", shown))
        return origin

    def _value(
        self, item: Item, path: Path, cell: Cell | None, blanks: dict[Path, list[Path]]
    ) -> None:
        if item.field.blank_absent and not item.whole:
            if cell is None:
                self._put(path, "无")
                blanks.setdefault(item.path, []).append(path[: -len(item.path)])
                return
            if form_sheets.text(cell) == forms.NOT_SUPPLIED:
                return
        if cell is not None:
            self._take(item, path, cell)

    def _open(self, form: FormSheet) -> None:
        """Trust no list of a table: there are rows of it that cannot be read."""
        if form.parent is None:
            self.dropped.append(_pointer(form.path))
            return
        for path, (parent, _) in self.rows.items():
            if parent.form.key == form.parent.key:
                self.dropped.append(_pointer((*path, *form.inside)))

    def _fill_inside(self, table: Table, dropped: list[Path]) -> None:
        """Rows that belong to rows of another table, which they name by its 行次."""
        form, sheet = table.form, table.sheet
        assert form.parent is not None
        known = self._named.get(form.parent.key, {})
        groups: dict[Path, list[Row]] = {}
        lost = False
        for row in table.rows:
            owners = known.get(row.outer or "", [])
            if len(owners) == 1:
                groups.setdefault(owners[0], []).append(row)
                continue
            lost = True
            label, name = form.parent_label, form.parent.name
            place = f"{sheet.name}!{sheet.place(row.number, table.columns.get(PARENT, 1))}"
            found = f"“{name}”里没有{forms.NUMBER}是 {_short(row.outer or '')} 的行"
            if row.outer is None:
                found = f"没有填“{label}”，看不出属于哪一行"
            elif owners:
                found = f"“{name}”里有 {len(owners)} 行的{forms.NUMBER}都是 {row.outer}"
            hint = f"请填“{name}”中那一行的{forms.NUMBER}"
            self._fault(form.path, found, label, hint, place, False)
        if lost:  # a row that cannot be placed may belong to any of them
            self._open(form)
            return
        for owner, rows in groups.items():
            self._fill(table, (*owner, *form.inside), rows, dropped)


def _whole_label(form: FormSheet) -> str:
    assert form.parent is not None
    return next(i.label for i in form.parent.items if i.path == form.inside)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:60] + "…"
