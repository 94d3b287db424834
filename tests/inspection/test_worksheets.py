"""Worksheets: what is left for a person, filled in for real, and read back without losing a row."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.checking.report_files import each_report
from kehou.cli.main import main
from kehou.errors import UsageError
from kehou.inspection import agreement as concordance
from kehou.inspection import circular, worksheets
from kehou.model.outcomes import Outcome, Stage
from kehou.rectification.notices import notice
from kehou.render.programs import json as rendering
from kehou.render.words import Words, catalogue
from kehou.render.words.report_packs import words_of

RULE = "schedule-primary-end"
PLAN = """\
学校: {{学校标识码: "{id}", 学校名称: 和平小学（示例）, 旗县区: {county}, 学段: [{level}]}}
方案:
  服务开始日期: 2021-09-06
  服务时段:
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: {end}, 活动: 体育}}
"""
#: Where inspectors write, by heading; from the workbook itself.
HEADER_ROW = 7


@cache
def words() -> Words:
    """The catalogue as the command loads it."""
    return catalogue.load("zh", words_of(loaded()))


def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def report(
    folder: Path,
    end: str = "18:30左右",
    id: str = "1508020001",
    county: str = "临河区",
    level: str = "小学",
    seen: str = "",
) -> Path:
    plan = folder / f"{id}.yaml"
    plan.write_text(PLAN.format(end=end, id=id, county=county, level=level), "utf-8")
    options = CheckOptions(
        stage=Stage.INSPECTION,
        packs=("bayannur-2021",),
        engine="direct",
        on="2021-10-20",
        attestations=(seen,) if seen else (),
    )
    path = folder / f"{id}.json"
    path.write_text(rendering.render([check(str(plan), options, loaded())]), "utf-8")
    return path


def made(folder: Path, *reports: Path) -> Path:
    path = folder / "核查表.xlsx"
    assert main(["worksheet", *map(str, reports), "-o", f"xlsx={path}"]) == 0
    return path


def filled(path: Path, about: str = RULE, **cells: str) -> Path:
    """The sheet with the row of a rule filled in, by heading; and what stands above the table."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        headings = {sheet.cell(HEADER_ROW, c).value: c for c in range(1, sheet.max_column + 1)}
        for row, name in ((3, "检查单位"), (4, "检查日期"), (5, "有效至")):
            if name in cells:
                sheet.cell(row, 3).value = cells[name]
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            if sheet.cell(row, headings["规则"]).value == about:
                for name, text in cells.items():
                    if name in headings:
                        sheet.cell(row, headings[name]).value = text
    book.save(path)
    return path


GOOD = {
    "检查单位": "某旗县教育局（示例）",
    "检查日期": "2021年10月20日",
    "有效至": "2022-01-20",
    "核实结论": "符合",
    "所见": "18:25全部离校",
    "佐证": "照片3",
}


def attested(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    out = path.with_suffix(".yaml")
    code = main(["attest", str(path), "-o", f"yaml={out}"])
    told = capsys.readouterr().err
    return code, out.read_text("utf-8") if out.exists() else "", told


def outcome(path: Path) -> str:
    results = json.loads(path.read_bytes())["results"]
    return str(next(r["outcome"] for r in results if r["rule"] == RULE))


def test_a_sheet_has_what_is_open_and_nothing_that_is_settled(tmp_path: Path) -> None:
    path = report(tmp_path)
    [school] = submitters([str(path)])
    sheet = worksheets.worksheet(school, loaded(), words())
    findings = [
        (r["rule"], f["outcome"])
        for r in json.loads(path.read_bytes())["results"]
        if r["severity"] != "advice"
        for f in r["findings"]
        if f["outcome"] in ("review", "insufficient") or f.get("owner") == "visit"
    ]
    told = [(item.rule, item.outcome) for item in sheet.items if item.rule]
    assert sorted(told) == sorted(findings)
    assert [item.number for item in sheet.items] == list(range(1, len(sheet.items) + 1))
    areas = list(dict.fromkeys(item.area for item in sheet.to_look))
    assert areas == [a for a in school.areas if a in areas], "not in the order of sentence 78"


def test_what_no_rule_decides_is_on_the_sheet_with_its_reason(tmp_path: Path) -> None:
    [school] = submitters([str(report(tmp_path))])
    items = {
        i.clauses[0]: i for i in worksheets.worksheet(school, loaded(), words()).items if not i.rule
    }
    pack = loaded()["bayannur-2021"]
    assert items["D.2-e"].look == pack.clauses["D.2-e"].reason
    assert "D.2-b" not in items, "a clause that rules carry whole is not for a person"


def test_a_filled_sheet_settles_the_doubt_it_was_made_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(report(tmp_path)) == "review"
    sheet = filled(made(tmp_path, tmp_path / "1508020001.json"), **GOOD)
    code, text, told = attested(sheet, capsys)
    assert code == 0
    assert "采用 1 项" in told
    seen = tmp_path / "核实.yaml"
    seen.write_text(text, "utf-8")
    assert outcome(report(tmp_path, seen=str(seen))) == "pass"


def test_a_name_in_what_was_seen_is_told_and_the_row_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be printed in circulars and notices; what is like a name may be none."""
    report(tmp_path)
    seen = GOOD | {"所见": "18:25全部离校，班主任王某某在场"}
    code, text, told = attested(
        filled(made(tmp_path, tmp_path / "1508020001.json"), **seen), capsys
    )
    assert code == 0
    assert "采用 1 项" in told
    assert "像是写了姓名：“班主任王某某”" in told
    assert "王某某" in text


@pytest.mark.needs("soffice")
def test_a_sheet_saved_by_another_program_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], program: Callable[[str], str]
) -> None:
    import subprocess

    soffice = program("soffice")
    sheet = filled(made(tmp_path, report(tmp_path)), **GOOD)
    out = tmp_path / "out"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(sheet),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    code, text, _ = attested(out / sheet.name, capsys)
    assert code == 0
    assert "18:25全部离校" in text


@pytest.mark.parametrize(
    ("change", "cell", "message"),
    [
        ({"核实结论": "大致符合"}, "J", "不能是“大致符合”"),
        ({"所见": ""}, "K", "没有所见"),
        ({"佐证": ""}, "L", "没有佐证"),
        ({"核实结论": ""}, "J", "没有核实结论"),
        ({"规则": "schedule-junior-end"}, "Q", "改动过"),
        ({"指纹": "0" * 64}, "Q", "改动过"),
        ({"检查日期": "十月二十日"}, "C4", "不是日期"),
        ({"检查单位": ""}, "", "没有写检查单位"),
        ({"有效至": "2021-10-19"}, "", "早于检查日期"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_with_its_place(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, str],
    cell: str,
    message: str,
) -> None:
    sheet = filled(made(tmp_path, report(tmp_path)), **{**GOOD, **change})
    code, text, told = attested(sheet, capsys)
    assert code == 4
    assert message in told
    assert f"和平小学（示例）!{cell}" in told or not cell
    assert "schedule-primary-end" not in text


def test_a_bad_row_loses_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, report(tmp_path), report(tmp_path, id="1508020002"))
    filled(path, **GOOD)
    book = openpyxl.load_workbook(path)
    headings = {
        book["和平小学（示例） 1508020002"].cell(HEADER_ROW, c).value: c for c in range(1, 20)
    }
    for row in range(HEADER_ROW + 1, book["和平小学（示例） 1508020002"].max_row + 1):
        if book["和平小学（示例） 1508020002"].cell(row, headings["规则"]).value == RULE:
            book["和平小学（示例） 1508020002"].cell(row, headings["所见"]).value = None
    book.save(path)
    code, text, told = attested(path, capsys)
    assert code == 4
    assert text.count("- school") == 1
    assert '"1508020001"' in text
    assert "没有所见" in told


def test_a_workbook_that_is_no_worksheet_is_told_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "别的表.xlsx"
    openpyxl.Workbook().save(other)
    sheet = filled(made(tmp_path, report(tmp_path)), **GOOD)
    out = tmp_path / "核实.yaml"
    assert main(["attest", str(other), str(sheet), "-o", f"yaml={out}"]) == 4
    assert "没有核查表" in capsys.readouterr().err
    assert "schedule-primary-end" in out.read_text("utf-8")


def test_moved_columns_are_found_by_their_headings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled(made(tmp_path, report(tmp_path)), **GOOD)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].insert_cols(9)
    book.save(path)
    code, text, _ = attested(path, capsys)
    assert code == 0
    assert "18:25全部离校" in text


@pytest.mark.parametrize("form", ["text", "json", "html", "docx", "xlsx"])
def test_every_format_tells_every_item(tmp_path: Path, form: str) -> None:
    path = report(tmp_path)
    [school] = submitters([str(path)])
    sheet = worksheets.worksheet(school, loaded(), words())
    items, waiting = sheet.items, [item for item in sheet.items if item.paper]
    rows = len(sheet.to_look) + len(sheet.papers)
    assert len(waiting) > len(sheet.papers) > 1, "what waits for one paper is one row"
    out = tmp_path / f"out.{form}"
    assert main(["worksheet", str(path), "-o", f"{form}={out}"]) == 0
    content = out.read_bytes()
    again = tmp_path / f"again.{form}"
    main(["worksheet", str(path), "-o", f"{form}={again}"])
    assert again.read_bytes() == content, "the same input gives the same bytes"
    if form == "docx":
        from docx import Document

        tables = Document(io.BytesIO(content)).tables
        assert sum(len(table.rows) - 1 for table in tables) == rows
    elif form == "xlsx":
        told, each = openpyxl.load_workbook(out).worksheets
        assert told.max_row - HEADER_ROW == rows
        assert each.title == "和平小学（示例）逐项"
        assert each.max_row - HEADER_ROW == len(waiting), "none can be filled in nowhere"
    elif form == "html":
        assert content.decode().count("<article>") == rows
    elif form == "json":
        assert len(json.loads(content)["schools"][0]["items"]) == len(items)
    else:
        assert content.decode().count("须人工核查") == sum(not item.rule for item in items)


def test_a_tab_is_called_as_the_school_is_and_each_once(tmp_path: Path) -> None:
    ids = ("1508020001", "1508020002", "1508020003")
    book = openpyxl.load_workbook(made(tmp_path, *(report(tmp_path, id=one) for one in ids)))
    tabs = [name for name in book.sheetnames if not name.endswith("逐项")]
    assert tabs == [
        "和平小学（示例）",
        "和平小学（示例） 1508020002",
        "和平小学（示例） 1508020003",
    ]
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames) == 6
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_row_of_the_second_sheet_is_taken_and_a_paper_is_no_row_left_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [school] = submitters([str(report(tmp_path))])
    sheet = worksheets.worksheet(school, loaded(), words())
    path = made(tmp_path, tmp_path / "1508020001.json")
    book = openpyxl.load_workbook(path)
    each = book["和平小学（示例）逐项"]
    headings = {each.cell(HEADER_ROW, c).value: c for c in range(1, 20)}
    for row, said in ((3, "教育局"), (4, "2021-10-20"), (5, "2022-01-20")):
        each.cell(row, 3).value = said
    cells = {"核实结论": "不符合", "所见": "名册里有8名学生没有签字"}
    for heading, said in cells.items():
        each.cell(HEADER_ROW + 1, headings[heading]).value = said
    rule = each.cell(HEADER_ROW + 1, headings["规则"]).value
    main_sheet = book["和平小学（示例）"]
    main_sheet.cell(main_sheet.max_row, headings["核实结论"]).value = "符合"
    book.save(path)
    code, text, told = attested(path, capsys)
    assert code == 4, "a paper cannot be found right as a whole"
    assert "要取得的材料" in told
    assert "请在“逐项”表里逐条填写" in told
    assert f"采用 1 项，没有填写 {len(sheet.items) - 1} 项" in told
    assert str(rule) in text


def test_a_clause_of_which_no_rule_applies_is_left_out_and_named(tmp_path: Path) -> None:
    """「寄宿制学校……」 stood on the sheet of a school without boarders."""
    path = report(tmp_path)
    tree = json.loads(path.read_bytes())
    pack = loaded()["bayannur-2021"]
    clause = next(
        c
        for c in pack.clauses.values()
        if c.status == "partly" and any(r["rule"] in pack.carriers[c.id] for r in tree["results"])
    )
    for result in tree["results"]:
        if result["rule"] in pack.carriers[clause.id]:
            result["outcome"] = "not_applicable"
    school = worksheets.submitter_of(tree, str(path))
    sheet = worksheets.worksheet(school, loaded(), words())
    assert clause.citation in sheet.left_out
    assert not [i for i in sheet.items if not i.rule and i.clauses == (clause.id,)]
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    out = tmp_path / "out.txt"
    assert main(["worksheet", str(path), "-o", f"text={out}"]) == 0
    assert clause.citation in out.read_text("utf-8").splitlines()[-1]


# --- samples -------------------------------------------------------------------------------


def submitters(paths: list[str]) -> list[worksheets.Submitter]:
    """Who the reports in some files are of."""
    return [worksheets.submitter_of(tree, path) for path in paths for tree in each_report(path)]


def several(folder: Path) -> list[str]:
    """Twelve schools: six primary and three junior in one county, three primary in another."""
    kinds = [("临河区", "小学")] * 6 + [("临河区", "初中")] * 3 + [("五原县", "小学")] * 3
    return [
        str(report(folder, id=f"15080200{n:02}", county=county, level=level))
        for n, (county, level) in enumerate(kinds, 1)
    ]


def test_a_sample_is_drawn_evenly_and_again_the_same(tmp_path: Path) -> None:
    found = submitters(several(tmp_path))
    drawn, strata = worksheets.sample(found, 4, "第一次", ("levels",))
    assert [(n, k) for _, n, k in strata] == [(3, 1), (9, 3)], "3/12 and 9/12 of four"
    again, _ = worksheets.sample(list(reversed(found)), 4, "第一次", ("levels",))
    assert [s.id for s in drawn] == [s.id for s in again]
    others = {
        tuple(s.id for s in worksheets.sample(found, 4, str(n), ("levels",))[0]) for n in range(20)
    }
    assert len(others) > 1, "another seed draws other schools"


def test_the_whole_is_a_sample_and_more_is_not(tmp_path: Path) -> None:
    found = submitters(several(tmp_path)[:3])
    drawn, _ = worksheets.sample(found, 3, "x", ("levels",))
    assert drawn == found
    with pytest.raises(UsageError, match="只有 3 份"):
        worksheets.sample(found, 4, "x", ("levels",))


def test_a_sample_reads_again_only_the_report_that_was_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kehou.batch import given_reports
    from kehou.checking import report_files

    reports = [str(report(tmp_path, id=f"150802000{n}")) for n in (1, 2, 3)]
    read: list[str] = []
    each = report_files.each_report

    def counted(path: str, *, known: bool = False) -> object:
        read.append(path)
        return each(path, known=known)

    monkeypatch.setattr(given_reports, "each_report", counted)
    out = f"json={tmp_path / 'x.json'}"
    assert main(["worksheet", *reports, "--sample", "1", "--seed", "x", "-o", out]) == 0
    assert len(read) == 3 + 1
    assert set(read) == set(reports)


def test_a_sample_wants_a_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worksheet", str(report(tmp_path)), "--sample", "1"]) == 2
    assert "--seed" in capsys.readouterr().err


def test_a_school_in_two_reports_has_no_sheet_and_the_others_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = report(tmp_path), report(tmp_path, id="1508020099")
    copy = tmp_path / "copy.json"
    copy.write_bytes(path.read_bytes())
    assert main(["worksheet", str(path), str(copy), str(other), "-o", "json"]) == 4
    told = capsys.readouterr()
    assert "有 2 份报告，都没有采用" in told.err
    assert "copy.json" in told.err
    assert [s["school"]["id"] for s in json.loads(told.out)["schools"]] == ["1508020099"]


def test_strata_may_be_called_as_the_form_calls_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An inspector knows 旗县区 and 学段; county and levels stand on no paper of theirs."""
    words = ["worksheet", str(report(tmp_path)), "--sample", "1", "--seed", "x"]
    words += ["-o", f"json={tmp_path / '表.json'}", "--by"]
    assert main([*words, "旗县区、学段"]) == 0
    capsys.readouterr()
    assert main([*words, "年龄"]) == 2
    told = capsys.readouterr().err
    assert "学段" in told and "levels" not in told


def test_a_sample_draws_nobody_whose_papers_were_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = several(tmp_path)[:3]
    broken = tmp_path / "坏校"
    broken.mkdir()
    (broken / "plan.yaml").write_text("学校:\n\t学校名称: 坏的\n", "utf-8")
    unread = tmp_path / "unread.json"
    main(["check", str(broken), "--stage", "inspection", "-o", f"json={unread}"])
    capsys.readouterr()
    drawn = ["worksheet", *paths, str(unread), "--seed", "x", "-o", "json", "--sample"]
    assert main([*drawn, "3"]) == 0
    told = capsys.readouterr()
    assert "没有可以判断的内容，不参加抽样" in told.err
    assert len(json.loads(told.out)["schools"]) == 3
    assert main([*drawn, "4"]) == 2, "there are three to draw from"


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"format": "kehou-report/1"}', "x", '{"reports": 3}']
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, "utf-8")
    assert main(["worksheet", str(path)]) == 2


# --- two inspectors ------------------------------------------------------------------------


def verdicts(*given: tuple[str, str]) -> list[concordance.Verdict]:
    return [
        concordance.Verdict(str(n), clause, str(n), verdict, "")
        for n, (clause, verdict) in enumerate(given)
    ]


def test_agreement_and_kappa_are_those_of_a_table_worked_by_hand() -> None:
    """Twenty pass and fifteen fail for both, five and ten apart: po 0.7, pe 0.5, κ 0.4."""
    pairs = [("pass", "pass")] * 20 + [("pass", "fail")] * 5
    pairs += [("fail", "pass")] * 10 + [("fail", "fail")] * 15
    found = concordance.compare(
        verdicts(*(("A", a) for a, _ in pairs)), verdicts(*(("A", b) for _, b in pairs))
    )
    assert (found.whole.items, found.whole.agreed) == (50, 35)
    assert found.whole.kappa == Fraction(2, 5)
    assert len(found.differing) == 15


def test_kappa_is_not_defined_where_both_say_one_thing_throughout() -> None:
    assert concordance.kappa([("pass", "pass")] * 3) is None
    assert concordance.kappa([]) is None
    assert concordance.kappa([("pass", "fail"), ("fail", "pass")]) == -1


def test_vague_clauses_come_first_and_what_one_left_out_is_told() -> None:
    first = verdicts(("A", "pass"), ("B", "pass"), ("B", "fail"), ("C", "pass"))
    second = verdicts(("A", "pass"), ("B", "fail"), ("B", "fail"), ("C", ""))
    found = concordance.compare(first, second)
    assert [(one.clause, one.items, one.agreed) for one in found.clauses] == [
        ("B", 2, 1),
        ("A", 1, 1),
    ]
    assert [one.item for one in found.only_first] == ["3"]


def test_two_filled_sheets_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = report(tmp_path)
    first = filled(made(tmp_path, path), **GOOD)
    one = tmp_path / "one.xlsx"
    one.write_bytes(first.read_bytes())
    two = filled(made(tmp_path, path), **{**GOOD, "核实结论": "不符合", "所见": "18:40才离校"})
    capsys.readouterr()
    assert main(["agreement", str(one), str(two)]) == 0
    told = capsys.readouterr().out
    assert "共同核实 1 项，一致 0 项（0.0 %）" in told
    assert "18:25全部离校" in told and "18:40才离校" in told
    assert main(["agreement", str(one), str(two), "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"]["percent"] == "0.0"


def test_the_outcomes_that_a_worksheet_opens_are_those_that_an_attestation_settles() -> None:
    from kehou.checking.attestations import OPEN

    # of what is not judged only what is to be seen on site, see the tests of both
    assert {Outcome(name) for name in worksheets.OPEN} == {*OPEN, Outcome.NOT_JUDGED}


def test_a_report_without_the_names_of_its_areas_makes_a_sheet_all_the_same(tmp_path: Path) -> None:
    """They are optional in schemas/report.schema.json."""
    path = report(tmp_path)
    tree = json.loads(path.read_bytes())
    of_all = len(worksheets.worksheet(worksheets.submitter_of(tree, "r"), loaded(), words()).items)
    del tree["areas"]
    school = worksheets.submitter_of(tree, str(path))
    assert len(worksheets.worksheet(school, loaded(), words()).items) == of_all > 0


def test_a_row_of_a_rule_without_a_clause_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who filled in the yellow cells and nothing else is not told to have changed the row."""
    plan = tmp_path / "方案.txt"
    hours = "课后服务时间为15:40至17:30。\n课后服务结束时间：18:00。\n"
    plan.write_text(f"示例镇中心小学2021年秋季学期课后服务实施方案\n{hours}", "utf-8")
    options = CheckOptions(
        stage=Stage.INSPECTION, packs=("bayannur-2021",), engine="direct", on="2021-10-20"
    )
    told_of = tmp_path / "r.json"
    told_of.write_text(rendering.render([check(str(plan), options, loaded())]), "utf-8")
    path = made(tmp_path, told_of)
    sheet = openpyxl.load_workbook(path)["示例镇中心小学"]
    assert "：“”" not in {cell.value for row in sheet for cell in row}
    code, text, told = attested(filled(path, "conflict-read", **GOOD), capsys)
    assert (code, "改动过" in told) == (0, False)
    assert "conflict-read" in text


@pytest.mark.parametrize(("verdict", "outcome"), [("符合", "pass"), ("不符合", "fail")])
def test_a_fail_that_only_a_program_read_is_looked_at_first_and_then_settled(
    tmp_path: Path, verdict: str, outcome: str
) -> None:
    """A notice and a circular tell no school of a breach that nobody has looked at."""
    plan = tmp_path / "方案.txt"
    hours = "课后服务时间为15:40至18:50。\n"
    plan.write_text(f"示例镇中心小学2021年秋季学期课后服务实施方案\n{hours}", "utf-8")
    options = CheckOptions(
        stage=Stage.INSPECTION, packs=("bayannur-2021",), engine="direct", on="2021-10-20"
    )
    first = tmp_path / "r.json"
    first.write_text(rendering.render([check(str(plan), options, loaded())]), "utf-8")
    tree = json.loads(first.read_bytes())
    items = notice(tree, "0" * 64, "2021-12-30")["items"]
    assert {i["outcome"] for i in items if i["rule"] == RULE} == {"review", "insufficient"}
    told = circular.told_of(worksheets.submitter_of(tree, str(first)))
    assert [one.rule for one in told.problems] == []
    sheet = filled(made(tmp_path, first), RULE, **{**GOOD, "核实结论": verdict})
    out = tmp_path / "核实.yaml"
    main(["attest", str(sheet), "-o", f"yaml={out}"])
    again = check(str(plan), replace(options, attestations=(str(out),)), loaded())
    [result] = [r for r in again.results if r.rule == RULE]
    looked = [f for f in result.findings if f.attestation is not None]
    assert {(str(f.outcome), f.unconfirmed) for f in looked} == {(outcome, False)}


def test_what_a_register_told_of_some_is_nothing_to_divide_a_sample_by(tmp_path: Path) -> None:
    """Only some reports have it; all the same each can be drawn."""
    paths = several(tmp_path)[:3]
    place = Path(paths[0])
    text = place.read_text("utf-8").replace(
        '"school": {', '"school": {"from_register": ["id", "name"], ', 1
    )
    assert "from_register" in text
    place.write_text(text, "utf-8")
    out = tmp_path / "抽样.json"
    words = ["worksheet", *paths, "--sample", "2", "--seed", "x", "-o", f"json={out}"]
    assert main(words) == 0
    assert len(json.loads(out.read_text("utf-8"))["schools"]) == 2
