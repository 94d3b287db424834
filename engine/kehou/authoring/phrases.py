"""A requirement said in a line: 类别 是 儿童 时，册数 不超过 3册, read and written.

``[column is value (且 …) 时，] column how-much``. A column is called by its title, by its list's
title and its own where several have it, or by its name in rules. What is read is said in the terms
of the pack, so that a rule with its parameter and cases can be drafted from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.columns import COUNTS, ORDERED, SHAPE, Columns, Reckoned
from kehou.authoring.list_columns import HOW, WORDS, domain, held, label, listed, several
from kehou.authoring.neighbours import neighbours, written_as
from kehou.authoring.proposal import Formula, Proposal, slug_of
from kehou.authoring.proposals import Candidate
from kehou.authoring.sentence_limits import in_unit, units_of
from kehou.authoring.yaml_words import flow, scalar
from kehou.errors import UsageError
from kehou.fields import BadScalar, Field
from kehou.fields.scalars import read
from kehou.language import ROOT
from kehou.packs import Pack

_OPS: Final = {
    word: op
    for op, words in {
        "at_most": "不得超过 不超过 不得晚于 不晚于 不多于 不高于 不大于 不迟于 至多 最多 ≤ <=",
        "at_least": "不得少于 不少于 不得低于 不低于 不得早于 不早于 不小于 至少 最少 达到 ≥ >=",
        "more_than": "超过 晚于 多于 高于 大于 >",
        "less_than": "少于 早于 低于 小于 不足 不满 <",
        "is_not": "不是 不为 ≠",
        "is": "是 为 =",
        "within": "在",
        **WORDS,
    }.items()
    for word in words.split()
}
_OP: Final = re.compile("|".join(sorted(map(re.escape, _OPS), key=len, reverse=True)))
_HOW: Final = {"at_most": "不超过", "at_least": "不少于", "more_than": "超过", "less_than": "少于"}
_HOW_TIMED: Final = {
    "at_most": "不晚于",
    "at_least": "不早于",
    "more_than": "晚于",
    "less_than": "早于",
}
_WHEN: Final = re.compile(r"时\s*[，,]")


def parsed(pack: Pack, clause: str, phrase: str) -> Proposal:
    """The requirement that a phrase says for a clause. Raises UsageError with what to write."""
    before, when, after = _split(phrase)
    named = Columns(pack)
    if not after:
        raise UsageError("phrase", f"“{phrase}”没有写要求", hint=SHAPE)
    found = named.subject(after)
    made = _asked(pack, named, Proposal(clause, found.each, found.name, found.field), found)
    if when:
        each = found.formula.a if found.formula and found.formula.kind == "count" else found.each
        told = re.split("[且；;]|并且|，", before)
        chosen = tuple(_condition(pack, named, each, one.strip()) for one in told)
        if found.formula is not None and found.formula.kind == "count":
            of_rows = tuple(one for one in chosen if not pack.type_of(each, one.name)[1])
            whole = tuple(one for one in chosen if one not in of_rows)
            made = replace(_counted(pack, made, found.formula, of_rows), conditions=whole)
        else:
            made = replace(made, conditions=chosen)
    return replace(made, words=re.sub(r"\s+", "", phrase))


def _split(phrase: str) -> tuple[str, bool, str]:
    parts = _WHEN.split(phrase.strip().rstrip("。；;"), maxsplit=1)
    if len(parts) == 1:
        return "", False, parts[0].strip()
    return parts[0].strip(), True, parts[1].strip()


def _counted(
    pack: Pack, made: Proposal, formula: Formula, chosen: tuple[Condition, ...]
) -> Proposal:
    """The count of the rows that fulfil conditions, under a name that nothing else has."""
    if not chosen:
        return made
    name = made.name
    if (ROOT, name.removeprefix("submission.")) in pack.derivations:
        name = "_".join((name, *(slug_of(one.slug, "_") for one in chosen)))
    tests = [one.text() for one in chosen]
    where = tests[0] if len(tests) == 1 else f"{{all: [{', '.join(tests)}]}}"
    facts = f"  {name}: {{count: {{over: {formula.a}, where: {where}}}}}\n"
    formula = replace(formula, facts=facts, where=chosen)
    kinds = "、".join(re.sub(r"\s+", "", one.said) for one in chosen)
    title = made.field.title.replace(COUNTS, f"（{kinds}）{COUNTS}")
    return replace(made, formula=formula, name=name, field=replace(made.field, title=title))


# --- what is asked of it ---------------------------------------------------------------------


def _asked(pack: Pack, named: Columns, made: Proposal, found: Reckoned) -> Proposal:
    made = replace(made, formula=found.formula)
    field, rest = found.field, found.rest
    match = _OP.match(rest)
    if match is None:
        if field.kind == "boolean" and rest in ("是", "否"):
            return replace(made, is_=rest == "是")
        told = f"“{field.title}”后面的“{rest}”看不懂"
        if listed(field):
            raise UsageError("phrase", told, hint=f"请写 {HOW}")
        raise UsageError("phrase", told, hint=f"不超过、不少于、是、不是、在…至…之间；{SHAPE}")
    op, said = _OPS[match[0]], rest[match.end() :].strip()
    if listed(field):
        holding, among, told = held(field, op, several(said))
        return replace(made, holding=holding, among=among, told=told)
    if op == "is" and not said and field.kind == "boolean":
        return replace(made, is_=True)
    if field.kind in ORDERED:
        return _ordered(pack, named, made, op, said)
    if field.kind == "boolean" and op in ("is", "is_not"):
        return replace(made, is_=(_value(field, said) is True) is (op == "is"))
    if field.kind == "enum" and op in ("is", "is_not"):
        among = tuple(_value(field, one) for one in several(said))
        return replace(made, among=among, unlike=op == "is_not")
    raise UsageError("phrase", f"“{field.title}”不能写“{match[0]}”", hint=SHAPE)


def _ordered(pack: Pack, named: Columns, made: Proposal, op: str, said: str) -> Proposal:
    field = made.field
    if op == "within":
        low, _, high = re.sub("(之间|之内|以内)$", "", said).partition("至")
        return replace(made, low=_value(field, low.strip()), high=_value(field, high.strip()))
    if op not in ("at_most", "at_least"):
        told = f"“{field.title}”的要求请写 不超过（不晚于）或 不少于（不早于）"
        raise UsageError("phrase", told, hint=SHAPE)
    side = "high" if op == "at_most" else "low"
    other = _column(named, made, said) if made.formula is None else None
    if other is not None:
        day = pack.schema.declared.dates.as_of
        if field.kind == "date" and side == "low" and other.each == ROOT and other.name == day:
            return replace(made, until=other.name)
        return replace(made, other=other.name, side=side)
    formula = made.formula
    if formula is not None and formula.kind == "count":
        counted = re.fullmatch(r"(\d+)\s*(\D{0,3})", said)
        if counted:
            field = replace(field, units=(counted[2] or "项",))
            made = replace(made, field=field)
            _can_be_none(pack, formula.a, counted[1])
    value = _value(field, said)
    unit = re.sub(r"^[\d.:：%％一二两三四五六七八九十百\s]+", "", said)
    made = replace(made, unit="" if field.kind in ("time", "date", "money") else unit)
    return replace(made, high=value) if side == "high" else replace(made, low=value)


def _column(named: Columns, made: Proposal, said: str) -> Candidate | None:
    """The other column that a line compares with, None where a value stands there.

    What may be the beginning of a value (上午, 一) may be that of a title as well (上岗日期).
    """
    field, is_value = made.field, re.match(r"[\d一二两三四五六七八九十百上下晚早¥零半]", said)
    try:
        other, rest = named.term(said, made.each)
    except UsageError:
        if is_value:
            return None
        raise
    alike = other.field.kind == field.kind and other.each in (made.each, ROOT)
    if not rest and alike and other.name != made.name:
        return other
    if is_value:
        return None
    told = f"“{field.title}”不能和“{said}”比"
    raise UsageError("phrase", told, hint="另一栏要是同一种值，在同一张表里")


def _can_be_none(pack: Pack, each: str, limit: str) -> None:
    """Refuse a count of at least one of a list of which nobody can say that it has none."""
    rows = pack.vocabulary.field_of_rows(each)
    if limit == "1" and rows is not None and not rows.absent:
        told = f"{rows.title}不能写“无”，一项也没有的看不出来，这条规则谁也判不了不符合"
        hint = f'在材料结构的“{rows.title}”里写 "x-absent": true，再答一次'
        raise UsageError("phrase", told, hint=hint)


def _value(field: Field, said: str) -> Any:
    """A value as the field has it. Raises UsageError where it is none."""
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([^\d.%％:：]+)", said)
    text: str | None = said
    if number and field.kind in ("integer", "decimal"):
        text = in_unit(number[1], number[2].strip(), units_of(field))
        if text is None:
            units = units_of(field)
            told = f"“{field.title}”的单位是{'、'.join(units)}，不能写“{said}”"
            raise UsageError(
                "phrase", told, hint=f"请换算成{units[0]}再写；说的不是这一栏的，换一个栏目"
            )
    if number and field.kind == "money" and number[2] in ("万元", "万"):
        text = f"{float(Fraction(number[1]) * 10_000):.2f}"
    try:
        value = read(field, text or "")[0]
    except BadScalar as error:
        hint = f"应为：{error.args[0]}" if error.args else SHAPE
        raise UsageError("phrase", f"“{field.title}”不能是“{said}”", hint=hint) from error
    if field.kind == "decimal" and not isinstance(value, Fraction):
        return Fraction(value)
    return value


# --- for whom --------------------------------------------------------------------------------


def _condition(pack: Pack, named: Columns, each: str, said: str) -> Condition:
    one, rest = named.term(said, each)
    if one.each not in (each, ROOT):
        told = f"条件里的“{one.field.title}”在另一张表里，不能限定这一项要求"
        raise UsageError("phrase", told, hint="条件的栏目要和要求的栏目在同一张表里")
    field, match = one.field, _OP.match(rest)
    op = _OPS[match[0]] if match else "is"
    words = rest[match.end() :].strip() if match else rest
    last = slug_of(one.name.rpartition(".")[2], "-")
    if field.kind == "boolean":
        yes = (_value(field, words) is True) if words else True
        value, other = ("true", "false") if yes is (op == "is") else ("false", "true")
        slug = last if value == "true" else f"no-{last}"
        return Condition(one.name, field, "is", value, value, other, said, slug)
    if listed(field):
        return _of_list(one, "contains" if op == "is" else op, words, said)
    if field.kind == "enum" and op in ("is", "is_not"):
        return _choice(one, op, [_value(field, word) for word in several(words)], said)
    if field.kind in ORDERED and op not in ("is", "is_not", "within"):
        value = _value(field, words)
        low, high = neighbours(value, pack.type_of(each, one.name)[0])
        texts = [scalar(written_as(v, field.kind), field.kind) for v in (low, value, high)]
        holds, breaks = {
            "at_least": (texts[1], texts[0]),
            "more_than": (texts[2], texts[1]),
            "at_most": (texts[1], texts[2]),
            "less_than": (texts[0], texts[1]),
        }[op]
        slug = f"{last}-{op.replace('_', '-')}-{slug_of(written_as(value, field.kind), '-')}"
        return Condition(one.name, field, op, texts[1], holds, breaks, said, slug)
    raise UsageError("phrase", f"条件“{said}”看不懂", hint=SHAPE)


def _of_list(one: Candidate, op: str, words: str, said: str) -> Condition:
    """The test of a list: that it holds one of some members, or none of them."""
    holding, among, _ = held(one.field, op, several(words))
    among = tuple(map(flow, among))
    others = [flow(v) for v in domain(one.field) if flow(v) not in among]
    good, bad = (among, others) if holding != "contains_none" else (others, among)
    slug = ("not-" if holding == "contains_none" else "") + "-".join(among[:4])
    holding = "contains_any" if holding == "contains_all" else holding
    text = f"[{', '.join(among)}]"
    return Condition(
        one.name, one.field, holding, text, f"[{good[0]}]", f"[{bad[0]}]", said, slug_of(slug, "-")
    )


def _choice(one: Candidate, op: str, values: Sequence[str], said: str) -> Condition:
    written = [flow(value) for value in values]
    others = [flow(value) for value in one.field.labels if value not in values]
    if not values or not others:
        raise UsageError("phrase", f"条件“{said}”什么也不限定", hint=SHAPE)
    several = {"is": "in", "is_not": "not_in"}[op]
    text = written[0] if len(values) == 1 else f"[{', '.join(written)}]"
    good, bad = (written[0], others[0]) if op == "is" else (others[0], written[0])
    slug = ("" if op == "is" else "not-") + "-".join(values)
    return Condition(
        one.name, one.field, op if len(values) == 1 else several, text, good, bad, said, slug
    )


# --- written ---------------------------------------------------------------------------------


def phrase_of(pack: Pack, made: Proposal) -> str:
    """A requirement as the phrase that says it."""
    named = Columns(pack)
    conditions = " 且 ".join(_said(pack, named, made.each, one) for one in made.conditions)
    head = f"{conditions} 时，" if conditions else ""
    title = _title(named, made.each, made.name, made.field)
    return f"{head}{title} {_held(pack, named, made)}"


def _title(named: Columns, each: str, name: str, field: Field) -> str:
    own = [one for one in named.all if (one.each, one.name) == (each, name)]
    one = own[0] if own else Candidate(each, name, field, "", {})
    return named.whole(one) if field.path else field.title


def _said(pack: Pack, named: Columns, each: str, one: Condition) -> str:
    where = ROOT if each == ROOT or pack.type_of(each, one.name)[1] else each
    own = [f.title for f in pack.vocabulary.own_fields(each).values()]
    title = _title(named, where, one.name, one.field)
    title = one.field.title if where == each and own.count(one.field.title) == 1 else title
    words = [label(one.field, w) for w in re.findall(r"[^\s,\[\]']+", one.written)]
    if one.field.kind == "boolean":
        return f"{title} {'是' if one.written == 'true' else '否'}"
    how = {"is": "是", "in": "是", "contains_any": "是", "is_not": "不是", "not_in": "不是"}
    how["contains_none"] = "不含"
    timed = one.field.kind in ("time", "date", "month")
    told = how.get(one.op) or (_HOW_TIMED if timed else _HOW)[one.op]
    return f"{title} {told} {'、'.join(words)}"


def _held(pack: Pack, named: Columns, made: Proposal) -> str:
    field = made.field
    unit = field.units[0] if field.units else made.unit
    unit = unit if field.kind in ("integer", "decimal") else ""
    unit = "元" if field.kind == "money" else unit
    how = _HOW_TIMED if field.kind in ("time", "date", "month") else _HOW
    shown = [f"{written_as(v, field.kind)}{unit}" for v in (made.low, made.high) if v is not None]
    if len(shown) == 2:
        return f"在 {shown[0]} 至 {shown[1]} 之间"
    if shown:
        return f"{how['at_least' if made.low is not None else 'at_most']} {shown[0]}"
    other = made.other or made.until
    if other:
        found = pack.field_of(made.each, other)
        op = "at_most" if made.side == "high" else "at_least"
        return f"{how[op]} {found.title if found is not None else other}"
    if made.among:
        labels = "、".join(field.labels.get(one, one) for one in made.among)
        return f"{'不是' if made.unlike else '是'} {labels}"
    return "是" if made.is_ else "否"


__all__ = ["parsed", "phrase_of"]
