"""A round as a file of JSON, from which a later round tells what has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kehou.batch.entry import Entry, as_tree, from_tree
from kehou.errors import UsageError
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_REPORT, contents

FORMAT: Final = "kehou-round/1"
_MADE_BY: Final = "请用 kehou check … -o summary=文件.json 生成的汇总"


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


def read_round(file: str) -> Round:
    """A round that was written earlier; raises UsageError where the file is none."""
    try:
        tree = json.loads(contents(Path(file), MOST_OF_REPORT))
        if tree["format"] != FORMAT:
            raise ValueError(tree["format"])
        entries = tuple(from_tree(row) for row in tree["entries"])
        return Round(str(tree["stage"]), str(tree["on"]), entries)
    except ReadError as error:
        raise UsageError("no-round", error.message, file, error.hint) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError("no-round", "这不是上一轮的汇总", file, _MADE_BY) from error
