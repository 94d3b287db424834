"""`make quick` runs what a change asks for, and a share of the long walks is their beginning."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from tests.support.share import is_whole, share
from tests.support.shelf import bundled
from tests.support.small_pack import write_pack

from kehou import packs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def quick() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts/quick"))


CHANGES = {
    "engine/kehou/scoring/decimals.py": ["scoring"],
    "engine/kehou/render/office/xlsx.py": ["render/office"],
    "engine/kehou/render/formats.py": ["render"],
    "engine/kehou/errors.py": ["repository"],
    "tests/scoring/test_ranking.py": ["scoring/test_ranking.py"],
    "tests/judging/conftest.py": ["judging"],
    "tests/language/operators.csv": ["language"],
    "docs/language.md": ["repository"],
    "rules/bayannur-2021/pack.yaml": ["checking", "packs"],
    "benchmarks/timing.py": [],
    "tests/scoring/test_gone.py": [],
}


@pytest.mark.checkout
@pytest.mark.parametrize(("path", "asked"), CHANGES.items(), ids=list(CHANGES))
def test_a_change_asks_for_the_tests_of_its_package(
    quick: dict[str, Any], path: str, asked: list[str]
) -> None:
    found = sorted(test.relative_to(ROOT / "tests").as_posix() for test in quick["tests_of"](path))
    assert found == asked


@pytest.mark.checkout
def test_a_maker_asks_for_the_tests_that_rest_on_it(quick: dict[str, Any]) -> None:
    found = quick["tests_of"]("tests/support/score_reports.py")
    assert {ROOT / "tests/scoring/test_ranking.py", ROOT / "tests/commands/test_score.py"} <= found
    assert ROOT / "tests/scoring/test_xccdf.py" not in found
    found = quick["tests_of"]("tests/support/synthetic.py")  # by way of the workshop of agreement
    assert ROOT / "tests/judging/test_agreement.py" in found
    assert all(path.exists() and "support" not in path.parts for path in found)


@pytest.mark.checkout
def test_what_rests_on_a_low_package_is_told(quick: dict[str, Any]) -> None:
    above = quick["rest_on"]("fields")
    assert {"submission", "packs", "checking", "commands"} <= set(above)
    assert not {"readers", "fields"} & set(above)
    assert quick["rest_on"]("commands") == []


def test_a_share_is_of_the_whole_and_never_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEHOU_SHARE", raising=False)
    assert (share(120), share(2), share(40, 10), is_whole()) == (30, 1, 10, False)
    monkeypatch.setenv("KEHOU_SHARE", "1")
    assert (share(120), share(40, 10), is_whole()) == (120, 40, True)
    monkeypatch.setenv("KEHOU_SHARE", "10")
    assert (share(120), is_whole()) == (1200, True)
    for wrong in ("0", "-1", "nan", "all"):
        monkeypatch.setenv("KEHOU_SHARE", wrong)
        with pytest.raises(ValueError):
            share(120)


def test_a_bundled_pack_is_loaded_once_and_a_folder_each_time(tmp_path: Path) -> None:
    for name in bundled():
        assert packs.load(name) is packs.load(name)
    assert packs.load() is packs.load(packs.DEFAULT_PACK)
    folder = str(write_pack(tmp_path))
    assert packs.load(folder) is not packs.load(folder)
