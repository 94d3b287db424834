"""One file of all reports, put together from the pieces that workers kept: never held at once."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Final

from kehou.batch.runner import Done
from kehou.errors import UsageError

_MANY: Final = '{\n  "format": "kehou-reports/1",\n  "reports": [\n'
_END: Final = "\n  ]\n}\n"


def pieces(done: Done, format: str) -> Iterator[bytes]:
    """Each submission's piece in a format, in the order of their paths."""
    stage = done.summary.stage
    for entry in done.entries:
        if entry.key:
            piece = done.store.piece(entry.path, stage, entry.key, format)
            if piece is None:
                raise UsageError("store", f"存放的结果少了一份：{entry.path}", done.store.folder)
            yield piece


def write(file: Path, done: Done, format: str) -> None:
    """Write all pieces as one file, whole or not at all; raises UsageError, OSError."""
    scratch = file.with_name(f".kehou-{secrets.token_hex(8)}.tmp")
    try:
        with open(scratch, "xb") as opened:
            _JOIN[format](opened, pieces(done, format))
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(scratch, file)
    finally:
        scratch.unlink(missing_ok=True)


def _json(file: IO[bytes], found: Iterator[bytes]) -> None:
    """As `kehou.render.programs.json` writes several reports, or one."""
    first = next(found, None)
    second = next(found, None)
    if first is None or second is None:
        file.write(first or (_MANY + _END.lstrip("\n")).encode())
        return
    file.write(_MANY.encode())
    file.write(_indented(first))
    for piece in chain([second], found):
        file.write(b",\n" + _indented(piece))
    file.write(_END.encode())


def _indented(piece: bytes) -> bytes:
    return b"\n".join(b"    " + line for line in piece.rstrip(b"\n").split(b"\n"))


def _csv(file: IO[bytes], found: Iterator[bytes]) -> None:
    """Rows under one head, numbered through."""
    number = 0
    for at, piece in enumerate(found):
        rows = csv.reader(io.StringIO(piece.decode("utf-8-sig"), newline=""))
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        head = next(rows)
        if at == 0:
            file.write("\ufeff".encode())
            writer.writerow(head)
        for row in rows:
            number += 1
            writer.writerow([number, *row[1:]])
        file.write(out.getvalue().encode("utf-8"))


def _text(file: IO[bytes], found: Iterator[bytes]) -> None:
    for at, piece in enumerate(found):
        file.write((b"\n" if at else b"") + piece)


_JOIN: Final[dict[str, Callable[[IO[bytes], Iterator[bytes]], None]]] = {
    "json": _json,
    "csv": _csv,
    "text": _text,
}
