"""Decision rules compiled to joins of durable_rules: the second stratum (docs/language.md §2).

Patterns are joined by equality alone, so every value is written as a number that stands for it
and equal values share one; text never reaches the engine. A clause that joins ends with an
equality that is always true, without which the library reads past its end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kehou.judging.encoding import LintError, attribute, lint_vocabulary
from kehou.judging.network import CANARY, MOST_BUCKETS, PATTERNS_PER_BUCKET
from kehou.model.rules import KIND, DecisionFact, DecisionRule, Firing, Pattern

#: Error 304 comes at 17 patterns in one rule.
MOST_PATTERNS: Final = 12
#: What a mark can be asked for.
SUBJECT: Final = "subject"
_MARK = "mark:"


@dataclass(frozen=True, slots=True)
class Inference:
    """Decision rules as durable_rules reads them.

    ``marks`` maps a rule to (mark, variable and attribute of its subject, what a fact that bears
    the mark carries). ``read`` holds, kind by kind, the fields that some pattern reads,
    ``buckets`` how many buckets its patterns fill, ``codes`` the number of every value.
    """

    ruleset: str
    marks: dict[str, tuple[str, str, str, dict[str, Any]]]
    read: Mapping[str, set[str]]
    buckets: Mapping[str, int]
    codes: dict[Any, int]

    def facts(self, facts: Iterable[DecisionFact]) -> list[dict[str, Any]]:
        """Facts as the engine reads them: the fields that patterns ask for, as codes."""
        return [
            _head(fact[KIND], self.buckets)
            | {
                attribute(name): self.codes.setdefault(fact[name], len(self.codes))
                for name in sorted(self.read.get(fact[KIND], ()))
                if fact.get(name) is not None
            }
            for fact in facts
        ]

    def firings(
        self, fired: Iterable[tuple[str, Sequence[Any]]], rules: Sequence[DecisionRule]
    ) -> set[Firing]:
        """Firings in words, from rule position and, pattern by pattern, fact or (mark, code)."""
        values = {code: value for value, code in self.codes.items()}

        def identity(matched: Any) -> str:
            if isinstance(matched, int):
                return str(matched)
            return f"{_MARK}{matched[0]}:{values[matched[1]]}"

        return {(rules[int(number)].id, tuple(map(identity, matched))) for number, matched in fired}


def compile_decisions(rules: Sequence[DecisionRule]) -> Inference:
    """Compile decision rules; raises LintError for joins that the library does not check."""
    codes: dict[Any, int] = {}
    read: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    ruleset: dict[str, Any] = {CANARY: {"all": [{"m": {"kind": CANARY}}]}}
    for number, rule in enumerate(rules):
        _lint(rule)
        _note_read(rule, read)
        clauses = []
        for position, pattern in enumerate(rule.when):
            serial = counts[pattern.kind] = counts.get(pattern.kind, 0) + 1
            clause = _clause(rule, position, (serial - 1) // PATTERNS_PER_BUCKET, codes)
            clauses.append({f"v{position}": {"$and": clause}})
        # dist 0: one fact may be matched by two patterns, as plain conjunction has it.
        ruleset[str(number)] = {"all": clauses, "dist": 0}
    _lint_all(read, counts)
    buckets = {kind: -(-count // PATTERNS_PER_BUCKET) for kind, count in counts.items()}
    text = json.dumps(ruleset, ensure_ascii=False, separators=(",", ":"))
    marks = {str(number): _mark(rule, buckets) for number, rule in enumerate(rules) if rule.mark}
    return Inference(text, marks, read, buckets, codes)


def _note_read(rule: DecisionRule, read: dict[str, set[str]]) -> None:
    kinds = {pattern.var: pattern.kind for pattern in rule.when}
    for pattern in rule.when:
        read.setdefault(pattern.kind, set()).update(_asked(pattern))
        for _, var, name in pattern.same:
            read[kinds[var]].add(name)
    if rule.subject is not None:
        read[kinds[rule.subject[0]]].add(rule.subject[1])


def _mark(rule: DecisionRule, buckets: Mapping[str, int]) -> tuple[str, str, str, dict[str, Any]]:
    assert rule.mark is not None and rule.subject is not None
    var, name = rule.subject
    head = _head(_MARK + rule.mark, buckets)
    return rule.mark, _alias(rule, var), attribute(name), head


def _head(kind: str, buckets: Mapping[str, int]) -> dict[str, Any]:
    """What every fact of a kind carries."""
    return {"kind": kind, "_": 1, **{f"b{n}": 1 for n in range(buckets.get(kind, 0))}}


def _alias(rule: DecisionRule, var: str) -> str:
    return f"v{[pattern.var for pattern in rule.when].index(var)}"


def _clause(
    rule: DecisionRule, position: int, bucket: int, codes: dict[Any, int]
) -> list[dict[str, Any]]:
    pattern = rule.when[position]
    clause: list[dict[str, Any]] = [{"kind": pattern.kind}, {f"b{bucket}": 1}]
    for name, value in pattern.equals:
        clause.append({attribute(name): codes.setdefault(value, len(codes))})
    for name, var, other in pattern.same:
        clause.append({attribute(name): {_alias(rule, var): attribute(other)}})
    if position:
        clause.append({"_": {"v0": "_"}})
    return clause


def _lint(rule: DecisionRule) -> None:
    """Refuse what durable_rules would accept in silence or die of."""
    seen: list[str] = []
    if not 1 <= len(rule.when) <= MOST_PATTERNS:
        raise _fault(rule, f"when 应有 1 到 {MOST_PATTERNS} 项，这里有 {len(rule.when)} 项")
    marks = rule.mark is not None
    if marks is (rule.decide is not None) or marks is not (rule.subject is not None):
        raise _fault(rule, "应在 mark（连同 subject）与 decide 中恰好写一个")
    for pattern in rule.when:
        if pattern.var in seen:
            raise _fault(rule, f"变量 {pattern.var} 出现两次")
        for _, var, _ in pattern.same:
            if var not in seen:
                raise _fault(rule, f"{pattern.var} 与 {var} 相连，而前面没有变量 {var}")
        if any(value is None for _, value in pattern.equals):
            raise _fault(rule, f"{pattern.var} 的字段不能与空值比较")
        if pattern.kind.startswith(_MARK) and _asked(pattern) - {SUBJECT}:
            raise _fault(rule, f"标记 {pattern.kind} 只有 {SUBJECT} 一个字段")
        seen.append(pattern.var)
    if rule.subject is not None and rule.subject[0] not in seen:
        raise _fault(rule, f"subject 用到的变量 {rule.subject[0]} 没有出现在 when 中")


def _asked(pattern: Pattern) -> set[str]:
    return {name for name, _ in pattern.equals} | {name for name, _, _ in pattern.same}


def _fault(rule: DecisionRule, message: str) -> LintError:
    return LintError(f"推理规则 {rule.id}：{message}", f"decisions.yaml:{rule.line}")


def _lint_all(read: Mapping[str, set[str]], counts: Mapping[str, int]) -> None:
    for kind, count in counts.items():
        if count > PATTERNS_PER_BUCKET * MOST_BUCKETS:
            raise LintError(f"推理规则中 {kind} 的模式太多（{count} 个）")
        if kind.startswith(_MARK) and read[kind] - {SUBJECT}:
            raise LintError(f"标记 {kind} 只有 {SUBJECT} 一个字段")
    names = {attribute(name) for fields in read.values() for name in fields}
    lint_vocabulary(sorted(names | {f"b{n}" for n in range(MOST_BUCKETS)}))
