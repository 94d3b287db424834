"""A pack's rules made ready to run: bound to a stage, to dates and to the parameters in force.

Both engines run a program on a `facts.FactBase` and must come to the same outcomes
(docs/language.md §2, §3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from kehou.facts import FactBase, readings_of
from kehou.language import ROOT, Bound, Parameter, Type, bind
from kehou.language.condition_parts import field_names, references
from kehou.language.conditions import bound_fields
from kehou.model.outcomes import Stage
from kehou.model.rules import Cond, DecisionFact, DecisionRule, Firing, Param, Pattern, Rule
from kehou.packs import Pack

if TYPE_CHECKING:
    from kehou.judging.network import Network


class FactLike(Protocol):
    """What the engine reads of a `facts.Fact`."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Values by field name."""


class Base(Protocol):
    """What the engine reads of a `facts.FactBase`."""

    @property
    def entities(self) -> Mapping[str, Sequence[FactLike]]:
        """Subjects by entity, with all derived values computed."""

    @property
    def root(self) -> FactLike:
        """The submission's own fields."""


#: So many stages and dates are kept bound with a pack; each takes a megabyte or two.
MOST_PROGRAMS: Final = 8


@dataclass(frozen=True, slots=True)
class BoundReview:
    """A reason to look, bound; those that name an unset parameter are left out and listed."""

    when: Bound
    reason: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with bound conditions.

    ``unset`` names the parameters and bureau tables that the rule needs and nobody supplied;
    where there are any, it is ``not_judged`` for every subject whose ``when`` is not false.
    ``reviews_off`` holds (reason, name of what is unset). ``parameters`` are all that it reads.
    """

    rule: Rule
    when: Bound | None
    require: Bound | None
    reviews: tuple[BoundReview, ...]
    unset: tuple[str, ...] = ()
    reviews_off: tuple[tuple[str, str], ...] = ()
    parameters: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[Bound | None, ...]:
        """Every condition of the rule."""
        return (self.when, self.require, *(review.when for review in self.reviews))


class Program(list[BoundRule]):
    """Bound rules that are run on one submission after another.

    ``runs`` counts how often the network was begun on them; ``network`` is what they were compiled
    to, once a child has told; ``judges`` are the rules as the direct engine runs them.
    """

    runs: int = 0
    network: Network | None = None
    judges: Sequence[Any] | None = None

    @cached_property
    def wanted(self) -> dict[str, list[str]]:
        """The fields that the rules read, by the entity that has them."""
        return wanted_of(self)


def bound_program(
    pack: Pack,
    stage: Stage,
    as_of: str,
    tables: Collection[str],
    reading: str = "",
    open_world: bool = False,
) -> tuple[Program, int, dict[str, Parameter]]:
    """The bound rules, how many belong to other stages, and the parameters they were bound to.

    In an ``open_world`` nothing that was not read counts as not being there: prose says more than
    a reader of it finds.
    They are remembered with the pack: schools of a county are checked at one stage and date.
    """
    asked = ("program", stage, as_of, reading, frozenset(tables), open_world)
    found: tuple[Program, int, dict[str, Parameter]] | None = pack.remembered.get(asked)
    if found is None:
        parameters = pack.in_force(as_of, reading)
        rules, elsewhere = bind_rules(pack, stage, as_of, tables, parameters, open_world)
        found = Program(rules), elsewhere, parameters
        if len(pack.remembered) >= 2 * MOST_PROGRAMS:
            pack.remembered.clear()
        pack.remembered[asked] = found
        pack.remembered[readings_of(parameters)] = {}
    return found


def bind_rules(
    pack: Pack,
    stage: Stage,
    as_of: str,
    tables: Collection[str],
    parameters: Mapping[str, Parameter] | None = None,
    open_world: bool = False,
) -> tuple[list[BoundRule], int]:
    """The rules of a stage in force on a date, bound, and how many belong to other stages.

    ``tables`` are the bureau's tables that were loaded, ``parameters`` those to read instead of
    the ones in force on the date; ``open_world`` as of `bound_program`.
    """
    parameters = pack.in_force(as_of) if parameters is None else parameters
    bound = []
    elsewhere = 0
    for rule in pack.rules.values():
        if (rule.valid_from and as_of < rule.valid_from) or (
            rule.valid_to and as_of > rule.valid_to
        ):
            continue
        if stage not in rule.stages:
            elsewhere += 1
            continue
        bound.append(bind_rule(pack, rule, stage, parameters, as_of, tables, open_world))
    return bound, elsewhere


def bind_rule(
    pack: Pack,
    rule: Rule,
    stage: Stage,
    parameters: Mapping[str, Parameter],
    as_of: str,
    tables: Collection[str],
    open_world: bool = False,
) -> BoundRule:
    """Bind one rule's conditions; what nobody set turns reviews off and leaves it unjudged."""
    closed = frozenset(rule.closed.get(stage, ()))
    if open_world and not _of_a_reader(pack, rule):
        closed = frozenset()

    def typer(name: str) -> tuple[Type, bool]:
        return pack.type_of(rule.each, name)

    def needs(cond: Cond | None) -> set[str]:
        named = {r.name for r in references(cond) if isinstance(r, Param)}
        return named | pack.inputs_behind(rule.each, field_names(cond))

    def lacking(named: set[str]) -> tuple[str, ...]:
        return tuple(
            sorted(
                name
                for name in named
                if (name in parameters and not parameters[name].is_set)
                or (name in pack.tables and name not in tables)
            )
        )

    of_when, of_require = needs(rule.when), needs(rule.require)
    everything = of_when | of_require
    unset = tuple(dict.fromkeys((*lacking(of_when), *lacking(of_require))))
    reviews, off = [], []
    for review in rule.review:
        of_review = needs(review.when)
        everything |= of_review
        missing = lacking(of_review)
        if missing:
            off += [(review.reason, name) for name in missing]
            continue
        ours = tuple(sorted(n for n in of_review if _assumed(pack, n, as_of)))
        reviews.append(
            BoundReview(bind(review.when, typer, parameters, closed), review.reason, ours)
        )
    if rule.require is None and rule.review and not reviews:
        # Nothing is left that could ask: a pass would say what nobody looked at.
        unset = tuple(dict.fromkeys((*unset, *(name for _, name in off))))
        off = []
    return BoundRule(
        rule,
        None if rule.when is None else bind(rule.when, typer, parameters, closed),
        None if rule.require is None else bind(rule.require, typer, parameters, closed),
        tuple(reviews),
        unset,
        tuple(off),
        tuple(sorted(everything & set(parameters))),
    )


def _of_a_reader(pack: Pack, rule: Rule) -> bool:
    """Whether a rule is about rows that a reader fills, of which it knows all there are."""
    entity = pack.entities.get(rule.each)
    part = pack.schema.root.fields.get(entity.of) if entity is not None else None
    return part is not None and part.reader


def _assumed(pack: Pack, name: str, as_of: str) -> bool:
    definition = pack.parameters.get(name)
    value = definition.on(as_of) if definition is not None else None
    return value is not None and value.assumption


def prepare(base: FactBase, rules: Iterable[BoundRule]) -> None:
    """Build the entities that rules are about and compute every field that they read."""
    wanted = rules.wanted if isinstance(rules, Program) else wanted_of(rules)
    for entity, names in wanted.items():
        base.rows(entity)
        base.materialise(entity, names)


def wanted_of(rules: Iterable[BoundRule]) -> dict[str, list[str]]:
    """The fields that rules read, by the entity that has them."""
    wanted: dict[str, dict[str, None]] = {}
    for rule in rules:
        names = wanted.setdefault(rule.rule.each, {})
        for cond in rule.conditions:
            for field in bound_fields(cond):
                (wanted.setdefault(ROOT, {}) if field.root else names).setdefault(field.name)
    return {entity: list(names) for entity, names in wanted.items()}


__all__ = [
    "BoundReview",
    "BoundRule",
    "DecisionFact",
    "DecisionRule",
    "Firing",
    "Pattern",
    "Program",
    "bind_rule",
    "bind_rules",
    "bound_program",
    "prepare",
]
