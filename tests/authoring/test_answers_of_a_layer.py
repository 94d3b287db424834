"""A layer whose clauses set no value, only rules: answered in one go, and left as it was if not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import CheckOptions, check, packs, render_report
from kehou.authoring import answers as answering
from kehou.authoring.unfinished import SHEET
from kehou.model.outcomes import ClauseStatus

PLAN = Path(__file__).parents[2] / "examples" / "first-check"
POLICY = """\
河畔县规定（示例）
第一条 课后服务应当安排在周一至周五。
第二条 学校应当安排专人值守校门。
本规定自2026年3月1日起施行。
"""
WEEKDAYS = "类别 是 下午课后服务 时，服务时段的星期 不含 周六、周日"
WHOLE = {"K.1-1": ("对", WEEKDAYS), "K.2-1": ("人看", "")}


def layer(tmp_path: Path, said: dict[str, tuple[str, str]] = WHOLE, policy: str = POLICY) -> Path:
    """A drafted layer with its sheet filled in."""
    source = tmp_path / "规定.txt"
    source.write_text(policy, "utf-8")
    folder = tmp_path / "river"
    words = ("new", "overlay", str(folder), "--over", "bayannur-2021", "--source", str(source))
    code, said_, told = command_line.here(*words)
    assert code in (0, 1), said_ + told
    sheet = folder / SHEET
    lines, clause = [], ""
    for line in sheet.read_text("utf-8").splitlines():
        key, _, value = line.strip().removeprefix("- ").partition(":")
        clause = value.strip() if key == "条款" and value.strip() else clause
        word, phrase = said.get(clause, ("对", ""))
        if clause and key == "要求" and phrase:
            line = f"    要求: {phrase}"
        elif key == "答":
            line = f"{line.partition(':')[0]}: {word if clause else '对'}"
        if line and not line[0].isspace():
            clause = ""
        lines.append(line)
    sheet.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_rules_alone_make_a_layer(tmp_path: Path) -> None:
    folder = layer(tmp_path)
    code, out, told = command_line.here("new", "answers", str(folder))
    assert code == 0, out + told
    assert not (folder / SHEET).exists()
    assert "parameters" not in (folder / "pack.yaml").read_text("utf-8")
    made = packs.load(str(folder))
    assert made.clauses["K.1-1"].status is ClauseStatus.AUTOMATED
    assert made.clauses["K.2-1"].status is ClauseStatus.MANUAL
    [rule] = [rule for rule in made.rules.values() if "K.1-1" in rule.clauses]
    assert rule.valid_from == "2026-03-01", "nothing filed before the county's rules is judged"


def test_another_first_day_on_the_sheet_moves_the_rules(tmp_path: Path) -> None:
    folder = layer(tmp_path, {"K.1-1": ("", WEEKDAYS), "K.2-1": ("人看", "")})
    words = ("new", "--require", WEEKDAYS, "--clause", "K.1-1", "--pack", str(folder))
    code, out, told = command_line.here(*words, "quality-own-weekdays")
    assert code == 0, out + told
    sheet = folder / SHEET
    sheet.write_text(sheet.read_text("utf-8").replace("'2026-03-01'", "'2026-09-01'"), "utf-8")
    command_line.here("new", "answers", str(folder))
    assert packs.load(str(folder)).rules["quality-own-weekdays"].valid_from == "2026-09-01"


def test_a_rule_that_a_person_made_before_is_taken_for_the_line(tmp_path: Path) -> None:
    folder = layer(tmp_path)
    words = ("new", "--require", WEEKDAYS, "--clause", "K.1-1", "--pack", str(folder))
    code, out, told = command_line.here(*words, "quality-own-weekdays")
    assert code == 0, out + told
    code, out, told = command_line.here("new", "answers", str(folder))
    assert code == 0, out + told
    assert "K.1-1：quality-own-weekdays" in out
    own = [rule.id for rule in packs.load(str(folder)).rules.values() if "K.1-1" in rule.clauses]
    assert own == ["quality-own-weekdays"]


def test_what_breaks_off_leaves_every_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = layer(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(answering, "_others", broken)
    with pytest.raises(KeyboardInterrupt):
        answering.answers(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


ENDING = """\
河畔县规定（示例）
第一条 课后服务应当安排在周一至周五。
第二条 小学课后服务结束时间不得晚于18:00。
本规定自2026年3月1日起施行，有效期2年。
"""


def test_a_layer_ends_with_its_document_and_the_report_says_so(tmp_path: Path) -> None:
    """After two years schools are not held to a county text that is no longer in force."""
    folder = layer(tmp_path, {"K.1-1": ("对", WEEKDAYS), "K.2-1": ("对", "")}, ENDING)
    code, out, told = command_line.here("new", "answers", str(folder))
    assert code == 0, out + told
    assert "有效到 2028-02-29：这一层的规则和数值到期以后不再用，检查时说明" in out
    text = (folder / "pack.yaml").read_text("utf-8")
    assert "# 有效到 2028-02-29" in text and "to: '2028-02-29', value: '18:00'" in text
    made = packs.load(str(folder))
    [rule] = [rule for rule in made.rules.values() if "K.1-1" in rule.clauses]
    assert rule.valid_to == "2028-02-29"
    for as_of, limit in (("2028-02-29", 18 * 60), ("2028-03-01", 18 * 60 + 30)):
        assert made.in_force(as_of)["primary_latest_end"].value == limit
        options = CheckOptions(packs=(str(folder),), engine="direct", as_of=as_of)
        report = check(str(PLAN), options)
        note = "河畔县规定（示例）的有效期到2028-02-29，适用日期2028-03-01已经过了，没有用：小学"
        assert any(one.startswith(note) for one in report.packs.notes) is (limit != 18 * 60)
        assert any(one.rule == rule.id for one in report.results) is (limit == 18 * 60)
        plain = render_report(report)  # whoever reads no more than the screen is told too
        assert (note[:20] in plain) is (limit != 18 * 60)
    line = "服务时段的学生人数 不超过 45（与原文不同：示例）"
    words = ("new", "--require", line, "--clause", "K.2-1", "--pack", str(folder))
    code, out, told = command_line.here(*words, "quality-later")
    assert code == 0, out + told
    assert packs.load(str(folder)).rules["quality-later"].valid_to == "2028-02-29"


HALVES = """\
河畔县规定（示例）
一、每班学生不得超过45人，每名教师看护的学生不得超过30人。
二、引进的机构不得超过三家。
三、引进的机构不得少于四家。
本规定自2026年3月1日起施行。
"""


def test_half_a_sentence_is_told_and_contradicting_counts_too(tmp_path: Path) -> None:
    """30 pupils to a teacher would be carried by nothing, and nobody would know."""
    ratio = "年级的学生数÷班级数 不超过 45"
    said = {
        "K.1-1": ("对", ratio),
        "K.2-1": ("对", "机构的项数 不超过 3家"),
        "K.3-1": ("对", "机构的项数 不少于 4家"),
    }
    folder = layer(tmp_path, said, HALVES)
    sheet = folder / SHEET
    text = re.sub(
        r"    (数值|放宽依据|没有管的|不判不符合|限定不明):.*\n", "", sheet.read_text("utf-8")
    )
    if f"要求: {ratio}" not in text:
        text = text.replace("    程度:", f"    要求: {ratio}\n    程度:", 1)
    sheet.write_text(text, "utf-8")
    _, out, _ = command_line.here("new", "answers", str(folder))
    assert "K.1-1：引文另有“每名教师看护的学生不得超过30人”，没有写成规则" in out, out
    made = packs.load(str(folder))
    assert made.clauses["K.1-1"].status is ClauseStatus.PARTLY
    assert made.clauses["K.1-1"].reason == "规则没有管的：“每名教师看护的学生不得超过30人”"
    assert "的 require 不能同时成立，上下限互相矛盾" in out
