"""Who handed in twice, and who nothing, is told to those who read a circular: no school is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.command_line import here as kehou

pytestmark = pytest.mark.checkout

EXAMPLE = Path(__file__).parents[2] / "examples" / "primary-compliant"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of two schools; a third handed in twice, a fourth nothing, a fifth no plan."""
    folder = tmp_path_factory.mktemp("round")
    plan = (EXAMPLE / "plan.yaml").read_text("utf-8")
    [code] = {line.split()[-1].strip("'\"") for line in plan.split("\n") if "学校标识码" in line}
    names = {"甲校": 1, "乙校": 2, "丙校": 3, "丙校（第二次）": 3}
    for name, number in names.items():
        place = folder / "材料" / name
        shutil.copytree(EXAMPLE, place)
        own = plan.replace(code, f"{code[:-1]}{number}")
        own = own.replace("学校名称: 向阳小学（示例）", f"学校名称: {name[:2]}（示例）")
        (place / "plan.yaml").write_text(own, "utf-8")
    (folder / "材料" / "戊校").mkdir()
    (folder / "材料" / "戊校" / "plan.yaml").write_text("[]\n", "utf-8")
    rows = [
        f"{code[:-1]}{n},{name}（示例）"
        for n, name in enumerate(("甲校", "乙校", "丙校", "丁校"), 1)
    ]
    (folder / "名单.csv").write_text("学校标识码,学校名称\n" + "\n".join(rows) + "\n", "utf-8")
    asked = ("--stage", "inspection", "--engine", "direct", "--data", "register=名单.csv")
    _, told, said = kehou("check", "材料", *asked, "-o", "json=报告.json", cwd=folder)
    assert (folder / "报告.json").exists(), (told, said)
    return folder


def test_the_circular_counts_and_names_them(made: Path) -> None:
    code, told, said = kehou("circular", "报告.json", cwd=made)
    assert code == 0, said
    assert "本次共检查3所学校" in told
    assert "检查的3所学校中，1所的材料没有读出" in told
    assert "另有1所学校重复报送，没有计入" in told
    assert "另有1所学校未报送：丁校（示例）" in told
    office = told.partition("内部处理")[2]
    assert "丙校（示例）：重复报送" in office
    assert "丙校（第二次）" in office
    assert "丙校（示例） 重复报送" in said


def test_whoever_writes_notices_is_told_of_whom_there_is_none(made: Path) -> None:
    asked = ("notice", "报告.json", "--due", "2021-11-01", "-o", "docx=通知/{id}.docx")
    _, _, said = kehou(*asked, cwd=made)
    assert "丙校（示例） 重复报送" in said
    assert "丁校（示例） 未报送" in said


def test_a_file_of_reports_still_holds_its_schema(made: Path) -> None:
    """Other programs that read it, and kehou's own, find it as report.schema.json says."""
    from kehou.checking.report_files import faults_of, read_reports

    reports, data = read_reports(made / "报告.json")
    assert len(reports) == 3
    assert faults_of(json.loads(data), "report") == []
