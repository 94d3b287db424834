"""Opinion, summary, circular and notice of the same submissions say the same numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.support.command_line import here as kehou

CLAUSE = "F.4-g"
SEEN = "值班领导当天不在校"
STAGE = ("--stage", "inspection", "--engine", "direct", "--pack", "bayannur-2021")
ON = ("--on", "2021-11-10")
PLAN = """\
学校: {{学校标识码: "{code}", 学校名称: {name}（示例）, 学段: [小学]}}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季, 开始时间: 17:30, 结束时间: {end},
       活动: 体育}}
    - {{类别: 下午课后服务, 年级: 2, 星期: 2, 作息季: 夏季, 开始时间: 17:30, 结束时间: {end2},
       活动: 体育}}
"""
SCHOOLS = {
    "1508020001": ("甲小学", "18:40", "18:50"),
    "1508020002": ("乙小学", "18:30", "18:30"),
    "1508020003": ("丙小学", "18:30左右", "18:40"),
}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of three schools; of one an inspector saw broken what no rule covers."""
    folder = tmp_path_factory.mktemp("round")
    papers = folder / "材料"
    papers.mkdir()
    for code, (name, end, end2) in SCHOOLS.items():
        text = PLAN.format(code=code, name=name, end=end, end2=end2)
        (papers / f"{code}.yaml").write_text(text, "utf-8")
    seen = {
        "school": "1508020002",
        "clause": CLAUSE,
        "subject": f"bayannur-2021/{CLAUSE}",
        "verdict": "不符合",
        "seen": SEEN,
        "evidence": "查看记录第2页",
        "office": "某旗县教育局（示例）",
        "date": "2021-11-10",
        "until": "2022-01-14",
    }
    file = folder / "核实.json"
    file.write_text(json.dumps({"attestations": [seen]}), "utf-8")
    kehou(
        *("check", str(papers), *STAGE, *ON, "--attestations", str(file)),
        *("--store", str(folder / "kept")),
        *("-o", f"json={folder}/after.json", "-o", f"json={folder}/报告/{{学校标识码}}.json"),
        *("-o", f"summary={folder}/summary.txt", "-o", f"docx={folder}/{{学校标识码}}.docx"),
    )
    due = ("--due", "2021-11-30")
    kehou("circular", f"{folder}/after.json", *due, "-o", f"text={folder}/circular.txt")
    letters = ("-o", f"text={folder}/通知/{{学校标识码}}.txt", "--reply", f"{folder}/{{编号}}.xlsx")
    kehou("notice", f"{folder}/报告", *due, *letters)
    return folder


def number(pattern: str, text: str) -> int:
    """The number of a pattern's only group; 0 where the text does not say it."""
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def opinion(folder: Path, code: str) -> str:
    content = ZipFile(folder / f"{code}.docx").read("word/document.xml").decode("utf-8")
    return re.sub(r"<[^>]+>", "", content)


#: Breaches by hand. All: nothing but sport, so no two kinds of activity (四（一）第2句), no
#: homework with a teacher and no hour of study (四（二）第1句). Besides, sessions past 18:30 of the
#: first and the third; of the second the clause that an inspector saw broken.
BREACHES = {"1508020001": 4, "1508020002": 4, "1508020003": 4}
#: The same by place: of the first both sessions end late, of all each session lacks its hour.
ROWS = 6 + 5 + 5


@pytest.mark.parametrize("code", SCHOOLS)
def test_of_a_school_every_paper_says_as_many_breaches_and_gaps(round_: Path, code: str) -> None:
    """A clerk who adds up the letters must come to what the summary says."""
    told, letter = opinion(round_, code), (round_ / "通知" / f"{code}.txt").read_text("utf-8")
    fails = BREACHES[code]
    assert number(r"不符合(\d+)项（其中红线", told) == fails
    section = told.partition("二、不符合事项")[2].partition("三、存疑事项")[0]
    assert (f"{fails}." in section, f"{fails + 1}." in section) == (True, False)
    assert number(r"[（，]不符合(\d+)项", letter) == fails
    assert number(r"[（，]材料不足(\d+)项", letter) == number(r"材料不足(\d+)项，未能评定", told)
    assert number(r"[（，]存疑待核(\d+)项", letter) == number(r"存疑待核(\d+)项", told)
    summary = (round_ / "summary.txt").read_text("utf-8")
    assert number(rf"{code}：[^\n]*不符合 (\d+)", summary) == fails


def test_what_was_seen_of_a_clause_is_told_with_its_words_and_what_to_do(round_: Path) -> None:
    """The opinion is what the school gets: 0 breaches there and 1 in the notice is no opinion."""
    section = opinion(round_, "1508020002").partition("二、不符合事项")[2].partition("三、存疑")[0]
    letter = (round_ / "通知" / "1508020002.txt").read_text("utf-8")
    for text in (section, letter):
        assert SEEN in text
        assert "《实施方案》“五、保障措施”（四）第2句" in text
        assert "照所引条款整改，附上佐证" in text


def test_the_opinion_says_the_day_of_the_inspection_that_was_given(round_: Path) -> None:
    told = opinion(round_, "1508020001")
    assert "2021年11月10日对你校课后服务进行了不定期检查" in told
    assert "〔检查日期〕" not in told


def test_the_circular_says_the_sums(round_: Path) -> None:
    told = (round_ / "circular.txt").read_text("utf-8")
    assert number(r"与规定不一致的情况，共(\d+)项", told) == sum(BREACHES.values())
    assert number(r"问题清单逐处列出，共(\d+)行", told) == ROWS
    sums = {
        r"存疑待核(\d+)项、": r"存疑待核(\d+)项",
        r"、材料不足(\d+)项，不在": r"材料不足(\d+)项，未能",
    }
    for pattern, own in sums.items():
        assert number(pattern, told) == sum(number(own, opinion(round_, code)) for code in SCHOOLS)
