"""Suggested edits of a submission, proven by a whole check of a changed copy, never applied.

What `search` finds on typed trees is written into copies of the files in a place of their own;
only what the whole check (both engines) bears out there is suggested. The submitter's own files
are read and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kehou import packs
from kehou.checking import CheckOptions, Writer, check
from kehou.checking.cited_clauses import cited
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import CitedClause, Report
from kehou.model.values import Location
from kehou.packs import Pack
from kehou.readers import Document
from kehou.readers.files import read_bytes
from kehou.remedy.edits import Change, UnwritableEdit, change, patched, plain, rewritten
from kehou.remedy.fewest_edits import Part, Search, Stuck
from kehou.remedy.rejudging import ADVERSE, Target, bench
from kehou.render.words import catalogue
from kehou.submission import Submission, load


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in its own words and the clause's."""

    rule: str
    title: str
    severity: Severity
    clauses: tuple[CitedClause, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One edit with the rules it cures; ``part`` numbers the edits that only do together.

    ``value`` is the new value as JSON.
    ``others``, at the last edit of a part, are what would do as well, in words.
    """

    change: Change
    value: object
    label: str
    cures: tuple[Told, ...]
    part: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """A blocking fail that no edit of the plan settles, and why.

    ``why`` is ``act`` (the submitter has to do something first), ``record`` (it is on record what
    happened), ``side`` (what could be edited would trouble other rules: ``raises``), ``bound``
    (not found within the bound on work) or ``unproven`` (the whole check did not bear it out).
    """

    rule: Told
    label: str
    why: str
    remedy: str
    location: Location
    raises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was computed: the edits, what they leave, and the report on the changed copy.

    ``files`` are the documents concerned with their changed text, ``private`` their lines that hold
    what is never shown. ``cut`` is whether the bound on
    work was reached.
    """

    before: Report
    after: Report | None
    steps: tuple[Step, ...]
    left: tuple[Left, ...]
    trials: int
    cut: bool
    files: tuple[tuple[Document, str], ...] = field(default=(), repr=False)
    private: frozenset[tuple[str, int]] = frozenset()


def suggest(path: str, options: CheckOptions, shelf: dict[str, Pack] | None = None) -> Suggestion:
    """Search and prove edits for one submission, a file or a folder; ``shelf`` keeps packs by name.

    Raises UsageError for standard input and for prose, and whatever `check` raises.
    """
    if path == "-":
        raise UsageError("fix-stdin", "标准输入没有可以改的文件", hint="写文件或文件夹的名称")
    options = replace(options, waivers=None, baseline=None, reading="")
    shelf = {} if shelf is None else shelf
    before = check(path, options, shelf)
    loaded = [shelf[name] for name in options.packs if _in_force(name, before.run.as_of)]
    given = dict(options.data), options.confirmations, options.known_as[0]
    submission = load(path, loaded[0].schema, options.stage, *given)
    if submission.is_prose:
        hint = "照报告写的段落在原文件里改；或先用 kehou form --from 转成表格，核对填好再用"
        told = "文字材料（Word、PDF、文本）里没有可以逐格改的栏目"
        raise UsageError("fix-prose", told, path, hint)
    search = Search(bench(loaded, submission, options, before.run.as_of))
    search.run()
    after = _proven(path, options, before, submission, search, shelf)
    steps = _steps(search, submission, options.language)
    return Suggestion(
        before,
        after,
        tuple(steps),
        tuple(_left(search, submission, stuck, options.language) for stuck in search.stuck),
        search.trials,
        search.cut,
        tuple(_changed(steps)),
        _private(submission),
    )


def _in_force(name: str, as_of: str) -> bool:
    start, end = packs.dates(name)
    return (start is None or start <= as_of) and (end is None or as_of <= end)


def _private(submission: Submission) -> frozenset[tuple[str, int]]:
    """Lines of the files, (file, line), that hold what is never shown."""
    return frozenset(
        (mount.document.name, line) for mount in submission.places.mounts for line in mount.hidden
    )


# --- proof ---------------------------------------------------------------------------------


def _proven(
    path: str,
    options: CheckOptions,
    before: Report,
    submission: Submission,
    search: Search,
    shelf: dict[str, Pack],
) -> Report | None:
    """The report on the changed copy; what it does not bear out is given up, the last first."""
    for part in list(search.parts):
        try:
            _changes(part, submission)
        except UnwritableEdit:
            search.refuse(part, "unproven")
    while search.parts:
        steps = _steps(search, submission, options.language)
        after = _recheck(path, options, submission, steps, shelf)
        if _bears_out(before, after, search):
            return after
        search.refuse(search.parts[-1], "unproven")
    return None


def _recheck(
    path: str,
    options: CheckOptions,
    submission: Submission,
    steps: Sequence[Step],
    shelf: dict[str, Pack],
) -> Report:
    changes = [step.change for step in steps]
    texts = {
        document.name: rewritten(document, text, changes) for document, text in _changed(steps)
    }
    source = Path(path)
    with TemporaryDirectory(prefix="kehou-") as scratch:
        copy = Path(scratch) / (source.resolve().name or "copy")
        if source.is_dir():
            copy.mkdir()
            for read in submission.files:
                content = texts.get(read.name) or read_bytes(source / read.name)
                (copy / read.name).write_bytes(content)
        else:
            copy.write_bytes(texts.get(source.name) or read_bytes(source))
        report = check(str(copy), options, shelf)
        return replace(report, submission=replace(report.submission, path=path))


def _bears_out(before: Report, after: Report, search: Search) -> bool:
    """No target's rule fails where all its rows were to be cured, and nothing is worse."""
    if (
        len(after.submission.faults) > len(before.submission.faults)
        or after.run.cross_checked is not before.run.cross_checked
    ):
        return False
    then, now = _tally(before), _tally(after)
    if any(n > then[key] for key, n in now.items()):
        return False
    stuck = {name.partition("/")[2] for name in (s.target[0] for s in search.stuck)}
    for part in search.parts:
        for name, _ in part.targets:
            rule = name.partition("/")[2]
            left = now[(rule, Outcome.FAIL)]
            if left >= max(then[(rule, Outcome.FAIL)], 1) or (left and rule not in stuck):
                return False
    return True


def _tally(report: Report) -> Counter[tuple[str, Outcome]]:
    counts: Counter[tuple[str, Outcome]] = Counter()
    for result in report.results:
        for finding in result.findings:
            if finding.outcome in ADVERSE:
                counts[(result.rule, finding.outcome)] += finding.count
    return counts


# --- words ---------------------------------------------------------------------------------


def _changes(part: Part, submission: Submission) -> list[Change]:
    root = submission.schema.root
    return [change(submission.places, root, edit, submission.tree) for edit in part.edits]


def _changed(steps: Sequence[Step]) -> Iterator[tuple[Document, str]]:
    """Each document concerned, with its changed text."""
    changes = [step.change for step in steps]
    seen: list[Document] = []
    for made in changes:
        if all(made.document is not document for document in seen):
            seen.append(made.document)
    for document in seen:
        yield document, patched(document, changes)


def _steps(search: Search, submission: Submission, language: str) -> list[Step]:
    """The edits of all parts in the order of the files, each once."""
    steps: dict[str, Step] = {}
    for number, part in enumerate(search.parts, 1):
        others = _others(search, submission, part, language)
        names = dict.fromkeys(n for n, _ in part.targets)
        cures = tuple(_told(search, name, submission, language) for name in names)
        for edit in part.edits:
            if edit.pointer in steps:
                known = steps[edit.pointer]
                more = tuple(told for told in cures if told not in known.cures)
                steps[edit.pointer] = replace(known, cures=known.cures + more, others=())
                continue
            made = change(submission.places, submission.schema.root, edit, submission.tree)
            writer = _writer(search, submission, part.targets[0], language)
            label = writer.path_label(edit.pointer)
            value = plain(submission.schema.root, edit)
            told = others if edit == part.edits[-1] else ()
            steps[edit.pointer] = Step(made, value, label, cures, number, told)
    return sorted(steps.values(), key=lambda s: (s.change.document.name, s.change.start))


def _others(search: Search, submission: Submission, part: Part, language: str) -> tuple[str, ...]:
    """Other sets of edits in words, one for each other value in the first place."""
    told: dict[str, str] = {}
    words = catalogue.load(language)
    writer = _writer(search, submission, part.targets[0], language)
    for edits in part.others:
        try:
            made = _changes(replace(part, edits=edits), submission)
        except UnwritableEdit:
            continue
        first = f"{made[0].edit.pointer}={made[0].new}"
        if edits[0] == part.edits[0] or first in told:
            continue
        labels = [writer.path_label(c.edit.pointer).rpartition("·")[2].strip() for c in made]
        pairs = zip(labels, made, strict=True)
        becomes = words["suggestion.becomes"]
        told[first] = words["comma"].join(becomes.format(label=n, new=c.new) for n, c in pairs)
    return tuple(told.values())


def _writer(search: Search, submission: Submission, target: Target, language: str) -> Writer:
    failing = search.failing[target]
    return Writer(failing.base.pack, failing.base, submission.locate, language)


def _told(search: Search, name: str, submission: Submission, language: str) -> Told:
    pack, rule = next(
        (bound.pack, bound.pack.rules[name.partition("/")[2]])
        for bound in search.bench.bound
        if bound.pack.id == name.partition("/")[0]
    )
    clauses = cited(rule.clauses, pack, submission, language)
    title = (pack.english.get(rule.id) or {}).get("title") if language == "en" else ""
    return Told(rule.id, str(title or rule.title), rule.severity, clauses)


def _left(search: Search, submission: Submission, stuck: Stuck, language: str) -> Left:
    failing = search.failing[stuck.target]
    writer = _writer(search, submission, stuck.target, language)
    why = stuck.why
    if why == "none":
        why = "record" if failing.record else "act"
    return Left(
        _told(search, stuck.target[0], submission, language),
        writer.label(failing.fact),
        why,
        writer.fill(writer.words(failing.rule)[2], failing.fact),
        submission.locate(next(iter(failing.sources), failing.fact.pointer)),
        tuple(_told(search, name, submission, language).title for name in stuck.raises),
    )


__all__ = ["Left", "Step", "Suggestion", "Told", "suggest"]
