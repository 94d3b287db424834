"""JSON by the letter (RFC 8259), with places, duplicate keys refused and plain words for faults.

A text in which nothing is odd is read by the standard library's scanner in C. Ours reads the rest
and says what is wrong there; it also finds the places, when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json.decoder import (  # type: ignore[attr-defined]  # not in the stubs
    JSONDecodeError,
    JSONDecoder,
    scanstring,
)
from typing import Any, NoReturn

from kehou.readers.source import (
    Document,
    Limits,
    Node,
    Plain,
    Problem,
    ReadError,
    Source,
    escape,
    tree_finder,
)

_SPACE = re.compile(r"[ \t\r\n]*")
_LITERAL = re.compile(
    r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])"
)
_NUMBERISH = re.compile(r"[+.]?[0-9]|-")
_WORD = re.compile(r"[\w.+-]+")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_QUOTES = "改成英文双引号"
_SHORTER = "检查引号是否成对，或缩短文字"
_SCAN_WORDS = (
    (
        "Unterminated string",
        "从这里开始的双引号没有成对",
        "在文字末尾补上英文双引号（不是中文引号）",
    ),
    (
        "Invalid control character",
        "文字里有换行、制表符或控制字符",
        "检查前面的双引号是否成对；文字里的换行写成“\\n”",
    ),
    ("Invalid \\uXXXX", "“\\u”之后不是四位十六进制数", "直接写出这个字"),
    ("Invalid \\escape", "文字里的“\\”写法不对", "把“\\”写成“\\\\”"),
)
_ODD_WORDS: Mapping[str, tuple[str, str]] = {
    "NaN": ("JSON 里没有 NaN", "没有数就写 null，或删去这一项"),
    "Infinity": ("JSON 里没有 Infinity", "写出具体的数，或删去这一项"),
    "-Infinity": ("JSON 里没有 -Infinity", "写出具体的数，或删去这一项"),
    "True": ("“True”要写成“true”", "全部小写"),
    "False": ("“False”要写成“false”", "全部小写"),
    "None": ("“None”要写成“null”", "改成 null"),
    "undefined": ("JSON 里没有 undefined", "改成 null，或删去这一项"),
}
_ODD_MARKS: Mapping[str, tuple[str, str]] = {
    "“": ("这里用了中文引号“", _QUOTES),
    "”": ("这里用了中文引号”", _QUOTES),
    "'": ("这里用了单引号", _QUOTES),
    "，": ("这里用了中文逗号“，”", "改成英文逗号“,”"),
    "：": ("这里用了中文冒号“：”", "改成英文冒号“:”"),
    "；": ("这里用了中文分号“；”", "改成英文逗号“,”"),
    "/": ("JSON 里不能写注释", "删去注释"),
    "#": ("JSON 里不能写注释", "删去注释"),
    "=": ("键和值之间用了“=”", "改成英文冒号“:”"),
    ";": ("这里用了分号", "改成英文逗号“,”"),
}


def read_json(source: Source, limits: Limits) -> Document:
    """Read one object or array; raises ``ReadError``."""
    try:
        tree = _quickly(source.text, limits)
    except (ValueError, RecursionError):
        scanner = _Scanner(source, limits)
        tree = scanner.document()
        if scanner.problems:
            raise source.error(scanner.problems) from None
    return Document(source, tree, tree_finder(lambda: _Scanner(source, limits, True).document()))


# --- nothing odd ---------------------------------------------------------------------------


def _quickly(text: str, limits: Limits) -> dict[str, Any] | list[Any]:
    """The tree of a text that needs no closer look; raises ``ValueError`` where it does."""
    most = text.count(",") + text.count("{") + text.count("[")
    if most >= min(limits.nodes, _MOST_QUICK):
        raise ValueError
    if "\\u0000" in text or _SURROGATE_ESCAPE.search(text):
        raise ValueError
    # No text in a short file can be too long.
    longest = limits.scalar if len(text) > limits.scalar else None
    tree = _as_text(_DECODER.decode(text), limits.depth, longest)
    if not isinstance(tree, (dict, list)):
        raise ValueError
    return tree


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _refused(word: str) -> NoReturn:
    raise ValueError(word)


_DECODER = JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Plain, parse_float=Plain, parse_constant=_refused
)
#: A larger tree would stand in memory twice while its objects are made from lists of pairs.
_MOST_QUICK = 50_000
_FLAGS = {True: Plain("true"), False: Plain("false")}


def _as_text(value: Any, depth: int, longest: int | None) -> Any:
    """A value with its flags as text, in place; ``depth`` is how many levels it may have."""
    if isinstance(value, str):
        if longest is not None and len(value) > longest:
            raise ValueError
        return value
    if value is None or isinstance(value, bool):
        return None if value is None else _FLAGS[value]
    if not depth:
        raise ValueError
    if longest is not None and isinstance(value, dict) and any(len(k) > longest for k in value):
        raise ValueError
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if longest is not None or not isinstance(inner, str):
            value[key] = _as_text(inner, depth - 1, longest)
    return value


# --- the closer look -----------------------------------------------------------------------


class _Scanner:
    """Reads values by recursion, at most ``limits.depth`` deep.

    With ``places`` a value is its ``Node``, otherwise the tree itself.
    """

    def __init__(self, source: Source, limits: Limits, places: bool = False) -> None:
        self.source = source
        self.text = source.text
        self.limits = limits
        self.places = places
        self.budget = limits.nodes
        self.problems: list[Problem] = []
        self.path: list[str] = []
        self.surrogates = _SURROGATE_ESCAPE.search(source.text) is not None

    def document(self) -> Any:
        """The root, after which nothing may follow."""
        start = self.skip(0)
        if start == len(self.text):
            raise self.error(start, "文件里没有内容", "填写内容后再检查")
        if self.text[start] not in "{[":
            raise self.unexpected(start, "JSON 文件应当以“{”或“[”开头", "核对文件内容是否是 JSON")
        try:
            tree, end = self.value(start, "", 0)
        except JSONDecodeError as error:
            raise self.bad_string(error) from None
        end = self.skip(end)
        if end < len(self.text):
            raise self.unexpected(end, "内容结束之后又有别的内容", "检查括号是否多了一个")
        return tree

    def skip(self, at: int) -> int:
        """The first character from ``at`` that is no white space."""
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]

    def value(self, at: int, key: str, depth: int) -> tuple[Any, int]:
        """The value that starts at ``at`` and the offset after it."""
        first = self.text[at : at + 1]
        self.budget -= 1
        if self.budget < 0:
            raise self.error(at, f"内容超过 {self.limits.nodes} 项", "表格类的内容改用 .csv 文件")
        if first == '"':
            text, end = self.string(at)
            return (Node(at, end) if self.places else text), end
        if first == "{" or first == "[":
            if depth >= self.limits.depth:
                raise self.error(at, f"嵌套超过 {self.limits.depth} 层", "检查括号，减少层次")
            self.path.append(key)
            found = (self.object if first == "{" else self.array)(at, depth + 1)
            self.path.pop()
            return found
        match = _LITERAL.match(self.text, at)
        if match is None:
            raise self.unexpected(at, "这里应当是一个值", "补上值；没有值就写 null，或删去这一项")
        end = match.end()
        if end - at > self.limits.scalar:
            raise self.error(at, f"数字超过 {self.limits.scalar} 位", "核对这个数")
        if self.places:
            return Node(at, end), end
        return (None if match[0] == "null" else Plain(match[0])), end

    def object(self, start: int, depth: int) -> tuple[Any, int]:
        """An object, its keys in the order of the file."""
        text, out, begun = self.text, dict[str, Any](), dict[str, int]()
        at = self.skip(start + 1)
        if text[at : at + 1] == "}":
            return (Node(start, at + 1, {}) if self.places else out), at + 1
        while True:
            if text[at : at + 1] != '"':
                raise self.unexpected(at, "这里应当是用英文双引号括起来的键", '写成“"键": 值”')
            key, key_end = self.string(at)
            colon = self.skip(key_end)
            if text[colon : colon + 1] != ":":
                raise self.unexpected(colon, f"键“{key[:40]}”后面缺少英文冒号", "补上“:”")
            value, end = self.value(self.skip(colon + 1), key, depth)
            if key in out:
                self.duplicate(at, key_end, key, begun[key])
            else:
                begun[key] = at
                out[key] = (at, key_end, value) if self.places else value
            at, closed = self.after(end, "}", start)
            if closed:
                return (Node(start, at, out) if self.places else out), at

    def array(self, start: int, depth: int) -> tuple[Any, int]:
        """An array."""
        out = list[Any]()
        at = self.skip(start + 1)
        if self.text[at : at + 1] == "]":
            return (Node(start, at + 1, []) if self.places else out), at + 1
        while True:
            value, end = self.value(at, str(len(out)), depth)
            out.append(value)
            at, closed = self.after(end, "]", start)
            if closed:
                return (Node(start, at, out) if self.places else out), at

    def after(self, end: int, close: str, start: int) -> tuple[int, bool]:
        """Where the next item starts, or the offset after the bracket and that it closed."""
        at = self.skip(end)
        mark = self.text[at : at + 1]
        if mark == close:
            return at + 1, True
        if mark == ",":
            following = self.skip(at + 1)
            if self.text[following : following + 1] == close:
                raise self.error(at, f"“{close}”前面多了一个逗号", "删去这个逗号")
            return following, False
        if not mark:
            opened = self.text[start]
            raise self.error(start, f"这里的“{opened}”没有配对的“{close}”", f"补上“{close}”")
        if mark in "}]":
            raise self.error(at, f"这里应当是“{close}”，却是“{mark}”", "检查括号是否成对")
        if mark == ":":
            raise self.error(at, "值里有冒号，却没有加引号", "时间、网址用英文双引号括起来")
        raise self.unexpected(at, "两项之间缺少英文逗号", "在前一项末尾补上“,”", last=end)

    def string(self, at: int) -> tuple[str, int]:
        """A string's text and the offset after its closing quote."""
        text, end = scanstring(self.text, at + 1, True)
        if len(text) > self.limits.scalar:
            raise self.error(at, f"一段文字超过 {self.limits.scalar} 个字", _SHORTER)
        if "\0" in text:
            raise self.error(at, "文字里有 NUL 字符（\\u0000）", "删去它")
        if self.surrogates and _SURROGATE.search(text):
            raise self.error(at, "“\\ud800”一类的写法没有成对", "直接写出这个字，或删去它")
        return text, end

    def duplicate(self, start: int, end: int, key: str, first: int) -> None:
        """Two values for one key: neither is chosen."""
        pointer = "".join("/" + escape(part) for part in [*self.path[1:], key])
        self.problems.append(
            self.source.problem(
                start,
                end,
                f"键“{key}”重复：第 {self.source.place(first)[0]} 行已经写过",
                "只留一个；如果是并列的几项，写成数组 [ ]",
                pointer,
            )
        )
        if len(self.problems) >= self.limits.problems:
            raise self.source.error(self.problems)

    def bad_string(self, error: JSONDecodeError) -> ReadError:
        """What json says of a string, in plain words."""
        for words, message, hint in _SCAN_WORDS:
            if error.msg.startswith(words):
                return self.error(error.pos, message, hint)
        return self.error(error.pos, "这里的文字不合 JSON 的写法", "检查引号和“\\”")

    def unexpected(self, at: int, message: str, hint: str, last: int | None = None) -> ReadError:
        """A fault told by the character that stands where something else should."""
        word = _WORD.match(self.text, at)
        if at >= len(self.text):
            return self.error(at, "文件到这里就断了", "检查括号是否成对，文件是否保存完整")
        if word and word[0] in _ODD_WORDS:
            return self.error(at, *_ODD_WORDS[word[0]])
        if self.text[at] in _ODD_MARKS:
            return self.error(at, *_ODD_MARKS[self.text[at]])
        if (
            word
            and not _LITERAL.match(self.text, at)
            and re.fullmatch(r"[+.]?[0-9][\w.+-]*|-.*", word[0])
        ):
            return self.error(
                at,
                f"“{word[0][:40]}”不是 JSON 的数",
                "编号、日期、时间用英文双引号括起来；数不加前导 0 和“+”",
            )
        return self.error(at if last is None else last, message, hint)

    def error(self, at: int, message: str, hint: str) -> ReadError:
        """Give up here, telling the faults gathered before as well."""
        last = self.source.problem(at, min(at + 1, len(self.text)), message, hint)
        return self.source.error([*self.problems, last])
