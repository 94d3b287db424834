"""Whose gap a missing value is, by the shipped schema's own words (docs/language.md §2.14)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kehou import data
from kehou.fields import Schema, load_schema
from kehou.model.outcomes import Owner

TEXT = data.schemas().joinpath("submission.schema.json").read_text("utf-8")
SCHEMA = load_schema(TEXT)
BUREAUS: dict[str, Any] = {"approval": {"source": "bureau"}, "inspection": {"source": "bureau"}}
SCHOOLS: dict[str, Any] = {"approval": {"source": "school"}, "inspection": {"source": "school"}}


@pytest.mark.parametrize(
    ("pointer", "tree", "owner"),
    [
        ("/plan/sessions/0/end", {}, Owner.SUBJECT),
        ("/roster", {}, Owner.SUBJECT),
        ("/roster/3/application_date", {}, Owner.SUBJECT),
        # 空白即未被拒绝; a roster without the column is asked about on site
        ("/roster/3/rejected", {}, Owner.VISIT),
        ("/roster/*/rejected", {}, Owner.VISIT),
        # the bureau's tables, and what stands in them
        ("/county_list", {}, Owner.AUTHORITY),
        ("/county_list/0/entries/2/price", {}, Owner.AUTHORITY),
        # a record that nobody gave, that the bureau gave, of which the school kept a copy
        ("/approval", {}, Owner.AUTHORITY),
        ("/approval/date", {}, Owner.AUTHORITY),
        ("/approval/date", BUREAUS, Owner.AUTHORITY),
        ("/approval/date", SCHOOLS, Owner.SUBJECT),
        ("/approval/plan_sha256", SCHOOLS, Owner.AUTHORITY),
        ("/inspection/observations", {}, Owner.VISIT),
        ("/inspection/observations/0/exam", BUREAUS, Owner.VISIT),
        ("/inspection/observations/0/exam", SCHOOLS, Owner.VISIT),
        # the day of a check stands in no part
        ("/check/date", {}, Owner.AUTHORITY),
    ],
)
def test_owner_of_a_gap(pointer: str, tree: dict[str, Any], owner: Owner) -> None:
    assert SCHEMA.owner(tree, pointer) is owner


def test_only_tables_of_the_authority_cannot_be_brought() -> None:
    assert [f.name for f in SCHEMA.walk() if f.bureau] == [
        "county_list",
        "price_table",
        "standard_periods",
    ]


def changed(**words: Any) -> Schema:
    return load_schema(json.dumps({**json.loads(TEXT), **words}))


def test_a_word_that_no_owner_has_is_told_with_its_place() -> None:
    schema = changed(**{"x-owners": {"subject": "pupil"}})
    places = {place for place, _, _ in schema.faults()}
    assert "/properties/county_list/x-owner" in places  # says bureau, which is now nobody
    assert SCHEMA.faults() == []


def test_two_owners_cannot_have_one_word() -> None:
    told = changed(**{"x-owners": {"subject": "bureau", "authority": "bureau"}}).faults()
    assert any(place == "/x-owners" for place, _, _ in told)


def test_a_record_says_whose_it_is_only_where_the_root_says_what_names_one() -> None:
    tree = json.loads(TEXT)
    del tree["x-subject"]["id"]
    told = load_schema(json.dumps(tree)).faults()
    assert "/properties/approval/properties/school_id/x-whose" in {place for place, _, _ in told}
