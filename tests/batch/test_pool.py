from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kehou.batch.pool import Lost, Pool
from kehou.errors import UsageError
from kehou.readers import outside

WORK = "tests.batch.test_pool:ready"


def ready(setup: int) -> Callable[[str], object]:
    """Tasks of a worker: what a submission may do to the process that reads it."""

    def do(task: str) -> object:
        if task == "dies":
            os._exit(9)
        if task == "hangs":
            time.sleep(3600)
        if task == "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        if task.startswith("converts "):
            with tempfile.TemporaryDirectory(prefix="kehou-", dir=task.split()[1]) as folder:
                outside.run(["sleep", "3600"], Path(folder), {}, seconds=3600, memory=1 << 30)
        if task == "raises":
            raise ValueError("一个错误")
        if task == "full":
            raise OSError(errno.ENOSPC, "没有空间", "存放/a.gz")
        if task == "refused":
            raise UsageError("output-file", "写不进去", "-o a.json", "换一个位置")
        return task, setup, os.getpid()

    return do


def test_a_task_that_ends_its_worker_costs_itself_alone() -> None:
    tasks = ["a", "dies", "b", "c", "dies", "d"]
    with Pool(2, WORK, 7) as pool:
        found = list(pool.run(tasks))
    assert sorted(task for task, _ in found) == sorted(tasks)
    for task, result in found:
        if task == "dies":
            assert result == Lost(9)
        else:
            assert isinstance(result, tuple)
            assert result[:2] == (task, 7)


@pytest.mark.parametrize("kind", ["hangs", "stopped"])
def test_a_task_that_does_not_end_costs_itself_alone(kind: str) -> None:
    """One that waits for ever, and one whose process does not even hear that it is to end."""
    tasks = ["a", kind, "b", "c", "d"]
    begun = time.monotonic()
    with Pool(2, WORK, 7, seconds=4) as pool:
        found = list(pool.run(tasks))
    assert time.monotonic() - begun < 40
    assert sorted(task for task, _ in found) == sorted(tasks)
    for task, result in found:
        if task == kind:
            assert isinstance(result, Lost)
            assert result.after == 4
        else:
            assert isinstance(result, tuple)
            assert result[:2] == (task, 7)


def test_who_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    """The converter of a document ends with who waits for it, and its folder is gone."""
    task = f"converts {tmp_path}"
    with Pool(1, WORK, 0, seconds=4) as pool:
        ((_, result),) = list(pool.run([task]))
    assert isinstance(result, Lost)
    assert list(tmp_path.iterdir()) == []


def test_no_worker_outlives_its_pool() -> None:
    with Pool(1, WORK, 0) as pool:
        ((_, result),) = list(pool.run(["a"]))
    assert isinstance(result, tuple)
    with pytest.raises(ProcessLookupError):
        os.kill(result[2], 0)


def test_a_mistake_of_ours_is_told_and_not_taken_for_a_result() -> None:
    with Pool(1, WORK, 0) as pool, pytest.raises(RuntimeError, match="一个错误"):
        list(pool.run(["raises"]))


def test_a_full_disk_and_a_refusal_are_what_they_are_here_too() -> None:
    """No mistake of ours, and no exit code of one: they end the run as they end a single check."""
    with Pool(1, WORK, 0) as pool, pytest.raises(OSError, match="没有空间") as full:
        list(pool.run(["full"]))
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, "存放/a.gz")
    with Pool(1, WORK, 0) as pool, pytest.raises(UsageError, match="写不进去") as refused:
        list(pool.run(["refused"]))
    assert (refused.value.where, refused.value.hint) == ("-o a.json", "换一个位置")


def test_nothing_in_the_current_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bureau checks in a folder of what was handed in: ``signal.py`` there is no module."""
    for name in ("signal", "tempfile", "struct", "selectors", "socket", "multiprocessing"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p not in ("", ".")])
    before = os.environ.get("PYTHONSAFEPATH")
    with Pool(1, WORK, 0) as pool:
        ((_, result),) = list(pool.run(["a"]))
    assert isinstance(result, tuple)
    assert not (tmp_path / "run").exists()
    assert os.environ.get("PYTHONSAFEPATH") == before
