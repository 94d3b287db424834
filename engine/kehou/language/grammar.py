"""From the YAML trees of a pack's files to rules, entities, derivations and decisions.

Every function takes a `Place` (file and JSON pointer) and adds what is wrong to its list of
faults, so that all faults of a pack are told at once with file and line. Grammar: docs/language.md
§1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kehou.language.near_words import suggest
from kehou.language.operators import OPERATORS, OTHER_WORDS
from kehou.language.patterns import pattern_fault
from kehou.language.yaml_places import Place, date, flag, mapping, name, text, texts
from kehou.model.outcomes import Severity, Stage
from kehou.model.rules import (
    All,
    Any_,
    Arg,
    Cond,
    Const,
    FieldRef,
    LexiconRef,
    Not,
    Param,
    Review,
    Rule,
    Test,
)

_MOST_DEPTH = 3


def condition(tree: Any, at: Place, depth: int = 1) -> Cond | None:
    """A condition of docs/language.md §1; constants stay text until types are known."""
    if not isinstance(tree, dict) or not tree:
        at.fault("这里应当是一个条件", "例如 {field: amount, at_most: 30}")
        return None
    for word in ("all", "any", "not"):
        if word in tree:
            if depth > _MOST_DEPTH:
                hint = "请拆成两条规则，或在 facts.yaml 中定义派生值"
                at.fault(f"条件嵌套超过 {_MOST_DEPTH} 层", hint)
            if len(tree) > 1:
                at.fault(f"{word} 不能与别的键并列")
            return _connective(word, tree[word], at / word, depth)
    return _test(tree, at)


def _connective(word: str, tree: Any, at: Place, depth: int) -> Cond | None:
    if word == "not":
        inner = condition(tree, at, depth + 1)
        return None if inner is None else Not(inner)
    if not isinstance(tree, list) or not tree:
        at.fault(f"{word} 之下应当列出至少一个条件")
        return None
    items = [condition(item, at / i, depth + 1) for i, item in enumerate(tree)]
    kept = tuple(item for item in items if item is not None)
    return All(kept) if word == "all" else Any_(kept)


def _test(tree: dict[str, Any], at: Place) -> Cond | None:
    before = len(at.faults.found)
    tree = mapping(tree, at, ["field", "param", "by", *OPERATORS], (), OTHER_WORDS)
    misspelt = len(at.faults.found) > before
    if ("field" in tree) == ("param" in tree):
        at.fault("一个条件要有 field 或 param 之一")
        return None
    operators = [key for key in tree if key in OPERATORS]
    if len(operators) != 1:
        if not misspelt:
            at.fault("一个条件要有且只有一个运算符", "可用：" + "、".join(OPERATORS))
        return None
    subject: FieldRef | Param
    if "field" in tree:
        subject = FieldRef(name(tree["field"], at / "field"))
    else:
        subject = Param(name(tree["param"], at / "param"), texts(tree.get("by"), at / "by"))
    op = operators[0]
    place = at / op
    if op == "within":
        if not isinstance(tree[op], list) or len(tree[op]) != 2:
            place.fault("within 要写两端，例如 [45, 75]")
            return None
        args = tuple(argument(item, place / i) for i, item in enumerate(tree[op]))
    else:
        args = (argument(tree[op], place),)
    for arg in args:
        if isinstance(arg, LexiconRef) and op != "mentions":
            place.fault(f"词库只能用在 mentions 里，不能用在 {op} 里")
            return None
    if op == "matches" and isinstance(args[0], Const):
        fault = pattern_fault(str(args[0].value))
        if fault:
            place.fault(fault, "请写成定长的格式，或用 in、mentions 列出用词")
    return Test(subject, op, args)


def argument(tree: Any, at: Place) -> Arg:
    """An operand: a literal, a list of them, ``{param, by?}``, ``{field}`` or ``{lexicon}``."""
    if isinstance(tree, dict) and "lexicon" in tree:
        mapping(tree, at, ["lexicon", "except"])
        return LexiconRef(
            texts(tree["lexicon"], at / "lexicon"), texts(tree.get("except"), at / "except")
        )
    if isinstance(tree, dict):
        mapping(tree, at, ["param", "by", "field", "lexicon"])
        if "field" in tree:
            return FieldRef(name(tree["field"], at / "field"))
        if "param" in tree:
            return Param(name(tree["param"], at / "param"), texts(tree.get("by"), at / "by"))
        at.fault("这里应当是 {param: 名称} 或 {field: 名称}")
        return Const(None)
    if isinstance(tree, list):
        return Const(tuple(text(item, at / i) for i, item in enumerate(tree)))
    if tree is None:
        at.fault("这里缺少要比较的值")
    return Const(tree)


RULE_KEYS = (
    "id",
    "title",
    "clauses",
    "severity",
    "stages",
    "from",
    "to",
    "mandatory",
    "counterpart",
    "each",
    "closed",
    "when",
    "require",
    "review",
    "message",
    "remedy",
)
_SEVERITIES = {"critical": "红线", "major": "重大", "minor": "一般", "advice": "建议"}
_RULE_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def rule(tree: Any, at: Place, pack: str, area: str, stem: str, root: str) -> Rule | None:
    """A rule file; what is wrong in it is told and left out. None where it is no mapping."""
    d = mapping(tree, at, RULE_KEYS, ("id", "title", "clauses", "severity", "stages", "remedy"))
    if not d:
        return None
    rule_id = text(d.get("id"), at / "id", stem)
    if not _RULE_ID.fullmatch(rule_id):
        (at / "id").fault(f"规则编号 {rule_id} 不合格式", "请写成 area-subject-limit 的样子")
    if rule_id != stem:
        hint = "请改成一样的；用例文件和译文也用这个编号"
        (at / "id").fault(f"规则编号 {rule_id} 与文件名 {stem} 不同", hint)
        rule_id = stem
    if d.get("require") is None and d.get("review") is None:
        at.fault("规则要有 require 或 review 之一")
    elif (d.get("require") is None) != (d.get("message") is None):
        at.fault("message 与 require 要同时出现")
    severity = _member(d.get("severity"), at / "severity", Severity, _SEVERITIES)
    given = d.get("stages")
    stages = [
        _member(s, at / "stages" / i, Stage)
        for i, s in enumerate(given if isinstance(given, list) else [])
    ]
    if given is not None and not stages:
        (at / "stages").fault("stages 要列出至少一个阶段", suggest("", list(Stage)))
    return Rule(
        id=rule_id,
        title=text(d.get("title"), at / "title"),
        clauses=texts(d.get("clauses"), at / "clauses"),
        severity=severity or Severity.MINOR,
        stages=tuple(s for s in stages if s is not None) or (Stage.APPROVAL,),
        valid_from=date(d.get("from"), at / "from"),
        valid_to=date(d.get("to"), at / "to"),
        mandatory=flag(d.get("mandatory"), at / "mandatory"),
        counterpart=text(d.get("counterpart"), at / "counterpart") or None,
        each=name(d["each"], at / "each") if d.get("each") is not None else root,
        closed=_closed(d.get("closed"), at / "closed"),
        when=optional(d, "when", at),
        require=optional(d, "require", at),
        review=_reviews(d.get("review"), at / "review"),
        message=text(d.get("message"), at / "message") or None,
        remedy=text(d.get("remedy"), at / "remedy"),
        area=area,
        pack=pack,
        file=at.document.name,
    )


def optional(tree: dict[str, Any], key: str, at: Place) -> Cond | None:
    """The condition under a key, or None where the key is left out."""
    return None if tree.get(key) is None else condition(tree[key], at / key)


def _member(
    tree: Any, at: Place, kind: Callable[[str], Any], titles: Mapping[str, str] | None = None
) -> Any:
    """A member of an enumeration; None where there is none, which is told."""
    if tree is None:
        return None
    word = text(tree, at)
    try:
        return kind(word)
    except ValueError:
        members = [str(m) for m in kind]  # type: ignore[attr-defined]
        hint = suggest(word, members)
        if titles:
            hint = "可用：" + "、".join(f"{m} {titles[m]}" for m in members)
        at.fault(f"不认识的值 {word}", hint)
        return None


def _closed(tree: Any, at: Place) -> dict[str, tuple[str, ...]]:
    if tree is None:
        return {}
    found = mapping(tree, at, [str(s) for s in Stage])
    return {stage: texts(fields, at / stage) for stage, fields in found.items()}


def _reviews(tree: Any, at: Place) -> tuple[Review, ...]:
    if tree is None:
        return ()
    if not isinstance(tree, list) or not tree:
        at.fault("review 之下应当列出 when 和 reason")
        return ()
    reviews = []
    for i, item in enumerate(tree):
        d = mapping(item, at / i, ["when", "reason"], ["when", "reason"])
        when = optional(d, "when", at / i)
        if when is not None:
            reviews.append(Review(when, text(d.get("reason"), at / i / "reason")))
    return tuple(reviews)
