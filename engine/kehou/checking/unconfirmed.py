"""Findings on values that a program read from prose and that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Callable

from kehou.facts import Fact
from kehou.judging import BoundRule
from kehou.model.outcomes import Outcome


def row_passed(
    rule: BoundRule, fact: Fact, outcome: Outcome, is_unconfirmed: Callable[[str], bool]
) -> str:
    """The row of prose by which a subject passes, which is told at its words; "" for all others.

    A rule that only asks passes for want of grounds to ask, of which no words tell.
    """
    pointer = fact.origin.pointer
    if outcome is not Outcome.PASS or rule.require is None or not is_unconfirmed(pointer):
        return ""
    return pointer


def as_unconfirmed(said: str, language: str) -> str:
    """What is said of values that were read from prose, with that said too."""
    if language == "en":
        return f"{said} (read from the text by the program, not confirmed yet)".lstrip()
    return f"{said}（系程序从文字中读出，尚未确认）"
