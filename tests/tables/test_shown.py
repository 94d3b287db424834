"""What kehou shows of tables from elsewhere: sheet and cell, what was mapped, and no name."""

from __future__ import annotations

import html
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.hostile_workbooks import encrypted
from tests.tables.test_tables import LEDGER, SCHEMA, book

from kehou.cli import main as cli
from kehou.readers import ReadError
from kehou.readers.xlsx import old_workbook
from kehou.render import FORMATS
from kehou.submission import load
from kehou.tables import read as tables

PLAN = "学校: {学校名称: 示例小学, 学段: [小学]}\nfee: {mode: free}\n"
#: What must not be shown, wherever in a table it stands.
SECRETS = ["张三丰", "李四光", "王五妹", "赵六一", "13800138000", "孙七郎", "周八斗", "吴九如"]


def school(place: Path) -> Path:
    """A folder with a ledger and a roster full of names, and faults in many cells of them."""
    place.mkdir()
    (place / "plan.yaml").write_text(PLAN, "utf-8")
    rows = [
        ("示例小学台账", None, "制表：张三丰"),
        ("序号", "日期", "收支", "类别", "金额", "收款单位", "经办人", "审批", "说明", "周八斗"),
        (1, "昨天", "支出", "水费", "三百", "李四光", "王五妹", "赵六一", "给张三丰", "吴九如"),
        (2, "2021-09-29", "收支", "水废", 20, "李四光", "王五妹", "赵六一", "给张三丰", "吴九如"),
        ("合计", None, None, None, 999, "李四光", None, None, None, "吴九如"),
        ("审核人：孙七郎",),
    ]
    (place / "ledger.xlsx").write_bytes(book(rows, title="收支"))
    rows = [
        ("学籍号", "学生姓名", "联系电话", "班级", "申请日期", "拒绝理由"),
        ("01", "王五妹", "13800138000", "三（2）班", "前天", "赵六一说的"),
        ("02", "李四光", "13800138000", "三（2）班", "", ""),
    ]
    (place / "学生名册.xlsx").write_bytes(book(rows, title="名册"))
    return place


def everything(data: bytes) -> str:
    """All text of an output, unpacked where it is an Office file."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"".join(packed.read(name) for name in packed.namelist())
    return html.unescape(data.decode("utf-8", "replace"))


def test_no_output_shows_a_name_and_all_show_the_cell(tmp_path: Path) -> None:
    place = school(tmp_path / "s")
    out = tmp_path / "out"
    names = list(FORMATS)
    options = [part for name in names for part in ("-o", f"{name}={out / name}")]
    out.mkdir()
    cli.main(
        ["check", str(place), "--as-of", "2021-09-01", "--stage", "inspection", "-v", *options]
    )
    found = {name: everything((out / name).read_bytes()) for name in names}
    for name, told in found.items():
        for secret in SECRETS:
            if secret != "周八斗":  # a heading is told, so that it can be mended
                assert secret not in told, (name, secret)
    for name in ("text", "json", "html", "xlsx"):
        told = found[name]
        cell = {"xlsx": "名册!A1", "html": "收支 › E3"}.get(name, "收支!E3")
        assert cell in told, name
        assert name == "xlsx" or "三百" in told, name
        assert "学籍号" in told, name
    assert "ledger.xlsx!收支!E3" in found["text"]
    assert "“学籍号”读作“学生编号”" in found["text"]


def test_the_report_tells_what_was_mapped_skipped_and_left_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = school(tmp_path / "s")
    cli.main(["check", str(place), "--as-of", "2021-09-01", "-o", "json"])
    report = json.loads(capsys.readouterr().out)
    told = {
        n["written"]: (n["location"]["file"], n["location"]["cell"], n["read"])
        for n in report["submission"]["normalised"]
    }
    assert told["学籍号"] == ("学生名册.xlsx", "名册!A1", "学生编号")
    assert told["联系电话"] == ("学生名册.xlsx", "名册!C1", "未读（检查用不到的列）")
    assert told["收款单位"] == ("ledger.xlsx", "收支!F2", "收（付）款人")
    assert told["第1行：表头上方的标题"] == ("ledger.xlsx", "收支!A1", "未读（不是记录）")
    assert told["第5行：“合计”"] == (
        "ledger.xlsx",
        "收支!A5",
        "未读（合计行，有数字读不出，未能核对）",
    )
    assert told["第6行：表下的说明"] == ("ledger.xlsx", "收支!A6", "未读（说明，不是记录）")


def test_reading_no_workbook_loads_nothing_for_them(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    code = (
        "import sys; from kehou.cli import main as cli; cli.main(['check', sys.argv[1]]); "
        "print([m for m in sys.modules if m in ('openpyxl', 'pyexpat', 'kehou.tables.read',"
        " 'kehou.tables.columns', 'kehou.readers.xlsx.workbook')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_a_workbook_does_not_load_openpyxl(tmp_path: Path) -> None:
    (tmp_path / "ledger.xlsx").write_bytes(book(LEDGER))
    code = (
        "import sys; from kehou.cli import main as cli; cli.main(['check', sys.argv[1]]); "
        "print('openpyxl' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "False"


# --- old workbooks -----------------------------------------------------------------------------


def old(soffice: str, data: bytes, folder: Path, form: str = "xls") -> bytes:
    """A workbook as LibreOffice saves it."""
    (folder / "made.xlsx").write_bytes(data)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(folder / "out"),
            str(folder / "made.xlsx"),
        ],
        capture_output=True,
        check=True,
        timeout=180,
    )
    return (folder / "out" / f"made.{form}").read_bytes()


@pytest.mark.needs("soffice")
def test_an_old_workbook_is_read_through_libreoffice(
    tmp_path: Path, program: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows at the same cells from .xls, .et and an .xlsx that LibreOffice has saved."""
    soffice, data = program("soffice"), book(LEDGER, title="收支")
    made = tmp_path / "made"
    made.mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    binary = old(soffice, data, made)
    assert binary.startswith(b"\xd0\xcf\x11\xe0")
    files = {
        "x.xlsx": data,
        "x.xls": binary,
        "x.et": binary,
        "y.xlsx": old(soffice, data, made, "xlsx"),
    }
    trees = {}
    for name, content in files.items():
        place = tmp_path / name.replace(".", "-")
        place.mkdir()
        path = place / f"ledger{Path(name).suffix}"
        path.write_bytes(content)
        submission = load(place, SCHEMA)
        assert submission.faults == (), name
        assert submission.locate("/ledger/rows/1/amount").cell == "收支!F3"
        trees[name] = submission.tree
    assert all(tree == trees["x.xlsx"] for tree in trees.values())
    assert trees["x.xlsx"]["ledger"]["rows"][1]["amount"] == 2050
    assert list(temporary.iterdir()) == []


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("name", ["ledger.xls", "ledger.et"])
def test_a_damaged_old_workbook_is_refused(tmp_path: Path, name: str) -> None:
    stream = "Workbook".encode("utf-16-le")
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + stream + bytes(3000))
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (fault,) = load(tmp_path, SCHEMA).faults
    assert "LibreOffice 打不开这个表格" in fault.found
    assert "另存为" in fault.hint


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Book".encode("utf-16-le"), "要先转换"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "没有 Excel 或 WPS 的表格"),
        (encrypted(), "加了密码"),
        (b"<html><table>", "网页"),
        ("学号,班级\n".encode(), "文本或 .csv"),
        (b"", "不是 Excel 或 WPS 表格"),
    ],
)
def test_without_libreoffice_it_is_said_how_to_save_as_xlsx(
    data: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    path = tmp_path / "台账.xls"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=said) as caught:
        tables.read_table(path, SCHEMA.root.fields["ledger"], SCHEMA)
    assert str(caught.value).startswith("台账.xls：")
    assert caught.value.hint


def test_a_new_workbook_with_an_old_name_is_read_without_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_workbook, "converted", None)
    path = tmp_path / "台账.et"
    path.write_bytes(book(LEDGER))
    document = tables.read_table(path, SCHEMA.root.fields["ledger"], SCHEMA)
    assert len(document.tree) == 2
