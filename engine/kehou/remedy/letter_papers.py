"""What a letter asks for, by the paper that it belongs in: a paragraph or two for each.

What each single field may hold, and all the rules that wait for it, are an annex on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kehou.model.outcomes import Owner
from kehou.model.report import CitedClause, RuleResult
from kehou.remedy.missing_evidence import Item, Letter
from kehou.render.office import Paragraph
from kehou.render.words import Words, safe
from kehou.render.words.papers import Entry, Paper, papers_of, under

Say = Callable[..., str]
#: So many fields of a paper are told with what may be written in them; more, by their names.
_DETAILED: Final = 8
#: So many rules and grounds are named for a paper; red lines always.
_RULES: Final = 3
_GROUNDS: Final = 2


def papers(found: Letter) -> tuple[Paper, ...]:
    """The papers that a letter asks its reader for, those that the gravest rules wait for first."""
    return tuple(p for p in papers_of(found.report) if p.owner is Owner.SUBJECT)


def paragraphs(
    found: Letter, words: Words, say: Say, ground: Callable[[CitedClause], str]
) -> Iterator[Paragraph]:
    """Each paper: what of it is missing, where it goes, and what waits for it on which grounds."""
    items = {item.path: item for item in found.items}
    told: dict[str, int] = {}
    for number, paper in enumerate(papers(found), 1):
        yield Paragraph("Body", _asked(number, paper, items, words, say))
        unlisted = _unlisted(paper, items)
        if unlisted:
            names = words["list"].join(safe(item.label) for item in unlisted)
            file = safe(unlisted[0].places[0].file, 100)
            titles = dict.fromkeys(item.places[0].sheet for item in unlisted)
            sheets = words["list"].join(f"“{safe(title)}”" for title in titles)
            yield Paragraph("Body", say("unlisted", names=names, file=file, sheets=sheets))
        if paper.results:
            yield Paragraph("Body", _waiting(number, paper, words, say, ground, told))


def _asked(number: int, paper: Paper, items: Mapping[str, Item], words: Words, say: Say) -> str:
    where = under(paper, words)
    head = say("paper", number=number, title=safe(paper.title), where=safe(where, 200))
    if paper.whole and not paper.entries:
        return head + say("paper_whole")
    detailed = len(paper.items) <= _DETAILED
    parts = [_entry(entry, items, words, say, detailed) for entry in paper.entries]
    return head + words["semicolon"].join(parts) + words["batch.period"]


def _entry(entry: Entry, items: Mapping[str, Item], words: Words, say: Say, detailed: bool) -> str:
    """The fields of a part of a paper, with their cells and what may be written there."""
    named: dict[str, str] = {}
    for evidence in entry.items:
        name = safe(evidence.label.split("·")[-1].strip())
        item = items.get(evidence.path)
        notes = []
        cell = item.places[0].cell if item and item.paste.form == "cell" else None
        if cell:
            notes.append(cell.replace("!", words["place.in"]))
        if detailed and item and item.allowed:
            notes.append(item.allowed.rstrip("。"))
        told = words["semicolon"].join(notes)
        named.setdefault(name, words["bracketed"].format(text=safe(told)) if told else "")
    names = words["list"].join(name + note for name, note in named.items())
    if not entry.part:
        return names
    return words["digest.paper.part"].format(part=safe(entry.part), names=names)


def _unlisted(paper: Paper, items: Mapping[str, Item]) -> list[Item]:
    """What a form has no box for: its place is a sheet of the form that lists everything."""
    own = [items[one.path] for one in paper.items if one.path in items]
    return [item for item in own if item.paste.form == "cell" and item.places[0].sheet]


def _waiting(
    number: int,
    paper: Paper,
    words: Words,
    say: Say,
    ground: Callable[[CitedClause], str],
    told: dict[str, int],
) -> str:
    """How many rules wait for a paper, the red lines among them, and on which grounds."""
    named = list(paper.red_lines) if paper.red_lines else list(paper.results[:_RULES])
    titles = words["semicolon"].join(dict.fromkeys(safe(r.title, 200) for r in named))
    key = "waits_red" if paper.red_lines else "waits"
    more = say("and_so_on") if not paper.red_lines and len(paper.results) > len(named) else ""
    text = say(key, n=len(paper.results), red=len(paper.red_lines), titles=titles, more=more)
    return text + _grounds(number, named, words, say, ground, told)


def _grounds(
    number: int,
    results: list[RuleResult],
    words: Words,
    say: Say,
    ground: Callable[[CitedClause], str],
    told: dict[str, int],
) -> str:
    """The grounds of some rules, each in full once; after that, where it stands."""
    all_of = list(dict.fromkeys(ground(c) for r in results for c in r.clauses[:1]))
    new = [one for one in all_of if one not in told][:_GROUNDS]
    if not new:
        return say("ground_told", n=told[all_of[0]]) if all_of else say("stop")
    told.update(dict.fromkeys(new, number))
    return say("grounds", grounds=words["semicolon"].join(new)) + say("stop")
