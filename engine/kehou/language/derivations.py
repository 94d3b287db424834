"""The closed list of derived-value functions, their types, and what they make of unknowns.

`EntityDef` and `Derivation` are what ``facts.yaml`` declares (language.md §1). The functions below
take values as the engines see them: None or `Unknown` for not supplied, `ABSENT`, `Bounds`,
`Open`, or a plain value. Money is fen, times are minutes of the day, dates are ISO text.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kehou.language.conditions import Type
from kehou.model.rules import Arg, Cond
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

FIRST_DATE, LAST_DATE = "0001-01-01", "9999-12-31"
#: Values of which not everything is known.
VAGUE = (Unknown, Bounds, Open)
#: At most so many pointers are kept with one unknown value.
MOST_PATHS = 40


@dataclass(frozen=True, slots=True)
class EntityDef:
    """One kind of subject.

    ``form`` is ``list`` (rows at ``path``), ``inner`` (records in ``field`` of each ``of``),
    ``expand`` (one row per combination of ``over``), ``group``, ``pairs`` or ``overlaps``.
    """

    name: str
    form: str
    path: str = ""
    of: str = ""
    field: str = ""
    copy: tuple[tuple[str, str], ...] = ()
    over: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    where: Cond | None = None
    pairs: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    key: tuple[str, ...] = ()
    label: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derived field: ``fn`` of the closed list, with the members that it takes.

    Aggregates read entity ``over`` where ``same`` (their field, my field) agree and ``where``
    holds; ``lookup`` reads it by ``match`` (my field, their field) alternatives.
    """

    entity: str
    name: str
    fn: str
    over: str = ""
    same: tuple[tuple[str, str], ...] = ()
    where: Cond | None = None
    that: Cond | None = None
    of: str = ""
    flatten: bool = False
    match: tuple[tuple[str, str], ...] = ()
    at: str = ""
    valid: tuple[str, ...] = ()
    take: str = ""
    args: tuple[Arg, ...] = ()
    named: tuple[tuple[str, Arg], ...] = ()
    factors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    overnight: bool = False
    line: int = 0


AGGREGATES = ("count", "sum", "min", "max", "collect", "distinct", "has", "every")
ARITHMETIC = ("plus", "minus", "times", "ratio")
FUNCTIONS = (
    *AGGREGATES,
    "lookup",
    "first",
    *ARITHMETIC,
    "minutes_between",
    "days_between",
    "month_of",
    "by_unit",
)


def result_type(fn: str, types: Sequence[Type]) -> Type:
    """Type of a derived field from the types of what it reads (``of``, ``take`` or arguments).

    Raises ValueError with a Chinese sentence where the types do not fit.
    """
    if fn in ("count", "distinct"):
        return Type("integer", interval=True)
    if fn in ("has", "every") or (fn == "lookup" and not types):
        return Type("boolean", domain=(True, False))
    interval = any(t.interval for t in types)
    if not types:
        raise ValueError(f"{fn} 缺少要计算的字段")
    first = types[0]
    if fn == "by_unit":
        wrong = first.many or first.kind not in ("money", "integer", "decimal")
        _refuse(wrong, "by_unit 的 amount 应当是数或金额")
        return Type(first.kind, interval=interval)
    if fn == "collect":
        return Type(first.kind, many=True, private=first.private)
    if fn in ("lookup",):
        return first
    if fn == "first":
        if any((t.kind, t.many) != (first.kind, first.many) for t in types):
            raise ValueError("first 的各字段类型不一致")
        same = all(t.domain == first.domain for t in types)
        return Type(first.kind, first.many, interval, first.domain if same else None)
    if fn in ("sum", "min", "max"):
        _refuse(first.many or first.kind in ("text", "enum", "boolean", "record"), "不能求值")
        _refuse(fn == "sum" and first.kind in ("date", "month", "time"), "日期和时刻不能求和")
        return Type(first.kind, interval=True)
    if fn == "minutes_between":
        _refuse(any(t.kind != "time" for t in types), "minutes_between 只用于时刻")
        return Type("integer", interval=interval)
    if fn == "days_between":
        _refuse(any(t.kind != "date" for t in types), "days_between 只用于日期")
        return Type("integer", interval=interval)
    if fn == "month_of":
        _refuse(first.kind != "date", "month_of 只用于日期")
        return Type("month", interval=interval)
    return _arithmetic_type(fn, types, interval)


def _arithmetic_type(fn: str, types: Sequence[Type], interval: bool) -> Type:
    kinds = [t.kind for t in types]
    numbers = {"integer", "money", "decimal", "time"}
    if fn in ("plus", "minus") and kinds[0] == "date" and kinds[1] == "integer":
        return Type("date", interval=interval)
    _refuse(not set(kinds) <= numbers, "只能对数、金额或时刻做算术")
    if fn == "ratio":
        _refuse(kinds[0] != kinds[1], "ratio 的两项单位不同")
        return Type("decimal", interval=True)
    if fn == "times":
        _refuse(kinds.count("money") > 1, "金额不能乘金额")
        _refuse({"money", "decimal"} <= set(kinds), "金额乘小数得不到整分，请改用 ratio 比较")
        kind = "money" if "money" in kinds else "decimal" if "decimal" in kinds else "integer"
        return Type(kind, interval=interval)
    _refuse(kinds[0] != kinds[1], f"{fn} 的两项单位不同")
    return Type(kinds[0], interval=interval)


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise ValueError(message)


# --- unknowns ------------------------------------------------------------------------------


def join_paths(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Pointers of several unknowns in order, without repetition, at most MOST_PATHS."""
    seen: dict[str, None] = {}
    for paths in groups:
        if not paths:
            continue
        for path in paths:
            seen.setdefault(path)
        if len(seen) >= MOST_PATHS:
            break
    return tuple(seen)[:MOST_PATHS] if seen else ()


def paths_of(value: Any) -> tuple[str, ...]:
    """Pointers that would settle a value; none for a plain one."""
    return value.paths if isinstance(value, VAGUE) else ()


def unknown_of(values: Iterable[Any]) -> Unknown | None:
    """The unknown that several operands make together, or None where all are known."""
    found = [v for v in values if type(v) is Unknown]
    if not found:
        return None
    if len(found) == 1 and len(found[0].paths) <= MOST_PATHS:
        return found[0]
    return Unknown(join_paths(v.paths for v in found), all(v.closable for v in found))


def unplaced_of(values: Iterable[Any]) -> Unknown | None:
    """The same for values that must be met exactly, where bounds and open lists tell nothing."""
    vague = [v for v in values if isinstance(v, VAGUE)]
    if not vague:
        return None
    return unknown_of(v if isinstance(v, Unknown) else Unknown(v.paths) for v in vague)


def bounds(lo: Any, hi: Any, paths: tuple[str, ...]) -> Any:
    """A plain value where both ends meet, else Bounds; beyond ±INF an end is open."""
    if lo == hi:
        return lo
    if not isinstance(lo, str):
        lo, hi = max(lo, -INF), min(hi, INF)
    return Bounds(lo, hi, paths)


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.lo, value.hi) if isinstance(value, Bounds) else (value, value)


# --- functions of one subject --------------------------------------------------------------


def arithmetic(fn: str, a: Any, b: Any) -> Any:
    """``plus minus times ratio`` of two values; absent if either is, and for a ratio over zero."""
    unknown = unknown_of((a, b))
    if a is ABSENT or b is ABSENT:
        return ABSENT
    if unknown:
        return unknown
    if isinstance(_ends(a)[0], str):
        return _shift(a, b if fn == "plus" else _negate(b))
    (a0, a1), (b0, b1) = _ends(a), _ends(b)
    paths = join_paths((paths_of(a), paths_of(b)))
    if fn == "plus":
        return bounds(a0 + b0, a1 + b1, paths)
    if fn == "minus":
        return bounds(a0 - b1, a1 - b0, paths)
    if fn == "times":
        corners = [x * y for x in (a0, a1) for y in (b0, b1)]
        return bounds(min(corners), max(corners), paths)
    if b0 == b1 == 0:
        return ABSENT
    if b0 <= 0 <= b1:
        return Unknown(paths)
    corners = [Fraction(x) / Fraction(y) for x in (a0, a1) for y in (b0, b1)]
    return bounds(min(corners), max(corners), paths)


def _negate(value: Any) -> Any:
    lo, hi = _ends(value)
    return bounds(-hi, -lo, paths_of(value))


def _shift(date: Any, days: Any) -> Any:
    (d0, d1), (n0, n1) = _ends(date), _ends(days)
    paths = join_paths((paths_of(date), paths_of(days)))
    return bounds(add_days(d0, n0), add_days(d1, n1), paths)


def add_days(date: str, days: int) -> str:
    """ISO date some days later, held within years 1 to 9999."""
    ordinal = datetime.date.fromisoformat(date).toordinal() + days
    last = datetime.date.max.toordinal()
    return datetime.date.fromordinal(min(max(ordinal, 1), last)).isoformat()


def minutes_between(a: Any, b: Any, overnight: bool) -> Any:
    """Minutes from time ``a`` to time ``b``; past midnight where ``overnight`` and b is earlier."""
    if a is ABSENT or b is ABSENT:
        return ABSENT
    unknown = unknown_of((a, b))
    if unknown:
        return unknown
    (a0, a1), (b0, b1) = _ends(a), _ends(b)
    paths = join_paths((paths_of(a), paths_of(b)))
    if not overnight or b0 >= a1:
        return bounds(b0 - a1, b1 - a0, paths)
    if b1 < a0:
        return bounds(b0 - a1 + 1440, b1 - a0 + 1440, paths)
    return Unknown(paths)


def days_between(a: Any, b: Any) -> Any:
    """Days from date ``a`` to date ``b``; negative where b is earlier."""
    if a is ABSENT or b is ABSENT:
        return ABSENT
    unknown = unknown_of((a, b))
    if unknown:
        return unknown
    (a0, a1), (b0, b1) = _ends(a), _ends(b)
    paths = join_paths((paths_of(a), paths_of(b)))
    return bounds(_days(a1, b0), _days(a0, b1), paths)


def _days(a: str, b: str) -> int:
    start, end = datetime.date.fromisoformat(a), datetime.date.fromisoformat(b)
    return (end - start).days


def month_of(date: Any) -> Any:
    """The month that a date lies in, as ``2021-09``."""
    if date is ABSENT or isinstance(date, Unknown):
        return date
    first, last = _ends(date)
    return bounds(first[:7], last[:7], paths_of(date))


def by_unit(named: Mapping[str, Any], factors: Mapping[str, Sequence[str]]) -> Any:
    """The whole of an ``amount`` that is given per ``unit``: times the factors of that unit.

    ``factors`` are the names, in ``named``, of what each unit is multiplied by. A unit that they
    do not list, or a factor that is not supplied, leaves the whole unknown.
    """
    amount, unit = named["amount"], named["unit"]
    if amount is ABSENT or unit is ABSENT:
        return ABSENT
    unknown = unknown_of((amount, unit))
    if unknown:
        return unknown
    if unit not in factors:
        return Unknown(())
    total = amount
    for name in factors[unit]:
        factor = named.get(name)
        if factor is None or factor is ABSENT:
            return Unknown(())
        total = arithmetic("times", total, factor)
    return total


def first(values: Iterable[Any]) -> Any:
    """The first value that is supplied; a faulty one stops the search, absent ones are passed."""
    seen: list[Any] = []
    for value in values:
        if isinstance(value, Unknown):
            if not value.closable:
                return value
            seen.append(value)
        elif value is not ABSENT and value is not None:
            return value
    return unknown_of(seen) or ABSENT


# --- functions of many members -------------------------------------------------------------
#
# A member is (value, sure): ``value`` as read from the row, ``sure`` whether it certainly
# belongs. ``more`` says that there may be members nobody has seen. ``paths`` settle all of it.

Member = tuple[Any, bool]


def count(members: Sequence[Member], more: bool, paths: tuple[str, ...]) -> Any:
    """How many members there are."""
    sure = sum(1 for _, certain in members if certain)
    return bounds(sure, INF if more else len(members), paths)


def total(members: Sequence[Member], more: bool, paths: tuple[str, ...], floor: Any) -> Any:
    """Sum of the members; ``floor`` is the least value a field may have, None for no limit."""
    least = -INF if floor is None else min(floor, 0)
    low = high = 0
    for value, certain in members:
        if value is ABSENT:
            continue
        # What is not known may be stated to be none, and then adds nothing.
        a, b = (least, INF) if _open(value) else _ends(value)
        low += a if certain else min(a, 0)
        high += b if certain else max(b, 0)
    if more:
        low, high = low + (-INF if least < 0 else 0), INF
    return bounds(max(low, -INF), min(high, INF), paths)


def _open(value: Any) -> bool:
    return value is None or isinstance(value, Unknown)


def extreme(
    fn: str, members: Sequence[Member], more: bool, paths: tuple[str, ...], ends: tuple[Any, Any]
) -> Any:
    """``min`` or ``max`` of the members; absent over none, unknown where there may be none."""
    sign = max if fn == "max" else min
    low: list[Any] = []
    high: list[Any] = []
    uncertain = more
    sure: list[Any] = []
    for value, certain in members:
        if value is ABSENT:
            continue
        a, b = ends if _open(value) else _ends(value)
        uncertain = uncertain or _open(value) or not certain
        low.append(a)
        high.append(b)
        if certain and not _open(value):
            sure.append((a, b))
    if not sure:
        return Unknown(paths) if uncertain else ABSENT
    least = sign(a for a, _ in sure)
    most = sign(b for _, b in sure)
    if fn == "max":
        most = ends[1] if more else max(high)
    else:
        least = ends[0] if more else min(low)
    return bounds(least, most, paths)


def collect(members: Sequence[Member], more: bool, paths: tuple[str, ...], flatten: bool) -> Any:
    """The distinct values of the members in order; open where more may belong."""
    items: dict[Any, None] = {}
    is_open = more
    for value, certain in members:
        if value is ABSENT:
            continue
        if _open(value) or isinstance(value, Bounds) or not certain:
            is_open = True
            continue
        if isinstance(value, Open):
            is_open = True
            value = value.items
        for item in value if flatten or isinstance(value, tuple) else (value,):
            items.setdefault(item)
    return Open(tuple(items), paths) if is_open else tuple(items)


def distinct(
    members: Sequence[Member], more: bool, paths: tuple[str, ...], many: bool = False
) -> Any:
    """How many different values the members have; ``many`` says that each may hold several."""
    known = [(v, certain) for v, certain in members if v is not ABSENT]
    found = {item for v, certain in known if certain for item in _items(v)}
    unseen = sum(len(set(_items(v)) - found) for v, certain in known if not certain)
    vague = [certain for v, certain in known if _open(v) or isinstance(v, (Bounds, Open))]
    open_ended = more or (many and bool(vague))
    most = INF if open_ended else len(found) + unseen + len(vague)
    bounded = any(certain and isinstance(v, Bounds) for v, certain in known)
    return bounds(len(found) or int(bounded), most, paths)


def _items(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Open):
        return value.items
    if _open(value) or isinstance(value, Bounds):
        return ()
    return value if isinstance(value, tuple) else (value,)


def quantified(
    fn: str, members: Sequence[Member], more: bool, paths: tuple[str, ...], closable: bool
) -> Any:
    """``has`` or ``every``: members are (verdict of ``that``, sure); Kleene."""
    decisive = fn == "has"
    uncertain = more
    for verdict, certain in members:
        if verdict is decisive and certain:
            return decisive
        if verdict is not (not decisive):
            uncertain = True
    return Unknown(paths, closable) if uncertain else not decisive
