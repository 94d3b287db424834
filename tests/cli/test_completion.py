"""What a shell completes is what kehou accepts; each script is sourced in the shell itself."""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import shlex
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kehou.cli.command_table import COMMANDS
from kehou.cli.main import main
from kehou.cli.parser import parsers
from kehou.render import FORMATS

STAGES = {"approval", "inspection", "assessment"}


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Path]:
    def write(shell: str) -> Path:
        assert main(["completion", shell]) == 0
        path = tmp_path / f"kehou.{shell}"
        path.write_text(capsys.readouterr().out, "utf-8")
        return path

    return write


def in_bash(path: Path, *words: str, cwd: Path | None = None) -> set[str]:
    """What bash would offer for the last word, parted at ``=`` as bash parts it."""
    listed = " ".join(map(shlex.quote, words))
    run = subprocess.run(
        [
            "bash",
            "--norc",
            "-c",
            f"source {shlex.quote(str(path))}; COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; "
            "_kehou; printf '%s\\n' \"${COMPREPLY[@]}\"",
        ],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=cwd,
    )
    assert run.stderr == ""
    return set(run.stdout.split("\n")) - {""}


def in_fish(fish: str, path: Path, line: str) -> set[str]:
    run = subprocess.run(
        [fish, "--no-config", "-c", f"source {path}; complete -C {shlex.quote(line)}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stderr == ""
    return {row.partition("\t")[0] for row in run.stdout.splitlines()}


def in_zsh(zsh: str, path: Path, line: str, home: Path) -> str:
    """What a terminal shows after ``line`` and a tab in an interactive zsh."""
    pid, terminal = pty.fork()
    if pid == 0:  # the child
        os.environ.update(HOME=str(home), TERM="dumb", PS1="> ", LANG="C.UTF-8")
        os.execv(zsh, [zsh, "-f", "-i"])
    try:
        setup = f"autoload -U compinit; compinit -u -D; source {path}; echo rea''dy"
        os.write(terminal, f"{setup}\n".encode())
        _until(terminal, "ready")
        os.write(terminal, f"{line}\t".encode())
        return _until(terminal, "\0", 2)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def _until(terminal: int, words: str, seconds: float = 20) -> str:
    """What a terminal prints until some words or for some time; half a second of rest ends it."""
    shown = ""
    end = time.monotonic() + seconds
    while words not in shown and time.monotonic() < end:
        rest = 0.7 if words == "\0" and shown else seconds
        if not select.select([terminal], [], [], rest)[0]:
            break
        shown += os.read(terminal, 65536).decode("utf-8", "replace")
    return shown


def test_bash_completes_commands_options_and_values(
    script: Callable[[str], Path], tmp_path: Path
) -> None:
    path = script("bash")
    assert in_bash(path, "kehou", "") >= set(COMMANDS)
    assert in_bash(path, "kehou", "che") == {"check"}
    assert in_bash(path, "kehou", "check", "--sta") == {"--stage"}
    assert in_bash(path, "kehou", "check", "--stage", "") == STAGES
    assert in_bash(path, "kehou", "schema", "sub") == {"submission"}
    assert in_bash(path, "kehou", "explain", "schedule-primary-e") == {"schedule-primary-end"}
    assert "bayannur-2021" in in_bash(path, "kehou", "lint", "--pack", "bay")
    assert in_bash(path, "kehou", "completion", "") >= {"bash", "zsh", "fish"}


def test_bash_completes_formats_and_the_file_after_the_equals_sign(
    script: Callable[[str], Path], tmp_path: Path
) -> None:
    path = script("bash")
    (tmp_path / "结果.json").write_text("")
    words = ["kehou", "check", "x", "-o"]
    assert in_bash(path, *words, "js") == {"json", "json="}
    assert {w.rstrip("=") for w in in_bash(path, *words, "")} == {*FORMATS, "summary"}
    assert in_bash(path, *words, "doc") == {"docx="}  # docx goes to a file only
    assert in_bash(path, *words, "json", "=", "结", cwd=tmp_path) == {"结果.json"}
    assert "结果.json" in in_bash(path, *words, "json", "=", cwd=tmp_path)
    assert in_bash(path, "kehou", "check", "--data", "county") == {"county_list="}
    assert "结果.json" in in_bash(path, "kehou", "verify", "结", cwd=tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_completed_and_no_other(
    command: str, script: Callable[[str], Path]
) -> None:
    offered = in_bash(script("bash"), "kehou", command, "-")
    accepted = {name for a in parsers()[1][command]._actions for name in a.option_strings}
    assert offered == accepted


def test_each_command_offers_the_formats_that_it_writes(
    script: Callable[[str], Path],
) -> None:
    path = script("bash")
    for command, formats in (
        (["attest", "x"], {"yaml"}),
        (["fix", "x"], {"text", "json", "patch"}),
        (["request", "x"], {"text", "html", "docx", "yaml", "json"}),
        (["waiver", "list", "x"], {"text"}),
    ):
        offered = in_bash(path, "kehou", *command, "-o", "")
        assert {word.rstrip("=") for word in offered} == formats, command


def test_what_stands_before_the_command_does_not_hide_it(script: Callable[[str], Path]) -> None:
    path = script("bash")
    assert in_bash(path, "kehou", "--lang", "") == {"zh", "en"}
    assert in_bash(path, "kehou", "--lang", "en", "check", "--stage", "") == STAGES


def test_a_script_in_english_holds_no_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell, "--lang", "en"]) == 0
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", capsys.readouterr().out), shell


def test_every_value_that_is_completed_is_accepted() -> None:
    """Completion reads the same list that the parser checks against."""
    for command, parser in parsers()[1].items():
        for action in parser._actions:
            for word in getattr(action.type, "allowed", ()):
                assert callable(action.type), command
                assert action.type(word) == word
            if hasattr(action.type, "allowed"):
                assert callable(action.type)
                with pytest.raises(argparse.ArgumentTypeError):
                    action.type("没有这个值")


@pytest.mark.needs("fish")
def test_fish_completes_the_same(
    script: Callable[[str], Path], program: Callable[[str], str]
) -> None:
    fish, path = program("fish"), script("fish")
    assert in_fish(fish, path, "kehou ") >= set(COMMANDS)
    assert in_fish(fish, path, "kehou check --stage ") == STAGES
    assert in_fish(fish, path, "kehou check -o js") == {"json", "json="}
    assert in_fish(fish, path, "kehou explain schedule-primary-e") == {"schedule-primary-end"}
    assert "--reading" in in_fish(fish, path, "kehou check --rea")
    assert "bayannur-2021" in in_fish(fish, path, "kehou lint --pack bay")


@pytest.mark.needs("zsh")
def test_zsh_completes_the_same(
    script: Callable[[str], Path], program: Callable[[str], str], tmp_path: Path
) -> None:
    zsh, path = program("zsh"), script("zsh")
    assert "kehou verify" in in_zsh(zsh, path, "kehou ver", tmp_path)
    shown = in_zsh(zsh, path, "kehou check --stage ", tmp_path)
    assert set(re.findall("approval|inspection|assessment", shown)) == STAGES
    assert "schedule-primary-end" in in_zsh(zsh, path, "kehou explain schedule-primary-e", tmp_path)
    assert "-o json" in in_zsh(zsh, path, "kehou check -o js", tmp_path)
    assert "--pack bayannur-2021" in in_zsh(zsh, path, "kehou lint --pack bay", tmp_path)


@pytest.mark.needs("zsh")
def test_zsh_completes_the_file_after_the_equals_sign_and_a_folder_of_ones_own(
    script: Callable[[str], Path],
    program: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "result.json").write_text("")
    (tmp_path / "own-pack").mkdir()
    monkeypatch.chdir(tmp_path)
    zsh, path = program("zsh"), script("zsh")
    assert "json=result.json" in in_zsh(zsh, path, "kehou check x -o json=res", tmp_path)
    assert "--pack own-pack/" in in_zsh(zsh, path, "kehou lint --pack own", tmp_path)


@pytest.mark.needs("zsh")
def test_zsh_describes_what_it_offers_colons_and_all(
    script: Callable[[str], Path], program: Callable[[str], str], tmp_path: Path
) -> None:
    """A description that holds a colon is shown whole."""
    shown = in_zsh(program("zsh"), script("zsh"), "kehou check --en", tmp_path)
    assert "--engine" in shown
