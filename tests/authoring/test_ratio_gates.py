"""A share of two columns that is written upside down is told where it is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.support import command_line

from kehou.authoring.lint import lint
from kehou.authoring.unfinished import SHEET

A_RATIO = "{ratio: [pool.guests, pool.guards]}"
B_RATIO = "{ratio: [pool.guards, pool.guests]}"


def drafted(tmp_path: Path, sentence: str) -> Path:
    number = {"type": "integer"}
    schema = {
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
                    "guests": {"title": "顾客人数", **number},
                    "guards": {"title": "救生员人数", **number},
                },
            }
        },
    }
    source, where = tmp_path / "规定.txt", tmp_path / "泳池.schema.json"
    folder = tmp_path / "pool-2025"
    text = f"某镇泳池规定（示例）\n第一条 {sentence}。\n本规定自2025年9月1日起施行。\n"
    source.write_text(text, "utf-8")
    where.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    options = ("--source", str(source), "--schema", str(where))
    code, _, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    (folder / SHEET).unlink(missing_ok=True)
    for example in folder.glob("main/main-first-rule*"):
        example.unlink()
    return folder


def required(folder: Path, line: str) -> tuple[int, str]:
    words = ("--pack", str(folder), "--clause", "A.1-1", "--require", line)
    code, told, error = command_line.here("new", "main-guards", *words)
    return code, told + error


def written(folder: Path, ratio: str, op: str, value: str) -> None:
    """The rule with another share, operator and value."""
    for name, old, new in (
        ("facts.yaml", r"\{ratio: \[.*?\]\}", ratio),
        ("main/main-guards.yaml", "at_most|at_least", op),
        ("pack.yaml", r"(?s)(?<=max_guests_per_guards:\n)(.*?value: )[^,]*", rf"\g<1>'{value}'"),
    ):
        path = folder / name
        text, count = re.subn(old, new, path.read_text("utf-8"), count=1)
        assert count == 1, name
        path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    "sentence",
    ["每50名顾客至少配备1名救生员", "救生员与顾客之比不低于1:50", "顾客与救生员之比不超过50:1"],
)
@pytest.mark.parametrize(
    ("ratio", "op", "value", "first"),
    [
        # 50 guests for a guard at most, and a guard for 50 guests at least, are one thing
        (A_RATIO, "at_most", "50", ""),
        (B_RATIO, "at_least", "0.02", ""),
        (A_RATIO, "at_least", "50", "请把这里的运算改成 at_most"),
        (B_RATIO, "at_most", "0.02", "请把这里的运算改成 at_least"),
        (A_RATIO, "at_most", "0.02", "请把数改成 50"),
        (B_RATIO, "at_least", "50", "请把数改成 0.02"),
        (B_RATIO, "at_most", "50", f"对调成 {A_RATIO}"),
        (A_RATIO, "at_least", "0.02", f"对调成 {B_RATIO}"),
    ],
)
def test_what_is_upside_down_is_told_at_the_rule(
    tmp_path: Path, sentence: str, ratio: str, op: str, value: str, first: str
) -> None:
    folder = drafted(tmp_path, sentence)
    code, told = required(folder, "顾客人数÷救生员人数 不超过 50")
    assert code == 0, told
    written(folder, ratio, op, value)
    rule = folder / "main" / "main-guards.yaml"
    lines = rule.read_text("utf-8").split("\n")
    line = next(n for n, one in enumerate(lines, 1) if one.startswith("require"))
    found = [fault for fault in lint(str(folder)) if "引文“" in fault[1]]
    if not first:
        assert found == []
        return
    [(place, _, hint)] = found
    assert place == f"main/main-guards.yaml:{line}"
    assert first in hint
    assert not [one for one in lint(str(folder)) if one[1].startswith("参数")]


@pytest.mark.parametrize(
    ("sentence", "line", "right"),
    [
        (
            "每50名顾客至少配备1名救生员",
            "顾客人数÷救生员人数 不少于 50",
            "顾客人数÷救生员人数 不超过 50",
        ),
        (
            "每50名顾客至少配备1名救生员",
            "救生员人数÷顾客人数 不超过 50",
            "救生员人数÷顾客人数 不少于 0.02",
        ),
        (
            "救生员与顾客之比不低于1:50",
            "顾客人数÷救生员人数 不少于 50",
            "顾客人数÷救生员人数 不超过 50",
        ),
    ],
)
def test_a_line_upside_down_is_refused_with_the_right_one(
    tmp_path: Path, sentence: str, line: str, right: str
) -> None:
    folder = drafted(tmp_path, sentence)
    code, told = required(folder, line)
    assert code == 2
    assert right in told


def test_words_that_may_be_meant_either_way_are_left(tmp_path: Path) -> None:
    """不超过1:50 is said of a guard for 50 at least as often as of the contrary."""
    folder = drafted(tmp_path, "救生员与顾客之比不超过1:50")
    code, told = required(folder, "顾客人数÷救生员人数 不超过 50")
    assert code == 0, told
    assert not [fault for fault in lint(str(folder)) if "引文“" in fault[1]]


def test_a_share_as_the_clause_writes_it_is_told_as_a_quotient(tmp_path: Path) -> None:
    folder = drafted(tmp_path, "救生员与顾客之比不低于1:50")
    code, told = required(folder, "顾客人数÷救生员人数 不超过 50")
    assert code == 0, told
    written(folder, A_RATIO, "at_most", "1:50")
    [hint] = [fault[2] for fault in lint(str(folder)) if "1:50 不是小数" in fault[1]]
    assert "商：0.02" in hint and "写 50" in hint
