"""The 整改 loop: a numbered notice and the submitter's reply to it.

The ids are the fingerprints of the report and stay the same throughout; how a re-check closes them
is in `closures`. Nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kehou.checking.comparison import OPEN, SHORT
from kehou.checking.report_files import refuse_faults
from kehou.errors import UsageError
from kehou.fields.dates import day_written
from kehou.language.yaml_places import Faults, Place, mapping, text
from kehou.model.outcomes import Outcome, Owner, counted_as
from kehou.model.places import in_letter
from kehou.readers import ReadError, read_path
from kehou.readers.copied_text import as_code, meant
from kehou.rectification import papers, recorded, reply_sheets
from kehou.rectification.unread_cells import Unread, unread_of

NOTICE = "kehou-notice/1"
REPLY = "kehou-reply/1"
_REPLY_KEYS = ("number", "id", "problem", "done", "date", "evidence", "objection")
#: The key of reports and notices (report.schema.json, notice.schema.json) that says whose it is.
SUBJECT = "school"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submitter wrote to one item; ``place`` is file:line."""

    done: str
    date: str
    evidence: str
    objection: str
    place: str


# --- notice --------------------------------------------------------------------------------


def notice(report: Mapping[str, Any], sha256: str, due: str) -> dict[str, Any]:
    """The notice of a report's tree: every fail, review and insufficient finding, numbered.

    What is the authority's to add or to compare, or is to be seen on site, is none of them.
    What inspectors saw broken of what no rule decides is an item, too (`recorded`).

    Order: what is broken area by area, what could not be read cell by cell, what is in doubt, what
    is missing paper by paper; red lines first within one. Advice is no matter of rectification.
    """
    unread = unread_of(report)
    found = [
        (result, _counted(f), _lack(f, report, unread))
        for result in report["results"]
        for f in result["findings"]
        if Outcome(f["outcome"]) in OPEN and result["severity"] != "advice"
        if f.get("owner", Owner.SUBJECT) == Owner.SUBJECT
    ]
    areas = list(dict.fromkeys(result["area"] for result in report["results"]))
    whose = report["submission"][SUBJECT]["name"] or ""
    found += [(*one, None) for one in recorded.breaches(report, areas, whose)]
    found = papers.sorted_items(found, areas)
    titles = report.get("areas") or {}
    return {
        "format": NOTICE,
        "stage": report["stage"],
        "as_of": report["as_of"],
        "due": due,
        "report_sha256": sha256,
        SUBJECT: {
            "id": report["submission"][SUBJECT]["id"],
            "name": report["submission"][SUBJECT]["name"],
        },
        "packs": [pack["id"] for pack in report["packs"]],
        **({"checked_on": day} if (day := report.get("check_date")) else {}),
        **({"prose": prose} if (prose := report["submission"].get("prose")) else {}),
        "items": [_item(n, *one, titles) for n, one in enumerate(found, 1)],
    }


def _counted(finding: Mapping[str, Any]) -> Mapping[str, Any]:
    """A finding with the outcome that it counts as."""
    outcome = counted_as(finding["outcome"], finding.get("unconfirmed", False))
    return {**finding, "outcome": str(outcome)}


def _lack(
    finding: Mapping[str, Any], report: Mapping[str, Any], unread: Mapping[str, Unread]
) -> papers.Lack | None:
    """What a finding waits for: a paper, or cells to be written so that they can be read."""
    cells = unread.get(finding["fingerprint"])
    if cells is not None:
        return papers.Lack(cells.paper, (), tuple(finding["missing"]), False, cells.cells)
    return papers.lack_of(finding, report) if papers.is_lacking(finding) else None


def _item(
    number: int,
    result: Mapping[str, Any],
    f: Mapping[str, Any],
    lack: papers.Lack | None,
    titles: Mapping[str, Any],
) -> dict[str, Any]:
    message = f["message"] or result["title"]
    if lack is not None and lack.others and lack.labels:  # what is not theirs to add is not told
        message = f"未提供：{'、'.join(lack.labels)}"
    folded: dict[str, Any] = {}
    if lack is not None and lack.paper:
        folded = {"paper": lack.paper, "lacks": list(lack.labels)}
        if lack.cells:
            folded = {"paper": lack.paper, "cells": [dict(cell) for cell in lack.cells]}
    return {
        "number": number,
        "id": f["fingerprint"][:SHORT],
        "members": f["members"] or [f["fingerprint"][:SHORT]],
        "rule": result["rule"],
        "title": result["title"],
        "severity": result["severity"],
        "area": titles.get(result["area"], result["area"]),
        "outcome": f["outcome"],
        "label": f["subject"]["label"],
        "message": message,
        "found": f["found"],
        "found_shown": f.get("found_shown") or {},
        "required": f["required"],
        "missing": list(lack.missing) if lack is not None else f["missing"],
        "remedy": f["remedy"],
        "place": (f.get("attestation") or {}).get("evidence") or _place(f["location"], lack),
        "clauses": [{"citation": c["citation"], "quote": c["quote"]} for c in result["clauses"]],
        **folded,
        **({"unconfirmed": True} if f.get("unconfirmed") else {}),
    }


def _place(location: Mapping[str, Any] | None, lack: papers.Lack | None) -> str:
    """Where an item stands; what a document of prose lacks stands nowhere in it."""
    if location and lack is not None and location.get("paragraph") is not None:
        return str(location["file"])
    return in_letter(location)


def read_notice(path: str) -> dict[str, Any]:
    """A notice written by ``kehou notice -o json`` or ``yaml``; raises UsageError."""
    tree = tree_of(path)[0]
    code, made_by = "notice-invalid", "请用 kehou notice … -o json=文件 生成的文件"
    if not isinstance(tree, dict) or tree.get("format") != NOTICE:
        raise UsageError(code, "这不是整改通知书的数据文件", path, made_by)
    refuse_faults(tree, "notice", path, code, "整改通知书", made_by)
    return {**tree, "items": [{**one, "number": int(one["number"])} for one in tree["items"]]}


def tree_of(path: str) -> tuple[Any, Any]:
    """(tree, document) of a file of the loop; raises UsageError where it cannot be read."""
    try:
        document = read_path(Path(path))
    except ReadError as error:
        raise UsageError("loop-unreadable", error.message, error.where, error.hint) from error
    return document.tree, document


# --- reply ---------------------------------------------------------------------------------


def reply(of: Mapping[str, Any]) -> dict[str, Any]:
    """An empty reply to a notice, for the submitter to fill: a row an item, or a missing paper."""
    return {
        "format": REPLY,
        "report_sha256": of["report_sha256"],
        "items": [
            {
                "number": row["number"],
                "id": row["id"],
                "problem": row["problem"],
                "done": "",
                "date": "",
                "evidence": "",
                "objection": "",
            }
            for row in reply_sheets.rows_of(of)
        ],
    }


def read_reply(
    path: str, of: Mapping[str, Any]
) -> tuple[dict[str, Answer], list[tuple[str, str, str]]]:
    """(answers by id, faults as (file:line, message, hint)); a fault costs no other item.

    Of an id that is answered twice the first answer counts. Raises UsageError where the file has
    no readable tree or answers another notice.
    """
    if path.lower().endswith((".xlsx", ".xls", ".xlsm")):
        tree, document = reply_sheets.read(path, REPLY)
    else:
        tree, document = tree_of(path)
    tree = meant(tree)
    if not isinstance(tree, dict) or tree.get("format") != REPLY:
        raise UsageError(
            "reply-invalid",
            "这不是整改回复表",
            path,
            "请用 kehou notice … --reply 文件 生成的表填写",
        )
    if tree.get("report_sha256") != of["report_sha256"]:
        raise UsageError("reply-other", "这份回复对应的是另一份通知书", path, "请核对文件")
    faults = Faults()
    at = Place(document, faults)
    numbers = {item["id"]: item["number"] for item in of["items"]}
    answers: dict[str, Answer] = {}
    items = tree.get("items")
    if not isinstance(items, list):
        (at / "items").fault("这里应当是一个列表")
        items = []
    for i, item in enumerate(items):
        place = at / "items" / i
        d = mapping(item, place, _REPLY_KEYS, ("id",))
        ids = [as_code(word) for word in text(d.get("id"), place / "id").split()]
        known = _known(ids, numbers, answers, place)
        if not known:
            continue
        told = numbers[known[0]]
        if len(ids) == 1 and d.get("number") is not None and str(d["number"]) != str(told):
            (place / "number").fault(f"序号与编号不符，应为 {told}", "按编号对应")
        text(d.get("problem"), place / "problem")  # the notice's own words; a text all the same
        when = _day(d.get("date"), place / "date")
        span, cell = document.span(place.pointer), document.cell(place.pointer)
        answer = Answer(
            text(d.get("done"), place / "done"),
            when or "",
            text(d.get("evidence"), place / "evidence"),
            text(d.get("objection"), place / "objection"),
            f"{document.name}!{cell}" if cell else f"{document.name}:{span.line if span else 1}",
        )
        answers |= dict.fromkeys(known, answer)
    return answers, faults.placed()


def _known(
    ids: Sequence[str],
    numbers: Mapping[str, int],
    answers: Mapping[str, Answer],
    place: Place,
) -> list[str]:
    """Those of a row's ids that the notice has and that were not answered before."""
    found = []
    for one in filter(None, ids):
        if one not in numbers:
            (place / "id").fault(f"通知书中没有编号 {one}", "请照通知书填写，不要改动编号")
        elif one in answers:
            (place / "id").fault(f"编号 {one} 回复了两次", "只取前一次，请合为一项")
        else:
            found.append(one)
    return found


def _day(tree: Any, place: Place) -> str | None:
    """A day as people write it; a fault where it is none."""
    words = text(tree, place).strip()
    found = day_written(words)
    if words and not found:
        place.fault(f"“{words}”不是日期", "写作 2021-11-25 或 2021年11月25日")
    return found or None
