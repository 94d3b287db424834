from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_document
from tests.support.prose import plan
from tests.support.school_batch import form_of

import kehou
from kehou.batch.inputs import find, is_one
from kehou.submission import collect
from kehou.submission.files import may_hold_many

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = kehou.load_pack("bayannur-2021").schema


def paths(folder: Path, *given: str) -> tuple[list[str], list[str], list[str]]:
    """(inputs, strays, what could not be looked into), below the folder."""
    found = find([str(folder), *given], SCHEMA, folder.parent / "scratch")

    def short(path: str) -> str:
        return Path(path).relative_to(folder).as_posix()

    return (
        [short(one.path) for one in found.inputs],
        sorted(short(path) for path in found.strays),
        [short(path) for path, _ in found.failed],
    )


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """Two townships: folders with a plan, single files, an archive, what is none of these."""
    folder = tmp_path / "各校材料"
    shutil.copytree(EXAMPLES / "primary-compliant", folder / "东镇" / "01甲校")
    shutil.copy(EXAMPLES / "first-check" / "plan.yaml", folder / "东镇" / "02乙校.yaml")
    west = folder / "西镇"
    west.mkdir()
    with zipfile.ZipFile(west / "03丙校.zip", "w") as archive:
        archive.write(EXAMPLES / "first-check" / "plan.yaml", "丙校/plan.yaml")
    (west / "04丁校").mkdir()
    (west / "04丁校" / "课后服务.docx").write_bytes(b"")
    (folder / "说明.txt").write_text("说明")
    (folder / ".隐藏").write_text("")
    return folder


def test_schools_are_found_at_any_depth_and_the_rest_is_listed(schools: Path) -> None:
    inputs, strays, failed = paths(schools)
    assert inputs == ["东镇/01甲校", "东镇/02乙校.yaml", "西镇/03丙校.zip/丙校", "西镇/04丁校"]
    assert (strays, failed) == (["说明.txt"], [])


def test_a_folder_with_a_plan_is_one_school_and_not_searched(schools: Path) -> None:
    inner = schools / "东镇" / "01甲校" / "附件"
    shutil.copytree(EXAMPLES / "first-check", inner)
    assert not may_hold_many(str(schools / "东镇" / "01甲校"), SCHEMA)
    assert "东镇/01甲校/附件" not in paths(schools)[0]


def test_evidence_with_a_folder_of_pictures_is_one_school(tmp_path: Path) -> None:
    folder = tmp_path / "戊校"
    (folder / "照片").mkdir(parents=True)
    (folder / "照片" / "一.jpg").write_bytes(b"")
    shutil.copy(EXAMPLES / "folder-with-evidence" / "roster.csv", folder)
    assert may_hold_many(str(folder), SCHEMA)  # by its names alone it might
    assert is_one(str(folder), SCHEMA)


def test_a_school_reached_by_two_paths_is_one(schools: Path) -> None:
    inputs, *_ = paths(schools, str(schools / "东镇" / "01甲校"))
    assert inputs.count("东镇/01甲校") == 1


def test_a_link_out_of_the_folder_is_not_followed(schools: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "first-check", tmp_path / "别处")
    (schools / "偷看").symlink_to(tmp_path / "别处")
    inputs, strays, _ = paths(schools)
    assert "偷看" in strays
    assert "偷看" not in inputs


def test_a_path_that_is_not_there_and_a_broken_archive_are_told(schools: Path) -> None:
    (schools / "坏.zip").write_bytes(b"PK\x03\x04")
    _, _, failed = paths(schools, str(schools / "没有"))
    assert failed == ["坏.zip", "没有"]


def test_a_folder_that_nobody_filled_is_told(schools: Path) -> None:
    """Empty, with nothing that is read, or with such folders alone: the outermost, once."""
    (schools / "空").mkdir()
    (schools / "只有说明").mkdir()
    (schools / "只有说明" / "说明.txt").write_text("说明")
    (schools / "套着" / "空").mkdir(parents=True)
    (schools / "数据").mkdir()
    (schools / "数据" / "清单.yaml").write_text("[]", "utf-8")
    (schools / "西镇" / "04丁校" / "附件").mkdir()  # of a school: its own
    (schools / "东镇" / "01甲校" / "附件").mkdir()
    inputs, _, failed = paths(schools)
    assert "西镇/04丁校" in inputs
    assert sorted(failed) == ["只有说明", "套着", "空"]


def test_a_folder_of_word_documents_is_one_of_each_and_deeper_they_are_papers_of_one(
    tmp_path: Path,
) -> None:
    for name in ("甲校.docx", "乙校.docx", "丙校/方案.docx", "丙校/应急预案.docx"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"PK")
    found = find([str(tmp_path)], SCHEMA, tmp_path / "scratch")
    assert [Path(one.path).name for one in found.inputs] == ["丙校", "乙校.docx", "甲校.docx"]
    assert may_hold_many(str(tmp_path), SCHEMA)


def test_a_document_named_as_the_whole_has_its_folder_with_it(tmp_path: Path) -> None:
    for name in ("实施方案.docx", "应急预案.docx"):
        (tmp_path / name).write_bytes(b"PK")
    assert not may_hold_many(str(tmp_path), SCHEMA)
    found = find([str(tmp_path)], SCHEMA, tmp_path / "scratch")
    assert [one.path for one in found.inputs] == [str(tmp_path)]


def test_documents_beside_forms_are_submissions_too(tmp_path: Path) -> None:
    """Nobody is told not to have handed in what lies beside the others' forms."""
    for name in ("甲校.xlsx", "乙校.xlsx", "丙校.docx", "丁校.pdf", "戊校/plan.yaml"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"PK")
    found = find([str(tmp_path)], SCHEMA, tmp_path / "scratch")
    assert sorted(Path(one.path).name for one in found.inputs) == [
        "丁校.pdf",
        "丙校.docx",
        "乙校.xlsx",
        "戊校",
        "甲校.xlsx",
    ]
    assert found.strays == []


def test_a_document_beside_one_form_is_a_paper_of_its_school(tmp_path: Path) -> None:
    for name in ("申报表.xlsx", "应急预案.docx"):
        (tmp_path / name).write_bytes(b"PK")
    found = find([str(tmp_path)], SCHEMA, tmp_path / "scratch")
    assert [one.path for one in found.inputs] == [str(tmp_path)]


@pytest.fixture(scope="module")
def form() -> bytes:
    """The form of 河套小学（示例）, as kehou fills it from its example."""
    return form_of((EXAMPLES / "first-check" / "plan.yaml").read_text("utf-8"))


def inputs_of(folder: Path) -> list[str]:
    found = find([str(folder)], SCHEMA, folder.parent / "scratch")
    return [Path(one.path).name for one in found.inputs]


def test_the_plan_of_another_beside_one_form_is_a_submission(tmp_path: Path, form: bytes) -> None:
    """Whoever handed in prose would else be told not to have handed in anything."""
    folder = tmp_path / "各校"
    folder.mkdir()
    (folder / "表.xlsx").write_bytes(form)
    plan(folder, name="中心小学.docx")
    assert inputs_of(folder) == ["各校", "中心小学.docx"]
    assert may_hold_many(str(folder), SCHEMA)
    assert not is_one(str(folder), SCHEMA)


def test_its_own_plan_in_prose_beside_a_form_is_a_paper_of_it(tmp_path: Path, form: bytes) -> None:
    """One school is not made two by its stamped copy; what says nobody's name stays its paper."""
    folder = tmp_path / "一校"
    folder.mkdir()
    (folder / "表.xlsx").write_bytes(form)
    own = new_document()
    own.add_paragraph("河套小学2021年秋季学期课后服务实施方案")
    own.add_paragraph("每天放学后至18:00结束。")
    own.save(str(folder / "课后服务方案（盖章）.docx"))
    paper = new_document()
    paper.add_paragraph("会议记录：讨论了接送。")
    paper.save(str(folder / "会议.docx"))
    assert inputs_of(folder) == ["一校"]
    assert is_one(str(folder), SCHEMA)


def test_a_plan_beside_folders_of_schools_is_a_submission_alone_too(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "first-check", tmp_path / "甲校")
    plan(tmp_path, name="乙.docx")
    (tmp_path / "丙校课后服务方案.docx").write_bytes(b"PK")
    found = find([str(tmp_path)], SCHEMA, tmp_path / "scratch")
    assert [Path(one.path).name for one in found.inputs] == [
        "丙校课后服务方案.docx",
        "乙.docx",
        "甲校",
    ]


def test_a_plan_beside_a_form_that_cannot_be_read_is_a_fault(tmp_path: Path, form: bytes) -> None:
    """What may be a plan was not read: the exit code is 4 and the report says which file."""
    folder = tmp_path / "一校"
    folder.mkdir()
    (folder / "表.xlsx").write_bytes(form)
    (folder / "课后服务方案扫描件.docx").write_bytes(b"PK")
    (folder / "照片.docx").write_bytes(b"PK")
    found = collect(folder, SCHEMA)
    assert [(part, name) for part, name, _ in found.failed] == [("", "课后服务方案扫描件.docx")]
    assert found.unread == ["照片.docx"]
