"""The quick yes never says yes where jsonschema finds a fault, and says it of what is sound."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.score_reports import finding, report, result

from kehou.fields import sound_trees, validation

WRONG: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    "",
    7,
    -1,
    True,
    1.5,
    "2025-02-30",
    ["x"],
    {"x": 1},
    ...,
)
TREES: dict[str, Any] = {
    "report": report([result("a-rule", finding("fail"), finding("pass"))]),
    "notice": {
        "format": "kehou-notice/1",
        "stage": "inspection",
        "as_of": "2021-09-01",
        "due": "2021-12-31",
        "report_sha256": "0" * 64,
        "school": {"id": "1", "name": None},
        "packs": ["p"],
        "items": [],
    },
    "closure": {
        "format": "kehou-closure/1",
        "report_sha256": "0" * 64,
        "due": "2021-12-31",
        "received": "",
        "school": {"id": "1", "name": None},
        "items": [
            {
                "number": 1,
                "id": "0123456789abcdef",
                "rule": "r",
                "problem": "",
                "replied": True,
                "done": "",
                "date": "2021-12-01",
                "evidence": "",
                "objection": "",
                "late": False,
                "result": "open",
                "members": {"fixed": 0, "all": 1},
                "now": [],
            }
        ],
    },
}


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


@pytest.mark.parametrize("name", TREES)
def test_it_agrees_with_jsonschema_on_every_place_and_every_kind_of_damage(name: str) -> None:
    sound = sound_trees.compiled(validation.load(name))
    validator = validation._validator(name)
    assert sound(TREES[name]) and validator.is_valid(TREES[name])
    rng = random.Random(1)
    for path in places(TREES[name]):
        for wrong in rng.sample(WRONG, 4):
            tree = copy.deepcopy(TREES[name])
            at = tree
            for key in path[:-1]:
                at = at[key]
            if wrong is ...:
                del at[path[-1]]
            else:
                at[path[-1]] = wrong
            assert (path, wrong, sound(tree)) == (path, wrong, validator.is_valid(tree))


def test_a_key_too_many_is_none_of_a_report() -> None:
    tree = TREES["report"] | {"more": 1}
    assert not sound_trees.compiled(validation.load("report"))(tree)
    assert "more" in json.dumps(validation.validate(tree, "report"))


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}},
        {"$ref": "other.schema.json"},
        {"enum": [1]},
        {"if": {"type": "object"}, "then": {}},
        {"format": "email"},
        {"properties": {"a": {"uniqueItems": True}}},
    ],
)
def test_what_it_does_not_know_it_does_not_guess(schema: dict[str, Any]) -> None:
    with pytest.raises(sound_trees.Unknown):
        sound_trees.compiled(schema)
