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
from kehou.checking.report_files import is_report, read_ours, read_reports
from kehou.errors import UsageError
from kehou.model.outcomes import Stage

PLAN = Path(__file__).parents[1] / "data" / "reported" / "closed-stdout" / "plan.yaml"
SCHEME = str(Path(__file__).parents[2] / "docs" / "scheme-example" / "scheme.yaml")
#: The readers of reports; each is called with the file where its report stands.
READERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "check --baseline": lambda file: ("check", str(PLAN), "--engine", "direct", "--baseline", file),
    "diff": lambda file: ("diff", file, file),
    "worksheet": lambda file: ("worksheet", file),
    "circular": lambda file: ("circular", file),
    "notice": lambda file: ("notice", file, "--due", "2021-10-01"),
    "verify": lambda file: ("verify", file),
    "recheck": lambda file: ("recheck", file, file, str(PLAN)),
    "attest": lambda file: ("attest", file),
    "score": lambda file: ("score", file, "--scheme", SCHEME),
    "score --previous": lambda file: (
        *("score", str(PLAN), "--scheme", SCHEME, "--engine", "direct"),
        *("--previous", file),
    ),
    "bundle --baseline": lambda file: (
        *("bundle", str(PLAN), "--engine", "direct", "--baseline", file),
        *("-o", f"{file}.zip"),
    ),
    "check --waivers": lambda file: ("check", str(PLAN), "--engine", "direct", "--waivers", file),
    "check --attestations": lambda file: (
        "check",
        str(PLAN),
        "--engine",
        "direct",
        "--attestations",
        file,
    ),
    "check --data": lambda file: (
        "check",
        str(PLAN),
        "--engine",
        "direct",
        "--data",
        f"county_list={file}",
    ),
}


#: Readers that check a submission first are shown one file of a kind.
AFTER_A_CHECK = [name for name in READERS if " --" in name]
ONE_OF_A_KIND = ("deep inside", "closed inside", "no list", "a ranking's", "bytes")


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
        "closed": b"[" * 990 + b"]" * 990,
        "closed inside": text(results=3).replace(b": 3", b": " + b"[" * 900 + b"]" * 900),
        "more inside": text(more=3).replace(
            b'"more": 3', b'"more": ' + b'{"a":' * 300 + b"1" + b"}" * 300
        ),
        "a bundle's": b'{"format": "kehou-bundle/1", "files": ' + b"[" * 900 + b"]" * 900 + b"}",
        "a notice's": b'{"format": "kehou-notice/1", "items": ' + b"[" * 900 + b"]" * 900 + b"}",
        "a ranking's": b'{"format": "kehou-ranking/1", "scheme": ' + b"[" * 900 + b"]" * 900 + b"}",
        "no list": text(results=None),
        "words": text(results=["x"]),
        "number": text(submission=3),
        "stage": text(stage="x"),
        "packs": text(packs=[{}]),
        "many": b'{"format": "kehou-reports/1", "reports": 3}',
        "many of nothing": b'{"format": "kehou-reports/1", "reports": [null]}',
        "empty": b"",
        "nothing": b"null",
        "a bare number": b"1e308",
        "a bare text": b'"x"',
        "bytes": b"\xff\xfe\x00",
        "day": text(as_of="2021-02-30"),
    }


@pytest.mark.parametrize("name", READERS)
def test_no_reader_believes_what_is_not_quite_a_report(
    name: str, report: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "r.json"
    kinds = damaged(report)
    for kind in ONE_OF_A_KIND if name in AFTER_A_CHECK else kinds:
        content = kinds[kind]
        file.write_bytes(content)
        code, out, told = here(*READERS[name](str(file)))
        assert (kind, code in (2, 4)) == (kind, True), out + told
        assert (kind, "Traceback" in out + told, "内部出错" in out + told) == (kind, False, False)
        assert (kind, "Error" in out + told) == (kind, False)
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


@pytest.mark.parametrize("depth", [65, 500, 100_000])
def test_what_is_nested_too_deep_is_told_at_its_place(depth: int, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    head = b'{"format": "kehou-report/1",\n "results": '
    file.write_bytes(head + b"[" * depth + b"]" * depth + b"}")
    with pytest.raises(UsageError, match="嵌套超过 64 层") as found:
        read_reports(file)
    assert found.value.where == f"{file}:2:{13 + 63}"


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


def test_what_our_own_never_writes_is_refused(report: dict[str, Any], tmp_path: Path) -> None:
    """Readers differ in which of two keys they take, and in what a number without end is."""
    file = tmp_path / "r.json"
    text = json.dumps(report)
    for wrong in (
        text.replace('"stage"', '"stage": "approval", "stage"', 1),
        text.replace('"advice": ', '"advice": ' + "9" * 5000, 1),
        text.replace('"advice": ', '"advice": ' + "9" * 30, 1),
        text.replace('"advice": ', '"advice": NaN, "x": ', 1),
    ):
        assert wrong != text
        file.write_text(wrong, "utf-8")
        with pytest.raises(UsageError) as found:
            read_reports(file)
        assert str(file) in found.value.where
        assert found.value.hint


@pytest.mark.parametrize("digest", [None, "junk", 7, "g" * 64])
def test_no_report_without_its_digest_is_scored(
    digest: Any, report: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(report | {"stage": "assessment", "digest": digest}), "utf-8")
    code, out, told = here(*READERS["score"](str(file)))
    assert (code, out) == (4, "")
    assert f"{file}：" in told and "/digest：" in told and "原文件" in told


def test_a_file_of_ours_is_held_against_its_schema(tmp_path: Path) -> None:
    file = tmp_path / "排名.json"
    wanted = ("kehou-ranking/1", "no-previous", "排名", "请重新生成")
    for text, told in (
        ("{", "这不是 JSON 排名："),
        ("[]", "这不是 kehou 的排名"),
        ('{"format": "kehou-report/1"}', "这不是 kehou 的排名"),
        ('{"format": "kehou-ranking/1", "previous": 7}', "\n  /：缺少 tool"),
    ):
        file.write_text(text, "utf-8")
        with pytest.raises(UsageError) as found:
            read_ours(str(file), *wanted)
        assert told in found.value.message
        assert found.value.where.startswith(str(file))
        assert found.value.hint == "请重新生成"
