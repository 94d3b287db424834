"""Random parameters and submissions for the synthetic pack, and the values all draw from.

Everything draws from a `random.Random`: a seeded one for volume, or Hypothesis's, which shrinks.
Values come from small pools, so that both sides of a limit, and the limit, are met all the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.support.synthetic import LABELS, Tree

from kehou.fields import Field

AS_OF = ("2021-09-01", "2021-08-31", "2022-01-01")

#: Values by kind, as a rule or a plan writes them.
POOLS: dict[str, tuple[str, ...]] = {
    "integer": ("0", "1", "2", "3", "4", "-1", "999999999999999"),
    "small": ("0", "1", "2", "3"),
    "time": ("08:00", "12:00", "17:30", "18:30", "18:31"),
    "date": ("2021-08-31", "2021-09-01", "2021-09-02", "2022-01-01", "2020-02-29"),
    "month": ("2021-08", "2021-09", "2022-01"),
    "money": ("0", "1", "2", "2.50", "300"),
    "decimal": ("0", "0.5", "1", "0.333333", "2.5"),
    "text": ("甲", "乙", "7", "true", "甲 乙", 'a"b\\c', "t甲", "2021-09-01"),
    "boolean": ("true", "false"),
    **{name: tuple(labels) for name, labels in LABELS.items()},
}
INVALID = {
    "integer": "许多",
    "time": "25:00",
    "date": "2021-02-30",
    "month": "2021-13",
    "enum": "？",
    "money": "1.234",
    "decimal": "多",
    "boolean": "也许",
}

#: Parameters: (kind of the value, whether many, kinds of the keys).
PARAMETERS: dict[str, tuple[str, bool, tuple[str, ...]]] = {
    **{f"p_{kind}": (kind, False, ()) for kind in POOLS if kind not in ("season", "small")},
    "l_text": ("text", True, ()),
    "l_integer": ("integer", True, ()),
    "l_date": ("date", True, ()),
    "l_kind": ("kind", True, ()),
    "l_level": ("level", True, ()),
    "t_integer": ("integer", False, ("kind",)),
    "t_time": ("time", False, ("boolean",)),
    "t_date": ("date", False, ("small",)),
    "t_money": ("money", False, ("kind", "boolean")),
    "t_decimal": ("decimal", False, ("kind",)),
    "t_month": ("month", False, ("small", "small")),
    "t_text": ("text", False, ("text",)),
    "t_kind": ("kind", False, ("level",)),
    "t_boolean": ("boolean", False, ("text", "boolean")),
    "t_list": ("text", True, ("boolean",)),
    "t_kinds": ("kind", True, ("level", "kind")),
}
KEYS = {
    "kind": "plan.kind",
    "boolean": "school.boarding",
    "small": "school.place.floor",
    "text": "plan.note",
    "level": "school.level",
}


def chance(rng: Random, percent: int) -> bool:
    """True so many times in a hundred; Hypothesis shrinks it to false."""
    return rng.randrange(100) >= 100 - percent


# --- parameters ----------------------------------------------------------------------------


def parameters(rng: Random) -> dict[str, Tree]:
    """Definitions of all parameters: some unset, some set later, tables with holes and stars."""
    return {name: _parameter(rng, *shape) for name, shape in PARAMETERS.items()}


def _parameter(rng: Random, kind: str, many: bool, keys: tuple[str, ...]) -> Tree:
    dates = [("2021-01-01",), ("2021-01-01", "2021-09-01"), ("2021-09-01",), ()]
    tree: Tree = {
        "title": "参数",
        "type": "enum" if kind in LABELS else kind,
        "tighter": "fixed",
        "values": [
            {"from": start, "value": _table(rng, kind, many, keys), "ground": "A.1"}
            for start in dates[rng.choice((0, 0, 0, 1, 1, 2, 3))]
        ],
    }
    if many:
        tree["many"] = "true"
    if keys:
        tree["by"] = [KEYS[key] for key in keys]
    return tree


def _table(rng: Random, kind: str, many: bool, keys: tuple[str, ...]) -> Any:
    if not keys:
        return several(rng, kind) if many else rng.choice(POOLS[kind])
    rows = [key for key in POOLS[keys[0]] if chance(rng, 60)]
    if chance(rng, 50) or not rows:
        rows.append("*")
    return {key: _table(rng, kind, many, keys[1:]) for key in rows}


def several(rng: Random, kind: str) -> list[str]:
    """One to three values of a pool."""
    pool = POOLS[kind]
    size = rng.randint(1, min(3, len(pool)))
    return [pool[i] for i in sorted(rng.sample(range(len(pool)), size))]


# --- submissions ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Odds:
    """How often, in a hundred, a value is missing, stated to be none, or invalid."""

    missing: int = 15
    absent: int = 10
    invalid: int = 4
    rows: int = 3


def submission(rng: Random, root: Field, odds: Odds = Odds()) -> Tree:
    """A tree of text as a school might hand it in."""
    found = {}
    for name, part in root.fields.items():
        if part.kind == "rows" and chance(rng, 88):
            found[name] = _rows(rng, part, odds)
        elif (value := _value(rng, part, odds)) is not None:
            found[name] = value
    return found


def _rows(rng: Random, part: Field, odds: Odds) -> list[Any]:
    assert part.item is not None
    item = part.item
    return [
        "？" if chance(rng, odds.invalid) else _record(rng, item, odds)
        for _ in range(rng.randint(1, odds.rows))
    ]


def _record(rng: Random, record: Field, odds: Odds) -> Tree:
    values = {name: _value(rng, field, odds) for name, field in record.fields.items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(rng: Random, field: Field, odds: Odds) -> Any:
    if chance(rng, odds.missing):
        return None
    if field.absent and chance(rng, odds.absent):
        return "无"
    if field.kind == "record":
        return _record(rng, field, odds)
    if field.kind == "rows":
        return _rows(rng, field, odds)
    if field.kind == "list":
        assert field.item is not None
        found = several(rng, pool_of(field.item))
        spoilt = chance(rng, odds.invalid) and field.item.kind == "integer"
        return [*found, "？"] if spoilt else found
    if field.kind in INVALID and chance(rng, odds.invalid):
        return INVALID[field.kind]
    least = field.minimum
    return rng.choice([v for v in POOLS[pool_of(field)] if least is None or float(v) >= least])


def pool_of(field: Field) -> str:
    """The pool that the values of a scalar field come from."""
    if field.kind == "enum":
        return next(kind for kind, labels in LABELS.items() if labels == field.labels)
    bounded = field.minimum is not None and field.maximum is not None
    return "small" if bounded or field.name == "grades" else field.kind
