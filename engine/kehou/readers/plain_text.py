"""A text file (.txt, .md) as blocks: one a line."""

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
    for line in lines:
        if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 1:
            if not in_table:
                table, row, in_table = table + 1, 0, True
            if not _RULE.match(line):
                row += 1
                cells = line.strip().strip("|").split("|")
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
