"""Each quality gate of ``kehou lint`` on a small pack with one fault planted.

Without them a rule that can never fail, or a number without a ground, would look like a check.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_pack import FILES, plant, write_pack

from kehou.authoring.lint import lint

RULE, CASES = "book/book-price-kept.yaml", "book/book-price-kept.test.yaml"
ROOM, FACTS, PACK = "room/room-opens-early.yaml", "facts.yaml", "pack.yaml"
ENGLISH, CLAUSES = "i18n/en.yaml", "clauses.yaml"
REQUIRE = "require: {field: price, at_most: {param: price_limit}}"
WHEN = "when: {field: kind, in: [novel, comic]}"
REVIEW = "  - when: {field: year, less_than: {param: old_year}}"
OPENS = "require: {field: room.opens, at_most: {param: latest_opening}}"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def test_a_good_pack_has_no_fault(pack: Path) -> None:
    assert lint(str(pack)) == []


#: (name, file, text, what stands there instead, place as "file" or "file: line's text", message)
FAULTS = [
    ("unknown field", RULE, REQUIRE, "require: {field: prise, at_most: 3}", RULE, "没有字段 prise"),
    (
        "a label that names no field",
        FACTS,
        "label: 图书{code}",
        "label: 图书{number}",
        FACTS,
        "称呼“图书{number}”里的 number 不是 book 的字段",
    ),
    (
        "a label taken from the source that the group cannot fill",
        FACTS,
        "    label: 图书{code}\n",
        "    label: 图书{code}\n  shelf:\n    group: book\n    by: [kind]\n",
        FACTS,
        "里的 code 不是 shelf 的字段",
    ),
    (
        "a good submission with a time that there is none",
        "base.yaml",
        "opens: '07:30'",
        "opens: '24:61'",
        "base.yaml: opens",
        "值读不懂：24:61",
    ),
    (
        "a policy in force from a day that there is none",
        PACK,
        "effective_from: '2021-09-01'",
        "effective_from: '2021-09-31'",
        f"{PACK}: effective_from",
        "没有 2021-09-31 这一天",
    ),
    (
        "a number compared with a time",
        ROOM,
        OPENS,
        "require: {field: room.opens, at_most: 480}",
        ROOM,
        "480 不是时刻",
    ),
    (
        "a text in an order",
        RULE,
        WHEN,
        "when: {field: code, at_most: 3}",
        RULE,
        "不能用 at_most",
    ),
    (
        "no such option",
        RULE,
        WHEN,
        "when: {field: kind, in: [novel, poem]}",
        RULE,
        "没有取值 poem",
    ),
    (
        "a pattern that repeats a group",
        RULE,
        WHEN,
        "when: {field: code, matches: '(B[0-9])+'}",
        RULE,
        "正则不能重复一个括号组",
    ),
    (
        "a count below what there can be",
        ROOM,
        OPENS,
        "when: {field: room.seats, less_than: 0}\n" + OPENS,
        ROOM,
        "条件永远不会成立",
    ),
    (
        "a limit that everything keeps",
        ROOM,
        OPENS,
        "when: {field: room.seats, at_most: 500}\n" + OPENS,
        ROOM,
        "条件永远成立",
    ),
    (
        "every option listed",
        RULE,
        WHEN,
        "when: {field: kind, in: [novel, comic, atlas]}",
        RULE,
        "条件永远成立",
    ),
    (
        "one option and another at once",
        RULE,
        WHEN,
        "when: {all: [{field: kind, is: novel}, {field: kind, is: comic}]}",
        RULE,
        "条件永远不会成立",
    ),
    (
        "ends the wrong way round",
        RULE,
        WHEN,
        "when: {field: year, within: [2000, 1990]}",
        RULE,
        "上下限互相矛盾",
    ),
    (
        "no whole number between",
        RULE,
        WHEN,
        "when: {all: [{field: year, more_than: 1990}, {field: year, less_than: 1991}]}",
        RULE,
        "上下限互相矛盾",
    ),
    (
        "a field before and after another",
        RULE,
        REQUIRE,
        "require: {all: [{field: price, less_than: {field: submission.dearest}},\n"
        "  {field: price, at_least: {field: submission.dearest}}]}",
        RULE,
        "永远不会成立",
    ),
    (
        "a member that cannot hold",
        RULE,
        REQUIRE,
        "require:\n  any:\n    - {field: price, at_most: {param: price_limit}}\n"
        "    - {field: price, less_than: 0}",
        f"{RULE}: less_than: 0",
        "条件永远不会成立",
    ),
    (
        "what cannot be none is asked to exist",
        RULE,
        REQUIRE,
        "require: {field: price, exists: true}",
        RULE,
        "永远得不出“不符合”",
    ),
    (
        "required is what when excludes",
        RULE,
        REQUIRE,
        "require: {field: kind, is: atlas}",
        RULE,
        "没有材料能符合",
    ),
    (
        "required is what when says",
        RULE,
        REQUIRE,
        "require: {field: kind, is_not: atlas}",
        RULE,
        "永远得不出“不符合”",
    ),
    (
        "looked at is what when excludes",
        RULE,
        REVIEW,
        "  - when: {all: [{field: kind, is: atlas}, {field: year, less_than: {param: old_year}}]}",
        RULE,
        "这一条 review 永远不会成立",
    ),
    ("an assumption", RULE, "{param: price_limit}", "{param: assumed}", RULE, "是假定值"),
    ("no ground", PACK, "ground: A.2", "ground: ''", PACK, "没有依据"),
    ("a ground that is no clause", PACK, "ground: A.2", "ground: A.9", PACK, "不是条款编号"),
    (
        "two values of one day",
        PACK,
        "value: '08:00', ground: A.1}",
        "value: '08:00', ground: A.1}\n      - {from: '2021-09-01', value: '08:10', ground: A.1}",
        f"{PACK}: 08:10",
        "有两个值都从",
    ),
    (
        "an unused parameter",
        PACK,
        "  old_year:",
        "  spare: {title: 备用, type: integer, unit: 个, tighter: fixed, values: []}\n  old_year:",
        PACK,
        "参数 spare 没有用处",
    ),
    (
        "an unused entity",
        FACTS,
        "fields:",
        "  shelf: {group: book, by: [kind], label: '{kind}'}\nfields:",
        FACTS,
        "实体 shelf 没有用处",
    ),
    (
        "an unused derived field",
        FACTS,
        "  submission.dearest:",
        "  submission.many: {count: {over: book}}\n  submission.dearest:",
        FACTS,
        "submission.many 没有用处",
    ),
    (
        "a slot that names nothing",
        RULE,
        "message: '{label}的价格是{price}'",
        "message: '{label}的价格是{prise}'",
        RULE,
        "{prise} 不是字段或参数",
    ),
    (
        "a private slot in the English",
        ENGLISH,
        "  message: It opens at {room.opens}",
        "  message: Ask {room.keeper}",
        ENGLISH,
        "不得显示的字段",
    ),
    (
        "a clause that nothing carries",
        CLAUSES,
        "    status: permission\n    reason: 由各室自定",
        "    status: partly\n    reason: 由各室自定",
        CLAUSES,
        "却没有规则引用",
    ),
    (
        "a clause carried against its status",
        ROOM,
        "clauses: [A.1]",
        "clauses: [A.1, A.3]",
        f"{CLAUSES}: status: permission",
        "却有规则 room-opens-early 引用",
    ),
    (
        "a rule of no day",
        RULE,
        "\neach: book",
        "from: '2022-01-01'\nto: '2021-12-31'\n\neach: book",
        f"{RULE}: to:",
        "哪一天都不适用",
    ),
    (
        "a rule that ended before the policy began",
        RULE,
        "\neach: book",
        "to: '2021-08-31'\n\neach: book",
        RULE,
        "哪一天都不适用",
    ),
    (
        "no case of an outcome",
        CASES,
        "expect: {review: [/books/0]}",
        "expect: {pass: [/books/0]}",
        f"{CASES}: cases:",
        "没有结论为 review 的用例",
    ),
    (
        "a survivor without a reason",
        CASES,
        "cases:",
        "survivors: [{mutant: when dropped}]\ncases:",
        CASES,
        "缺少 reason",
    ),
    ("a severity", RULE, "severity: minor", "severity: grave", RULE, "不认识的值 grave"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "message"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_planted_fault_is_told_at_its_line(
    pack: Path, file: str, old: str, new: str, place: str, message: str
) -> None:
    if "assumed" in new:
        plant(pack, PACK, "  old_year:", FOUND_ASSUMED)
    line = plant(pack, file, old, new)
    found = lint(str(pack))
    told = [fault for fault in found if message in fault[1]]
    assert told, found
    where, _, text = place.partition(": ")
    assert {at.split(":")[0] for at, _, _ in told} == {where}
    lines = (pack / where).read_text("utf-8").split("\n")
    for at, _, _ in told:
        number = int(at.split(":")[1])
        if text:
            assert text in lines[number - 1]
        elif where == file:
            assert line <= number <= line + new.count("\n")


FOUND_ASSUMED = """\
  assumed:
    title: 价格上限（假定）
    type: money
    unit: 元
    tighter: lower
    values:
      - {from: '2021-09-01', value: '100', ground: 我们定的, assumption: true}
  old_year:"""


def test_every_fault_but_the_schema_s_says_how_to_mend_it(pack: Path) -> None:
    plant(pack, RULE, REQUIRE, "require: {field: price, exists: true}")
    plant(pack, PACK, "ground: A.1", "ground: ''")
    plant(pack, CLAUSES, "    status: permission", "    status: partly")
    plant(pack, ENGLISH, "  because: It opens too late", "  x: y")
    found = lint(str(pack))
    assert len(found) >= 4
    assert [fault for fault in found if not fault[2]] == []


def test_a_rule_written_twice_is_told_however_it_is_written(pack: Path) -> None:
    twin = "book/book-cost-kept"
    text = FILES[RULE].replace("book-price-kept", "book-cost-kept")
    text = text.replace("[novel, comic]", "[comic, novel]")
    text = text.replace(REQUIRE, "require: {all: [{field: price, at_most: {param: price_limit}}]}")
    (pack / f"{twin}.yaml").write_text(text, "utf-8")
    cases = FILES[CASES].replace("book-price-kept", "book-cost-kept")
    (pack / f"{twin}.test.yaml").write_text(cases, "utf-8")
    plant(
        pack,
        ENGLISH,
        "return-late:",
        "book-cost-kept: {title: a, message: b, remedy: c, reason: d}\nreturn-late:",
    )
    [(place, message, hint)] = lint(str(pack))
    assert message.startswith("与规则 book-cost-kept 重复")
    assert place == f"{RULE}:1"
    assert f"{twin}.yaml" in hint


def test_two_rules_that_nothing_can_keep_are_told(pack: Path) -> None:
    plant(
        pack,
        "book/book-dearest-kept.yaml",
        "require: {field: dearest, at_most: {param: price_limit}}",
        "require: {field: room.opens, at_least: '08:01'}",
    )
    found = [fault for fault in lint(str(pack)) if "互相矛盾" in fault[1]]
    [(place, message, hint)] = found
    assert message.startswith("与规则 room-opens-early 的 require 不能同时成立")
    assert place == "book/book-dearest-kept.yaml:7"
    assert f"{ROOM}:7" in hint


def test_a_rule_without_cases_is_told_at_the_rule(pack: Path) -> None:
    (pack / CASES).unlink()
    [(place, message, hint)] = [fault for fault in lint(str(pack)) if "没有用例" in fault[1]]
    assert place == f"{RULE}:1"
    assert "book-price-kept" in message and "book-price-kept.test.yaml" in hint


def test_a_closed_field_can_fail_where_it_is_missing(pack: Path) -> None:
    """`exists` on a field that cannot be 无 is no fault where the rule closes it."""
    plant(pack, RULE, REQUIRE, "require: {field: price, exists: true}")
    plant(pack, RULE, "\neach: book", "\neach: book\nclosed: {approval: [price]}")
    assert [f for f in lint(str(pack)) if "永远" in f[1]] == []


def test_a_vague_word_without_another_reading_is_told(pack: Path) -> None:
    plant(
        pack,
        PACK,
        "  old_year:\n    title: 旧书年份\n",
        "  old_year:\n    readings: {word: 旧, clauses: [A.2, Z.9]}\n    title: 旧书年份\n",
    )
    found = [(message, hint) for _, message, hint in lint(str(pack))]
    assert len(found) == 2
    assert found[0][0] == "含混的参数 old_year 没有另外的理解"
    assert "strict" in found[0][1]
    assert "Z.9 不是条款编号" in found[1][0]


@pytest.mark.parametrize(
    ("reading", "told"),
    [("strict: '1989'", "从严的值比现在的宽"), ("lenient: '1991'", "从宽的值比现在的严")],
)
def test_another_reading_goes_the_way_that_it_says(pack: Path, reading: str, told: str) -> None:
    """旧书年份 is 1990, and a later year is the stricter one."""
    plant(
        pack,
        PACK,
        "  old_year:\n    title: 旧书年份\n",
        f"  old_year:\n    readings: {{word: 旧, clauses: [A.2], {reading}}}\n"
        "    title: 旧书年份\n",
    )
    [(place, message, _)] = lint(str(pack))
    assert told in message
    assert place.startswith(PACK)


def test_a_group_has_only_the_fields_that_it_is_made_by(pack: Path) -> None:
    """Another field of its rows differs from row to row: a rule on it could never be judged."""
    plant(
        pack,
        FACTS,
        "fields:\n",
        "  kind_of_book: {group: book, by: [kind], label: '{kind}'}\n"
        "fields:\n  book.twice: {plus: [price, price]}\n",
    )
    plant(pack, RULE, "each: book", "each: kind_of_book")
    plant(pack, RULE, REQUIRE, "require: {field: twice, at_most: {param: price_limit}}")
    assert "没有字段 twice" in str(lint(str(pack)))


def test_a_limit_that_nobody_has_set_is_not_judged(pack: Path) -> None:
    plant(
        pack,
        PACK,
        "    values:\n      - {from: '2021-09-01', value: '100', ground: A.2}",
        "    values: []",
    )
    assert [f for f in lint(str(pack)) if "永远" in f[1]] == []


def test_a_pack_that_is_called_as_one_that_comes_with_kehou_is_told(pack: Path) -> None:
    """A copy that goes by the old name: a report would not say which of the two it was."""
    plant(pack, PACK, "id: reading\n", "id: national-2023\n")
    [(place, message, _)] = lint(str(pack))
    assert place == "pack.yaml:1" and "编号 national-2023 是随程序的规则包的" in message


def test_no_norm_need_not_be_written_where_there_is_none(pack: Path) -> None:
    plant(pack, CLAUSES, "no_norm: []\n", "")
    assert lint(str(pack)) == []
