"""The list of missing evidence (补正材料清单) as a letter asks for it, what settles most first.

Each item says where it goes, which rules it settles, by which words of the policy, and what to
paste there. It is made from a report's findings and the files they are about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kehou.checking import CheckOptions, check
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome, Owner, Severity
from kehou.model.report import CitedClause, MissingEvidence, Report
from kehou.model.values import ABSENT, Location, at_pointer
from kehou.packs import Pack
from kehou.readers import segments
from kehou.remedy.fill_in import Fill, blank, box, choices, inline, may_be, stub
from kehou.remedy.read_from_text import NOTHING_READ, ReadText, read_from_text
from kehou.submission import Submission, load

_MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Settles:
    """A rule that an item settles; ``also`` numbers the items that it needs besides."""

    rule: str
    title: str
    severity: Severity
    clauses: tuple[CitedClause, ...]
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paste:
    """What to paste and where.

    ``form`` is ``lines`` (after line ``after`` of the file, or at its end where that is None),
    ``instead`` (for line ``after``, which has the key and nothing else), ``there`` (the key or
    column is there, and only a value is wanted), ``inside`` (in the braces where it is missing),
    ``column`` (a column of a table), ``cell`` (a cell of a form, and nothing to paste), ``prose``
    (a text, in which nothing is pasted), ``with``
    (it is in the text of item ``number``) or ``none`` (nothing can be pasted). ``indent`` counts
    the blanks before the first line.
    """

    form: str
    file: str
    after: int | None = None
    text: str = ""
    indent: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to hand in; ``places`` are where it is missing, ``count`` how often.

    ``allowed`` tells all that may be written there, ``choices`` only what it is chosen from.
    """

    number: int
    label: str
    path: str
    allowed: str
    places: tuple[Location, ...]
    count: int
    settles: tuple[Settles, ...]
    paste: Paste
    choices: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """The items in order; ``bureaus`` are labels of what the bureau itself has to load.

    ``read`` is what a program read of prose, which is not asked for again; ``whole`` is the report
    that still counts the lists that were read, of which only whether there is more is asked.
    """

    report: Report
    items: tuple[Item, ...]
    bureaus: tuple[str, ...]
    read: ReadText = NOTHING_READ
    whole: Report | None = None


def letter(
    path: str,
    options: CheckOptions,
    fill: Fill = blank,
    shelf: dict[str, Pack] | None = None,
) -> Letter:
    """The letter for one submission, a file or a folder; raises what `check` raises.

    ``fill`` gives what is to be pasted values, for one to see whether it can be read; ``shelf``
    keeps loaded packs by name.
    """
    if path == "-":
        raise UsageError("request-stdin", "标准输入没有可以指明的位置", hint="写文件或文件夹的名称")
    shelf = {} if shelf is None else shelf
    report = check(path, options, shelf)
    schema = shelf[options.packs[0]].schema
    given = dict(options.data), options.confirmations, options.known_as[0]
    submission = load(path, schema, options.stage, *given)
    # Of a list of which rows were read nobody asks for the list itself, only whether there is more.
    read_lists = {path for path in submission.open_lists if at_pointer(submission.tree, path)}
    wanted = (m for m in report.missing_evidence if m.path not in read_lists)
    whole, report = report, replace(report, missing_evidence=tuple(wanted))
    lacking = _lacking(report)
    asked = [m for m in report.missing_evidence if m.owner is Owner.SUBJECT]
    asked.sort(key=lambda m: (-len(m.settles), -_blocking(report, m), m.path))
    numbers = {_general(m.path): n for n, m in enumerate(asked, 1)}
    pastes = _pastes([_exact(lacking, m)[0] for m in asked], submission, str(options.stage), fill)
    items = [
        _item(m, report, submission, lacking, numbers, paste)
        for m, paste in zip(asked, pastes, strict=True)
    ]
    bureaus = [m.label for m in report.missing_evidence if m.owner is Owner.AUTHORITY]
    read = read_from_text(submission)
    return Letter(report, tuple(items), tuple(dict.fromkeys(bureaus)), read, whole)


def _general(path: str) -> str:
    return re.sub(r"/\d+(?=/|$)", "/*", path)


def _blocking(report: Report, missing: MissingEvidence) -> int:
    graver = {r.rule for r in report.results if r.severity in report.packs.blocking}
    return len(graver & set(missing.settles))


def _lacking(report: Report) -> dict[str, dict[str, None]]:
    """Everything that each rule lacks, in general pointers; and below ``""`` all exact ones."""
    found: dict[str, dict[str, None]] = {"": {}}
    for result in report.results:
        for finding in result.findings:
            if finding.outcome is Outcome.INSUFFICIENT:
                for path in finding.missing:
                    found.setdefault(result.rule, {}).setdefault(_general(path))
                    found[""].setdefault(path)
    return found


def _exact(lacking: Mapping[str, Mapping[str, None]], missing: MissingEvidence) -> list[str]:
    """The pointers of all places where one thing is missing."""
    general = _general(missing.path)
    return [path for path in lacking[""] if _general(path) == general]


def _item(
    missing: MissingEvidence,
    report: Report,
    submission: Submission,
    lacking: Mapping[str, Mapping[str, None]],
    numbers: Mapping[str, int],
    paste: Paste,
) -> Item:
    general = _general(missing.path)
    exact = _exact(lacking, missing)
    results = {result.rule: result for result in report.results}
    settles = []
    for rule in missing.settles:
        others = [numbers[p] for p in lacking.get(rule, ()) if p != general and p in numbers]
        r = results[rule]
        settles.append(Settles(rule, r.title, r.severity, r.clauses, tuple(sorted(others))))
    settles.sort(key=lambda s: list(Severity).index(s.severity))
    field = submission.schema.at(exact[0])
    if field is not None and at_pointer(submission.tree, exact[0]) is ABSENT:
        field = replace(field, absent=False)  # that there is none is said, and does not settle it
    say = box if paste.form == "cell" else may_be
    return Item(
        numbers[general],
        missing.label,
        missing.path,
        say(field) if field is not None else "",
        tuple(submission.locate(path) for path in exact[:_MOST_PLACES]),
        len(exact),
        tuple(settles),
        paste,
        choices(field) if field is not None else "",
    )


# --- what to paste -------------------------------------------------------------------------


def _pastes(pointers: Sequence[str], submission: Submission, stage: str, fill: Fill) -> list[Paste]:
    """What to paste for each pointer; what is missing below one missing record is one text."""
    heads = [_first_missing(pointer, submission) for pointer in pointers]
    schema = submission.schema
    found: list[Paste] = []
    for number, head in enumerate(heads):
        if in_form(pointers[number], submission):
            found.append(Paste("cell", submission.locate(pointers[number]).file))
            continue
        if submission.is_prose:
            found.append(Paste("prose", submission.locate(pointers[number]).file))
            continue
        if heads.index(head) < number:
            file = found[heads.index(head)].file
            found.append(Paste("with", file, number=heads.index(head) + 1))
            continue
        below = [p for p, other in zip(pointers, heads, strict=True) if other == head]
        wanted = {f.path for p in below if (f := schema.at(p)) is not None and p != head}
        found.append(_paste(head, wanted, submission, stage, fill))
    return found


def in_form(pointer: str, submission: Submission) -> bool:
    """Whether what is missing belongs in a cell of a form."""
    found = submission.places.source(pointer)
    return found is not None and found[0].document.cells is not None


def _first_missing(pointer: str, submission: Submission) -> str:
    """The outermost pointer at or above one that is not in the files."""
    steps = segments(pointer)
    for length in range(1, len(steps)):
        outer = "/" + "/".join(steps[:length])
        if at_pointer(submission.tree, outer) in (None, ABSENT):
            return outer
    return pointer


def _paste(
    pointer: str, wanted: Collection[str], submission: Submission, stage: str, fill: Fill
) -> Paste:
    field = submission.schema.at(pointer)
    file = submission.locate(pointer).file
    if field is None:
        return Paste("none", file)
    found = submission.places.source(pointer.rpartition("/")[0])
    range_ = None
    if found is not None and found[2]:
        range_ = found[0].document.find(segments(found[1]))
    if found is None or range_ is None:
        return Paste("lines", file, None, "\n".join(stub(field, stage, wanted, 0, fill)) + "\n")
    mount, raw, _ = found
    document, text = mount.document, mount.document.text
    there = submission.places.source(pointer)
    if there is not None and there[2]:
        return _filled_in(pointer, wanted, submission, stage, fill)
    if document.header:
        return Paste("column", document.name, None, field.title)
    (start, end), _ = range_
    json = document.name.lower().endswith(".json")
    if json or text[start : start + 1] == "{":
        return Paste("inside", document.name, None, inline(field, stage, wanted, json))
    indent = start - (text.rfind("\n", 0, start) + 1) if raw else 0
    after = document.source.place(len(text[:end].rstrip()))[0]
    lines = stub(field, stage, wanted, indent, fill)
    return Paste("lines", document.name, after, "\n".join(lines) + "\n", indent)


def _filled_in(
    pointer: str, wanted: Collection[str], submission: Submission, stage: str, fill: Fill
) -> Paste:
    """For a key that stands in the file without a value."""
    field, source = submission.schema.at(pointer), submission.places.source(pointer)
    assert field is not None and source is not None
    mount, raw, _ = source
    found = mount.document.find(segments(raw))
    file = mount.document.name
    if found is None or found[1] is None or mount.document.header:
        return Paste("there", file, submission.locate(pointer).line)
    start, _ = found[1]
    text = mount.document.text
    at = text.rfind("\n", 0, start) + 1
    line = text[at : text.find("\n", start) if "\n" in text[start:] else len(text)]
    number = mount.document.source.place(start)[0]
    alone = text[at:start].isspace() or at == start
    if not alone or not re.fullmatch(r"\s*[^\s:]+:\s*(#.*)?", line):
        return Paste("there", file, number)
    lines = stub(field, stage, wanted, start - at, fill)
    return Paste("instead", file, number, "\n".join(lines) + "\n", start - at)


__all__ = ["Item", "Letter", "Paste", "Settles", "letter"]
