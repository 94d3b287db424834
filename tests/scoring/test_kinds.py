"""The ways of scoring are one table: the schema, the documentation and the catalogue follow it."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.score_reports import indicator

from kehou import data
from kehou.render.words import catalogue
from kehou.scoring.kinds import COUNTS, KINDS, MEASURES
from kehou.scoring.reports_in import Count
from kehou.scoring.scheme import Band, Method

ROOT = Path(__file__).parents[2]
F = Fraction


def forms() -> dict[str, dict[str, object]]:
    """What the schema of a scheme allows beside each kind."""
    schema = json.loads(data.schemas().joinpath("scheme.schema.json").read_text("utf-8"))
    method = schema["$defs"]["method"]
    assert method["properties"]["kind"]["enum"] == list(KINDS)
    return {one["properties"]["kind"]["const"]: one for one in method["oneOf"]}


def test_the_schema_has_each_kind_with_its_keys() -> None:
    found = forms()
    assert list(found) == list(KINDS)
    for name, kind in KINDS.items():
        keys = found[name]["properties"]
        assert isinstance(keys, dict)
        assert set(keys) - {"kind"} == set(kind.keys), name
        assert found[name].get("required", []) == list(kind.needed), name
        if "count" in kind.keys:
            assert set(keys["count"]["enum"]) == set(kind.counts), name
    bands = found["bands"]["properties"]
    assert isinstance(bands, dict)
    assert bands["measure"]["enum"] == list(MEASURES)
    bounds = set(bands["bands"]["items"]["properties"]) - {"points"}
    assert bounds == {measure.key for measure in MEASURES.values()}


@pytest.mark.checkout
def test_the_documentation_has_a_row_for_each_kind() -> None:
    text = (ROOT / "docs" / "scoring.md").read_text("utf-8")
    assert re.findall(r"^\| `\{kind: (\w+)", text, re.MULTILINE) == list(KINDS)


def test_every_kind_says_itself_in_words() -> None:
    bands = (Band(F(1), F(10)), Band(None, F(0)))
    words = catalogue.official()
    for name, kind in KINDS.items():
        for measure in MEASURES if name == "bands" else ("",):
            one = indicator("i", 10, Method(name, measure=measure, deduct=F(2), bands=bands))
            assert kind.criteria(one, words), name
    assert {f"score.unit.{count}" for count in COUNTS} <= set(words)


def test_a_kind_is_scored_by_rules_or_by_people() -> None:
    """Bands are either, as their measure says; every other kind is one of the two."""
    for name, kind in KINDS.items():
        both = kind.earned is not None and kind.valued is not None
        assert both is (name == "bands"), name
        assert kind.earned is not None or kind.valued is not None, name
    assert not Method("bands", measure="failures").given
    assert Method("bands", measure="survey").given
    assert Method("manual").given and not Method("ratio").given


def test_what_is_open_without_end_leaves_the_least_and_the_most() -> None:
    """Of one certain breach among who knows how many: 2 off at best, nothing left at worst."""
    one = indicator("i", 10, Method("per_failure", "findings", deduct=F(2)))
    earned = KINDS["per_failure"].earned
    assert earned is not None
    found = earned(one, Count(1, None, 0))
    assert (found.low, found.high) == (F(0), F(8))
