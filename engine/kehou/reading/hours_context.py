"""What stands around a time of the day: its clause, its sentence, its headings, its table."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from kehou.documents import Paper, Paragraph, Sentence
from kehou.fields.allowed_values import arabic
from kehou.readers.blocks import Kind
from kehou.reading.hours_library import Hours, Numbers

_BREAK: Final = re.compile(r"[,;。!?]")
_BRACKETED: Final = re.compile(r"\(([^()]{1,16})\)")
_CLOCK: Final = re.compile(r"[0-9]:[0-9]")
#: Rows and columns that one cell covers at most, cells of a row that are looked at on each side,
#: heads of a column, cells of a row that are put in order.
_COVERED: Final = 60
_MOST_BESIDE: Final = 12
_MOST_HEADS: Final = 2
_WIDEST_ROW: Final = 200
#: Of what stands before a time, of a heading and of a cell, so many characters are looked at.
_REGION: Final = 400
#: Paragraphs up to this long stand above a table as its caption.
_CAPTION: Final = 60
#: Between two values of one thing that hold together: 小学、初中.
_TOGETHER: Final = re.compile(r"(?:部|段)?(?:[、和及与]|以及|/)?")
#: Lines up to this long stand below one that ends with a colon.
_SHORT: Final = 24
_QUESTION: Final = re.compile("问[一二三四五六七八九十0-9]{0,3}:")
_TITLED: Final = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、])[^。?]{1,20}[?]$")
_ANSWER: Final = re.compile("答[一二三四五六七八九十0-9]{0,3}:")
_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,10}$")
_NUMBER: Final = re.compile(r"[0-9]{1,2}|十[一二]?|[一二三四五六七八九日天]|[至到-]")


@dataclass(frozen=True, slots=True)
class Context:
    """The texts around a stretch of a paragraph.

    ``clause`` holds it up to the next comma on both sides; ``region`` is what stands before it up
    to the full stop, ``leading`` in its sentence, ``sentence`` the whole of that; ``above`` the
    headings, ``beside`` the other cells of its row, ``over`` the heads of its column, each with
    the nearest first.
    """

    before: str
    clause: str
    after: str
    region: str
    leading: str
    sentence: str
    bracketed: str
    above: tuple[str, ...]
    beside: tuple[str, ...]
    over: tuple[str, ...]
    title: str = ""

    def near(self) -> Iterator[str]:
        """The texts that say of what a time is, the nearest first.

        What stands in brackets after it is of it unless another time is told there; boxes to tick
        say nothing yet.
        """
        yield "" if _CLOCK.search(self.bracketed) else self.bracketed
        boxes = self.region.rpartition("□")
        yield boxes[2].partition(",")[2] if boxes[1] else self.region
        yield from self.beside
        yield from self.over
        yield from self.above
        yield self.title


class Tables:
    """The cells of a paper's tables, to look for heads of rows and columns; and its title."""

    def __init__(self, made: Paper, title: str = "") -> None:
        self.title = title
        #: Cells by table and row, and those that may head a column by table and column.
        self._rows: dict[tuple[int, int], list[Paragraph]] = {}
        self._heads: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self._caption: dict[int, str] = {}
        last = ""
        for paragraph in made.paragraphs:
            cell = paragraph.block.cell
            if paragraph.block.kind is not Kind.CELL or cell is None:
                last = paragraph.text
                continue
            self._caption.setdefault(cell.table, last if len(last) <= _CAPTION else "")
            for row in range(cell.row, cell.row + min(cell.rows, _COVERED)):
                self._rows.setdefault((cell.table, row), []).append(paragraph)
            if not _CLOCK.search(paragraph.text):
                for column in range(cell.column, cell.column + min(cell.columns, _COVERED)):
                    heads = self._heads.setdefault((cell.table, column), [])
                    heads.append((cell.row, paragraph.text[:_REGION]))

    def beside(self, paragraph: Paragraph) -> tuple[str, ...]:
        """The nearest cells of its row: those left of it from the nearest on, then the others."""
        left, right = self._around(paragraph)
        return tuple(other.text[:_REGION] for other in (*left, *right))

    def over(self, paragraph: Paragraph) -> tuple[str, ...]:
        """The heads of its column, the nearest first, and the table's caption."""
        cell = paragraph.block.cell
        if cell is None:
            return ()
        heads = self._heads.get((cell.table, cell.column), [])
        above = bisect_left(heads, (cell.row, ""))
        texts = [text for _, text in heads[max(0, above - _MOST_HEADS) : above]]
        first = [text for _, text in heads[:_MOST_HEADS] if text not in texts][:above]
        return (*reversed(texts), *reversed(first), self._caption.get(cell.table, ""))

    def headed(self, paragraph: Paragraph) -> tuple[tuple[str, str], ...]:
        """The nearest cells of its row as of `beside`, each with the heads of its own column."""
        left, right = self._around(paragraph)
        return tuple(
            (other.text[:_REGION], "\n".join(self.over(other)[:_MOST_HEADS]))
            for other in (*left, *right)
        )

    def left_cells(self, paragraph: Paragraph) -> list[Paragraph]:
        """The cells of its row before it, the nearest first."""
        return self._around(paragraph)[0]

    def _around(self, paragraph: Paragraph) -> tuple[list[Paragraph], list[Paragraph]]:
        cell = paragraph.block.cell
        if cell is None:
            return [], []
        row = self._rows.get((cell.table, cell.row), [])
        row = sorted(row, key=_column) if len(row) <= _WIDEST_ROW else row
        at = bisect_left(row, cell.column, key=_column)
        left = row[max(0, at - _MOST_BESIDE) : at]
        after = bisect_right(row, cell.column, key=_column)
        return left[::-1], row[after : after + _MOST_BESIDE]


def _column(paragraph: Paragraph) -> int:
    cell = paragraph.block.cell
    return cell.column if cell is not None else 0


def led(plain: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs, led in by what is said just before: short lines below one that ends with a
    colon by it, an answer by its question.
    """
    lead = asked = ""
    for one in plain:
        if one.text.rstrip().endswith(":"):
            lead = one.text
        elif len(one.text) > _SHORT or one.is_heading or "。" in one.text:
            lead = ""
        answers = _ANSWER.match(one.text) or _TITLED.match(asked)
        before = asked if answers else "" if one.text is lead else lead
        yield one if one.lead or not before else replace(one, lead=before)
        if _QUESTION.match(one.text) or _TITLED.match(one.text):
            asked = one.text
        elif before != asked or _TITLED.match(asked):
            asked = ""


def context(
    paragraph: Paragraph, sentence: Sentence, start: int, end: int, tables: Tables
) -> Context:
    """What stands around a stretch of a paragraph."""
    text = paragraph.text
    before = text[sentence.start : start]
    opened = max((m.end() for m in _BREAK.finditer(before)), default=0)
    closed = _BREAK.search(text, end, sentence.end)
    since = max(0, start - _REGION)
    stop = max(text.rfind("。", since, start), text.rfind("\n", since, start), since - 1) + 1
    bracketed = _BRACKETED.match(text, end)
    above = (text[: paragraph.label], paragraph.lead, *reversed(paragraph.section))
    return Context(
        before[opened:],
        before[opened:] + text[start : closed.start() if closed else sentence.end],
        text[end : closed.start() if closed else sentence.end],
        text[stop:start],
        before,
        text[sentence.start : sentence.end],
        bracketed[1] if bracketed else "",
        tuple(one[-_REGION:] for one in above if one),
        tables.beside(paragraph),
        tables.over(paragraph),
        tables.title,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of one field: its values, and which text of several (0 is nearest) where."""

    values: tuple[str, ...]
    distance: int
    offset: int


def said_of(hours: Hours, around: Context) -> dict[str, Said]:
    """What the texts around a time say of the fields of its row, the nearest text first."""
    found: dict[str, Said] = {}
    for distance, text in enumerate(around.near()):
        for name in hours.fields:
            if name in found:
                continue
            at = _named(hours, name, text) or _numbered(hours, name, text)
            if at is not None:
                found[name] = Said(at[0], distance, at[1])
    return found


def _named(hours: Hours, name: str, text: str) -> tuple[tuple[str, ...], int] | None:
    """The last values in a text, with those that stand together with it, and where they begin."""
    text = hours.words["not_fields"].sub(lambda match: "□" * len(match[0]), text)
    at = sorted(
        (match.start(), match.end(), value)
        for one, value, search in hours.values
        if one == name
        for match in search.finditer(text)
    )
    if not at:
        return None
    start, _, value = at[-1]
    values = [value]
    for earlier in reversed(at[:-1]):
        if not _TOGETHER.fullmatch(text[earlier[1] : start]):
            break
        start = earlier[0]
        values.append(earlier[2])
    return tuple(dict.fromkeys(reversed(values))), start


def _numbered(hours: Hours, name: str, text: str) -> tuple[tuple[str, ...], int] | None:
    for one in hours.numbers:
        if one.field == name:
            matches = list(one.search.finditer(one.plain(text)))
            if matches and (numbers := numbers_of(matches[-1][0], one)):
                return tuple(map(str, numbers)), matches[-1].start()
    return None


def numbers_of(text: str, kind: Numbers) -> list[int]:
    """The numbers of 一至三, 周一、周三 or 一二; none where one of them is too large."""
    found: list[int] = []
    through = False
    for part in _NUMBER.findall(text):
        if part in ("至", "到", "-"):
            through = bool(found)
            continue
        number = 7 if part in ("日", "天") else int(arabic(part))
        if not 0 < number <= kind.most or (through and number <= found[-1]):
            return []
        found += range(found[-1] + 1, number + 1) if through else [number]
        through = False
    return sorted(set(found))


def is_elsewhere(hours: Hours, text: str, own: str) -> bool:
    """Whether a text speaks of other schools: in a word, or by a name that is not the own one."""
    if hours.has("other/elsewhere", text):
        return True
    if not own:
        return False
    rest = text.replace(own, "")
    for match in hours.words["other/name_ends"].finditer(rest):
        name = _NAME.search(rest[: match.start()])
        if name is None or own.endswith(name[0] + match[0]):
            continue
        general = hours.words["other/not_names"].finditer(name[0])
        if not any(m.end() == len(name[0]) for m in general):
            return True
    return False


def last_of(pattern: re.Pattern[str], text: str) -> int:
    """Where the last word of a pattern ends in a text; -1 without one."""
    return max((m.end() for m in pattern.finditer(text)), default=-1)


class Grouped(Protocol):
    """A file whose words stand in groups."""

    def has(self, group: str, text: str) -> bool:
        """Whether a text has a word of a group."""


def any_has(words: Grouped, group: str, texts: Sequence[str]) -> bool:
    """Whether one of some texts has a word of a group."""
    return any(words.has(group, text) for text in texts)
