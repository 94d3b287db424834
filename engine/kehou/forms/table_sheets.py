"""A sheet of a form that holds a list: a row for each item, or for each item inside another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from kehou.fields import MASK, allowed, fold
from kehou.fields.privacy import may_be_own, names_somebody, shape
from kehou.forms import layouts as forms
from kehou.forms import sheets as form_sheets
from kehou.forms.cells import meaning
from kehou.forms.gain import BOTH, MOST_LISTED, Gain, pointer, said
from kehou.forms.layouts import PARENT, ROW, FormSheet, Item, Path
from kehou.forms.sheets import Row, Table
from kehou.model.opposites import opposed
from kehou.readers.source import CellNote
from kehou.readers.xlsx import Cell, Sheet, letters


def read_table(gain: Gain, form: FormSheet, sheets: list[Sheet]) -> None:
    """A sheet of rows, columns known by their headings; rows of an inner list by their owner."""
    every = [form_sheets.find_table(form, sheet, gain.asides) for sheet in sheets]
    missing = [sheet for sheet, found in zip(sheets, every, strict=True) if found is None]
    gain.headless(form, missing, "表头")
    table = gain.only(every, form.path)
    if not isinstance(table, Table):
        return
    gain.tables[form.key] = table
    sheet = table.sheet
    dropped = _tell_columns(gain, table)
    gain.tell_extra(sheet, table.extra)
    for row, column in table.extra.examples:
        place, may = f"{sheet.name}!{sheet.place(row, column)}", "示例行保持原样"
        found, hint = "示例行里填了内容，示例行不读", "请把内容填到下面的空行"
        gain.fault(form.path, found, may, hint, place, False)
        _open(gain, form)  # what stands there may be a row that was meant
    if form.parent is None:
        _fill(gain, table, form.path, table.rows, dropped)
        if table.whole is not None and table.whole_at is not None:
            gain.spots[form.path] = (sheet, *table.whole_at)
            gain.whole(form.path, form.field, table.whole)
    else:
        if table.whole is not None and table.whole_at is not None:
            place = f"{sheet.name}!{sheet.place(*table.whole_at)}"
            hint = f"请在“{form.parent.name}”里那一行的“{_whole_label(form)}”栏写“无”"
            gain.fault(form.path, "这张表的“整表”一格不用填", "留空", hint, place, False)
        _fill_inside(gain, table, dropped)


def _tell_columns(gain: Gain, table: Table) -> list[Path]:
    """Tell headings that the form does not have or has twice; returns what not to trust."""
    form, sheet = table.form, table.sheet
    missing = [i for i in form.items if i.path not in table.columns and not i.whole]
    dropped: list[Path] = []
    lost = _lost(table)
    for column, (name, row) in table.extra.unknown.items():
        if not missing:
            told = f"第 {letters(column)} 列" if lost or names_somebody(name) else f"{said(name)}列"
            gain.not_read(f"工作表“{sheet.name}”的{told}")
            continue
        labels = {fold(item.label): item for item in missing}
        near = get_close_matches(fold(name)[:60], list(labels), 1, 0.6)
        found = f"没有{said(name)}这个列名" if name else "这一列有内容，却没有列名"
        if name and not near and (lost or names_somebody(name)):
            found = f"列名的位置上是{shape(name)}，不是列名"
        may = "、".join(item.label for item in missing[:MOST_LISTED])
        same = bool(near) and not opposed(name, labels[near[0]].label)
        hint = f"是否想写“{labels[near[0]].label}”" if same else "请照原来的表写列名"
        place = f"{sheet.name}!{sheet.place(row, column)}"
        gain.fault(form.path, found, may, hint, place, False)
        dropped += [labels[near[0]].path] if near else [item.path for item in missing]
    for column, (item, row) in table.extra.doubled.items():
        place = f"{sheet.name}!{sheet.place(row, column)}"
        found = f"“{item.label}”有两列"
        gain.fault(form.path, found, "只留一列", "请留一列", place, False)
        dropped.append(item.path)
    return dropped


def _of_persons(form: FormSheet) -> bool:
    return any(item.field.private for item in form.items)


def _lost(table: Table) -> bool:
    """Whether most of what stands where the headings of persons were is none, as where a row has
    been pasted over them.
    """
    known = len({*table.columns} - {ROW, PARENT})
    return _of_persons(table.form) and known < len(table.extra.unknown)


def _fill(gain: Gain, table: Table, path: Path, rows: Sequence[Row], dropped: list[Path]) -> None:
    """Put rows of a table at a list's path."""
    if not rows:
        return
    none = form_sheets.says_none(table)
    if none is not None and len(path) == len(table.form.path):
        gain.spots[path] = (table.sheet, none.row, none.column)
        gain.put(path, form_sheets.text(none))
        return
    holder = gain.node(path[:-1])
    if holder.get(path[-1]):
        gain.fault(path, f"写了{said(str(holder[path[-1]]))}，又填了内容", *BOTH)
    made: list[dict[str, Any]] = []
    holder[path[-1]] = made
    covered = form_sheets.merged(table) if table.sheet.merged else {}
    blanks: dict[Path, list[Path]] = {}
    for index, row in enumerate(rows):
        made.append({})
        place = (*path, str(index))
        gain.rows[place] = (table, row.number)
        if row.name is not None:
            named = gain.named.setdefault(table.form.key, {})
            named.setdefault(row.name, []).append(place)
        for item in table.form.items:
            column = table.columns.get(item.path)
            at = (*place, *item.path)
            if item.path in dropped:
                gain.dropped.append(pointer(at))
            elif column is not None:
                cell = row.cells.get(column)
                if (row.number, column) in covered:
                    under = covered[(row.number, column)]
                    cell, known = _under(gain, item, at, cell, *under, _of_persons(table.form))
                    if not known:
                        continue
                _value(gain, item, at, cell, blanks)
    for item_path, places in blanks.items():
        first = pointer((*places[0], *item_path))
        gain.notes.append(CellNote(first, f"空白 {len(places)} 行", "无"))


def _under(
    gain: Gain,
    item: Item,
    path: Path,
    cell: Cell | None,
    origin: Cell | None,
    above: bool,
    among: bool,
) -> tuple[Cell | None, bool]:
    """The cell that counts under a merged one, and whether anybody can tell which that is;
    ``among`` rows of persons.
    """
    if cell is not None and form_sheets.text(cell) != form_sheets.text(origin):
        gain.hidden(path, f"{letters(origin.column)}{origin.row}" if origin else "左上角")
        return None, False
    if cell is not None or origin is None:
        return cell, True
    found = _covered(gain, item, path, origin, above, among)
    return found, found is not None


def _covered(
    gain: Gain, item: Item, path: Path, origin: Cell, above: bool, among: bool
) -> Cell | None:
    """The cell that a merged one stands for; None, and told, where that cannot be seen."""
    sheet = f"{letters(origin.column)}{origin.row}"
    if not above:
        may = "无" if item.whole else allowed(item.field)
        found = f"与 {sheet} 合并的单元格，看不出这一格是什么"
        gain.fault(path, found, may, "请取消合并，各格分别填写")
        return None
    shown = meaning(item.field, origin).text or ""
    if item.field.holds_private:
        shown = MASK
    elif may_be_own(item.field, shown, among):
        shown = shape(shown)
    gain.notes.append(CellNote(pointer(path), f"与 {sheet} 合并的单元格", shown))
    return origin


def _value(
    gain: Gain, item: Item, path: Path, cell: Cell | None, blanks: dict[Path, list[Path]]
) -> None:
    if item.field.blank_absent and not item.whole:
        if cell is None:
            gain.put(path, "无")
            blanks.setdefault(item.path, []).append(path[: -len(item.path)])
            return
        if form_sheets.text(cell) == forms.NOT_SUPPLIED:
            return
    if cell is not None:
        gain.take(item, path, cell)


def _open(gain: Gain, form: FormSheet) -> None:
    """Trust no list of a table: there are rows of it that cannot be read."""
    if form.parent is None:
        gain.dropped.append(pointer(form.path))
        return
    for path, (parent, _) in gain.rows.items():
        if parent.form.key == form.parent.key:
            gain.dropped.append(pointer((*path, *form.inside)))


def _fill_inside(gain: Gain, table: Table, dropped: list[Path]) -> None:
    """Rows that belong to rows of another table, which they name by its 行次."""
    form, sheet = table.form, table.sheet
    assert form.parent is not None
    known = gain.named.get(form.parent.key, {})
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
        found = f"“{name}”里没有{forms.NUMBER}是{said(row.outer or '')}的行"
        if row.outer is None:
            found = f"没有填“{label}”，看不出属于哪一行"
        elif owners:
            found = f"“{name}”里有 {len(owners)} 行的{forms.NUMBER}都是{said(row.outer)}"
        hint = f"请填“{name}”中那一行的{forms.NUMBER}"
        gain.fault(form.path, found, label, hint, place, False)
    if lost:  # a row that cannot be placed may belong to any of them
        _open(gain, form)
        return
    for owner, rows in groups.items():
        _fill(gain, table, (*owner, *form.inside), rows, dropped)


def _whole_label(form: FormSheet) -> str:
    assert form.parent is not None
    return next(i.label for i in form.parent.items if i.path == form.inside)
