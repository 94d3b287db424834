"""docs/adr/: short, all in the index, and what they promise is what the code has."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kehou import errors
from kehou.cli import settings

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
FOLDER = ROOT / "docs" / "adr"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")

pytestmark = pytest.mark.checkout


def page(number: int) -> str:
    return next(FOLDER.glob(f"{number:04}-*.md")).read_text("utf-8")


def strings() -> Iterator[str]:
    """Every string literal of the engine."""
    for path in sorted((ROOT / "engine" / "kehou").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_the_index_has_every_page_in_its_order() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\)", index, re.M)
    assert listed == [(path.name[:4], path.name) for path in PAGES]
    assert [int(number) for number, _ in listed] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_has_its_parts_and_is_one_page(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    parts = re.findall(r"^## (\w+)$", text, re.M)
    assert [part for part in parts if part != "试过"] == ["情况", "决定", "后果"]
    assert re.search(r"^\*In English: [^*]+\*\n\Z", text, re.M)
    assert len(text) < 2000


def test_every_format_of_ours_is_promised_and_no_other() -> None:
    written = {text for text in strings() if re.fullmatch(r"kehou-[a-z]+/\d+", text)}
    assert set(re.findall(r"`(kehou-[a-z]+/\d+)`", page(1))) == written


def test_the_exit_codes_are_those_of_the_errors() -> None:
    codes = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    (decision,) = re.findall(r"^1\. 退出码：(.*)$", page(3), re.M)
    assert {int(code) for code in re.findall(r"`(\d)`", decision)} == codes


def test_the_keys_of_the_settings_are_all_named() -> None:
    (decision,) = re.findall(r"^3\. `kehou\.yaml` 的键：(.*?)。", page(3), re.M)
    assert re.findall(r"`(\w+)`", decision) == list(settings._KEYS)


def test_what_is_said_of_formatting_holds() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert f"行长 {tools['ruff']['line-length']}" in page(9)
    assert "exclude" not in tools["ruff"] and "format" not in tools["ruff"]
    mark = "fmt" + ": "
    strays = [
        str(path.relative_to(ROOT))
        for folder in ("engine", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if mark + "skip" in (text := path.read_text("utf-8")) or mark + "off" in text
    ]
    assert strays == []


def test_no_library_that_a_decision_does_without_is_a_dependency() -> None:
    without = ("click", "typer", "shtab", "argcomplete", "matplotlib", "pygal", "ruamel")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = " ".join(project["dependencies"]).lower()
    assert [name for name in without if name in asked] == []
