"""Score sheets and rankings as other programs read them: browsers, checkers, LibreOffice."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import lacking
from tests.render.page.test_pages import BROWSER, MODULES
from tests.support.office import ACROSS, pages, printed
from tests.support.score_reports import finding, indicator, result, scheme, school, veto

from kehou.scoring import Scheme
from kehou.scoring import office as score_office
from kehou.scoring import pages as score_html
from kehou.scoring.evaluation import score
from kehou.scoring.ranking import Ranking, rank
from kehou.scoring.scheme import Method
from kehou.scoring.sheet import Sheet


def made() -> tuple[Scheme, list[Sheet], Ranking]:
    """A dozen schools with long and short names under a scheme with a veto."""
    scheme_ = scheme(
        indicator("x", 60, Method("ratio"), "r1", "r2", "r3"),
        indicator("y", 40, Method("all_pass"), "r4", area="b"),
        indicator("z", 5, Method("manual"), bonus=True),
        vetoes=(veto("r1"),),
    )
    outcomes = ("pass", "fail", "review", "insufficient", "not_applicable")
    sheets = []
    for n in range(12):
        results = [
            result(f"r{i}", finding(outcomes[(n * i + i) % 5], message="说明" * (1 + n * 4)))
            for i in range(1, 5)
        ]
        name = f"第{n}学校（示例）" + "很长的名称" * (n % 3 * 3)
        one = school(*results, code=f"{n:010d}", name=name, township="甲镇" if n % 2 else "乙苏木")
        sheets.append(score(scheme_, one, {}))
    return scheme_, sheets, rank(scheme_, sheets)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("score")
    scheme_, sheets, found = made()
    files = {
        "sheets.html": score_html.sheets(scheme_, sheets[:3]).encode(),
        "ranking.html": score_html.ranking(scheme_, found).encode(),
        "sheets.xlsx": score_office.sheets_xlsx(scheme_, sheets[:3]),
        "ranking.xlsx": score_office.ranking_xlsx(scheme_, found),
        "sheets.docx": score_office.sheets_docx(scheme_, sheets[:3]),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in files}


@pytest.mark.needs("node", "chromium", "pdfinfo", "pdftotext")
def test_the_pages_work_on_a_telephone_with_a_keyboard_and_on_paper(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    for module in ("axe-core", "playwright-core"):
        if not (MODULES / module).is_dir():
            lacking(f"模块 {module}")
    files = [str(file) for name, file in written.items() if name.endswith(".html")]
    told = subprocess.run(
        [program("node"), str(BROWSER), str(MODULES), program("chromium"), *files],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    for name, page in json.loads(told.stdout).items():
        assert page["violations"] == page["violationsNarrow"] == [], name
        assert (page["scrollWidth"], page["beyond"]) == (360, []), name
        assert page["squeezed"] == [], name
        assert page["violationsDark"] == [], name
        assert page["requests"] == [], name
        paper = pages(Path(f"{name}.pdf"), program)
        assert {sheet.size for sheet in paper} == {ACROSS}, name
    paper = pages(Path(f"{written['sheets.html']}.pdf"), program)
    text = "".join(sheet.text for sheet in paper)
    assert text.count("考核人（签字）") == 3
    assert "每个指标的规则和结论" in text


@pytest.mark.needs("java")
def test_the_nu_html_checker_finds_no_error_in_them(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        lacking("模块 vnu-jar")
    files = [str(file) for name, file in written.items() if name.endswith(".html")]
    told = subprocess.run(
        [program("java"), "-jar", str(jar), "--errors-only", "--format", "gnu", *files],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (told.returncode, told.stderr.strip()) == (0, "")


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
@pytest.mark.parametrize("name", ["sheets.xlsx", "sheets.docx"])
def test_libreoffice_prints_each_school_with_its_total_and_signatures(
    name: str, written: dict[str, Path], program: Callable[[str], str]
) -> None:
    paper = printed(written[name], program)
    assert {page.size for page in paper} == {ACROSS}
    text = "".join(page.text for page in paper)
    for words in ("合计", "未计分项", "方面a小计", "考核人（签字）", "供人工复核，不作为行政决定"):
        assert text.count(words) >= 3, words
    assert "否决项（单独列出" in text


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
def test_libreoffice_prints_every_table_of_the_ranking(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    paper = printed(written["ranking.xlsx"], program)
    text = "".join(page.text for page in paper)
    codes = [place.sheet.submitter.id for place in made()[2].places]
    for words in (*codes, "得分分布", "各指标", "按条款", "甲镇", "乙苏木", "临近等次线"):
        assert words in text
