"""What a program gets of `kehou.check` and its siblings, and how it is told of a mistake."""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kehou
from kehou import packs as pack_folders
from kehou.cli.main import main
from kehou.fields import validation

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "first-check"
DIRECT = kehou.CheckOptions(engine="direct", packs=("bayannur-2021",))
TREE: dict[str, Any] = {
    "学校": {
        "学校标识码": "0000000001",
        "学校名称": "和平小学（示例）",
        "学段": ["小学"],
        "年级": [{"年级": 1, "学段": "小学", "学生数": 60, "班级数": 2}],
    },
    "方案": {
        "服务开始日期": "2021-09-06",
        "服务时段": [
            {
                "类别": "下午课后服务",
                "年级": "1",
                "星期": "1-5",
                "开始时间": "16:30",
                "结束时间": "18:31",
            }
        ],
    },
}


@pytest.fixture(scope="module")
def shelf() -> dict[str, kehou.Pack]:
    return {"bayannur-2021": kehou.load_pack("bayannur-2021")}


def outcomes(report: kehou.Report) -> dict[str, str]:
    return {result.rule: result.outcome.value for result in report.results}


# --- check ---------------------------------------------------------------------------------


def test_a_check_says_what_the_command_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written = tmp_path / "report.json"
    main(["check", str(EXAMPLE), "-o", f"json={written}", "--engine", "direct"])
    capsys.readouterr()
    report = kehou.check(EXAMPLE, kehou.CheckOptions(engine="direct", track=True))
    assert kehou.render_report(report, "json") == written.read_text("utf-8")
    assert capsys.readouterr() == ("", ""), "a library does not print"


def test_the_settings_of_a_folder_are_the_command_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: dict[str, kehou.Pack]
) -> None:
    (tmp_path / "kehou.yaml").write_text("stage: inspection\nlang: en\n")
    monkeypatch.chdir(tmp_path)
    run = kehou.check(EXAMPLE, DIRECT, shelf).run
    assert (run.stage, run.language) == (kehou.Stage.APPROVAL, "zh")


def test_a_shelf_keeps_what_was_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    load = pack_folders.load

    def noted(name: str) -> kehou.Pack:
        loaded.append(name)
        return load(name)

    monkeypatch.setattr(pack_folders, "load", noted)
    shelf: dict[str, kehou.Pack] = {}
    both = kehou.CheckOptions(engine="direct", packs=("bayannur-2021", "national-2023"))
    first = kehou.check(EXAMPLE, both, shelf)
    assert kehou.check(EXAMPLE, both, shelf) == first
    assert loaded == list(shelf) == ["bayannur-2021"], "the other is not in force in 2021"


@pytest.mark.parametrize("engine", ["direct", "both"])
def test_threads_may_share_a_shelf(engine: str, shelf: dict[str, kehou.Pack]) -> None:
    options = kehou.CheckOptions(engine=engine, packs=("bayannur-2021",))
    alone = kehou.check(EXAMPLE, options, shelf)
    shared: dict[str, kehou.Pack] = {}
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: kehou.check(EXAMPLE, options, shared), range(6)))
    assert found == [alone] * 6


def test_what_a_process_pool_hands_over_can_be_pickled(shelf: dict[str, kehou.Pack]) -> None:
    report = kehou.check(EXAMPLE, DIRECT, shelf)
    assert pickle.loads(pickle.dumps(report)) == report
    assert pickle.loads(pickle.dumps(DIRECT)) == DIRECT
    again = pickle.loads(pickle.dumps(shelf))
    assert kehou.check(EXAMPLE, DIRECT, again) == report


def test_the_default_is_every_pack_that_comes_with_kehou() -> None:
    assert kehou.CheckOptions().packs == ("bayannur-2021", "national-2023")


# --- a tree in memory ----------------------------------------------------------------------


def test_a_tree_is_checked_as_the_file_would_be(
    tmp_path: Path, shelf: dict[str, kehou.Pack]
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(TREE, ensure_ascii=False, indent=2), "utf-8")
    mine, theirs = kehou.check(TREE, DIRECT, shelf), kehou.check(file, DIRECT, shelf)
    assert outcomes(mine) == outcomes(theirs)
    assert outcomes(mine)["schedule-primary-end"] == "fail"
    assert [f.sha256 for f in mine.submission.files] == [f.sha256 for f in theirs.submission.files]
    places = [f.location.line for r in mine.results for f in r.findings if f.location]
    assert places == [f.location.line for r in theirs.results for f in r.findings if f.location]
    tree = json.loads(kehou.render_report(mine, "json"))
    assert validation.validate(tree, "report") == []


def test_a_tree_may_hold_dates_times_decimals_and_other_mappings(
    shelf: dict[str, kehou.Pack],
) -> None:
    session = {**TREE["方案"]["服务时段"][0], "结束时间": time(18, 31)}
    plan = {"服务开始日期": date(2021, 9, 6), "服务时段": [OrderedDict(session)]}
    typed = {**TREE, "方案": plan, "收费": {"收费标准": []}}
    assert kehou.check(typed, DIRECT, shelf).run.as_of == "2021-09-06"
    assert outcomes(kehou.check(typed, DIRECT, shelf))["schedule-primary-end"] == "fail"
    money = {"收费": {"每生每天收费": Decimal("2.50")}}
    kehou.check({**TREE, **money}, DIRECT, shelf)


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan"), b"x"])
def test_what_no_file_could_hold_is_refused(value: object, shelf: dict[str, kehou.Pack]) -> None:
    with pytest.raises(kehou.UsageError, match="不能写成 JSON"):
        kehou.check({**TREE, "收费": value}, DIRECT, shelf)


def test_a_tree_is_believed_no_more_than_a_school_s_file(shelf: dict[str, kehou.Pack]) -> None:
    report = kehou.check({**TREE, "county_list": [{"name": "甲"}]}, DIRECT, shelf)
    assert [fault.path for fault in report.submission.faults] == ["/county_list"]


def test_a_tree_takes_the_bureau_s_files(shelf: dict[str, kehou.Pack]) -> None:
    listed = ROOT / "examples" / "bureau" / "county_list.yaml"
    given = kehou.CheckOptions(
        engine="direct", packs=("bayannur-2021",), data={"county_list": str(listed)}
    )
    assert [d.name for d in kehou.check(TREE, given, shelf).packs.data] == ["county_list"]


def test_a_tree_that_gives_nothing_is_unreadable_as_a_file_is(
    shelf: dict[str, kehou.Pack],
) -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"学校": deep}
    with pytest.raises(kehou.UnreadableError, match="嵌套"):
        kehou.check(deep, DIRECT, shelf)


# --- errors --------------------------------------------------------------------------------


def test_errors_are_one_tree_and_say_what_to_do() -> None:
    for one in (kehou.UsageError, kehou.PackError, kehou.UnreadableError):
        assert issubclass(one, kehou.KehouError)
    with pytest.raises(kehou.UsageError) as caught:
        kehou.load_pack("bayannur-2012")
    assert (caught.value.code, caught.value.exit_code) == ("pack-not-found", 2)
    assert "bayannur-2021" in str(caught.value)


def test_a_pack_s_folder_may_be_a_path() -> None:
    assert kehou.load_pack(ROOT / "docs" / "overlay-example").id != ""


def test_a_submission_that_cannot_be_read_is_no_report_without_findings(
    shelf: dict[str, kehou.Pack],
) -> None:
    path = ROOT / "examples" / "broken" / "unclosed-bracket.yaml"
    with pytest.raises(kehou.UnreadableError) as caught:
        kehou.check(path, DIRECT, shelf)
    report = kehou.unread_report(path, caught.value, DIRECT)
    assert report.results == () and report.decision is None
    assert report.submission.faults[0].location.file == "unclosed-bracket.yaml"
    tree = json.loads(kehou.render_report(report, "json"))
    assert validation.validate(tree, "report") == []


# --- render_report -------------------------------------------------------------------------


def test_every_format_of_the_command_can_be_rendered(shelf: dict[str, kehou.Pack]) -> None:
    from kehou.render import FORMATS

    report = kehou.check(EXAMPLE, DIRECT, shelf)
    for name, form in FORMATS.items():
        found = kehou.render_report(report, name)
        assert isinstance(found, bytes if form.binary else str) and len(found) > 100


def test_several_reports_and_another_language(shelf: dict[str, kehou.Pack]) -> None:
    report = kehou.check(EXAMPLE, DIRECT, shelf)
    assert json.loads(kehou.render_report([report, report], "json"))["format"] == "kehou-reports/1"
    assert "filing and approval" in kehou.render_report(report, language="en")
    brief, usual, whole = (len(kehou.render_report(report, verbosity=n)) for n in (-1, 0, 1))
    assert brief < usual < whole


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"format": "htm"}, "没有输出格式“htm”.*html"),
        ({"language": "fr"}, "language.*'fr'"),
    ],
)
def test_a_rendering_that_cannot_be(
    asked: dict[str, Any], told: str, shelf: dict[str, kehou.Pack]
) -> None:
    report = kehou.check(EXAMPLE, DIRECT, shelf)
    with pytest.raises(kehou.UsageError) as caught:
        kehou.render_report(report, **asked)
    import re

    assert re.search(told, str(caught.value), re.S)


def test_no_report_is_no_empty_page() -> None:
    with pytest.raises(kehou.UsageError, match="没有报告"):
        kehou.render_report([], "html")


# --- one engine ----------------------------------------------------------------------------


def test_a_machine_without_the_other_engine_says_so_everywhere(
    monkeypatch: pytest.MonkeyPatch,
    shelf: dict[str, kehou.Pack],
    capsys: pytest.CaptureFixture[str],
) -> None:
    from kehou.judging import rete

    monkeypatch.setattr(rete, "available", lambda: False)
    report = kehou.check(EXAMPLE, kehou.CheckOptions(packs=("bayannur-2021",)), shelf)
    assert (report.run.cross_checked, report.run.single_engine) == (False, "unavailable")
    assert "没有 durable_rules" in kehou.render_report(report).splitlines()[0]
    assert "没有 durable_rules" in kehou.render_report(report, "html")
    assert json.loads(kehou.render_report(report, "json"))["single_engine"] == "unavailable"
    assert main(["check", str(EXAMPLE), "-o", "csv"]) == 1
    assert "没有互相核对" in capsys.readouterr().err
    main(["check", str(EXAMPLE), "--lang", "en"])
    assert "nothing was cross-checked" in capsys.readouterr().err


def test_who_asks_for_one_engine_is_not_told_on_the_terminal(
    capsys: pytest.CaptureFixture[str], shelf: dict[str, kehou.Pack]
) -> None:
    assert kehou.check(EXAMPLE, DIRECT, shelf).run.single_engine == "asked"
    main(["check", str(EXAMPLE), "--engine", "direct"])
    assert capsys.readouterr().err == ""


@pytest.mark.both_engines
def test_where_both_judged_there_is_no_reason(shelf: dict[str, kehou.Pack]) -> None:
    report = kehou.check(EXAMPLE, kehou.CheckOptions(packs=("bayannur-2021",)), shelf)
    assert (report.run.cross_checked, report.run.single_engine) == (True, None)
    assert "single_engine" not in json.loads(kehou.render_report(report, "json"))
