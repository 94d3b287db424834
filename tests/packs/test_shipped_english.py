"""The packs that come with kehou are in English throughout, though a pack need not be."""

from __future__ import annotations

import pytest

from kehou import packs


@pytest.mark.parametrize("name", packs.available())
def test_every_rule_and_decision_has_its_english(name: str) -> None:
    pack = packs.load(name)
    lacking = []
    for rule in pack.rules.values():
        english = pack.english.get(rule.id) or {}
        reasons = english.get("reason") or []
        count = 1 if isinstance(reasons, str) else len(reasons)
        keys = ("title", "remedy", *(["message"] if rule.message else []))
        lacking += [f"{rule.id}: {key}" for key in keys if not english.get(key)]
        lacking += [f"{rule.id}: reason"] if count != len(rule.review) else []
    for decision in pack.decisions:
        if not (pack.english.get(decision.id) or {}).get("because"):
            lacking.append(decision.id)
    assert lacking == []
