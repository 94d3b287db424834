"""The sheet: what a person answers of a drafted pack in one place is done to it, in one go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import SHEET
from kehou.model.outcomes import ClauseStatus

POLICY = """\
某镇托管点安全规定（示例）
第一条 托管点应当设在三层以下。
第二条 每20名学生至少配备1名看护人员。
第三条 严禁使用明火。
第四条 幼儿每次看护不得超过60分钟，学童每次看护不得超过120分钟。
第五条 每学期至少开展2次演练。
第六条 乘坐人数不得超过核定人数。
第七条 鼓励安装监控。
第八条 营业时间不得晚于20:00，经镇政府批准的除外。
本规定自2025年9月1日起施行。
"""


def _number(title: str, **more: object) -> dict[str, object]:
    return {"title": title, "type": "integer", **more}


ROOM = {
    "code": {"title": "编号", "type": "string"},
    "name": {"title": "名称", "type": "string"},
    "from": {"title": "填表日期", "type": "string", "x-kind": "date"},
    "floor": _number("所在楼层", minimum=1),
    "students": _number("学生人数", minimum=1),
    "carers": _number("看护人员人数", minimum=1),
    "fire": {"title": "是否使用明火", "type": "boolean"},
    "closes": {"title": "营业时间", "type": "string", "x-kind": "time", "x-earliest": "06:00"},
    "camera": {"title": "摄像头型号", "type": "string"},
}
TURN = {
    "number": {"title": "场次", "type": "string"},
    "age": {
        "title": "年龄段",
        "type": "string",
        "enum": ["small", "big"],
        "x-labels": {"small": "幼儿", "big": "学童"},
    },
    "starts": {"title": "开始时刻", "type": "string", "x-kind": "time"},
    "ends": {"title": "结束时刻", "type": "string", "x-kind": "time"},
}
DRILL = {"number": {"title": "演练序号", "type": "string"}}
BUS = {"plate": {"title": "车牌", "type": "string"}, "riders": _number("乘坐人数")}


def _list(title: str, key: str, fields: Mapping[str, object]) -> dict[str, object]:
    items = {"type": "object", "properties": fields}
    return {"title": title, "type": "array", "x-key": [key], "items": items}


SCHEMA = {
    "type": "object",
    "title": "登记表",
    "x-subject": {"id": "room.code", "name": "room.name"},
    "x-dates": {"as_of": "room.from"},
    "properties": {
        "room": {"type": "object", "title": "托管点", "properties": ROOM},
        "turns": _list("看护场次", "number", TURN),
        "drills": _list("演练", "number", DRILL),
        "buses": _list("车辆", "plate", {**BUS, "seats": _number("核定人数")}),
    },
}
#: What a person writes: clause → the requirements, and the answer.
ANSWERS: dict[str, tuple[list[str], str]] = {
    "A.1-1": (["所在楼层 不超过 3"], "对"),
    "A.2-1": (["学生人数÷看护人员人数 不超过 20"], "对"),
    "A.3-1": ([], "对"),
    "A.4-1": (
        [
            "年龄段 是 幼儿 时，开始时刻到结束时刻 不超过 60分钟",
            "年龄段 是 学童 时，开始时刻到结束时刻 不超过 2小时",
        ],
        "对",
    ),
    "A.5-1": (["演练的项数 不少于 2次"], "对"),
    "A.6-1": (["乘坐人数 不超过 核定人数"], "对"),
    "A.7-1": ([], "无"),
    "A.8-1": ([], "提请"),
    "规定": ([], "对"),
    "没有看出要求的句子": ([], "对"),
    "没有规则读的栏目": ([], "对"),
}


def drafted(tmp_path: Path, policy: str = POLICY) -> Path:
    source, schema = tmp_path / "规定.txt", tmp_path / "托管点.schema.json"
    source.write_text(policy, encoding="utf-8")
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder = tmp_path / "care-2025"
    options = ("--source", str(source), "--schema", str(schema))
    code, told, error = command_line.here("new", "pack", str(folder), *options)
    assert code == 0, error
    assert SHEET in told and f"kehou new answers {folder}" in told
    return folder


def answer(folder: Path, given: dict[str, tuple[list[str], str]]) -> int:
    """Write answers on the sheet as a person would; how many lines that was."""
    lines, typed, key = [], 0, ""
    for line in (folder / SHEET).read_text("utf-8").splitlines():
        head = re.match(r"  - 条款: (\S+)|([^\s#]\S*):$", line)
        key = (head[1] or head[2]) if head else key
        phrases, word = given.get(key, ([], ""))
        if re.match("    要求:", line) and phrases:
            lines += ["    要求:", *(f"      - {phrase}" for phrase in phrases)]
            typed += len(phrases)
        elif re.match(r"\s+答:\s*$", line) and word:
            lines.append(f"{line} {word}")
            typed += 1
        else:
            lines.append(line)
    (folder / SHEET).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return typed


def test_a_page_of_policy_is_a_pack_after_one_round_of_answers(tmp_path: Path) -> None:
    """Two dozen lines instead of hundreds; nothing is left for lint, no fault goes unnoticed."""
    folder = drafted(tmp_path)
    [(place, told, hint)] = lint(str(folder))
    assert place.startswith(f"{SHEET}:") and "还有 11 处没有答" in told
    assert f"kehou new answers {folder}" in hint
    assert answer(folder, ANSWERS) == 17
    code, told, error = command_line.here("new", "answers", str(folder))
    assert code == 0, told + error
    assert lint(str(folder)) == [] and not (folder / SHEET).exists()
    pack = packs.load(str(folder))
    assert {name: str(one.status) for name, one in pack.clauses.items()} == {
        **dict.fromkeys(["A.1-1", "A.2-1", "A.3-1", "A.4-1", "A.5-1", "A.6-1"], "automated"),
        "A.7-1": "not_checkable",
        "A.8-1": "partly",
    }
    assert sorted(v.values[0].value for v in pack.parameters.values()) == [2, 3, 20, 60, 120, 1200]
    assert pack.schema.field("room.camera").node["x-unread"] == "只作登记"  # type: ignore[union-attr]
    ran = run_cases.run(str(folder))
    assert ran.failures == [] and ran.passed > 25


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"room": {"students": 21, "carers": 1}}, "学生人数÷看护人员人数是21，超过20"),
        ({"room": {"students": 20, "carers": 1}}, ""),
        (
            {"turns": [{"number": "1", "age": "small", "starts": "08:00", "ends": "09:01"}]},
            "61分钟",
        ),
        ({"turns": [{"number": "1", "age": "big", "starts": "08:00", "ends": "10:00"}]}, ""),
        ({"turns": [{"number": "1", "age": "big", "starts": "08:00", "ends": "10:01"}]}, "121分钟"),
        ({"drills": [{"number": "1"}]}, "演练的项数是1次，少于2次"),
        ({"buses": [{"plate": "A", "riders": 8, "seats": 7}]}, "乘坐人数是8，超过7"),
    ],
)
def test_the_rules_say_what_the_lines_say(
    tmp_path: Path, change: dict[str, object], breach: str
) -> None:
    """By hand from the policy: on each limit lawful, over it told with what was seen."""
    folder = drafted(tmp_path)
    answer(folder, ANSWERS)
    command_line.here("new", "answers", str(folder))
    good: dict[str, object] = {
        "room": {
            "code": "T1",
            "name": "托管点（示例）",
            "from": "2025-09-02",
            "floor": 3,
            "students": 20,
            "carers": 2,
            "fire": False,
            "closes": "19:00",
        },
        "turns": [{"number": "1", "age": "small", "starts": "08:00", "ends": "09:00"}],
        "drills": [{"number": "1"}, {"number": "2"}],
        "buses": [{"plate": "A", "riders": 7, "seats": 7}],
    }
    for part, value in change.items():
        held = good[part]
        good[part] = {**held, **value} if isinstance(held, dict) else value  # type: ignore[dict-item]
    file = tmp_path / "登记表.json"
    file.write_text(json.dumps(good, ensure_ascii=False), encoding="utf-8")
    code, told, _ = command_line.here("check", str(file), "--pack", str(folder))
    assert code == (1 if breach else 0), told
    assert breach in told.replace("\n", "")


def test_words_that_limit_whom_are_decided_on_before_a_rule_condemns(tmp_path: Path) -> None:
    """经镇政府批准的除外: 对 alone is refused; with the line gone the rule fails, 提请 asks."""
    folder = drafted(tmp_path)
    answer(folder, {"A.8-1": ([], "对")})
    code, told, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "“经镇政府批准的除外”还没有定" in told
    assert packs.load(str(folder)).rules["main-room-closes"].require is None
    sheet = folder / SHEET
    kept = [x for x in sheet.read_text("utf-8").splitlines() if "限定不明" not in x]
    sheet.write_text("\n".join(kept) + "\n", encoding="utf-8")
    command_line.here("new", "answers", str(folder))
    pack = packs.load(str(folder))
    assert pack.rules["main-room-closes"].require is not None
    assert pack.clauses["A.8-1"].status is ClauseStatus.AUTOMATED


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("楼层高度 不超过 3", "没有栏目“楼层高度”"),
        ("所在楼层 不超过 三层楼", "“所在楼层”不能是“三层楼”"),
        ("学生人数 不超过 250平方米", "“学生人数”的单位是人，不能写“250平方米”"),
        ("所在楼层 大概 3", "后面的“大概 3”看不懂"),
        ("乘坐人数÷学生人数 不超过 2", "不在同一行里"),
        ("年龄段 是 幼儿 时，所在楼层 不超过 3", "在另一张表里"),
        ("演练的项数 不少于 1次", "演练不能写“无”"),
        ("开始时刻 不超过 学生人数", "不能和“学生人数”比"),
    ],
)
def test_a_line_that_cannot_be_read_changes_nothing_and_says_what_to_write(
    tmp_path: Path, phrase: str, told: str
) -> None:
    folder = drafted(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    answer(folder, {"A.1-1": (["所在楼层 不超过 3", phrase], "对")})
    before[folder / SHEET] = (folder / SHEET).read_bytes()
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and told in said and re.search(rf"{SHEET}:\d+：A.1-1", said)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    程度: 重大\n", "    程度: 严重\n", "没有程度“严重”"),
        (
            "    要求: 是否使用明火 否\n",
            "    要求: 是否使用明火 否\n    条件: 冬季\n",
            "不认识“条件”",
        ),
        ("    答: 对\n", "    答: 是\n", "不认识的答“是”"),
        ("    阶段: 备案\n", "    阶段: 备案、抽查\n", "没有阶段“抽查”"),
    ],
)
def test_a_word_that_nothing_reads_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = drafted(tmp_path)
    answer(folder, {"A.3-1": ([], "对")})
    sheet = folder / SHEET
    head, mark, rest = sheet.read_text("utf-8").partition("  - 条款: A.3-1\n")
    assert old in rest
    sheet.write_text(head + mark + rest.replace(old, new, 1), encoding="utf-8")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and told in said and "A.3-1" in sheet.read_text("utf-8")


@pytest.mark.parametrize(
    ("clause", "line", "told"),
    [
        ("A.1-1", "所在楼层 不超过 4", "的 4 不在引文“托管点应当设在三层以下”里"),
        ("A.8-1", "营业时间 不早于 20:00", "方向相反：引文是不超过（不晚于）"),
        ("A.3-1", "是否使用明火 是", "与引文“严禁使用明火”相反"),
        ("A.4-1", "年龄段 是 幼儿 时，开始时刻到结束时刻 不超过 90分钟", "的 90 不在引文"),
        ("A.2-1", "学生人数÷看护人员人数 不超过 25", "的 25 不在引文"),
    ],
)
def test_a_line_that_is_not_its_clauses_has_to_be_confirmed(
    tmp_path: Path, clause: str, line: str, told: str
) -> None:
    """A slip would condemn whoever keeps to the clause; said to be meant, it is kept with why."""
    folder = drafted(tmp_path)
    sheet = folder / SHEET
    text = re.sub("    限定不明:.*\n", "", sheet.read_text("utf-8"))
    head, mark, rest = text.partition(f"  - 条款: {clause}\n")
    rest = re.sub("    要求:.*\n", f"    要求: {line}\n", rest, count=1)
    rest = re.sub("    答:\n", "    答: 对\n", rest, count=1)
    sheet.write_text(head + mark + rest, encoding="utf-8")
    before = (folder / "pack.yaml").read_bytes()
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and told in said and re.search(rf"{SHEET}:\d+：{clause}", said)
    assert (folder / "pack.yaml").read_bytes() == before
    meant = (head + mark + rest).replace(line, f"{line}（与原文不同：另一份文件（示例））")
    sheet.write_text(meant, encoding="utf-8")
    _, said, _ = command_line.here("new", "answers", str(folder))
    assert "没有照办" not in said and f"条款: {clause}" not in sheet.read_text("utf-8")
    [rule] = [r for r in packs.load(str(folder)).rules.values() if clause in r.clauses]
    written = (folder / rule.file).read_text("utf-8")
    assert written.startswith("# 与原文不同：另一份文件（示例）\n")


def test_other_words_than_the_policys_on_the_sheet_are_not_passed_over(tmp_path: Path) -> None:
    """Whoever writes another number into the words of the policy is told where it belongs."""
    folder = drafted(tmp_path)
    sheet = folder / SHEET
    answer(folder, {"A.1-1": (["所在楼层 不超过 4"], "对")})
    text = sheet.read_text("utf-8")
    line = text.splitlines().index("    原文: '托管点应当设在三层以下'") + 1
    sheet.write_text(text.replace("设在三层以下", "设在四层以下"), encoding="utf-8")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and f"{SHEET}:{line}：A.1-1：“托管点应当设在四层以下”不在原文" in said
    assert "另建一份再答" in said and "条款: A.1-1" in sheet.read_text("utf-8")
    assert "设在三层以下" in (folder / "clauses.yaml").read_text("utf-8")
    other = "鼓励安装监控"
    sheet.write_text(text.replace("'托管点应当设在三层以下'", f"'{other}'"), encoding="utf-8")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and f"“{other}”不是这一句" in said


def test_a_part_of_the_sentence_may_be_quoted(tmp_path: Path) -> None:
    folder = drafted(tmp_path)
    sheet = folder / SHEET
    answer(folder, {"A.1-1": (["所在楼层 不超过 3"], "对")})
    text = sheet.read_text("utf-8").replace("'托管点应当设在三层以下'", "'应当设在三层以下。'")
    sheet.write_text(text, encoding="utf-8")
    _, said, _ = command_line.here("new", "answers", str(folder))
    assert "没有照办" not in said
    assert packs.load(str(folder)).clauses["A.1-1"].quote == "应当设在三层以下"


def test_the_sheet_says_at_which_stage_a_rule_is_looked_at(tmp_path: Path) -> None:
    """A rule of the filing alone is silent on an inspection: the line says so and may choose."""
    folder = drafted(tmp_path)
    sheet = folder / SHEET
    text = sheet.read_text("utf-8")
    assert "# 阶段：规则只在写着的阶段检查，先写 备案；检查、考核时也要查的" in text
    head, mark, rest = text.partition("  - 条款: A.3-1\n")
    rest = rest.replace("    阶段: 备案\n", "    阶段: 备案、检查\n", 1).replace(
        "答:\n", "答: 对\n", 1
    )
    sheet.write_text(head + mark + rest, encoding="utf-8")
    command_line.here("new", "answers", str(folder))
    rule = packs.load(str(folder)).rules["main-room-fire"]
    assert [str(stage) for stage in rule.stages] == ["approval", "inspection"]


def test_a_sheet_out_of_shape_is_refused(tmp_path: Path) -> None:
    folder = drafted(tmp_path)
    (folder / SHEET).write_text("条款: 对\n", encoding="utf-8")
    code, _, error = command_line.here("new", "answers", str(folder))
    assert code == 2 and "核对表不是原来的样子" in error


def test_answers_may_come_in_several_rounds(tmp_path: Path) -> None:
    """What is answered goes from the sheet; what is not stays, and is told by lint alone."""
    folder = drafted(tmp_path)
    answer(folder, {key: ANSWERS[key] for key in ("规定", "A.3-1")})
    code, _, _ = command_line.here("new", "answers", str(folder))
    assert code == 2
    left = (folder / SHEET).read_text("utf-8")
    assert "A.3-1" not in left and "A.1-1" in left and "施行:" not in left
    [(_, told, _)] = lint(str(folder))
    assert "还有 9 处没有答" in told


def test_a_policy_without_a_day_asks_for_it(tmp_path: Path) -> None:
    folder = drafted(tmp_path, POLICY.replace("本规定自2025年9月1日起施行。\n", ""))
    answer(folder, ANSWERS)
    code, told, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "没有写施行日期，条款先不照办" in told
    sheet = folder / SHEET
    text = re.sub("施行: ''.*", "施行: '2026-01-01'", sheet.read_text("utf-8"))
    sheet.write_text(text, encoding="utf-8")
    code, told, _ = command_line.here("new", "answers", str(folder))
    pack = packs.load(str(folder))
    assert code == 0 and "不成立 0 个" in told, told
    assert pack.effective_from == "2026-01-01"
    assert {v.valid_from for p in pack.parameters.values() for v in p.values} == {"2026-01-01"}


MEMBERS = """\
某县校服采购办法（示例）
第一条 选用委员会成员不少于9人。
第二条 家长代表不低于委员会成员的60%。
第三条 公示应当在合同签订前完成。
第四条 质量保证期不少于1年。
本办法自2026年9月1日起施行。
"""
PURCHASE = {
    "type": "object",
    "title": "采购材料",
    "x-subject": {"id": "school.code", "name": "school.name"},
    "x-dates": {"as_of": "purchase.signed"},
    "properties": {
        "school": {
            "type": "object",
            "title": "学校",
            "properties": {
                "code": {"title": "编号", "type": "string"},
                "name": {"title": "名称", "type": "string"},
            },
        },
        "purchase": {
            "type": "object",
            "title": "采购",
            "properties": {
                "signed": {"title": "合同签订日期", "type": "string", "x-kind": "date"},
                "shown": {"title": "公示结束日期", "type": "string", "x-kind": "date"},
                "years": _number("质量保证期", **{"x-units": ["年"]}),
            },
        },
        "committee": {
            "type": "object",
            "title": "选用委员会",
            "properties": {
                "members": _number("委员会成员数", **{"x-units": ["人"]}),
                "parents": _number("家长代表数", **{"x-units": ["人"]}),
            },
        },
    },
}


@pytest.mark.parametrize(("start", "written"), [("2026-09-01", True), ("2027-03-01", False)])
def test_the_cases_are_of_a_day_on_which_the_policy_is_in_force(
    tmp_path: Path, start: str, written: bool
) -> None:
    """The day of the submission stands in a column that a clause bounds: cases still judge.

    The good submission keeps to every line: 9 members, of whom 60 in the hundred are 6 parents.
    """
    source, schema = tmp_path / "办法.txt", tmp_path / "采购.schema.json"
    text = MEMBERS if written else MEMBERS.replace("自2026年9月1日起", "自另行通知之日起")
    source.write_text(text, encoding="utf-8")
    schema.write_text(json.dumps(PURCHASE, ensure_ascii=False), encoding="utf-8")
    folder = tmp_path / "uniform-2026"
    options = ("--source", str(source), "--schema", str(schema))
    assert command_line.here("new", "pack", str(folder), *options)[0] == 0
    sheet = folder / SHEET
    dated = re.sub("  施行: ''.*", f"  施行: '{start}'", sheet.read_text("utf-8"))
    sheet.write_text(dated, encoding="utf-8")
    lines = {
        "A.1-1": ["委员会成员数 不少于 9人"],
        "A.2-1": ["家长代表数÷委员会成员数 不少于 60%"],
        "A.3-1": ["公示结束日期 不晚于 合同签订日期"],
        "A.4-1": ["质量保证期 不少于 1年"],
    }
    every = (*lines, "规定", "没有看出要求的句子", "没有规则读的栏目")
    answer(folder, {key: (lines.get(key, []), "对") for key in every})
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 0 and "不成立 0 个" in said, said
    for cases in (path.read_text("utf-8") for path in folder.glob("*/*.test.yaml")):
        assert cases.count("  - name:") == cases.count(f"    as_of: '{start}'")
    assert '{"members": 9, "parents": 6}' in (folder / "base.yaml").read_text("utf-8")
    code, said, _ = command_line.here(
        "check", str(folder / "base.yaml"), "--pack", str(folder), "--as-of", start
    )
    assert code == 0, said


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("本规定自2025年9月1日起施行，有效期3年。", "2028-08-31"),
        ("本规定自2025年9月1日起施行，有效期至2029年8月31日。", "2029-08-31"),
        ("本规定自2025年9月1日起施行。\n第九条 有效期五年。", "2030-08-31"),
        ("本规定自2025年9月1日起施行。\n第九条 健康证有效期1年。", None),
    ],
)
def test_how_long_a_policy_holds_is_carried(tmp_path: Path, said: str, until: str | None) -> None:
    """After its last day nobody is judged by it; a permit's own validity is another thing."""
    folder = drafted(tmp_path, POLICY.replace("本规定自2025年9月1日起施行。", said))
    assert packs.load(str(folder)).effective_to == until
    told = f"  有效到: '{until}'\n"
    text = (folder / SHEET).read_text("utf-8")
    assert (told in text) is (until is not None)
    answer(folder, {"规定": ([], "对")})
    _, done, _ = command_line.here("new", "answers", str(folder))
    assert packs.load(str(folder)).effective_to == until
    assert (f"有效到 {until}" in done) is (until is not None)


def test_a_day_that_is_none_is_told(tmp_path: Path) -> None:
    folder = drafted(tmp_path)
    answer(folder, {"规定": ([], "对")})
    sheet = folder / SHEET
    wrong = sheet.read_text("utf-8").replace("施行: '2025-09-01'", "施行: '2025-02-30'")
    sheet.write_text(wrong, encoding="utf-8")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "“2025-02-30”不是日期" in said


def test_a_rule_in_one_line(tmp_path: Path) -> None:
    """kehou new RULE --clause --require: the rule, its parameter and its cases, nothing to edit."""
    folder = drafted(tmp_path)
    (folder / SHEET).unlink()
    words = ("--clause", "A.6-1", "--require", "乘坐人数 不超过 核定人数")
    code, told, error = command_line.here("new", "bus-seats", "--pack", str(folder), *words)
    assert code == 0, error
    assert "乘坐人数越过核定人数，不符合" in told
    ran = run_cases.run(str(folder), ["bus-seats"])
    assert (ran.passed, ran.failures) == (4, [])
    assert not [found for found in lint(str(folder)) if "bus-seats" in found[0]]
    assert packs.load(str(folder)).clauses["A.6-1"].status is ClauseStatus.AUTOMATED


@pytest.mark.parametrize(
    ("clause", "line"),
    [
        ("A.2-1", "学生人数÷看护人员人数 不超过 20"),
        ("A.5-1", "演练的项数 不少于 2次"),
        ("A.6-1", "乘坐人数 不超过 核定人数"),
    ],
)
def test_what_was_only_guessed_stands_on_the_sheet_and_is_no_rule(
    tmp_path: Path, clause: str, line: str
) -> None:
    """Said as a guess; nobody is judged by it until it is answered."""
    folder = drafted(tmp_path)
    sheet = (folder / SHEET).read_text("utf-8")
    row = sheet.partition(f"条款: {clause}\n")[2].partition("答:")[0]
    assert f"要求: {line}  # 猜的，还没有写成规则" in row
    assert not [r for r in packs.load(str(folder)).rules.values() if clause in r.clauses]


EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
NOTICE = """\
某旗供餐点补充规定（示例）
第一条 晚餐不得晚于19:30结束。
第二条 早餐供餐时段不得早于6:30开始。
第三条 配送应当平稳。
本规定自2025年9月1日起施行。
"""


def layer(tmp_path: Path) -> Path:
    source, folder = tmp_path / "规定.txt", tmp_path / "county-meals"
    source.write_text(NOTICE, encoding="utf-8")
    options = ("--over", str(EXAMPLE), "--source", str(source))
    code, _, error = command_line.here("new", "overlay", str(folder), *options)
    assert code == 0, error
    return folder


def test_a_value_looser_than_below_needs_its_document(tmp_path: Path) -> None:
    folder = layer(tmp_path)
    answer(folder, {"K.1-1": ([], "对")})
    code, told, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "比下层宽，没有写依据" in told
    sheet = folder / SHEET
    text = sheet.read_text("utf-8").replace("放宽依据: ''", "放宽依据: 某市批复（示例）")
    sheet.write_text(text, encoding="utf-8")
    every = ("规定", "K.2-1", "没有看出要求的句子")
    answer(folder, {**dict.fromkeys(every, ([], "对")), "K.3-1": ([], "人看 到现场看")})
    code, told, _ = command_line.here("new", "answers", str(folder))
    assert code == 0, told
    pack = packs.load(str(folder))
    value = pack.parameters["supper_latest_end"].values[-1]
    assert (value.value, value.authority) == (19 * 60 + 30, "某市批复（示例）")
    clause = pack.clauses["K.3-1"]
    assert (clause.status, clause.reason) == (ClauseStatus.MANUAL, "到现场看")
    assert lint(str(folder)) == []


def value_line(folder: Path, clause: str, value: str, more: str = "") -> int:
    """Write a value line for a clause and answer 对; the number of the line."""
    head, mark, rest = (folder / SHEET).read_text("utf-8").partition(f"  - 条款: {clause}\n")
    rest = re.sub(r"    (数值|要求):.*\n", f"    数值: {value}\n{more}", rest, count=1)
    text = head + mark + re.sub(r"    答:.*\n", "    答: 对\n", rest, count=1)
    (folder / SHEET).write_text(text, encoding="utf-8")
    return text[: text.index(f"数值: {value}")].count("\n") + 1


@pytest.mark.parametrize(
    ("clause", "value", "told"),
    [
        ("K.1-1", "晚餐最晚结束时间 ＝ 18:30", "引文里没有 18:30 这个限度"),
        ("K.1-1", "晚餐最晚结束时间 ＝ 三十", "“晚餐最晚结束时间”不能是“三十”"),
        ("K.1-1", "晚餐最晚结束时间", "看不懂"),
        ("K.3-1", "没有这个参数 ＝ 60", "没有参数“没有这个参数”"),
        ("K.3-1", "每份菜的用盐上限 ＝ 3", "比下层宽，没有写依据"),
    ],
)
def test_a_value_line_that_cannot_be_set_is_told_at_its_line_and_sets_nothing(
    tmp_path: Path, clause: str, value: str, told: str
) -> None:
    """Told done, a county would believe in a limit that nobody checks."""
    folder = layer(tmp_path)
    before = (folder / "pack.yaml").read_bytes(), (folder / "clauses.yaml").read_bytes()
    line = value_line(folder, clause, value)
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and f"{SHEET}:{line}：{clause}" in said and told in said
    assert "照办了" not in said and f"条款: {clause}" in (folder / SHEET).read_text("utf-8")
    assert before == ((folder / "pack.yaml").read_bytes(), (folder / "clauses.yaml").read_bytes())


def test_a_value_line_sets_the_value_of_the_pack_below(tmp_path: Path) -> None:
    """In force from the policy's own day, on its clause, which a rule below then carries."""
    folder = layer(tmp_path)
    value_line(folder, "K.3-1", "送餐时限 ＝ 50")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "K.3-1：送餐时限 ＝ 50" in said and "没有照办" not in said
    pack = packs.load(str(folder))
    [_, value] = pack.parameters["delivery_minutes"].values
    assert (value.value, value.ground, value.valid_from) == (50, "K.3-1", "2025-09-01")
    assert pack.clauses["K.3-1"].status is ClauseStatus.AUTOMATED


def test_a_looser_value_line_is_set_with_its_document(tmp_path: Path) -> None:
    folder = layer(tmp_path)
    value_line(folder, "K.3-1", "送餐时限 ＝ 70", "    放宽依据: 某市批复（示例）\n")
    _, said, _ = command_line.here("new", "answers", str(folder))
    value = packs.load(str(folder)).parameters["delivery_minutes"].values[-1]
    assert (value.value, value.authority) == (70, "某市批复（示例）"), said


def test_cases_that_do_not_hold_are_no_success(tmp_path: Path) -> None:
    """An exit of 0 is read as done: what fails is named, and the exit says so."""
    folder = drafted(tmp_path)
    answer(folder, ANSWERS)
    cases = folder / "main" / "main-room-fire.test.yaml"
    text = cases.read_text("utf-8")
    more = "  - {name: 有明火也符合, set: {/room/fire: true}, expect: {pass: [/]}}\n"
    cases.write_text(text + more, encoding="utf-8")
    code, said, _ = command_line.here("new", "answers", str(folder))
    assert code == 2 and "不成立 1 个" in said and "main/main-room-fire.test.yaml:" in said


def test_a_value_that_is_not_wanted_goes(tmp_path: Path) -> None:
    """Answered 人看, the limit below stays as it is."""
    folder = layer(tmp_path)
    answer(folder, {"K.1-1": ([], "人看")})
    command_line.here("new", "answers", str(folder))
    pack = packs.load(str(folder))
    assert [v.layer for v in pack.parameters["supper_latest_end"].values] == ["pack-example"]


def test_a_rule_for_what_people_see_to_carries_it_in_part(tmp_path: Path) -> None:
    """The clause was answered 人看; with a rule it is partly carried, the reason stays."""
    folder = drafted(tmp_path)
    answer(folder, {**ANSWERS, "A.6-1": ([], "人看 到现场数")})
    command_line.here("new", "answers", str(folder))
    words = ("--clause", "A.6-1", "--require", "乘坐人数 不超过 核定人数")
    code, told, _ = command_line.here("new", "bus-seats", "--pack", str(folder), *words)
    assert code == 0 and "由 manual 改为 partly" in told
    clause = packs.load(str(folder)).clauses["A.6-1"]
    assert (clause.status, clause.reason) == (ClauseStatus.PARTLY, "到现场数")


def test_a_second_limit_of_one_column_gets_a_parameter_of_its_own(tmp_path: Path) -> None:
    """Two limits that differ are never one parameter: changing one would change the other."""
    folder = drafted(tmp_path)
    answer(folder, ANSWERS)
    command_line.here("new", "answers", str(folder))
    line = "是否使用明火 是 时，所在楼层 不超过 2（与原文不同：消防站的意见（示例））"
    words = ("--clause", "A.1-1", "--require", line)
    assert command_line.here("new", "room-low", "--pack", str(folder), *words)[0] == 0
    floors = {n: p.values[0].value for n, p in packs.load(str(folder)).parameters.items()}
    assert sorted(value for name, value in floors.items() if "floor" in name) == [2, 3]


def test_a_clause_may_be_named_as_the_text_does(tmp_path: Path) -> None:
    """第六条 is what an author reads; of words that several have, the layer's own are listed."""
    folder = drafted(tmp_path)
    words = ("bus-seats", "--pack", str(folder), "--require", "乘坐人数 不超过 核定人数")
    assert command_line.here("new", *words, "--clause", "第六条")[0] == 0
    assert packs.load(str(folder)).rules["bus-seats"].clauses == ("A.6-1",)
    again = ("bus-again", *words[1:], "--clause", "不得超过")
    code, _, error = command_line.here("new", *again)
    assert code == 2 and "说到“不得超过”的条款有几条" in error and "A.4-1“幼儿" in error


def test_what_was_changed_by_hand_between_two_rounds(tmp_path: Path) -> None:
    """As docs/rules.md says: kept, unless the line of that clause itself was changed."""
    folder = drafted(tmp_path)

    def rule_of(clause: str) -> Path:
        pack = packs.load(str(folder))
        [found] = [rule for rule in pack.rules.values() if clause in rule.clauses]
        return folder / found.file

    def retitled(clause: str) -> str:
        path, title = rule_of(clause), f"title: 手改的 {clause}"
        text, count = re.subn("(?m)^title: .*$", title, path.read_text("utf-8"))
        assert count == 1
        path.write_text(text, encoding="utf-8")
        return title

    answer(folder, {"A.1-1": (["所在楼层 不超过 3"], "对")})
    command_line.here("new", "answers", str(folder))
    done, draft, changed = (retitled(clause) for clause in ("A.1-1", "A.3-1", "A.8-1"))
    facts = folder / "facts.yaml"
    facts.write_text(facts.read_text("utf-8") + "# 手写的一行\n", encoding="utf-8")
    answer(folder, {"A.3-1": ([], "对"), "A.8-1": (["营业时间 不晚于 20:00"], "对")})
    sheet = folder / SHEET
    sheet.write_text(re.sub("    限定不明:.*\n", "", sheet.read_text("utf-8")), encoding="utf-8")
    command_line.here("new", "answers", str(folder))
    assert done in rule_of("A.1-1").read_text("utf-8")
    assert draft in rule_of("A.3-1").read_text("utf-8")
    assert changed not in rule_of("A.8-1").read_text("utf-8")
    assert "# 手写的一行" in facts.read_text("utf-8")


def test_columns_that_nothing_reads_wait_for_the_clauses_that_may_read_them(
    tmp_path: Path,
) -> None:
    """Answered too early they are not put down as unread, and that is said."""
    folder = drafted(tmp_path)
    before = next(folder.glob("*.schema.json")).read_bytes()
    answer(folder, {"A.1-1": (["所在楼层 不超过 3"], "对"), "没有规则读的栏目": ([], "对")})
    _, told, _ = command_line.here("new", "answers", str(folder))
    [line] = [one for one in told.split("\n") if "没有规则读的栏目" in one]
    assert "留在表上" in line and "A.5-1" in line and "A.1-1" not in line
    assert next(folder.glob("*.schema.json")).read_bytes() == before
    assert "没有规则读的栏目" in (folder / SHEET).read_text("utf-8")
