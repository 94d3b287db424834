"""A file as text: its places, its limits, and what reading it gives or says.

Lines and columns count characters from 1; ends are exclusive. Offsets count characters from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from kehou.errors import EXIT_UNREADABLE, KehouError
from kehou.model.confirmations import NOTHING, Confirmed
from kehou.model.values import Passage

#: Characters to a block of the index of line breaks.
_BLOCK = 1 << 14
_WRONG_COLON = re.compile(r"[^\s:：#\"'“”，。]{1,30}(：|:(?=[^\s:/]))")


class Plain(str):
    """Text written without quotes, which its field may read as a number, a time, a flag …"""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most; beyond any of these it is refused, not cut off."""

    table_bytes: int = 20_000_000
    tree_bytes: int = 5_000_000
    depth: int = 64
    nodes: int = 500_000
    aliased: int = 10_000
    scalar: int = 100_000
    rows: int = 200_000
    columns: int = 500
    cells: int = 1_000_000
    problems: int = 100

    def bytes_for(self, form: str) -> int:
        """The size limit of a format, in bytes."""
        return self.tree_bytes if form in ("yaml", "json") else self.table_bytes


DEFAULT = Limits()


class Span(NamedTuple):
    """A stretch of a file: first character and the one after the last, counted from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Problem(NamedTuple):
    """Something wrong at one place of a file; ``span`` is ``None`` for the file as a whole.

    ``cell`` is the place in a workbook, ``名册!B7``; such a problem has no span.
    """

    pointer: str
    span: Span | None
    message: str
    hint: str
    cell: str = ""


class ReadError(KehouError):
    """A file that gives no tree. ``problems`` are all that could be told, the first one first.

    ``where`` is filled by ``read`` as ``name:line:column``, or ``name!sheet!cell``.
    """

    exit_code = EXIT_UNREADABLE

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        hint: str = "",
        problems: Sequence[Problem] = (),
        cell: str = "",
    ) -> None:
        super().__init__("unreadable", message, hint=hint)
        self.line = line
        self.column = column
        span = None if line is None else Span(line, column or 1, line, column or 1)
        self.problems = tuple(problems) or (Problem("", span, message, hint, cell),)
        self.cell = self.problems[0].cell

    def locate(self, name: str) -> None:
        """Set ``where`` for the file of this name."""
        place = f"!{self.cell}" if self.cell else ""
        self.where = name + (place if self.line is None else f":{self.line}:{self.column}")

    def __str__(self) -> str:
        more = [
            (f"\n第{p.span.line}行第{p.span.column}列：" if p.span else "\n")
            + (f"{p.cell}：" if p.cell else "")
            + p.message
            + (f"\n  请：{p.hint}" if p.hint else "")
            for p in self.problems[1:]
        ]
        return super().__str__() + "".join(more)


class Node(NamedTuple):
    """Where a value stands, as character offsets of the text, with its children's places.

    A mapping's children are ``{key: (key start, key end, value)}``, a sequence's a list.
    """

    start: int
    end: int
    children: dict[str, tuple[int, int, Node]] | list[Node] | None = None


#: Pointer segments to (value's range, key's range); ``None`` where there is nothing.
Range = tuple[int, int]
Finder = Callable[[Sequence[str]], "tuple[Range, Range | None] | None"]


@dataclass(frozen=True)
class Source:
    """A decoded file; ``text`` has no byte order mark, and every line break in it is ``\\n``."""

    name: str
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    encoding: str = "utf-8"

    @cached_property
    def _breaks(self) -> list[int]:
        """How many line breaks stand before each block of the text, and in all of it."""
        counts = [0]
        for at in range(0, len(self.text), _BLOCK):
            counts.append(counts[-1] + self.text.count("\n", at, at + _BLOCK))
        return counts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset."""
        block = min(offset, len(self.text)) // _BLOCK
        line = 1 + self._breaks[block] + self.text.count("\n", block * _BLOCK, offset)
        return line, offset - self.text.rfind("\n", 0, offset)

    def span(self, start: int, end: int) -> Span:
        """The stretch between two character offsets."""
        return Span(*self.place(start), *self.place(end))

    def offset(self, number: int) -> int | None:
        """Where a line starts; ``None`` where there is no such line."""
        before = number - 1
        if not 0 <= before <= self._breaks[-1]:
            return None
        block = max(bisect_left(self._breaks, before) - 1, 0)
        at = block * _BLOCK - 1
        for _ in range(before - self._breaks[block]):
            at = self.text.find("\n", at + 1)
        return at + 1

    def line(self, number: int) -> str:
        """The text of a line without its line break; empty where there is no such line."""
        start = self.offset(number)
        if start is None:
            return ""
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)]

    def problem(
        self, start: int, end: int, message: str, hint: str = "", pointer: str = ""
    ) -> Problem:
        """A problem at a range of character offsets."""
        return Problem(pointer, self.span(start, max(start, end)), message, hint)

    def error(self, problems: Sequence[Problem]) -> ReadError:
        """The error that tells these problems, in the order of the file."""
        ordered = sorted(problems, key=lambda p: p.span or (0, 0, 0, 0))
        first = ordered[0]
        line, column = (first.span.line, first.span.column) if first.span else (None, None)
        return ReadError(first.message, line, column, first.hint, ordered)


class CellFault(NamedTuple):
    """Something wrong in a workbook; ``place`` is ``sheet!cell``, or empty where ``pointer`` is."""

    pointer: str
    place: str
    found: str
    allowed: str
    hint: str


class CellNote(NamedTuple):
    """A value that was read otherwise than it stands in a workbook."""

    pointer: str
    written: str
    read: str


class Note(NamedTuple):
    """What of a table was mapped, skipped or left over: its place, as written, as read."""

    pointer: str
    span: Span | None
    cell: str
    written: str
    read: str


class Twice(NamedTuple):
    """One thing that a text states in two ways: its pointer, what each place says, their lines."""

    pointer: str
    values: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Cells:
    """What a workbook's document knows beside its tree, whose keys are the schema's names.

    ``place`` gives ``sheet!cell`` and a label for the segments of a pointer, of what is missing
    the empty cell where it belongs; None where no sheet has one. ``dropped`` are pointers whose
    values cannot be trusted, ``unread`` names what is in the workbook and was not read. ``free``
    gives the sheet, the first free row and the columns by field of a list's table, where it is one.
    ``belongs`` says where a form that lists everything has the cell that this one lacks; ``box``
    gives ``sheet!cell`` and the label of the empty box of a field by its steps, where a person sees
    one.
    """

    place: Callable[[Sequence[str]], tuple[str, str] | None] = field(repr=False)
    faults: tuple[CellFault, ...] = ()
    notes: tuple[CellNote, ...] = ()
    dropped: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    free: Callable[[Sequence[str]], tuple[str, int, Mapping[str, str]] | None] | None = field(
        default=None, repr=False
    )
    belongs: Callable[[Sequence[str]], str] | None = field(default=None, repr=False)
    box: Callable[[Sequence[str]], tuple[str, str] | None] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Document:
    """What was read: a ``tree`` of dicts, lists and text, and where each part stands.

    ``tree`` is a dict or a list; of a table it is a list of rows, with ``header`` its column
    names and ``problems`` what could not be read of it: ragged rows are ``{}``, and ``dropped``
    are pointers of values that a row has but that are not believed. ``cell_of`` gives the place
    in a workbook (``名册!B7``) of a path, or of its heading; ``written`` the headings of the file
    where ``header`` has the schema's. ``has_comments`` where its lines may end in comments.
    Of prose, ``is_prose``, a line is a paragraph; ``basis`` is the hash of what it was read by,
    ``unread`` what of it was not read, ``twice`` what it states in two ways. Lists at the pointers
    ``open_lists`` may have more rows than were read; ``confirmed`` is what people said of it. A
    form that a program filled in from prose is ``unconfirmed`` till somebody says that it was
    looked through. ``passages`` are where its lines stand.
    """

    source: Source
    tree: Any
    find: Finder = field(repr=False)
    header: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    dropped: tuple[str, ...] = field(default=(), repr=False)
    cell_of: Callable[[Sequence[str], bool], str] | None = field(default=None, repr=False)
    written: Mapping[str, str] = field(default_factory=dict)
    cells: Cells | None = None
    has_comments: bool = False
    is_prose: bool = False
    basis: str = ""
    unread: tuple[str, ...] = ()
    twice: tuple[Twice, ...] = ()
    open_lists: tuple[str, ...] = ()
    confirmed: Confirmed = NOTHING
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    unconfirmed: bool = False

    @property
    def told_unread(self) -> tuple[str, ...]:
        """What of it was not read, each with its name before it."""
        return tuple(f"{self.name}：{what}" for what in self.unread)

    @property
    def name(self) -> str:
        """The name the file was read under."""
        return self.source.name

    @property
    def text(self) -> str:
        """The decoded text, without a byte order mark, its line breaks all ``\\n``."""
        return self.source.text

    @property
    def encoding(self) -> str:
        """``utf-8``, or ``gb18030`` for a CSV file that was not UTF-8."""
        return self.source.encoding

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes in hexadecimal."""
        import hashlib

        return hashlib.sha256(self.source.data).hexdigest()

    def span(self, pointer: str) -> Span | None:
        """Where the value at a JSON pointer stands, without its key."""
        found = self.find(segments(pointer))
        return self.source.span(*found[0]) if found else None

    def cell(self, pointer: str, at_key: bool = False) -> str:
        """``名册!B7``, the place in a workbook of a value or of its heading; else empty."""
        return self.cell_of(segments(pointer), at_key) if self.cell_of is not None else ""

    def key_span(self, pointer: str) -> Span | None:
        """Where the mapping key (or the column heading) of a JSON pointer stands."""
        found = self.find(segments(pointer))
        return self.source.span(*found[1]) if found and found[1] else None

    def line(self, number: int) -> str:
        """The text of a source line, counted from 1, without its line break."""
        return self.source.line(number)


def escape(segment: str) -> str:
    """A key as a segment of a JSON pointer (RFC 6901)."""
    return segment.replace("~", "~0").replace("/", "~1")


def segments(pointer: str) -> list[str]:
    """The keys and indices of a JSON pointer; the root has none."""
    return [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]


def tree_finder(build: Callable[[], Node]) -> Finder:
    """A finder over the tree of places that ``build`` makes when first asked."""
    built: list[Node] = []

    def find(path: Sequence[str]) -> tuple[Range, Range | None] | None:
        if not built:
            built.append(build())
        node, key = built[0], None
        for segment in path:
            children = node.children
            if isinstance(children, dict) and segment in children:
                start, end, node = children[segment]
                key = (start, end)
            elif isinstance(children, list) and (i := _index(segment, len(children))) is not None:
                node, key = children[i], None
            else:
                return None
        return (node.start, node.end), key

    return find


def _index(segment: str, length: int) -> int | None:
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", segment):
        return None
    index = int(segment)
    return index if index < length else None


def colon_hint(text: str) -> str:
    """What to do where text stands in a mapping's place because of its colon; may be empty."""
    match = _WRONG_COLON.match(text)
    if match is None:
        return ""
    if match[1] == "：":
        return "把中文冒号“：”改成英文冒号加一个空格“: ”"
    return "在冒号后面加一个空格，写成“键: 值”"
