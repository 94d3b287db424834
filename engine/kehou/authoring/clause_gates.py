"""Quality gates on clauses: what is said to carry each, and whether its rules show it both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kehou.authoring.pack_gates import possible_outcomes
from kehou.authoring.proposals import spoken
from kehou.model.outcomes import ClauseStatus, Outcome
from kehou.packs import Pack
from kehou.packs.casefiles import CaseFile, Found
from kehou.packs.positions import Sites
from kehou.packs.uses import value_carriers

#: How much of a title has to stand in a clause for its rule to be likely the clause's own.
_LIKELY = 0.7


def clauses(
    pack: Pack, whole: Pack, sites: Sites, miscited: bool = False, open_: Collection[str] = ()
) -> Iterator[Found]:
    """A clause's status agrees with the rules that cite it, or that take a value from it.

    ``pack`` is what the topmost layer of the ``whole`` says itself. Where a rule cites what is no
    clause, which is told there, it may be any of these that it meant; rules that are only begun
    (``open_``) may cite what still waits for them.
    """
    valued_by = value_carriers(whole) if whole.top is not None else {}
    for i, clause in enumerate(pack.clauses.values()):
        place = sites.at("clauses.yaml", "clauses", i, "status")
        carriers = pack.carriers.get(clause.id, [])
        carried = clause.status in (ClauseStatus.AUTOMATED, ClauseStatus.PARTLY)
        valued = valued_by.get(clause.id)
        if carried and not carriers and not valued and not pack.unread and not miscited:
            message = f"条款 {clause.id} 写作 {clause.status}，却没有规则引用"
            hint = "请写规则并在 clauses 中引用，或改状态并写明理由"
            yield place, message, _likely(pack, clause.quote) + hint
        if carriers and not carried and not set(carriers) <= set(open_):
            message = f"条款 {clause.id} 写作 {clause.status}，却有规则 {'、'.join(carriers)} 引用"
            yield place, message, "请改为 automated 或 partly，或从规则的 clauses 中删去"


def _likely(pack: Pack, quote: str) -> str:
    """The rule whose title says what a clause says, and what it cites instead."""
    found = [(spoken(rule.title, quote), rule) for rule in pack.rules.values()]
    share, rule = max(found, key=lambda pair: pair[0], default=(0.0, None))
    if rule is None or share < _LIKELY:
        return ""
    return f"规则 {rule.id} 的标题像是这一条，它引用的是 {'、'.join(rule.clauses)}，请先核对；"


def shown_both_ways(pack: Pack, cases: Mapping[str, CaseFile], sites: Sites) -> Iterator[Found]:
    """A clause that is checked by rules alone has one with cases that pass and that fail.

    A rule that lacks one of them is told itself, and this once only.
    """
    for i, clause in enumerate(pack.clauses.values()):
        place = sites.at("clauses.yaml", "clauses", i, "status")
        carriers = pack.carriers.get(clause.id, [])
        outcomes = [{o for case in cases[rule].cases for o in case.expect} for rule in carriers]
        automated = clause.status is ClauseStatus.AUTOMATED
        told = any(
            {Outcome.PASS, Outcome.FAIL} <= {*possible_outcomes(pack, pack.rules[r])}
            for r in carriers
        )
        wanting = automated and bool(carriers) and not told
        if wanting and not any({"fail", "pass"} <= found for found in outcomes):
            yield (
                place,
                f"条款 {clause.id} 写作 automated，但没有规则既有不符合又有符合的用例",
                "请补用例，或改为 partly 并说明理由",
            )


__all__ = ["clauses", "shown_both_ways"]
