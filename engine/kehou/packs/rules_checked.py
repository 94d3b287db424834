"""Rules and decisions against the pack's words: every name resolved, every condition typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kehou.language import ROOT, suggest
from kehou.language.condition_parts import field_names, tests
from kehou.language.decision_grammar import decision_rules
from kehou.language.grammar import rule
from kehou.language.near_words import nearest, slot_hint
from kehou.language.patterns import pattern_fault
from kehou.language.typed_conditions import named, typed
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place, mapping, text, texts
from kehou.model.outcomes import Owner, Severity
from kehou.model.rules import (
    All,
    Cond,
    Const,
    DecisionRule,
    FieldRef,
    Param,
    Pattern,
    Review,
    Rule,
    Test,
)
from kehou.packs.generated_rules import Generated
from kehou.packs.pack_files import PackFiles
from kehou.packs.parameters import ParameterDef
from kehou.packs.strays import is_rule_file, stem_of

_SLOT: Final = re.compile(r"\{([^{}]+)\}")


def checked_rules(files: PackFiles, made: Generated) -> dict[str, Rule]:
    """The rules of every area by id, written and generated, in the order of their ids.

    What is wrong in one is noted at its place.
    """
    rules: dict[str, Rule] = {}
    for area in made.areas:
        written = _written_rules(files, area, made)
        for found, at in written:
            other = rules.get(found.id) or made.rules.get(found.id)
            if other is not None:
                (at / "id").fault(f"规则编号 {found.id} 用了两次，另见 {other.file}")
        own = {
            found.id: _typed_rule(_cited(found, at, made), at, made.vocabulary)
            for found, at in written
        }
        own |= {name: found for name, found in made.rules.items() if found.area == area}
        rules |= {name: own[name] for name in sorted(own)}
    return rules


def _cited(found: Rule, at: Place, made: Generated) -> Rule:
    """A rule with the clauses that it cites; one that is not there is told, and read as meant."""
    cited = []
    for i, clause in enumerate(found.clauses):
        meant: str | None = clause
        if clause not in made.clauses and made.clauses_are_sure:
            known = list(made.clauses)
            alike = _alike(clause, known)
            meant = None if alike else nearest(clause, known)
            hint = f"这一条里有：{'、'.join(alike)}" if alike else suggest(clause, known)
            (at / "clauses" / i).fault(f"没有条款 {clause}", hint)
        cited.append(meant or clause)
    return replace(found, clauses=tuple(cited))


def _alike(clause: str, known: Sequence[str]) -> list[str]:
    """The clauses of the same article as one that is none: nobody can tell which was meant."""
    stem = clause.rpartition("-")[0] or clause
    return [one for one in known if (one.rpartition("-")[0] or one) == stem]


def _written_rules(files: PackFiles, area: str, made: Generated) -> list[tuple[Rule, Place]]:
    """The rules that stand in an area's folder as files."""
    folder = files.root.joinpath(area)
    if not folder.is_dir():
        return []
    names = sorted(p.name for p in folder.iterdir() if is_rule_file(p.name))
    written = []
    for file_name in names:
        opened = files.place(f"{area}/{file_name}")
        if opened is None:
            made.unread.add(stem_of(file_name))
            continue
        tree, at = opened
        found = rule(tree, at, made.pack, area, stem_of(file_name), ROOT)
        if found is not None:
            written.append((found, at))
        else:
            made.unread.add(stem_of(file_name))
    return written


def _typed_rule(found: Rule, at: Place, v: Vocabulary) -> Rule:
    if found.each != ROOT and found.each not in v.entities:
        if (found.each, "") not in v.broken:
            (at / "each").fault(f"没有实体 {found.each}", suggest(found.each, list(v.entities)))
        return replace(found, each=ROOT, when=None, require=None, review=(), message=None)
    reviews = []
    for i, review in enumerate(found.review):
        when = typed(v, review.when, found.each, at / "review" / i / "when")
        if when is not None:
            reviews.append(Review(when, review.reason))
    used = {
        n
        for cond in (found.when, found.require, *(r.when for r in found.review))
        for n in field_names(cond)
    }
    for stage, closed in found.closed.items():
        for field_name in closed:
            if field_name not in used:
                (at / "closed" / stage).fault(f"closed 中的 {field_name} 没有在条件里用到")
            elif v.owner(found.each, field_name) is not Owner.SUBJECT and not _asks_for(
                found.when, field_name
            ):
                (at / "closed" / stage).fault(
                    f"closed 中的 {field_name} 不由报送的一方填写（x-owner），没有填不能当作“无”",
                    "请从 closed 中删去",
                )
    _check_slots(v, found, at)
    return replace(
        found,
        when=typed(v, found.when, found.each, at / "when"),
        require=typed(v, found.require, found.each, at / "require"),
        review=tuple(reviews),
    )


def _asks_for(when: Cond | None, field_name: str) -> bool:
    """Whether a rule applies only where a field has a value: closed, it is not applicable, so
    what nobody recorded accuses no one.
    """
    parts = when.items if isinstance(when, All) else (when,)
    return any(
        isinstance(part, Test)
        and isinstance(part.subject, FieldRef)
        and part.subject.name == field_name
        and part.op == "exists"
        and part.args == (Const("true"),)
        for part in parts
    )


def _check_slots(v: Vocabulary, found: Rule, at: Place) -> None:
    """What a rule says has slots for what its subjects have: another could not be filled."""
    said = [(at / "message", found.message or ""), (at / "remedy", found.remedy or "")]
    said += [(at / "review" / i / "reason", r.reason) for i, r in enumerate(found.review)]
    for place, words in said:
        for slot in _SLOT.findall(words):
            if slot in ("label", "ordinal") or slot in v.parameters:
                continue
            try:
                v.type_of(found.each, slot)
            except (KeyError, ValueError):
                if v.told(found.each, slot) or v.parameters_are_told:
                    continue
                hint = slot_hint(slot, [*v.own_fields(found.each), *v.parameters], found.each)
                place.fault(f"文字中的 {{{slot}}} 不是字段或参数", hint)


def check_patterns(
    rules: Mapping[str, Rule], defined: Mapping[str, ParameterDef], at: Place
) -> None:
    """Note the parameters that rules match texts against and that are no pattern to be used."""
    for name in sorted(set(_patterns_in(rules)) & defined.keys()):
        for value in defined[name].every_value():
            if fault := pattern_fault(str(value)):
                (at / name).fault(
                    f"参数 {name}：{fault}", "请写成定长的格式，或用 in、mentions 列出用词"
                )


def _patterns_in(rules: Mapping[str, Rule]) -> Iterator[str]:
    """Names of the parameters that stand right of ``matches``."""
    for found in rules.values():
        for cond in (found.when, found.require, *(review.when for review in found.review)):
            for test in tests(cond):
                if test.op == "matches":
                    yield from (arg.name for arg in test.args if isinstance(arg, Param))


def checked_decisions(
    files: PackFiles, v: Vocabulary | None, rules: Mapping[str, Rule], unread: Collection[str] = ()
) -> dict[str, Any]:
    """What decisions.yaml says, as the members of a Pack that it fills."""
    opened = files.place("decisions.yaml")
    if opened is None:
        return {"decisions": (), "blocking": frozenset(), "not_judged": "list", "order": ()}
    tree, at = opened
    d = mapping(tree, at, ("blocking", "not_judged", "rules", "order"), ("blocking", "rules"))
    found = tuple(
        _check_decision(decision, at / "rules" / i, v, {*rules, *unread})
        for i, decision in enumerate(decision_rules(d.get("rules") or [], at / "rules"))
    )
    blocking = frozenset(
        Severity(s) for s in texts(d.get("blocking"), at / "blocking") if s in list(Severity)
    )
    order = texts(d.get("order"), at / "order") or ("return", "supplement", "refer", "accept")
    not_judged = text(d.get("not_judged"), at / "not_judged", "list")
    return {"decisions": found, "blocking": blocking, "not_judged": not_judged, "order": order}


_FINDING_FIELDS = frozenset(
    {"rule", "outcome", "severity", "area", "blocking", "entity", "subject"}
)


def _check_decision(
    decision: DecisionRule, at: Place, v: Vocabulary | None, rules: Collection[str]
) -> DecisionRule:
    """A decision rule with the literals of its patterns typed; what does not fit is noted."""
    earlier: dict[str, str] = {}
    typed: dict[str, Pattern] = {}
    for i, pattern in enumerate(decision.when):
        place = at / "when" / i
        kind, _, entity_name = pattern.kind.partition(":")
        if kind == "entity" and v is not None and entity_name not in v.entities:
            if (entity_name, "") not in v.broken:
                place.fault(f"没有实体 {entity_name}", suggest(entity_name, list(v.entities)))
            continue
        if kind == "finding":
            for key, value in pattern.equals:
                if key == "rule" and value not in rules:
                    place.fault(f"没有规则 {value}", suggest(str(value), list(rules)))
        for mine, var, _ in pattern.same:
            if var not in earlier:
                place.fault(f"same 中的变量 {var} 还没有出现过", suggest(var, list(earlier)))
            if kind == "entity" and v is not None and mine not in ("key", "subject"):
                named(v, mine, entity_name, place)
        if kind == "entity" and v is not None:
            typed[pattern.var] = replace(
                pattern,
                equals=tuple(
                    (mine, _typed_literal(v, entity_name, mine, value, place / "with"))
                    for mine, value in pattern.equals
                ),
            )
        earlier[pattern.var] = pattern.kind
    if decision.subject and decision.subject[0] not in earlier:
        at.fault(
            f"then 中的变量 {decision.subject[0]} 没有出现过",
            suggest(decision.subject[0], list(earlier)),
        )
    return replace(decision, when=tuple(typed.get(p.var, p) for p in decision.when))


def _typed_literal(v: Vocabulary, entity_name: str, field_name: str, value: Any, at: Place) -> Any:
    test = typed(v, Test(FieldRef(field_name), "is", (Const(value),)), entity_name, at / field_name)
    if isinstance(test, Test) and isinstance(test.args[0], Const):
        return test.args[0].value
    return value
