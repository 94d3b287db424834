"""What a notice asked for and the new material no longer shows: for inspectors to look at again.

That a place is gone from what was handed in proves nothing, so that a re-check cannot close it;
the sheet of the next round has a row for it, by which the place is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kehou.inspection.worksheets import SUBJECT, Item, Submitter
from kehou.model.outcomes import Outcome
from kehou.render.words import Words

#: What of a notice a look can settle; what is missing is to be handed in.
_TO_LOOK = (Outcome.FAIL.value, Outcome.REVIEW.value)


def notices_of(
    submitter: Submitter, notices: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Those of the notices that are to one submitter, by its id where both have one."""

    def same(notice: Mapping[str, Any]) -> bool:
        whose = notice[SUBJECT]
        own = submitter.report.get("submission", {}).get(SUBJECT, {})
        key = "id" if whose["id"] and own.get("id") else "name"
        return bool(whose[key]) and whose[key] == own.get(key)

    return [notice for notice in notices if same(notice)]


def items_of(
    submitter: Submitter, notices: Sequence[Mapping[str, Any]], words: Words
) -> Iterator[Item]:
    """An item for each place of a notice that the report of the new material does not name."""
    results = {result["rule"]: result for result in submitter.results}
    named = {
        one
        for result in submitter.results
        for finding in result["findings"]
        for one in finding["members"] or [finding["fingerprint"][:16]]
    }
    for notice in notices:
        for item in notice["items"]:
            result = results.get(item["rule"])
            gone = [one for one in item["members"] if one not in named]
            if result is None or item["outcome"] not in _TO_LOOK or item.get("paper") or not gone:
                continue
            first = item["clauses"][0] if item["clauses"] else {"citation": "", "quote": ""}
            told = words["worksheet.noticed"].format(
                number=item["number"], problem=item["message"].rstrip("。")
            )
            yield Item(
                0,
                result["area"],
                tuple(clause["id"] for clause in result["clauses"]),
                first["citation"],
                first["quote"],
                item["rule"],
                item["title"],
                item["label"],
                Outcome.REVIEW.value,
                told,
                "",
                gone[0],
                tuple(gone),
                severity=item["severity"],
            )


__all__ = ["items_of", "notices_of"]
