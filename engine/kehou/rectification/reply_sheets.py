"""The form of a reply to a notice as a workbook: written for a submitter, read when it is back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kehou.errors import UsageError
from kehou.readers import DEFAULT, Document, ReadError
from kehou.readers.door import contents
from kehou.readers.filled_table import read_filled
from kehou.rectification.papers import grouped, labels_told, span
from kehou.rectification.unread_cells import seen_and_wanted
from kehou.render.office.blank_table import Column, render

#: What is offered for how far an item is; anything else may be written.
DONE: Final = ("已整改", "正在整改", "尚未整改")
_COLUMNS: Final = (
    Column("number", "序号", 6),
    Column("problem", "问题", 50),
    Column("remedy", "整改要求", 36),
    Column("done", "整改情况", 24, True, DONE),
    Column("date", "哪天完成", 14, True),
    Column("evidence", "佐证材料", 26, True),
    Column("objection", "有异议的，写明理由", 30, True),
    Column("id", "编号", 16, hidden=True),
    Column("report", "通知书", 16, hidden=True),
)
_STEPS: Final = (
    "只填橙色列名下面的格。“整改情况”可以从下拉中选，也可以写具体做了什么；没有做的留空。",
    "日期写 2021-11-25、2021年11月25日、2021.11.25 都可以。填好后连同佐证材料交回。",
)


def workbook(of: Mapping[str, Any]) -> bytes:
    """The empty reply to a notice."""
    rows = [
        {**row, "number": str(row["number"]), "report": of["report_sha256"]} for row in rows_of(of)
    ]
    return render("整改回复表", _STEPS, _COLUMNS, rows)


def rows_of(of: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each item; for the items of a missing paper one, that has all their ids."""
    rows = []
    for group in grouped(of["items"]):
        first = group[0]
        problem = first["message"]
        remedies = dict.fromkeys(item["remedy"].rstrip("。") for item in group)
        if cells := first.get("cells"):
            problem = "；".join(seen_and_wanted(cell) for cell in cells)
        elif len(group) > 1:
            labels = labels_told(group, of["items"])
            problem = f"缺“{first['paper']}”（第{span(group)}项）：{labels}"
        rows.append(
            {
                "number": span(group) if len(group) > 1 else first["number"],
                "id": " ".join(item["id"] for item in group),
                "problem": problem,
                "remedy": "；".join(remedies),
            }
        )
    return rows


def read(path: str, form: str) -> tuple[dict[str, Any], Document]:
    """The tree of a filled-in reply, as its YAML would be, and its document with places.

    Raises UsageError where it is no reply.
    """
    file = Path(path)
    headings = {column.heading: column.key for column in _COLUMNS}
    try:
        document = read_filled(contents(file, DEFAULT.table_bytes), file.name, headings, ("id",))
    except ReadError as error:
        raise UsageError("loop-unreadable", error.message, error.where, error.hint) from error
    rows = [row for row in document.tree if row.get("id")]
    reports = {row.pop("report", "") for row in rows}
    keys = ("number", "id", "problem", "done", "date", "evidence", "objection")
    items = [{key: row[key] for key in keys if key in row} for row in document.tree]
    return {"format": form, "report_sha256": "/".join(sorted(reports)), "items": items}, document


__all__ = ["DONE", "read", "rows_of", "workbook"]
