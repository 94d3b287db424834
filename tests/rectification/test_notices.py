"""From a notice to its closure: nothing is closed by words, and no problem is lost on the way."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kehou import data
from kehou.cli import main as cli
from kehou.rectification import notices as rectification

HEAD = """\
学校: {学校名称: 和平小学（示例）, 学段: [小学]}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
"""
RULE = "schedule-primary-end"
PACK = ["--pack", "bayannur-2021"]
EXAMPLES = Path(__file__).parents[2] / "examples"


def plan(folder: Path, ends: dict[int, str], name: str = "plan.yaml") -> str:
    rows = [
        f"    - {{类别: 下午课后服务, 年级: 1, 星期: {day}, 作息季: 夏季, 开始时间: '17:00',"
        f"{f' 结束时间: {end},' if end else ''} 活动: 体育}}\n"
        for day, end in ends.items()
    ]
    path = folder / name
    path.write_text(HEAD + "".join(rows), "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _one_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's settings: one engine is enough for what is shown here."""
    (tmp_path / "kehou.yaml").write_text("engine: direct\n", "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    source = plan(tmp_path, {1: "18:31", 2: "18:45"})
    cli.main(["check", source, *PACK, "-o", f"json={tmp_path}/r.json"])
    code = cli.main(
        [
            "notice",
            f"{tmp_path}/r.json",
            "--due",
            "2021-10-01",
            "--reply",
            f"{tmp_path}/reply.yaml",
            "-o",
            f"json={tmp_path}/n.json",
            "-o",
            f"yaml={tmp_path}/n.yaml",
            "-o",
            f"text={tmp_path}/n.txt",
            "-o",
            f"html={tmp_path}/n.html",
            "-o",
            f"docx={tmp_path}/n.docx",
        ]
    )
    assert code == 0
    return tmp_path


def late_items(folder: Path) -> list[str]:
    items = json.loads((folder / "n.json").read_text("utf-8"))["items"]
    return [item["id"] for item in items if item["rule"] == RULE]


def rechecked(folder: Path, source: str, *more: str) -> tuple[int, list[dict[str, object]]]:
    code = cli.main(
        [
            "recheck",
            f"{folder}/n.json",
            f"{folder}/reply.yaml",
            source,
            "-o",
            f"json={folder}/c.json",
            *more,
        ]
    )
    rows = json.loads((folder / "c.json").read_text("utf-8"))["items"]
    return code, [row for row in rows if row["rule"] == RULE]


def answer(folder: Path, one: str, **words: str) -> None:
    path = folder / "reply.yaml"
    lines = path.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if one in line)
    for name, said in words.items():
        j = next(i for i in range(at, at + 6) if lines[i].strip().startswith(f"{name}:"))
        lines[j] = f'    {name}: "{said}"'
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_the_notice_says_number_standard_clause_deadline_and_that_a_person_decides(
    notice: Path,
) -> None:
    told = (notice / "n.txt").read_text("utf-8")
    for words in (
        "〔发文机关〕",
        "〔文号〕",
        "〔成文日期〕",
        "2021年10月1日",
        "18:31",
        "标准为：",
        "“小学结束时间不晚于18:30",
        "供人工复核",
    ):
        assert words in told, words
    assert "违法" not in told
    page = (notice / "n.html").read_text("utf-8")
    for one in late_items(notice):
        assert one in told
        assert one in page
    assert (notice / "n.docx").read_bytes()[:2] == b"PK"


def test_notice_and_reply_are_as_their_schemas_say(notice: Path) -> None:
    def schema(name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            data.schemas().joinpath(f"{name}.schema.json").read_text("utf-8")
        )
        return found

    read = json.loads((notice / "n.json").read_text("utf-8"))
    jsonschema.validate(read, schema("notice"))
    jsonschema.validate(rectification.reply(read), schema("reply"))


def test_yaml_and_json_are_the_same_notice(notice: Path) -> None:
    from kehou.rectification.notices import read_notice

    assert read_notice(f"{notice}/n.yaml")["items"] == read_notice(f"{notice}/n.json")["items"]


def test_a_reply_alone_closes_nothing(notice: Path) -> None:
    for one in late_items(notice):
        answer(notice, one, done="已经改好", date="2021-09-20")
    code, rows = rechecked(notice, plan(notice, {1: "18:31", 2: "18:45"}))
    assert {row["result"] for row in rows} == {"open"}
    assert all(row["replied"] for row in rows)
    assert code == 1


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ({1: "18:30", 2: "18:30"}, ["fixed", "fixed"]),
        ({1: "18:30", 2: "18:45"}, ["fixed", "open"]),
        ({1: "", 2: "18:30"}, ["insufficient", "fixed"]),
        ({2: "18:30"}, ["insufficient", "fixed"]),
    ],
)
def test_only_new_material_that_passes_closes_an_item(
    notice: Path, ends: dict[int, str], expected: list[str]
) -> None:
    rows = rechecked(notice, plan(notice, ends))[1]
    of = {str(row["problem"]): row["result"] for row in rows}
    first = next(result for said, result in of.items() if "18:31" in said)
    second = next(result for said, result in of.items() if "18:45" in said)
    assert [first, second] == expected


def test_an_objection_is_for_a_person_and_a_late_reply_is_told(notice: Path) -> None:
    one = late_items(notice)[0]
    answer(notice, one, objection="冬季班车时间", date="2021-10-02")
    rows = rechecked(notice, plan(notice, {1: "18:31", 2: "18:45"}))[1]
    mine = next(row for row in rows if row["id"] == one)
    other = next(row for row in rows if row["id"] != one)
    assert (mine["result"], mine["late"]) == ("disputed", True)
    assert (other["result"], other["replied"], other["late"]) == ("open", False, False)


def test_unknown_and_doubled_ids_are_told_with_their_line_and_cost_nothing_else(
    notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = late_items(notice)
    answer(notice, two, done="改为18:30")
    with (notice / "reply.yaml").open("a", encoding="utf-8") as file:
        file.write(f'  - {{id: {"f" * 16}, done: "x"}}\n  - {{id: "{two}", done: "又一次"}}\n')
    lines = len((notice / "reply.yaml").read_text("utf-8").splitlines())
    code, rows = rechecked(notice, plan(notice, {1: "18:31", 2: "18:45"}))
    told = capsys.readouterr().err
    assert f"reply.yaml:{lines - 1}" in told
    assert f"reply.yaml:{lines}" in told
    assert code == 4
    assert {row["id"]: row["done"] for row in rows} == {one: "", two: "改为18:30"}


@pytest.mark.parametrize("key", ["problem", "done", "evidence", "objection", "date"])
@pytest.mark.parametrize("value", [["x"], {"a": 1}], ids=str)
def test_what_is_no_text_is_told_at_its_item_and_costs_no_other(
    key: str, value: object, notice: Path
) -> None:
    reply = yaml.safe_load((notice / "reply.yaml").read_text("utf-8"))
    reply["items"][0][key] = value
    reply["items"][1]["done"] = "已改"
    (notice / "wrong.yaml").write_text(yaml.safe_dump(reply, allow_unicode=True), "utf-8")
    told = rectification.read_notice(str(notice / "n.json"))
    answers, faults = rectification.read_reply(str(notice / "wrong.yaml"), told)
    assert len(faults) == 1 and faults[0][0].startswith("wrong.yaml:")
    assert answers[reply["items"][1]["id"]].done == "已改"


def test_marks_that_nobody_sees_do_not_lose_an_answer(notice: Path) -> None:
    """A reply that was copied from a chat; the id is still the notice's."""
    one = late_items(notice)[0]
    answer(notice, one, done="改为18:30")
    path = notice / "reply.yaml"
    path.write_text(path.read_text("utf-8").replace(one, f"\u200e{one}\u200b"), "utf-8")
    code, rows = rechecked(notice, plan(notice, {1: "18:31", 2: "18:45"}))
    assert code != 4
    assert {row["id"]: row["done"] for row in rows}[one] == "改为18:30"


def test_what_was_closed_and_is_back_is_reopened(notice: Path) -> None:
    rechecked(notice, plan(notice, {1: "18:30", 2: "18:45"}))
    (notice / "first.json").write_bytes((notice / "c.json").read_bytes())
    source = plan(notice, {1: "18:31", 2: "18:45"})
    rows = rechecked(notice, source, "--previous", f"{notice}/first.json")[1]
    assert sorted(str(row["result"]) for row in rows) == ["open", "reopened"]


def test_another_schools_material_closes_nothing(notice: Path) -> None:
    source = Path(plan(notice, {1: "18:30", 2: "18:30"}))
    source.write_text(source.read_text("utf-8").replace("和平", "团结"), "utf-8")
    assert cli.main(["recheck", f"{notice}/n.json", f"{notice}/reply.yaml", str(source)]) == 2


def test_diff_takes_submissions_on_both_sides_and_several_schools(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = plan(tmp_path, {1: "18:31"}, "a.yaml"), plan(tmp_path, {1: "18:30"}, "b.yaml")
    cli.main(["diff", a, b, *PACK, "-o", f"json={tmp_path}/d.json"])
    found = json.loads((tmp_path / "d.json").read_text("utf-8"))["changes"]
    assert [c["state"] for c in found if c["rule"] == RULE] == ["fixed"]
    other = tmp_path / "c.yaml"
    other.write_text(Path(a).read_text("utf-8").replace("和平", "团结"), "utf-8")
    for name, paths in (("old", [a, str(other)]), ("new", [b, str(other)])):
        cli.main(["check", *paths, *PACK, "-o", f"json={tmp_path}/{name}.json"])
    code = cli.main(
        ["diff", f"{tmp_path}/old.json", f"{tmp_path}/new.json", "-o", f"json={tmp_path}/d.json"]
    )
    diffs = json.loads((tmp_path / "d.json").read_text("utf-8"))["diffs"]
    of = {d["school"]: [c["state"] for c in d["changes"] if c["rule"] == RULE] for d in diffs}
    assert of == {"和平小学（示例）": ["fixed"], "团结小学（示例）": ["open"]}
    assert code == 0


# --- what nobody can tell is not told as a fault ----------------------------------------------


def doubtful(folder: Path) -> str:
    """A session that ends “about” half past six: a person must look."""
    source = Path(plan(folder, {1: "18:30"}))
    source.write_text(source.read_text("utf-8").replace("18:30", "18:30左右"), "utf-8")
    return str(source)


def test_a_doubt_is_counted_as_a_doubt_and_not_called_unmended(tmp_path: Path) -> None:
    source = doubtful(tmp_path)
    cli.main(["check", source, *PACK, "-o", f"json={tmp_path}/r.json"])
    cli.main(
        [
            "notice",
            f"{tmp_path}/r.json",
            "--due",
            "2021-10-01",
            "--reply",
            f"{tmp_path}/reply.yaml",
            "-o",
            f"json={tmp_path}/n.json",
            "-o",
            f"text={tmp_path}/n.txt",
        ]
    )
    told = (tmp_path / "n.txt").read_text("utf-8")
    assert "存疑待核1项" in told
    assert "存疑待核的不等于不符合" in told
    assert [row["result"] for row in rechecked(tmp_path, source)[1]] == ["review"]


def test_what_an_inspector_attests_closes_a_doubt_of_the_notice(tmp_path: Path) -> None:
    source = doubtful(tmp_path)
    cli.main(["check", source, *PACK, "-o", f"json={tmp_path}/r.json"])
    cli.main(
        [
            "notice",
            f"{tmp_path}/r.json",
            "--due",
            "2021-10-01",
            "--reply",
            f"{tmp_path}/reply.yaml",
            "-o",
            f"json={tmp_path}/n.json",
        ]
    )
    (tmp_path / "a.yaml").write_text(
        f"attestations:\n  - {{school: 和平小学（示例）, rule: {RULE},\n"
        "     subject: /plan/sessions/0,\n"
        "     verdict: 符合, seen: 18:25全部离校, evidence: 门卫登记, office: 某局（示例）,\n"
        "     date: 2021-08-20, until: 2021-12-31}\n",
        "utf-8",
    )
    rows = rechecked(tmp_path, source, "--attestations", f"{tmp_path}/a.yaml")[1]
    assert [row["result"] for row in rows] == ["fixed"]


def test_the_remark_stands_at_the_foot_of_a_page_and_not_under_the_date_too(notice: Path) -> None:
    with zipfile.ZipFile(notice / "n.docx") as parts:
        assert "供人工复核" not in parts.read("word/document.xml").decode()
        feet = [parts.read(name).decode() for name in parts.namelist() if "footer" in name]
    assert any("供人工复核" in foot for foot in feet)


def test_a_reply_is_a_workbook_that_people_fill_in(notice: Path) -> None:
    from datetime import datetime

    from openpyxl import load_workbook

    file = notice / "回复表.xlsx"
    arguments = ["notice", f"{notice}/r.json", "--due", "2021年10月1日", "--reply", str(file)]
    assert cli.main([*arguments, "-o", f"text={notice}/n2.txt"]) == 0
    book = load_workbook(file)
    page: Any = book.active
    head = next(row[0].row for row in page.iter_rows() if row[0].value == "序号")
    columns = {cell.value: cell.column for cell in page[head]}
    assert page.column_dimensions["H"].hidden and len(page.data_validations.dataValidation) == 1
    late = late_items(notice)
    rows = {row[columns["编号"] - 1].value: row[0].row for row in page.iter_rows(min_row=head + 1)}
    for one, day in zip(late, ("2021年9月25日", datetime(2021, 9, 26)), strict=False):
        page.cell(rows[one], columns["整改情况"]).value = "已整改"
        page.cell(rows[one], columns["哪天完成"]).value = day
    other = next(number for one, number in rows.items() if one not in late)
    page.cell(other, columns["哪天完成"]).value = "下周三"
    place = f"{page.title}!E{other}"
    book.save(file)

    from kehou.rectification import notices

    of = notices.read_notice(f"{notice}/n.json")
    answers, faults = rectification.read_reply(str(file), of)
    assert [answers[one].done for one in late] == ["已整改"] * len(late)
    assert [answers[one].date for one in late] == ["2021-09-25", "2021-09-26"][: len(late)]
    assert [where.rpartition("/")[2] for where, _, _ in faults] == [f"回复表.xlsx!{place}"]


def test_a_doubt_that_a_change_left_says_why_and_what_changed(tmp_path: Path) -> None:
    """A lesson that became tutoring: a person must look, and reads why."""
    head = HEAD.replace("[小学]", "[初中]")
    row = (
        "    - {类别: 下午课后服务, 年级: 9, 星期: 2, 作息季: 夏季, 开始时间: '17:00',"
        " 结束时间: '17:50', 对象: 全班, 学科: 无, 活动: 集体授课}\n"
    )
    source = tmp_path / "plan.yaml"
    source.write_text(head + row, "utf-8")
    cli.main(["check", str(source), *PACK, "-o", f"json={tmp_path}/r.json"])
    reply = ["--reply", f"{tmp_path}/reply.yaml", "-o", f"json={tmp_path}/n.json"]
    cli.main(["notice", f"{tmp_path}/r.json", "--due", "2021-10-01", *reply])
    source.write_text(source.read_text("utf-8").replace("集体授课", "个别辅导"), "utf-8")
    sheets = ["-o", f"json={tmp_path}/c.json", "-o", f"text={tmp_path}/c.txt"]
    cli.main(["recheck", f"{tmp_path}/n.json", f"{tmp_path}/reply.yaml", str(source), *sheets])
    rows = json.loads((tmp_path / "c.json").read_text("utf-8"))["items"]
    lesson = next(r for r in rows if r["rule"] == "content-no-collective-lesson")
    told = (tmp_path / "c.txt").read_text("utf-8")
    assert lesson["result"] == "review"
    assert lesson["now"][0]["outcome"] == "review"
    assert {"field": "活动", "before": "集体授课", "after": "个别辅导"} in lesson["now"][0][
        "changed"
    ]
    assert f"复查所见：存疑待核——{lesson['now'][0]['message'].rstrip('。')}" in told
    assert "活动由“集体授课”改为“个别辅导”" in told
    same = next(r for r in rows if r["result"] == "insufficient" and r["now"])
    assert same["now"][0]["outcome"] == "insufficient"
    assert "复查所见：材料不足，情况与通知时相同。" in told


def test_what_is_no_longer_there_is_told_as_such(notice: Path) -> None:
    rechecked(notice, plan(notice, {2: "18:30"}), "-o", f"text={notice}/c.txt")
    assert "材料中找不到原来这一处了" in (notice / "c.txt").read_text("utf-8")


# --- what is missing, by paper -------------------------------------------------------------


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notice to a school that handed in half a plan, the reply forms, and the report."""
    folder = tmp_path_factory.mktemp("bare")
    example = str(EXAMPLES / "nine-year-incomplete")
    given = ("--stage", "inspection", "--engine", "direct", "--pack", "bayannur-2021")
    cli.main(["check", example, *given, "-o", f"json={folder}/r.json"])
    for form in ("xlsx", "yaml"):
        arguments = ["notice", f"{folder}/r.json", "--due", "2021-10-01", "--reply"]
        outputs = ["-o", f"json={folder}/n.json", "-o", f"text={folder}/n.txt"]
        assert cli.main([*arguments, f"{folder}/reply.{form}", *outputs]) == 0
    return folder


def test_what_is_missing_is_told_by_paper_and_every_item_is_within_a_span(bare: Path) -> None:
    told = (bare / "n.txt").read_text("utf-8")
    items = json.loads((bare / "n.json").read_text("utf-8"))["items"]
    assert len(items) > 200
    assert len(told) < 3_400, "five pages"
    papers = {item["paper"] for item in items if item["outcome"] == "insufficient"}
    spans = re.findall(r"(?m)^(\d+)(?:—(\d+))?\.〔材料不足·\S+?〕", told)
    numbers = [n for a, b in spans for n in range(int(a), int(b or a) + 1)]
    assert numbers == [item["number"] for item in items if item["outcome"] == "insufficient"]
    assert len(spans) == len(papers)
    for item in items:
        if item["severity"] == "critical":
            assert item["title"] in told


def test_the_annex_on_demand_has_every_item_with_its_id(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["notice", f"{bare}/r.json", "--due", "2021-10-01", "--annex"]) == 0
    told = capsys.readouterr().out
    items = json.loads((bare / "n.json").read_text("utf-8"))["items"]
    for item in items:
        assert f"编号{item['id']}" in told


def test_a_notice_and_its_reply_name_nothing_that_is_the_bureaus(bare: Path) -> None:
    items = json.loads((bare / "n.json").read_text("utf-8"))["items"]
    reply = (bare / "reply.yaml").read_text("utf-8")
    for words in ("教育局载入", "到校查看", "备案审批·", "检查记录"):
        assert not [item["message"] for item in items if words in item["message"]], words
        assert words not in reply
    for item in items:
        for path in item["missing"]:
            assert path.split("/")[1] not in ("approval", "inspection", "county_list")


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
def test_one_row_answers_all_items_of_a_paper(bare: Path, form: str) -> None:
    from openpyxl import load_workbook

    of = rectification.read_notice(f"{bare}/n.json")
    ledger = [item["id"] for item in of["items"] if item.get("paper") == "收支台账"]
    assert len(ledger) > 20
    file = bare / f"filled.{form}"
    if form == "yaml":
        text = (bare / "reply.yaml").read_text("utf-8")
        at = text.index(ledger[0])
        answered = text[:at] + text[at:].replace('done: ""', 'done: "已补台账"', 1)
        file.write_text(answered, "utf-8")
    else:
        book = load_workbook(bare / "reply.xlsx")
        page: Any = book.active
        head = next(row for row in page.iter_rows() if row[0].value == "序号")
        columns = {cell.value: cell.column for cell in head}
        row = next(
            row[0].row
            for row in page.iter_rows(min_row=head[0].row + 1)
            if ledger[0] in str(row[columns["编号"] - 1].value)
        )
        assert page.max_row < 40, "a row a paper, not a row a rule"
        page.cell(row, columns["整改情况"]).value = "已补台账"
        book.save(file)
    answers, faults = rectification.read_reply(str(file), of)
    assert faults == []
    assert {one for one, answer in answers.items() if answer.done} == set(ledger)


def test_the_closure_tells_a_paper_that_is_still_missing_once(bare: Path) -> None:
    example = str(EXAMPLES / "nine-year-incomplete")
    outputs = ("-o", f"text={bare}/c.txt", "-o", f"json={bare}/c.json")
    arguments = ["recheck", f"{bare}/n.json", f"{bare}/reply.yaml", example]
    assert cli.main([*arguments, *outputs]) == 3
    told = (bare / "c.txt").read_text("utf-8")
    rows = json.loads((bare / "c.json").read_text("utf-8"))["items"]
    assert {row["result"] for row in rows} == {"review", "insufficient"}
    assert told.count("问题：缺“收支台账”") == 1
    assert len(told) < 8_000
