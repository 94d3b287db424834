"""What changed since an earlier report: told by who and what, never by line or order."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.support.share import share

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.checking import comparison as memory
from kehou.cli.main import main
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome
from kehou.model.report import Memory, Report
from kehou.render.programs import json as rendering

HEAD = """\
学校: {学校名称: 和平小学（示例）, 学段: [小学]}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
"""
RULE = "schedule-primary-end"
OPTIONS = CheckOptions(packs=("bayannur-2021",), engine="direct", track=True)


@cache
def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def session(weekday: int, end: str, start: str = "16:30") -> str:
    return (
        f"    - {{类别: 下午课后服务, 年级: 1, 星期: {weekday}, 作息季: 夏季,"
        f" 开始时间: {start}, 结束时间: {end}, 活动: 体育}}\n"
    )


def report_of(folder: Path, sessions: list[str], name: str = "plan.yaml") -> Report:
    path = folder / name
    path.write_text(HEAD + "".join(sessions), "utf-8")
    return check(str(path), OPTIONS, loaded())


def saved(report: Report, folder: Path, name: str = "old.json") -> memory.Past:
    path = folder / name
    path.write_text(rendering.render([report]), "utf-8")
    return memory.read_past(str(path))


def states(found: Memory, rule: str = RULE) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in found.changes:
        if change.rule == rule:
            counts[change.state] = counts.get(change.state, 0) + 1
    return counts


def test_a_new_an_open_and_a_mended_breach(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31"), session(2, "18:31")]), tmp_path)
    now = report_of(tmp_path, [session(1, "18:40"), session(2, "18:30"), session(3, "18:31")])
    assert states(memory.since(old, now)) == {"open": 1, "fixed": 1, "new": 1}


def test_what_comes_back_is_reopened(tmp_path: Path) -> None:
    first = saved(report_of(tmp_path, [session(1, "18:31")]), tmp_path, "1.json")
    mended = memory.compare(first, report_of(tmp_path, [session(1, "18:30")]))
    again = memory.since(
        saved(mended, tmp_path, "2.json"), report_of(tmp_path, [session(1, "18:31")])
    )
    assert states(again) == {"reopened": 1}


def test_what_stays_mended_stays_known_over_several_reports(tmp_path: Path) -> None:
    first = saved(report_of(tmp_path, [session(1, "18:31")]), tmp_path, "1.json")
    second = memory.compare(first, report_of(tmp_path, [session(1, "18:30")]))
    third = memory.compare(
        saved(second, tmp_path, "2.json"), report_of(tmp_path, [session(1, "18:30")])
    )
    fourth = memory.since(
        saved(third, tmp_path, "3.json"), report_of(tmp_path, [session(1, "18:31")])
    )
    assert states(fourth) == {"reopened": 1}


def test_order_lines_comments_and_file_names_change_nothing(tmp_path: Path) -> None:
    rows = [session(day, "18:31") for day in range(1, 6)]
    old = saved(report_of(tmp_path, rows), tmp_path)
    now = report_of(tmp_path, ["    # 说明\n", *reversed(rows)], "改名.yaml")
    assert set(states(memory.since(old, now))) == {"open"}


def test_random_edits_never_mistake_one_finding_for_another(tmp_path: Path) -> None:
    """By hand: a row is a (weekday, start); late if it ends after 18:30."""
    rng = random.Random(5)
    rows = {
        (day, f"{hour}:{minute:02d}"): "18:31" if rng.random() < 0.5 else "18:30"
        for day in range(1, 6)
        for hour in (15, 16)
        for minute in (0, 30)
    }
    for _ in range(share(25)):
        old_rows = dict(rows)
        old = saved(report_of(tmp_path, _written(old_rows, rng)), tmp_path)
        for key in rng.sample(sorted(rows), rng.randrange(1, 6)):
            rows[key] = "18:31" if rows[key] == "18:30" else "18:30"
        found = states(memory.since(old, report_of(tmp_path, _written(rows, rng))))
        late = {key for key, end in rows.items() if end == "18:31"}
        was = {key for key, end in old_rows.items() if end == "18:31"}
        expected = {"open": len(late & was), "new": len(late - was), "fixed": len(was - late)}
        assert found == {state: n for state, n in expected.items() if n}


def _written(rows: dict[tuple[int, str], str], rng: random.Random) -> list[str]:
    lines = [session(day, end, start) for (day, start), end in rows.items()]
    rng.shuffle(lines)
    return lines


def test_a_deleted_row_is_not_a_mended_one(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31"), session(2, "18:30")]), tmp_path)
    now = report_of(tmp_path, [session(2, "18:30")])
    assert states(memory.since(old, now)) == {"unseen": 1}


def test_a_value_taken_out_or_unreadable_is_not_a_mended_one(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31")]), tmp_path)
    for row, after in (
        (session(1, "18:31").replace(" 结束时间: 18:31,", ""), Outcome.INSUFFICIENT),
        (session(1, "99:99"), Outcome.ERROR),
    ):
        found = memory.since(old, report_of(tmp_path, [row]))
        mine = [c for c in found.changes if c.rule == RULE]
        assert [(c.state, c.before, c.after) for c in mine] == [("open", Outcome.FAIL, after)]


def test_a_row_the_rule_no_longer_applies_to_is_not_a_mended_one(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31")]), tmp_path)
    now = report_of(tmp_path, [session(1, "18:31").replace("下午课后服务", "周末")])
    assert set(states(memory.since(old, now))) <= {"gone", "unseen"}


def test_a_waived_or_unjudged_finding_is_not_a_mended_one() -> None:
    for outcome, state in (
        (Outcome.WAIVED, "waived"),
        (Outcome.NOT_JUDGED, "unjudged"),
        (Outcome.PASS, "fixed"),
        (Outcome.NOT_APPLICABLE, "gone"),
    ):
        assert memory.became("r", "a", {"a": outcome}, {"r": outcome})[0] == state
    assert memory.became("r", "a", {}, {})[0] == "unjudged"
    assert memory.became("r", "a", {"b": Outcome.PASS}, {"r": Outcome.PASS})[0] == "unseen"


def test_a_report_that_names_no_passing_subjects_proves_nothing_mended(tmp_path: Path) -> None:
    rows = [session(1, "18:31"), session(2, "18:30")]
    old = saved(report_of(tmp_path, rows), tmp_path)
    report_of(tmp_path, [session(1, "18:30"), session(2, "18:30")])
    silent = check(str(tmp_path / "plan.yaml"), replace(OPTIONS, track=False), loaded())
    assert states(memory.since(old, silent)) == {"unseen": 1}


@pytest.mark.parametrize("seed", range(3))
def test_no_finding_is_mistaken_over_random_edits(tmp_path: Path, seed: int) -> None:
    """An oracle that follows each row by a number of its own, through every edit.

    Who a finding is about is asked of a plan with that one row, so that a finding swapped for
    another of the same state is seen too.
    """
    walk(tmp_path, random.Random(seed), share(80))


def walk(folder: Path, rng: random.Random, edits: int) -> None:
    free = [
        (day, f"{hour}:{minute:02d}")
        for day in range(1, 6)
        for hour in (14, 15, 16)
        for minute in (0, 20, 40)
    ]
    rng.shuffle(free)
    rows = {n: (free.pop(), rng.choice(ENDS)) for n in range(12)}
    count = len(rows)
    past = saved(report_of(folder, written_by_number(rows, rng)), folder)
    closed: set[Key] = set()
    named = cache(lambda key: fingerprint_alone(folder, key))
    for _ in range(edits):
        before = dict(rows)
        edit = rng.choice(("order", "insert", "delete", "end", "end", "key", "several"))
        for _ in range(3 if edit == "several" else 1):
            what = rng.choice(("insert", "delete", "end")) if edit == "several" else edit
            one = rng.choice(sorted(rows))
            if what in ("delete", "key") and len(rows) > 2:
                end = rows.pop(one)[1]
                if what == "key" and free:  # another time of day is another session
                    rows[count] = (free.pop(0), end)
                    count += 1
            elif what == "insert" and free:
                rows[count] = (free.pop(0), rng.choice(ENDS))
                count += 1
            elif what == "end":
                rows[one] = (rows[one][0], rng.choice(ENDS))
        used = {key for key, _ in [*rows.values(), *before.values()]}
        free = [
            (d, f"{h}:{m:02d}")
            for d in range(1, 6)
            for h in (14, 15, 16)
            for m in (0, 20, 40)
            if (d, f"{h}:{m:02d}") not in used
        ]
        rng.shuffle(free)
        name = rng.choice(("plan.yaml", "改名.yaml"))
        report = report_of(folder, written_by_number(rows, rng), name)
        now = saved(memory.compare(past, report), folder)
        expected = {named(key): said for key, said in expected_states(before, rows, closed)}
        found = memory.between(past, now)
        mine = [c for c in found.changes if c.rule == RULE]
        assert len(mine) == len({c.fingerprint for c in mine})
        assert {c.fingerprint: (c.state, c.before, c.after) for c in mine} == expected, edit
        for key, (state, _, _) in expected_states(before, rows, frozenset(closed)):
            (closed.add if state in memory.CLOSED else closed.discard)(key)
        past = now


ENDS = ("18:30", "18:31", "18:45", "")
JUDGED = {"18:30": None, "18:31": Outcome.FAIL, "18:45": Outcome.FAIL, "": Outcome.INSUFFICIENT}
Key = tuple[int, str]
Rows = dict[int, tuple[Key, str]]
Said = tuple[str, Outcome | None, Outcome | None]


def fingerprint_alone(folder: Path, key: Key) -> str:
    """The name of a row's finding, from a plan that holds nothing but this row."""
    alone = report_of(folder, [session(key[0], "18:31", key[1])], "alone.yaml")
    [found] = [item for item in memory.items_of(alone).values() if item.rule == RULE]
    return found.fingerprint


def expected_states(old: Rows, new: Rows, closed: Collection[Key]) -> Iterator[tuple[Key, Said]]:
    was = {key: JUDGED[end] for key, end in old.values()}
    now = {key: JUDGED[end] for key, end in new.values()}
    for key in sorted(was.keys() | now.keys()):
        before, after = was.get(key), now.get(key)
        if before and after:
            yield key, ("open", before, after)
        elif after:
            yield key, ("reopened" if key in closed else "new", None, after)
        elif before:
            yield key, ("fixed", before, Outcome.PASS) if key in now else ("unseen", before, None)


def written_by_number(rows: Rows, rng: random.Random) -> list[str]:
    lines = [
        session(day, end, start) if end else session(day, "x", start).replace(" 结束时间: x,", "")
        for (day, start), end in rows.values()
    ]
    rng.shuffle(lines)
    return lines


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("{}", "utf-8")
    with pytest.raises(UsageError):
        memory.read_past(str(path))
    with pytest.raises(UsageError):
        memory.read_past(str(tmp_path / "none.json"))


# --- what is not open any more is called fixed only where it passes --------------------------


def test_a_breach_whose_row_was_deleted_is_not_called_fixed(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31"), session(2, "18:31")]), tmp_path)
    now = memory.since(old, report_of(tmp_path, [session(2, "18:31")]))
    assert states(now) == {"open": 1, "unseen": 1}


def test_a_breach_that_can_no_longer_be_told_is_still_open(tmp_path: Path) -> None:
    old = saved(report_of(tmp_path, [session(1, "18:31")]), tmp_path)
    row = session(1, "18:31").replace(" 结束时间: 18:31,", "")
    found = memory.since(old, report_of(tmp_path, [row]))
    [change] = [c for c in found.changes if c.rule == RULE]
    assert (change.state, change.before, change.after) == ("open", "fail", "insufficient")


def test_a_breach_that_was_excused_is_not_called_fixed(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(HEAD + session(1, "18:31"), "utf-8")
    waivers = tmp_path / "w" / "waivers.yaml"
    waivers.parent.mkdir()
    waivers.write_text(
        f"waivers:\n  - {{rule: {RULE}, subject: /plan/sessions/0, outcome: fail, reason: 班车,\n"
        "     office: 某局（示例）, until: 2021-12-31}\n",
        "utf-8",
    )
    options = CheckOptions(packs=("bayannur-2021",), engine="direct")
    old = saved(check(str(plan), options, loaded()), tmp_path)
    excused = CheckOptions(packs=("bayannur-2021",), engine="direct", waivers=str(waivers))
    assert states(memory.since(old, check(str(plan), excused, loaded()))) == {"waived": 1}


def test_a_report_kept_and_one_just_made_say_the_same(tmp_path: Path) -> None:
    first = report_of(tmp_path, [session(1, "18:31"), session(2, "18:31")])
    old = saved(first, tmp_path)
    second = report_of(tmp_path, [session(1, "18:30"), session(3, "18:31")])
    kept = memory.between(old, saved(second, tmp_path, "new.json"))
    assert kept.changes == memory.since(old, second).changes


def test_two_submissions_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, end in (("old", "18:31"), ("new", "18:30")):
        (tmp_path / f"{name}.yaml").write_text(HEAD + session(1, end), "utf-8")
    old, new = str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")
    assert main(["diff", old, new, "--engine", "direct"]) == 2, "diff has no engine of its own"
    capsys.readouterr()
    assert main(["diff", old, new]) == 0
    assert "已改 1" in capsys.readouterr().out
    assert main(["diff", new, old]) == 1
    assert "新增 1" in capsys.readouterr().out
