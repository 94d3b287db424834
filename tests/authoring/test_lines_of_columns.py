"""Requirements on columns of choices, of days, and of numbers that a sentence counts by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import command_line

from kehou.authoring import run_cases
from kehou.authoring.unfinished import SHEET

POLICY = """\
某镇游泳池规定（示例）
第一条 每周一换水，不得安排开放。
第二条 救生员证书有效期不得早于上岗日期届满。
第三条 收费的泳池每250名顾客至少配备1名救生员。
本规定自2025年9月1日起施行。
"""
DAYS = {"mon": "周一", "tue": "周二", "wed": "周三", "sun": "周日"}
SCHEMA = {
    "type": "object",
    "title": "登记表",
    "x-subject": {"id": "pool.code", "name": "pool.name"},
    "x-dates": {"as_of": "pool.from"},
    "properties": {
        "pool": {
            "type": "object",
            "title": "泳池",
            "properties": {
                "code": {"title": "编号", "type": "string"},
                "name": {"title": "名称", "type": "string"},
                "from": {"title": "填表日期", "type": "string", "x-kind": "date"},
                "charges": {"title": "收费的泳池", "type": "boolean"},
            },
        },
        "sessions": {
            "type": "array",
            "title": "场次",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": {"title": "场次编号", "type": "string"},
                    "days": {
                        "title": "开放星期",
                        "type": "array",
                        "items": {"type": "string", "enum": list(DAYS), "x-labels": DAYS},
                    },
                },
            },
        },
        "guards": {
            "type": "array",
            "title": "救生员",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": {"title": "救生员编号", "type": "string"},
                    "begins": {"title": "上岗日期", "type": "string", "x-kind": "date"},
                    "until": {"title": "证书有效期至", "type": "string", "x-kind": "date"},
                },
            },
        },
    },
}


def drafted(tmp_path: Path) -> Path:
    source, schema, folder = (
        tmp_path / "规定.txt",
        tmp_path / "泳池.schema.json",
        tmp_path / "pool-2025",
    )
    source.write_text(POLICY, "utf-8")
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    options = ("--source", str(source), "--schema", str(schema))
    code, _, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    return folder


def made(folder: Path, rule: str, clause: str, line: str) -> None:
    (folder / SHEET).unlink(missing_ok=True)
    words = ("--pack", str(folder), "--clause", clause, "--require", line)
    code, _, error = command_line.here("new", rule, *words)
    assert code == 0, error
    assert run_cases.run(str(folder), [rule]).failures == []


def test_a_column_of_several_choices(tmp_path: Path) -> None:
    """Its cases hold names of choices, which JSON does not read bare."""
    made(drafted(tmp_path), "pool-days", "A.1-1", "开放星期 不含 周一")


def test_a_column_whose_title_begins_as_a_time_may(tmp_path: Path) -> None:
    """上岗日期 is no 上午."""
    made(drafted(tmp_path), "guard-cards", "A.2-1", "证书有效期至 不早于 上岗日期")


def test_an_amount_is_no_yes_or_no(tmp_path: Path) -> None:
    """收费的泳池每250名…至少1名 asks nobody to charge: a pool without charge must not fail."""
    sheet = (drafted(tmp_path) / SHEET).read_text("utf-8")
    row = sheet.partition("条款: A.3-1\n")[2].partition("答:")[0]
    assert "收费的泳池 是" not in row


def test_a_misspelt_answer_is_told_at_its_line(tmp_path: Path) -> None:
    folder = drafted(tmp_path)
    sheet = folder / SHEET
    text = sheet.read_text("utf-8")
    head, mark, rest = text.partition("条款: A.1-1\n")
    sheet.write_text(head + mark + rest.replace("答:", "答覆: 人看", 1), "utf-8")
    code, told, error = command_line.here("new", "answers", str(folder))
    line = next(n for n, one in enumerate(sheet.read_text("utf-8").split("\n"), 1) if "答覆" in one)
    assert code == 2
    assert f":{line}" in told + error and "不认识“答覆”" in told + error


@pytest.mark.parametrize(
    ("sentence", "guess"),
    [
        ("三年级以上学员每周至少练习2次", ""),
        ("3年级及以上学员每周至少练习2次", ""),
        ("各年级每学期至少练习2次", ""),
        ("每个年级每学期至少练习2次", ""),
        ("年级每学期至少增设2次", "年级的项数 不少于 2次"),  # nothing says of which they are
    ],
)
def test_whom_a_clause_is_for_is_not_counted(tmp_path: Path, sentence: str, guess: str) -> None:
    """Who is in the third year or above is to practise twice: nobody asks for two of the years."""
    policy, schema = tmp_path / "规定.txt", tmp_path / "泳校.schema.json"
    policy.write_text(f"某镇泳校规定（示例）\n第一条 {sentence}。\n", "utf-8")
    tree = json.loads(json.dumps(SCHEMA))
    rows = {"type": "object", "properties": {"name": {"title": "名称", "type": "string"}}}
    tree["properties"]["years"] = {
        "type": "array",
        "title": "年级",
        "x-key": ["name"],
        "items": rows,
    }
    schema.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    folder = tmp_path / "swimming"
    options = ("--source", str(policy), "--schema", str(schema))
    code, _, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    row = (folder / SHEET).read_text("utf-8").partition("条款: A.1-1\n")[2].partition("答:")[0]
    assert ("年级的项数" in row) is bool(guess)
    assert guess in row


@pytest.mark.parametrize("area", ["250平方米", "250 平方米", "250㎡", "250"])
def test_an_amount_in_the_units_of_its_column(tmp_path: Path, area: str) -> None:
    """A unit beside the number is read; that of another column is refused with what is wanted."""
    policy, schema = tmp_path / "规定.txt", tmp_path / "泳校.schema.json"
    policy.write_text("某镇泳校规定（示例）\n第一条 更衣室面积不得少于250平方米。\n", "utf-8")
    tree = json.loads(json.dumps(SCHEMA))
    size = {"title": "更衣室面积", "type": "integer", "x-units": ["平方米"]}
    tree["properties"]["pool"]["properties"]["size"] = size
    schema.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    folder = tmp_path / "swimming"
    options = ("--source", str(policy), "--schema", str(schema))
    code, _, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    for old in folder.glob("main/*.yaml"):
        old.unlink()
    made(folder, "main-size", "A.1-1", f"更衣室面积 不少于 {area}")
    words = ("--pack", str(folder), "--clause", "A.1-1", "--require", "更衣室面积 不少于 250米")
    code, _, error = command_line.here("new", "main-other", *words)
    assert code == 2 and "单位是平方米" in error
