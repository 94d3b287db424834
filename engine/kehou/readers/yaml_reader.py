"""YAML with the 1.2 core meaning, as people write it: no tags, no merging, no duplicate keys.

Works on the parser's events, so that every scalar keeps its text: ``18:30``, ``no`` and
``2021-09-01`` are what they look like, and the field decides. The rule packs are read here too.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from kehou.readers.source import (
    Document,
    Limits,
    Node,
    Plain,
    Problem,
    Source,
    colon_hint,
    escape,
    tree_finder,
)
from kehou.readers.yaml_text import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    YAMLError,
    events,
)

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_ANCHOR = re.compile(r"(?:&\S+\s*)?")
#: NUL, which C programs stop at, and halves of a character, which cannot be written out.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_ODD_KEYS = frozenset({"", "<<"})
_QUOTE = "如果它是文字的一部分，就给整段文字加上英文引号"


def read_yaml(source: Source, limits: Limits) -> Document:
    """Compose one document whose root is a mapping or a list; raises ``ReadError``."""
    composer = _Composer(source, limits)
    if any(mark in source.text for mark in "\x85\u2028\u2029"):
        from kehou.readers.yaml_faults import line_separators

        raise source.error(line_separators(source))
    try:
        tree = composer.document()
    except YAMLError as error:
        from kehou.readers.yaml_faults import explain

        found = explain(
            source,
            _description(error),
            _offset(error, "context_mark"),
            _offset(error, "problem_mark"),
        )
        raise source.error([*composer.problems, *found]) from error
    if composer.problems:
        raise source.error(composer.problems)
    return Document(source, tree, tree_finder(lambda: _locate_root(source.text)), has_comments=True)


def _description(error: YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")


def _offset(error: YAMLError, mark: str) -> int | None:
    index = getattr(getattr(error, mark, None), "index", None)
    return index if isinstance(index, int) else None


class _Composer:
    """Builds the tree from events; small faults are gathered, limits stop it at once."""

    get: Any

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.budget = limits.nodes
        self.aliased = limits.aliased
        self.anchors: dict[str, Any] = {}
        self.open: set[str] = set()
        self.path: list[str] = []
        self.problems: list[Problem] = []

    def document(self) -> Any:
        """The only document's root."""
        get = self.get = events(self.source.text)
        get()  # the start of the stream
        event = get()
        if type(event) is StreamEndEvent:
            self.stop(event, "文件里没有内容（只有空行或注释）", "填写内容后再检查")
        event = get()
        tree = self.node(event, "", 0)
        get()  # the end of the document
        again = get()
        if type(event) is ScalarEvent:
            self.stop_at_scalar(event)
        if type(again) is DocumentStartEvent:
            self.stop(
                again,
                "一个文件里有两份文档：“---”之后又开始了一份",
                "只留一份，删去“---”及其后的内容，或拆成两个文件",
            )
        return tree

    def node(self, event: Any, key: str, depth: int) -> Any:
        """Any value; ``key`` is its key or index in what holds it."""
        if event.anchor is not None or type(event) is AliasEvent:
            return self.anchored(event, key, depth)
        if type(event) is ScalarEvent:
            return self.scalar(event)
        if event.tag is not None:
            self.tag(event)
        if depth >= self.limits.depth:
            self.stop(event, f"嵌套超过 {self.limits.depth} 层", "检查括号或缩进，减少层次")
        self.budget -= 1
        if self.budget < 0:
            self.over(event)
        self.path.append(key)
        collection: Any = (
            self.mapping(event.flow_style, depth + 1)
            if type(event) is MappingStartEvent
            else self.sequence(depth + 1)
        )
        self.path.pop()
        return collection

    def mapping(self, flow: bool | None, depth: int) -> dict[str, Any]:
        """The pairs up to the end of a mapping."""
        get, out, marks = self.get, dict[str, Any](), list[Any]()
        longest = self.limits.scalar
        while True:
            event = get()
            if type(event) is MappingEndEvent:
                return out
            if (
                type(event) is ScalarEvent
                and event.tag is None
                and event.anchor is None
                and (event.style or event.value not in _ODD_KEYS)
                and len(event.value) <= longest
            ):
                key = event.value
            else:
                key = self.odd_key(event, depth)
            item = get()
            plain = type(item) is ScalarEvent and item.anchor is None
            value = self.scalar(item) if plain else self.node(item, key, depth)
            if value is None and flow and plain and not item.value:
                self.bare_key(event)
            if key in out:
                self.duplicate(event, key, marks[list(out).index(key)].index)
            else:
                out[key] = value
                marks.append(event.start_mark)

    def sequence(self, depth: int) -> list[Any]:
        """The items up to the end of a sequence."""
        get, out = self.get, list[Any]()
        while True:
            item = get()
            if type(item) is SequenceEndEvent:
                return out
            if type(item) is ScalarEvent and item.anchor is None:
                out.append(self.scalar(item))
            else:
                out.append(self.node(item, str(len(out)), depth))

    def scalar(self, event: Any) -> str | None:
        """Plain text, quoted text or nothing."""
        self.budget -= 1
        value: str = event.value
        if event.tag is not None:
            self.tag(event)
        if len(value) > self.limits.scalar or self.budget < 0:
            self.over(event)
        if event.style:
            if not value.isprintable() and (odd := _NO_TEXT.search(value)):
                self.report(event, f"文字里有不成字的字符（U+{ord(odd[0]):04X}）", "删去它")
            return value
        return None if value in _NULLS else Plain(value)

    def anchored(self, event: NodeEvent, key: str, depth: int) -> Any:
        """A value with an anchor, or a copy of the value an alias stands for."""
        name = str(event.anchor)
        if type(event) is not AliasEvent:
            event.anchor = None
            self.open.add(name)
            value = self.node(event, key, depth)
            self.open.discard(name)
            self.anchors[name] = value
            return value
        if name in self.open:
            self.stop(event, f"“*{name}”引用了包含它自己的内容", "把内容直接写出来，不用引用")
        if name not in self.anchors:
            self.report(event, f"“*{name}”引用了没有定义的内容", _QUOTE)
            return None
        return self.copy(self.anchors[name], event, depth)

    def copy(self, value: Any, event: Event, depth: int) -> Any:
        """A copy of an anchored value, every node of it counted (no alias bombs)."""
        self.budget -= 1
        self.aliased -= 1 + (len(value) // 100 if isinstance(value, str) else 0)
        if self.aliased < 0 or self.budget < 0 or depth > self.limits.depth:
            self.stop(
                event,
                f"引用（*）展开后过大，上限为 {self.limits.aliased} 项",
                "把内容直接写出来，不用“&”和“*”",
            )
        if isinstance(value, dict):
            return {key: self.copy(item, event, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.copy(item, event, depth + 1) for item in value]
        return value

    def odd_key(self, event: Any, depth: int) -> str:
        """Say what is wrong with a key; one that only has an anchor is as good as any."""
        if type(event) is not ScalarEvent:
            what = "引用（*）" if type(event) is AliasEvent else "列表或另一组键值"
            self.report(
                event,
                f"键只能是文字，这里用了{what}",
                "如果花括号、方括号是文字的一部分，就给整段文字加上英文引号",
            )
            self.node(event, "", depth)
            return f"\0{len(self.problems)}"
        if event.anchor is not None:
            self.anchors[event.anchor] = Plain(event.value)
        if len(event.value) > self.limits.scalar:
            self.over(event)
        if event.tag is not None:
            self.tag(event)
        if not event.style and event.value == "<<":
            self.report(event, "不支持合并键“<<”", "把要合并的内容直接写出来")
        elif not event.style and not event.value:
            self.report(event, "冒号前面没有键", "补上键，写成“键: 值”")
        return str(event.value)

    def bare_key(self, event: Any) -> None:
        """Refuse ``{end:18:30}``, which YAML reads as one long key without a value."""
        plain = type(event) is ScalarEvent and not event.style
        hint = colon_hint(event.value) if plain else ""
        if hint:
            self.report(event, f"“{event.value}”被读成了一个没有值的键", hint)

    def duplicate(self, event: Event, key: str, first: int) -> None:
        """Two values for one key: neither is chosen."""
        self.report(
            event,
            f"键“{key}”重复：第 {self.source.place(first)[0]} 行已经写过",
            "只留一个；如果是并列的几项，写成列表，每项以“- ”开头",
            key,
        )

    def tag(self, event: Any) -> None:
        """Refuse ``!x`` and ``!!str`` alike."""
        mark = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        self.report(event, f"不支持标签“{mark}”", f"删去它；{_QUOTE}")

    def stop_at_scalar(self, event: Any) -> NoReturn:
        """The whole file is one piece of text (or nothing at all)."""
        if not event.style and event.value in _NULLS:
            self.stop(event, "文件里没有内容", "填写内容后再检查")
        from kehou.readers.yaml_faults import wrong_colons

        if not event.style and (colons := wrong_colons(self.source)):
            raise self.source.error(colons)
        self.stop(
            event,
            "整个文件被读成了一段文字，没有“键: 值”",
            "按“键: 值”的写法填写，冒号用英文冒号，后面空一格",
        )

    def over(self, event: Event) -> NoReturn:
        """A text that is too long, or one value too many."""
        if self.budget < 0:
            self.stop(event, f"内容超过 {self.limits.nodes} 项", "表格类的内容请改用 .csv 文件")
        self.stop(event, f"一段文字超过 {self.limits.scalar} 个字", "检查引号是否成对，或缩短文字")

    def report(self, event: Any, message: str, hint: str, key: str | None = None) -> None:
        """Keep a problem and go on, until there are too many."""
        start, end = event.start_mark.index, event.end_mark.index
        path = self.path[1:] if key is None else [*self.path[1:], key]
        pointer = "".join("/" + escape(part) for part in path)
        self.problems.append(self.source.problem(start, end, message, hint, pointer))
        if len(self.problems) >= self.limits.problems:
            raise self.source.error(self.problems)

    def stop(self, event: Any, message: str, hint: str) -> NoReturn:
        """Give up here."""
        start, end = event.start_mark.index, event.end_mark.index
        last = self.source.problem(start, end, message, hint)
        raise self.source.error([*self.problems, last])


def _locate_root(text: str) -> Node:
    """The places of all values, from a second reading of text that is known to be good."""
    get: Any = events(text)
    get()
    get()
    return _locate(get, get(), {}, text)


def _locate(get: Any, event: Any, anchors: dict[str, Node], text: str) -> Node:
    """The place of the value that starts with ``event``; an alias has its anchor's children."""
    start, end = event.start_mark.index, event.end_mark.index
    kind, name = type(event), event.anchor
    if kind is AliasEvent:
        return Node(start, end, anchors[name].children)
    if name is not None:
        start = min(_ANCHOR.match(text, start).end(), end)  # type: ignore[union-attr]
    if kind is ScalarEvent:
        if event.style == "|" or event.style == ">":
            end = start + len(text[start:end].rstrip())
        node = Node(start, end)
    elif kind is MappingStartEvent:
        keys: dict[str, tuple[int, int, Node]] = {}
        while type(key := get()) is not MappingEndEvent:
            span = key.start_mark.index, key.end_mark.index
            if key.anchor is not None:
                anchors[key.anchor] = Node(*span)
            value = keys[key.value] = (*span, _locate(get, get(), anchors, text))
        end = _end(key) if event.flow_style else value[2].end
        node = Node(start, end, keys)
    else:
        items: list[Node] = []
        while type(item := get()) is not SequenceEndEvent:
            items.append(_locate(get, item, anchors, text))
        end = _end(item) if event.flow_style else items[-1].end
        node = Node(start, end, items)
    if name is not None:
        anchors[name] = node
    return node


def _end(event: Any) -> int:
    return int(event.end_mark.index)
