"""Habits of the engine that import-linter cannot say; the layers stand in pyproject.toml."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine" / "kehou"
DOORS = {
    "yaml": "readers/yaml_text.py",
    "jsonschema": "fields/validation.py",
    "referencing": "fields/validation.py",
    "jinja2": "render/page/html.py",
    "markupsafe": "render/page/html.py",
    "docx": "render/office/docx.py",
    "tqdm": "batch/progress.py",
    "openpyxl": "render/office/openpyxl_door.py",
    "durable_rules_engine": "judging/rete.py",
    "importlib.resources": "data.py",
    "pypdfium2": "readers/pdf/extract.py",
    "pdfplumber": "readers/pdf/extract.py",
    "z3": "authoring/proving/",  # a package: formulas are its very matter
    "msgspec": "lane/",  # a package: typed records are what it is made of
}

pytestmark = pytest.mark.checkout


def imports() -> Iterator[tuple[str, str, int]]:
    """Every import of the engine, wherever it stands: (module, file, line)."""
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, name, node.lineno
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield node.module or "", name, node.lineno


def test_each_library_has_one_door() -> None:
    strays = [
        f"{file}:{line}: {module}"
        for module, file, line in imports()
        for library, door in DOORS.items()
        if f"{module}.".startswith(f"{library}.")
        and not file.startswith(door)
        and module != "importlib.resources.abc"  # only types
    ]
    assert strays == []


def test_the_engine_needs_no_library_without_a_door() -> None:
    known = sys.stdlib_module_names | {"kehou"} | {library.split(".")[0] for library in DOORS}
    strays = [
        f"{file}:{line}: {module}"
        for module, file, line in imports()
        if module.split(".")[0] not in known
    ]
    assert strays == []


def test_nothing_in_the_engine_evaluates_text_as_code() -> None:
    """But the lane, whose code holds numbered names alone (tests/lane/test_source.py)."""
    forbidden = {"eval", "exec", "compile", "__import__"}
    calls = [
        f"{path.relative_to(ENGINE).as_posix()}: {node.func.id}"
        for path in ENGINE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in forbidden
    ]
    assert sorted(calls) == ["lane/fused.py: compile", "lane/fused.py: exec"]


def test_the_engine_never_reads_the_clock() -> None:
    clocks = {"now", "today", "utcnow", "time_ns"}
    calls = [
        f"{path.relative_to(ENGINE)}:{node.lineno}: {node.func.attr}"
        for path in ENGINE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
    ]
    assert calls == []


def test_the_engine_knows_nothing_of_after_school_services() -> None:
    """A pack names its schema, facts and rules; another policy is another folder.

    Source: docs/architecture.md §2.
    """
    words = ("课后服务", "bayannur", "巴彦淖尔")
    default_pack = "bayannur-2021"  # applied where none is named
    strays = [
        f"{path.relative_to(ENGINE)}: {text!r}"
        for path in ENGINE.rglob("*.py")
        for text in literals(ast.parse(path.read_text("utf-8")))
        if text != default_pack and any(word in text for word in words)
    ]
    assert strays == []


def literals(tree: ast.Module) -> Iterator[str]:
    """The string constants of a module that are no docstrings."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
