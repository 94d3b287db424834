"""One run over many submissions: find, look, refuse what is ambiguous, judge, join, sum up.

What is done is kept at once, so that a run that ends in any way goes on where it ended, and what
has not changed is not judged again. Reports are written and forgotten: only entries are held.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import kehou
from kehou.batch import file_names
from kehou.batch.changes import changed
from kehou.batch.entry import Entry
from kehou.batch.inputs import Input, find
from kehou.batch.past_reports import PastReports, read_past_reports, without_past
from kehou.batch.pool import SECONDS, Lost, Pool, default_jobs
from kehou.batch.register import read_register
from kehou.batch.registered import known_by_path, registered
from kehou.batch.round_file import Round
from kehou.batch.store import DEFAULT, Store
from kehou.batch.summary import Summary, summarised
from kehou.batch.survey import Surveyed
from kehou.batch.worker import Judging, Setup, crashed, key_of, still_there, why_lost
from kehou.errors import (
    EXIT_FAIL,
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_UNSETTLED,
    EXIT_USAGE,
    KehouError,
    UnreadableError,
)
from kehou.fields import Schema
from kehou.model.outcomes import Severity
from kehou.packs import Pack
from kehou.readers import ReadError
from kehou.readers.door import contents, listed
from kehou.submission import refuse_unnamed

_WORK: Final = "kehou.batch.worker:ready"
_MOST_OF_DATA: Final = 200_000_000
#: Formats whose parts of one submission each are joined into one file.
JOINED: Final = ("json", "csv", "text", "sarif", "junit", "gitlab")

Tell = Callable[[str, Mapping[str, object]], None]
Watch = Callable[[Iterable[tuple[object, object]], int, str], Iterator[tuple[object, object]]]


@dataclass(frozen=True)
class Asked:
    """What a run is asked for.

    ``files`` are (format, file name with slots), a file for each submission; ``joined`` formats
    of which one file holds all. ``previous`` is an earlier round; ``past`` a file or folder of its
    reports, which a gate of what is new needs. ``again`` judges all anew; ``everything`` tells
    programs all findings, not only what is to be done. ``seconds`` is what one submission may take.
    """

    paths: Sequence[str]
    options: kehou.CheckOptions
    gate: str = Severity.MAJOR.value
    language: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    joined: tuple[str, ...] = ()
    register: str | None = None
    previous: Round | None = None
    past: str | None = None
    jobs: int | None = None
    seconds: int | None = None
    store: str = DEFAULT
    again: bool = False
    clauses_page: str = ""
    everything: bool = False


@dataclass
class Done:
    """What a run came to; ``kept`` counts what had not changed and was not judged again.

    ``files`` are (format, file) of all that was written for a submission, by its path; ``titles``
    are what strata are called, by name. ``beside`` is the folder that a summary is written to.
    """

    summary: Summary
    entries: tuple[Entry, ...]
    code: int
    kept: int = 0
    files: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    store: Store = field(default_factory=lambda: Store(DEFAULT))
    beside: str | None = None


def _silent(key: str, slots: Mapping[str, object]) -> None:
    """Tell nothing."""


def _unwatched(
    items: Iterable[tuple[object, object]], total: int, title: str
) -> Iterator[tuple[object, object]]:
    return iter(items)


def run(asked: Asked, tell: Tell = _silent, watch: Watch = _unwatched) -> Done:
    """Check everything below the paths.

    ``tell`` is told, by the key of a text and its slots, what a user must know before the end;
    ``watch`` sees each result pass by. Raises UsageError for whatever makes the whole run
    ambiguous, before anything is judged, and PackError.
    """
    shelf: dict[str, Pack] = {name: kehou.load_pack(name) for name in asked.options.packs}
    schema = shelf[asked.options.packs[0]].schema
    for _, file in asked.files:
        file_names.refuse_unknown(file, schema)
    register = read_register(asked.register, schema) if asked.register else None
    refuse_unnamed(asked.options.data, schema)
    store = Store(asked.store)
    store.make()
    with _scratch(store) as scratch, ExitStack() as stack:
        past = _past(asked, scratch, tell)
        setup = _setup(asked, shelf, store, past)
        pool = stack.enter_context(
            Pool(asked.jobs or default_jobs(), _WORK, setup, asked.seconds or SECONDS)
        )
        found = find(asked.paths, schema, scratch)
        unread = {p: e for p, e in found.failed if isinstance(e, UnreadableError)}
        entries = [_failed(p, e, setup) for p, e in found.failed if p not in unread]
        seen = looked_at(pool, found.inputs, watch)
        seen += [Surveyed(path, path, "") for path in unread]
        strays = [*found.strays, *(one.path for one in seen if one.stray)]
        seen = registered([one for one in seen if not one.stray], register)
        twins = doubles(seen)
        for group in twins:
            paths = "、".join(one.path for one in group)
            tell("batch.doubled", {"whose": group[0].id or group[0].name, "paths": paths})
            entries += [_doubled(one, group, setup) for one in group]
        twice = {one.path for group in twins for one in group}
        single = known_by_path([one for one in seen if one.path not in twice], seen, register)
        _tell_without_past(asked, past, single, tell)
        files = _files(asked, single, schema)
        tasks = [
            Judging(
                one, files[one.path], _why(unread.get(one.path)), past.of(one) if past else None
            )
            for one in single
        ]
        judged, kept = _judge(pool, tasks, setup, asked.again, watch, tell)
    entries = sorted([*entries, *judged], key=lambda entry: entry.path)
    changes = None
    previous = past.round if past is not None else asked.previous
    if previous is not None:
        changes = changed(previous.entries, entries, previous.on)
    summary = summarised(
        entries,
        register,
        _titles(schema),
        stage=asked.options.stage.value,
        on=asked.options.on or "",
        strays=sorted(strays),
        changes=changes,
    )
    return Done(summary, tuple(entries), worst(entries), kept, files, _titles(schema), store)


def _setup(
    asked: Asked, shelf: Mapping[str, Pack], store: Store, past: PastReports | None
) -> Setup:
    """What every worker is told."""
    return Setup(
        asked.options,
        asked.gate,
        asked.language,
        asked.joined,
        store,
        _digest_of_run(asked, shelf, past),
        asked.clauses_page,
        asked.everything,
    )


def _past(asked: Asked, scratch: Path, tell: Tell) -> PastReports | None:
    """The reports of an earlier run, where they were given."""
    if asked.past is None:
        return None
    past = read_past_reports(asked.past, scratch / "past", asked.options.stage.value)
    if past.doubled:
        tell("batch.past_doubled", {"names": "、".join(past.doubled)})
    return past


def _tell_without_past(
    asked: Asked, past: PastReports | None, seen: Sequence[Surveyed], tell: Tell
) -> None:
    """Of whom there is no earlier report: with a gate of what is new, all of theirs counts."""
    names = without_past(past, seen) if past is not None else []
    if names and asked.gate.startswith("new"):
        tell("batch.past_lacks", {"n": len(names), "names": "、".join(names)})


def worst(entries: Sequence[Entry]) -> int:
    """The exit code of a run: the gravest of its submissions, 4, 1, 3, 0; 2 where there is none."""
    codes = {entry.code for entry in entries}
    if codes & {EXIT_UNREADABLE}:
        return EXIT_UNREADABLE
    order = (EXIT_FAIL, EXIT_UNSETTLED, EXIT_OK)
    return next((code for code in order if code in codes), EXIT_USAGE)


# --- before anything is judged -------------------------------------------------------------


def looked_at(pool: Pool, inputs: Sequence[Input], watch: Watch) -> list[Surveyed]:
    """All inputs as they are before anything is judged, in the order of their paths."""
    found = []
    for task, result in watch(pool.run(inputs), len(inputs), "batch.surveying"):
        assert isinstance(task, Input)
        if isinstance(result, Surveyed):
            found.append(result)
        else:
            assert isinstance(result, Lost)
            found.append(Surveyed(task.path, task.place, "", lost=why_lost(result)))
    return sorted(found, key=lambda one: one.path)


def doubles(seen: Sequence[Surveyed]) -> list[list[Surveyed]]:
    """Submissions of one submitter: by the same id, or the same name where none has an id."""
    groups: dict[tuple[str, str], list[Surveyed]] = {}
    for one in seen:
        if one.id or one.name:
            key = ("id", one.id) if one.id else ("name", one.name)
            groups.setdefault(key, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def _doubled(one: Surveyed, group: Sequence[Surveyed], setup: Setup) -> Entry:
    others = "、".join(other.path for other in group if other.path != one.path)
    stage = setup.options.stage.value
    return replace(crashed(one, stage, others), state="doubled")


def _failed(path: str, error: KehouError, setup: Setup) -> Entry:
    one = Surveyed(path, path, "")
    hint = f"（{error.hint}）" if error.hint else ""
    return crashed(one, setup.options.stage.value, f"{error.message}{hint}")


def _files(
    asked: Asked, seen: Sequence[Surveyed], schema: Schema
) -> dict[str, tuple[tuple[str, str], ...]]:
    """The files of each submission, by its path: (format, file)."""
    found: dict[str, list[tuple[str, str]]] = {one.path: [] for one in seen}
    for format, file in asked.files:
        for path, name in file_names.names_of(file, seen, schema).items():
            found[path].append((format, name))
    return {path: tuple(pairs) for path, pairs in found.items()}


# --- judging -------------------------------------------------------------------------------


def _why(error: UnreadableError | None) -> tuple[str, str, str, str] | None:
    return (error.code, error.message, error.where, error.hint) if error else None


def _judge(
    pool: Pool, wanted: Sequence[Judging], setup: Setup, again: bool, watch: Watch, tell: Tell
) -> tuple[list[Entry], int]:
    """(entries of all, how many of them were kept from an earlier run)."""
    entries: list[Entry] = []
    tasks: list[Judging] = []
    stage = setup.options.stage.value
    for task in wanted:
        kept = None if again else _kept(task.one, task.files, setup)
        if task.one.lost:  # whoever looks at it once more is lost likewise
            entries.append(crashed(task.one, stage, task.one.lost))
        elif kept is not None:
            entries.append(kept)
        else:
            tasks.append(task)
    kept_count = sum(not task.one.lost for task in wanted) - len(tasks)
    if kept_count and tasks:
        tell("batch.resumed", {"kept": kept_count, "left": len(tasks)})
    try:
        for done, result in watch(pool.run(tasks), len(tasks), "batch.judging"):
            assert isinstance(done, Judging)
            if isinstance(result, Lost):
                result = crashed(done.one, stage, why_lost(result))
            assert isinstance(result, Entry)
            entries.append(result)
    except BaseException as error:
        if not isinstance(error, Exception):  # somebody ends the run
            slots = {"done": len(entries), "all": len(wanted), "store": setup.store.folder}
            tell("batch.stopped", slots)
        raise
    return entries, kept_count


def _kept(one: Surveyed, files: tuple[tuple[str, str], ...], setup: Setup) -> Entry | None:
    """What an earlier run made of the same input in the same way, and all of it still there."""
    if not one.digest:
        return None
    stage, key = setup.options.stage.value, key_of(setup.run, one.path, one.digest)
    entry = setup.store.entry(one.path, stage, key)
    if entry is None or not still_there(entry.written, files):
        return None
    pieces = (setup.store.piece(one.path, stage, key, name) for name in setup.pieces)
    return None if any(piece is None for piece in pieces) else entry


def _digest_of_run(asked: Asked, shelf: Mapping[str, Pack], past: PastReports | None) -> str:
    """SHA-256 of everything but the inputs that a result depends on."""
    from kehou.proof import sha256
    from kehou.reading import patterns_digest

    options = asked.options
    digest = hashlib.sha256()

    def add(*words: object) -> None:
        digest.update("\0".join(map(str, words)).encode("utf-8", "surrogatepass") + b"\n")

    add(kehou.__version__, sha256(), find_spec("durable_rules_engine") is not None)
    for name, pack in shelf.items():
        add("pack", name, pack.sha256, *(layer.sha256 for layer in pack.layers))
        add("patterns", patterns_digest(pack.schema))
    add(options.stage, options.as_of, options.on, options.engine, options.language)
    add(options.reading, options.track, asked.gate, asked.language)
    add(asked.clauses_page, asked.everything)
    add("register", *_content(asked.register or ""))  # it may tell whose a submission is
    if past is not None:
        add("past", past.digest)
    given = [("data", name, file) for name, file in options.data.items()]
    given += [("waivers", "", options.waivers or "")]
    given += [("attestations", "", file) for file in options.attestations]
    given += [("confirmations", "", file) for file in options.confirmations]
    for kind, name, file in given:
        add(kind, name, file, *_content(file))
    return digest.hexdigest()


def _content(file: str) -> Iterator[str]:
    """Digests of a file, or of the files of a folder."""
    if not file:
        return
    place = Path(file)
    files = listed(place) if place.is_dir() else [place]
    for one in files:
        try:
            yield f"{one.name}:{hashlib.sha256(contents(one, _MOST_OF_DATA)).hexdigest()}"
        except ReadError as error:
            yield f"{one.name}:{error.message}"


# --- the rest ------------------------------------------------------------------------------


def _titles(schema: Schema) -> dict[str, str]:
    titles = {}
    for name, path in schema.declared.whose.strata.items():
        field = schema.field(path)
        titles[name] = field.title if field else name
    return titles


@contextmanager
def _scratch(store: Store) -> Iterator[Path]:
    """A private folder for archives during a run; what killed runs left is swept."""
    for left in Path(store.folder).glob("unpacked-*"):
        pid = left.name.rpartition("-")[2]
        if os.name != "posix" or not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)
    try:
        yield store.scratch
    finally:
        shutil.rmtree(store.scratch, ignore_errors=True)
