"""What a worker process does: look at an input, or judge it and write all that is made of it."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import kehou
from kehou.batch.entry import Entry, entry_of
from kehou.batch.inputs import Input
from kehou.batch.likeness import traits
from kehou.batch.past_reports import PastReport
from kehou.batch.pool import Lost
from kehou.batch.store import Store
from kehou.batch.survey import Surveyed, digest_of, survey
from kehou.errors import KehouError, UnreadableError
from kehou.fields import Schema
from kehou.judging import keep_child
from kehou.model.outcomes import Severity
from kehou.model.report import Report
from kehou.packs import Pack
from kehou.readers import ReadError
from kehou.readers.door import contents
from kehou.render import FORMATS, write_whole

#: The most bytes of a file that was written for one submission.
_MOST_WRITTEN: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker is told once.

    ``pieces`` are the formats that are joined into one file afterwards; ``run`` is the digest of
    everything but the inputs.
    """

    options: kehou.CheckOptions
    gate: str
    language: str | None
    pieces: tuple[str, ...]
    store: Store
    run: str
    clauses_page: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Judging:
    """A submission to judge, and the files to be written for it: (format, file).

    ``unread`` is why nothing of it can be read, where that is known before: the code, message,
    place and hint of an UnreadableError.
    """

    one: Surveyed
    files: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, str, str, str] | None = None
    past: PastReport | None = None


def ready(setup: Setup) -> Callable[[Input | Judging], Surveyed | Entry]:
    """The function of a worker's tasks."""
    keep_child()
    shelf: dict[str, Pack] = {}
    for name in setup.options.packs:
        shelf[name] = kehou.load_pack(name)
    schema = shelf[setup.options.packs[0]].schema

    def do(task: Input | Judging) -> Surveyed | Entry:
        if isinstance(task, Input):
            return _known(task, setup) or survey(task, schema)
        return _judged(task, setup, shelf, schema)

    return do


def _known(one: Input, setup: Setup) -> Surveyed | None:
    """Whose an input is by what was kept of it, where it has not changed: it need not be read."""
    digest = digest_of(one.place)
    key = key_of(setup.run, one.path, digest)
    kept = setup.store.entry(one.path, setup.options.stage.value, key)
    if kept is None:
        return None
    return Surveyed(one.path, one.place, digest, kept.id, kept.name, tuple(kept.strata.items()))


def key_of(run: str, path: str, digest: str) -> str:
    """The name of what is made of an input: the same only where nothing at all has changed."""
    text = f"{run}\0{path}\0{digest}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def crashed(one: Surveyed, stage: str, told: str) -> Entry:
    """The entry of a submission that ended what was to judge it."""
    return Entry(
        key="",
        path=one.path,
        state="crashed",
        id=one.id,
        name=one.name,
        strata=dict(one.strata),
        stage=stage,
        faults=(told,),
        unreadable=1,
    )


def why_lost(lost: Lost) -> str:
    """What a submission that nothing came of is told with, and what its people do then."""
    if lost.after is None:
        return (
            f"检查它的进程两次中途结束（{lost.code}）；请单独检查这一份，还是这样的，"
            "把正文复制到一个新文档，另存后再检查"
        )
    return (
        f"检查了 {lost.after} 秒还没有完，已停下；请单独检查这一份，只留要检查的部分，"
        "或用 --time-limit 多给一些时间"
    )


def _in_a_line(error: KehouError, path: str) -> str:
    """What an error says and asks for, in a cell; whose it is stands beside it already."""
    place = "" if error.where in ("", path) else f"{error.where}："
    hint = f"（{error.hint}）" if error.hint else ""
    return f"{place}{error.message}{hint}".replace("\n", "；")


def _judged(task: Judging, setup: Setup, shelf: dict[str, Pack], schema: Schema) -> Entry:
    """Judge, write, keep. An input that changes meanwhile is judged as it is then, once more."""
    one = task.one
    for _ in range(2):
        digest = digest_of(one.place)
        try:
            report = _checked(task, setup, shelf)
        except KehouError as error:
            return crashed(one, setup.options.stage.value, _in_a_line(error, one.path))
        except Exception:
            trace = traceback.format_exc().strip().splitlines()
            return crashed(one, setup.options.stage.value, trace[-1])
        if digest == digest_of(one.place):
            break
    else:
        return crashed(one, setup.options.stage.value, "检查的时候文件一直在变，没有结论")
    key = key_of(setup.run, one.path, digest)
    strata = {
        name: "、".join(shown.values)
        for name, shown in zip(
            report.submission.strata, report.submission.strata_shown, strict=False
        )
    }
    gate = setup.gate if task.past else _of_all(setup.gate)
    entry = entry_of(report, key, one.path, strata, gate)
    entry = replace(entry, likeness=traits(one.place, schema) if report.results else ())
    written, pieces = _written(report, task, setup)
    entry = replace(entry, written=written)
    setup.store.keep(entry, pieces)
    return entry


def _checked(task: Judging, setup: Setup, shelf: dict[str, Pack]) -> Report:
    from kehou.proof import hashed

    one = task.one
    options = replace(setup.options, known_as=one.known_as)
    try:
        if task.unread is not None:
            raise UnreadableError(*task.unread)
        report = _held_against(task.past, one, options, shelf)
    except UnreadableError as error:
        report = kehou.unread_report(one.path, error, options, shelf)
    return hashed(replace(report, submission=replace(report.submission, path=one.path)))


def _held_against(
    past: PastReport | None, one: Surveyed, options: kehou.CheckOptions, shelf: dict[str, Pack]
) -> Report:
    """The report of a submission, compared with its earlier one as the file given has it."""
    if past is None:
        return kehou.check(one.place, options, shelf)
    report = kehou.check(one.place, replace(options, baseline=past.place), shelf)
    if report.memory is not None:
        report = replace(report, memory=replace(report.memory, sha256=past.sha256))
    if report.run.record is not None:
        record = replace(report.run.record, baseline=past.file)
        report = replace(report, run=replace(report.run, record=record))
    return report


def _of_all(gate: str) -> str:
    """The gate of who has no earlier report: nothing is known to be old, and all counts."""
    first, _, rest = gate.partition(":")
    return (rest or Severity.MAJOR.value) if first == "new" else gate


def _written(
    report: Report, task: Judging, setup: Setup
) -> tuple[dict[str, str], dict[str, bytes]]:
    """(digests of the files written for a submission, pieces to join) by output and format."""
    from kehou.render.screen import Manner

    manner = Manner(language=setup.language, clauses_page=setup.clauses_page)
    told = replace(manner, verbosity=int(setup.everything))
    rendered: dict[str, bytes] = {}

    def content(format: str) -> bytes:
        if format not in rendered:
            one = FORMATS[format]
            made: Any = one.render([report], told if one.takes == "alerts" else manner)
            if isinstance(made, str):
                made = made.encode("utf-8", "backslashreplace")
            rendered[format] = made
        return rendered[format]

    written: dict[str, str] = {}
    for format, file in task.files:
        place = Path(file)
        os.makedirs(place.parent, exist_ok=True)
        write_whole(place, content(format))
        written[f"{format}={file}"] = hashlib.sha256(content(format)).hexdigest()
    return written, {format: content(format) for format in setup.pieces}


def still_there(written: Mapping[str, str], files: tuple[tuple[str, str], ...]) -> bool:
    """Whether every file that is wanted stands as it was written."""
    for format, file in files:
        known = written.get(f"{format}={file}")
        if known is None:
            return False
        try:
            now = contents(Path(file), _MOST_WRITTEN)
        except ReadError:
            return False
        if hashlib.sha256(now).hexdigest() != known:
            return False
    return True
