"""What inspectors saw of the items of a notice closes them, or says why it does not.

That a place is gone from the new filing proves nothing. That somebody went and saw does, where it
was after the notice and nobody saw otherwise on the same day; and how to have it count is told.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.command_line import here as kehou
from tests.support.prose import BREACH, plan

from kehou.checking.comparison import Past
from kehou.errors import EXIT_UNSETTLED
from kehou.model.outcomes import Outcome
from kehou.rectification import closures
from kehou.rectification.looks import Look

STAGE = ("--stage", "inspection", "--engine", "direct", "--pack", "bayannur-2021")
RULE = "statement-exam-drill"


def attestation(item: dict[str, Any], verdict: str, day: str, photo: str) -> dict[str, Any]:
    return {
        "school": "示例镇中心小学",
        "rule": item["rule"],
        "subject": item["members"][0],
        "members": item["members"],
        "verdict": verdict,
        "seen": "周五第二节",
        "evidence": photo,
        "office": "某局（示例）",
        "date": day,
        "until": "2022-01-20",
    }


@pytest.fixture
def noticed(tmp_path: Path) -> tuple[Path, dict[str, Any], str]:
    """A folder with a notice of 2021-10-12, its item on the sentence, and the new filing."""
    old = plan(tmp_path, BREACH)
    kehou("check", str(old), *STAGE, "-o", f"json={tmp_path}/r.json", "--on", "2021-10-12")
    reply = ("--reply", f"{tmp_path}/reply.yaml", "-o", f"json={tmp_path}/n.json")
    kehou("notice", f"{tmp_path}/r.json", "--due", "2021-11-30", *reply)
    notice = json.loads((tmp_path / "n.json").read_text("utf-8"))
    assert notice["checked_on"] == "2021-10-12"
    (tmp_path / "新").mkdir()
    [item] = [item for item in notice["items"] if item["rule"] == RULE]
    return tmp_path, item, str(plan(tmp_path / "新"))


def rechecked(folder: Path, new: str, *entries: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The row of the sentence in the closure table, and the table's text."""
    files: list[str] = []
    for n, entry in enumerate(entries):
        file = folder / f"a{n}.json"
        file.write_text(json.dumps({"attestations": [entry]}), "utf-8")
        files += ["--attestations", str(file)]
    into = ("-o", f"json={folder}/c.json", "-o", f"text={folder}/c.txt")
    arguments = (f"{folder}/n.json", f"{folder}/reply.yaml", new)
    code, _, told = kehou("recheck", *arguments, *files, *into)
    assert code == EXIT_UNSETTLED, told
    rows = json.loads((folder / "c.json").read_text("utf-8"))["items"]
    [row] = [row for row in rows if row["rule"] == RULE]
    return row, (folder / "c.txt").read_text("utf-8")


def test_a_deleted_sentence_stays_open_and_the_way_out_is_told(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    folder, _, new = noticed
    row, told = rechecked(folder, new)
    assert row["result"] == "insufficient"
    assert "删去了不等于改了" in told
    assert "要到校查看，看过以后写进核实记录，用 --attestations 载入" in told


def test_who_went_there_afterwards_closes_it_with_day_and_evidence(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    folder, item, new = noticed
    row, told = rechecked(folder, new, attestation(item, "pass", "2021-11-28", "照片31"))
    assert row["result"] == "fixed"
    assert "2021年11月28日核实为符合" in told and "照片31" in told


def test_who_went_before_the_notice_says_nothing_of_what_was_mended(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    folder, item, new = noticed
    row, told = rechecked(folder, new, attestation(item, "pass", "2021-10-12", "照片9"))
    assert row["result"] == "insufficient"
    assert "载入的核实是通知以前的" in told and "晚于2021年10月12日" in told


def test_the_record_of_the_inspection_may_stay_among_those_of_the_second_visit(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    folder, item, new = noticed
    both = (
        attestation(item, "fail", "2021-10-12", "照片13"),
        attestation(item, "pass", "2021-11-28", "照片31"),
    )
    assert rechecked(folder, new, *both)[0]["result"] == "fixed"


def test_two_of_one_day_that_contradict_are_said_to_contradict(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    folder, item, new = noticed
    both = (
        attestation(item, "fail", "2021-11-28", "照片30"),
        attestation(item, "pass", "2021-11-28", "照片31"),
    )
    row, told = rechecked(folder, new, *both)
    assert row["result"] == "insufficient"
    assert "核实互相矛盾" in told and "照片30" in told and "照片31" in told


def test_of_a_sentence_that_is_still_there_the_later_look_decides(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    """The check itself would use neither of two that contradict each other."""
    folder, item, _ = noticed
    same = str(plan(folder / "新", BREACH))
    both = (
        attestation(item, "fail", "2021-10-12", "照片13"),
        attestation(item, "pass", "2021-11-28", "照片31"),
    )
    row, told = rechecked(folder, same, *both)
    assert row["result"] == "fixed"
    assert "照片31" in told and "照片13" not in told


def state(*looks: tuple[str, str]) -> str:
    """What becomes of one place that the new material does not show, the rule being judged."""
    one = "0" * 16
    of = {
        "report_sha256": "",
        "as_of": "2021-09-01",
        "checked_on": "2021-10-12",
        "due": "2021-11-30",
        "school": {"id": None, "name": "甲"},
        "items": [{"number": 1, "id": one, "rule": "r", "message": "m", "members": [one]}],
    }
    now = Past("", {}, frozenset(), {"r": Outcome.PASS}, {})
    seen = [Look("r", (one,), verdict, "s", "e", "o", day) for verdict, day in looks]
    [row] = closures.closure(of, {}, now, looks=seen)["items"]
    return str(row["result"])


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ((), "insufficient"),
        ((("pass", "2021-10-12"),), "insufficient"),
        ((("pass", "2021-10-13"),), "fixed"),
        ((("fail", "2021-11-28"),), "open"),
        ((("pass", "2021-11-01"), ("fail", "2021-11-02")), "open"),
        ((("fail", "2021-11-01"), ("pass", "2021-11-02")), "fixed"),
        ((("fail", "2021-11-02"), ("pass", "2021-11-02")), "insufficient"),
    ],
)
def test_the_last_day_after_the_notice_decides(
    looks: tuple[tuple[str, str], ...], expected: str
) -> None:
    assert state(*looks) == expected


def test_the_worksheet_of_the_new_round_has_a_row_for_what_is_gone(
    noticed: tuple[Path, dict[str, Any], str],
) -> None:
    """Without it an inspector has nowhere to write that it has stopped."""
    folder, item, new = noticed
    kehou("check", new, *STAGE, "-o", f"json={folder}/r2.json")
    sheet = ("worksheet", f"{folder}/r2.json", "-o", "json")
    told = json.loads(kehou(*sheet, "--notice", f"{folder}/n.json")[1])
    [row] = [row for row in told["schools"][0]["items"] if row["rule"] == RULE]
    assert row["members"] == item["members"]
    assert row["look"].startswith(f"通知书第{item['number']}项：")
    without = json.loads(kehou(*sheet)[1])
    assert not [row for row in without["schools"][0]["items"] if row["rule"] == RULE]


def test_a_notice_to_another_makes_no_sheet(noticed: tuple[Path, dict[str, Any], str]) -> None:
    folder, _, new = noticed
    kehou("check", new, *STAGE, "-o", f"json={folder}/r2.json")
    notice = json.loads((folder / "n.json").read_text("utf-8"))
    notice["school"]["name"] = "乙校（示例）"
    (folder / "n2.json").write_text(json.dumps(notice), "utf-8")
    given = ("--notice", f"{folder}/n2.json")
    code, _, told = kehou("worksheet", f"{folder}/r2.json", *given)
    assert code == 2
    assert "乙校（示例）" in told
