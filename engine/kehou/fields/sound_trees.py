"""A quick yes: trees that are what a schema says, told in a twentieth of jsonschema's time.

Whoever reads hundreds of reports holds each against its schema, and nearly all of them are sound.
A schema is made into closures once; a no, or a word of JSON Schema that is not known here, only
means that `kehou.fields.validation` has to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kehou.model.values import is_day

Schema = Mapping[str, Any]
#: Whether a value is sound; a no proves nothing.
Sound = Callable[[Any], bool]

_TYPES: Final[Mapping[str, type]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": int,
    "boolean": bool,
    "null": type(None),
}
#: Words that say nothing of what a value may be; so do those that begin with ``x-``.
_ASIDE: Final = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})


class Unknown(Exception):
    """A word of a schema that no closure is made of."""


def compiled(schema: Schema) -> Sound:
    """Whether a tree of ``json.loads`` is sound by a schema that names none but its own parts.

    Raises `Unknown` for a schema that says more than is known here.
    """
    made: dict[str, Sound] = {}
    parts: Mapping[str, Schema] = schema.get("$defs", {})
    named = {f"#/$defs/{name}": _later(made, name) for name in parts}
    made |= {name: _all_of(part, named) for name, part in parts.items()}
    return _all_of(schema, named)


def _later(made: Mapping[str, Sound], name: str) -> Sound:
    """What a name will stand for once all are made."""
    return lambda value: made[name](value)


def _all_of(schema: Schema | bool, named: Mapping[str, Sound]) -> Sound:
    if isinstance(schema, bool):
        return lambda value: schema
    tests = [
        test
        for word, said in schema.items()
        if word not in _ASIDE and not word.startswith("x-")
        for test in _tests(word, said, schema, named)
    ]
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _tests(word: str, said: Any, schema: Schema, named: Mapping[str, Sound]) -> list[Sound]:
    """What a word of a schema asks of a value."""
    match word:
        case "$ref" if said in named:
            return [named[said]]
        case "type":
            return [_of_types([said] if isinstance(said, str) else said)]
        case "enum" | "const":
            return [_one_of(said if word == "enum" else [said])]
        case "pattern":
            found = re.compile(said).search
            return [lambda v: not isinstance(v, str) or found(v) is not None]
        case "format" if said == "date":
            return [lambda v: not isinstance(v, str) or is_day(v)]
        case "minimum":
            return [lambda v: not isinstance(v, int) or v >= said]
        case "maximum":
            return [lambda v: not isinstance(v, int) or v <= said]
        case "minItems":
            return [lambda v: not isinstance(v, list) or len(v) >= said]
        case "minLength":
            return [lambda v: not isinstance(v, str) or len(v) >= said]
        case "required":
            return [lambda v: not isinstance(v, dict) or all(key in v for key in said)]
        case "items":
            each = _all_of(said, named)
            return [lambda v: not isinstance(v, list) or all(map(each, v))]
        case "properties" | "additionalProperties":
            first = next(w for w in schema if w in ("properties", "additionalProperties"))
            return [_keys(schema, named)] if word == first else []
        case "anyOf":
            either = [_all_of(one, named) for one in said]
            return [lambda v: any(one(v) for one in either)]
        case "if" | "then" | "else":
            return [_branch(schema, named)] if word == "if" else []
    raise Unknown(word)


def _of_types(names: list[str]) -> Sound:
    kinds = tuple(_TYPES[name] for name in names)
    numbers = bool in kinds or not {"integer", "number"} & {*names}
    return lambda v: isinstance(v, kinds) and (numbers or not isinstance(v, bool))


def _one_of(values: list[Any]) -> Sound:
    if not all(value is None or isinstance(value, str) for value in values):
        raise Unknown("enum")
    known = frozenset(values)
    return lambda v: (v is None or isinstance(v, str)) and v in known


def _keys(schema: Schema, named: Mapping[str, Sound]) -> Sound:
    own = {key: _all_of(part, named) for key, part in schema.get("properties", {}).items()}
    other = _all_of(schema.get("additionalProperties", True), named)

    def sound(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        return all((own.get(key) or other)(inner) for key, inner in value.items())

    return sound


def _branch(schema: Schema, named: Mapping[str, Sound]) -> Sound:
    """``if`` with both of its branches; only a constant of one key is asked for."""
    asked = schema["if"]
    if [*asked] != ["properties"] or len(asked["properties"]) != 1:
        raise Unknown("if")
    ((key, wanted),) = asked["properties"].items()
    if [*wanted] != ["const"]:
        raise Unknown("if")
    yes, no = (_all_of(schema.get(word, True), named) for word in ("then", "else"))

    def sound(value: Any) -> bool:
        if not isinstance(value, dict) or key not in value:
            return yes(value)
        return (yes if value[key] == wanted["const"] else no)(value)

    return sound
