"""The only door to jsonschema: is a tree what a schema of ``schemas/`` says; if not, why not.

Faults are told in Chinese, all at once. A tree comes either from ``json.loads`` or from the
readers, whose unquoted scalars (`Plain`) are text that is typed by its field: they pass as the
string, number or boolean that they can be read as.

Schemas are JSON Schema 2020-12 and name each other by file (``condition.schema.json``). Of
``oneOf`` and ``anyOf`` the branch is judged to which the value's type, or the first of the
branch's ``required`` keys, points. ``x-fault`` is what is said where there is no such branch.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from kehou import data
from kehou.fields import sound_trees
from kehou.model.values import is_day
from kehou.readers import Plain

#: (JSON pointer, what is wrong, what to do about it or "")
Fault = tuple[str, str, str]
#: jsonschema's ValidationError; its stubs say "or unset" of every member.
Error = Any
Schema = Mapping[str, Any]

SUFFIX = ".schema.json"
_TYPES = {
    "object": "一组“键: 值”",
    "array": "列表",
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "null": "空值",
}
_REFERENCE = re.compile(r'"\$ref": "([\w-]+)' + re.escape(SUFFIX))
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_BOOLEANS = ("true", "True", "TRUE", "false", "False", "FALSE")


def names() -> tuple[str, ...]:
    """Names of the schemas, such as ``rule``."""
    entries = (entry.name for entry in data.schemas().iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in entries if name.endswith(SUFFIX)))


@cache
def load(name: str) -> Any:
    """A schema as ``json.loads`` gives it. Raises FileNotFoundError for an unknown name."""
    return json.loads(data.schemas().joinpath(name + SUFFIX).read_text("utf-8"))


def validate(instance: object, name: str) -> list[Fault]:
    """All faults of a tree against a schema, in the order of the tree; [] if it has none."""
    return [] if _quickly(name)(instance) else _faults(instance, _validator(name))


@cache
def _quickly(name: str) -> sound_trees.Sound:
    """A quick yes for a schema's trees; where it says what is not known there, always a no."""
    try:
        return sound_trees.compiled(load(name))
    except sound_trees.Unknown:
        return lambda instance: False


def validate_against(instance: object, schema: Schema) -> list[Fault]:
    """All faults of a tree against a schema that is not of ``schemas/`` and names no other."""
    return _faults(instance, _made(schema, [schema]))


def _faults(instance: object, validator: Any) -> list[Fault]:
    errors = validator.iter_errors(instance)
    return list(dict.fromkeys(fault for error in errors for fault in _told(error)))


@cache
def _validator(name: str) -> Any:
    return _made(load(name), [load(one) for one in _closure(name)])


def _made(schema: Schema, known: Iterable[Any]) -> Any:
    """A validator of a schema that may name the known ones."""
    import jsonschema
    from referencing import Registry, Resource

    base: Any = jsonschema.Draft202012Validator
    extend: Any = jsonschema.validators.extend
    named: list[Resource[Any]] = [Resource.from_contents(one) for one in known]
    checker = base.TYPE_CHECKER.redefine_many(
        {
            "integer": _or_plain(base.TYPE_CHECKER, "integer", _INTEGER.fullmatch),
            "number": _or_plain(base.TYPE_CHECKER, "number", _NUMBER.fullmatch),
            "boolean": _or_plain(base.TYPE_CHECKER, "boolean", _BOOLEANS.__contains__),
        }
    )
    bounds = {key: _of_plain(base.VALIDATORS[key]) for key in ("minimum", "maximum")}
    kind = extend(base, bounds, type_checker=checker)
    # Crawled here, once: a registry that meets a schema only on the way crawls it at each $ref.
    registry: Registry[Any] = Registry().with_resources((str(one.id()), one) for one in named)
    days = jsonschema.FormatChecker(())
    days.checks("date")(lambda value: not isinstance(value, str) or is_day(value))
    return kind(schema, registry=registry.crawl(), format_checker=days)


def _closure(name: str) -> list[str]:
    """A schema and those that it names by file, they too, each once."""
    found = [name]
    for one in found:
        text = json.dumps(load(one))
        found += [n for n in dict.fromkeys(_REFERENCE.findall(text)) if n not in found]
    return found


def _or_plain(checker: Any, kind: str, reads: Callable[[Any], object]) -> Any:
    """A type check by which a `Plain` also is what it can be read as."""

    def check(_: object, value: object) -> bool:
        return bool(reads(value) if isinstance(value, Plain) else checker.is_type(value, kind))

    return check


def _of_plain(keyword: Any) -> Any:
    """A bound that reads a `Plain` as a number first."""

    def check(validator: Any, limit: Any, value: Any, schema: Any) -> Any:
        number = isinstance(value, Plain) and validator.is_type(value, "number")
        return keyword(validator, limit, float(value) if number else value, schema)

    return check


# --- unions --------------------------------------------------------------------------------


def _narrowed(error: Error) -> list[Error] | None:
    """Errors of the only branch of a union that can be meant; None if there is not just one."""
    branches: dict[int, list[Error]] = {}
    for cause in error.context:
        branches.setdefault(cause.relative_schema_path[0], []).append(cause)
    meant = [causes for causes in branches.values() if not any(map(_is_elsewhere, causes))]
    return meant[0] if len(meant) == 1 else None


def _is_elsewhere(cause: Error) -> bool:
    """Whether an error of a branch says that another branch is meant."""
    if cause.relative_path:
        return False
    if cause.validator == "required":
        return cause.validator_value[0] not in cause.instance
    if cause.validator in ("oneOf", "anyOf"):
        return _narrowed(cause) is None
    return bool(cause.validator == "type")


# --- words ---------------------------------------------------------------------------------


def _told(error: Error) -> Iterator[Fault]:
    """One schema error in plain Chinese; unions and lists of keys give several."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    path, value, keyword = error.absolute_path, error.instance, error.validator
    if "propertyNames" in error.absolute_schema_path:
        yield _pointer([*path, value]), f"{_shown(value)}不能作这里的键", _options(value, schema)
    elif keyword in ("oneOf", "anyOf"):
        causes = _narrowed(error)
        if causes is None:
            yield _pointer(path), *_no_branch(error, schema)
        for cause in causes or ():
            yield from _told(cause)
    elif keyword == "additionalProperties":
        for key in [k for k in value if k not in schema.get("properties", {})]:
            yield _pointer([*path, key]), *_unknown_key(key, schema)
    elif keyword in ("required", "dependentRequired"):
        for key in _missing_keys(error):
            yield _pointer(path), *_missing_key(key, schema)
    else:
        yield _pointer(path), *_wrong_value(error, schema)


def _wrong_value(error: Error, schema: Schema) -> tuple[str, str]:
    """Message and hint of an error about one value."""
    value, limit, about = error.instance, error.validator_value, str(schema.get("description", ""))
    match error.validator:
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            message = f"应为{'、'.join(_TYPES[kind] for kind in kinds)}，写的是{_shown(value)}"
        case "enum" | "const":
            return f"没有{_shown(value)}这个选项", _options(value, schema)
        case "pattern":
            message, about = f"写法不对：{_shown(value)}", about or f"应符合 {limit}"
        case "format":
            message, about = f"没有这一天：{_shown(value)}", about or "写作 2021-09-01"
        case "minLength" | "minItems":
            message = "不能为空" if limit == 1 else f"至少 {limit} 项，现有 {len(value)} 项"
        case "maxLength":
            message = f"最多 {limit} 个字，现有 {len(value)} 个字"
        case "maxItems" | "items":
            message = f"多出了项，现有 {len(value)} 项"
        case "uniqueItems":
            message = "有重复的项"
        case "minimum" | "maximum":
            bound = "小" if error.validator == "minimum" else "大"
            message = f"不能{bound}于 {limit}，写的是{_shown(value)}"
        case _:
            otherwise = "不是这里可以用的写法" if value else "不能为空"
            message = str(schema.get("x-fault", otherwise))
    return message, about


def _no_branch(error: Error, schema: Schema) -> tuple[str, str]:
    """Message and hint where no branch of a union, or more than one, can be meant."""
    known = set(_branch_keys(error))
    value = error.instance
    strange = sorted(value.keys() - known) if known and isinstance(value, dict) else []
    guesses = [f"{key} 是不是想写 {guess}？" for key in strange if (guess := _guess(key, known))]
    message = schema.get("x-fault", "不是这里可以用的写法")
    return f"{message}；写的是{_shown(value)}", "".join(guesses) or schema.get("description", "")


def _branch_keys(error: Error) -> Iterator[str]:
    """Keys that the branches of a union, and of unions that stand as its branches, know."""
    for cause in error.context:
        if not cause.relative_path and isinstance(cause.schema, dict):
            yield from cause.schema.get("properties", ())
            yield from _branch_keys(cause)


def _unknown_key(key: str, schema: Schema) -> tuple[str, str]:
    known = list(schema.get("properties", ()))
    guess = _guess(key, known)
    hint = f"是不是想写 {guess}？" if guess else f"可用：{'、'.join(known)}"
    return f"没有“{_plainly(key)}”这个键", hint


def _missing_keys(error: Error) -> list[str]:
    """Keys that are missing; jsonschema tells one ``required`` key an error, so all at once."""
    wanted = error.validator_value
    if error.validator == "dependentRequired":
        wanted = [key for has, keys in wanted.items() if has in error.instance for key in keys]
    return [key for key in wanted if key not in error.instance]


def _missing_key(key: str, schema: Schema) -> tuple[str, str]:
    told = schema.get("properties", {}).get(key, {})
    title = f"（{told['title']}）" if "title" in told else ""
    return f"缺少 {key}{title}", told.get("description", "")


def _options(value: object, schema: Schema) -> str:
    """What may be written instead: the options with their labels, or the way of writing."""
    options = [str(option) for option in schema.get("enum", [schema.get("const", "")])]
    if not any(options):
        return str(schema.get("description") or f"应符合 {schema.get('pattern', '')}")
    labels = schema.get("x-labels", {})
    told = "、".join(f"{o}（{labels[o]}）" if o in labels else o for o in options)
    guess = _guess(str(value), options) or next((o for o in options if labels.get(o) == value), "")
    return (f"是不是想写 {guess}？" if guess else "") + f"可用：{told}"


def _guess(word: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, sorted(known), 1, 0.7)), "")


def _pointer(path: Iterable[object]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _plainly(text: str, most: int = 40) -> str:
    """Text fit for a message: one line, printable, not too long."""
    line = "".join(c if c.isprintable() else "·" for c in text)
    return line if len(line) <= most else line[:most] + "…"


def _shown(value: object) -> str:
    """A value as a message shows it."""
    if value is None:
        return "空值"
    if isinstance(value, dict):
        return f"一组“键: 值”（{_plainly('、'.join(map(str, value)))}）" if value else "空的一组"
    if isinstance(value, list):
        return f"{len(value)} 项的列表"
    return f"“{_plainly(json.dumps(value) if isinstance(value, bool) else str(value))}”"
