"""One file of all reports, put together from the pieces that workers kept: never held at once."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape

from kehou.batch import joined_sarif
from kehou.batch.entry import Entry
from kehou.batch.runner import Done
from kehou.errors import UsageError
from kehou.render.programs import case_prefixes

_FORMAT: Final = '{\n  "format": "kehou-reports/1",\n'
_REPORTS: Final = '  "reports": [\n'
_MANY: Final = _FORMAT + _REPORTS
_END: Final = "\n  ]\n}\n"


def pieces(done: Done, format: str) -> Iterator[bytes]:
    """Each submission's piece in a format, in the order of their paths."""
    for entry in _judged(done):
        yield _piece(done, entry, format)


def _judged(done: Done) -> list[Entry]:
    return [entry for entry in done.entries if entry.key]


def _piece(done: Done, entry: Entry, format: str) -> bytes:
    piece = done.store.piece(entry.path, done.summary.stage, entry.key, format)
    if piece is None:
        raise UsageError("store", f"存放的结果少了一份：{entry.path}", done.store.folder)
    return piece


def write(file: Path, done: Done, format: str) -> None:
    """Write all pieces as one file, whole or not at all; raises UsageError, OSError."""
    scratch = file.with_name(f".kehou-{secrets.token_hex(8)}.tmp")
    try:
        with open(scratch, "xb") as opened:
            _JOIN[format](opened, done)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(scratch, file)
    finally:
        scratch.unlink(missing_ok=True)


def _json(file: IO[bytes], done: Done) -> None:
    """As `kehou.render.programs.json` writes several reports, or one."""
    found = pieces(done, "json")
    first = next(found, None)
    second = next(found, None)
    if first is None or second is None:
        file.write(first or (_MANY + _END.lstrip("\n")).encode())
        return
    file.write((_FORMAT + _left_out(done) + _REPORTS).encode())
    file.write(_indented(first))
    for piece in chain([second], found):
        file.write(b",\n" + _indented(piece))
    file.write(_END.encode())


def _left_out(done: Done) -> str:
    """The line that says of whom there is no report, as several came or none; "" of nobody."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for place in done.summary.places:
        if place.group in ("doubled", "absent"):
            key = (place.group, place.id, place.id or place.name)
            found.setdefault(key, []).append(place.path)
    if not found:
        return ""
    names = {(place.group, place.id or place.name): place.name for place in done.summary.places}
    told = [
        {"why": why, "id": id, "name": names[why, key], "paths": [path for path in paths if path]}
        for (why, id, key), paths in found.items()
    ]
    return f'  "left_out": {json.dumps(told, ensure_ascii=False)},\n'


def _indented(piece: bytes) -> bytes:
    return b"\n".join(b"    " + line for line in piece.rstrip(b"\n").split(b"\n"))


def _csv(file: IO[bytes], done: Done) -> None:
    """Rows under one head, numbered through."""
    number = 0
    for at, piece in enumerate(pieces(done, "csv")):
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


def _text(file: IO[bytes], done: Done) -> None:
    for at, piece in enumerate(pieces(done, "text")):
        file.write((b"\n" if at else b"") + piece)


def _sarif(file: IO[bytes], done: Done) -> None:
    judged = _judged(done)
    joined_sarif.join(file, len(judged), lambda number: _piece(done, judged[number], "sarif"))


def _gitlab(file: IO[bytes], done: Done) -> None:
    """The issues of all in one array; their fingerprints differ, being of their submitters."""
    told = False
    file.write(b"[")
    for piece in pieces(done, "gitlab"):
        issues = piece.strip()[1:-1].strip(b"\n")
        if issues:
            file.write((b",\n" if told else b"\n") + issues)
            told = True
    file.write(b"\n]\n" if told else b"]\n")


def _junit(file: IO[bytes], done: Done) -> None:
    """A suite for each, numbered, its cases named after whose they are."""
    totals = [0, 0, 0]
    for piece in pieces(done, "junit"):
        told = _TOTALS.search(piece)
        assert told is not None
        totals = [total + int(n) for total, n in zip(totals, told.groups(), strict=True)]
    prefixes = case_prefixes([entry.id or entry.path for entry in _judged(done)])
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    file.write(b'<testsuites name="kehou" tests="%d" failures="%d" errors="%d">\n' % (*totals,))
    for number, piece in enumerate(pieces(done, "junit"), 1):
        _, _, suite = piece.partition(b">\n  <testsuite ")
        suite, _, _ = suite.rpartition(b"</testsuites>")
        suite = _NUMBER.sub(rb'\g<1>%d"' % number, suite, count=1)
        given = escape(prefixes[number - 1], {'"': "&quot;"}).encode()
        file.write(b"  <testsuite " + suite.replace(_CASE, _CASE + given))
    file.write(b"</testsuites>\n")


#: Where the counts of a document stand, a suite's number, and a case's class, as junit writes
#: them: no text of a submission can hold a bracket or a quotation mark.
_TOTALS: Final = re.compile(
    rb'<testsuites name="kehou" tests="(\d+)" failures="(\d+)" errors="(\d+)">'
)
_NUMBER: Final = re.compile(rb'( id=")1"')
_CASE: Final = b'\n    <testcase classname="'

_JOIN: Final[dict[str, Callable[[IO[bytes], Done], None]]] = {
    "json": _json,
    "csv": _csv,
    "text": _text,
    "sarif": _sarif,
    "junit": _junit,
    "gitlab": _gitlab,
}
