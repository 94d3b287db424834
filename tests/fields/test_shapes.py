"""A schema of one's own with several faults: each is told once, all in one run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kehou.fields import load_schema


def tree() -> dict[str, Any]:
    return {
        "type": "object",
        "title": "登记表",
        "x-subject": {"id": "pool.code", "name": "pool.name"},
        "x-dates": {"as_of": "pool.from"},
        "properties": {
            "pool": {
                "type": "object",
                "title": "泳池",
                "properties": {
                    "code": {"title": "编号", "type": "string"},
                    "name": {"title": "名称", "type": "string"},
                    "from": {"title": "填表日期", "type": "string", "x-kind": "date"},
                    "until": {"title": "到期日期", "type": "string", "x-kind": "date"},
                },
            },
            "guards": {
                "type": "array",
                "title": "救生员",
                "x-key": ["number"],
                "items": {
                    "type": "object",
                    "properties": {
                        "number": {"title": "编号", "type": "string"},
                        "begins": {"title": "上岗日期", "type": "string", "x-kind": "date"},
                    },
                },
            },
        },
    }


def told(whole: dict[str, Any]) -> list[tuple[str, str, str]]:
    return load_schema(json.dumps(whole), "", True).faults()


def test_a_sound_schema_has_no_fault() -> None:
    assert told(tree()) == []


def test_all_faults_are_told_at_once() -> None:
    whole = tree()
    pool = whole["properties"]["pool"]["properties"]
    guards = whole["properties"]["guards"]
    pool["code"]["x-requird"] = ["approval"]
    pool["depth"] = {"title": "水深", "type": "number"}
    pool["note"] = {"title": "备注"}
    pool["until"]["x-after"] = "frm"
    guards["x-key"] = ["numbr"]
    whole["x-dates"]["as_of"] = "pool.form"
    found = told(whole)
    assert sorted(one[0] for one in found) == [
        "/properties/guards/x-key/0",
        "/properties/pool/properties/code/x-requird",
        "/properties/pool/properties/depth/type",
        "/properties/pool/properties/note/type",
        "/properties/pool/properties/until/x-after",
        "/x-dates/as_of",
    ]
    hints = {pointer.rpartition("/")[2]: hint for pointer, _, hint in found}
    assert (
        "from" in hints["x-after"] and "number" in hints["0"] and "x-required" in hints["x-requird"]
    )
    assert any("decimal" in hint for _, _, hint in found)


@pytest.mark.parametrize("word", ["dat", "dtae"])
def test_what_only_follows_is_not_told(word: str) -> None:
    """A day whose kind is misspelt is not told a second time as no day."""
    whole = tree()
    whole["properties"]["pool"]["properties"]["from"]["x-kind"] = word
    assert [one[0] for one in told(whole)] == ["/properties/pool/properties/from/x-kind"]
