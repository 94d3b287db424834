"""What went wrong where YAML stopped, in words a school clerk can act on.

Looks at the text around the place libyaml names: its own message tells a programmer what the
scanner wanted, seldom what the writer did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kehou.readers.copied_text import INVISIBLE, WIDE_BLANKS
from kehou.readers.source import Problem, Source

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: ``键：值`` or ``key:value`` at the start of a line; group 1 is the colon.
_WRONG_COLON = re.compile(
    r"^[ \t]*(?:-[ \t]+)*[^\s:：#\"'“”，。{\[-][^\s:：#\"']{0,30}?(：|:(?=[^ \t\r\n:/]))",
    re.MULTILINE,
)
_TAB_INDENT = re.compile(r"^ *(?:- *)*\t[ \t]*(?=[^\s#])", re.MULTILINE)
_INLINE = re.compile(r"[{,][ \t]*[^\s:：,{}\[\]\"']{1,30}(：|:(?=[^\s:/]))")
_BREAKS = re.compile("[\x85\u2028\u2029]")
_PAIR = re.compile(r":[ \t]")
_LISTED = 20
#: Blanks that look like an indentation and are none: group 1, before a key or an item.
_WIDE_INDENT = re.compile(
    rf"^[ \t]*(?:- +)*([{WIDE_BLANKS}{INVISIBLE}][{WIDE_BLANKS}{INVISIBLE} ]*)"
    r"(?=-[ \t]|[^\s#][^\n]*?:(?:[ \t]|$))",
    re.MULTILINE,
)
#: What is said where an indentation is other than it looks, and how many lines below.
_OF_INDENTATION = ("mapping values", "expected key", "expected ':'", "'-' indicator")
_NEAR = 2
#: A value in braces or brackets that begins a value: group 1.
_BRACED = re.compile(r"(?::[ \t]+|-[ \t]+)(\{[^{}\n]*\}|\[[^\[\]\n]*\])$")
#: How much of a file is looked through for more of the same.
_LOOKED = 200_000

_QUOTE_ALL = '给整段文字加上英文引号，写成“键: "文字"”'
_ALIGN = "同一层的各行左边对齐，每深一层多 2 个空格"

#: What libyaml says, what it means here, and the way out.
_PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "expected ',' or ']'",
        "方括号“[”没有闭合，或各项之间少了英文逗号",
        "补上“]”，各项之间用英文逗号“,”加空格隔开",
    ),
    (
        "expected ',' or '}'",
        "花括号“{”没有闭合，或各项之间少了英文逗号",
        "补上“}”，各项之间用英文逗号“,”加空格隔开",
    ),
    ("expected node content", "这里应当是一个值，却是标点", f"补上值；{_QUOTE_ALL}"),
    ("expected '-' indicator", "这一行与前面的列表项不在同一层", _ALIGN),
    ("block sequence entries are not allowed", "“- ”不能与键写在同一行", "换一行再写列表项"),
    ("mapping keys are not allowed", "“? ”不能写在这里", _QUOTE_ALL),
    ("expected alphabetic", "以“*”或“&”开头的文字要加引号", _QUOTE_ALL),
    (
        "found unexpected ':'",
        "冒号后面没有值",
        "冒号后面空一格再写值；冒号是文字的一部分，就给整段文字加上英文引号",
    ),
    ("did not find expected whitespace or line break", "以“!”开头的文字要加引号", _QUOTE_ALL),
    ("did not find expected comment or line break", "“|”或“>”后面不能再写文字", "换一行并缩进再写"),
    ("unknown escape character", "双引号里的“\\”写法不对", "改用单引号，或把“\\”写成“\\\\”"),
    ("invalid Unicode character escape", "双引号里的“\\u”写法不对", "直接写出这个字"),
    ("did not find expected hexdecimal number", "双引号里的“\\x”、“\\u”写法不对", "直接写出这个字"),
    ("found incompatible YAML document", "不支持这个 YAML 版本", "删去以“%YAML”开头的一行"),
    ("found unknown directive name", "以“%”开头的行不能写在这里", "删去这一行，或给文字加英文引号"),
    ("found unexpected document indicator", "引号没有成对就遇到“---”", "检查引号是否成对"),
    ("expected <document start>", "内容结束后又有内容", "检查前一行的引号和缩进"),
    # libyaml of PyYAML 6.0.4 stops by itself, before our own bound is looked at
    ("exceeded maximum nesting depth", "嵌套超过 1000 层", "检查括号或缩进，减少层次"),
    ("expected key", "这一行的缩进与同一层的各行不一致", _ALIGN),
    (
        "could not find expected ':'",
        "这一行没有“: ”，不成“键: 值”",
        "写成“键: 值”，或多缩进几格接上一行",
    ),
)


def explain(source: Source, said: str, context: int | None, at: int | None) -> list[Problem]:
    """Problems for a syntax error.

    ``said`` is libyaml's message, ``context`` and ``at`` the offsets it names, if any.
    """
    text = source.text
    said = said.replace("expected <block end>", "expected key").replace("the node", "node")
    if at is None or _CONTROL.search(text):
        return _control_characters(source)
    at = min(at, len(text))
    if tabs := _tabs(source, said, at):
        return tabs
    if wide := _wide_above(source, said, at):
        return wide
    if "unexpected end of stream" in said and context is not None:
        return [
            source.problem(
                context,
                context + 1,
                "从这里开始的引号没有成对",
                "在文字末尾补上同样的英文引号；文字里面的引号用中文“”",
            )
        ]
    if colons := _colons(source, said, context, at):
        return colons
    if found := (
        _second_colon(source, said, at)
        or _after_quote(source, said, at)
        or _after_brace(source, said, at)
    ):
        return [found]
    if not text[at:].strip() and "node content" in said:
        return [source.problem(at, at, "文件到末尾还有括号没有闭合", "补上缺少的“]”或“}”")]
    if text.startswith(":", at) and ("node content" in said or "expected key" in said):
        return [source.problem(at, at + 1, "冒号前面没有键", "补上键，写成“键: 值”")]
    if "cannot start any token" in said:
        return [source.problem(at, at + 1, f"文字不能以“{text[at : at + 1]}”开头", _QUOTE_ALL)]
    start = at
    if context is not None and ("',' or" in said or "expected ':'" in said):
        start = context
    for words, message, hint in _PLAIN_WORDS:
        if words in said:
            return [source.problem(start, start + 1, message, hint)]
    return [
        source.problem(
            start, start + 1, "这里不合 YAML 的写法", "检查这一行和上一行的缩进、冒号和引号"
        )
    ]


def _wide_above(source: Source, said: str, at: int) -> list[Problem]:
    """Lines indented by blanks that YAML takes for text, where it stopped or just above."""
    if not any(words in said for words in _OF_INDENTATION):
        return []
    line = source.place(at)[0]
    first = source.offset(max(line - _NEAR, 1)) or 0
    last = source.offset(line + 1) or len(source.text)
    found = list(islice(_WIDE_INDENT.finditer(source.text, first, last), _LISTED))
    return [_wide_problem(source, m) for m in found]


def _wide_problem(source: Source, match: re.Match[str]) -> Problem:
    sign = match[1][0]
    name = {"\u3000": "全角空格", "\xa0": "不换行空格"}.get(sign, "别的空格")
    said = f"这一行用{name}缩进，看不出缩进几格"
    if not sign.isspace():
        said = f"这一行前面有看不见的字符（U+{ord(sign):04X}）"
    hint = "删去它，换成英文（半角）空格，与同一层的各行左边对齐"
    return source.problem(*match.span(1), said, hint)


def line_separators(source: Source) -> list[Problem]:
    """Breaks that YAML 1.1 knows and no editor shows (NEL, U+2028, U+2029)."""
    return [
        source.problem(
            m.start(),
            m.end(),
            f"这里有一个看不见的换行符（U+{ord(m[0]):04X}）",
            "多半是从网页或 Word 粘贴来的，删去它，重新按回车",
        )
        for m in islice(_BREAKS.finditer(source.text), _LISTED)
    ]


def _control_characters(source: Source) -> list[Problem]:
    found = [
        source.problem(
            m.start(),
            m.end(),
            f"这里有一个看不见的控制字符（U+{ord(m[0]):04X}）",
            "删去它，再重新输入这几个字",
        )
        for m in islice(_CONTROL.finditer(source.text), _LISTED)
    ]
    return found or [Problem("", None, "文件里有 YAML 不允许的字符", "重新输入后保存")]


def _tabs(source: Source, said: str, at: int) -> list[Problem]:
    line = source.line(source.place(at)[0])
    if "tab character" not in said and not _TAB_INDENT.match(line):
        return []
    return [
        source.problem(m.start(), m.end(), "这一行用制表符（Tab）缩进", "改成空格，每深一层 2 个")
        for m in islice(_TAB_INDENT.finditer(source.text), _LISTED)
    ]


def _colons(source: Source, said: str, context: int | None, at: int) -> list[Problem]:
    """Lines at the fault written ``键：值`` or ``key:value``, and others like them."""
    here = source.place(at)[0]
    if "mapping values" in said:
        first, last = here - 1, here - 1
        while first > 1 and here - first < _LISTED and _WRONG_COLON.match(source.line(first - 1)):
            first -= 1
    elif "expected ':'" in said and context is not None:
        first, last = source.place(context)[0], here
    elif "',' or" in said and context is not None:
        matches = _INLINE.finditer(source.text, context, min(len(source.text), at + 200))
        return [_colon_problem(source, m.start(1), m[1]) for m in matches][:_LISTED]
    else:
        return []
    start = source.offset(first) or 0
    stop = source.offset(last + 1) or len(source.text)
    sure = list(islice(_wrong_colons(source.text, start, stop), _LISTED))
    if not sure:
        return []
    depths = {_depth(m) for m in sure}
    looked = _wrong_colons(source.text, 0, _LOOKED)
    others = (m for m in looked if m[1] == "：" and _depth(m) in depths)
    found = {m.start(1): m[1] for m in [*sure, *islice(others, _LISTED)]}
    return [_colon_problem(source, at, found[at]) for at in sorted(found)]


def _depth(match: re.Match[str]) -> int:
    return len(match[0]) - len(match[0].lstrip(" \t-"))


def wrong_colons(source: Source) -> list[Problem]:
    """The lines written ``键：值`` or ``key:value``, the first twenty of them."""
    found = islice(_wrong_colons(source.text, 0, _LOOKED), _LISTED)
    return [_colon_problem(source, m.start(1), m[1]) for m in found]


def _wrong_colons(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    for match in _WRONG_COLON.finditer(text, start, stop):
        if not _PAIR.search(match[0][:-1]):
            yield match


def _colon_problem(source: Source, offset: int, colon: str) -> Problem:
    if colon == "：":
        return source.problem(
            offset, offset + 1, "这里用了中文冒号“：”", "改成英文冒号，后面加一个空格：“键: 值”"
        )
    return source.problem(offset, offset + 1, "冒号后面缺少空格", "写成“键: 值”，冒号后空一格")


def _second_colon(source: Source, said: str, at: int) -> Problem | None:
    if "mapping values" not in said:
        return None
    number, column = source.place(at)
    before = source.line(number)[: column - 1]
    if _PAIR.search(before):
        return source.problem(at, at + 1, "一行里有两个“: ”，分不清哪一段是值", _QUOTE_ALL)
    return source.problem(
        at,
        at + 1,
        "上一行已经写了值，这一行不能再比它缩进更深",
        f"{_ALIGN}；或删去上一行冒号后面的值",
    )


def _after_quote(source: Source, said: str, at: int) -> Problem | None:
    """Text after a closing quote, which is how a stray quote inside a text shows itself."""
    before = source.text[:at].rstrip(" ")
    if "expected key" not in said and "document start" not in said and "',' or" not in said:
        return None
    if not before.endswith(('"', "'")):
        return None
    return source.problem(
        at,
        at + 1,
        "引号结束之后还有文字（前面的引号可能没有成对）",
        "把整段文字放进一对英文引号，里面的引号用中文“”",
    )


def _after_brace(source: Source, said: str, at: int) -> Problem | None:
    """Text after a closing brace: a text that begins with one is taken for keys and values."""
    if "expected key" not in said and "document start" not in said and "',' or" not in said:
        return None
    number, column = source.place(at)
    before = source.line(number)[: column - 1].rstrip(" ")
    found = _BRACED.search(before)
    if found is None or source.text[at : at + 1] in ",]}":
        return None
    start = at - (column - 1) + found.start(1)
    sign = found[1][0]
    return source.problem(
        start,
        start + 1,
        f"文字以“{sign}”开头，会当成一组值，后面的字没有着落",
        _QUOTE_ALL,
    )
