"""A filled-in form as a tree of text: what ``kehou form`` made and people have worked on since.

Sheets are known by their marks (else their names), columns and rows by their labels, wherever
they stand. What is no part of the form is named as not read; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou import forms
from kehou.display import MASK
from kehou.fields import Field, Schema, fold
from kehou.form_cells import meaning
from kehou.forms import FormSheet, Item
from kehou.grammar import nearest
from kehou.readers.cells import Cell
from kehou.readers.source import CellFault, CellNote, Cells, Document, ReadError, Source
from kehou.readers.workbook import Sheet, Workbook, open_workbook
from kehou.scalars import ABSENT_WORDS
from kehou.wording import allowed

_MARK = re.compile(rf"{forms.MARK}\s*([a-z_]+(?:\.[a-z_]+)*)")
#: Rows at the top of a sheet in which its mark and its headings are looked for.
_HEAD = 40
_MOST_UNREAD = 12
_TOTALS = frozenset(["合计", "总计", "小计", "共计", "累计"])
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_SEPARATORS = re.compile(r"[、;；,，\n]")
Path = tuple[str, ...]


def is_form(workbook: Workbook) -> bool:
    """Whether a workbook is a form of ours, by its name of itself or by a sheet's mark."""
    return forms.NAME in workbook.defined or any(_mark(sheet) for sheet in workbook.sheets)


def read_form(workbook: Workbook, data: bytes, schema: Schema) -> Document:
    """The document of a form; raises ``ReadError`` where it is of a later version of forms."""
    reader = _Reader(workbook, schema)
    reader.read()
    cells = Cells(reader.place, tuple(reader.faults), tuple(reader.notes), tuple(reader.unread))
    source = Source(workbook.name, data, "", "xlsx")
    return Document(source, reader.tree, lambda _: None, cells=cells)


def open_form(data: bytes, name: str, schema: Schema) -> Document | None:
    """A workbook's document where it is a form, else None; raises ``ReadError``."""
    workbook = open_workbook(data, name)
    return read_form(workbook, data, schema) if is_form(workbook) else None


def _mark(sheet: Sheet) -> str:
    for number, cells in sheet.rows:
        if number > _HEAD:
            break
        for cell in cells:
            if isinstance(cell.value, str) and (found := _MARK.fullmatch(cell.value.strip())):
                return found[1]
    return ""


@dataclass
class _Table:
    """A table sheet as it was found: where its columns are, and its rows.

    ``rows`` are (row number in the sheet, 行次 or None, the row of its parent's table or None,
    cells by column).
    """

    form: FormSheet
    sheet: Sheet
    columns: dict[Path, int]
    first: int
    rows: list[tuple[int, str | None, str | None, dict[int, Cell]]] = field(default_factory=list)
    whole: str | None = None
    whole_at: tuple[int, int] | None = None


class _Reader:
    """Reads one form; ``tree``, ``faults``, ``notes`` and ``unread`` are what it gives."""

    def __init__(self, workbook: Workbook, schema: Schema) -> None:
        self.workbook = workbook
        self.forms = {sheet.key: sheet for sheet in forms.layout(schema)}
        self.tree: dict[str, Any] = {}
        self.faults: list[CellFault] = []
        self.notes: list[CellNote] = []
        self.unread: list[str] = []
        self._tables: dict[str, _Table] = {}
        self._spots: dict[Path, tuple[Sheet, int, int]] = {}
        self._rows: dict[Path, tuple[_Table, int]] = {}
        self._numbers: dict[str, dict[str, list[Path]]] = {}

    # --- the workbook ---------------------------------------------------------------------

    def read(self) -> None:
        self._check_version()
        found: dict[str, list[Sheet]] = {}
        by_name = {form.name: key for key, form in self.forms.items()}
        for sheet in self.workbook.sheets:
            key = _mark(sheet) or by_name.get(sheet.name.strip(), "")
            if key in self.forms:
                found.setdefault(key, []).append(sheet)
            elif key != "form" and sheet.name not in (forms.ABOUT, forms.OPTIONS) and sheet.rows:
                self._not_read(f"工作表“{sheet.name}”")
        for key, form in self.forms.items():
            sheets = found.get(key, [])
            if form.table:
                self._read_table(form, sheets)
            else:
                self._read_record(form, sheets)
        self.unread += [f"{self.workbook.name}：{what}" for what in self.workbook.ignored]

    def _check_version(self) -> None:
        told = re.match(r'"?(\d+)', self.workbook.defined.get(forms.NAME, ""))
        if told and int(told[1]) > forms.VERSION:
            message = f"表格是第 {told[1]} 版，这个程序只会读到第 {forms.VERSION} 版"
            raise ReadError(message, hint="换用新版的 kehou；或用 kehou form 重新生成表格再填写")

    def _not_read(self, what: str) -> None:
        self.unread.append(f"{self.workbook.name} {what}")

    def _spare(self, sheet: Sheet, cells: Sequence[tuple[int, int]]) -> None:
        """Tell cells that are no part of the form."""
        if cells:
            places = [sheet.place(row, column) for row, column in cells[:_MOST_UNREAD]]
            more = f"等 {len(cells)} 格" if len(cells) > _MOST_UNREAD else ""
            self._not_read(f"工作表“{sheet.name}”表格以外的 {'、'.join(places)}{more}")

    def _fault(
        self, pointer: Path, found: str, may: str, hint: str = "", place: str = "", drop: bool = True
    ) -> None:
        self.faults.append(CellFault(_pointer(pointer), place, found, may, hint, drop))

    def _only(self, sheets: list[Sheet], filled: list[bool], path: Path) -> int | None:
        """Which of several sheets of one kind is meant: the one that is filled in."""
        used = [index for index, is_filled in enumerate(filled) if is_filled]
        if len(used) < 2:
            return used[0] if used else (0 if sheets else None)
        names = "、".join(f"“{sheets[index].name}”" for index in used)
        place = f"{sheets[used[1]].name}!A1"
        self._fault(path, f"{names}是同一张表，都填了", "只填一张", "请只留一张", place)
        return None

    # --- a sheet of 栏目 and 填写 ------------------------------------------------------------

    def _read_record(self, form: FormSheet, sheets: list[Sheet]) -> None:
        found = [_vertical(form, sheet) for sheet in sheets]
        index = self._only(sheets, [any(v for *_, v in rows) for rows, _, _ in found], form.path)
        if index is None:
            return
        sheet, (rows, spare, head) = sheets[index], found[index]
        if head is None:
            self._no_head(form, sheet, f"“{forms.ITEM}”“{forms.VALUE}”两栏")
            return
        self._spots[form.path] = (sheet, head[0], head[1])
        seen: dict[Path, str] = {}
        unknown = False
        for label, at, value in rows:
            place = f"{sheet.name}!{sheet.place(*at)}"
            item = _item_of(form, label)
            if item is None and fold(label) == fold(forms.WHOLE):
                self._spots[form.path] = (sheet, *at)
                if value is not None:
                    self._whole(form.path, form.field, value)
                continue
            if item is None:
                if value is not None:
                    unknown = True
                    self._unknown(form, label, place, "栏目")
                continue
            path = (*form.path, *item.path)
            if item.path in seen and value is not None and seen[item.path]:
                self._fault(path, f"“{item.label}”填了两处（{seen[item.path]}）", "只填一处", "请留一个", place)
                self._remove(path)
                continue
            if item.path not in seen or value is not None:
                self._spots[path] = (sheet, *at)
                seen[item.path] = place if value is not None else ""
            if value is not None:
                self._take(item, path, value)
        self._spare(sheet, spare)
        if unknown and form.path[0] not in self.tree:
            self.tree.setdefault(form.path[0], {})

    def _no_head(self, form: FormSheet, sheet: Sheet, what: str) -> None:
        if any(_is_content(cell) for _, cells in sheet.rows for cell in cells):
            hint = "请用 kehou form 重新生成这张表，把内容填进去；不要删改表头"
            self._fault(form.path, f"工作表“{sheet.name}”里找不到{what}", "带表头的表格", hint, f"{sheet.name}!A1")

    def _whole(self, path: Path, field_: Field, cell: Cell) -> None:
        """The cell that speaks of a whole sheet: 无, or that it is there and empty."""
        told = meaning(Field("", "", "text", ""), cell)
        text = told.text or ""
        if text == forms.EMPTY:
            self._put(path, [] if field_.kind == "rows" else {})
        elif text in ABSENT_WORDS:
            self._put(path, text)
        elif told.wrong or text:
            found = MASK if field_.holds_private else text or (told.wrong or ("",))[0]
            self._fault(path, f"“{forms.WHOLE}”一格写的是“{found}”", "留空，或写“无”", "具体内容请填在下面", drop=False)

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
            self._ensure(path[:-1])
        elif told.text is not None:
            self._put(path, _members(item.field, told.text))
            if told.written:
                self.notes.append(
                    CellNote(_pointer(path), MASK if private else told.written, MASK if private else told.text)
                )

    def _unknown(self, form: FormSheet, label: str, place: str, what: str) -> None:
        """A label that the sheet does not have; the field it seems to mean is not trusted."""
        near = nearest(fold(label)[:60], list(form.by_label))
        item = form.by_label[near] if near else None
        hint = f"是否想写“{item.label}”" if item else "请照原来的表头填写；不要改栏目的名称"
        titles = "、".join(each.label for each in form.items[:12])
        shown = label if len(label) <= 60 else label[:60] + "…"
        path = (*form.path, *item.path) if item and not form.table else form.path
        drop = item is not None and not form.table
        self._fault(path, f"没有“{shown}”这个{what}", titles, hint, place, drop)

    # --- the tree -------------------------------------------------------------------------

    def _node(self, path: Path) -> Any:
        """The mapping or list at a path of names and row numbers, made where it is missing."""
        node: Any = self.tree
        for at, step in enumerate(path):
            if isinstance(node, list):
                node = node[int(step)]
                continue
            inner = node.get(step)
            if not isinstance(inner, (dict, list)):
                if inner is not None:
                    where = path[: at + 1]
                    self._fault(where, f"写了“{inner}”，下面又有内容", "二者之一", "请删去“无”，或删去内容")
                inner = node[step] = {}
            node = inner
        return node

    def _ensure(self, path: Path) -> None:
        self._node(path)

    def _put(self, path: Path, value: Any) -> None:
        holder = self._node(path[:-1])
        before = holder.get(path[-1])
        if isinstance(before, (dict, list)) and before and not isinstance(value, (dict, list)):
            self._fault(path, f"写了“{value}”，下面又有内容", "二者之一", "请删去“无”，或删去内容")
        elif not (isinstance(before, (dict, list)) and value in ({}, [])):
            holder[path[-1]] = value

    def _remove(self, path: Path) -> None:
        self._node(path[:-1]).pop(path[-1], None)

    # --- tables ---------------------------------------------------------------------------

    def _read_table(self, form: FormSheet, sheets: list[Sheet]) -> None:
        found = [_table(form, sheet) for sheet in sheets]
        filled = [t is not None and bool(t.rows or t.whole) for t, _ in found]
        index = self._only(sheets, filled, form.path)
        if index is None:
            return
        table, told = found[index]
        sheet = sheets[index]
        if table is None:
            self._no_head(form, sheet, "表头")
            return
        self._tables[form.key] = table
        self._tell_columns(table, told)
        self._spare(sheet, told.spare)
        for row in told.totals:
            self._not_read(f"工作表“{sheet.name}”第 {row} 行（合计）")
        for row, changed in told.examples:
            if changed:
                place = f"{sheet.name}!{sheet.place(row, changed)}"
                hint = "示例行不读；请把内容填到下面的空行"
                self._fault(form.path, "示例行里填了内容", "示例行保持原样", hint, place, False)
        if form.parent is None:
            self._fill(form, table, form.path, table.rows)
            if table.whole is not None and table.whole_at is not None:
                self._spots[form.path] = (sheet, *table.whole_at)
                row, column = table.whole_at
                self._whole(form.path, form.field, Cell(row, column, table.whole, "text", ""))
        else:
            self._fill_inside(form, table)

    def _tell_columns(self, table: _Table, told: _Told) -> None:
        """Headings that the form does not have: told where one of the form's is missing."""
        missing = [item for item in table.form.items if item.path not in table.columns and not item.whole]
        for column, (label, row) in told.unknown.items():
            place = f"{table.sheet.name}!{table.sheet.place(row, column)}"
            near = nearest(fold(label)[:60], [fold(item.label) for item in missing])
            if missing and (near or not label):
                item = next((i for i in missing if fold(i.label) == near), None)
                hint = f"是否想写“{item.label}”" if item else "请补上列名"
                what = f"没有“{label}”这个列名" if label else "这一列没有列名，却有内容"
                titles = "、".join(i.label for i in missing[:12])
                self._fault(table.form.path, what, titles, hint, place, False)
                if item is not None:
                    told.dropped.append(item.path)
            elif missing:
                self._unknown(table.form, label, place, "列名")
            else:
                self._not_read(f"工作表“{table.sheet.name}”的“{label or table.sheet.place(row, column)}”列")
        table.dropped = tuple(told.dropped)

    def _fill(self, form: FormSheet, table: _Table, path: Path, rows: list[Any]) -> None:
        """Put rows of a table at a list's path."""
        if not rows:
            return
        said = _only_none(table, rows)
        if said is not None:
            self._spots[path] = (table.sheet, said.row, said.column)
            self._put(path, str(said.value).strip())
            return
        holder = self._node(path[:-1])
        if holder.get(path[-1]) is not None:
            self._fault(path, f"写了“{holder[path[-1]]}”，下面又有内容", "二者之一", "请删去“无”，或删去内容")
        holder[path[-1]] = made = []
        blanks: dict[Path, list[Path]] = {}
        merged = _merged(table)
        for index, (number, name, _, cells) in enumerate(rows):
            made.append({})
            place = (*path, str(index))
            self._rows[place] = (table, number)
            if name is not None:
                self._numbers.setdefault(form.key, {}).setdefault(name, []).append(place)
            for item in form.items:
                column = table.columns.get(item.path)
                if column is None:
                    if item.path in table.dropped:
                        self._drop((*place, *item.path))
                    continue
                self._read_cell(table, item, (*place, *item.path), number, cells.get(column), merged, blanks)
        for item_path, places in blanks.items():
            self.notes.append(CellNote(_pointer((*places[0], *item_path)), f"空白 {len(places)} 行", "无"))

    def _drop(self, path: Path) -> None:
        self.faults.append(CellFault(_pointer(path), "-", "", "", ""))

    def _read_cell(
        self,
        table: _Table,
        item: Item,
        path: Path,
        number: int,
        cell: Cell | None,
        merged: dict[tuple[int, int], tuple[Cell | None, bool]],
        blanks: dict[Path, list[Path]],
    ) -> None:
        column = table.columns[item.path]
        covered = merged.get((number, column))
        if cell is None and covered is not None:
            origin, upright = covered
            if origin is not None and upright:
                cell = origin
                text = meaning(item.field, origin).text or ""
                shown = MASK if item.field.private else text
                self.notes.append(CellNote(_pointer(path), f"与 {table.sheet.place(origin.row, origin.column)} 合并的单元格", shown))
            elif origin is not None:
                hint = "请取消合并，每格分别填写"
                self._fault(path, "与旁边合并的单元格，看不出这一格是什么", allowed(item.field) if not item.whole else "无", hint)
                return
        if item.field.blank_absent and not item.whole:
            if cell is None:
                self._put(path, "无")
                blanks.setdefault(item.path, []).append(path[: -len(item.path)])
                return
            if isinstance(cell.value, str) and cell.value.strip() == forms.NOT_SUPPLIED:
                return
        if cell is not None:
            self._take(item, path, cell)

    def _fill_inside(self, form: FormSheet, table: _Table) -> None:
        """Rows that belong to rows of another table, which they name by its 行次."""
        assert form.parent is not None
        known = self._numbers.get(form.parent.key, {})
        parents = [place for places in known.values() for place in places]
        groups: dict[Path, list[Any]] = {}
        lost = False
        for row in table.rows:
            number, _, outer, _ = row
            owners = known.get(outer or "", [])
            if len(owners) == 1:
                groups.setdefault(owners[0], []).append(row)
                continue
            lost = True
            column = table.columns.get(("",), 1)
            place = f"{table.sheet.name}!{table.sheet.place(number, column)}"
            label = form.parent_label
            if outer is None:
                found = f"没有填“{label}”，看不出属于哪一行"
            elif owners:
                found = f"“{form.parent.name}”里有 {len(owners)} 行的{forms.NUMBER}都是 {outer}"
            else:
                found = f"“{form.parent.name}”里没有{forms.NUMBER}是 {outer} 的行"
            hint = f"请填“{form.parent.name}”中那一行的{forms.NUMBER}"
            self._fault(form.path, found, label, hint, place, False)
        if lost:  # a row that cannot be placed may belong to any of them
            for parent in {p for p, (t, _) in self._rows.items() if t.form.key == form.parent.key}:
                self._drop((*parent, *form.inside))
            del parents
            return
        for owner, rows in groups.items():
            self._fill(form, table, (*owner, *form.inside), rows)
