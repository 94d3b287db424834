"""A plan in Word is checked for what it says, and never for what nobody looked for in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document as new_document
from tests.support.prose import BREACH, LINES, plan

import kehou
from kehou import CheckOptions
from kehou.batch.survey import digest_of
from kehou.errors import EXIT_UNSETTLED, UnreadableError
from kehou.fields.display_parts import MASK
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import RuleResult
from kehou.render.programs import json
from kehou.render.screen import text as screen
from kehou.render.words.summary import exit_code


def checked(place: Path, engine: str = "both") -> kehou.Report:
    """The report of a plan at filing."""
    options = CheckOptions(stage=Stage.APPROVAL, packs=("bayannur-2021",), engine=engine)
    return kehou.check(str(place), options)


def test_a_planned_breach_fails_at_its_paragraph_with_its_words(tmp_path: Path) -> None:
    """Both readings take it for planned; nobody has confirmed it, so that a person looks first."""
    report = checked(plan(tmp_path, BREACH))
    [result] = [r for r in report.results if r.rule == "statement-exam-drill"]
    assert result.outcome is Outcome.FAIL
    finding = next(f for f in result.findings if f.outcome is Outcome.FAIL)
    assert finding.unconfirmed and "尚未确认" in finding.message
    assert finding.location is not None
    assert (finding.location.file, finding.location.paragraph) == ("方案.docx", 6)
    assert BREACH in finding.message


def test_nothing_that_was_not_read_fails_or_passes(tmp_path: Path) -> None:
    """A form without an insurance fails; a text in which nobody looked for one may not."""
    report = checked(plan(tmp_path))
    assert [r.rule for r in report.results if r.outcome is Outcome.FAIL] == []
    passed = {r.rule for r in report.results if r.outcome is Outcome.PASS}
    assert passed <= {
        "statement-new-lesson",
        "statement-collective-lesson",
        "statement-exam-drill",
        "statement-pupils-compelled",
        "procedure-voluntary-basis",  # the text says 学生自愿参加
        "procedure-voluntary-stated",
    }
    assert report.decision is not None and report.decision.value != "accept"


def test_a_text_that_is_silent_on_a_topic_does_not_pass_for_it(tmp_path: Path) -> None:
    report = checked(plan(tmp_path))
    [result] = [r for r in report.results if r.rule == "statement-pupils-compelled"]
    assert result.outcome is Outcome.NOT_APPLICABLE


LATE = "周一至周五下午16:30—18:40开展课后服务。"
IN_TIME = "周一至周五下午16:30—18:30开展课后服务。"


def ended(report: kehou.Report) -> RuleResult:
    """What a report says of the end of the service."""
    [result] = [r for r in report.results if r.rule == "schedule-primary-end"]
    return result


def test_a_late_end_fails_at_its_sentence_as_not_confirmed_and_returns_nothing(
    tmp_path: Path,
) -> None:
    """A misread time must not send a plan back: a person looks at it."""
    report = checked(plan(tmp_path, LATE))
    result = ended(report)
    assert result.outcome is Outcome.FAIL
    finding = next(f for f in result.findings if f.outcome is Outcome.FAIL)
    assert finding.location is not None and finding.location.paragraph == 6
    assert finding.location.excerpt == "下午16:30—18:40"
    assert finding.unconfirmed and "尚未确认" in finding.message
    assert report.decision is not None
    assert "refer" in (report.decision.value, *report.decision.also)
    assert "return" not in (report.decision.value, *report.decision.also)
    assert exit_code([report]) == EXIT_UNSETTLED


def test_an_end_in_time_passes_at_its_sentence_and_the_rest_stays_unknown(tmp_path: Path) -> None:
    result = ended(checked(plan(tmp_path, IN_TIME)))
    passed = next(f for f in result.findings if f.outcome is Outcome.PASS)
    assert passed.location is not None and passed.location.paragraph == 6
    assert passed.unconfirmed
    assert result.outcome is Outcome.INSUFFICIENT  # there may be times that nobody has read


def test_times_that_were_read_make_nothing_else_absent(tmp_path: Path) -> None:
    """No other rule passes or fails because of a list that may have more rows than were read."""
    before = checked(plan(tmp_path), "direct")
    after = checked(plan(tmp_path, IN_TIME), "direct")
    settled = (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE)

    def outcomes(report: kehou.Report) -> dict[str, Outcome]:
        return {r.rule: r.outcome for r in report.results if r.outcome in settled}

    assert outcomes(after) == outcomes(before)


def test_two_times_of_one_service_are_told_with_both_places_and_neither_is_used(
    tmp_path: Path,
) -> None:
    report = checked(plan(tmp_path, "课后服务时间：16:30—17:30。", "课后服务时间：16:30—18:40。"))
    assert Outcome.FAIL not in {f.outcome for f in ended(report).findings}
    [told] = [f for r in report.results for f in r.findings if f.subject.pointer == "/conflicts/0"]
    assert told.outcome is Outcome.REVIEW
    assert "“二、内容”下第2段（全文第6段）“16:30—17:30”" in told.message
    assert "“二、内容”下第3段（全文第7段）“16:30—18:40”" in told.message


def test_a_late_end_in_a_table_of_word_fails_in_its_cell(tmp_path: Path) -> None:
    place = plan(tmp_path, "课后服务时间表")
    made = new_document(str(place))
    table = made.add_table(rows=3, cols=3)
    cells = [
        ("年级", "夏季", "冬季"),
        ("一至三年级", "16:20—18:10", "16:00—17:50"),
        ("四至六年级", "16:20—18:40", "16:00—18:20"),
    ]
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    made.save(str(place))
    result = ended(checked(place))
    found = [f for f in result.findings if f.outcome is Outcome.FAIL]
    assert [f.location.excerpt for f in found if f.location] == ["16:20—18:40"]
    assert "summer" in found[0].subject.key


WAIVED = "建档立卡贫困户子女、特困家庭子女、烈士子女、孤儿、残疾学生免收"


def test_a_group_that_pays_half_fails_at_its_words_and_the_others_pass(tmp_path: Path) -> None:
    report = checked(
        plan(tmp_path, f"课后服务费每生每月120元，低保户子女减半，{WAIVED}课后服务费。")
    )
    [result] = [r for r in report.results if r.rule == "fee-exempt-treatment"]
    [failed] = [f for f in result.findings if f.outcome is Outcome.FAIL]
    assert failed.location is not None and failed.location.excerpt == "低保户子女"
    assert failed.unconfirmed
    assert sum(f.outcome is Outcome.PASS for f in result.findings) == 5


def test_groups_that_the_text_does_not_name_are_unknown_and_not_left_out(tmp_path: Path) -> None:
    """A list in a form that lacks a group breaks the rule; a text may name it elsewhere."""

    def outcome(*lines: str) -> Outcome:
        report = checked(plan(tmp_path, "课后服务费每生每月120元。", *lines), "direct")
        [found] = [r.outcome for r in report.results if r.rule == "fee-exempt-categories"]
        return found

    assert outcome(f"{WAIVED}课后服务费。") is Outcome.INSUFFICIENT
    assert outcome(f"低保户子女、{WAIVED}课后服务费。") is Outcome.PASS


def test_who_joins_freely_and_must_join_in_one_text_is_told_with_both_places(
    tmp_path: Path,
) -> None:
    """A plan that states freedom in one section and takes it in another passes for neither."""
    report = checked(plan(tmp_path, "全体学生必须参加课后服务。"), "direct")
    outcomes = {r.rule: r.outcome for r in report.results}
    assert outcomes["procedure-voluntary-basis"] is Outcome.INSUFFICIENT
    told = [
        f for r in report.results for f in r.findings if f.subject.pointer.startswith("/conflicts")
    ]
    assert any("学生自愿" in f.message and "必须参加" in f.message for f in told)


def test_what_was_not_read_is_told(tmp_path: Path) -> None:
    told = checked(plan(tmp_path)).submission.unread_files
    assert any("没有读，不等于没有写" in one for one in told)


def test_name_and_term_are_read_from_the_title(tmp_path: Path) -> None:
    report = checked(plan(tmp_path))
    assert report.submission.name == "示例镇中心小学"
    assert report.run.as_of == "2021-09-01"


def test_text_says_the_same_as_word(tmp_path: Path) -> None:
    word = checked(plan(tmp_path, BREACH))
    text = tmp_path / "方案.txt"
    text.write_text("\n".join((*LINES, BREACH)), "utf-8")
    assert [(r.rule, r.outcome) for r in checked(text).results] == [
        (r.rule, r.outcome) for r in word.results
    ]


def test_numbers_and_names_of_persons_are_not_copied(tmp_path: Path) -> None:
    report = checked(plan(tmp_path, "每周五组织单元检测，联系人：欧阳虚构，电话13800138000。"))
    shown = json.render([report])
    assert "13800138000" not in shown and "欧阳虚构" not in shown
    assert MASK[0] in shown


def test_the_order_of_sections_and_a_lawful_section_more_change_nothing(tmp_path: Path) -> None:
    first = checked(plan(tmp_path, BREACH, "三、安全", "门卫登记。"), "direct")
    second = checked(plan(tmp_path, "三、安全", "门卫登记。", BREACH), "direct")
    assert [(r.rule, r.outcome) for r in first.results] == [
        (r.rule, r.outcome) for r in second.results
    ]


@pytest.mark.parametrize("name", ["plan.docx", "实施方案.docx", "方案.txt"])
def test_a_file_of_prose_alone_is_a_submission(tmp_path: Path, name: str) -> None:
    place = plan(tmp_path, BREACH, name="方案.docx")
    if name.endswith(".txt"):
        place = tmp_path / name
        place.write_text("\n".join((*LINES, BREACH)), "utf-8")
    else:
        place = place.rename(tmp_path / name)
    assert checked(place, "direct").submission.files[0].name == name


def test_a_folder_with_one_word_document_is_read_from_it(tmp_path: Path) -> None:
    plan(tmp_path, BREACH, name="课后服务方案（定稿）.docx")
    (tmp_path / "说明.txt").write_text("另附。", "utf-8")
    report = checked(tmp_path, "direct")
    assert report.submission.files[0].name == "课后服务方案（定稿）.docx"
    assert "说明.txt" in report.submission.unread_files


def test_of_several_documents_nobody_can_tell_and_one_named_so_is_taken(tmp_path: Path) -> None:
    plan(tmp_path, name="甲.docx")
    plan(tmp_path, name="乙.docx")
    with pytest.raises(UnreadableError, match="不知道哪一份是"):
        checked(tmp_path, "direct")
    plan(tmp_path, name="实施方案.docx")
    assert checked(tmp_path, "direct").submission.files[0].name == "实施方案.docx"


def test_a_form_beside_the_document_is_what_is_checked(tmp_path: Path) -> None:
    plan(tmp_path, BREACH)
    (tmp_path / "plan.yaml").write_text("school: {name: 示例小学}\nplan: {term: autumn}\n", "utf-8")
    options = CheckOptions(stage=Stage.APPROVAL, packs=("bayannur-2021",), as_of="2021-09-06")
    assert "方案.docx" in kehou.check(str(tmp_path), options).submission.unread_files


def test_a_changed_document_in_a_folder_is_another_submission(tmp_path: Path) -> None:
    """What a run over many kept is used again only where nothing that is read has changed."""
    plan(tmp_path)
    before = digest_of(str(tmp_path))
    plan(tmp_path, BREACH)
    assert digest_of(str(tmp_path)) != before


@pytest.mark.parametrize("name", ["方案.doc", "方案.wps"])
@pytest.mark.parametrize("holds", [b"", "WordDocument".encode("utf-16-le")])
def test_an_old_document_that_cannot_be_converted_is_to_be_saved_as_a_new_one(
    tmp_path: Path, name: str, holds: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damaged, or sound where LibreOffice is not installed."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + holds)
    with pytest.raises(UnreadableError) as refused:
        checked(tmp_path / name)
    assert "另存为" in refused.value.hint and ".docx" in refused.value.hint


def test_what_may_be_compulsion_contradicts_nothing_and_passes_nothing(tmp_path: Path) -> None:
    """Only what says it plainly is told as the opposite of 自愿; the doubt is asked about."""
    vague = "班主任对未参加的学生要逐一登记。"
    told = {r.rule: r for r in checked(plan(tmp_path, vague), "direct").results}
    assert told["statement-pupils-compelled"].outcome is Outcome.REVIEW
    assert told["procedure-voluntary-basis"].outcome is Outcome.INSUFFICIENT
    assert told["conflict-read"].outcome is not Outcome.REVIEW
    plain = {
        r.rule: r for r in checked(plan(tmp_path, "全体学生必须参加课后服务。"), "direct").results
    }
    assert plain["conflict-read"].outcome is Outcome.REVIEW


def test_a_school_is_not_asked_for_what_only_the_program_reads(tmp_path: Path) -> None:
    """前后不一 and 文字中的说法 are found or not found: no school hands them in."""
    place = tmp_path / "方案.txt"
    place.write_text("示例小学2021年秋季学期课后服务方案\n学生自主完成作业。\n", "utf-8")
    for given in (plan(tmp_path), place):
        asked = {item.path.split("/")[1] for item in checked(given, "direct").missing_evidence}
        assert not asked & {"statements", "conflicts"}


def test_a_place_in_a_document_is_told_by_its_heading_and_its_cell(tmp_path: Path) -> None:
    """Nobody counts thirty paragraphs: the heading, the paragraph below it, the row and column."""
    place = plan(tmp_path, BREACH, "三、服务时间")
    made = new_document(str(place))
    table = made.add_table(rows=2, cols=2)
    for row, texts in zip(
        table.rows, [("年级", "夏季"), ("一至六年级", "16:20—18:40")], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    made.save(str(place))
    report = checked(place, "direct")
    told = screen.render([report])
    assert "方案.docx “二、内容”下第 2 段（全文第 6 段）" in told
    assert "方案.docx “三、服务时间”下表 1 第 2 行第 2 列（全文第 11 段）" in told
    assert "¶" not in told
