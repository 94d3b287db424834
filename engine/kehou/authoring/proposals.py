"""What a sentence of a policy may require of the fields of a submission, to be confirmed.

Guessed from the words alone: a limit and the field that it is of, a yes or no that is forbidden or
required, a day until which something has to be valid. What fits no field is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kehou.authoring.clause_words import Piece, Unsaid, denied, share, takes_back
from kehou.authoring.narrowing import narrowing
from kehou.authoring.policy_text import modality
from kehou.authoring.proposal import Proposal
from kehou.authoring.sentence_limits import Limit, in_unit, limits, may_count, units_of
from kehou.fields import BadScalar, Field
from kehou.fields.scalars import read
from kehou.language import ROOT
from kehou.packs import Pack

#: How much of a field has to be spoken of for a limit, and for what is asked without one.
_ENOUGH, _ENOUGH_OF_WORDS = 0.6, 0.5
#: Titles that say nothing without their list.
_GENERIC: Final = re.compile("时间|日期|时刻|数量|[人天次]?数|金额")
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("time",),
    "money": ("money",),
    "share": ("decimal",),
    "number": ("integer", "decimal"),
}
_BINDING: Final = ("PROHIBIT", "MUST", "LIMIT", "SHOULD")
_VALID: Final = re.compile("有效|未过期|没有过期|在期")
_NUMBERED: Final = re.compile(r"[（(][一二三四五六七八九十\d]{1,3}[）)]")
#: An aside that sets a limit or takes one back is a part of its own.
_ASIDE: Final = re.compile(r"[（(]([^（()）]*(?:\d|除|不|可)[^（()）]*)[）)]")
_JOINS: Final = re.compile("^(?:但|而|并且|并|且|同时|其中)")
_NOT_ASKED: Final = re.compile(
    "鼓励|倡导|提倡|支持|除外|不受|不适用|不在此限|可以?(?:适当)?(?:推迟|延长|延迟|延至|放宽|增加|提高|提前|减少|降低|不)"
)
#: A part of a sentence with one asks how many or how much, which no yes or no answers.
_AMOUNT: Final = re.compile(
    r"(?:至少|至多|最多|不少于|不低于|不超过|不高于|不多于)\D{0,6}[\d一二两三四五六七八九十百半]"
)
_UNTIL: Final = re.compile("有效期|到期|截止|有效至")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that the submitter fills, and the title of the list that its rows are of."""

    each: str
    name: str
    field: Field
    listed: str
    choices: Mapping[str, Field]


def proposals(pack: Pack, clause: str, quote: str, more: Sequence[str] = ()) -> list[Proposal]:
    """What a clause may ask, the parts of its sentence in their order; one for each field.

    ``more`` are sentences after it that take back a part of it.
    """
    candidates = list(fillable(pack))
    lead, _, rest = quote.rpartition("：")
    carried: list[str] = []
    found: list[Proposal] = []
    for sentence in re.split("[;；]", _ASIDE.sub(r"，\1，", _NUMBERED.sub("", rest))):
        parts = [part for part in re.split("[,，]", sentence) if part]
        asked = [_asked(pack, clause, candidates, parts, i) for i in range(len(parts))]
        topics: list[str] = []
        for i, part in enumerate(parts):
            if asked[i]:
                after = [p for j, p in enumerate(parts) if _belongs(parts, asked, j, i)]
                context = [lead, *(topics or carried)]
                for made in asked[i]:
                    whole = _narrowed(pack, made, context, part, [*after, *more])
                    whole = _going_on(pack, whole, [p for p in parts[:i] if asks(p)])
                    if i == 0 or not whole.only_asks or spoken(made.field.title, part):
                        found = _added(found, whole)
            elif not asks(part) and not takes_back(part):
                topics = [part] if any(asked[:i]) else [*topics, part]
        carried = topics or carried
    return [_not_of(one, found) for one in found]


def _not_of(made: Proposal, others: Sequence[Proposal]) -> Proposal:
    """A requirement of all, where another of the clause lets some of them off with less."""
    for other in others:
        alike = (other.each, other.name) == (made.each, made.name)
        fewer = len(made.conditions) < len(other.conditions)
        if not alike or not fewer or any(one not in other.conditions for one in made.conditions):
            continue
        higher = made.high is not None and other.high is not None and other.high > made.high
        lower = made.low is not None and other.low is not None and other.low < made.low
        if higher or lower:
            made = replace(made, open=(*made.open, Unsaid(other.words, True)))
    return made


def asks(part: str) -> bool:
    """Whether a part of a sentence asks something itself: 500人以上的 says only of whom."""
    return modality(part) not in ("", "LIMIT") or any(True for _ in limits(part))


def _belongs(parts: Sequence[str], asked: Sequence[Sequence[Proposal]], i: int, of: int) -> bool:
    """Whether a part takes back some of a requirement, or says more of it after it.

    What stands before all that is asked takes back some of each: 寄宿的除外，……不得晚于….
    """
    if asked[i]:
        return False
    if i < of:
        return takes_back(parts[i]) and not asks(parts[i]) and not any(asked[:i])
    return takes_back(parts[i]) or not (asks(parts[i]) or any(asked[i + 1 :]))


def _narrowed(
    pack: Pack, made: Proposal, context: Sequence[str], part: str, after: Sequence[str]
) -> Proposal:
    """A requirement with the conditions of its sentence, and what of it is left open."""
    pieces = [Piece(text, "topic") for text in context if text]
    joined = _JOINS.match(part)
    spans = [(one.start, one.end) for one in limits(part)]
    spans += [joined.span()] if joined else []
    spans += denied(made.field.title, part) or [] if made.is_ is not None else []
    pieces.append(Piece(part, "asking").mark(*spans))
    pieces += [Piece(text, "more") for text in after]
    found, left = narrowing(pack, made.each, made.name, pieces)
    topics = "".join(f"{text}，" for text in context if text)
    return replace(made, conditions=found, open=left, topics=topics)


def _asked(
    pack: Pack, clause: str, candidates: Sequence[Candidate], parts: Sequence[str], i: int
) -> list[Proposal]:
    """What a part of a sentence asks by itself, or of the field of the part before."""
    part, sentence = parts[i], "，".join(parts)
    if modality(part) == "MAY" or _NOT_ASKED.search(part):
        return []
    found = []
    asked = list(limits(part))
    for limit in asked:
        best = _best(candidates, part, sentence, limit)
        best = best or _same(_spoken_before(pack, candidates, parts[:i], sentence), limit)
        made = _bound(clause, best, limit, part) if best is not None else None
        if made is not None:
            found.append(made)
    if not asked:
        made = _in_words(pack, clause, candidates, part, sentence)
        found += [made] if made is not None else []
    return found


def _spoken_before(
    pack: Pack, candidates: Sequence[Candidate], parts: Sequence[str], sentence: str
) -> Candidate | None:
    for part in reversed(parts):
        for limit in limits(part):
            best = _best(candidates, part, sentence, limit)
            if best is not None:
                return best
    return None


def _going_on(pack: Pack, made: Proposal, before: Sequence[str]) -> Proposal:
    """A part that says nothing of whom it speaks goes on about those of the part before it."""
    if not before:
        return made
    own = {one.name for one in made.conditions}
    if own and spoken(made.field.title, made.words):
        return made
    part = before[-1]
    piece = Piece(part, "asking").mark(*((one.start, one.end) for one in limits(part)))
    found, left = narrowing(pack, made.each, made.name, [piece])
    more = [one for one in found if one.name not in own]
    told: list[Unsaid] = []
    if spoken(made.field.title, made.words):  # 不得高于60 says of itself that it goes on
        told += [Unsaid(f"{one.said}（从前半句接下来的）", False) for one in more]
    titles = [field.title for field in pack.vocabulary.own_fields(made.each).values()]
    told += [
        one
        for one in left
        if one.narrows and not made.only_asks and not any(one.words in t for t in titles)
    ]
    return replace(made, conditions=(*more, *made.conditions), open=(*made.open, *told))


def _added(found: list[Proposal], made: Proposal) -> list[Proposal]:
    """Proposals with one more; the other bound of the same requirement becomes one with it."""
    for i, one in enumerate(found):
        alike = (one.each, one.name, one.conditions) == (made.each, made.name, made.conditions)
        if not alike or not one.bounded:
            if alike and not made.bounded:
                return found
            continue
        if (one.low is None and made.low is not None) or (
            one.high is None and made.high is not None
        ):
            return [*found[:i], _joined(one, made), *found[i + 1 :]]
    return [*found, made]


def fillable(pack: Pack, lists: bool = False) -> Iterator[Candidate]:
    """The fields that the submitter fills, of the whole submission and of each list of rows.

    Those that hold several values only where ``lists`` are asked for.
    """
    for each in (ROOT, *pack.entities):
        definition = pack.entities.get(each)
        if definition is not None and definition.form != "list":
            continue
        rows = pack.vocabulary.field_of_rows(each) if definition is not None else None
        fields = pack.vocabulary.own_fields(each)
        choices = {n: f for n, f in fields.items() if f.kind == "enum" and rows is not None}
        for name, field in fields.items():
            hidden = field.private or field.reader or field.default is not None
            kind, root = pack.type_of(each, name)
            if hidden or (kind.many and not lists) or (each != ROOT and root):
                continue
            if each == ROOT and any(part.kind == "rows" for part in _above(pack, field)):
                continue
            yield Candidate(each, name, field, rows.title if rows is not None else "", choices)


def _above(pack: Pack, field: Field) -> Iterator[Field]:
    steps = field.path.split(".")
    for end in range(1, len(steps)):
        found = pack.schema.field(".".join(steps[:end]))
        if found is not None:
            yield found


def _names_choice(one: Candidate, part: str) -> bool:
    """Whether a sentence names values of another field of the row by their labels."""
    return any(
        len(label) > 1 and label in part
        for name, field in one.choices.items()
        for label in field.labels.values()
        if name != one.name
    )


def spoken(title: str, text: str) -> float:
    """Which share of a title, taken two characters at a time, stands in a text."""
    title = re.sub(r"^是否|（[^）]*）|\([^()]*\)", "", title)
    if len(title) < 2:
        return float(bool(title) and title in text)
    return share(title, text)


def _best(
    candidates: Sequence[Candidate], part: str, sentence: str, limit: Limit
) -> Candidate | None:
    """The field that a limit is most likely of; None where no one is spoken of enough."""
    scored = []
    for one in candidates:
        if one.field.kind not in _KINDS[limit.kind]:
            continue
        if not _countable(candidates, one.field, limit):
            continue
        names = [name for name in one.field.names if not _GENERIC.fullmatch(name)]
        own = max(spoken(title, part) for title in (one.field.title, *names))
        near = 0.5 if _names_choice(one, part) else _near(one, sentence)
        if one.listed and not near and _GENERIC.fullmatch(one.field.title):
            continue
        fits = limit.kind in ("time", "money") or bool(limit.unit and one.field.units)
        if own and limit.unit and one.field.units and not one.listed:
            own = max(own, 0.9 * spoken(one.field.title, sentence))
        if own:
            longer = 0.01 * len(one.field.title)  # 清校时间 before 时间, where both are spoken of
            scored.append((own + near + 0.3 * fits + longer, one))
    scored.sort(key=lambda pair: -pair[0])
    if not scored:
        return _only(candidates, limit)
    if scored[0][0] < _ENOUGH + (0.3 if scored[0][1].listed else 0):
        return None
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        return None
    return scored[0][1]


def _countable(candidates: Sequence[Candidate], field: Field, limit: Limit) -> bool:
    """Whether a field counts what a limit does: 1天 is no limit of a field that is no quantity.

    One that does not say its unit is left where another field has the limit's.
    """
    if limit.kind != "number":
        return True
    units = units_of(field)
    if units or not limit.unit:
        return in_unit(limit.text, limit.unit, units) is not None
    others = [units_of(one.field) for one in candidates if one.field.kind in _KINDS["number"]]
    if any(one and in_unit(limit.text, limit.unit, one) is not None for one in others):
        return False
    return may_count(field.title, limit.unit)


def _near(one: Candidate, sentence: str) -> float:
    """What it counts that a sentence speaks of the list that a field is of."""
    named = spoken(one.listed, sentence) if one.listed else 0.0
    return 0.5 * named if named >= 0.5 else 0.0


def _only(candidates: Sequence[Candidate], limit: Limit) -> Candidate | None:
    """The one field of the whole submission that a time or an amount could be of."""
    of_kind = [one for one in candidates if one.field.kind in _KINDS[limit.kind]]
    return of_kind[0] if limit.kind in ("time", "money") and len(of_kind) == 1 else None


def _same(spoken: Candidate | None, limit: Limit) -> Candidate | None:
    """The field of the part before, which a part that names none goes on about."""
    if spoken is None or spoken.field.kind not in _KINDS[limit.kind]:
        return None
    return spoken if _countable([spoken], spoken.field, limit) else None


def _bound(clause: str, one: Candidate, limit: Limit, part: str) -> Proposal | None:
    text: str | None = limit.text
    if limit.kind == "number":
        text = in_unit(limit.text, limit.unit, units_of(one.field))
    try:
        value = read(one.field, text or "")[0]
    except BadScalar:
        return None
    made = Proposal(clause, one.each, one.name, one.field, unit=limit.unit, words=part)
    return replace(made, high=value) if limit.op == "at_most" else replace(made, low=value)


def _joined(before: Proposal, made: Proposal) -> Proposal:
    """Two bounds of one field as one requirement."""
    low = made.low if made.low is not None else before.low
    high = made.high if made.high is not None else before.high
    left = tuple(dict.fromkeys((*before.open, *made.open)))
    both = replace(before, low=low, high=high, open=left)
    if made.words in before.words:
        return both
    return replace(both, words=f"{before.words}，{made.words}", parts=before.parts + 1)


def _in_words(
    pack: Pack, clause: str, candidates: Sequence[Candidate], part: str, sentence: str
) -> Proposal | None:
    """A yes or no, or a day of validity, that a part of a sentence asks; no amount does."""
    force = modality(part) or (modality(sentence) if _VALID.search(part) else "")
    if force not in _BINDING:
        return None
    day = pack.schema.declared.dates.as_of or ""
    scored = []
    for one in candidates:
        dated = one.field.kind == "date" and _UNTIL.search(one.field.title) and day
        if _AMOUNT.search(part) if one.field.kind == "boolean" else not dated:
            continue
        if one.field.kind != "boolean" and not _VALID.search(part):
            continue
        own = spoken(one.field.title, part)
        if one.field.kind == "boolean" and len(one.field.title.removeprefix("是否")) < 3:
            continue
        near = _near(one, sentence)
        if own >= (_ENOUGH_OF_WORDS if one.field.kind == "boolean" else 0.25) and own + near >= 0.5:
            scored.append((own + near, one))
    scored.sort(key=lambda pair: -pair[0])
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    best = scored[0][1]
    made = Proposal(clause, best.each, best.name, best.field, words=part)
    if best.field.kind == "date":
        return replace(made, until=day)
    lacks = denied(best.field.title, part)
    return None if lacks is None else replace(made, is_=(force == "PROHIBIT") is bool(lacks))


__all__ = ["Candidate", "asks", "fillable", "proposals", "spoken"]
