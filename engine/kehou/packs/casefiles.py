"""Reads the cases that stand beside rules, ``<rule>.test.yaml``, and patches their base.

A case patches one good submission and names the subjects that must have each outcome
(docs/language.md §1). ``survivors`` are the mutants of the rule that no case need kill, each with
its reason (``kehou test --mutate``), ``excused`` what need not be provable of it, each with its
reason too (``kehou lint --prove``).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.language import suggest
from kehou.language.yaml_places import Faults, Place, date, listed, mapping, text, texts, under
from kehou.model.outcomes import Outcome, Stage
from kehou.model.rules import Rule
from kehou.packs.pack import Pack
from kehou.readers import Document, ReadError, read
from kehou.readers.door import MOST_OF_PACK, contents, is_file

#: What people write for an outcome.
_OTHER_WORDS: Final[Mapping[str, str]] = {
    "ok": "pass",
    "符合": "pass",
    "不符合": "fail",
    "存疑待核": "review",
    "存疑": "review",
    "材料不足": "insufficient",
    "不适用": "not_applicable",
    "未评": "not_judged",
    "未能评定": "error",
}
#: (file:line, message, hint)
Found = tuple[str, str, str]

_FILE_KEYS = ("rule", "base", "cases", "survivors", "excused")
_CASE_KEYS = (
    "name",
    "stage",
    "as_of",
    "check_date",
    "params",
    "set",
    "drop",
    "expect",
    "found",
    "missing",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a rule; ``place`` is file:line."""

    rule: str
    name: str
    place: str
    stage: Stage
    as_of: str | None
    check_date: str | None
    params: Mapping[str, Any]
    changes: Mapping[str, Any]
    drop: tuple[str, ...]
    expect: Mapping[str, tuple[str, ...]]
    found: Mapping[str, Mapping[str, Any]]
    missing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that the cases need not kill, and why; ``place`` is file:line."""

    mutant: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Excuse:
    """What need not hold of a rule on every subject, about which field or rule, and why."""

    claim: str
    about: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one rule; none, and no ``document``, where it has no case file."""

    base: str
    cases: tuple[Case, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    faults: tuple[Found, ...] = ()
    document: Document | None = None
    excused: tuple[Excuse, ...] = ()


def case_path(rule: Rule) -> str:
    """Path of a rule's case file in its pack."""
    return f"{rule.area}/{rule.id}.test.yaml"


def read_cases(pack: Pack, rule: Rule) -> CaseFile:
    """The cases of a rule, with everything that is wrong with their file."""
    relative = case_path(rule)
    path = pack.home(rule).joinpath(*relative.split("/"))
    if not path.is_file():  # by another ending, which is told of the folder
        relative = relative.removesuffix(".yaml") + ".yml"
        path = pack.home(rule).joinpath(*relative.split("/"))
    if not path.is_file():
        return CaseFile(pack.base)
    try:
        document = read(relative, contents(path, MOST_OF_PACK, relative))
    except ReadError as error:
        return CaseFile(pack.base, faults=((error.where, error.message, error.hint),))
    faults = Faults()
    at = Place(document, faults)
    d = mapping(document.tree, at, _FILE_KEYS, ("rule", "cases"))
    if d.get("rule") not in (None, rule.id):
        (at / "rule").fault(f"用例文件写的规则 {d.get('rule')} 与文件名不同")
    rows = listed(d.get("cases"), at / "cases")
    cases = [_case(item, at / "cases" / i, rule) for i, item in enumerate(rows)]
    for i, case in enumerate(cases):
        for param in case.params:
            if param not in pack.parameters:
                (at / "cases" / i / "params").fault(
                    f"没有参数 {param}", suggest(param, list(pack.parameters))
                )
    kept = listed(d.get("survivors"), at / "survivors")
    survivors = [_survivor(item, at / "survivors" / i) for i, item in enumerate(kept)]
    claims = listed(d.get("excused"), at / "excused")
    excused = [_excuse(item, at / "excused" / i) for i, item in enumerate(claims)]
    base = _base(d.get("base"), at / "base", rule, pack)
    found = tuple(faults.placed())
    return CaseFile(base, tuple(cases), tuple(survivors), found, document, tuple(excused))


def _case(tree: Any, at: Place, rule: Rule) -> Case:
    d = mapping(tree, at, _CASE_KEYS, ("name", "expect"))
    stage = text(d.get("stage"), at / "stage", str(rule.stages[0]))
    if stage not in list(Stage):
        (at / "stage").fault(f"没有阶段 {stage}", suggest(stage, [str(s) for s in Stage]))
        stage = str(rule.stages[0])
    known = [str(o) for o in Outcome]
    expect = mapping(d.get("expect") or {}, at / "expect", known, (), _OTHER_WORDS)
    return Case(
        rule=rule.id,
        name=text(d.get("name"), at / "name"),
        place=_line(at),
        stage=Stage(stage),
        as_of=date(d.get("as_of"), at / "as_of"),
        check_date=date(d.get("check_date"), at / "check_date"),
        params=under(d.get("params"), at / "params"),
        changes=under(d.get("set"), at / "set"),
        drop=texts(d.get("drop"), at / "drop"),
        expect={o: texts(s, at / "expect" / o) for o, s in expect.items() if o in known},
        found=under(d.get("found"), at / "found"),
        missing={
            s: texts(p, at / "missing" / s)
            for s, p in under(d.get("missing"), at / "missing").items()
        },
    )


def _survivor(tree: Any, at: Place) -> Survivor:
    d = mapping(tree, at, ("mutant", "reason"), ("mutant", "reason"))
    mutant = text(d.get("mutant"), at / "mutant")
    return Survivor(mutant, text(d.get("reason"), at / "reason"), _line(at))


def _excuse(tree: Any, at: Place) -> Excuse:
    d = mapping(tree, at, ("claim", "about", "reason"), ("claim", "reason"))
    said = [text(d.get(key), at / key) for key in ("claim", "about", "reason")]
    return Excuse(said[0], said[1], said[2], _line(at))


def _base(written: Any, at: Place, rule: Rule, pack: Pack) -> str:
    """The good submission that cases patch, by its path in the pack; empty where there is none."""
    if written in (None, ""):
        return pack.base
    relative = posixpath.normpath(f"{rule.area}/{written}")
    if is_file(pack.root.joinpath(*relative.split("/"))):
        return relative
    at.fault(f"没有 {relative}，或读不懂它", "请写那份好材料的路径，从用例文件所在处数起")
    return ""


def base_tree(pack: Pack) -> Any:
    """The tree of the good submission that a pack's cases patch; None where it has none.

    Raises ``ReadError``, also where the file holds no mapping.
    """
    path = pack.root.joinpath(*pack.base.split("/")) if pack.base else None
    if path is None or not is_file(path):
        return None
    return good_submission(pack, pack.base).tree


def good_submission(pack: Pack, relative: str) -> Document:
    """A good submission of a pack by its path there.

    Raises ``ReadError``, also where the file holds no mapping.
    """
    path = pack.root.joinpath(*relative.split("/"))
    document = read(relative, contents(path, MOST_OF_PACK, relative))
    if not isinstance(document.tree, Mapping):
        error = ReadError("好材料不是键和值的样子", 1, 1, "请照 kehou schema 列出的栏目来写")
        error.locate(relative)
        raise error
    return document


def _line(at: Place) -> str:
    span = at.document.span(at.pointer)
    return f"{at.document.name}:{span.line if span else 1}"


# --- patching ------------------------------------------------------------------------------


def patched(tree: Any, case: Case) -> Any:
    """The base tree with a case's changes; ValueError names a pointer that leads nowhere."""
    result = _copied(tree)
    for pointer in case.drop:
        holder, last = _holder(result, pointer)
        if isinstance(holder, list):
            index = int(last) if last.isdecimal() else len(holder)
            if index >= len(holder):
                raise ValueError(pointer)
            holder.pop(index)
        elif last in holder:
            del holder[last]
        else:
            raise ValueError(pointer)
    for pointer, value in case.changes.items():
        holder, last = _holder(result, pointer)
        if not isinstance(holder, list):
            holder[last] = _copied(value)
        elif last == "-" or (last.isdecimal() and int(last) == len(holder)):
            holder.append(_copied(value))
        elif last.isdecimal() and int(last) < len(holder):
            holder[int(last)] = _copied(value)
        else:
            raise ValueError(pointer)
    return result


def _copied(tree: Any) -> Any:
    """A copy of a tree whose leaves are text, which nobody changes."""
    if isinstance(tree, dict):
        return {key: _copied(value) for key, value in tree.items()}
    return [_copied(value) for value in tree] if isinstance(tree, list) else tree


def _holder(tree: Any, pointer: str) -> tuple[Any, str]:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        try:
            tree = tree[int(step)] if isinstance(tree, list) else tree.setdefault(step, {})
        except (IndexError, ValueError, AttributeError) as error:
            raise ValueError(pointer) from error
    if not isinstance(tree, (dict, list)):
        raise ValueError(pointer)
    return tree, last


__all__ = ["Case", "CaseFile", "Excuse", "Found", "Survivor", "case_path", "patched", "read_cases"]
