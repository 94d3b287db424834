"""The 限期整改通知书, paragraph by paragraph.

What is broken stands first, area by area; then each cell that could not be read, what is in doubt,
and what is missing, paper by paper. What several items of a rule say alike is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from kehou.model.outcomes import Outcome
from kehou.rectification.notices import SUBJECT
from kehou.rectification.papers import SEVERITIES, grouped, labels_told, span
from kehou.rectification.unread_cells import seen_and_wanted
from kehou.render.office import Paragraph, title_of
from kehou.render.words import NUMERALS, Words

_OUTCOMES = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR)
#: Of a paper so many places, titles that are no red lines, and grounds are told.
_PLACES, _TITLES, _GROUNDS = 3, 3, 2

#: Items that are told together, and the number of the item that gave each ground.
Group = Sequence[Mapping[str, Any]]


class Texts:
    """The words of one kind of letter: a notice, or a table of what was put right."""

    def __init__(self, words: Words, kind: str) -> None:
        self.words, self.kind = words, kind

    def say(self, key: str, **slots: object) -> str:
        """A text of the catalogue, by its key after the kind, with its slots filled."""
        return self.words[f"{self.kind}.{key}"].format(**slots)

    def day(self, date: str) -> str:
        """An ISO date as an official text writes it, without zeros."""
        year, month, day = map(int, date.split("-"))
        return self.words["opinion.day"].format(year=year, month=month, day=day)

    def name(self, document: Mapping[str, Any]) -> str:
        """Whom the letter is to."""
        return document[SUBJECT]["name"] or self.words["notice.unnamed"]


def notice(d: Mapping[str, Any], texts: Texts, annex: bool) -> Iterator[Paragraph]:
    """The whole letter; with ``annex`` also every item that it folds, one by one."""
    words, say, first = texts.words, texts.say, NUMERALS["zh"].first
    yield Paragraph("Number", words["opinion.number"])
    yield title_of(words["notice.title"], subject=texts.name(d))
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", words["opinion.addressee"].format(subject=texts.name(d)))
    due = texts.day(d["due"])
    body = say(
        "body" if d["items"] else "body_nothing",
        as_of=texts.day(d["as_of"]),
        sha256=d["report_sha256"][:16],
        n=len(d["items"]),
        counts=_counts(d, texts),
        due=due,
    )
    yield Paragraph("Body", body)
    section, head = 0, None
    told: dict[str, int] = {}
    for group in _groups(d["items"]):
        if _head(group, texts) != head:
            section, head = section + 1, _head(group, texts)
            yield Paragraph("Heading1", f"{first(section)}{head}")
        if group[0].get("paper"):
            yield from _paper(group, texts, told)
        else:
            yield from _items(group, texts, told)
    if not d["items"]:
        yield Paragraph("Body", say("nothing"))
    else:
        yield Paragraph("Heading1", first(section + 1) + say("demands"))
        yield Paragraph("Body", say("demanded", due=due))
    folded = [item for item in d["items"] if item.get("paper")] if annex else []
    if folded:
        yield Paragraph("Attachments", say("attachments"))
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])
    if folded:
        yield Paragraph("Annex", say("annex"))
        yield Paragraph("Title", say("each"))
        for item in folded:
            yield from _items([item], texts, {})
    yield Paragraph("Remark", words["page.footer"])


def _groups(items: Group) -> Iterator[Group]:
    """What is told together: items of a paper, and those of a rule that are put right alike."""
    singles: list[Mapping[str, Any]] = []
    for group in grouped(items):
        if group[0].get("paper"):
            yield from _alike(singles)
            singles = []
            yield group
        else:
            singles += group
    yield from _alike(singles)


def _alike(items: Group) -> Iterator[Group]:
    for _, group in groupby(items, key=lambda i: (i["rule"], i["outcome"], i["remedy"])):
        yield list(group)


def _head(group: Group, texts: Texts) -> str:
    """The heading of the part of the letter that items stand in."""
    item = group[0]
    if item.get("cells"):
        return texts.say("unread")
    if item.get("paper"):
        return texts.say("papers")
    if item["outcome"] == Outcome.REVIEW:
        return texts.words["outcome.review"]
    return str(item["area"])


def _paper(group: Group, texts: Texts, told: dict[str, int]) -> Iterator[Paragraph]:
    """A paper that is missing, whole or in part, or cells; and what waits on which grounds."""
    words, say = texts.words, texts.say
    first = group[0]
    severity = words[f"severity.{min((i['severity'] for i in group), key=SEVERITIES.index)}"]
    if cells := first.get("cells"):
        numbers = span(group)
        yield Paragraph("Body", say("cells", numbers=numbers, severity=severity, n=len(cells)))
        for cell in cells:
            yield Paragraph("Body", seen_and_wanted(cell) + words["batch.period"])
    else:
        places = dict.fromkeys(item["place"] for item in group if item["place"])
        place = say("at", place=words["list"].join([*places][:_PLACES])) if places else ""
        head = say(
            "paper", numbers=span(group), severity=severity, paper=first["paper"], place=place
        )
        yield Paragraph("Body", head + labels_told(group) + words["batch.period"])
    red = [item for item in group if item["severity"] == "critical"]
    named = list(dict.fromkeys(item["title"] for item in red or group))
    shown = named if red else named[:_TITLES]
    kind = "mended" if first.get("cells") else "waits"
    line = say(
        f"{kind}_red" if red else kind,
        n=len({item["title"] for item in group}),
        red=len(named),
        titles=words["semicolon"].join(shown),
        more="" if len(shown) == len(named) else words["digest.names.more"],
    )
    cited = [item["clauses"][0] for item in red or group if item["clauses"]]
    yield Paragraph("Body", line + _grounds(cited, first["number"], texts, told, _GROUNDS))
    remedies = dict.fromkeys(item["remedy"].rstrip("。") for item in group if item["remedy"])
    longest = max(remedies, key=len, default="")
    rest = [one for one in remedies if one not in longest]
    if longest and not first.get("cells"):
        yield Paragraph("Body", say("remedy", remedy=words["semicolon"].join([longest, *rest])))


def _grounds(
    clauses: Sequence[Mapping[str, str]], number: int, texts: Texts, told: dict[str, int], most: int
) -> str:
    """The words of the clauses, those that an item before quoted by its number."""
    words, say = texts.words, texts.say
    grounds = dict.fromkeys(say("ground", **clause) for clause in clauses)
    new = [one for one in grounds if one not in told][:most]
    before = sorted({told[one] for one in grounds if one in told})
    told.update(dict.fromkeys(new, number))
    line = ""
    if new:
        line += say("grounds", grounds=words["semicolon"].join(new))
    elif before:
        line += say("ground_told", n=before[0])
    return line + words["batch.period"]


def _items(group: Group, texts: Texts, told: dict[str, int]) -> Iterator[Paragraph]:
    """Things of one rule to put right: what, where, by which words, and how."""
    words, say = texts.words, texts.say
    first = group[0]
    head = say(
        "head",
        numbers=span(group),
        outcome=words[f"outcome.{first['outcome']}"],
        severity=words[f"severity.{first['severity']}"],
        title=first["title"],
    )
    if len(group) > 1:
        yield Paragraph("Body", head + _grounds(first["clauses"], first["number"], texts, told, 9))
        for item in group:
            yield Paragraph("Body", say("one", number=item["number"], found=_found(item, texts)))
    else:
        yield Paragraph("Body", head + say("now", found=_found(first, texts)))
        if first["clauses"]:
            line = _grounds(first["clauses"], first["number"], texts, told, 9)
            yield Paragraph("Body", line.removeprefix(words["batch.period"]))
    if first["remedy"]:
        # What nobody could tell is not yet a fault to be put right.
        key = "verify" if first["outcome"] == Outcome.REVIEW else "remedy"
        yield Paragraph("Body", say(key, remedy=first["remedy"].rstrip("。")))


def _found(item: Mapping[str, Any], texts: Texts) -> str:
    """What was found of one subject, where, how often, and its id."""
    alike = len(item["members"])
    return texts.say(
        "found",
        label=item["label"] or "",
        place=texts.say("at", place=item["place"]) if item["place"] else "",
        many=texts.say("many", n=alike) if alike > 1 else "",
        message=item["message"].rstrip("。"),
        id=item["id"],
    )


def _counts(d: Mapping[str, Any], texts: Texts) -> str:
    """How many of the items are of which outcome: a doubt is not told as a fault."""
    said = [item["outcome"] for item in d["items"]]
    told = [
        texts.say("counted", outcome=texts.words[f"outcome.{one}"], n=said.count(one))
        for one in _OUTCOMES
        if one in said
    ]
    return texts.say("counts", counts=texts.words["comma"].join(told)) if told else ""


__all__ = ["Texts", "notice"]
