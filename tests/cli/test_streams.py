"""Exit 1 is a breach and nothing else, whichever of the three streams is closed, full or gone."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import subprocess
import sys
import traceback
import warnings
from pathlib import Path

import pytest
from tests.support.command_line import PROGRAM, apart

from kehou import packs
from kehou.cli.command_table import COMMANDS
from kehou.cli.main import main

REPORTED = Path(__file__).parents[1] / "data" / "reported"
PLAN = (REPORTED / "closed-stdout" / "plan.yaml").read_text("utf-8")
LATE = (REPORTED / "waiver-no-such-day" / "plan.yaml").read_text("utf-8")
FULL = Path("/dev/full")
#: Of each command a short call that speaks: what it says, or that a file is not there.
CALLS: dict[str, tuple[str, ...]] = {
    "check": ("check", "plan.yaml", "--engine", "direct"),
    "check late": ("check", "late.yaml", "--engine", "direct"),
    "check file": ("check", "late.yaml", "--engine", "direct", "-o", "json=r.json"),
    "check nothing": ("check", "没有这个文件.yaml"),
    "check input": ("check", "-", "--engine", "direct"),
    "explain": ("explain", "schedule-primary-end"),
    "read": ("read", "nothing.docx"),
    "clauses": ("clauses",),
    "worksheet": ("worksheet", "nothing.json"),
    "attest": ("attest", "nothing.xlsx"),
    "agreement": ("agreement", "nothing.xlsx", "nothing.xlsx"),
    "circular": ("circular", "nothing.json"),
    "notice": ("notice", "nothing.json", "--due", "2021-10-01"),
    "recheck": ("recheck", "nothing.json", "nothing.yaml", "plan.yaml"),
    "score": ("score", "plan.yaml", "--scheme", "nothing.yaml"),
    "diff": ("diff", "nothing.json", "plan.yaml"),
    "waiver": ("waiver", "lint", "nothing.yaml", "--on", "2021-10-01"),
    "request": ("request", "plan.yaml"),
    "fix": ("fix", "plan.yaml"),
    "verify": ("verify", "nothing.json"),
    "bundle": ("bundle", "nothing.yaml", "-o", "made.zip"),
    "form": ("form", "-o", "plan.yaml"),
    "convert": ("convert", "nothing.yaml", "made.json"),
    "test": ("test", "nothing-like-it"),
    "lint": ("lint", "--pack", "nothing"),
    "new": ("new", "nothing-like-it", "--pack", "nothing"),
    "schema": ("schema",),
    "completion": ("completion", "bash"),
    "help": ("--help",),
    "nothing": ("chek",),
}
#: What is at each of 0, 1, 2: open, closed or full.
STATES = [
    state
    for state in itertools.product(
        ("open", "closed"), ("open", "closed", "full"), ("open", "closed", "full")
    )
    if state != ("open", "open", "open")
]


def folder(place: Path) -> Path:
    """A folder with a plan that is short and one with a breach; the packs, for the children."""
    for name in packs.available():
        packs.load(name)
    (place / "plan.yaml").write_text(PLAN, "utf-8")
    (place / "late.yaml").write_text(LATE, "utf-8")
    return place


def stream(number: int, state: str, told: Path) -> io.TextIOWrapper | None:
    """What Python would have at a number of this state when it starts."""
    with contextlib.suppress(OSError):
        os.close(number)
    if state == "closed":
        return None
    path = FULL if state == "full" else told if number else Path(os.devnull)
    assert (
        os.open(path, (os.O_WRONLY | os.O_CREAT | os.O_APPEND) if number else os.O_RDONLY) == number
    )
    return open(number, "w" if number else "r", encoding="utf-8", closefd=False)


def ended(words: tuple[str, ...], states: tuple[str, str, str], told: Path) -> int:
    """The exit code of a call in a child that has its streams so, Python's end and all."""
    with warnings.catch_warnings():
        # Of the threads that run the tests none is in the child, which needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 99
        try:
            # In rising order: a number that is closed must be free when the next is opened.
            kept = [stream(n, "open" if s == "closed" else s, told) for n, s in enumerate(states)]
            for number, state in enumerate(states):
                if state == "closed":
                    os.close(number)
                    kept[number] = None
            sys.stdin, sys.stdout, sys.stderr = kept
            try:
                code = main(words)
            except SystemExit as asked:
                code = int(asked.code or 0)
            for one in (
                sys.stdout,
                sys.stderr,
            ):  # as Python does at its end, and then ends with 120
                try:
                    one.flush()  # type: ignore[union-attr]
                except (OSError, ValueError):
                    code = 120
        except BaseException:
            told.with_suffix(".crash").write_text(traceback.format_exc(), "utf-8")
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder(tmp_path))
    return tmp_path


def test_every_command_is_called() -> None:
    assert {name.partition(" ")[0] for name in CALLS} >= COMMANDS.keys()


@pytest.mark.skipif(not FULL.exists(), reason="没有 /dev/full")
@pytest.mark.parametrize("name", CALLS)
def test_no_closed_or_full_stream_makes_a_breach_or_a_traceback(name: str, here: Path) -> None:
    words = CALLS[name]
    usual = ended(words, ("open", "open", "open"), here / "usual")
    breach = name in ("check", "check late", "check file")
    assert (usual == 1) is breach
    speaks = bool(ended(words, ("open", "full", "open"), here / "screen") != usual)
    for number, states in enumerate(STATES):
        told = here / f"told{number}"
        code = ended(words, states, told)
        lost = states[1] != "open" and speaks
        wanted = 2 if lost or (name == "check input" and states[0] == "closed") else usual
        assert (states, code) == (states, wanted)
        shown = told.read_text("utf-8") if told.exists() else ""
        assert "Traceback" not in shown and "内部出错" not in shown
    assert list(here.glob("*.crash")) == []


@pytest.mark.parametrize("name", ["check", "explain", "clauses", "schema", "completion", "help"])
def test_a_closed_output_is_told_in_one_sentence(name: str, here: Path) -> None:
    assert ended(CALLS[name], ("open", "closed", "open"), here / "told") == 2
    assert (here / "told").read_text("utf-8").startswith("kehou：写不出结果：标准输出关着\n  请：")


def test_a_file_is_written_whatever_is_closed(here: Path) -> None:
    states = ("closed", "closed", "closed")
    assert ended(CALLS["check file"], states, here / "told") == 1
    assert (here / "r.json").read_text("utf-8").startswith("{")


def run(redirections: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """As a shell starts it, in a process of its own."""
    command = ["sh", "-c", f'exec "$@" {redirections}', "sh", *PROGRAM, *words]
    return subprocess.run(command, capture_output=True, cwd=cwd, check=False)


def test_as_a_shell_starts_it(here: Path) -> None:
    assert run("2>&-", "check", "没有这个文件.yaml", cwd=here).returncode == 2
    assert run("2>/dev/full", "check", "没有这个文件.yaml", cwd=here).returncode == 2
    ran = run(">&-", *CALLS["check"], cwd=here)
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("kehou：写不出结果：标准输出关着")
    assert run(">/dev/full", "--help", cwd=here).returncode == 2
    assert run("<&- >&- 2>&-", *CALLS["check file"], cwd=here).returncode == 1
    assert (here / "r.json").read_bytes().startswith(b"{")
    ran = run("<&-", *CALLS["check input"], cwd=here)
    assert (ran.returncode, "标准输入关着" in ran.stderr.decode()) == (2, True)


def test_a_standard_input_that_gives_nothing_is_told(here: Path) -> None:
    ran = run("0> made", *CALLS["check input"], cwd=here)
    assert ran.returncode == 4
    assert "标准输入读不出来" in (ran.stdout + ran.stderr).decode()


def test_a_name_puts_no_line_among_ours(here: Path) -> None:
    code, out, told = apart("check", "x\nkehou：同意备案", cwd=here)
    assert (code, out) == (2, "")
    assert told.splitlines()[0] == "kehou：找不到“x\\nkehou：同意备案”"
    assert not any(line.startswith("kehou：同意") for line in told.splitlines())
