"""Every command finds the submissions that ``check`` finds, and names what it leaves out."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from tests.support.command_line import here as kehou

EXAMPLES = Path(__file__).parents[2] / "examples"
#: What stands in the folder, by the path that a check tells; what cannot be read comes second.
READ = ("各校/东校", "各校/西校.zip", "各校/一校.yaml")
UNREAD = ("各校/坏校.xlsx", "各校/空校", "各校/文字校")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of schools: a folder, a zip, a single file; one torn, one empty, one in Word."""
    folder = tmp_path_factory.mktemp("many")
    schools = folder / "各校"
    shutil.copytree(EXAMPLES / "junior-breaches", schools / "东校")
    shutil.copy(EXAMPLES / "first-check" / "plan.yaml", schools / "一校.yaml")
    with zipfile.ZipFile(schools / "西校.zip", "w") as archive:
        archive.write(EXAMPLES / "nine-year-incomplete" / "plan.yaml", "plan.yaml")
    (schools / "坏校.xlsx").write_bytes(b"PK\x03\x04 torn")
    (schools / "空校").mkdir()
    (schools / "文字校").mkdir()
    (schools / "文字校" / "方案.docx").write_bytes(b"PK")
    (schools / "通讯录.csv").write_text("姓名,电话\n", "utf-8")
    return folder


def test_reports_are_written_of_those_too_that_could_not_be_read(
    made: Path, tmp_path: Path
) -> None:
    """A notice, a worksheet and a circular are made of reports: who has none is told by none."""
    reports = tmp_path / "报告"
    code, _, _ = kehou("check", "各校", "-o", f"json={reports}/{{id}}.json", cwd=made)
    assert code == 4
    trees = [json.loads(file.read_text("utf-8")) for file in reports.iterdir()]
    assert {tree["submission"]["path"] for tree in trees} == {*READ, *UNREAD}
    unread = {tree["submission"]["path"] for tree in trees if not tree["results"]}
    assert unread == set(UNREAD)
    code, _, told = kehou("notice", str(reports), *_DUE, "-o", f"yaml={tmp_path}/{{id}}.yaml")
    assert code == 4
    assert all(f"{path} 的材料没有读出" in told for path in UNREAD)


_DUE = ("--due", "2021-12-31")


@pytest.mark.parametrize(
    ("call", "left"),
    [
        # Who handed in what cannot be read gets a letter that says so; an empty folder is nobody's.
        (("request", "-o", "docx=OUT/{id}.docx"), ["各校/空校"]),
        (("bundle", "-o", "OUT/{id}"), UNREAD),
    ],
)
def test_what_has_a_file_for_each_names_whom_it_leaves_out(
    call: Sequence[str], left: Sequence[str], made: Path, tmp_path: Path
) -> None:
    command, *options = (word.replace("OUT", str(tmp_path)) for word in call)
    code, _, told = kehou(command, "各校", *options, cwd=made)
    assert code == 4
    assert len(list(tmp_path.iterdir())) == len(READ) + len(UNREAD) - len(left)
    assert all((f"{path}：没有做成" in told) == (path in left) for path in UNREAD)
    assert "各校/通讯录.csv：不是材料" in told


@pytest.mark.parametrize(
    "call",
    [
        ("fix", "--suggest", "各校"),
        ("form", "-o", "OUT/f.xlsx", "--from", "各校"),
        ("convert", "各校", "OUT/a.yaml"),
        ("explain", "schedule-junior-end", "各校"),
        ("diff", "各校/东校", "各校"),
    ],
)
def test_what_looks_at_one_takes_none_of_many_for_it(
    call: Sequence[str], made: Path, tmp_path: Path
) -> None:
    """Which of them it took, and that it left the others, nobody would see."""
    code, told, complained = kehou(*(w.replace("OUT", str(tmp_path)) for w in call), cwd=made)
    assert code == 2
    assert not told
    assert "6 份材料" in complained
    assert "如 各校/东校" in _flat(complained) or "如 各校/一校.yaml" in _flat(complained)
    assert not list(tmp_path.iterdir())


def _flat(text: str) -> str:
    return text.replace("\n", "")


@pytest.mark.parametrize(
    "call",
    [
        ("fix", "--suggest", "各校/西校.zip"),
        ("form", "-o", "OUT/f.xlsx", "--from", "各校/西校.zip"),
        ("convert", "各校/西校.zip", "OUT/a.yaml"),
        ("request", "各校/西校.zip"),
        ("bundle", "-o", "OUT/包", "各校/西校.zip"),
        ("explain", "schedule-junior-end", "各校/西校.zip"),
    ],
)
def test_an_archive_with_one_in_it_is_that_one(
    call: Sequence[str], made: Path, tmp_path: Path
) -> None:
    code, told, complained = kehou(*(w.replace("OUT", str(tmp_path)) for w in call), cwd=made)
    assert code in (0, 1), complained
    assert "kehou-" not in told, "where it was unpacked is nobody's business"


@pytest.mark.parametrize("command", ["notice", "worksheet", "circular"])
def test_what_is_made_of_reports_says_so_of_a_folder_of_submissions(
    command: str, made: Path
) -> None:
    due = _DUE if command == "notice" else ()
    code, _, told = kehou(command, "各校", *due, cwd=made)
    assert code == 2
    assert "没有报告" in told
    assert "kehou check 材料 -o json=报告/{id}.json" in told


def test_a_letter_that_asks_for_nothing_is_not_written_and_is_named(tmp_path: Path) -> None:
    """「须处理的0项……请于〔期限〕前完成整改」 went to a school that had nothing to put right."""
    school = str(EXAMPLES / "primary-compliant")
    code, made, told = kehou("request", school, "-o", "docx=补正.docx", cwd=tmp_path)
    assert (code, made) == (0, "")
    assert "没有要补正的材料，没有写补正材料清单" in told
    (tmp_path / "报告").mkdir()
    kehou("check", school, "-o", "json=报告/甲.json", cwd=tmp_path)
    files = ("-o", "docx=通知/{学校标识码}.docx", "--reply", "回复/{学校标识码}.xlsx")
    code, _, told = kehou("notice", "报告", *_DUE, *files, cwd=tmp_path)
    assert code == 0
    assert "没有须整改的问题，没有写通知书" in told
    assert "共 0 个文件" in told
    assert [file.name for file in tmp_path.rglob("*.*")] == ["甲.json"]
    code, made, _ = kehou("request", school, "-o", "json", cwd=tmp_path)
    assert (code, json.loads(made)["items"]) == (0, []), "a program gets what it asks for"


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("command", ["explain", "request", "fix", "bundle", "diff", "form"])
def test_where_nothing_is_a_submission_that_is_told(
    command: str, form: str, tmp_path: Path
) -> None:
    """Such as a folder of rules, or of tables that are nobody's."""
    rules = tmp_path / "规则" / "area"
    rules.mkdir(parents=True)
    for name in ("a.yaml", "b.yaml"):
        (rules / name).write_text(f"id: {name}\ntitle: 甲\n", "utf-8")
    path = "规则"
    if form == "zip":
        path = Path(shutil.make_archive(str(tmp_path / "规则"), "zip", tmp_path / "规则")).name
    words = {
        "explain": ("schedule-primary-end", path),
        "request": (path,),
        "fix": ("--suggest", path),
        "bundle": (path, "-o", "out.zip"),
        "diff": (path, path),
        "form": ("--from", path, "-o", "out.xlsx"),
    }
    code, _, told = kehou(command, *words[command], cwd=tmp_path)
    assert code == 2
    assert f"{path}：没有找到可以检查的材料" in told
    assert "选错" in told and "Traceback" not in told


@pytest.mark.parametrize(("count", "total"), [(1, 0), (3, 3)])
def test_reports_pass_by_with_a_bar_where_there_are_many(
    count: int, total: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kehou.batch import given_reports, progress
    from kehou.commands import many

    seen: list[tuple[object, ...]] = []

    def watched(items: Any, *how: object) -> Any:
        seen.append(how)
        return items

    monkeypatch.setattr(progress, "watched", watched)
    monkeypatch.setattr(given_reports, "given", lambda files, known: iter(files))
    files = [f"{n}.json" for n in range(count)]
    passed: list[Any] = list(many.passing(files))
    assert passed == files
    assert seen == [(total, "读报告", "个", "约剩 {time}")]


def test_who_could_not_be_read_is_never_told_to_be_without_faults(
    made: Path, tmp_path: Path
) -> None:
    """An empty sheet or opinion of a school whose file is torn would pass for a clean one."""
    kehou("check", "各校", "-o", f"json={tmp_path}/{{id}}.json", cwd=made)
    kehou("check", "各校", "-o", f"docx={tmp_path}/{{id}}.docx", cwd=made)
    torn = next(tmp_path.glob("*坏校*.json"))
    _, sheet, _ = kehou("worksheet", str(torn))
    assert "没有须人工核查的项目" not in sheet
    assert "材料读不出来，没有查过" in sheet
    text = "".join(p.text for p in docx.Document(str(torn.with_suffix(".docx"))).paragraphs)
    assert "没有核查任何一项" in text
    assert "已对照" not in text
    assert "不符合" not in text


def test_why_a_school_could_not_be_checked_is_a_line_without_its_path_twice(tmp_path: Path) -> None:
    """A cell of the summary: 乙：乙：…\\n  请：…  was not for people."""
    for name in ("甲", "乙"):
        (tmp_path / "各校" / name).mkdir(parents=True)
        lines = f"学校: {{学校名称: {name}小学（示例）}}\n实施方案: {{服务承诺: 无}}\n"
        (tmp_path / "各校" / name / "plan.yaml").write_text(lines, "utf-8")
    kehou("check", "各校", "-o", "summary=汇总.json", cwd=tmp_path)
    told = [
        one["faults"] for one in json.loads((tmp_path / "汇总.json").read_text("utf-8"))["entries"]
    ]
    assert len(told) == 2
    for (why,) in told:
        assert why.startswith("不知道按哪一天的规定核查")
        assert "\n" not in why and "各校/" not in why


def test_a_fault_of_the_bureaus_file_is_told_once_before_any_school(
    made: Path, tmp_path: Path
) -> None:
    """It is none of theirs: nobody is called unreadable for it."""
    waivers = tmp_path / "豁免.yaml"
    waivers.write_text("waivers:\n  - rule: fee-exempt-treatment\n", "utf-8")
    out = tmp_path / "汇总.txt"
    code, _, told = kehou("check", str(made), "--waivers", str(waivers), "-o", f"summary={out}")
    assert code == 2
    assert "豁免.yaml:2" in told and told.count("缺少 reason") == 1
    assert "没有读出" not in told
    assert not out.exists()
