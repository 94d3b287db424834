"""A cell that could not be read is told once, with what waits for it; not rule by rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.support.command_line import here as kehou

from kehou.model.places import in_letter
from kehou.rectification.unread_cells import seen_and_wanted, unread_of

EXAMPLES = Path(__file__).parents[2] / "examples"


def report(faults: Mapping[str, str], waits: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Faults by pointer, and what findings could not read by their fingerprints."""
    return {
        "faults": [
            {
                "location": {"file": "表.xlsx", "cell": cell, "excerpt": f"{cell}栏：某某"},
                "path": path,
                "found": "某某",
                "allowed": "是、否",
                "hint": "",
            }
            for path, cell in faults.items()
        ],
        "results": [
            {"findings": [{"outcome": "error", "fingerprint": name, "missing": list(paths)}]}
            for name, paths in waits.items()
        ],
    }


def test_cells_that_something_waits_for_together_are_one_group() -> None:
    found = unread_of(
        report(
            {"/a/0/x": "A1", "/a/1/x": "A2", "/b": "B1", "/c": "C1"},
            {"一": ("/a/0/x", "/a/1/x"), "二": ("/a/1/x",), "三": ("/b/0",), "四": ("/d",)},
        )
    )
    assert [cell["place"] for cell in found["一"].cells] == ["表.xlsx!A1", "表.xlsx!A2"]
    assert found["二"] == found["一"]
    assert [cell["place"] for cell in found["三"].cells] == ["表.xlsx!B1"]
    assert "四" not in found, "no cell is at fault: it stands as it is"


def test_a_cell_says_where_it_is_what_is_seen_and_what_it_should_be() -> None:
    [cell] = unread_of(report({"/b": "B1"}, {"一": ("/b",)}))["一"].cells
    assert seen_and_wanted(cell) == "表.xlsx的“B1”（B1栏）：所见“某某”，应为是、否"
    assert in_letter({"file": "plan.yaml", "line": 3}) == "plan.yaml:3"
    assert in_letter(None) == ""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A form with a breach, and two cells that nobody can read."""
    folder = tmp_path_factory.mktemp("unread")
    source = str(EXAMPLES / "first-check")
    kehou("form", "--from", source, "-o", "表.xlsx", cwd=folder)
    book = openpyxl.load_workbook(folder / "表.xlsx")
    sheet = book["服务时段"]
    heads = {cell.value: cell.column for row in sheet["A1:AZ6"] for cell in row}
    sheet.cell(7, heads["活动"]).value = "看情况"
    book.save(folder / "表.xlsx")
    kehou("check", "表.xlsx", "-o", "json=报告.json", cwd=folder)
    files = ("-o", "json=通知.json", "-o", "text=通知.txt", "--reply", "回复.yaml")
    code, _, complained = kehou("notice", "报告.json", "--due", "2021-12-31", *files, cwd=folder)
    assert code == 0, complained
    return {
        "notice": json.loads((folder / "通知.json").read_text("utf-8")),
        "text": (folder / "通知.txt").read_text("utf-8"),
        "reply": (folder / "回复.yaml").read_text("utf-8"),
    }


def test_breaches_stand_first_and_the_cell_once(told: Mapping[str, Any]) -> None:
    outcomes = [item["outcome"] for item in told["notice"]["items"]]
    order = [one for n, one in enumerate(outcomes) if one not in outcomes[:n]]
    assert order[:2] == ["fail", "error"]
    assert outcomes.count("error") > 1
    assert told["text"].count("所见“看情况”") == 1
    assert told["text"].index("〔不符合·") < told["text"].index("所见“看情况”")
    assert "填写有误，无法评定" not in told["text"]


def test_the_cell_has_one_row_in_the_reply(told: Mapping[str, Any]) -> None:
    errors = [item["id"] for item in told["notice"]["items"] if item["outcome"] == "error"]
    rows = [line for line in told["reply"].splitlines() if "看情况" in line]
    assert len(rows) == 1
    assert all(one in told["reply"] for one in errors)
