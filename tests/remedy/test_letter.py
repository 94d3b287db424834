"""The 补正材料清单 as Word, browsers and checkers of pages see it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT, lacking
from tests.support.office import UPRIGHT, printed

from kehou.cli.main import main

MODULES = CHECKOUT / ".tools" / "node_modules"
BROWSER = Path(__file__).parents[1] / "support" / "browser.cjs"
PLAN = """\
学校:
  学校名称: 甲小学（示例）</p><b>
  学段: [小学]
实施方案:
  服务开始日期: 2021-09-06
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("letter")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN, "utf-8")
    files = {form: folder / f"清单.{form}" for form in ("html", "docx")}
    outputs = [word for form, file in files.items() for word in ("-o", f"{form}={file}")]
    assert main(["request", str(plan), "--pack", "bayannur-2021", "--annex", *outputs]) == 0
    return files


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
def test_the_letter_prints_on_upright_pages_with_its_placeholders(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    pages = printed(written["docx"], program)
    assert {page.size for page in pages} == {UPRIGHT}
    first, whole = pages[0].text, "".join(page.text for page in pages)
    assert first.startswith("〔文号〕甲小学（示例）")
    for words in ("〔发文机关〕", "〔成文日期〕", "〔补正期限〕", "附件1逐项目录", "附件2填写样式"):
        assert words in whole
    for page in pages:
        assert "供人工复核，不作为行政决定" in page.text


@pytest.mark.needs("node", "chromium")
def test_axe_finds_nothing_amiss_and_nothing_is_wider_than_a_telephone(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    for module in ("axe-core", "playwright-core"):
        if not (MODULES / module).is_dir():
            lacking(f"模块 {module}")
    command = [program("node"), str(BROWSER), str(MODULES), program("chromium")]
    told = subprocess.run(
        [*command, str(written["html"])], capture_output=True, encoding="utf-8", timeout=300
    )
    assert told.returncode == 0, told.stderr
    page = json.loads(told.stdout)[str(written["html"])]
    assert page["violations"] == [] and page["violationsNarrow"] == []
    assert (page["scrollWidth"], page["beyond"]) == (360, [])
    assert page["squeezed"] == []
    assert page["violationsDark"] == []
    assert page["requests"] == []


@pytest.mark.needs("java")
def test_the_nu_html_checker_finds_no_error(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        lacking("模块 vnu-jar")
    told = subprocess.run(
        [program("java"), "-jar", str(jar), "--errors-only", str(written["html"])],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (told.returncode, told.stderr) == (0, "")
