"""A YAML tree read with its places: every fault with file, line and the way out.

A `Place` is a file and a JSON pointer; each function checks one value there and adds what is wrong
to the place's list of faults, so that all faults of a file are told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.language.near_words import nearest, suggest
from kehou.model.values import ISO_DATE, is_day, no_such_day
from kehou.readers import Document, escape
from kehou.readers.copied_text import as_meant

#: Words that YAML 1.1 reads as booleans; they are refused as names.
BOOLEAN_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})


@dataclass
class Faults:
    """Everything wrong with a pack: (document, pointer, message, hint)."""

    found: list[tuple[Document, str, str, str]] = field(default_factory=list)

    def placed(self) -> list[tuple[str, str, str]]:
        """(file:line, message, hint) of each fault."""
        result = []
        for document, pointer, message, hint in self.found:
            if cell := document.cell(pointer):
                result.append((f"{document.name}!{cell}", message, hint))
                continue
            span = document.key_span(pointer) or nearest_span(document, pointer)
            line = span.line if span else 1
            result.append((f"{document.name}:{line}", message, hint))
        return result


#: What is to be written where a key is missing that must be there.
_WRITE: Final[Mapping[str, str]] = {
    "authority": "写有权这样定的文件，如 authority: 某机关某号文",
    "remedy": "写一句怎样改，如 remedy: 请把……调整到……以前",
    "message": "写不符合时怎样说，如 message: ……是{字段}，晚于{参数}",
    "title": "写名称，或符合规定时为真的一句话",
    "tighter": "写往哪边收紧：lower 越小越严、higher 越大越严、fewer、more，或 fixed 不得改动",
    "type": "写哪一种值：integer、time、date、month、money、decimal、boolean、text、enum",
    "values": "写各个取值；没有取值的写 values: []",
    "value": "写这一天起的值",
    "from": "写自哪一天起，如 from: '2025-01-01'",
    "ground": "写依据：条款编号，或文件的名称",
    "clauses": "写依据的条款编号，如 clauses: [A.1-1]",
    "severity": "写 critical 红线、major 重大、minor 一般或 advice 建议",
    "stages": "写在哪些环节查，如 stages: [approval]",
    "reason": "写理由，一句话",
    "quote": "写原文的一段，逐字照抄",
    "citation": "写怎样引用，如 citation: 《办法》",
    "expect": "写应得的结论，如 expect: {fail: [/]}",
}


def nearest_span(document: Document, pointer: str) -> Any:
    """Span of a value, or of its nearest existing parent."""
    while True:
        span = document.span(pointer)
        if span is not None or not pointer:
            return span
        pointer = pointer.rpartition("/")[0]


@dataclass(slots=True)
class Place:
    """Where in a pack's file something stands; ``/`` steps down.

    A pack has tens of thousands of places and, mostly, no fault: a pointer is put together late.
    """

    document: Document
    faults: Faults
    steps: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.document, self.faults, (*self.steps, step))

    @property
    def pointer(self) -> str:
        """The JSON pointer of what stands here."""
        return "".join(f"/{escape(str(step))}" for step in self.steps)

    def fault(self, message: str, hint: str = "") -> None:
        """Note a fault here."""
        self.faults.found.append((self.document, self.pointer, message, hint))


def mapping(
    tree: Any,
    at: Place,
    allowed: Sequence[str],
    needed: Sequence[str] = (),
    other_words: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A mapping with only the allowed keys and all the needed ones; {} where it is none.

    A key that is not allowed is told and read as the one that was meant, where that one is not
    there as well: one mistake, one fault.
    """
    if not isinstance(tree, dict):
        at.fault("这里应当是“键: 值”的映射")
        return {}
    read = dict(tree)
    for key in tree:
        if key not in allowed:
            meant = nearest(key, allowed, other_words or {})
            (at / key).fault(f"不认识的键 {key}", suggest(key, allowed, other_words or {}))
            if meant is not None and meant not in read:
                read[meant] = tree[key]
    for key in needed:
        if read.get(key) is None:
            at.fault(f"缺少 {key}", _WRITE.get(key, ""))
    return read


def filled(read: Mapping[str, Any], at: Place, needed: Sequence[str]) -> bool:
    """Whether a mapping has something under each needed key; a text that looks empty is told."""
    blank = [k for k in needed if isinstance(read.get(k), str) and not as_meant(read[k])]
    for key in blank:
        (at / key).fault(f"缺少 {key}", _WRITE.get(key, ""))
    return not blank and all(read.get(key) for key in needed)


def under(tree: Any, at: Place) -> dict[str, Any]:
    """A mapping with any keys; {} where there is none, a fault where there is another thing."""
    if tree is None or isinstance(tree, dict):
        return tree or {}
    at.fault("这里应当是“键: 值”的映射")
    return {}


def listed(tree: Any, at: Place) -> list[Any]:
    """A list; [] where there is none, a fault where there is another thing."""
    if tree is None or isinstance(tree, list):
        return tree or []
    at.fault("这里应当是列表，每项前写“- ”")
    return []


def text(tree: Any, at: Place, default: str = "") -> str:
    """A piece of text."""
    if tree is None:
        return default
    if not isinstance(tree, str):
        at.fault("这里应当是一段文字")
        return default
    return str(tree)


def name(tree: Any, at: Place) -> str:
    """A name: text that YAML 1.1 would not read as a boolean."""
    word = text(tree, at)
    if word.lower() in BOOLEAN_WORDS:
        at.fault(f"{word} 在旧版 YAML 中会被读成真假值，不能用作名称", "请换一个名称")
    return word


def texts(tree: Any, at: Place) -> tuple[str, ...]:
    """A list of names, or one name alone."""
    if isinstance(tree, str):
        return (name(tree, at),)
    if not isinstance(tree, list):
        if tree is not None:
            at.fault("这里应当是名称的列表")
        return ()
    return tuple(name(item, at / i) for i, item in enumerate(tree))


def date(tree: Any, at: Place) -> str | None:
    """An ISO date, or None."""
    if tree is None:
        return None
    word = text(tree, at)
    if not word and not isinstance(tree, str):
        return None
    if not ISO_DATE.fullmatch(word):
        wide = bool(set(word) & set("‘’“”＇＂"))
        hint = "这里用了中文引号，算作文字：请用英文引号，写成 '2021-09-01' 的样子"
        at.fault(f"日期写作 {word}", hint if wide else "请写成 2021-09-01 的样子")
        return None
    if not is_day(word):
        at.fault(f"没有 {word} 这一天：{no_such_day(word)}", "请核对年月日")
        return None
    return word


def flag(tree: Any, at: Place, default: bool = False) -> bool:
    """``true`` or ``false``."""
    if tree is None:
        return default
    if tree not in ("true", "false"):
        at.fault(f"这里只能是 true 或 false，现为 {tree}")
    return bool(tree == "true")
