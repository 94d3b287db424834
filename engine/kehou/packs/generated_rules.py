"""What rules that a pack does not write out are made of: subjects, head, texts, conditions.

``pack.yaml`` lists what is to hold between tables (`references`) and between statements
(`agreements`); each entry becomes an ordinary rule over ordinary entities and derived fields, so
that both engines, lint, explain, waivers and counts take it as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kehou.fields import Field, Schema
from kehou.language import ROOT, Derivation, EntityDef, suggest
from kehou.language.grammar import optional
from kehou.language.typed_conditions import typed
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place, date, flag, text, texts
from kehou.model.outcomes import Severity, Stage
from kehou.model.rules import (
    All,
    Any_,
    Clause,
    Cond,
    Const,
    FieldRef,
    Param,
    Reference,
    Review,
    Rule,
    Test,
)

#: The keys that every entry may have.
HEAD_KEYS = (
    "clauses",
    "severity",
    "area",
    "stages",
    "from",
    "to",
    "mandatory",
    "counterpart",
    "when",
    "title",
    "reason",
    "remedy",
)
_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")


@dataclass
class Generated:
    """What a pack's entries come to; ``known`` are the lookups by (entity, derived field)."""

    pack: str
    areas: Mapping[str, str]
    clauses: Mapping[str, Clause]
    vocabulary: Vocabulary
    rules: dict[str, Rule] = field(default_factory=dict)
    english: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[tuple[str, str], Reference] = field(default_factory=dict)
    derived: set[tuple[str, str]] = field(default_factory=set)
    #: Whether ``clauses`` are all that clauses.yaml means to say.
    clauses_are_sure: bool = True
    #: Ids of the rules whose files could not be read, which is told.
    unread: set[str] = field(default_factory=set)

    @property
    def schema(self) -> Schema:
        """The schema of the submissions."""
        return self.vocabulary.schema

    def derive(self, made: Derivation) -> str:
        """Add a derived field, once; its name."""
        key = (made.entity, made.name)
        if key not in self.vocabulary.derivations:
            self.vocabulary.derivations = {**self.vocabulary.derivations, key: made}
            self.derived.add(key)
        return made.name

    def subjects(self, path: str) -> str:
        """The entity whose rows are those of a list, made where the pack has none."""
        lists = self.schema.lists_around(path)
        if not lists:
            return ROOT
        owner = ""
        for i, rows in enumerate(lists):
            known = self.vocabulary.entities.values()
            below = rows.removeprefix(f"{lists[i - 1]}.") if i else ""
            found = next((d.name for d in known if _lists(d, rows, owner, below)), "")
            owner = found or self._made(rows, owner, below)
        return owner

    def _made(self, path: str, owner: str, below: str) -> str:
        rows = self.schema.field(path)
        assert rows is not None
        name = f"row_{path.replace('.', '_')}"
        label = f"{rows.title}{{value}}" if rows.kind == "list" else f"{rows.title}第{{ordinal}}项"
        own = ("value",) if rows.kind == "list" else rows.key
        if not owner:
            made = EntityDef(name, "list", path=path, key=own, label=label)
        else:
            outer = [key for key in self.vocabulary.entities[owner].key if "." not in key]
            copy = tuple((f"of_{key}", key) for key in outer)
            keys = (*(new for new, _ in copy), *own)
            made = EntityDef(name, "inner", of=owner, field=below, copy=copy, key=keys, label=label)
        self.vocabulary.entities = {**self.vocabulary.entities, name: made}
        return name

    def add(self, rule: Rule, words: Mapping[str, Any], at: Place) -> None:
        """A rule with its conditions typed, and its words in English."""
        if not _ID.fullmatch(rule.id):
            at.fault(f"规则编号 {rule.id} 不合格式", "请写成 subject-limit 的样子")
        for i, clause in enumerate(rule.clauses):
            if clause not in self.clauses:
                hint = suggest(clause, list(self.clauses))
                (at / "clauses" / i).fault(f"没有条款 {clause}", hint)
        self.rules[rule.id] = replace(
            rule,
            when=self._typed(rule.when, rule.each, at),
            require=self._typed(rule.require, rule.each, at),
            review=tuple(
                Review(cond, review.reason)
                for review in rule.review
                if (cond := self._typed(review.when, rule.each, at)) is not None
            ),
        )
        self.english[rule.id] = dict(words)

    def _typed(self, cond: Cond | None, entity: str, at: Place) -> Cond | None:
        return typed(self.vocabulary, cond, entity, at)


def _lists(d: EntityDef, path: str, owner: str, below: str) -> bool:
    if not owner:
        return d.form == "list" and d.path == path
    return d.form == "inner" and d.of == owner and d.field == below


def head(d: Mapping[str, Any], at: Place, made: Generated) -> dict[str, Any]:
    """The members of a rule that an entry states of itself.

    Without clauses a rule asks only, and weighs little (docs/language.md §1.15).
    """
    cited = texts(d.get("clauses"), at / "clauses")
    severity = _severity(d, at, bool(cited))
    area = text(d.get("area"), at / "area", next(iter(made.areas), ""))
    if area not in made.areas:
        (at / "area").fault(f"没有方面 {area}", suggest(area, list(made.areas)))
    named = texts(d.get("stages"), at / "stages") or tuple(Stage)
    known = [str(stage) for stage in Stage]
    for i, stage in enumerate(named):
        if stage not in known:
            (at / "stages" / i).fault(f"不认识的值 {stage}", suggest(stage, known))
    return {
        "clauses": cited,
        "severity": severity,
        "stages": tuple(Stage(s) for s in named if s in known),
        "valid_from": date(d.get("from"), at / "from"),
        "valid_to": date(d.get("to"), at / "to"),
        "mandatory": flag(d.get("mandatory"), at / "mandatory"),
        "counterpart": text(d.get("counterpart"), at / "counterpart") or None,
        "area": area,
        "pack": made.pack,
        "file": at.document.name,
        "line": line_of(at),
        "pointer": at.pointer,
    }


def _severity(d: Mapping[str, Any], at: Place, cited: bool) -> Severity:
    word = text(d.get("severity"), at / "severity", "minor")
    if word not in list(Severity):
        (at / "severity").fault(f"不认识的值 {word}", suggest(word, [str(s) for s in Severity]))
        return Severity.MINOR
    severity = Severity(word)
    if not cited and severity not in (Severity.MINOR, Severity.ADVICE):
        (at / "severity").fault("没有写 clauses 的只能是 minor 或 advice", "请写依据的条款")
    return severity


def line_of(at: Place) -> int:
    """Line of the key that a place stands for."""
    span = at.document.key_span(at.pointer)
    return span.line if span else 1


def condition_of(d: Mapping[str, Any], at: Place) -> Cond | None:
    """The entry's own ``when``; its literals are typed with the whole rule."""
    return optional(dict(d), "when", at)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def holds(name: str, value: bool) -> Cond:
    """That a flag is so."""
    return Test(FieldRef(name), "is", (Const(_flag(value)),))


def stated(name: str) -> Cond:
    """That a field has a value."""
    return Test(FieldRef(name), "exists", (Const("true"),))


def both(*conditions: Cond | None) -> Cond:
    """That all hold, those left out apart."""
    kept = tuple(cond for cond in conditions if cond is not None)
    return kept[0] if len(kept) == 1 else All(kept)


def one_of(*conditions: Cond) -> Cond:
    """That one holds."""
    return conditions[0] if len(conditions) == 1 else Any_(conditions)


def differ(name: str, other: str) -> Cond:
    """That two fields are not the same."""
    return Test(FieldRef(name), "is_not", (FieldRef(other),))


def exceeds(name: str, other: str) -> Cond:
    """That a number is above another field."""
    return Test(FieldRef(name), "more_than", (FieldRef(other),))


def more_than(name: str, limit: Param | Const) -> Cond:
    """That a number is above a limit."""
    return Test(FieldRef(name), "more_than", (limit,))


def closed_at(rule_stages: tuple[Stage, ...], names: Mapping[str, Field | None]) -> dict[str, Any]:
    """The fields that, not supplied, say nothing: those that a stage does not ask for."""
    found: dict[str, tuple[str, ...]] = {}
    for stage in rule_stages:
        left = [n for n, f in names.items() if f is None or str(stage) not in f.required]
        if left:
            found[str(stage)] = tuple(left)
    return found


def entries(tree: Any, at: Place) -> Iterator[tuple[str, Any, Place]]:
    """(name, entry, place) of a mapping of entries."""
    if tree is None:
        return
    if not isinstance(tree, dict):
        at.fault("这里应当是“名称: 内容”的映射")
        return
    for name, entry in tree.items():
        yield str(name), entry, at / name


__all__ = [
    "HEAD_KEYS",
    "Generated",
    "both",
    "closed_at",
    "condition_of",
    "differ",
    "entries",
    "exceeds",
    "head",
    "holds",
    "more_than",
    "one_of",
    "stated",
]
