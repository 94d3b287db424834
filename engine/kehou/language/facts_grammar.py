"""From the tree of facts.yaml to entities and derivations (docs/language.md §1)."""

from __future__ import annotations

from typing import Any

from kehou.language.derivations import AGGREGATES, FUNCTIONS, Derivation, EntityDef
from kehou.language.grammar import argument, optional
from kehou.language.yaml_places import Place, flag, mapping, name, suggest, text, texts
from kehou.model.rules import (
    Arg,
    FieldRef,
    Param,
)

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
        where=optional(d, "where", at),
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
    "lookup": ("in", "match", "same", "at", "valid", "take"),
    "by_unit": ("amount", "unit", "times"),
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
    if fn == "by_unit":
        return _by_unit(owner, field_name, body, place)
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


def _by_unit(owner: str, field_name: str, body: Any, at: Place) -> Derivation:
    """An amount per unit; ``times`` lists for each unit what its amount is multiplied by."""
    d = mapping(body, at, _FN_KEYS["by_unit"], _FN_KEYS["by_unit"])
    named: dict[str, Arg] = {
        key: _reference(d[key], at / key) for key in ("amount", "unit") if key in d
    }
    listed = d.get("times") or {}
    mapping(listed, at / "times", list(listed))
    factors = tuple(
        (str(unit), _factors(items, at / "times" / unit, named))
        for unit, items in (listed.items() if isinstance(listed, dict) else ())
    )
    return Derivation(owner, field_name, "by_unit", named=tuple(named.items()), factors=factors)


def _factors(items: Any, at: Place, named: dict[str, Arg]) -> tuple[str, ...]:
    """What the amount of one unit is multiplied by; each is added to the named arguments."""
    if not isinstance(items, list):
        at.fault("这里应当列出要乘的字段", "不用乘的写 []")
        return ()
    names = []
    for i, item in enumerate(items):
        factor = _reference(item, at / i)
        if not isinstance(factor, FieldRef | Param):
            continue
        if named.setdefault(factor.name, factor) != factor:
            hint = "请换一个字段，或先派生一个同值的字段"
            (at / i).fault(f"{factor.name} 已经有别的用处", hint)
        names.append(factor.name)
    return tuple(names)


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
        where=optional(d, "where", at),
        that=optional(d, "that", at),
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
    valid = texts(d.get("valid"), at / "valid")
    if bool(d.get("at")) != (len(valid) == 2):
        at.fault("at 和 valid 一起写", "valid 写对方有效期的两个字段，如 [valid_from, valid_to]")
    return Derivation(
        owner,
        field_name,
        "lookup",
        over=text(d.get("in"), at / "in"),
        same=same,
        match=tuple(match),
        at=text(d.get("at"), at / "at"),
        valid=valid,
        take=text(d.get("take"), at / "take"),
    )
