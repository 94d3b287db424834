"""The SHA-256 of kehou itself: its code, the schemas it reads by and the words it writes with.

A wheel and the checkout it was built from have the same one, and so have the systems they run on.
Packs are not in it, nor the compiled ones of a wheel: a report names each with its own. It is
computed only when it is written down, never for a check that is merely shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources.abc import Traversable

from kehou import data
from kehou.model.report import Report

#: Sub-packages of an installed kehou that stand elsewhere in a checkout; each is walked by itself.
_APART = frozenset({"rules", "schemas", "reports"})
#: Where a wheel has packs compiled, each of which is taken only for the files it was made of.
_COMPILED = "kehou/packs/compiled/"


@cache
def sha256() -> str:
    """SHA-256 over the names and contents of every file, in name order; lines end with LF."""
    import hashlib

    digest = hashlib.sha256()
    for name, path in sorted(_files(), key=lambda pair: pair[0]):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def hashed(report: Report) -> Report:
    """The report with the hash of the kehou that made it."""
    return replace(report, run=replace(report.run, tool_sha256=sha256()))


def _files() -> Iterator[tuple[str, Traversable]]:
    for path in data.code().iterdir():
        if path.name not in _APART:
            yield from _below(path, "kehou/")
    for path in data.schemas().iterdir():
        yield from _below(path, "schemas/")
    for path in data.reports().iterdir():
        yield from _below(path, "reports/")


def _below(path: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    if path.name.startswith((".", "__pycache__")) or path.name.endswith((".pyc", "~")):
        return
    if path.is_dir():
        if f"{prefix}{path.name}/" == _COMPILED:
            return
        for inner in path.iterdir():
            yield from _below(inner, f"{prefix}{path.name}/")
    elif path.is_file():
        yield prefix + path.name, path
