"""What all tests share: the Hypothesis profile and the tests that need another program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings
from tests.support.shelf import loaded_once

from kehou.judging import rete

# What one run keeps must not help another, nor stand in the folder of who runs the tests.
os.environ["KEHOU_CACHE"] = "0"

settings.register_profile(
    "kehou", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("kehou")


#: The checkout, also where the tests run from a copy of it against the wheel.
CHECKOUT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[1])
#: Where `scripts/tools` puts other people's programs, before the machine's own.
TOOLS = (CHECKOUT / ".tools" / "bin", CHECKOUT / ".tools" / "node_modules" / ".bin")
#: Files of public specifications; the project carries no copy.
EXTERNAL = CHECKOUT.parent / "shared" / "external"


def find_program(name: str) -> str | None:
    """The path of a program in .tools or on this machine."""
    own = os.pathsep.join(map(str, TOOLS))
    return shutil.which(name, path=own) or shutil.which(name)


def lacking(what: str) -> NoReturn:
    """Skips the test for want of something, by name; CI has it all and lets none skip."""
    if os.environ.get("KEHOU_REQUIRE_TOOLS") == "1":
        pytest.fail(f"没有找到{what}，而 KEHOU_REQUIRE_TOOLS=1")
    pytest.skip(f"没有找到{what}")


def pytest_sessionstart() -> None:
    """CI never passes with one engine: what compares the two would skip, and nobody would see."""
    if os.environ.get("KEHOU_REQUIRE_TOOLS") == "1" and not rete.available():
        raise pytest.UsageError("没有找到 durable_rules，而 KEHOU_REQUIRE_TOOLS=1")


#: What a run over many submissions keeps where it stands, and whether somebody's was there.
KEPT = CHECKOUT / ".kehou"
KEPT_BEFORE = KEPT.exists()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """A test that runs over many submissions keeps their results in a folder of its own."""
    if not KEPT_BEFORE and KEPT.exists():
        pytest.fail(
            f"{item.nodeid}（或同时在跑的测试）在仓库里留下了 .kehou：写 --store，或换文件夹"
        )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips by name a test whose program or engine is absent."""
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if find_program(program) is None:
                lacking(f"程序 {program}")
    if item.get_closest_marker("both_engines") and not rete.available():
        lacking(" durable_rules")


@pytest.fixture(scope="session", autouse=True)
def _bundled_packs_are_loaded_once() -> Iterator[None]:
    with loaded_once():
        yield


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """The path of a program that the test is marked to need."""

    def path(name: str) -> str:
        return find_program(name) or lacking(f"程序 {name}")

    return path


@pytest.fixture(scope="session")
def external() -> Callable[[str], Path]:
    """A file of a public specification; skips by name where it is absent."""

    def path(name: str) -> Path:
        found = EXTERNAL / name
        return found if found.is_file() else lacking(f"文件 {found.name}")

    return path
