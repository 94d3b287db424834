"""No module of the engine is longer than can be read at once, and no function than a screen."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

#: The checkout, also where the tests run from a copy of it against the wheel.
ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
ENGINE = ROOT / "engine" / "kehou"
MOST_OF_MODULE, MOST_OF_FUNCTION = 400, 60

pytestmark = pytest.mark.checkout


def modules() -> Iterator[tuple[str, str]]:
    """(path under the engine, text) of every module."""
    for path in sorted(ENGINE.rglob("*.py")):
        yield path.relative_to(ENGINE).as_posix(), path.read_text("utf-8")


def functions(text: str) -> Iterator[tuple[str, int]]:
    """(name, lines with its decorators) of every function of a module, inner ones too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {path: len(text.splitlines()) for path, text in modules()}
    assert len(lengths) > 100, "找不到程序"
    assert {p: n for p, n in lengths.items() if n > MOST_OF_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{path} {name}": length for path, text in modules() for name, length in functions(text)
    }
    assert {name: n for name, n in lengths.items() if n > MOST_OF_FUNCTION} == {}
