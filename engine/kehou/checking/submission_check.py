"""One check of one submission, from its path: read it, run its packs, put together the report."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from kehou import packs
from kehou.checking.attestations import Attestation
from kehou.checking.attestations import load as load_attestations
from kehou.checking.blank_forms import refuse_blank
from kehou.checking.comparison import Past, compare, read_past
from kehou.checking.dates import in_force, law_date_of
from kehou.checking.findings import Writer, rolled_up
from kehou.checking.known_as import registered
from kehou.checking.options import CheckOptions
from kehou.checking.pack_run import Run, run
from kehou.checking.reporting import report
from kehou.checking.waivers import load as load_waivers
from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.model.report import Reading, ReadingChange, Report
from kehou.packs import Pack
from kehou.readers import Document
from kehou.readers.copied_text import as_code
from kehou.submission import load, load_document


def check(
    path: str,
    options: CheckOptions | None = None,
    shelf: dict[str, Pack] | None = None,
    document: Document | None = None,
) -> Report:
    """Check one submission at a file or folder path, or ``-`` for standard input.

    ``shelf`` keeps loaded packs by name, for a caller that checks many submissions; ``document``
    is the submission where it was read already. Raises UsageError, PackError, or UnreadableError
    where the submission has no readable tree.
    """
    with _uncollected():
        return _check(path, options or CheckOptions(), {} if shelf is None else shelf, document)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector, which would look at all facts time and again, waiting for their end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _check(
    path: str, options: CheckOptions, shelf: dict[str, Pack], document: Document | None
) -> Report:
    first = _taken(shelf, options.packs[0])
    if document is None:
        given = dict(options.data), options.confirmations, options.known_as[0]
        submission = load(path, first.schema, options.stage, *given)
    else:
        submission = load_document(document, first.schema, options.stage, data=dict(options.data))
    refuse_blank(submission)
    as_of = options.as_of or law_date_of(first, submission, path)
    dates = {name: _dates(shelf, name) for name in options.packs}
    names = [name for name in options.packs if in_force(dates[name], as_of)]
    if not names:
        known = "、".join(f"{name}（{start or ''}起）" for name, (start, _) in dates.items())
        raise UsageError(
            "no-pack-in-force",
            f"没有在 {as_of} 有效的规则包",
            hint=f"已有：{known}；请用 --as-of 指定适用日期",
        )
    applied = [_taken(shelf, name) for name in names]
    dated = replace(options, as_of=as_of, reading="")
    every = {name: rule for pack in applied for name, rule in pack.rules.items()}
    own = submission.schema.names(submission.tree) | _known(options)
    waivers = load_waivers(options.waivers, every) if options.waivers else []
    waivers = [waiver for waiver in waivers if waiver.is_of(own)]
    seen = _attestations(options.attestations, every, own)
    runs = [run(pack, submission, dated, waivers, seen) for pack in applied]
    found = report(path, submission, runs, dated)
    found = replace(found, submission=registered(found.submission, options.known_as))
    if options.baseline:
        past = read_past(options.baseline, found.submission.name)
        _refuse_another(past, found, options.baseline, first.schema)
        found = compare(past, found)
    others: list[Run] = []
    if options.reading:
        other = replace(dated, reading=options.reading)
        others = [run(one.pack, submission, other, waivers, seen) for one in runs]
        told = _reading(options.reading, runs, others, options.language)
        found = replace(found, reading=told)
    for one in (*runs, *others):
        one.base.forget()
    return found


def refuse_faulty(options: CheckOptions, shelf: dict[str, Pack]) -> None:
    """Read what is given for every submission alike, before any of them is checked.

    Raises what `check` would raise of each: a fault in the bureau's waivers or attestations is
    none of theirs.
    """
    packs = [_taken(shelf, name) for name in options.packs]
    every = {name: rule for pack in packs for name, rule in pack.rules.items()}
    if options.waivers:
        load_waivers(options.waivers, every)
    _attestations(options.attestations, every, set())


def _known(options: CheckOptions) -> set[str]:
    """By what a register knows who handed it in."""
    return {one for one in options.known_as if one}


def _refuse_another(past: Past, found: Report, path: str, schema: Schema) -> None:
    """A report of another is no earlier state of this one; raises UsageError."""
    own = found.submission.id
    if past.id and own and past.id != own:
        nouns = schema.declared.nouns["zh"]
        whose = f"{nouns['counter']}{nouns['subject']}"
        told = f"上次的报告是另一{whose}的：{nouns['subject_id']}{past.id}，这次是{own}"
        raise UsageError("other-baseline", told, path, "请换成同一份材料上次的报告")


def _attestations(
    paths: Sequence[str], rules: dict[str, Any], own: Collection[str]
) -> list[Attestation]:
    """The attestations of who has these ids and names, of all files given."""
    names = {as_code(name) for name in own}
    return [a for path in paths for a in load_attestations(path, rules) if a.whose in names]


def _taken(shelf: dict[str, Pack], name: str) -> Pack:
    if name not in shelf:
        shelf[name] = packs.load(name)
    return shelf[name]


def _dates(shelf: dict[str, Pack], name: str) -> tuple[str | None, str | None]:
    """What ``packs.dates`` says, without reading a file where the pack is loaded."""
    if name in shelf:
        return shelf[name].effective_from, shelf[name].effective_to
    return packs.dates(name)


def _reading(name: str, runs: Sequence[Run], others: Sequence[Run], language: str) -> Reading:
    """The rules that come out otherwise when vague words are read the other way."""
    changes = []
    for one, other in zip(runs, others, strict=True):
        writer = Writer(one.pack, one.base, one.submission.locate, language)
        read = {p.name: p.readings_on(one.as_of) for p in one.pack.parameters.values()}
        vague = {name: found.word for name, found in read.items() if found is not None}
        for rule in one.rules:
            before = rolled_up(one.findings[rule.rule.id])
            after = rolled_up(other.findings[rule.rule.id])
            if before is not after:
                words = tuple(vague[name] for name in rule.parameters if name in vague)
                title = writer.words(rule)[0]
                changes.append(ReadingChange(rule.rule.id, title, before, after, words))
    return Reading(name, tuple(changes))
