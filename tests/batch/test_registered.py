"""Who writes no code, or whose paper cannot be read, is known by the register everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.command_line import Ran, here
from tests.support.prose import plan

from kehou.batch.register import Register, Registered
from kehou.batch.registered import known_by_path, registered
from kehou.batch.survey import Surveyed

EXAMPLES = Path(__file__).parents[2] / "examples"
REGISTER = "--data", "register=名单.csv"
WORD, TORN = "1508900091", "1508900092"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with a code, one in Word, whose text says none, and one whose form is torn."""
    folder = tmp_path_factory.mktemp("registered")
    schools = folder / "各校"
    schools.mkdir()
    shutil.copy(EXAMPLES / "first-check" / "plan.yaml", schools / "一校.yaml")
    plan(schools, name="文字.docx")
    (schools / "曙光小学.xlsx").write_bytes(b"PK")
    rows = (
        "学校标识码,校名,旗县区,乡镇,学段,应报送,报送期限",
        f"{WORD},示例镇中心小学,临河区,示例镇,小学,是,",
        f"{TORN},曙光小学,临河区,示例镇,小学,是,",
    )
    (folder / "名单.csv").write_text("\n".join(rows) + "\n", "utf-8")
    code, _, told = run(folder, "check", "各校", "-o", "json=报告/{学校标识码}.json")
    assert code == 4, told
    return folder


def run(folder: Path, *call: str) -> Ran:
    return here(*call, *REGISTER, cwd=folder)


def whose(made: Path, code: str) -> dict[str, object]:
    tree = json.loads((made / "报告" / f"{code}.json").read_text("utf-8"))
    return dict(tree["submission"]["school"])


def test_a_report_says_the_code_and_that_it_is_the_register_s(made: Path) -> None:
    """Its scores, letters and its place in a ranking go by the code."""
    assert whose(made, WORD)["id"] == WORD
    assert whose(made, WORD)["from_register"] == ["id"]
    assert whose(made, TORN) == {
        "id": TORN,
        "name": "曙光小学",
        "from_register": ["id", "name"],
        "levels": [],
        "county": None,
        "township": None,
    }


def test_all_letters_of_a_school_have_one_name(made: Path) -> None:
    run(made, "request", "各校", "-o", "docx=补正/{学校标识码}.docx")
    run(made, "bundle", "各校", "-o", "包/{学校标识码}.zip")
    here("notice", "报告", "--due", "2021-12-01", "-o", "json=通知/{学校标识码}.json", cwd=made)
    assert {WORD, TORN} <= {file.stem for file in (made / "补正").iterdir()}
    assert WORD in {file.stem for file in (made / "包").iterdir()}
    assert WORD in {file.stem for file in (made / "通知").iterdir()}


def test_a_single_one_is_known_by_the_register_too(made: Path) -> None:
    code, out, told = run(made, "request", "各校/文字.docx", "-o", "json")
    assert code == 0, told
    assert out
    code, _, told = run(made, "fix", "--suggest", "各校/一校.yaml")
    assert "register" not in told, told


def test_a_report_with_a_code_of_the_register_can_be_verified_without_it(made: Path) -> None:
    code, out, told = here("verify", f"报告/{WORD}.json", cwd=made)
    assert code == 0, out + told


def test_a_record_of_the_bureau_by_code_reaches_who_wrote_none(made: Path) -> None:
    """An approval register goes by codes; the Word plan of the school it approves says none."""
    rows = "学校标识码,审批结果,审批日期,审批部门", f"{WORD},同意,2021-08-25,临河区教育局"
    (made / "审批.csv").write_text("\n".join(rows) + "\n", "utf-8")
    out = "-o", "json=有审批/{学校标识码}.json"
    run(made, "check", "各校", "--stage", "inspection", "--data", "approval=审批.csv", *out)
    tree = json.loads((made / "有审批" / f"{WORD}.json").read_text("utf-8"))
    assert "approval" in [one["name"] for one in tree["data"]]
    other = json.loads((made / "有审批" / "1508020006.json").read_text("utf-8"))
    assert "approval" not in [one["name"] for one in other["data"]]


def test_files_are_counted_as_written_and_who_could_not_be_read_is_named(made: Path) -> None:
    (made / "各校" / "无日期.yaml").write_text("学校: {学校名称: 河滩小学（示例）}\n", "utf-8")
    _, _, told = run(made, "check", "各校", "-o", "html=页/{学校标识码}.html")
    (made / "各校" / "无日期.yaml").unlink()
    assert f"共 {len(list((made / '页').iterdir()))} 个文件" in told
    assert "曙光小学：" in told and "河滩小学（示例）：不知道按哪一天" in told


def test_what_nobody_could_read_is_known_by_its_path_only_where_it_is_nobody_else_s() -> None:
    """A torn copy beside a plan that was read would else have its name, and its letter."""
    register = Register((Registered("1", "曙光小学", {}), Registered("2", "河畔小学", {})))
    torn = Surveyed("各校/曙光小学.xlsx", "", "")
    also = Surveyed("各校/曙光小学（改）.xlsx", "", "")
    read = Surveyed("各校/方案.yaml", "", "", "1", "曙光小学")
    (found,) = known_by_path([torn], [torn], register)
    assert (found.id, found.name, found.known_as) == ("1", "曙光小学", ("1", "曙光小学"))
    assert known_by_path([torn], [torn, read], register) == [torn]
    assert known_by_path([torn, also], [torn, also], register) == [torn, also]
    assert registered([torn], register) == [torn]
