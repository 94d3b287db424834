"""Filled-in worksheets read back: attestations, and each cell that cannot be taken, with its place.

A row that cannot be taken loses nothing else. A row whose check code does not fit what it is about
was changed after the sheet was made; it is told and not taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from kehou.errors import UnreadableError, UsageError
from kehou.fields.dates import day_written
from kehou.inspection.worksheets import SUBJECT, Item
from kehou.readers import DEFAULT, ReadError
from kehou.readers.copied_text import as_meant
from kehou.readers.door import contents
from kehou.readers.xlsx import Cell, Sheet, open_workbook

#: The name of what says, above the table, whose sheet it is.
WHOSE = "whose"
_WHOSE = re.compile(r"(.*)（(.+)）", re.DOTALL)


#: Signs that people put for a verdict, and words for one that is still to come.
SIGNS: Final = {
    **dict.fromkeys("√✓✔☑", "pass"),
    **dict.fromkeys(("×", "✗", "✘", "x", "X", "╳", "☒"), "fail"),
}
LEFT_OPEN: Final = frozenset(["待定", "待核", "待查", "未看", "没看", "?", "？"])


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be taken: file, sheet!cell, what is wrong, what to do."""

    file: str
    cell: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Filled:
    """One row that an inspector filled in, ready to be an attestation; dates are ISO.

    ``whose`` is the id of whose submission it is about.
    """

    whose: str
    number: str
    clauses: str
    rule: str
    fingerprint: str
    members: tuple[str, ...]
    verdict: str
    seen: str
    evidence: str
    office: str
    date: str
    until: str
    place: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ReadSheets:
    """All rows of the sheets read: filled in, left open (sheet!row), and what is at fault."""

    filled: tuple[Filled, ...]
    open: tuple[str, ...]
    faults: tuple[CellFault, ...]


@dataclass(frozen=True, slots=True)
class Headings:
    """The words that a worksheet is written in: heading by column, and of the rows above it.

    What the row is headed by that says whose sheet it is, depends on the packs; it is the first
    row above the table with a heading that is none of the others and something in it.
    """

    columns: Mapping[str, str]
    head: Mapping[str, str]
    verdicts: Mapping[str, str]


def read(path: str, headings: Headings, given: Mapping[str, str]) -> ReadSheets:
    """Read one filled-in workbook; ``given`` has office, date and until where a sheet lacks them.

    Raises UsageError where there is no such file, UnreadableError where it is no worksheet.
    """
    file = Path(path)
    try:
        data = contents(file, DEFAULT.table_bytes)
    except ReadError as error:
        told = f"打不开核查表：{error.message}"
        raise UsageError("no-worksheet", told, path, error.hint) from error
    try:
        book = open_workbook(data, file.name)
    except ReadError as error:
        raise UnreadableError("no-worksheet", error.message, error.where, error.hint) from error
    filled: list[Filled] = []
    left: list[str] = []
    faults: list[CellFault] = []
    known = False
    for sheet in book.sheets:
        found = _header(sheet, headings)
        if found is None:
            continue
        known = True
        for one in _rows(sheet, file.name, headings, given, *found):
            if isinstance(one, Filled):
                filled.append(one)
            elif isinstance(one, CellFault):
                faults.append(one)
            else:
                left.append(one)
    if not known:
        raise UnreadableError(
            "no-worksheet",
            "里面没有核查表（找不到表头）",
            file.name,
            "请用 kehou worksheet 生成的核查表填写",
        )
    return ReadSheets(tuple(filled), tuple(left), tuple(faults))


def _header(sheet: Sheet, headings: Headings) -> tuple[int, dict[str, int]] | None:
    """The row of the headings, and each heading's column; columns may have been moved."""
    wanted = {word: name for name, word in headings.columns.items()}
    for number, cells in sheet.rows:
        columns = {wanted[text(c)]: c.column for c in cells if text(c) in wanted}
        if {"code", "verdict", "seen", "fingerprint"} <= set(columns):
            return number, columns
    return None


def _rows(
    sheet: Sheet,
    file: str,
    headings: Headings,
    given: Mapping[str, str],
    header: int,
    columns: Mapping[str, int],
) -> Iterator[Filled | CellFault | str]:
    head, faults = _head(sheet, file, headings, given, header)
    below = [cell for number, cells in sheet.rows if number > header for cell in cells]
    if any(cell.column == columns["verdict"] and text(cell) for cell in below):
        yield from faults
    for number, cells in sheet.rows:
        if number <= header:
            continue
        by_column = {cell.column: cell for cell in cells}
        row = {name: by_column.get(column) for name, column in columns.items()}
        texts = {name: text(cell) for name, cell in row.items()}
        if not any(texts[name] for name in ("code", "fingerprint", "verdict", "seen")):
            continue  # nothing, or a paper that is to be got

        def fault(name: str, message: str, hint: str, row_number: int = number) -> CellFault:
            cell = f"{sheet.name}!{sheet.place(row_number, columns[name])}"
            return CellFault(file, cell, message, hint)

        place = f"{sheet.name}!{number}"
        if not texts["code"] and not texts["fingerprint"]:
            said = "这一行是要取得的材料，不是核查的一项"
            yield fault("verdict", said, "现场看到的，请在“逐项”表里逐条填写")
            continue
        yield from _row(texts, row, head, headings, place, fault)


def _head(
    sheet: Sheet, file: str, headings: Headings, given: Mapping[str, str], header: int
) -> tuple[dict[str, str], list[CellFault]]:
    """Whose it is, office and dates from above the table; what is not there, as given."""
    names = {word: name for name, word in headings.head.items() if name != WHOSE}
    found = dict(given)
    faults = []
    for number, cells in sheet.rows:
        filled = [cell for cell in cells[1:] if text(cell)]
        if number >= header or not filled or not text(cells[0]):
            continue
        name = names.get(text(cells[0]), WHOSE)
        value = text(filled[0])
        if name == WHOSE:
            match = _WHOSE.fullmatch(value)
            found.setdefault(WHOSE, match[2] if match else value)
            continue
        if name in ("date", "until"):
            value = day(filled[0]) or ""
            if not value:
                where = f"{sheet.name}!{sheet.place(number, filled[0].column)}"
                faults.append(CellFault(file, where, "不是日期", "请写成 2021-10-20 的样子"))
        found[name] = value
    for name in (WHOSE, "office", "date", "until"):
        if not found.get(name):
            said = f"没有写{headings.head[name]}"
            hint = "请写在表格上方，或用 --office、--date、--until 给出"
            faults.append(CellFault(file, sheet.name, said, hint))
    return found, faults


def _row(
    texts: Mapping[str, str],
    row: Mapping[str, Cell | None],
    head: Mapping[str, str],
    headings: Headings,
    place: str,
    tell: Callable[[str, str, str], CellFault],
) -> Iterator[Filled | CellFault | str]:
    """A row: filled in, what is wrong with it, or its place where it was left open."""
    if texts["verdict"] in LEFT_OPEN:
        yield place
        return
    if not texts["verdict"]:
        if texts.get("seen") or texts.get("evidence"):
            yield tell("verdict", "写了所见而没有核实结论", "请选“符合”或“不符合”")
        else:
            yield place
        return
    until = texts.get("until", "")
    if until:
        cell = row["until"]
        until = day(cell) if cell is not None else ""
    verdict = headings.verdicts.get(texts["verdict"]) or SIGNS.get(texts["verdict"])
    problems = [
        *_answer_faults(texts, verdict, until, tell),
        *_identity_faults(texts, head.get(WHOSE, ""), tell),
    ]
    yield from problems
    if problems or not all(head.get(name) for name in (WHOSE, "office", "date")):
        return
    holds = until or head.get("until", "")
    if holds and holds < head["date"]:
        yield tell("until", "有效期早于检查日期", "请核对两个日期")
    elif holds:
        yield _filled(texts, head, verdict or "", holds, place)


def _answer_faults(
    texts: Mapping[str, str],
    verdict: str | None,
    until: str,
    tell: Callable[[str, str, str], CellFault],
) -> Iterator[CellFault]:
    """What is wrong with what the inspector wrote."""
    if verdict is None:
        said = f"核实结论不能是“{texts['verdict']}”"
        yield tell("verdict", said, "请选“符合”或“不符合”")
    if not texts["seen"]:
        yield tell("seen", "有核实结论而没有所见", "请写看到的事实")
    if verdict == "pass" and not texts.get("evidence"):
        yield tell("evidence", "核实为符合而没有佐证", "请写佐证材料的名称或编号")
    if texts.get("until") and not until:
        said = f"“{texts['until']}”不是日期"
        yield tell("until", said, "请写成 2022-01-20 的样子")


def _identity_faults(
    texts: Mapping[str, str], whose: str, tell: Callable[[str, str, str], CellFault]
) -> Iterator[CellFault]:
    """A row whose check code does not fit what it is about."""
    item = Item(
        0,
        "",
        tuple(filter(None, re.split("[、,] ?", texts.get("clauses", "")))),
        "",
        "",
        texts.get("rule", ""),
        "",
        "",
        "",
        "",
        "",
        texts["fingerprint"],
        tuple(texts.get("members", "").split()),
        mark=texts["code"].partition("-")[2],
    )
    if item.code(whose) != texts["code"]:
        yield tell(
            "code",
            "这一行生成以后被改动过（校验码不符），没有采用",
            "请在原来的核查表上填写，不改动淡黄色以外的格子",
        )


def _filled(
    texts: Mapping[str, str], head: Mapping[str, str], verdict: str, holds: str, place: str
) -> Filled:
    return Filled(
        head[WHOSE],
        texts.get("number", ""),
        texts.get("clauses", ""),
        texts.get("rule", ""),
        texts["fingerprint"],
        tuple(texts.get("members", "").split()),
        verdict,
        texts["seen"],
        texts.get("evidence", ""),
        head["office"],
        head["date"],
        holds,
        place,
        texts["code"].partition("-")[2],
    )


def text(cell: Cell | None) -> str:
    """What a cell says, without the spaces around it."""
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, (date, datetime)):
        return cell.value.isoformat()[:10]
    return as_meant(str(cell.value))


def day(cell: Cell) -> str:
    """A date as ISO, however it was written; empty where it is none."""
    if isinstance(cell.value, datetime):
        return cell.value.date().isoformat()
    if isinstance(cell.value, date):
        return cell.value.isoformat()
    return day_written(text(cell))


def attestations(filled: Sequence[Filled]) -> str:
    """The rows as attestations.yaml, in the order read; the same rows always give the same text."""
    if not filled:
        return "attestations: []\n"
    lines = [
        "# 检查人员的核实记录，由主管部门保管。用法：kehou check 材料 --attestations 这个文件",
        "attestations:",
    ]
    for one in filled:
        entries = {
            SUBJECT: one.whose,
            "clause": one.clauses,
            "rule": one.rule,
            "subject": one.fingerprint,
            "verdict": one.verdict,
            "seen": one.seen,
            "evidence": one.evidence,
            "office": one.office,
            "date": one.date,
            "until": one.until,
            "sheet": one.place,
            "made_on": one.mark,
        }
        mark = "  - "
        for key, value in entries.items():
            if value:
                lines.append(f"{mark}{key}: {json.dumps(value, ensure_ascii=False)}")
                mark = "    "
        if one.members:
            lines.append(f"    members: {json.dumps(list(one.members))}")
    return "\n".join(lines) + "\n"
