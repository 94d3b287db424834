"""What tells subjects apart: by rule and key, never by line or order (docs/language.md §2.21)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final

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


#: What a label shows for what was not supplied; several on end, and what stands in brackets.
_GAP: Final = "(?:未提供|not supplied)"
_GAPS: Final = re.compile(f"{_GAP}(?:[ —-]*{_GAP})*")
_BRACKETS: Final = re.compile(r"（[^（）]*）| ?\([^()]*\)")


def without_gaps(label: str) -> str:
    """A label without what of it was not supplied: 第1项服务时段（下午课后服务）.

    Outside brackets one gap is left, which says that the name itself is missing.
    """

    def kept(match: re.Match[str]) -> str:
        found = match[0]
        comma = "，" if "（" in found else ", "
        start = found.index("（" if "（" in found else "(") + 1
        parts = [_GAPS.sub("", part).strip() for part in found[start:-1].split(comma)]
        told = comma.join(filter(None, parts))
        return f"{found[:start]}{told}{found[-1]}" if told else ""

    if _GAPS.search(label) is None:
        return label
    word = "未提供" if "未提供" in label else "not supplied"
    return _GAPS.sub(word, _BRACKETS.sub(kept, label))
