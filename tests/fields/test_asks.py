"""The questions that shape a form name what there is, and nothing else."""

from __future__ import annotations

import json

import pytest

from kehou import packs
from kehou.fields import load_schema
from kehou.fields.asks import asks, consequences, faults, names, renewal_faults

pytestmark = pytest.mark.checkout


def test_the_shipped_questions_lead_somewhere() -> None:
    schema = packs.load().schema
    assert [*faults(schema), *renewal_faults(schema)] == []
    assert all(not ask.without or ask.without in ask.answers for ask in asks(schema))


@pytest.mark.parametrize(
    ("word", "value", "told"),
    [
        ("x-asks", [{"name": "甲"}], "缺少 question"),
        ("x-asks", [{"name": "甲", "question": "？", "field": "no", "answers": {"是": {}}}], "no"),
        ("x-renews", {"keep": ["room.none"]}, "room.none"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(word: str, value: object, told: str) -> None:
    room = {"type": "object", "properties": {"name": {"type": "string", "title": "名"}}}
    node = {"type": "object", "properties": {"room": room}, word: value}
    schema = load_schema(json.dumps(node))
    assert any(told in message for _, message, _ in [*faults(schema), *renewal_faults(schema)])


def test_answers_state_their_own_field_and_what_follows() -> None:
    every = asks(packs.load().schema)
    found = consequences(every, {"机构": "否"})
    assert found.state["plan.uses_vendors"] == "否" and found.state["vendors"] == "无"
    assert "plan.sessions.vendor_id" in found.leave
    assert names("机构、寄宿，校外") == ["机构", "寄宿", "校外"]
