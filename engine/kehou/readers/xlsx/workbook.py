"""Excel workbooks (.xlsx, .xlsm): their sheets and cells as data, from files made by anybody.

Read with the standard library alone, part by part: nothing is run, recalculated, followed or
fetched; macros, external links and embedded objects are named in ``Workbook.ignored``. A formula
gives the value that was saved with it. Files are refused with a reason, never repaired.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kehou.readers.ooxml import Package, Reading, damaged, local
from kehou.readers.source import DEFAULT, Limits, ReadError
from kehou.readers.xlsx.cells import BUILT_IN, GENERAL, Cell
from kehou.readers.xlsx.sheet_events import Row
from kehou.readers.xlsx.sheet_reader import read_sheet
from kehou.readers.xlsx.sheet_values import Range, SheetValues, letters, plain

__all__ = ["Cell", "Sheet", "Workbook", "open_workbook"]

MOST_SHEETS: Final = 255
MOST_STYLES: Final = 70_000
#: Texts that cells share, and the characters of all of them.
MOST_STRINGS: Final = 500_000
MOST_CHARACTERS: Final = 20_000_000
_MOST_NAME: Final = 60
_MOST_NAMES: Final = 10_000
_CUSTOM: Final = "docProps/custom.xml"


@dataclass(frozen=True)
class Sheet:
    """One worksheet; ``rows`` are those with content, in order, each with its filled cells.

    A row is (its number, cells from left to right); a cell without content is left out, so that
    its neighbours are told apart by ``Cell.column`` alone. ``merged`` ranges are (first row, first
    column, last row, last column), the last ones included. ``unseen`` are rows with content and
    ``unseen_columns`` ranges of columns that are hidden: they are read as any other.
    """

    name: str
    hidden: bool
    rows: tuple[Row, ...] = field(repr=False)
    merged: tuple[Range, ...] = field(repr=False)
    unseen: tuple[int, ...] = field(default=(), repr=False)
    unseen_columns: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    def place(self, row: int, column: int) -> str:
        """``B7`` for row 7, column 2."""
        return f"{letters(column)}{row}"


@dataclass(frozen=True)
class Workbook:
    """All worksheets in the order of their tabs.

    ``defined`` maps defined names and custom document properties to their texts; ``ignored`` says
    what else is in the file and was not read. ``since_1904`` is how its days are counted;
    ``empty`` are tabs that are nothing but a name.
    """

    name: str
    sheets: tuple[Sheet, ...]
    defined: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    since_1904: bool = False
    empty: tuple[str, ...] = ()


def open_workbook(data: bytes, name: str, limits: Limits = DEFAULT) -> Workbook:
    """Read every worksheet of a workbook; raises ``ReadError``, its ``where`` set.

    Cells hold no cycles, so that the collector, which would look at all of them time and again,
    waits until they are made (a third of the time of a large sheet).
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _open(data, name, limits)
    except ReadError as error:
        error.locate(name)
        raise
    finally:
        if collecting:
            gc.enable()


def _open(data: bytes, name: str, limits: Limits) -> Workbook:
    package = Package(data, limits)
    main = _main_part(package)
    relations = package.relations(main)
    tabs, defined, since_1904 = _contents(package, main)
    by_kind = {kind: target for kind, target in relations.values()}
    strings = _strings(package, by_kind.get("sharedStrings"))
    formats = _formats(package, by_kind.get("styles"))
    if _CUSTOM in package:
        defined = {**_properties(package), **defined}
    sheets: list[Sheet] = []
    empty: list[str] = []
    budget = limits.cells
    for title, hidden, identifier in tabs:
        kind, part = relations.get(identifier, ("", ""))
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
            continue
        if kind != "worksheet":
            empty.append(title)
            continue
        values = SheetValues(package, title, strings, formats, since_1904, limits)
        found = read_sheet(values, part, budget)
        budget -= sum(len(cells) for _, cells in found.rows)
        sheets.append(Sheet(title, hidden, *found))
    if not sheets:
        names = "、".join(f"“{title}”" for title in empty[:8])
        raise damaged(f"找不到工作表{names}的内容" if empty else "里面没有工作表")
    return Workbook(name, tuple(sheets), defined, package.ignored, since_1904, tuple(empty))


def _main_part(package: Package) -> str:
    """The part that lists the sheets, by the package's own relations."""
    mains = [part for kind, part in package.relations("").values() if kind == "officeDocument"]
    usual = [part for part in ("xl/workbook.xml", "workbook.xml") if part in package]
    main = next((part for part in [*mains, *usual] if part in package), "")
    if any(part.lower().endswith(".bin") for part in mains):
        from kehou.readers.ooxml import SAVE_AS

        raise ReadError("文件是二进制工作簿（.xlsb），读不了", hint=SAVE_AS)
    if not main:
        raise _no_workbook(package)
    return main


def _no_workbook(package: Package, root: str = "") -> ReadError:
    """Why a package is no workbook; ``root`` is the first element of its main part."""
    from kehou.readers.ooxml import SAVE_AS

    names = package.parts
    if root == "document" or any(name.startswith("word/") for name in names):
        return ReadError("文件是 Word 文档，不是 Excel 工作簿", hint="把表格复制到 Excel 中保存")
    if root == "presentation" or any(name.startswith("ppt/") for name in names):
        return ReadError("文件是 PowerPoint 演示文稿，不是 Excel 工作簿", hint=SAVE_AS)
    if "content.xml" in names:
        return ReadError("文件是 OpenDocument 表格（.ods），不是 .xlsx", hint=SAVE_AS)
    if "xl/workbook.xml" in names or "[content_types].xml" in names:
        return damaged("没有工作簿的目录")
    return ReadError("文件是 zip 压缩包，不是 Excel 工作簿", hint="先解压，再检查里面的文件")


def _contents(
    package: Package, main: str
) -> tuple[list[tuple[str, bool, str]], dict[str, str], bool]:
    """The tabs as (name, hidden, relation), the defined names, and whether days are of 1904."""
    tabs: list[tuple[str, bool, str]] = []
    defined: dict[str, str] = {}
    epoch: list[str] = []
    text: list[str] = []
    named: list[str] = []
    roots: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        what = local(tag)
        text.clear()
        if not roots:
            roots.append(what)
            if what != "workbook":
                raise _no_workbook(package, what)
        if what == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            state = attributes.get("state", "visible")
            tabs.append((_tab(attributes.get("name", "")), state != "visible", relation))
            if len(tabs) > MOST_SHEETS:
                raise damaged(f"工作表超过 {MOST_SHEETS} 张")
        elif what == "workbookPr":
            epoch.append(attributes.get("date1904", ""))
        elif what == "definedName":
            named.append(attributes.get("name", ""))

    def end(tag: str) -> None:
        if local(tag) == "definedName" and named and len(defined) < _MOST_NAMES:
            defined[named.pop()] = "".join(text)

    Reading(package, main).run(start, end, text.append)
    return tabs, defined, bool(epoch) and epoch[0] in ("1", "true", "on")


def _tab(name: str) -> str:
    """A sheet's name as it may be shown; Excel itself allows 31 characters."""
    shown = "".join(c if c.isprintable() else "?" for c in plain(name))
    return shown if len(shown) <= _MOST_NAME else shown[:_MOST_NAME] + "…"


def _properties(package: Package) -> dict[str, str]:
    """The custom document properties by name, as text."""
    found: dict[str, str] = {}
    text: list[str] = []
    names: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        text.clear()
        if local(tag) == "property":
            names.append(attributes.get("name", ""))

    def end(tag: str) -> None:
        if names and text and len(found) < _MOST_NAMES:
            found.setdefault(names[-1], "".join(text))

    Reading(package, _CUSTOM).run(start, end, text.append)
    return found


def _strings(package: Package, part: str | None) -> list[str]:
    """The texts that cells share, without the readings (phonetic runs) of each."""
    found: list[str] = []
    if part is None or part not in package:
        return found
    left = MOST_CHARACTERS
    pieces: list[str] = []
    text: list[str] = []
    phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        what = local(tag)
        if what == "t":
            text.clear()
        elif what == "si":
            pieces.clear()
        elif what == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal left, phonetic
        what = local(tag)
        if what == "t":
            if not phonetic:
                pieces.extend(text)
        elif what == "si":
            whole = plain("".join(pieces))
            left -= len(whole)
            found.append(whole)
            if left < 0 or len(found) > MOST_STRINGS:
                raise ReadError(
                    f"工作簿里的文字超过 {MOST_STRINGS} 条或 {MOST_CHARACTERS} 个字",
                    hint="只留检查要用的工作表；或拆成几个文件",
                )
        elif what == "rPh":
            phonetic = False

    Reading(package, part).run(start, end, text.append)
    return found


def _formats(package: Package, part: str | None) -> list[str]:
    """The format code of each cell style."""
    codes = dict(BUILT_IN)
    found: list[str] = []
    if part is None or part not in package:
        return found
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        what = local(tag)
        if what == "numFmt" and len(codes) < MOST_STYLES:
            codes[_number(attributes.get("numFmtId"))] = plain(attributes.get("formatCode", ""))
        elif what == "cellXfs":
            inside = True
        elif what == "xf" and inside:
            if len(found) >= MOST_STYLES:
                raise damaged(f"单元格格式超过 {MOST_STYLES} 种")
            found.append(codes.get(_number(attributes.get("numFmtId")), GENERAL))

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = False

    Reading(package, part).run(start, end)
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0
