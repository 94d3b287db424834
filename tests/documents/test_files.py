"""The same document says the same in every format that LibreOffice writes it in."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as new_document
from docx.shared import Pt

import kehou
from kehou import CheckOptions
from kehou.documents import open_paper
from kehou.model.outcomes import Stage
from kehou.readers.blocks import Kind

LINES = (
    "示例镇中心小学2021年秋季学期课后服务实施方案",
    "为贯彻落实上级关于做好课后服务工作的有关要求，结合本校实际，经学校研究，并征求家长委员会"
    "意见，制定本方案，从2021年9月6日起施行，遇有调整另行通知，由班主任逐一告知家长并做好记录。",
    "一、原则",
    "学生自愿参加，严禁利用课后服务时间集体补课、讲新课和进行考试训练。",
    "二、内容",
    "（一）第一时段学生自主完成作业，教师答疑，不布置新的作业，完成作业的可以阅读课外书，"
    "也可以参加学校统一安排的体育锻炼和劳动实践，具体内容由各年级组在每周一以前公布。",
    "（二）每周五第二节组织单元检测，成绩记入成长册。",
)
ROWS = (
    ("年级", "周一", "周三"),
    (
        "一年级",
        "作业辅导，由任课教师在教室内答疑，不讲新课，不集体授课，做完作业的自由阅读",
        "阅读",
    ),
    ("二年级", "语文教师讲授新课", "社团活动"),
)


@pytest.fixture(scope="module")
def written(
    tmp_path_factory: pytest.TempPathFactory, program: Callable[[str], str]
) -> dict[str, Path]:
    """By format the file; the .docx is ours, LibreOffice made the others of it."""
    folder = tmp_path_factory.mktemp("formats")
    made = new_document()
    made.styles["Normal"].font.size = Pt(12)
    made.sections[0].header.paragraphs[0].text = "示例镇中心小学文件"
    for line in LINES:
        made.add_paragraph(line)
    table = made.add_table(rows=len(ROWS), cols=3)
    table.style = "Table Grid"
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for n in range(1, 25):
        made.add_paragraph(
            f"（{n}）值班教师按时到岗，发现问题及时处理，并向学校报告，做好第{n}次登记。"
        )
    source = folder / "方案.docx"
    made.save(str(source))
    found = {"docx": source}
    for form in ("pdf", "doc", "odt", "rtf"):
        subprocess.run(
            [
                program("soffice"),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", form, "--outdir", str(folder), str(source)),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        found[form] = folder / f"方案.{form}"
    found["wps"] = folder / "方案.wps"
    found["wps"].write_bytes(found["doc"].read_bytes())
    found["txt"] = folder / "方案.txt"
    lines = [p.block.shown for p in open_paper("方案.docx", source.read_bytes()).paragraphs]
    found["txt"].write_text("\n".join(lines), "utf-8")
    return found


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("form", ["pdf", "doc", "wps", "odt", "rtf"])
def test_paragraphs_and_cells_are_the_same(written: dict[str, Path], form: str) -> None:
    def told(name: str) -> list[tuple[str, object]]:
        paper = open_paper(f"方案.{name}", written[name].read_bytes())
        return [(p.text, p.block.cell) for p in paper.paragraphs if p.block.kind != Kind.FURNITURE]

    assert told(form) == told("docx")
    assert len(told(form)) == len(LINES) + 9 + 24


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("form", ["pdf", "doc", "wps", "odt", "rtf", "txt"])
def test_facts_and_outcomes_are_the_same(written: dict[str, Path], form: str) -> None:
    def told(name: str) -> list[tuple[object, ...]]:
        options = CheckOptions(stage=Stage.APPROVAL, packs=("bayannur-2021",), engine="direct")
        report = kehou.check(str(written[name]), options)
        results = [(r.rule, r.outcome, f.message) for r in report.results for f in r.findings]
        return [(report.submission.name, *one) for one in results]

    assert told(form) == told("docx")
    assert any("讲授新课" in str(one) for one in told("docx"))
