"""Drafts of confirmation filled in as people fill them in, by what stands in an item."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kehou.cli.main import main

#: Who decides in the tests, and when.
ROLE, DAY = "教导主任", "2021-09-08"


def draft(place: Path, form: str = "yaml", target: Path | None = None) -> Path:
    """The draft of a document, written by ``kehou read`` beside it."""
    file = target or place.with_name(f"{place.stem}.确认.{form}")
    assert main(["read", str(place), "-o", f"{form}={file}"]) == 0
    return file


def filled(file: Path, decisions: Mapping[str, str], by: str = ROLE, day: str = DAY) -> Path:
    """Fill in a draft: the first item that holds each key gets ``决定``, or ``决定/改为``."""
    text = file.read_text("utf-8")
    text = text.replace("核对人: \n", f"核对人: {by}\n", 1).replace("日期: \n", f"日期: {day}\n", 1)
    blocks = text.split("\n\n")
    for key, said in decisions.items():
        decision, _, instead = said.partition("/")
        at = next(n for n, b in enumerate(blocks) if b.startswith("  - ") and key in b)
        blocks[at] = blocks[at].replace("决定: ", f"决定: {decision}", 1)
        if instead:
            blocks[at] = blocks[at].replace("改为: ", f"改为: {instead}", 1)
    file.write_text("\n\n".join(blocks), "utf-8")
    return file
