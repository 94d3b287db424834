"""A layer whose clauses set no value, only rules: answered in one go, and left as it was if not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import answers as answering
from kehou.authoring.unfinished import SHEET
from kehou.model.outcomes import ClauseStatus

POLICY = """\
河畔县规定（示例）
第一条 课后服务应当安排在周一至周五。
第二条 学校应当安排专人值守校门。
本规定自2026年3月1日起施行。
"""
WEEKDAYS = "类别 是 下午课后服务 时，服务时段的星期 不含 周六、周日"
WHOLE = {"K.1-1": ("对", WEEKDAYS), "K.2-1": ("人看", "")}


def layer(tmp_path: Path, said: dict[str, tuple[str, str]] = WHOLE) -> Path:
    """A drafted layer with its sheet filled in."""
    source = tmp_path / "规定.txt"
    source.write_text(POLICY, "utf-8")
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
