"""Packs are built whole from their files, or refused with every fault at once.

A pack is ``pack.yaml`` (what it is, parameters, bureau's tables), ``source.txt`` and
``clauses.yaml`` (the policy's words), ``facts.yaml`` (what rules talk about), ``decisions.yaml``
and a folder of rules for each area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou import data
from kehou.fields import Schema, load_schema
from kehou.language.patterns import pattern_fault
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place, date, listed, mapping, text, texts, under
from kehou.model.nouns import noun_faults, nouns, stage_faults, stages
from kehou.model.report import PackUsed
from kehou.model.rules import Clause
from kehou.packs.agreements import add_agreements
from kehou.packs.clauses import clauses
from kehou.packs.english import names
from kehou.packs.facts_checked import checked_vocabulary
from kehou.packs.folders import base_of, refuse_rings
from kehou.packs.generated_rules import Generated
from kehou.packs.lexicons import Lexicons, Relaid, extended
from kehou.packs.pack import Pack, Period, TableDef
from kehou.packs.pack_files import PackFiles
from kehou.packs.parameters import overlaid, parameters
from kehou.packs.references import add_references
from kehou.packs.rules_checked import check_patterns, checked_decisions, checked_rules
from kehou.readers import ReadError, read, segments
from kehou.tables import column_faults

_PACK_KEYS = (
    "id",
    "title",
    "version",
    "policy",
    "citation",
    "schema",
    "base",
    "areas",
    "periods",
    "stages",
    "nouns",
    "notes",
    "parameters",
    "lexicons",
    "references",
    "agree",
    "differ",
    "data",
)


def built(
    root: Path | Traversable, load: Callable[[str], Pack], files: PackFiles | None = None
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack, or (file:line, message, hint) of everything that is wrong with it.

    What an overlay is laid over is had by ``load``, which raises PackError where it is faulty.
    """
    files = files or PackFiles(root)
    opened = files.place("pack.yaml")
    if opened is None:
        return None, files.found()
    tree, at = opened
    if isinstance(tree, dict) and "overlay" in tree:
        return _overlay(files, tree, at, load)
    return _whole(files, tree, at)


def _whole(
    files: PackFiles, tree: Any, at: Place
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack that is laid over no other."""
    d = mapping(tree, at, _PACK_KEYS, ("id", "title", "version", "citation", "schema", "areas"))
    areas = {k: text(v, at / "areas" / k) for k, v in under(d.get("areas"), at / "areas").items()}
    schema = _schema(text(d.get("schema"), at / "schema"), files, at / "schema")
    if schema is None:
        return None, files.found()
    defined = parameters(d.get("parameters") or {}, at / "parameters", text(d.get("id"), at))
    lexicons = Lexicons(files, d.get("lexicons"), at / "lexicons")
    vocabulary = checked_vocabulary(files, schema, defined, lexicons.find)
    source = (files.bytes("source.txt") or b"").decode("utf-8", "replace")
    opened = files.place("clauses.yaml")
    cited = clauses(*opened, source, text(d.get("citation"), at)) if opened else {}
    made = _generated(d, at, areas, vocabulary, cited)
    rules = checked_rules(files, made) if made else {}
    check_patterns(rules, defined, at / "parameters")
    lexicons.unread_additions(at / "lexicons")
    decided = checked_decisions(files, vocabulary, rules)
    english = _english(files)
    said = names(files)
    policy = under(d.get("policy"), at / "policy")
    _told(at, (*stage_faults(d.get("stages"), "/stages"), *noun_faults(d.get("nouns"), "/nouns")))
    found = files.found()
    if found or vocabulary is None:
        return None, found
    pack = Pack(
        id=str(d["id"]),
        title=str(d["title"]),
        version=str(d["version"]),
        citation=str(d["citation"]),
        sha256=files.sha256(),
        policy_title=text(policy.get("title"), at / "policy", str(d["title"])),
        effective_from=date(policy.get("effective_from"), at / "policy"),
        effective_to=date(policy.get("effective_to"), at / "policy"),
        areas=areas,
        periods=_periods(d.get("periods"), at / "periods", schema),
        parameters=defined,
        tables=_tables(under(d.get("data"), at / "data"), at / "data"),
        clauses=cited,
        rules=rules,
        **decided,
        vocabulary=vocabulary,
        nouns=nouns(d.get("nouns") or {}, schema.declared.nouns),
        stages=stages(d.get("stages") or {}),
        notes=texts(d.get("notes"), at / "notes"),
        base=text(d.get("base"), at, "base.yaml"),
        source=source,
        root=files.root,
        **_told_apart(d, at, made, english),
        names=said,
        lexicons=lexicons.read,
    )
    found = files.found()
    return (None, found) if found else (pack, [])


def _english(files: PackFiles) -> dict[str, dict[str, Any]]:
    """The English words of rules and decisions by id: each a text or a list of texts."""
    opened = files.place("i18n/en.yaml")
    if opened is None:
        return {}
    tree, at = opened
    found = {name: under(words, at / name) for name, words in under(tree, at).items()}
    for name, words in found.items():
        for word, said in words.items():
            for each in said if isinstance(said, list) else [said]:
                text(each, at / name / word)
    return found


def _told_apart(
    d: Mapping[str, Any], at: Place, made: Generated | None, english: Mapping[str, Any]
) -> dict[str, Any]:
    """What a Pack keeps of its references and agreements beside their rules.

    The pack's own English comes before what is generated.
    """
    return {
        "english": {**(made.english if made else {}), **english},
        "known": made.known if made else {},
        "generated": frozenset(made.derived if made else ()),
        "differ": {
            k: text(v, at / "differ" / k) for k, v in under(d.get("differ"), at / "differ").items()
        },
    }


def _generated(
    d: Mapping[str, Any],
    at: Place,
    areas: Mapping[str, str],
    vocabulary: Vocabulary | None,
    cited: Mapping[str, Clause],
) -> Generated | None:
    """The rules that pack.yaml's entries stand for; None where there are no words for them."""
    if vocabulary is None:
        return None
    made = Generated(text(d.get("id"), at), areas, cited, vocabulary)
    add_references(d.get("references"), at / "references", made)
    add_agreements(d.get("agree"), at / "agree", made)
    return made


def _tables(tree: Mapping[str, Any], at: Place) -> dict[str, TableDef]:
    """The bureau's tables by name."""
    return {k: TableDef(k, text(under(v, at / k).get("title"), at / k, k)) for k, v in tree.items()}


_LAYER_KEYS = ("id", "title", "version", "overlay", "authority", "note", "parameters", "lexicons")


def _overlay(
    files: PackFiles, tree: Any, at: Place, load: Callable[[str], Pack]
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack with a county's parameters laid over it; rules and clauses stay the base's."""
    d = mapping(tree, at, _LAYER_KEYS, ("id", "title", "version", "overlay"))
    if d.get("parameters") is None and d.get("lexicons") is None:
        at.fault("缺少 parameters", "叠加要写 parameters 或 lexicons")
    name_of_base = text(d.get("overlay"), at / "overlay")
    refuse_rings(files.root)
    base = load(base_of(files.root, name_of_base))
    layer = text(d.get("id"), at / "id")
    authority = text(d.get("authority"), at / "authority")
    defined = overlaid(d.get("parameters"), at / "parameters", base.parameters, layer, authority)
    check_patterns(base.rules, defined, at / "parameters")
    lexicons = extended(d.get("lexicons"), at / "lexicons", base.lexicons)
    found = files.found()
    if found:
        return None, found
    laid = PackUsed(layer, str(d["title"]), str(d["version"]), files.sha256())
    relaid = Relaid(lexicons)
    return replace(
        base,
        parameters=defined,
        lexicons=lexicons,
        rules=relaid.rules(base.rules),
        vocabulary=relaid.vocabulary(base.vocabulary),
        layers=(*base.layers, laid),
    ), []


def _schema(schema_name: str, files: PackFiles, at: Place) -> Schema | None:
    """A pack's own schema, which is then part of its hash, else one that comes with kehou.

    The headings of its tables stand beside it, in ``<name>.columns.json``, if anywhere.
    """
    file, headings = f"{schema_name}.schema.json", f"{schema_name}.columns.json"
    own = files.root.joinpath(file).is_file()
    folder = files.root if own else data.schemas()
    if not folder.joinpath(file).is_file():
        at.fault(f"没有报送材料的结构 {schema_name}")
        return None
    take = files.bytes if own else _shared
    texts = {file: take(file) or b""}
    if folder.joinpath(headings).is_file():
        texts[headings] = take(headings) or b""
    try:
        schema = load_schema(
            texts[file].decode("utf-8"), texts.get(headings, b"").decode("utf-8"), own
        )
    except ValueError:  # no JSON: the reader of files says where
        _tell_unread(files, texts)
        return None
    before = len(files.faults.found)
    found = {file: schema.faults()}
    if own:
        from kehou.fields import asks

        found[file] += [*asks.faults(schema), *asks.renewal_faults(schema)]
    if own and headings in texts:
        # Headings that come with kehou are held to their schema by a test: it takes milliseconds.
        found[headings] = list(column_faults(schema, pattern_fault))
    for name, wrong in found.items():
        if wrong:
            _told(Place(read(name, texts[name]), files.faults), wrong)
    return schema if len(files.faults.found) == before else None


def _tell_unread(files: PackFiles, texts: Mapping[str, bytes]) -> None:
    """Note why a schema or its headings are no JSON."""
    for name, content in texts.items():
        try:
            read(name, content)
        except ReadError as error:
            files.unread.append((error.where or name, error.message, error.hint))


def _shared(file: str) -> bytes:
    return data.schemas().joinpath(file).read_bytes()


def _told(at: Place, faults: Iterable[tuple[str, str, str]]) -> None:
    """Note faults by their pointers from a place."""
    for pointer, message, hint in faults:
        place = at
        for step in segments(pointer):
            place = place / step
        place.fault(message, hint)


def _periods(tree: Any, at: Place, schema: Schema) -> tuple[Period, ...]:
    """The rows of ``periods``; their keys are those that the schema's ``x-dates`` names."""
    keys = list(schema.declared.dates.period)
    if tree and not keys:
        at.fault("材料结构没有说明时期在哪些字段", "请在材料结构的 x-dates 里写 period")
    rows = []
    for i, item in enumerate(listed(tree, at)):
        needed = (*keys, "from")
        d = mapping(item, at / i, (*needed, "ground"), needed)
        start = date(d.get("from"), at / i / "from") or ""
        rows.append(Period({key: str(d.get(key)) for key in keys}, start))
    return tuple(rows)
