"""What showing a value has in common in every language: the mask, ends of kinds, times, money."""

from __future__ import annotations

from typing import Any, Final

from kehou.fields.scalars import yuan
from kehou.model.values import INF, Bounds

#: What stands for a value that is never shown.
MASK: Final = "███"
#: The first and the last value that there is, of kinds that have one.
ENDS: Final[dict[str, tuple[Any, Any]]] = {
    "date": ("0001-01-01", "9999-12-31"),
    "month": ("0001-01", "9999-12"),
    "time": (0, 1439),
}


def known_ends(value: Bounds, kind: str) -> tuple[Any, Any]:
    """The two ends of a value known in part; None for one that only says that nothing is known."""
    least, most = ENDS.get(kind, (-INF, INF))
    lo = None if value.lo == least or value.lo == -INF else value.lo
    hi = None if value.hi == most or value.hi == INF else value.hi
    return lo, hi


def show_time(minutes: int) -> str:
    """Minutes of the day as ``18:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def show_money(fen: int) -> str:
    """Fen as yuan without idle decimals: ``300元``, ``12.50元``."""
    text = yuan(fen)
    return (text[:-3] if text.endswith(".00") else text) + "元"


__all__ = ["ENDS", "MASK", "known_ends", "show_money", "show_time"]
