"""A module's tests are found by its path: tests/ has the folders of engine/kehou and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE, TESTS = ROOT / "engine" / "kehou", ROOT / "tests"
#: Folders of tests/ that mirror no package, and why.
OWN = {
    "repository": "what the repository asserts of itself: pages, packaging, layers, examples",
    "support": "makers and oracles that tests of several packages use; no tests",
    "golden": "files that every format is compared with",
    "data": "submissions that tests read",
}
#: Packages without a folder in tests/, and by what they are tested.
THROUGH_OTHERS = {
    "readers/grids": "tests/tables reads every grid as the table that it holds",
}

pytestmark = pytest.mark.checkout


def packages() -> set[str]:
    """Packages of the engine below its root, as folders such as ``render/office``."""
    inits = ENGINE.rglob("__init__.py")
    return {p.parent.relative_to(ENGINE).as_posix() for p in inits} - {"."}


def folders() -> set[str]:
    """Folders of tests/ that hold anything that is not made by running it."""
    files = (p for p in TESTS.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return {p.parent.relative_to(TESTS).as_posix() for p in files} - {"."}


def test_every_folder_of_tests_mirrors_a_package() -> None:
    assert {f for f in folders() if f.partition("/")[0] not in OWN} <= packages()


def test_every_package_has_its_folder_of_tests() -> None:
    tested = {p.parent.relative_to(TESTS).as_posix() for p in TESTS.rglob("test_*.py")}
    tested |= {one.rpartition("/")[0] for one in tested}
    assert packages() - tested == set(THROUGH_OTHERS), "either tests or a reason is missing"


def test_every_exception_is_needed() -> None:
    assert set(OWN) <= folders()
    assert set(THROUGH_OTHERS) <= packages()
    assert not set(OWN) & packages()


def test_makers_are_no_tests_and_tests_do_not_lie_about() -> None:
    assert [p.name for p in (TESTS / "support").rglob("test_*.py")] == []
    assert [p.name for p in TESTS.glob("*.py")] == ["conftest.py"]


def test_tests_take_makers_from_support_and_not_from_each_other() -> None:
    """But for constants that two tests must share, each with its reason."""
    shared = {
        ("judging/test_planted_faults.py", "judging.test_agreement"),  # CI's budget of pairs
        ("scoring/test_pages.py", "render.page.test_pages"),  # the browser's script
        ("tables/test_shown.py", "tables.test_tables"),  # the ledger of its tables
    }
    found = set()
    for path in TESTS.rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            module = line.removeprefix("from tests.").partition(" import")[0]
            if line.startswith("from tests.") and ".test_" in f".{module}":
                found.add((path.relative_to(TESTS).as_posix(), module))
    inside = {(path, module) for path, module in found if path.startswith("render/")}
    assert {module.partition(".")[0] for _, module in inside} <= {"render"}
    assert found - inside == shared
