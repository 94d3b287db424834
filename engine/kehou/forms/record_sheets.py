"""A sheet of a form that holds one record: a label and its value on each line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from kehou.fields import fold
from kehou.fields.privacy import names_somebody, shape
from kehou.forms import layouts as forms
from kehou.forms import sheets as form_sheets
from kehou.forms.gain import MOST_LISTED, Gain, said
from kehou.forms.layouts import FormSheet, Path
from kehou.forms.sheets import Record
from kehou.model.opposites import opposed
from kehou.readers.xlsx import Sheet, letters


def read_record(gain: Gain, form: FormSheet, sheets: list[Sheet]) -> None:
    """A sheet of labels and values, each value to the field of its label."""
    every = [form_sheets.find_record(form, sheet) for sheet in sheets]
    missing = [sheet for sheet, found in zip(sheets, every, strict=True) if found is None]
    gain.headless(form, missing, f"“{forms.ITEM}”“{forms.VALUE}”两栏")
    record = gain.only(every, form.path)
    if not isinstance(record, Record):
        return
    sheet = record.sheet
    gain.spots[form.path] = (sheet, 1, 1)
    gain.tell_extra(sheet, record.extra)
    under = form_sheets.covers(sheet, record.rows[0][1][1]) if sheet.merged and record.rows else {}
    given: dict[Path, str] = {}
    unknown: list[tuple[str, str]] = []
    for name, at, cell in record.rows:
        place = f"{sheet.name}!{sheet.place(*at)}"
        if form_sheets.label(name) == forms.WHOLE:
            gain.spots[form.path] = (sheet, *at)
            if cell is not None:
                gain.whole(form.path, form.field, cell)
            continue
        item = form.item(form_sheets.label(name))
        if item is None:
            if cell is not None and gain.asides.is_label(name):
                gain.not_read(f"工作表“{sheet.name}”第 {at[0]} 行（说明）")
            elif cell is not None:
                unknown.append((name, place))
            continue
        path = (*form.path, *item.path)
        if cell is not None and at[0] in under:
            seen = under[at[0]]
            if form_sheets.text(seen) != form_sheets.text(cell):
                gain.spots[path] = (sheet, *at)
                gain.hidden(path, f"{letters(seen.column)}{seen.row}" if seen else "左上角")
                continue
        if given.get(item.path) and cell is not None:
            found = f"“{item.label}”填了两处（{given[item.path]}）"
            gain.fault(path, found, "只填一处", "请留一个", place)
            continue
        if cell is not None or item.path not in given:
            given[item.path] = place if cell is not None else ""
            gain.spots[path] = (sheet, *at)
        if cell is not None:
            gain.take(item, path, cell)
    for name, place in unknown:
        _unknown(gain, form, name, place, given)
    for path in {path[:-2] for path in given if len(path) > 2 and path[-2].isdecimal()}:
        _as_rows(gain, (*form.path, *path))


def _as_rows(gain: Gain, path: Path) -> None:
    """Turn a list's numbered lines into its rows; numbers without content do not count."""
    holder: Any = gain.tree
    for step in path[:-1]:
        holder = holder.get(step, {}) if isinstance(holder, dict) else {}
    lines = holder.get(path[-1]) if isinstance(holder, dict) else None
    depth = len(path)
    numbers = sorted({int(p[depth]) for p in gain.spots if p[:depth] == path and len(p) > depth})
    filled = [n for n in numbers if isinstance(lines, dict) and str(n) in lines]
    order = {n: at for at, n in enumerate([*filled, *(n for n in numbers if n not in filled)])}
    moved = {
        (*path, str(order[int(p[depth])]), *p[depth + 1 :]): gain.spots.pop(p)
        for p in [p for p in gain.spots if p[:depth] == path and len(p) > depth]
    }
    gain.spots.update(moved)
    if isinstance(lines, dict) and filled:
        holder[path[-1]] = [lines[str(n)] for n in filled]


def _unknown(gain: Gain, form: FormSheet, name: str, place: str, given: dict[Path, str]) -> None:
    """A label that the sheet does not have; the field it seems to mean is not trusted."""
    near = get_close_matches(fold(name)[:60], list(form.by_label), 1, 0.7)
    item = form.by_label[near[0]] if near else None
    hint = (
        f"是否想写“{item.label}”"
        if item and not opposed(name, item.label)
        else "请照原来的表填写，不要改栏目的名称"
    )
    found = f"没有{said(name)}这个栏目" if name else "这一行没有栏目名称，却有内容"
    if name and not near and names_somebody(name):
        found = f"栏目名称的位置上是{shape(name)}，不是栏目名称"
    titles = "、".join(each.label for each in form.items[:MOST_LISTED])
    path = (*form.path, *item.path) if item else form.path
    gain.fault(path, found, titles, hint, place, item is not None and not given.get(item.path))
