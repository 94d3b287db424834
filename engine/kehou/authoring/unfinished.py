"""What ``kehou new`` wrote and nobody has rewritten: it runs, and says nothing of the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kehou.model.rules import Rule
from kehou.packs import Pack
from kehou.packs.casefiles import Found, case_path
from kehou.packs.positions import Sites
from kehou.readers import ReadError
from kehou.readers.door import MOST_OF_PACK, contents

#: The line at the head of a file that is to be rewritten; whoever has rewritten it deletes it.
MARK: Final = "# kehou new 写的示例，请照条款改写；改写完删去这一行"
#: The same of a file that `kehou new pack` drew from a clause.
PROPOSED: Final = "# 待确认：kehou new 照条款拟的，核对、改好以后删去这一行"
#: A line for words of the clause that the draft holds nothing of: a person decides what they are.
UNDECIDED: Final = "# 待定，条款里还没有写进规则的字句："
#: The same in the words of the sheet that a person answers (docs/rules.md).
ASKED: Final = "# 要求："
#: The reason that a person gives for a rule that is meant to ask another thing than its clause.
MEANT: Final = "# 与原文不同："
#: The sheet on which all that was drafted is answered, as long as some of it is not.
SHEET: Final = "核对.yaml"
#: From when on an example holds that nobody asked for: it judges nothing until it is rewritten.
IDLE: Final = "9999-01-01"
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
    waiting = on_sheet(pack)
    for rule in pack.rules.values():
        for file in (rule.file, case_path(rule)):
            line, mark = _marked(pack.home(rule), file) if not rule.pointer else (0, "")
            if waiting and mark == PROPOSED:
                continue
            if line and mark == PROPOSED and rule.id not in found:
                told = f"{file.rpartition('/')[2]} 是照条款拟的，还没有人核对"
                found[rule.id] = (f"{file}:{line}", told, f"请核对、改好，再删去“{PROPOSED}”这一行")
            elif line and rule.id not in found:
                hint = f"请改写，再删去“{MARK}”这一行"
                told = f"{file.rpartition('/')[2]} 还是 kehou new 写的样子"
                found[rule.id] = (f"{file}:{line}", told, hint)
        if rule.valid_from == IDLE and not rule.pointer and rule.id not in found:
            told = f"写作 from: {IDLE}，什么也不评定：kehou new 给示例写的"
            hint = "规则和用例改写好了，请删去 from 这一行和用例里的 as_of，或改成自己的日期"
            found[rule.id] = (sites.of(rule, "from"), told, hint)
        english = pack.english.get(rule.id)
        left = english and english.get("title") == _EARLIER[2].removeprefix("title: ")
        if left and rule.id not in found:
            place = sites.at("i18n/en.yaml", rule.id)
            found[rule.id] = (place, "英文还是 kehou new 写的样子", "请改写，或删去这一条")
    return found


def undecided(pack: Pack) -> Iterator[Found]:
    """The words of clauses that drafted rules hold nothing of, where nobody has decided on them."""
    for rule in pack.rules.values():
        if rule.pointer or on_sheet(pack):
            continue
        for number, line in _lines(pack.home(rule), rule.file):
            if line.startswith(UNDECIDED):
                words = line.removeprefix(UNDECIDED).strip()
                told = f"条款的“{words}”还没有写进规则，也没有说明不必写"
                hint = "限定了谁、什么时候的，写成 when，看不出的提请核查；没有限定什么的不必写；"
                yield f"{rule.file}:{number}", told, f"{hint}定好以后删去这一行"


_OPEN: Final = re.compile(r"#.*待确认|(?<!quote): ['\"]?待确认")
_FILES: Final = ("pack.yaml", "clauses.yaml", "facts.yaml", "decisions.yaml", "base.yaml")


def unconfirmed(root: Path | Traversable) -> Iterator[Found]:
    """What `kehou new pack` and `kehou new overlay` left to be confirmed, once for each file."""
    if root.joinpath(SHEET).is_file():
        lines = _open_answers(root)
        told = f"还有 {len(lines)} 处没有答（第 {'、'.join(map(str, lines[:5]))}"
        told += " 行）" if len(lines) <= 5 else " 行等）"
        done = "都答了，还没有照办" if not lines else told
        hint = f"请在“答”后面写 对、提请、人看、别人 或 无，再运行 kehou new answers {root}"
        yield f"{SHEET}:{lines[0] if lines else 1}", done, f"{hint}；不用这份表的，删去它"
        return
    for file in _FILES:
        if not root.joinpath(file).is_file():
            continue
        try:
            text = contents(root.joinpath(file), MOST_OF_PACK, file).decode("utf-8")
        except (ReadError, UnicodeDecodeError):
            continue
        lines = [n for n, line in enumerate(text.splitlines(), 1) if _OPEN.search(line)]
        if lines:
            told = f"还有 {len(lines)} 处待确认（第 {'、'.join(map(str, lines[:5]))}"
            told += " 行）" if len(lines) <= 5 else " 行等）"
            yield f"{file}:{lines[0]}", told, "请逐处核对、改好，再删去“待确认”"


def meant(pack: Pack, rule: Rule) -> bool:
    """Whether a person has said why a rule asks another thing than its clause does."""
    return any(line.startswith(MEANT) for _, line in _lines(pack.home(rule), rule.file))


def on_sheet(pack: Pack) -> bool:
    """Whether a person is still to answer what was drafted, on the sheet."""
    return (pack.top or pack.root).joinpath(SHEET).is_file()


def _open_answers(root: Path | Traversable) -> list[int]:
    """The lines of the sheet that wait for an answer."""
    return [n for n, line in _lines(root, SHEET) if re.match(r"\s*答:\s*(#.*)?$", line)]


def _marked(home: Path | Traversable, file: str) -> tuple[int, str]:
    """The line of a file that says that it is to be rewritten, and what it says; 0 for none."""
    for number, line in _lines(home, file):
        said = next((mark for mark in (MARK, PROPOSED, *_EARLIER) if line.startswith(mark)), "")
        if said:
            return number, said
    return 0, ""


def _lines(home: Path | Traversable, file: str) -> list[tuple[int, str]]:
    """The lines of a file of a pack with their numbers; none of one that cannot be read."""
    try:
        text = contents(home.joinpath(*file.split("/")), MOST_OF_PACK, file).decode("utf-8")
    except (ReadError, UnicodeDecodeError):
        return []
    return list(enumerate(text.splitlines(), 1))
