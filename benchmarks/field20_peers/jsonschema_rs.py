"""JSON Schema on jsonschema-rs: seventeen rules, each a branch of ``allOf``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from benchmarks.field20.generate import EXEMPT
from benchmarks.field20.reference import Finding
from benchmarks.field20_peers.rows import FLAGS, ROWS, RowRule

#: What compares two fields, or adds up.
LEFT_OUT = frozenset({"procedure-filed", "procedure-consent-first", "funds-balance"})


def make() -> Callable[[bytes], list[Finding]]:
    import jsonschema_rs

    exempt = {"allOf": [{"contains": {"const": one}} for one in EXEMPT]}
    rules: list[tuple[str, str, dict[str, Any]]] = [(r.rule, r.field, _rows(r)) for r in ROWS]
    rules += [(rule, path, _at(path, {"const": True})) for rule, path in FLAGS]
    rules += [
        ("fee-exemptions", "exempt_categories", _at("exempt_categories", exempt)),
        ("safety-exercise", "exercise_minutes", _at("exercise_minutes", {"minimum": 60})),
        ("vendor-record", "status", _vendors()),
    ]
    schema = {"allOf": [schema for _, _, schema in rules]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    names = [(rule, field) for rule, field, _ in rules]

    def found(plan: bytes) -> list[Finding]:
        tree = orjson.loads(plan)
        findings: dict[Finding, None] = {}
        for error in validator.iter_errors(tree):
            rule, field = names[int(error.schema_path[1])]
            place, value = _place(tree, error.instance_path, field)
            word = "unknown" if value is None else "fail"
            if rule == "vendor-record":
                word = _of_vendor(tree, int(error.instance_path[1]))
                place = f"vendors[{error.instance_path[1]}].status"
            findings[rule, word, place] = None
        return list(findings)

    return found


def _place(tree: Any, path: list[Any], field: str) -> tuple[str, Any]:
    """Where the field of the subject that an error is about stands, and what."""
    depth = max((n + 1 for n, step in enumerate(path) if isinstance(step, int)), default=0)
    place, value = "", tree
    for step in path[:depth]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
        value = value[step]
    if field == "exempt_categories" and depth:
        place, value = "", tree
    for step in field.split("."):
        place += f".{step}"
        value = value.get(step) if isinstance(value, dict) else None
    return place.lstrip("."), value


def _of_vendor(tree: Any, number: int) -> str:
    vendor = tree["vendors"][number]
    certain = vendor.get("status") is not None and True in vendor["flags"].values()
    return "fail" if certain else "unknown"


def _at(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    if rest:
        return {"properties": {head: _at(rest, schema)}}
    known = {"not": {"type": "null"}}
    return {"required": [head], "properties": {head: {"allOf": [known, schema]}}}


def _rows(one: RowRule) -> dict[str, Any]:
    if one.most:
        hours, minutes = one.most.split(":")
        tens = "" if minutes == "00" else f"|{hours}:[0-{int(minutes[0]) - 1}][0-9]"
        met: dict[str, Any] = {
            "pattern": f"^(0[0-9]:..|1[0-{int(hours[1]) - 1}]:..{tens}|{one.most})$"
        }
        met["type"] = "string"
    else:
        met = {"enum": list(one.good)} if one.good else {"not": {"enum": list(one.bad)}}
    row = _at(one.field, met)
    if one.when is not None and "." not in one.when[0]:
        row = {"if": {"properties": {one.when[0]: {"const": one.when[1]}}}, "then": row}
    schema: dict[str, Any] = {"items": row}
    for step in reversed(one.list.split(".")):
        schema = {"properties": {step: schema}}
    if one.when is not None and "." in one.when[0]:
        head, _, last = one.when[0].partition(".")
        asked = {"properties": {head: {"properties": {last: {"const": one.when[1]}}}}}
        return {"if": asked, "then": schema}
    return schema


def _vendors() -> dict[str, Any]:
    flags = ["fraud", "safety", "fee"]
    clean = {"required": flags, "properties": {flag: {"const": False} for flag in flags}}
    out = {"required": ["status"], "properties": {"status": {"const": "suspended"}}}
    row = {"if": {"not": out}, "then": {"properties": {"flags": clean}}}
    return {"properties": {"vendors": {"items": row}}}


__all__ = ["LEFT_OUT", "make"]
