"""The parts of a digest in words, alike in every format for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kehou.model.outcomes import Owner, Severity
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Location
from kehou.render.words.digest import Digest, Seen
from kehou.render.words.papers import Entry, Paper
from kehou.render.words.papers import under as under
from kehou.render.words.visible_text import shortened
from kehou.render.words.wording import Words, located

#: Of whom something is said, so many are named.
_NAMED = 8
#: Of findings that differ in numbers, so many of the numbers that differ are told.
_RANGES = 4


def todo(digest: Digest, words: Words) -> list[tuple[str, str]]:
    """Who has what to do, in one line each; nothing for those who have nothing to do."""
    papers = {owner: len(papers_by(digest, owner)) for owner in Owner}
    of = {
        heading: sum(len(p.results) for p in digest.problems if p.heading == heading)
        for heading in ("fail", "review")
    }
    said = (
        (
            Owner.SUBJECT,
            (
                ("fail", of["fail"]),
                ("unread", len(digest.unread)),
                ("papers", papers[Owner.SUBJECT]),
            ),
        ),
        (Owner.AUTHORITY, (("load", papers[Owner.AUTHORITY]),)),
        (Owner.VISIT, (("review", of["review"]), ("see", papers[Owner.VISIT]))),
    )
    told = []
    for owner, parts in said:
        whats = [words[f"digest.todo.{name}"].format(n=n) for name, n in parts if n]
        if whats:
            told.append((words[f"digest.who.{owner.value}"], words["comma"].join(whats)))
    return told


def papers_by(digest: Digest, owner: Owner) -> list[Paper]:
    """The papers of one owner."""
    return [paper for paper in digest.papers if paper.owner is owner]


def titles(results: Iterable[RuleResult], words: Words) -> str:
    """The titles of some rules, each once."""
    return words["semicolon"].join(dict.fromkeys(shortened(r.title, 200) for r in results))


def rules_told(paper: Paper, words: Words) -> str:
    """How many rules wait for a paper, with those that only advise: they are counted apart."""
    told = words["digest.paper.rules"].format(n=len(paper.results))
    advised = sum(r.severity is Severity.ADVICE for r in paper.results)
    return told + (words["digest.paper.advised"].format(n=advised) if advised else "")


def entries_told(paper: Paper, words: Words) -> list[str]:
    """What a paper lacks, a line for each of its parts, with the cells of a form."""
    whole = not paper.entries and paper.owner is Owner.SUBJECT
    told = (
        [words["digest.paper.of_text" if paper.of_text else "digest.paper.whole"]] if whole else []
    )
    for entry in paper.entries:
        names = words["list"].join(_names(entry, words))
        key = "digest.paper.part"
        told.append(words[key].format(part=entry.part, names=names) if entry.part else names)
    return [*told, *_unlisted(paper, words)]


def _unlisted(paper: Paper, words: Words) -> list[str]:
    """What the form that was handed in has no cell for, and where one that lists it has it."""
    found: dict[str, str] = {}
    for entry in paper.entries:
        for item, name in zip(entry.items, entry.names, strict=False):
            if item.location is not None and item.location.sheet:
                found[name] = item.location.sheet
    if not found:
        return []
    names, sheets = (
        words["list"].join(f"“{one}”" for one in dict.fromkeys(each))
        for each in (found, found.values())
    )
    return [words["digest.paper.unlisted"].format(names=names, sheets=sheets)]


def _names(entry: Entry, words: Words) -> list[str]:
    """The names of an entry, each with its cell where it stands in one."""
    cells: dict[str, str] = {}
    for item, name in zip(entry.items, entry.names, strict=False):
        place = item.location
        cells[name] = (place.cell or "") if place and place.line is None else ""
    told = []
    for name, cell in cells.items():
        at = cell.replace("!", words["place.in"])
        told.append(name + words["bracketed"].format(text=at) if cell else name)
    return told


def many(seen: Seen, words: Words) -> str:
    """Of how many it is said and of whom; of the parts of one row only how many."""
    if not seen.names:
        return words["alike_row"].format(n=seen.count)
    names = words["list"].join(shortened(name, 100) for name in seen.names[:_NAMED])
    if len(seen.names) > _NAMED:
        names += words["digest.names.more"]
    if seen.exact:
        return words["digest.many.named"].format(n=seen.count, names=names)
    ranges = words["list"].join(
        words["digest.range"].format(least=least, greatest=greatest)
        for least, greatest in seen.ranges[:_RANGES]
    )
    return words["digest.many.near"].format(n=seen.count, names=names, ranges=ranges)


def places_told(places: Sequence[Location], words: Words, most: int = 3) -> str:
    """The first of some places and how many there are; those in one file name it once."""
    places = list({located(place, words): place for place in places}.values())
    told: list[str] = []
    last = ""
    for place in places[:most]:
        shown = shortened(located(place, words), 200)
        rest = shown.removeprefix(place.file).lstrip(" ›") if place.file == last else ""
        told.append(rest or shown)
        last = place.file
    more = words["place.more"].format(n=len(places)) if len(places) > most else ""
    return words["list"].join(told) + more


def waived_of(report: Report) -> list[tuple[RuleResult, Finding | None]]:
    """What is excused, finding by finding; a rule alone where no finding says it."""
    found: list[tuple[RuleResult, Finding | None]] = []
    for result in report.results:
        excused = [f for f in result.findings if f.waiver is not None]
        found += [(result, finding) for finding in excused]
        if not excused and result.outcome.value == "waived":
            found.append((result, None))
    return found
