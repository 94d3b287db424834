"""A working example of a rule for ``kehou new``: a field, a limit that the good submission keeps,
and the changes that break it or leave it open, each tried on the direct engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kehou.authoring.condition_gates import say_the_same
from kehou.authoring.neighbours import neighbours, written_as
from kehou.authoring.run_cases import Trial, set_up
from kehou.checking import subject_name
from kehou.facts import Fact
from kehou.judging import direct
from kehou.language import ROOT, Type
from kehou.language.operators import ORDERED
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.rules import Const, FieldRef, Rule, Test
from kehou.packs import Pack
from kehou.packs.casefiles import Case

#: Kinds of fields from the best example to the poorest.
_KINDS = ("time", "integer", "money", "decimal", "date", "month", "enum", "text", "boolean")
_PLAIN_WORD = "待改"
_ADVERSE = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR, Outcome.NOT_JUDGED)

Expected = dict[str, list[str]]


@dataclass(frozen=True)
class Example:
    """A condition on one field and three cases: as it is, with another value, without it.

    ``value`` and ``bad`` are as a YAML file holds them; ``as_of`` is set where the good
    submission does not say which day's rules hold.
    """

    rule: Rule
    field: str
    title: str
    kind: str
    op: str
    value: Any
    bad: Any
    pointer: str
    as_of: str | None
    kept: Expected
    broken: Expected
    open: Expected
    #: The parameter that the clause is the ground of, where there is one of the field's kind.
    parameter: str = ""


def find(
    pack: Pack,
    rule_id: str,
    each: str,
    area: str,
    base_tree: Any,
    clause: str = "",
    as_of: str | None = None,
) -> Example | None:
    """The first field of an entity on which all three cases come out as they should.

    One that the rule's id or the words of its clause speak of comes before others. ``as_of`` is
    the day of the cases, where it is not the submission's own.
    """
    blank = _blank(pack, rule_id, each, area)
    case = replace(_case(blank), as_of=as_of)
    trial = set_up(pack, blank, case, base_tree)
    if isinstance(trial, str):
        case = replace(case, as_of=pack.effective_from or "2021-09-01")
        trial = set_up(pack, blank, case, base_tree)
    if isinstance(trial, str):
        return None
    for name, kind in _fields(pack, each, rule_id, clause):
        for fact in trial.base.rows(each)[:3]:
            stated = list(_stated(pack, clause, kind))
            tests = [(op, value, bad) for _, op, value, bad in stated]
            for op, value, bad in (*tests, *_tests(trial, each, name, kind)):
                rule = replace(blank, require=Test(FieldRef(name), op, (Const(value),)))
                if any(say_the_same(rule, other) for other in pack.rules.values()):
                    continue
                held = next((p for p, o, v, b in stated if (o, v, b) == (op, value, bad)), "")
                tested = (name, kind, bad, held)
                made = _tried(pack, rule, fact, tested, case, base_tree)
                if made is not None:
                    return made
    return None


def _blank(pack: Pack, rule_id: str, each: str, area: str) -> Rule:
    return Rule(
        id=rule_id,
        title="",
        clauses=(),
        severity=Severity.MINOR,
        stages=(Stage.APPROVAL,),
        valid_from=None,
        valid_to=None,
        mandatory=False,
        counterpart=None,
        each=each,
        closed={},
        when=None,
        require=None,
        review=(),
        message=None,
        remedy="",
        area=area,
        pack=pack.id,
        file=f"{area}/{rule_id}.yaml",
    )


def _case(rule: Rule) -> Case:
    return Case(rule.id, "", "", rule.stages[0], None, None, {}, {}, (), {}, {}, {})


def _fields(pack: Pack, each: str, rule_id: str, clause: str) -> list[tuple[str, Type]]:
    """The scalar fields of an entity that may be shown, the best examples first."""
    quote = pack.clauses[clause].quote if clause in pack.clauses else ""
    spoken = {}
    found = []
    for name, field in pack.vocabulary.own_fields(each).items():
        kind, root = pack.type_of(each, name)
        hidden = field.private or field.reader or field.default is not None
        if kind.kind in _KINDS and not kind.many and not hidden and (root or each != ROOT):
            found.append((name, kind))
            spoken[name] = _spoken_of(name, field.title, rule_id, quote)
    return sorted(found, key=lambda pair: (-spoken[pair[0]], _KINDS.index(pair[1].kind)))


def _spoken_of(name: str, title: str, rule_id: str, quote: str) -> int:
    """How far a rule's id and the quote of its clause speak of a field."""
    words = set(name.rpartition(".")[2].split("_")) & set(rule_id.split("-"))
    pieces = {title[i : i + 2] for i in range(len(title) - 1)}
    return 2 * len(words) + sum(piece in quote for piece in pieces)


def _stated(pack: Pack, clause: str, kind: Type) -> Iterator[tuple[str, str, Any, Any]]:
    """(parameter, operator, value, a value that breaks it) of the limits that a clause sets."""
    for definition in pack.parameters.values():
        ours = [value for value in definition.values if clause and value.ground == clause]
        if not ours or ours[-1].value is None or definition.type != Type(kind.kind):
            continue
        around = neighbours(ours[-1].value, kind)
        if len(around) == 2 and definition.tighter in ("lower", "higher"):
            most = definition.tighter == "lower"
            op, bad = ("at_most", around[1]) if most else ("at_least", around[0])
            yield definition.name, op, ours[-1].value, bad


def _tests(trial: Trial, each: str, name: str, kind: Type) -> Iterator[tuple[str, Any, Any]]:
    """(operator, value, a value that breaks it) for a field, from the values that it has."""
    read = [trial.base.read(fact, name) for fact in trial.base.rows(each)]
    values = [v for v in read if isinstance(v, (int, str)) or hasattr(v, "numerator")]
    if not values:
        return
    if kind.kind in ORDERED:
        highest = max(values)
        found = neighbours(highest, kind)
        if len(found) == 2:
            yield "at_most", highest, found[1]
    elif kind.kind == "boolean":
        if len(set(values)) == 1:
            yield "is", values[0], not values[0]
    elif kind.domain is not None:
        for value in kind.domain:
            if value not in values:
                yield "is_not", value, value
    elif _PLAIN_WORD not in values:
        yield "is_not", _PLAIN_WORD, _PLAIN_WORD


def _tried(
    pack: Pack,
    rule: Rule,
    fact: Fact,
    tested: tuple[str, Type, Any, str],
    case: Case,
    base_tree: Any,
) -> Example | None:
    """An example if all three cases come out as they should, else None."""
    name, kind, bad, parameter = tested
    pointer = fact.path(name)
    before = _at(base_tree, pointer)
    if before is None:
        return None
    written = written_as(bad, kind.kind)
    changed: Any = [written] if isinstance(before, list) else written
    changes: Mapping[str, Any] = {pointer: changed}
    assert isinstance(rule.require, Test) and isinstance(rule.require.args[0], Const)
    good = written_as(rule.require.args[0].value, kind.kind)
    as_it_should = replace(case, changes={pointer: good}) if parameter else case
    kept = _outcomes(pack, rule, as_it_should, base_tree, Outcome.PASS)
    broken = _outcomes(pack, rule, replace(case, changes=changes), base_tree, Outcome.FAIL)
    dropped = replace(case, drop=(pointer,))
    left_open = _outcomes(pack, rule, dropped, base_tree, Outcome.INSUFFICIENT)
    if kept is None or broken is None or left_open is None:
        return None
    own = pack.field_of(rule.each, name)
    return Example(
        rule=rule,
        field=name,
        title=own.title if own is not None else name,
        kind=kind.kind,
        op=rule.require.op,
        value=written_as(rule.require.args[0].value, kind.kind),
        bad=changed,
        pointer=pointer,
        as_of=case.as_of,
        kept=kept,
        broken=broken,
        open=left_open,
        parameter=parameter,
    )


def _at(tree: Any, pointer: str) -> Any:
    """What stands at a pointer of a tree, or None."""
    for step in pointer.split("/")[1:]:
        if isinstance(tree, list) and step.isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        elif isinstance(tree, dict):
            tree = tree.get(step)
        else:
            return None
    return tree


def _outcomes(
    pack: Pack, rule: Rule, case: Case, base_tree: Any, wanted: Outcome
) -> Expected | None:
    """What a case may expect: subjects of the outcome wanted, if no other is adverse."""
    trial = set_up(pack, rule, case, base_tree)
    if isinstance(trial, str) or trial.submission.faulted:
        return None
    found = direct.run([trial.bound], trial.base)[rule.id]
    definition = pack.entities.get(rule.each)
    subjects: dict[str, None] = {}
    for fact, outcome in zip(trial.base.entities[rule.each], found, strict=True):
        if outcome is wanted:
            subjects.setdefault(subject_name(fact, definition))
        elif outcome in _ADVERSE:
            return None
    named = list(subjects)[:3] if wanted is Outcome.PASS else list(subjects)
    return {str(wanted): named} if named else None
