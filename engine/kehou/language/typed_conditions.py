"""Conditions held against a vocabulary: every name resolved, every literal typed.

What does not fit is noted as a fault with its place and with what would fit.
"""

from __future__ import annotations

from typing import Any

from kehou.fields import Field
from kehou.language.conditions import Type
from kehou.language.literals import UNTOLD, all_values, literal
from kehou.language.near_words import nearest, suggest
from kehou.language.operators import OPERATORS, ORDERED
from kehou.language.vocabulary import ROOT, TEXTS, Vocabulary
from kehou.language.yaml_places import Place
from kehou.model.rules import All, Any_, Arg, Cond, Const, LexiconRef, Not, Param, Test


def typed(v: Vocabulary, cond: Cond | None, entity: str, at: Place) -> Cond | None:
    """A condition with its literals typed; what does not fit is noted as a fault."""
    if cond is None:
        return None
    if isinstance(cond, Not):
        inner = typed(v, cond.item, entity, at / "not")
        return None if inner is None else Not(inner)
    if isinstance(cond, (All, Any_)):
        word = "all" if isinstance(cond, All) else "any"
        items = [typed(v, c, entity, at / word / i) for i, c in enumerate(cond.items)]
        return type(cond)(tuple(item for item in items if item is not None))
    return _typed_test(v, cond, entity, at)


def named(v: Vocabulary, name: str, entity: str, at: Place) -> Type | None:
    """Type of a field, or None after noting that there is none."""
    try:
        return v.type_of(entity, name)[0]
    except ValueError as error:
        at.fault(str(error))
    except KeyError:
        if v.told(entity, name):
            return None
        known = [*v.own_fields(entity), *(n for e, n in v.derivations if e == entity)]
        if "." in name:
            known += v.own_fields(ROOT)
        at.fault(f"没有字段 {name}", suggest(name, known))
    return None


def _typed_test(v: Vocabulary, test: Test, entity: str, at: Place) -> Cond | None:
    subject = test.subject
    if isinstance(subject, Param):
        left, field = _parameter(v, subject, entity, at / "param"), None
    else:
        left = named(v, subject.name, entity, at / "field")
        field = v.field_of(entity, subject.name)
    if left is None:
        return None
    operator = OPERATORS[test.op]
    if not _accepts(operator.left, left):
        (at / test.op).fault(f"{_describe(left)}不能用 {test.op}", _fitting(left))
        return None
    args = []
    for i, arg in enumerate(test.args):
        place = at / test.op / i if test.op == "within" else at / test.op
        args.append(_typed_arg(v, arg, operator.right, left, field, entity, place))
    return Test(subject, test.op, tuple(args))


def _typed_arg(
    v: Vocabulary, arg: Arg, right: str, left: Type, field: Field | None, entity: str, at: Place
) -> Arg:
    if isinstance(arg, Const):
        return Const(_constant(arg.value, right, left, field, at))
    if isinstance(arg, LexiconRef):
        if left.kind != "text":
            at.fault(f"{_describe(left)}不能用词库", "词库只用来查文字")
        found = v.lexicon(arg, at)
        return arg if found is None else Const(found)
    many = right == "members"
    if isinstance(arg, Param):
        other = _parameter(v, arg, entity, at / "param")
    else:
        other = named(v, arg.name, entity, at / "field")
    if other is None:
        return arg
    if not _comparable(left.kind, other.kind):
        at.fault(*_unlike(left, other, arg))
    elif many != other.many:
        at.fault("这里应当是一组值" if many else "这里应当是单个值")
    elif isinstance(arg, Param) and field is not None and field.labels:
        parameter = v.parameters[arg.name]
        for value in all_values(parameter):
            if value not in field.labels:
                at.fault(
                    f"参数 {arg.name} 的值 {value} 不是“{field.title}”的取值",
                    suggest(str(value), list(field.labels)),
                )
    return arg


def _parameter(v: Vocabulary, param: Param, entity: str, at: Place) -> Type | None:
    parameter = v.parameters.get(param.name)
    if parameter is None:
        meant = nearest(param.name, list(v.parameters))
        if not v.parameters_are_told:
            at.fault(f"没有参数 {param.name}", suggest(param.name, list(v.parameters)))
        return v.parameters[meant].type if meant is not None else None
    by = param.by or parameter.by
    if len(by) != len(parameter.by):
        at.fault(
            f"参数 {param.name} 按 {'、'.join(parameter.by) or '（无）'} 取值，"
            f"这里给了 {len(by)} 个字段"
        )
    for field_name in by:
        named(v, field_name, entity, at)
    return parameter.type


def _accepts(left: str, given: Type) -> bool:
    if left == "any":
        return True
    if given.kind == "record":
        return False
    if left == "list":
        return given.many
    if given.many:
        return False
    if left == "ordered":
        return given.kind in ORDERED
    return left == "scalar" or given.kind in TEXTS


def _comparable(a: str, b: str) -> bool:
    return a == b or (a in TEXTS and b in TEXTS) or UNTOLD in (a, b)


_KIND_WORDS = {
    "text": "文字",
    "enum": "选项",
    "boolean": "是否",
    "integer": "整数",
    "time": "时刻",
    "date": "日期",
    "month": "月份",
    "money": "金额",
    "decimal": "小数",
    "record": "一组记录",
}


def _unlike(left: Type, other: Type, arg: Arg) -> tuple[str, str]:
    """That two kinds cannot be held against each other, whose they are, and the way out."""
    what = f"参数 {arg.name}" if isinstance(arg, Param) else f"字段 {getattr(arg, 'name', '')}"
    told = f"{_describe(left)}不能与{_describe(other)}比较：{what} 是{_describe(other)}"
    if isinstance(arg, Param):
        return told, f"请把参数 {arg.name} 的 type 改为 {left.kind}，或换一个参数"
    return told, f"请换一个{_describe(left)}的字段"


def _describe(given: Type) -> str:
    return _KIND_WORDS.get(given.kind, given.kind) + ("列表" if given.many else "")


def _fitting(given: Type) -> str:
    return "可用：" + "、".join(op for op, o in OPERATORS.items() if _accepts(o.left, given))


def _constant(value: Any, right: str, left: Type, field: Field | None, at: Place) -> Any:
    if right == "flag":
        return literal(value, "boolean", at)
    if right == "pattern":
        return value
    if (right == "members") != isinstance(value, tuple):
        way = "" if right == "members" else "几个值中的一个写 in: [值, 值]"
        at.fault("这里应当列出一组值" if right == "members" else "这里应当是单个值", way)
        return value
    values = value if isinstance(value, tuple) else (value,)
    typed = tuple(literal(v, left.kind, at) for v in values)
    if None in typed:
        return typed if isinstance(value, tuple) else typed[0]
    if field is not None and field.item is not None and left.many:
        field = field.item
    if field is not None and field.labels and left.kind != "boolean":
        for item in typed:
            if item not in field.labels:
                at.fault(f"“{field.title}”没有取值 {item}", suggest(str(item), list(field.labels)))
    elif left.domain is not None:
        for item in typed:
            if item not in left.domain:
                at.fault(f"没有取值 {item}", suggest(str(item), [str(d) for d in left.domain]))
    return typed if isinstance(value, tuple) else typed[0]
