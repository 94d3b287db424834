"""What a pack's rules can talk about: the types of every field, own or derived.

A `Vocabulary` joins the submission schema with the entities and derivations of ``facts.yaml`` and
knows the type of every name (`typed_conditions` holds conditions against it). Nothing here looks
at a submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kehou.fields import Field, Schema
from kehou.language.conditions import Parameter, Type
from kehou.language.derivations.declared import Derivation, EntityDef
from kehou.language.derivations.table import FUNCTIONS, result_type
from kehou.language.lexicons import Lexicon
from kehou.language.literals import all_values
from kehou.language.yaml_places import Place
from kehou.model.outcomes import Owner
from kehou.model.rules import Arg, FieldRef, LexiconRef, Param

#: The entity of the submission itself.
ROOT = "submission"
_CHECK = {
    "check.stage": Type("text"),
    "check.date": Type("date"),
    "check.content_sha256": Type("text"),
    "check.form_complete": Type("boolean", domain=(True, False)),
}
#: Kinds of text, which may be compared with each other.
TEXTS = frozenset({"text", "enum"})
#: Integers with a closed range no wider than this have a finite domain.
_WIDEST = 40

#: Gives the lexicon that a rule names, or None after noting at the place why there is none.
Librarian = Callable[[LexiconRef, Place], Lexicon | None]


def no_lexicon(named: LexiconRef, at: Place) -> Lexicon | None:
    """The librarian of a vocabulary that has no lexicon."""
    at.fault(f"没有词库 {named.name}")
    return None


class Vocabulary:
    """Fields and their types; `type_of` raises KeyError for a name nobody declares."""

    def __init__(
        self,
        schema: Schema,
        entities: Mapping[str, EntityDef],
        derivations: Mapping[tuple[str, str], Derivation],
        parameters: Mapping[str, Parameter],
        lexicon: Librarian = no_lexicon,
    ) -> None:
        self.schema = schema
        self.entities: Mapping[str, EntityDef] = entities
        self.derivations: Mapping[tuple[str, str], Derivation] = derivations
        self.parameters = parameters
        self.lexicon = lexicon
        self._own: dict[str, dict[str, Field]] = {}
        self._types: dict[tuple[str, str], Type] = {}
        self._busy: set[tuple[str, str]] = set()
        #: (entity, field), field "" for the whole of it, of what facts.yaml says wrongly.
        self.broken: set[tuple[str, str]] = set()
        #: Whether ``parameters`` could not be read at all, which is told.
        self.parameters_are_told = False
        self._roots = frozenset(schema.root.fields) | {"check", ROOT}
        self._are_roots: dict[str, bool] = {}

    # --- fields ------------------------------------------------------------------------------

    def is_root(self, name: str) -> bool:
        """Whether a dotted name is the submission's."""
        found = self._are_roots.get(name)
        if found is None:
            head, dot, _ = name.partition(".")
            found = self._are_roots[name] = bool(dot) and head in self._roots
        return found

    def owner(self, entity: str, name: str) -> Owner:
        """Whose gap it is that a field a rule on ``entity`` reads has no value.

        What is derived may lack anything, and is taken as the submitter's.
        """
        if self.is_root(name) and self.schema.field(name) is not None:
            return self.schema.owner({}, "/" + name.replace(".", "/"))
        field = self.own_fields(entity).get(name) if entity in self.entities else None
        return self.schema.owner({}, "/" + field.path.replace(".", "/")) if field else Owner.SUBJECT

    def own_fields(self, entity: str) -> dict[str, Field]:
        """Schema fields of an entity by the names its rows have, nested records dotted."""
        if entity not in self._own:
            self._own[entity] = {}
            self._own[entity] = self._fields_of(entity)
        return self._own[entity]

    def _fields_of(self, entity: str) -> dict[str, Field]:
        if entity == ROOT:
            return dict(_flatten(self.schema.root, ""))
        d = self.entities[entity]
        if d.form == "list":
            listed = self.schema.field(d.path)
            return {} if listed is None else _row_fields(listed)
        if d.form == "inner":
            outer = self.own_fields(d.of)
            if d.field not in outer:  # told where facts.yaml is checked, as below
                return {}
            fields = _row_fields(outer[d.field])
            return {**fields, **{new: outer[old] for new, old in d.copy if old in outer}}
        if d.form in ("expand", "overlaps"):
            fields = dict(self.own_fields(d.of))
            for new, old in d.over:
                field = fields.get(old)
                if field is None:
                    continue
                fields[new] = field.item if field.kind == "list" and field.item else field
            return fields
        if d.form == "group":
            base = self.own_fields(d.of)
            return {name: base[name] for name in d.by if name in base}
        return {}

    def told(self, entity: str, name: str) -> bool:
        """Whether a name is there but for a fault of facts.yaml that is told there."""
        holder = ROOT if self.is_root(name) else entity
        field = name.removeprefix("submission.")
        if (holder, field) in self.derivations:
            return True
        while not {(holder, field), (holder, "")} & self.broken:
            d = self.entities.get(holder)
            if d is None or not d.of:
                return False
            holder = d.of
        return True

    def field_of(self, entity: str, name: str) -> Field | None:
        """The schema field behind an own name or a root name, for labels; None for derived ones."""
        fields = self.own_fields(ROOT if self.is_root(name) else entity)
        return fields.get(name)

    def fields_below(self, entity: str, name: str) -> Iterator[str]:
        """Own names that stand inside a nested record."""
        prefix = name + "."
        return (n for n in self.own_fields(entity) if n.startswith(prefix))

    def stands_for(self, entity: str, name: str) -> Mapping[str, tuple[Any, ...]]:
        """Values that stand for several others, such as ``all`` for both seasons."""
        field = self.own_fields(entity).get(name)
        return field.stands_for if field is not None else {}

    def minimum(self, entity: str, name: str) -> Any:
        """The least value a field may have, or None."""
        field = self.field_of(entity, name)
        if field is None or field.minimum is None:
            return None
        return field.minimum * 100 if field.kind == "money" else field.minimum

    def title_of(self, name: str) -> str:
        """Chinese label of a root name, of a derived one that of the field it comes from."""
        field = self.shown_field(ROOT, name)
        return field.title if field is not None else name

    def title_of_rows(self, entity: str) -> str:
        """Chinese label of the list that an entity's rows come from, with the entity's name."""
        found = self.field_of_rows(entity)
        return f"{found.title}（{entity}）" if found is not None else entity

    def field_of_rows(self, entity: str) -> Field | None:
        """The list that an entity's rows come from."""
        d = self.entities[entity]
        if d.form == "inner":
            return self.own_fields(d.of).get(d.field)
        while d.of and d.form != "inner":
            d = self.entities[d.of]
        if not d.path and not d.of:  # pairs of dates come from no list
            return None
        return self.schema.field(d.path) if d.path else self.own_fields(d.of).get(d.field)

    # --- types -------------------------------------------------------------------------------

    def type_of(self, entity: str, name: str) -> tuple[Type, bool]:
        """(type, whether it is the submission's) of a name; KeyError, ValueError on a cycle."""
        if name in _CHECK:
            return _CHECK[name], True
        root = entity == ROOT or self.is_root(name)
        holder = ROOT if root else entity
        key = (holder, name.removeprefix("submission."))
        if key not in self._types:
            self._types[key] = self._find(*key)
        return self._types[key], root

    def _find(self, entity: str, name: str) -> Type:
        derivation = self.derivations.get((entity, name))
        if derivation is not None:
            return self._derived(derivation)
        d = self.entities.get(entity)
        if d is not None and d.form == "pairs":
            steps = [self.type_of(ROOT, path)[0] for path in d.pairs]
            pair = {
                "earlier": replace(steps[0], interval=any(step.interval for step in steps)),
                "earlier_step": Type("text"),
                "later_step": Type("text"),
            }
            pair["later"] = pair["earlier"]
            return pair[name]
        if d is not None and d.form in ("inner", "group", "expand", "overlaps"):
            # A group has what its rows share: the fields that it is made by.
            shared = d.form in ("expand", "overlaps") or (d.form == "group" and name in d.by)
            for source in (dict(d.copy).get(name), name if shared else None):
                if source is not None and (d.of, source) in self.derivations:
                    return self.type_of(d.of, source)[0]
        return field_type(self.own_fields(entity)[name])

    def _derived(self, d: Derivation) -> Type:
        key = (d.entity, d.name)
        if key in self._busy:
            raise ValueError(f"派生字段 {d.entity}.{d.name} 绕回自身")
        self._busy.add(key)
        try:
            types = [self._argument(a, e) for e, a in d.typed_by]
            if d.args and FUNCTIONS[d.fn].gives == "one":
                types = self._as_options(d, types)
            return result_type(d.fn, types)
        finally:
            self._busy.discard(key)

    def _as_options(self, d: Derivation, types: list[Type]) -> list[Type]:
        """Texts that parameters give beside an enumeration count as its values if they all are."""
        options = next((t for t in types if t.kind == "enum"), None)
        if options is None or options.domain is None:
            return types
        result = []
        for given, arg in zip(types, d.args, strict=True):
            if isinstance(arg, FieldRef) and (d.entity, arg.name) in self.derivations:
                inner = self.derivations[(d.entity, arg.name)]
                alone = FUNCTIONS[inner.fn].gives == "one" and len(inner.args) == 1
                arg = inner.args[0] if alone else arg
            named = isinstance(arg, Param) and arg.name in self.parameters
            if given.kind == "text" and named and isinstance(arg, Param):
                values = set(all_values(self.parameters[arg.name]))
                given = options if values <= set(options.domain) else given
            result.append(given)
        return result

    def shown_field(self, entity: str, name: str) -> Field | None:
        """The field whose labels show a name: its own, or the one that it was taken from."""
        own = self.field_of(entity, name)
        if own is not None:
            return own
        holder = ROOT if self.is_root(name) else entity
        d = self.derivations.get((holder, name.removeprefix("submission.")))
        if d is None:
            return self._shown_in_members(holder, name)
        if FUNCTIONS[d.fn].gives not in ("one", "all"):
            return None
        for owner, arg in d.typed_by:
            if isinstance(arg, FieldRef):
                found = self.shown_field(owner, arg.name)
                if found is not None:
                    return found
        return None

    def _shown_in_members(self, entity: str, name: str) -> Field | None:
        """The field behind a name that an entity has from the entity that it is made of."""
        d = self.entities.get(entity)
        if d is None or not d.of:
            return None
        source = dict(d.copy).get(name) if d.form == "inner" else name
        return self.shown_field(d.of, source) if source is not None else None

    def _argument(self, arg: Arg, entity: str) -> Type:
        if isinstance(arg, FieldRef):
            return self.type_of(entity, arg.name)[0]
        if isinstance(arg, Param):
            return self.parameters[arg.name].type
        return Type("date" if isinstance(getattr(arg, "value", None), str) else "integer")


def field_type(field: Field) -> Type:
    """Type of a schema field as conditions see it."""
    if field.kind == "list":
        assert field.item is not None
        return Type(field.item.kind, many=True, domain=None, private=field.private)
    if field.kind in ("record", "rows"):
        return Type("record")
    domain: tuple[Any, ...] | None = None
    if field.kind == "enum":
        domain = tuple(field.labels)
    elif field.kind == "boolean":
        domain = (True, False)
    elif field.kind == "integer" and field.minimum is not None and field.maximum is not None:
        low, high = int(field.minimum), int(field.maximum)
        domain = tuple(range(low, high + 1)) if high - low < _WIDEST else None
    return Type(field.kind, domain=domain, private=field.private)


def _flatten(record: Field, prefix: str) -> Iterator[tuple[str, Field]]:
    for key, field in record.fields.items():
        yield prefix + key, field
        if field.kind == "record":
            yield from _flatten(field, f"{prefix}{key}.")


def _row_fields(field: Field) -> dict[str, Field]:
    assert field.item is not None
    if field.kind == "list":
        return {"value": field.item}
    return dict(_flatten(field.item, ""))
