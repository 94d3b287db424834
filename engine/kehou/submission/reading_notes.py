"""What reading a submission tells beside its values: faults, notes, and pointers not to trust.

Everything is kept by JSON pointer; places in files are looked up when they are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kehou.fields import (
    MASK,
    BadScalar,
    Field,
    allowed,
    fold,
    show,
)
from kehou.fields.privacy import (
    has_number,
    is_like_name,
    is_of_the_field,
    is_of_the_words,
    names_somebody,
    shape,
)
from kehou.model.nouns import neutral_nouns
from kehou.model.opposites import alike
from kehou.model.values import ABSENT, Fault, Location
from kehou.readers import escape

#: A part with more faults than this is not read further.
MOST_FAULTS: Final = 1000
#: So many notes of one field are listed one by one; the others are counted.
_MOST_ALIKE: Final = 100
_MOST_SHOWN: Final = 60
_MOST_TITLES: Final = 12
_NUMBERS: Final = ("integer", "decimal", "money")
#: Of so few headings one that is known is enough to believe the row.
_FEW: Final = 4
#: What parts names in one cell.
APART: Final = re.compile(r"[、,，;；/\s和及]+")
#: Finds the place of a pointer, or of its key.
Locate = Callable[[str, bool], Location]


@dataclass(frozen=True, slots=True)
class RawFault:
    """A fault before its place is looked up; ``at_key`` points at the key, not the value."""

    pointer: str
    found: str
    allowed: str
    hint: str = ""
    at_key: bool = False
    hidden_key: bool = False


@dataclass(frozen=True, slots=True)
class RawNote:
    """A value read otherwise than written, before its place is looked up."""

    pointer: str
    written: str
    read: str
    at_key: bool = False


class TooManyFaults(Exception):
    """A part that is given up after ``MOST_FAULTS`` faults: its form is wrong, not its values."""


@dataclass
class Gathered:
    """The faults and notes of a submission, as they are found.

    ``faulted`` are pointers whose value was invalid. ``unfilled`` are rows of lists with an
    ``x-fill`` field: (row field, row, its pointer). ``whole`` are fields that a word fills with
    all of another list: (field, its record, its pointer, the word). ``several`` are texts that name
    one thing elsewhere and may be a list of such: (field, text, pointer). ``near`` are pointers of
    unknown keys that resemble a key whose values may be shown, ``own`` those of unknown keys that
    may be somebody's own and are not shown themselves. ``among_persons`` is true within rows that
    have a private column: what cannot be read there may have slipped out of it.
    """

    faults: list[RawFault] = field(default_factory=list)
    notes: list[RawNote] = field(default_factory=list)
    faulted: set[str] = field(default_factory=set)
    unfilled: list[tuple[Field, dict[str, Any], str]] = field(default_factory=list)
    whole: list[tuple[Field, dict[str, Any], str, str]] = field(default_factory=list)
    several: list[tuple[Field, str, str]] = field(default_factory=list)
    near: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    among_persons: bool = False
    nouns: Mapping[str, str] = field(default_factory=lambda: neutral_nouns("zh"))
    _limit: int = MOST_FAULTS
    _most_alike: int = 1
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    # --- the course of one part ---------------------------------------------------------

    def begin(self, table: bool) -> None:
        """Start a part; of a ``table``, notes of one column are told as one."""
        self._limit = len(self.faults) + MOST_FAULTS
        self._most_alike = 1 if table else _MOST_ALIKE
        self._counts = {}

    def end(self) -> None:
        """Finish a part: say how many places the last note of each field stands for."""
        for last, count in self._counts.values():
            note, more = self.notes[last], count - self._most_alike + 1
            if not note.written:
                self.notes[last] = replace(note, written=f"空白 {count} 行")
            elif more > 1:
                self.notes[last] = replace(note, written=f"{note.written}等 {more} 处")
        self._counts = {}

    def give_up(self, pointer: str) -> None:
        """Tell that a part was not read to its end."""
        self._limit += 1
        found = f"这一部分有 {MOST_FAULTS} 处以上的问题，其余未列"
        self.fault(pointer, found, "与各栏目相符的内容", "请先改好以上各处，再检查一次", True)
        self.drop(pointer)

    def placed(self, locate: Locate, faults: Iterable[RawFault] | None = None) -> list[Fault]:
        """Faults with their places, all of them unless some are named."""
        return [
            Fault(
                locate(f.pointer, f.at_key),
                f.pointer.rpartition("/")[0] if f.hidden_key else f.pointer,
                f.found,
                f.allowed,
                f.hint,
            )
            for f in (self.faults if faults is None else faults)
        ]

    def take_out(self, part: str, locate: Locate) -> list[Fault]:
        """Forget what a part told, and return its faults with their places."""
        inside, prefix = f"/{part}", f"/{part}/"

        def of_part(pointer: str) -> bool:
            return pointer == inside or pointer.startswith(prefix)

        taken = self.placed(locate, [f for f in self.faults if of_part(f.pointer)])
        self.faults = [f for f in self.faults if not of_part(f.pointer)]
        self.notes = [n for n in self.notes if not of_part(n.pointer)]
        self.faulted = {p for p in self.faulted if not of_part(p)}
        self.unfilled = [u for u in self.unfilled if not of_part(u[2])]
        self.whole = [w for w in self.whole if not of_part(w[2])]
        self.several = [s for s in self.several if not of_part(s[2])]
        return taken

    # --- faults -------------------------------------------------------------------------

    def fault(
        self, pointer: str, found: str, may: str, hint: str = "", at_key: bool = False
    ) -> None:
        """Add one fault; raises ``TooManyFaults`` beyond the part's limit."""
        if len(self.faults) >= self._limit:
            raise TooManyFaults
        self.faults.append(RawFault(pointer, found, may, hint, at_key))

    def drop(self, pointer: str) -> None:
        """Mark a pointer as given but invalid: not supplied, and not closable."""
        self.faulted.add(pointer)

    def bad(self, field: Field, text: str, bad: BadScalar, pointer: str) -> None:
        """A text its field cannot take."""
        self.fault(pointer, self._found(field, text), bad.allowed, bad.hint)
        self.drop(pointer)

    def personal(self, field: Field, text: str, pointer: str) -> None:
        """A text that looks like a person's own in a column that is shown."""
        hint = "这里的内容会显示出来，请改写编号；姓名、电话、身份证号写在各自的栏目"
        self.fault(pointer, shape(text), f"{field.title}，不是姓名、电话或身份证号", hint)
        self.drop(pointer)

    def misshapen(self, field: Field, raw: Any, pointer: str) -> None:
        """A list where a record belongs, and the like."""
        hint = ""
        if raw is None:
            found, hint = "空行", "请填写这一行，或把它删去"
        elif isinstance(raw, str):
            found = self._found(field, raw)
        elif isinstance(raw, list):
            found = "一个列表"
            hint = "这里只有一组内容，前面不写“- ”" if field.kind == "record" else ""
        else:
            found = "一组“名称: 内容”"
            hint = "请写成列表：每一行前面加“- ”" if field.kind == "rows" else ""
        self.fault(pointer, found, allowed(field), hint)
        self.drop(pointer)

    def not_absent(self, field: Field, text: str, pointer: str) -> None:
        """无 where a field must hold something."""
        hint = "这一项不能写“无”；还没有定的内容请先留空"
        if field.kind in _NUMBERS and field.minimum == 0:
            hint = "这一项不能写“无”；一个也没有的写 0，还没有定的请先留空"
        self.fault(pointer, text, allowed(field), "请写“否”" if field.kind == "boolean" else hint)
        self.drop(pointer)

    def twice(self, field: Field, first: str, second: str, pointer: str) -> None:
        """One field under two spellings of its key."""
        found, may = f"“{first}”和“{second}”", f"“{field.title}”（{field.name}）只写一次"
        self.fault(pointer, found, may, "两个名称是同一项，请留一个", at_key=True)

    def program_only(self, field: Field, pointer: str) -> None:
        """A field that only the program sets."""
        found = f"“{field.title}”（{field.name}）"
        self.fault(pointer, found, "由程序填写的一项", "请删去这一项", at_key=True)

    def bureau_only(self, part: Field, pointer: str) -> None:
        """A bureau's table in a school's submission."""
        authority, main_file = self.nouns["authority"], self.nouns["main_file"]
        hint = f"请从{main_file}中删去，检查时由{authority}载入"
        found, may = f"“{part.title}”属于{authority}的数据", "{subject}的{main_file}和佐证材料"
        self.fault(pointer, found, may.format_map(self.nouns), hint, at_key=True)

    def unknown_key(
        self, root: Field, field: Field, given: Container[str], key: str, pointer: str
    ) -> str | None:
        """Tell an unknown key; returns the child it seems to mean where that one is not given."""
        hint = _indented(key) or _elsewhere(root, field, key)
        near = None if hint else _nearest(field, key)
        place = f"{pointer}/{escape(key)}"
        named = has_number(key) or (names_somebody(key) and not is_of_the_words(key, root))
        own = near is None and (named or self._may_be_own(given, field, key))
        if own:
            self.own.add(place)
        if near is not None:
            child = field.fields[near]
            hint = f"是否想写“{child.title}”（{near}）"
            if not child.holds_private:
                self.near.add(place)
        titles = [child.title for child in field.fields.values() if not child.reader]
        more = "等" if len(titles) > _MOST_TITLES else ""
        may = "、".join(titles[:_MOST_TITLES]) + more
        if len(self.faults) >= self._limit:
            raise TooManyFaults
        found = shape(key) if own else f"“{_short(key)}”"
        self.faults.append(RawFault(place, found, may, hint, True, own))
        if near is None:
            return None
        child = field.fields[near]
        known = any(spelling in given for spelling in (near, child.title, *child.names))
        return None if known else near

    def _may_be_own(self, given: Container[str], field: Field, key: str) -> bool:
        """Whether an unknown key of rows with a private column may be somebody's own: a name, or
        any text where most of what stands there is no key, as where a row is taken for headings.
        """
        if not self.among_persons:
            return False
        known = sum(
            any(spelling in given for spelling in (c.name, c.title, *c.names))
            for c in field.fields.values()
        )
        there = len(given) if isinstance(given, Sized) else known
        lost = known == 0 or (there > _FEW and 2 * known < there)
        return lost or is_like_name("".join(key.split()))

    def _found(self, field: Field, text: str) -> str:
        """What was written; text that may be somebody's own is told by its shape alone.

        Where a record with private fields belongs a text may hold one of them.
        """
        if field.holds_private:
            return MASK
        if has_number(text):
            return shape(text)
        own = self.among_persons or (field.kind != "text" and names_somebody(text))
        return shape(text) if own and not is_of_the_field(field, text) else _short(text)

    # --- notes --------------------------------------------------------------------------

    def note(self, field: Field, pointer: str, written: str, shown: str) -> None:
        """Keep that a value was read otherwise than written."""
        if written != shown and self._listed(field.path):
            found = self._found(field, written)
            if field.kind == "text" and found != _short(written):
                shown = found
            self.notes.append(RawNote(pointer, found, shown))

    def blank(self, field: Field, pointer: str) -> None:
        """Keep that a blank cell of a table was read as 无."""
        if self._listed(f"{field.path} blank"):
            self.notes.append(RawNote(pointer, "", show(ABSENT), True))

    def _listed(self, name: str) -> bool:
        """Count one more note of a field; whether it is listed, not counted with the last."""
        last, count = self._counts.get(name, (0, 0))
        listed = count < self._most_alike
        self._counts[name] = (len(self.notes) if listed else last), count + 1
        return listed


def _nearest(field: Field, key: str) -> str | None:
    """The child whose key a mistyped one most resembles; None if none is near."""
    close = alike(fold(key[:_MOST_SHOWN]), field.folded_keys, 0.7)
    return field.folded_keys[close] if close else None


def _elsewhere(root: Field, field: Field, key: str) -> str:
    """Where a key that is unknown here belongs: the top, or below a part that alone knows it."""
    name = root.keys.get(key)
    if name is not None and not root.fields[name].bureau:
        return f"“{root.fields[name].title}”（{name}）应写在最外层，前面不留空格"
    for part in root.fields.values():
        child = part.child(key) if part.kind == "record" and part.path != field.path else None
        if child is not None and child.kind in ("record", "rows"):
            return f"“{child.title}”应写在“{part.title}”（{part.name}）之下"
    return ""


def _indented(key: str) -> str:
    """What to do with a key that a blank of the wrong kind moved out of its place."""
    if key[:1].isascii() or not key[:1].isspace():
        return ""
    name = {"\u3000": "全角空格", "\xa0": "不换行空格"}.get(key[0], "别的空格")
    return f"这一行用{name}缩进，请换成英文（半角）空格，与同一层的各行左边对齐"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else line[:_MOST_SHOWN] + "…"
