"""One file, or several, for each of many submissions: letters, bundles.

The same finding, looking and refusing as in a check of many; what is made is made anew each time.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import kehou
from kehou.batch import file_names
from kehou.batch.entry import NOTHING
from kehou.batch.inputs import Input, find
from kehou.batch.pool import Lost, Pool, default_jobs
from kehou.batch.register import read_register
from kehou.batch.registered import known_by_path, registered
from kehou.batch.runner import Tell, Watch, doubles, looked_at
from kehou.batch.survey import Surveyed, survey
from kehou.batch.worker import why_lost
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE, KehouError, system_reason
from kehou.fields import Schema
from kehou.submission import refuse_unnamed

_WORK: Final = "kehou.batch.each:ready"


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a run: how many submissions have their files, and the gravest exit code."""

    made: int
    code: int


@dataclass(frozen=True, slots=True)
class _Setup:
    work: str
    options: kehou.CheckOptions


def for_each(
    work: str,
    paths: Sequence[str],
    options: kehou.CheckOptions,
    files: Sequence[tuple[str, str]],
    tell: Tell,
    watch: Watch,
    jobs: int | None = None,
    register: str | None = None,
) -> Made:
    """Call ``work`` (``module:function``) in workers for every submission below the paths.

    The function is given the place of a submission, its ``files`` as (format, file) with the slots
    filled, the options, and the worker's shelf of loaded packs; it gives an exit code, or
    `NOTHING`. What it raises costs that submission alone. Those of which nothing was made are told
    together, at the end. ``register`` is the file of one, by whose ids and names they are known.
    Raises UsageError for file names that clash, before anything is made.
    """
    schema = kehou.load_pack(options.packs[0]).schema
    for _, file in files:
        file_names.refuse_unknown(file, schema)
    refuse_unnamed(options.data, schema)
    listing = read_register(register, schema) if register else None
    codes: list[int] = []
    nothing: list[str] = []
    failed = 0
    with _scratch() as scratch, Pool(jobs or default_jobs(), _WORK, _Setup(work, options)) as pool:
        found = find(paths, schema, scratch)
        for path, error in found.failed:
            tell("batch.not_made", {"path": path, "why": error.message})
            codes.append(EXIT_UNREADABLE)
        looked = looked_at(pool, found.inputs, watch)
        for name in sorted([*found.strays, *(one.path for one in looked if one.stray)]):
            tell("batch.stray", {"path": name})
        seen = registered([one for one in looked if not one.stray], listing)
        twice: set[str] = set()
        for group in doubles(seen):
            told = "、".join(one.path for one in group)
            tell("batch.doubled", {"whose": group[0].id or group[0].name, "paths": told})
            twice |= {one.path for one in group}
            codes.append(EXIT_UNREADABLE)
        single = known_by_path([one for one in seen if one.path not in twice], seen, listing)
        codes += [EXIT_UNREADABLE for _ in _told_lost(single, tell)]
        tasks = _tasks(single, files, schema)
        for task, result in watch(pool.run(tasks), len(tasks), "batch.making"):
            assert isinstance(task, tuple)
            if isinstance(result, Lost):
                result = EXIT_UNREADABLE, why_lost(result)
            code, why = cast(tuple[int, str], result)
            if why:
                tell("batch.not_made", {"path": task[0].path, "why": why})
                failed += 1
            if code == NOTHING:
                nothing.append(task[0].name or task[0].path)
                failed, code = failed + 1, EXIT_OK
            codes.append(code)
        if nothing:
            slots = {"n": len(nothing), "names": "、".join(sorted(nothing))}
            tell("batch.nothing_asked_of", slots)
    return Made(len(tasks) - failed, max(codes, default=EXIT_USAGE))


def _told_lost(seen: Sequence[Surveyed], tell: Tell) -> list[Surveyed]:
    """Those that nothing came of when they were looked at, each told."""
    lost = [one for one in seen if one.lost]
    for one in lost:
        tell("batch.not_made", {"path": one.path, "why": one.lost})
    return lost


def _tasks(
    seen: Sequence[Surveyed], files: Sequence[tuple[str, str]], schema: Schema
) -> list[tuple[Surveyed, tuple[tuple[str, str], ...]]]:
    named = [(format, file_names.names_of(file, seen, schema)) for format, file in files]
    return [
        (one, tuple((format, names[one.path]) for format, names in named))
        for one in seen
        if not one.lost
    ]


def ready(setup: _Setup) -> Callable[[Any], object]:
    """The function of a worker's tasks: an input to look at, or a submission with its files."""
    shelf = {name: kehou.load_pack(name) for name in setup.options.packs}
    schema = shelf[setup.options.packs[0]].schema
    module, _, name = setup.work.partition(":")
    make = getattr(importlib.import_module(module), name)

    def do(task: Any) -> object:
        if isinstance(task, Input):
            return survey(task, schema)
        one, files = task
        for _, file in files:
            os.makedirs(Path(file).parent, exist_ok=True)
        try:
            options = replace(setup.options, known_as=one.known_as)
            return make(one.place, files, options, shelf), ""
        except KehouError as error:
            return error.exit_code, error.message
        except OSError as error:
            return EXIT_UNREADABLE, system_reason(error)
        except Exception as error:
            return EXIT_UNREADABLE, f"{type(error).__name__}: {error}"

    return do


@contextmanager
def _scratch() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kehou-") as folder:
        yield Path(folder)
