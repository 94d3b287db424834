"""A form is helped as YAML is: the same facts give the same proposals, told by sheet and cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.formbook import schema

from kehou.cli.main import main
from kehou.forms import open_form
from kehou.remedy.sheet_edits import Written, in_rows

pytestmark = pytest.mark.checkout

EXAMPLES = Path(__file__).parents[2] / "examples"
FIRST = EXAMPLES / "first-check"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("forms") / "申报表.xlsx"
    assert main(["form", "--from", str(FIRST), "-o", str(file)]) == 0
    return file


def suggested(path: Path, folder: Path) -> dict[str, Any]:
    out = folder / "fix.json"
    main(["fix", "--suggest", str(path), "-o", f"json={out}"])
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def test_the_same_facts_have_the_same_proposals(form: Path, tmp_path: Path) -> None:
    ours, theirs = suggested(form, tmp_path), suggested(FIRST, tmp_path)
    told = [(e["path"], e["new"], e["value"], e["together"]) for e in ours["edits"]]
    assert told == [(e["path"], e["new"], e["value"], e["together"]) for e in theirs["edits"]]
    assert [e["location"]["cell"] for e in ours["edits"]] == ["服务时段!K8", "费用减免!C12"]
    assert ours["decision"] == theirs["decision"] and ours["left"] == theirs["left"] == []


def test_a_patch_of_a_form_is_refused_with_the_way_out(
    form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", "--suggest", str(form), "-o", "patch"]) == 2
    assert "-o text" in capsys.readouterr().err


def test_the_letter_names_the_box_and_asks_for_what_it_asks_of_yaml(
    form: Path, tmp_path: Path
) -> None:
    asked = {}
    for path in (form, FIRST):
        out = tmp_path / "request.json"
        main(["request", str(path), "-o", f"json={out}"])
        asked[path] = json.loads(out.read_text("utf-8"))["items"]
    assert [i["path"] for i in asked[form]] == [i["path"] for i in asked[FIRST]]
    account = next(item for item in asked[form] if item["path"] == "/fee/account")
    assert account["places"] == [
        {"file": form.name, "line": None, "column": None, "cell": "收费!B7"}
    ]
    assert {item["paste"]["form"] for item in asked[form]} == {"cell"}
    assert all("写作 [" not in item["allowed"] for item in asked[form])


def test_a_form_that_leaves_a_part_out_is_not_said_to_have_its_box(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled, short = tmp_path / "全.xlsx", tmp_path / "短.xlsx"
    assert main(["form", "--from", str(FIRST), "-o", str(filled)]) == 0
    book = load_workbook(filled)
    del book["领导小组"]
    book.save(short)
    capsys.readouterr()
    main(["request", str(short)])
    told = capsys.readouterr().out
    assert "领导小组，短.xlsx没有列出这一栏，请换成列全的表来填" in told
    assert "!A1" not in told
    # how to make that form is told to whoever runs the program, and stands in no letter
    letter, _, remarks = told.partition("本材料由核查工具依据所载规则集生成")
    assert "kehou" not in letter
    assert f"kehou form --from {short.name} -o 新表.xlsx" in remarks


def test_rows_are_proposed_at_the_first_free_line(form: Path) -> None:
    document = open_form(form.read_bytes(), form.name, schema())
    assert document is not None
    rows = [{"category": "孤儿", "treatment": "免收"}, {"category": "其他"}]
    assert in_rows(document, ["fee_exemptions"], rows) == (
        Written("费用减免", "B13", "孤儿"),
        Written("费用减免", "C13", "免收"),
        Written("费用减免", "B14", "其他"),
    )
