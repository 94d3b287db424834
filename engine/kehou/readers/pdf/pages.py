"""What is known of a page of a PDF: lines of characters with their places, cells, pictures.

Lengths are points (1/72 inch) from the upper left corner of the page; right and bottom edges are
exclusive.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Box(NamedTuple):
    """A rectangle of a page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class Line(NamedTuple):
    """A line of text as it is displayed; ``edges`` are the left edges of its characters.

    ``size`` is the height of its tallest character, in points.
    """

    text: str
    box: Box
    edges: tuple[float, ...]
    size: float

    def part(self, start: int, end: int) -> Line:
        """The line from one of its characters to before another."""
        right = self.box.right
        if end < len(self.edges):
            right = min(self.edges[end], self.edges[end - 1] + self.size)
        box = self.box._replace(left=self.edges[start], right=right)
        return Line(self.text[start:end], box, self.edges[start:end], self.size)


class Table(NamedTuple):
    """A ruled table: its cells, each once."""

    box: Box
    cells: tuple[Box, ...]


class Page(NamedTuple):
    """One page; ``pictures`` is the share of its area that pictures cover, from 0 to 1."""

    width: float
    height: float
    lines: tuple[Line, ...]
    pictures: float = 0.0
    tables: tuple[Table, ...] = ()


def page_of(told: dict[str, Any], tables: list[Any]) -> Page:
    """A page from what the reading process wrote of it, with the tables it found there."""
    lines = tuple(
        Line(text, Box(*box), tuple(edges), size) for text, box, edges, size in told["lines"]
    )
    found = tuple(Table(Box(*box), tuple(Box(*cell) for cell in cells)) for box, cells in tables)
    return Page(told["width"], told["height"], lines, told["pictures"], found)
