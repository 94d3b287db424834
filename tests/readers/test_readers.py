"""What a file says, where it says it, and what is said of a file that cannot be read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kehou.errors import EXIT_UNREADABLE, KehouError
from kehou.readers import Document, Limits, Plain, ReadError, Span, escape, read, read_path
from kehou.readers.source import colon_hint


def refused(name: str, data: str | bytes, limits: Limits | None = None) -> ReadError:
    raw = data.encode() if isinstance(data, str) else data
    with pytest.raises(ReadError) as caught:
        read(name, raw, limits) if limits else read(name, raw)
    return caught.value


def cut(doc: Document, span: Span | None) -> str:
    """The text under a span, found by lines and columns alone."""
    assert span is not None
    if span.line == span.end_line:
        return doc.line(span.line)[span.column - 1 : span.end_column - 1]
    middle = [doc.line(n) for n in range(span.line + 1, span.end_line)]
    first = doc.line(span.line)[span.column - 1 :]
    return "\n".join([first, *middle, doc.line(span.end_line)[: span.end_column - 1]])


def leaves(tree: Any, pointer: str = "") -> list[tuple[str, Any]]:
    if isinstance(tree, dict):
        return [x for k, v in tree.items() for x in leaves(v, f"{pointer}/{escape(k)}")]
    if isinstance(tree, list):
        return [x for i, v in enumerate(tree) for x in leaves(v, f"{pointer}/{i}")]
    return [(pointer, tree)]


# --- YAML ------------------------------------------------------------------------------------

PLAN = """\
# 方案
学校:
  名称: 和平𝒳小学  # 示例
  "年 级": [1, '二', 𝒳]
服务:
- {开始: 18:30, "a/b": no}
- 活动: >-
    社团
    阅读

  空:
  日期: 2021-09-01
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_values_keep_their_text_and_know_their_place(ending: str, mark: str) -> None:
    doc = read("plan.yaml", (mark + PLAN.replace("\n", ending)).encode())
    assert doc.tree == {
        "学校": {"名称": "和平𝒳小学", "年 级": ["1", "二", "𝒳"]},
        "服务": [
            {"开始": "18:30", "a/b": "no"},
            {"活动": "社团 阅读", "空": None, "日期": "2021-09-01"},
        ],
    }
    assert doc.span("/学校/名称") == (3, 7, 3, 12)
    assert doc.key_span("/学校/名称") == (3, 3, 3, 5)
    assert doc.key_span("/学校/年 级") == (4, 3, 4, 8)
    assert doc.span("/学校/年 级") == (4, 10, 4, 21)
    assert doc.span("/学校/年 级/1") == (4, 14, 4, 17)
    assert doc.span("/学校/年 级/2") == (4, 19, 4, 20)
    assert doc.span("/服务/0") == (6, 3, 6, 25)
    assert doc.span("/服务/0/开始") == (6, 8, 6, 13)
    assert doc.key_span("/服务/0/a~1b") == (6, 15, 6, 20)
    assert doc.span("/服务/0/a~1b") == (6, 22, 6, 24)
    assert doc.span("/服务/1/活动") == (7, 7, 9, 7)
    assert doc.span("/服务/1/空") == (11, 5, 11, 5)
    assert doc.span("/服务/1") == (7, 3, 12, 17)
    assert doc.span("") == (2, 1, 12, 17)
    assert doc.key_span("") is None and doc.key_span("/服务/0") is None
    assert doc.line(6) == '- {开始: 18:30, "a/b": no}'
    assert (doc.line(0), doc.line(13), doc.line(99)) == ("", "", "")


@pytest.mark.parametrize(
    "pointer", ["/x", "/服务/2", "/服务/-1", "/服务/01", "/服务/①", "/学校/名称/0"]
)
def test_what_is_not_there_has_no_place(pointer: str) -> None:
    assert read("plan.yaml", PLAN.encode()).span(pointer) is None


def test_only_unquoted_text_is_plain() -> None:
    tree = read("a.yaml", b"a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\ne: ''\nf: x y\n").tree
    assert {k: type(v) for k, v in tree.items()} == {
        "a": Plain,
        "b": str,
        "c": str,
        "d": str,
        "e": str,
        "f": Plain,
    }


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_null_is_nothing_and_its_quoted_form_is_text(written: str) -> None:
    tree = read("a.yaml", f"a: {written}\nb: '{written}'\n".encode()).tree
    assert tree == {"a": None, "b": written}


@pytest.mark.parametrize(
    "word",
    ["yes", "no", "on", "off", "true", "18:30", "007", "0o17", "1_000", "2021-09-01", ".inf", "="],
)
def test_no_scalar_is_turned_into_something_else(word: str) -> None:
    assert read("a.yaml", f"- {word}\n".encode()).tree == [word]
    assert read("a.yaml", f"{word}: 1\n".encode()).tree == {word: "1"}


def test_an_alias_is_a_copy_and_points_to_what_it_stands_for() -> None:
    doc = read("a.yaml", b"base: &b\n  x: [1]\nthere: *b\nword: &w abc\n&k key: *w\n")
    assert doc.tree["there"] == {"x": ["1"]}
    assert doc.tree["there"] is not doc.tree["base"]
    assert doc.span("/there") == (3, 8, 3, 10)
    assert cut(doc, doc.span("/there/x/0")) == "1"
    assert cut(doc, doc.span("/word")) == "abc"
    assert doc.tree["key"] == "abc"


def test_names_that_trip_programs_are_just_keys() -> None:
    text = "__class__: 1\nid: 2\nsid: 3\nkind: 4\na.b: 5\n'a/b~c': 6\nconstructor: 7\n"
    doc = read("a.yaml", text.encode())
    assert list(doc.tree) == ["__class__", "id", "sid", "kind", "a.b", "a/b~c", "constructor"]
    assert doc.span("/a.b") == (5, 6, 5, 7)
    assert doc.span("/a~1b~0c") == (6, 10, 6, 11)


YAML_FAULTS = [
    ("a: 1\n\tb: 2\n", (2, 1), "制表符", "空格"),
    ("a:\n  b: 1\n  \tc: 2\n", (3, 1), "制表符", "空格"),
    ("a: >\n\tx\n", (2, 1), "制表符", "空格"),
    ("a: 1\n时间:18\nc: 3\n", (2, 3), "缺少空格", "空一格"),
    ("a: 1\nb:2\n", (2, 2), "缺少空格", "空一格"),
    ("s:\n  - name:x\n    b: 3\n", (2, 9), "缺少空格", "空一格"),
    ("a: 1\n时间：18\nc: 3\n", (2, 3), "中文冒号", "英文冒号"),
    ("名称：和平\nb: 2\n", (1, 3), "中文冒号", "英文冒号"),
    ("s:\n  - 名称：x\n    b: 3\n", (2, 7), "中文冒号", "英文冒号"),
    ("名称：和平\n", (1, 3), "中文冒号", "英文冒号"),
    ("只有一段话\n", (1, 1), "一段文字", "键: 值"),
    ("a: {b:1}\n", (1, 5), "没有值的键", "加一个空格"),
    ("a: {b：1, c: 2}\n", (1, 5), "没有值的键", "中文冒号"),
    ('a: "x\nb: 1\n', (1, 4), "引号没有成对", "补上"),
    ("a: 'x\nb: 1\nc: 'y'\n", (3, 5), "引号", "一对英文引号"),
    ('a: "甲"乙\n', (1, 7), "引号结束之后还有文字", "一对英文引号"),
    ("a: 甲: 乙\n", (1, 5), "两个“: ”", "引号"),
    ("a: 1\n  b: 2\n", (2, 4), "缩进更深", "左边对齐"),
    ("a:\n   b: 1\n  c: 2\n", (3, 3), "缩进", "左边对齐"),
    ("- a\nb: 1\n", (2, 1), "列表", "左边对齐"),
    ("a: [1, 2\nb: 3\n", (1, 4), "方括号", "补上“]”"),
    ("a: {b: 1\nc: 2\n", (1, 4), "花括号", "补上“}”"),
    ("a: [[1,\n", (2, 1), "括号没有闭合", "补上"),
    ("a: @x\n", (1, 4), "“@”开头", "引号"),
    ("a: *必填\n", (1, 4), "“*必填”引用了没有定义", "引号"),
    ("a: !重要 x\n", (1, 5), "“!”", "引号"),
    ("a: *b\n", (1, 4), "没有定义", "引号"),
    ("a: &x [*x]\n", (1, 8), "包含它自己", "直接写"),
    ("a: !x y\n", (1, 4), "标签“!x”", "删去"),
    ("a: !!str y\n", (1, 4), "标签“!!str”", "删去"),
    ("a: !!python/object:os.system [x]\n", (1, 4), "标签", "删去"),
    ("x: &x {a: 1}\nb:\n  <<: *x\n", (3, 3), "合并键", "直接写"),
    ("? [a]\n: 1\n", (1, 3), "键只能是文字", "引号"),
    ("{{ x }}: 1\n", (1, 1), "键只能是文字", "引号"),
    ("{: 1}\n", (1, 2), "没有键", "补上键"),
    ("a: 1\n: 2\n", (2, 1), "没有键", "补上键"),
    ("a: 1\n---\nb: 2\n", (2, 1), "两份文档", "只留一份"),
    ("%YAML 2.0\n---\na: 1\n", (1, 1), "YAML 版本", "删去"),
    ('a: "\\q"\n', (1, 5), "“\\”", "单引号"),
    ('a: "\\ud800"\n', (1, 7), "“\\u”", "直接写出"),
    ('a: "\\0"\n', (1, 4), "U+0000", "删去"),
    ("a: \x1b[31m\n", (1, 4), "控制字符（U+001B）", "删去"),
    ("a: 1\nb: x\u2028y\n", (2, 5), "看不见的换行符（U+2028）", "删去"),
    ("", (1, 1), "没有内容", "填写"),
    ("# 只有注释\n", (2, 1), "没有内容", "填写"),
    ("---\n...\n", (2, 1), "没有内容", "填写"),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), YAML_FAULTS)
def test_a_yaml_fault_is_told_in_plain_words_at_its_place(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    error = refused("plan.yaml", text)
    assert ((error.line, error.column), message in error.message, hint in error.hint) == (
        place,
        True,
        True,
    ), str(error)
    assert error.where == f"plan.yaml:{place[0]}:{place[1]}"
    assert isinstance(error, KehouError) and error.exit_code == EXIT_UNREADABLE


def test_a_repeated_key_names_both_lines_and_every_repetition_is_told() -> None:
    error = refused("a.yaml", "甲: 1\n乙:\n  丙: 1\n  丁: !x 2\n  丙: 3\n甲: 2\n")
    told = [(p.pointer, p.span, p.message) for p in error.problems]
    assert told == [
        ("/乙", (4, 6, 4, 10), "不支持标签“!x”"),
        ("/乙/丙", (5, 3, 5, 4), "键“丙”重复：第 3 行已经写过"),
        ("/甲", (6, 1, 6, 2), "键“甲”重复：第 1 行已经写过"),
    ]
    assert "第6行第1列：键“甲”重复" in str(error)


def test_every_line_with_a_chinese_colon_is_told_but_not_those_inside_a_text() -> None:
    text = "说明: |\n  时间：十八点\n名称：甲\n学段：小学\na: 1\n"
    assert [p.span and p.span.line for p in refused("a.yaml", text).problems] == [3, 4]


def test_every_line_indented_with_a_tab_is_told() -> None:
    text = "a:\n\tb: 1\nc:\n\td: 1\n"
    assert [p.span and p.span.line for p in refused("a.yaml", text).problems] == [2, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("名称：和平 学段：小学", "英文冒号"),
        ("start:17:00 end:18:00", "空格"),
        ("和平小学", ""),
        ("http://example.cn", ""),
        ("下午，时间：五点", ""),
    ],
)
def test_a_hint_for_text_that_should_have_been_a_mapping(text: str, words: str) -> None:
    hint = colon_hint(text)
    assert (words in hint) if words else hint == ""


# --- JSON ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_json_keeps_its_text_and_places(ending: str, mark: str) -> None:
    text = '{\n "𝒳中": [1.50, "1", true,\n  null],\n\t"a/b": {"c": -2e5, "d": "\\u4e2d"}\n}\n'
    doc = read("a.json", (mark + text.replace("\n", ending)).encode())
    assert doc.tree == {"𝒳中": ["1.50", "1", "true", None], "a/b": {"c": "-2e5", "d": "中"}}
    items = doc.tree["𝒳中"]
    assert [type(items[0]), type(items[1]), type(items[2])] == [Plain, str, Plain]
    assert doc.key_span("/𝒳中") == (2, 2, 2, 6)
    assert doc.span("/𝒳中/0") == (2, 9, 2, 13)
    assert doc.span("/𝒳中/3") == (3, 3, 3, 7)
    assert doc.span("/𝒳中") == (2, 8, 3, 8)
    assert doc.span("/a~1b/d") == (4, 26, 4, 34)
    assert doc.span("") == (1, 1, 5, 2)


JSON_FAULTS = [
    ('{"a": 1,\n}', (1, 8), "“}”前面多了一个逗号", "删去"),
    ("[1,\n 2, ]", (2, 3), "“]”前面多了一个逗号", "删去"),
    ('{"a": 1\n "b": 2}', (1, 8), "缺少英文逗号", "补上"),
    ('{"a": 18:30}', (1, 9), "没有加引号", "英文双引号"),
    ("{“a”: 1}", (1, 2), "中文引号", "英文双引号"),
    ("{'a': 1}", (1, 2), "单引号", "英文双引号"),
    ('{"a"：1}', (1, 5), "中文冒号", "英文冒号"),
    ('{"a": 1，"b": 2}', (1, 8), "中文逗号", "英文逗号"),
    ("{a: 1}", (1, 2), "英文双引号括起来的键", "“"),
    ('{"a" 1}', (1, 6), "缺少英文冒号", "补上"),
    ('{"a": NaN}', (1, 7), "NaN", "null"),
    ('{"a": -Infinity}', (1, 7), "Infinity", "具体的数"),
    ('{"a": True}', (1, 7), "True", "小写"),
    ('{"a": 007}', (1, 7), "“007”不是 JSON 的数", "双引号"),
    ('{"a": 2021-09-01}', (1, 7), "“2021-09-01”", "双引号"),
    ('{"a": [1, 2}', (1, 12), "应当是“]”", "成对"),
    ('{"a": 1', (1, 1), "没有配对的“}”", "补上"),
    ('{"a":', (1, 6), "断了", "完整"),
    ('{"a": 1} {', (1, 10), "又有别的内容", "括号"),
    ("// x\n{}", (1, 1), "注释", "删去"),
    ('{"a": "x}', (1, 7), "双引号没有成对", "补上"),
    ('{"a": "x\ny"}', (1, 9), "换行", "\\n"),
    ('{"a": "\\q"}', (1, 8), "“\\”", "\\\\"),
    ('{"a": "\\ud800"}', (1, 7), "没有成对", "删去"),
    ('{"a": "\\udc00x"}', (1, 7), "没有成对", "删去"),
    ('{"a": "\\u0000"}', (1, 7), "NUL", "删去"),
    ('"a"', (1, 1), "“{”或“[”开头", "JSON"),
    ("a: 1", (1, 1), "“{”或“[”开头", "JSON"),
    (" \n", (2, 1), "没有内容", "填写"),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), JSON_FAULTS)
def test_a_json_fault_is_told_in_plain_words_at_its_place(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    error = refused("a.json", text)
    assert ((error.line, error.column), message in error.message, hint in error.hint) == (
        place,
        True,
        True,
    ), str(error)


def test_a_pair_of_surrogates_in_json_is_one_character() -> None:
    assert read("a.json", b'["\\ud83d\\ude00"]').tree == ["😀"]


def test_repeated_json_keys_are_told_together() -> None:
    error = refused("a.json", '{"a": 1,\n "b": {"c": 1, "c": 2},\n "a": 2}')
    assert [(p.pointer, p.span and p.span.line, p.message) for p in error.problems] == [
        ("/b/c", 2, "键“c”重复：第 2 行已经写过"),
        ("/a", 3, "键“a”重复：第 1 行已经写过"),
    ]


# --- CSV -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_gives_rows_by_column_with_places(ending: str, mark: str) -> None:
    text = '学号, 班级 ,备注\n\'007,一班,"有,逗号"\n\n,,\n 𝒳8\u3000,,"说 ""好""\n第二行"\n'
    doc = read("roster.csv", (mark + text.replace("\n", ending)).encode())
    assert doc.header == ("学号", "班级", "备注")
    assert doc.tree == [
        {"学号": "007", "班级": "一班", "备注": "有,逗号"},
        {"学号": "𝒳8", "班级": None, "备注": '说 "好"\n第二行'},
    ]
    assert type(doc.tree[0]["学号"]) is Plain and doc.problems == ()
    assert doc.span("/0/学号") == (2, 2, 2, 5)
    assert doc.span("/0/备注") == (2, 9, 2, 15)
    assert doc.key_span("/0/班级") == (1, 5, 1, 7)
    assert doc.span("/1/学号") == (5, 2, 5, 4)
    assert doc.span("/1/班级") == (5, 6, 5, 6)
    assert doc.span("/1/备注") == (5, 7, 6, 5)
    assert doc.span("/1") == (5, 2, 6, 5)
    assert [doc.span(p) for p in ("/2", "/x", "/0/无", "/0/学号/1")] == [None] * 4


def test_tabs_may_separate_columns() -> None:
    doc = read("a.csv", "甲\t乙\n1\t2,3\n".encode())
    assert doc.tree == [{"甲": "1", "乙": "2,3"}]
    assert doc.span("/0/乙") == (2, 3, 2, 6)


def test_a_single_column_needs_no_separator() -> None:
    assert read("a.csv", "学号\n1\n2\n".encode()).tree == [{"学号": "1"}, {"学号": "2"}]


def test_a_header_alone_gives_no_rows_but_its_columns() -> None:
    doc = read("a.csv", "学号,班级\n".encode())
    assert (doc.tree, doc.header) == ([], ("学号", "班级"))


def test_excels_own_encoding_is_read_and_named() -> None:
    doc = read("名册.csv", "学号,班级\n1,一班\n".encode("gb18030"))
    assert (doc.tree, doc.encoding) == ([{"学号": "1", "班级": "一班"}], "gb18030")
    assert doc.span("/0/班级") == (2, 3, 2, 5)


def test_a_ragged_row_is_told_and_loses_no_other_row() -> None:
    doc = read("a.csv", "甲,乙\n1,2\n3\n4,1,000\n5，6\n7,8,,\n".encode())
    assert doc.tree == [
        {"甲": "1", "乙": "2"},
        {},
        {},
        {},
        {"甲": "7", "乙": "8"},
    ]
    assert [(p.pointer, p.span) for p in doc.problems] == [
        ("/1", (3, 1, 3, 2)),
        ("/2", (4, 5, 4, 8)),
        ("/3", (5, 1, 5, 4)),
    ]
    few, many, chinese = doc.problems
    assert "有 1 个单元格，表头有 2 列" in few.message and "少了英文逗号" in few.hint
    assert "有 3 个单元格" in many.message and "双引号" in many.hint
    assert "中文逗号" in chinese.hint


def test_blank_columns_at_the_right_are_passed_over() -> None:
    doc = read("a.csv", "甲,乙,,\n1,2,,\n".encode())
    assert (doc.header, doc.tree) == (("甲", "乙"), [{"甲": "1", "乙": "2"}])


CSV_FAULTS = [
    ("学号，姓名\n1，2\n", (1, 3), "中文逗号“，”", "英文逗号"),
    ("甲;乙\n1;2\n", (1, 2), "分号“;”", "英文逗号"),
    ("甲；乙\n1；2\n", (1, 2), "中文分号“；”", "英文逗号"),
    ("甲|乙\n", (1, 2), "竖线", "英文逗号"),
    ("甲,乙,甲\n", (1, 5), "第 3 列与第 1 列的列名相同", "改名"),
    ("甲,,丙\n1,2,3\n", (1, 3), "第 2 列没有列名", "补上列名"),
    ("花名册,,\n甲,乙,丙\n1,2,3\n", (1, 1), "像是标题", "表头|列名"),
    ('甲,乙\n"1,2\n3,4\n', (2, 1), "引号没有成对", "补上"),
    ('甲,乙\n"1"x,2\n', (2, 4), "引号结束之后还有文字", "写两个"),
    ("", (1, 1), "没有内容", "表头"),
    ("\n , \n", (1, 1), "没有内容", "表头"),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), CSV_FAULTS)
def test_a_table_fault_is_told_in_plain_words_at_its_place(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    error = refused("a.csv", text)
    assert (error.line, error.column) == place, str(error)
    assert message in error.message and any(h in error.hint for h in hint.split("|")), str(error)


def test_every_fault_of_a_header_is_told_at_once() -> None:
    error = refused("a.csv", "甲,,乙,甲\n1,2,3,4\n")
    assert [p.message for p in error.problems] == ["第 2 列没有列名", "第 4 列与第 1 列的列名相同"]


# --- encodings and files that are something else ---------------------------------------------

ZIP = b"PK\x03\x04\x14\x00\x06\x00\x08\x00"
OTHERS = [
    ("a.yaml", ZIP + b"....xl/workbook.xml", "Excel", "CSV UTF-8"),
    ("a.csv", ZIP + b"....xl/workbook.xml", "Excel", "CSV UTF-8"),
    ("a.yaml", ZIP + b"....word/document.xml", "Word", "扩展名"),
    ("a.json", ZIP + b"....x.txt", "zip", "解压"),
    ("a.yaml", b"%PDF-1.7\n", "PDF", "扩展名"),
    ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office", "CSV UTF-8"),
    ("a.yaml", b"\x89PNG\r\n\x1a\n", "PNG", "扩展名"),
    ("a.csv", b"<html><table><tr>", "网页", "CSV UTF-8"),
    ("a.yaml", "a: 中".encode("utf-16"), "UTF-16", "UTF-8"),
    ("a.yaml", "a: 中".encode("utf-32"), "UTF-32", "UTF-8"),
    ("a.csv", "甲,乙\n".encode("utf-16"), "UTF-16", "CSV UTF-8"),
    ("a.yaml", "a: 1".encode("utf-16-le"), "UTF-16", "UTF-8"),
    ("a.yaml", "名称: 和平小学".encode("gb18030"), "GB18030", "UTF-8"),
    ("a.json", '{"名称": "和平"}'.encode("gb18030"), "GB18030", "UTF-8"),
    ("a.txt", b"a: 1", "“.txt”", "kehou form"),
    ("README", b"a: 1", "没有扩展名", ".yaml"),
]


@pytest.mark.parametrize(("name", "data", "message", "hint"), OTHERS)
def test_a_file_that_is_something_else_says_what_it_seems_to_be(
    name: str, data: bytes, message: str, hint: str
) -> None:
    error = refused(name, data)
    assert message in error.message and hint in error.hint, str(error)


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        ("甲: 1\r\n𝒳中: ".encode() + b"\xe9\xff", (2, 5), "0xE9 不是 UTF-8"),
        ("\ufeff甲: ".encode() + b"x\xc3", (1, 5), "0xC3 不是 UTF-8"),
        ("甲: 1\n乙: 2\0\n".encode(), (2, 5), "NUL"),
    ],
)
def test_a_bad_byte_is_told_at_its_place(data: bytes, place: tuple[int, int], message: str) -> None:
    error = refused("a.yaml", data)
    assert (error.line, error.column) == place and message in error.message, str(error)


def test_the_hash_is_that_of_the_bytes_as_handed_in() -> None:
    # printf '\\xef\\xbb\\xbfa: 1\\r\\n' | sha256sum
    doc = read("a.yaml", b"\xef\xbb\xbfa: 1\r\n")
    assert doc.sha256 == "d154b5589a138ef7a6ff502ecf270b04afa5eb5c56fb398f5cfe9a055a33316d"


def test_the_disk_is_read_by_path(tmp_path: Path) -> None:
    file = tmp_path / "方案.YML"
    file.write_bytes("甲: 1\n".encode())
    assert read_path(file).tree == {"甲": "1"}
    assert read_path(file, name="x/plan.yaml").name == "x/plan.yaml"
    with pytest.raises(ReadError, match="没有这个文件"):
        read_path(tmp_path / "none.yaml")
    (tmp_path / "d.yaml").mkdir()
    with pytest.raises(ReadError, match="不是一个文件"):
        read_path(tmp_path / "d.yaml")


# --- any tree at all ---------------------------------------------------------------------------

#: NUL and lone surrogates are refused, and so are the three breaks no editor shows.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\x85\u2028\u2029"), max_size=30)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
TREES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
ROOTS = st.dictionaries(TEXT, TREES, max_size=5) | st.lists(TREES, max_size=5)


def as_text(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: as_text(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_text(value) for value in tree]
    return tree if tree is None or isinstance(tree, str) else json.dumps(tree)


@given(ROOTS, st.sampled_from([None, 2]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_any_tree_written_as_json_is_read_back_with_its_places(
    tree: Any, indent: int | None, ascii_only: bool, ending: str
) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only).replace("\n", ending)
    doc = read("a.json", text.encode())
    assert doc.tree == as_text(tree)
    originals = dict(leaves(tree))
    for pointer, leaf in leaves(doc.tree):
        assert json.loads(cut(doc, doc.span(pointer))) == originals[pointer]
        assert (type(leaf) is str) == isinstance(originals[pointer], str)
    for pointer in {p.rpartition("/")[0] for p in originals if p}:
        assert as_text(json.loads(cut(doc, doc.span(pointer)))) == at(doc.tree, pointer)


@given(ROOTS, st.sampled_from([True, False, None]), st.booleans(), st.sampled_from([20, 80, 999]))
def test_any_tree_written_as_yaml_is_read_back_with_its_places(
    tree: Any, flow: bool | None, unicode: bool, width: int
) -> None:
    text = yaml.safe_dump(
        tree, allow_unicode=unicode, default_flow_style=flow, width=width, sort_keys=False
    )
    doc = read("a.yaml", text.encode())
    assert doc.tree == as_text(tree)
    originals = dict(leaves(tree))
    for pointer, leaf in leaves(doc.tree):
        original, written = originals[pointer], cut(doc, doc.span(pointer))
        assert isinstance(leaf, Plain) or original is None or isinstance(original, str)
        if isinstance(leaf, Plain) and "\n" not in written:
            assert written == leaf
        assert yaml.safe_load(written) == original
        key = doc.key_span(pointer)
        if key is not None:
            assert yaml.safe_load(cut(doc, key)) == last_key(pointer)


def at(tree: Any, pointer: str) -> Any:
    for segment in pointer.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        tree = tree[int(name)] if isinstance(tree, list) else tree[name]
    return tree


def last_key(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


CELLS = st.text("a1中𝒳,\"' \t\n\u3000，", max_size=6)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_is_read_back_with_its_places(
    rows: list[list[str]], quoting: Any, ending: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, lineterminator=ending)
    writer.writerow(["甲", "乙", "丙"])
    writer.writerows(rows)
    doc = read("a.csv", out.getvalue().encode())
    blanks = " \t\u3000"

    def trimmed(cell: str) -> str | None:
        cell = cell.strip(blanks)
        return (cell[1:].strip(blanks) if cell.startswith("'") else cell) or None

    wanted = [[trimmed(cell) for cell in row] for row in rows]
    assert [list(row.values()) for row in doc.tree] == [row for row in wanted if any(row)]
    assert doc.problems == ()
    for pointer, leaf in leaves(doc.tree):
        written = cut(doc, doc.span(pointer))
        if not written.startswith('"'):
            assert written == (leaf or "")
        else:
            assert trimmed(written[1:-1].replace('""', '"')) == leaf
