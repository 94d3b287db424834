"""Amounts of money for a unit out of a paper: 每生每月120元, 2元/课时, a column of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from kehou.documents import Paper, Paragraph
from kehou.fields.allowed_values import arabic, side_by_side
from kehou.readers.blocks import Kind
from kehou.reading.amounts_library import Amounts
from kehou.reading.amounts_settled import Priced, settled
from kehou.reading.hours_context import (
    Context,
    Tables,
    any_has,
    context,
    last_of,
    led,
    numbers_of,
    said_of,
)
from kehou.reading.library import Library
from kehou.reading.listed_rows import Listed, Where, is_stated, sentence_at, where_of

_ALONE: Final = re.compile(r"(?:每生)?([0-9]{1,4}(?:\.[0-9]{1,2})?)元?")
_SIMPLE: Final = re.compile(r"(?<![0-9.每])([0-9]{1,4}(?:\.[0-9]{1,2})?)元(?![/·每])")
_BEFORE: Final = 10
#: So far behind a word stands what makes it a name (社团活动费).
_NAMED: Final = 4
#: One of several that are listed: 作业辅导、社团活动.
_AND_BEFORE: Final = re.compile("[、和及与]$")
_AND_AFTER: Final = re.compile("[^、和及与,;:。0-9]{0,3}[、和及与]")
_BROKEN: Final = re.compile("[、和及与,;:。]")
#: Amounts of one paragraph that are looked at.
_MOST: Final = 100


def amounts_of(made: Paper, amounts: Amounts, library: Library) -> list[Listed]:
    """The rows of a paper's amounts; one that is stated in two ways has no amount.

    What is stated several times is one row.
    """
    tables = Tables(made)
    found: dict[tuple[Any, ...], Priced] = {}
    first: dict[tuple[Any, ...], str] = {}
    for paragraph in led(made.paragraphs):
        if paragraph.block.kind is Kind.FURNITURE:
            continue
        for one in _of_paragraph(paragraph, tables, amounts, library):
            said = ((name, str(v)) for name, v in one.values.items() if name != amounts.amount)
            key = (one.whom, one.called, one.kinds, *said)
            before = found.get(key)
            if before is None:
                found[key] = one
                first[key] = str(one.values[amounts.amount])
            elif before.against is None and first[key] != one.values[amounts.amount]:
                left = {name: v for name, v in before.values.items() if name != amounts.amount}
                found[key] = replace(before, values=left, against=one.where)
    return [
        Listed(
            amounts.path,
            one.values,
            one.where,
            amounts.amount if one.against else "",
            one.against,
            amounts.sets,
        )
        for one in settled(list(found.values()), amounts)
    ]


def _of_paragraph(
    paragraph: Paragraph, tables: Tables, amounts: Amounts, library: Library
) -> Iterator[Priced]:
    matches = [
        (match.span(), _number(match), match["u1"] or match["u2"])
        for match in islice(amounts.search.finditer(paragraph.text), _MOST)
        if not side_by_side(match["n1"] or match["n2"])  # 三五元 is about that much
    ]
    matches += list(_led_in(paragraph, amounts, [span for span, _, _ in matches]))
    if not matches and paragraph.block.kind is Kind.CELL:
        matches = list(_in_column(paragraph, tables, amounts))
    for (start, end), number, unit in matches:
        around = context(paragraph, sentence_at(paragraph, start), start, end, tables)
        reckoned = around.before[-2:] + paragraph.text[start:end]
        if amounts.has("other/just_before", reckoned):
            continue
        if _is_ours(amounts, library, around) and is_stated(library.scope, paragraph, start, end):
            yield _priced(
                amounts,
                library,
                around,
                tables.headed(paragraph),
                (arabic(number), amounts.unit_of(unit)),
                where_of(paragraph, start, end),
            )


def _priced(
    amounts: Amounts,
    library: Library,
    around: Context,
    cells: Sequence[tuple[str, str]],
    price: tuple[str, str],
    where: Where,
) -> Priced:
    """An amount with what is said of it; ``cells`` are the others of its row and their heads."""
    near = (around.leading[-_BEFORE:] + around.clause, *around.beside)
    called = next(
        (value for value, search in amounts.named if any(map(search.search, near))), amounts.usual
    )
    since = max(0, len(around.leading) - _BEFORE)
    headed = ((around.leading + around.clause, "", since), *((*cell, 0) for cell in cells))
    name = next(
        (
            value
            for value, search in amounts.named
            if any(_names(amounts, search, *cell) for cell in headed)
        ),
        amounts.usual,
    )
    products = {
        match[0]
        for text in (around.before, *around.beside)
        for match in amounts.words["products"].finditer(text)
    }
    numbers, groups = _whom(library, around)
    return Priced(
        _row(amounts, library, around, name, *price),
        numbers,
        groups | products,
        called,
        _tier(amounts, library, around),
        where,
    )


def _names(amounts: Amounts, search: re.Pattern[str], text: str, head: str, since: int) -> bool:
    """Whether a text calls a fee by a word, as against telling what is done for it.

    ``head`` stands over a text that is a cell; the word is looked for from ``since`` on.
    """
    for match in search.finditer(text, since):
        after = text[match.end() : match.end() + _NAMED]
        mark = amounts.words["marks"].search(after)
        listed = _AND_AFTER.match(after) or _AND_BEFORE.search(text[: match.start()])
        if mark is not None and not _BROKEN.search(after[: mark.start()]):
            return True
        if listed is None and not amounts.has("contents", head):
            return True
    return False


def _tier(
    amounts: Amounts, library: Library, around: Context
) -> tuple[str, tuple[int, ...]] | None:
    """The numbers that an amount is for and their words, from its clause, its row, its heading."""
    kinds = library.hours.numbers if library.hours is not None else ()
    for text in (around.before, around.bracketed, *around.beside, *around.above):
        for one in kinds:
            if one.field != amounts.tiers:
                continue
            matches = list(one.search.finditer(one.plain(text)))
            if matches and (numbers := numbers_of(matches[-1][0], one)):
                return matches[-1][0], tuple(numbers)
    return None


def _number(match: re.Match[str]) -> str:
    """The digits of an amount; 一块五 is 1.5."""
    number, tenth = match["n1"] or match["n2"], match["t1"] or match["t2"]
    return f"{arabic(number)}.{arabic(tenth)}" if tenth else str(arabic(number))


def _whom(library: Library, around: Context) -> tuple[frozenset[str], frozenset[str]]:
    """What a clause says of whom an amount is for, beyond what the row holds: numbers, groups."""
    hours = library.hours
    if hours is None:
        return frozenset(), frozenset()
    said = said_of(hours, around)
    numbered = (said[one.field].values for one in hours.numbers if one.field in said)
    groups = (match[0] for match in hours.words["groups"].finditer(around.clause))
    return frozenset("-".join(values) for values in numbered), frozenset(groups)


def _led_in(
    paragraph: Paragraph, amounts: Amounts, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Amounts after a unit that is told once for all of them: 每生每学期：小学200元，初中240元."""
    for lead in islice(amounts.lead.finditer(paragraph.text), _MOST):
        for one in _SIMPLE.finditer(paragraph.text, lead.start("list"), lead.end("list")):
            if not any(start < one.end() and one.start() < end for start, end in taken):
                yield one.span(), one[1], lead["unit"]


def _in_column(
    paragraph: Paragraph, tables: Tables, amounts: Amounts
) -> Iterator[tuple[tuple[int, int], str, str]]:
    """A number alone in a cell whose column is headed by a unit (元/生·月)."""
    alone = _ALONE.fullmatch(paragraph.text)
    if alone is None:
        return
    for head in tables.over(paragraph):
        unit = amounts.head.search(head)
        if unit is not None:
            yield alone.span(), alone[1], unit["unit"]
            return


def _is_ours(amounts: Amounts, library: Library, around: Context) -> bool:
    """Whether an amount is asked of those whom the record serves, now and by its own rule."""
    row = (around.clause, *around.beside, *around.over)
    if any_has(amounts, "other/clause", row) or any_has(amounts, "other/heading", around.above):
        return False
    strong = last_of(amounts.words["ours/strong"], around.leading)
    if last_of(amounts.words["other/clause"], around.leading) > strong:
        return False
    now = last_of(library.hours.words["other/now"], around.leading) if library.hours else -1
    if last_of(amounts.words["other/past"], around.leading) > now:
        return False
    if any_has(amounts, "other/elsewhere", (around.leading, around.clause)):
        return False
    limited = amounts.has("limit", around.clause)
    if limited and last_of(amounts.words["quoting"], around.leading) >= 0:
        return False
    if any_has(amounts, "ours/strong", (around.sentence, *around.beside, *around.over)):
        return True
    return any_has(amounts, "ours/heading", around.above)


def _row(
    amounts: Amounts, library: Library, around: Context, name: str, number: str, unit: str
) -> dict[str, Any]:
    row: dict[str, Any] = {**amounts.fixed, amounts.name: name}
    row[amounts.amount], row[amounts.unit] = number, unit
    hours = library.hours
    said = said_of(hours, around).get(hours.by_name.field) if hours is not None else None
    if said is not None and said.distance < len(list(around.near())) - 1:
        row[amounts.by] = list(said.values)
    return row
