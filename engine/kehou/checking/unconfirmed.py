"""Findings on values that a program read from prose and that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Callable

from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule
from kehou.language import ROOT
from kehou.language.conditions import bound_fields
from kehou.model.outcomes import Outcome


def passed_by(
    rule: BoundRule,
    fact: Fact,
    outcome: Outcome,
    base: FactBase,
    is_unconfirmed: Callable[[str], bool],
) -> str:
    """Where the words stand by which a subject passes: its row, or what the submission as a whole
    states; "" for what was not read from prose.

    A rule that only asks passes for want of grounds to ask, of which no words tell.
    """
    if outcome is not Outcome.PASS or rule.require is None:
        return ""
    if fact.entity != ROOT:
        return fact.origin.pointer if is_unconfirmed(fact.origin.pointer) else ""
    names = dict.fromkeys(field.name for field in bound_fields(rule.require))
    places = (place for name in names for place in base.places(fact, name))
    return next((place for place in places if is_unconfirmed(place)), "")


def as_unconfirmed(said: str, language: str) -> str:
    """What is said of values that were read from prose, with that said too."""
    if language == "en":
        return f"{said} (read from the text by the program, not confirmed yet)".lstrip()
    return f"{said}（系程序从文字中读出，尚未确认）"
