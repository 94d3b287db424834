"""A report of a batch is verified where its submission lies: in an archive, or among others."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.support.command_line import here

SAME = "全部一致"


@pytest.fixture
def round_of_three(tmp_path: Path) -> Path:
    """An archive of one school, a folder and a file, checked at once into one file of reports."""
    examples, given = CHECKOUT / "examples", tmp_path / "各校"
    shutil.copytree(examples / "primary-compliant", given / "甲镇" / "向阳")
    shutil.copytree(examples / "nine-year-incomplete", given / "乙镇" / "河畔")
    with zipfile.ZipFile(given / "河套.zip", "w") as archive:
        archive.write(examples / "first-check" / "plan.yaml", "河套/plan.yaml")
    told = here(
        *("check", "各校", "--engine", "direct", "--store", "存", "--jobs", "1"),
        *("-o", "json=全部.json", "-o", "json=报告/{学校标识码}.json"),
        cwd=tmp_path,
    )
    assert told[0] == 1, told
    return tmp_path


@pytest.mark.parametrize("given", [(), ("各校",)])
def test_a_round_is_verified_as_a_whole(round_of_three: Path, given: tuple[str, ...]) -> None:
    """It said “not the same” of every school, or that a part of an archive cannot be found."""
    code, out, told = here("verify", "全部.json", *given, cwd=round_of_three)
    assert (code, told) == (0, "")
    assert out.count(SAME) == 3


@pytest.mark.parametrize("given", [(), ("各校",), ("各校/河套.zip",), ("搬走.zip",)])
def test_the_report_of_an_archive_is_the_same(round_of_three: Path, given: tuple[str, ...]) -> None:
    shutil.copy(round_of_three / "各校" / "河套.zip", round_of_three / "搬走.zip")
    code, out, told = here("verify", "报告/1508020006.json", *given, cwd=round_of_three)
    assert (code, told, SAME in out) == (0, "", True)


def test_another_school_in_its_place_is_not_the_same(round_of_three: Path) -> None:
    """An archive that was exchanged, or changed, must never be told as what the report is of."""
    with zipfile.ZipFile(round_of_three / "各校" / "河套.zip", "w") as archive:
        archive.write(CHECKOUT / "examples" / "primary-compliant" / "plan.yaml", "河套/plan.yaml")
    code, out, _ = here("verify", "报告/1508020006.json", cwd=round_of_three)
    assert (code, SAME in out) == (1, False)


def test_a_folder_that_lacks_the_school_says_so(round_of_three: Path) -> None:
    shutil.copytree(round_of_three / "各校" / "甲镇", round_of_three / "别处" / "一")
    shutil.copytree(round_of_three / "各校" / "乙镇", round_of_three / "别处" / "二")
    code, out, told = here("verify", "报告/1508020006.json", "别处", cwd=round_of_three)
    assert (code, out) == (2, "")
    assert "里面没有 各校/河套.zip/河套" in told
