"""What a form gives, gathered while it is read: the tree, its places, and what is to be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kehou.fields import ABSENT_WORDS, MASK, Field
from kehou.fields.privacy import has_number, names_somebody, shape
from kehou.forms import layouts as forms
from kehou.forms import sheets as form_sheets
from kehou.forms.cells import meaning
from kehou.forms.layouts import FormSheet, Item, Path
from kehou.forms.sheets import Extra, Record, Table
from kehou.readers.grids import Asides
from kehou.readers.source import CellFault, CellNote
from kehou.readers.xlsx import Cell, Sheet

#: Labels and places that one sentence lists at most.
MOST_LISTED = 12
_LONG_NUMBER = re.compile(r"-?[0-9]{11,}(?:\.[0-9]+)?")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
#: (what may stand there, what to do) where a cell and a table say two things.
BOTH = ("二者之一", "请删去“无”，或删去内容")


def pointer(path: Path) -> str:
    """The JSON pointer of a path of names and row numbers."""
    return "".join(f"/{step}" for step in path)


def short(words: str) -> str:
    """What people wrote, on one line and cut where it is long."""
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:60] + "…"


def said(words: str) -> str:
    """What people wrote, quoted; what may be somebody's own by its shape alone."""
    return shape(words) if names_somebody(words) else f"“{short(words)}”"


def _unshown(found: str) -> str:
    """What a cell holds that its field cannot take; of a number that may be a person's own, also
    one that has lost its last digits, the shape.
    """
    return shape(found) if has_number(found) or _LONG_NUMBER.fullmatch(found) else found


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


class Gain:
    """What one form gives; ``named`` are the rows of tables by the number that others name."""

    def __init__(self, name: str, sheets: dict[str, FormSheet], asides: Asides) -> None:
        self.name = name
        self.asides = asides
        self.forms = sheets
        self.tree: dict[str, Any] = {}
        self.faults: list[CellFault] = []
        self.notes: list[CellNote] = []
        self.dropped: list[str] = []
        self.unread: list[str] = []
        self.tables: dict[str, Table] = {}
        self.spots: dict[Path, tuple[Sheet, int, int]] = {}
        self.rows: dict[Path, tuple[Table, int]] = {}
        self.named: dict[str, dict[str, list[Path]]] = {}

    def forget(self, path: list[str]) -> None:
        """Take what cannot be trusted out of the tree."""
        node: Any = self.tree
        for step in path[:-1]:
            if isinstance(node, list):
                node = node[int(step)]
            elif isinstance(node, dict):
                node = node.get(step)
        if isinstance(node, dict):
            node.pop(path[-1], None)

    def not_read(self, what: str) -> None:
        """Name a part of the workbook that is no part of the form."""
        self.unread.append(f"{self.name} 的{what}")

    def fault(
        self, path: Path, found: str, may: str, hint: str = "", place: str = "", drop: bool = True
    ) -> None:
        """Note what is wrong at a path; with ``drop`` the value there is not trusted."""
        self.faults.append(CellFault(pointer(path), place, found, may, hint))
        if drop:
            self.dropped.append(pointer(path))

    def tell_extra(self, sheet: Sheet, extra: Extra) -> None:
        """Name the cells and total lines of a sheet that stand outside its table."""
        if extra.spare:
            shown = sorted(extra.spare)[:MOST_LISTED]
            places = "、".join(sheet.place(row, column) for row, column in shown)
            more = f"等 {len(extra.spare)} 格" if len(extra.spare) > len(shown) else ""
            self.not_read(f"工作表“{sheet.name}”表格以外的 {places}{more}")
        for row in extra.totals:
            self.not_read(f"工作表“{sheet.name}”第 {row} 行（合计）")
        for row, why in extra.passed[:MOST_LISTED]:
            self.not_read(f"工作表“{sheet.name}”第 {row} 行（{why}）")
        if (left := len(extra.passed) - MOST_LISTED) > 0:
            self.not_read(f"工作表“{sheet.name}”另有 {left} 行（说明或重复的表头）")

    def hidden(self, path: Path, shown: str) -> None:
        """A value that a merged cell covers and that differs from what is seen there."""
        found = f"被 {shown} 的合并单元格盖住，里面的内容与看到的不同"
        self.fault(path, found, "与看到的相同的内容", "请取消合并后核对，各格分别填写")

    def only(self, found: Sequence[Record | Table | None], path: Path) -> Record | Table | None:
        """Which of several sheets of one kind is meant: the one that is filled in."""
        known = [sheet for sheet in found if sheet is not None]
        used = [sheet for sheet in known if sheet.filled]
        if len(used) < 2:
            return used[0] if used else next(iter(known), None)
        names = "".join(f"“{each.sheet.name}”" for each in used)
        told = f"{names}是同一张表，都填了"
        self.fault(path, told, "只填一张", "请只留一张", f"{used[1].sheet.name}!A1")
        return None

    def headless(self, form: FormSheet, sheets: Sequence[Sheet], what: str) -> None:
        """A sheet without its headings: whatever it holds cannot be read."""
        for sheet in sheets:
            held = [c for _, cells in sheet.rows for c in cells if form_sheets.text(c)]
            if all(form_sheets.is_ours(form_sheets.text(c)) for c in held):
                continue
            found = f"工作表“{sheet.name}”里找不到{what}，整张没有读"
            hint = "请用 kehou form 重新生成这张表，把内容填进去；不要删改表头"
            self.fault(form.path, found, "带表头的表格", hint, f"{sheet.name}!A1")

    # --- values ---------------------------------------------------------------------------

    def whole(self, path: Path, field: Field, cell: Cell) -> None:
        """A cell that speaks of a whole record or table: 无, or that it is there and empty."""
        told = form_sheets.text(cell)
        if told == forms.EMPTY:
            self.put(path, {})
        elif told in ABSENT_WORDS:
            self.put(path, told)
        else:
            found = f"“{MASK}”" if field.holds_private else said(told or "公式")
            self.fault(path, found, "留空，或写“无”", "具体内容请填在各栏里")

    def take(self, item: Item, path: Path, cell: Cell) -> None:
        """Read one filled cell of a record or a row into the tree."""
        if item.whole:
            self.whole(path, item.field, cell)
            return
        told = meaning(item.field, cell)
        private = item.field.private
        if told.wrong is not None:
            found, may, hint = told.wrong
            self.fault(path, MASK if private else _unshown(found), may, hint)
            self.node(path[:-1])
        elif told.text is not None:
            self.put(path, _members(item.field, told.text))
            if told.written:
                hidden = MASK if private else shape(told.text) if has_number(told.text) else ""
                written, read = (hidden, hidden) if hidden else (told.written, told.text)
                self.notes.append(CellNote(pointer(path), written, read))

    def node(self, path: Path) -> Any:
        """The mapping or list at a path of names and row numbers, made where it is missing."""
        node: Any = self.tree
        for at, step in enumerate(path):
            inner = node[int(step)] if isinstance(node, list) else node.get(step)
            if not isinstance(inner, (dict, list)):
                if inner is not None:
                    self.fault(path[: at + 1], f"写了{said(str(inner))}，又填了内容", *BOTH)
                inner = node[step] = {}
            node = inner
        return node

    def put(self, path: Path, value: Any) -> None:
        """Write a value into the tree; a fault where rows or fields stand there already."""
        holder = self.node(path[:-1])
        before = holder.get(path[-1])
        if before and isinstance(before, (dict, list)):
            if value != {}:
                self.fault(path, f"写了{said(str(value))}，又填了内容", *BOTH)
            return
        holder[path[-1]] = value
