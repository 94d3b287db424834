"""What ``<schema>.columns.json`` says of the tables of a submission, and what is wrong with it.

Headings that mean a field, an amount over two columns or with a sign, a field that another column
gives, words of rows that are no records. Every name in it is the schema's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.fields import BadScalar, Field, Schema, fold
from kehou.fields.allowed_values import MOST_CHARACTERS
from kehou.fields.scalars import read
from kehou.model.nouns import Fault, key_faults
from kehou.readers.copied_text import as_meant

#: The part of a column that holds both sides of an amount, told apart by its sign.
SIGNED: Final = "±"
#: What is wrong with a regular expression; None where it may be used.
PatternFault = Callable[[str], str | None]
_TOP: Final = ("about", "ignored", "totals", "remarks", "parts")
_PART: Final = ("columns", "split", "unclear", "sums", "derived")
_SPLIT: Final = ("amount", "side", "columns", "signed", "positive", "negative")
_KINDS_OF_TOTAL: Final = ("all", "part", "running", "carried")


@dataclass(frozen=True)
class Split:
    """An amount with a side that stands in a column for each side, or in one with a sign.

    ``amount`` and ``side`` are the fields, ``positive`` and ``negative`` the sides' values that a
    sign stands for, ``roles`` the side (or ``SIGNED``) by heading, ``signed`` such a heading.
    """

    amount: Field
    side: Field
    positive: str
    negative: str
    roles: Mapping[str, str]
    signed: str

    def label(self, side: str) -> str:
        """What a side is called."""
        return self.side.labels.get(side, side)

    def side_of(self, text: str | None) -> str:
        """The side that a text says; the positive one where it says none."""
        return str(self.side.spellings.get(as_meant(text or ""), self.positive))


@dataclass(frozen=True)
class Derived:
    """A field that the text of another column gives where a table has no column of its own."""

    field: Field
    source: Field
    pattern: re.Pattern[str]

    def value(self, text: str) -> Any | None:
        """The value that a text gives; None where it is open."""
        match = self.pattern.fullmatch(fold(text[:MOST_CHARACTERS]))
        taken = next((group for group in match.groups() if group), None) if match else None
        if taken is None:
            return None
        try:
            return read(self.field, taken)[0]
        except BadScalar:
            return None


def key(heading: str) -> str:
    """A heading without blanks, widths and capitals."""
    return fold(heading).lower()


def split_of(item: Field, own: Mapping[str, Any]) -> Split | None:
    """How a part's amounts may be split over columns, if its declaration says so."""
    told = own.get("split")
    if not told:
        return None
    roles = {key(w): side for side, words in told.get("columns", {}).items() for w in words}
    signed = told.get("signed", ())
    roles |= {key(word): SIGNED for word in signed}
    return Split(
        item.fields[told["amount"]],
        item.fields[told["side"]],
        told["positive"],
        told["negative"],
        roles,
        signed[0] if signed else "",
    )


def derived_of(item: Field, own: Mapping[str, Any]) -> Derived | None:
    """The field of a part that another column gives, if its declaration says so."""
    told = own.get("derived")
    if not told:
        return None
    return Derived(
        item.fields[told["field"]], item.fields[told["from"]], re.compile(told["pattern"])
    )


# --- what is wrong with a declaration ----------------------------------------------------------


def column_faults(schema: Schema, pattern_fault: PatternFault) -> Iterator[Fault]:
    """Everything wrong with the headings that stand beside a schema.

    ``pattern_fault`` says what is wrong with a regular expression, None where it may be used.
    """
    tree = schema.columns
    yield from key_faults(tree, "", _TOP)
    for name in ("ignored", "remarks"):
        yield from _words(tree.get(name, []), f"/{name}")
    totals = tree.get("totals", {})
    yield from key_faults(totals, "/totals", _KINDS_OF_TOTAL)
    for kind, words in totals.items() if isinstance(totals, dict) else ():
        yield from _words(words, f"/totals/{kind}")
    parts = tree.get("parts", {})
    for name, own in parts.items() if isinstance(parts, dict) else ():
        part = schema.root.fields.get(name)
        rows = part.fields.get(part.csv) if part is not None and part.csv else part
        if rows is None or rows.kind != "rows" or rows.item is None:
            known = "、".join(n for n, p in schema.root.fields.items() if p.csv or p.kind == "rows")
            yield f"/parts/{name}", f"材料结构中没有表格 {name}", f"可用：{known}"
        else:
            yield from _part_faults(rows.item, own, f"/parts/{name}", pattern_fault)


def _part_faults(item: Field, own: Any, at: str, pattern_fault: PatternFault) -> Iterator[Fault]:
    yield from key_faults(own, at, _PART)
    if not isinstance(own, dict):
        return
    columns = own.get("columns", {})
    yield from key_faults(columns, f"{at}/columns", list(item.fields))
    for name, words in columns.items() if isinstance(columns, dict) else ():
        yield from _words(words, f"{at}/columns/{name}")
    for name in own.get("sums", ()):
        yield from _field(item, name, f"{at}/sums")
    for word, told in own.get("unclear", {}).items():
        for name in told.get("fields", ()) if isinstance(told, dict) else ():
            yield from _field(item, name, f"{at}/unclear/{word}")
    if "split" in own:
        yield from _split_faults(item, own["split"], f"{at}/split")
    if "derived" in own:
        yield from _derived_faults(item, own["derived"], f"{at}/derived", pattern_fault)


def _split_faults(item: Field, told: Any, at: str) -> Iterator[Fault]:
    yield from key_faults(told, at, _SPLIT, ("amount", "side", "positive", "negative"))
    if not isinstance(told, dict):
        return
    for name in ("amount", "side"):
        yield from _field(item, told.get(name), f"{at}/{name}")
    side = item.fields.get(str(told.get("side")))
    sides = list(side.labels) if side is not None else []
    for name in ("positive", "negative"):
        if told.get(name) not in sides:
            yield f"{at}/{name}", f"{told.get(name)} 不是方向的取值", f"可用：{'、'.join(sides)}"
    yield from key_faults(told.get("columns", {}), f"{at}/columns", sides)


def _derived_faults(
    item: Field, told: Any, at: str, pattern_fault: PatternFault
) -> Iterator[Fault]:
    yield from key_faults(told, at, ("field", "from", "pattern"), ("field", "from", "pattern"))
    if not isinstance(told, dict):
        return
    for name in ("field", "from"):
        yield from _field(item, told.get(name), f"{at}/{name}")
    pattern = str(told.get("pattern"))
    wrong = pattern_fault(pattern)
    if wrong:
        yield f"{at}/pattern", wrong, ""
    elif not re.compile(pattern).groups:
        yield f"{at}/pattern", "正则没有括号", "用括号括出要取的那一段"


def _field(item: Field, name: Any, at: str) -> Iterator[Fault]:
    if name not in item.fields:
        yield at, f"“{item.title}”的行没有字段 {name}", "可用：" + "、".join(item.fields)


def _words(words: Any, at: str) -> Iterator[Fault]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        yield at, "这里应当是列名的列表", ""
