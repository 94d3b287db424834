"""What a sentence of a policy may require of the fields of a submission, to be confirmed.

Guessed from the words alone: a limit and the field that it is of, a yes or no that is forbidden or
required, a day until which something has to be valid. What fits no field is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou.authoring.policy_text import modality
from kehou.authoring.sentence_limits import Limit, in_unit, limits
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
_UNTIL: Final = re.compile("有效期|到期|截止|有效至")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A requirement on one field: bounds, or a yes or no, or a day that has to be still to come.

    ``low`` and ``high`` are typed values, ``unit`` is what the sentence counts in; ``until`` is
    the field with the day that the other is held against; ``when`` the choice of a field of the
    same row that the sentence speaks of (午餐), if any, and ``choice`` that field.
    ``words`` are the ``parts`` of the sentence that ask it.
    """

    clause: str
    each: str
    name: str
    field: Field
    low: Any = None
    high: Any = None
    is_: bool | None = None
    until: str = ""
    unit: str = ""
    when: tuple[str, str] = ("", "")
    choice: Field | None = None
    words: str = ""
    parts: int = 1

    @property
    def bounded(self) -> bool:
        """Whether it is a limit."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class _Candidate:
    each: str
    name: str
    field: Field
    listed: str
    choices: Mapping[str, Field]


def proposals(pack: Pack, clause: str, quote: str) -> list[Proposal]:
    """What a clause may ask, the parts of its sentence in their order; one for each field."""
    candidates = list(_candidates(pack))
    found: dict[tuple[str, str], Proposal] = {}
    for sentence in re.split("[;；]", quote):
        spoken: _Candidate | None = None
        for part in re.split("[,，]", sentence):
            asked = [] if modality(part) == "MAY" else list(limits(part))
            for limit in asked:
                best = _best(candidates, part, sentence, limit) or _same(spoken, limit)
                if best is None:
                    continue
                spoken = best
                made = _bound(clause, best, limit, part)
                key = (best.each, best.name)
                if made is not None:
                    found[key] = _joined(found.get(key), made)
            if not asked:
                made = _in_words(pack, clause, candidates, part, sentence)
                if made is not None:
                    found.setdefault((made.each, made.name), made)
    return list(found.values())


def _candidates(pack: Pack) -> Iterator[_Candidate]:
    """The fields that the submitter fills, of the whole submission and of each list."""
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
            if hidden or kind.many or (each != ROOT and root):
                continue
            if each == ROOT and any(part.kind == "rows" for part in _above(pack, field)):
                continue
            yield _Candidate(each, name, field, rows.title if rows is not None else "", choices)


def _above(pack: Pack, field: Field) -> Iterator[Field]:
    steps = field.path.split(".")
    for end in range(1, len(steps)):
        found = pack.schema.field(".".join(steps[:end]))
        if found is not None:
            yield found


def _choice(one: _Candidate, part: str) -> tuple[str, str]:
    """The field and the value of the row that a sentence names by its label, if just one."""
    named = [
        (name, value)
        for name, field in one.choices.items()
        for value, label in field.labels.items()
        if len(label) > 1 and label in part
    ]
    return named[0] if len(named) == 1 and named[0][0] != one.name else ("", "")


def spoken(title: str, text: str) -> float:
    """Which share of a title, taken two characters at a time, stands in a text."""
    title = re.sub(r"^是否|（[^）]*）|\([^()]*\)", "", title)
    if len(title) < 2:
        return float(bool(title) and title in text)
    pieces = {title[i : i + 2] for i in range(len(title) - 1)}
    return sum(piece in text for piece in pieces) / len(pieces)


def _best(
    candidates: Sequence[_Candidate], part: str, sentence: str, limit: Limit
) -> _Candidate | None:
    """The field that a limit is most likely of; None where no one is spoken of enough."""
    scored = []
    for one in candidates:
        if one.field.kind not in _KINDS[limit.kind]:
            continue
        if limit.kind == "number" and in_unit(limit.text, limit.unit, one.field.units) is None:
            continue
        names = [name for name in one.field.names if not _GENERIC.fullmatch(name)]
        own = max(spoken(title, part) for title in (one.field.title, *names))
        near = 0.5 if _choice(one, part)[0] else _near(one, sentence)
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


def _near(one: _Candidate, sentence: str) -> float:
    """What it counts that a sentence speaks of the list that a field is of."""
    named = spoken(one.listed, sentence) if one.listed else 0.0
    return 0.5 * named if named >= 0.5 else 0.0


def _only(candidates: Sequence[_Candidate], limit: Limit) -> _Candidate | None:
    """The one field of the whole submission that a time or an amount could be of."""
    of_kind = [one for one in candidates if one.field.kind in _KINDS[limit.kind]]
    return of_kind[0] if limit.kind in ("time", "money") and len(of_kind) == 1 else None


def _same(spoken: _Candidate | None, limit: Limit) -> _Candidate | None:
    """The field of the part before, which a part that names none goes on about."""
    if spoken is None or spoken.field.kind not in _KINDS[limit.kind]:
        return None
    fits = limit.kind != "number" or in_unit(limit.text, limit.unit, spoken.field.units)
    return spoken if fits else None


def _bound(clause: str, one: _Candidate, limit: Limit, part: str) -> Proposal | None:
    text: str | None = limit.text
    if limit.kind == "number":
        text = in_unit(limit.text, limit.unit, one.field.units)
    try:
        value = read(one.field, text or "")[0]
    except BadScalar:
        return None
    made = Proposal(clause, one.each, one.name, one.field, unit=limit.unit, words=part)
    when = _choice(one, part)
    if when[0]:
        made = replace(made, when=when, choice=one.choices[when[0]])
    return replace(made, high=value) if limit.op == "at_most" else replace(made, low=value)


def _joined(before: Proposal | None, made: Proposal) -> Proposal:
    """Two bounds of one field as one requirement."""
    if before is None or not before.bounded:
        return made
    low = made.low if made.low is not None else before.low
    high = made.high if made.high is not None else before.high
    if made.words in before.words:
        return replace(before, low=low, high=high)
    words = f"{before.words}，{made.words}"
    return replace(before, low=low, high=high, words=words, parts=before.parts + 1)


def _in_words(
    pack: Pack, clause: str, candidates: Sequence[_Candidate], part: str, sentence: str
) -> Proposal | None:
    """A yes or no, or a day of validity, that a part of a sentence asks."""
    force = modality(part) or (modality(sentence) if _VALID.search(part) else "")
    if force not in _BINDING:
        return None
    day = pack.schema.declared.dates.as_of or ""
    scored = []
    for one in candidates:
        dated = one.field.kind == "date" and _UNTIL.search(one.field.title) and day
        if one.field.kind != "boolean" and not (dated and _VALID.search(part)):
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
    return replace(made, is_=force != "PROHIBIT")


__all__ = ["Proposal", "proposals", "spoken"]
