"""The text of a Word document, walked element by element.

Everything that is displayed is read once: text boxes (not their fallback), footnotes, headers,
what tracked changes put in; not what they took out, nor field codes, comments and hidden runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kehou.readers.blocks import Block, Blocks, Cell, Kind
from kehou.readers.docx.numbering import Lists, lists
from kehou.readers.docx.styles import Styles, outline, styles
from kehou.readers.ooxml import DOCUMENT, Package, Reading, damaged, local
from kehou.readers.source import DEFAULT, Limits, ReadError

#: Blocks of one document; a real one has some hundreds.
MOST_BLOCKS: Final = 50_000
#: Characters of one document.
MOST_CHARACTERS: Final = 5_000_000
#: What is not displayed, or displayed once more.
_SKIPPED: Final = frozenset(
    ["del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "rt", "comment"]
)
_NO: Final = ("0", "false", "off")
#: Signs of Wingdings fonts that are ticked or empty boxes.
_SIGNS: Final = {
    "F0FE": "☑",
    "F052": "☑",
    "F0FD": "☒",
    "F054": "☒",
    "F0FC": "√",
    "F050": "√",
    "F0A8": "□",
    "F06F": "□",
    "F0A3": "□",
    "F0FB": "×",
    "F04F": "×",
}
_NOTES: Final = ("footnote", "endnote")


def read_docx(data: bytes, limits: Limits = DEFAULT) -> Blocks:
    """The blocks of a .docx; raises ``ReadError`` for what is damaged, encrypted or too large."""
    package = Package(data, limits, DOCUMENT)
    main = next((p for kind, p in package.relations("").values() if kind == "officeDocument"), "")
    if not main:
        raise damaged("没有正文", kind=DOCUMENT)
    if not main.lower().startswith("word/"):
        told = "文件不是 Word 文档，像是 Excel 或 PowerPoint 文件"
        raise ReadError(told, hint=DOCUMENT.save_as)
    related = [(kind, part) for kind, part in package.relations(main).values() if part in package]

    def only(kind: str) -> str:
        return next((part for one, part in related if one == kind), "")

    known = styles(package, only("styles")) if only("styles") else Styles()
    counted = lists(package, only("numbering")) if only("numbering") else Lists()
    walk = Walk(package, known, counted)
    walk.read(main, Kind.PARAGRAPH)
    for kind in ("footnotes", "endnotes"):
        if only(kind):
            walk.read(only(kind), Kind.NOTE)
    for kind, part in related:
        if kind in ("header", "footer"):
            walk.read(part, Kind.FURNITURE)
    unread = [*package.ignored, *(["隐藏的文字"] if walk.hidden_text else [])]
    return Blocks(tuple(walk.blocks), tuple(unread))


@dataclass(slots=True)
class Paragraph:
    """A paragraph being read; ``boxes`` are blocks of text boxes that hang on it."""

    pieces: list[str] = field(default_factory=list)
    style: str = ""
    outline: int | None = None
    number: str = ""
    level: int | None = None
    boxes: list[Block] = field(default_factory=list)
    is_box: bool = False


@dataclass(slots=True)
class Table:
    """A table being read; ``open`` are cells that go on below, by column: the block indexes."""

    number: int
    row: int = 0
    column: int = 0
    span: int = 1
    merge: str = ""
    open: dict[int, list[int]] = field(default_factory=dict)
    first: int = 0


class Walk:
    """The state of one walk over a document's parts; ``blocks`` is what it gives."""

    def __init__(self, package: Package, known: Styles, counted: Lists) -> None:
        self.package, self.styles, self.lists = package, known, counted
        self.blocks: list[Block] = []
        self.hidden_text = False
        self.kind = Kind.PARAGRAPH
        self.characters = 0
        self.tables = 0
        self.path: list[str] = []
        self.skip = self.boxed = 0
        self.paragraphs: list[Paragraph] = []
        self.open_tables: list[Table] = []
        self.in_text = self.hidden = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "p": self._paragraph,
            "pStyle": self._style,
            "outlineLvl": self._outline,
            "numId": self._number,
            "ilvl": self._level,
            "r": self._run,
            "vanish": self._vanish,
            "sym": self._sign,
            "tbl": self._table,
            "tr": self._row,
            "tc": self._cell,
            "gridSpan": self._span,
            "vMerge": self._merge,
        }

    def read(self, part: str, kind: Kind) -> None:
        """Walk one part; its paragraphs outside tables and boxes are of this kind."""
        self.kind, self.path = kind, []
        self.paragraphs, self.open_tables = [], []
        self.skip = self.boxed = 0
        Reading(self.package, part).run(self._start, self._end, self._text)

    # --- events -----------------------------------------------------------------------------

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.path.append(name)
        if self.skip or name in _SKIPPED or name.endswith("Change"):
            self.skip += 1
            return
        get = {local(key): value for key, value in attributes.items()} if attributes else {}
        if name in _NOTES and get.get("type") in ("separator", "continuationSeparator"):
            self.skip += 1
            return
        if name == "t":
            self.in_text = True
        elif name in ("tab", "ptab") and self._in_run():
            self._add(" ")
        elif name in ("br", "cr") and get.get("type", "textWrapping") == "textWrapping":
            self._add("\n")
        elif name in ("noBreakHyphen", "softHyphen"):
            self._add("-" if name == "noBreakHyphen" else "")
        elif name == "txbxContent":
            self.boxed += 1
        elif (act := self._starts.get(name)) is not None:
            act(get)

    def _end(self, tag: str) -> None:
        name = self.path.pop()
        if self.skip:
            self.skip -= 1
            return
        if name == "t":
            self.in_text = False
        elif name == "p" and self.paragraphs:
            self._close(self.paragraphs.pop())
        elif name == "txbxContent":
            self.boxed -= 1
        elif name == "tc" and self.open_tables:
            self._close_cell(self.open_tables[-1])
        elif name == "tbl" and self.open_tables:
            self.open_tables.pop()

    def _text(self, data: str) -> None:
        if self.in_text and not self.skip:
            self._add(data)

    def _add(self, data: str) -> None:
        if self.hidden:
            self.hidden_text = self.hidden_text or bool(data.strip())
        elif self.paragraphs:
            self.characters += len(data)
            if self.characters > MOST_CHARACTERS:
                raise ReadError(f"文档的文字超过 {MOST_CHARACTERS} 字", hint=DOCUMENT.fewer)
            self.paragraphs[-1].pieces.append(data)

    def _in_run(self) -> bool:
        return len(self.path) > 1 and self.path[-2] == "r"

    # --- paragraphs -------------------------------------------------------------------------

    def _paragraph(self, get: dict[str, str]) -> None:
        self.hidden = False
        self.paragraphs.append(Paragraph(is_box=self.boxed > 0))

    def _style(self, get: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].style = get.get("val", "")

    def _outline(self, get: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].outline = outline(get.get("val", ""))

    def _number(self, get: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].number = get.get("val", "")

    def _level(self, get: dict[str, str]) -> None:
        if self.paragraphs and get.get("val", "").isdecimal():
            self.paragraphs[-1].level = int(get["val"][:3])

    def _run(self, get: dict[str, str]) -> None:
        self.hidden = False

    def _vanish(self, get: dict[str, str]) -> None:
        if self.path[-2:] == ["rPr", "vanish"] and "r" in self.path[-3:-2]:
            self.hidden = get.get("val", "true") not in _NO

    def _sign(self, get: dict[str, str]) -> None:
        self._add(_SIGNS.get(get.get("char", "").upper(), ""))

    def _close(self, paragraph: Paragraph) -> None:
        self.hidden = False
        text = "".join(paragraph.pieces)
        number = self._shown_number(paragraph)
        outer = self.paragraphs[-1] if self.paragraphs else None
        if text.strip():
            if outer is not None:
                outer.boxes.append(self._block(paragraph, text, number))
            else:
                self._give(self._block(paragraph, text, number))
        for block in paragraph.boxes:
            if outer is not None:
                outer.boxes.append(block)
            else:
                self._give(block)

    def _give(self, block: Block) -> None:
        if len(self.blocks) >= MOST_BLOCKS:
            raise ReadError(f"文档超过 {MOST_BLOCKS} 段", hint=DOCUMENT.fewer)
        self.blocks.append(block)

    def _shown_number(self, paragraph: Paragraph) -> str:
        """The automatic number of a paragraph, which is counted even where it has no text."""
        listed = self.styles.numbering(paragraph.style)
        number = paragraph.number or (listed[0] if listed else "")
        if not number or number == "0":
            return ""
        level = paragraph.level
        if level is None:
            level = listed[1] if listed else 0
        return self.lists.next(number, level)

    def _block(self, paragraph: Paragraph, text: str, number: str) -> Block:
        level = paragraph.outline
        if level is None:
            level = self.styles.outline(paragraph.style)
        kind, cell = self.kind, self._here()
        if kind is Kind.PARAGRAPH:
            if paragraph.is_box:
                kind = Kind.BOX
            elif cell is not None:
                kind = Kind.CELL
            elif level:
                kind = Kind.HEADING
            elif number or paragraph.number not in ("", "0"):
                kind = Kind.ITEM
        return Block(kind, text, number, level, cell)

    # --- tables -----------------------------------------------------------------------------

    def _here(self) -> Cell | None:
        if not self.open_tables:
            return None
        table = self.open_tables[-1]
        return Cell(table.number, max(table.row, 1), max(table.column, 1), 1, table.span)

    def _table(self, get: dict[str, str]) -> None:
        self.tables += 1
        self.open_tables.append(Table(self.tables))

    def _row(self, get: dict[str, str]) -> None:
        if self.open_tables:
            table = self.open_tables[-1]
            table.row, table.column, table.span = table.row + 1, 1, 0

    def _cell(self, get: dict[str, str]) -> None:
        if self.open_tables:
            table = self.open_tables[-1]
            table.column, table.span, table.merge = table.column + table.span, 1, ""
            table.first = len(self.blocks)

    def _span(self, get: dict[str, str]) -> None:
        if self.open_tables and get.get("val", "").isdecimal():
            self.open_tables[-1].span = max(1, min(int(get["val"][:4]), 1000))

    def _merge(self, get: dict[str, str]) -> None:
        if self.open_tables:
            self.open_tables[-1].merge = get.get("val", "continue")

    def _close_cell(self, table: Table) -> None:
        """Let a cell that goes on below cover one row more."""
        if table.merge == "continue":
            for index in table.open.get(table.column, ()):
                block = self.blocks[index]
                if block.cell is not None:
                    longer = block.cell._replace(rows=block.cell.rows + 1)
                    self.blocks[index] = block._replace(cell=longer)
            return
        table.open[table.column] = list(range(table.first, len(self.blocks)))
