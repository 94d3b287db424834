"""Pages of lines as blocks: paragraphs over lines and pages, cells of tables, page furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from kehou.readers.blocks import NOT_IN_TURN, Block, Cell, Kind
from kehou.readers.pdf.pages import Box, Line, Page, Table

#: What a paragraph may begin with; a line that does begins one.
_NUMBERED: Final = re.compile(
    r"\s*(?:[（(〔][一二三四五六七八九十0-9]{1,3}[）)〕]"
    rf"|{NOT_IN_TURN}[一二三四五六七八九十]{{1,3}}[、.．]"
    r"|第[一二三四五六七八九十百0-9]{1,4}[章节条编部]|[0-9]{1,2}(?:[、）)]|[.．](?![0-9]))"
    r"|[①-⑳]|[●■◆□☑•·])"
)
_ENDS: Final = re.compile(r"[。.；;！!？?：:][”’）)]?$")
_PAGE_NUMBER: Final = re.compile(
    r"[-—–－\s]*第?\s*[0-9一二三四五六七八九十]{1,4}\s*页?(?:\s*[/／,，共]+\s*[0-9]{1,4}\s*页?)?[-—–－\s]*"
)
_DIGITS: Final = re.compile(r"[0-9]+|[一二三四五六七八九十]+(?=\s*页)")
_WORD: Final = re.compile(r"[!-~—–]{2,}")
#: Lines at either end of a page that may repeat on the next ones; how long one with a number is.
_AT_ENDS: Final = 2
_SHORT: Final = 24
_LONGEST_REPEATED: Final = 40
#: After a full stop, lines so many times further apart than those of a paragraph are of two.
_APART: Final = 1.3
#: A line this much larger than the text is a heading, of so many characters at most.
_LARGER: Final = 1.18
_LONGEST_HEADING: Final = 60


@dataclass(slots=True)
class _Text:
    """A paragraph being put together from lines."""

    lines: list[Line]
    page: int
    level: int = 0

    @property
    def text(self) -> str:
        """The lines as one, with a blank where both sides of a break are Latin."""
        out = ""
        for line in self.lines:
            seam = bool(out) and out[-1].isascii() and line.text[0].isascii()
            out += (" " if seam and out[-1] != " " else "") + line.text
        return out

    def block(self) -> Block:
        """The paragraph as a block."""
        kind = Kind.HEADING if self.level else Kind.PARAGRAPH
        return Block(kind, self.text, level=self.level, page=self.page)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the text of a document is set, in points.

    Its margins, the height of its lines, and how far one stands below the other in a paragraph.
    """

    left: float
    right: float
    size: float
    pitch: float

    def is_indented(self, line: Line) -> bool:
        return line.box.left > self.left + 0.8 * self.size

    def is_short(self, line: Line, then: Line | None = None) -> bool:
        """Whether a line ends before the margin, with room for what the next one begins with."""
        return self.right - line.box.right > 1.9 * self.size + (_unbroken(then) if then else 0.0)

    def is_centred(self, line: Line) -> bool:
        before, after = line.box.left - self.left, self.right - line.box.right
        return before > 2 * self.size and abs(before - after) < 2 * self.size

    def heading(self, line: Line) -> int:
        """The level of a heading: 1 for what is much larger than the text, then 2; else 0."""
        if len(line.text) > _LONGEST_HEADING or line.size < _LARGER * self.size:
            return 0
        return 1 if line.size >= 1.5 * self.size else 2


def blocks_of(pages: Sequence[Page]) -> Iterator[Block]:
    """The blocks of a document's pages in reading order; page furniture comes last, each once."""
    furniture = _furniture(pages)
    layout = _layout(pages, furniture)
    open_text: _Text | None = None
    tables = 0
    for number, page in enumerate(pages, 1):
        for piece in _pieces(page, furniture[number - 1]):
            if isinstance(piece, Line):
                if open_text is not None and _goes_on(open_text, piece, layout):
                    open_text.lines.append(piece)
                    continue
                if open_text is not None:
                    yield open_text.block()
                open_text = _Text([piece], number, layout.heading(piece))
                continue
            if open_text is not None:
                yield open_text.block()
                open_text = None
            tables += 1
            yield from _cells(piece[0], piece[1], tables, number)
    if open_text is not None:
        yield open_text.block()
    told = dict.fromkeys(
        page.lines[at].text for page, found in zip(pages, furniture, strict=True) for at in found
    )
    yield from (Block(Kind.FURNITURE, text) for text in told if not _PAGE_NUMBER.fullmatch(text))


def _goes_on(text: _Text, line: Line, layout: _Layout) -> bool:
    """Whether a line goes on with a paragraph."""
    last = text.lines[-1]
    if abs(line.size - last.size) > 0.25 * max(line.size, last.size):
        return False
    if text.level:
        return not _NUMBERED.match(line.text) and (
            layout.is_centred(line) or not layout.is_short(last, line)
        )
    if layout.heading(line):
        return False
    if _NUMBERED.match(line.text) and (layout.is_short(last) or _ENDS.search(last.text)):
        return False
    if layout.is_centred(line) and layout.is_short(last):
        return False
    below = line.box.top - last.box.top
    if below > (_APART if _ENDS.search(last.text) else 2.2) * layout.pitch:
        return False
    beside = line.box.top < last.box.bottom - 0.5 * last.size and line.box.left > last.box.left
    if beside:
        return True
    if layout.is_short(last, line):
        return False
    first = len(text.lines) == 1
    if layout.is_indented(line):
        hanging = not first and abs(line.box.left - last.box.left) < 0.5 * layout.size
        return hanging or (first and line.box.left > last.box.left - 0.5 * layout.size)
    return True


def _unbroken(line: Line) -> float:
    """How wide the Latin word or number is that a line begins with, which no line may break."""
    match = _WORD.match(line.text)
    if match is None:
        return 0.0
    return (line.edges[match.end()] if match.end() < len(line.edges) else line.box.right) - (
        line.edges[0]
    )


def _pieces(page: Page, furniture: frozenset[int]) -> Iterator[Line | tuple[Table, list[Line]]]:
    """The lines of a page outside its tables, and each table where its first line stands."""
    inside: dict[int, list[Line]] = {}
    order: list[Line | int] = []
    for at, line in enumerate(page.lines):
        if at in furniture:
            continue
        middle = ((line.box.left + line.box.right) / 2, (line.box.top + line.box.bottom) / 2)
        for index, table in enumerate(page.tables):
            if table.box.holds(*middle) or _is_in(line, table.box):
                if index not in inside:
                    order.append(index)
                inside.setdefault(index, []).append(line)
                break
        else:
            order.append(line)
    for one in order:
        yield one if isinstance(one, Line) else (page.tables[one], inside[one])


def _is_in(line: Line, box: Box) -> bool:
    height = (line.box.top + line.box.bottom) / 2
    return box.top <= height < box.bottom and box.left <= line.edges[0] + 1 < box.right


def _cells(table: Table, lines: Sequence[Line], number: int, page: int) -> Iterator[Block]:
    """A table's cells with text, row by row; their places count its rulings."""
    tops = _edges(cell.top for cell in table.cells)
    lefts = _edges(cell.left for cell in table.cells)
    bottoms = _edges(cell.bottom for cell in table.cells)
    rights = _edges(cell.right for cell in table.cells)
    texts: dict[Box, list[str]] = {}
    ended: dict[Box, bool] = {}
    for line in lines:
        for cell, part in _split(line, table.cells):
            if ended.get(cell, True):
                texts.setdefault(cell, []).append("")
            texts[cell][-1] += part.text
            padding = max(0.0, part.box.left - cell.left)
            ended[cell] = cell.right - padding - part.box.right > 2.2 * part.size
    for cell in sorted(texts, key=lambda box: (_nearest(tops, box.top), box.left)):
        row, column = _nearest(tops, cell.top) + 1, _nearest(lefts, cell.left) + 1
        rows = _nearest(bottoms, cell.bottom) + 2 - row
        columns = _nearest(rights, cell.right) + 2 - column
        place = Cell(number, row, column, max(rows, 1), max(columns, 1))
        for text in texts[cell]:
            if text.strip():
                yield Block(Kind.CELL, text.strip(), cell=place, page=page)


def _split(line: Line, cells: Sequence[Box]) -> Iterator[tuple[Box, Line]]:
    """The pieces of a line by the cell that each stands in."""
    height = (line.box.top + line.box.bottom) / 2
    across = sorted(
        (cell for cell in cells if cell.top <= height < cell.bottom), key=lambda cell: cell.left
    )
    if not across:
        nearest = min(cells, key=lambda cell: abs((cell.top + cell.bottom) / 2 - height))
        yield nearest, line
        return
    start, here = 0, _cell_at(across, line.edges[0])
    for at, edge in enumerate(line.edges):
        there = _cell_at(across, edge)
        if there is not here:
            yield here, line.part(start, at)
            start, here = at, there
    yield here, line.part(start, len(line.text))


def _cell_at(across: Sequence[Box], edge: float) -> Box:
    """The cell of a row in which a character begins that begins here."""
    found = across[0]
    for cell in across:
        if cell.left <= edge + 1:
            found = cell
    return found


def _edges(values: Iterator[float]) -> list[float]:
    """Different edges, those within two points of each other once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2:
            found.append(value)
    return found


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))


def _furniture(pages: Sequence[Page]) -> list[frozenset[int]]:
    """By page the indexes of lines that are its number, or that repeat at the ends of pages."""
    ends = [_at_ends(page) for page in pages]
    counts = Counter(
        key
        for page, found in zip(pages, ends, strict=True)
        for key in {_alike(page, at) for at in found}
    )
    often = max(2, len(pages) // 2)
    return [
        frozenset(
            at
            for at in found
            if counts[_alike(page, at)] >= often or _PAGE_NUMBER.fullmatch(page.lines[at].text)
        )
        for page, found in zip(pages, ends, strict=True)
    ]


def _at_ends(page: Page) -> set[int]:
    """Indexes of the short lines in the margins of a page."""
    order = sorted(range(len(page.lines)), key=lambda at: page.lines[at].box.top)
    ends = {*order[:_AT_ENDS], *order[-_AT_ENDS:]}
    return {
        at
        for at in ends
        if len(page.lines[at].text) <= _LONGEST_REPEATED and _is_in_margin(page, at)
    }


def _alike(page: Page, at: int) -> tuple[str, int]:
    """What a line has in common with its like on other pages: text and height.

    A short one may hold the number of its page.
    """
    line = page.lines[at]
    text = line.text if len(line.text) > _SHORT else _DIGITS.sub("#", line.text)
    return text, round(line.box.top / 8)


def _is_in_margin(page: Page, at: int) -> bool:
    box = page.lines[at].box
    return box.bottom < page.height * 0.1 or box.top > page.height * 0.88


def _layout(pages: Sequence[Page], furniture: Sequence[frozenset[int]]) -> _Layout:
    """The margins and the size of what most of the text is set in."""
    lines = [
        line
        for page, left_out in zip(pages, furniture, strict=True)
        for at, line in enumerate(page.lines)
        if at not in left_out and not any(_is_in(line, table.box) for table in page.tables)
    ]
    if not lines:
        return _Layout(0.0, 1.0, 1.0, 1.0)
    sizes = [line.size for line in lines for _ in range(max(1, len(line.text) // 4))]
    size = median(sizes)
    body = [line for line in lines if abs(line.size - size) <= 0.2 * size] or lines
    lefts = Counter(round(line.box.left / 3) for line in body)
    often = max(lefts.values()) / 5
    left = min(at for at, count in lefts.items() if count >= often) * 3.0
    rights = sorted(line.box.right for line in body)
    right = rights[min(len(rights) - 1, int(len(rights) * 0.95))]
    pitches = sorted(
        below
        for page in pages
        for one, other in pairwise(page.lines)
        if 0.8 * size < (below := other.box.top - one.box.top) < 4 * size
    )
    pitch = pitches[len(pitches) // 10] if pitches else 1.5 * size
    return _Layout(left, right, max(size, 1.0), pitch)
