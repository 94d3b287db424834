"""What changed between two versions of a pack: its parameters, rules and clauses.

A rule is tightened, loosened or the same as it is proved over every subject, whatever its text;
where a solver cannot tell, that is said with the reason. Dates on which both are compared are
those from which anything of either is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.authoring.neighbours import written_as
from kehou.authoring.proving import counterexamples
from kehou.authoring.proving.claims import Setting
from kehou.authoring.proving.counterexamples import Counterexample
from kehou.authoring.proving.prove import settings_of
from kehou.authoring.proving.versions import Difference, Verdict, difference
from kehou.judging import BoundRule
from kehou.model.rules import Clause, Rule
from kehou.packs import Pack, ParameterDef
from kehou.packs.parameters import as_tight

#: Every kind of change in the order in which they are told.
KINDS: Final = ("added", "tightened", "loosened", "both", "changed", "unknown", "withdrawn")


@dataclass(frozen=True)
class PackChange:
    """One parameter, rule or clause that is another: what kind of change, and from what to what.

    ``notes`` are (aspect, before, after) of what is stated and not judged, such as a severity;
    ``why`` says why it cannot be told; ``shown`` are the subjects that prove it.
    """

    part: str
    kind: str
    id: str
    title: str
    notes: tuple[tuple[str, str, str], ...] = ()
    why: str = ""
    shown: tuple[Counterexample, ...] = ()


@dataclass(frozen=True)
class PackChanges:
    """Two versions and what changed from the first to the second; ``same`` rules did not."""

    old: Pack
    new: Pack
    changes: tuple[PackChange, ...]
    same: int

    def of(self, part: str) -> list[PackChange]:
        """The changes of parameters, rules or clauses, in the order of `KINDS`."""
        found = [change for change in self.changes if change.part == part]
        return sorted(found, key=lambda change: KINDS.index(change.kind))


def between(old: Pack, new: Pack) -> PackChanges:
    """What changed from one version of a pack to another."""
    rules = list(_rules(old, new))
    changed = [*_parameters(old, new), *rules, *_clauses(old, new)]
    kept = len(old.rules.keys() & new.rules.keys())
    same = kept - sum(change.kind not in ("added", "withdrawn") for change in rules)
    return PackChanges(old, new, tuple(changed), same)


# --- parameters ------------------------------------------------------------------------------


def _parameters(old: Pack, new: Pack) -> Iterator[PackChange]:
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = old.parameters.get(name), new.parameters.get(name)
        one = after or before
        assert one is not None
        if before is None or after is None:
            kind = "added" if before is None else "withdrawn"
            notes = [("value", day, value) for day, value in _values(one)]
            told = tuple((a, "", f"{b} {c}") for a, b, c in notes)
            yield PackChange("parameter", kind, name, one.title, told)
            continue
        days = sorted({v.valid_from for v in (*before.values, *after.values)})
        moved = [(day, before.on(day), after.on(day)) for day in days]
        moved = [m for m in moved if _said(before, m[1]) != _said(after, m[2])]
        if moved:
            told = tuple((day, _said(before, a), _said(after, b)) for day, a, b in moved)
            kind = _direction(after.tighter, [(a, b) for _, a, b in moved])
            yield PackChange("parameter", kind, name, one.title, told)
        elif read := list(_readings(before, after)):
            yield PackChange("parameter", "changed", name, one.title, tuple(read))


def _readings(before: ParameterDef, after: ParameterDef) -> Iterator[tuple[str, str, str]]:
    """How else a vague word may be read, where that is another: the way, before, after."""
    for way in ("strict", "lenient"):
        was, now = (getattr(one.readings, way, None) for one in (before, after))
        if was != now:
            yield way, _other(before, was), _other(after, now)


def _other(definition: ParameterDef, found: Any) -> str:
    """Another reading of a value as the pack writes it; a table by its keys."""
    if found is None:
        return ""
    kind = definition.type.kind
    if isinstance(found, Mapping):
        rows = (f"{'、'.join(map(str, key))} {written_as(v, kind)}" for key, v in found.items())
        return "；".join(rows)
    members = found if isinstance(found, tuple) else (found,)
    return "、".join(written_as(member, kind) for member in members)


def _values(definition: ParameterDef) -> list[tuple[str, str]]:
    return [(value.valid_from, _said(definition, value)) for value in definition.values]


def _said(definition: ParameterDef, value: Any) -> str:
    """A value as the pack writes it, with its unit."""
    if value is None:
        return ""
    kind = definition.type.kind

    def one(found: Any) -> str:
        if isinstance(found, tuple):
            return "、".join(written_as(member, kind) for member in found)
        return "" if found is None else written_as(found, kind)

    if definition.by:
        return "；".join(
            f"{'、'.join(map(str, key))} {one(found)}" for key, found in value.table.items()
        )
    unit = definition.unit if definition.unit not in ("无", "时刻", "日期") else ""
    return one(value.value) + unit


def _direction(tighter: str, moved: Iterable[tuple[Any, Any]]) -> str:
    """Whether all values moved the tighter way, all the other, or either way."""
    ways = set()
    for before, after in moved:
        if before is None:
            ways.add("tightened")
            continue
        if after is None:
            ways.add("loosened")
            continue
        pairs = [(before.value, after.value)]
        pairs += [(before.table.get(k), v) for k, v in after.table.items()]
        if before.table.keys() - after.table.keys():
            ways.add("loosened")
        for a, b in pairs:
            if a == b:
                continue
            if as_tight(tighter, b, a):
                ways.add("tightened")
            elif as_tight(tighter, a, b):
                ways.add("loosened")
            else:
                ways.add("both")
    return ways.pop() if len(ways) == 1 else "both" if ways else "changed"


# --- rules -----------------------------------------------------------------------------------


def _rules(old: Pack, new: Pack) -> Iterator[PackChange]:
    dates = {s.as_of for pack in (old, new) for s in settings_of(pack, readings=[""])}
    before, after = (_bound(pack, dates) for pack in (old, new))
    for rule_id in dict.fromkeys((*old.rules, *new.rules)):
        ours, theirs = old.rules.get(rule_id), new.rules.get(rule_id)
        if ours is None or theirs is None:
            one = theirs or ours
            assert one is not None
            kind = "added" if ours is None else "withdrawn"
            yield PackChange("rule", kind, rule_id, one.title, _head(one, added=ours is None))
            continue
        pairs = [
            (*before[key], *after[key]) for key in before.keys() & after.keys() if key[0] == rule_id
        ]
        found = difference(sorted(pairs, key=lambda pair: (pair[0].as_of, str(pair[0].stage))))
        change = _rule_change(ours, theirs, found, new)
        if change is not None:
            yield change


_Key = tuple[str, str, str]


def _bound(pack: Pack, dates: Iterable[str]) -> dict[_Key, tuple[Setting, BoundRule]]:
    return {
        (rule.rule.id, str(setting.stage), setting.as_of): (setting, rule)
        for setting in settings_of(pack, dates, [""])
        for rule in setting.rules
    }


def _head(rule: Rule, added: bool) -> tuple[tuple[str, str, str], ...]:
    """What a rule states of itself, as new or as gone."""
    found = (("severity", str(rule.severity)), ("clauses", "、".join(rule.clauses)))
    return tuple((name, "", said) if added else (name, said, "") for name, said in found)


def _rule_change(old: Rule, new: Rule, found: Difference, newer: Pack) -> PackChange | None:
    """The change of a rule, or None where nothing is another."""
    notes = _stated(old, new)
    kind = {Verdict.SAME: "changed"}.get(found.verdict, str(found.verdict))
    if found.verdict is Verdict.SAME and not notes:
        return None
    gone = set(old.stages) - set(new.stages)
    come = set(new.stages) - set(old.stages)
    if found.verdict is Verdict.SAME and bool(gone) != bool(come):
        kind = "loosened" if gone else "tightened"
    shown = tuple(counterexamples.find(claim, newer) for claim in found.shown)
    return PackChange("rule", kind, new.id, new.title, notes, found.why, shown)


def _stated(old: Rule, new: Rule) -> tuple[tuple[str, str, str], ...]:
    """What two versions of a rule state otherwise, beside their conditions."""
    found: list[tuple[str, Any, Any]] = [
        ("severity", old.severity, new.severity),
        ("stages", "、".join(old.stages), "、".join(new.stages)),
        ("clauses", "、".join(old.clauses), "、".join(new.clauses)),
        ("from", old.valid_from or "", new.valid_from or ""),
        ("to", old.valid_to or "", new.valid_to or ""),
        ("mandatory", old.mandatory, new.mandatory),
        ("title", old.title, new.title),
    ]
    return tuple((name, str(a), str(b)) for name, a, b in found if a != b)


# --- clauses ---------------------------------------------------------------------------------


def _clauses(old: Pack, new: Pack) -> Iterator[PackChange]:
    for clause_id in dict.fromkeys((*old.clauses, *new.clauses)):
        before, after = old.clauses.get(clause_id), new.clauses.get(clause_id)
        one = after or before
        assert one is not None
        if before is None or after is None:
            kind = "added" if before is None else "withdrawn"
            quote = ("quote", "", one.quote) if before is None else ("quote", one.quote, "")
            yield PackChange("clause", kind, clause_id, one.citation, (quote,))
            continue
        notes = [(n, a, b) for n, a, b in _words(before, after) if a != b]
        if notes:
            yield PackChange("clause", "changed", clause_id, one.citation, tuple(notes))


def _words(before: Clause, after: Clause) -> Iterator[tuple[str, str, str]]:
    yield "quote", before.quote, after.quote
    yield "modality", before.modality, after.modality
    yield "status", str(before.status), str(after.status)


def counts(changes: PackChanges) -> Mapping[tuple[str, str], int]:
    """(part, kind) → how many changes of it."""
    found: dict[tuple[str, str], int] = {}
    for change in changes.changes:
        key = (change.part, change.kind)
        found[key] = found.get(key, 0) + 1
    return found
