"""Which files a submission is read from: folders, tables, standard input, a bureau's data."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kehou import data
from kehou.errors import UnreadableError, UsageError
from kehou.fields.fields import read_schema
from kehou.model.values import ABSENT, Fault
from kehou.submission import Submission, load

SCHEMA = read_schema(data.schemas(), "submission")
PLAN = "学校:\n  学校名称: 和平初级中学（示例）\n实施方案:\n  方案名称: 课后服务实施方案\n"


def faults(submission: Submission) -> list[tuple[str, str, str]]:
    return [(f.path, f.found, f.hint) for f in submission.faults]


def only_fault(submission: Submission) -> Fault:
    assert len(submission.faults) == 1, faults(submission)
    return submission.faults[0]


def notes(submission: Submission) -> list[tuple[str, str, str]]:
    return [(n.path, n.written, n.read) for n in submission.normalised]


ROSTER = (
    "学生编号,班级,年级,减免类别,是否需要服务,申请日期,申请是否签字,退出日期,是否被拒绝,拒绝原因\n"
    "S001,三年级2班,三年级,低保户子女;孤儿,是,2021-09-02,是,,,\n"
    "S002,三年级2班,3,,否,,否,,,\n"
)


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = tmp_path / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def test_a_folder_holds_a_plan_and_its_evidence(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        plan__yaml=PLAN,
        学生名册__csv=ROSTER,
        ledger__csv="日期,收支,金额,收（付）款人\n2021-10-08,收入,300,甲乙\n",
        机构__yaml="- {机构名称: 示例艺术中心}\n",
        approval__json='{"doc_no": "一号"}',
        说明__docx="x",
        旧方案__yaml="a: 1",
        __hidden="x",
    )
    (place / "照片").mkdir()
    submission = load(place, SCHEMA)
    assert submission.faults == ()
    assert [f.name for f in submission.files] == [
        "plan.yaml",
        "approval.json",
        "ledger.csv",
        "学生名册.csv",
        "机构.yaml",
    ]
    assert submission.unread_files == ("旧方案.yaml", "照片/", "说明.docx")
    assert submission.tree["vendors"] == [{"name": "示例艺术中心"}]
    assert submission.tree["approval"] == {"doc_no": "一号", "source": "school"}
    assert submission.tree["ledger"] == {
        "rows": [
            {"date": "2021-10-08", "direction": "income", "amount": 30000, "counterparty": "甲乙"}
        ]
    }
    assert list(submission.tree) == ["school", "plan", "vendors", "roster", "ledger", "approval"]


def test_blank_cells_are_not_supplied_except_where_blank_means_none(tmp_path: Path) -> None:
    submission = load(
        folder(tmp_path, plan__yaml="fee: {mode: free}\n", roster__csv=ROSTER), SCHEMA
    )
    first, second = submission.tree["roster"]
    assert first["exempt_categories"] == ("subsistence", "orphan")
    assert first["withdrawn_date"] is first["rejected"] is first["reject_reason"] is ABSENT
    assert second["exempt_categories"] is ABSENT
    assert second["wants_service"] is False
    assert "application_date" not in second
    assert "on_roll" not in second  # no such column
    told = {n.path: (n.written, n.read) for n in submission.normalised}
    assert told["/roster/0/withdrawn_date"] == ("空白 2 行", "无")
    assert told["/roster/1/exempt_categories"] == ("空白 1 行", "无")
    assert submission.normalised[0].location.line == 1


def test_notes_of_one_column_are_told_as_one(tmp_path: Path) -> None:
    place = folder(tmp_path, ledger__csv="日期,金额\n2021/10/8,1\n2021/10/9,2\n2021-10-10,3\n")
    assert notes(load(place, SCHEMA)) == [("/ledger/rows/0/date", "2021/10/8等 2 处", "2021-10-08")]


def test_an_excerpt_of_a_table_row_shows_only_the_column_concerned(tmp_path: Path) -> None:
    place = folder(tmp_path, ledger__csv="序号,金额,收（付）款人,日期\n1,三百,甲乙,昨天\n")
    submission = load(place, SCHEMA)
    amount, date = submission.faults
    assert (amount.location.file, amount.location.line, amount.location.column) == (
        "ledger.csv",
        2,
        3,
    )
    assert (amount.location.cell, amount.location.excerpt) == ("金额", "金额：三百")
    assert date.path == "/ledger/rows/0/date"
    assert submission.locate("/ledger/rows/0/counterparty").excerpt == "收（付）款人：███"
    assert submission.locate("/ledger/rows/0").excerpt == "序号：1"
    assert submission.locate("/ledger/rows/0/account").excerpt == "序号：1"
    assert submission.locate("/ledger/opening_balance").file == "ledger.csv"


def test_an_unknown_column_is_told_once(tmp_path: Path) -> None:
    place = folder(
        tmp_path, roster__csv="学生编号,身份证号,是否须要服务\nS1,150802,是\nS2,150803,否\n"
    )
    submission = load(place, SCHEMA)
    assert faults(submission) == [
        ("/roster/0/身份证号", "“身份证号”", ""),
        ("/roster/0/是否须要服务", "“是否须要服务”", "是否想写“是否需要服务”（wants_service）"),
    ]
    assert submission.faulted == {"/roster/0/wants_service", "/roster/1/wants_service"}
    assert submission.faults[0].location.excerpt == "身份证号"


def test_a_table_with_headings_alone_is_not_supplied_and_none_is_none(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        plan__yaml="fee: {mode: free}\n",
        roster__csv="学生编号,班级\n",
        attendance__csv="日期,人员编号\n无,\n",
        subsidy__csv="人员编号,月份,金额\n无\n",
    )
    submission = load(place, SCHEMA)
    assert "roster" not in submission.tree
    assert submission.tree["attendance"] is ABSENT
    assert submission.tree["subsidy"] is ABSENT
    assert submission.faults == ()


def test_a_table_that_says_none_is_a_ledger_without_rows_and_joins_its_balances(
    tmp_path: Path,
) -> None:
    place = folder(
        tmp_path,
        plan__yaml="ledger: {opening_balance: 0}\n",
        收支台账__csv="日期,金额\n无,\n",
    )
    submission = load(place, SCHEMA)
    assert submission.faults == ()
    assert submission.tree["ledger"] == {"opening_balance": 0, "rows": ABSENT}


@pytest.mark.parametrize("name", ["plan__yaml", "ledger__yaml"])
def test_a_ledger_table_joins_its_balances(tmp_path: Path, name: str) -> None:
    balances = "opening_balance: 0\nclosing_balance: 300\n"
    plan = "ledger:\n  " + balances.replace("\n", "\n  ") if name == "plan__yaml" else balances
    place = folder(tmp_path, **{name: plan}, 收支台账__csv="日期,金额\n2021-10-08,300\n")
    submission = load(place, SCHEMA)
    assert submission.faults == ()
    assert submission.tree["ledger"] == {
        "opening_balance": 0,
        "closing_balance": 30000,
        "rows": [{"date": "2021-10-08", "amount": 30000}],
    }
    assert submission.locate("/ledger/closing_balance").file == name.replace("__", ".")
    assert submission.locate("/ledger/rows/0/amount").file == "收支台账.csv"
    (place / name.replace("__", ".")).write_text(plan + "rows: []\n")
    assert load(place, SCHEMA).faulted == {"/ledger"}


def test_a_ragged_row_is_a_fault_and_the_others_keep_their_number(tmp_path: Path) -> None:
    place = folder(tmp_path, roster__csv="学生编号,班级\nS1,一班\nS2\nS3,一班\n")
    submission = load(place, SCHEMA)
    assert [row.get("student_id") for row in submission.tree["roster"]] == ["S1", None, "S3"]
    assert submission.faulted == {"/roster/1"}
    assert only_fault(submission).location.line == 3


def test_a_part_given_twice_is_believed_from_neither(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        plan__yaml="fee: {mode: free}\nvendors: []\n",
        vendors__yaml="- {机构名称: 甲}\n",
        roster__csv=ROSTER,
        学生名册__csv=ROSTER,
    )
    submission = load(place, SCHEMA)
    assert submission.tree == {"fee": {"mode": "free"}}
    assert submission.faulted == {"/vendors", "/roster"}
    assert sorted(f.found for f in submission.faults) == [
        "plan.yaml 和 vendors.yaml 都写了“机构”",
        "roster.csv、学生名册.csv 写的是同一部分",
    ]


def test_an_unreadable_file_faults_its_part_and_the_rest_is_read(tmp_path: Path) -> None:
    place = folder(
        tmp_path, plan__yaml="fee: {mode: free}\n", vendors__yaml="a: [1\n", roster__csv=ROSTER
    )
    submission = load(place, SCHEMA)
    assert submission.faulted == {"/vendors"}
    assert submission.tree["fee"] == {"mode": "free"}
    assert len(submission.tree["roster"]) == 2
    assert submission.faults[0].location.file == "vendors.yaml"
    assert submission.faults[0].location.line is not None


def test_an_unreadable_plan_faults_all_that_no_other_file_gives(tmp_path: Path) -> None:
    place = folder(tmp_path, plan__yaml="a: [1\n", roster__csv=ROSTER)
    submission = load(place, SCHEMA)
    assert {"/plan", "/fee", "/school"} <= submission.faulted
    assert "/roster" not in submission.faulted
    assert list(submission.tree) == ["roster"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"plan__yaml": "a: [1\n"}, "unreadable"),
        ({"说明__txt": "x"}, "nothing-to-read"),
        ({}, "nothing-to-read"),
        ({"plan__yaml": "fee: {}\n", "plan__json": "{}"}, "main-file-twice"),
        ({"plan__yaml": "- a\n"}, "not-a-submission"),
    ],
)
def test_a_folder_without_any_tree_is_unreadable(
    tmp_path: Path, files: dict[str, str], code: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        load(folder(tmp_path, **files), SCHEMA)
    assert caught.value.code == code
    assert caught.value.exit_code == 4


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = folder(tmp_path, secret__csv=ROSTER) / "secret.csv"
    inside = tmp_path / "school"
    inside.mkdir()
    folder(inside, plan__yaml="fee: {mode: free}\n")
    (inside / "roster.csv").symlink_to(outside)
    (inside / "photo.csv").symlink_to(outside)
    submission = load(inside, SCHEMA)
    assert submission.unread_files == ("photo.csv",)
    assert "roster" not in submission.tree
    told = only_fault(submission)
    assert (told.location.file, told.found) == ("roster.csv", "这个链接指到文件夹外，不读")


def test_a_link_that_leads_round_and_what_is_no_file_are_told(tmp_path: Path) -> None:
    place = folder(tmp_path, plan__yaml="fee: {mode: free}\n")
    (place / "roster.csv").symlink_to(place / "ledger.csv")
    (place / "ledger.csv").symlink_to(place / "roster.csv")
    (place / "round").symlink_to(place / "round")
    os.mkfifo(place / "attendance.csv")
    (place / "staff.csv").mkdir()
    submission = load(place, SCHEMA)
    assert {fault.location.file: fault.found for fault in submission.faults} == {
        "attendance.csv": "这不是一个文件，也没有指到文件",
        "ledger.csv": "这个链接绕成了圈，指不到文件",
        "roster.csv": "这个链接绕成了圈，指不到文件",
        "staff.csv": "这不是一个文件，是文件夹",
    }
    assert submission.unread_files == ("round",)
    assert submission.tree["fee"]["mode"] == "free"


def test_a_plan_that_leads_round_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").symlink_to("plan.yaml")
    for path in (tmp_path, tmp_path / "plan.yaml"):
        with pytest.raises(UnreadableError, match="绕成了圈"):
            load(path, SCHEMA)


def test_a_folder_that_cannot_be_looked_into_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(UnreadableError, match="文件夹打不开：没有读取权限"):
        load(tmp_path, SCHEMA)


def test_names_are_utf8_whatever_the_locale(tmp_path: Path) -> None:
    """As Python hands them out where it takes file names for ASCII."""
    code = (
        "import sys; from pathlib import Path; from kehou.submission import load; "
        "from kehou.packs import load as pack; "
        "read = load(Path(sys.argv[1]), pack('bayannur-2021').schema); "
        "print(ascii([h.name for h in read.files]), read.unread_files)"
    )
    (tmp_path / "实施方案.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "学生名册.csv").write_text(ROSTER, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    named = ascii(["实施方案.yaml", "学生名册.csv"])
    assert (ran.stdout.decode(), ran.stderr) == (f"{named} ()\n", b"")


def test_a_name_that_is_no_utf8_is_shown_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0.csv")).write_text("a\n1\n")
    assert load(tmp_path, SCHEMA).unread_files == ("\\xd6\\xd0.csv",)


def test_a_bureaus_table_in_the_folder_is_a_fault_and_not_read(tmp_path: Path) -> None:
    place = folder(tmp_path, plan__yaml="fee: {mode: free}\n", 备选清单__yaml="[]")
    submission = load(place, SCHEMA)
    assert only_fault(submission).found == "“备选清单”属于教育局的数据"
    assert submission.bureau == frozenset()


def test_one_file_is_only_that_file(tmp_path: Path) -> None:
    place = folder(tmp_path, plan__yaml="fee: {mode: free}\n", roster__csv=ROSTER)
    assert load(place / "plan.yaml", SCHEMA).tree == {"fee": {"mode": "free"}}
    assert list(load(place / "roster.csv", SCHEMA).tree) == ["roster"]
    with pytest.raises(UsageError):
        load(place / "none.yaml", SCHEMA)


@pytest.mark.parametrize("content", [b"fee: {mode: free}\n", b'\n{"fee": {"mode": "free"}}'])
def test_standard_input_is_a_plan(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert load("-", SCHEMA).tree == {"fee": {"mode": "free"}}


# --- the bureau's data -------------------------------------------------------------------------


def test_a_bureaus_tables_and_records_come_by_data(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        plan__yaml="fee: {mode: free}\n",
        list__yaml="清单编号: 2021\n清单条目:\n  - {机构名称: 示例艺术中心}\n",
        prices__csv="地区,学段,最高标准,计费单位\n全市,小学,300,元/生·学期\n",
        doc__json='{"doc_no": "一号", "opinion": "同意"}',
    )
    submission = load(
        place / "plan.yaml",
        SCHEMA,
        data={
            "county_list": place / "list.yaml",
            "价格表": place / "prices.csv",
            "approval": place / "doc.json",
        },
    )
    assert submission.faults == ()
    assert submission.bureau == {"county_list", "price_table", "approval"}
    assert submission.tree["county_list"] == [
        {"list_id": "2021", "entries": [{"name": "示例艺术中心"}]}
    ]
    assert submission.tree["price_table"] == [
        {"area": "全市", "level": "primary", "ceiling": 30000, "unit": "per_term"}
    ]
    assert submission.tree["approval"] == {
        "doc_no": "一号",
        "opinion": "approved",
        "source": "bureau",
    }
    assert [d.name for d in submission.data_files] == ["county_list", "price_table", "approval"]
    place_of = submission.locate("/county_list/0/entries/0/name")
    assert (place_of.file, place_of.line, place_of.column) == ("list.yaml", 3, 12)


def test_a_county_list_may_be_a_table_of_its_entries(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        plan__yaml="fee: {mode: free}\n",
        list__csv="机构名称,统一社会信用代码\n示例艺术中心,52150800MJY0000001\n",
    )
    submission = load(place / "plan.yaml", SCHEMA, data={"county_list": place / "list.csv"})
    assert submission.tree["county_list"] == [
        {"entries": [{"name": "示例艺术中心", "uscc": "52150800MJY0000001"}]}
    ]
    assert submission.locate("/county_list/0/entries/0/uscc").line == 2


def test_a_bureaus_record_replaces_the_schools_and_differences_are_conflicts(
    tmp_path: Path,
) -> None:
    place = folder(
        tmp_path,
        plan__yaml="approval: {doc_no: 一号, date: 2021-08-20, opinion: 批了}\n",
        doc__yaml="doc_no: 一号\ndate: 2021-08-30\nopinion: 同意\n",
    )
    submission = load(place / "plan.yaml", SCHEMA, data={"approval": place / "doc.yaml"})
    assert submission.tree["approval"] == {
        "doc_no": "一号",
        "date": "2021-08-30",
        "opinion": "approved",
        "source": "bureau",
    }
    assert submission.tree["conflicts"] == [
        {
            "field": "/approval/date",
            "values": ("教育局：2021-08-30", "学校：2021-08-20"),
            "places": ("doc.yaml:2", "plan.yaml:1"),
        }
    ]
    # the school's fault stays told at its place, and does not touch the bureau's value
    assert only_fault(submission).location.file == "plan.yaml"
    assert submission.faulted == frozenset()


def test_an_unreadable_bureau_file_is_a_fault(tmp_path: Path) -> None:
    place = folder(tmp_path, plan__yaml="fee: {mode: free}\n", list__yaml="a: [\n")
    submission = load(place / "plan.yaml", SCHEMA, data={"county_list": place / "list.yaml"})
    assert "/county_list" in submission.faulted
    assert submission.faults[0].location.file == "list.yaml"


@pytest.mark.parametrize("name", ["roster", "plan", "nothing", "conflicts"])
def test_only_a_bureaus_tables_and_records_may_come_by_data(tmp_path: Path, name: str) -> None:
    place = folder(tmp_path, plan__yaml="fee: {mode: free}\n")
    with pytest.raises(UsageError) as caught:
        load(place / "plan.yaml", SCHEMA, data={name: place / "plan.yaml"})
    assert "county_list（备选清单）" in caught.value.hint


def test_a_folder_whose_only_workbook_is_torn_names_it(tmp_path: Path) -> None:
    """Who handed in a form that broke on the way did hand one in."""
    (tmp_path / "申报表.xlsx").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(UnreadableError) as caught:
        load(tmp_path, SCHEMA)
    assert caught.value.where == "申报表.xlsx"
    assert "没有方案文件" not in caught.value.message
