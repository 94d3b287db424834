"""Packs are built whole from their files, or refused with every fault at once.

A pack is ``pack.yaml`` (what it is, parameters, bureau's tables), ``source.txt`` and
``clauses.yaml`` (the policy's words), ``facts.yaml`` (what rules talk about), ``decisions.yaml``
and a folder of rules for each area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou import data
from kehou.fields import Schema, load_schema
from kehou.language import suggest
from kehou.language.near_words import nearest
from kehou.language.patterns import pattern_fault
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place, date, listed, mapping, text, texts, under
from kehou.model.nouns import noun_faults, nouns, stage_faults, stages
from kehou.model.rules import Clause
from kehou.packs.agreements import add_agreements
from kehou.packs.clauses import clauses
from kehou.packs.english import names
from kehou.packs.facts_checked import checked_vocabulary
from kehou.packs.generated_rules import Generated
from kehou.packs.lexicons import Lexicons
from kehou.packs.pack import Pack, Period, TableDef
from kehou.packs.pack_files import PackFiles, english
from kehou.packs.parameters import parameters
from kehou.packs.references import add_references
from kehou.packs.rules_checked import check_patterns, checked_decisions, checked_rules
from kehou.packs.strays import misnamed_rules, missed_areas
from kehou.readers import ReadError, read, segments
from kehou.readers.door import is_file
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
    """A pack, and (file:line, message, hint) of everything that is wrong with it.

    One that is faulty is what is left of it, for ``kehou lint`` to look further; None where nothing
    is. What an overlay is laid over is had by ``load``, which raises PackError where it is faulty.
    """
    files = files or PackFiles(root)
    opened = files.place("pack.yaml")
    if opened is None:
        return None, files.found()
    tree, at = opened
    if isinstance(tree, dict) and "overlay" in tree:
        from kehou.packs.overlays import overlay

        return overlay(files, tree, at, load)
    return _whole(files, tree, at)


def _whole(
    files: PackFiles, tree: Any, at: Place
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack that is laid over no other."""
    d = mapping(tree, at, _PACK_KEYS, ("id", "title", "version", "citation", "schema", "areas"))
    areas = {k: text(v, at / "areas" / k) for k, v in under(d.get("areas"), at / "areas").items()}
    for name, missed in missed_areas(files.root, areas):
        areas[name] = name
        files.unread.append(missed)
    files.unread += misnamed_rules(files.root, areas)
    schema = _schema(text(d.get("schema"), at / "schema"), files, at / "schema")
    if schema is None:
        return None, files.found()
    _known(d.get("data"), [t for t in schema.root.fields], at / "data")
    defined = parameters(d.get("parameters") or {}, at / "parameters", text(d.get("id"), at))
    lexicons = Lexicons(files, d.get("lexicons"), at / "lexicons")
    vocabulary = checked_vocabulary(files, schema, defined, lexicons.find)
    source = (files.bytes("source.txt") or b"").decode("utf-8", "replace")
    opened = files.place("clauses.yaml")
    cited, sure = clauses(*opened, source, text(d.get("citation"), at)) if opened else ({}, False)
    made = _generated(d, at, areas, vocabulary, cited)
    if made is not None:
        made.clauses_are_sure = sure
    rules = checked_rules(files, made) if made else {}
    check_patterns(rules, defined, at / "parameters")
    lexicons.unread_additions(at / "lexicons")
    decided = checked_decisions(files, vocabulary, rules, made.unread if made else ())
    said = names(files)
    policy = under(d.get("policy"), at / "policy")
    called = _called(d, at, schema)
    if vocabulary is None:
        return None, files.found()
    pack = Pack(
        id=text(d.get("id"), at / "id"),
        title=text(d.get("title"), at / "title"),
        version=text(d.get("version"), at / "version"),
        citation=text(d.get("citation"), at / "citation"),
        sha256=files.sha256(),
        policy_title=text(policy.get("title"), at / "policy", str(d.get("title"))),
        effective_from=date(policy.get("effective_from"), at / "policy" / "effective_from"),
        effective_to=date(policy.get("effective_to"), at / "policy" / "effective_to"),
        areas=areas,
        periods=_periods(d.get("periods"), at / "periods", schema),
        parameters=defined,
        tables=_tables(under(d.get("data"), at / "data"), at / "data"),
        clauses=cited,
        rules=rules,
        **decided,
        vocabulary=vocabulary,
        **called,
        notes=texts(d.get("notes"), at / "notes"),
        base=text(d.get("base"), at, "base.yaml"),
        source=source,
        root=files.root,
        **_told_apart(d, at, made, english(files)),
        names=said,
        lexicons=lexicons.read,
        unread=frozenset((*(made.unread if made else ()), *(() if sure else ("clauses.yaml",)))),
    )
    return pack, files.found()


def _called(d: Mapping[str, Any], at: Place, schema: Schema) -> dict[str, Any]:
    """The nouns and the titles of stages; the neutral ones for those that are faulty."""
    miscalled = list(noun_faults(d.get("nouns"), "/nouns"))
    misnamed = list(stage_faults(d.get("stages"), "/stages"))
    _told(at, (*misnamed, *miscalled))
    return {
        "nouns": nouns({} if miscalled else d.get("nouns") or {}, schema.declared.nouns),
        "stages": stages({} if misnamed else d.get("stages") or {}),
    }


def _told_apart(
    d: Mapping[str, Any], at: Place, made: Generated | None, own: Mapping[str, Any]
) -> dict[str, Any]:
    """What a Pack keeps of its references and agreements beside their rules.

    The pack's own English comes before what is generated.
    """
    return {
        "english": {**(made.english if made else {}), **own},
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


def _known(tree: Any, known: Sequence[str], at: Place) -> None:
    """Tell each key that is none of those known."""
    for key in under(tree, at):
        if key not in known:
            (at / key).fault(f"材料结构里没有 {key} 这一部分", suggest(key, known))


def _tables(tree: Mapping[str, Any], at: Place) -> dict[str, TableDef]:
    """The bureau's tables by name."""
    return {k: TableDef(k, text(under(v, at / k).get("title"), at / k, k)) for k, v in tree.items()}


def _schema(schema_name: str, files: PackFiles, at: Place) -> Schema | None:
    """A pack's own schema, which is then part of its hash, else one that comes with kehou.

    The headings of its tables stand beside it, in ``<name>.columns.json``, if anywhere.
    """
    file, headings = f"{schema_name}.schema.json", f"{schema_name}.columns.json"
    own = is_file(files.root.joinpath(file))
    folder = files.root if own else data.schemas()
    if not is_file(folder.joinpath(file)):
        there = [p.name for p in (*files.root.iterdir(), *data.schemas().iterdir())]
        known = [n.removesuffix(".schema.json") for n in there if n.endswith(".schema.json")]
        at.fault(f"没有报送材料的结构 {schema_name}", suggest(schema_name, known))
        meant = nearest(schema_name, known)
        return None if meant is None else _schema(meant, files, at)
    take = files.bytes if own else _shared
    texts = {file: take(file) or b""}
    if is_file(folder.joinpath(headings)):
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
