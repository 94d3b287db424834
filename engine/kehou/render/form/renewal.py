"""Last period's submission as the beginning of the next: what belonged to the old one is emptied.

The schema says what lasts (``x-renews``): dates are of their period unless they are kept, and
some parts are of it as a whole. Which period is meant is read as people write it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.errors import UsageError
from kehou.fields import Field, Schema, fold
from kehou.packs import Pack

_OF_PERIOD: Final = frozenset(["date", "month"])
_YEAR: Final = re.compile(r"\d{4}")


def period_of(packs: Sequence[Pack], words: str) -> dict[str, str]:
    """Paths and values of the period that words name (``2022春``); raises ``UsageError``.

    A single year is that of the period's first day, as the packs' ``periods`` say.
    """
    schema = packs[0].schema
    paths = schema.declared.dates.period
    years = _YEAR.findall(fold(words))
    rest = re.sub(r"[\d\-—–~至到年/]", "", fold(words))
    named = {key: _choice(schema.field(path), rest) for key, path in paths.items()}
    found: dict[tuple[tuple[str, str], ...], None] = {}
    for pack in packs:
        for period in pack.periods:
            fits = all(period.keys[key] == value for key, value in named.items() if value)
            texts = [text for key, text in period.keys.items() if not named[key]]
            whole = len(years) == 2 and all(_YEAR.findall(text) == years for text in texts)
            begun = len(years) == 1 and period.start.startswith(years[0])
            if fits and any(named.values()) and (whole or begun):
                found[tuple(sorted(period.keys.items()))] = None
    if len(found) != 1:
        first = next((period for pack in packs for period in pack.periods), None)
        told = (
            [_label(schema.field(paths[key]), value) for key, value in first.keys.items()]
            if (first)
            else []
        )
        hint = f"写作“{''.join(told)}”或“{first.start[:4]}{told[-1]}”的样子" if first else ""
        raise UsageError("no-period", f"不知道“{words}”是哪一期", hint=hint)
    keys = dict(next(iter(found)))
    return {paths[key]: _label(schema.field(paths[key]), value) for key, value in keys.items()}


def _choice(field: Field | None, rest: str) -> str:
    """The value of a choice that stands in a text; empty where none or more than one does."""
    if field is None or field.kind != "enum" or not rest:
        return ""
    spellings = {fold(words): value for words, value in field.spellings.items()}
    inside = {words: value for words, value in spellings.items() if words in rest}
    if inside:
        return str(inside[max(inside, key=len)])
    about = {value for words, value in spellings.items() if rest in words}
    return str(about.pop()) if len(about) == 1 else ""


def _label(field: Field | None, value: str) -> str:
    return field.labels.get(value, value) if field is not None else value


def renewed(schema: Schema, tree: Mapping[str, Any], period: Mapping[str, str]) -> dict[str, Any]:
    """A tree of text without what belonged to its own period, with the new one written in."""
    declared = schema.root.node.get("x-renews", {})
    clear, keep = frozenset(declared.get("clear", ())), frozenset(declared.get("keep", ()))
    found = _kept(schema.root, tree, clear, keep)
    for path, words in period.items():
        *above, name = path.split(".")
        holder = found
        for step in above:
            holder = holder.setdefault(step, {})
        holder[name] = words
    return found


def _kept(
    record: Field, tree: Mapping[str, Any], clear: frozenset[str], keep: frozenset[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in tree.items():
        field = record.fields[name]
        if field.path in clear or (field.kind in _OF_PERIOD and field.path not in keep):
            continue
        if isinstance(value, Mapping):
            inner = _kept(field, value, clear, keep)
            if inner or not value:
                found[name] = inner
        elif field.kind == "rows" and isinstance(value, list):
            rows = [_kept(field, row, clear, keep) for row in value]
            found[name] = [row for row in rows if row]
            if not found[name]:
                del found[name]
        else:
            found[name] = value
    return found


__all__ = ["period_of", "renewed"]
