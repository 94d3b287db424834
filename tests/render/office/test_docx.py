"""The 核查意见 that a bureau edits, numbers, seals and sends."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.test_counts import SUGGESTED, WORDS, Counts, counted, from_json, reports, written
from tests.render.test_limits import OBEYED
from tests.support.office import ACROSS, UPRIGHT, printed
from tests.support.report_changes import changed
from tests.support.reports_at_limits import FORMULA, odd
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import Report
from kehou.render.office import Table, docx, title_of
from kehou.render.words import catalogue
from kehou.render.words.numerals import chinese, roman

HEADS = ["序号", "条款编号", "依据原文", "核查内容", "结论", "事实（原文与位置）"]
HEADS += ["缺失材料", "严重程度", "建议"]


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    """Style and text of the paragraphs outside tables, titles as if on one line."""
    return [
        (p.style.name, p.text.replace("\n", "") if p.style.name == "Title" else p.text)
        for p in opened(content).paragraphs
        if p.text
    ]


def annexed(*reports: Report) -> bytes:
    """Opinions with their annexes."""
    return docx.render(reports, annex=True)


def tables(content: bytes) -> list[list[list[str]]]:
    """The texts of all tables; read as XML, since python-docx takes minutes for long ones."""
    return [
        [[cell_text(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]
        for table in opened(content).element.body.findall(qn("w:tbl"))
    ]


def rows(content: bytes, number: int = 0) -> list[list[str]]:
    """The texts of a table of the annexes, which have more columns than that of the letter."""
    return [table for table in tables(content) if len(table[0]) > 3][number]


def cell_text(cell: Any) -> str:
    return "".join(
        "\n" if node.tag == qn("w:br") else node.text or ""
        for node in cell.iter(qn("w:t"), qn("w:br"))
    )


def as_text(content: bytes) -> str:
    """The whole opinion as lines, for a person to read in the golden file."""
    lines = [f"{style}: {text}" for style, text in paragraphs(content)]
    for table in tables(content):
        lines.append("")
        lines += [" | ".join(cell.replace("\n", " / ") for cell in r) for r in table]
    return "\n".join(lines) + "\n"


def from_docx(content: bytes) -> Counts:
    """Counts of the annex, held against those that the first part tells in words."""
    head, *body = rows(content)
    told = [dict(zip(head, row, strict=True)) for row in body]
    rules = [row for row in told if row["严重程度"]]
    firm = Counter(WORDS[r["结论"].partition("（")[0]] for r in rules if r["严重程度"] != "建议")
    advised = [WORDS[r["结论"].partition("（")[0]] for r in rules if r["严重程度"] == "建议"]
    advice = sum(outcome in SUGGESTED for outcome in advised)
    said_of_all = [t for _, t in paragraphs(content) if t.startswith("共核查")]
    if not rules:  # nothing could be read: an opinion that counted would speak as if it had been
        assert not said_of_all
        return counted(firm, advice, len(told))
    [text] = said_of_all
    said = {word: int(n) for word, n in re.findall(r"([一-龥]+)(\d+)项", text)}
    assert {WORDS[w]: n for w, n in said.items() if w in WORDS and n} == dict(+firm)
    assert said["共核查"] == sum(firm.values())
    assert said["提出建议"] == advice
    return counted(firm, advice, len(told) - len(rules))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_opinion_is_as_agreed(
    golden_report: Report, same_bytes: Callable[[str, str], None], language: str
) -> None:
    name = "every_outcome.docx.txt" if language == "zh" else "every_outcome.en.docx.txt"
    same_bytes(name, as_text(docx.render([golden_report], language, annex=True)))


def test_the_parts_stand_in_the_order_of_the_skeleton(golden_report: Report) -> None:
    told = paragraphs(annexed(golden_report))
    assert [text for style, text in told if style == "Heading 1"] == [
        "一、总体情况",
        "二、不符合事项（须修改后重新报送）",
        "三、存疑事项（请说明或由检查人员核实）",
        "四、需补正材料",
        "五、提示与建议",
        "六、其他需要说明的事项",
    ]
    assert told[0][1] == "〔文号〕"
    assert told[1] == (
        "Title",
        "关于和平初级中学（示例）〔学年〕〔学期〕课后服务实施方案的核查意见",
    )
    assert ("Opinion addressee", "和平初级中学（示例）：") in told
    at = [text for _, text in told].index("〔发文机关〕")
    assert [text for _, text in told[at - 2 : at + 3]] == [
        "附件：1.逐项核查表",
        "2.规则集与参数",
        "〔发文机关〕",
        "〔成文日期〕",
        "附件1",
    ]


def test_what_a_report_says_of_its_period_is_filled_and_the_rest_is_left_open(
    golden_report: Report,
) -> None:
    def title(*periods: dict[str, str]) -> list[str]:
        told = [
            replace(golden_report, submission=replace(golden_report.submission, period={"zh": one}))
            for one in periods
        ]
        return [text for style, text in paragraphs(docx.render(told)) if style == "Title"]

    year, term = {"学年": "2021—2022学年"}, {"学期": "秋季学期"}
    head, tail = "关于和平初级中学（示例）", "课后服务实施方案的核查意见"
    assert title(year | term, year) == [
        f"{head}2021—2022学年秋季学期{tail}",
        f"{head}2021—2022学年〔学期〕{tail}",
    ]


def test_a_long_row_of_a_table_may_go_on_on_the_next_page() -> None:
    table = Table(
        "题", ("甲", "乙"), (("短", "短"), ("短", "长" * 200), ("短", "a\n" * 9)), (50, 50)
    )
    content = docx.letter([], "题", catalogue.load("zh"), [table])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("word/document.xml").decode()
    rows = re.findall(r"<w:tr>.*?</w:tr>", xml, re.S)
    assert ["cantSplit" in row for row in rows] == [True, True, False, False]


def test_rows_of_a_letter_are_written_as_they_come_and_what_is_no_annex_has_no_number() -> None:
    """A long list is never held whole; 「附件 2 内部处理（不对外公布）」 was numbered."""
    words = catalogue.official()
    made = ((str(n), f"问题{n} <&> “引号”") for n in range(1, 40))
    annexes = [
        Table("问题清单", ("序号", "问题"), made, (20, 205), (0,)),
        Table("内部处理", ("材料",), [("甲",)], (225,), numbered=False),
    ]
    content = docx.letter([], "通报", words, annexes)
    document = opened(content)
    first, second = document.tables
    assert [row.cells[0].text for row in first.rows] == ["序号", *map(str, range(1, 40))]
    assert first.rows[39].cells[1].text == "问题39 <&> “引号”"
    assert [row.cells[0].text for row in second.rows] == ["材料", "甲"]
    told = [p.text for p in document.paragraphs if p.text]
    assert told == ["附件1", "问题清单", "内部处理"]


def test_a_breach_is_told_with_place_clause_and_remedy(golden_report: Report) -> None:
    texts = [text for _, text in paragraphs(docx.render([golden_report]))]
    at = texts.index("二、不符合事项（须修改后重新报送）")
    assert texts[at + 1].startswith("1.核查内容：服务时间内不集体补课（红线）。")
    assert texts[at + 2] == (
        "（1）周二17:20—18:00：活动为“集体授课”，对象为“全班”（plan.yaml 第 41 行）。"
    )
    assert texts[at + 3].startswith("（2）存疑待核：")
    assert "第2句：“严禁利用课后服务时间集体补课”" in texts[at + 4]
    assert "修改建议：请改为自主作业、个别辅导或社团活动" in texts[at + 4]


def test_without_being_asked_for_annexes_the_opinion_has_and_names_none(
    golden_report: Report,
) -> None:
    content = docx.render([golden_report])
    assert [len(table[0]) for table in tables(content)] == [3]
    assert not [text for _, text in paragraphs(content) if "附件" in text]


def test_what_is_missing_is_a_table_by_paper(golden_report: Report) -> None:
    [(heads, *body)] = tables(docx.render([golden_report]))
    assert heads == ["材料", "缺什么", "写在哪里"]
    wanted = [item.label for item in golden_report.missing_evidence if item.owner == "subject"]
    assert len(body) == len({label.partition("·")[0] for label in wanted})


def test_nothing_pretends_to_be_issued(golden_report: Report) -> None:
    content = docx.render([golden_report])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        xml = b"".join(package.read(name) for name in names if name.endswith(".xml")).decode()
    assert not [n for n in names if re.search(r"media|thumbnail|customXml|\.(jpe?g|png)$", n)]
    assert set(re.findall(r'<w:color w:val="(\w+)"', xml)) == {"000000"}
    assert not re.search("违法|违纪", xml)
    for section in opened(content).sections:
        for footer in (section.footer, section.even_page_footer):
            assert "供人工复核，不作为行政决定" in "".join(p.text for p in footer.paragraphs)
            assert footer._element.find(".//" + qn("w:fldSimple")).get(qn("w:instr")) == " PAGE "


def test_pages_and_fonts_follow_the_standard(golden_report: Report) -> None:
    document = opened(annexed(golden_report))
    upright, across, last = document.sections
    for section in (upright, last):
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
        assert (round(section.bottom_margin.mm), round(section.right_margin.mm)) == (35, 26)
    assert across.orientation == WD_ORIENT.LANDSCAPE
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    assert document.settings.odd_and_even_pages_header_footer
    fonts = {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体"}
    for name, font in fonts.items():
        style = document.styles[name].element
        assert style.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == font
        assert style.find(f".//{qn('w:b')}") is None
    default = document.styles.element.find(f".//{qn('w:docDefaults')}")
    assert default.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == "仿宋"
    assert default.find(f".//{qn('w:sz')}").get(qn("w:val")) == "32"
    with zipfile.ZipFile(io.BytesIO(annexed(golden_report))) as package:
        table = package.read("word/fontTable.xml").decode()
    assert re.search('name="仿宋"><w:altName w:val="仿宋_GB2312,FangSong', table)


def test_the_annex_has_the_columns_and_every_rule(golden_report: Report) -> None:
    head, *body = rows(annexed(golden_report))
    assert head == HEADS
    assert [row[0] for row in body] == [str(n) for n in range(1, len(body) + 1)]
    assert [row[3] for row in body][1:] == [r.title for r in golden_report.results]
    grounds = rows(annexed(golden_report), 1)
    cells = [cell for row in grounds for cell in row]
    assert {"primary_latest_end", "18:30", "a" * 64, "b" * 64, "c" * 64} <= set(cells)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_stage_has_its_own_words(stage: Stage, language: str) -> None:
    checked = report(result(Outcome.PASS), stage=stage, decision=None, content_sha256=None)
    texts = [text for _, text in paragraphs(docx.render([checked], language))]
    assert not [text for text in texts if re.search(r"[{}]", text)]
    assert sum(text in ("无。", "None.") for text in texts) == 5


@settings(max_examples=15)
@given(reports())
def test_any_report_is_counted_as_in_json(checked: Report) -> None:
    assert from_docx(annexed(checked)) == from_json(written("json", checked))


def test_the_same_report_gives_the_same_bytes_and_no_time(golden_report: Report) -> None:
    content = docx.render([golden_report, golden_report])
    assert content == docx.render([replace(golden_report), replace(golden_report)])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = package.read("docProps/core.xml").decode()
    assert "created" not in about
    assert "modified" not in about


def test_odd_texts_are_shown_and_not_obeyed(odd_report: Report) -> None:
    content = annexed(odd_report)
    texts = [t for _, t in paragraphs(content)] + [c for row in rows(content) for c in row]
    assert not [text for text in texts if OBEYED.search(text) or "\r" in text]
    assert any("<a b='c'>&amp;" in text for text in texts)


@settings(max_examples=15)
@given(st.text(min_size=1))
def test_any_text_can_be_written(text: str) -> None:
    assert len(rows(annexed(odd(text)))) == 3


def test_a_formula_is_text() -> None:
    told = finding(Outcome.FAIL, message=FORMULA, location=None)
    assert rows(annexed(report(result(Outcome.FAIL, told))))[1][5] == FORMULA


def test_five_thousand_findings_and_very_long_texts_are_cut_and_counted(
    crowded_report: Report, long_report: Report
) -> None:
    content = annexed(crowded_report)
    texts = [text for _, text in paragraphs(content)]
    assert any("同样情形共 5000 处：第0项服务时段、第1项服务时段" in text for text in texts)
    *listed, last = rows(content)[1][5].split("\n")
    assert last == f"另有 {5000 - len(listed)} 处，此处写不下"
    long = annexed(long_report)
    assert max(len(text) for _, text in paragraphs(long)) < 20_000
    assert len(long) < 200_000


def test_five_thousand_rules_are_all_there() -> None:
    many = [result(Outcome.PASS, rule=f"rule-{n}", severity=Severity.MAJOR) for n in range(5000)]
    checked = report(*many)
    assert len(rows(annexed(checked))) == 5001


def test_several_schools_each_have_an_opinion(golden_report: Report) -> None:
    content = annexed(golden_report, changed(golden_report, name="河套小学（示例）"))
    titles = [text for style, text in paragraphs(content) if style == "Title"]
    assert [t for t in titles if "核查意见" in t][1].startswith("关于河套小学（示例）")
    assert len(opened(content).sections) == 6


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_chinese_numerals(number: int, words: str) -> None:
    assert chinese(number) == words


@pytest.mark.parametrize(("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV")])
def test_roman_numerals(number: int, letters: str) -> None:
    assert roman(number) == letters


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
def test_libreoffice_prints_it_on_a4(
    golden_report: Report, tmp_path: Path, program: Callable[[str], str]
) -> None:
    file = tmp_path / "意见.docx"
    rules = [replace(r, rule=f"{r.rule}-{n}") for n in range(8) for r in golden_report.results]
    file.write_bytes(annexed(replace(golden_report, results=tuple(rules))))
    pages = printed(file, program)
    first = next(n for n, page in enumerate(pages) if "附件1逐项核查表" in page.text)
    last = next(n for n, page in enumerate(pages) if "附件2规则集与参数" in page.text)
    assert [page.size for page in pages[:first]] == [UPRIGHT] * first
    assert [page.size for page in pages[first:last]] == [ACROSS] * (last - first)
    assert [page.size for page in pages[last:]] == [UPRIGHT] * (len(pages) - last)
    assert last - first > 1
    for number, page in enumerate(pages, 1):
        assert "供人工复核，不作为行政决定" in page.text
        assert f"—{number}—" in page.text
    for page in pages[first:last]:
        assert "条款编号" in page.text, "the head of the table is on each page"
    whole = "".join(page.text for page in pages[:first])
    for word in ("〔文号〕", "〔发文机关〕", "〔成文日期〕", "二、不符合事项", "1.核查内容"):
        assert word in whole


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("红星小学", ["关于红星小学课后服务问题的限期整改通知书"]),
        ("河畔学校（示例）", ["关于河畔学校（示例）", "课后服务问题的限期整改通知书"]),
        (
            "临河区第一中心小学东校区（示例）",
            ["关于临河区第一中心小学东校区（示例）", "课后服务问题的限期整改通知书"],
        ),
    ],
)
def test_a_title_longer_than_a_line_breaks_between_words(name: str, lines: list[str]) -> None:
    title = title_of("关于{subject}|课后服务问题的|限期整改通知书", subject=name)
    assert title.text == f"关于{name}课后服务问题的限期整改通知书"
    made = docx.letter([title], title.text, catalogue.load("zh"))
    titles = [p.text for p in opened(made).paragraphs if p.style.name == "Title"]
    assert [text.split("\n") for text in titles] == [lines]
