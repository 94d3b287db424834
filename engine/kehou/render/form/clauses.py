"""What the rules want of a form: the fields they read, whose clauses a field answers to.

A field's words are those of the rules that read it, the nearest first: a rule that names the
field before one that names a value derived from it, a duty before what a person is only asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kehou.forms import FormSheet
from kehou.language import ROOT, Derivation
from kehou.language.condition_parts import references
from kehou.model.outcomes import Severity, Stage
from kehou.model.rules import Cond, FieldRef, Rule
from kehou.packs import Pack
from kehou.packs.uses import conditions, named_fields

#: Clauses that a note quotes at most.
MOST: Final = 4
Step = tuple[str, str]


def quotes(packs: Sequence[Pack], stage: Stage) -> dict[str, tuple[str, ...]]:
    """Schema paths (``plan.sessions.end``) and the clauses' words for each: citation and quote."""
    found: dict[str, list[tuple[int, int, int, int, int, str]]] = {}
    severities = list(Severity)
    for at, pack in enumerate(packs):
        for order, rule in enumerate(pack.rules.values()):
            elsewhere = 0 if stage in rule.stages else 1
            asked = 1 if rule.require is None else 0
            for path, depth in paths_read(pack, rule).items():
                grave = severities.index(rule.severity)
                rank = (elsewhere, depth, asked, grave, at * 10_000 + order)
                for clause in rule.clauses:
                    words = f"{pack.clauses[clause].citation}：“{pack.clauses[clause].quote}”"
                    found.setdefault(path, []).append((*rank, words))
    return {
        path: tuple(dict.fromkeys(words for *_, words in sorted(ranked)))[:MOST]
        for path, ranked in found.items()
    }


def wanted(
    sheets: Sequence[FormSheet], packs: Sequence[Pack], stage: Stage, tree: Mapping[str, Any]
) -> list[FormSheet]:
    """The sheets of a stage's form: what it requires, what its rules read, what is given."""
    read = {
        path
        for pack in packs
        for rule in pack.rules.values()
        if stage in rule.stages
        for path in paths_read(pack, rule)
    }
    names = {path.partition(".")[0] for path in read}
    chosen: dict[str, bool] = {}
    for sheet in sheets:
        name, part = sheet.path[0], sheets_part(sheets, sheet.path[0])
        if name not in chosen:
            due = {str(stage), str(Stage.APPROVAL)} & part.field.required
            chosen[name] = name in tree or name in names or bool(due)
    return [sheet for sheet in sheets if chosen[sheet.path[0]] and _due(sheet, stage, read, tree)]


def sheets_part(sheets: Sequence[FormSheet], name: str) -> FormSheet:
    """The sheet of a part itself."""
    return next(sheet for sheet in sheets if sheet.path == (name,))


def _due(sheet: FormSheet, stage: Stage, read: set[str], tree: Mapping[str, Any]) -> bool:
    """Whether a list inside a part is due at a stage: not where only later stages ask for it."""
    required = sheet.field.required
    if not sheet.table or not required or str(stage) in required or Stage.APPROVAL in required:
        return True
    return sheet.key in read or _given(sheet.path, tree)


def _given(path: Sequence[str], tree: Any) -> bool:
    """Whether a tree holds anything at a path, in any row."""
    if not path:
        return True
    if isinstance(tree, list):
        return any(_given(path, row) for row in tree)
    return isinstance(tree, Mapping) and path[0] in tree and _given(path[1:], tree[path[0]])


# --- what a rule reads ---------------------------------------------------------------------


def paths_read(pack: Pack, rule: Rule) -> dict[str, int]:
    """Schema paths of the fields that a rule reads, and how many derivations lie between."""
    found: dict[str, int] = {}
    steps = dict.fromkeys(
        (rule.each, name) for cond in conditions(rule) for name in named_fields(pack, cond)
    )
    seen: set[Step] = set()
    depth = 0
    while steps:
        following: dict[Step, None] = {}
        for step in steps:
            if step in seen:
                continue
            seen.add(step)
            field = pack.field_of(*step)
            if field is not None:
                found.setdefault(field.path, depth)
            following.update(dict.fromkeys(_behind(pack, *step)))
        steps, depth = following, depth + 1
    if rule.each != ROOT:
        path = _list_of(pack, rule.each)
        if path:
            found.setdefault(path, 0)
    return found


def _list_of(pack: Pack, entity: str) -> str:
    """The schema path of the list whose rows an entity is made from."""
    d = pack.entities.get(entity)
    inner: list[str] = []
    while d is not None and d.of:
        if d.form == "inner":
            inner.insert(0, d.field)
        d = pack.entities.get(d.of)
    return ".".join([d.path, *inner]) if d is not None and d.path else ""


def _behind(pack: Pack, entity: str, name: str) -> Iterator[Step]:
    """What a field is derived or copied from, and what decides which rows there are."""
    holder = ROOT if pack.is_root(name) else entity
    name = name.removeprefix("submission.")
    derivation = pack.derivations.get((holder, name))
    if derivation is not None:
        yield from _sources(pack, derivation)
    d = pack.entities.get(holder)
    if d is None or not d.of:
        return
    copied = dict(d.copy) if d.form == "inner" else dict(d.over)
    if name in copied:
        yield d.of, copied[name]
    elif d.form != "inner" and derivation is None:
        yield d.of, name
    for other in (*d.by, *d.same, *_fields(pack, d.where)):
        yield d.of, other


def _sources(pack: Pack, d: Derivation) -> Iterator[Step]:
    yield from ((d.entity, name) for name in d.own_fields)
    if d.over:
        names = [*d.their_fields, *_fields(pack, d.where), *_fields(pack, d.that)]
        yield from ((d.over, name) for name in names)
        path = _list_of(pack, d.over)
        if path:
            yield ROOT, path


def _fields(pack: Pack, cond: Cond | None) -> Iterable[str]:
    return [ref.name for ref in references(cond) if isinstance(ref, FieldRef)]
