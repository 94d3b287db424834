"""``kehou waiver``: a bureau sees what it has excused, and what no longer stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.formats import WITH_NOTES

from kehou.cli import main as cli

PLAN = """\
学校: {学校名称: 和平小学（示例）, 学段: [小学]}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
    - {类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: 18:31, 活动: 体育}
"""
TWO = """\
# 全县
waivers:
  # 班车
  - rule: schedule-primary-end
    subject: /plan/sessions/0
    outcome: fail
    reason: 班车 18:31 发车
    office: 某旗县教育局（示例）
    until: 2021-12-31
  # 别处
  - rule: schedule-primary-end
    subject: /plan/sessions/9
    outcome: fail
    reason: 班车
    office: 某旗县教育局（示例）
    until: 2021-10-31
"""
PACK = ["--pack", "bayannur-2021"]


@pytest.fixture(autouse=True)
def _one_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's settings: one engine is enough for what is shown here."""
    (tmp_path / "kehou.yaml").write_text("engine: direct\n", "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "school").mkdir()
    (tmp_path / "school" / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "w.yaml").write_text(TWO, "utf-8")
    return tmp_path


def waiver(action: str, folder: Path, *more: str) -> int:
    return cli.main(["waiver", action, f"{folder}/w.yaml", "--on", "2021-11-01", *PACK, *more])


REPORTED = Path(__file__).parents[1] / "data" / "reported" / "waiver-no-such-day"


@pytest.mark.parametrize(
    ("name", "day"), [("waivers.yaml", "2022-02-29"), ("waivers-13.yaml", "2021-13-45")]
)
def test_a_day_that_does_not_exist_excuses_nothing(
    name: str, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(REPORTED / name)
    calls = {
        ("waiver", "lint", file, "--on", "2021-08-26"): 1,
        ("waiver", "list", file, "--on", "2021-08-26"): 2,
        ("check", str(REPORTED / "plan.yaml"), "--waivers", file): 2,
    }
    for words, code in calls.items():
        assert cli.main(words) == code
        out, err = capsys.readouterr()
        assert f"{name}:7：没有 {day} 这一天" in out + err
        assert "Traceback" not in out + err and "豁免 1" not in out


def test_a_list_has_state_days_title_and_office(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waiver("list", folder) == 0
    told = capsys.readouterr().out
    for words in (
        "w.yaml:4",
        "有效（至 2021-12-31，还有 60 天）",
        "已过期（至 2021-10-31，已过 1 天）",
        "某旗县教育局（示例）",
        "小学课后服务结束时间",
    ):
        assert words in told, words


def test_lint_names_the_expired_the_unused_and_the_broad_with_their_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waiver("lint", folder, "--against", f"{folder}/school") == 1
    told = capsys.readouterr().out
    assert told.count("w.yaml:11") == 2  # expired, and unused
    assert "w.yaml:4" not in told
    (folder / "w.yaml").write_text(TWO.replace("/plan/sessions/0", "'*'"), "utf-8")
    waiver("lint", folder)
    assert "涵盖所有对象" in capsys.readouterr().out


def test_lint_tells_every_fault_of_the_file_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = TWO.replace("    reason: 班车\n", "").replace("subject: /plan/sessions/0", "sub: 1")
    (folder / "w.yaml").write_text(broken, "utf-8")
    assert waiver("lint", folder) == 1
    told = capsys.readouterr().out
    assert "不认识的键 sub（是否想写 subject？）" in told
    assert "缺少 subject" not in told  # it is written, under another name
    assert "缺少 reason" in told
    assert waiver("list", folder) == 2


@pytest.mark.parametrize("blank", ["''", "'  '", '"\\u200b"'])
@pytest.mark.parametrize("key", ["reason", "office", "until"])
def test_a_waiver_with_a_blank_where_something_is_needed_is_told_and_not_dropped(
    folder: Path, key: str, blank: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody would know that the waiver in hand is none."""
    broken = re.sub(rf"    {key}: .*", lambda _: f"    {key}: {blank}", TWO, count=1)
    (folder / "w.yaml").write_text(broken, "utf-8")
    assert waiver("lint", folder) == 1
    line = broken[: broken.index(f"    {key}: {blank}")].count("\n") + 1
    assert f"w.yaml:{line}：缺少 {key}" in capsys.readouterr().out


def test_prune_leaves_the_file_alone_and_keeps_comments(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waiver("prune", folder) == 0
    told = capsys.readouterr().out
    assert told == TWO[: TWO.index("  # 别处")] + "  # 别处\n"
    assert (folder / "w.yaml").read_text("utf-8") == TWO
    assert waiver("prune", folder, "-o", f"text={folder}/w.yaml") == 2
    assert waiver("prune", folder, "-o", f"text={folder}/new.yaml") == 0
    assert (folder / "new.yaml").read_text("utf-8") == told


def test_what_is_pruned_is_shown_without_marks_and_written_with_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = TWO.replace("\n", "\r\n").replace("# 别处", "# 别\u202e处")
    (folder / "w.yaml").write_text(marked, "utf-8", newline="")
    assert waiver("prune", folder) == 0
    assert capsys.readouterr().out == TWO[: TWO.index("  # 别处")] + "  # 别处\n"
    assert waiver("prune", folder, "-o", f"text={folder}/new.yaml") == 0
    assert (folder / "new.yaml").read_bytes().endswith("# 别\u202e处\r\n".encode())


def test_pruning_the_last_one_leaves_a_file_that_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["waiver", "prune", f"{folder}/w.yaml", "--on", "2022-01-01", *PACK])
    told = capsys.readouterr().out
    assert "# 班车" in told
    (folder / "w.yaml").write_text(told, "utf-8")
    assert waiver("lint", folder) == 0


def test_a_waivers_file_of_the_school_is_told_as_not_read_and_excuses_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "school" / "waivers.yaml").write_text(TWO, "utf-8")
    cli.main(["check", f"{folder}/school", *PACK, "--engine", "direct"])
    told = capsys.readouterr().out
    assert "waivers.yaml" in told
    assert "已豁免 0" in told or "已豁免" not in told
    assert "结束，晚于18:30" in told


@pytest.mark.parametrize("form", WITH_NOTES)
def test_every_format_says_that_a_waiver_has_expired(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    (folder / "w.yaml").write_text(TWO.replace("2021-12-31", "2021-08-01"), "utf-8")
    cli.main(
        [
            "check",
            f"{folder}/school",
            *PACK,
            "--engine",
            "direct",
            "--waivers",
            f"{folder}/w.yaml",
            "-o",
            form,
        ]
    )
    told = capsys.readouterr().out
    assert ("expired" in told) if form == "json" else ("已过期" in told or "\\u8fc7" in told)


def test_a_waiver_of_a_school_that_was_not_shown_is_neither_used_nor_dropped(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = TWO.replace("subject: /plan/sessions/0", "school: 团结小学（示例）\n    subject: '*'")
    (folder / "w.yaml").write_text(other, "utf-8")
    waiver("list", folder, "--against", f"{folder}/school")
    told = capsys.readouterr().out
    assert "学校 团结小学（示例）；对象 *；豁免 不符合" in told
    assert told.count("用到") == 1, "of the second entry alone something is known"
    waiver("prune", folder, "--against", f"{folder}/school")
    assert "团结小学" in capsys.readouterr().out


def test_the_day_is_that_of_the_check_where_one_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan was filed on 2021-08-25: both waivers, to 10-31 and 12-31, still run then."""
    for action in ("list", "lint", "prune"):
        code = cli.main(
            ["waiver", action, f"{folder}/w.yaml", *PACK, "--against", f"{folder}/school"]
        )
        assert code == (1 if action == "lint" else 0), action
        assert "到期" not in capsys.readouterr().out


def test_without_a_day_lint_says_what_it_did_not_look_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["waiver", "lint", f"{folder}/w.yaml", *PACK]) == 0
    assert "没有看是不是已经过期" in capsys.readouterr().err
    assert cli.main(["waiver", "list", f"{folder}/w.yaml", *PACK]) == 2
    assert "--against" in capsys.readouterr().err
