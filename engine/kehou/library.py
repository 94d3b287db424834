"""What a program calls: check a submission, load a pack, render a report (docs/library.md).

Nothing here prints, exits, or reads ``kehou.yaml``; whatever a user can act on is a KehouError.
``kehou`` itself hands these names out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, overload

from kehou import __version__, packs
from kehou.checking import CheckOptions, recorded
from kehou.checking import check as _check
from kehou.errors import UnreadableError, UsageError
from kehou.language import suggest
from kehou.model.report import CheckRun, PacksApplied, Report, SubmissionRecord
from kehou.model.values import Fault, Location
from kehou.packs import Pack
from kehou.readers import Document, ReadError, read

if TYPE_CHECKING:
    from kehou.render import BinaryFormat, TextFormat

#: What a submission in memory is called where a report names its file.
_IN_MEMORY: Final = "材料.json"
_PLACE = re.compile(r"^(.*?)(?::(\d+))?(?::(\d+))?$", re.DOTALL)


def check(
    submission: str | os.PathLike[str] | Mapping[str, Any],
    options: CheckOptions | None = None,
    shelf: dict[str, Pack] | None = None,
) -> Report:
    """Check one submission: a file, a folder, ``-`` for standard input, or a tree in memory.

    A tree is what the file ``json.dumps(tree, ensure_ascii=False, indent=2)`` would hold: the same
    keys and rules, and the lines in a report are its lines; dates, times and Decimals may stand in
    it.

    ``shelf`` keeps loaded packs by their name in ``options.packs``: whoever checks many
    submissions hands the same dict, at first empty, to each call.

    Raises UsageError for what was asked wrongly (options, a path that does not exist, no pack in
    force), PackError for a pack that does not load, UnreadableError where no tree could be read:
    see `unread_report`.
    """
    options = options or CheckOptions()
    shelf = {} if shelf is None else shelf
    if isinstance(submission, Mapping):
        return _check("-", options, shelf, _document(submission))
    return _check(os.fspath(submission), options, shelf)


def load_pack(path_or_id: str | os.PathLike[str]) -> Pack:
    """A pack by the id of one that comes with kehou, or by its folder; a pack never changes.

    Raises PackError with every fault of it, UsageError where there is none.
    """
    return packs.load(os.fspath(path_or_id))


def unread_report(
    submission: str | os.PathLike[str],
    error: UnreadableError,
    options: CheckOptions | None = None,
    shelf: dict[str, Pack] | None = None,
) -> Report:
    """The report on a submission of which `check` could read no tree: faults, and no findings.

    Things are called as in the first pack, by whose schema it was to be read; ``shelf`` as of
    `check`.
    """
    options = options or CheckOptions()
    pack = (shelf or {}).get(options.packs[0]) or load_pack(options.packs[0])
    path = os.fspath(submission)
    name, line, column = re.findall(_PLACE, error.where or path)[0]
    place = Location(name, int(line) if line else None, int(column) if column else None)
    faults = [Fault(place, "", error.message, "", error.hint)]
    if isinstance(error.__cause__, ReadError):
        faults += [
            Fault(Location(name, *p.span) if p.span else place, "", p.message, "", p.hint)
            for p in error.__cause__.problems[1:]
        ]
    run = CheckRun(
        tool_version=__version__,
        stage=options.stage,
        as_of=options.as_of or "",
        check_date=options.on,
        language=options.language,
        cross_checked=False,
        record=recorded(options),
    )
    called = PacksApplied(nouns=pack.nouns, stages=pack.stages)
    id, name = options.known_as
    known = tuple(key for key, said in (("id", id), ("name", name)) if said)
    whose = SubmissionRecord(
        path, id or None, name or None, faults=tuple(faults), from_register=known
    )
    return Report(run, whose, called)


@overload
def render_report(
    reports: Report | Iterable[Report],
    format: BinaryFormat,
    *,
    language: str | None = None,
    verbosity: int = 0,
    annex: bool = False,
) -> bytes: ...


@overload
def render_report(
    reports: Report | Iterable[Report],
    format: TextFormat = "text",
    *,
    language: str | None = None,
    verbosity: int = 0,
    annex: bool = False,
) -> str: ...


@overload
def render_report(
    reports: Report | Iterable[Report],
    format: str,
    *,
    language: str | None = None,
    verbosity: int = 0,
    annex: bool = False,
) -> str | bytes: ...


def render_report(
    reports: Report | Iterable[Report],
    format: str = "text",
    *,
    language: str | None = None,
    verbosity: int = 0,
    annex: bool = False,
) -> str | bytes:
    """One report or several in a format of ``kehou check -o``: bytes for docx and xlsx, else text.

    ``language`` is zh or en, by default each report's own (the findings themselves are in the
    language of ``CheckOptions``); ``verbosity``, of text only, is -1 (a line each), 0, or 1
    (everything); ``annex`` adds every rule and the parameters to html and docx. Raises UsageError
    for another format or language, or where there is no report.
    """
    from kehou.proof import hashed
    from kehou.render import FORMATS
    from kehou.render.screen import Manner

    if format not in FORMATS:
        raise UsageError(
            "output-format", f"没有输出格式“{format}”", hint=suggest(format, list(FORMATS))
        )
    if language not in (None, "zh", "en"):
        raise UsageError("options", f"language：不能是 {language!r}", hint="写 'zh' 或 'en'")
    given = [reports] if isinstance(reports, Report) else list(reports)
    if not given:
        raise UsageError("no-reports", "没有报告可写", hint="至少给一份报告")
    if format != "text" or verbosity > 0:
        given = [one if one.run.tool_sha256 else hashed(one) for one in given]
    return FORMATS[format].render(
        given, Manner(language=language, verbosity=verbosity, annex=annex)
    )


def _document(tree: Mapping[str, Any]) -> Document:
    """A tree in memory as the reader of JSON files sees it; raises as `check` does."""
    try:
        text = json.dumps(tree, ensure_ascii=False, indent=2, default=_written, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            "tree",
            f"这份材料不能写成 JSON：{error}",
            hint="只用映射、列表、文字、数、日期、真假、None",
        ) from error
    try:
        return read(_IN_MEMORY, text.encode("utf-8", "surrogatepass"))
    except ReadError as error:
        raise UnreadableError("unreadable", error.message, error.where, error.hint) from error


def _written(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date | time):
        return value.strftime("%H:%M") if isinstance(value, time) else value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} {value!r}")
