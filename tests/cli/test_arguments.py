"""What may stand after an option, and the lists that help needs before a module is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

import pytest
from tests.support.command_line import here

from kehou.cli import choice, date, number, written
from kehou.cli.arguments import GATES, SHARED, STAGES, add_shared, gate_titles, stage_titles, table
from kehou.cli.command_table import COMMANDS
from kehou.commands import notice, score
from kehou.rectification import letters
from kehou.scoring import formats
from kehou.scoring.sheet import MODELS


def test_what_is_written_out_for_the_help_is_what_there_is() -> None:
    assert set(notice.FORMATS) == set(letters.FORMATS)
    assert set(score.SHEETS) == {"text", *formats.SHEETS}
    assert set(score.RANKINGS) == set(formats.RANKINGS)
    assert set(score.MODELS) == set(MODELS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2021-09-01", "2021-09-01"),
        ("2021-9-1", "2021-09-01"),
        ("2021年9月1日", "2021-09-01"),
        ("9月1日", ""),
        ("2021-02-30", ""),
        ("2021年2月30日", ""),
    ],
)
def test_a_date_is_one_that_exists(text: str, told: str) -> None:
    if told:
        assert date(text) == told
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="不是日期"):
            date(text)


@pytest.mark.parametrize("text", ["ten", "1.5", "", "１", "1" * 30])
def test_a_number_is_a_whole_one_in_plain_digits(text: str) -> None:
    assert (number("12"), number("-3")) == (12, -3)
    with pytest.raises(argparse.ArgumentTypeError, match="不是整数"):
        number(text)


def test_a_choice_names_the_nearest_word_and_a_table_its_file() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="是否想写 major？"):
        choice(("critical", "major"))("majr")
    with pytest.raises(argparse.ArgumentTypeError, match="可用：a、b"):
        choice(("a", "b"))("zzz")
    assert table("list=a=b.yaml") == ("list", "a=b.yaml")
    for text in ("list", "=a.yaml", "list="):
        with pytest.raises(argparse.ArgumentTypeError, match="名称=文件"):
            table(text)


def test_what_is_written_as_an_output_names_its_format() -> None:
    assert written(("text", "json"))("json").format == "json"


def test_a_row_names_shared_options_that_there_are_and_each_is_taken_by_some_command() -> None:
    named = {name for row in COMMANDS.values() for name in row.shared}
    assert named == set(SHARED)
    parser = argparse.ArgumentParser()
    add_shared(parser, tuple(SHARED))
    assert {a.dest for a in parser._actions} == {"help", *SHARED}


@pytest.mark.parametrize(
    ("titles", "allowed", "text", "found"),
    [
        (stage_titles, STAGES, "方案备案", "approval"),
        (stage_titles, STAGES, "备案", "approval"),
        (stage_titles, STAGES, "检查", "inspection"),
        (stage_titles, STAGES, "考核", "assessment"),
        (gate_titles, GATES, "红线", "critical"),
        (gate_titles, GATES, "新增重大", "new:major"),
        (gate_titles, GATES, "critical", "critical"),
    ],
)
def test_a_title_stands_for_its_word(
    titles: Callable[[], Mapping[str, str]], allowed: Sequence[str], text: str, found: str
) -> None:
    assert choice(allowed, titles)(text) == found


def test_a_part_that_two_titles_have_stands_for_neither() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="不能是"):
        choice(GATES, gate_titles)("新")


@pytest.mark.parametrize("command", ["diff", "verify", "clauses"])
def test_an_output_that_would_not_be_written_is_refused(command: str) -> None:
    code, out, told = here(command, "a", "b", "-o", "json=a.json", "-o", "text")
    assert (code, out) == (2, "")
    assert "-o/--output 只能写一次" in told
