"""A school is told of the word that stands in its file, not only of that which it was read as."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kehou.checking import CheckOptions, check
from kehou.model.outcomes import Outcome, Stage

EXAMPLES = Path(__file__).parents[2] / "examples"


def told(folder: Path, old: str, new: str, rule: str, language: str = "zh") -> list[str]:
    school = folder / "school"
    if not school.exists():
        shutil.copytree(EXAMPLES / "primary-compliant", school)
    text = (school / "plan.yaml").read_text("utf-8")
    assert old in text
    (school / "plan.yaml").write_text(text.replace(old, new, 1), "utf-8")
    report = check(
        str(school), CheckOptions(stage=Stage.APPROVAL, engine="direct", language=language)
    )
    [found] = [result for result in report.results if result.rule == rule]
    adverse = (Outcome.FAIL, Outcome.REVIEW)
    return [one.message for one in found.findings if one.outcome in adverse]


def test_a_fail_on_a_word_read_otherwise_says_what_is_written(tmp_path: Path) -> None:
    [said] = told(tmp_path, "处理方式: 免收", "处理方式: 减免", "fee-exempt-treatment")
    assert said == "方案中建档立卡贫困户子女写作“减收”，规定是免收（原文写作“减免”，照“减收”读）"


def test_in_english_too(tmp_path: Path) -> None:
    [said] = told(tmp_path, "处理方式: 免收", "处理方式: 减免", "fee-exempt-treatment", "en")
    assert said.endswith("(written “减免”, read as “reduced”)")


@pytest.mark.parametrize("written", ["减收"])
def test_the_word_itself_is_not_said_twice(tmp_path: Path, written: str) -> None:
    [said] = told(tmp_path, "处理方式: 免收", f"处理方式: {written}", "fee-exempt-treatment")
    assert "原文" not in said
