"""One file of many schools for programs: what a platform takes, whatever the number of schools."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.command_line import here
from tests.support.school_batch import write_schools

from kehou.batch.joined_sarif import join
from kehou.errors import UsageError


def log(number: int, rules: str = "甲") -> bytes:
    """The log of one school: its results point into rules by number."""
    run = {
        "tool": {"driver": {"rules": [{"id": rules}]}},
        "translations": [],
        "taxonomies": [],
        "language": "zh-CN",
        "automationDetails": {"id": f"kehou/approval/{number}/"},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": f"{number}/plan.yaml"}}],
        "results": [{"ruleId": rules, "ruleIndex": 0, "message": {"text": str(number)}}],
        "properties": {"school": {"id": str(number)}},
    }
    return json.dumps({"$schema": "s", "version": "2.1.0", "runs": [run]}).encode()


def joined(logs: list[bytes]) -> list[dict[str, object]]:
    file = BytesIO()
    join(file, len(logs), logs.__getitem__)
    found = json.loads(file.getvalue())
    assert (found["$schema"], found["version"]) == ("s" if logs else "", "2.1.0")
    runs: list[dict[str, object]] = found["runs"]
    return runs


@pytest.mark.parametrize("count, most", [(0, 0), (1, 1), (20, 1), (21, 2), (41, 3), (300, 15)])
def test_no_log_has_more_runs_than_a_platform_takes_and_no_school_is_lost(
    count: int, most: int
) -> None:
    """GitHub takes no file of more than 20 runs: 300 schools are 20 runs of 15."""
    runs = joined([log(number) for number in range(count)])
    assert len(runs) <= 20
    texts = [r["message"]["text"] for run in runs for r in run["results"]]  # type: ignore[attr-defined]
    assert texts == [str(number) for number in range(count)]
    assert max((len(run["results"]) for run in runs), default=0) == most  # type: ignore[arg-type]
    for run in runs:
        whose = run["properties"]
        assert isinstance(whose, dict)
        told = whose.get("submissions", [whose])
        assert len(told) == len(run["invocations"]) == len(run["artifacts"])  # type: ignore[arg-type]


def test_a_result_points_to_the_rule_that_it_names() -> None:
    """Schools of two terms are judged by different packs: their runs are not put together."""
    runs = joined([log(number, "甲" if number % 2 else "乙") for number in range(50)])
    assert len(runs) <= 20
    for run in runs:
        rules = run["tool"]["driver"]["rules"]  # type: ignore[index]
        for result in run["results"]:  # type: ignore[attr-defined]
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_too_many_kinds_for_one_file_are_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError) as told:
        joined([log(number, str(number)) for number in range(21)])
    assert told.value.hint == "一份材料写一个文件"


def test_a_folder_of_schools_makes_one_file_for_each_platform(tmp_path: Path) -> None:
    """The files of a nightly run over a folder; with -v a platform is told of every finding."""
    write_schools(tmp_path / "各校", 3)
    out = ["-o", f"junit={tmp_path}/a.xml", "-o", f"sarif={tmp_path}/a.sarif"]
    call = ("check", "各校", "--engine", "direct", "--store", str(tmp_path / "存"))
    code, _, complained = here(*call, *out, "-o", f"gitlab={tmp_path}/a.json", cwd=tmp_path)
    assert code in (1, 3, 4), complained
    few = json.loads((tmp_path / "a.sarif").read_text("utf-8"))["runs"]
    assert all(r["kind"] == "fail" for run in few for r in run["results"])
    here(*call, "-v", "-o", f"sarif={tmp_path}/a.sarif", "-q", cwd=tmp_path)
    whole = json.loads((tmp_path / "a.sarif").read_text("utf-8"))["runs"]
    assert len(whole) == len(few) == 3
    assert any(r["kind"] == "pass" for run in whole for r in run["results"])
    cases = [
        line.partition(' name="')[0] + line.partition(' name="')[2].partition('"')[0]
        for line in (tmp_path / "a.xml").read_text("utf-8").splitlines()
        if line.startswith("    <testcase ")
    ]
    assert len(cases) == len(set(cases)) > 300
    issues = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 0
