"""From the YAML trees of a pack's files to rules, entities, derivations and decisions.

Every function takes a `Place` (file and JSON pointer) and adds what is wrong to its list of
faults, so that all faults of a pack are told at once with file and line. Grammar: language.md §1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou.language.derivations import AGGREGATES, FUNCTIONS, Derivation, EntityDef
from kehou.language.operators import OPERATORS, pattern_fault
from kehou.model.outcomes import Severity, Stage
from kehou.model.rules import (
    All,
    Any_,
    Arg,
    Cond,
    Const,
    DecisionRule,
    FieldRef,
    Not,
    Param,
    Pattern,
    Review,
    Rule,
    Test,
)
from kehou.readers import Document, escape

#: Words that YAML 1.1 reads as booleans; they are refused as names.
_BOOLEAN_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
_MOST_DEPTH = 3
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Faults:
    """Everything wrong with a pack: (document, pointer, message, hint)."""

    found: list[tuple[Document, str, str, str]] = field(default_factory=list)

    def placed(self) -> list[tuple[str, str, str]]:
        """(file:line, message, hint) of each fault."""
        result = []
        for document, pointer, message, hint in self.found:
            span = document.key_span(pointer) or nearest_span(document, pointer)
            line = span.line if span else 1
            result.append((f"{document.name}:{line}", message, hint))
        return result


def nearest_span(document: Document, pointer: str) -> Any:
    """Span of a value, or of its nearest existing parent."""
    while True:
        span = document.span(pointer)
        if span is not None or not pointer:
            return span
        pointer = pointer.rpartition("/")[0]


@dataclass(slots=True)
class Place:
    """Where in a pack's file something stands; ``/`` steps down.

    A pack has tens of thousands of places and, mostly, no fault: a pointer is put together late.
    """

    document: Document
    faults: Faults
    steps: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.document, self.faults, (*self.steps, step))

    @property
    def pointer(self) -> str:
        """The JSON pointer of what stands here."""
        return "".join(f"/{escape(str(step))}" for step in self.steps)

    def fault(self, message: str, hint: str = "") -> None:
        """Note a fault here."""
        self.faults.found.append((self.document, self.pointer, message, hint))


def suggest(word: str, allowed: Sequence[str]) -> str:
    """Chinese “did you mean”, or the allowed words where nothing is close."""
    import difflib

    close = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    if close:
        return f"是否想写 {close[0]}？"
    shown = "、".join(list(allowed)[:20])
    return f"可用：{shown}" if shown else ""


def mapping(
    tree: Any, at: Place, allowed: Sequence[str], needed: Sequence[str] = ()
) -> dict[str, Any]:
    """A mapping with only the allowed keys and all the needed ones; {} where it is none."""
    if not isinstance(tree, dict):
        at.fault("这里应当是“键: 值”的映射")
        return {}
    for key in tree:
        if key not in allowed:
            (at / key).fault(f"不认识的键 {key}", suggest(key, allowed))
    for key in needed:
        if tree.get(key) is None:
            at.fault(f"缺少 {key}")
    return tree


def text(tree: Any, at: Place, default: str = "") -> str:
    """A piece of text."""
    if tree is None:
        return default
    if not isinstance(tree, str):
        at.fault("这里应当是一段文字")
        return default
    return str(tree)


def name(tree: Any, at: Place) -> str:
    """A name: text that YAML 1.1 would not read as a boolean."""
    word = text(tree, at)
    if word.lower() in _BOOLEAN_WORDS:
        at.fault(f"{word} 在旧版 YAML 中会被读成真假值，不能用作名称", "请换一个名称")
    return word


def texts(tree: Any, at: Place) -> tuple[str, ...]:
    """A list of names, or one name alone."""
    if isinstance(tree, str):
        return (name(tree, at),)
    if not isinstance(tree, list):
        if tree is not None:
            at.fault("这里应当是名称的列表")
        return ()
    return tuple(name(item, at / i) for i, item in enumerate(tree))


def date(tree: Any, at: Place) -> str | None:
    """An ISO date, or None."""
    if tree is None:
        return None
    word = text(tree, at)
    if not _DATE.fullmatch(word):
        at.fault(f"日期写作 {word}", "请写成 2021-09-01 的样子")
        return None
    return word


def flag(tree: Any, at: Place, default: bool = False) -> bool:
    """``true`` or ``false``."""
    if tree is None:
        return default
    if tree not in ("true", "false"):
        at.fault(f"这里只能是 true 或 false，现为 {tree}")
    return bool(tree == "true")


# --- conditions ----------------------------------------------------------------------------


def condition(tree: Any, at: Place, depth: int = 1) -> Cond | None:
    """A condition of language.md §1; constants stay text until types are known."""
    if not isinstance(tree, dict) or not tree:
        at.fault("这里应当是一个条件", "例如 {field: kind, is: after_school}")
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
    mapping(tree, at, ["field", "param", "by", *OPERATORS])
    if ("field" in tree) == ("param" in tree):
        at.fault("一个条件要有 field 或 param 之一")
        return None
    operators = [key for key in tree if key in OPERATORS]
    if len(operators) != 1:
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
    if op == "matches" and isinstance(args[0], Const):
        fault = pattern_fault(str(args[0].value))
        if fault:
            place.fault(fault, "请写成定长的格式，或用 in、mentions 列出用词")
    return Test(subject, op, args)


def argument(tree: Any, at: Place) -> Arg:
    """An operand: a literal, a list of literals, ``{param, by?}`` or ``{field}``."""
    if isinstance(tree, dict):
        mapping(tree, at, ["param", "by", "field"])
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


# --- rules ---------------------------------------------------------------------------------

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
_RULE_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def rule(tree: Any, at: Place, pack: str, area: str, stem: str, root: str) -> Rule | None:
    """A rule file; None where too little of it stands."""
    needed = ("id", "title", "clauses", "severity", "stages", "remedy")
    d = mapping(tree, at, RULE_KEYS, needed)
    if any(d.get(key) is None for key in needed):
        return None
    rule_id = text(d["id"], at / "id")
    if not _RULE_ID.fullmatch(rule_id):
        (at / "id").fault(f"规则编号 {rule_id} 不合格式", "请写成 schedule-primary-end 的样子")
    if rule_id != stem:
        (at / "id").fault(f"规则编号 {rule_id} 与文件名 {stem} 不同")
    if d.get("require") is None and d.get("review") is None:
        at.fault("规则要有 require 或 review 之一")
    if (d.get("require") is None) != (d.get("message") is None):
        at.fault("message 与 require 要同时出现")
    severity = _member(d["severity"], at / "severity", Severity)
    stages = (
        [_member(s, at / "stages" / i, Stage) for i, s in enumerate(d["stages"] or [])]
        if isinstance(d["stages"], list)
        else []
    )
    if not stages:
        (at / "stages").fault("stages 要列出至少一个阶段", suggest("", list(Stage)))
    return Rule(
        id=rule_id,
        title=text(d["title"], at / "title"),
        clauses=texts(d["clauses"], at / "clauses"),
        severity=severity or Severity.MINOR,
        stages=tuple(s for s in stages if s is not None),
        valid_from=date(d.get("from"), at / "from"),
        valid_to=date(d.get("to"), at / "to"),
        mandatory=flag(d.get("mandatory"), at / "mandatory"),
        counterpart=text(d.get("counterpart"), at / "counterpart") or None,
        each=name(d["each"], at / "each") if d.get("each") is not None else root,
        closed=_closed(d.get("closed"), at / "closed"),
        when=_optional(d, "when", at),
        require=_optional(d, "require", at),
        review=_reviews(d.get("review"), at / "review"),
        message=text(d.get("message"), at / "message") or None,
        remedy=text(d["remedy"], at / "remedy"),
        area=area,
        pack=pack,
        file=at.document.name,
    )


def _optional(tree: dict[str, Any], key: str, at: Place) -> Cond | None:
    return None if tree.get(key) is None else condition(tree[key], at / key)


def _member(tree: Any, at: Place, kind: Callable[[str], Any]) -> Any:
    word = text(tree, at)
    try:
        return kind(word)
    except ValueError:
        at.fault(f"不认识的值 {word}", suggest(word, [str(m) for m in kind]))  # type: ignore[attr-defined]
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
        when = _optional(d, "when", at / i)
        if when is not None:
            reviews.append(Review(when, text(d.get("reason"), at / i / "reason")))
    return tuple(reviews)


# --- facts.yaml ----------------------------------------------------------------------------

_ENTITY_KEYS = {
    "list": ("list", "key", "label"),
    "inner": ("inner", "of", "copy", "key", "label"),
    "expand": ("expand", "over", "key", "label"),
    "group": ("group", "by", "where", "key", "label"),
    "pairs": ("pairs", "key", "label"),
    "overlaps": ("overlaps", "same", "start", "end", "key", "label"),
}


def entity(entity_name: str, tree: Any, at: Place) -> EntityDef | None:
    """One entry of ``entities:``."""
    forms = [form for form in _ENTITY_KEYS if isinstance(tree, dict) and form in tree]
    if len(forms) != 1:
        at.fault("实体要有且只有一种来源", "可用：" + "、".join(_ENTITY_KEYS))
        return None
    form = forms[0]
    d = mapping(tree, at, _ENTITY_KEYS[form])
    source = tree[form]
    of = {"inner": d.get("of"), "expand": source, "group": source, "overlaps": source}.get(form)
    return EntityDef(
        name=entity_name,
        form=form,
        path=text(source, at / form) if form == "list" else "",
        of=text(of, at) if of is not None else "",
        field=text(source, at / form) if form == "inner" else "",
        copy=_pairs(d.get("copy"), at / "copy"),
        over=_pairs(d.get("over"), at / "over"),
        by=texts(d.get("by"), at / "by"),
        where=_optional(d, "where", at),
        pairs=texts(source, at / form) if form == "pairs" else (),
        same=texts(d.get("same"), at / "same"),
        start=text(d.get("start"), at / "start"),
        end=text(d.get("end"), at / "end"),
        key=texts(d.get("key"), at / "key"),
        label=text(d.get("label"), at / "label"),
    )


def _pairs(tree: Any, at: Place) -> tuple[tuple[str, str], ...]:
    if tree is None:
        return ()
    if not isinstance(tree, dict):
        at.fault("这里应当是 {新名: 原名}")
        return ()
    return tuple((name(new, at / new), name(old, at / new)) for new, old in tree.items())


_FN_KEYS = {
    "lookup": ("in", "match", "same", "at", "take"),
    "per_term": ("amount", "unit", "periods_per_day", "days", "months"),
}
_AGGREGATE_KEYS = ("over", "same", "where")


def derivation(full: str, tree: Any, at: Place) -> Derivation | None:
    """One entry of ``fields:``; ``full`` is ``entity.name``."""
    owner, _, field_name = full.partition(".")
    name(field_name, at)
    if not field_name or not isinstance(tree, dict) or len(tree) != 1:
        at.fault("派生字段写作 实体.名称: {函数: …}，只有一个函数")
        return None
    fn, body = next(iter(tree.items()))
    place = at / fn
    if fn not in FUNCTIONS:
        place.fault(f"没有函数 {fn}", suggest(fn, FUNCTIONS))
        return None
    if fn in AGGREGATES:
        return _aggregate(owner, field_name, fn, body, place)
    if fn == "lookup":
        return _lookup(owner, field_name, body, place)
    if fn == "per_term":
        d = mapping(body, place, _FN_KEYS[fn], ("amount", "unit"))
        named = tuple((key, _reference(d[key], place / key)) for key in d)
        return Derivation(owner, field_name, fn, named=named)
    if not isinstance(body, list) or not body:
        place.fault(f"{fn} 之下应当列出字段")
        return None
    overnight = fn == "minutes_between" and body[-1] == "overnight"
    items = body[:-1] if overnight else body
    wanted = 1 if fn == "month_of" else 2
    if fn != "first" and len(items) != wanted:
        place.fault(f"{fn} 要有{'一' if wanted == 1 else '两'}个字段")
        return None
    args = tuple(_reference(item, place / i) for i, item in enumerate(items))
    return Derivation(owner, field_name, fn, args=args, overnight=overnight)


def _reference(tree: Any, at: Place) -> Arg:
    return FieldRef(name(tree, at)) if isinstance(tree, str) else argument(tree, at)


def _aggregate(owner: str, field_name: str, fn: str, body: Any, at: Place) -> Derivation:
    extra = {"has": ("that",), "every": ("that",), "count": ()}.get(fn, ("of",))
    flatten = ("flatten",) if fn == "collect" else ()
    d = mapping(
        body, at, (*extra, *_AGGREGATE_KEYS, *flatten), ("over", *(e for e in extra if e == "of"))
    )
    return Derivation(
        owner,
        field_name,
        fn,
        over=text(d.get("over"), at / "over"),
        same=_pairs(d.get("same"), at / "same"),
        where=_optional(d, "where", at),
        that=_optional(d, "that", at),
        of=text(d.get("of"), at / "of"),
        flatten=flag(d.get("flatten"), at / "flatten"),
    )


def _lookup(owner: str, field_name: str, body: Any, at: Place) -> Derivation:
    d = mapping(body, at, _FN_KEYS["lookup"], ("in",))
    match = []
    for i, pair in enumerate(d.get("match") or []):
        names = texts(pair, at / "match" / i)
        if len(names) != 2:
            (at / "match" / i).fault("match 的每一项写作 [本行字段, 对方字段]")
        else:
            match.append((names[0], names[1]))
    same = _pairs(d.get("same"), at / "same")
    if not match and not same and not d.get("at"):
        at.fault("lookup 要有 match、same 或 at")
    return Derivation(
        owner,
        field_name,
        "lookup",
        over=text(d.get("in"), at / "in"),
        same=same,
        match=tuple(match),
        at=text(d.get("at"), at / "at"),
        take=text(d.get("take"), at / "take"),
    )


# --- decisions.yaml ------------------------------------------------------------------------


def decision_rules(tree: Any, at: Place) -> tuple[DecisionRule, ...]:
    """The ``rules:`` of decisions.yaml."""
    if not isinstance(tree, list):
        at.fault("rules 之下应当是规则的列表")
        return ()
    rules = []
    for i, item in enumerate(tree):
        place = at / i
        d = mapping(
            item, place, ("id", "when", "then", "because"), ("id", "when", "then", "because")
        )
        if len(d) < 4:
            continue
        then = mapping(d["then"], place / "then", ("mark", "subject", "decide"))
        patterns = [_pattern(p, place / "when" / j) for j, p in enumerate(d["when"] or [])]
        subject = text(then.get("subject"), place).partition(".") if "subject" in then else None
        if ("mark" in then) == ("decide" in then) or ("mark" in then) != (subject is not None):
            (place / "then").fault("then 写作 {mark: 名称, subject: 变量.key} 或 {decide: 结论}")
            continue
        rules.append(
            DecisionRule(
                id=text(d["id"], place / "id"),
                when=tuple(p for p in patterns if p is not None),
                mark=then.get("mark"),
                subject=(subject[0], subject[2]) if subject else None,
                decide=then.get("decide"),
                because=text(d["because"], place / "because"),
            )
        )
    return tuple(rules)


def _pattern(tree: Any, at: Place) -> Pattern | None:
    d = mapping(tree, at, ("as", "finding", "entity", "mark", "with", "same"), ("as",))
    kinds = [k for k in ("finding", "entity", "mark") if k in d]
    if len(kinds) != 1 or "as" not in d:
        at.fault("每个模式要有 as，以及 finding、entity、mark 之一")
        return None
    kind = kinds[0]
    equals: list[tuple[str, Any]] = []
    if kind == "finding":
        wanted = mapping(
            d["finding"], at / "finding", ("rule", "outcome", "severity", "area", "blocking")
        )
        equals += [
            (k, flag(v, at / "finding" / k) if k == "blocking" else str(v))
            for k, v in wanted.items()
        ]
    else:
        equals += list((d.get("with") or {}).items())
    same = []
    for mine, reference in (d.get("same") or {}).items():
        var, _, other = str(reference).partition(".")
        same.append((mine, var, other))
    full = kind if kind == "finding" else f"{kind}:{d[kind]}"
    return Pattern(str(d["as"]), full, tuple(equals), tuple(same))
