"""The second stratum: what decision rules conclude from agreed findings, in words.

Source: docs/language.md §1.8 and §2.15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kehou.checking.findings import Writer
from kehou.facts import FactBase
from kehou.judging import BoundRule
from kehou.model.outcomes import Outcome, counted_as
from kehou.model.report import Finding, Inference, Reason
from kehou.model.rules import KIND, DecisionFact, DecisionRule, Firing
from kehou.model.values import Location
from kehou.packs import Pack

ADVERSE = frozenset(
    {Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED}
)


def finding_facts(
    pack: Pack, rules: Sequence[BoundRule], findings: Mapping[str, Sequence[Finding]]
) -> list[DecisionFact]:
    """The adverse findings as flat facts of the second stratum.

    A fail on what nobody has confirmed is to be looked at, and decides as a review does.
    """
    facts: list[DecisionFact] = []
    for rule in rules:
        r = rule.rule
        for f in findings[r.id]:
            if f.outcome in ADVERSE:
                facts.append(
                    {
                        KIND: "finding",
                        "rule": r.id,
                        "outcome": str(counted_as(f.outcome, f.unconfirmed)),
                        "severity": str(r.severity),
                        "area": r.area,
                        "blocking": r.severity in pack.blocking,
                        "entity": f.subject.entity,
                        "subject": f.subject.key,
                        "title": r.title,
                        "label": f.subject.label,
                    }
                )
    return facts


def entity_facts(pack: Pack, base: FactBase, language: str = "zh") -> list[DecisionFact]:
    """The subjects that decision rules name as flat facts of the second stratum."""
    facts: list[DecisionFact] = []
    writer = Writer(pack, base, lambda pointer: Location(pointer), language)
    for entity, names in _entity_fields(pack).items():
        for fact in base.rows(entity):
            if fact.phantom is not None:
                continue
            key = ",".join(str(part) for part in fact.key)
            flat: DecisionFact = {
                KIND: f"entity:{entity}",
                "key": key,
                "subject": key,
                "label": writer.label(fact),
            }
            for name in names:
                value = base.read(fact, name)
                if isinstance(value, (str, int)):
                    flat[name] = value
            facts.append(flat)
    return facts


def _entity_fields(pack: Pack) -> dict[str, list[str]]:
    """Fields that decision rules read, by entity."""
    wanted: dict[str, dict[str, None]] = {}
    for rule in pack.decisions:
        entity_of = {
            p.var: p.kind.removeprefix("entity:") for p in rule.when if p.kind.startswith("entity:")
        }
        for entity in entity_of.values():
            wanted.setdefault(entity, {})
        for p in rule.when:
            for mine, var, other in p.same:
                for owner, name in ((entity_of.get(p.var), mine), (entity_of.get(var), other)):
                    if owner and name not in ("key", "subject", "label"):
                        wanted[owner].setdefault(name)
            if p.var in entity_of:
                for name, _ in p.equals:
                    wanted[entity_of[p.var]].setdefault(name)
        if (
            rule.subject
            and rule.subject[0] in entity_of
            and rule.subject[1] not in ("key", "subject", "label")
        ):
            wanted[entity_of[rule.subject[0]]].setdefault(rule.subject[1])
    return {entity: list(names) for entity, names in wanted.items()}


def explained(
    pack: Pack, facts: Sequence[DecisionFact], fired: set[Firing], language: str
) -> tuple[list[tuple[str, Reason]], list[Inference]]:
    """((decision, reason) pairs, inferences) in a fixed order, without repetition."""
    by_id = {rule.id: rule for rule in pack.decisions}
    english = pack.english
    labels = {f["subject"]: f["label"] for f in facts if f[KIND] != "finding"}
    decided: dict[tuple[str, Reason], None] = {}
    inferred: dict[Inference, None] = {}
    order = {rule_id: n for n, rule_id in enumerate(by_id)}
    for rule_id, matched in sorted(fired, key=lambda f: (order[f[0]], _numeric(f[1]))):
        rule = by_id[rule_id]
        variables: dict[str, DecisionFact] = {}
        for pattern, identity in zip(rule.when, matched, strict=True):
            if identity.isdecimal():
                variables[pattern.var] = _in_words(facts[int(identity)], pack, language)
            else:
                subject = identity.split(":", 2)[2]
                variables[pattern.var] = {"subject": subject, "label": labels.get(subject, subject)}
        translated = (english.get(rule_id) or {}).get("because")
        template = translated if language == "en" and translated else rule.because
        because = _fill(template, variables)
        if rule.decide:
            decided.setdefault((rule.decide, Reason(_source(rule, variables), because)))
        elif rule.mark and rule.subject:
            source = variables[rule.subject[0]]
            subject = str(source.get(rule.subject[1], ""))
            inferred.setdefault(
                Inference(rule.mark, subject, str(source.get("label", subject)), rule.id, because)
            )
    return list(decided), list(inferred)


def _in_words(fact: DecisionFact, pack: Pack, language: str) -> DecisionFact:
    """A finding with its rule's title in the report's language, Chinese where there is no other."""
    title = (pack.english.get(str(fact.get("rule"))) or {}).get("title")
    return {**fact, "title": str(title)} if language == "en" and title else fact


def _numeric(identities: Sequence[str]) -> list[tuple[int, str]]:
    return [(int(i), "") if i.isdecimal() else (1 << 40, i) for i in identities]


def _source(rule: DecisionRule, variables: Mapping[str, DecisionFact]) -> str:
    for fact in variables.values():
        if fact.get(KIND) == "finding":
            return str(fact["rule"])
    return rule.id


def _fill(template: str, variables: Mapping[str, DecisionFact]) -> str:
    import re

    def slot(match: re.Match[str]) -> str:
        var, _, name = match[1].partition(".")
        return str(variables.get(var, {}).get(name, ""))

    return re.sub(r"\{([a-z_]+\.[a-z_]+)\}", slot, template)
