"""What a letter asks for, by the paper that it belongs in: a row of a table for each.

What each single field may hold, and all the rules that wait for it, are an annex on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kehou.model.outcomes import Owner
from kehou.model.report import CitedClause, RuleResult
from kehou.remedy.missing_evidence import Item, Letter
from kehou.remedy.read_from_text import ReadText
from kehou.render.office import Rows
from kehou.render.words import Words, safe
from kehou.render.words.papers import Entry, Paper, papers_of, under
from kehou.render.words.statement import hands_told

Say = Callable[..., str]
Ground = Callable[[CitedClause], str]
#: So many fields of a paper are told with the choices that they have; more, by their names.
_DETAILED: Final = 8
#: So many rules are named for a paper; red lines always.
_RULES: Final = 3
#: So many fields of a part of a paper, and parts, are named to who handed in a text.
_IN_PROSE: Final = 8
_PARTS: Final = 4
#: Widths of the table in mm.
_WIDTHS: Final = (60, 96)


def papers(found: Letter) -> tuple[Paper, ...]:
    """The papers that a letter asks its reader for, those that the gravest rules wait for first."""
    return tuple(p for p in papers_of(found.report) if p.owner is Owner.SUBJECT)


def read_papers(found: Letter) -> int:
    """How many papers a report of the same material lists besides, of which rows were read."""
    if found.whole is None:
        return 0
    listed = sum(p.owner is Owner.SUBJECT for p in papers_of(found.whole))
    return listed - len(papers(found))


def table(found: Letter, words: Words, say: Say, ground: Ground) -> Rows:
    """Each paper: where it goes, what of it is missing, and what waits for it on which ground."""
    heads = (say("lacks"), say("needed"))
    return Rows(heads, tuple(_rows(found, words, say, ground)), _WIDTHS)


def _rows(found: Letter, words: Words, say: Say, ground: Ground) -> Iterator[tuple[str, str]]:
    items = {item.path: item for item in found.items}
    told: dict[str, int] = {}
    for number, paper in enumerate(papers(found), 1):
        where = safe(under(paper, words), 200)
        head = say("paper", number=number, title=safe(paper.title), where=where)
        whole = "paper_not_read" if found.read.files else "paper_whole"
        lacks = [say(whole)] if paper.whole and not paper.entries else []
        detailed = len(paper.items) <= _DETAILED
        # Who wrote a text fills in the form, which names every field.
        most = _IN_PROSE if found.read.files and not detailed else 0
        entries = paper.entries[:_PARTS] if most else paper.entries
        lacks += [_entry(entry, items, words, detailed, most) for entry in entries]
        if len(entries) < len(paper.entries):
            lacks.append(say("more_parts", n=len(paper.entries) - len(entries)))
        lacks += _unlisted(paper, items, words, say)
        waits = _waiting(number, paper, words, say, ground, told) if paper.results else ""
        yield head + words["semicolon"].join(lacks), waits


def read_told(read: ReadText, words: Words, say: Say, day: Callable[[str], str]) -> str:
    """From which files what was read, who looked it through, and what nobody has confirmed yet."""
    files = words["list"].join(safe(file, 100) for file in read.files)
    names = _titles(read.titles, read.lists, words, say)
    told = say("read", files=files, names=names or say("read_nothing"))
    hands = hands_told(read.hands, words, day)
    left = _titles(read.left, read.left_lists, words, say)
    if not read.confirmed or not hands:
        told += say("read_unconfirmed")
    elif left:
        told += say("read_part", n=read.confirmed, hands=hands)
        told += say("read_left", names=left)
    else:
        told += say("read_all", hands=hands)
    if read.whole:
        told += say("read_whole", lists=words["list"].join(map(safe, read.whole)))
    if read.open:
        told += say("read_more", lists=words["list"].join(map(safe, read.open)))
    return told


def _titles(
    titles: tuple[str, ...], lists: tuple[tuple[str, int], ...], words: Words, say: Say
) -> str:
    """Titles of what was read, its lists with how many rows."""
    rows = [say("read_rows", title=safe(title), n=n) for title, n in lists]
    return words["list"].join([*map(safe, titles), *rows])


def _entry(
    entry: Entry, items: Mapping[str, Item], words: Words, detailed: bool, most: int = 0
) -> str:
    """The fields of a part of a paper, with their cells and the choices that they have.

    Of more than ``most`` fields, where that is given, the others are counted.
    """
    named: dict[str, str] = {}
    for evidence in entry.items:
        name = safe(evidence.label.split("·")[-1].strip())
        item = items.get(evidence.path)
        notes = []
        cell = item.places[0].cell if item and item.paste.form == "cell" else None
        if cell:
            notes.append(cell.replace("!", words["place.in"]))
        if detailed and item and item.choices:
            notes.append(item.choices)
        told = words["semicolon"].join(notes)
        named.setdefault(name, words["bracketed"].format(text=safe(told)) if told else "")
    shown = list(named.items())[: most or None]
    names = words["list"].join(name + note for name, note in shown)
    if len(shown) < len(named):
        names += words["request.more_fields"].format(n=len(named))
    if not entry.part:
        return names
    return words["digest.paper.part"].format(part=safe(entry.part), names=names)


def _unlisted(paper: Paper, items: Mapping[str, Item], words: Words, say: Say) -> list[str]:
    """What a form has no box for: its place is a sheet of the form that lists everything."""
    own = [items[one.path] for one in paper.items if one.path in items]
    unlisted = [item for item in own if item.paste.form == "cell" and item.places[0].sheet]
    if not unlisted:
        return []
    names = words["list"].join(safe(item.label) for item in unlisted)
    file = safe(unlisted[0].places[0].file, 100)
    titles = dict.fromkeys(item.places[0].sheet for item in unlisted)
    sheets = words["list"].join(f"“{safe(title)}”" for title in titles)
    return [say("unlisted", names=names, file=file, sheets=sheets)]


def plain(rows: Rows) -> Iterator[str]:
    """The table as lines of plain text, two for a paper."""
    for paper, waits in rows.rows:
        yield paper
        if waits:
            yield rows.heads[1] + waits


def _waiting(
    number: int, paper: Paper, words: Words, say: Say, ground: Ground, told: dict[str, int]
) -> str:
    """How many rules wait for a paper, the red lines among them, and on which ground.

    A red line that waits for several papers is named, and a ground quoted, at the first of them.
    """
    red = list(dict.fromkeys(safe(r.title, 200) for r in paper.red_lines))
    if red:
        new = [title for title in red if title not in told]
        before = sorted({told[title] for title in red if title in told})
        told.update(dict.fromkeys(new, number))
        parts = [words["semicolon"].join(new)] if new else []
        if before:
            parts.append(say("red_told", n=len(red) - len(new), numbers=_list(before, words)))
        named = words["semicolon"].join(parts)
        text = say("waits_red", n=len(paper.results), red=len(red), titles=named)
    else:
        titles = list(dict.fromkeys(safe(r.title, 200) for r in paper.results))
        more = say("and_so_on") if len(titles) > _RULES else ""
        named = words["semicolon"].join(titles[:_RULES])
        text = say("waits", n=len(paper.results), titles=named, more=more)
    return text + _ground(number, paper.red_lines or paper.results, say, ground, told)


def _ground(
    number: int,
    results: tuple[RuleResult, ...],
    say: Say,
    ground: Ground,
    told: dict[str, int],
) -> str:
    """The ground of the gravest rule, in full once; after that, where it stands."""
    found = next((ground(r.clauses[0]) for r in results if r.clauses), "")
    if not found:
        return say("stop")
    before = told.setdefault(found, number)
    if before != number:
        return say("ground_told", n=before)
    return say("grounds", grounds=found) + say("stop")


def _list(numbers: list[int], words: Words) -> str:
    return words["list"].join(map(str, numbers))
