"""Worksheets in every format, what is read back from them, and two inspectors side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from kehou.inspection import filled_worksheets as inspected
from kehou.inspection.agreement import Agreement, Comparison, Verdict
from kehou.inspection.filled_worksheets import CellFault, Headings, ReadSheets
from kehou.inspection.paper_rows import empty_told, left_out, paper_row
from kehou.inspection.worksheets import MANUAL, SUBJECT, SUBJECTS, Item, Strata
from kehou.inspection.worksheets import Worksheet as Sheet
from kehou.render import Document
from kehou.render.programs import dumps
from kehou.render.words import Words, catalogue, visible

_LANGUAGES = ("zh", "en")


#: Every format; each function is given the sheets, the strata of a sample and the words.
FORMATS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "text": Document("inspection.worksheet_formats", "as_text"),
        "json": Document("inspection.worksheet_formats", "as_json"),
        "html": Document("inspection.worksheet_html", "render"),
        "xlsx": Document("inspection.worksheet_xlsx", "render", binary=True),
        "docx": Document("inspection.worksheet_docx", "render", binary=True),
    }
)


def outcome(item: Item, words: Words) -> str:
    """The outcome of an item in words."""
    return words["worksheet.manual" if item.outcome == MANUAL else f"outcome.{item.outcome}"]


def as_text(sheets: Sequence[Sheet], strata: Strata, words: Words) -> str:
    """The items of each, and how a sample was drawn."""
    lines = [
        words["worksheet.stratum"].format(name=name or "—", n=n, drawn=k) for name, n, k in strata
    ]
    for sheet in sheets:
        lines += ["", f"{sheet.submitter.name}（{sheet.submitter.id}）"]
        area = ""
        for item in sheet.to_look:
            if item.area != area:
                area = item.area
                lines.append(f"  {sheet.submitter.areas.get(area, area)}")
            lines.append(f"    {item.number}. {outcome(item, words)}  {item.title}  {item.subject}")
            lines.append(f"       {item.look}" + (f"（{item.place}）" if item.place else ""))
        if sheet.papers:
            lines.append("  " + words["worksheet.papers"])
        for group in sheet.papers:
            told = paper_row(group, words)
            place = f"（{told['place']}）" if told["place"] else ""
            lines.append(f"    {told['number']}. {told['checked']}{place}  {told['subject']}")
            lines.append(f"       {told['look']}")
        if sheet.left_out:
            lines.append("  " + left_out(sheet.left_out, words))
        if not sheet.items:
            lines.append("  " + empty_told(sheet.submitter, words))
    return "".join(visible(line) + "\n" for line in lines).lstrip("\n")


def as_json(sheets: Sequence[Sheet], strata: Strata, words: Words) -> str:
    """The items of each for programs."""
    return dumps(
        {
            "format": "kehou-worksheet/1",
            "strata": [{"name": name, SUBJECTS: n, "drawn": k} for name, n, k in strata],
            SUBJECTS: [_submitter(sheet) for sheet in sheets],
        }
    )


def _submitter(sheet: Sheet) -> dict[str, Any]:
    submitter = sheet.submitter
    return {
        SUBJECT: {"id": submitter.id, "name": submitter.name, **submitter.strata},
        "stage": submitter.stage.value,
        "as_of": submitter.as_of,
        "items": [
            {
                "number": item.number,
                "area": item.area,
                "clauses": list(item.clauses),
                "rule": item.rule or None,
                "title": item.title,
                "subject": item.subject,
                "outcome": item.outcome,
                "look": item.look,
                "place": item.place or None,
                "fingerprint": item.fingerprint,
                "members": list(item.members),
                **({"paper": item.paper, "lacks": list(item.lacks)} if item.paper else {}),
                "code": item.code(submitter.id),
            }
            for item in sheet.items
        ],
    }


# --- read back -----------------------------------------------------------------------------


def headings(words: Words) -> Headings:
    """The words that a worksheet of one language is written in."""
    from kehou.inspection.worksheet_xlsx import COLUMNS, HEAD, HIDDEN

    return Headings(
        {name: words[f"worksheet.{name}"] for name in (*COLUMNS, *HIDDEN)},
        {name: words[f"worksheet.{name}"] for name in HEAD},
        {words[f"outcome.{name}"]: name for name in ("pass", "fail")},
    )


def read(path: str, given: Mapping[str, str]) -> ReadSheets:
    """A filled-in workbook in whichever language it was made; raises as ``inspected.read``."""
    from kehou.errors import UnreadableError

    for language in _LANGUAGES[:-1]:
        try:
            return inspected.read(path, headings(catalogue.load(language)), given)
        except UnreadableError:
            continue
    return inspected.read(path, headings(catalogue.load(_LANGUAGES[-1])), given)


def verdicts(path: str) -> tuple[list[Verdict], tuple[CellFault, ...]]:
    """The verdicts of one inspector, and the cells that cannot be taken."""
    found = read(path, {"office": "—", "date": "0001-01-01", "until": "9999-12-31"})
    return [
        Verdict(
            f"{one.whose} {one.rule or one.clauses} {one.fingerprint}",
            one.clauses,
            f"{one.whose} {one.number}",
            one.verdict,
            one.seen,
        )
        for one in found.filled
    ], found.faults


def comparison(found: Comparison, form: str, words: Words) -> str:
    """Two inspectors side by side."""
    if form == "json":
        return dumps(
            {
                "whole": _agreement(found.whole),
                "clauses": [{"clause": one.clause, **_agreement(one)} for one in found.clauses],
                "differing": [
                    {"clause": a.clause, "item": a.item, "first": _said(a), "second": _said(b)}
                    for a, b in found.differing
                ],
                "only_first": [one.item for one in found.only_first],
                "only_second": [one.item for one in found.only_second],
            }
        )
    lines = [words["agreement.whole"].format(**_shown(found.whole, words))]
    for one in found.clauses:
        lines.append("  " + words["agreement.clause"].format(**_shown(one, words)))
    if found.differing:
        lines.append(words["agreement.differing"])
    for a, b in found.differing:
        first, second = (f"{words[f'outcome.{v.verdict}']}“{v.seen}”" for v in (a, b))
        lines.append(f"  {a.item}  {a.clause}  {first} / {second}")
    for name, left in (("only_first", found.only_first), ("only_second", found.only_second)):
        if left:
            items = words["list"].join(one.item for one in left)
            lines.append(words[f"agreement.{name}"].format(items=items))
    return "".join(visible(line) + "\n" for line in lines)


def _said(one: Verdict) -> dict[str, str]:
    return {"verdict": one.verdict, "seen": one.seen}


def _agreement(one: Agreement) -> dict[str, Any]:
    return {
        "items": one.items,
        "agreed": one.agreed,
        "percent": _decimal(one.share, 100, 1),
        "kappa": _decimal(one.kappa, 1, 2),
    }


def _shown(one: Agreement, words: Words) -> dict[str, Any]:
    kappa = _decimal(one.kappa, 1, 2)
    return {
        "clause": one.clause,
        "items": one.items,
        "agreed": one.agreed,
        "percent": _decimal(one.share, 100, 1) or "—",
        "kappa": kappa if kappa is not None else words["agreement.no_kappa"],
    }


def _decimal(value: Fraction | None, times: int, places: int) -> str | None:
    """A fraction rounded half away from zero, in decimals; None stays None."""
    if value is None:
        return None
    scaled = abs(value) * times * 10**places + Fraction(1, 2)
    whole, rest = divmod(int(scaled), 10**places)
    sign = "-" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest:0{places}d}"
