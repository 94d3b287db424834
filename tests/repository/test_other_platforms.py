"""Windows and Python 3.13: what they lack is taken away here, and kehou works and says so.

What cannot be taken away on another system (its paths, its consoles) is not tried.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import kehou

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
PACKAGE = Path(kehou.__file__).parent
#: Modules and names of Python that are not there on Windows, as its documentation lists them.
POSIX_ONLY = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")
BARE = """
import os, select, signal, subprocess, sys, tempfile, warnings

warnings.filterwarnings("error", category=EncodingWarning, module="kehou")

for module in {modules!r}:
    sys.modules[module] = None
for holder, names in {{
    os: ("fork", "forkpty", "killpg", "setsid", "getuid", "geteuid", "getpgid", "wait3", "fchmod"),
    select: ("poll", "epoll"),
    signal: ("SIGKILL", "SIGHUP", "SIGALRM", "SIGCHLD", "alarm", "setitimer"),
}}.items():
    for name in names:
        if hasattr(holder, name):
            delattr(holder, name)
{platform}
from kehou.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
WINDOWS = BARE.format(
    modules=(*POSIX_ONLY, "durable_rules_engine"), platform="sys.platform='win32'"
)
LACKING = BARE.format(modules=("durable_rules_engine",), platform="")
TOLD = "这台机器上没有 durable_rules，结论只由一个引擎评定，没有互相核对"


def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """One command where text files are not UTF-8 by default, which Windows' are not."""
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", program, *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("program", [WINDOWS, LACKING], ids=["windows", "no durable_rules"])
def test_a_check_judges_by_one_engine_and_says_so(program: str) -> None:
    done = run(program, "check", "examples/first-check")
    assert done.returncode == 1, done.stderr
    assert "未经两个引擎核对：这台机器上没有 durable_rules" in done.stdout.splitlines()[0]
    assert "规定的六类学生免收课后服务费，不是减收" in done.stdout
    assert TOLD in done.stderr


def test_the_outcomes_are_those_of_a_machine_that_has_both() -> None:
    here = kehou.check(ROOT / "examples" / "first-check")
    there = json.loads(run(WINDOWS, "check", "examples/first-check", "-o", "json").stdout)
    assert {result["rule"]: result["outcome"] for result in there["results"]} == {
        result.rule: result.outcome.value for result in here.results
    }


@pytest.mark.parametrize("program", [WINDOWS, LACKING], ids=["windows", "no durable_rules"])
def test_who_asks_for_the_other_engine_is_told_what_to_do(program: str) -> None:
    done = run(program, "check", "examples/first-check", "--engine", "rete")
    assert done.returncode == 2
    assert "不能用 --engine rete" in done.stderr and "--engine direct" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("request", "examples/nine-year-incomplete"),
        ("fix", "--suggest", "examples/first-check"),
        ("explain", "schedule-primary-end", "examples/first-check"),
        ("clauses",),
        ("form", "-o", "{}/form.xlsx"),
        ("convert", "examples/first-check", "{}/plan.xlsx"),
        ("bundle", "examples/first-check", "-o", "{}/bundle"),
        ("check", "examples/junior-breaches", "-o", "docx={}/a.docx", "-o", "xlsx={}/a.xlsx"),
    ],
    ids=lambda words: words[0],
)
def test_every_kind_of_command_runs(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(WINDOWS, *(word.format(tmp_path) for word in words))
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.both_engines
def test_a_report_of_both_engines_is_verified_by_one(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    made = run(
        "from kehou.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))",
        "check",
        "examples/first-check",
        "-o",
        f"json={report}",
    )
    assert made.returncode == 1
    done = run(WINDOWS, "verify", str(report))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "评定的引擎：不同（报告：both；现在：direct）" in done.stdout


@pytest.mark.checkout
def test_no_module_imports_at_its_top_what_windows_lacks() -> None:
    strays = [
        f"{path.name}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if (isinstance(node, ast.Import) and {a.name for a in node.names} & {*POSIX_ONLY})
        or (isinstance(node, ast.ImportFrom) and node.module in POSIX_ONLY)
    ]
    assert strays == []


# --- what is installed ---------------------------------------------------------------------


def needed(requirements: list[str], system: str, version: str) -> set[str]:
    full = f"{version}.0"
    there = {"sys_platform": system, "python_version": version, "python_full_version": full}
    asked = [Requirement(text) for text in requirements]
    return {one.name for one in asked if one.marker is None or one.marker.evaluate(there)}


@pytest.mark.checkout
@pytest.mark.parametrize(
    ("system", "version", "both"),
    [
        ("linux", "3.11", True),
        ("linux", "3.12", True),
        ("darwin", "3.12", True),
        ("linux", "3.13", False),
        ("linux", "3.14", False),
        ("win32", "3.11", False),
        ("win32", "3.12", False),
        ("win32", "3.13", False),
    ],
)
def test_durable_rules_is_asked_for_only_where_it_works(
    system: str, version: str, both: bool
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert ("durable_rules" in needed(project["dependencies"], system, version)) is both
    pinned = (ROOT / "requirements" / "compiled.txt").read_text("utf-8")
    lines = [line.rstrip(" \\") for line in pinned.splitlines() if re.match(r"\w", line)]
    assert ("durable-rules" in needed(lines, system, version)) is both
