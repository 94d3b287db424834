"""``kehou new pack``: a policy's text becomes a pack that loads, and what remains is told."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import MARK, PROPOSED, SHEET, UNDECIDED

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
    assert code == 0 and "待确认" in told and "5 条条款" in told
    pack = packs.load(str(folder))
    assert pack.effective_from == "2025-03-01"
    assert {c.quote: c.modality for c in pack.clauses.values()} == {
        "图书室应当每天开放": "MUST",
        "开放时间不得晚于9时": "LIMIT",
        "严禁出租图书": "PROHIBIT",
        "鼓励志愿者参加管理": "ENCOURAGE",
        "图书室可以接受捐赠": "MAY",
    }
    assert [c.id for c in pack.clauses.values()][:2] == ["A.2-1", "A.2-2"]
    by_hand(folder)
    assert [(place.partition(":")[0]) for place, _, _ in lint(str(folder))] == [
        "main/main-first-rule.yaml",
        "pack.yaml",
        "clauses.yaml",
    ]
    ran = run_cases.run(str(folder), engine="direct")
    assert ran.passed == 3 and ran.failures == []


def by_hand(folder: Path) -> None:
    """Without the sheet: whoever does not use it is told of each file that is marked."""
    (folder / SHEET).unlink()


def confirmed(folder: Path) -> None:
    """Take away what says of anything that it is to be confirmed or rewritten."""
    (folder / SHEET).unlink(missing_ok=True)
    for file in folder.rglob("*.yaml"):
        kept = []
        for line in file.read_text("utf-8").replace("title: 示例：", "title: ").splitlines():
            if line not in (MARK, PROPOSED):
                line = line.replace("待确认：请改成", "请改成").replace("# 待确认：名称", "# 名称")
                line = line.replace("reason: 待确认：", "reason: ")
                line = line.replace("  # 待确认", "").replace(
                    "assumption: 待确认：", "assumption: "
                )
                kept.append(line.replace("addressee: '待确认'", "addressee: 图书室"))
        file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_a_schema_of_its_own_gives_the_base_and_the_entities(tmp_path: Path) -> None:
    """Lists that no rule is about yet stand ready as comments."""
    schema = tmp_path / "books.schema.json"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder, (code, _, error) = made(tmp_path, "--schema", str(schema))
    assert code == 0, error
    assert list(packs.load(str(folder)).entities) == []
    assert "#  loan:\n#    list: loans" in (folder / "facts.yaml").read_text("utf-8")
    confirmed(folder)
    assert {message.partition("“")[0] for _, message, _ in lint(str(folder))} == {"没有规则读"}


def test_a_new_rule_takes_the_field_that_is_spoken_of_and_carries_its_clause(
    tmp_path: Path,
) -> None:
    """The schema's file may have a Chinese name; the clause waits for a rule no longer."""
    schema = tmp_path / "图书室.schema.json"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder, _ = made(tmp_path, "--schema", str(schema))
    assert not [f for f in lint(str(folder)) if "pack.yaml" in f[0] and "待确认" not in f[1]]
    before = packs.load(str(folder)).clauses["A.3-1"]
    code, told, _ = command_line.here(
        "new", "room-code", "--pack", str(folder), "--area", "main", "--clause", "A.3-1"
    )
    assert code == 0 and "由 planned 改为 automated" in told
    pack = packs.load(str(folder))
    assert (str(before.status), str(pack.clauses["A.3-1"].status)) == ("planned", "automated")
    assert "room.code" in (folder / "main" / "room-code.yaml").read_text("utf-8")
    assert len(pack.clauses) == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pack"], "要写名称和政策原文"),
        (["pack", "town-books"], "要写名称和政策原文"),
        (["pack", "Town", "--source", "办法.txt"], "不合格式"),
        (["pack", "town-books", "--source", "没有.txt"], "没有.txt"),
        (["some-rule", "--source", "办法.txt"], "只在新建规则包或叠加时写"),
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


POOL = """\
（示例）某区社区游泳馆管理办法
第一条 游泳馆应当取得经营许可证，许可证应当在有效期内。
第二条 开放时段内在岗救生员不得少于2人。夜间开放时段不得晚于21:30结束。
第三条 水温应当保持在26摄氏度以上30摄氏度以下，余氯不得低于每升0.3毫克，不得高于每升1.0毫克。
第四条 发生溺水事故的，游泳馆应当在2小时以内报告。
第五条 身高不足1.2米的儿童入池必须由成年人陪同。每人不得少于2.5平方米。
第六条 夏季开放时段不得早于6时开始。
"""
#: What no field of the schema below says: whoever confirms the drafts decides on it.
LEFT_OPEN = ("身高不足1.2米", "入池", "夜间")
NUMBER = {"title": "序号", "type": "string", "x-unread": "只用来辨认"}
WHEN = {"type": "string", "x-kind": "time"}
POOL_SCHEMA = {
    "title": "自查表",
    "type": "object",
    "x-subject": {"id": "pool.code", "name": "pool.name"},
    "x-dates": {"as_of": "pool.checked_on"},
    "properties": {
        "pool": {
            "title": "游泳馆",
            "type": "object",
            "properties": {
                "code": {"title": "编号", "type": "string"},
                "name": {"title": "名称", "type": "string"},
                "checked_on": {"title": "自查日期", "type": "string", "x-kind": "date"},
                "area": {"title": "水面面积", "type": "number", "x-kind": "decimal"},
                "permit_until": {
                    "title": "许可证有效期至",
                    "type": "string",
                    "x-kind": "date",
                    "x-absent": True,
                },
                "accompanied": {"title": "儿童是否由成年人陪同", "type": "boolean"},
            },
        },
        "sessions": {
            "title": "开放时段",
            "type": "array",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": NUMBER,
                    "season": {
                        "title": "季节",
                        "enum": ["summer", "winter"],
                        "x-labels": {"summer": "夏季", "winter": "冬季"},
                    },
                    "starts": {"title": "开始时间", **WHEN},
                    "ends": {"title": "结束时间", **WHEN},
                    "guards": {"title": "在岗救生员", "type": "integer", "x-units": ["人"]},
                },
            },
        },
        "water_tests": {
            "title": "水质检测",
            "type": "array",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": NUMBER,
                    "temperature": {
                        "title": "水温",
                        "type": "number",
                        "x-kind": "decimal",
                        "x-units": ["℃", "摄氏度"],
                    },
                    "chlorine": {"title": "余氯", "type": "number", "x-kind": "decimal"},
                },
            },
        },
        "accidents": {
            "title": "溺水事故",
            "type": "array",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": NUMBER,
                    "reported_after": {
                        "title": "多久以后报告",
                        "type": "integer",
                        "x-units": ["分钟"],
                    },
                },
            },
        },
    },
}


def test_a_rule_is_proposed_for_each_clause_whose_field_is_spoken_of(tmp_path: Path) -> None:
    """What a person would have typed: rules, cases on both sides, parameters, entities."""
    source, schema = tmp_path / "办法.txt", tmp_path / "游泳馆.schema.json"
    source.write_text(POOL, encoding="utf-8")
    schema.write_text(json.dumps(POOL_SCHEMA, ensure_ascii=False), encoding="utf-8")
    folder = tmp_path / "pool-2025"
    code, told, error = command_line.here(
        "new", "pack", str(folder), "--source", str(source), "--schema", str(schema)
    )
    assert code == 0, error
    pack = packs.load(str(folder))
    asked = {
        "main-pool-permit-until": ("A.1-1", "partly"),
        "main-session-guards": ("A.2-1", "automated"),
        "main-session-ends": ("A.2-2", "partly"),
        "main-water-test-temperature": ("A.3-1", "automated"),
        "main-water-test-chlorine": ("A.3-1", "automated"),
        "main-accident-reported-after": ("A.4-1", "automated"),
        "main-pool-accompanied": ("A.5-1", "partly"),
        "main-session-starts-summer": ("A.6-1", "automated"),
    }
    found = {
        name: (rule.clauses[0], str(pack.clauses[rule.clauses[0]].status))
        for name, rule in pack.rules.items()
    }
    assert found == asked
    assert "还没有规则的条款：A.5-2" in told
    values = {name: one.values[0].value for name, one in pack.parameters.items()}
    assert values == {
        "min_guards": 2,
        "latest_ends": 1290,
        "min_temperature": 26,
        "max_temperature": 30,
        "min_chlorine": Fraction(3, 10),
        "max_chlorine": 1,
        "max_reported_after": 120,
        "earliest_summer_starts": 360,
    }
    assert {one.tighter for name, one in pack.parameters.items() if name.startswith("min_")} == {
        "higher"
    }
    ran = run_cases.run(str(folder), engine="direct")
    assert ran.failures == [] and ran.passed > 25
    by_hand(folder)
    told_now = [message for _, message, _ in lint(str(folder))]
    assert sum("还没有人核对" in message for message in told_now) == len(asked)
    confirmed(folder)
    assert [m for _, m, _ in lint(str(folder))] == [
        *(f"条款的“{words}”还没有写进规则，也没有说明不必写" for words in LEFT_OPEN),
        "没有规则读“水面面积”（pool.area）",
    ]
    for file in folder.rglob("*.yaml"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if UNDECIDED not in line), "utf-8")
    assert [m for _, m, _ in lint(str(folder))] == ["没有规则读“水面面积”（pool.area）"]


def test_what_is_left_to_be_confirmed_is_told_once_for_each_file(tmp_path: Path) -> None:
    folder, _ = made(tmp_path)
    by_hand(folder)
    told = {p.partition(":")[0]: m for p, m, _ in lint(str(folder)) if "待确认" in m}
    assert set(told) == {"pack.yaml", "clauses.yaml"}
    assert "还有 10 处待确认" in told["clauses.yaml"]
    confirmed(folder)
    assert not [m for _, m, _ in lint(str(folder)) if "待确认" in m]


AT_NIGHT = """\
某街道健身房管理办法（示例）
第一条 健身房每天23:00以前关闭。
第二条 每20名会员至少配1名教练。
第三条 管理人员值班。
第四条 会员中心由街道负责。
第五条 违反本办法的，责令限期改正。
本办法自2026年3月1日起施行。
"""


def at_night(tmp_path: Path, **more: object) -> tuple[Path, tuple[int, str, str]]:
    closes = {"type": "string", "x-kind": "time", "title": "关闭时间", **more}
    schema = {
        "type": "object",
        "title": "登记表",
        "x-subject": {"name": "gym.name"},
        "properties": {
            "gym": {
                "type": "object",
                "title": "健身房",
                "properties": {"name": {"type": "string", "title": "名称"}, "closes": closes},
            }
        },
    }
    source, file = tmp_path / "办法.txt", tmp_path / "健身房.schema.json"
    source.write_text(AT_NIGHT, encoding="utf-8")
    file.write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")
    folder = tmp_path / "gym-2026"
    return folder, command_line.here(
        "new", "pack", str(folder), "--source", str(source), "--schema", str(file)
    )


def test_a_late_limit_asks_what_is_written_past_midnight(tmp_path: Path) -> None:
    folder, (code, _, error) = at_night(tmp_path)
    assert code == 0, error
    rule = packs.load(str(folder)).rules["main-gym-closes"]
    assert len(rule.review) == 1 and "次日" in rule.review[0].reason
    cases = (folder / "main" / "main-gym-closes.test.yaml").read_text("utf-8")
    assert "{/gym/closes: '00:30'}\n    expect: {review: [/]}" in cases
    assert run_cases.run(str(folder), engine="direct").failures == []
    assert not [one for one in lint(str(folder)) if "0:30" in one[1]]


def test_a_field_that_says_from_when_it_is_needs_no_such_question(tmp_path: Path) -> None:
    folder, _ = at_night(tmp_path, **{"x-earliest": "06:00"})
    assert packs.load(str(folder)).rules["main-gym-closes"].review == ()


def test_sentences_without_a_requirement_are_shown_on_the_screen(tmp_path: Path) -> None:
    folder, (_, told, _) = at_night(tmp_path)
    assert "没有看出要求的 2 句" in told
    assert "管理人员值班" in told and "会员中心由街道负责" in told
    assert "自2026年3月1日起施行" not in told
    force = {c.quote: c.modality for c in packs.load(str(folder)).clauses.values()}
    assert force["每20名会员至少配1名教练"] == "LIMIT"
    assert force["违反本办法的，责令限期改正"] == "CONSEQ"


@pytest.mark.parametrize("word", ["on", "yes", "no"])
def test_a_name_that_yaml_reads_otherwise_is_told_in_the_schema(tmp_path: Path, word: str) -> None:
    file = tmp_path / "图书室.schema.json"
    schema = json.loads(json.dumps(SCHEMA))
    schema["properties"]["loans"]["items"]["properties"][word] = {"type": "string", "title": "开"}
    file.write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")
    line = 1 + next(
        i for i, text in enumerate(file.read_text("utf-8").splitlines()) if f'"{word}":' in text
    )
    folder, (code, _, error) = made(tmp_path, "--schema", str(file))
    assert code == 2 and not folder.exists()
    assert f"图书室.schema.json:{line}" in error and f"不能叫 {word}" in error
    assert "facts.yaml" not in error
