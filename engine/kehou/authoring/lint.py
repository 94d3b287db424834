"""Quality gates of a pack: what does not load, and what loads but should not be relied on.

Every fault is (file:line, message, hint). Source: docs/architecture.md §5, docs/language.md §2 and
§3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from kehou import packs
from kehou.authoring import (
    case_gates,
    clause_gates,
    date_gates,
    decision_gates,
    layer_gates,
    lexicon_gates,
    pack_gates,
    ratio_gates,
    reading_gates,
    slot_gates,
    unfinished,
    value_gates,
)
from kehou.authoring import condition_gates as gates
from kehou.authoring.unread_fields import unread
from kehou.errors import KehouError, PackError
from kehou.fields import validation as jsonschemas
from kehou.judging import BoundRule, bind_rules
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.packs.casefiles import CaseFile, Found, case_path, read_cases
from kehou.packs.positions import Sites
from kehou.packs.strays import strays

_SCHEMAS = {
    "pack.yaml": "pack",
    "clauses.yaml": "clauses",
    "facts.yaml": "facts",
    "decisions.yaml": "decisions",
    "i18n/en.yaml": "i18n",
}


def lint(path_or_id: str) -> list[Found]:
    """Everything wrong with a pack; an empty list where nothing is.

    What does not load is told together with what the rest shows; what may only follow from it
    (nothing uses a field, no rule reads it) is asked once it loads. Raises UsageError where there
    is no such pack.
    """
    try:
        whole, told = packs.draft(path_or_id)
    except PackError as error:
        return error.faults
    if whole is None:
        return told
    pack = whole.topmost()
    sites = Sites(whole)
    cases = {rule.id: read_cases(pack, rule) for rule in pack.rules.values()}
    begun = unfinished.begun(pack, sites)
    found = [*told, *begun.values(), *_stray(pack, told)]
    found += unfinished.undecided(pack)
    found += unfinished.unconfirmed(pack.top or pack.root)
    places = {place for place, _, _ in told}
    wrong = {place.partition(":")[0] for place in places}
    open_ = {*begun, *(rule.id for rule in pack.rules.values() if rule.file in wrong)}
    miscited = any(message.startswith("没有条款 ") for _, message, _ in told)
    alone = _alone(pack, whole, cases, sites, open_, miscited)
    found += [one for one in alone if one[0] not in places]
    if pack.top is None:
        found += reading_gates.reading(pack.schema)
    found += date_gates.dates_of_text(whole, sites)
    if told:
        seen = {place for place, _, _ in found}
        found += [one for one in _sound(pack, sites, wrong) if one[0] not in seen]
    if not told:
        found += slot_gates.two_meanings(whole, sites)
        found += _together(pack, cases, sites)
        if pack.top is not None:
            found += layer_gates.against_below(whole, sites)
            found += layer_gates.within(whole, sites)
    files = {place.partition(":")[0] for place, _, _ in found}
    found += [fault for fault in _schemas(pack, sites) if fault[0].partition(":")[0] not in files]
    return list(dict.fromkeys(found))


def _stray(pack: Pack, told: list[Found]) -> Iterator[Found]:
    """Files that nothing reads, other than those that are told already."""
    known = {place for place, _, _ in told}
    rules = {*pack.rules, *(place.rpartition("/")[2].split(".")[0] for place in known)}
    root, laid = pack.top or pack.root, pack.top is not None
    for fault in strays(root, list(pack.areas), pack.base, rules, laid):
        if fault[0] not in known:
            yield fault


def _alone(
    pack: Pack,
    whole: Pack,
    cases: Mapping[str, CaseFile],
    sites: Sites,
    open_: Collection[str],
    miscited: bool,
) -> Iterator[Found]:
    """What can be said of a part of a pack whatever the rest is.

    Of ``open_``, rules that are begun or faulty, nothing is asked that their conditions decide.
    """
    yield from pack_gates.identity(pack, sites)
    yield from pack_gates.dates(pack, sites)
    if pack.top is None:
        yield from pack_gates.translations(pack, sites, open_)
    yield from pack_gates.parameters(pack, sites)
    yield from case_gates.bases(pack, cases, sites)
    trees = case_gates.Patches(pack)
    for rule in pack.rules.values():
        yield from pack_gates.coverage(pack, rule, cases[rule.id], sites, rule.id in open_)
        yield from case_gates.patches(pack, rule, cases[rule.id], trees)
        yield from pack_gates.assumptions(pack, rule, sites)
    yield from clause_gates.clauses(pack, whole, sites, miscited, open_)


def _sound(pack: Pack, sites: Sites, wrong: Collection[str]) -> Iterator[Found]:
    """Contradictions of the rules that load, while other files of the pack do not.

    ``wrong`` are the files with faults; of a rule of them nothing is asked, and of none where its
    parameters, values or clauses may be what is wrong.
    """
    if {"pack.yaml", "facts.yaml", "clauses.yaml", "source.txt"} & {*wrong}:
        return
    rules = {name: rule for name, rule in pack.rules.items() if rule.file not in wrong}
    rest = replace(pack, rules=rules)
    for gate in (
        gates.conditions,
        value_gates.contradicted,
        value_gates.opposite,
        ratio_gates.shares,
    ):
        yield from gate(rest, sites)
    if pack.top is None:
        yield from gates.pairs(rest, sites)


def _together(pack: Pack, cases: Mapping[str, CaseFile], sites: Sites) -> Iterator[Found]:
    """What can be said of a pack that loads."""
    own = (
        slot_gates.slots,
        slot_gates.money_twice,
        gates.conditions,
        value_gates.contradicted,
        value_gates.opposite,
        ratio_gates.shares,
        value_gates.ways,
        value_gates.past_midnight,
    )
    of_the_whole = (
        pack_gates.passed_over,
        lexicon_gates.lexicons,
        gates.pairs,
        pack_gates.unused,
        decision_gates.unanswered,
        decision_gates.unnamed,
        unread,
    )
    for gate in own if pack.top else (*own, *of_the_whole):
        if gate is unread and unfinished.on_sheet(pack):
            continue  # rules that are not answered yet may read them
        yield from gate(pack, sites)
    yield from clause_gates.shown_both_ways(pack, cases, sites)
    yield from _network(pack, sites)


def native_share(path_or_id: str) -> tuple[int, int]:
    """(tests that the network says itself, all tests) of a pack's rules."""
    from kehou.judging import network

    pack = packs.load(path_or_id)
    rules = {r.rule.id: r for stage in Stage for r in _bound(pack, stage)}
    return network.native_share(rules.values())


# --- against the JSON Schemas --------------------------------------------------------------


def _schemas(pack: Pack, sites: Sites) -> Iterator[Found]:
    for relative, schema in _files(pack):
        document = sites.document(relative)
        if document is None:
            continue
        for pointer, message, hint in jsonschemas.validate(document.tree, schema):
            yield sites.at_pointer(relative, pointer), message, hint


def _files(pack: Pack) -> Iterator[tuple[str, str]]:
    for file, schema in _SCHEMAS.items():
        yield file, "overlay" if pack.top and file == "pack.yaml" else schema
    for rule in pack.rules.values():
        if not rule.pointer:
            yield rule.file, "rule"
        yield case_path(rule), "cases"


# --- the network ---------------------------------------------------------------------------


def _bound(pack: Pack, stage: Stage) -> list[BoundRule]:
    dates = sorted({v.valid_from for p in pack.parameters.values() for v in p.values})
    as_of = dates[-1] if dates else (pack.effective_from or "2021-09-01")
    return bind_rules(pack, stage, as_of, list(pack.tables))[0]


def _network(pack: Pack, sites: Sites) -> Iterator[Found]:
    from kehou.judging import compile_rules

    for stage in Stage:
        bound = _bound(pack, stage)
        alone = True
        for one in bound:
            try:
                compile_rules([one])
            except KehouError as error:
                alone = False
                key = "require" if one.rule.require is not None else "review"
                yield sites.of(one.rule, key), error.message, error.hint
        try:
            if alone:
                compile_rules(bound)
        except KehouError as error:
            yield sites.at("pack.yaml", "areas"), error.message, error.hint
