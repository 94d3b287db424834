"""From the tree of facts.yaml to entities and derivations (docs/language.md §1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kehou.language.derivations.declared import Derivation, EntityDef
from kehou.language.derivations.keys import KEYS
from kehou.language.derivations.signature import Takes
from kehou.language.derivations.table import FUNCTIONS
from kehou.language.grammar import argument, condition, optional
from kehou.language.near_words import nearest, suggest
from kehou.language.yaml_places import Place, flag, listed, mapping, name, text, texts
from kehou.model.rules import (
    Arg,
    Cond,
    Const,
    FieldRef,
    LexiconRef,
    Param,
)

_ENTITY_KEYS = {
    "list": ("list", "key", "label"),
    "inner": ("inner", "of", "copy", "key", "label"),
    "expand": ("expand", "over", "key", "label"),
    "group": ("group", "by", "where", "key", "label"),
    "pairs": ("pairs", "key", "label"),
    "overlaps": ("overlaps", "same", "start", "end", "valid", "key", "label"),
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
        valid=_window(d.get("valid"), at / "valid"),
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
        meant = nearest(fn, list(FUNCTIONS))
        place.fault(f"没有函数 {fn}", suggest(fn, list(FUNCTIONS)))
        if meant is None:
            return None
        fn = meant
    takes = FUNCTIONS[fn].takes
    if takes.shape == "list":
        listed = _listed(fn, takes, body, place)
        return None if listed is None else Derivation(owner, field_name, fn, **listed)
    tree = mapping(body, place, takes.keys, takes.required)
    if takes.one_of and not any(tree.get(key) for key in takes.one_of):
        *others, last = takes.one_of
        place.fault(f"{fn} 要有 {'、'.join(others)} 或 {last}")
    if takes.together and len({bool(tree.get(key)) for key in takes.together}) > 1:
        last = takes.together[-1]
        hint = f"{last} 写{KEYS[last].zh}"
        place.fault(f"{' 和 '.join(takes.together)} 一起写", hint)
    if takes.shape == "units":
        return Derivation(owner, field_name, fn, **_by_unit(tree, place))
    given = {}
    for key in takes.keys:
        member, parse = _MEMBERS[key]
        given[member] = parse(tree.get(key), place / key)
    return Derivation(owner, field_name, fn, **given)


def _listed(fn: str, takes: Takes, body: Any, at: Place) -> dict[str, Any] | None:
    """Arguments and the word after them; None after noting that they are not as many as wanted."""
    if not isinstance(body, list) or not body:
        at.fault(f"{fn} 之下应当列出字段")
        return None
    has_word = bool(takes.word) and body[-1] == takes.word
    items = body[:-1] if has_word else body
    wanted = len(takes.arguments)
    if not takes.repeated and len(items) != wanted:
        at.fault(f"{fn} 要有{'一' if wanted == 1 else '两'}个字段")
        return None
    listed: dict[str, Any] = {"args": tuple(_reference(x, at / i) for i, x in enumerate(items))}
    return {**listed, takes.word: True} if has_word else listed


def _reference(tree: Any, at: Place) -> Arg:
    found = FieldRef(name(tree, at)) if isinstance(tree, str) else argument(tree, at)
    if isinstance(found, LexiconRef):
        at.fault("词库只能用在条件的 mentions 里")
        return Const(None)
    return found


def _by_unit(d: dict[str, Any], at: Place) -> dict[str, Any]:
    """An amount per unit; ``times`` lists for each unit what its amount is multiplied by."""
    named: dict[str, Arg] = {
        key: _reference(d[key], at / key) for key in ("amount", "unit") if key in d
    }
    listed = d.get("times") or {}
    mapping(listed, at / "times", list(listed))
    factors = tuple(
        (str(unit), _factors(items, at / "times" / unit, named))
        for unit, items in (listed.items() if isinstance(listed, dict) else ())
    )
    return {"named": tuple(named.items()), "factors": factors}


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


def _alternatives(tree: Any, at: Place) -> tuple[tuple[str, str], ...]:
    found = []
    for i, pair in enumerate(listed(tree, at)):
        names = texts(pair, at / i)
        if len(names) != 2:
            (at / i).fault("match 的每一项写作 [本行字段, 对方字段]")
        else:
            found.append((names[0], names[1]))
    return tuple(found)


def _window(tree: Any, at: Place) -> tuple[str, ...]:
    names = texts(tree, at)
    if names and len(names) != 2:
        at.fault("这里写两个字段：[自, 至]")
    return names


def _condition(tree: Any, at: Place) -> Cond | None:
    return None if tree is None else condition(tree, at)


#: The member of a `Derivation` that each key gives, and how it is read.
_MEMBERS: dict[str, tuple[str, Callable[[Any, Place], Any]]] = {
    "over": ("over", text),
    "in": ("over", text),
    "of": ("of", text),
    "take": ("take", text),
    "at": ("at", text),
    "same": ("same", _pairs),
    "match": ("match", _alternatives),
    "valid": ("valid", _window),
    "where": ("where", _condition),
    "that": ("that", _condition),
    "flatten": ("flatten", flag),
}
