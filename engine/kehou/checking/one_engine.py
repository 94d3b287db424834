"""What one engine alone has found where the other was lost: told beside the error, never as it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from kehou import data
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding

_CATALOGUES = {"zh": "zh_CN.json", "en": "en.json"}


def beside(
    errors: Mapping[str, Sequence[Finding]],
    alone: Mapping[str, Sequence[Outcome]],
    problem: str,
    language: str,
) -> dict[str, list[Finding]]:
    """The errors of a lost engine by rule, each with what the other one says of the rule."""
    words = _words(language)
    found = {}
    for rule, findings in errors.items():
        counts = Counter(alone.get(rule, ()))
        told = words["apart"].join(
            words["engine.alone_count"].format(
                outcome=words[f"outcome.{outcome}"], n=counts[outcome]
            )
            for outcome in Outcome
            if counts[outcome]
        )
        said = words["engine.alone"].format(problem=problem, told=told) if told else problem
        found[rule] = [replace(f, message=f.message or said) for f in findings]
    return found


@cache
def _words(language: str) -> dict[str, str]:
    text = data.reports().joinpath(_CATALOGUES[language]).read_text("utf-8")
    words: dict[str, str] = json.loads(text)
    return {**words, "apart": "、" if language == "zh" else ", "}
