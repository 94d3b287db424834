"""From a tree of text to typed values by the submission's fields, telling all faults at once.

One pass over the tree. Keys may be English names or Chinese labels; a value is what its field
says, or a fault and then not supplied. Nothing here knows files: places are JSON pointers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kehou.fields import (
    ABSENT_WORDS,
    AS_WRITTEN,
    BadScalar,
    Field,
    allowed,
    show,
)
from kehou.fields.allowed_values import APPROXIMATE
from kehou.fields.privacy import has_number, holds_name, is_like_name, parts
from kehou.fields.scalars import members, read, read_range
from kehou.model.values import ABSENT
from kehou.readers import escape
from kehou.readers.copied_text import as_meant
from kehou.submission.reading_notes import APART, MOST_FAULTS, Gathered, TooManyFaults

#: A row with so many values that their columns cannot take has slipped by a column.
_SHIFTED: Final = 2


class Normaliser:
    """Types the parts of a submission one at a time, telling what it meets to ``gathered``.

    ``trusted`` accepts what only a bureau or the program gives, as cases and tests write it.
    """

    def __init__(self, root: Field, gathered: Gathered, trusted: bool = False) -> None:
        self.root = root
        self.gathered = gathered
        self.trusted = trusted
        self._columns: tuple[str, ...] = ()
        self._about = False

    def parts(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The typed parts of a tree that holds the whole submission."""
        found: dict[str, Any] = {}
        given: dict[str, str] = {}
        unknown = 0
        for key, inner in raw.items():
            self.gathered.begin(table=False)
            part = self.root.child(key)
            if part is None:
                unknown += 1
                if unknown <= MOST_FAULTS:
                    self._unknown(self.root, raw, key, "")
            elif part.name in given:
                self.gathered.twice(part, given[part.name], key, f"/{escape(key)}")
                self.gathered.drop(f"/{part.name}")
                found.pop(part.name, None)
            elif self._admitted(part, f"/{escape(key)}"):
                given[part.name] = key
                value = self.part(part, inner, f"/{part.name}")
                if value is not None:
                    found[part.name] = value
        return found

    def part(self, part: Field, raw: Any, pointer: str, columns: tuple[str, ...] = ()) -> Any:
        """The typed value of a whole part; None where nothing was supplied or it was given up.

        ``columns`` are the headings of a table: an unknown one is told once, and a blank cell
        may mean 无.
        """
        self._columns = columns
        self.gathered.begin(table=bool(columns))
        try:
            value = self._value(part, raw, pointer)
        except TooManyFaults:
            self.gathered.give_up(pointer)
            value = None
        self.gathered.end()
        self._columns = ()
        return value

    def _admitted(self, field: Field, pointer: str) -> bool:
        """Whether a school may give a field; else it is told."""
        if self.trusted or not (field.bureau or field.reader):
            return True
        if field.bureau:
            self.gathered.bureau_only(field, pointer)
        else:
            self.gathered.program_only(field, pointer)
        return False

    def _unknown(self, field: Field, raw: dict[str, Any], key: str, pointer: str) -> None:
        meant = self.gathered.unknown_key(self.root, field, raw, key, pointer)
        if meant is not None:
            self.gathered.drop(f"{pointer}/{meant}")

    # --- shapes -------------------------------------------------------------------------

    def _value(self, field: Field, raw: Any, pointer: str) -> Any:
        """One value of any kind; None where nothing was supplied or it was invalid."""
        if raw is None:
            return None
        kind = field.kind
        if isinstance(raw, str):
            text = raw.strip()
            meant = text if text.isascii() and text.isalnum() else as_meant(text)
            if not meant:
                return None
            if meant in ABSENT_WORDS and meant not in field.labels.values():
                return self._absent(field, meant, pointer)
            if meant in field.absent_words:
                self.gathered.note(field, pointer, meant, show(ABSENT))
                return ABSENT
            if kind == "list":
                return self._list(field, members(field, meant), pointer, split=True)
            if kind not in ("record", "rows"):
                return self._scalar(field, text, pointer)
        elif isinstance(raw, dict):
            if kind == "record":
                return self._record(field, raw, pointer)
            if kind == "rows" and field.bureau:
                return self._rows(field, [raw], pointer)
        elif not raw:
            return self._absent(field, "[]", pointer)
        elif kind == "rows":
            return self._rows(field, raw, pointer)
        elif kind == "list":
            return self._list(field, raw, pointer)
        self.gathered.misshapen(field, raw, pointer)
        return None

    def _absent(self, field: Field, text: str, pointer: str) -> Any:
        """What 无 or an empty list means: ``ABSENT`` where the field may be so."""
        if field.absent:
            return ABSENT
        rows = field.fields.get(field.csv) if field.kind == "record" and field.csv else None
        if rows is not None and rows.absent:  # a record that is a table: 无 is a table without rows
            return {rows.name: ABSENT}
        self.gathered.not_absent(field, text, pointer)
        return None

    def _record(self, field: Field, raw: dict[str, Any], pointer: str) -> dict[str, Any]:
        outer, self._about = self._about, False
        found: dict[str, Any] = {}
        given: dict[str, str] = {}
        for key, inner in raw.items():
            child = field.child(key)
            if child is None:
                if not self._columns:
                    self._unknown(field, raw, key, pointer)
                continue
            name = child.name
            if name in given:
                self.gathered.twice(child, given[name], key, f"{pointer}/{escape(key)}")
                self.gathered.drop(f"{pointer}/{name}")
                found.pop(name, None)
                continue
            given[name] = key
            if child.reader and not self._admitted(child, f"{pointer}/{escape(key)}"):
                continue
            if child.fill is not None and isinstance(inner, str):
                text = as_meant(inner.strip())
                if text in child.fill.words:
                    self.gathered.whole.append((child, found, f"{pointer}/{name}", text))
                    continue
            value = self._value(child, inner, f"{pointer}/{name}")
            if value is not None:
                found[name] = value
            elif inner is None and child.blank_absent and self._columns:
                self.gathered.blank(child, f"{pointer}/{name}")
                found[name] = ABSENT
        for name, default in field.defaults.items():
            if name not in given:
                found[name] = default
        if self._about:
            flag = field.about
            assert flag is not None  # a time is told as approximate only where there is a flag
            found[flag.name] = True
        self._about = outer
        for first, second in field.spans:
            self._check_order(first, second, found, pointer)
        return found

    def _rows(self, field: Field, raw: list[Any], pointer: str) -> list[dict[str, Any]]:
        """Rows in their order; what is no row becomes ``{}``, so that the others keep theirs."""
        item = field.item
        assert item is not None
        fillable = any(child.fill is not None for child in item.fields.values())
        rows: list[dict[str, Any]] = []
        outer = self.gathered.among_persons
        private = [child for child in item.fields.values() if child.private]
        self.gathered.among_persons = outer or bool(private)
        persons = _names(private, raw) if private else frozenset()
        self._check_columns(item, pointer, len(raw))
        for index, member in enumerate(raw):
            place = f"{pointer}/{index}"
            row: dict[str, Any] = {}
            if not isinstance(member, dict):
                blank = isinstance(member, str) and not member.strip()
                self.gathered.misshapen(item, None if blank else member, place)
            elif member or not self._columns:
                before = len(self.gathered.faults)
                row = self._record(item, member, place)
                if private:
                    shifted = len(self.gathered.faults) - before >= _SHIFTED
                    self._without_persons(field, row, place, persons, shifted)
                if fillable:
                    self.gathered.unfilled.append((item, row, place))
            rows.append(row)
        self.gathered.among_persons = outer
        return rows

    def _without_persons(
        self,
        field: Field,
        row: dict[str, Any],
        place: str,
        persons: frozenset[str],
        shifted: bool,
    ) -> None:
        """Take out of a row the texts that look like a person's own; of a row whose values stand
        in other columns than theirs, every text: nobody knows which is a name.
        """
        item = field.item
        assert item is not None
        for name, value in list(row.items()):
            child = item.fields[name]
            if child.kind != "text" or child.private or not isinstance(value, str):
                continue
            named = name in field.key and holds_name(value)
            known = not persons.isdisjoint((value, *parts(value)))
            if not (shifted or named or known or has_number(value)):
                continue
            pointer = f"{place}/{name}"
            del row[name]
            if shifted:
                self.gathered.drop(pointer)
            else:
                self.gathered.personal(child, value, pointer)

    def _check_columns(self, item: Field, pointer: str, count: int) -> None:
        """Tell each unknown heading once; the column it seems to mean is faulted in every row."""
        for column in self._columns:
            if item.child(column) is None:
                meant = self.gathered.unknown_key(
                    self.root, item, self._columns, column, f"{pointer}/0"
                )
                if meant is not None:
                    self.gathered.faulted.update(f"{pointer}/{i}/{meant}" for i in range(count))

    def _list(self, field: Field, raw: list[Any], pointer: str, split: bool = False) -> Any:
        """A list of scalars as a tuple; one invalid member makes the whole list invalid."""
        item = field.item
        assert item is not None
        found: list[Any] = []
        sound = True
        for index, member in enumerate(raw):
            place = pointer if split else f"{pointer}/{index}"
            text = member.strip() if isinstance(member, str) else member
            if text is None or text == "":
                continue
            if not isinstance(text, str):
                self.gathered.misshapen(item, text, place)
            elif as_meant(text) in ABSENT_WORDS | field.absent_words:
                if len(raw) == 1:
                    return self._absent(field, text, pointer)
                hint = "“无”要单独写，不能与其他内容并列"
                self.gathered.fault(place, text, allowed(item), hint)
            elif self._member(field, item, text, place, found):
                continue
            sound = False
        if not sound:
            self.gathered.drop(pointer)
        if not sound or not found:
            return None
        if field.ranged:
            return tuple(sorted(set(found)))
        return tuple(dict.fromkeys(found)) if item.kind == "enum" else tuple(found)

    def _member(self, field: Field, item: Field, text: str, place: str, found: list[Any]) -> bool:
        """Read one member of a list into ``found``; false where it is invalid."""
        try:
            if field.ranged:
                found.extend(read_range(item, text))
                return True
            value, how = read(item, text)
        except BadScalar as bad:
            self.gathered.bad(item, text, bad, place)
            return False
        values = value if isinstance(value, list) else [value]
        if how != AS_WRITTEN:
            self.gathered.note(item, place, text, show(tuple(values), item))
        found.extend(values)
        return True

    def _scalar(self, field: Field, text: str, pointer: str) -> Any:
        try:
            value, how = read(field, text)
            if how == APPROXIMATE and not self._may_be_approximate(field):
                raise BadScalar(allowed(field), "请写准确时间，不写“左右”“约”")
        except BadScalar as bad:
            self.gathered.bad(field, text, bad, pointer)
            return None
        if how == APPROXIMATE:
            self._about = True
            self.gathered.note(field, pointer, text, f"{show(value, field)}，左右")
        elif how != AS_WRITTEN:
            self.gathered.note(field, pointer, text, show(value, field))
        if field.refers is not None and isinstance(value, str) and APART.search(value):
            self.gathered.several.append((field, value, pointer))
        return value

    def _may_be_approximate(self, field: Field) -> bool:
        """Whether the record that holds a time has a flag for 左右."""
        holder = self.root
        for name in field.path.split(".")[:-1]:
            holder = holder.fields[name]
        return holder.about is not None

    def _check_order(
        self, first: Field, second: Field, found: dict[str, Any], pointer: str
    ) -> None:
        """A later field that does not come after its earlier one: neither can be trusted."""
        start, end = found.get(first.name), found.get(second.name)
        if start is None or end is None or start is ABSENT or end is ABSENT:
            return
        if end > start or (end == start and second.kind == "date"):
            return
        after = f"晚于{first.title}（{show(start, first)}）"
        hint = "请核对两个日期"
        if second.kind == "time":
            hint = "请按24小时制书写，例如下午6点半写作 18:30"
        self.gathered.fault(f"{pointer}/{second.name}", show(end, second), after, hint)
        for each in (first, second):
            self.gathered.drop(f"{pointer}/{each.name}")
            del found[each.name]


def _names(private: Sequence[Field], raw: Sequence[Any]) -> frozenset[str]:
    """What stands in the private columns of some rows and looks like a name."""
    found: set[str] = set()
    for member in raw:
        for key, text in member.items() if isinstance(member, dict) else ():
            named = any(key in (c.name, c.title, *c.names) for c in private)
            if named and isinstance(text, str) and is_like_name(text.strip()):
                found.add(text.strip())
    return frozenset(found)
