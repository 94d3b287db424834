"""Text made safe to show: nothing a submission contains can move a cursor or turn a line round.

Also the width of text on a terminal and the window of an excerpt that is shown.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kehou.model.values import Location

#: The most characters of one text that a terminal or a page shows.
TEXT_LIMIT = 500
#: Terminal columns of a source line that are shown around the place.
EXCERPT_WIDTH = 76
_CARET_MAX = 40
_HIDDEN = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])


def visible(text: str, keep: str = "") -> str:
    r"""Show control, format and bidirectional characters as escapes (``\x1b``, ``\u202e``).

    Characters in ``keep`` stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep else _shown(c) for c in text)


def _shown(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "    "}[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """``text`` cut to ``limit`` characters, with an ellipsis where some were left off."""
    return text if len(text) <= limit else text[:limit] + "…"


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal: 2 for wide and full-width characters."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1


def pad(text: str, columns: int) -> str:
    """``text`` filled with blanks to ``columns`` terminal columns."""
    return text + " " * max(0, columns - width(text))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A source line cut to a window in three parts; ``marked`` is the place itself.

    All three are visible text; ``offset`` and ``length`` are terminal columns of the caret line.
    """

    before: str
    marked: str
    after: str

    @property
    def offset(self) -> int:
        """Terminal columns in front of the place."""
        return width(self.before)

    @property
    def length(self) -> int:
        """Carets to draw: at least one, at most the place's own columns within bounds."""
        return max(1, min(width(self.marked), _CARET_MAX))


def excerpt(location: Location) -> Excerpt | None:
    """The window of a location's source line; None where there is no line to show."""
    line = location.excerpt.rstrip("\r\n")
    if not line.strip():
        return None
    start, stop = _place(location, line)
    left, right = _window(line, start, stop)
    head = "…" if left else ""
    tail = "…" if right < len(line) else ""
    stop = min(stop, right)
    before, marked, after = line[left:start], line[start:stop], line[stop:right]
    return Excerpt(head + visible(before), visible(marked), visible(after) + tail)


def _place(location: Location, line: str) -> tuple[int, int]:
    """Where the place stands in the line: from, to; of a table's cell it is the cell's value."""
    if location.cell:
        label = f"{location.cell}："
        if location.line is None:  # a form's cell is quoted with its label, not its place
            label = line.partition("：")[0] + "："
        return (len(label) if line.startswith(label) else 0), len(line)
    start = min(max((location.column or 1) - 1, 0), len(line))
    same_line = location.end_line in (None, location.line)
    stop = (location.end_column or start + 2) - 1 if same_line else len(line)
    return start, min(max(stop, start), len(line))


def _window(line: str, start: int, stop: int) -> tuple[int, int]:
    """Indices of the part of ``line`` to show: the place, then what fits on both sides."""
    if len(line) <= EXCERPT_WIDTH and width(visible(line)) <= EXCERPT_WIDTH:
        return 0, len(line)
    left = right = start
    room, margin = EXCERPT_WIDTH, EXCERPT_WIDTH // 3
    while right < stop and room > margin:
        room -= width(visible(line[right]))
        right += 1
    while left > 0 and room > (margin if right < len(line) else 0):
        left -= 1
        room -= width(visible(line[left]))
    while right < len(line) and room > 0:
        room -= width(visible(line[right]))
        right += 1
    return left, right
