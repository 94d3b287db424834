from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.reports_by_hand import report, result
from tests.support.round_entries import (
    CLEAN,
    FAIL,
    MUTE,
    OPEN,
    RED,
    TITLES,
    UNREAD,
    entry,
    row,
    seen,
)

from kehou.batch.entry import Entry, Unadopted, Waived, Wanted, as_tree, entry_of, from_tree
from kehou.batch.register import Register
from kehou.batch.sentences import left, left_n, unadopted, verdict, waived
from kehou.batch.summary import summarised
from kehou.model.outcomes import Outcome
from kehou.model.report import AttestationNote, AttestationsApplied
from kehou.render.words import catalogue

WORDS = catalogue.load("zh")


def groups(*entries: Entry, register: Register | None = None) -> dict[str, str]:
    found = summarised(entries, register, TITLES, stage="approval")
    return {place.id or place.path: place.group for place in found.places}


def test_each_stands_in_the_group_that_is_dealt_with_first() -> None:
    found = groups(CLEAN, OPEN, FAIL, RED, UNREAD, MUTE)
    assert list(found.items()) == [
        ("材料/5", "unread"),
        ("6", "unread"),
        ("1", "red"),
        ("2", "fail"),
        ("3", "open"),
        ("4", "clean"),
    ]


@pytest.mark.parametrize("outcome", ["review", "insufficient", "error"])
def test_what_is_open_is_no_praise(outcome: str) -> None:
    assert groups(entry("1", seen("pass"), seen(outcome, "s"))) == {"1": "open"}


def test_what_only_a_program_read_is_no_breach_and_is_counted_apart() -> None:
    """A school is not sent back for words that a program may have misread."""
    read = replace(seen("review", "s"), read=True)
    found = summarised([entry("1", read), FAIL], None, TITLES, stage="approval")
    assert {place.id: place.group for place in found.places} == {"1": "open", "2": "fail"}
    assert [[place.id for place in one.places] for one in found.problems] == [["2"]]
    assert [[place.id for place in one.places] for one in found.read_only] == [["1"]]
    again = from_tree(as_tree(entry("1", read)))
    assert again.rules[0].read is True


def test_of_a_text_nobody_says_that_a_paper_is_not_there_at_all() -> None:
    """It may stand there in words that no program reads."""
    text = entry("1", wanted=(Wanted("/exemptions", "费用减免", "subject", 3, "费用减免", 6),))
    form = entry("2", wanted=(Wanted("/exemptions", "费用减免", "subject", 3, "费用减免"),))
    (paper,) = summarised([text, form], None, TITLES, stage="approval").papers
    assert [place.id for place in paper.whole] == ["2"]
    assert [place.id for place in paper.read] == ["1"]
    assert from_tree(as_tree(text)).wanted == text.wanted


def test_a_place_that_could_not_be_read_is_no_praise() -> None:
    assert groups(replace(CLEAN, unreadable=1)) == {"4": "open"}


def test_a_breach_is_not_hidden_by_what_could_not_be_judged() -> None:
    (place,) = summarised([RED], None, TITLES, stage="approval").places
    assert (place.cells["a"].outcome, place.cells["a"].red) == (Outcome.FAIL, True)
    assert place.cells["b"].outcome is Outcome.PASS


def test_who_is_registered_and_not_there_is_told_and_only_who_was_expected() -> None:
    register = Register((row("1"), row("9"), row("8", expected=False)))
    found = summarised([RED, FAIL], register, TITLES, stage="approval")
    assert [place.id for place in found.of("absent")] == ["9"]
    assert [place.id for place in found.unregistered] == ["2"]


def test_what_nobody_could_read_is_held_to_be_of_whose_name_is_in_its_path() -> None:
    unread = Entry("", "材料/05红星小学/方案.yaml", "unread")
    register = Register((row("5", name="红星小学"), row("7", name="河畔小学")))
    found = summarised([unread], register, TITLES, stage="approval")
    assert [place.id for place in found.of("absent")] == ["7"]
    assert not found.nobodys


def test_lateness_is_told_by_the_date_that_is_asked_for_and_never_by_the_clock() -> None:
    register = Register((row("9", until="2021-09-10"),))
    late = summarised([], register, TITLES, stage="approval", on="2021-09-20").late
    assert [(place.id, place.late) for place in late] == [("9", 10)]
    assert summarised([], register, TITLES, stage="approval", on="2021-09-10").late == ()
    assert summarised([], register, TITLES, stage="approval").late == ()


def test_who_filed_after_the_day_is_late_though_it_was_read() -> None:
    register = Register((row("2", until="2021-09-10"),))
    filed = replace(FAIL, stage="approval", check_date="2021-09-12", dated_by_field=True)
    (place,) = summarised([filed], register, TITLES, stage="approval").late
    assert place.late == 2


def test_problems_and_papers_are_counted_by_submitters() -> None:
    want = (Wanted("/x", "台账", "subject", 3), Wanted("/x2", "台账", "subject", 1))
    one, two = replace(FAIL, wanted=want), replace(OPEN, wanted=want[:1])
    found = summarised([RED, one, two], None, TITLES, stage="approval")
    assert [(p.rule.rule, len(p.places)) for p in found.problems] == [("r", 2)]
    assert [(p.label, len(p.places)) for p in found.papers] == [("台账", 2)]


def test_fields_of_one_paper_are_one_paper_and_whoever_lacks_all_of_it_is_counted() -> None:
    rows = Wanted("/ledger/rows", "台账·收支记录", "subject", 9, "台账")
    closing = Wanted("/ledger/closing", "台账·期末余额", "subject", 2, "台账")
    whole = Wanted("/ledger", "台账", "subject", 9, "台账")
    kept_before = Wanted("/ledger/rows", "台账·收支记录", "subject", 9)
    one, two = replace(FAIL, wanted=(rows, closing)), replace(OPEN, wanted=(whole,))
    three = replace(CLEAN, wanted=(kept_before,))
    found = summarised([one, two, three], None, TITLES, stage="approval")
    assert [(p.label, len(p.places), len(p.whole)) for p in found.papers] == [("台账", 3, 1)]
    assert [place.missing for place in found.places] == [1, 1, 1]


def test_strata_are_the_registers_where_it_has_them() -> None:
    found = summarised([RED, FAIL], Register((row("1"),)), TITLES, stage="approval")
    counted = {one.value: one.total for one in found.strata["乡镇"]}
    assert counted == {"东镇": 1, "西镇": 1}


def test_the_verdict_says_that_what_was_not_read_is_no_good_news() -> None:
    found = summarised([RED, CLEAN, UNREAD], Register((row("9"),)), TITLES, stage="approval")
    told = verdict(found, WORDS)
    assert "没有读出" in told
    assert "未报送，不能算作没有问题" in told


def test_an_entry_comes_back_as_it_was_kept() -> None:
    kept = replace(RED, wanted=(Wanted("/x", "台账", "subject", 3),), likeness=(1, 2))
    assert from_tree(as_tree(kept)) == kept
    with pytest.raises(ValueError, match="/format"):
        from_tree({**as_tree(kept), "format": "kehou-kept/0"})


def test_attestations_that_count_for_nothing_are_told_with_the_day_that_takes_them_in() -> None:
    late = [
        replace(RED, unadopted=(Unadopted("not_yet", "pass", "2021-11-18"),)),
        replace(
            CLEAN,
            check_date="2021-11-17",
            unadopted=(
                Unadopted("not_yet", "fail", "2021-11-20"),
                Unadopted("not_yet", "pass", "2021-11-19"),
                Unadopted("partial", "pass", "2021-11-10"),
            ),
        ),
    ]
    assert all(from_tree(as_tree(one)) == one for one in late)
    found = summarised([*late, OPEN], None, TITLES, stage="approval")
    first, second = unadopted(found, WORDS)  # whom an inspector found in breach comes first
    assert first.startswith(CLEAN.name) and second.startswith(RED.name)
    assert "有2项核实没有采用" in first and "--on 2021-11-20" in first
    assert "有1项核实因" in first and "不符合1项，还没有结论" in first
    assert "--on 2021-11-18" in second and "不符合" not in second
    assert unadopted(summarised([OPEN], None, TITLES, stage="approval"), WORDS) == []


def test_who_was_found_in_breach_is_not_among_those_without_problems() -> None:
    """Also where what the inspector found was not adopted."""
    for verdict_, group in (("fail", "open"), ("pass", "clean")):
        entry = replace(CLEAN, unadopted=(Unadopted("not_yet", verdict_, "2021-11-20"),))
        (place,) = summarised([entry], None, TITLES, stage="approval").places
        assert place.group == group


def test_one_who_came_twice_is_one_and_what_is_nobodys_is_not_told_as_unregistered() -> None:
    """「11 所」 and 「小学 7」 counted a double twice; a torn file stood under 「不在名单中」."""
    twice = [
        replace(RED, path=f"材料/{n}", state="doubled", strata={"t": "东镇"}) for n in ("一", "二")
    ]
    found = summarised(
        [*twice, CLEAN, UNREAD], Register((row("4"),)), {"t": "乡镇"}, stage="approval"
    )
    assert len(found.of("doubled")) == 2
    assert found.number("doubled") == 1
    assert found.number() == 3
    (named,) = (one for one in found.strata["乡镇"] if one.value == "东镇")
    assert named.total == 1
    assert verdict(found, WORDS).startswith("3 所") or "3 " in verdict(found, WORDS)[:4]
    assert {place.id for place in found.unregistered} == {"1"}
    assert [place.path for place in found.nobodys] == [UNREAD.path]


@pytest.mark.parametrize("cited", [True, False])
def test_a_breach_that_an_inspector_saw_and_no_rule_decides_is_a_breach(cited: bool) -> None:
    """The circular tells of it: a summary that praised the school would say otherwise."""
    ruled = result(Outcome.PASS)
    clause = ruled.clauses[0].id if cited else "Z.9"
    note = AttestationNote(
        clause,
        "",
        "recorded",
        "核查表!9",
        None,
        Outcome.FAIL,
        "查课时在讲新课",
        "照片20",
        "某局（示例）",
        "2021-11-17",
        "2022-01-20",
    )
    checked = replace(report(ruled), attestations=AttestationsApplied((note,)))
    kept = from_tree(as_tree(entry_of(checked, "k", "材料/1", {}, "critical")))
    assert groups(kept) == {kept.id: "fail"}
    (problem,) = summarised([kept], None, TITLES, stage="inspection").problems
    told = ruled.clauses[0].quote if cited else "查课时在讲新课"
    assert told in problem.rule.title


def test_files_that_were_not_read_are_told_with_whose_they_are_and_documents_first() -> None:
    """One of them may be the plan of who is told not to have handed one in."""
    with_papers = replace(CLEAN, left=("照片.jpg", "友谊方案.docx"))
    own = replace(FAIL, path="材料/4/友谊方案.docx")
    found = summarised(
        [with_papers], None, TITLES, stage="approval", strays=("说明.txt", "乙.docx")
    )
    assert left(found, WORDS) == ["4校：友谊方案.docx、照片.jpg", "乙.docx", "说明.txt"]
    assert "4 个" in left_n(found, WORDS)
    found = summarised([with_papers, own], None, TITLES, stage="approval")
    assert left(found, WORDS) == ["4校：照片.jpg"], "what is a submission of its own was read"


def test_what_is_waived_is_told_with_how_much_and_until_when() -> None:
    """docs/bureau.md promises that it is seen in every report."""
    excused = replace(CLEAN, waived=(Waived("集体教学", 3, "2022-07-15"),))
    found = summarised([excused], None, TITLES, stage="approval")
    assert waived(found, WORDS) == ["4校：集体教学，已豁免 3 处，至 2022-07-15"]
    assert "另有已豁免 1 项" in verdict(found, WORDS)  # a rule is one, as in the opinion
    assert from_tree(as_tree(excused)) == excused


def test_a_round_of_before_waivers_were_kept_is_still_read() -> None:
    tree = as_tree(CLEAN)
    del tree["waived"], tree["left"]
    assert from_tree(tree) == CLEAN
