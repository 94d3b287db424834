"""The re-check of a notice, item by item: the closure table.

A reply never closes an item: only the re-check of new material does, or what inspectors saw after
the notice (`looks`). Nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kehou.checking import Past
from kehou.checking.comparison import became
from kehou.checking.report_files import refuse_faults
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome, counted_as
from kehou.model.places import in_letter
from kehou.rectification.looks import FAIL, PASS, Look, Looks, since_of
from kehou.rectification.notices import SUBJECT, Answer, tree_of

CLOSURE = "kehou-closure/1"
#: What a re-check says of what a program read from prose as it should be and nobody confirmed.
ONLY_READ = "unconfirmed"
#: Outcomes of a subject that an attestation does not change in a check.
_NOTHING_TO_SETTLE = (Outcome.NOT_APPLICABLE, Outcome.INSUFFICIENT)


def closure(
    of: Mapping[str, Any],
    answers: Mapping[str, Answer],
    now: Past,
    closed_before: frozenset[str] = frozenset(),
    received: str = "",
    looks: Sequence[Look] = (),
) -> dict[str, Any]:
    """The closure table; ``closed_before`` are ids that an earlier closure held 已整改.

    ``looks`` are what inspectors saw of this submitter, as far as it is in force.
    """
    rows = []
    seen = Looks(looks, since_of(of))
    for item in of["items"]:
        answer = answers.get(item["id"])
        states = [_state(item["rule"], one, now, seen) for one in item["members"]]
        result = _result(states, answer, item["id"] in closed_before)
        late = bool(answer and of["due"] < max(answer.date, received))
        rows.append(
            {
                "number": item["number"],
                "id": item["id"],
                "rule": item["rule"],
                "problem": item["message"],
                "replied": answered(answer),
                "done": answer.done if answer else "",
                "date": answer.date if answer else "",
                "evidence": answer.evidence if answer else "",
                "objection": answer.objection if answer else "",
                "late": late,
                "result": result,
                "members": {"fixed": sum(s == "fixed" for s in states), "all": len(states)},
                "now": _now(item, now, seen),
                **({"looks": told} if (told := seen.told(item["rule"], item["members"])) else {}),
                **{key: item[key] for key in ("paper", "cells") if item.get(key)},
            }
        )
    return {
        "format": CLOSURE,
        "report_sha256": of["report_sha256"],
        "due": of["due"],
        "received": received,
        "since": seen.since,
        SUBJECT: of[SUBJECT],
        "items": rows,
    }


def _now(item: Mapping[str, Any], now: Past, looks: Looks) -> list[dict[str, Any]]:
    """What the re-check says of each subject that is not settled: outcome, words, place, changes.

    Subjects of which it says the same are told once, with their number.
    """
    told: list[dict[str, Any]] = []
    for one in item["members"]:
        found = now.items.get(one)
        if found is not None:
            said = {
                "outcome": str(counted_as(found.outcome, found.unconfirmed)),
                "message": found.message or found.title,
                "place": in_letter(found.at) or found.place,
                "changed": _changed(item, found.shown),
            }
        elif one in now.only_read:
            at = in_letter(now.only_read[one])
            said = {"outcome": ONLY_READ, "message": "", "place": at, "changed": []}
        elif (state := _state(item["rule"], one, now, looks)) in ("unseen", "unjudged"):
            said = {"outcome": state, "message": "", "place": "", "changed": []}
        else:
            continue
        same = [row for row in told if {**said, "n": row["n"]} == row]
        if same:
            same[0]["n"] += 1
        else:
            told.append({**said, "n": 1})
    return told


def _changed(item: Mapping[str, Any], shown: Mapping[str, str]) -> list[dict[str, str]]:
    """Fields that the notice and the re-check both tell, with another value now."""
    before = item.get("found_shown") or {}
    return [
        {"field": title, "before": before[title], "after": value}
        for title, value in shown.items()
        if title in before and before[title] != value
    ]


def answered(answer: Answer | None) -> bool:
    """Whether an item was replied to: a form left empty is no reply."""
    return answer is not None and bool(answer.done or answer.objection)


def _state(rule: str, one: str, now: Past, looks: Looks) -> str:
    """fixed, open (fail), review, insufficient, or what else became of one subject.

    Of what the new material does not have any more, or does not let anybody judge, the look that
    was taken after the notice decides: the check had nothing that it could have settled.
    """
    item = now.items.get(one)
    if item is None and one in now.only_read:
        return "review"
    if item is None:
        state = became(rule, one, now.judged, now.rules)[0]
        if now.judged.get(one, Outcome.NOT_APPLICABLE) not in _NOTHING_TO_SETTLE:
            return state
        seen = looks.at(rule, one)[0]
        if seen == FAIL:
            return "open"
        return "fixed" if seen == PASS and state != "gone" else state
    named = {Outcome.FAIL: "open", Outcome.REVIEW: "review"}
    return named.get(counted_as(item.outcome, item.unconfirmed), "insufficient")


def _result(states: Sequence[str], answer: Answer | None, was_closed: bool) -> str:
    """One word for an item. Only when every subject passes is it fixed."""
    kinds = set(states)
    if len(kinds) == 1 and kinds <= {"fixed", "waived", "gone"}:
        return kinds.pop()
    if kinds <= {"fixed", "waived", "gone"}:
        return "fixed" if "fixed" in kinds else "gone"
    if was_closed and "open" in kinds:
        return "reopened"
    if answer is not None and answer.objection:
        return "disputed"
    if "fixed" in kinds:
        return "partly"
    return next((kind for kind in ("open", "review") if kind in kinds), "insufficient")


def closed_in(path: str, of: Mapping[str, Any]) -> frozenset[str]:
    """Ids that an earlier closure table of the same notice held fixed; raises UsageError."""
    tree = tree_of(path)[0]
    code, made_by = "closure-invalid", "请用 kehou recheck … -o json=文件 生成的文件"
    if not isinstance(tree, dict) or tree.get("format") != CLOSURE:
        raise UsageError(code, "这不是整改情况表的数据文件", path, made_by)
    refuse_faults(tree, "closure", path, code, "整改情况表", made_by)
    if tree["report_sha256"] != of["report_sha256"]:
        raise UsageError(code, "这不是同一份通知书的整改情况表", path, made_by)
    return frozenset(r["id"] for r in tree["items"] if r["result"] in ("fixed", "reopened"))
