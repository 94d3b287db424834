"""``kehou read`` shows what is read of a text at its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.prose import BREACH, plan

from kehou.cli.main import main


def test_each_thing_read_is_told_with_its_paragraph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = plan(tmp_path, BREACH)
    assert main(["read", str(place)]) == 0
    shown = capsys.readouterr().out
    assert "读出  方案.docx 第 1 段  学校名称：示例镇中心小学" in shown
    assert "不符合  方案.docx “二、内容”下第 2 段（全文第 6 段）  考试训练：打算做（明白）" in shown
    assert "集体补课：禁止（明白）" in shown
    assert "没有读，不等于没有写" in shown


def test_the_page_holds_the_whole_text_and_leads_from_mark_to_note(tmp_path: Path) -> None:
    place, page = plan(tmp_path, BREACH), tmp_path / "读取.html"
    assert main(["read", str(place), "-o", f"html={page}"]) == 0
    text = page.read_text("utf-8")
    assert "<script" not in text and "http" not in text.replace("http-equiv", "")
    ids = set(re.findall(r' id="(\w+)"', text))
    assert {"n1", "n4", "t1", "p6"} <= ids
    assert set(re.findall(r'href="#(\w+)"', text)) <= ids
    assert "学生自主完成作业，教师答疑。" in text


def test_a_text_in_which_nothing_was_read_says_that_this_is_no_praise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "说明.txt"
    place.write_text("食堂每日公布菜谱，灶具按时检修，食品留样四十八小时备查。\n", "utf-8")
    assert main(["read", str(place), "--as-of", "2021-09-06"]) == 0
    assert "没有读出，不等于没有写" in capsys.readouterr().out


def test_what_is_no_prose_is_led_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "plan.yaml"
    place.write_text("school: {name: 示例小学}\n", "utf-8")
    assert main(["read", str(place)]) == 2
    assert "kehou check" in capsys.readouterr().err


def test_a_text_that_does_not_say_from_when_it_holds_is_shown_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To see what was read takes no date; only the judging does."""
    place = tmp_path / "方案.txt"
    place.write_text("示例小学课后服务方案\n课后服务17:30结束。\n", "utf-8")
    assert main(["read", str(place)]) == 0
    told = capsys.readouterr()
    assert "结束时间：17:30" in told.out
    assert "没有读：方案.txt" in told.out
    assert "没有核查" in told.err


def test_what_was_not_read_of_a_text_is_not_called_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan may well name its staff and waivers: a program reads only some things of it."""
    plan = tmp_path / "方案.txt"
    plan.write_text(
        "示例镇中心小学2021年秋季学期课后服务实施方案\n低保户子女免收课后服务费。\n", "utf-8"
    )
    main(["check", str(plan)])
    shown = capsys.readouterr().out
    assert "这份材料没有提供" not in shown
    assert "没有从文字里读出，或者不知道有没有读全" in shown
