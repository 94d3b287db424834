"""The command line as people and CI jobs call it: what is written wrong, and odd terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kehou import data
from kehou.cli.main import main
from kehou.errors import EXIT_OK, EXIT_USAGE

PROGRAM = [sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())"]


def kehou(
    *arguments: str, cwd: Path | None = None, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run kehou; ``environment`` is added to that of the test."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


USAGE_ERRORS = [
    ([], "用法：kehou"),
    (["chek", "x"], "是否想写 check？"),
    (["check"], "缺少参数 PATH"),
    (["check", "x", "--fail-onn", "major"], "是否想写 --fail-on？"),
    (["check", "x", "--fail-on", "majr"], "是否想写 major？"),
    (["check", "x", "--fail-on", "advice"], "不能是“advice”"),
    (["check", "x", "--stage", "inspektion"], "是否想写 inspection？"),
    (["check", "x", "--stage"], "--stage 后面要写值"),
    (["check", "x", "--engine", "drools"], "可用：both、direct、rete"),
    (["check", "x", "--as-of", "9月1日"], "写作 2021-09-01"),
    (["check", "x", "--as-of", "2021-02-30"], "不是日期"),
    (["check", "x", "--on", "２０２１-09-31"], "不是日期"),
    (["check", "x", "--data", "county_list"], "应写作 名称=文件"),
    (["check", "x", "--lang", "fr"], "可用：zh、en"),
    (["check", "x", "-o", "jsno"], "是否想写 json？"),
    (["check", "x", "-o", "结果.html"], "写作 -o html=结果.html"),
    (["check", "x", "-o", "json="], "没有写文件名"),
    (["check", "x", "-o", "json", "-o", "html"], "只能有一种格式写到屏幕"),
    (["check", "x", "-o", "json=a.json", "-o", "html=./a.json"], "已用作输入或另一种输出"),
    (["check", "x", "-o", "json=x"], "已用作输入或另一种输出"),
    (["check", "x", "-o", "json=no/such/folder/a.json"], "没有文件夹"),
    (["check", "x", "-o", "json=."], "这是文件夹"),
    (["check", "-", "-"], "标准输入（-）只能写一次"),
    (["check", "x", "--pack", "no-such-pack"], "找不到规则包 no-such-pack"),
    (["explain"], "没有写规则"),
    (["explain", "a", "b", "c"], "没有这个选项或参数：c"),
    (["clauses", "-o", "docx"], "没有输出格式“docx”"),
    (["schema", "reprot"], "是否想写 report？"),
    (["check", "x\0y"], "命令里有 NUL 字符"),
    (["check", "x", "-o", "json=\0"], "命令里有 NUL 字符"),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE_ERRORS)
def test_a_wrong_command_line_says_in_chinese_what_to_write(
    arguments: Sequence[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == EXIT_USAGE
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_version_and_help() -> None:
    from kehou import __version__

    assert kehou("--version").stdout == f"kehou {__version__}\n"
    shown = kehou("check", "--help")
    assert shown.returncode == EXIT_OK
    for option in ("--stage", "--as-of", "--on", "--pack", "--fail-on", "--lang", "--engine"):
        assert option in shown.stdout
    assert "退出码" in shown.stdout


def test_schema_prints_what_is_installed() -> None:
    listed = kehou("schema").stdout.split()
    assert {"submission", "rule", "report"} <= set(listed)
    for name in listed:
        shown = kehou("schema", name)
        assert shown.returncode == EXIT_OK
        assert shown.stdout == data.schemas().joinpath(f"{name}.schema.json").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030", "gbk", "utf-8"])
def test_a_document_is_utf8_whatever_the_terminal(encoding: str) -> None:
    ran = subprocess.run(
        [*PROGRAM, "schema", "report"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=True,
    )
    assert json.loads(ran.stdout.decode("utf-8"))["title"] == "kehou 检查报告"


def test_an_error_can_be_told_on_any_terminal() -> None:
    ran = subprocess.run(
        [*PROGRAM, "chek"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert ran.returncode == EXIT_USAGE
    assert b"\\u547d\\u4ee4" in ran.stderr


def test_a_reader_that_leaves_early_makes_no_traceback() -> None:
    command = [*PROGRAM, "schema", "submission"]
    ran = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    told = ran.stderr.read()
    ran.stderr.close()
    ran.wait()
    assert told == b""


def test_an_unreadable_standard_error_is_escaped(tmp_path: Path) -> None:
    ran = kehou("schema", "\x1b[2Jboo\u202e", cwd=tmp_path)
    assert ran.returncode == EXIT_USAGE
    assert "\\x1b[2Jboo\\u202e" in ran.stderr


SETTINGS_ERRORS = [
    ("stagee: approval\n", "kehou.yaml:1:1：没有“stagee”这一项（是否想写 stage？）"),
    ("stage: aproval\n", "是否想写 approval？"),
    ("fail_on: advice\n", "不能是“advice”"),
    ("data: [a]\n", "应当写作“表名: 文件”"),
    ("pack: {a: b}\n", "应当是规则包的编号或文件夹"),
    ("- stage\n", "“键: 值”的映射"),
    ("stage: approval\nstage: inspection\n", "kehou.yaml:2:1"),
    ("pack: no-such-pack\n", "找不到规则包 no-such-pack"),
]


@pytest.mark.parametrize(("text", "told"), SETTINGS_ERRORS)
def test_a_wrong_kehou_yaml_is_told_with_its_place(
    text: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tmp_path.joinpath("kehou.yaml").write_text(text, "utf-8")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert main(["check", "plan.yaml"]) == EXIT_USAGE
    assert told in capsys.readouterr().err


def test_all_faults_of_kehou_yaml_are_told_at_once(tmp_path: Path) -> None:
    tmp_path.joinpath("kehou.yaml").write_text("stagee: a\nlang: fr\nengine: x\n", "utf-8")
    ran = kehou("check", "plan.yaml", cwd=tmp_path)
    assert [n for n in (1, 2, 3) if f"kehou.yaml:{n}:" in ran.stderr] == [1, 2, 3]


def test_a_module_of_the_current_folder_is_not_run(tmp_path: Path) -> None:
    """``python -m kehou`` in a folder that was handed in."""
    for name in ("signal", "struct", "json", "argparse", "yaml"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)\n")
    words = [sys.executable, "-m", "kehou", "--version"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("kehou ")
