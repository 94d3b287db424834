"""One SARIF log of many: the runs that were kept of each submission, at most as many as fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import IO, Any, Final

from kehou.errors import UsageError
from kehou.render.programs import SARIF_RUNS, dumps

#: What a run holds of its submissions, one after the other; the rest it has in common.
_EACH: Final = ("invocations", "artifacts", "results")
#: What results point into by number: runs are put together only where all of it is the same.
_POINTED_AT: Final = ("tool", "translations", "taxonomies", "language")


def join(file: IO[bytes], count: int, log_of: Callable[[int], bytes]) -> None:
    """Write ``count`` logs of one run each as one log, in their order, holding one run at a time.

    Up to 20 runs stay as they are. Beyond that a run holds several submissions, judged by the same
    packs, and its properties those of each. Raises UsageError where they are of more kinds.
    """
    kinds = [_kind(_run_of(log_of(number))) for number in range(count)]
    schema = json.loads(log_of(0))["$schema"] if count else ""
    head = f'{{\n  "$schema": "{schema}",\n  "version": "2.1.0",\n  "runs": ['
    file.write(head.encode())
    for at, members in enumerate(_shared_out(kinds)):
        run = _together([_run_of(log_of(number)) for number in members])
        text = dumps(run).rstrip("\n").encode("utf-8", "backslashreplace")
        file.write((b",\n    " if at else b"\n    ") + text.replace(b"\n", b"\n    "))
    file.write(b"\n  ]\n}\n" if count else b"]\n}\n")


def _run_of(log: bytes) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(log)["runs"][0]
    return run


def _kind(run: dict[str, Any]) -> str:
    """The same for runs of the same rules, clauses and words."""
    text = json.dumps([run[name] for name in _POINTED_AT], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _shared_out(kinds: Sequence[str]) -> list[list[int]]:
    """The numbers of the submissions of each run: as few in a run as 20 runs allow."""
    by_kind: dict[str, list[int]] = {}
    for number, kind in enumerate(kinds):
        by_kind.setdefault(kind, []).append(number)
    if len(by_kind) > SARIF_RUNS:
        told = f"各份用的规则不同，分成 {len(by_kind)} 组，超过一份 SARIF 的 {SARIF_RUNS} 个"
        raise UsageError("output-file", told, "-o sarif", "一份材料写一个文件")
    size = 1
    while sum(-(-len(numbers) // size) for numbers in by_kind.values()) > SARIF_RUNS:
        size += 1
    found = [n[at : at + size] for n in by_kind.values() for at in range(0, len(n), size)]
    return sorted(found)


def _together(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Runs of the same kind as one."""
    first = runs[0]
    if len(runs) == 1:
        return first
    joined = {name: [one for run in runs for one in run[name]] for name in _EACH}
    return {**first, **joined, "properties": {"submissions": [run["properties"] for run in runs]}}
