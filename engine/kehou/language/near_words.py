"""What somebody meant by a word that is not one of those allowed: told, and read as that word.

Nothing is offered that says the opposite: earliest for latest, at_least for a word with at_most in
it, a number for another number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kehou.model.opposites import opposed

#: Names that say the opposite of each other: what is not in both of a pair turns it round.
_OPPOSITES: Final = tuple(
    (first - second, second - first)
    for first, second in (
        (frozenset(one.split("_")), frozenset(other.split("_")))
        for one, other in (
            ("at_most", "at_least"),
            ("more_than", "less_than"),
            ("more", "fewer"),
            ("lower", "higher"),
            ("lower", "upper"),
            ("earliest", "latest"),
            ("earlier", "later"),
            ("before", "after"),
            ("min", "max"),
            ("minimum", "maximum"),
            ("start", "end"),
            ("from", "to"),
            ("first", "last"),
            ("contains_all", "contains_none"),
            ("contains_any", "contains_none"),
            ("in", "out"),
            ("true", "false"),
            ("strict", "lenient"),
            ("plus", "minus"),
        )
    )
)
_NEGATIONS: Final = frozenset({"not", "no", "non", "un", "without"})
_NONE: Final[Mapping[str, str]] = {}
_MOST_SHOWN: Final = 20


def nearest(
    word: str, allowed: Sequence[str], other_words: Mapping[str, str] = _NONE
) -> str | None:
    """The allowed word that was most likely meant, or None.

    ``other_words`` are words of other languages and systems for allowed ones.
    """
    import difflib

    meant = other_words.get(word)
    if meant in allowed:
        return meant
    close = difflib.get_close_matches(word, list(allowed), n=3, cutoff=0.6)
    return next((o for o in close if not _opposed(word, o) and not opposed(word, o)), None)


def suggest(word: str, allowed: Sequence[str], other_words: Mapping[str, str] = _NONE) -> str:
    """Chinese “did you mean”, or the allowed words where nothing is close."""
    meant = nearest(word, allowed, other_words)
    if meant is not None:
        return f"是否想写 {meant}？"
    shown = "、".join(list(allowed)[:_MOST_SHOWN])
    return f"可用：{shown}" if shown else ""


def slot_hint(slot: str, known: Sequence[str], each: str) -> str:
    """What a ``{slot}`` may have meant: a known name with its last step, or one nearly so written.

    ``each`` is what the names are of, told where nothing is near.
    """
    same = [one for one in known if one.rpartition(".")[2] == slot.rpartition(".")[2]]
    meant = same[0] if len(same) == 1 else nearest(slot, known)
    if meant is not None:
        return f"是否想写 {{{meant}}}？"
    return f"请用 {each} 的字段、参数，或 {{label}}"


def _opposed(word: str, other: str) -> bool:
    """Whether the one may say the opposite of the other, or count something else."""
    if re.findall(r"\d+", word) != re.findall(r"\d+", other):
        return True
    ours, theirs = _parts(word), _parts(other)
    if bool(ours & _NEGATIONS) != bool(theirs & _NEGATIONS):
        return True
    return any(
        (one <= ours and other <= theirs) or (other <= ours and one <= theirs)
        for one, other in _OPPOSITES
        if not (one | other) <= ours and not (one | other) <= theirs
    )


def _parts(word: str) -> set[str]:
    return {part for part in re.split(r"[^a-z]+", word.lower()) if part}


__all__ = ["nearest", "slot_hint", "suggest"]
