"""A layer over a pack: a county's values and words, rules and clauses of its own document.

It may set what is open and tighten the rest; to loosen a value or to switch a rule off it names the
document that it may do so by. Source: docs/language.md §1.12 and §2.20.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date as day
from datetime import timedelta
from typing import Any

from kehou.errors import PackError, UsageError
from kehou.language import suggest
from kehou.language.yaml_places import Place, date, mapping, text, under
from kehou.model.report import PackUsed
from kehou.model.rules import Clause, Off, Rule
from kehou.packs.agreements import add_agreements
from kehou.packs.clauses import clauses, sentences
from kehou.packs.english import names
from kehou.packs.facts_checked import extended_vocabulary
from kehou.packs.folders import base_of, find, ring, where_looked
from kehou.packs.generated_rules import Generated
from kehou.packs.lexicons import Lexicons, Relaid, extended
from kehou.packs.pack import Pack
from kehou.packs.pack_files import PackFiles, english
from kehou.packs.parameters import overlaid
from kehou.packs.references import add_references
from kehou.packs.rules_checked import check_patterns, checked_rules
from kehou.packs.strays import FROM_BELOW, misnamed_rules, missed_areas

_KEYS = (
    "id",
    "title",
    "version",
    "overlay",
    "citation",
    "areas",
    "authority",
    "note",
    "parameters",
    "lexicons",
    "off",
    "references",
    "agree",
)
#: What a layer has of the pack that it lies over.
_OF_BASE = (
    "policy",
    "schema",
    "base",
    "periods",
    "stages",
    "nouns",
    "notes",
    "differ",
    "data",
)
_OFF_KEYS = ("authority", "from", "reason")

Told = list[tuple[str, str, str]]


def overlay(
    files: PackFiles, tree: Any, at: Place, load: Callable[[str], Pack]
) -> tuple[Pack | None, Told]:
    """What a layer and the pack below it come to, and what is wrong with the layer.

    None where there is no pack below. Raises PackError where that is faulty.
    """
    d = mapping(_own(tree, at), at, _KEYS, ("id", "title", "version", "overlay"))
    base = _below(text(d.get("overlay"), at / "overlay"), files, at / "overlay", load)
    if base is None:
        return None, files.found()
    layer, citation = text(d.get("id"), at / "id"), text(d.get("citation"), at / "citation")
    authority = text(d.get("authority"), at / "authority")
    defined = overlaid(d.get("parameters"), at / "parameters", base.parameters, layer, authority)
    lexicons = extended(d.get("lexicons"), at / "lexicons", base.lexicons)
    relaid = Relaid(lexicons)
    known = Lexicons(files, None, at / "lexicons", lexicons)
    vocabulary = extended_vocabulary(files, relaid.vocabulary(base.vocabulary), defined, known.find)
    off = _off(d.get("off"), at / "off", base, layer)
    areas = dict(base.areas)
    areas |= {k: text(v, at / "areas" / k) for k, v in under(d.get("areas"), at / "areas").items()}
    for name, missed in missed_areas(files.root, areas):
        areas[name] = name
        files.unread.append(missed)
    files.unread += misnamed_rules(files.root, areas)
    own, source = _document(files, base, citation, at)
    made = Generated(base.id, areas, {**base.clauses, **own}, vocabulary)
    add_references(d.get("references"), at / "references", made)
    add_agreements(d.get("agree"), at / "agree", made)
    rules = checked_rules(files, made)
    files.unread += _taken(rules, base)
    kept = relaid.rules(_without(base.rules, off))
    check_patterns({**kept, **rules}, defined, at / "parameters")
    if not {"parameters", "lexicons", "off"} & d.keys() and not rules:
        hint = "写 parameters、lexicons、off、references、agree 之一，或加规则"
        at.fault("叠加里什么也没有", hint)
    title = text(d.get("title"), at / "title")
    laid = PackUsed(layer, title, text(d.get("version"), at / "version"), files.sha256())
    return replace(
        base,
        areas=areas,
        parameters=defined,
        lexicons={**lexicons, **known.read},
        clauses={**base.clauses, **own},
        source=source,
        rules=_in_order({**kept, **rules}, areas),
        vocabulary=vocabulary,
        english={**base.english, **made.english, **english(files)},
        names=_names(base.names, names(files)),
        known={**base.known, **made.known},
        generated=base.generated | made.derived,
        layers=(*base.layers, laid),
        homes={**base.homes, **dict.fromkeys(rules, (layer, files.root))},
        off=(*base.off, *off),
        top=files.root,
        added=frozenset((*rules, *own)),
        unread=frozenset(made.unread),
    ), files.found()


def _names(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The English names of what there is with those that a layer adds; a policy keeps its own."""
    found = dict(below)
    for part, said in own.items():
        if isinstance(said, Mapping):
            found[part] = {**found.get(part, {}), **said}
    return found


def _own(tree: Any, at: Place) -> Any:
    """A layer's pack.yaml less the keys that only a whole pack may have, which are told."""
    if not isinstance(tree, dict):
        return tree
    for key in _OF_BASE:
        if key in tree:
            hint = "说明写在 note 里" if key == "notes" else FROM_BELOW
            (at / key).fault(f"叠加不能写 {key}，沿用下层的", hint)
    return {key: value for key, value in tree.items() if key not in _OF_BASE}


def _below(name: str, files: PackFiles, at: Place, load: Callable[[str], Pack]) -> Pack | None:
    """The pack that a layer lies over; None after telling why there is none."""
    round_ = ring(files.root)
    if round_:
        way = " → ".join(round_)
        at.fault(f"叠加绕成一圈：{way}", "overlay 请写下面一层规则包的文件夹名或编号")
        return None
    folder = base_of(files.root, name)
    try:
        find(folder)
    except UsageError:
        at.fault(f"找不到下层规则包 {name}", where_looked(files.root, name))
        return None
    try:
        return load(folder)
    except PackError as error:
        places = [(f"{name}/{place}", message, hint) for place, message, hint in error.faults]
        raise PackError(places) from error


def _document(
    files: PackFiles, base: Pack, citation: str, at: Place
) -> tuple[dict[str, Clause], str]:
    """The clauses of a layer's own document, and the text of the policies one after another."""
    if not files.root.joinpath("clauses.yaml").is_file():
        return {}, base.source
    opened = files.place("clauses.yaml")
    source = (files.bytes("source.txt") or b"").decode("utf-8", "replace")
    if not citation:
        at.fault("缺少 citation", "有条款的叠加要写自己的文件怎样引用，如 《补充规定》")
    if opened is None:
        return {}, base.source
    own, _ = clauses(*opened, source, citation)
    place = opened[1] / "clauses"
    for i, name in enumerate(own):
        if name in base.clauses:
            (place / i / "id").fault(f"下层已有条款 {name}", "请另起一个编号")
    start, before = len(base.source) + 1, len(sentences(base.source))
    moved = {
        name: replace(c, offset=c.offset + start, sentence=c.sentence + before)
        for name, c in own.items()
    }
    return moved, f"{base.source}\n{source}"


def _off(tree: Any, at: Place, base: Pack, layer: str) -> list[Off]:
    """The rules of the base that a layer takes out of force, each with what it may do so by."""
    found = []
    for name, body in under(tree, at).items():
        place = at / name
        d = mapping(body, place, _OFF_KEYS, ("authority",))
        rule = base.rules.get(name)
        if rule is None:
            place.fault(f"下层没有规则 {name}", suggest(name, list(base.rules)))
            continue
        if rule.mandatory:
            place.fault(f"规则 {name} 写着 mandatory，不得豁免，也不能停用", "请删去这一项")
            continue
        authority = text(d.get("authority"), place / "authority")
        reason = text(d.get("reason"), place / "reason")
        start = date(d.get("from"), place / "from")
        found.append(Off(name, rule.title, layer, authority, start, reason))
    return found


def _without(rules: Mapping[str, Rule], off: list[Off]) -> dict[str, Rule]:
    """The rules that stay, one that is switched off from a day on until the day before."""
    kept = dict(rules)
    for one in off:
        if one.start is None:
            del kept[one.rule]
            continue
        last = (day.fromisoformat(one.start) - timedelta(days=1)).isoformat()
        rule = kept[one.rule]
        kept[one.rule] = replace(rule, valid_to=min(rule.valid_to or last, last))
    return kept


def _taken(rules: Mapping[str, Rule], base: Pack) -> Told:
    """The rules of a layer whose ids are those of rules below."""
    hint = "请另起一个编号；要代替下层的规则，另在 off 里停用它"
    taken = [rule for name, rule in rules.items() if name in base.rules]
    return [
        (f"{rule.file}:{rule.line if rule.pointer else 1}", f"下层已有规则 {rule.id}", hint)
        for rule in taken
    ]


def _in_order(rules: Mapping[str, Rule], areas: Mapping[str, str]) -> dict[str, Rule]:
    order = list(areas)
    return dict(sorted(rules.items(), key=lambda item: (order.index(item[1].area), item[0])))
