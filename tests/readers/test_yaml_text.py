"""What YAML 1.2 allows in plain text is read, or told truly; what is written is read back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.support.reported import DATA, outcomes
from yaml import YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # not in the stubs' __all__
from yaml.events import StreamEndEvent

import kehou
from kehou import packs
from kehou.readers import ReadError, read
from kehou.readers.yaml_text import events
from kehou.submission import load


def tree(text: str) -> Any:
    return read("plan.yaml", text.encode()).tree


def problem(text: str) -> tuple[int, int, str, str]:
    with pytest.raises(ReadError) as caught:
        tree(text)
    first = caught.value.problems[0]
    assert first.span is not None
    return first.span.line, first.span.column, first.message, first.hint


# --- as schools wrote it --------------------------------------------------------------------------


def test_an_anchor_may_have_a_chinese_name() -> None:
    found = load(DATA / "chinese-anchor" / "plan.yaml", packs.load().schema)
    assert found.tree["school"]["name"] == found.tree["plan"]["title"] == "沙枣小学（示例）"
    assert not found.faults


def test_an_indentation_of_wide_blanks_is_told_in_its_line() -> None:
    with pytest.raises(kehou.KehouError) as caught:
        load(DATA / "full-width-indent" / "plan.yaml", packs.load().schema)
    assert caught.value.where.endswith("plan.yaml:4:1")
    assert "用全角空格缩进" in caught.value.message and "英文" in caught.value.hint


def test_tabs_that_do_not_indent_are_blanks() -> None:
    text = (DATA / "legal-tabs" / "plan.yaml").read_text("utf-8")
    assert "\t" in text
    assert tree(text) == tree(text.replace("\t", " "))
    options = kehou.CheckOptions(engine="direct", packs=("bayannur-2021",))
    assert outcomes(kehou.check(DATA / "legal-tabs" / "plan.yaml", options))


def test_a_question_mark_is_never_lost() -> None:
    text = (DATA / "question-mark-lost" / "plan.yaml").read_text("utf-8")
    found = load(DATA / "question-mark-lost" / "plan.yaml", packs.load().schema)
    [fault] = found.faults
    assert fault.found == "“?年级”" and "年级" in fault.hint and fault.location.line == 10
    assert tree(text.replace("[小学]", "[?小学]"))["学校"]["学段"] == ["?小学"]


# --- the kinds ------------------------------------------------------------------------------------

READ = [
    ("a: [?甲, ? 乙 : 丙, x?, x ?y]\n", {"a": ["?甲", {"乙": "丙"}, "x?", "x ?y"]}),
    ("a: {?甲: ?乙, b: [:c, ::d, e::f]}\n", {"a": {"?甲": "?乙", "b": [":c", "::d", "e::f"]}}),
    ('a: {"b":1, "c" :2}\n', {"a": {"b": "1", "c": "2"}}),
    ("a: ?b\n?c: :d\n", {"a": "?b", "?c": ":d"}),
    ('a: "x ?y &甲 *乙 \t?z"\n', {"a": "x ?y &甲 *乙 \t?z"}),
    ("a: |\n  ?x\n  -\ty\n  \t\n  &甲 *乙\n", {"a": "?x\n-\ty\n\t\n&甲 *乙\n"}),
    ("a: 甲\n  -\t乙\n", {"a": "甲 -\t乙"}),
    ("a: &甲 x\nb: *甲\nc: [&乙 y, *乙]\n", {"a": "x", "b": "x", "c": ["y", "y"]}),
    ("a: &mc:1 甲\nb: *mc:1\n", {"a": "甲", "b": "甲"}),
    ("a: &甲\n  x: 1\nb: *甲\n", {"a": {"x": "1"}, "b": {"x": "1"}}),
    ("a: &a 1\nb: &甲 2\nc: [*a, *甲]\n", {"a": "1", "b": "2", "c": ["1", "2"]}),
    ("-\ta\n- \tb\n-\t\t# c\n", ["a", "b", None]),
    ("a: 1\n\t\nb:\t2\t# c\n \t# d\n", {"a": "1", "b": "2"}),
    ("a: x\n\t\n  y\n", {"a": "x\ny"}),
    ("a: '?'\nb: \"\ue000?x\"\nc: [?d]\n", {"a": "?", "b": "\ue000?x", "c": ["?d"]}),
]


@pytest.mark.parametrize(("text", "meant"), READ)
def test_plain_text_of_yaml_1_2_is_read_as_it_stands(text: str, meant: Any) -> None:
    assert tree(text) == meant


TOLD = [
    ("a:\n\tb: 1\n", 2, 1, "制表符"),
    ("a:\n  -\tb: 1\n    c: 2\n", 2, 1, "制表符"),
    ("a:\n  - b: 1\n　　c: 2\n    d: 3\n", 3, 1, "全角空格缩进"),
    ("a:\n  b: 1\n\xa0\xa0c: 2\n  d: 3\n", 3, 1, "不换行空格缩进"),
    ("a:\n　- x\n", 2, 1, "全角空格缩进"),
    ("a: 1\n\ufeffb: 2\n", 2, 1, "看不见的字符（U+FEFF）"),
    ("a:　1\n", 1, 2, "缺少空格"),
    ("a: *甲\n", 1, 4, "“*甲”引用了没有定义的内容"),
    ("a: &mc 甲\nb: *mc:1\n", 2, 4, "“*mc:1”引用了没有定义的内容"),
    ("a: [b:]\n", 1, 5, "冒号后面没有值"),
    ("a: %x\n", 1, 4, "不能以“%”开头"),
]


@pytest.mark.parametrize(("text", "line", "column", "said"), TOLD)
def test_what_cannot_be_read_is_told_truly(text: str, line: int, column: int, said: str) -> None:
    at_line, at_column, message, hint = problem(text)
    assert (at_line, at_column) == (line, column) and said in message and hint


def test_a_key_moved_by_a_wide_blank_is_told_where_it_stands() -> None:
    text = "学校:\n  学校名称: 沙枣小学（示例）\n　　旗县区: 临河区\n"
    found = kehou.check(
        {"学校": {"学校名称": "沙枣小学（示例）"}, "　　旗县区": "临河区"},
        kehou.CheckOptions(engine="direct", packs=("bayannur-2021",), as_of="2021-09-06"),
    )
    assert any("全角空格缩进" in fault.hint for fault in found.submission.faults)
    assert tree(text)["　　旗县区"] == "临河区"


# --- against the parser alone ---------------------------------------------------------------------

PIECES = (
    *("a: ", "- ", "\n", "  ", "    ", "\t", "&x ", "*x", "? ", "[", "]", "{", "}", ", ", "'", '"'),
    *("\\", "|\n", "> # c\n", "# 注\t", "甲", "0", "-\t", "key:\t", "''", "　", "\ue000", "?", ":"),
)


def parsed(get: Any) -> tuple[list[Any], str]:
    found: list[Any] = []
    try:
        while True:
            event = get()
            anchor, value = getattr(event, "anchor", None), getattr(event, "value", None)
            place = event.start_mark.index, event.end_mark.index
            found.append((type(event).__name__, anchor, value, *place))
            if type(event) is StreamEndEvent:
                return found, ""
    except YAMLError as error:
        return found, str(error)


def test_what_the_parser_reads_by_itself_is_read_the_same_at_the_same_places() -> None:
    chance = random.Random(12)
    sound = 0
    for _ in range(20_000):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 13)))
        alone, fault = parsed(CParser(text).get_event)
        if fault or ("?" in text and set(text) & set("[{")):
            continue
        sound += 1
        assert parsed(events(text)) == (alone, ""), repr(text)
    assert sound > 2_000
