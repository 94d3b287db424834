"""A round as a file of JSON, from which a later round tells what has changed."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.batch.entry import Entry, as_tree, from_tree
from kehou.checking.report_files import parsed
from kehou.errors import UsageError
from kehou.model.outcomes import Stage
from kehou.model.values import is_day
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_REPORT, contents, opened

FORMAT: Final = "kehou-round/1"
_MADE_BY: Final = "请用 kehou check … -o summary=文件.json 生成的汇总，或 -o json 生成的报告"
#: What a file of ours says of itself at its beginning.
_SAYS: Final = re.compile(rb'"format"\s*:\s*"([^"]*)"')
_BEGINNING: Final = 4096
#: What the members of a round must be.
_MEMBERS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "stage": lambda value: value in [*Stage],
    "on": lambda value: value == "" or (isinstance(value, str) and is_day(value)),
    "entries": lambda value: isinstance(value, list),
}


@dataclass(frozen=True, slots=True)
class Round:
    """The entries of a round, its stage, and the date by which it was looked at."""

    stage: str
    on: str
    entries: tuple[Entry, ...]


def written(stage: str, on: str, entries: Sequence[Entry]) -> str:
    """A round as JSON text; what only comparing submissions needs is left out."""
    rows = [{**as_tree(entry), "likeness": [], "written": {}} for entry in entries]
    tree = {"format": FORMAT, "stage": stage, "on": on, "entries": rows}
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def says(file: str) -> str:
    """The format that a file of ours says it has; nothing where it says none or is not read."""
    try:
        with opened(Path(file), sys.maxsize) as stream:
            found = _SAYS.search(stream.read(_BEGINNING))
    except ReadError:
        return ""
    return found[1].decode("utf-8", "replace") if found else ""


def round_or_reports(baseline: str) -> Round | None:
    """The round that a baseline is; None where it is a file or a folder of reports.

    Raises as `read_round`.
    """
    if os.path.isdir(baseline) or says(baseline).startswith("kehou-report"):
        return None
    return read_round(baseline)


def read_round(file: str) -> Round:
    """A round that was written earlier; raises UsageError where the file is none."""
    try:
        tree = parsed(contents(Path(file), MOST_OF_REPORT))
    except ReadError as error:
        raise UsageError("no-round", error.message, file, error.hint) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            "no-round", "这不是上一轮的汇总，也不是以前的报告", file, _MADE_BY
        ) from error
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise UsageError("no-round", "这不是上一轮的汇总，也不是以前的报告", file, _MADE_BY)
    place = ""
    try:
        for place, sound in _MEMBERS.items():
            if not sound(tree.get(place)):
                raise ValueError("")
        entries = []
        for number, row in enumerate(tree["entries"]):
            place = f"entries/{number}"
            entries.append(from_tree(row))
    except ValueError as error:
        told = [f"  /{place}{error}：缺少，或写法不对"]
        message = "上一轮的汇总不合格式，可能被改动过："
        raise UsageError("no-round", message, file, _MADE_BY, told) from error
    return Round(tree["stage"], tree["on"], tuple(entries))
