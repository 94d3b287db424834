"""Records held against what is read: what each does to the document, and what is told of it.

A record outranks the reading that it names, wherever that stands now. It names it by a seal over
its sentence and all that was read there: where either has changed, it falls. Of values both the
submitter and the authority may record; of statements only the authority's count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, Final

from kehou.fields import BadScalar, Schema
from kehou.model.confirmations import AUTHORITY, SUBJECT, ConfirmationNote, Confirmed
from kehou.readers import Document, segments
from kehou.readers.copied_text import as_code
from kehou.reading.confirmations.corrections import corrected
from kehou.reading.confirmations.read_items import WHOLE, Reading, cut, readings
from kehou.reading.confirmations.records import CONFIRM, CORRECT, REJECT, Record

#: How much of a sentence must be alike for another to be told as what it has become.
_ALIKE: Final = 0.6
#: Sentences longer than this are not compared with all others.
_LONGEST: Final = 400
_STATE: Final = {CONFIRM: "confirmed", CORRECT: "corrected", REJECT: "rejected"}


def settled(
    document: Document, schema: Schema, records: Sequence[Record], known_as: str = ""
) -> Document:
    """The document as the records leave it, with what became of each.

    ``known_as`` is the id that a register knows it by, in case it states none.
    """
    if not records:
        return document
    mine, notes = _of_this(document, schema, records, known_as)
    found = {one.seal: one for one in readings(document, schema)}
    chosen: list[tuple[Reading, Record, dict[str, Any]]] = []
    for seal in dict.fromkeys(one.seal for one in mine):
        same = [one for one in mine if one.seal == seal]
        reading = found.get(seal)
        if reading is None:
            notes += [_lost(one, document, found.values()) for one in same]
            continue
        taken, told = _taken(reading, same)
        notes += told
        if taken is not None:
            used, note = _used(reading, taken)
            notes.append(note)
            chosen += used
    return _applied(document, chosen, notes)


def _of_this(
    document: Document, schema: Schema, records: Sequence[Record], known_as: str
) -> tuple[list[Record], list[ConfirmationNote]]:
    """The records of this document, and one note for all of a file that are of another.

    The authority keeps the records of many in one file: of those of others nothing is told.
    """
    names = {as_code(name) for name in schema.names(document.tree, known_as)}
    mine: list[Record] = []
    others: dict[tuple[str, str, bool], Record] = {}
    for one in records:
        theirs = bool(one.whose and names) and one.whose not in names
        if one.file == document.name and not theirs:
            mine.append(one)
        elif not (one.authority and theirs):
            others.setdefault((one.file, one.whose, one.authority), one)
    told = [_note("other", one, instead=one.file, paragraph=None) for one in others.values()]
    return mine, told


def _taken(
    reading: Reading, same: Sequence[Record]
) -> tuple[Record | None, list[ConfirmationNote]]:
    """The record that counts of those on one reading, and notes of the others."""
    theirs = [one for one in same if one.authority] or list(same)
    below = [one for one in same if one not in theirs]
    said = {(one.decision, one.instead) for one in theirs}
    at = reading.paragraph
    if len(said) > 1:
        return None, [_note("conflict", one, paragraph=at) for one in same]
    first, *more = theirs
    again = [_note("again", one, paragraph=at) for one in more]
    ruled = [
        _note("agreed" if (one.decision, one.instead) in said else "overruled", one, paragraph=at)
        for one in below
    ]
    return first, [*again, *ruled]


def _used(
    reading: Reading, one: Record
) -> tuple[list[tuple[Reading, Record, dict[str, Any]]], ConfirmationNote]:
    """What a record does to its reading, if anything, and what is told of it."""
    at = reading.paragraph or None
    if reading.kind == "list" and one.decision != CONFIRM:
        return [], _note("unfit", one, paragraph=at)
    values: dict[str, Any] = {}
    if one.decision == CORRECT:
        try:
            values = corrected(reading, one.instead)
        except BadScalar as bad:
            told = "；".join(filter(None, (bad.allowed, bad.hint)))
            return [], replace(_note("unfit", one, paragraph=at), instead=told)
    if reading.kind == "statement" and not one.authority:
        return [], _note("said", one, paragraph=at)
    if reading.kind == "statement" and one.decision != REJECT:
        tier = reading.field.fields[reading.field.statement["tier"]]
        values = {tier.name: next(iter(tier.labels)), **values}  # nobody doubts it any more
    return [(reading, one, values)], _note(_STATE[one.decision], one, paragraph=at)


def _note(state: str, one: Record, *, instead: str = "", paragraph: int | None) -> ConfirmationNote:
    return ConfirmationNote(
        state,
        one.decision,
        one.title,
        one.shown,
        one.sentence,
        instead or one.instead,
        one.file,
        paragraph,
        one.by,
        one.on,
        AUTHORITY if one.authority else SUBJECT,
        one.place,
    )


def _lost(one: Record, document: Document, found: Iterable[Reading]) -> ConfirmationNote:
    """Why a record names nothing that is read now, and where to look."""
    if one.sentence == WHOLE:
        return _note("fell", one, paragraph=None)
    here = [r for r in found if r.sentence == one.sentence and r.title == one.title]
    alike = [r for r in here if r.shown == one.shown]
    if alike and (len(alike) > 1 or one.same):
        return _note("several", one, paragraph=alike[0].paragraph)
    at, likeness = _nearest(one.sentence, document)
    if here or likeness == 1.0:
        now = "；".join(dict.fromkeys("、".join((r.shown, *r.others)) for r in here))
        return replace(_note("differs", one, paragraph=at), instead=now)
    return _note("fell", one, paragraph=at)


def _nearest(wanted: str, document: Document) -> tuple[int | None, float]:
    """The paragraph with the sentence most like one, and how like; None where none is."""
    best, most = None, _ALIKE
    for number, line in enumerate(document.text.split("\n"), 1):
        if wanted in line:
            return number, 1.0
        for start, end in cut(line):
            sentence = line[start:end].strip()
            if max(len(sentence), len(wanted)) > _LONGEST:
                continue
            matcher = SequenceMatcher(None, wanted, sentence, autojunk=False)
            if matcher.real_quick_ratio() <= most or matcher.quick_ratio() <= most:
                continue
            if (ratio := matcher.ratio()) > most:
                best, most = number, ratio
    return best, most


# --- the document ---------------------------------------------------------------------------------


def _applied(
    document: Document,
    chosen: Sequence[tuple[Reading, Record, dict[str, Any]]],
    notes: Sequence[ConfirmationNote],
) -> Document:
    """The document with its tree as the chosen records leave it; places go with what they are of.

    A list is closed where it is confirmed as complete and so is every row of it.
    """
    gone = {reading.pointer for reading, one, _ in chosen if one.decision == REJECT}
    held = {reading.pointer for reading, one, _ in chosen if reading.kind != "list"}
    values = {reading.pointer: new for reading, _, new in chosen if new}
    kept: dict[str, list[int]] = {}
    tree = _without(document.tree, "", gone, values, kept)
    closed, told = [], [_placed(note, document) for note in notes]
    for reading, one, _ in chosen:
        if reading.kind != "list":
            continue
        rows = [f"{reading.pointer}/{n}" for n in range(_length(document.tree, reading.pointer))]
        if held >= set(rows):
            closed.append(reading.pointer)
        else:
            told = [replace(n, state="partial") if n.place == one.place else n for n in told]
    now = {old: new for old in held - gone if (new := _moved(old, kept)) is not None}
    twice = [t._replace(pointer=at) for t in document.twice if (at := _moved(t.pointer, kept))]
    return replace(
        document,
        tree=tree,
        find=lambda path: _found(document, path, kept),
        twice=tuple(twice),
        open_lists=tuple(one for one in document.open_lists if one not in closed),
        confirmed=Confirmed(frozenset(now.values()), tuple(told)),
    )


def _placed(note: ConfirmationNote, document: Document) -> ConfirmationNote:
    """A note with where a person finds its paragraph."""
    if not note.paragraph or note.paragraph > len(document.passages):
        return note
    return replace(note, passage=document.passages[note.paragraph - 1])


def _length(tree: Any, pointer: str) -> int:
    for step in segments(pointer):
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return len(tree) if isinstance(tree, list) else 0


def _without(
    tree: Any,
    pointer: str,
    gone: set[str],
    values: Mapping[str, dict[str, Any]],
    kept: dict[str, list[int]],
) -> Any:
    """A tree without what was rejected and with what was corrected; ``kept`` are rows by list.

    What is left empty is left out: nothing was read of it.
    """
    new = values.get(pointer, {})
    if "" in new:
        return new[""]
    if isinstance(tree, Mapping):
        left = {}
        for key, inner in tree.items():
            below = f"{pointer}/{key}"
            if below in gone:
                continue
            made = _without(inner, below, gone, values, kept)
            if made or not isinstance(made, (dict, list)):
                left[key] = made
        return {**left, **new}
    if isinstance(tree, list) and any(isinstance(row, Mapping) for row in tree):
        stay = [n for n in range(len(tree)) if f"{pointer}/{n}" not in gone]
        kept[pointer] = stay
        return [_without(tree[n], f"{pointer}/{n}", gone, values, kept) for n in stay]
    return tree


def _moved(pointer: str, kept: Mapping[str, list[int]]) -> str | None:
    """Where something stands after rows were taken out; None where it went with one."""
    made, old = "", ""
    for step in segments(pointer):
        rows = kept.get(old)
        if rows is not None and step.isdecimal():
            if int(step) not in rows:
                return None
            made += f"/{rows.index(int(step))}"
        else:
            made += f"/{step}"
        old += f"/{step}"
    return made


def _found(document: Document, path: Sequence[str], kept: Mapping[str, list[int]]) -> Any:
    """The place of a value of the new tree; that of its row where a correction added it."""
    old: list[str] = []
    for step in path:
        rows = kept.get("".join(f"/{one}" for one in old))
        if rows is not None and step.isdecimal():
            if int(step) >= len(rows):
                return None
            step = str(rows[int(step)])
        old.append(step)
    found = document.find(old)
    if found is None and len(old) > 1:
        return document.find(old[:-1])
    return found


__all__ = ["settled"]
