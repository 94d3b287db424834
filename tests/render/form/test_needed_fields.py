"""What a form marks is what its check needs: no more is asked of one who fills it in, no less."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import kehou
from kehou.commands.form import workbook
from kehou.fields import Field
from kehou.model.outcomes import Outcome, Owner, Stage
from kehou.packs import Pack
from kehou.packs import available as available_packs
from kehou.render.form import needs
from kehou.render.form.needed_fields import Need
from kehou.submission import carry, load

pytestmark = pytest.mark.checkout

#: An ordinary primary school's plan, with a vendor and fees, and one with all its evidence.
PRIMARY = Path(__file__).parents[3] / "examples" / "primary-compliant"
EVIDENCE = PRIMARY.parent / "folder-with-evidence"
APPROVAL = Stage.APPROVAL


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    return [kehou.load_pack(name) for name in available_packs()]


@pytest.fixture(scope="module")
def needed(packs: list[Pack]) -> dict[str, Need]:
    return needs(packs, APPROVAL)


def marked(
    record: Field, tree: Mapping[str, Any], needed: Mapping[str, Need], without: str = ""
) -> dict[str, Any]:
    """What a clerk fills in who leaves every box marked 选填 empty, and one more."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        field = record.fields[name]
        if field.path == without:
            continue
        if isinstance(value, dict):
            if inner := marked(field, value, needed, without):
                found[name] = inner
        elif field.kind == "rows" and isinstance(value, list):
            rows = [marked(field, row, needed, without) for row in value]
            if any(rows):
                found[name] = rows
        elif "approval" in field.required or field.path in needed:
            found[name] = value
    return found


def blocked(file: Path) -> set[str]:
    """The schema paths that critical and major rules ask the school for."""
    options = kehou.CheckOptions(stage=APPROVAL, engine="direct", packs=tuple(available_packs()))
    report = kehou.check(str(file), options)
    return {
        ".".join(step for step in pointer.split("/")[1:] if not step.isdecimal())
        for result in report.results
        if result.severity in report.packs.blocking
        for finding in result.findings
        if finding.outcome is Outcome.INSUFFICIENT and finding.owner is Owner.SUBJECT
        for pointer in finding.missing
    }


@pytest.mark.parametrize("example", [PRIMARY, EVIDENCE])
def test_who_fills_what_is_marked_is_asked_for_nothing(
    example: Path, packs: list[Pack], needed: dict[str, Need], tmp_path: Path
) -> None:
    schema = packs[0].schema
    tree = carry(load(example, schema, APPROVAL)).tree
    file = tmp_path / "申报表.xlsx"
    file.write_bytes(workbook(packs, APPROVAL, marked(schema.root, tree, needed)))
    assert blocked(file) == set()


@pytest.mark.parametrize(
    "left_empty",
    [
        "fee.account",
        "fee.collector",
        "plan.eligibility.capacity",
        "plan.extended_care.until",
        "plan.sessions.audience",
        "plan.sessions.subject",
        "plan.documents.title",
        "timetable.grades.arrival",
        "timetable.previous.arrival",
        "vendors.contract.valid_to",
    ],
)
def test_a_marked_box_left_empty_is_what_is_asked_for(
    left_empty: str, packs: list[Pack], needed: dict[str, Need], tmp_path: Path
) -> None:
    schema = packs[0].schema
    assert needed[left_empty].always
    tree = carry(load(EVIDENCE, schema, APPROVAL)).tree
    file = tmp_path / "plan.json"
    kept = marked(schema.root, tree, needed, left_empty)
    file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    assert blocked(file) == {left_empty}


def test_what_the_stage_requires_is_not_told_twice(
    packs: list[Pack], needed: dict[str, Need]
) -> None:
    twice = [path for path in needed if "approval" in _field(packs, path).required]
    assert twice == []


def _field(packs: list[Pack], path: str) -> Field:
    field = packs[0].schema.field(path)
    assert field is not None
    return field
