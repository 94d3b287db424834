"""A word of a submission schema that nobody reads is refused, with the word that was meant."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kehou.fields import load_schema
from kehou.fields.schema_words import KNOWN

ROOT = Path(__file__).parents[2]
SCHEMAS = (
    "schemas/submission.schema.json",
    "docs/pack-example/meal-point.schema.json",
    "benchmarks/field20/field20.schema.json",
)
GOOD: dict[str, Any] = {
    "title": "登记表",
    "type": "object",
    "x-subject": {"name": "point.name"},
    "$defs": {"distance": {"title": "距离", "type": "integer", "minimum": 0, "x-units": ["米"]}},
    "properties": {
        "point": {
            "title": "点位",
            "type": "object",
            "properties": {
                "name": {"title": "名称", "type": "string", "x-required": ["approval"]},
                "near": {"$ref": "#/$defs/distance"},
            },
        },
        "rows": {
            "title": "插座",
            "type": "array",
            "x-key": ["code"],
            "items": {
                "type": "object",
                "properties": {"code": {"title": "编号", "type": "string", "x-private": True}},
            },
        },
    },
}
NAME = "/properties/point/properties/name"
CODE = "/properties/rows/items/properties/code"


def faults_with(at: str, word: str, value: Any) -> list[tuple[str, str, str]]:
    tree = json.loads(json.dumps(GOOD))
    node = tree
    for step in at.split("/")[1:]:
        node = node[step]
    node[word] = value
    return load_schema(tree, "", own=True).faults()


@pytest.mark.parametrize(
    ("at", "word", "value", "meant"),
    [
        (CODE, "x-privat", True, "x-private"),
        (NAME, "x-requird", ["approval"], "x-required"),
        ("", "x-date", {}, "x-dates"),  # what it says is looked at too: nothing else is wrong here
        ("", "x-subjct", {"name": "point.name"}, "x-subject"),
        ("/$defs/distance", "x-unit", ["米"], "x-units"),
        ("/$defs/distance", "minimun", 1, "minimum"),
        ("/$defs/distance", "maximun", 1, "maximum"),
        (NAME, "x-knd", "date", "x-kind"),
        (NAME, "x-absnt", True, "x-absent"),
        (NAME, "x-unred", "只用来辨认", "x-unread"),
        ("/properties/point", "x-name", ["点"], "x-names"),
        ("/properties/rows/items", "x-titel-en", "Row", "x-title-en"),
        (NAME, "enmu", ["a"], "enum"),
        (NAME, "x_private", True, "x-private"),
        ("", "definitions", {}, "$defs"),
        ("/properties/rows", "itmes", {}, "items"),
    ],
)
def test_a_misspelt_word_is_told_with_the_one_meant(
    at: str, word: str, value: Any, meant: str
) -> None:
    [(place, said, way)] = faults_with(at, word, value)
    assert place == f"{at}/{word}"
    assert word in said
    assert f"是否想写 {meant}？" in way


def test_a_word_of_nobody_is_told_with_those_there_are() -> None:
    [(_, said, way)] = faults_with(NAME, "x-colour", "red")
    assert "x-colour" in said
    assert "x-private" in way


def test_a_word_of_the_root_elsewhere_is_told() -> None:
    [(place, said, _)] = faults_with("/properties/point", "x-subject", {"name": "point.name"})
    assert place == "/properties/point/x-subject"
    assert "最外层" in said


def test_words_of_json_schema_are_known() -> None:
    for word, value in {"maxLength": 9, "pattern": "^a", "$comment": "", "examples": ["a"]}.items():
        assert faults_with(NAME, word, value) == []


def test_columns_of_a_register_are_looked_through() -> None:
    columns = {"title": "名单", "properties": {"due": {"type": "string", "x-knd": "date"}}}
    [(place, _, way)] = faults_with("", "x-register", columns)
    assert place == "/x-register/properties/due/x-knd"
    assert "x-kind" in way


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_of_this_repository_use_known_words_only(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert load_schema(text, "", own=True).misshapen == ()


def test_the_words_of_the_page_are_those_that_are_known() -> None:
    page = (ROOT / "docs" / "language.md").read_text("utf-8").partition("\n## 5 ")[2]
    listed = set(re.findall(r"^\| `(x-[a-z-]+)` \|", page, re.MULTILINE))
    assert listed == {word for word in KNOWN if word.startswith("x-")}
