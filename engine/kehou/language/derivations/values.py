"""Values of which not everything is known, and what several of them make together.

Values are as the engines see them: None or `Unknown` for not supplied, `ABSENT`, `Bounds`, `Open`,
or a plain value. Money is fen, times are minutes of the day, dates are ISO text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

FIRST_DATE, LAST_DATE = "0001-01-01", "9999-12-31"
#: Values of which not everything is known.
VAGUE = (Unknown, Bounds, Open)
#: At most so many pointers are kept with one unknown value.
MOST_PATHS = 40


def join_paths(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Pointers of several unknowns in order, without repetition, at most MOST_PATHS.

    Each group is free of repetition. Where many subjects wait for the same rows it is the same
    group that comes again, which is told by identity.
    """
    first: Sequence[str] = ()
    seen: dict[str, None] = {}
    for paths in groups:
        if not paths or paths is first:
            continue
        if not first:
            first = paths
            if len(first) >= MOST_PATHS:
                break
            continue
        if not seen:
            seen = dict.fromkeys(first)
        seen.update(dict.fromkeys(paths))
        if len(seen) >= MOST_PATHS:
            break
    return tuple(seen or first)[:MOST_PATHS]


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
        lo = -INF if lo < -INF else lo
        hi = INF if hi > INF else hi
    return Bounds(lo, hi, paths)


def ends(value: Any) -> tuple[Any, Any]:
    """The least and the greatest that a value may be."""
    return (value.lo, value.hi) if isinstance(value, Bounds) else (value, value)


def is_open(value: Any) -> bool:
    """Whether nothing is known of a value."""
    return value is None or isinstance(value, Unknown)


def gap_of(a: Any, b: Any) -> Any:
    """What keeps two values from being computed with, absent before unknown; None for nothing."""
    if a is ABSENT or b is ABSENT:
        return ABSENT
    return unknown_of((a, b)) if type(a) is Unknown or type(b) is Unknown else None
