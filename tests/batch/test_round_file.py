"""A round that was written earlier: read back as it was, and refused where it is not quite one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.round_entries import FAIL, OPEN, RED, UNREAD

from kehou.batch.round_file import read_round, written
from kehou.errors import UsageError

ROUND = json.loads(written("inspection", "2021-11-20", [RED, FAIL, OPEN, UNREAD]))


def put(tmp_path: Path, text: str) -> str:
    file = tmp_path / "round.json"
    file.write_text(text, "utf-8")
    return str(file)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = read_round(put(tmp_path, json.dumps(ROUND)))
    assert (found.stage, found.on) == ("inspection", "2021-11-20")
    assert [e.id for e in found.entries] == ["1", "2", "3", ""]
    assert found.entries[0].rules == RED.rules


@pytest.mark.parametrize("key", ["format", "stage", "on", "entries"])
@pytest.mark.parametrize("wrong", [None, 7, "2025-02-30", {}, ...])
def test_no_member_of_a_round_may_be_another_thing(key: str, wrong: Any, tmp_path: Path) -> None:
    tree = {k: v for k, v in (ROUND | {key: wrong}).items() if v is not ...}
    with pytest.raises(UsageError, match="上一轮的汇总") as found:
        read_round(put(tmp_path, json.dumps(tree)))
    assert found.value.where.endswith("round.json")
    assert "summary" in found.value.hint


@pytest.mark.parametrize("key", list(ROUND["entries"][0]))
@pytest.mark.parametrize("wrong", [None, 7.5, {"x": 1}, ["x", 1], -1, True, ...])
def test_no_member_of_an_entry_may_be_another_thing(key: str, wrong: Any, tmp_path: Path) -> None:
    if key == "dated_by_field" and wrong is True:
        return
    if key in ("left", "waived") and wrong is ...:
        return  # what was not kept in rounds of before
    entry = {k: v for k, v in (ROUND["entries"][1] | {key: wrong}).items() if v is not ...}
    tree = ROUND | {"entries": [ROUND["entries"][0], entry]}
    with pytest.raises(UsageError) as found:
        read_round(put(tmp_path, json.dumps(tree)))
    assert f"/entries/1/{key}" in found.value.message


@pytest.mark.parametrize(
    "member", [(2, "grave"), (4, "failed"), (5, -1), (5, 10**12), (5, True), (0, None)]
)
def test_no_rule_of_an_entry_may_be_another_thing(member: tuple[int, Any], tmp_path: Path) -> None:
    tree = json.loads(json.dumps(ROUND))
    tree["entries"][0]["rules"][0][member[0]] = member[1]
    with pytest.raises(UsageError, match="/entries/0/rules"):
        read_round(put(tmp_path, json.dumps(tree)))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"format": "kehou-round/1", "entries": ' + "[" * 90 + "]" * 90 + "}",
        json.dumps(ROUND).replace('"stage"', '"stage": "approval", "stage"', 1),
        json.dumps(ROUND).replace('"code": 0', '"code": ' + "9" * 5000),
        json.dumps(ROUND).replace('"code": 0', '"code": NaN'),
        "[]",
        "",
    ],
)
def test_what_is_no_text_of_ours_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="上一轮的汇总"):
        read_round(put(tmp_path, text))
