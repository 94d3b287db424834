"""Many schools: fair ranks, what is still possible, places, thresholds, and last time."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.score_reports import finding, indicator, result, scheme, school

from kehou.errors import UsageError
from kehou.scoring import csv as score_csv
from kehou.scoring import json as score_json
from kehou.scoring import office as score_office
from kehou.scoring import pages as score_html
from kehou.scoring import ranking_json, ranking_rows, sheet_text
from kehou.scoring.decimals import Range
from kehou.scoring.evaluation import score
from kehou.scoring.ranking import Ranking, rank, read_past
from kehou.scoring.scheme import Method, Veto
from kehou.scoring.scores_file import Given
from kehou.scoring.sheet import Next, Sheet, VetoLine

F = Fraction
#: A scheme whose score is what a person gives, and one rule that costs nothing.
SCHEME = scheme(indicator("i", 100, Method("manual")))


def sheet(code: str, points: str | None, *results: dict[str, Any], **about: Any) -> Sheet:
    values = {} if points is None else {(code, "i"): Given(F(points), None, "", "", "")}
    return score(SCHEME, school(*results, code=code, **about), values)


def open_sheet(code: str, low: int, high: int) -> Sheet:
    """A school that has ``low`` for certain and ``high`` at most."""
    made = scheme(indicator("m", 100, Method("manual")))
    one = score(made, school(code=code), {})
    ends = Range(F(low), F(high))
    grades = tuple("优" if v >= 90 else "良" if v >= 60 else "差" for v in (low, high))
    return replace(one, total=ends, rate=ends, grades=(grades[0], grades[1]))


def ranks(found: Ranking) -> list[tuple[str, int]]:
    return [(p.sheet.submitter.id, p.rank) for p in found.places]


def test_equal_scores_share_a_rank_and_stand_in_code_order() -> None:
    found = rank(SCHEME, [sheet("4", "70"), sheet("3", "80"), sheet("2", "90"), sheet("1", "80")])
    assert ranks(found) == [("2", 1), ("1", 2), ("3", 2), ("4", 4)]


def test_scores_that_only_look_equal_do_not_share_a_rank() -> None:
    found = rank(SCHEME, [sheet("1", "80.001"), sheet("2", "80.002")])
    assert ranks(found) == [("2", 1), ("1", 2)]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(points: list[int], rng: random.Random) -> None:
    sheets = [sheet(f"{n:02d}", str(p)) for n, p in enumerate(points)]
    before = ranking_json.ranking(SCHEME, rank(SCHEME, sheets))
    rng.shuffle(sheets)
    assert ranking_json.ranking(SCHEME, rank(SCHEME, sheets)) == before


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_possible_ranks_are_the_extremes_of_every_outcome(pairs: list[tuple[int, int]]) -> None:
    sheets = [open_sheet(f"{n}", min(p), max(p)) for n, p in enumerate(pairs)]
    found = rank(SCHEME, sheets)
    for place in found.places:
        others = [s for s in sheets if s is not place.sheet]
        best = 1 + sum(o.rate.low > place.sheet.rate.high for o in others)
        worst = 1 + sum(o.rate.high > place.sheet.rate.low for o in others)
        assert (place.best, place.worst) == (best, worst)
        assert place.best <= place.rank <= place.worst


def test_grades_and_bins_count_what_is_certain_and_what_is_possible() -> None:
    found = rank(
        SCHEME, [open_sheet("1", 95, 95), open_sheet("2", 50, 92), open_sheet("3", 100, 100)]
    )
    assert [(g.name, g.certain, g.possible) for g in found.grades] == [
        ("优", 2, 1),
        ("良", 0, 1),
        ("差", 0, 1),
    ]
    assert [(b.certain, b.possible) for b in found.bins][5:] == [
        (1, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (2, 3),
    ]


def test_a_school_of_which_nothing_applies_has_no_rank() -> None:
    nothing = score(SCHEME, school(code="2"), {("2", "i"): Given(None, None, "", "", "")})
    found = rank(SCHEME, [nothing, sheet("1", "10")])
    assert ranks(found) == [("1", 1)]
    assert [s.submitter.id for s in found.unrated] == ["2"]
    assert "无可评内容" in score_csv.ranking(SCHEME, found)


def test_breaches_are_counted_by_clause_and_by_township() -> None:
    late = result("late", finding("fail"), finding("fail"), clause="D.2")
    fee = result("fee", finding("fail"), clause="C.3")
    fine = result("fine", finding("pass"), clause="F.4")
    excused = result("excused", finding("waived"), clause="F.5")
    found = rank(
        SCHEME,
        [
            sheet("1", "50", late, fee, township="甲镇"),
            sheet("2", "60", fee, fine, township="甲镇"),
            sheet("3", "70", fee, excused, county="乙旗"),
            sheet("4", "80", fine),
        ],
    )
    assert [(c.clause, c.submitters, c.findings) for c in found.clauses] == [
        ("C.3", 3, 3),
        ("D.2", 1, 2),
    ]
    told: Any = [
        (p.name, p.submitters, p.mean.low, [c.clause for c in p.clauses]) for p in found.by_place
    ]
    assert told == [
        ("乙旗", 1, 70, ["C.3"]),
        ("甲镇", 2, 55, ["C.3", "D.2"]),
        ("", 1, 80, []),
    ]


def test_schools_within_a_hair_of_a_grade_are_listed() -> None:
    found = rank(
        SCHEME,
        [
            sheet("1", "89"),
            sheet("2", "90"),
            sheet("3", "91.01"),
            sheet("4", "60.5"),
            open_sheet("5", 10, 59),
        ],
    )
    assert [(n.sheet.submitter.id, n.grade, n.end, n.distance) for n in found.near] == [
        ("2", "优", "certain", 0),
        ("1", "优", "certain", -1),
        ("4", "良", "certain", F(1, 2)),
        ("5", "良", "possible", -1),
    ]


def test_indicator_means_leave_out_schools_to_which_it_does_not_apply() -> None:
    nothing = score(SCHEME, school(code="9"), {("9", "i"): Given(None, None, "", "", "")})
    made = scheme(indicator("i", 10, Method("manual")), indicator("j", 10, Method("manual")))
    values = {
        ("1", "i"): Given(F(4), None, "", "", ""),
        ("1", "j"): Given(F(1), None, "", "", ""),
        ("2", "i"): Given(F(8), None, "", "", ""),
        ("2", "j"): Given(None, None, "", "", ""),
    }
    found = rank(made, [score(made, school(code=c), values) for c in "12"])
    assert not nothing.rated
    assert [(i.id, i.submitters, i.not_applicable, i.share.low) for i in found.indicators] == [
        ("i", 2, 0, F(3, 5)),
        ("j", 1, 1, F(1, 10)),
    ]


# --- last time -----------------------------------------------------------------------------


def past_file(tmp_path: Path, *sheets: Sheet) -> str:
    path = tmp_path / "last.json"
    path.write_text(ranking_json.ranking(SCHEME, rank(SCHEME, sheets)), "utf-8")
    return str(path)


def test_what_changed_since_last_time(tmp_path: Path) -> None:
    past = read_past(past_file(tmp_path, sheet("1", "70"), sheet("2", "80"), sheet("3", "90")))
    found = rank(SCHEME, [sheet("1", "95.5"), sheet("2", "80"), sheet("4", "10")], past)
    told = []
    for shift in found.shifts:
        assert not isinstance(shift.now, Sheet)
        told.append(
            (
                shift.before.id if shift.before else "",
                shift.now.sheet.submitter.id if shift.now else "",
                shift.now.sheet.rate.low - shift.before.low if shift.now and shift.before else None,
            )
        )
    assert told == [("1", "1", F(51, 2)), ("2", "2", 0), ("", "4", None), ("3", "", None)]
    page = score_html.ranking(SCHEME, found)
    assert "+25.50" in page
    assert "上次没有" in page and "本次没有" in page
    assert "评分办法" in page and "与本次不同" not in page


def test_another_scheme_than_last_time_is_told(tmp_path: Path) -> None:
    past = read_past(past_file(tmp_path, sheet("1", "70")))
    other = replace(SCHEME, sha256="1" * 64)
    assert "与本次不同" in score_html.ranking(other, rank(other, [sheet("1", "70")], past))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "kehou-report/1"}',
        "[" * 100_000,
        '{"format": "kehou-ranking/1", "scheme": {}, "schools": []}',
    ],
)
def test_what_is_no_ranking_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "last.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError):
        read_past(str(path))


@pytest.mark.parametrize("key", ["previous", "vetoed", "tool", "grades", "near", "not_scored"])
@pytest.mark.parametrize("wrong", [7, "junk", [7], {"x": 1}, ...])
def test_no_part_of_a_ranking_may_be_another_thing(key: str, wrong: Any, tmp_path: Path) -> None:
    path = Path(past_file(tmp_path, sheet("1", "70")))
    tree = json.loads(path.read_text("utf-8")) | {key: wrong}
    path.write_text(json.dumps({k: v for k, v in tree.items() if v is not ...}), "utf-8")
    with pytest.raises(UsageError, match="排名的内容不合格式") as found:
        read_past(str(path))
    assert key in found.value.message
    assert "--ranking json" in found.value.hint


def test_a_number_over_nothing_is_refused(tmp_path: Path) -> None:
    path = Path(past_file(tmp_path, sheet("1", "70")))
    tree = json.loads(path.read_text("utf-8"))
    tree["schools"][0]["rate"]["certain"] = "1/0"
    path.write_text(json.dumps(tree), "utf-8")
    with pytest.raises(UsageError, match="分母是 0"):
        read_past(str(path))


def test_a_number_too_large_to_reckon_with_is_refused(tmp_path: Path) -> None:
    path = Path(past_file(tmp_path, sheet("1", "70")))
    tree = json.loads(path.read_text("utf-8"))
    tree["schools"][0]["rate"]["certain"] = "1e999999999"
    path.write_text(json.dumps(tree), "utf-8")
    with pytest.raises(UsageError):
        read_past(str(path))


# --- what is shown -------------------------------------------------------------------------

EVIL = '=HYPERLINK("http://x")<script>alert(1)</script>\u202e\x07'


def test_no_text_of_a_school_is_markup_or_a_formula() -> None:
    bad = sheet("1", "50", result("r", finding("fail", message=EVIL)), name=EVIL, township=EVIL)
    found = rank(SCHEME, [bad])
    page = score_html.ranking(SCHEME, found) + score_html.sheets(SCHEME, [bad])
    assert "<script" not in page and "\u202e" not in page and "\x07" not in page
    for text in (score_csv.ranking(SCHEME, found), score_csv.sheets(SCHEME, [bad])):
        assert '"=HYPERLINK' not in text and "\u202e" not in text
        assert "\"'=HYPERLINK" in text
    assert "\u202e" not in sheet_text.sheets(SCHEME, [bad], True)


def test_a_workbook_keeps_numbers_as_numbers_and_texts_as_texts(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "r.xlsx"
    path.write_bytes(
        score_office.ranking_xlsx(SCHEME, rank(SCHEME, [sheet("1", "50.25", name=EVIL)]))
    )
    book = openpyxl.load_workbook(path)
    row = [cell.value for cell in book["排名"][2]]
    assert (row[0], row[6]) == (1, 50.25)
    assert row[2] == "1", "a code is no number"
    assert {cell.data_type for ws in book for line in ws for cell in line} <= {"s", "n"}


def test_the_plots_say_their_numbers_without_colour() -> None:
    page = score_html.ranking(
        SCHEME, rank(SCHEME, [open_sheet("1", 40, 70), open_sheet("2", 95, 95)])
    )
    for name in ("places", "grades", "distribution", "indicators"):
        assert f'aria-labelledby="{name}-t {name}-d"' in page
        assert f'<title id="{name}-t">' in page and f'<desc id="{name}-d">' in page
    assert 'fill="url(#grades-p)"' in page, "what is only possible is hatched"
    assert ">40.00—70.00</text>" in page and ">95.00</text>" in page
    assert ">优 90</text>" in page, "the threshold is written at its line"


def test_the_same_schools_give_the_same_bytes() -> None:
    sheets = [sheet("2", "50"), sheet("1", "60")]
    found = rank(SCHEME, sheets)
    assert score_office.ranking_xlsx(SCHEME, found) == score_office.ranking_xlsx(SCHEME, found)
    assert score_office.sheets_docx(SCHEME, sheets) == score_office.sheets_docx(SCHEME, sheets)


# --- vetoes and what cannot be numbered ----------------------------------------------------


def with_veto(one: Sheet, state: str, effect: str = "评为不合格") -> Sheet:
    """The sheet with a veto item in a state."""
    return replace(one, vetoes=(VetoLine(Veto("v", "红线", (), effect), state, (), None),))


def test_a_school_with_a_veto_stands_apart_however_many_points_it_has() -> None:
    bad = with_veto(sheet("1", "99", name="甲校（示例）"), "triggered")
    found = rank(SCHEME, [bad, sheet("2", "70")])
    assert ranks(found) == [("2", 1)]
    assert [s.submitter.id for s in found.vetoed] == ["1"]
    assert [(g.name, g.certain) for g in found.grades] == [("优", 0), ("良", 1), ("差", 0)]
    page = score_html.ranking(SCHEME, found)
    apart = page.index("触发否决项，不排名次")
    assert page.index("甲校（示例）", apart) > apart
    assert "评为不合格" in page
    tree = json.loads(ranking_json.ranking(SCHEME, found))
    assert [one["id"] for one in tree["schools"]] == ["2"]
    assert [(one["id"], one["effects"]) for one in tree["vetoed"]] == [("1", ["评为不合格"])]
    rows = list(csv.reader(io.StringIO(score_csv.ranking(SCHEME, found).lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["1", ""]
    assert any("触发否决" in cell and "评为不合格" in cell for cell in rows[2])


def test_the_sheet_of_a_vetoed_school_says_that_its_grade_is_open_in_every_format() -> None:
    bad = with_veto(sheet("1", "99"), "triggered")
    for text in (
        sheet_text.sheets(SCHEME, [bad], True),
        score_html.sheets(SCHEME, [bad]),
        score_csv.sheets(SCHEME, [bad]),
    ):
        assert "触发否决，等次待定；评分办法写明：评为不合格" in text
    assert json.loads(score_json.sheets(SCHEME, [bad]))["sheets"][0]["effects"] == ["评为不合格"]


def test_a_veto_without_a_declared_effect_says_that_a_person_decides() -> None:
    found = rank(SCHEME, [with_veto(sheet("1", "99"), "triggered", effect="")])
    assert "评分办法没有写明，由人决定" in score_html.ranking(SCHEME, found)


def test_only_a_rank_that_nothing_can_change_is_numbered() -> None:
    found = rank(SCHEME, [open_sheet("1", 40, 95), open_sheet("2", 50, 50), open_sheet("3", 9, 9)])
    assert [(p.sheet.submitter.id, p.settled) for p in found.places] == [
        ("2", False),
        ("1", False),
        ("3", True),
    ]
    rows = list(csv.reader(io.StringIO(score_csv.ranking(SCHEME, found).lstrip("\ufeff"))))
    assert [(row[0], row[1]) for row in rows[1:]] == [("", "1—2"), ("", "1—2"), ("3", "3")]
    told = " ".join(ranking_rows.notes(SCHEME, found)[:2])
    assert "共3所学校，名次已定的1所" in told
    assert "2所学校的名次还不能定" in told
    assert "自己的分数已定、要等别的学校定下来才知道名次（1所）" in told


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=6)
)
def test_a_veto_still_open_above_a_school_opens_its_rank(
    rows: list[tuple[int, int, bool]],
) -> None:
    sheets = []
    for n, (a, b, open_) in enumerate(rows):
        one = open_sheet(f"{n}", min(a, b), max(a, b))
        sheets.append(with_veto(one, "possible") if open_ else one)
    for place in rank(SCHEME, sheets).places:
        mine = place.sheet
        others = [s for s in sheets if s is not mine]
        staying = [s for s in others if not s.may_be_vetoed]
        assert place.best == 1 + sum(o.rate.low > mine.rate.high for o in staying)
        assert place.worst == 1 + sum(o.rate.high > mine.rate.low for o in others)
        assert place.settled == (place.best == place.worst and not mine.may_be_vetoed)


def test_what_keeps_ranks_open_is_told_by_how_many_it_keeps() -> None:
    def waiting(code: str, *steps: str) -> Sheet:
        told = tuple(Next("evidence", step, "", ("m",), (), F(5)) for step in steps)
        return replace(open_sheet(code, 10, 90), next=told)

    found = rank(SCHEME, [waiting("1", "名册", "台账"), waiting("2", "名册")])
    told = ranking_rows.notes(SCHEME, found)[1]
    assert told.index("补交材料“名册”（2所）") < told.index("补交材料“台账”（1所）")


def test_last_time_a_school_that_stood_apart_is_known_again(tmp_path: Path) -> None:
    then = with_veto(sheet("1", "99"), "triggered")
    past = read_past(past_file(tmp_path, then, sheet("2", "80")))
    found = rank(SCHEME, [sheet("1", "60"), with_veto(sheet("2", "90"), "triggered")], past)
    rows = ranking_rows.shifts(SCHEME, found)
    assert [(row[0], row[5], row[6]) for row in rows] == [("1", "", "1"), ("2", "1", "")]
    assert "触发否决" in rows[1][8]
