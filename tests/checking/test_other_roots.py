"""A pack with roots, dates and nouns of its own, checked from end to end: whose a submission is,
which law holds and what "already" means are found where its schema says, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.declared_pack import MORE, SCHEMA, changed, write_declared_pack

from kehou.checking import CheckOptions, check
from kehou.errors import UnreadableError, UsageError
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report
from kehou.model.values import Stratum

ROOM = """\
room:
  code: R-7
  name: 东楼阅览室（示例）
  floor: 二层
  kinds: [小说, 漫画]
  opens: '08:30'
  seats: 40
  rules: 安静
  {dates}
"""


def submission(folder: Path, dates: str = "opened_on: 2021-09-06", more: str = "") -> Path:
    path = folder / "room_file.yaml"
    path.write_text(ROOM.format(dates=dates) + more, "utf-8")
    return path


@pytest.fixture
def pack(tmp_path: Path) -> str:
    return str(write_declared_pack(tmp_path / "pack"))


def checked(path: Path, pack: str, **options: object) -> Report:
    return check(str(path), CheckOptions(packs=(pack,), engine="direct", **options))  # type: ignore[arg-type]


def test_whose_it_is_and_what_divides_it(tmp_path: Path, pack: str) -> None:
    report = checked(submission(tmp_path), pack)
    found = report.submission
    assert (found.id, found.name) == ("R-7", "东楼阅览室（示例）")
    assert dict(found.strata) == {"floor": ("二层",), "kinds": ("novel", "comic")}
    assert found.strata_shown == (Stratum("楼层", ("二层",)), Stratum("藏书", ("小说", "漫画")))
    assert found.content_sha256 is not None
    english = checked(submission(tmp_path), pack, language="en").submission
    assert [stratum.title for stratum in english.strata_shown] == ["floor", "holdings"]
    assert english.strata_shown[1].values == ("novel", "comic")


def test_the_subject_of_a_finding_is_called_by_its_name(tmp_path: Path, pack: str) -> None:
    report = checked(submission(tmp_path), pack)
    late = next(r for r in report.results if r.rule == "room-opens-early")
    assert late.outcome is Outcome.FAIL
    assert late.findings[0].subject.label == "东楼阅览室（示例）"


def test_the_law_is_that_of_the_declared_day(tmp_path: Path, pack: str) -> None:
    assert checked(submission(tmp_path), pack).run.as_of == "2021-09-06"


@pytest.mark.parametrize(("volume", "day"), [("第一卷", "2021-10-01"), ("第二卷", "2022-03-01")])
def test_without_it_the_period_says_the_day(
    tmp_path: Path, pack: str, volume: str, day: str
) -> None:
    assert checked(submission(tmp_path, f"volume: {volume}"), pack).run.as_of == day


def test_without_either_the_way_out_names_the_packs_own_fields(tmp_path: Path, pack: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked(path := submission(tmp_path, "volume: 第九卷"), pack)
    assert caught.value.where == str(path)
    assert caught.value.message == (
        "不知道按哪一天的规定核查：材料中没有开放日期，也没有可查的卷次"
    )
    assert caught.value.hint == "请在说明中填写“开放日期”，或加参数 --as-of 2021-09-01"


def test_a_schema_without_dates_asks_for_the_option(tmp_path: Path) -> None:
    schema = changed(SCHEMA, "/x-dates", ...)
    more = MORE[MORE.index("stages:") :]
    folder = write_declared_pack(tmp_path / "pack", schema=schema, more=more)
    with pytest.raises(UsageError) as caught:
        checked(submission(tmp_path), str(folder))
    assert "材料结构没有说明" in caught.value.message
    assert caught.value.hint == "请加参数 --as-of 2021-09-01"
    dated = checked(submission(tmp_path), str(folder), as_of="2021-09-01")
    assert (dated.run.as_of, dated.run.check_date) == ("2021-09-01", None)


def test_what_already_means_depends_on_the_stage(tmp_path: Path, pack: str) -> None:
    visit = "visit: {day: 2021-12-24}\n"
    path = submission(tmp_path, "opened_on: 2021-09-06\n  sent_on: 2021-08-30", visit)
    days = {stage: checked(path, pack, stage=stage).run.check_date for stage in Stage}
    assert days == {
        Stage.APPROVAL: "2021-08-30",
        Stage.INSPECTION: "2021-12-24",
        Stage.ASSESSMENT: None,
    }


def test_the_report_carries_the_packs_words(tmp_path: Path, pack: str) -> None:
    applied = checked(submission(tmp_path), pack).packs
    words = applied.words("zh")
    assert (words["subject"], words["authority"]) == ("阅览室", "区文化馆")
    assert (words["approval"], words["inspection"]) == ("送交", "查访")
    assert applied.words("en")["authority"] == "district culture office"


def test_a_waiver_is_for_the_id_or_the_name(tmp_path: Path, pack: str) -> None:
    path = submission(tmp_path)
    for whose, outcome in (
        ("R-7", Outcome.WAIVED),
        ("东楼阅览室（示例）", Outcome.WAIVED),
        ("R-8", Outcome.FAIL),
    ):
        file = tmp_path / "waivers.yaml"
        file.write_text(
            f"waivers:\n  - {{rule: room-opens-early, school: {whose}, subject: '*', outcome: fail,"
            " reason: 修缮, office: 文化馆, document: 示例1号, until: '2022-01-01'}\n",
            "utf-8",
        )
        report = checked(path, pack, waivers=str(file))
        late = next(r for r in report.results if r.rule == "room-opens-early")
        assert late.outcome is outcome, whose


def test_two_records_that_differ_are_told_in_the_packs_words(tmp_path: Path, pack: str) -> None:
    from kehou import packs
    from kehou.submission import load

    path = submission(tmp_path, more="visit: {noise: 40}\n")
    file = tmp_path / "visit.yaml"
    file.write_text("noise: 55\n", "utf-8")
    found = load(path, packs.load(pack).schema, data={"visit": file})
    assert found.tree["visit"] == {"noise": 55, "given_by": "office"}
    (clash,) = found.tree["clashes"]
    assert clash["what"] == "/visit/noise"
    assert clash["said"] == ("文化馆：55", "阅览室：40")
    assert len(clash["where"]) == 2
    alone = load(path, packs.load(pack).schema)
    assert alone.tree["visit"]["given_by"] == "room" and "clashes" not in alone.tree


def test_a_table_is_read_by_the_packs_own_headings(tmp_path: Path, pack: str) -> None:
    from kehou import packs
    from kehou.submission import load

    folder = tmp_path / "in"
    folder.mkdir()
    submission(folder)
    (folder / "books.csv").write_text(
        "书号,类别,价格,借阅人\na1998-1,小说,30,某人\na2003-2,漫画,20,某人\n共计,,51,\n", "utf-8"
    )
    found = load(folder, packs.load(pack).schema)
    assert [(row["code"], row["year"]) for row in found.tree["books"]] == [
        ("a1998-1", 1998),
        ("a2003-2", 2003),
    ]
    assert any("共 2 行相加是 50.00" in fault.found for fault in found.faults)


def test_what_cannot_be_read_is_told_in_the_packs_words(tmp_path: Path, pack: str) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UnreadableError) as caught:
        checked(empty, pack)
    assert caught.value.message == "文件夹里没有说明文件"
    assert "room_file.yaml（或 阅览室材料.yaml、room_file.json）" in caught.value.hint
    listed = tmp_path / "room_file.yaml"
    listed.write_text("- 甲\n", "utf-8")
    with pytest.raises(UnreadableError) as caught:
        checked(listed, pack)
    assert caught.value.message == "文件最外层是一个列表，不是说明"
    assert caught.value.hint.startswith("最外层写“阅览室: ”“图书: ”")
