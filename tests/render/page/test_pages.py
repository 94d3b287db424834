"""The pages as people meet them: on a telephone, with a keyboard, read aloud, on paper."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT, lacking
from tests.support.office import ACROSS, UPRIGHT, pages
from tests.support.report_changes import changed
from tests.support.reports_at_limits import EXCUSE, crowded, golden, odd
from tests.support.reports_by_hand import finding, report, result

from kehou import packs
from kehou.cli import main as cli
from kehou.model.outcomes import Outcome
from kehou.model.report import (
    Change,
    Memory,
    Reading,
    ReadingChange,
    Report,
    WaiverNote,
    WaiversApplied,
)
from kehou.render.page import clauses_html, html

MODULES = CHECKOUT / ".tools" / "node_modules"
#: Pages made to be printed and signed: they have no contents to leap over.
PAPERS = ("notice", "closure", "worksheet", "circular", "request")
#: A name that is wider than a telephone.
LONG = "某市某区某某乡联合中心九年一贯制寄宿学校附属第二小学（示例）"
#: What the keyboard stops at: links, what unfolds, and the filters of a check's page.
KEYS = ("A", "SUMMARY", "INPUT")
BROWSER = Path(__file__).parents[2] / "support" / "browser.cjs"


def whole() -> Report:
    """The golden report with all that a page may hold: waivers, another reading, changes."""
    waived = result(
        Outcome.WAIVED,
        finding(Outcome.WAIVED, waiver=EXCUSE),
        rule="schedule-winter",
        title="冬季时间",
    )
    silent = finding(Outcome.PASS, message="", count=3)
    base = golden()
    mixed = replace(base.results[0], findings=(*base.results[0].findings, silent))
    change = Change("f" * 64, "a-b", "题", "new", None, Outcome.FAIL, "新情况", "plan.yaml:1")
    vague = ReadingChange("a-b", "题", Outcome.PASS, Outcome.FAIL, ("左右",))
    return replace(
        base,
        results=(mixed, *base.results[1:], waived),
        waivers=WaiversApplied((WaiverNote("a-b", "*", "broad", "waivers.yaml:3"),)),
        reading=Reading("strict", (vague,)),
        memory=Memory("e" * 64, (change,)),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by name: reports in both languages, an odd and a long one, the policy's text."""
    folder = tmp_path_factory.mktemp("pages")
    loaded = [packs.load("bayannur-2021")]
    rendered = {
        "zh": html.render([whole()]),
        "en": html.render([changed(whole(), language="en"), golden()], "en"),
        "odd": html.render([odd("长" * 300 + "x" * 300 + "</p><b>\u202e\x07=")]),
        "clauses-zh": clauses_html.render(loaded, {}),
        "clauses-en": clauses_html.render(loaded, {}, "en"),
    }
    files = {name: folder / f"{name}.html" for name in rendered}
    for name, file in files.items():
        file.write_text(rendered[name], "utf-8")
    return files | papers(folder) | rounds(folder) | other_states(folder)


def other_states(folder: Path) -> dict[str, Path]:
    """What was read in a text, a plan that nobody can read, two packs compared."""
    text, broken = folder / "plan.txt", folder / "broken"
    text.write_text(
        f"# {LONG}课后服务实施方案\n一、服务时间：周一至周五15:50—18:40。\n"
        "二、由任课教师讲新课，全校学生必须参加。\n三、每生每月60元，残疾学生减半。\n",
        "utf-8",
    )
    broken.mkdir()
    (broken / "plan.yaml").write_text("学校:\n\t学校名称: 甲\n", "utf-8")
    found = {name: folder / f"{name}.html" for name in ("read", "broken", "packs")}
    cli.main(["read", str(text), "--as-of", "2021-09-06", "-o", f"html={found['read']}"])
    cli.main(["check", str(broken), "--engine", "direct", "-o", f"html={found['broken']}"])
    layers = [str(CHECKOUT / "rules" / "bayannur-2021"), str(CHECKOUT / "docs" / "overlay-example")]
    cli.main(["diff", "--packs", *layers, "-o", f"html={found['packs']}"])
    return found


def rounds(folder: Path) -> dict[str, Path]:
    """The summaries of a round, by the command: with links, changes, and what was not read."""
    examples, given = CHECKOUT / "examples", folder / "all"
    for name in ("first-check", "junior-breaches", "primary-compliant"):
        shutil.copytree(examples / name, given / name)
    (given / "unread").mkdir()
    (given / "unread" / "plan.yaml").write_text("学校:\n\t学校名称: 甲\n", "utf-8")
    register = folder / "register.csv"
    register.write_text(f"学校标识码,学校名称,旗县区\n1508020999,{LONG},临河区\n", "utf-8")
    before = f"{folder}/before.json"
    kept = ["--store", str(folder / "kept")]
    run = ["check", str(given), *kept, "--engine", "direct", "--data", f"register={register}"]
    each = ["--baseline", before, "-o", f"html={folder}/{{学校标识码}}.html"]
    cli.main([*run, "-o", f"summary={before}"])
    plan = given / "first-check" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("河套小学（示例）", LONG), "utf-8")
    pages_of = {
        f"summary-{language}": folder / f"summary-{language}.html" for language in ("zh", "en")
    }
    for language in ("zh", "en"):
        file = pages_of[f"summary-{language}"]
        cli.main([*run, *each, "--lang", language, "-o", f"summary={file}"])
        assert LONG in file.read_text("utf-8")
    return pages_of


def papers(folder: Path) -> dict[str, Path]:
    """The pages of a round of inspection, from the example school by the commands themselves."""
    school, bureau = CHECKOUT / "examples" / "junior-breaches", CHECKOUT / "examples" / "bureau"
    data = ["--data", f"inspection={bureau / 'junior-inspection.yaml'}"]
    pages_of = {name: folder / f"{name}.html" for name in PAPERS}
    report_, notice, reply = (str(folder / name) for name in ("r.json", "n.json", "reply.yaml"))
    for words in (
        [
            "check",
            str(school),
            "--stage",
            "inspection",
            *data,
            "--engine",
            "direct",
            "-o",
            f"json={report_}",
        ],
        [
            "notice",
            report_,
            "--due",
            "2021-12-01",
            "--reply",
            reply,
            "-o",
            f"json={notice}",
            "-o",
            f"html={pages_of['notice']}",
        ],
        ["recheck", notice, reply, str(school), *data, "-o", f"html={pages_of['closure']}"],
        ["worksheet", report_, "-o", f"html={pages_of['worksheet']}"],
        ["circular", report_, "--due", "2021-12-01", "-o", f"html={pages_of['circular']}"],
        ["request", str(school), "--stage", "inspection", "-o", f"html={pages_of['request']}"],
    ):
        assert cli.main(words) in (0, 1), words
    return pages_of


@pytest.mark.needs("node", "chromium", "pdfinfo", "pdftotext")
def test_chromium_and_axe_find_nothing_amiss(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    for module in ("axe-core", "playwright-core"):
        if not (MODULES / module).is_dir():
            lacking(f"模块 {module}")
    files = [str(file) for file in written.values()]
    told = subprocess.run(
        [program("node"), str(BROWSER), str(MODULES), program("chromium"), *files],
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout)
    for name, file in written.items():
        page = seen[str(file)]
        assert page["violations"] == [], name
        assert page["violationsNarrow"] == [], name
        assert (page["scrollWidth"], page["beyond"]) == (360, []), name
        assert page["squeezed"] == [], name
        assert page["violationsDark"] == [], name
        assert page["requests"] == [], name
        printed = pages(Path(f"{file}.pdf"), program)
        assert {sheet.size for sheet in printed} <= {UPRIGHT, ACROSS}, name
        if name in PAPERS:
            assert all(outlined for tag, _, outlined in page["keys"] if tag != "BODY"), name
            continue
        assert page["keys"][0][0] == "A", f"{name}: the link over the contents comes first"
        stops = [key for key in page["keys"] if key[0] != "BODY"]  # some have few links
        assert all(tag in KEYS and outlined for tag, _, outlined in stops), name
        assert {sheet.size for sheet in printed} == {UPRIGHT}, name
    paper = "".join(sheet.text for sheet in pages(Path(f"{written['zh']}.pdf"), program))
    assert "“严禁利用课后服务时间集体补课”" in paper
    assert "不作为行政决定" in paper
    for unseen in ("筛选", "规则包校验值", "content-no-collective-lesson"):
        assert unseen not in paper, "filters and what is folded are not printed"


@pytest.mark.needs("java")
def test_the_nu_html_checker_finds_no_error(
    written: dict[str, Path], program: Callable[[str], str]
) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        lacking("模块 vnu-jar")
    files = [str(file) for file in written.values()]
    told = subprocess.run(
        [program("java"), "-jar", str(jar), "--errors-only", "--format", "gnu", *files],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (told.returncode, told.stderr.strip()) == (0, "")


@pytest.mark.needs("chromium", "pdfinfo", "pdftotext")
@pytest.mark.parametrize("name", ["first-check", "nine-year-incomplete"])
def test_no_heading_of_papers_stays_behind_at_the_foot_of_a_page(
    name: str, tmp_path: Path, program: Callable[[str], str]
) -> None:
    file, pdf = tmp_path / "r.html", tmp_path / "r.pdf"
    school = str(CHECKOUT / "examples" / name)
    cli.main(["check", school, "--engine", "direct", "-q", "-o", f"html={file}"])
    told = subprocess.run(
        [
            program("chromium"),
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={pdf}", str(file)),
        ],
        capture_output=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    [page] = [sheet.text for sheet in pages(pdf, program) if "缺的材料（" in sheet.text]
    assert "学校补交" in page.partition("缺的材料（")[2]


def test_the_row_of_counts_has_every_outcome() -> None:
    page = html.render([whole()])
    for outcome, word in (
        ("fail", "不符合"),
        ("review", "存疑待核"),
        ("insufficient", "材料不足"),
        ("error", "未能评定"),
        ("waived", "已豁免"),
        ("not_judged", "未评"),
        ("pass", "符合"),
        ("not_applicable", "不适用"),
    ):
        number = 2 if outcome == "waived" else 1
        assert re.search(rf'<dt class="{outcome}">.*? {word}</dt><dd>{number}\b', page)


def test_filters_offer_what_there_is_and_work_without_a_script() -> None:
    page = html.render([whole()])
    for name in ("r1-k-all", "r1-k-fail", "r1-s-critical", "r1-a-1"):
        assert f'type="radio" name="{name[:4]}" id="{name}"' in page
        assert f'<label for="{name}">' in page
    assert ".fk-fail:checked ~ .list .it:not(.k-fail)" in page


def test_the_annex_is_folded_until_it_is_asked_for() -> None:
    assert '<details class="annex" id="r1-table" open>' not in html.render([whole()])
    assert '<details class="annex" id="r1-table" open>' in html.render([whole()], annex=True)


def test_every_link_leads_somewhere() -> None:

    loaded = [packs.load("bayannur-2021")]
    for page in (html.render([whole(), golden()]), clauses_html.render(loaded, {})):
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_waivers_readings_and_changes_are_told() -> None:
    page = html.render([whole()])
    for text in ("豁免：校舍维修（示例旗教育局", "涵盖所有对象", "由符合变为不符合", "新情况"):
        assert text in page


def test_a_finding_that_passes_under_a_breach_is_not_said_to_be_in_doubt() -> None:
    passing = finding(Outcome.PASS, message="", count=3)
    page = html.render([report(result(Outcome.FAIL, finding(Outcome.FAIL), passing))])
    assert "从所交材料看不出" not in page


def test_chinese_in_an_english_page_is_marked_as_such() -> None:
    page = html.render([golden()], "en")
    assert '<q lang="zh-CN">“严禁利用课后服务时间集体补课”' in page
    assert 'lang="zh-CN"' not in html.render([golden()]).replace('<html lang="zh-CN">', "")


def test_five_thousand_findings_are_one_item_with_every_place() -> None:
    page = html.render([crowded()])
    assert page.count('<article class="it') == 1
    assert "同样情形共 5000 处" in page
    assert page.count('<div class="each">') == 5000
