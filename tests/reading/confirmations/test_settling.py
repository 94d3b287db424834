"""What a person confirms of what was read counts; what nobody confirmed stays a doubt.

Limits are the policy's: 三、服务安排（二）“小学结束时间不晚于18:30”.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.confirming import draft, filled
from tests.support.prose import BREACH, plan

import kehou
from kehou import CheckOptions
from kehou.model.confirmations import ConfirmationNote
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Finding, Report
from kehou.render.words.summary import exit_code

#: Ends ten minutes later than primary schools may, and when they may.
LATE = "周一至周五下午16:30—18:40开展课后服务。"
IN_TIME = "周一至周五下午16:30—18:30开展课后服务。"
#: Says nothing that anything is read from.
LAWFUL = "食堂每日公布菜谱，灶具按时检修。"
END, DRILL = "schedule-primary-end", "statement-exam-drill"


def checked(place: Path, *given: Path, engine: str = "both") -> Report:
    """The report of a plan at filing; ``given`` are the bureau's records."""
    options = CheckOptions(
        stage=Stage.APPROVAL,
        packs=("bayannur-2021",),
        engine=engine,
        confirmations=tuple(map(str, given)),
    )
    return kehou.check(str(place), options)


def of(report: Report, rule: str) -> list[Finding]:
    """The findings of a rule."""
    return [f for result in report.results if result.rule == rule for f in result.findings]


def ended(report: Report) -> Finding:
    """The gravest finding on the end of the service."""
    return of(report, END)[0]


def outcome(report: Report, rule: str) -> Outcome:
    """What a rule comes to."""
    [result] = [result for result in report.results if result.rule == rule]
    return result.outcome


def note(report: Report) -> ConfirmationNote:
    """The only thing that is told of a record."""
    [one] = report.confirmed.notes
    return one


def decided(report: Report) -> tuple[str, ...]:
    """What is recommended, the strongest first."""
    assert report.decision is not None
    return (report.decision.value, *report.decision.also)


def bureaus(place: Path, decisions: dict[str, str], name: str = "记录.yaml") -> Path:
    """A record of the bureau's, which does not lie beside the plan."""
    folder = place.parent / "局"
    folder.mkdir(exist_ok=True)
    return filled(draft(place, target=folder / name), decisions, by="基教科")


# --- facts ---------------------------------------------------------------------------------------


def test_a_confirmed_late_end_is_a_plain_fail_that_returns_the_plan(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    before = checked(place)
    assert ended(before).unconfirmed and exit_code([before]) == 3
    filled(draft(place), {"16:30": "对"})
    report = checked(place)
    assert ended(report).outcome is Outcome.FAIL and not ended(report).unconfirmed
    assert "尚未确认" not in ended(report).message
    assert decided(report)[0] == "return" and exit_code([report]) == 1
    assert (note(report).state, note(report).paragraph) == ("confirmed", 6)
    assert (note(report).by, note(report).on) == ("教导主任", "2021-09-08")


def test_a_draft_nobody_decided_on_changes_nothing(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    draft(place)
    report = checked(place)
    assert ended(report).unconfirmed and report.confirmed.notes == ()
    assert [one.name for one in report.submission.files] == ["方案.docx", "方案.确认.yaml"]


def test_a_corrected_end_is_judged_as_corrected_and_somebody_looks_at_the_words(
    tmp_path: Path,
) -> None:
    """A school that writes a lawful time over an unlawful one must not pass unseen."""
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "改/结束时间：18:30"})
    report = checked(place)
    assert {f.outcome for f in of(report, END)} == {Outcome.PASS, Outcome.INSUFFICIENT}
    assert note(report).state == "corrected" and note(report).instead == "结束时间：18:30"
    assert "refer" in decided(report) and exit_code([report]) == 3


def test_a_correction_that_is_late_fails_plainly(tmp_path: Path) -> None:
    place = plan(tmp_path, IN_TIME)
    filled(draft(place), {"16:30": "改/结束时间：18:35"})
    report = checked(place)
    assert ended(report).outcome is Outcome.FAIL and not ended(report).unconfirmed
    assert "18:35" in ended(report).message
    at = ended(report).location
    assert at is not None and at.paragraph == 6


def test_a_rejected_reading_is_as_if_nobody_had_read_it(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "不是"})
    report = checked(place)
    assert outcome(report, END) is Outcome.INSUFFICIENT
    assert note(report).state == "rejected" and "refer" in decided(report)


def test_the_rows_after_a_rejected_one_keep_their_places(tmp_path: Path) -> None:
    place = plan(
        tmp_path, "周一至周四下午16:30—18:20开展课后服务。", "周五下午15:30—18:50开展课后服务。"
    )
    filled(draft(place), {"16:30": "不是", "15:30": "对"})
    finding = ended(checked(place))
    assert finding.outcome is Outcome.FAIL and not finding.unconfirmed
    assert finding.location is not None
    assert (finding.location.paragraph, finding.location.excerpt) == (7, "下午15:30—18:50")


def test_a_fee_confirmed_or_corrected_counts(tmp_path: Path) -> None:
    """A single value of a row of another list: 每月 300 元 corrected to 200 元."""
    place = plan(tmp_path, "收费标准：每生每月300元。")
    filled(draft(place), {"每生每月300元": "改/金额：200"})
    report = checked(place)
    assert note(report).state == "corrected"


def test_a_correction_that_is_no_value_changes_nothing_and_says_what_to_write(
    tmp_path: Path,
) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "改/结束时间：傍晚"})
    report = checked(place)
    assert note(report).state == "unfit" and "18:30" in note(report).instead
    assert ended(report).unconfirmed


def test_of_two_times_a_person_picks_one_and_the_contradiction_stays(tmp_path: Path) -> None:
    """The text still says both: it has to be mended, whatever is judged meanwhile."""
    two = (IN_TIME, "三、放学", "课后服务每天18:40结束，由家长接回。")
    place = plan(tmp_path, *two)
    assert Outcome.FAIL not in {f.outcome for f in of(checked(place), END)}
    filled(draft(place), {"写了两种": "改/结束时间：18:40"})
    report = checked(place)
    assert ended(report).outcome is Outcome.FAIL and not ended(report).unconfirmed
    told = [f.message for r in report.results for f in r.findings if "两处写的不同" in f.message]
    assert told and "18:40" in told[0]
    plan(tmp_path, *two[:2], two[2].replace("18:40", "18:50"))
    assert note(checked(place)).state == "differs"


# --- a list that is whole ------------------------------------------------------------------------


def test_all_rows_confirmed_and_nothing_else_passes(tmp_path: Path) -> None:
    place = plan(tmp_path, IN_TIME)
    assert outcome(checked(place), END) is Outcome.INSUFFICIENT
    filled(draft(place), {"16:30": "对", "全文没有别的": "对"})
    report = checked(place)
    assert outcome(report, END) is Outcome.PASS
    assert not any(f.unconfirmed for f in of(report, END))


def test_a_list_is_not_whole_while_a_row_is_undecided(tmp_path: Path) -> None:
    place = plan(tmp_path, IN_TIME)
    filled(draft(place), {"全文没有别的": "对"})
    report = checked(place)
    assert outcome(report, END) is Outcome.INSUFFICIENT and note(report).state == "partial"


def test_that_a_list_is_whole_falls_with_any_change_of_the_text(tmp_path: Path) -> None:
    """The added sentence may hold a time that nobody read."""
    place = plan(tmp_path, IN_TIME)
    filled(draft(place), {"16:30": "对", "全文没有别的": "对"})
    report = checked(plan(tmp_path, IN_TIME, LAWFUL))
    assert outcome(report, END) is Outcome.INSUFFICIENT
    assert [one.state for one in report.confirmed.notes] == ["confirmed", "fell"]


# --- statements ----------------------------------------------------------------------------------


def test_what_a_school_says_of_a_statement_takes_back_nothing(tmp_path: Path) -> None:
    place = plan(tmp_path, BREACH)
    filled(draft(place), {"打算做": "不是"})
    (tmp_path / "before").mkdir()
    before, report = checked(plan(tmp_path / "before", BREACH)), checked(place)
    assert outcome(report, DRILL) is outcome(before, DRILL)
    assert outcome(report, DRILL) in (Outcome.REVIEW, Outcome.FAIL)
    assert note(report).state == "said" and note(report).whose == "subject"


@pytest.mark.parametrize("said", ["不是", "改/禁止", "改/怎样说的：假设"])
def test_the_bureau_takes_back_a_review(tmp_path: Path, said: str) -> None:
    place = plan(tmp_path, BREACH)
    report = checked(place, bureaus(place, {"打算做": said}))
    assert outcome(report, DRILL) in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    assert note(report).state in ("rejected", "corrected") and note(report).whose == "authority"


def test_the_bureau_confirms_a_plan_and_it_is_a_breach(tmp_path: Path) -> None:
    """Nobody doubts any more what the sentence plans, however unsure the program was."""
    place = plan(tmp_path, BREACH)
    report = checked(place, bureaus(place, {"打算做": "对"}))
    [found] = [one for one in of(report, DRILL) if one.outcome is Outcome.FAIL]
    assert not found.unconfirmed and note(report).state == "confirmed"
    assert decided(report)[0] == "return"


def test_the_bureau_outranks_the_school(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    record = bureaus(place, {"16:30": "对"})
    filled(draft(place), {"16:30": "改/结束时间：18:30"})
    report = checked(place, record)
    assert ended(report).outcome is Outcome.FAIL and not ended(report).unconfirmed
    assert [one.state for one in report.confirmed.notes] == ["overruled", "confirmed"]
    assert decided(report)[0] == "return"


def test_a_school_that_says_the_same_as_the_bureau_is_told_so(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    record = bureaus(place, {"16:30": "对"})
    filled(draft(place), {"16:30": "对"})
    states = [one.state for one in checked(place, record).confirmed.notes]
    assert states == ["agreed", "confirmed"]


def test_a_bureaus_correction_is_no_reason_to_look_again(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    report = checked(place, bureaus(place, {"16:30": "改/结束时间：18:30"}))
    assert "refer" not in decided(report)


# --- the document changes ------------------------------------------------------------------------


def test_a_record_survives_a_section_added_before_its_sentence(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "对"})
    plan(tmp_path, LAWFUL, "三、时间", LATE)
    report = checked(place)
    assert (note(report).state, note(report).paragraph) == ("confirmed", 8)
    assert not ended(report).unconfirmed


def test_a_record_falls_with_a_character_of_its_sentence_and_says_where(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "对"})
    plan(tmp_path, LAWFUL, LATE.replace("18:40", "18:45"))
    report = checked(place)
    assert (note(report).state, note(report).paragraph) == ("fell", 7)
    assert ended(report).unconfirmed and exit_code([report]) == 3


def test_a_record_falls_where_the_sentence_is_read_otherwise(tmp_path: Path) -> None:
    """The heading above says now whose time it is: what was confirmed was another's."""
    time = "下午16:30—18:10开展课后服务。"
    place = plan(tmp_path, "三、小学服务时间", time)
    filled(draft(place), {"16:30": "对"})
    plan(tmp_path, "三、初中服务时间", time)
    report = checked(place)
    assert (note(report).state, note(report).paragraph) == ("differs", 7)
    assert "初中" in note(report).instead


def test_a_record_falls_where_its_sentence_stands_twice_now(tmp_path: Path) -> None:
    place = plan(tmp_path, BREACH)
    record = bureaus(place, {"打算做": "不是"})
    plan(tmp_path, BREACH, "三、其他", BREACH)
    report = checked(place, record)
    assert note(report).state == "several" and outcome(report, DRILL) is Outcome.FAIL


# --- several records -----------------------------------------------------------------------------


def test_the_same_decision_in_two_files_counts_once_and_is_told(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    shutil.copy(filled(draft(place), {"16:30": "对"}), tmp_path / "方案.confirmed.yaml")
    report = checked(place)
    assert [one.state for one in report.confirmed.notes] == ["again", "confirmed"]


def test_two_decisions_that_differ_count_for_nothing(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place, target=tmp_path / "方案.confirmed.yaml"), {"16:30": "不是"})
    filled(draft(place), {"16:30": "对"})
    report = checked(place)
    assert [one.state for one in report.confirmed.notes] == ["conflict", "conflict"]
    assert ended(report).unconfirmed


def test_a_record_of_another_document_is_not_used_and_told(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "对"})
    place.rename(tmp_path / "定稿.docx")
    (tmp_path / "方案.确认.yaml").rename(tmp_path / "定稿.确认.yaml")
    report = checked(tmp_path / "定稿.docx")
    assert (note(report).state, note(report).file) == ("other", "方案.docx")
    assert ended(report).unconfirmed


def test_a_file_of_the_bureaus_holds_the_records_of_many(tmp_path: Path) -> None:
    """Documents of two schools bear the same name; of the other's nothing is told."""
    place = plan(tmp_path, LATE)
    record = bureaus(place, {"16:30": "对"})
    text = record.read_text("utf-8")
    entry = text.partition("确认:\n")[2]
    other = entry.replace("名称: 示例镇中心小学", "名称: 另一镇（示例）小学")
    record.write_text(text + other.replace("决定: 对", "决定: 不是"), "utf-8")
    report = checked(place, record)
    assert note(report).state == "confirmed" and not ended(report).unconfirmed


# --- engines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["对", "改/结束时间：18:30", "不是"])
def test_both_engines_judge_what_was_confirmed_alike(tmp_path: Path, said: str) -> None:
    place = plan(tmp_path, LATE, BREACH)
    filled(draft(place), {"16:30": said})
    report = checked(place)
    assert report.run.cross_checked
    assert not [r.rule for r in report.results if r.outcome is Outcome.ERROR]
    one = checked(place, engine="direct")
    assert [(r.rule, r.outcome) for r in one.results] == [
        (r.rule, r.outcome) for r in report.results
    ]
