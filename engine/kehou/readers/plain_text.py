"""A text file (.txt, .md) as blocks: one a line, cells of tables between bars or tabs."""

from __future__ import annotations

import re
from typing import Final

from kehou.readers.blocks import Block, Blocks, Cell, Kind
from kehou.readers.decoding import decode
from kehou.readers.door import too_large
from kehou.readers.source import DEFAULT, Limits, ReadError

_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET: Final = re.compile(r"\s*[-*+·•●■◆]\s+(.*)$")
_RULE: Final = re.compile(r"\s*\|?(\s*:?-{2,}:?\s*\|)+\s*(:?-{2,}:?)?\s*$")
#: What separates cells, the last that does it in a line counting.
_SIGNS: Final = ("|", "\t")
_MOST_LINES: Final = 50_000


def read_text(data: bytes, limits: Limits = DEFAULT) -> Blocks:
    """The blocks of a text in UTF-8, UTF-16 with its mark or GB18030; raises ``ReadError``."""
    if len(data) > limits.tree_bytes:
        raise too_large(len(data), limits.tree_bytes)
    text, _ = decode(data, "txt")
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise ReadError(f"文件超过 {_MOST_LINES} 行", hint="拆成几个文件")
    blocks: list[Block] = []
    table = row = 0
    in_table = False
    parted = {at: sign for sign in _SIGNS for at in _parted(lines, sign)}
    for at, line in enumerate(lines):
        cells = _cells(line, parted.get(at, ""))
        if cells is not None:
            if not in_table:
                table, row, in_table = table + 1, 0, True
            if cells:
                row += 1
                blocks += [
                    Block(Kind.CELL, cell.strip(), cell=Cell(table, row, column))
                    for column, cell in enumerate(cells, 1)
                    if cell.strip()
                ]
            continue
        in_table = False
        if not line.strip():
            continue
        if match := _HEADING.match(line):
            blocks.append(Block(Kind.HEADING, match[2], level=len(match[1])))
        elif match := _BULLET.match(line):
            blocks.append(Block(Kind.ITEM, match[1]))
        else:
            blocks.append(Block(Kind.PARAGRAPH, line.strip()))
    return Blocks(tuple(blocks))


def _parted(lines: list[str], sign: str) -> set[int]:
    """The lines of tables whose cells a sign separates: two or more of them after each other."""
    has = [bool(line.strip()) and sign in line.strip("\r\t ") for line in lines]
    return {
        at
        for at, one in enumerate(has)
        if one and ((at > 0 and has[at - 1]) or (at + 1 < len(has) and has[at + 1]))
    }


def _cells(line: str, sign: str) -> list[str] | None:
    """The cells of a line of a table, none for the rule under its head; None for other lines."""
    if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 1:
        return [] if _RULE.match(line) else line.strip().strip("|").split("|")
    if sign == "|" and _RULE.match(line):
        return []
    return line.rstrip("\r").split(sign) if sign else None
