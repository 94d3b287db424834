"""Sentences of a summary that every one of its forms says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kehou.batch.changes import READ, STATES, Changes
from kehou.batch.likeness import Alike
from kehou.batch.summary import UNJUDGED, Paper, Place, Summary
from kehou.model.outcomes import Outcome

Words = Mapping[str, str]


def verdict(summary: Summary, words: Words) -> str:
    """How many were read and what was found, then how many were not: those are no good news."""
    found = [_group(summary, group, words) for group in ("red", "fail", "open", "clean")]
    missing = [_group(summary, group, words) for group in UNJUDGED]
    told = words["batch.verdict"].format(all=summary.number(), read=len(summary.read))
    if any(found):
        told += words["colon"] + words["comma"].join(filter(None, found))
    if any(missing):
        unknown = words["batch.unknown"].format(told=words["list"].join(filter(None, missing)))
        told += words["semicolon"] + unknown
    if n := sum(len({w.title for w in p.entry.waived}) for p in summary.waived if p.entry):
        told += words["semicolon"] + words["batch.waived_n"].format(n=n)
    return told + words["batch.period"]


def _group(summary: Summary, group: str, words: Words) -> str:
    n = summary.number(group)
    return words["batch.n_group"].format(n=n, group=words[f"batch.short.{group}"]) if n else ""


def named(places: Sequence[Place], words: Words, most: int | None = None) -> str:
    """The names of submitters; beyond ``most`` how many more there are."""
    told = words["list"].join(place.name for place in places[:most])
    left = len(places) - most if most is not None else 0
    return words["batch.and_more"].format(names=told, n=len(places)) if left > 0 else told


def unadopted(summary: Summary, words: Words) -> list[str]:
    """Of whom attestations were not adopted: how many, why, and what mends it."""
    told = []
    for place in summary.unadopted:
        assert place.entry is not None
        notes = place.entry.unadopted
        late = [note.date for note in notes if note.state == "not_yet"]
        why = []
        if late:
            day = place.entry.check_date or place.entry.as_of
            slots = {"n": len(late), "day": day, "latest": max(late)}
            why.append(words["attestations_late"].format(**slots))
        if others := len(notes) - len(late):
            why.append(words["attestations_unused"].format(n=others))
        if refused := sum(note.verdict == Outcome.FAIL for note in notes):
            why.append(words["attestations_refused"].format(n=refused))
        told.append(place.name + words["colon"] + words["semicolon"].join(why))
    return told


def copied(group: Alike, summary: Summary, words: Words) -> str:
    """Who says the same, and how much of it."""
    names = []
    for path in group.paths:
        place = summary.place_of(path)
        names.append(place.name if place else path)
    key = "batch.copied_whole" if group.whole else "batch.copied_share"
    share = int(group.share * 100)
    return words[key].format(names=words["list"].join(names), share=share)


def tally(changes: Changes, words: Words) -> str:
    """What became of the breaches of the last round."""
    counts = {state: changes.count(state) for state in STATES}
    told = [
        words[f"batch.change.{state}"].format(n=n)
        for state, n in counts.items()
        if n or state in ("left", "mended", "new")
    ]
    before = sum(n for state, n in counts.items() if state != "new")
    both = len(changes.both)
    head = words["batch.since"].format(date=changes.on or words["batch.last"], n=both, then=before)
    return head + words["comma"].join(told) + words["batch.period"] + _read(changes, words)


def _read(changes: Changes, words: Words) -> str:
    """What became of readings that nobody had confirmed, which are in no count of breaches."""
    counts = {state: changes.count(state) for state in READ}
    if not any(counts.values()):
        return ""
    told = [words[f"batch.change.{state}"].format(n=n) for state, n in counts.items() if n]
    head = words["batch.since_read"].format(then=counts["read_left"] + counts["read_gone"])
    return head + words["comma"].join(told) + words["batch.period"]


def left(summary: Summary, words: Words) -> list[str]:
    """Files of which nothing was read, whose they are where that is known."""
    told = []
    for place, names in summary.left:
        files = words["list"].join(names)
        if place is not None:
            files = words["batch.why"].format(whose=place.name, why=files)
        told.append(files)
    return told


def unread(summary: Summary, words: Words, most: int) -> list[str]:
    """Of whom nothing could be read and why, ``most`` of them; how many more there are."""
    places = summary.of("unread")
    told = [
        words["batch.why"].format(whose=place.name, why=reason(place, words))
        for place in places[:most]
    ]
    if len(places) > most:
        told.append(words["batch.unread_more"].format(n=len(places) - most))
    return told


def left_n(summary: Summary, words: Words) -> str:
    """How many files nothing was read of."""
    return words["batch.strays"].format(n=sum(len(names) for _, names in summary.left))


def waived(summary: Summary, words: Words) -> list[str]:
    """What is excused of whom, how much of it and until when."""
    told = []
    for place in summary.waived:
        for one in place.entry.waived if place.entry else ():
            key = "batch.waived_until" if one.until else "batch.waived_one"
            slots = {"name": place.name, "title": one.title, "n": one.places, "until": one.until}
            told.append(words[key].format(**slots))
    return told


def reason(place: Place, words: Words) -> str:
    """Why nothing was judged of a submitter."""
    if place.group == "absent":
        until = place.row.until if place.row else ""
        if place.late:
            return words["batch.days_late_short"].format(until=until, n=place.late)
        return words["batch.until"].format(until=until) if until else ""
    entry = place.entry
    if entry is None or not entry.faults:
        return words["batch.nothing_judged"]
    if place.group == "doubled":
        return words["batch.doubled_short"].format(paths=entry.faults[0])
    return entry.faults[0]


def group_note(summary: Summary, group: str, words: Words) -> str:
    """What must be said with a group, so that nobody is accused or praised for what is unknown."""
    if group == "absent" and summary.nobodys:
        return words["batch.may_be"].format(n=len(summary.nobodys))
    unjudged = sum(place.count(Outcome.NOT_JUDGED) > 0 for place in summary.of(group))
    if group == "clean" and unjudged:
        return words["batch.not_all_judged"].format(n=unjudged)
    return ""


def lacks(paper: Paper, words: Mapping[str, str]) -> list[str]:
    """How many lack all of a paper, and how many handed in prose, of which nobody can say so."""
    rows = (("batch.whole", paper.whole), ("batch.of_text", paper.read))
    return [words[key].format(n=len(places)) for key, places in rows if places]
