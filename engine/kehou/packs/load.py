"""Packs: one policy as a folder of YAML, loaded whole or refused with every fault at once.

A pack is ``pack.yaml`` (what it is, parameters, bureau's tables), ``source.txt`` and
``clauses.yaml`` (the policy's words), ``facts.yaml`` (what rules talk about), ``decisions.yaml``
and a folder of rules for each area (DESIGN §5, language.md §1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou import data
from kehou.errors import PackError, UsageError
from kehou.fields.fields import Field, Schema, load_schema
from kehou.language.conditions import Parameter, Type
from kehou.language.decision_grammar import decision_rules
from kehou.language.derivations import AGGREGATES, Derivation, EntityDef
from kehou.language.facts_grammar import derivation, entity
from kehou.language.grammar import rule
from kehou.language.vocabulary import ROOT, Vocabulary, reads
from kehou.language.yaml_places import Faults, Place, date, mapping, name, suggest, text, texts
from kehou.model.outcomes import Severity
from kehou.model.report import PackUsed
from kehou.model.rules import (
    All,
    Any_,
    Clause,
    Cond,
    Const,
    DecisionRule,
    FieldRef,
    Not,
    Param,
    Pattern,
    Review,
    Rule,
    Test,
)
from kehou.packs.clauses import clauses, sentences
from kehou.packs.parameters import ParameterDef, overlaid, parameter_with, parameters, valued
from kehou.readers import ReadError, read

DEFAULT_PACK = "bayannur-2021"


@dataclass(frozen=True, slots=True)
class TableDef:
    """A dated table that belongs to the bureau, such as the county's list of vendors."""

    name: str
    title: str


@dataclass(frozen=True)
class Pack:
    """A loaded pack; everything in it has been checked against everything else."""

    id: str
    title: str
    version: str
    citation: str
    sha256: str
    effective_from: str | None
    effective_to: str | None
    areas: Mapping[str, str]
    term_starts: Mapping[str, str]
    parameters: Mapping[str, ParameterDef]
    tables: Mapping[str, TableDef]
    clauses: Mapping[str, Clause]
    rules: Mapping[str, Rule]
    decisions: tuple[DecisionRule, ...]
    blocking: frozenset[Severity]
    not_judged: str
    order: tuple[str, ...]
    vocabulary: Vocabulary
    english: Mapping[str, Any]
    notes: tuple[str, ...]
    base: str
    source: str = field(repr=False)
    root: Path | Traversable = field(repr=False)
    layers: tuple[PackUsed, ...] = ()

    @property
    def used(self) -> tuple[PackUsed, ...]:
        """This pack and what is laid over it, as a report names them."""
        return (PackUsed(self.id, self.title, self.version, self.sha256), *self.layers)

    @property
    def schema(self) -> Schema:
        """The submission schema that the pack names."""
        return self.vocabulary.schema

    @property
    def entities(self) -> Mapping[str, EntityDef]:
        """Entities by name."""
        return self.vocabulary.entities

    @property
    def derivations(self) -> Mapping[tuple[str, str], Derivation]:
        """Derived fields by (entity, name)."""
        return self.vocabulary.derivations

    @cached_property
    def carriers(self) -> dict[str, list[str]]:
        """Rule ids by the clause parts that they cite."""
        found: dict[str, list[str]] = {clause: [] for clause in self.clauses}
        for rule_id, found_rule in self.rules.items():
            for clause in found_rule.clauses:
                found.setdefault(clause, []).append(rule_id)
        return found

    @cached_property
    def parameter_fields(self) -> dict[str, Field]:
        """The enumerated field that each parameter is compared with, for its labels."""
        found: dict[str, Field] = {}
        for one in self.rules.values():
            for cond in (one.when, one.require, *(review.when for review in one.review)):
                for test in tests(cond):
                    compared = test.subject
                    for arg in test.args:
                        if isinstance(arg, Param) and isinstance(compared, FieldRef):
                            shown = self.vocabulary.shown_field(one.each, compared.name)
                            shown = shown.item if shown is not None and shown.item else shown
                            if shown is not None and shown.labels:
                                found.setdefault(arg.name, shown)
        return found

    def in_force(self, as_of: str, reading: str = "") -> dict[str, Parameter]:
        """Parameters as they are on a date; unset ones stand there without a value.

        ``reading`` may be ``strict`` or ``lenient``: vague words are then read that way.
        """
        result = {}
        for definition in self.parameters.values():
            value = definition.on(as_of)
            vague = definition.readings if reading else None
            other = getattr(vague, reading) if vague is not None else None
            if other is not None:
                result[definition.name] = valued(definition, other)
                continue
            result[definition.name] = Parameter(
                definition.name,
                definition.type,
                value.value if value else None,
                definition.by,
                value.table if value else {},
                value.ground if value and value.layer not in ("", self.id) else "",
            )
        return result

    # The vocabulary's answers, which facts ask for all the time.

    def is_root(self, field_name: str) -> bool:
        """Whether a dotted name is the submission's."""
        return self.vocabulary.is_root(field_name)

    def type_of(self, entity_name: str, field_name: str) -> tuple[Type, bool]:
        """(type, whether it is the submission's) of a name."""
        return self.vocabulary.type_of(entity_name, field_name)

    def field_of(self, entity_name: str, field_name: str) -> Field | None:
        """The schema field behind a name, or None."""
        return self.vocabulary.field_of(entity_name, field_name)

    def fields_below(self, entity_name: str, field_name: str) -> Iterator[str]:
        """Own names inside a nested record."""
        return self.vocabulary.fields_below(entity_name, field_name)

    def stands_for(self, entity_name: str, field_name: str) -> Mapping[str, tuple[Any, ...]]:
        """Values that stand for several others."""
        return self.vocabulary.stands_for(entity_name, field_name)

    def minimum(self, entity_name: str, field_name: str) -> Any:
        """The least value a field may have, or None."""
        return self.vocabulary.minimum(entity_name, field_name)

    def title_of(self, field_name: str) -> str:
        """Chinese label of a root name."""
        return self.vocabulary.title_of(field_name)

    # What a rule rests on.

    def names_in(self, cond: Cond | None) -> Iterator[FieldRef | Param]:
        """Every field and parameter that a condition mentions."""
        return references(cond)

    def inputs_behind(self, entity_name: str, names: Sequence[str]) -> set[str]:
        """The bureau's tables and the parameters that fields of an entity are derived from."""
        return set().union(*(self._inputs_behind(entity_name, name) for name in names))

    @cached_property
    def _known_inputs(self) -> dict[tuple[str, str], set[str]]:
        return {}

    def _inputs_behind(self, entity_name: str, name: str) -> set[str]:
        known = self._known_inputs.get((entity_name, name))
        if known is not None:
            return known
        found: set[str] = set()
        pending = [(entity_name, name)]
        seen = set(pending)
        while pending:
            owner, field_name = pending.pop()
            holder = ROOT if self.is_root(field_name) else owner
            found |= self._tables_of_entity(holder, field_name)
            kind = self.entities.get(holder)
            if kind is not None:
                found |= {r.name for r in references(kind.where) if isinstance(r, Param)}
            for step in self._steps_of_entity(holder):
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
            d = self.derivations.get((holder, field_name.removeprefix("submission.")))
            if d is not None:
                conditions = (*references(d.where), *references(d.that))
                arguments = (*d.args, *(a for _, a in d.named), *conditions)
                found |= {a.name for a in arguments if isinstance(a, Param)}
            for step in _inputs(d) if d else ():
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
        self._known_inputs[(entity_name, name)] = found
        return found

    def _steps_of_entity(self, entity_name: str) -> list[tuple[str, str]]:
        """(entity, field) of what decides which rows an entity has."""
        d = self.entities.get(entity_name)
        if d is None or not d.of:
            return []
        names = [*d.by, *d.same, *field_names(d.where), *(old for _, old in d.over)]
        return [(d.of, n) for n in names]

    def _tables_of_entity(self, entity_name: str, field_name: str) -> set[str]:
        if entity_name == ROOT:
            head = field_name.partition(".")[0]
            return {head} & set(self.tables)
        d = self.entities[entity_name]
        while d.of:
            d = self.entities[d.of]
        return {d.path.partition(".")[0]} & set(self.tables)


def tests(cond: Cond | None) -> Iterator[Test]:
    """Every test of a condition, from left to right."""
    if isinstance(cond, Not):
        yield from tests(cond.item)
    elif isinstance(cond, (All, Any_)):
        for item in cond.items:
            yield from tests(item)
    elif cond is not None:
        yield cond


def references(cond: Cond | None) -> Iterator[FieldRef | Param]:
    """Every field and parameter that a condition mentions, from left to right."""
    for test in tests(cond):
        yield test.subject
        yield from (arg for arg in test.args if isinstance(arg, (FieldRef, Param)))


def field_names(cond: Cond | None) -> list[str]:
    """The fields that a condition mentions, those its parameters are looked up by included."""
    found: dict[str, None] = {}
    for reference in references(cond):
        for field_name in reference.by if isinstance(reference, Param) else (reference.name,):
            found.setdefault(field_name)
    return list(found)


def _inputs(d: Derivation) -> list[tuple[str, str]]:
    """(entity, field) of everything a derived field is computed from."""
    mine = [ref.name for ref in (*d.args, *(a for _, a in d.named)) if isinstance(ref, FieldRef)]
    mine += [m for _, m in d.same] + [m for m, _ in d.match] + ([d.at] if d.at else [])
    theirs: list[str] = []
    if d.fn in AGGREGATES or d.fn == "lookup":
        theirs += [t for t, _ in d.same] + [t for _, t in d.match]
        theirs += [n for n in (d.of, d.take) if n] + field_names(d.where) + field_names(d.that)
        theirs = theirs or [""]
    return [(d.entity, n) for n in mine] + [(d.over, n) for n in theirs]


# --- loading -------------------------------------------------------------------------------


def available() -> list[str]:
    """Ids of the packs that come with kehou."""
    return sorted(
        p.name for p in data.rules().iterdir() if p.is_dir() and p.joinpath("pack.yaml").is_file()
    )


def rule_names(pack_id: str) -> list[str]:
    """Ids of the rules of a pack that comes with kehou, by their files, without reading one."""
    areas = [entry for entry in data.rules().joinpath(pack_id).iterdir() if entry.is_dir()]
    files = [path.name for area in areas if area.name != "i18n" for path in area.iterdir()]
    return sorted(
        name.removesuffix(".yaml")
        for name in files
        if name.endswith(".yaml") and not name.endswith(".test.yaml")
    )


def find(path_or_id: str) -> Path | Traversable:
    """The folder of a pack by its id or its path; raises UsageError where there is none."""
    path = Path(path_or_id)
    if path.joinpath("pack.yaml").is_file():
        return path
    if "/" not in path_or_id and path_or_id in available():
        return data.rules().joinpath(path_or_id)
    raise UsageError(
        "pack-not-found", f"找不到规则包 {path_or_id}", hint=suggest(path_or_id, available())
    )


def load(path_or_id: str = DEFAULT_PACK) -> Pack:
    """Load a pack, or an overlay on the pack that it names.

    Raises PackError with every fault, UsageError where there is no such pack.
    """
    loaded, faults = _load(find(path_or_id))
    if faults or loaded is None:
        raise PackError(faults)
    return loaded


def dates(path_or_id: str) -> tuple[str | None, str | None]:
    """(from, to) between which a pack's policy holds, without loading the rest of the pack."""
    folder = find(path_or_id)
    try:
        tree = read("pack.yaml", folder.joinpath("pack.yaml").read_bytes()).tree
    except ReadError:
        return None, None
    if not isinstance(tree, dict):
        return None, None
    if "overlay" in tree:
        _refuse_rings(folder)
        return dates(_base_of(folder, str(tree["overlay"])))
    policy = tree.get("policy")
    policy = policy if isinstance(policy, dict) else {}
    return policy.get("effective_from"), policy.get("effective_to")


def topmost(names: Sequence[str]) -> tuple[str, ...]:
    """The packs each once, without those that another of them is laid over.

    A county's layer holds the rules of its base; both together would judge the same rule twice.
    """
    if len(names) < 2:
        return tuple(names)
    folders = {name: _resolved(find(name)) for name in names}
    below: set[str] = set()
    for one in names:
        below |= {_resolved(base) for base in _bases(find(one))}
    kept = {where: name for name, where in reversed(folders.items()) if where not in below}
    return tuple(name for name in folders if kept.get(folders[name]) == name)


def _bases(folder: Path | Traversable) -> Iterator[Path | Traversable]:
    """What a pack is laid over, one below the other. Raises PackError where it is a ring."""
    seen = {_resolved(folder)}
    base = _base(folder)
    while base is not None:
        if _resolved(base) in seen:
            raise PackError([(f"{folder.name}/pack.yaml", "规则包叠在自己上面，成了环",
                              "overlay 请写下面一层规则包的编号")])  # fmt: skip
        seen.add(_resolved(base))
        yield base
        base = _base(base)


def _base(folder: Path | Traversable) -> Path | Traversable | None:
    """The folder of the pack that an overlay is laid over; None where it is none or unreadable."""
    try:
        tree = read("pack.yaml", folder.joinpath("pack.yaml").read_bytes()).tree
    except (OSError, ReadError):
        return None
    if not isinstance(tree, dict) or "overlay" not in tree:
        return None
    return find(_base_of(folder, str(tree["overlay"])))


def _refuse_rings(folder: Path | Traversable) -> None:
    """Raises PackError where a pack lies, at whatever depth, over itself."""
    for _ in _bases(folder):
        pass


def _resolved(folder: Path | Traversable) -> str:
    return str(folder.resolve() if isinstance(folder, Path) else folder)


def contents(path_or_id: str) -> list[tuple[str, dict[str, bytes]]]:
    """(name, files) of a pack and of what it is laid over, topmost first.

    The name is what ``load`` finds it by where the folders stand beside each other; the files are
    those that its hash is made of. Raises PackError where the pack does not load.
    """
    folder = find(path_or_id)
    found: list[tuple[str, dict[str, bytes]]] = []
    name_of_this = folder.resolve().name if isinstance(folder, Path) else folder.name
    while True:
        files = _Files(folder)
        faults_of_this = _load(folder, files)[1]
        if faults_of_this:
            raise PackError(faults_of_this)
        held = dict(files.hashes)
        found.append((name_of_this, held))
        tree = read("pack.yaml", held["pack.yaml"]).tree
        if "overlay" not in tree:
            return found
        name_of_this = str(tree["overlay"])
        folder = find(_base_of(folder, name_of_this))


def faults(path_or_id: str) -> list[tuple[str, str, str]]:
    """(file:line, message, hint) of everything that keeps a pack from loading."""
    return _load(find(path_or_id))[1]


class _Files:
    """Reads a pack's files once each, keeping what the pack's hash is made of."""

    def __init__(self, root: Path | Traversable) -> None:
        self.root = root
        self.faults = Faults()
        self.unread: list[tuple[str, str, str]] = []
        self.hashes: list[tuple[str, bytes]] = []

    def bytes(self, relative: str) -> bytes | None:
        """Bytes of a file of the pack, or None after noting that it is missing."""
        path = self.root.joinpath(*relative.split("/"))
        try:
            content = path.read_bytes()
        except OSError:
            self.unread.append((relative, "缺少这个文件", ""))
            return None
        self.hashes.append((relative, content))
        return content

    def place(self, relative: str) -> tuple[Any, Place] | None:
        """Tree and place of a YAML file."""
        content = self.bytes(relative)
        if content is None:
            return None
        try:
            document = read(relative, content)
        except ReadError as error:
            self.unread.append((error.where or relative, error.message, error.hint))
            return None
        return document.tree, Place(document, self.faults)

    def found(self) -> list[tuple[str, str, str]]:
        """Every fault so far."""
        return [*self.unread, *self.faults.placed()]

    def sha256(self) -> str:
        """SHA-256 over the names and bytes of every file read, in name order."""
        import hashlib

        digest = hashlib.sha256()
        for relative, content in sorted(self.hashes):
            digest.update(f"{relative}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


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
    root: Path | Traversable, files: _Files | None = None
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    files = files or _Files(root)
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
    vocabulary = _vocabulary(files, schema, defined)
    tables = {
        k: TableDef(k, text((v or {}).get("title"), at / "data" / k, k))
        for k, v in (d.get("data") or {}).items()
    }
    source = (files.bytes("source.txt") or b"").decode("utf-8", "replace")
    opened = files.place("clauses.yaml")
    cited = clauses(*opened, source, text(d.get("citation"), at)) if opened else {}
    rules = _rules(files, text(d["id"], at), areas, vocabulary, cited) if vocabulary else {}
    decided = _decisions(files, vocabulary, rules)
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


def _base_of(root: Path | Traversable, name_of_base: str) -> str:
    """The pack that an overlay names: a folder beside it, or an id."""
    beside = Path(str(root)).parent / name_of_base
    return str(beside) if beside.joinpath("pack.yaml").is_file() else name_of_base


_LAYER_KEYS = ("id", "title", "version", "overlay", "authority", "note", "parameters")


def _overlay(
    files: _Files, tree: Any, at: Place
) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack with a county's parameters laid over it; rules and clauses stay the base's."""
    d = mapping(tree, at, _LAYER_KEYS, ("id", "title", "version", "overlay", "parameters"))
    name_of_base = text(d.get("overlay"), at / "overlay")
    _refuse_rings(files.root)
    base = load(_base_of(files.root, name_of_base))
    layer = text(d.get("id"), at / "id")
    authority = text(d.get("authority"), at / "authority")
    defined = overlaid(d.get("parameters"), at / "parameters", base.parameters, layer, authority)
    found = files.found()
    if found:
        return None, found
    laid = PackUsed(layer, str(d["title"]), str(d["version"]), files.sha256())
    return replace(base, parameters=defined, layers=(*base.layers, laid)), []


def _schema(schema_name: str, files: _Files, at: Place) -> Schema | None:
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


def _vocabulary(
    files: _Files, schema: Schema, parameters: Mapping[str, ParameterDef]
) -> Vocabulary | None:
    opened = files.place("facts.yaml")
    if opened is None:
        return None
    tree, at = opened
    d = mapping(tree, at, ("entities", "fields"), ("entities",))
    entities = {}
    for entity_name, body in (d.get("entities") or {}).items():
        place = at / "entities" / entity_name
        if entity_name in schema.root.fields or entity_name in (ROOT, "check"):
            schema_field = schema.root.fields.get(entity_name)
            if schema_field is None or schema_field.kind not in ("rows", "list"):
                place.fault(f"实体不能与报送材料的部分 {entity_name} 同名")
        found = entity(name(entity_name, place), body, place)
        if found is not None:
            entities[entity_name] = found
    derivations = {}
    for full, body in (d.get("fields") or {}).items():
        derived = derivation(full, body, at / "fields" / full)
        if derived is not None:
            derivations[(derived.entity, derived.name)] = derived
    shown = {
        p.name: Parameter(p.name, p.type, None, p.by, p.values[-1].table if p.values else {})
        for p in parameters.values()
    }
    for p in parameters.values():
        if p.values and not p.by:
            shown[p.name] = Parameter(p.name, p.type, p.values[-1].value)
    vocabulary = Vocabulary(schema, entities, derivations, shown)
    if not _check_facts(vocabulary, at):
        return None
    return vocabulary


def _check_facts(v: Vocabulary, at: Place) -> bool:
    """Resolve every name of facts.yaml and type its conditions in place; False if any is wrong."""
    before = len(at.faults.found)
    entities = dict(v.entities)
    for entity_name, d in entities.items():
        place = at / "entities" / entity_name
        if d.of and d.of not in entities:
            place.fault(f"没有实体 {d.of}", suggest(d.of, list(entities)))
        elif d.form == "list" and _list_field(v.schema, d.path) is None:
            place.fault(f"报送材料中没有列表 {d.path}")
        elif d.form == "inner" and d.field not in v.own_fields(d.of):
            place.fault(f"实体 {d.of} 没有字段 {d.field}")
    if len(at.faults.found) > before:
        return False
    for (owner, field_name), derived in v.derivations.items():
        place = at / "fields" / f"{owner}.{field_name}"
        if owner != ROOT and owner not in entities:
            place.fault(f"没有实体 {owner}", suggest(owner, list(entities)))
        elif derived.over and derived.over not in entities:
            place.fault(f"没有实体 {derived.over}", suggest(derived.over, list(entities)))
        elif owner != ROOT and field_name in v.own_fields(owner):
            place.fault(f"派生字段与已有字段 {field_name} 同名")
    if len(at.faults.found) > before:
        return False
    for entity_name, d in entities.items():
        place = at / "entities" / entity_name
        known = (*d.by, *d.same, *(old for _, old in d.over), *filter(None, (d.start, d.end)))
        for field_name in (*known, *(old for _, old in d.copy)):
            v.named(field_name, d.of, place)
        for path in d.pairs:
            v.named(path, ROOT, place / "pairs")
        if d.where is not None:
            typed = v.typed(d.where, d.of, place / "where")
            entities[entity_name] = replace(d, where=typed)
    derivations = {
        key: _checked(v, d, at / "fields" / f"{d.entity}.{d.name}")
        for key, d in v.derivations.items()
    }
    v.entities, v.derivations = entities, derivations
    return len(at.faults.found) == before


def _list_field(schema: Schema, path: str) -> Field | None:
    found = schema.field(path)
    return found if found is not None and found.kind in ("rows", "list") else None


def _checked(v: Vocabulary, d: Derivation, at: Place) -> Derivation:
    v.named(d.name, d.entity, at)
    for owner, field_name in _inputs(d):
        if field_name:
            v.named(field_name, owner, at / d.fn)
    for _, arg in (*reads(d), *d.named):
        if isinstance(arg, Param) and arg.name not in v.parameters:
            (at / d.fn).fault(f"没有参数 {arg.name}", suggest(arg.name, list(v.parameters)))
    if d.where is None and d.that is None:
        return d
    place = at / d.fn
    return replace(
        d,
        where=v.typed(d.where, d.over, place / "where"),
        that=v.typed(d.that, d.over, place / "that"),
    )


# --- rules and decisions -------------------------------------------------------------------


def _rules(
    files: _Files,
    pack_id: str,
    areas: Mapping[str, str],
    v: Vocabulary,
    clauses: Mapping[str, Clause],
) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for area in areas:
        folder = files.root.joinpath(area)
        if not folder.is_dir():
            continue
        names = sorted(
            p.name
            for p in folder.iterdir()
            if p.name.endswith(".yaml") and not p.name.endswith(".test.yaml")
        )
        for file_name in names:
            opened = files.place(f"{area}/{file_name}")
            if opened is None:
                continue
            tree, at = opened
            found = rule(tree, at, pack_id, area, file_name.removesuffix(".yaml"), ROOT)
            if found is None:
                continue
            if found.id in rules:
                (at / "id").fault(f"规则编号 {found.id} 用了两次，另见 {rules[found.id].file}")
            for i, clause in enumerate(found.clauses):
                if clause not in clauses:
                    (at / "clauses" / i).fault(f"没有条款 {clause}", suggest(clause, list(clauses)))
            rules[found.id] = _typed_rule(found, at, v)
    return rules


def _typed_rule(found: Rule, at: Place, v: Vocabulary) -> Rule:
    if found.each != ROOT and found.each not in v.entities:
        (at / "each").fault(f"没有实体 {found.each}", suggest(found.each, list(v.entities)))
        return found
    reviews = []
    for i, review in enumerate(found.review):
        when = v.typed(review.when, found.each, at / "review" / i / "when")
        if when is not None:
            reviews.append(Review(when, review.reason))
    used = {
        n
        for cond in (found.when, found.require, *(r.when for r in found.review))
        for n in field_names(cond)
    }
    for stage, closed in found.closed.items():
        for field_name in closed:
            if field_name not in used:
                (at / "closed" / stage).fault(f"closed 中的 {field_name} 没有在条件里用到")
    return replace(
        found,
        when=v.typed(found.when, found.each, at / "when"),
        require=v.typed(found.require, found.each, at / "require"),
        review=tuple(reviews),
    )


def _decisions(files: _Files, v: Vocabulary | None, rules: Mapping[str, Rule]) -> dict[str, Any]:
    opened = files.place("decisions.yaml")
    if opened is None:
        return {"decisions": (), "blocking": frozenset(), "not_judged": "list", "order": ()}
    tree, at = opened
    d = mapping(tree, at, ("blocking", "not_judged", "rules", "order"), ("blocking", "rules"))
    found = tuple(
        _check_decision(decision, at / "rules" / i, v, rules)
        for i, decision in enumerate(decision_rules(d.get("rules") or [], at / "rules"))
    )
    blocking = frozenset(
        Severity(s) for s in texts(d.get("blocking"), at / "blocking") if s in list(Severity)
    )
    order = texts(d.get("order"), at / "order") or ("return", "supplement", "refer", "accept")
    not_judged = text(d.get("not_judged"), at / "not_judged", "list")
    return {"decisions": found, "blocking": blocking, "not_judged": not_judged, "order": order}


_FINDING_FIELDS = frozenset(
    {"rule", "outcome", "severity", "area", "blocking", "entity", "subject"}
)


def _check_decision(
    decision: DecisionRule, at: Place, v: Vocabulary | None, rules: Mapping[str, Rule]
) -> DecisionRule:
    """A decision rule with the literals of its patterns typed; what does not fit is noted."""
    earlier: dict[str, str] = {}
    typed: dict[str, Pattern] = {}
    for i, pattern in enumerate(decision.when):
        place = at / "when" / i
        kind, _, entity_name = pattern.kind.partition(":")
        if kind == "entity" and v is not None and entity_name not in v.entities:
            place.fault(f"没有实体 {entity_name}", suggest(entity_name, list(v.entities)))
            continue
        if kind == "finding":
            for key, value in pattern.equals:
                if key == "rule" and value not in rules:
                    place.fault(f"没有规则 {value}", suggest(str(value), list(rules)))
        for mine, var, _ in pattern.same:
            if var not in earlier:
                place.fault(f"same 中的变量 {var} 还没有出现过", suggest(var, list(earlier)))
            if kind == "entity" and v is not None and mine not in ("key", "subject"):
                v.named(mine, entity_name, place)
        if kind == "entity" and v is not None:
            typed[pattern.var] = replace(
                pattern,
                equals=tuple(
                    (mine, _typed_literal(v, entity_name, mine, value, place / "with"))
                    for mine, value in pattern.equals
                ),
            )
        earlier[pattern.var] = pattern.kind
    if decision.subject and decision.subject[0] not in earlier:
        at.fault(
            f"then 中的变量 {decision.subject[0]} 没有出现过",
            suggest(decision.subject[0], list(earlier)),
        )
    return replace(decision, when=tuple(typed.get(p.var, p) for p in decision.when))


def _typed_literal(v: Vocabulary, entity_name: str, field_name: str, value: Any, at: Place) -> Any:
    test = v.typed(
        Test(FieldRef(field_name), "is", (Const(value),)), entity_name, at / field_name
    )
    if isinstance(test, Test) and isinstance(test.args[0], Const):
        return test.args[0].value
    return value


__all__ = [
    "DEFAULT_PACK",
    "ROOT",
    "Pack",
    "ParameterDef",
    "available",
    "faults",
    "field_names",
    "find",
    "load",
    "parameter_with",
    "references",
    "sentences",
]
