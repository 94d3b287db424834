"""The benchmark of verdicts: sets are written right, the scorer counts right, bases stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.verdicts import __main__ as command
from benchmarks.verdicts.changes import changes, recorded
from benchmarks.verdicts.judged import Found, Judge
from benchmarks.verdicts.probes import (
    FOLDER,
    Faults,
    Line,
    Probe,
    patched_with,
    read_bases,
    read_set,
    set_names,
)
from benchmarks.verdicts.scores import interval, scored, stands, wrong_critical_fails
from benchmarks.verdicts.validation import check
from tests.support.share import share

from kehou.model.outcomes import Outcome, Severity, Stage

pytestmark = pytest.mark.checkout

FAIL, REVIEW, LACKING = Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT


@pytest.fixture(scope="module")
def judge() -> Judge:
    faults = Faults()
    bases = read_bases(faults)
    assert faults.found == []
    return Judge(bases)


# --- the sets themselves -------------------------------------------------------------------


@pytest.fixture(scope="module")
def probes(judge: Judge) -> list[Probe]:
    faults = Faults()
    found = [probe for name in set_names() for probe in read_set(name, faults)]
    ready = check(found, judge, faults)
    assert faults.found == []
    assert ready == found
    return found


def known_wrong() -> set[str]:
    lines = (FOLDER / "open.txt").read_text("utf-8").splitlines()
    return {name for line in lines if (name := line.partition("#")[0].strip())}


def test_probes_that_are_wrong_today_are_listed_and_no_others(
    judge: Judge, probes: list[Probe]
) -> None:
    step = max(1, len(probes) // share(len(probes)))
    drawn = probes[::step]
    wrong = {probe.ref for probe in drawn if scored(probe, judge.new(probe)).wrong}
    listed = known_wrong() & {probe.ref for probe in drawn}
    assert wrong - listed == set(), "判错了：改规则，不改答案"
    assert listed - wrong == set(), "已经判对：从 open.txt 中删去"


@pytest.fixture(scope="module")
def bases(judge: Judge) -> dict[str, list[Found]]:
    return command.bases_judged(judge)


def test_lawful_bases_stand_but_for_those_listed(bases: dict[str, list[Found]]) -> None:
    fallen = {command.base_ref(name) for name in bases if not stands(bases[name])}
    assert fallen == {name for name in known_wrong() if name.startswith("base/")}


def test_what_is_listed_as_wrong_is_there(
    bases: dict[str, list[Found]], probes: list[Probe]
) -> None:
    there = {command.base_ref(name) for name in bases} | {probe.ref for probe in probes}
    assert known_wrong() <= there


BASES = """
bases:
- {id: a, about: x, packs: [bayannur-2021], file: rules/bayannur-2021/base.yaml}
- {id: b, about: x, of: a, set: {/school/name: 另一所学校（示例）, /school/classes_total: '9'}}
- id: c
  about: x
  of: a
  take: {b: [/school/name, /school/classes_total]}
  daily:
    from: 2021-09-30
    to: 2021-10-11
    off: [2021-10-01, 2021-10-04, 2021-10-05, 2021-10-06, 2021-10-07]
    rows:
    - {weekdays: [1, 2, 3, 4, 5], row: {session_ref: S1, staff_id: T01}}
    - {weekdays: [1], from: 2021-10-11, row: {session_ref: S4, staff_id: T03}}
    - {weekdays: [5], to: 2021-10-07, row: {session_ref: S6, staff_id: T01}}
  set: {/school/classes_total: '18'}
"""


def bases_of(tmp_path: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    path = tmp_path / "bases.yaml"
    path.write_text(text, "utf-8")
    faults = Faults()
    return {name: base.tree for name, base in read_bases(faults, path).items()}, faults.found


def test_a_base_takes_parts_of_another_before_its_own_changes(tmp_path: Path) -> None:
    made, faults = bases_of(tmp_path, BASES)
    assert faults == []
    assert made["c"]["school"]["name"] == "另一所学校（示例）"
    assert made["c"]["school"]["classes_total"] == "18"
    assert made["a"]["school"]["classes_total"] == "18"


def test_daily_rows_stand_on_the_days_of_service_alone(tmp_path: Path) -> None:
    """Both ends inside; no weekend, no day off; a row's own limits hold."""
    made, _ = bases_of(tmp_path, BASES)
    rows = [(row["date"], row["session_ref"]) for row in made["c"]["attendance"]]
    assert rows == [
        ("2021-09-30", "S1"),
        ("2021-10-08", "S1"),
        ("2021-10-11", "S1"),
        ("2021-10-11", "S4"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{b: [/school/name,", "{z: [/school/name,", "z"),
        ("{b: [/school/name,", "{b: [/school/nam,", "/school/nam"),
        ("{b: [/school/name,", "{b: [/staff/99,", "/staff/99"),
    ],
)
def test_what_a_base_cannot_take_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    made, faults = bases_of(tmp_path, BASES.replace(old, new))
    assert "c" not in made
    (line,) = faults
    assert line.startswith("bases.yaml:5：") and told in line, line


# --- right and wrong -----------------------------------------------------------------------


def line(clauses: str, outcomes: str) -> Line:
    return Line(frozenset(clauses.split()), frozenset(outcomes.split()))


def probe(
    kind: str = "breach", expect: tuple[Line, ...] = (), allow: tuple[Line, ...] = ()
) -> Probe:
    return Probe(
        "made/x",
        "times",
        kind == "lawful",
        "b",
        Stage.APPROVAL,
        None,
        "",
        {},
        (),
        expect,
        allow,
        "",
        "made.yaml:1",
    )


def found(clauses: str, *outcomes: Outcome, severity: Severity = Severity.CRITICAL) -> Found:
    blocking = severity in (Severity.CRITICAL, Severity.MAJOR)
    subjects = {f"s{i}": outcome for i, outcome in enumerate(outcomes)}
    rule = f"rule-{clauses.replace(' ', '-')}"
    return Found(rule, tuple(clauses.split()), severity, blocking, subjects)


WANTED = (line("D.2-b D.2-a", "fail review"),)
SCORES: Mapping[str, tuple[Probe, list[Found], tuple[str, ...]]] = {
    "met": (probe(expect=WANTED), [found("D.2-b", FAIL)], ()),
    "met by a minor rule": (
        probe(expect=WANTED),
        [found("D.2-b", REVIEW, severity=Severity.MINOR)],
        (),
    ),
    "met by another clause of the line": (probe(expect=WANTED), [found("X D.2-a", REVIEW)], ()),
    "nothing adverse": (probe(expect=WANTED), [], ("wrong_pass",)),
    "adverse elsewhere": (probe(expect=WANTED), [found("C.1-b", REVIEW)], ("wrong_pass",)),
    "advice is not enough": (
        probe(expect=WANTED),
        [found("D.2-b", REVIEW, severity=Severity.ADVICE)],
        ("wrong_pass",),
    ),
    "one line of two": (
        probe(expect=(*WANTED, line("C.1-b", "review"))),
        [found("D.2-b", FAIL)],
        ("wrong_pass",),
    ),
    "met by less than is wanted": (
        probe(expect=(line("D.2-b", "fail"),)),
        [found("D.2-b", REVIEW)],
        ("otherwise",),
    ),
    "a fail where a review was right": (
        probe(expect=(line("D.2-b", "review"),)),
        [found("D.2-b", FAIL)],
        ("wrong_fail",),
    ),
    "a fail that nothing names": (
        probe(expect=WANTED),
        [found("D.2-b", FAIL), found("C.1-b", FAIL)],
        ("wrong_fail",),
    ),
    "a fail that is allowed": (
        probe(expect=WANTED, allow=(line("C.1-b", "fail"),)),
        [found("D.2-b", FAIL), found("C.1-b", FAIL)],
        (),
    ),
    "a minor fail blocks nobody": (
        probe(expect=WANTED),
        [found("D.2-b", FAIL), found("C.1-b", FAIL, severity=Severity.MINOR)],
        (),
    ),
    "a question beside a breach": (
        probe(expect=WANTED),
        [found("D.2-b", FAIL), found("C.1-b", REVIEW)],
        (),
    ),
    "passed over and accused": (
        probe(expect=WANTED),
        [found("C.1-b", FAIL)],
        ("wrong_pass", "wrong_fail"),
    ),
    "lawful": (probe("lawful"), [], ()),
    "lawful, asked": (probe("lawful"), [found("D.2-b", REVIEW)], ("needless",)),
    "lawful, told to supply": (probe("lawful"), [found("D.2-b", LACKING)], ("needless",)),
    "lawful, not read": (probe("lawful"), [found("D.2-b", Outcome.ERROR)], ("needless",)),
    "lawful, accused": (probe("lawful"), [found("D.2-b", FAIL)], ("wrong_fail",)),
    "lawful, asked what may be asked": (
        probe("lawful", allow=(line("D.2-b", "review"),)),
        [found("D.2-b", REVIEW)],
        (),
    ),
    "lawful, a small question": (
        probe("lawful"),
        [found("D.2-b", REVIEW, severity=Severity.MINOR)],
        (),
    ),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_probe_is_scored(name: str) -> None:
    made, seen, wrong = SCORES[name]
    assert scored(made, seen).wrong == wrong


def test_wrong_critical_fails_are_told_apart() -> None:
    grave = scored(probe("lawful"), [found("D.2-b", FAIL)])
    less = scored(probe("lawful"), [found("D.2-b", FAIL, severity=Severity.MAJOR)])
    lesser = found("X", FAIL, severity=Severity.MAJOR)
    beside = scored(probe(expect=WANTED), [found("D.2-b", FAIL), lesser])
    assert wrong_critical_fails([less, beside]) == []
    assert wrong_critical_fails([grave]) == ["made/x"]


STANDS = {
    "nothing": ([], True),
    "two reviews": ([found("A", REVIEW), found("B", REVIEW)], True),
    "three reviews": ([found("A", REVIEW), found("B", REVIEW), found("C", REVIEW)], False),
    "something to supply": ([found("A", LACKING, severity=Severity.MAJOR)], False),
    "a small thing to supply": ([found("A", LACKING, severity=Severity.MINOR)], True),
    "a fail": ([found("A", FAIL, REVIEW)], False),
    "advice": ([found("A", FAIL, severity=Severity.ADVICE)], True),
}


@pytest.mark.parametrize("name", STANDS)
def test_a_base_stands_where_nothing_blocks_and_little_is_asked(name: str) -> None:
    seen, well = STANDS[name]
    assert stands(seen) is well


def test_intervals_are_those_of_wilson() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20 and 1 of 29."""
    shown = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for counts, bounds in shown.items():
        assert interval(*counts) == pytest.approx(bounds, abs=0.00005)


# --- against the base ----------------------------------------------------------------------

SET = """
set: made
about: 试写的题
probes:
- id: m1
  head: times
  kind: breach
  base: nine-year
  stage: approval
  story: 社团到18:31
  set: {/plan/sessions/1/end: '18:31'}
  expect: [{clauses: [D.2-b], any_of: [fail]}]
  why: 不晚于18:30
"""


def read_made(tmp_path: Path, text: str, judge: Judge) -> tuple[list[Probe], list[str]]:
    path = tmp_path / "made.yaml"
    path.write_text(text, "utf-8")
    faults = Faults()
    return check(read_set(str(path), faults), judge, faults), faults.found


def test_only_what_a_patch_brings_counts(tmp_path: Path, judge: Judge) -> None:
    """At an inspection the base itself is asked for the hash of its plan: no probe is blamed."""
    text = SET.replace("stage: approval", "stage: inspection")
    (made,), faults = read_made(tmp_path, text, judge)
    base = judge.bases["nine-year"]
    assert faults == []
    assert {each.rule for each in judge.all(base, "", base.tree, Stage.INSPECTION)} & {
        each.rule for each in judge.new(made)
    } == set()
    late = [each for each in judge.new(made) if FAIL in each.outcomes]
    assert [each.clauses for each in late] == [("D.2-b",)]
    assert scored(made, judge.new(made)).wrong == ()


def test_rows_that_move_are_the_same_rows(tmp_path: Path, judge: Judge) -> None:
    """A row before is dropped: what was adverse in the base is not new at its other place."""
    base = judge.bases["nine-year"]
    late = patched_with(base.tree, {"/plan/sessions/3/end": "19:01"}, ())
    other = Judge({"nine-year": replace(base, tree=late)})
    text = SET.replace("set: {/plan/sessions/1/end: '18:31'}", "drop: [/plan/sessions/1]")
    (made,), faults = read_made(tmp_path, text, other)
    assert faults == []
    told = other.all(base, "", late, Stage.APPROVAL)
    assert ("D.2-c",) in [each.clauses for each in told if FAIL in each.outcomes]
    assert ("D.2-c",) not in [each.clauses for each in other.new(made)]


def test_a_way_of_writing_may_be_what_a_probe_is_about(tmp_path: Path, judge: Judge) -> None:
    """The same value is a fault of the probe, or, with ``words``, what is wrong with kehou."""
    text = SET.replace("'18:31'", "'半夜'")
    assert read_made(tmp_path, text, judge)[0] == []
    (made,), faults = read_made(tmp_path, text.replace("  story", "  words: true\n  story"), judge)
    assert faults == []
    assert scored(made, judge.new(made)).wrong == ("otherwise",)


def test_a_date_on_which_no_pack_holds_is_told(tmp_path: Path, judge: Judge) -> None:
    text = SET.replace("/plan/sessions/1/end: '18:31'", "/plan/service_start: 2021-08-20")
    assert "没有在 2021-08-20 有效的规则包" in read_made(tmp_path, text, judge)[1][0]


WRITTEN_WRONG = {
    "a key": ("  story:", "  stori: x\n  story:", "made.yaml:", "没有“stori”这个键"),
    "a head": ("head: times", "head: time", "made.yaml:6", "times"),
    "a base": ("base: nine-year", "base: nine-years", "made.yaml:5", "没有基础材料 nine-years"),
    "a clause": ("[D.2-b]", "[D.2-z]", "made.yaml:5", "没有条款 D.2-z"),
    "a pointer of no field": ("/1/end", "/1/endd", "made.yaml:5", "/plan/sessions/1/endd"),
    "a row that is not there": ("/1/end", "/91/end", "made.yaml:5", "/plan/sessions/91/end"),
    "a value nobody reads": ("'18:31'", "'半夜'", "made.yaml:5", "半夜"),
    "no expectation": ("  expect: [{clauses: [D.2-b], any_of: [fail]}]\n", "", ":5", "expect"),
    "no change": ("  set: {/plan/sessions/1/end: '18:31'}\n", "", "made.yaml:5", "没有改动"),
    "a set by another name": ("set: made", "set: maid", "made.yaml:2", "maid"),
}


@pytest.mark.parametrize("name", WRITTEN_WRONG)
def test_what_is_written_wrong_is_told_with_its_place(
    tmp_path: Path, judge: Judge, name: str
) -> None:
    old, new, place, told = WRITTEN_WRONG[name]
    _, faults = read_made(tmp_path, SET.replace(old, new, 1), judge)
    assert [line for line in faults if place in line and told in line], faults


def test_one_id_twice_is_told(tmp_path: Path, judge: Judge) -> None:
    _, faults = read_made(tmp_path, SET + SET.partition("probes:\n")[2], judge)
    assert ["编号 m1 重复" in line for line in faults] == [True]


@pytest.mark.both_engines
def test_both_engines_say_the_same(tmp_path: Path, judge: Judge) -> None:
    both = Judge(judge.bases, both=True)
    (made,), _ = read_made(tmp_path, SET, judge)
    assert scored(made, both.new(made)).wrong == ()
    assert both.disagreements == []


# --- two versions --------------------------------------------------------------------------


def results() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    made = probe(expect=WANTED)
    silent, seen = scored(made, []), scored(made, [found("D.2-b", FAIL)])
    yield recorded([silent], {}), recorded([seen], {})


def test_what_changed_is_told_by_clause_and_rule() -> None:
    ((before, after),) = results()
    assert changes(before, after) == [
        "* D.2-b `rule-D.2-b`",
        "  * — → fail：1 题（made/x）",
        "* 改对 1 题：made/x",
    ]
    assert changes(after, before)[-1] == "* 改错 1 题：made/x"
    assert changes(after, after) == ["* 没有一个结论改变"]


def test_probes_of_one_version_alone_are_counted() -> None:
    ((before, _),) = results()
    assert changes(before, recorded([], {}))[-1] == "* 不能比较：只在前一版 1 题，只在后一版 0 题"


def test_the_command_scores_records_and_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, record = tmp_path / "made.yaml", tmp_path / "made.json"
    path.write_text(SET, "utf-8")
    assert command.main([str(path), "--json", str(record)]) == 0
    assert "| 时间 | 1 | 1 |" in capsys.readouterr().out
    path.write_text(SET.replace("18:31", "18:30"), "utf-8")
    assert command.main([str(path), "--against", str(record)]) == 0
    told = capsys.readouterr().out
    assert "made.yaml:5 made/m1 [漏判] times approval nine-year" in told
    assert "做法：社团到18:31" not in told and "做法：社团到18:30" in told
    assert "fail → —：1 题（made/m1）" in told
    path.write_text(SET.replace("head: times", "head: time"), "utf-8")
    assert command.main([str(path), "--validate"]) == 2
