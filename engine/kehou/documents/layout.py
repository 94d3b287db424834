"""Blocks as a paper: which paragraph stands under which headings, and after which lead-in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kehou.documents.normalised import Normal, normal
from kehou.readers.blocks import NOT_IN_TURN, Block, Kind

#: How numbers before a paragraph rank, outermost first.
_RANKS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十百0-9]{1,4}(?:章|部分|编)",
        r"第[一二三四五六七八九十百0-9]{1,4}节",
        NOT_IN_TURN + r"[一二三四五六七八九十]{1,3}[、.:]",
        r"\([一二三四五六七八九十]{1,3}\)",
        r"[一二三四五六七八九十]{1,3}(?:是|要)",
        r"第[一二三四五六七八九十百0-9]{1,4}条",
        r"[0-9]{1,2}(?:、|\.(?![0-9]))",
        r"\(?[0-9]{1,2}\)",
        r"[①-⑳]",
        r"[a-zA-Z][.)]",
    )
)
#: The longest text of a heading that no style says to be one, and of a label before a text.
_HEADING: Final = 28
_LABEL: Final = 16
#: A colon between digits is one of a time.
_LABEL_ENDS: Final = re.compile(r"。|(?<![0-9]):|:(?![0-9])")
_STOPS: Final = re.compile(r"[。;!?,:]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block with its place in the whole.

    ``text`` is normalised and has the displayed number; ``section`` are the headings above it,
    outermost first; ``label`` is the offset where a label (``（一）自愿原则。``) ends, 0 without
    one; ``lead`` is the text of the line that leads in to the list it stands in.
    """

    index: int
    block: Block
    normal: Normal = field(repr=False)
    section: tuple[str, ...] = ()
    is_heading: bool = False
    label: int = 0
    lead: str = ""

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normal.text


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its paragraphs in reading order, and what of the file was not read."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    unread: tuple[str, ...] = ()


def paper(name: str, blocks: Sequence[Block], unread: Sequence[str] = ()) -> Paper:
    """The paper that blocks make."""
    found: list[Paragraph] = []
    #: Open headings: (rank, title).
    above: list[tuple[float, str]] = []
    lead: tuple[float, str] | None = None
    texts = [normal(block.shown) for block in blocks]
    ranks = [_rank(made.text) for made in texts]
    for index, (block, made, (rank, length)) in enumerate(zip(blocks, texts, ranks, strict=True)):
        heading = _is_heading(block, made.text, rank, length) and (
            bool(block.level) or _leads(rank, blocks[index + 1 :][:1], ranks[index + 1 :][:1])
        )
        if block.kind in (Kind.CELL, Kind.FURNITURE, Kind.NOTE):
            titles = tuple(title for _, title in above) if block.kind is Kind.CELL else ()
            found.append(Paragraph(index, block, made, titles))
            continue
        lead = _still(lead, rank, block, heading)
        own = _own_rank(block, rank)
        if heading or rank is not None:
            above = [one for one in above if one[0] < own]
        label = 0 if heading else _label(made.text, length)
        titles = tuple(title for _, title in above)
        found.append(Paragraph(index, block, made, titles, heading, label, lead[1] if lead else ""))
        if heading:
            above.append((own, made.text.strip()))
        elif label:
            above.append((own, made.text[:label]))
        if made.text.rstrip().endswith(":"):
            lead = (own, made.text)
    return Paper(name, tuple(found), tuple(unread))


def _rank(text: str) -> tuple[float | None, int]:
    """How the number before a text ranks, and how long it is; None without one."""
    for rank, pattern in enumerate(_RANKS):
        match = pattern.match(text)
        if match is not None:
            return float(rank), match.end()
    return None, 0


def _own_rank(block: Block, rank: float | None) -> float:
    """The rank of a block among headings; a style ranks before what is only numbered."""
    if rank is not None:
        return rank
    return block.level - 10.5 if block.level else 50.0


def _is_heading(block: Block, text: str, rank: float | None, length: int) -> bool:
    if block.kind is Kind.HEADING or block.level:
        return len(text) <= 2 * _HEADING
    if rank is None or block.kind not in (Kind.PARAGRAPH, Kind.ITEM):
        return False
    rest = text[length:].strip()
    return 0 < len(rest) <= _HEADING and not _STOPS.search(rest)


def _leads(
    rank: float | None, block: Sequence[Block], below: Sequence[tuple[float | None, int]]
) -> bool:
    """Whether what follows a numbered line stands below it; one of its own rank does not."""
    if not block or rank is None:
        return False
    next_rank = below[0][0]
    return block[0].kind is Kind.CELL or next_rank is None or next_rank > rank


def _label(text: str, length: int) -> int:
    """Where the label of a numbered text ends: ``（一）自愿原则。`` with more after it."""
    if not length:
        return 0
    match = _LABEL_ENDS.search(text, length, length + _LABEL + 1)
    if match is None or match.end() >= len(text) or "," in text[length : match.start()]:
        return 0
    return match.end()


def _still(
    lead: tuple[float, str] | None, rank: float | None, block: Block, heading: bool
) -> tuple[float, str] | None:
    """The lead-in that still holds for a block: for what is numbered below it, or an item."""
    if lead is None or heading:
        return None
    if rank is not None:
        return lead if rank > lead[0] or lead[0] == 50.0 else None
    return lead if block.kind is Kind.ITEM else None
