"""What `kehou` hands to programs: the exact names, lazily, typed, and used by the commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kehou

PACKAGE = Path(kehou.__file__).parent
PROGRAM = """\
from collections.abc import Iterable
from datetime import date

import kehou
from kehou import CheckOptions, Outcome, Report, Severity, Stage


def fails(paths: Iterable[str]) -> list[str]:
    shelf: dict[str, kehou.Pack] = {}
    options = CheckOptions(stage=Stage.INSPECTION, packs=("bayannur-2021",))
    found: list[str] = []
    for path in paths:
        try:
            report: Report = kehou.check(path, options, shelf)
        except kehou.UnreadableError as error:
            report = kehou.unread_report(path, error, options)
        except kehou.KehouError as error:
            found.append(f"{error.code}{error.exit_code}")
            continue
        for result in report.results:
            if result.outcome is Outcome.FAIL and result.severity is Severity.MAJOR:
                found += [finding.message for finding in result.findings]
    return found


pack: kehou.Pack = kehou.load_pack("bayannur-2021")
tree = kehou.check({"plan": {"service_start": date(2021, 9, 6)}}, shelf={"bayannur-2021": pack})
page: str = kehou.render_report(tree, "html", language="en")
book: bytes = kehou.render_report([tree, tree], "xlsx")
"""
#: What must be refused: (line added to the program, what mypy says of it).
WRONG = {
    "kehou.check(3)": "arg-type",
    "kehou.CheckOptions(stages=Stage.APPROVAL)": "call-arg",
    "book2: str = kehou.render_report(tree, 'xlsx')": "assignment",
    "tree.decision.value": "union-attr",
    "kehou.search": "attr-defined",
}


def test_the_names_of_the_face() -> None:
    assert kehou.__all__ == [
        "CheckOptions",
        "KehouError",
        "Outcome",
        "Pack",
        "PackError",
        "Report",
        "Severity",
        "Stage",
        "UnreadableError",
        "UsageError",
        "__version__",
        "check",
        "load_pack",
        "render_report",
        "unread_report",
    ]


@pytest.mark.parametrize("name", kehou.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(kehou, name)
    assert name == "__version__" or value.__doc__


def test_another_name_is_refused_as_by_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'kehou' has no attribute 'serach'"):
        kehou.serach  # type: ignore[attr-defined] # noqa: B018 - misspelt on purpose


def test_no_module_bears_the_name_of_something_handed_out() -> None:
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert modules & set(kehou.__all__) == set()


def test_importing_kehou_loads_nothing_of_it() -> None:
    code = "import kehou, sys, json; print(json.dumps([m for m in sys.modules if 'kehou' in m]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = {name for name in json.loads(done.stdout) if name.split(".")[0] == "kehou"}
    assert loaded == {"kehou", "kehou.faces"}


def test_a_program_is_type_checked_and_its_mistakes_are_found(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(PROGRAM)
    (tmp_path / "wrong.py").write_text(PROGRAM + "\n".join(WRONG) + "\n")
    installed = "site-packages" in PACKAGE.parts
    path = {} if installed else {"MYPYPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file="]
    command += ["--follow-imports=silent", "right.py", "wrong.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **path}, capture_output=True, text=True
    )
    found = re.findall(r"^(\w+\.py):(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.M)
    first = PROGRAM.count("\n") + 1
    expected = [("wrong.py", str(first + i), code) for i, code in enumerate(WRONG.values())]
    assert found == expected, done.stdout + done.stderr


@pytest.mark.checkout
def test_the_commands_check_and_load_through_the_face() -> None:
    """What they take from the insides of the two packages would not be tried by a program."""
    strays = [
        f"{path.name}: {line.strip()}"
        for path in sorted((PACKAGE / "commands").glob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"from kehou\.checking(\.check)? import .*\b(check|CheckOptions)\b", line)
        or re.search(r"\bpacks\.load\(|from kehou\.packs(\.loading)? import .*\bload\b", line)
    ]
    assert strays == []
