"""A rule on a share of two columns against what its clause says of the two.

(…之比不低于1:50, 每50名…至少配备1名…) A share may be written upside down in three places: the two
columns of its ``ratio``, the operator and the value. Which one is wrong is told, at the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kehou.authoring.clause_words import share
from kehou.authoring.unfinished import meant
from kehou.fields import Field
from kehou.fields.allowed_values import arabic
from kehou.language import ROOT, Derivation
from kehou.model.rules import All, Cond, Const, FieldRef, Param, Rule, Test
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites

_NUMBER: Final = r"[\d一二两三四五六七八九十百]+(?:\.\d+)?"
_AT_LEAST: Final = "不低于|不小于|不少于|不得低于|不得小于|不得少于|至少|达到"
_AT_MOST: Final = "不超过|不高于|不大于|不多于|不得超过|不得高于|不得大于|不得多于|至多|最多"
_OP: Final = rf"(?:(?P<lower>{_AT_LEAST})|(?P<upper>{_AT_MOST}))"
#: 甲与乙之比不低于1:50, 甲乙比不低于1:50, 甲乙比为1:50
_SHARE: Final = re.compile(
    rf"(?P<words>[^，,；;。：\d]{{2,30}}?)(?:之比|的?比例|比率|比)(?:应当?|须|必须)?(?:在|为|按)?"
    rf"{_OP}?\s*(?P<one>{_NUMBER})\s*[:：∶比]\s*(?P<other>{_NUMBER})"
)
_AND: Final = re.compile("[与和同对]")
_COUNTER: Final = "(?:[名个位人张台间套条辆支项]|人次)?"
#: 每50名甲(应当)至少配备1名乙, 每1名乙至多负责50名甲, 每50名甲配备1名乙
_EACH: Final = re.compile(
    rf"每(?P<n>{_NUMBER})?{_COUNTER}(?P<of>[^，,；;。\d]{{2,15}}?)"
    rf"(?:{_OP}[^，,；;。\d一二两三四五六七八九十百]{{0,4}}|(?:配备?|配置|设置?))"
    rf"(?P<m>{_NUMBER}){_COUNTER}(?P<what>[^，,；;。\d]{{2,15}})"
)
#: What is to be provided is so much at least, where a text does not say on which side.
_PROVIDED: Final = re.compile("配备?|配置|设置?")
#: A parameter holds at most six decimals of a share.
_NEAR: Final = Fraction(1, 1_000_000)
_PLAINLY: Final = {"at_most": "不超过（at_most）", "at_least": "不少于（at_least）"}
_IN_LINES: Final = {"at_most": "不超过", "at_least": "不少于"}
_OTHER: Final = {"at_most": "at_least", "at_least": "at_most"}


@dataclass(frozen=True, slots=True)
class SaidShare:
    """What a clause says: ``above`` ÷ ``below``, on the side of ``op``, is ``value``."""

    above: str
    below: str
    op: str
    value: Fraction
    words: str


def said_shares(text: str) -> Iterator[SaidShare]:
    """The shares that a text bounds; one whose side cannot be told from its words is left.

    不超过1:50 is said of at least one for 50 as often as of at most, so it is left.
    """
    for found in _SHARE.finditer(text):
        one, other = _number(found["one"]), _number(found["other"])
        op = _side(found, text)
        above, below = _two(found["words"])
        if op and above and one and other and (op == "at_least") is (one <= other):
            yield SaidShare(above, below, op, one / other, found[0])
    for found in _EACH.finditer(text):
        n, m = _number(found["n"] or "1"), _number(found["m"])
        op = _side(found, text)
        if op and n and m:
            yield SaidShare(found["what"], found["of"], op, m / n, found[0])


def _side(found: re.Match[str], text: str) -> str:
    """On which side a text bounds a share; "" where it does not say."""
    if found["lower"] or found["upper"]:
        return "at_least" if found["lower"] else "at_most"
    return "at_least" if _PROVIDED.search(text) else ""


def _two(words: str) -> tuple[str, str]:
    """The two that a share is of: 甲与乙, or the two letters of 甲乙比."""
    parts = [one for one in _AND.split(words) if one]
    if len(parts) == 2:
        return parts[0], parts[1]
    return (words[-2], words[-1]) if len(parts) == 1 and len(words) == 2 else ("", "")


def _number(text: str) -> Fraction:
    return Fraction(arabic(text))


def shares(pack: Pack, sites: Sites) -> Iterator[Found]:
    """The rules whose share is not their clause's, each with the one thing to put right."""
    for rule in pack.rules.values():
        found = _share_of(pack, rule)
        wrong = wrong_share(pack, rule) if found is not None else ""
        if found is not None and wrong:
            yield sites.of(rule, "require"), *_told(pack, sites, rule, wrong, *found)


def of_a_share(pack: Pack, rule: Rule) -> bool:
    """Whether a rule bounds a share that its clause bounds, so that it is held to that here."""
    return _share_of(pack, rule) is not None


def wrong_share(pack: Pack, rule: Rule) -> str:
    """What of a rule's share is upside down: "op", "value" or "ratio"; "" for nothing."""
    found = _share_of(pack, rule)
    if found is None:
        return ""
    _, test, said = found
    values = list(_values(pack, rule, test.args[0]))
    same = test.op == said.op
    if any(_same(one, said.value) for one in values):
        return "" if same else "op"
    if any(_same(one, 1 / said.value) for one in values):
        return "value" if same else "ratio"
    return ""


def _share_of(pack: Pack, rule: Rule) -> tuple[Derivation, Test, SaidShare] | None:
    """The one share that a rule bounds, its test, and what its clause says of the two columns."""
    if rule.pointer or meant(pack, rule):
        return None
    tests = [test for test in _all(rule.require) if test.op in _PLAINLY]
    if len(tests) != 1 or not isinstance(tests[0].subject, FieldRef):
        return None
    name = tests[0].subject.name
    key = (ROOT, name.removeprefix("submission.")) if "." in name else (rule.each, name)
    derived = pack.derivations.get(key)
    if derived is None or derived.fn != "ratio":
        return None
    fields = [pack.field_of(key[0], a.name) for a in derived.args if isinstance(a, FieldRef)]
    quotes = [pack.clauses[one].quote for one in rule.clauses if one in pack.clauses]
    if len(fields) != 2 or fields[0] is None or fields[1] is None:
        return None
    said = [one for quote in quotes for one in _shares_in(quote, fields[0], fields[1])]
    if not said:
        return None
    values = list(_values(pack, rule, tests[0].args[0]))
    own = [
        one for one in said if one.op == tests[0].op and any(_same(one.value, v) for v in values)
    ]
    return derived, tests[0], next(iter((*own, *said)))


def _shares_in(quote: str, a: Field, b: Field) -> list[SaidShare]:
    """What a text says of ``a`` ÷ ``b``, in that order; each of whom it says another of."""
    found = (_straight(a, b, said) for said in said_shares(quote))
    return [one for one in found if one is not None]


def another_share(quote: str, a: Field, b: Field, op: str, value: Fraction) -> str:
    """What is wrong with a line that bounds ``a`` ÷ ``b``; "" where it is what a text says."""
    said = _shares_in(quote, a, b)
    if not said or any(one.op == op and _same(one.value, value) for one in said):
        return ""
    near = [side for one in said for side in (one.value, 1 / one.value)]
    if not any(_same(value, one) for one in near):
        return ""  # a number that is not the quote's at all, which is told as of any line
    kept = f"{a.title}÷{b.title} {_IN_LINES[said[0].op]} {_shown(said[0].value)}"
    return f"与引文不是一个意思：引文“{said[0].words}”是 {kept}"


def _straight(a: Field, b: Field, said: SaidShare) -> SaidShare | None:
    """What is said as a bound of ``a`` ÷ ``b``; None where the words are not of the two."""
    straight = _of(a, said.above) + _of(b, said.below)
    turned = _of(a, said.below) + _of(b, said.above)
    if straight == turned or max(straight, turned) < 1:
        return None
    if straight > turned:
        return said
    return SaidShare(said.below, said.above, _OTHER[said.op], 1 / said.value, said.words)


def _of(field: Field, words: str) -> float:
    title = re.sub("(?:人|总|名|个)*数$|数量$", "", field.title)
    if len(words) == 1:
        return float(words in title)
    return max(share(title, words), float(bool(title) and (title in words or words in title)))


def _told(
    pack: Pack, sites: Sites, rule: Rule, wrong: str, made: Derivation, test: Test, said: SaidShare
) -> tuple[str, str]:
    """What is told of a share that is not the clause's, and what to do about it."""
    names = [arg.name for arg in made.args if isinstance(arg, FieldRef)]
    fields = [pack.field_of(made.entity, name) for name in names]
    kept = "÷".join(field.title for field in fields if field is not None)
    now = f"require 写的是 {kept} {test.op} {_shown(next(_values(pack, rule, test.args[0])))}"
    asked = f"引文“{said.words}”的意思是 {kept} {_PLAINLY[said.op]} {_shown(said.value)}"
    if wrong == "op":
        hint = f"请把这里的运算改成 {said.op}（参数的 tighter 也照改）；用例照引文核对"
        return f"{now}，运算写反了：{asked}", hint
    if wrong == "value":
        hint = f"请把数改成 {_shown(said.value)}（{_where_value(sites, test.args[0])}）"
        return f"{now}，数写倒了：{asked}", hint
    place = _where_ratio(pack, sites, test)
    hint = f"请把{place}对调成 {{ratio: [{names[1]}, {names[0]}]}}，这里的运算和数不用改"
    return f"{now}，两项写倒了：{asked}", hint


def _where_ratio(pack: Pack, sites: Sites, test: Test) -> str:
    name = test.subject.name if isinstance(test.subject, FieldRef) else ""
    every = [f"{each}.{own}" for each, own in pack.derivations]
    keys = [key for key in every if key == name or key.endswith(f".{name}")]
    place = sites.at("facts.yaml", "fields", keys[0]) if keys else "facts.yaml"
    return f"算出它的 ratio 的两项（{place}）"


def _where_value(sites: Sites, arg: Any) -> str:
    if isinstance(arg, Param):
        return f"参数 {arg.name}，{sites.at('pack.yaml', 'parameters', arg.name)}"
    return "就在这里"


def _values(pack: Pack, rule: Rule, arg: Any) -> Iterator[Fraction]:
    """The values of the clause that a test compares with."""
    if isinstance(arg, Const):
        yield Fraction(arg.value)
    elif isinstance(arg, Param) and arg.name in pack.parameters:
        for one in pack.parameters[arg.name].values:
            if one.ground in rule.clauses and one.value is not None:
                yield Fraction(one.value)


def _same(a: Fraction, b: Fraction) -> bool:
    return abs(a - b) <= _NEAR


def _all(cond: Cond | None) -> list[Test]:
    """The tests that all have to hold."""
    if isinstance(cond, All):
        return [test for item in cond.items for test in _all(item)]
    return [cond] if isinstance(cond, Test) else []


def _shown(value: Fraction) -> str:
    """A share as a file holds it: 50, 0.02, at most six decimals."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".")


__all__ = ["SaidShare", "said_shares", "shares", "wrong_share"]
