"""Help in both languages: whole, neutral and of the words that the tables hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kehou import data
from kehou.cli.command_table import COMMANDS
from kehou.cli.language import speaking
from kehou.cli.main import main
from kehou.cli.parser import help_of, module_of, parsers
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE
from kehou.render import FORMATS

CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
#: Words of one policy; help is read before any pack is known.
OF_A_POLICY = (
    *("学校", "课后", "学生", "教师", "家长", "收费", "教育局", "教育行政"),
    *("方案", "不定期", "年终", "旗县", "问卷"),
)


def help_in(language: str, command: str) -> str:
    with speaking(["--lang", language]):
        parser, each = parsers()
        return (each[command] if command else parser).format_help()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_whole_in_both_languages(command: str) -> None:
    zh, en = help_in("zh", command), help_in("en", command)
    assert not CHINESE.search(en)
    assert zh.startswith("用法：kehou")
    assert en.startswith("usage: kehou")
    for shown in (zh, en):
        assert not re.search(r"\b(cli|command)\.[a-z_]+", shown), "a key without a text"
    assert not re.search("usage|positional|options|show this", zh)
    assert [word for word in OF_A_POLICY if word in zh] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_option_and_place_has_a_help(command: str) -> None:
    parser, each = parsers()
    for action in (each[command] if command else parser)._actions:
        if action.dest != "command":
            assert help_of(action), action.dest


def test_every_row_of_the_table_leads_to_a_command_and_every_command_has_a_row() -> None:
    here = {p.name.removesuffix(".py") for p in (data.code() / "commands").iterdir()}
    rows = {row.module for row in COMMANDS.values()}
    assert here - rows - {"__init__", "__pycache__"} == {
        "check_many",
        "choices",
        "many",
        "score_files",
    }, "no command"
    for name, row in COMMANDS.items():
        module = module_of(name)
        assert callable(module.add_options) and callable(module.run), name
        assert CHINESE.search(row.zh) and not CHINESE.search(row.en), name


def test_the_formats_in_the_help_of_a_check_are_those_of_the_table() -> None:
    told = re.sub(r"\s", "", help_in("zh", "check"))
    assert "、".join(["text（默认）", *list(FORMATS)[1:]]) in told


def test_the_language_stands_before_or_after_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever writes --lang en hears English wherever it stands."""
    for words in (["--lang", "en", "check"], ["check", "--lang", "en"], ["check", "--lang=en"]):
        assert main(words) == EXIT_USAGE
        told = capsys.readouterr().err
        assert told == (
            "kehou: the following arguments are required: PATH\n  Please: see kehou check --help\n"
        )


def test_the_language_before_the_command_is_that_of_the_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--lang", "en", "explain", "schedule-primary-end"]) == EXIT_OK
    before = capsys.readouterr().out
    assert main(["explain", "schedule-primary-end", "--lang", "en"]) == EXIT_OK
    assert capsys.readouterr().out == before


def test_kehou_yaml_sets_the_language_of_help_and_a_flag_outranks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.joinpath("kehou.yaml").write_text("lang: en\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    main(["chek"])
    assert "did you mean check?" in capsys.readouterr().err
    main(["chek", "--lang", "zh"])
    assert "是否想写 check？" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["lang: fr\n", "- a\n", "lang: [\n"])
def test_a_faulty_kehou_yaml_does_not_keep_help_away(
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tmp_path.joinpath("kehou.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert capsys.readouterr().out.startswith("用法：kehou check")


def test_the_locale_of_the_machine_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    assert help_in("zh", "check").startswith("用法：")


WRONG = [
    ["chek", "x"],
    ["check"],
    ["check", "x", "--fail-onn", "major"],
    ["check", "x", "--fail-on", "majr"],
    ["check", "x", "--stage"],
    ["check", "x", "--changed=yes"],
    ["check", "x", "--as-of", "2021-9"],
    ["check", "x", "--data", "county_list"],
    ["check", "x", "-o", "jsno"],
    ["check", "x", "-o", "result.html"],
    ["check", "x", "-o", "json="],
    ["check", "x", "-o", "docx"],
    ["check", "x", "-o", "json", "-o", "html"],
    ["check", "x", "-o", "json=x"],
    ["check", "x", "-o", "json=no/such/folder/a.json"],
    ["check", "x", "-o", "json=."],
    ["check", "-", "-"],
    ["explain", "no-such-rule"],
    ["explain", "a", "b", "c"],
    ["schema", "reprot"],
    ["schema", "report", "--part", "x"],
    ["schema", "report", "--editor"],
    ["score", "x"],
    ["score", "x", "--scheme", "y", "--previous", "z"],
    ["notice", "x"],
    ["waiver", "list", "x"],
    ["waiver", "lst", "x"],
    ["fix", "x"],
    ["form", "-o", "x.txt"],
    ["worksheet", "x", "--sample", "two"],
    ["completion", "powershell"],
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_is_written_wrong_is_told_in_english_where_that_is_asked_for(
    words: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--lang", "en"]) == EXIT_USAGE
    told = capsys.readouterr().err
    assert told.startswith("kehou: ")
    assert not CHINESE.search(told)


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_help_can_be_read_on_any_terminal(encoding: str) -> None:
    """An encoding that lacks a character costs that character, not the help."""
    for words in (["check", "--help"], ["--version"], []):
        ran = subprocess.run(
            [sys.executable, "-m", "kehou", *words],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            check=False,
        )
        assert ran.returncode == (EXIT_OK if words else EXIT_USAGE)
        assert b"kehou" in ran.stdout + ran.stderr
        assert b"Traceback" not in ran.stderr


def test_an_error_that_cannot_be_told_is_no_breach(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken installation must not end with 1, which says that something does not comply."""
    monkeypatch.setattr("kehou.render.words.catalogue.load", lambda language: {})
    assert main(["check"]) == EXIT_UNREADABLE
    assert "KeyError" in capsys.readouterr().err


def test_python_runs_it_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "kehou", "schema"], capture_output=True, encoding="utf-8", check=True
    )
    assert "submission" in ran.stdout.split()
    wrong = subprocess.run(
        [sys.executable, "-m", "kehou", "chek"], capture_output=True, check=False
    )
    assert wrong.returncode == EXIT_USAGE


def test_the_words_of_the_command_line_are_the_same_in_both_catalogues_and_english_in_one() -> None:
    zh, en = (
        json.loads(data.reports().joinpath(f"{name}.json").read_text("utf-8"))
        for name in ("zh_CN", "en")
    )
    ours = [key for key in zh if key.startswith(("cli.", "command."))]
    assert len(ours) > 200
    assert [key for key in ours if CHINESE.search(en[key])] == []
    left = [key for key in ours if "%" in re.sub("%[a-z_]+%", "", zh[key])]
    assert left == [], "argparse would take it for a slot"
