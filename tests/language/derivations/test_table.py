"""The table of derivations: every row is whole, and what is made from it says the same."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any, get_args

import pytest

from kehou.facts import derived
from kehou.fields import validation
from kehou.language import Type, facts_grammar
from kehou.language.derivations import FUNCTIONS, result_type
from kehou.language.derivations.keys import KEYS
from kehou.language.derivations.signature import Shape
from kehou.language.facts_grammar import derivation
from kehou.language.yaml_places import Faults, Place
from kehou.readers import read

#: The checkout, also where the tests run from a copy of it against the wheel.
ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[3])


def read_field(text: str) -> tuple[Any, list[str]]:
    """(the derivation of one YAML value of ``fields:``, what is wrong with it)."""
    faults = Faults()
    document = read("facts.yaml", text.encode())
    found = derivation("loan.value", document.tree, Place(document, faults))
    return found, [message for _, message, _ in faults.placed()]


# --- what is made from the table --------------------------------------------------------------


@pytest.mark.checkout
def test_the_schema_and_the_page_are_those_of_the_table() -> None:
    made = runpy.run_path(str(ROOT / "scripts/derivations"))
    for path, text in (("schemas/facts.schema.json", "schema"), ("docs/language.md", "page")):
        assert (ROOT / path).read_text("utf-8") == made[text](), "请运行 scripts/derivations"


def test_every_key_of_a_row_has_its_words_and_is_read() -> None:
    used = {key for function in FUNCTIONS.values() for key in function.takes.keys}
    assert used == set(KEYS)
    of_units = {key for f in FUNCTIONS.values() if f.takes.shape == "units" for key in f.takes.keys}
    assert used == set(facts_grammar._MEMBERS) | of_units


def test_whatever_a_function_is_given_is_gathered() -> None:
    assert set(derived._BY_SHAPE) == set(get_args(Shape))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_row_is_read_as_that_function(name: str) -> None:
    found, faults = read_field(FUNCTIONS[name].example)
    assert faults == [] and found.fn == name
    entities = "{loan: {list: loans, key: [card], label: card}}"
    text = f"entities: {entities}\nfields: {{loan.value: {FUNCTIONS[name].example}}}"
    assert validation.validate(read("facts.yaml", text.encode()).tree, "facts") == []


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if f.other])
def test_the_function_of_a_mutant_takes_the_same_and_gives_the_same_kind(name: str) -> None:
    function = FUNCTIONS[name]
    other = FUNCTIONS[function.other]
    assert set(function.takes.keys) - {"of"} <= set(other.takes.keys)
    assert function.takes.arguments == other.takes.arguments
    number = Type("integer")
    types = [number] * len(function.takes.arguments) or [number]
    assert result_type(name, types).kind == result_type(function.other, types).kind


# --- what may be written ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("{sum: {over: loan}}", "缺少 of"),
        ("{sum: {of: pages, over: loan, that: {field: x, is: 1}}}", "不认识的键 that"),
        ("{count: {of: pages, over: loan}}", "不认识的键 of"),
        ("{lookup: {in: shelf}}", "lookup 要有 match、same 或 at"),
        ("{lookup: {in: shelf, at: lent_on}}", "at 和 valid 一起写"),
        ("{lookup: {in: shelf, match: [[a]]}}", "match 的每一项写作 [本行字段, 对方字段]"),
        ("{plus: [a]}", "plus 要有两个字段"),
        ("{plus: [a, b, overnight]}", "plus 要有两个字段"),
        ("{month_of: [a, b]}", "month_of 要有一个字段"),
        ("{count: {over: loan, at: lent_on}}", "at 和 valid 一起写"),
        ("{days_between: [a, b, overnight]}", "days_between 要有两个字段"),
        ("{first: []}", "first 之下应当列出字段"),
        ("{median: {of: pages, over: loan}}", "没有函数 median"),
    ],
)
def test_what_a_row_does_not_take_is_a_fault(written: str, wrong: str) -> None:
    assert wrong in read_field(written)[1]


def test_the_word_after_two_times_is_read() -> None:
    assert read_field("{minutes_between: [a, b, overnight]}")[0].overnight
    assert not read_field("{minutes_between: [a, b]}")[0].overnight
    assert read_field("{days_between: [a, b, inclusive]}")[0].inclusive
    assert not read_field("{days_between: [a, b]}")[0].inclusive


# --- types ------------------------------------------------------------------------------------

WHOLE, MONEY, DECIMAL = Type("integer"), Type("money"), Type("decimal")
TIME, DATE, TEXT = Type("time"), Type("date"), Type("text")
UNSURE = Type("integer", interval=True)


@pytest.mark.parametrize(
    ("name", "types", "expected"),
    [
        ("count", [], UNSURE),
        ("distinct", [TEXT], UNSURE),
        ("sum", [MONEY], Type("money", interval=True)),
        ("max", [DATE], Type("date", interval=True)),
        ("collect", [TEXT], Type("text", many=True)),
        ("has", [], Type("boolean", domain=(True, False))),
        ("lookup", [], Type("boolean", domain=(True, False))),
        ("lookup", [MONEY], MONEY),
        ("first", [WHOLE, UNSURE], UNSURE),
        ("plus", [DATE, WHOLE], DATE),
        ("minus", [MONEY, MONEY], MONEY),
        ("times", [MONEY, WHOLE], MONEY),
        ("times", [DECIMAL, WHOLE], DECIMAL),
        ("ratio", [MONEY, MONEY], Type("decimal", interval=True)),
        ("ratio", [DECIMAL, WHOLE], Type("decimal", interval=True)),
        ("ratio", [WHOLE, DECIMAL], Type("decimal", interval=True)),
        ("plus", [WHOLE, DECIMAL], DECIMAL),
        ("minus", [DECIMAL, UNSURE], Type("decimal", interval=True)),
        ("minutes_between", [TIME, TIME], WHOLE),
        ("days_between", [DATE, DATE], WHOLE),
        ("month_of", [DATE], Type("month")),
        ("weekday_of", [DATE], WHOLE),
        ("by_unit", [MONEY, Type("enum"), WHOLE], MONEY),
        ("after", [TEXT, Type("enum")], TEXT),
        ("after", [TEXT, Type("text", private=True)], Type("text", private=True)),
    ],
)
def test_the_type_of_a_derived_field(name: str, types: list[Type], expected: Type) -> None:
    assert result_type(name, types) == expected


@pytest.mark.parametrize(
    ("name", "types", "wrong"),
    [
        ("sum", [DATE], "sum 只用于数和金额"),
        ("sum", [Type("integer", many=True)], "sum 只用于数和金额"),
        ("max", [TEXT], "max 只用于数、金额、日期和时刻"),
        ("plus", [WHOLE, DATE], "plus 用于日期时，前一项是日期，后一项是整数"),
        ("plus", [WHOLE, MONEY], "plus 的两项一项是整数、一项是金额，不能相加减"),
        ("times", [MONEY, MONEY], "金额不能乘金额"),
        ("times", [MONEY, DECIMAL], "金额乘小数得不到整分，请改用 ratio 比较"),
        (
            "ratio",
            [MONEY, WHOLE],
            "ratio 的两项一项是金额、一项是整数，商不是金额，不能相除；"
            "金额和数比较，请把数乘到金额的那一边（times）",
        ),
        ("ratio", [TIME, WHOLE], "ratio 的两项一项是时刻、一项是整数，不能相除"),
        ("minutes_between", [TIME, DATE], "minutes_between 只用于时刻"),
        ("days_between", [DATE, TIME], "days_between 只用于日期"),
        ("month_of", [TEXT], "month_of 只用于日期"),
        ("first", [WHOLE, TEXT], "first 的各字段类型不一致"),
        ("by_unit", [TEXT, TEXT], "by_unit 的 amount 应当是数或金额"),
        ("min", [], "min 缺少要计算的字段"),
        ("after", [TEXT, WHOLE], "after 只用于文字"),
    ],
)
def test_types_that_do_not_go_together_are_refused(
    name: str, types: list[Type], wrong: str
) -> None:
    with pytest.raises(ValueError) as told:
        result_type(name, types)
    assert str(told.value) == wrong
