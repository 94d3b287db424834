"""What waits for a paper, in one row: the paper is to be got, and the rules are judged by it."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.inspection.worksheets import Item, Submitter
from kehou.render.words import Words

#: So many labels and titles of no red line are named.
_LABELS, _TITLES = 6, 3


def paper_row(items: Sequence[Item], words: Words) -> dict[str, str]:
    """What a person reads of a paper and all that waits for it, by column of a worksheet."""
    first, last = items[0], items[-1]
    numbers = str(first.number) if first is last else f"{first.number}—{last.number}"
    red = [item for item in items if item.severity == "critical"]
    titles = list(dict.fromkeys(item.title for item in red or items))
    shown = titles if red else titles[:_TITLES]
    more = words["digest.names.more"] if len(shown) < len(titles) else ""
    told = words["worksheet.waits_red" if red else "worksheet.waits"].format(
        n=len({item.rule for item in items}),
        red=len(titles),
        titles=words["semicolon"].join(shown) + more,
    )
    return {
        "number": numbers,
        "area": words["worksheet.paper"],
        "clauses": "",
        "quote": "",
        "checked": first.paper,
        "subject": _lacking(items, words),
        "look": told,
        "place": first.place,
        "outcome": words["outcome.insufficient"],
    }


def _lacking(items: Sequence[Item], words: Words) -> str:
    """What of the paper is missing; of one that is missing whole, that alone."""
    paper = items[0].paper
    labels = list(dict.fromkeys(label for item in items for label in item.lacks))
    if paper in labels:
        return words["worksheet.missing_whole"]
    own = [one.removeprefix(paper).lstrip("· ") for one in labels if one.startswith(paper)]
    named = words["list"].join((own or labels)[:_LABELS])
    return named + (words["digest.names.more"] if len(own or labels) > _LABELS else "")


def empty_told(submitter: Submitter, words: Words) -> str:
    """What a sheet without items says: nothing is left to look at, or nothing could be read."""
    return words["worksheet.none" if submitter.results else "worksheet.unread"]


def left_out(citations: Sequence[str], words: Words) -> str:
    """Which clauses are no items since no rule of theirs applies; "" where there is none."""
    if not citations:
        return ""
    named = words["list"].join(citations)
    return words["worksheet.left_out"].format(n=len(citations), citations=named)
