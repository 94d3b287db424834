"""Two days held against each other, either of which may be stated to be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import command_line

from kehou.authoring import run_cases
from kehou.authoring.unfinished import SHEET

POLICY = """\
某镇水站规定（示例）
第一条 水样应当在取样后30日内完成检测。
第二条 检测不得早于取样。
本规定自2025年9月1日起施行。
"""
DAY = {"type": "string", "x-kind": "date", "x-absent": True}
SCHEMA = {
    "type": "object",
    "title": "登记表",
    "x-subject": {"id": "station.code", "name": "station.name"},
    "x-dates": {"as_of": "station.from"},
    "properties": {
        "station": {
            "type": "object",
            "title": "水站",
            "properties": {
                "code": {"title": "编号", "type": "string"},
                "name": {"title": "名称", "type": "string"},
                "from": {"title": "填表日期", "type": "string", "x-kind": "date"},
            },
        },
        "samples": {
            "type": "array",
            "title": "水样",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": {"title": "水样编号", "type": "string"},
                    "taken": {"title": "取样日期", **DAY},
                    "tested": {"title": "检测日期", **DAY},
                },
            },
        },
    },
}


@pytest.mark.parametrize(
    ("clause", "line", "taken", "tested", "outcome"),
    [
        ("A.1-1", "取样日期到检测日期 不超过 30天", "2025-09-01", "2025-10-01", "pass"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", "2025-09-01", "2025-10-02", "fail"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", "无", "2025-10-02", "not_applicable"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", "无", "无", "not_applicable"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", "2025-09-01", "无", "review"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", "2025-09-01", None, "insufficient"),
        ("A.1-1", "取样日期到检测日期 不超过 30天", None, "2025-10-01", "insufficient"),
        ("A.2-1", "检测日期 不早于 取样日期", "无", "2025-10-01", "not_applicable"),
        ("A.2-1", "检测日期 不早于 取样日期", "2025-09-02", "2025-09-01", "fail"),
    ],
)
def test_nobody_is_told_to_be_late_who_has_nothing_to_do(
    tmp_path: Path, clause: str, line: str, taken: str | None, tested: str | None, outcome: str
) -> None:
    source, schema = tmp_path / "规定.txt", tmp_path / "水站.schema.json"
    folder = tmp_path / "water-2025"
    source.write_text(POLICY, "utf-8")
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    options = ("--source", str(source), "--schema", str(schema))
    code, _, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    (folder / SHEET).unlink(missing_ok=True)
    for old in folder.glob("main/*.yaml"):
        old.unlink()
    words = ("--pack", str(folder), "--clause", clause, "--require", line)
    code, _, error = command_line.here("new", "main-tested", *words)
    assert code == 0, error
    row = {"number": "1", "taken": taken, "tested": tested}
    row = {name: value for name, value in row.items() if value is not None}
    cases = folder / "main" / "main-tested.test.yaml"
    case = {"name": "其中一种填法", "set": {"/samples": [row]}, "expect": {outcome: ["/samples/0"]}}
    text = cases.read_text("utf-8") + f"  - {json.dumps(case, ensure_ascii=False)}\n"
    cases.write_text(text, "utf-8")
    ran = run_cases.run(str(folder), ["main-tested"])
    assert ran.failures == []
