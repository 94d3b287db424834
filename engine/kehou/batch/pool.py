"""Worker processes, each with one task at a time: a task that ends its worker costs itself alone.

So does one that does not come to its end: its worker is stopped after a limit, by force where it
does not answer, and the task is given to no other.

A worker is started anew for every process that died. Nothing is shared: a task and its result
travel through a pipe of the worker's own, so that a result cut short is known as such.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final, NamedTuple, NoReturn

from kehou.errors import UsageError

#: How often a task is given to another worker after one died with it.
_TRIES: Final = 2
#: Seconds that a task may take; a document that has to be converted first may take 90 for that.
SECONDS: Final = 300
#: Seconds that a worker is given to end by itself.
_PATIENCE: Final = 5.0
#: Python's own word for it (“Command line and environment”, 3.11).
_SAFE: Final = "PYTHONSAFEPATH"
_CONTEXT: Final = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Lost:
    """The result of a task that ended each worker which had it; ``code`` as of a process.

    ``after`` is the limit in seconds where the task was stopped because it took longer.
    """

    code: int | None
    after: int | None = None


class _Given(NamedTuple):
    """A task that a worker has: how often it was given, and until when it may take."""

    worker: _Worker
    task: Any
    tries: int
    until: float


def default_jobs() -> int:
    """A process for each core that this one may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on every system
        return max(1, os.cpu_count() or 1)


class Pool:
    """``jobs`` workers that call ``work`` (``module:function``) with the setup and a task.

    ``function(setup)`` is called once in each worker and gives the function of a task, which may
    take ``seconds`` of wall time.
    """

    def __init__(self, jobs: int, work: str, setup: Any, seconds: int = SECONDS) -> None:
        self._jobs = jobs
        self._seconds = seconds
        self._work = work
        self._setup = setup
        self._workers: list[_Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """(task, its result) as they come.

        One that ended its workers, or took too long, comes as `Lost`. What a task raised is raised
        here: OSError, as of a full disk, UsageError, or RuntimeError with the text of anything
        else.
        """
        waiting = deque((task, 1) for task in tasks)
        while len(self._workers) < min(self._jobs, len(waiting)):
            self._workers.append(_Worker(self._work, self._setup))
        idle = list(self._workers)
        busy: dict[Connection, _Given] = {}
        while waiting or busy:
            while waiting and idle:
                worker, (task, tries) = idle.pop(), waiting.popleft()
                busy[worker.pipe] = _Given(worker, task, tries, time.monotonic() + self._seconds)
                worker.give(task)
            first = min(given.until for given in busy.values())
            for pipe in wait(list(busy), max(0.0, first - time.monotonic())):
                assert isinstance(pipe, Connection)
                worker, task, tries, _ = busy.pop(pipe)
                try:
                    failed, result = pipe.recv()
                except (EOFError, OSError):
                    code = self._replace(worker, idle)
                    if tries < _TRIES:
                        waiting.append((task, tries + 1))
                    else:
                        yield task, Lost(code)
                    continue
                idle.append(worker)
                if failed:
                    raise _raised(result)
                yield task, result
            for late in [given for given in busy.values() if given.until <= time.monotonic()]:
                if late.worker.pipe.poll():  # it came to its end just now
                    continue
                del busy[late.worker.pipe]
                yield late.task, Lost(self._replace(late.worker, idle), self._seconds)

    def _replace(self, worker: _Worker, idle: list[_Worker]) -> int | None:
        """End a worker and have a fresh one wait in its place; the exit code of the ended one."""
        code = worker.end()
        self._workers.remove(worker)
        self._workers.append(fresh := _Worker(self._work, self._setup))
        idle.append(fresh)
        return code


@contextlib.contextmanager
def _importing_nothing_from_here() -> Iterator[None]:
    """Interpreters that are started look for no module in the current folder.

    It may be one that was handed in, and a file ``signal.py`` in it would be run.
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before


class _Worker:
    def __init__(self, work: str, setup: Any) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process: SpawnProcess = _CONTEXT.Process(
            target=_serve, args=(theirs, work, setup), daemon=True
        )
        with _importing_nothing_from_here():
            self._process.start()
        theirs.close()

    def give(self, task: Any) -> None:
        """Hand over a task; that the worker is dead is seen when its result is awaited."""
        with contextlib.suppress(OSError):
            self.pipe.send(task)

    def end(self) -> int | None:
        """Let the worker end, by force where it does not; its exit code."""
        self.pipe.close()
        self._process.join(0.01)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        return self._process.exitcode


def _raised(told: OSError | tuple[str, ...] | str) -> Exception:
    """What a task raised, from what travelled of it."""
    if isinstance(told, OSError):
        return told
    return UsageError(*told) if isinstance(told, tuple) else RuntimeError(told)


def _serve(pipe: Connection, work: str, setup: Any) -> None:
    """A worker's life: it ends with the one who started it, and leaves Ctrl-C to them.

    One that is told to end does so as a program does, with all that it started.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    try:
        _answer(pipe, work, setup)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def _answer(pipe: Connection, work: str, setup: Any) -> None:
    """Take one task after another until there is nobody to give any."""
    module, _, name = work.partition(":")
    do: Callable[[Any], Any] | None = None
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            if do is None:
                do = getattr(importlib.import_module(module), name)(setup)
            answer = (False, do(task))
        except OSError as error:
            answer = (True, OSError(error.errno, error.strerror, error.filename))
        except UsageError as error:
            answer = (True, (error.code, error.message, str(error.where), error.hint))
        except Exception:  # an exception may not travel, its text does
            answer = (True, traceback.format_exc())
        try:
            pipe.send(answer)
        except OSError:
            return
