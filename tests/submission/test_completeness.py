"""What a submission must hold at a stage is asked for by name, and names of people stay unseen."""

from __future__ import annotations

from pathlib import Path

from kehou import data
from kehou.checking import CheckOptions, check
from kehou.fields import load_schema
from kehou.model.outcomes import Outcome, Stage
from kehou.model.values import ABSENT
from kehou.render.programs import json as rendering
from kehou.submission import completeness

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))


def test_a_required_field_is_missing_only_at_its_stage() -> None:
    found = completeness.missing(SCHEMA, {}, Stage.APPROVAL)
    assert "/school" in found or "/school/name" in found or "/fee" in found
    assert "/roster" not in found
    assert "/roster" in completeness.missing(SCHEMA, {}, Stage.INSPECTION)


def test_nothing_is_asked_for_below_what_there_is_none_of() -> None:
    tree = {"plan": {"sessions": ABSENT, "vendor_mechanisms": ABSENT}}
    found = completeness.missing(SCHEMA, tree, Stage.APPROVAL)
    assert not [p for p in found if p.startswith(("/plan/sessions", "/plan/vendor_mechanisms"))]


def test_a_row_that_lacks_a_required_field_is_named() -> None:
    tree = {"plan": {"sessions": [{"kind": "after_school"}]}}
    found = completeness.missing(SCHEMA, tree, Stage.APPROVAL)
    assert "/plan/sessions/0/end" in found
    assert "/plan/sessions/0/kind" not in found


def test_the_missing_fields_are_one_finding_with_their_pointers(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    school = "学校: {学校名称: 和平小学（示例）}\n"
    path.write_text(school + "方案: {服务开始日期: 2021-09-06}\n", "utf-8")
    report = check(str(path), CheckOptions(packs=("bayannur-2021",), engine="direct"))
    (result,) = [r for r in report.results if r.rule == "procedure-form-complete"]
    assert result.outcome is Outcome.INSUFFICIENT
    assert "/school/levels" in result.findings[0].missing


def test_a_name_where_a_row_belongs_is_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "学校: {学校名称: 和平小学（示例）}\n方案: {服务开始日期: 2021-09-06}\n"
        "学生名册: [某某甲, 某某乙]\n人员: 某某丙\n",
        "utf-8",
    )
    report = check(str(path), CheckOptions(packs=("bayannur-2021",), engine="direct"))
    assert len(report.submission.faults) == 3
    shown = rendering.render([report])
    assert "某某甲" not in shown
    assert "某某乙" not in shown
    assert "某某丙" not in shown
