"""A document of prose as blocks in reading order, whatever format it came in."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

#: Not before two numbers in turn (一、二年级), which count what follows: neither is an item's.
NOT_IN_TURN: Final = "(?!一、二|二、三|三、四|四、五|五、六|六、七|七、八|八、九)"


class Kind(StrEnum):
    """What a block is in its file; ``FURNITURE`` repeats on every page (header, footer)."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    BOX = "box"
    NOTE = "note"
    FURNITURE = "furniture"


class Cell(NamedTuple):
    """Where a block stands in a table: which table of the file, row and column, all from 1.

    ``rows`` and ``columns`` are how many it covers.
    """

    table: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


class Block(NamedTuple):
    """One paragraph, as it is displayed.

    ``number`` is what an automatic numbering shows before the text (``（一）``), empty where the
    number is part of the text. ``level`` is the outline level that a heading's style has, from 1;
    0 where it has none. ``page`` counts from 1, None where the format knows no pages.
    """

    kind: Kind
    text: str
    number: str = ""
    level: int = 0
    cell: Cell | None = None
    page: int | None = None

    @property
    def shown(self) -> str:
        """The text with its number, as a reader sees it."""
        return self.number + self.text


class Blocks(NamedTuple):
    """What a reader gives: blocks in reading order, and what of the file it did not read."""

    blocks: tuple[Block, ...]
    unread: tuple[str, ...] = ()
