"""The clause that a person means: by its id, by its number in the text, or by words of it."""

from __future__ import annotations

from typing import Final

from kehou.errors import UsageError
from kehou.model.outcomes import ClauseStatus
from kehou.packs import Pack

#: Characters of the clauses that are offered.
_MOST_HINT: Final = 400


def named_clause(pack: Pack, clause: str | None) -> str:
    """The clause asked for, by its id or words of it, else one that rules may carry.

    Raises UsageError where there is none, or several of such words.
    """
    if clause is not None:
        if clause in pack.clauses:
            return clause
        own = pack.topmost().clauses or pack.clauses
        found = [c.id for c in own.values() if clause and clause in f"{c.citation}{c.quote}"]
        if len(found) == 1:
            return found[0]
        shown = "；".join(f"{name}“{own[name].quote[:20]}”" for name in (found or own))
        told = f"说到“{clause}”的条款有几条" if found else f"没有条款 {clause}"
        raise UsageError("clause-not-found", told, hint=f"写编号：{shown[:_MOST_HINT]}")
    carried = (ClauseStatus.AUTOMATED, ClauseStatus.PARTLY)
    found = [c.id for c in pack.clauses.values() if c.status in carried]
    if not found:
        hint = "在 clauses.yaml 中把所依据的条款写作 automated 或 partly，再用 --clause 指明"
        raise UsageError("clause-none", "没有可由规则承担的条款", hint=hint)
    return found[0]


__all__ = ["named_clause"]
