"""docs/language.md: its examples load, it names the whole vocabulary, and its numbers stand.

Code cites the page by section; a reader who follows a citation must find the section there.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kehou.fields import validation
from kehou.language.decision_grammar import decision_rules
from kehou.language.derivations import FUNCTIONS
from kehou.language.facts_grammar import derivation, entity
from kehou.language.grammar import rule
from kehou.language.operators import OPERATORS
from kehou.language.yaml_places import Faults, Place
from kehou.model.outcomes import Outcome
from kehou.readers import read

#: The checkout, also where the tests run from a copy of it against the wheel.
ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
ENGINE = ROOT / "engine" / "kehou"
SUBMISSION = ROOT / "schemas" / "submission.schema.json"
#: Words that the page describes and no code reads; whoever writes one moves its section.
PLANNED: tuple[str, ...] = ()

pytestmark = pytest.mark.checkout


def page() -> str:
    return (ROOT / "docs" / "language.md").read_text("utf-8")


def sections() -> dict[str, str]:
    """The text of every numbered section by its number."""
    parts = re.split(r"^#{2,3} (\d+(?:\.\d+)?) ", page(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> dict[str, list[str]]:
    """The cells of each row of a section's table that begins with a code word, by that word."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", sections()[section], flags=re.MULTILINE)
    return {word: [cell.strip() for cell in rest.split(" | ")] for word, rest in found}


# --- numbers -------------------------------------------------------------------------------


def test_sections_are_numbered_without_a_gap() -> None:
    chapter, last, expected = 0, 0, []
    for number in sections():
        if "." in number:
            last += 1
        else:
            chapter, last = chapter + 1, 0
        expected.append(f"{chapter}.{last}" if "." in number else str(chapter))
    assert list(sections()) == expected


def test_every_section_has_an_english_line_under_its_heading() -> None:
    lines = page().splitlines()
    without = [
        line
        for line, below in itertools.pairwise(lines)
        if re.match(r"#{2,3} \d", line) and not re.fullmatch(r"\*[ -~“”]+\.\*", below)
    ]
    assert without == []


def test_a_section_that_is_named_is_there() -> None:
    """In the page itself, and wherever code and schemas cite it."""
    known = sections()
    cited = {("docs/language.md", number) for number in re.findall(r"§(\d+(?:\.\d+)?)", page())}
    for path in [*ENGINE.rglob("*.py"), *(ROOT / "schemas").glob("*.json")]:
        for number in re.findall(r"language\.md §(\d+(?:\.\d+)?)", path.read_text("utf-8")):
            cited.add((path.relative_to(ROOT).as_posix(), number))
    assert sorted((file, number) for file, number in cited if number not in known) == []


# --- the vocabulary ------------------------------------------------------------------------


def test_every_operator_has_its_row_with_what_absent_makes_of_it() -> None:
    found = rows("1.5")
    assert list(found) == list(OPERATORS)
    told = {word: cells[3] for word, cells in found.items() if word != "exists"}
    meant = {
        word: "成立" if operator.when_absent else "不成立"
        for word, operator in OPERATORS.items()
        if word != "exists"
    }
    assert told == meant


def test_the_operators_that_absent_makes_true_are_named_where_three_values_are_explained() -> None:
    for word, operator in OPERATORS.items():
        assert not operator.when_absent or f"`{word}`" in sections()["2.3"], word


def test_every_kind_of_entity_has_its_row() -> None:
    schema = validation.load("facts")
    forms = [branch["required"][0] for branch in schema["$defs"]["entity"]["oneOf"]]
    assert list(rows("1.6")) == forms


def test_every_derivation_has_its_row() -> None:
    assert list(rows("1.7")) == list(FUNCTIONS)


def test_every_key_of_a_rule_and_of_a_case_is_explained() -> None:
    keys = validation.load("rule")["properties"]
    assert [key for key in keys if f"`{key}`" not in sections()["1.3"]] == []
    case = validation.load("cases")["properties"]["cases"]["items"]["properties"]
    assert [key for key in case if f"`{key}`" not in sections()["1.9"]] == []


def test_outcomes_stand_in_roll_up_order() -> None:
    line = next(line for line in sections()["2.12"].splitlines() if "`error`" in line)
    assert re.findall(r"`([a-z_]+)`", line) == [str(outcome) for outcome in Outcome]


def words_of(node: Any) -> Iterator[str]:
    """Every ``x-`` key of a schema."""
    children: list[Any] = []
    if isinstance(node, dict):
        yield from (key for key in node if key.startswith("x-"))
        children = list(node.values())
    elif isinstance(node, list):
        children = node
    for child in children:
        yield from words_of(child)


def words_read() -> set[str]:
    """Every ``x-`` word that code asks a schema for."""
    texts = (path.read_text("utf-8") for path in ENGINE.rglob("*.py"))
    return {word for text in texts for word in re.findall(r"[\"'](x-[a-z-]+)[\"']", text)}


def test_every_word_of_a_submission_schema_has_its_row() -> None:
    used = set(words_of(json.loads(SUBMISSION.read_text("utf-8"))))
    assert set(rows("5")) == used
    assert used <= words_read(), "没有代码读的词"
    assert [word for word in words_read() if f"`{word}`" not in sections()["5"]] == []


def test_what_is_planned_is_not_there() -> None:
    used = set(words_of(json.loads(SUBMISSION.read_text("utf-8")))) | words_read()
    for word in PLANNED:
        assert word in sections()["4"] + "".join(sections()[f"4.{n}"] for n in (1,)), word
        assert word not in used, f"{word} 已经实现，请从第 4 章移到前面"


# --- examples ------------------------------------------------------------------------------


def examples() -> list[tuple[str, str]]:
    """(kind, YAML) of every block of the page that says what it is."""
    return re.findall(r"^```yaml ([a-z]+)\n(.*?)^```$", page(), flags=re.MULTILINE | re.DOTALL)


def test_every_yaml_of_the_page_says_what_it_is() -> None:
    kinds = [kind for kind, _ in examples()]
    assert {"rule", "facts", "decisions", "cases"} <= set(kinds)
    assert page().count("```") == 2 * len(kinds)


def _rule(tree: Any, at: Place) -> None:
    rule(tree, at, "pack", "area", tree["id"], "submission")


def _facts(tree: Any, at: Place) -> None:
    for name, body in tree["entities"].items():
        entity(name, body, at / "entities" / name)
    for full, body in tree["fields"].items():
        derivation(full, body, at / "fields" / full)


def _decisions(tree: Any, at: Place) -> None:
    decision_rules(tree["rules"], at / "rules")


#: How the loader reads what the page shows.
GRAMMARS: dict[str, Callable[[Any, Place], None]] = {
    "rule": _rule,
    "facts": _facts,
    "decisions": _decisions,
}


@pytest.mark.parametrize(("kind", "text"), examples(), ids=[kind for kind, _ in examples()])
def test_an_example_is_valid(kind: str, text: str) -> None:
    document = read(f"{kind}.yaml", text.encode())
    assert validation.validate(document.tree, kind) == []
    if kind in GRAMMARS:
        faults = Faults()
        GRAMMARS[kind](document.tree, Place(document, faults))
        assert faults.placed() == []
