"""``agree`` of pack.yaml: two statements of one thing that must be the same.

Each entry becomes a rule ``conflict-<name>`` that asks a person and shows both places; nothing is
decided here (docs/language.md §2.22). An entry compares what the reader met twice (``read``),
values of one subject (``values``), or one field over all rows with the same key (``one``, ``by``).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from kehou.fields import Field
from kehou.language import ROOT, Derivation, suggest
from kehou.language.grammar import argument
from kehou.language.typed_conditions import named
from kehou.language.yaml_places import Place, flag, mapping, text, texts
from kehou.model.rules import Cond, Const, FieldRef, Review, Rule
from kehou.packs.generated_rules import (
    HEAD_KEYS,
    Generated,
    both,
    closed_at,
    condition_of,
    differ,
    entries,
    exceeds,
    head,
    more_than,
    one_of,
    stated,
)

_KEYS = (*HEAD_KEYS, "read", "each", "values", "within", "at_most", "one", "by", "optional")


def add_agreements(tree: Any, at: Place, made: Generated) -> None:
    """The rules of every entry; what is wrong in one is noted at its place."""
    for name, entry, place in entries(tree, at):
        d = mapping(entry, place, _KEYS)
        if sum(key in d for key in ("read", "values", "one")) != 1:
            place.fault("这里要有 read、values、one 之一", "见 docs/language.md §2.22")
        elif flag(d.get("read"), place / "read"):
            _add_read(name, d, place, made)
        elif "values" in d:
            _add_values(name, d, place, made)
        elif "one" in d:
            _add_one(name, d, place, made)


def _add_read(name: str, d: Mapping[str, Any], at: Place, made: Generated) -> None:
    """What the reader found stated twice, row by row of the part that holds it."""
    part = made.schema.conflicts
    if part is None:
        (at / "read").fault("材料结构没有 x-conflicts 的部分", "见 docs/language.md §5")
        return
    role = part.conflict
    zh = f"{{label}}两处写的不同：{{{role['values']}}}，请核查以哪一处为准"
    en = f"two places differ: {{{role['values']}}}; see which is right"
    each = made.subjects(part.path)
    told = stated(role["field"])
    given = dict.fromkeys([role["field"]])
    _add(name, d, at, made, each, told, told, given, (zh, en), "读到的两处写法一致")


def _add_values(name: str, d: Mapping[str, Any], at: Place, made: Generated) -> None:
    """Values of one subject; those not supplied are not compared."""
    each = _subject(d, at, made)
    listed = texts(d.get("values"), at / "values")
    if each is None or any(
        named(made.vocabulary, field, each, at / "values" / i) is None
        for i, field in enumerate(listed)
    ):
        return
    if len(listed) < 2:
        (at / "values").fault("这里列出两个以上的字段")
        return
    limit = argument(d["within"], at / "within") if d.get("within") is not None else None
    pairs = list(itertools.combinations(listed, 2))
    if flag(d.get("at_most"), at / "at_most"):
        unlike = [exceeds(a, b) for a, b in pairs]
    else:
        unlike = [_unlike(a, b, limit, name, i, each, made) for i, (a, b) in enumerate(pairs)]
    shown = "，".join(f"{_title(made, each, field)}{{{field}}}" for field in listed)
    shown_en = ", ".join(f"{_title_en(made, each, field)} {{{field}}}" for field in listed)
    title = "和".join(_title(made, each, field) for field in listed) + "一致"
    words = (f"{{label}}：{shown}，两处不同，请核查以哪一处为准", f"{{label}}: {shown_en} differ")
    needed: dict[str, Field | None] = {}
    # Of more than two each pair counts only where both say something; of two `when` says so.
    if len(pairs) > 1:
        unlike = [both(stated(a), stated(b), u) for (a, b), u in zip(pairs, unlike, strict=True)]
    when = one_of(*(both(stated(a), stated(b)) for a, b in pairs))
    needed = dict.fromkeys(listed)
    _add(name, d, at, made, each, one_of(*unlike), when, needed, words, title)


def _unlike(a: str, b: str, limit: Any, name: str, i: int, each: str, made: Generated) -> Cond:
    """That two values are not the same, or further apart than a limit."""
    if limit is None:
        return differ(a, b)
    over = []
    for tail, args in (("over", (a, b)), ("under", (b, a))):
        fields = tuple(FieldRef(field) for field in args)
        apart = Derivation(each, f"apart_{name.replace('-', '_')}_{i}_{tail}", "minus", args=fields)
        over.append(more_than(made.derive(apart), limit))
    return one_of(*over)


def _add_one(name: str, d: Mapping[str, Any], at: Place, made: Generated) -> None:
    """One field that is the same in all rows with the same key: one code, one name."""
    each = _subject(d, at, made)
    field, by = text(d.get("one"), at / "one"), texts(d.get("by"), at / "by")
    if each is None or each == ROOT or not by:
        at.fault("one 要和 each、by 一起写", "例如 each: book，by: isbn，one: title")
        return
    if any(named(made.vocabulary, one, each, at) is None for one in (field, *by)):
        return
    kinds = made.derive(
        Derivation(
            each,
            f"kinds_of_{field.replace('.', '_')}_by_{'_'.join(by).replace('.', '_')}",
            "distinct",
            of=field,
            over=each,
            same=tuple((key, key) for key in by),
        )
    )
    keys = "、".join(f"{_title(made, each, key)}{{{key}}}" for key in by)
    keys_en = ", ".join(f"{_title_en(made, each, key)} {{{key}}}" for key in by)
    what, what_en = _title(made, each, field), _title_en(made, each, field)
    shown = "" if _private(made, each, field) else f"（这一处写“{{{field}}}”）"
    zh = f"{{label}}：同一{keys}写了{{{kinds}}}种{what}{shown}，请核查以哪一处为准"
    en = f"{{label}}: {{{kinds}}} different {what_en} for the same {keys_en}; see which is right"
    title = f"同一{'、'.join(_title(made, each, key) for key in by)}只有一种{what}"
    when = both(*(stated(key) for key in by), stated(field))
    unlike = more_than(kinds, Const("1"))
    _add(name, d, at, made, each, unlike, when, dict.fromkeys((*by, field)), (zh, en), title)


def _subject(d: Mapping[str, Any], at: Place, made: Generated) -> str | None:
    each = text(d.get("each"), at / "each", ROOT)
    if each != ROOT and each not in made.vocabulary.entities:
        hint = suggest(each, list(made.vocabulary.entities))
        (at / "each").fault(f"没有实体 {each}", hint)
        return None
    return each


def _title(made: Generated, each: str, field: str) -> str:
    shown = made.vocabulary.field_of(each, field)
    return shown.title if shown is not None else "另一处算出的"


def _title_en(made: Generated, each: str, field: str) -> str:
    shown = made.vocabulary.field_of(each, field)
    return (shown.title_en or shown.name).lower() if shown is not None else "what is worked out"


def _private(made: Generated, each: str, field: str) -> bool:
    return made.vocabulary.type_of(each, field)[0].private


def _add(
    name: str,
    d: Mapping[str, Any],
    at: Place,
    made: Generated,
    each: str,
    unlike: Cond,
    when: Cond | None,
    optional: Mapping[str, Field | None],
    words: Sequence[str],
    title: str,
) -> None:
    """A rule that asks a person where two statements are unlike."""
    own = head(d, at, made)
    given = condition_of(d, at)
    applies = both(given, when) if given is not None or when is not None else None
    left_out = {name: None for name in texts(d.get("optional"), at / "optional")}
    optional = {**optional, **left_out}
    rule = Rule(
        id=f"conflict-{name}",
        title=text(d.get("title"), at / "title", title),
        each=each,
        closed=closed_at(own["stages"], optional) if optional else {},
        when=applies,
        require=None,
        review=(Review(both(given, unlike), text(d.get("reason"), at / "reason", words[0])),),
        message=None,
        remedy=text(d.get("remedy"), at / "remedy", "请核对两处，改正写错的一处，使两处一致"),
        **own,
    )
    english = {
        "title": f"Two statements agree: {name.replace('-', ' ')}",
        "remedy": "Compare the two places and mend the one that is wrong",
        "reason": [words[1]],
    }
    made.add(rule, english, at)


__all__ = ["add_agreements"]
