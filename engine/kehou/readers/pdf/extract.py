"""The reading process: a PDF on the standard input, one JSON value a line on the output.

First ``{"fault": …}`` or ``{"pages": n}``, then each page, then ``[page, tables]`` for each page
that has rulings. What stands before a crash is good. Nothing in a PDF is carried out or fetched:
PDFium's build here has no scripts and no forms.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

MOST_PAGES: Final = 500
MOST_CHARACTERS: Final = 500_000
#: Objects of a page that are looked at for rulings and pictures, and pages with tables.
_MOST_OBJECTS: Final = 5_000
_MOST_RULED: Final = 60
#: A stroke is a ruling from this length in points on; so many on a page may make a table.
_SHORTEST: Final = 15.0
_FEWEST_RULES: Final = 4


def main() -> int:
    """Write what the PDF on the standard input holds; 1 where tables of it were not looked for."""
    data = sys.stdin.buffer.read()
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        _tell({"fault": "locked" if locked else "damaged"})
        return 0
    if count > MOST_PAGES:
        _tell({"fault": "pages"})
        return 0
    _tell({"pages": count})
    ruled: list[int] = []
    left = characters = 0
    for number in range(count):
        try:
            told, rules = _page(document, number, MOST_CHARACTERS - characters)
        except OverflowError:
            _tell({"fault": "characters"})
            return 0
        characters += sum(len(line[0]) for line in told["lines"])
        _tell(told)
        if rules > _MOST_OBJECTS:
            left += 1
        elif rules >= _FEWEST_RULES:
            ruled.append(number)
    for number, tables in _tables(data, ruled[:_MOST_RULED]):
        ruled.remove(number)
        _tell([number, tables])
    return 1 if ruled or left else 0


def _tell(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _page(document: Any, number: int, most: int) -> tuple[dict[str, Any], int]:
    """A page as `kehou.readers.pdf.pages` takes it, and how many rulings it has.

    Raises OverflowError where it has more than ``most`` characters, before any is looked at.
    """
    try:
        page = document[number]
        width, height = page.get_size()
        text = page.get_textpage()
        if text.count_chars() > most:
            raise OverflowError(number)
        lines = _lines(text, height)
    except pypdfium2.PdfiumError:
        return {"width": 1.0, "height": 1.0, "lines": [], "pictures": 0.0, "damaged": True}, 0
    rules, pictures = _drawn(page, width, height)
    page.close()
    return {"width": width, "height": height, "lines": lines, "pictures": pictures}, rules


def _lines(text: Any, height: float) -> list[list[Any]]:
    """The lines of a page in the order of its content; PDFium puts a break between them."""
    raw = text.raw
    found: list[list[Any]] = []
    rect = pdfium.FS_RECTF()
    line, broken = _Line(), False
    for at, letter in _letters(raw):
        if letter == "\n":
            broken = True
        elif letter == " ":
            if not pdfium.FPDFText_IsGenerated(raw, at):
                line.blank()
        elif pdfium.FPDFText_GetLooseCharBox(raw, at, rect):
            upper, lower = height - rect.top, height - rect.bottom
            if line.is_left_by(rect.left, upper) or (broken and not line.takes(rect.left, lower)):
                line.close(found)
            broken = False
            line.add(letter, rect.left, upper, rect.right, lower)
        else:  # a character without a place stands where the last one ends
            line.add(letter, line.end, line.top, line.end, line.bottom)
    line.close(found)
    return found


def _letters(raw: Any) -> Iterator[tuple[int, str]]:
    """Each character with its index; a pair of surrogates is one, what has no sign is U+FFFD."""
    high = 0
    for at in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        if 0xD800 <= code < 0xDC00:
            high = code
        elif 0xDC00 <= code < 0xE000:
            yield at, chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd"
            high = 0
        elif code in (10, 13):
            yield at, "\n"
        elif code in (9, 32, 0xA0):
            yield at, " "
        elif code:
            yield at, chr(code) if code > 31 else "\ufffd"


@dataclass
class _Line:
    """A line being put together; ``end`` is the right edge of its last character."""

    letters: list[str] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    end: float = 0.0

    def is_left_by(self, left: float, top: float) -> bool:
        """Whether a character belongs elsewhere although no break stands before it."""
        if not self.letters:
            return False
        size = self.bottom - self.top
        return top > self.bottom - size * 0.2 or left < self.edges[0] - size

    def takes(self, left: float, bottom: float) -> bool:
        """Whether a character after a break stands within the line all the same."""
        if not self.letters:
            return True
        within = self.edges[0] <= left < self.right
        return within and bottom > self.top + (self.bottom - self.top) * 0.5

    def blank(self) -> None:
        if self.letters:
            self.letters.append(" ")
            self.edges.append(round(self.right, 1))

    def add(self, letter: str, left: float, top: float, right: float, bottom: float) -> None:
        if not self.letters:
            self.top, self.right, self.bottom = top, right, bottom
        self.top, self.bottom = min(self.top, top), max(self.bottom, bottom)
        self.right = max(self.right, right)
        words = bool(self.letters) and _latin(letter) and _latin(self.letters[-1])
        if words and left - self.end > (bottom - top) * 0.2:
            self.letters.append(" ")
            self.edges.append(round(self.end, 1))
        self.end = right
        self.letters.append(letter)
        self.edges.append(round(left, 1))

    def close(self, found: list[list[Any]]) -> None:
        """Give what was put together, from left to right, and begin again.

        Signs of another font, such as quotation marks, may come after the line that they stand in.
        """
        order = sorted(range(len(self.edges)), key=self.edges.__getitem__)
        self.letters = [self.letters[at] for at in order]
        self.edges = [self.edges[at] for at in order]
        while self.letters and self.letters[-1] == " ":
            self.letters.pop()
            self.edges.pop()
        if self.letters:
            box = [self.edges[0], self.top, self.right, self.bottom]
            box = [round(edge, 1) for edge in box]
            found.append(["".join(self.letters), box, self.edges, round(box[3] - box[1], 1)])
        self.letters, self.edges = [], []


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _drawn(page: Any, width: float, height: float) -> tuple[int, float]:
    """How many rulings a page has, and what share of it pictures cover.

    A page of more objects than are looked at counts as one of as many rulings: to look for tables
    in it would take minutes.
    """
    rules, covered = 0, 0.0
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for seen, drawn in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if seen >= _MOST_OBJECTS:
            rules = _MOST_OBJECTS + 1
            break
        try:
            left, low, right, high = drawn.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += max(0.0, right - left) * max(0.0, high - low)
        elif max(right - left, high - low) >= _SHORTEST:
            rules += 1
    return rules, min(1.0, covered / max(width * height, 1.0))


def _tables(data: bytes, numbers: list[int]) -> Any:
    """The ruled tables of some pages, as (page, [box, cells]); none where none can be had."""
    if not numbers:
        return
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number + 1 for number in numbers]) as opened:
            for number, page in zip(numbers, opened.pages, strict=True):
                if len(page.edges) > _MOST_OBJECTS:
                    continue
                left, top, *_ = page.bbox
                tables = [
                    [_moved(table.bbox, left, top), [_moved(c, left, top) for c in table.cells]]
                    for table in page.find_tables()
                    if len(table.cells) > 1
                ]
                page.close()
                yield number, tables
    except Exception:  # whatever a damaged file does to the library: its text was told before
        return


def _moved(box: Any, left: float, top: float) -> list[float]:
    return [
        round(box[0] - left, 1),
        round(box[1] - top, 1),
        round(box[2] - left, 1),
        round(box[3] - top, 1),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
