"""``kehou score`` as a bureau runs it: what it takes, what it refuses, what it writes."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.support.score_reports import finding, report, result

from kehou.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "scheme-example"
SCHEME = """\
format: kehou-scheme/1
id: small
title: 小办法
version: '2022'
packs: [bayannur-2021]
total: 10
not_applicable: within_area
areas: {fee: 6, safety: 4}
grades:
  - {name: 好, from: 8}
  - {name: 差}
vetoes:
  - {id: late, title: 一票否决（示例）, rules: [schedule-primary-end], effect: 评为差}
  - {id: accident, title: 安全事故}
indicators:
  - id: exempt
    title: 免收
    area: fee
    points: 6
    score: {kind: all_pass}
    rules: [fee-exempt-categories]
  - {id: site, title: 现场, area: safety, points: 4, score: {kind: manual}, evidence: [记录]}
"""


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scheme and two schools' reports."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scheme.yaml").write_text(SCHEME, "utf-8")
    schools = tmp_path / "schools"
    schools.mkdir()
    for code, fee, late in (("2", "pass", "fail"), ("1", "fail", "pass")):
        put(
            schools / f"{code}.json",
            report(
                [
                    result("fee-exempt-categories", finding(fee)),
                    result("schedule-primary-end", finding(late)),
                ],
                code,
            ),
        )
    return tmp_path


def put(path: Path, tree: Any) -> None:
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")


def sheets(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[dict[str, Any]], str]:
    code = main(["score", "--scheme", "scheme.yaml", *more, "-o", "json"])
    shown = capsys.readouterr()
    return code, json.loads(shown.out)["sheets"] if shown.out else [], shown.err


def test_without_a_scheme_it_says_how_to_get_one(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No point is invented: what there is not, is not scored."""
    assert main(["score", "schools"]) == 2
    told = capsys.readouterr().err
    assert "没有评分办法" in told and "scheme-example" in told and "非标准" in told


def test_schools_are_scored_in_code_order_whatever_the_order_of_files(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found, _ = sheets(capsys, "schools/2.json", "schools/1.json")
    assert code == 3
    assert [s["school"]["id"] for s in found] == ["1", "2"]
    assert [s["total"]["certain"] for s in found] == ["0", "6"]
    assert [s["total"]["possible"] for s in found] == ["4", "10"]
    assert sheets(capsys, "schools")[1] == found


def test_every_point_leads_to_its_findings(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found, _ = sheets(capsys, "schools/1.json")
    [rule] = found[0]["indicators"][0]["rules"]
    assert rule["rule"] == "fee-exempt-categories"
    [breach] = rule["findings"]
    assert (breach["outcome"], breach["place"], breach["fingerprint"]) == (
        "fail",
        "plan.yaml:7",
        "f" * 64,
    )


def test_vetoes_are_told_apart_from_the_score(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found, _ = sheets(capsys, "schools")
    assert [[v["state"] for v in s["vetoes"]] for s in found] == [
        ["clear", "possible"],
        ["triggered", "possible"],
    ]
    assert found[1]["grades"] == ["差", "好"], "as without the veto"
    main(["score", "--scheme", "scheme.yaml", "schools/2.json"])
    assert "否决项（单独列出，没有改动上面的分数和等次）" in capsys.readouterr().out


def test_a_scheme_without_vetoes_says_nothing_of_them(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, end = SCHEME.index("vetoes:"), SCHEME.index("indicators:")
    Path("scheme.yaml").write_text(SCHEME[:start] + SCHEME[end:], "utf-8")
    for form in ("html", "csv"):
        main(["score", "--scheme", "scheme.yaml", "schools", "-o", form])
    main(["score", "--scheme", "scheme.yaml", "schools", "--ranking", "csv"])
    assert "否决" not in capsys.readouterr().out


def test_values_from_people_settle_the_score(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("给分.csv").write_text(
        "学校标识码,指标,数值,佐证,备注\n1,site,3.5,现场记录,\n1,accident,否,,\n2,site,不适用,,\n2,accident,是,,\n",
        "utf-8",
    )
    code, found, _ = sheets(capsys, "schools", "--scores", "给分.csv")
    assert code == 0
    assert [s["total"]["certain"] for s in found] == ["3.5", "10"], "2: fee bears all"
    assert [s["vetoes"][1]["state"] for s in found] == ["clear", "triggered"]


def test_marks_that_nobody_sees_do_not_lose_a_value(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("给分.csv").write_text(
        "学校标识码,指标\u200e,数值,佐证,备注\n1\u200e,site,3.5\u200b,现场记录,\n"
        '１,accident\u2060,否,,\n"=""2""",site,不适用,,\n2,accident,是\u200f,,\n',
        "utf-8",
    )
    code, found, told = sheets(capsys, "schools", "--scores", "给分.csv")
    assert (code, told) == (0, "")
    assert [s["total"]["certain"] for s in found] == ["3.5", "10"], "2: fee bears all"
    assert [s["vetoes"][1]["state"] for s in found] == ["clear", "triggered"]


def test_every_mistake_in_the_scores_file_is_told_with_its_line(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s.yaml").write_text(
        "scores:\n"
        "  - {school: '1', indicator: site, value: 5}\n"
        "  - {school: '1', indicator: siet, value: 1}\n"
        "  - {school: '1', indicator: exempt, value: 6}\n"
        "  - {school: '2', indicator: late, value: 否}\n"
        "  - {school: '2', indicator: accident, value: 没有}\n"
        "  - {school: '2', indicator: site, value: 一}\n"
        "  - {school: '3', indicator: site, value: 1}\n"
        "  - {school: '3', indicator: site, value: 2}\n"
        "  - {school: '3', indicator: site}\n",
        "utf-8",
    )
    assert main(["score", "--scheme", "scheme.yaml", "schools", "--scores", "s.yaml"]) == 4
    told = capsys.readouterr().err
    for line, words in (
        (2, "0 到 4"),
        (3, "没有指标 siet"),
        (4, "不接受人工给分"),
        (5, "由规则判断"),
        (6, "写“是”或“否”"),
        (7, "不是数"),
        (9, "写了两次"),
        (10, "没有写数值"),
    ):
        assert any(f"s.yaml:{line}：" in row and words in row for row in told.splitlines()), words


def test_a_mistyped_school_code_in_the_scores_file_is_told(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s.csv").write_text("学校标识码,指标,数值\n11,site,3\n", "utf-8")
    assert "不在本次范围的标识码或名称：11" in sheets(capsys, "schools", "--scores", "s.csv")[2]


def test_one_bad_file_costs_no_other_school(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("schools/0.json").write_text('{"format": "kehou-report/1", "stage": 3}', "utf-8")
    Path("schools/3.json").write_text('{"format": ', "utf-8")
    Path("schools/4.yaml").write_text("\t]", "utf-8")
    other = report([], "5")
    other["stage"] = "approval"
    put(Path("schools/5.json"), other)
    code, found, told = sheets(capsys, "schools", "missing.yaml")
    assert code == 4
    assert [s["school"]["id"] for s in found] == ["1", "2"]
    for words in (
        "0.json",
        "可能被改动过",
        "3.json",
        "4.yaml",
        "5.json",
        "--stage assessment",
        "missing.yaml",
    ):
        assert words in told


def test_what_befalls_a_school_of_many_names_it(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """“plan.yaml:2:1” alone would be any of three hundred schools."""
    broken = bureau / "各校" / "03坏校"
    broken.mkdir(parents=True)
    (broken / "plan.yaml").write_text("学校:\n\t学校名称: 坏的\n", "utf-8")
    (bureau / "各校" / "04坏校.yaml").write_text("学校:\n\t学校名称: 坏的\n", "utf-8")
    _, _, told = sheets(capsys, "各校")
    assert "kehou：各校/03坏校/plan.yaml:2:1：" in told
    assert "kehou：各校/04坏校.yaml:2:1：" in told


def test_a_school_that_comes_twice_is_scored_by_neither(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which of two reports holds, only a person can say."""
    shutil.copy("schools/1.json", "schools/9.json")
    code, found, told = sheets(capsys, "schools")
    assert (code, [s["school"]["id"] for s in found]) == (4, ["2"])
    assert "标识码 1 出现 2 次" in told


def test_a_file_for_each_and_none_for_who_comes_twice(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["score", "--scheme", "scheme.yaml", "schools", "-o", "json=得分/{id}.json"]
    assert main([*call, "--ranking", "json=ranking.json"]) in (0, 3)
    told = capsys.readouterr().err
    assert "已写入 得分/{id}.json，共 2 个文件" in told and "已写入 ranking.json" in told
    alone = json.loads(Path("得分/1.json").read_text("utf-8"))["sheets"]
    assert alone == [s for s in sheets(capsys, "schools")[1] if s["school"]["id"] == "1"]
    shutil.copy("schools/1.json", "schools/9.json")
    assert main(call) == 4
    assert [file.name for file in Path("得分").iterdir()] == ["2.json"]


def test_a_book_of_all_and_a_file_for_each_in_one_run(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("schools", "-o", "xlsx=得分表.xlsx", "-o", "docx=得分/{学校标识码}.docx")
    _, found, told = sheets(capsys, *more)
    assert "一份一个文件" not in told
    assert Path("得分表.xlsx").is_file()
    assert len(list(Path("得分").glob("*.docx"))) == len(found) > 1


def test_what_could_not_be_read_gets_no_points(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nought points and a place in the ranking would be an outcome that nobody came to."""
    tree = json.loads(Path("schools/2.json").read_text("utf-8"))
    put(Path("schools/2.json"), {**tree, "results": []})
    code, found, told = sheets(capsys, "schools")
    assert (code, [s["school"]["id"] for s in found]) == (4, ["1"])
    assert "不计分" in told


def test_an_archive_of_a_school_is_scored_as_its_folder(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = sheets(capsys, "schools")[1]
    shutil.make_archive("各校/甲", "zip", "schools")
    assert sheets(capsys, "各校")[1] == expected
    Path("各校/坏.zip").write_bytes(b"PK")
    code, found, told = sheets(capsys, "各校")
    assert (code, found) == (4, expected) and "坏.zip" in told


def test_schools_are_found_as_a_check_finds_them(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In folders of townships, in archives, as a form; what is none is told, none passed over."""
    plan = ROOT / "examples" / "first-check" / "plan.yaml"
    given = bureau / "各校"

    def school(code: str) -> str:
        lines = plan.read_text("utf-8").splitlines(keepends=True)
        return "".join(re.sub(r"(学校标识码: ).*", rf'\1"150802000{code}"', line) for line in lines)

    (given / "东镇" / "一校").mkdir(parents=True)
    (given / "东镇" / "一校" / "plan.yaml").write_text(school("1"), "utf-8")
    (given / "东镇" / "二校.yaml").write_text(school("2"), "utf-8")
    with zipfile.ZipFile(given / "三校.zip", "w") as archive:
        archive.writestr("三校/plan.yaml", school("3"))
    (given / "四校").mkdir()
    (given / "四校" / "plan.yaml").write_text(school("4"), "utf-8")
    book = given / "四校" / "申报表.xlsx"
    assert main(["form", "--from", str(given / "四校"), "-o", str(book)]) == 0
    (given / "四校" / "plan.yaml").unlink()
    (given / "空").mkdir()
    (given / "坏.xlsx").write_bytes(b"PK")
    (given / "通知.docx").write_bytes(b"x")
    code, found, told = sheets(capsys, str(given), "--lang", "zh")
    assert [one["school"]["id"][-1] for one in found] == ["1", "2", "3", "4"]
    assert code == 4
    for name in ("空", "坏.xlsx", "通知.docx"):
        assert str(given / name) in told


def test_a_ranking_needs_no_report_held(bureau: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the sheets of all in a file, or without: the same ranking, to the byte."""
    call = ["score", "--scheme", "scheme.yaml", "schools", "--ranking"]
    main([*call, "json=slim.json", "-o", "text=slim.txt"])
    main([*call, "json=whole.json", "-o", "html=all.html"])
    capsys.readouterr()
    assert Path("slim.json").read_bytes() == Path("whole.json").read_bytes()


def test_reports_of_many_schools_in_one_file(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trees = [json.loads(Path(f"schools/{n}.json").read_text("utf-8")) for n in "12"]
    put(Path("all.json"), {"format": "kehou-reports/1", "reports": trees})
    assert sheets(capsys, "all.json")[1] == sheets(capsys, "schools")[1]


def test_an_empty_folder_is_told(bureau: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert main(["score", "--scheme", "scheme.yaml", "empty"]) == 4
    assert "没有可以计分的材料" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "flatt"], "flat"),
        (["--previous", "x.json"], "--ranking"),
        (["-o", "pdf=x.pdf"], "没有输出格式"),
        (["-o", "xlsx"], "不能写到屏幕"),
        (["--ranking", "docx=x.docx"], "没有输出格式"),
        (["--ranking", "json=scheme.yaml"], "已用作输入"),
        (["-o", "json", "--ranking", "json"], "只能有一种格式写到屏幕"),
        (["--scores", "none.csv"], "找不到评分文件"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(
    arguments: list[str], words: str, bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "--scheme", "scheme.yaml", "schools", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_submissions_are_checked_and_scored_like_their_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of schools: each sub-folder and each file is one submission; reports need no run."""
    monkeypatch.chdir(tmp_path)
    Path("scheme.yaml").write_text(SCHEME, "utf-8")
    Path("all").mkdir()
    shutil.copytree(ROOT / "examples/junior-breaches", "all/甲校")
    shutil.copy(ROOT / "examples/first-check/plan.yaml", "all/乙校.yaml")
    given = ["--on", "2022-01-15", "--engine", "direct"]
    _, fresh, _ = sheets(capsys, "all", *given)
    main(
        ["check", "all/甲校", "all/乙校.yaml", "--stage", "assessment", *given, "-o", "json=r.json"]
    )
    capsys.readouterr()
    assert sheets(capsys, "r.json")[1] == fresh
    assert len(fresh) == 2


def test_sheets_in_every_format(bureau: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"{form}=表.{form}" for form in ("json", "html", "csv", "xlsx", "docx")]
    outputs = [word for name in names for word in ("-o", name)]
    ranks = [
        word
        for form in ("html", "json", "csv", "xlsx")
        for word in ("--ranking", f"{form}=排名.{form}")
    ]
    assert main(["score", "--scheme", "scheme.yaml", "schools", *outputs, *ranks]) == 3
    first = {path.name: path.read_bytes() for path in bureau.iterdir() if path.is_file()}
    main(["score", "--scheme", "scheme.yaml", "schools", *outputs, *ranks])
    assert {p.name: p.read_bytes() for p in bureau.iterdir() if p.is_file()} == first
    rows = list(csv.reader(io.StringIO(first["表.csv"].decode("utf-8-sig"))))
    assert rows[0][3:12] == [
        "考核指标",
        "分值",
        "评分标准",
        "条款",
        "核查结论",
        "扣分",
        "得分",
        "佐证材料",
        "备注",
    ]
    assert rows[1][3:5] == ["免收", "6"] and rows[1][8:10] == ["6", "0"]
    assert [r[2] for r in rows[1:6]] == ["指标", "小计", "指标", "小计", "合计"]
    page = first["表.html"].decode("utf-8")
    for words in ("确定分 0.00 — 最高可能分 4.00", "未计分项", "考核人（签字）", "服务收费小计"):
        assert words in page


def test_a_grade_is_given_only_by_the_bureau_s_own_sum(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["score", "--scheme", "scheme.yaml", "schools", "--model", "flat"])
    assert "；等次：" not in capsys.readouterr().out
    main(["score", "--scheme", "scheme.yaml", "schools", "--model", "flat", "--ranking", "html"])
    assert "只是对照等次线，不作等次" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "certain", "possible", "most"),
    [
        ("default", "60", "100", "100"),
        ("flat", "6", "10", "6"),
        ("flat-unweighted", "1", "2", "1"),
        ("absolute", "0", "1", "1"),
    ],
)
def test_the_models_of_xccdf_in_place_of_the_sum(
    model: str,
    certain: str,
    possible: str,
    most: str,
    bureau: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """School 2: the fee indicator (6) passes, the site (4) is not given yet: fails or passes."""
    _, found, _ = sheets(capsys, "schools/2.json", "--model", model)
    assert (found[0]["total"]["certain"], found[0]["total"]["possible"]) == (certain, possible)
    assert [line["xccdf_result"] for line in found[0]["indicators"]] == ["pass", "notchecked"]
    assert most


def test_waived_findings_count_as_declared_and_are_listed(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(Path("w.json"), report([result("fee-exempt-categories", finding("waived"))], "7"))
    for waived, points in (("pass", "6"), ("fail", "0")):
        text = SCHEME.replace("total: 10", f"total: 10\nwaived: {waived}")
        Path("scheme.yaml").write_text(text, "utf-8")
        assert sheets(capsys, "w.json")[1][0]["total"]["certain"] == points
        main(["score", "--scheme", "scheme.yaml", "w.json", "-o", "html"])
        assert "已豁免 1 处：规则fee-exempt-categories" in capsys.readouterr().out


@pytest.mark.checkout
def test_the_example_is_marked_as_ours_on_every_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["score", "--scheme", str(EXAMPLE / "scheme.yaml"), str(EXAMPLE / "reports"), "-v"])
    assert "示例，非标准" in capsys.readouterr().out
    for option in ("-o", "--ranking"):
        main(
            [
                "score",
                "--scheme",
                str(EXAMPLE / "scheme.yaml"),
                str(EXAMPLE / "reports"),
                option,
                "html",
            ]
        )
        assert "示例，非标准：" in capsys.readouterr().out


def test_no_personal_name_reaches_a_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row that is found fault with names a payee; the sheet and the ranking do not."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples/junior-breaches", "school")
    ledger = Path("school/收支台账.csv")
    ledger.write_text(ledger.read_text("utf-8").replace(",商店,", ",欧阳虚构,"), "utf-8")
    assert "欧阳虚构" in ledger.read_text("utf-8")
    text = SCHEME.replace("fee-exempt-categories", "funds-related-expense")
    Path("scheme.yaml").write_text(text, "utf-8")
    for option in ("-o", "--ranking"):
        for form in ("html", "json", "csv"):
            main(["score", "--scheme", "scheme.yaml", "school", "--engine", "direct", option, form])
            shown = capsys.readouterr().out
            assert "欧阳虚构" not in shown
            told = "funds-related-expense" if form == "json" else "类别是福利，与课后服务无关"
            assert option == "--ranking" or told in shown


def test_a_ranking_tells_which_schools_are_not_in_it(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A school that could not be read must not vanish from the bureau's list in silence."""
    Path("schools/bad.json").write_text('{"format": "kehou-report/1"}', "utf-8")
    shutil.copy("schools/1.json", "schools/9.json")
    main(["score", "--scheme", "scheme.yaml", "schools", "--ranking", "json"])
    assert json.loads(capsys.readouterr().out)["not_scored"] == ["schools/bad.json", "1"]
    main(["score", "--scheme", "scheme.yaml", "schools", "--ranking", "html"])
    assert "有 2 份材料没有计分，不在排名中：schools/bad.json、1。" in capsys.readouterr().out


def test_reports_made_with_other_packs_are_told(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code, version in (("1", "1.0.0"), ("2", "1.1.0")):
        path = Path(f"schools/{code}.json")
        tree = json.loads(path.read_text("utf-8"))
        tree["packs"] = [{"id": "bayannur-2021", "version": version, "sha256": code * 64}]
        put(path, tree)
    main(["score", "--scheme", "scheme.yaml", "schools", "--ranking", "html"])
    assert "规则包或版本不一致" in capsys.readouterr().out


def test_a_ranking_left_among_the_reports_is_named_as_that(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["score", "--scheme", "scheme.yaml", "schools", "--ranking", "json=schools/r.json"])
    capsys.readouterr()
    code, found, told = sheets(capsys, "schools")
    assert (code, len(found)) == (4, 2)
    assert "这是得分表或排名" in told


def test_a_pack_beside_the_scheme_is_found_from_anywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "rules/bayannur-2021", tmp_path / "own/mine")
    text = SCHEME.replace("[bayannur-2021]", "[mine]")
    (tmp_path / "own/scheme.yaml").write_text(text, "utf-8")
    put(tmp_path / "r.json", report([result("fee-exempt-categories", finding("pass"))], "1"))
    monkeypatch.chdir(tmp_path)
    assert main(["score", "--scheme", "own/scheme.yaml", "r.json"]) == 3
