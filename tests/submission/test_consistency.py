"""What one part of a submission says of another, read from the files that people hand in."""

from __future__ import annotations

import pytest

from kehou import data
from kehou.submission.submission import load_schema, load_text

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
PLAN = """\
实施方案:
  课程:
    - {{课程编号: K1, 课程名称: 合唱}}
    - {{课程编号: K2, 课程名称: 足球}}
    - {{课程编号: K3、K4, 课程名称: 围棋}}
  服务时段:
    - {{时段编号: S1, 课程编号: {written}}}
"""


@pytest.mark.parametrize("written", ["K1、K2", "K1和K2", "K1 K2", '"K1, K2"', "K1/K2", "K1；K9"])
def test_two_names_in_a_cell_for_one_are_refused_with_what_to_write(written: str) -> None:
    found = load_text(PLAN.format(written=written), SCHEMA)
    assert "course_id" not in found.tree["plan"]["sessions"][0]
    [fault] = found.faults
    assert fault.path == "/plan/sessions/0/course_id"
    assert fault.found == written.strip('"').replace("；", ";")
    assert fault.allowed == "一个课程编号"
    assert fault.hint == "一格写一个；有几个的，请把这一行“服务时段”分成几行，每行写一个"
    assert "/plan/sessions/0/course_id" in found.faulted


@pytest.mark.parametrize("written", ["K1", "K3、K4", "K7、K8", "K1a"])
def test_a_name_that_is_one_or_names_nothing_known_stays(written: str) -> None:
    found = load_text(PLAN.format(written=written), SCHEMA)
    assert found.tree["plan"]["sessions"][0]["course_id"] == written
    assert not found.faults


def test_a_list_takes_several_names_in_a_cell() -> None:
    found = load_text("实施方案: {服务时段: [{时段编号: S1, 人员编号: T01、T02}]}", SCHEMA)
    assert found.tree["plan"]["sessions"][0]["staff_ids"] == ("T01", "T02")


def test_so_many_cells_of_one_column_are_not_told_one_by_one() -> None:
    rows = ", ".join(f"{{时段编号: S{n}, 课程编号: 'K1、K2'}}" for n in range(1200))
    plan = f"实施方案: {{课程: [{{课程编号: K1}}], 服务时段: [{rows}]}}"
    found = load_text(plan, SCHEMA)
    assert len(found.faults) == 21 and len(found.faulted) == 1200
    assert found.faults[-1].found == "从这里起还有 1180 处也写了几个"
