"""The 限期整改通知书, paragraph by paragraph.

What is broken stands first, area by area; then each cell that could not be read, what is in doubt,
and what is missing, a row of a table for each paper. What several items of a rule say alike is said
once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from kehou.model.outcomes import Outcome, counted_items
from kehou.rectification.notices import SUBJECT
from kehou.rectification.papers import SEVERITIES, grouped, labels_told, span
from kehou.rectification.unread_cells import seen_and_wanted
from kehou.rectification.unread_cells import told as place_told
from kehou.render.office import Paragraph, Rows, title_of
from kehou.render.words import NUMERALS, Words

_OUTCOMES = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR)
#: So many places and titles that are no red lines are told of a paper, and grounds of an item.
_PLACES, _TITLES, _GROUNDS = 3, 3, 2
#: So many fields of a part of a paper are named to who handed in a text; the form names all.
_IN_PROSE = 6
#: Widths of the table of papers in mm.
_WIDTHS = (74, 82)

#: Items that are told together.
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


def notice(d: Mapping[str, Any], texts: Texts, annex: bool) -> Iterator[Paragraph | Rows]:
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
        n=len(_counted(d)),
        counts=_counts(d, texts),
        due=due,
    )
    yield Paragraph("Body", body)
    section, told = 0, _Told(d["items"], d[SUBJECT]["name"] or "")
    for head, inside in groupby(_groups(d["items"]), key=lambda group: _head(group, texts)):
        section += 1
        yield Paragraph("Heading1", f"{first(section)}{head}")
        if head == say("papers"):
            yield _papers(list(inside), texts, told, _IN_PROSE if d.get("prose") else 0)
            continue
        for remedy, alike in groupby(inside, key=lambda group: _remedy(group, texts)):
            groups = list(alike)
            for group in groups[:-1]:
                yield from _told_of(group, texts, told)
            *before, last = _told_of(groups[-1], texts, told)
            yield from before
            of = say("of", numbers=span([*groups[0], *groups[-1]])) if len(groups) > 1 else ""
            yield Paragraph(last.style, f"{last.text}{of}{remedy}") if not of else last
            if of and remedy:
                yield Paragraph("Body", of + remedy)
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
            yield from _items([item], texts, _Told([], ""))
    yield Paragraph("Remark", words["page.footer"])


@dataclass
class _Told:
    """What is told once: all items, whose they are, grounds by the item that quoted them."""

    items: Group
    whose: str
    grounds: dict[str, int] = field(default_factory=dict)


def _told_of(group: Group, texts: Texts, told: _Told) -> list[Paragraph]:
    make = _cells if group[0].get("cells") else _items
    return list(make(group, texts, told))


def _remedy(group: Group, texts: Texts) -> str:
    """What to do about some items, in a sentence; nothing where the whole part is put right alike.

    Cells say it themselves; of papers the demands say it.
    """
    first = group[0]
    if first.get("paper") or not first["remedy"]:
        return ""
    # What nobody could tell is not yet a fault to be put right.
    key = "verify" if first["outcome"] == Outcome.REVIEW else "remedy"
    key = "verify_read" if first.get("unconfirmed") else key
    return texts.say(key, remedy=first["remedy"].rstrip("。"))


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
    def alike(item: Mapping[str, Any]) -> tuple[Any, ...]:
        return item["rule"], item["outcome"], item["remedy"], item.get("unconfirmed", False)

    for _, group in groupby(items, key=alike):
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


def _cells(group: Group, texts: Texts, told: _Told) -> Iterator[Paragraph]:
    """Cells that could not be read, one by one, and what waits for them on which grounds."""
    words, first = texts.words, group[0]
    head = texts.say(
        "cells", numbers=span(group), severity=_severity(group, words), n=len(first["cells"])
    )
    yield Paragraph("Body", head)
    for cell in first["cells"]:
        yield Paragraph("Body", seen_and_wanted(cell) + words["batch.period"])
    yield Paragraph("Body", _waits("mended", group, texts, {}))


def _papers(groups: Sequence[Group], texts: Texts, told: _Told, most: int) -> Rows:
    """Papers that are missing, whole or in part: which and where, and what waits for each.

    Of each part so many fields are named, all where ``most`` is 0.
    """
    words, say = texts.words, texts.say
    named: dict[str, str] = {}
    rows = []
    for group in groups:
        places = [item["place"] for item in group if item["place"]]
        place = say("at", place=_places(places, words["list"])) if places else ""
        severity = _severity(group, words)
        head = say(
            "paper",
            numbers=span(group),
            severity=severity,
            paper=group[0]["paper"],
            place=place,
        )
        lacks = head + labels_told(group, told.items, most)
        rows.append((lacks, _waits("waits", group, texts, named)))
    return Rows((say("lacks"), say("needed")), tuple(rows), _WIDTHS)


def plain(rows: Rows) -> Iterator[str]:
    """The table of papers as lines of plain text, one for each."""
    for paper, waits in rows.rows:
        yield f"{paper}。{rows.heads[1]}：{waits}"


def _severity(group: Group, words: Words) -> str:
    return words[f"severity.{min((i['severity'] for i in group), key=SEVERITIES.index)}"]


def _waits(kind: str, group: Group, texts: Texts, told: dict[str, str]) -> str:
    """What waits for a paper or for cells: red lines by name, each at the first it waits for."""
    words, say = texts.words, texts.say
    red = [item for item in group if item["severity"] == "critical"]
    named = list(dict.fromkeys(item["title"] for item in red or group))
    count = len({item["title"] for item in group})
    if red:
        new = [title for title in named if title not in told]
        before = dict.fromkeys(told[title] for title in named if title in told)
        told.update(dict.fromkeys(new, span(group)))
        parts = [words["semicolon"].join(new)] if new else []
        if before:
            numbers = words["list"].join(before)
            parts.append(say("red_told", n=len(named) - len(new), numbers=numbers))
        titles = words["semicolon"].join(parts)
        line = say(f"{kind}_red", n=count, red=len(named), titles=titles)
    else:
        more = words["digest.names.more"] if len(named) > _TITLES else ""
        titles = words["semicolon"].join(named[:_TITLES])
        line = say(kind, n=count, titles=titles, more=more)
    cited = next((item["clauses"][0]["citation"] for item in red or group if item["clauses"]), "")
    ground = say("cited", citation=cited) if cited else ""
    return f"{line}{ground}{words['batch.period']}"


def _places(places: Sequence[str], comma: str) -> str:
    """Some places, those of one file by its name once."""
    files: dict[str, dict[str, None]] = {}
    for place in places:
        found = re.fullmatch(r"(.+?)([:!].+)?", place)
        assert found is not None
        files.setdefault(found[1], {}).setdefault(found[2] or "")
    told = []
    for file, inside in files.items():
        rest = sorted(filter(None, inside), key=lambda one: (len(one), one))
        cells = [one for one in rest if one.startswith("!")][:_PLACES]
        if cells:
            told.append(
                comma.join([place_told(file + cells[0]), *(f"“{c[1:]}”" for c in cells[1:])])
            )
        else:
            lines = [one[1:] for one in rest[1:_PLACES]]
            told.append(comma.join([file + "".join(rest[:1]), *lines]))
    return comma.join(told)


def _grounds(clauses: Sequence[Mapping[str, str]], number: int, texts: Texts, told: _Told) -> str:
    """The words of the clauses, those that an item before quoted by its number."""
    words, say = texts.words, texts.say
    grounds = dict.fromkeys(say("ground", **clause) for clause in clauses)
    new = [one for one in grounds if one not in told.grounds][:_GROUNDS]
    before = sorted({told.grounds[one] for one in grounds if one in told.grounds})
    told.grounds.update(dict.fromkeys(new, number))
    line = ""
    if new:
        line += say("grounds", grounds=words["semicolon"].join(new))
    elif before:
        line += say("ground_told", n=before[0])
    return line + words["batch.period"]


def _items(group: Group, texts: Texts, told: _Told) -> Iterator[Paragraph]:
    """Things of one rule to put right: what, where, and by which words."""
    words, say = texts.words, texts.say
    first = group[0]
    outcome, severity = words[f"outcome.{first['outcome']}"], words[f"severity.{first['severity']}"]
    head = say("head", numbers=span(group), outcome=outcome, severity=severity)
    grounds = _grounds(first["clauses"], first["number"], texts, told)
    if len(group) == 1:
        yield Paragraph("Body", head + _found(first, texts, told.whose) + grounds)
        return
    yield Paragraph("Body", head + say("standard", title=first["title"]) + grounds)
    for item in group:
        found = _found(item, texts, told.whose)
        yield Paragraph("Body", say("one", number=item["number"], found=found))


def _found(item: Mapping[str, Any], texts: Texts, whose: str) -> str:
    """What was found of one subject, where, how often; its name where the sentence lacks it."""
    alike = len(item["members"])
    label, message = item["label"] or "", item["message"].rstrip("。")
    if label not in (message, whose) and label not in message:
        message = f"{label}{texts.words['comma']}{message}"
    return texts.say(
        "found",
        message=message,
        place=texts.say("at", place=place_told(item["place"])) if item["place"] else "",
        many=texts.say("many", n=alike) if alike > 1 else "",
        id=item["id"],
    )


def _counts(d: Mapping[str, Any], texts: Texts) -> str:
    """How many are of which outcome: a doubt is not told as a fault.

    They are counted as in the opinion; of the items, which are by subject, where they are more.
    """
    said = list(_counted(d).values())
    told = [
        texts.say("counted", outcome=texts.words[f"outcome.{one}"], n=said.count(one))
        for one in _OUTCOMES
        if one in said
    ]
    if not told:
        return ""
    key = "counts_places" if len(d["items"]) > len(said) else "counts"
    return texts.say(key, counts=texts.words["comma"].join(told), places=len(d["items"]))


def _counted(d: Mapping[str, Any]) -> Mapping[str, Outcome]:
    return counted_items((item["rule"], item["outcome"], False) for item in d["items"])


__all__ = ["Texts", "notice"]
