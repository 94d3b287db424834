"""The submission schema: what every form, label and message of the project is made from."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from kehou import data
from kehou.fields import Field, load_schema
from kehou.fields.scalars import read

TEXT = data.schemas().joinpath("submission.schema.json").read_text("utf-8")
SCHEMA = load_schema(TEXT)
FIELDS = list(SCHEMA.walk())


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(TEXT))


def test_a_plan_with_english_names_and_values_validates() -> None:
    plan: dict[str, Any] = {
        "school": {"levels": ["primary"], "boarding": False, "students_total": 450},
        "plan": {
            "term": "autumn",
            "sessions": [{"grades": [1, 2], "start": "16:30", "end": "18:30"}],
        },
        "fee": {"mode": "charged", "items": [{"amount": "3.00", "unit": "per_period"}]},
    }
    jsonschema.Draft202012Validator(json.loads(TEXT)).validate(plan)
    plan["plan"]["sessions"][0]["ende"] = "18:30"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(TEXT)).validate(plan)


@pytest.mark.parametrize("field", [SCHEMA.root, *FIELDS], ids=lambda field: field.path or "root")
def test_every_field_is_labelled_in_two_languages(field: Field) -> None:
    assert field.title
    assert field.title_en
    if field.kind == "enum":
        assert all(field.labels.values())


@pytest.mark.parametrize(
    "field", [SCHEMA.root, *(f for f in FIELDS if f.fields)], ids=lambda field: field.path or "root"
)
def test_no_two_siblings_share_a_spelling(field: Field) -> None:
    spellings = [
        s for child in field.fields.values() for s in (child.name, child.title, *child.names)
    ]
    assert len(set(spellings)) == len(spellings)
    assert len(field.folded_keys) == len(field.keys)


@pytest.mark.parametrize(
    "field", [f for f in FIELDS if f.kind == "enum"], ids=lambda field: field.path
)
def test_an_enumeration_reads_its_labels_and_aliases(field: Field) -> None:
    assert len(set(field.labels.values())) == len(field.labels)
    assert not set(field.aliases) & (set(field.labels) | set(field.labels.values()))
    for value, label in field.labels.items():
        assert read(field, label)[0] == read(field, value)[0] == value
    for alias, value in field.aliases.items():
        assert value in field.labels, alias


def test_nothing_is_required_by_json_schema() -> None:
    assert '"required"' not in TEXT


def test_paths_and_pointers_lead_through_rows() -> None:
    end = SCHEMA.field("plan.sessions.end")
    assert end is not None and (end.kind, end.title) == ("time", "结束时间")
    assert SCHEMA.at("/plan/sessions/2/end") == end
    member = SCHEMA.at("/plan/sessions/2/grades/0")
    assert member is not None and member.kind == "integer"
    inner = SCHEMA.at("/vendors/0/incidents/1/date")
    assert inner is not None and inner.path == "vendors.incidents.date"
    assert SCHEMA.field("plan.session.end") is None
    assert SCHEMA.at("/plan/nothing/0/x") is None


def test_what_the_rules_of_the_language_page_read_is_there() -> None:
    paths = [
        "school.levels",
        "school.boarding",
        "plan.uses_vendors",
        "plan.provides_meals",
        "plan.off_campus",
        "plan.extended_care.offered",
        "fee.mode",
        "plan.sessions.course_id",
        "plan.sessions.vendor_id",
        "plan.vendor_mechanisms.exit",
        "plan.filed_on",
        "plan.bed_time.time",
        "plan.clear_time",
        "plan.extended_care.requests.granted",
        "vendors.need_statement",
        "vendors.incidents.kind",
        "ledger.opening_balance",
        "ledger.balance_treatment",
        "roster.on_roll",
        "timetable.previous.arrival",
        "timetable.approved.periods.no",
        "inspection.observations.homework_extra",
        "pta.collects_fees",
        "plan.term_start",
        "plan.publicity.channel",
        "plan.documents.school_name",
        "conflicts.field",
        "approval.source",
        "inspection.source",
        "county_list.entries.uscc",
        "price_table.ceiling",
        "standard_periods.periods_per_week",
        "safety.insurance.kind",
        "plan.risk_assessment.date",
    ]
    assert [path for path in paths if SCHEMA.field(path) is None] == []
