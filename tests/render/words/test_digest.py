"""What a report comes to for a reader: findings that differ only in numbers are one."""

from __future__ import annotations

import io
import zipfile
from html import unescape
from pathlib import Path

import pytest

from kehou.checking import CheckOptions, check
from kehou.model.report import Report
from kehou.packs import Pack
from kehou.render import FORMATS
from kehou.render.screen import Manner
from kehou.render.words import catalogue
from kehou.render.words.digest import Seen, digest
from kehou.render.words.digest_told import many

RULE = "schedule-primary-end"
SHELF: dict[str, Pack] = {}
HEAD = """\
学校: {学校标识码: "1508020003", 学校名称: 和平小学（示例）, 学段: [小学]}
实施方案:
  服务开始日期: 2021-09-06
  服务时段:
"""
ROW = """\
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: 18:{end}, 活动: 体育}}
"""


def checked(folder: Path, ends: list[int]) -> Report:
    plan = folder / "plan.yaml"
    plan.write_text(HEAD + "".join(ROW.format(end=end) for end in ends), "utf-8")
    return check(str(plan), CheckOptions(packs=("bayannur-2021",), engine="direct"), SHELF)


def late(report: Report) -> tuple[Seen, ...]:
    (problem,) = [p for p in digest(report).problems if p.results[0].rule == RULE]
    return problem.seen


def test_more_than_five_that_differ_only_in_numbers_are_one_with_its_range(tmp_path: Path) -> None:
    report = checked(tmp_path, list(range(31, 43)))
    (seen,) = late(report)
    assert (seen.count, len(seen.names), seen.exact) == (12, 12, False)
    assert ("18:31", "18:42") in seen.ranges
    told = many(seen, catalogue.of_reports([report], "zh"))
    assert "共 12 处（18:31 至 18:42）" in told


def test_up_to_five_are_told_one_by_one(tmp_path: Path) -> None:
    assert len(late(checked(tmp_path, list(range(31, 36))))) == 5


@pytest.mark.parametrize("form", ["html", "xlsx", "json"])
def test_each_of_them_is_still_to_be_found(tmp_path: Path, form: str) -> None:
    """In the page's annex, in the workbook and in what programs read."""
    report = checked(tmp_path, list(range(31, 43)))
    content = FORMATS[form].render([report], Manner(annex=True))
    if isinstance(content, bytes):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = "".join(parts.read(n).decode("utf-8", "replace") for n in parts.namelist())
        content = unescape(content)
    for minute in range(31, 43):
        assert f"18:{minute}结束" in content, minute
