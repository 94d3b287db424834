"""Whoever reads a report of ours refuses, with a sentence, what is not quite one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.command_line import here

from kehou import check, render_report
from kehou.checking import CheckOptions
from kehou.checking.report_files import is_report, read_reports
from kehou.errors import UsageError
from kehou.model.outcomes import Stage

PLAN = Path(__file__).parents[1] / "data" / "reported" / "closed-stdout" / "plan.yaml"
#: The readers of reports; each is called with the file where its report stands.
READERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "check --baseline": lambda file: ("check", str(PLAN), "--baseline", file),
    "diff": lambda file: ("diff", file, file),
    "worksheet": lambda file: ("worksheet", file),
    "circular": lambda file: ("circular", file),
    "notice": lambda file: ("notice", file, "--due", "2021-10-01"),
    "verify": lambda file: ("verify", file),
    "recheck": lambda file: ("recheck", file, file, str(PLAN)),
    "attest": lambda file: ("attest", file),
}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    options = CheckOptions(stage=Stage.INSPECTION, engine="direct", track=True)
    return dict(json.loads(render_report(check(PLAN, options), "json")))


def damaged(tree: dict[str, Any]) -> dict[str, bytes]:
    """Files that are not quite reports."""

    def text(**changed: Any) -> bytes:
        return json.dumps({**tree, **changed}).encode()

    return {
        "deep": b"[" * 100_000,
        "deep inside": b'{"format": "kehou-report/1", "results": ' + b"[" * 100_000,
        "no list": text(results=None),
        "words": text(results=["x"]),
        "number": text(submission=3),
        "stage": text(stage="x"),
        "packs": text(packs=[{}]),
        "many": b'{"format": "kehou-reports/1", "reports": 3}',
        "many of nothing": b'{"format": "kehou-reports/1", "reports": [null]}',
        "empty": b"",
        "bytes": b"\xff\xfe\x00",
        "day": text(as_of="2021-02-30"),
    }


@pytest.mark.parametrize("name", READERS)
def test_no_reader_believes_what_is_not_quite_a_report(
    name: str, report: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "r.json"
    for kind, content in damaged(report).items():
        file.write_bytes(content)
        code, out, told = here(*READERS[name](str(file)))
        assert (kind, code in (2, 4)) == (kind, True), out + told
        assert (kind, "Traceback" in out + told, "内部出错" in out + told) == (kind, False, False)
        assert (kind, "kehou：" in told or "r.json" in out) == (kind, True)


@pytest.mark.parametrize("name", READERS)
def test_what_is_no_file_is_neither_waited_for_nor_read_without_end(
    name: str, tmp_path: Path
) -> None:
    pipe = tmp_path / "r.json"
    os.mkfifo(pipe)
    for path in (str(pipe), "/dev/zero", str(tmp_path), str(tmp_path / "nothing.json")):
        code, out, told = here(*READERS[name](path))
        assert (path, code in (2, 4)) == (path, True)
        assert "Traceback" not in out + told and "内部出错" not in out + told


def test_faults_are_told_with_their_places(report: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(damaged(report)["no list"])
    with pytest.raises(UsageError, match="报告的内容不合格式") as found:
        read_reports(file)
    assert "\n  /results：" in str(found.value)
    assert found.value.where == str(file)


def test_a_whole_report_is_read(report: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(report), "utf-8")
    assert read_reports(file)[0] == [report]
    assert is_report(file)
    assert not is_report(PLAN)
