"""The engine's code holds no word of the domain of its first policy.

The vocabulary is taken from the first pack's own files, so that a new field is looked for too:
the names, labels and values of schemas/submission.schema.json, and the glossary of
tests/support/first_pack.py. It is looked for in every string literal of engine/kehou outside
docstrings, and in the texts and templates of reports/.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support.first_pack import words_in

#: The checkout, also where the tests run from a copy of it against the wheel.
ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
ENGINE = ROOT / "engine" / "kehou"
REPORTS = ROOT / "reports"

pytestmark = pytest.mark.checkout

#: Names and labels of the schema that are words of any domain, by what else they mean.
GENERAL: Mapping[str, str] = {}
#: Keys of published formats, and where each may stand: the one table or module of that format.
PUBLISHED: Mapping[str, tuple[str, ...]] = {}
#: (file, word, reason): literals that keep a word of the domain.
EXCEPTED: tuple[tuple[str, str, str], ...] = ()
#: Packages in which nothing is excepted: they are what a pack of any domain is judged by.
CLEAN = (
    "model",
    "fields",
    "language",
    "packs",
    "submission",
    "facts",
    "judging",
    "checking",
    "readers",
)
MOST_EXCEPTED = 20

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


# --- the vocabulary ------------------------------------------------------------------------


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """(English names and values, Chinese labels) of the first pack's submission schema."""
    names: set[str] = set()
    labels: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for inner in node:
                walk(inner)
        if not isinstance(node, dict):
            return
        names.update(node.get("properties", {}))
        names.update(value for value in node.get("enum", ()) if isinstance(value, str))
        labels.update(node.get("x-labels", {}).values(), node.get("x-names", ()))
        if isinstance(node.get("title"), str):
            labels.add(node["title"])
        for inner in node.values():
            walk(inner)

    walk(json.loads((ROOT / "schemas" / "submission.schema.json").read_bytes()))
    english = frozenset(name for name in names | labels if name.isascii())
    return english, frozenset(label for label in labels if not label.isascii())


def general() -> frozenset[str]:
    """Every word of `GENERAL`."""
    return frozenset(word for words in GENERAL.values() for word in words.split())


def found_in(text: str) -> set[str]:
    """The words of the domain in one text."""
    english, chinese = vocabulary()
    names = {name for name in _NAME.findall(text) if name in english}
    labels = {label for label in chinese if label in text}
    return (names | labels | words_in(text)) - general()


# --- where it is looked for ----------------------------------------------------------------


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, string) of every literal of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


@cache
def rows() -> dict[tuple[str, str], list[int]]:
    """(file, word) → the lines that say it, for the whole engine."""
    found: dict[tuple[str, str], list[int]] = {}
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        for line, text in literals(path):
            for word in found_in(text):
                if not name.startswith(PUBLISHED.get(word, ("\n",))):
                    found.setdefault((name, word), []).append(line)
    return found


def test_no_literal_of_the_engine_holds_a_word_of_the_domain() -> None:
    excepted = {(file, word) for file, word, _ in EXCEPTED}
    told = [
        f"{file}:{lines[0]}：{word}"
        for (file, word), lines in rows().items()
        if (file, word) not in excepted
    ]
    assert told == [], "\n".join(told)


def test_exceptions_are_few_have_a_reason_and_are_not_where_judging_is_done() -> None:
    assert len(EXCEPTED) <= MOST_EXCEPTED
    assert all(reason.strip() for _, _, reason in EXCEPTED)
    assert [file for file, _, _ in EXCEPTED if file.startswith(CLEAN)] == []


def test_no_exception_and_no_general_word_outlives_its_use() -> None:
    assert {(file, word) for file, word, _ in EXCEPTED} <= set(rows())
    english, chinese = vocabulary()
    assert general() <= english | chinese


@pytest.mark.parametrize("name", ["zh_CN.json", "en.json"])
def test_the_texts_of_reports_leave_the_nouns_to_the_pack(name: str) -> None:
    texts = json.loads((REPORTS / name).read_bytes())
    told = {key: sorted(found) for key, text in texts.items() if (found := words_in(text))}
    assert told == {}


def test_the_templates_of_reports_leave_the_nouns_to_the_pack() -> None:
    told = {
        f"{path.name}:{number}": sorted(found)
        for path in sorted(REPORTS.glob("*.j2"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := {word for word in words_in(line) if not word.isascii()})
    }
    assert told == {}


def test_a_word_of_the_domain_would_be_found() -> None:
    assert found_in("请在方案中填写 service_start") >= {"方案", "service_start"}
    assert found_in("/school/levels") >= {"school", "levels"}
    assert found_in("各校的报告，逐项校验") == {"校"}
    assert found_in("classify the name") == set()
