"""Generated rules: what one table names stands in another, and what is said twice agrees."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from tests.support.lending_pack import PACK, SCHEMA, write_lending_pack

import kehou
from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import Finding

CARDS = [
    "{code: C1, holder: 甲（示例）, grade: a, valid_from: '2025-01-01', valid_to: '2025-06-30'}",
    "{code: C2, holder: 乙（示例）, grade: b}",
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_lending_pack(tmp_path / "pack")


def submission(
    loans: str, cards: list[str] | str = CARDS, staff: str = "[{id: W1}]", more: str = ""
) -> str:
    told = cards if isinstance(cards, str) else "[" + ", ".join(cards) + "]"
    return f"loans: {loans}\ncards: {told}\nstaff: {staff}\n{more}"


def findings(
    pack: Path,
    text: str,
    rule: str,
    stage: Stage = Stage.APPROVAL,
    language: str = "zh",
    **more: Any,
) -> dict[Outcome, Finding]:
    path = pack.parent / "材料.yaml"
    path.write_text(text, "utf-8")
    options = CheckOptions(
        packs=(str(pack),), stage=stage, as_of="2025-03-01", language=language, **more
    )
    report = check(str(path), options)
    assert not report.submission.faults
    found = next(r for r in report.results if r.rule == rule)
    return {finding.outcome: finding for finding in found.findings}


def test_entries_become_rules_that_say_their_head(pack: Path) -> None:
    loaded = packs.load(str(pack))
    assert sorted(loaded.rules) == [
        "conflict-card-grade",
        "conflict-pages",
        "conflict-read",
        "ref-back-loans-card",
        "ref-loans-bought-at",
        "ref-loans-card",
        "ref-loans-handled-by",
        "ref-loans-helpers",
    ]
    card, helpers = loaded.rules["ref-loans-card"], loaded.rules["ref-loans-helpers"]
    assert (card.severity, card.clauses, card.line) == (Severity.MAJOR, ("A.1",), 9)
    assert (helpers.severity, helpers.clauses) == (Severity.MINOR, ())
    assert helpers.stages == (Stage.INSPECTION,)
    assert loaded.carriers["A.1"] == ["ref-loans-card"]
    assert set(loaded.english) == set(loaded.rules)


@pytest.mark.parametrize(
    ("loan", "outcome"),
    [
        ("card: C1, date: '2025-06-30'", Outcome.PASS),
        ("card: C2, date: '2031-01-01'", Outcome.PASS),  # neither end is stated
        ("card: C1, date: '2025-07-01'", Outcome.REVIEW),
        ("card: C1, date: '2024-12-31'", Outcome.REVIEW),
        ("card: C9, date: '2025-06-30'", Outcome.FAIL),
        ("card: C9", Outcome.FAIL),  # no card has it, whatever the day
        ("card: C1", Outcome.INSUFFICIENT),
        ("card: 无, date: '2025-06-30'", Outcome.NOT_APPLICABLE),
        ("date: '2025-06-30'", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_card_is_there_and_in_force(pack: Path, loan: str, outcome: Outcome) -> None:
    found = findings(pack, submission(f"[{{code: L1, {loan}}}]"), "ref-loans-card")
    assert list(found) == [outcome]


def test_what_is_not_there_is_shown_beside_what_is_nearest(pack: Path) -> None:
    text = submission("[{code: L1, card: C11, date: '2025-06-30'}]")
    fail = findings(pack, text, "ref-loans-card")[Outcome.FAIL]
    assert fail.message == "借阅L1：证号写的“C11”在“借书证”中没有（有：C1、C2）"
    assert fail.found == {"card": "C11"}
    assert fail.location is not None and fail.location.line == 1
    assert [place.line for place in fail.related] == [2, 2]
    english = findings(pack, text, "ref-loans-card", language="en")[Outcome.FAIL]
    assert english.message.endswith("“C11” does not stand in “借书证” (it has: C1, C2)")


def test_a_table_that_is_not_there_and_one_that_is_stated_to_be_empty(pack: Path) -> None:
    loan = "[{code: L1, card: C1, date: '2025-06-30'}]"
    missing = findings(pack, f"loans: {loan}\n", "ref-loans-card")[Outcome.INSUFFICIENT]
    assert missing.missing == ("/cards",)
    empty = findings(pack, submission(loan, "无"), "ref-loans-card")[Outcome.FAIL]
    assert "（写明没有）" in empty.message


def test_a_row_without_its_number_may_be_the_one(pack: Path) -> None:
    text = submission("[{code: L1, card: C9, date: '2025-06-30'}]", [*CARDS, "{grade: c}"])
    found = findings(pack, text, "ref-loans-card")
    assert found[Outcome.INSUFFICIENT].missing == ("/cards/2/code",)


def test_a_table_of_the_authority_that_is_not_loaded_leaves_it_not_judged(pack: Path) -> None:
    text = submission("[{code: L1, bought_at: 东店}]")
    assert list(findings(pack, text, "ref-loans-bought-at")) == [Outcome.NOT_JUDGED]
    shops = pack.parent / "shops.yaml"
    shops.write_text("- {name: 西店}\n", "utf-8")
    data: Any = {"data": {"shops": str(shops)}}
    assert list(findings(pack, text, "ref-loans-bought-at", **data)) == [Outcome.REVIEW]


def test_any_of_several_tables_will_do_and_needed_is_asked_for(pack: Path) -> None:
    for written, outcome in (
        ("handled_by: W1", Outcome.PASS),
        ("handled_by: C2", Outcome.PASS),
        ("handled_by: X9", Outcome.REVIEW),
        ("pages: 3", Outcome.INSUFFICIENT),
    ):
        found = findings(pack, submission(f"[{{code: L1, {written}}}]"), "ref-loans-handled-by")
        assert list(found) == [outcome], written


def test_each_member_of_a_list_is_looked_up(pack: Path) -> None:
    text = submission("[{code: L1, helpers: [W1, W7]}]")
    found = findings(pack, text, "ref-loans-helpers", Stage.INSPECTION)
    assert {outcome: finding.count for outcome, finding in found.items()} == {
        Outcome.REVIEW: 1,
        Outcome.PASS: 1,
    }
    assert "W7" in found[Outcome.REVIEW].message


def test_back_asks_whether_each_row_is_named(pack: Path) -> None:
    text = submission("[{code: L1, card: C1, date: '2025-06-30'}]")
    found = findings(pack, text, "ref-back-loans-card")
    assert found[Outcome.REVIEW].subject.label == "借书证C2"
    assert found[Outcome.PASS].count == 1


@pytest.mark.parametrize(
    ("loan", "outcome"),
    [
        ("pages: 10, pages_counted: 11", Outcome.PASS),
        ("pages: 10, pages_counted: 12", Outcome.REVIEW),
        ("pages: 12, pages_counted: 10", Outcome.REVIEW),
        ("pages: 10", Outcome.NOT_APPLICABLE),
        ("card: C1", Outcome.NOT_APPLICABLE),
    ],
)
def test_two_amounts_agree_within_a_limit(pack: Path, loan: str, outcome: Outcome) -> None:
    assert list(findings(pack, submission(f"[{{code: L1, {loan}}}]"), "conflict-pages")) == [
        outcome
    ]


def test_both_amounts_and_both_places_are_shown(pack: Path) -> None:
    text = submission("\n  - code: L1\n    pages: 10\n    pages_counted: 12")
    review = findings(pack, text, "conflict-pages")[Outcome.REVIEW]
    assert "页数10" in review.message and "点过的页数12" in review.message
    assert review.location is not None
    assert {review.location.line, *(place.line for place in review.related)} == {3, 4}


def test_one_number_has_one_grade(pack: Path) -> None:
    text = submission("[]", [*CARDS, "{code: C1, grade: b}", "{code: C1}"])
    found = findings(pack, text, "conflict-card-grade")
    assert found[Outcome.PASS].count == 1
    assert found[Outcome.NOT_APPLICABLE].count == 1
    assert "2至3种" in found[Outcome.REVIEW].message


def faults(tmp_path: Path, pack: str, schema: Any = None) -> list[str]:
    folder = write_lending_pack(tmp_path / "wrong", pack, schema)
    return [message for _, message, _ in packs.draft(str(folder))[1]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("loans.bought_at: {}", "loans.pages: {}", "材料结构中 loans.pages 没有写 x-refers"),
        ("needed: true", "must: true", "不认识的键 must"),
        ("clauses: [A.1]", "clauses: [A.9]", "没有条款 A.9"),
        ("    clauses: [A.1]\n", "", "没有写 clauses 的只能是 minor 或 advice"),
        ("outcome: fail", "outcome: pass", "outcome 写 review 或 fail"),
        ("helpers: {stages: [inspection]}", "helpers: {back: {}}", "x-refers 没有写 back"),
        ("values: [pages, pages_counted]", "values: [pages, sheets]", "没有字段 sheets"),
        ("{read: true}", "{area: loans}", "这里要有 read、values、one 之一"),
        ("each: card, by", "each: cart, by", "没有实体 cart"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in PACK
    assert told in faults(tmp_path, PACK.replace(old, new))


@pytest.mark.parametrize(
    ("refers", "told"),
    [
        ({}, "缺少 to"),
        ({"to": "cards.number"}, "材料结构的列表里没有字段 cards.number"),
        ({"to": "cards.valid_to"}, "cards.valid_to 与“证号”不是同一种值"),
        ({"to": "cards.code", "on": "day"}, "没有日期字段 day"),
        ({"to": "staff.id", "on": "date"}, "“馆员”没有日期字段 valid_from"),
        ({"to": "cards.code", "at": "date"}, "不认识的键 at"),
    ],
)
def test_what_is_wrong_with_a_reference_of_a_schema_is_told(
    tmp_path: Path, refers: Any, told: str
) -> None:
    schema = copy.deepcopy(SCHEMA)
    schema["properties"]["loans"]["items"]["properties"]["card"]["x-refers"] = refers
    assert told in faults(tmp_path, PACK, schema)


def test_two_tables_that_are_called_alike_are_named_once() -> None:
    """A worksheet asked whether somebody was in “人员” or in “人员”."""
    rules = kehou.load_pack("bayannur-2021").rules.values()
    titles = [rule.title for rule in rules if "”或“" in rule.title]
    for title in titles:
        named = re.findall("“([^”]*)”", title)
        assert len(named) == len(set(named)), title
