"""Whether what a text mentions is planned, forbidden, quoted, asked …: one algorithm, its words
in scope.yaml.

It reads the sentence that a mention stands in, the heading above it and the line that leads in to
its list. Where these do not decide, a mention is `planned` with ``doubt``: a person reads it.
Source: docs/reading.md.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kehou.documents import Paragraph, Sentence
from kehou.reading.library import Scope

#: A light negator stands at most so many characters before what it denies.
_NEAR: Final = 6
#: The longest words that open a list in its own paragraph (三、严禁事项:).
_LABEL: Final = 24
#: What denies after a mention stands in the same part of the sentence, so far from it.
_AFTER: Final = 16


class Sense(NamedTuple):
    """What a mention says; ``doubt`` where the words do not decide."""

    polarity: str
    doubt: bool = False


def denies_itself(scope: Scope, words: str) -> bool:
    """Whether a mention holds its own negator (进度不往前推), of a doing that none names."""
    return scope.words("within").search(_without(scope, words)) is not None


def sense(scope: Scope, paragraph: Paragraph, sentence: Sentence, start: int, end: int) -> Sense:
    """The sense of a mention at a stretch of a paragraph's normalised text."""
    text = paragraph.text
    if paragraph.is_heading or end <= paragraph.label:
        return _of_heading(scope, paragraph)
    before, after = text[sentence.start : start], text[end : sentence.end]
    quoted = _quoted(scope, before, after)
    if quoted is not None:
        return quoted
    if _asks(scope, before, text[sentence.start : sentence.end]):
        return Sense("asked")
    for one in (_condition, _negated, _otherwise):
        found = one(scope, before, after)
        if found is not None:
            return found
    return _by_opening(scope, text[:start]) or _from_above(scope, paragraph, before)


def sense_of(scope: Scope, paragraph: Paragraph, sentence: Sentence) -> Sense:
    """The sense of a whole sentence, of which nobody says which words it turns on.

    ``doubt`` where it holds a ban, which may be of something else.
    """
    if paragraph.is_heading:
        return Sense("headed")
    said = paragraph.text[sentence.start : sentence.end]
    if _asks(scope, said, said):
        return Sense("asked")
    if _has_consequence(scope, said):
        return Sense("conditional")
    if _ends_in(scope, "refused", "instead", said):
        return Sense("rejected")
    if _ends_in(scope, "reported", "now", said):
        return Sense("reported")
    opened = _by_opening(scope, paragraph.text[: sentence.end])
    above = opened or _from_above(scope, paragraph, said)
    if above.polarity != "planned":
        return above
    return Sense("planned", doubt=bool(scope.words("forbid").search(_without(scope, said))))


def _ends_in(scope: Scope, group: str, back: str, said: str) -> bool:
    """Whether a sentence has a word of a group and none of another after it that takes it back."""
    last = _last(scope.words(group), said)
    return last is not None and scope.words(back).search(said[last.end() :]) is None


def _has_consequence(scope: Scope, text: str) -> bool:
    """Whether a text tells what follows if something is done (下列情形一经发现即严肃处理)."""
    return all(scope.words(group).search(text) for group in ("condition", "consequence"))


def _by_opening(scope: Scope, before: str) -> Sense | None:
    """What the words say that open a paragraph of a list: 红线:…;… or 一经发现即严肃处理:…;….

    A list that says what not to do (红线:不迟到;…) lists no doings.
    """
    label, colon, listed = before.partition(":")
    if not colon or len(label) > _LABEL or "。" in listed:
        return None
    banned = scope.section("forbidding").search(label) is not None
    if not banned and not _has_consequence(scope, label):
        return None
    bare = _without(scope, listed)
    if any(scope.words(group).search(bare) for group in ("forbid", "light")):
        return None
    return Sense("forbidden" if banned else "conditional")


def _of_heading(scope: Scope, paragraph: Paragraph) -> Sense:
    """A heading plans nothing by itself; a numbered line of a list may."""
    return Sense("headed")


def _quoted(scope: Scope, before: str, after: str) -> Sense | None:
    """Inside a title 《…》, or in quotation marks after the name of a source."""
    if before.rfind("《") > before.rfind("》") and "》" in after:
        return Sense("quoted")
    opened = before.rfind("“")
    inside, _, rest = after.partition("”")
    if opened <= before.rfind("”") or inside == after:
        return None
    named = scope.words("source").search(before[:opened])
    return Sense("quoted") if named or scope.words("quoted_after").match(rest) else None


def _asks(scope: Scope, before: str, sentence: str) -> bool:
    return sentence.rstrip().endswith("?") or bool(scope.words("ask").search(before))


def _condition(scope: Scope, before: str, after: str) -> Sense | None:
    """If it happens, something follows: it is not planned."""
    if not scope.words("consequence").search(after):
        return None
    here = _names(scope, after) or scope.words("condition").search(before)
    return Sense("conditional") if here else None


def _names(scope: Scope, after: str) -> bool:
    """Whether the clause only names a doing, alone or in a list, before what follows it."""
    clause = f"{after.partition(',')[0]},"
    ending = _last(scope.words("condition_after"), clause)
    if ending is None or ending.end() < len(clause):
        return False
    return ending.start() == 0 or clause[0] in "、和或及与"


def _negated(scope: Scope, before: str, after: str) -> Sense | None:
    """Denied before it or, in the same part of the sentence, after it."""
    turned = _last(scope.words("turn"), before)
    bare = _without(scope, before[turned.end() :] if turned is not None else before)
    forbidden = _last(scope.words("forbid"), bare)
    if forbidden is not None:
        between = bare[forbidden.end() :]
        parts = between.split(",")[1:]
        if not any(scope.words("affirm").match(part.lstrip()) for part in parts):
            return Sense("forbidden")
        return Sense("planned", doubt=len(parts) == 1)
    if scope.words("light").search(bare[-_NEAR:]) and _adjacent(scope, bare):
        return Sense("forbidden")
    here = re.split(r"[,:]", after, maxsplit=1)[0][:_AFTER]
    if scope.words("forbid_after").search(_without(scope, here)):
        return Sense("forbidden")
    return None


def _last(words: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place where one of some words stands in a text."""
    found = list(words.finditer(text))
    return found[-1] if found else None


def _adjacent(scope: Scope, text: str) -> bool:
    """Whether a light negator stands just before the mention, with at most helpers between."""
    tail = text[-_NEAR:]
    match = _last(scope.words("light"), tail)
    return match is not None and "," not in tail[match.end() :]


def _without(scope: Scope, text: str) -> str:
    """A text with what only looks like a negator (不仅, 不少于) blanked out, as long as before."""
    return scope.words("not_negators").sub(lambda match: "□" * len(match[0]), text)


def _otherwise(scope: Scope, before: str, after: str) -> Sense | None:
    """Excepted, given up, or told of the past."""
    if scope.words("refused").search(after):
        return Sense("rejected")
    part = re.split(r"[,;]", before)[-1]
    if scope.words("except").search(part) and "外" in after[:_AFTER]:
        return Sense("excepted")
    here = re.split(r"[,;]", after, maxsplit=1)[0]
    if scope.words("instead").search(here) or scope.words("reject").search(part[-_NEAR * 2 :]):
        return Sense("rejected")
    if scope.words("reported").search(part) or _ends_in(scope, "told", "now", before):
        return Sense("reported")
    return None


def _from_above(scope: Scope, paragraph: Paragraph, before: str) -> Sense:
    """By the line that leads in to the list, else by the headings, else planned."""
    if paragraph.lead:
        if scope.words("ask").search(paragraph.lead):
            return Sense("asked")
        if scope.words("forbid").search(_without(scope, paragraph.lead)):
            return Sense("forbidden")
        if scope.words("reported").search(paragraph.lead):
            return Sense("reported")
        if _has_consequence(scope, paragraph.lead):
            return Sense("conditional")
    for title in reversed(paragraph.section):
        for kind, polarity in (
            ("forbidding", "forbidden"),
            ("quoting", "quoted"),
            ("reporting", "reported"),
            ("asking", "asked"),
        ):
            if scope.section(kind).search(title):
                return Sense(polarity)
    return Sense("planned")
