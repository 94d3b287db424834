"""Packs are loaded whole or refused with every fault at once.

A pack is ``pack.yaml`` (what it is, parameters, bureau's tables), ``source.txt`` and
``clauses.yaml`` (the policy's words), ``facts.yaml`` (what rules talk about), ``decisions.yaml``
and a folder of rules for each area.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou import data
from kehou.errors import PackError
from kehou.fields import Schema, load_schema
from kehou.language.yaml_places import Place, date, mapping, text, texts
from kehou.model.report import PackUsed
from kehou.packs.clauses import clauses
from kehou.packs.facts_checked import checked_vocabulary
from kehou.packs.folders import DEFAULT_PACK, base_of, find, refuse_rings
from kehou.packs.pack import Pack, TableDef
from kehou.packs.pack_files import PackFiles
from kehou.packs.parameters import overlaid, parameters
from kehou.packs.rules_checked import checked_decisions, checked_rules
from kehou.readers import read


def load(path_or_id: str = DEFAULT_PACK) -> Pack:
    """Load a pack, or an overlay on the pack that it names.

    Raises PackError with every fault, UsageError where there is no such pack.
    """
    loaded, faults = _load(find(path_or_id))
    if faults or loaded is None:
        raise PackError(faults)
    return loaded


def contents(path_or_id: str) -> list[tuple[str, dict[str, bytes]]]:
    """(name, files) of a pack and of what it is laid over, topmost first.

    The name is what ``load`` finds it by where the folders stand beside each other; the files are
    those that its hash is made of. Raises PackError where the pack does not load.
    """
    folder = find(path_or_id)
    found: list[tuple[str, dict[str, bytes]]] = []
    name_of_this = folder.resolve().name if isinstance(folder, Path) else folder.name
    while True:
        files = PackFiles(folder)
        faults_of_this = _load(folder, files)[1]
        if faults_of_this:
            raise PackError(faults_of_this)
        held = dict(files.hashes)
        found.append((name_of_this, held))
        tree = read("pack.yaml", held["pack.yaml"]).tree
        if "overlay" not in tree:
            return found
        name_of_this = str(tree["overlay"])
        folder = find(base_of(folder, name_of_this))


def faults(path_or_id: str) -> list[tuple[str, str, str]]:
    """(file:line, message, hint) of everything that keeps a pack from loading."""
    return _load(find(path_or_id))[1]


_PACK_KEYS = (
    "id",
    "title",
    "version",
    "policy",
    "citation",
    "schema",
    "base",
    "areas",
    "term_starts",
    "notes",
    "parameters",
    "data",
)


def _load(
    root: Path | Traversable, files: PackFiles | None = None
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    files = files or PackFiles(root)
    opened = files.place("pack.yaml")
    if opened is None:
        return None, files.found()
    tree, at = opened
    if isinstance(tree, dict) and "overlay" in tree:
        return _overlay(files, tree, at)
    d = mapping(tree, at, _PACK_KEYS, ("id", "title", "version", "citation", "schema", "areas"))
    areas = {k: text(v, at / "areas" / k) for k, v in (d.get("areas") or {}).items()}
    schema = _schema(text(d.get("schema"), at / "schema"), files, at / "schema")
    if schema is None:
        return None, files.found()
    defined = parameters(d.get("parameters") or {}, at / "parameters", text(d.get("id"), at))
    vocabulary = checked_vocabulary(files, schema, defined)
    tables = {
        k: TableDef(k, text((v or {}).get("title"), at / "data" / k, k))
        for k, v in (d.get("data") or {}).items()
    }
    source = (files.bytes("source.txt") or b"").decode("utf-8", "replace")
    opened = files.place("clauses.yaml")
    cited = clauses(*opened, source, text(d.get("citation"), at)) if opened else {}
    rules = checked_rules(files, text(d["id"], at), areas, vocabulary, cited) if vocabulary else {}
    decided = checked_decisions(files, vocabulary, rules)
    english = files.place("i18n/en.yaml")
    policy = d.get("policy") or {}
    found = files.found()
    if found or vocabulary is None:
        return None, found
    pack = Pack(
        id=str(d["id"]),
        title=str(d["title"]),
        version=str(d["version"]),
        citation=str(d["citation"]),
        sha256=files.sha256(),
        effective_from=date(policy.get("effective_from"), at / "policy"),
        effective_to=date(policy.get("effective_to"), at / "policy"),
        areas=areas,
        term_starts=_term_starts(d.get("term_starts"), at / "term_starts"),
        parameters=defined,
        tables=tables,
        clauses=cited,
        rules=rules,
        **decided,
        vocabulary=vocabulary,
        english=english[0] if english else {},
        notes=texts(d.get("notes"), at / "notes"),
        base=text(d.get("base"), at, "base.yaml"),
        source=source,
        root=root,
    )
    found = files.found()
    return (None, found) if found else (pack, [])


_LAYER_KEYS = ("id", "title", "version", "overlay", "authority", "note", "parameters")


def _overlay(
    files: PackFiles, tree: Any, at: Place
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack with a county's parameters laid over it; rules and clauses stay the base's."""
    d = mapping(tree, at, _LAYER_KEYS, ("id", "title", "version", "overlay", "parameters"))
    name_of_base = text(d.get("overlay"), at / "overlay")
    refuse_rings(files.root)
    base = load(base_of(files.root, name_of_base))
    layer = text(d.get("id"), at / "id")
    authority = text(d.get("authority"), at / "authority")
    defined = overlaid(d.get("parameters"), at / "parameters", base.parameters, layer, authority)
    found = files.found()
    if found:
        return None, found
    laid = PackUsed(layer, str(d["title"]), str(d["version"]), files.sha256())
    return replace(base, parameters=defined, layers=(*base.layers, laid)), []


def _schema(schema_name: str, files: PackFiles, at: Place) -> Schema | None:
    """A pack's own schema, which is then part of its hash, else one that comes with kehou."""
    file = f"{schema_name}.schema.json"
    if files.root.joinpath(file).is_file():
        return load_schema((files.bytes(file) or b"").decode("utf-8"))
    shared = data.schemas().joinpath(file)
    if shared.is_file():
        return load_schema(shared.read_text("utf-8"))
    at.fault(f"没有报送材料的结构 {schema_name}")
    return None


def _term_starts(tree: Any, at: Place) -> dict[str, str]:
    """First day of each term: ``{"2021-2022 autumn": "2021-09-01"}``."""
    starts: dict[str, str] = {}
    for i, item in enumerate(tree or []):
        d = mapping(item, at / i, ("school_year", "term", "from", "ground"))
        starts[f"{d.get('school_year')} {d.get('term')}"] = (
            date(d.get("from"), at / i / "from") or ""
        )
    return starts
