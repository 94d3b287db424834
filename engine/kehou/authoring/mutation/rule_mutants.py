"""Mutants: a rule, or a derivation behind rules, changed in one small way.

A mutant that no case notices shows what the cases leave untested: a limit moved by one unit, an
operator flipped, a member dropped (DeMillo, Lipton and Sayward 1978, “Hints on test data
selection”). Ids are stable and readable, such as ``require/all/1 at_most→less_than``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kehou.authoring.neighbours import neighbours, parameter_changes, written_as
from kehou.language import Parameter, Type
from kehou.language.condition_parts import references
from kehou.language.operators import OPERATORS
from kehou.model.rules import All, Any_, Arg, Cond, Const, FieldRef, Not, Param, Review, Rule, Test
from kehou.packs import Pack
from kehou.packs.uses import conditions


@dataclass(frozen=True)
class Change:
    """One changed condition: ``at`` is where, ``what`` the change, ``kill`` who would notice."""

    at: str
    what: str
    kill: str
    cond: Cond

    @property
    def id(self) -> str:
        """Where and what."""
        return f"{self.at} {self.what}"

    @property
    def words(self) -> str:
        """Where and what, in Chinese."""
        return f"{self.at}：{in_words(self.what)}"


@dataclass(frozen=True)
class Mutant:
    """A changed rule, or a parameter that the rule is given changed.

    ``pointer`` is its place in the rule's file, "" for that of the parameter; ``change`` turns
    the parameter in force into another, or gives None where it cannot.
    """

    id: str
    words: str
    kill: str
    pointer: str
    rule: Rule
    parameter: str = ""
    change: Callable[[Parameter], Parameter | None] | None = None


def rule_mutants(pack: Pack, rule: Rule, given: Collection[Parameter] = ()) -> list[Mutant]:
    """Every mutant of a rule; ``given`` are the parameters that its cases set."""
    typer = typer_of(pack, rule.each)
    found = list(_when_mutants(rule, typer))
    if rule.require is not None:
        for changed in changes(rule.require, "require", typer):
            found.append(_mutant(changed, replace(rule, require=changed.cond)))
    for i, review in enumerate(rule.review):
        found += _review_mutants(rule, i, review, typer)
    # What a generated rule reads as none is the engine's to say, not the pack's.
    for stage, names in () if rule.pointer else rule.closed.items():
        for name in names:
            found.append(_open(rule, str(stage), name))
    seen: dict[str, None] = {}
    for cond in conditions(rule):
        for reference in references(cond):
            if isinstance(reference, Param):
                seen.setdefault(reference.name)
    for name in seen:
        for key, what, kill, change in parameter_changes(pack, name, given):
            at = f"param {name}{key}"
            words = f"参数 {name}{key}：{in_words(what)}"
            found.append(Mutant(f"{at} {what}", words, kill, "", rule, name, change))
    return found


def _mutant(change: Change, rule: Rule) -> Mutant:
    return Mutant(change.id, change.words, change.kill, f"/{change.at}", rule)


def _when_mutants(rule: Rule, typer: Typer) -> Iterator[Mutant]:
    if rule.when is None:
        return
    kill = "补一个不适用的对象：除 when 以外都不符合，应为 not_applicable"
    yield Mutant("when dropped", "去掉 when", kill, "/when", replace(rule, when=None))
    for change in changes(rule.when, "when", typer):
        yield _mutant(change, replace(rule, when=change.cond))


def _review_mutants(rule: Rule, i: int, review: Review, typer: Typer) -> Iterator[Mutant]:
    before, after = rule.review[:i], rule.review[i + 1 :]
    kill = f"补一个只因“{review.reason}”而提请核查的对象，应为 review"
    dropped = replace(rule, review=before + after)
    if dropped.require is not None or dropped.review:
        at = f"review/{i}"
        yield Mutant(f"{at} dropped", f"去掉 {at}", kill, f"/{at}", dropped)
    for change in changes(review.when, f"review/{i}/when", typer):
        changed = replace(review, when=change.cond)
        yield _mutant(change, replace(rule, review=(*before, changed, *after)))


def _open(rule: Rule, stage: str, name: str) -> Mutant:
    closed = {
        s: tuple(n for n in names if (s, n) != (stage, name)) for s, names in rule.closed.items()
    }
    kill = f"补一个环节为 {stage}、没有填写 {name} 的用例"
    return Mutant(
        f"closed/{stage} without {name}",
        f"从 closed/{stage} 中去掉 {name}",
        kill,
        f"/closed/{stage}",
        replace(rule, closed={s: names for s, names in closed.items() if names}),
    )


# --- conditions ----------------------------------------------------------------------------

#: Type of a field by its name.
Typer = Callable[[str], Type]


def typer_of(pack: Pack, entity: str) -> Typer:
    """Types of the names that conditions on an entity use."""
    return lambda name: pack.type_of(entity, name)[0]


def changes(cond: Cond, at: str, typer: Typer) -> Iterator[Change]:
    """Every way to change a condition that stands at ``at``; each result is a whole condition."""
    if isinstance(cond, Not):
        kill = "补一个用例，使 not 之下的条件成立"
        yield Change(at, "not removed", kill, cond.item)
        for change in changes(cond.item, f"{at}/not", typer):
            yield replace(change, cond=Not(change.cond))
    elif isinstance(cond, (All, Any_)):
        yield from _connective_changes(cond, at, typer)
    else:
        yield from _test_changes(cond, at, typer)


def _connective_changes(cond: All[Cond] | Any_[Cond], at: str, typer: Typer) -> Iterator[Change]:
    is_all = isinstance(cond, All)
    word = "all" if is_all else "any"
    make: Callable[[tuple[Cond, ...]], Cond] = All if is_all else Any_
    items = cond.items
    if len(items) > 1:
        kill = "补一个用例，其中有的条件成立、有的不成立"
        flipped: Cond = Any_(items) if is_all else All(items)
        yield Change(at, f"{word}→{'any' if is_all else 'all'}", kill, flipped)
    for i, item in enumerate(items):
        place = f"{at}/{word}/{i}"
        rest = items[:i] + items[i + 1 :]
        if rest:
            verdict = "不成立" if is_all else "成立"
            kill = f"补一个用例，只有“{told(item, typer)}”{verdict}"
            yield Change(place, "dropped", kill, make(rest))
        for change in changes(item, place, typer):
            yield replace(change, cond=make((*items[:i], change.cond, *items[i + 1 :])))


def _test_changes(test: Test, at: str, typer: Typer) -> Iterator[Change]:
    kill = f"补一个“{told(test, typer)}”成立的用例和一个不成立的用例"
    arg, operator = test.args[0], OPERATORS[test.op]
    if test.op == "exists" and isinstance(arg, Const):
        word = str(arg.value).lower()
        flipped = replace(test, args=(Const(not arg.value),))
        yield Change(at, f"exists {word}→{str(not arg.value).lower()}", kill, flipped)
    elif operator.flip:
        other = operator.flip
        if test.op.startswith("contains_a"):
            if isinstance(arg, Const) and len(arg.value) == 1:
                other = "contains_none"
            kill = f"补一个用例，{_name(test)}只含其中一部分"
        elif operator.left == "ordered":
            kill = f"补一个 {_name(test)} 正好等于 {_limit(test, typer)} 的用例"
        yield Change(at, f"{test.op}→{other}", kill, replace(test, op=other))
    else:
        yield Change(at, f"{test.op} negated", kill, Not(test))
    for i, limit in enumerate(test.args):
        if isinstance(limit, Const):
            for what, why, value in _constant_changes(test, i, limit.value, typer):
                args = (*test.args[:i], Const(value), *test.args[i + 1 :])
                yield Change(at, what, why, replace(test, args=args))


def _constant_changes(
    test: Test, i: int, value: Any, typer: Typer
) -> Iterator[tuple[str, str, Any]]:
    """(change, killing case, new value) of a literal operand."""
    kind = typer(test.subject.name) if isinstance(test.subject, FieldRef) else Type("text")
    if isinstance(value, tuple):
        for item in value if len(value) > 1 else ():
            written = written_as(item, kind.kind)
            kill = f"补一个 {_name(test)} 为 {written} 的用例"
            yield f"{test.op} without {written}", kill, tuple(v for v in value if v != item)
    elif OPERATORS[test.op].left == "ordered":
        for other in neighbours(value, kind):
            written, moved = written_as(value, kind.kind), written_as(other, kind.kind)
            kill = f"补 {_name(test)} 为 {written} 和 {moved} 的用例"
            where = "" if test.op != "within" else f" {'lower' if i == 0 else 'upper'}"
            yield f"{test.op}{where} {written}→{moved}", kill, other


def _name(test: Test) -> str:
    return test.subject.name


def _limit(test: Test, typer: Typer) -> str:
    return _argument(test.args[0], _kind(test, typer))


def _kind(test: Test, typer: Typer) -> str:
    return typer(test.subject.name).kind if isinstance(test.subject, FieldRef) else "text"


def told(cond: Cond, typer: Typer) -> str:
    """A condition in few words."""
    if isinstance(cond, Not):
        return f"not {told(cond.item, typer)}"
    if isinstance(cond, (All, Any_)):
        word = " 且 " if isinstance(cond, All) else " 或 "
        return word.join(told(item, typer) for item in cond.items)
    kind = _kind(cond, typer)
    return f"{_name(cond)} {cond.op} {'—'.join(_argument(arg, kind) for arg in cond.args)}"


def _argument(arg: Arg, kind: str) -> str:
    if not isinstance(arg, Const):
        return arg.name
    if isinstance(arg.value, tuple):
        return "[" + ", ".join(written_as(v, kind) for v in arg.value) + "]"
    return written_as(arg.value, kind)


#: What a change is in Chinese; the rest says itself (``at_most→less_than``).
_WORDS = {
    "dropped": "去掉这一部分",
    "not removed": "去掉 not",
    "negated": "把它取反",
    "swapped": "把两项对调",
    "reversed": "把次序倒过来",
    "emptied": "把名单清空",
    "overnight dropped": "去掉 overnight",
    "inclusive dropped": "去掉 inclusive",
    "+1": "加一个最小单位",
    "-1": "减一个最小单位",
}


def in_words(what: str) -> str:
    """A change in Chinese."""
    if what in _WORDS:
        return _WORDS[what]
    if "→" in what:
        before, _, after = what.partition("→")
        return f"把 {before} 改成 {after}"
    before, _, member = what.partition("without ")
    return f"从 {before}中去掉 {member}" if before else f"去掉 {member}"
