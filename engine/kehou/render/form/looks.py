"""How a form looks: named styles, notes, heights, protection, printing, drop-downs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from kehou.forms import Item, Path
from kehou.forms import layouts as forms
from kehou.render.form import hints as form_hints
from kehou.render.form.values import text
from kehou.render.office.openpyxl_door import (
    Alignment,
    Border,
    Cell,
    Comment,
    DataValidation,
    Font,
    NamedStyle,
    PatternFill,
    Protection,
    Side,
    Workbook,
    Worksheet,
    get_column_letter,
)
from kehou.render.words.visible_text import width

_PROMPT: Final = 250
_NOTE: Final = 900
_FONT: Final = "等线"
_LINE: Final = 14.5
_A4: Final = 9
FREE: Final = Protection(locked=False)
#: Number formats of the kinds that have one; every other cell is a text cell.
_FORMATS: Final = {
    "time": "hh:mm",
    "date": "yyyy-mm-dd",
    "money": "0.00",
    "integer": "0",
    "decimal": "General",
}
#: Fills by what they mean: a heading, a required one, one that decides, a group, our own words.
_FILLS: Final = {
    "head": "D9E2F3",
    "due": "FCE4D6",
    "decides": "FFF2CC",
    "carried": "E2EFDA",
    "group": "EDEDED",
    "ours": "F7F7F7",
}


def styles() -> Iterator[NamedStyle]:
    """All looks of a form, by name."""
    line = Side(style="thin", color="9AA0A6")
    box, none = Border(left=line, right=line, top=line, bottom=line), Border()
    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in _FILLS.items()}
    left = Alignment(vertical="center", wrap_text=True)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    flat = Alignment(vertical="center")
    locked, clear = Protection(locked=True), PatternFill()
    body, bold = Font(name=_FONT, size=11), Font(name=_FONT, size=11, bold=True)
    grey = Font(name=_FONT, size=11, color="595959")
    looks: list[tuple[str, Font, PatternFill, Border, Alignment]] = [
        ("title", Font(name=_FONT, size=16, bold=True), clear, none, flat),
        ("line", grey, clear, none, flat),
        ("words", grey, clear, none, left),
        ("plain", body, clear, none, left),
        ("cell", body, clear, box, left),
        ("link", Font(name=_FONT, size=11, underline="single", color="1F4E9E"), clear, box, left),
        ("head", bold, fills["head"], box, centre),
        ("head due", bold, fills["due"], box, centre),
        ("head decides", bold, fills["decides"], box, centre),
        ("label", body, clear, box, left),
        ("label decides", bold, clear, box, left),
        ("need decides", body, fills["decides"], box, centre),
        ("label due", bold, clear, box, left),
        ("need", body, fills["ours"], box, centre),
        ("need due", body, fills["due"], box, centre),
        ("hint", grey, fills["ours"], box, left),
        ("want", grey, clear, box, left),
        ("group", bold, fills["group"], box, left),
        (
            "example",
            Font(name=_FONT, size=10, italic=True, color="7F7F7F"),
            fills["ours"],
            box,
            Alignment(vertical="center", shrink_to_fit=True),
        ),
    ]
    for name, font, fill, border, alignment in looks:
        yield NamedStyle(f"kehou {name}", font, fill, border, alignment, "General", locked)
    plain_left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    for code in ("@", *_FORMATS.values()):
        column = plain_left if code == "@" else Alignment(horizontal="center", vertical="center")
        yield NamedStyle(f"kehou in {code}", body, clear, box, column, code, FREE)
        yield NamedStyle(f"kehou fill {code}", body, clear, box, plain_left, code, FREE)


def ours(page: Worksheet, row: int, column: int, words: str, look: str) -> Cell:
    """A locked cell with our own words."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if words:
        text(cell, words)
    cell.style = f"kehou {look}"
    return cell


def code(item: Item) -> str:
    """The number format of what is filled in."""
    return "@" if item.whole else _FORMATS.get(item.field.kind, "@")


def free(page: Worksheet, row: int, column: int, form: str, look: str = "in") -> Cell:
    """A cell to fill in, with its number format."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    cell.style = f"kehou {look} {form}"
    return cell


def note(cell: Cell, words: str) -> None:
    """A note on a heading: what belongs there and the clauses' words."""
    if not words:
        return
    shown = words if len(words) <= _NOTE else words[: _NOTE - 1] + "…"
    found = Comment(shown, "kehou")
    found.width = 420
    found.height = int(sum(1 + width(line) // 56 for line in shown.split("\n")) * 19 + 14)
    cell.comment = found


def height(texts: Sequence[tuple[str, int]]) -> float:
    """Points of a row with wrapped texts, each with its column's width in characters."""
    lines = 1
    for words, room in texts:
        wrapped = [1 + max(width(line) - 1, 0) // max(room - 2, 1) for line in words.split("\n")]
        lines = max(lines, sum(wrapped))
    return min(lines * _LINE + 5, 400)


def finish(page: Worksheet, area: str, landscape: bool, repeat: str = "", pages: int = 1) -> None:
    """Protection without a password, and how the sheet prints."""
    lock = page.protection
    lock.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "deleteRows",
        "sort",
        "autoFilter",
        "insertHyperlinks",
    ):
        setattr(lock, allowed, False)
    page.print_area = area
    if repeat:
        page.print_title_rows = repeat
    if pages > 1:
        page.print_title_cols = "A:A"
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    assert page.sheet_properties.pageSetUpPr is not None
    page.sheet_properties.pageSetUpPr.fitToPage = True
    margins = page.page_margins
    margins.left = margins.right = 0.5
    page.sheet_view.showGridLines = False


class Options:
    """Lists for drop-downs, on a hidden sheet, and the rules that point to them."""

    def __init__(
        self,
        book: Workbook,
        fresh: frozenset[str] | None = None,
        settled: Callable[[Path], bool] = lambda _: False,
    ) -> None:
        self.book = book
        self.fresh = fresh
        self.settled = settled
        self.confirm: dict[str, list[str]] = {}
        self.page: Worksheet = book.create_sheet(forms.OPTIONS)
        self.page.sheet_state = "hidden"
        self.page.protection.sheet = True
        self._known: dict[tuple[str, ...], str] = {}

    def place_last(self) -> None:
        """Move the lists behind all other sheets."""
        self.book.move_sheet(self.page, len(self.book.sheetnames))

    def take_over(self, page: Worksheet, cell: Any, path: str, steps: Sequence[str]) -> None:
        """Mark a filled cell that is taken over from an earlier form and is to be confirmed.

        ``steps`` lead to its value in the tree, rows by number.
        """
        if self.fresh is None or path in self.fresh or cell.value is None:
            return
        if self.settled(tuple(steps)):
            return
        cell.fill = PatternFill("solid", fgColor=_FILLS["carried"])
        self.confirm.setdefault(page.title, []).append(cell.coordinate)

    def add(self, page: Worksheet, where: str, item: Item, hint: str) -> None:
        """The drop-down or check of one field, with its hint as the prompt."""
        field = item.field
        choices = form_hints.choices(item)
        rule = DataValidation(allow_blank=True, **self._check(item, choices))
        rule.errorStyle = "stop" if choices and field.kind in ("enum", "boolean") else "warning"
        rule.errorTitle = rule.promptTitle = item.label[:32]
        rule.error = "请从下拉中选择" if choices else hint[:_PROMPT]
        rule.prompt = hint[:_PROMPT]
        rule.showInputMessage, rule.showErrorMessage = bool(hint), True
        rule.add(where)
        page.add_data_validation(rule)

    def _check(self, item: Item, choices: tuple[str, ...]) -> dict[str, Any]:
        if choices:
            return {"type": "list", "formula1": self._range(choices)}
        kinds = ("time", "date", "integer", "money", "decimal")
        return form_hints.bounds(item.field) if item.field.kind in kinds else {}

    def _range(self, choices: tuple[str, ...]) -> str:
        if choices not in self._known:
            column = len(self._known) + 1
            for row, words in enumerate(choices, 1):
                text(self.page.cell(row, column), words)
            letter = get_column_letter(column)
            self._known[choices] = f"'{forms.OPTIONS}'!${letter}$1:${letter}${len(choices)}"
        return self._known[choices]
