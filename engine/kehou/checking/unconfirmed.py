"""Findings on values that a program read from prose and that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kehou.facts import Fact
from kehou.judging import BoundRule
from kehou.language import ROOT
from kehou.language.conditions import bound_fields
from kehou.model.outcomes import Outcome
from kehou.model.report import Reason
from kehou.submission import Submission

if TYPE_CHECKING:
    from kehou.checking.findings import Writer


def passed_by(writer: Writer, rule: BoundRule, fact: Fact, outcome: Outcome) -> str:
    """Where the words stand by which a subject passes: its row, or what the submission as a whole
    states; "" for what was not read from prose.

    A rule that only asks passes for want of grounds to ask, of which no words tell; nor do the
    words of a statement that plans nothing say that nothing is planned.
    """
    pointer, part = fact.origin.pointer, writer.pack.schema.statements
    if outcome is not Outcome.PASS or rule.require is None:
        return ""
    if part is not None and pointer.startswith(f"/{part.name}/"):
        return ""
    if fact.entity != ROOT:
        return pointer if writer.is_unconfirmed(pointer) else ""
    names = dict.fromkeys(field.name for field in bound_fields(rule.require))
    places = (place for name in names for place in writer.base.places(fact, name))
    return next((place for place in places if writer.is_unconfirmed(place)), "")


def as_unconfirmed(said: str, language: str) -> str:
    """What is said of values that were read from prose, with that said too."""
    if language == "en":
        return f"{said} (read from the text by the program, not confirmed yet)".lstrip()
    return f"{said}（系程序从文字中读出，尚未确认）"


def corrected(submission: Submission, language: str) -> Iterator[tuple[str, Reason]]:
    """Who handed a text in has it read otherwise than the program: somebody looks at its words."""
    count = sum(note.is_change for note in submission.confirmed.notes)
    if count and language == "en":
        told = f"{count} values of the text were corrected by who handed it in"
        yield "refer", Reason("confirmations", told)
    elif count:
        told = f"报送的确认记录更正了{count}处从文字读出的内容，请对照原文"
        yield "refer", Reason("confirmations", told)
