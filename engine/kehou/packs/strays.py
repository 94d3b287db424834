"""What lies in a pack's folder and is read by nothing: rules that would be missed, and the rest.

A rule that is never read looks like one that never fails, so it keeps a pack from loading; another
stray file is for ``kehou lint``.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kehou.language.near_words import nearest
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_PACK, contents

#: (file, message, hint)
Found = tuple[str, str, str]

_NAMED: Final = (
    "pack.yaml",
    "source.txt",
    "clauses.yaml",
    "facts.yaml",
    "decisions.yaml",
    "blind-spots.yaml",
)
#: Read by nobody but people, or written by programs for themselves.
_FREE: Final = (
    "核对.yaml",
    "README*",
    "CHANGELOG*",
    "LICENSE*",
    "*.py",
    ".*",
    "~$*",
    "__pycache__",
)
#: Files that a layer has of what it lies over, and how to have others.
OF_BASE: Final = ("decisions.yaml", "blind-spots.yaml")
FROM_BELOW: Final = "请删去；要另定，把下层的规则包整个复制成自己的，在那里改"
_FOLDERS: Final = ("i18n", "lexicons", "examples")
_LANGUAGES: Final = ("en.yaml", "en-names.yaml")
_RULE_LINES: Final = re.compile(r"^(severity|stages|clauses|require|remedy) *[:：]", re.MULTILINE)
_MOST: Final = 20_000


def is_rule_file(name: str) -> bool:
    """Whether a file in an area's folder is a rule, by its name, be it misspelt."""
    return name.endswith((".yaml", ".yml")) and not name.endswith((".test.yaml", ".test.yml"))


def stem_of(name: str) -> str:
    """The id of the rule that a file of this name holds, or has cases for."""
    for ending in (".test.yaml", ".test.yml", ".yaml", ".yml"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def missed_areas(root: Path | Traversable, areas: Collection[str]) -> Iterator[tuple[str, Found]]:
    """Folders that hold rules and are no area, each with what is to be told of it."""
    for entry in _entries(root):
        name = entry.name
        if name in (*areas, *_FOLDERS) or _free(name) or not entry.is_dir():
            continue
        rules = [e.name for e in _entries(entry) if is_rule_file(e.name) and _like_rule(e)]
        if rules:
            empty = [area for area in areas if not root.joinpath(area).is_dir()]
            meant = nearest(name, empty)
            hint = (
                f"请把文件夹改名为 {meant}，或在 areas 里写 {name}"
                if meant
                else f"请在 pack.yaml 的 areas 里写 {name}，或把规则移到已有的方面"
            )
            message = (
                f"文件夹 {name} 里有规则（{'、'.join(sorted(rules)[:3])}），areas 没有列出它，"
            )
            yield name, (name, message + "规则不会被读到", hint)


def misnamed_rules(root: Path | Traversable, areas: Collection[str]) -> Iterator[Found]:
    """Rules and cases whose names end in .yml."""
    for area in areas:
        for entry in _entries(root.joinpath(area)):
            if entry.name.endswith(".yml"):
                place = f"{area}/{entry.name}"
                better = entry.name.removesuffix(".yml") + ".yaml"
                yield place, "规则和用例的文件名以 .yaml 结尾", f"请改名为 {better}"


def misnamed(root: Path | Traversable, relative: str) -> str | None:
    """A file that is read by nothing and has nearly the name of one that is missing."""
    folder, _, name = relative.rpartition("/")
    there = root.joinpath(folder) if folder else root
    spare = [e.name for e in _entries(there) if e.is_file() and e.name not in _NAMED]
    found = nearest(name, [one for one in spare if one.endswith(Path(name).suffix)])
    return None if found is None else f"{folder}/{found}" if folder else found


def strays(
    root: Path | Traversable,
    areas: Collection[str],
    base: str,
    rules: Collection[str],
    layer: bool = False,
) -> Iterator[Found]:
    """Files and folders that nothing reads, other than rules; a layer has fewer that are read."""
    stem = base.rpartition("/")[2].removesuffix(".yaml")
    of_base = ("base*.yaml", f"{stem}*.yaml", "*.schema.json", "*.columns.json")
    known = tuple(name for name in _NAMED if not layer or name not in OF_BASE)
    known += () if layer else of_base
    hint = "请把它移出规则包的文件夹；说明写在 README.md，示例材料放在 examples 里"
    for entry in _entries(root):
        if layer and any(fnmatch.fnmatch(entry.name, one) for one in (*OF_BASE, *of_base)):
            yield entry.name, f"叠加里的 {entry.name} 没有程序读，沿用下层的", FROM_BELOW
            continue
        if entry.is_dir():
            if entry.name not in (*areas, *_FOLDERS, base.partition("/")[0]) and not _free(
                entry.name
            ):
                yield entry.name, f"没有程序读文件夹 {entry.name}", hint
        elif not any(fnmatch.fnmatch(entry.name, one) for one in known) and not _free(entry.name):
            yield entry.name, f"没有程序读文件 {entry.name}", _renamed(entry.name, _NAMED, hint)
    for entry in _entries(root.joinpath("i18n")):
        if entry.name not in _LANGUAGES and not _free(entry.name):
            place = f"i18n/{entry.name}"
            yield place, "没有程序读这个译文", "译文只有英文，文件名是 en.yaml"
    for area in areas:
        for entry in _entries(root.joinpath(area)):
            place, name = f"{area}/{entry.name}", entry.name
            if _free(name):
                continue
            if not name.endswith((".yaml", ".yml")):
                yield place, f"没有程序读文件 {name}", hint
            elif not is_rule_file(name) and stem_of(name) not in rules:
                stem, otherwise = stem_of(name), "请补规则，或删去这个用例文件"
                message = f"用例没有规则：旁边没有 {stem}.yaml"
                yield place, message, _renamed(stem, rules, otherwise)


def _renamed(name: str, known: Collection[str], otherwise: str) -> str:
    meant = nearest(name, list(known))
    return f"是否想写 {meant}？" if meant else otherwise


def _entries(folder: Path | Traversable) -> list[Path | Traversable]:
    """What is in a folder, by name; nothing where there is none."""
    if not folder.is_dir():
        return []
    return sorted(folder.iterdir(), key=lambda entry: entry.name)


def _free(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in _FREE)


def _like_rule(entry: Path | Traversable) -> bool:
    """Whether a file has what a rule has: at least two of its keys, each at a line's start."""
    try:
        text = contents(entry, MOST_OF_PACK)[:_MOST].decode("utf-8", "replace")
    except (ReadError, OSError):
        return False
    return len(set(_RULE_LINES.findall(text))) > 1
