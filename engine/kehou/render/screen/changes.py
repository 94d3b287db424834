"""What changed since an earlier report, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kehou.model.report import Change, Memory
from kehou.render.programs.json import dumps, memory_document
from kehou.render.words import catalogue
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import Words

STATES = ("reopened", "new", "open", "unseen", "unjudged", "waived", "fixed", "gone")


def render_text(memory: Memory, language: str = "zh") -> str:
    """Changes by state, worst first, one line each."""
    words = catalogue.load(language)
    return "".join(visible(line) + "\n" for line in lines(memory, words))


def lines(memory: Memory, words: Words) -> Iterator[str]:
    """The lines of a text rendering."""
    counts = [
        f"{words[f'change.{state}']} {sum(c.state == state for c in memory.changes)}"
        for state in STATES
    ]
    yield words["change.summary"].format(counts=words["comma"].join(counts))
    for state in STATES:
        found = [c for c in memory.changes if c.state == state]
        if found:
            yield ""
            yield words[f"change.{state}"]
        for change in found:
            yield f"  {_told(change, words)}"


def _told(change: Change, words: Words) -> str:
    outcome = ""
    if change.before and change.after and change.before is not change.after:
        outcome = words["change.outcome"].format(
            before=words[f"outcome.{change.before.value}"],
            after=words[f"outcome.{change.after.value}"],
        )
    place = f"{change.place}  " if change.place else ""
    message = shortened(change.message or change.title)
    return f"{place}{message}{outcome}  {change.rule}  [{change.fingerprint}]"


def render_json(memory: Memory, language: str = "zh") -> str:
    """The JSON form as text."""
    return dumps(memory_document(memory))


def render_several(
    found: Sequence[tuple[str, Memory]], form: str = "text", language: str = "zh"
) -> str:
    """The changes of several submitters, each under its name."""
    if form == "json":
        diffs = [{"school": submitter, **memory_document(memory)} for submitter, memory in found]
        return dumps({"diffs": diffs})
    told = (f"{visible(submitter)}\n{render_text(memory, language)}" for submitter, memory in found)
    return "\n".join(told)
