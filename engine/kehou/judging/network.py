"""Rules compiled to the patterns of durable_rules (docs/language.md §3).

A rule becomes up to five groups of patterns, one conjunction each; the group first in the alphabet
that fired on a subject is the outcome. What the library is known to do wrong is refused here,
before it runs: `LintError` says what and why. An entity whose rules need more patterns or
attributes than one kind of fact may have is asserted as several kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from kehou.judging.encoding import (
    STATE_MARKS,
    Column,
    LintError,
    attribute,
    column,
    constant_fault,
    encode,
    lint_vocabulary,
    scalar,
)
from kehou.language import Bound, FieldArg, Leaf, Table
from kehou.language.conditions import bound_fields, leaves, tables
from kehou.language.dnf import (
    Conjunction,
    Dnf,
    Literal,
    TooLarge,
    conjoin,
    disjoin,
    in_order,
    order,
)
from kehou.language.leaf_sets import is_native
from kehou.language.truth_sets import sides, unset_dnf
from kehou.model.outcomes import Outcome

if TYPE_CHECKING:
    from kehou.judging.program import BoundRule

MOST_PATTERNS_OF_RULE: Final = 64
# Error 303 comes at 64 siblings true of one fact: buckets and patterns of a bucket count together.
PATTERNS_PER_BUCKET: Final = 30
MOST_BUCKETS: Final = 24
#: Error 302 comes at 253 attributes; id, kind, the sentinel and the buckets take theirs.
MOST_ATTRIBUTES: Final = 220
MOST_KINDS: Final = 128
#: Error 106 comes at 4,097 rules of one ruleset. Far fewer are given to one: while its session
#: lasts each takes the library about 12 KB, however few the facts.
MOST_PATTERNS_OF_RULESET: Final = 1_000

#: Letter of a pattern and the outcome it stands for; the first that fired holds.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "a": Outcome.NOT_APPLICABLE,
    "b": Outcome.NOT_JUDGED,
    "c": Outcome.FAIL,
    "d": Outcome.REVIEW,
    "e": Outcome.PASS,
    "x": Outcome.INSUFFICIENT,
}
#: Kind of the fact that opens every session, and name of the rule it fires.
CANARY: Final = "canary"

_COMPARISONS = {"ne": "$neq", "lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}
# Guards first and comparisons of two fields last, so that these never read a missing attribute.
_RANK = {**dict.fromkeys(STATE_MARKS, 0), "eq": 1, "pre": 2, "field": 4}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: the subjects of an entity as some of its rules read them."""

    name: str
    entity: str
    columns: tuple[Column, ...]
    precomputed: tuple[tuple[str, Leaf | Table], ...]
    patterns: int

    @property
    def buckets(self) -> int:
        """How many buckets its patterns fill."""
        return -(-self.patterns // PATTERNS_PER_BUCKET)

    def encode(self, values: Mapping[str, Any], roots: Mapping[str, Any]) -> dict[str, Any]:
        """A subject as a fact of this kind, still without its ``id``."""
        head = {"kind": self.name, "_": 1, **{f"b{n}": 1 for n in range(self.buckets)}}
        return head | encode(self.columns, self.precomputed, values, roots)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What durable_rules reads at once, and the kinds of fact that its patterns are about.

    ``text`` is JSON; its rules are named by rule position, letter and serial, ``12c.7``.
    """

    text: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Compiled rules as durable_rules reads them, and what is needed to feed it.

    They are several rulesets where one could not hold them; no kind is in two.
    ``defaults`` holds, rule by rule, the letter of a subject on which nothing fired.
    """

    rulesets: tuple[Ruleset, ...]
    defaults: tuple[str, ...]


def compile_rules(rules: Sequence[BoundRule]) -> Network:
    """Compile bound rules to rulesets; raises LintError for what the network must not run."""
    drafts: dict[str, list[_Draft]] = {}
    for number, rule in enumerate(rules):
        patterns = _few_patterns(rule)
        _add(number, rule, patterns, drafts.setdefault(rule.rule.each, []))
    flat = [draft for group in drafts.values() for draft in group]
    if len(flat) > MOST_KINDS:
        raise LintError(f"规则涉及 {len(flat)} 种事实，应不超过 {MOST_KINDS} 种")
    _lint_names(flat)
    rulesets = tuple(_ruleset(part) for part in _parts(flat))
    return Network(rulesets, tuple("b" if rule.unset else "x" for rule in rules))


def _parts(drafts: Iterable[_Draft]) -> list[list[_Draft]]:
    """The kinds in order, in as few rulesets as hold them."""
    parts: list[list[_Draft]] = []
    size = 0
    for draft in drafts:
        size += len(draft.patterns)
        if not parts or size > MOST_PATTERNS_OF_RULESET:
            parts.append([])
            size = len(draft.patterns)
        parts[-1].append(draft)
    return parts


def _ruleset(drafts: Sequence[_Draft]) -> Ruleset:
    patterns = {CANARY: {"all": [{"m": {"kind": CANARY}}]}}
    for draft in drafts:
        patterns.update(draft.rules())
    text = json.dumps(patterns, ensure_ascii=False, separators=(",", ":"))
    return Ruleset(text, tuple(draft.kind() for draft in drafts))


def rule_patterns(rule: BoundRule) -> list[tuple[str, Conjunction]]:
    """(letter, conjunction) of every pattern of a rule.

    ``a``: when false; ``b``: require needs a row that nobody set; ``c``: when true and require
    false; ``d``: some review true; ``e``: require true and every review false. A pattern that
    the engine lost can turn an outcome into ``x``, insufficient, but a breach never into a pass.
    """
    when_true, when_false = sides(rule.when)
    groups: dict[str, Dnf] = {"a": when_false}
    if not rule.unset:
        passes, fails = sides(rule.require)
        looks: Dnf = ()
        for review in rule.reviews:
            look, no_look = sides(review.when)
            looks = disjoin(looks, look)
            passes = conjoin(passes, no_look)
        groups |= {"b": unset_dnf(rule.require), "c": conjoin(when_true, fails)}
        groups |= {"d": looks, "e": passes}
    return [
        (letter, conjunction) for letter, dnf in groups.items() for conjunction in in_order(dnf)
    ]


def _few_patterns(rule: BoundRule) -> list[tuple[str, Conjunction]]:
    try:
        patterns = rule_patterns(rule)
    except TooLarge:
        raise LintError(
            f"规则 {rule.rule.id} 的条件展开后的模式太多，无法列尽",
            _place(rule),
            "把并列的条件拆成几条规则",
        ) from None
    count = len(patterns)
    if count > MOST_PATTERNS_OF_RULE:
        message = f"规则 {rule.rule.id} 展开为 {count} 个模式，应不超过 {MOST_PATTERNS_OF_RULE} 个"
        raise LintError(message, _place(rule), _what_to_split(patterns))
    return patterns


def _place(rule: BoundRule) -> str:
    return f"{rule.rule.file}:{rule.rule.line}"


def _what_to_split(patterns: Iterable[tuple[str, Any]]) -> str:
    letters = [letter for letter, _ in patterns]
    parts = {
        "a": "when",
        "b": "按字段查参数的部分",
        "c": "when 与 require",
        "d": "review",
        "e": "require 与 review",
    }
    worst = max(parts, key=letters.count)
    return f"把 {parts[worst]} 中并列的条件拆成几条规则（这里有 {letters.count(worst)} 个模式）"


# --- one kind of fact ----------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A kind being filled: fields, endings of their attributes, precomputed tests, patterns."""

    name: str
    entity: str
    fields: dict[str, FieldArg] = field(default_factory=dict)
    endings: dict[str, set[str]] = field(default_factory=dict)
    precomputed: dict[Leaf | Table, str] = field(default_factory=dict)
    patterns: list[tuple[str, Conjunction]] = field(default_factory=list)

    def size_with(self, endings: Mapping[str, set[str]], leaves: Iterable[Any]) -> int:
        """Number of attributes once these are added."""
        own = sum(
            len(self.endings.get(name, set()) | endings.get(name, set()))
            for name in {**self.endings, **endings}
        )
        return own + len({*self.precomputed, *leaves})

    def attributes(self) -> list[str]:
        """Every attribute its patterns read."""
        named = [attribute(n, e) for n, endings in self.endings.items() for e in endings]
        return sorted(named) + list(self.precomputed.values())

    def rules(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Its patterns as durable_rules reads them: kind first, bucket second."""
        known: dict[Literal, tuple[int, str, dict[str, Any]]] = {}
        for serial, (name, conjunction) in enumerate(self.patterns):
            bucket = {f"b{serial // PATTERNS_PER_BUCKET}": 1}
            for literal in conjunction:
                if literal not in known:
                    known[literal] = (*self._rank(literal), self._clause(literal))
            ranked = sorted((known[literal] for literal in conjunction), key=itemgetter(0, 1))
            literals = [clause for _, _, clause in ranked]
            yield (
                f"{name}.{serial}",
                {"all": [{"m": {"$and": [{"kind": self.name}, bucket, *literals]}}]},
            )

    def _rank(self, literal: Literal) -> tuple[int, str]:
        name = self.precomputed[literal[1]] if literal[0] == "pre" else order(literal)
        return _RANK.get(literal[0], 3), name

    def _clause(self, literal: Literal) -> dict[str, Any]:
        word = literal[0]
        if word in STATE_MARKS:
            return {attribute(literal[1], STATE_MARKS[word]): 1}
        if word == "pre":
            return {self.precomputed[literal[1]]: literal[2]}
        if word == "field":
            pair = {attribute(*literal[2]): {"$m": attribute(*literal[3])}}
            return pair if literal[1] == "eq" else {_COMPARISONS[literal[1]]: pair}
        name, part = literal[1]
        test = {attribute(name, part): scalar(literal[2], self.fields[name].type.kind)}
        return test if word == "eq" else {_COMPARISONS[word]: test}

    def kind(self) -> Kind:
        """The finished kind."""
        columns = tuple(
            column(name, self.fields[name].type.kind, self.fields[name].root, endings)
            for name, endings in self.endings.items()
        )
        precomputed = tuple((name, leaf) for leaf, name in self.precomputed.items())
        return Kind(self.name, self.entity, columns, precomputed, len(self.patterns))


def _add(
    number: int, rule: BoundRule, patterns: list[tuple[str, Conjunction]], group: list[_Draft]
) -> None:
    """Put a rule's patterns into the last kind of its entity, or into a new one if that is full."""
    fields = {arg.name: arg for cond in _conditions(rule) for arg in bound_fields(cond)}
    endings: dict[str, set[str]] = {}
    used: set[Leaf | Table] = set()
    for literal in (literal for _, conjunction in patterns for literal in conjunction):
        _lint_literal(literal, fields, rule)
        if literal[0] == "pre":
            used.add(literal[1])
        for name, ending in _endings(literal):
            endings.setdefault(name, set()).add(ending)
    possible = [test for cond in _conditions(rule) for test in (*leaves(cond), *tables(cond))]
    tests = [test for test in possible if test in used]
    if (
        not group
        or group[-1].size_with(endings, tests) > MOST_ATTRIBUTES
        or len(group[-1].patterns) + len(patterns) > PATTERNS_PER_BUCKET * MOST_BUCKETS
    ):
        group.append(_Draft(f"{rule.rule.each}#{len(group)}", rule.rule.each))
    draft = group[-1]
    if draft.size_with(endings, tests) > MOST_ATTRIBUTES:
        raise LintError(
            f"规则 {rule.rule.id} 读取的属性超过 {MOST_ATTRIBUTES} 个", _place(rule), "拆成几条规则"
        )
    for name in sorted(endings):
        known = draft.fields.setdefault(name, fields[name])
        if (known.root, known.type) != (fields[name].root, fields[name].type):
            raise LintError(f"{draft.entity} 的字段 {name} 在几条规则中类型不同", _place(rule))
        draft.endings.setdefault(name, set()).update(endings[name])
    for test in tests:
        draft.precomputed.setdefault(test, f"p{len(draft.precomputed)}")
    draft.patterns += [(f"{number}{letter}", conjunction) for letter, conjunction in patterns]


def _endings(literal: Literal) -> Sequence[tuple[str, str]]:
    """(field, ending) of the attributes that a literal reads."""
    if literal[0] in STATE_MARKS:
        return [(literal[1], STATE_MARKS[literal[0]])]
    if literal[0] == "pre":
        return ()
    return literal[2:] if literal[0] == "field" else (literal[1],)


def _lint_literal(literal: Literal, fields: Mapping[str, FieldArg], rule: BoundRule) -> None:
    if literal[0] in STATE_MARKS or literal[0] in ("pre", "field"):
        return
    name = literal[1][0]
    fault = constant_fault(literal[2], fields[name].type.kind)
    if fault:
        raise LintError(f"规则 {rule.rule.id} 的字段 {name}：{fault}", _place(rule))


def _lint_names(drafts: Iterable[_Draft]) -> None:
    names = {f"b{n}" for n in range(MOST_BUCKETS)}
    fields: dict[str, str] = {}
    for draft in drafts:
        names.update(draft.attributes())
        for name in draft.endings:
            other = fields.setdefault(attribute(name), name)
            if other != name:
                raise LintError(f"字段 {other} 与 {name} 在网络中同名", hint="给其中一个字段改名")
    lint_vocabulary(sorted(names))


# --- what is native ------------------------------------------------------------------------


def _conditions(rule: BoundRule) -> list[Bound | None]:
    return [rule.when, rule.require, *(review.when for review in rule.reviews)]


def precomputed(rules: Iterable[BoundRule]) -> list[tuple[str, Leaf]]:
    """(rule id, test) of every test that reaches the network as a precomputed verdict."""
    return [
        (rule.rule.id, leaf)
        for rule in rules
        for cond in _conditions(rule)
        for leaf in leaves(cond)
        if not is_native(leaf)
    ]


def native_share(rules: Iterable[BoundRule]) -> tuple[int, int]:
    """(tests that the network itself says, all tests) of rules, for lint to print."""
    rules = list(rules)
    total = sum(len(leaves(cond)) for rule in rules for cond in _conditions(rule))
    return total - len(precomputed(rules)), total
