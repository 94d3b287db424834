"""What ``kehou new`` wrote and nobody has rewritten: it runs, and says nothing of the policy."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kehou.packs import Pack
from kehou.packs.casefiles import Found, case_path
from kehou.packs.positions import Sites
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_PACK, contents

#: The line at the head of a file that is to be rewritten; whoever has rewritten it deletes it.
MARK: Final = "# kehou new 写的示例，请照条款改写；改写完删去这一行"
#: What earlier versions wrote instead.
_EARLIER: Final = (
    "# 这是一条能运行的示例，请照条款改写每一行",
    "title: 示例：",
    "title: Example rule, to be rewritten",
)


def begun(pack: Pack, sites: Sites) -> dict[str, Found]:
    """What is to be told of each file that is as ``kehou new`` left it, by the rule's id.

    The rule is told before its cases, which hang on it.
    """
    found: dict[str, Found] = {}
    for rule in pack.rules.values():
        for file in (rule.file, case_path(rule)):
            line = _marked(pack.home(rule), file) if not rule.pointer else 0
            if line and rule.id not in found:
                hint = f"请改写，再删去“{MARK}”这一行"
                told = f"{file.rpartition('/')[2]} 还是 kehou new 写的样子"
                found[rule.id] = (f"{file}:{line}", told, hint)
        english = pack.english.get(rule.id)
        left = english and english.get("title") == _EARLIER[2].removeprefix("title: ")
        if left and rule.id not in found:
            place = sites.at("i18n/en.yaml", rule.id)
            found[rule.id] = (place, "英文还是 kehou new 写的样子", "请改写，或删去这一条")
    return found


def _marked(home: Path | Traversable, file: str) -> int:
    """The line of a file that says that it is to be rewritten; 0 where none does."""
    try:
        text = contents(home.joinpath(*file.split("/")), MOST_OF_PACK, file).decode("utf-8")
    except (ReadError, UnicodeDecodeError):
        return 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((MARK, *_EARLIER)):
            return number
    return 0
