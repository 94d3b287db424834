"""What tells subjects apart: by rule and key, never by line or order (docs/language.md §2.21)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from kehou.facts import Fact
from kehou.language import ROOT


def fingerprint(rule_id: str, fact: Fact) -> str:
    """SHA-256 of rule, entity, key and ordinal among equals; line and order do not matter."""
    key = [rule_id, fact.entity, [str(part) for part in fact.key], fact.ordinal]
    return hashlib.sha256(json.dumps(key, ensure_ascii=False).encode()).hexdigest()


def eldest(facts: Iterable[Fact]) -> Fact:
    """The subject by which a merged finding is known: the first by key, whatever the order."""
    return min((fact.origin for fact in facts), key=attrgetter("sorting"))


def key_text(fact: Fact) -> str:
    """The key of a subject as reports print it."""
    return ",".join(str(part) for part in fact.key)


def subject_name(fact: Fact, entity_def: Any) -> str:
    """How a case names a subject: a pointer, or ``entity[key]`` for derived ones."""
    if fact.entity == ROOT:
        return "/"
    if (
        entity_def is not None
        and entity_def.form in ("group", "pairs", "overlaps")
        and fact.phantom is None
        and entity_def.form != "pairs"
    ):
        return f"{fact.entity}[{','.join(str(part) for part in fact.key)}]"
    return fact.pointer
