"""What an installed kehou must hold, and what it must not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib import metadata
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

import kehou
from kehou import data

ROOT = Path(__file__).parents[2]
WHEEL = os.environ.get("KEHOU_WHEEL")
SDIST = os.environ.get("KEHOU_SDIST")
FOLDERS = {"rules": data.rules, "schemas": data.schemas, "reports": data.reports}


def files_under(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    """Path → content of the files under a folder, compiled Python apart."""
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found |= files_under(entry, f"{name}/")
        elif entry.is_file():
            found[name] = entry.read_bytes()
    return found


@pytest.mark.checkout
def test_every_package_of_the_tree_is_listed_so_that_the_wheel_has_it() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    engine = ROOT / "engine"
    in_tree = {
        ".".join(init.parent.relative_to(engine).parts) for init in engine.rglob("__init__.py")
    }
    assert set(listed["packages"]) == in_tree | {f"kehou.{folder}" for folder in FOLDERS}
    for folder in FOLDERS:
        assert not (engine / "kehou" / folder).exists(), "a data folder is no module of engine/"


@pytest.mark.checkout
def test_the_version_is_told_in_one_way() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == kehou.__version__


@pytest.mark.checkout
def test_a_wheel_is_built_where_only_the_builder_sees_what_it_needs(tmp_path: Path) -> None:
    """`pip install .` builds apart from what is installed: its libraries are on one path alone."""
    bare = tmp_path / "bare" / "bin" / "python"
    venv.create(tmp_path / "bare", symlinks=True)
    copy = tmp_path / "tree"
    kept = ("engine", "rules", "schemas", "reports", "scripts")
    for name in kept:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    libraries = sysconfig.get_path("purelib")
    program = (
        f"import sys; sys.path[:0] = [{str(copy / 'scripts')!r}, {libraries!r}]; "
        f"import building; building.build_wheel({str(tmp_path)!r})"
    )
    ran = subprocess.run([bare, "-I", "-c", program], cwd=copy, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    assert any(name.endswith("RECORD") for name in zipfile.ZipFile(wheel).namelist())


def test_the_installed_version_is_the_one_that_kehou_prints() -> None:
    assert metadata.version("kehou") == kehou.__version__


@pytest.mark.parametrize("folder", FOLDERS)
def test_installed_data_is_the_tree_s_data(folder: str) -> None:
    installed = files_under(FOLDERS[folder]())
    in_tree = files_under(ROOT / folder)
    cases = {name for name in in_tree if name.endswith(".test.yaml")}
    if WHEEL:
        assert not cases & installed.keys(), "cases stay out of the wheel"
    assert {name: installed[name] for name in installed.keys() - cases} == {
        name: in_tree[name] for name in in_tree.keys() - cases
    }


@pytest.mark.skipif(not WHEEL, reason="没有构建 wheel：见 scripts/wheel-test")
def test_the_tests_run_against_the_wheel_and_not_against_a_checkout() -> None:
    assert "site-packages" in Path(kehou.__file__).parts
    assert not (ROOT / "engine").exists()


@pytest.mark.skipif(not WHEEL, reason="没有构建 wheel：见 scripts/wheel-test")
def test_the_wheel_has_one_top_level_name() -> None:
    with zipfile.ZipFile(str(WHEEL)) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kehou"}


@pytest.mark.skipif(not SDIST, reason="没有构建源码包：见 scripts/wheel-test")
def test_the_source_archive_holds_the_cases_and_the_tests() -> None:
    with tarfile.open(str(SDIST)) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {f"rules/{name}" for name in files_under(ROOT / "rules")}
    wanted |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    assert wanted <= held
