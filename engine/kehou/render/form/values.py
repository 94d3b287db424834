"""Values of a submission's tree as people would fill them into cells.

A time, a date or a number that its text states exactly is the cell's own kind of value; all else
is a text cell, whatever it begins with.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from kehou.fields import ABSENT_WORDS, Field
from kehou.forms import Path
from kehou.forms import layouts as forms
from kehou.submission.text_tree import parts, typed, worded

#: The most characters that a cell holds (Excel).
CELL_LIMIT: Final = 32_767
_DIGITS: Final = 15
_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNSAFE: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL: Final = re.compile('[、;；,，"\n]')
#: The first day that every program reads from a date cell alike.
_FIRST_DAY: Final = datetime.date(1901, 1, 1)


class CannotHold(Exception):
    """A text that no cell can hold; ``path`` is its place in the tree, ``reason`` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def at(tree: Any, path: Sequence[str]) -> Any:
    """What a tree holds at a path of names; None where it holds nothing."""
    for step in path:
        if isinstance(tree, list):
            tree = tree[int(step)] if step.isdecimal() and int(step) < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def fill_whole(cell: Any, value: Any) -> bool:
    """无 or another text in the cell of a whole; that a record is there and holds nothing."""
    words = value if isinstance(value, str) else forms.EMPTY if value == {} else ""
    if words:
        text(cell, words)
    return bool(words)


def fill(cell: Any, field: Field, value: Any, path: Path) -> None:
    """A value of the tree as people would fill it in; raises ``CannotHold``."""
    if field.kind == "list":
        words = _joined(field, value)
    else:
        words = value
        number = None if value in ABSENT_WORDS else _native(field, value)
        if number is not None:
            cell.value = number
            return
        words = worded(field, value) if value not in ABSENT_WORDS else value
    if len(words) > CELL_LIMIT:
        raise CannotHold(path, f"有 {len(words)} 个字，一个单元格最多 {CELL_LIMIT} 个字")
    if _UNSAFE.search(words):
        raise CannotHold(path, "里有看不见的控制字符，表格存不下")
    text(cell, words)


def _native(field: Field, text: str) -> Any:
    """A time, date or number as the cell's own kind of value; None where text is truer."""
    value = typed(field, text)
    if value is None:
        return None
    if field.kind == "time":
        return datetime.time(value // 60, value % 60)
    if field.kind == "date":
        date = datetime.date.fromisoformat(value)
        return date if date >= _FIRST_DAY else None
    if field.kind == "integer":
        return value if str(value) == text and len(text) <= _DIGITS else None
    if field.kind in ("money", "decimal") and len(re.sub(r"\D", "", text)) <= _DIGITS:
        exact = Fraction(value, 100) if field.kind == "money" else value
        return int(exact) if exact.denominator == 1 else float(exact)
    return None


def _joined(field: Field, value: str | list[str]) -> str:
    """A list's members in one text, quoted where a member holds what parts them."""
    item = field.item
    assert item is not None
    as_is = isinstance(value, str) and item.kind != "enum" and '"' not in value
    if isinstance(value, str) and (as_is or value in ABSENT_WORDS):
        return value
    texts = [worded(item, text) for text in parts(field, value)]
    if isinstance(value, str) and '"' not in value:
        return "、".join(texts) if texts else value
    return "、".join(
        '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text for text in texts
    )


def text(cell: Any, words: str) -> None:
    """A text cell, however much it looks like something else."""
    cell.value = _ESCAPED.sub("_x005F_", words)
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in "=+-@"
