"""Where a reader finds each paragraph: its page, the heading above it, its cell of a table."""

from __future__ import annotations

from typing import Final

from kehou.documents.layout import Paper
from kehou.model.values import Passage

#: Headings are told as Chinese text has its signs, without the one at their end.
_SIGNS: Final = str.maketrans({"(": "（", ")": "）", ",": "，", ":": "：", "!": "！", ";": "；"})
_ENDS: Final = "。:;,!?：；，！？"
#: The longest heading that is told whole.
_LONGEST: Final = 24


def passages(paper: Paper) -> list[Passage]:
    """The place of every paragraph of a paper, in their order."""
    found: list[Passage] = []
    below: dict[tuple[str, ...], int] = {}
    for one in paper.paragraphs:
        page, section = one.block.page or 0, _heading(one.section)
        cell = one.block.cell
        if cell is not None:
            found.append(Passage(page, section, 0, cell.table, cell.row, cell.column))
            continue
        nth = below[one.section] = below.get(one.section, 0) + 1
        found.append(Passage(page, section, nth if section else 0))
    return found


def _heading(section: tuple[str, ...]) -> str:
    """The innermost heading."""
    told = section[-1].strip().strip(_ENDS).translate(_SIGNS) if section else ""
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"
