"""The command line keeps its words in the catalogues, and starts with little."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
ENGINE = ROOT / "engine" / "kehou"
CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
#: The rows of commands say in both languages what a command does.
TABLE = ENGINE / "cli" / "command_table.py"
#: Keys that are put together from a name: those of every member of what is named there.
COMPOSED = ("command.waiver.",)
#: All of kehou that is loaded when `kehou check plan.yaml` has been read, and nothing is judged.
AT_PARSE_TIME = (
    *("kehou", "kehou.cli", "kehou.cli.arguments", "kehou.cli.command_table"),
    *("kehou.cli.language", "kehou.cli.main", "kehou.cli.outputs", "kehou.cli.parser"),
    *(
        "kehou.cli.signals",
        "kehou.cli.streams",
        "kehou.cli.translations",
        "kehou.commands",
        "kehou.commands.check",
    ),
    *("kehou.commands.choices", "kehou.errors", "kehou.faces", "kehou.model"),
    *("kehou.model.outcomes", "kehou.model.values", "kehou.render", "kehou.render.formats"),
    *("kehou.render.words", "kehou.render.words.visible_text"),
)

pytestmark = pytest.mark.checkout


def sources() -> list[Path]:
    return [*(ENGINE / "cli").glob("*.py"), *(ENGINE / "commands").glob("*.py")]


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node.lineno, str(node.value)


def test_no_chinese_stands_in_the_code_of_the_command_line() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sources()
        if path != TABLE
        for line, text in literals(path)
        if CHINESE.search(text)
    ]
    assert found == [], "move it to reports/zh_CN.json and en.json"
    assert any(CHINESE.search(text) for _, text in literals(TABLE)), "the table needs no exception"


def test_every_key_that_is_said_is_in_the_catalogues_and_every_one_there_is_said() -> None:
    catalogue = json.loads((ROOT / "reports" / "zh_CN.json").read_text("utf-8"))
    there = {key for key in catalogue if key.startswith(("cli.", "command."))}
    said = {
        text
        for path in sources()
        for _, text in literals(path)
        if re.fullmatch(r"(cli|command\.[a-z]+)(\.[a-z_]+)+", text)
    }
    assert said - there == set()
    composed = {key for key in there if key.startswith(COMPOSED)}
    assert there - said - composed == set()


def test_reading_a_command_line_loads_little() -> None:
    """No catalogue, no settings and no reader is loaded before it is known to be needed."""
    program = (
        "import sys; from kehou.cli import main; from kehou.cli.parser import bare, complete; "
        "parser, each = bare(); complete('check', each['check']); "
        "parser.parse_known_args(['check', 'plan.yaml']); "
        "print(*sorted(name for name in sys.modules if name.split('.')[0] == 'kehou'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.split() == sorted(AT_PARSE_TIME)
