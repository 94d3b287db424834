"""From outcomes to findings: what is said of a subject, where it stands, and how to put it right.

Subjects alike (the sixty slots of one session, four hundred pupils without a date) become one
finding with a count. Identity is by rule and key, never by line or order (docs/language.md §2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kehou.checking.gaps import labels_of, lacking, owner_of, remedy_of
from kehou.checking.near_values import NearValues
from kehou.checking.seen_values import (
    shown_found,
    shown_required,
    values_found,
    values_required,
    words_hit,
)
from kehou.checking.subject_names import eldest, fingerprint, key_text, without_gaps
from kehou.checking.unconfirmed import as_unconfirmed, passed_by
from kehou.facts import Fact, FactBase
from kehou.fields import MASK, Field, show
from kehou.fields.privacy import unshown
from kehou.judging import BoundRule
from kehou.judging.direct import deciding, gap, missing
from kehou.language import ROOT, Bound, FieldArg, Leaf, Table
from kehou.language.conditions import evaluate, read_operand, stated_row, tables
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding, Subject
from kehou.model.values import Location
from kehou.packs import Pack

#: Subjects, related places and missing pointers that one finding lists at most.
MOST_LISTED = 20
_SLOT = re.compile(r"\{([^{}]+)\}")
_INDEX = re.compile(r"/\d+(?=/|$)")
_ADVERSE = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED)


@dataclass(frozen=True)
class Writer:
    """What findings are written from: the pack, the facts, and the way to places in the files."""

    pack: Pack
    base: FactBase
    locate: Callable[[str], Location]
    language: str = "zh"
    #: Name every subject of a finding, not only those of merged adverse ones.
    track: bool = False
    #: Whether what stands at a pointer was read from prose and nobody has confirmed it.
    is_unconfirmed: Callable[[str], bool] = lambda pointer: False

    @cached_property
    def near(self) -> NearValues:
        """What stands in tables where a value is not found."""
        return NearValues(self.base)

    # --- words -------------------------------------------------------------------------------

    @cached_property
    def spoken(self) -> Pack:
        """The pack with its names in the report's language."""
        return self.pack.told_in(self.language)

    def words(self, rule: BoundRule) -> tuple[str, str, str, list[str]]:
        """(title, message, remedy, review reasons) in the report's language, Chinese where none."""
        r = rule.rule
        reasons = [review.reason for review in rule.reviews]
        if self.language == "zh":
            return r.title, r.message or "", r.remedy, reasons
        english = self.pack.english.get(r.id) or {}
        translated = english.get("reason") or []
        translated = [translated] if isinstance(translated, str) else translated
        kept = [x.reason for x in r.review]
        by_reason = dict(zip(kept, translated, strict=False))
        return (
            english.get("title") or r.title,
            english.get("message") or r.message or "",
            english.get("remedy") or r.remedy,
            [by_reason.get(x, x) for x in reasons],
        )

    def fill(self, template: str, fact: Fact, label: str | None = None) -> str:
        """A template with its ``{field}``, ``{parameter}`` and ``{label}`` slots shown."""
        known = {} if label is None else {"label": label}
        return _SLOT.sub(lambda m: known.get(m[1]) or self.slot(m[1], fact), template)

    def slot(self, name: str, fact: Fact) -> str:
        """One slot of a template; private values never appear."""
        if name == "label":
            return self.label(fact)
        if name == "ordinal":
            tail = fact.pointer.rpartition("/")[2]
            return str(int(tail) + 1) if tail.isdecimal() else ""
        if name in self.base.parameters:
            return self._parameter(name, fact)
        reference = self.pack.known.get((fact.entity, name))
        if reference is not None:
            return self.near.text(fact, reference, self.language)
        return self.shown(fact, name)

    def _parameter(self, name: str, fact: Fact) -> str:
        parameter = self.base.parameters[name]
        value = parameter.value
        if parameter.by:
            value = stated_row(
                parameter.table, tuple(self.base.read(fact, field) for field in parameter.by)
            )
        field = self.pack.parameter_fields.get(name) or parameter.type.kind
        return show(value, field, self.language)

    def shown(self, fact: Fact, name: str) -> str:
        """A field's value in plain words."""
        try:
            kind = self.pack.type_of(fact.entity, name)[0]
        except (KeyError, ValueError):  # a slot of a translation, which lint tells
            return f"{{{name}}}"
        if kind.private:
            return MASK
        value = self.base.read(fact, name)
        if name in ("earlier_step", "later_step") and self.language == "en":
            return self._step(fact.entity, str(value))
        field = self.pack.vocabulary.shown_field(fact.entity, name) or kind.kind
        shown = show(value, field, self.language)
        return unshown(shown) if isinstance(value, str) else shown

    def _step(self, entity: str, title: str) -> str:
        """What a step that a pair of dates compares is called, by its Chinese name."""
        for path in self.pack.entities[entity].pairs:
            field = self.pack.vocabulary.shown_field(ROOT, path)
            if field is not None and field.title == title:
                return self.titled(field)
        return title

    def label(self, fact: Fact) -> str:
        """What a subject is called, from its entity's label."""
        if fact.entity == ROOT:
            name = self.pack.schema.declared.whose.name
            if name is None:
                return self.pack.nouns[self.language]["subject"]
            return unshown(show(self.base.root.values.get(name), "text", self.language))
        d, phantom = self.spoken.entities[fact.entity], fact.phantom
        if phantom is not None:
            return self.path_label(phantom.paths[0] if phantom.paths else fact.pointer)
        template = d.label
        while not template and d.of:
            d = self.spoken.entities[d.of]
            template = d.label
        filled = self.fill(template, fact) if template else self.path_label(fact.pointer)
        return without_gaps(filled)

    def path_label(self, pointer: str) -> str:
        """A JSON pointer in labels: 服务时段第3项·结束时间."""
        english = self.language == "en"
        steps = pointer.split("/")[1:]
        if steps and steps[0] not in self.pack.schema.root.fields:
            return "date of the check" if english else "检查日期"
        labels: list[str] = []
        for i, step in enumerate(steps):
            if step.isdecimal() or step == "*":
                labels[-1] += self._row(step)
                continue
            field = self.pack.schema.at("/" + "/".join(s.replace("*", "0") for s in steps[: i + 1]))
            labels.append(step if field is None else self.titled(field))
        if not labels:
            return "what was handed in" if english else "报送材料"
        return (" · " if english else "·").join(labels[-3:])

    def _row(self, step: str) -> str:
        """What a row's number, or ``*`` for all of them, adds to what the rows are called."""
        if self.language == "en":
            return " (each)" if step == "*" else f" no. {int(step) + 1}"
        return "各项" if step == "*" else f"第{int(step) + 1}项"

    def titled(self, field: Field) -> str:
        """What a field is called in the report's language, Chinese where it has no other name."""
        return field.title_en or field.title if self.language == "en" else field.title

    # --- findings ----------------------------------------------------------------------------

    def findings(self, rule: BoundRule, outcomes: Sequence[Outcome]) -> list[Finding]:
        """The findings of one rule; subjects that say the same of the same rows are merged."""
        facts = self.base.entities[rule.rule.each]
        groups: dict[Any, list[tuple[Fact, Outcome, tuple[str, ...]]]] = {}
        for fact, outcome in zip(facts, outcomes, strict=True):
            paths: tuple[str, ...] = ()
            if outcome is Outcome.PASS or outcome is Outcome.NOT_APPLICABLE:
                alone = passed_by(self, rule, fact, outcome)
                groups.setdefault((outcome, alone), []).append((fact, outcome, paths))
                continue
            if outcome is Outcome.INSUFFICIENT:
                paths = missing(rule, self.base, fact)
                outcome = gap(self.base, paths)
            elif outcome is Outcome.NOT_JUDGED:
                paths = tuple(f"/{name}" for name in rule.unset if name in self.pack.tables)
            key = self._alike(rule, fact, outcome, paths)
            groups.setdefault(key, []).append((fact, outcome, paths))
        found = [self._finding(rule, members) for members in groups.values()]
        order = list(Outcome)
        return sorted(found, key=lambda f: order.index(f.outcome))

    def _alike(
        self, rule: BoundRule, fact: Fact, outcome: Outcome, paths: tuple[str, ...]
    ) -> tuple[Any, ...]:
        if outcome in (Outcome.INSUFFICIENT, Outcome.ERROR, Outcome.NOT_JUDGED):
            return outcome, tuple(sorted({_INDEX.sub("/*", path) for path in paths}))
        rows = fact.members or (fact,)
        origins = tuple(dict.fromkeys(row.origin.pointer for row in rows))
        seen = tuple(
            (leaf.op, repr(self._found_value(leaf, fact)))
            for leaf in self._reasons(rule, fact, outcome)[0]
        )
        return outcome, origins, seen

    def _found_value(self, leaf: Leaf, fact: Fact) -> Any:
        return read_operand(leaf.left, fact.values, self.base.root.values)

    def _reasons(
        self, rule: BoundRule, fact: Fact, outcome: Outcome
    ) -> tuple[list[Leaf], list[int]]:
        """(leaves that decided, numbers of the reviews that are true)."""
        if outcome is Outcome.FAIL:
            return deciding(rule.require, self.base, fact, False), []
        if outcome is not Outcome.REVIEW:
            return [], []
        roots = self.base.root.values
        true = [i for i, r in enumerate(rule.reviews) if evaluate(r.when, fact.values, roots)]
        leaves = [
            leaf for i in true for leaf in deciding(rule.reviews[i].when, self.base, fact, True)
        ]
        return leaves, true

    def _finding(
        self, rule: BoundRule, members: list[tuple[Fact, Outcome, tuple[str, ...]]]
    ) -> Finding:
        fact, outcome, _ = members[0]
        _, message, remedy, reasons = self.words(rule)
        leaves, reviews = self._reasons(rule, fact, outcome)
        paths = tuple(dict.fromkeys(path for _, _, found in members for path in found))
        places = self._places(fact, leaves, () if rule.unset else paths, outcome)
        assumptions: tuple[str, ...] = ()
        # The slots of one row that say the same are told as the row.
        one_row = len(members) > 1 and all(f.origin is fact.origin for f, _, _ in members)
        named = fact.origin if one_row else fact
        label = self.label(named)
        if outcome is Outcome.FAIL:
            said = self.fill(message, fact, label) + self._grounds(message, fact)
        elif outcome is Outcome.REVIEW:
            said = ("; " if self.language == "en" else "；").join(
                self.fill(reasons[i], fact, label) + self._words(rule.reviews[i].when, fact)
                for i in reviews
            )
            assumptions = tuple(sorted({n for i in reviews for n in rule.reviews[i].assumptions}))
        else:
            said = self._plain_message(rule, outcome, paths)
        adverse = outcome in _ADVERSE
        passed = passed_by(self, rule, fact, outcome)
        rests = (fact.pointer, *places) if outcome in (Outcome.FAIL, Outcome.REVIEW) else ()
        unconfirmed = bool(passed) or any(map(self.is_unconfirmed, rests))
        if unconfirmed:
            said = as_unconfirmed(said, self.language)
        if passed:
            places = [passed]
        several = adverse and not one_row
        others = [self.label(f) for f, _, _ in members[1:MOST_LISTED]] if several else []
        return Finding(
            outcome=outcome,
            subject=self.subject(fact, label),
            count=len(members),
            location=self.locate(places[0]) if (adverse or passed) and places else None,
            related=tuple(self.locate(p) for p in places[1:MOST_LISTED]) if adverse else (),
            message=said,
            remedy=remedy_of(self, rule, outcome, self.fill(remedy, fact, label), paths),
            owner=owner_of(self, rule, outcome, reviews, paths),
            found=values_found(leaves, self.base, fact),
            required=values_required(leaves, self.base, fact),
            found_shown=shown_found(leaves, self.base, fact, self.titled, self.language),
            required_shown=shown_required(leaves, self.base, fact, self.titled, self.language),
            missing=paths[: MOST_LISTED * 2],
            assumptions=assumptions,
            fingerprint=fingerprint(rule.rule.id, eldest(f for f, _, _ in members)),
            others=tuple(dict.fromkeys(others)),
            unconfirmed=unconfirmed,
            members=self._members(rule, members)
            if self.track or ((adverse or passed) and len(members) > 1)
            else (),
        )

    def _grounds(self, message: str, fact: Fact) -> str:
        """Whose the limits of a message are, where a county set them: the clause says others."""
        told = []
        for name in dict.fromkeys(_SLOT.findall(message)):
            parameter = self.base.parameters.get(name)
            if parameter is not None and parameter.ground:
                told.append(
                    (self._parameter(name, fact), self.pack.cited(parameter.ground, self.language))
                )
        if self.language == "en":
            return "".join(f" ({value} by {ground})" for value, ground in told)
        return "".join(f"（{value}依据{ground}）" for value, ground in told)

    @property
    def _apart(self) -> str:
        return ", " if self.language == "en" else "、"  # between the members of a list

    def _words(self, cond: Bound, fact: Fact) -> str:
        """The words of lexicons for which a review asks, as they stand in the texts."""
        leaves = deciding(cond, self.base, fact, True)
        found = dict.fromkeys(w for leaf in leaves for w in words_hit(leaf, self.base, fact))
        if not found:
            return ""
        told = "".join(f"“{word}”" for word in found)
        return f" (words: {told})" if self.language == "en" else f"（见{told}）"

    def _members(
        self, rule: BoundRule, members: Sequence[tuple[Fact, Outcome, tuple[str, ...]]]
    ) -> tuple[str, ...]:
        """Short fingerprints of every subject, by which a later report knows them again."""
        origins = {id(f.origin): f.origin for f, _, _ in members}
        return tuple(sorted(fingerprint(rule.rule.id, f)[:16] for f in origins.values()))

    def _plain_message(self, rule: BoundRule, outcome: Outcome, paths: Sequence[str]) -> str:
        english = self.language == "en"
        if outcome is Outcome.NOT_JUDGED and paths and not rule.unset:
            return lacking(self, paths)
        if outcome is Outcome.NOT_JUDGED:
            names = self._unset_names(rule)
            return f"not set or not loaded: {names}" if english else f"未设定或未载入：{names}"
        if outcome in (Outcome.INSUFFICIENT, Outcome.ERROR) and paths:
            if outcome is Outcome.INSUFFICIENT:
                return lacking(self, paths)
            labels = self._apart.join(dict.fromkeys(labels_of(self, paths)))
            return f"unreadable: {labels}" if english else f"填写有误，无法评定：{labels}"
        if outcome is Outcome.INSUFFICIENT:
            return (
                "cannot be told from what was supplied" if english else "按现有填写无法换算或比较"
            )
        return ""

    def _unset_names(self, rule: BoundRule) -> str:
        names = rule.unset or tuple(table.parameter for table in tables(rule.require))
        titles = []
        for name in dict.fromkeys(names):
            if name in self.spoken.tables:
                titles.append(self.spoken.tables[name].title)
            else:
                titles.append(self.spoken.parameters[name].title)
        return self._apart.join(titles)

    def _places(
        self, fact: Fact, leaves: Sequence[Leaf], paths: Sequence[str], outcome: Outcome
    ) -> list[str]:
        if outcome not in _ADVERSE:
            return []
        if paths:
            return list(dict.fromkeys(paths))
        found: dict[str, None] = {}
        # Where a word was found comes before what the row is otherwise.
        for leaf in sorted(leaves, key=lambda leaf: not words_hit(leaf, self.base, fact)):
            for operand in (leaf.left, leaf.right):
                fields = operand.by if isinstance(operand, Table) else (operand,)
                for field in fields:
                    if isinstance(field, FieldArg) and not field.name.startswith("check."):
                        found.update(dict.fromkeys(self._places_of(fact, field.name)))
        for member in fact.members:
            found.setdefault(member.pointer)
        return list(found) or [fact.pointer]

    def _places_of(self, fact: Fact, name: str) -> list[str]:
        """Where a field stands; of what should stand elsewhere, the rows that are most like it."""
        conflicts = self.pack.schema.conflicts
        if conflicts is not None and fact.pointer.startswith(f"/{conflicts.path}/"):
            return [str(self.base.read(fact, conflicts.conflict["field"]))]
        reference = self.pack.known.get((fact.entity, name))
        if reference is None:
            return self.base.places(fact, name)
        near = self.near.nearest(fact, reference)
        return [*self.base.places(fact, reference.field), *(place for _, place in near)]

    def evidence(self, rule: BoundRule, fact: Fact, outcome: Outcome) -> dict[str, Any]:
        """The values that decided an outcome, as ``found`` shows them."""
        return values_found(self._reasons(rule, fact, outcome)[0], self.base, fact)

    def subject(self, fact: Fact, label: str) -> Subject:
        """Who a finding is about; a row expanded into slots is named by the row."""
        shown = fact.origin
        return Subject(shown.entity, key_text(shown), shown.pointer or "/", label)


def rolled_up(findings: Sequence[Finding]) -> Outcome:
    """A rule's outcome: the first of its findings' in roll-up order."""
    order: Mapping[Outcome, int] = {outcome: i for i, outcome in enumerate(Outcome)}
    if not findings:
        return Outcome.NOT_APPLICABLE
    return min((f.outcome for f in findings), key=order.__getitem__)
