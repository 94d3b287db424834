"""``kehou new pack``: a policy's text becomes a pack that loads, and what remains is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import MARK

POLICY = """\
（示例）某镇图书室管理办法
第一条 为方便群众借阅，制定本办法。
第二条 图书室应当每天开放。开放时间不得晚于9时。
第三条 严禁出租图书。鼓励志愿者参加管理。
第四条 图书室可以接受捐赠。
本办法自2025年3月1日起施行。
"""
SCHEMA = {
    "type": "object",
    "title": "登记表",
    "x-subject": {"id": "room.code", "name": "room.name"},
    "properties": {
        "room": {
            "type": "object",
            "title": "图书室",
            "properties": {
                "code": {"type": "string", "title": "编号"},
                "name": {"type": "string", "title": "名称"},
                "opens": {"type": "string", "x-kind": "time", "title": "开放时间"},
            },
        },
        "loans": {
            "type": "array",
            "title": "借阅",
            "x-key": ["card"],
            "items": {
                "type": "object",
                "properties": {
                    "card": {"type": "string", "title": "证号"},
                    "days": {"type": "integer", "minimum": 1, "title": "天数"},
                },
            },
        },
    },
}


def made(tmp_path: Path, *more: str) -> tuple[Path, tuple[int, str, str]]:
    source = tmp_path / "办法.txt"
    source.write_text(POLICY, encoding="utf-8")
    folder = tmp_path / "town-books"
    return folder, command_line.here("new", "pack", str(folder), "--source", str(source), *more)


def test_a_policy_becomes_a_pack_that_loads_and_runs(tmp_path: Path) -> None:
    folder, (code, told, _) = made(tmp_path)
    assert code == 0 and "待确认" in told and "6 条条款" in told
    pack = packs.load(str(folder))
    assert pack.effective_from == "2025-03-01"
    assert {c.quote: c.modality for c in pack.clauses.values()} == {
        "图书室应当每天开放": "MUST",
        "开放时间不得晚于9时": "LIMIT",
        "严禁出租图书": "PROHIBIT",
        "鼓励志愿者参加管理": "ENCOURAGE",
        "图书室可以接受捐赠": "MAY",
        "本办法自2025年3月1日起施行": "DEF",
    }
    assert [c.id for c in pack.clauses.values()][:2] == ["A.2-1", "A.2-2"]
    assert [(place.partition(":")[0]) for place, _, _ in lint(str(folder))] == [
        "main/main-first-rule.yaml"
    ]
    ran = run_cases.run(str(folder), engine="direct")
    assert ran.passed == 3 and ran.failures == []


def test_a_schema_of_its_own_gives_the_base_and_the_first_entity(tmp_path: Path) -> None:
    schema = tmp_path / "books.schema.json"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder, (code, _, error) = made(tmp_path, "--schema", str(schema))
    assert code == 0, error
    assert list(packs.load(str(folder)).entities) == ["loan"]
    for file in folder.rglob("*.yaml"):
        text = file.read_text("utf-8").replace(f"{MARK}\n", "").replace("title: 示例：", "title: ")
        file.write_text(text, encoding="utf-8")
    assert {message.partition("“")[0] for _, message, _ in lint(str(folder))} == {"没有规则读"}


def test_a_new_rule_takes_the_field_that_is_spoken_of_and_carries_its_clause(
    tmp_path: Path,
) -> None:
    """The schema's file may have a Chinese name; the clause waits for a rule no longer."""
    schema = tmp_path / "图书室.schema.json"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder, _ = made(tmp_path, "--schema", str(schema))
    assert not [f for f in lint(str(folder)) if f[0].startswith("pack.yaml")]
    before = packs.load(str(folder)).clauses["A.3-1"]
    code, told, _ = command_line.here(
        "new", "room-code", "--pack", str(folder), "--area", "main", "--clause", "A.3-1"
    )
    assert code == 0 and "由 planned 改为 automated" in told
    pack = packs.load(str(folder))
    assert (str(before.status), str(pack.clauses["A.3-1"].status)) == ("planned", "automated")
    assert "room.code" in (folder / "main" / "room-code.yaml").read_text("utf-8")
    assert len(pack.clauses) == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pack"], "要写名称和政策原文"),
        (["pack", "town-books"], "要写名称和政策原文"),
        (["pack", "Town", "--source", "办法.txt"], "不合格式"),
        (["pack", "town-books", "--source", "没有.txt"], "没有.txt"),
        (["some-rule", "--source", "办法.txt"], "只在新建规则包时写"),
    ],
)
def test_what_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "办法.txt").write_text(POLICY, encoding="utf-8")
    code, _, error = command_line.here("new", *arguments)
    assert code == 2 and message in error
    assert [p.name for p in tmp_path.iterdir()] == ["办法.txt"]


def test_a_text_without_a_requirement_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("春天来了。\n", encoding="utf-8")
    source = str(tmp_path / "a.txt")
    code, _, error = command_line.here("new", "pack", str(tmp_path / "new"), "--source", source)
    assert code == 2 and "没有看出一句要求" in error
