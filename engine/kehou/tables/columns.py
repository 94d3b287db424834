"""Which row of a table holds its headings, and which field each column is.

Synonyms of the fields' names stand in ``<schema>.columns.json`` beside the schema. Tables from
elsewhere have titles above their headings, headings over two rows and names of their
own. A heading is a field's name or a declared synonym; nothing is guessed from the values below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.fields import BadScalar, Field, fold
from kehou.fields.dates import read_date
from kehou.readers.copied_text import as_meant
from kehou.tables.declared_columns import SIGNED, Derived, Split, derived_of, key, split_of

#: Rows from the top among which the headings are looked for.
HEAD: Final = 30

_TAIL = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]$|[*:：。]+$|[/／][百千万]?元$")
_SCALED = re.compile(r"(百万|十万|万|千|百|美)元|[(（:：/]\s*(万|千|百)\s*[)）]?$")
#: What a record has in its cells: a code, or a word that stands for yes or no.
_CODE = re.compile(r"[A-Za-z]{0,6}[-_]?[0-9]{1,20}")
_YES: Final = frozenset(["是", "否", "√", "×"])
#: A row with fewer filled cells may be a title, or anything.
_FEWEST_CELLS: Final = 2
_UNIT = re.compile(r"单位[:：]?\s*(.{0,6}元)")


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One column: its index from 0, its heading as written, its field, and its part in a pair."""

    index: int
    heading: str
    child: Field
    role: str = ""


@dataclass
class Layout:
    """Where the headings of a table stand and what its columns are.

    ``first`` and ``last`` are indices of the rows of headings among the first rows. ``exact`` are
    the columns named as the schema names them. ``left`` are columns without a field: (index,
    heading), ``unknown`` those of them that are not declared as of no concern. ``twice`` are
    fields with two columns, ``unclear`` columns that could mean two things: (index, heading, why,
    fields that cannot be told for it).
    ``scaled`` is the unit of money that is not yuan, with the index of its column or None.
    ``sure`` is false where one heading of several is all that was known.
    """

    first: int
    last: int
    headings: list[str]
    columns: list[Column] = field(default_factory=list)
    exact: set[int] = field(default_factory=set)
    left: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    twice: list[tuple[Field, list[Column]]] = field(default_factory=list)
    unclear: list[tuple[int, str, str, tuple[str, ...]]] = field(default_factory=list)
    scaled: list[tuple[str, int | None]] = field(default_factory=list)
    sure: bool = False

    @property
    def known(self) -> int:
        """How many headings are told."""
        return len(self.columns) + len(self.unclear) + sum(len(c) for _, c in self.twice)


@dataclass(frozen=True)
class Vocabulary:
    """The declared headings of one part's rows; ``item`` is the field of one row."""

    item: Field
    words: Mapping[str, str]
    split: Split | None
    derived: Derived | None
    unclear: Mapping[str, tuple[str, tuple[str, ...]]]
    ignored: frozenset[str]
    sums: tuple[str, ...]

    def meaning(self, heading: str) -> tuple[str, str, bool] | None:
        """(field's name, role, whether named as in the schema) of a heading; None if unknown."""
        for spelling in _shorter(heading):
            child = self.item.child(spelling)
            if child is not None:
                return child.name, "", spelling == heading
            word = key(spelling)
            if word in self.words:
                return self.words[word], "", False
            if self.split is not None and word in self.split.roles:
                return self.split.amount.name, self.split.roles[word], False
        return None

    def doubt(self, heading: str) -> tuple[str, tuple[str, ...]] | None:
        """Why a heading could mean two things, and the fields concerned; None where it cannot."""
        for spelling in _shorter(heading):
            if (word := key(spelling)) in self.unclear:
                return self.unclear[word]
        return None


def _shorter(heading: str) -> list[str]:
    """A heading, then without its mark of the required and its remark in brackets."""
    found, text = [heading], as_meant(heading)
    if text != heading:
        found.append(text)
    while (shorter := _TAIL.sub("", text).strip()) != text and shorter:
        found.append(shorter)
        text = shorter
    return found


def vocabulary(part: Field, item: Field, declared: Mapping[str, Any]) -> Vocabulary:
    """The headings of a part; one without declared synonyms has those of its fields.

    ``declared`` is what the schema's ``<schema>.columns.json`` holds, {} where there is none.
    """
    own = declared.get("parts", {}).get(part.name, {})
    words = {key(w): name for name, all_ in own.get("columns", {}).items() for w in all_}
    return Vocabulary(
        item,
        words,
        split_of(item, own),
        derived_of(item, own),
        {
            key(word): (said["why"], tuple(said["fields"]))
            for word, said in own.get("unclear", {}).items()
        },
        frozenset(map(key, declared.get("ignored", ()))),
        tuple(own.get("sums", ())),
    )


def arrange(
    words: Vocabulary, head: Sequence[Sequence[str]], merged: Sequence[Mapping[int, int]] = ()
) -> Layout | None:
    """The layout of a table by its first rows; None where no row has headings that are known.

    ``merged`` tells for each row of ``head`` which columns are covered by a cell to their left.
    """
    best: Layout | None = None
    for at, cells in enumerate(head):
        found = _layout(words, at, at, [cell.strip() for cell in cells])
        two = _two_rows(words, at, head, merged[at] if merged else None)
        if two is not None and two.known > found.known:
            below = [cell.strip() for cell in head[at + 1]]
            if two.known > _layout(words, at + 1, at + 1, below).known:
                found = two
        filled = sum(map(bool, found.headings))
        found.sure = found.known >= 2 or (found.known == 1 and filled <= 2)
        if found.known and (best is None or found.known > best.known):
            best = found
    if best is not None:
        for cells in head[: best.first]:
            for cell in cells:
                if (
                    (unit := _UNIT.search(fold(cell)))
                    and unit[1] != "元"
                    and _SCALED.search(unit[1])
                ):
                    best.scaled.append((unit[1], None))
    return best


def _layout(words: Vocabulary, first: int, last: int, headings: list[str]) -> Layout:
    while headings and not headings[-1]:
        headings.pop()
    found = Layout(first, last, headings)
    by_field: dict[tuple[str, str], list[Column]] = {}
    for index, heading in enumerate(headings):
        if not heading:
            continue
        if (why := words.doubt(heading)) is not None:
            found.unclear.append((index, heading, *why))
            continue
        meaning = words.meaning(heading)
        if meaning is None:
            found.left.append((index, heading))
            if (
                key(heading) not in words.ignored
                and key(_shorter(heading)[-1]) not in words.ignored
            ):
                found.unknown.append((index, heading))
            continue
        name, role, exact = meaning
        child = words.item.fields[name]
        column = Column(index, heading, child, role)
        by_field.setdefault((name, role), []).append(column)
        if exact:
            found.exact.add(index)
        if child.kind == "money" and (unit := _SCALED.search(fold(heading))):
            found.scaled.append((unit[0].strip("()（）:："), index))
    _settle(found, by_field, words)
    return found


def _settle(
    found: Layout, by_field: dict[tuple[str, str], list[Column]], words: Vocabulary
) -> None:
    """Keep the fields that have one column, and tell those that have two."""
    roles = {role for name, role in by_field if role}
    for (name, role), columns in by_field.items():
        rivals = list(columns)
        if words.split is not None and name == words.split.amount.name:
            rivals = [
                c
                for (n, r), cs in by_field.items()
                if n == name
                for c in cs
                if r == role or "" in (r, role) or SIGNED in (r, role)
            ]
        if len(rivals) > 1:
            child = words.item.fields[name]
            if all(child is not told for told, _ in found.twice):
                found.twice.append((child, rivals))
        else:
            found.columns.append(columns[0])
    side = words.split.side if words.split is not None else None
    if side is not None and roles - {SIGNED} and (side.name, "") in by_field:
        pair = [c for (_, r), cs in by_field.items() if r not in ("", SIGNED) for c in cs]
        both = [*by_field[side.name, ""], *pair]
        found.twice.append((side, both))
        found.columns = [c for c in found.columns if c not in both]
    found.columns.sort(key=lambda column: column.index)


def _two_rows(
    words: Vocabulary, at: int, head: Sequence[Sequence[str]], merged: Mapping[int, int] | None
) -> Layout | None:
    """Headings over two rows: a group above its columns, or a cell merged over both."""
    if at + 1 >= len(head):
        return None
    above = [cell.strip() for cell in head[at]]
    below = [cell.strip() for cell in head[at + 1]]
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    if not any(below) or any(map(_is_value, below)):
        return None
    headings: list[str] = []
    group = ""
    for index in range(width):
        covered = merged is not None and index in merged
        if above[index]:
            group = above[index]
        elif not covered and merged is not None:
            group = ""
        starts = index + 1 < width and not above[index + 1] and bool(below[index + 1])
        if below[index] and above[index] and not starts:
            return None  # a row of its own, not the second half of a heading
        if below[index]:
            pair = group + below[index]
            alone = words.meaning(below[index])
            joined = words.meaning(pair) or words.doubt(pair)
            headings.append(pair if joined or alone is None else below[index])
        else:
            headings.append(above[index])
    return _layout(words, at, at + 1, headings)


def begins_with_a_record(words: Vocabulary, layout: Layout | None, head: list[list[str]]) -> bool:
    """Whether a table has no headings: none of its first rows has, and the first holds values."""
    if layout is not None and layout.sure:
        return False
    filled = [as_meant(cell) for cell in next(filter(any, head), []) if cell]
    if len(filled) < _FEWEST_CELLS:
        return False
    said = {word for child in words.item.fields.values() for word in child.spellings}
    return any(_is_value(cell) or _CODE.fullmatch(cell) or cell in _YES | said for cell in filled)


def _is_value(cell: str) -> bool:
    """Whether a cell is a number or a date, which no heading is."""
    if not cell:
        return False
    if re.fullmatch(r"[¥]?-?[\d,.]+%?元?", fold(cell)):
        return True
    try:
        read_date(_DATE, cell)
    except BadScalar:
        return False
    return True


_DATE: Final = Field("", "", "date", "")
