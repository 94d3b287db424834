"""The face of each package: at most a dozen names, handed out lazily from one literal table."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine"
MOST = 12

#: Modules that other packages may import from by name, each with its reason.
OPEN: Mapping[str, str] = {}

pytestmark = pytest.mark.checkout


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(ENGINE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(ENGINE.rglob("*.py"))
    }


#: Every module of kehou by its dotted name; the packages among them.
MODULES = _modules()
PACKAGES = {name for name, path in MODULES.items() if path.name == "__init__.py"}


def table(package: str) -> dict[str, str]:
    """The table of a package's face, name → module; empty where it hands nothing out."""
    for node in ast.walk(ast.parse(MODULES[package].read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "face":
            return dict(ast.literal_eval(node.args[1]))
    return {}


def told_to_the_type_checker(package: str) -> dict[str, str]:
    """What the package imports under TYPE_CHECKING: name → module."""
    return {
        alias.asname or alias.name: (node.module or "").removeprefix(f"{package}.")
        for block in ast.parse(MODULES[package].read_text("utf-8")).body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def top(module: str) -> str:
    """The package of kehou that a module is in."""
    return ".".join(module.split(".")[:2])


FACED = sorted(package for package in PACKAGES if table(package))


@pytest.mark.parametrize("package", FACED)
def test_a_face_is_one_short_table_and_the_type_checker_is_told_the_same(package: str) -> None:
    handed_out = table(package)
    assert told_to_the_type_checker(package) == handed_out
    assert len(handed_out) <= MOST or package == "kehou"
    found = importlib.import_module(package)
    for name, module in handed_out.items():
        assert getattr(found, name) is getattr(importlib.import_module(f"{package}.{module}"), name)
    with pytest.raises(AttributeError):
        assert found.nothing_of_that_name


@pytest.mark.parametrize("package", FACED)
def test_no_module_bears_the_name_of_something_handed_out(package: str) -> None:
    own = {name.rpartition(".")[2] for name in MODULES if name.rpartition(".")[0] == package}
    assert not own & table(package).keys()


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_says_what_it_is_and_loads_nothing(package: str) -> None:
    tree = ast.parse(MODULES[package].read_text("utf-8"))
    said = ast.get_docstring(tree)
    assert said and len(said.split()) >= 4
    for_types = {
        id(inner)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        for inner in ast.walk(node)
    }
    loaded = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and id(node) not in for_types
    ]
    assert set(loaded) <= {"typing", "kehou.faces", "__future__"}


def insides() -> Iterator[tuple[str, str]]:
    """(importing module, module inside another package that it names), of the whole engine."""
    for me, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("kehou."):
                continue
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                named = full if full in MODULES else str(node.module)
                if named not in PACKAGES and named.count(".") > 1 and top(named) != top(me):
                    yield me, named


def test_others_import_from_the_face_or_from_a_module_that_is_open_for_a_reason() -> None:
    strays = sorted({f"{me} → {named}" for me, named in insides() if named not in OPEN})
    assert strays == []


def test_no_module_is_open_without_use_or_reason() -> None:
    used = {named for _, named in insides()}
    assert sorted(OPEN.keys() - used) == []
    assert all(len(reason) > 10 for reason in OPEN.values())
