"""What changed since an earlier report, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kehou.model.report import Change, Memory
from kehou.render.programs.json import dumps, memory_document
from kehou.render.words import catalogue
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import Words

STATES = ("reopened", "new", "open", "unseen", "unjudged", "waived", "fixed", "gone")


def render_text(memory: Memory, language: str = "zh", full: bool = False) -> str:
    """Changes by state, worst first, one line each; ids and fingerprints where ``full``."""
    words = catalogue.load(language)
    return "".join(visible(line) + "\n" for line in lines(memory, words, full))


def lines(memory: Memory, words: Words, full: bool = False) -> Iterator[str]:
    """The lines of a text rendering; what reads alike is one line with its number."""
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
        told = Counter(_told(change, words, full) for change in found)
        for text, n in told.items():
            yield f"  {text}" + (words["change.alike"].format(n=n) if n > 1 else "")


def _told(change: Change, words: Words, full: bool) -> str:
    outcome = ""
    if change.before and change.after and change.before is not change.after:
        outcome = words["change.outcome"].format(
            before=words[f"outcome.{change.before.value}"],
            after=words[f"outcome.{change.after.value}"],
        )
    place = f"{change.place}  " if change.place else ""
    message = shortened(change.message or change.title)
    told = f"{place}{message}{outcome}"
    return f"{told}  {change.rule}  [{change.fingerprint}]" if full else told


def render_json(memory: Memory, language: str = "zh") -> str:
    """The JSON form as text."""
    return dumps(memory_document(memory))


def render_several(
    found: Sequence[tuple[str, Memory]],
    form: str = "text",
    language: str = "zh",
    full: bool = False,
) -> str:
    """The changes of several submitters, each under its name."""
    if form == "json":
        diffs = [{"school": submitter, **memory_document(memory)} for submitter, memory in found]
        return dumps({"diffs": diffs})
    told = (f"{visible(name)}\n{render_text(memory, language, full)}" for name, memory in found)
    return "\n".join(told)
