"""JSON reports of ours that are read again: each held against its schema before anything is used.

A report that was edited, cut short or made by hand must be told as such, never half believed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from kehou.errors import KehouError, UsageError
from kehou.readers import DEFAULT, ReadError, read
from kehou.readers.door import MOST_OF_REPORT, contents, opened

FORMAT: Final = "kehou-report/1"
MANY: Final = "kehou-reports/1"
_MADE_BY: Final = "请用 kehou check … -o json=文件 生成的报告"
#: How many faults of a report are told.
_TOLD: Final = 10
#: The most digits of a whole number.
_DIGITS: Final = 18
#: How a file of several reports begins, and each report in it begins and ends: lines of their own.
_HEAD: Final = (b"{\n", b'  "format": "kehou-reports/1",\n')
_REPORTS: Final = b'  "reports": [\n'
#: The line before the reports that says of whom there is none.
_LEFT_OUT: Final = b'  "left_out": '
_FIRST, _LAST, _FOOT = b"    {\n", (b"    }\n", b"    },\n"), b"  ]\n}\n"
#: The most bytes of a file of several reports, of which one at a time is held.
_MOST_OF_MANY: Final = 100 * MOST_OF_REPORT


def read_reports(
    path: str | Path,
    error: type[KehouError] = UsageError,
    code: str = "no-report",
    *,
    known: bool = False,
) -> tuple[list[dict[str, Any]], bytes]:
    """(the reports of a file written with ``-o json``, its bytes).

    A file that is ``known`` was held against the schema before, and has not changed. Raises
    ``error`` with ``code``, one sentence, for what is no file, no JSON, no report of ours, or not
    as ``report.schema.json`` has it.
    """
    data = read_bytes(path, error, code)
    try:
        tree = parsed(data)
    except (ValueError, RecursionError) as cause:
        raise _no_json(path, data, error, code) from cause
    if not _is_ours(tree):
        raise error(code, "这不是 kehou 的 JSON 报告", str(path), _MADE_BY)
    if not known:
        _refuse_faults(tree, path, error)
    return list(tree["reports"] if tree["format"] == MANY else [tree]), data


def each_report(
    path: str | Path,
    error: type[KehouError] = UsageError,
    code: str = "no-report",
    *,
    known: bool = False,
) -> Iterator[dict[str, Any]]:
    """The reports of a file, one read at a time where it stands as ``-o json`` writes several.

    Raises as `read_reports`, at the report that is wrong.
    """
    try:
        with opened(Path(path), _MOST_OF_MANY) as file:
            many = _to_reports(file) is not None
    except ReadError as cause:
        raise error(code, f"打不开报告：{cause.message}", str(path), cause.hint) from cause
    if not many:
        yield from read_reports(path, error, code, known=known)[0]
        return
    for number, piece in enumerate(_pieces(Path(path), error, code)):
        try:
            tree = parsed(piece)
        except (ValueError, RecursionError) as cause:
            raise _no_json(path, piece, error, code, number + 1) from cause
        if not known:
            _refuse_faults(tree, path, error, f"/reports/{number}")
        yield tree


def left_out(path: str | Path) -> list[dict[str, Any]]:
    """Of whom a file of reports has none (report.schema.json ``left_out``); [] where it says none.

    Read only of what `each_report` has read: what is not as it was written is nothing.
    """
    with opened(Path(path), _MOST_OF_MANY) as file:
        line = _to_reports(file)
    if not line:
        return []
    try:
        told = parsed(line.removeprefix(_LEFT_OUT).rstrip(b",\n"))
    except (ValueError, RecursionError):
        return []
    shape = {"format": MANY, "reports": [], "left_out": told}
    faults = [place for place, _, _ in faults_of(shape, "report") if "left_out" in place]
    return [] if faults else list(told)


def _to_reports(file: IO[bytes]) -> bytes | None:
    """Read on to the first report of a file of several: the line ``left_out``, b"" without one.

    None where it is no such file.
    """
    if tuple(file.readline(len(line) + 1) for line in _HEAD) != _HEAD:
        return None
    line = file.readline(MOST_OF_REPORT)
    if line == _REPORTS:
        return b""
    if not line.startswith(_LEFT_OUT) or file.readline(len(_REPORTS) + 1) != _REPORTS:
        return None
    return line


def _pieces(path: Path, error: type[KehouError], code: str) -> Iterator[bytes]:
    """The text of each report of a file of several."""
    with opened(path, _MOST_OF_MANY) as file:
        _to_reports(file)
        lines: list[bytes] = []
        size = 0
        for line in file:
            if not lines and line != _FIRST:
                rest = line + file.read(len(_FOOT))
                if rest != _FOOT:
                    break
                return
            lines.append(line)
            size += len(line)
            if size > MOST_OF_REPORT:
                break
            if line in _LAST:
                yield b"".join(lines).rstrip(b",\n")
                lines, size = [], 0
    raise error(code, "JSON 报告不完整或被改动过", str(path), _MADE_BY)


def _refuse_faults(tree: Any, path: str | Path, error: type[KehouError], within: str = "") -> None:
    """Raise ``error`` with the first faults of a tree that is not as its schema has it."""
    faults = faults_of(tree, "report")
    if faults:
        told = [f"  {within}{place or '/'}：{what}" for place, what, _ in faults[:_TOLD]]
        message, hint = "报告的内容不合格式，可能被改动过：", "请向出具报告的人要原文件"
        raise error("report-form", message, str(path), hint, told)


def read_ours(path: str, form: str, code: str, what: str, made_by: str) -> dict[str, Any]:
    """The tree of a JSON file of ours that is no report: ``form`` is its format, ``ranking/1``.

    It is held against the schema of that name. Raises UsageError with ``code``; ``what`` says what
    the file should be, ``made_by`` how one is made.
    """
    schema = form.removeprefix("kehou-").partition("/")[0]
    try:
        data = contents(Path(path), MOST_OF_REPORT)
    except ReadError as cause:
        raise UsageError(code, f"打不开{what}：{cause.message}", path, cause.hint) from cause
    try:
        tree = parsed(data)
    except (ValueError, RecursionError) as cause:
        raise _no_json(path, data, UsageError, code, what=f" JSON {what}", hint=made_by) from cause
    if not isinstance(tree, dict) or tree.get("format") != form:
        raise UsageError(code, f"这不是 kehou 的{what}", path, made_by)
    refuse_faults(tree, schema, path, code, what, made_by)
    return tree


def refuse_faults(
    tree: Mapping[str, Any], schema: str, path: str, code: str, what: str, made_by: str
) -> None:
    """Raise UsageError with the first faults of a tree of ours that is not as its schema has it."""
    if faults := faults_of(tree, schema):
        told = [f"  {place or '/'}：{wrong}" for place, wrong, _ in faults[:_TOLD]]
        raise UsageError(code, f"{what}的内容不合格式，可能被改动过：", path, made_by, told)


def parsed(data: bytes) -> Any:
    """The tree of a JSON text of ours; raises ValueError or RecursionError where it is none.

    What `json` reads and nothing of ours writes is refused: a key that stands twice, of which
    readers differ in which they take, NaN, a number nobody counts to, and a tree deeper than any
    file may be.
    """
    tree = json.loads(
        data, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_whole_number
    )
    if _is_deep(tree):
        raise RecursionError
    return tree


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError(digits[:_DIGITS])
    return int(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _is_deep(tree: Any) -> bool:
    """Whether a tree is nested deeper than any file may be; what reads it goes down by calls."""
    level = [tree] if isinstance(tree, (dict, list)) else []
    for _ in range(DEFAULT.depth):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _no_json(
    path: str | Path,
    data: bytes,
    error: type[KehouError],
    code: str,
    number: int = 0,
    what: str = " JSON 报告",
    hint: str = _MADE_BY,
) -> KehouError:
    """What is wrong with a file of JSON, and where, as the reader of submissions tells it.

    ``number`` counts the report of a file of several; its place is told by that alone.
    """
    name = "report.json"
    message, where = "", ""
    try:
        read(name, data)
    except ReadError as told:
        message, where = told.message, told.where.removeprefix(name)
    what = f"第 {number} 份不是{what}" if number else f"这不是{what}"
    message = f"{what}：{message}" if message else what
    return error(code, message, f"{path}{'' if number else where}", hint)


def read_bytes(path: str | Path, error: type[KehouError], code: str) -> bytes:
    """The bytes of a file of reports; raises ``error`` with ``code`` where there are none."""
    try:
        return contents(Path(path), MOST_OF_REPORT)
    except ReadError as cause:
        raise error(code, f"打不开报告：{cause.message}", str(path), cause.hint) from cause


def is_report(path: str | Path, forms: Collection[str] = (FORMAT, MANY)) -> bool:
    """Whether a file says that it is a report of kehou, or of other ``forms`` of ours.

    It need not be sound, only no submission in JSON.
    """
    try:
        tree = json.loads(contents(Path(path), MOST_OF_REPORT))
    except (ReadError, ValueError, RecursionError):
        return False
    return isinstance(tree, dict) and tree.get("format") in forms


def _is_ours(tree: Any) -> bool:
    return isinstance(tree, dict) and tree.get("format") in (FORMAT, MANY)


def faults_of(tree: Mapping[str, Any], schema: str) -> list[tuple[str, str, str]]:
    """(pointer, what is wrong, hint) of a tree held against a schema of ours."""
    from kehou.fields import validation as jsonschemas

    if _is_deep(tree):
        return [("", f"嵌套超过 {DEFAULT.depth} 层", "")]
    try:
        return jsonschemas.validate(tree, schema)
    except (KeyError, TypeError) as error:
        return [("", f"读不懂：{type(error).__name__}", "")]
