"""What to paste for a missing field: YAML with Chinese keys, and what may be written as comments.

The lines are made from the schema alone. Unfilled they say nothing: an empty value is not supplied.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from kehou.fields import Field, allowed

#: A value to write for a scalar field; the empty text leaves it to be filled in.
Fill = Callable[[Field], str]


#: What to do with the lines of a list or a record before they are filled in.
UNMARK = "先删去以下各行行首的“# ”，再填写"


def blank(field: Field) -> str:
    """Nothing: the submitter has to write it."""
    return ""


def stub(
    field: Field,
    stage: str,
    wanted: Collection[str] = (),
    indent: int = 0,
    fill: Fill = blank,
) -> list[str]:
    """Lines for a missing field, with what it must hold at a stage and what is ``wanted`` in it.

    ``wanted`` are dotted paths of fields below it; ``indent`` counts the blanks before the key.
    Unfilled, what a list or a record holds is commented out: a row without values is still a row.
    """
    first, *inner = _lines(field, stage, wanted, indent, fill)
    if fill is not blank or not inner:
        return [first, *inner]
    return [f"{first}；{UNMARK}", *(f"{' ' * indent}# {line[indent:]}" for line in inner)]


def _lines(field: Field, stage: str, wanted: Collection[str], indent: int, fill: Fill) -> list[str]:
    head = f"{' ' * indent}{field.title}:"
    comment = f"   # {may_be(field)}"
    if field.kind in ("record", "rows"):
        depth = indent + (2 if field.kind == "record" else 4)
        children = _children(field, stage, wanted)
        inner = [line for child in children for line in _lines(child, stage, wanted, depth, fill)]
        if field.kind == "rows" and inner:
            inner[0] = f"{' ' * (indent + 2)}- {inner[0].lstrip()}"
        return [head + comment, *inner]
    scalar = field.item if field.kind == "list" else field
    assert scalar is not None
    value = fill(scalar)
    if value:
        value = f" [{value}]" if field.kind == "list" else f" {value}"
    return [head + value + comment]


def inline(field: Field, stage: str, wanted: Collection[str] = (), quoted: bool = False) -> str:
    """The same for a place inside braces: the key without a value, ``quoted`` as JSON asks; of a
    list or a record a second line shows the form.
    """
    key = json.dumps(field.title, ensure_ascii=False) if quoted else field.title
    told = f"{key}: null" if quoted else f"{key}: "
    if field.kind in ("record", "rows"):
        told += f"\n（写作 {key}: {_form(field, stage, wanted, quoted)}）"
    return told


def _form(field: Field, stage: str, wanted: Collection[str], quoted: bool) -> str:
    if field.kind not in ("record", "rows"):
        return '"…"' if quoted else "…"
    cells = []
    for child in _children(field, stage, wanted):
        key = json.dumps(child.title, ensure_ascii=False) if quoted else child.title
        cells.append(f"{key}: {_form(child, stage, wanted, quoted)}")
    inner = "{" + ", ".join(cells) + "}"
    return f"[{inner}]" if field.kind == "rows" else inner


def may_be(field: Field) -> str:
    """What a field may hold, whether it may be 无, and how a list of them is written."""
    if field.kind in ("record", "rows"):
        told = "每行写一项，可照样再加" if field.kind == "rows" else "逐项填写"
    elif field.kind == "list":
        item = field.item
        assert item is not None
        members = allowed(item) + _in_words(item)
        told = f"可以几项，写作 [甲, 乙]；每项：{members}"
    else:
        told = allowed(field) + _in_words(field)
    return told + "；确实没有的，写“无”" if field.absent else told


def choices(field: Field) -> str:
    """What a field is chosen from; "" where it is not chosen."""
    chosen = field.item if field.kind == "list" else field
    return allowed(chosen) if chosen is not None and chosen.kind == "enum" else ""


def box(field: Field) -> str:
    """The same of a cell of a form."""
    none = "；确实没有的，写“无”" if field.absent else ""
    if field.kind == "record":
        return f"逐格填写{none}"
    if field.kind == "rows":
        whole = "；确实没有的，在“整表”右边写“无”" if field.absent else ""
        return f"一行填一项，行不够接着往下填{whole}"
    if field.kind == "list":
        item = field.item
        assert item is not None
        return f"{allowed(item)}{_in_words(item)}；可写几项，用“、”分开{none}"
    return allowed(field) + _in_words(field) + none


def _in_words(field: Field) -> str:
    """The first of the words that stand for numbers, for one to see that they may be written."""
    words = list(field.words)
    if not words:
        return ""
    return f"，可写“{words[0]}”" + ("或范围“" + f"{words[0]}至{words[-1]}”" if field.ranged else "")


def _children(field: Field, stage: str, wanted: Collection[str]) -> list[Field]:
    """What a record must hold at a stage or is wanted in it; where that is nothing, all of it."""
    shown = [c for c in field.fields.values() if not c.reader and c.default is None]

    def asked(child: Field) -> bool:
        inside = any(path == child.path or path.startswith(child.path + ".") for path in wanted)
        return inside or stage in child.required

    return [c for c in shown if asked(c)] or [c for c in shown if not c.private]


__all__ = ["UNMARK", "Fill", "blank", "box", "choices", "inline", "may_be", "stub"]
