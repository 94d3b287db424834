"""Quality gates of a pack: what does not load, and what loads but should not be relied on.

Every fault is (file:line, message, hint). Source: docs/architecture.md §5, docs/language.md §2 and
§3.
"""

from __future__ import annotations

from collections.abc import Iterator

from kehou import packs
from kehou.authoring import condition_gates as gates
from kehou.authoring import lexicon_gates, pack_gates
from kehou.authoring.unread_fields import unread
from kehou.errors import KehouError
from kehou.fields import validation as jsonschemas
from kehou.judging import BoundRule, bind_rules
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.packs.casefiles import Found, case_path, read_cases
from kehou.packs.positions import Sites

_SCHEMAS = {
    "pack.yaml": "pack",
    "clauses.yaml": "clauses",
    "facts.yaml": "facts",
    "decisions.yaml": "decisions",
    "i18n/en.yaml": "i18n",
}


def lint(path_or_id: str) -> list[Found]:
    """Everything wrong with a pack; an empty list where nothing is.

    Raises UsageError where there is no such pack.
    """
    faults = packs.faults(path_or_id)
    if faults:
        return faults
    pack = packs.load(path_or_id)
    sites = Sites(pack)
    cases = {rule.id: read_cases(pack, rule) for rule in pack.rules.values()}
    found = [*_schemas(pack, sites)]
    for gate in (
        pack_gates.translations,
        pack_gates.slots,
        pack_gates.dates,
        pack_gates.parameters,
        pack_gates.passed_over,
        lexicon_gates.lexicons,
        gates.conditions,
        gates.pairs,
        pack_gates.unused,
        unread,
    ):
        found += gate(pack, sites)
    for rule in pack.rules.values():
        found += pack_gates.coverage(pack, rule, cases[rule.id], sites)
        found += pack_gates.assumptions(pack, rule, sites)
    found += pack_gates.clauses(pack, cases, sites)
    found += _network(pack, sites)
    return list(dict.fromkeys(found))


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
    yield from _SCHEMAS.items()
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
