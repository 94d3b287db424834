"""A key that is known in part opens what it may belong to, at the cost of that.

Source: docs/language.md §2.10.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.support import generators, synthetic

from kehou import CheckOptions, check, packs
from kehou.facts import FactBase
from kehou.model.outcomes import Outcome
from kehou.model.values import ABSENT, Bounds, Unknown
from kehou.packs import Pack
from kehou.readers import read

AS_OF = "2021-09-01"
CHECK = {"check.stage": "approval", "check.date": AS_OF}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    synthetic.write_pack(folder, generators.parameters(random.Random(0)), [])
    return packs.load(str(folder))


def base_of(pack: Pack, **tree: Any) -> FactBase:
    return FactBase(pack, tree, pack.in_force(AS_OF), CHECK, ())


def item(**fields: Any) -> dict[str, Any]:
    return {"parts": [], "marks": [], **fields}


def test_a_row_without_a_season_may_be_of_its_own_grade_alone(pack: Pack) -> None:
    """Of slots in grades 1, 2, 2 and 3 the first of grade 2 does not say its season."""
    base = base_of(
        pack,
        items=[
            item(code="a", grades=(1,), season="summer"),
            item(code="b", grades=(2,)),
            item(code="c", grades=(2,), season="winter"),
            item(code="d", grades=(3,), season="summer"),
        ],
    )
    loads = [base.read(slot, "load") for slot in base.rows("slot")]
    assert loads[0] == loads[3] == 1
    assert isinstance(loads[1], Bounds) and (loads[1].lo, loads[1].hi) == (0, 2)
    assert isinstance(loads[2], Bounds) and (loads[2].lo, loads[2].hi) == (1, 2)
    assert loads[1].paths == loads[2].paths == ("/items/1/season",)


def test_a_key_that_meets_nothing_by_its_known_part_is_settled(pack: Pack) -> None:
    """A slot of grade 4 is of no other slot's season, whatever its own may be."""
    base = base_of(pack, items=[item(grades=(4,), code="x"), item(grades=(5,), season="winter")])
    first = base.rows("slot")[0]
    assert base.read(first, "load") == Bounds(0, 1, ("/items/0/season",))
    winter = base.rows("slot")[1]
    assert base.read(winter, "load") == 1


def listing(**entries: Any) -> list[dict[str, Any]]:
    """One county table a window, each with one entry."""
    return [
        {"list_id": name, "valid_from": first, "valid_to": last, "entries": [{"value": value}]}
        for name, (first, last, value) in entries.items()
    ]


def test_an_aggregate_at_a_date_reads_what_is_in_force_on_it(pack: Pack) -> None:
    """Two windows that meet on no day are never counted together; a stated none sets no bound."""
    county = listing(
        early=("2021-09-06", "2021-09-30", 3),
        late=("2021-10-01", ABSENT, 5),
        unsaid=("2021-09-06", None, 7),
    )
    days = ["2021-09-05", "2021-09-06", "2021-09-30", "2021-10-01", ABSENT]
    base = base_of(pack, items=[item(day=day) for day in days], county=county)
    standing = [base.read(fact, "standing") for fact in base.rows("item")]
    assert standing[0] == standing[4] == 0
    assert [(b.lo, b.hi) for b in standing[1:4]] == [(1, 2), (1, 2), (1, 2)]
    assert standing[1].paths == ("/county/2/valid_to",)
    most = [base.read(fact, "standing_most") for fact in base.rows("item")]
    assert (most[2].lo, most[3].lo) == (3, 5)


def test_a_date_that_is_not_known_may_lie_in_any_window(pack: Pack) -> None:
    county = listing(early=("2021-09-06", "2021-09-30", 3), late=("2021-10-01", ABSENT, 5))
    base = base_of(pack, items=[item()], county=county)
    standing = base.read(base.rows("item")[0], "standing")
    assert (standing.lo, standing.hi) == (0, 2)
    assert standing.paths == ("/items/0/day",)


def test_rows_that_hold_on_no_common_day_do_not_overlap(pack: Pack) -> None:
    hours = {"at": 960, "until": 1020, "grades": (3,), "season": "summer"}
    days = ["2021-09-06", "2021-09-06", "2021-10-11"]
    base = base_of(pack, items=[item(code=str(n), day=d, **hours) for n, d in enumerate(days)])
    assert [pair.pointer for pair in base.rows("shared_day")] == ["/items/0"]
    open_ended = base_of(
        pack, items=[item(code=str(n), day=d, **hours) for n, d in enumerate([ABSENT, *days])]
    )
    assert len(open_ended.rows("shared_day")) == 4


def test_a_list_that_was_not_supplied_stays_open_for_every_key(pack: Pack) -> None:
    base = base_of(pack, items=[item(code="a"), item()])
    named, unnamed = (base.read(fact, "latest") for fact in base.rows("item"))
    assert named == Unknown(("/people",), True)
    assert unnamed == Unknown(("/items/1/code", "/people"), False)


def blank(n: int) -> str | None:
    return None


def known(n: int) -> str | None:
    return f"k{n}"


def tenth_blank(n: int) -> str | None:
    return None if n % 10 == 0 else f"k{n}"


def reads(pack: Pack, size: int, mine: Any, theirs: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many values are looked at for aggregates, lookups and their places over two lists."""

    def row(key: str | None, column: str, /, **fields: Any) -> dict[str, Any]:
        return fields | ({} if key is None else {column: key})

    people = [
        row(theirs(n), "item", id=str(n), since="2021-01-01", skills=("s",), role="x", hours=1)
        for n in range(size)
    ]
    entries = [row(theirs(n), "code", name=str(n), value=n) for n in range(size)]
    listing = {"list_id": "1", "valid_from": "2020-01-01", "valid_to": "2030-01-01"}
    base = base_of(
        pack,
        items=[item(**row(mine(n), "code", day=AS_OF)) for n in range(size)],
        people=people,
        county=[listing | {"entries": entries}],
    )
    count = 0
    read = FactBase.read

    def counted(self: FactBase, fact: Any, name: str) -> Any:
        nonlocal count
        count += 1
        return read(self, fact, name)

    with monkeypatch.context() as patched:
        patched.setattr(FactBase, "read", counted)
        for fact in base.rows("item"):
            for name in ("latest", "skills", "manned", "busy", "holder", "listed", "value"):
                base.read(fact, name)
                base.places(fact, name)
    return count


@pytest.mark.parametrize("theirs", [blank, known, tenth_blank])
@pytest.mark.parametrize("mine", [blank, known, tenth_blank])
def test_twice_as_many_rows_are_twice_the_work(
    pack: Pack,
    mine: Callable[[int], str | None],
    theirs: Callable[[int], str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Values looked at are counted and not timed; a row without a key is of every subject."""
    few, many = (reads(pack, size, mine, theirs, monkeypatch) for size in (100, 200))
    assert many <= 2.1 * few, (few, many)
    assert many <= 100 * 200


def test_a_day_without_a_season_asks_for_none_where_no_season_would_settle_it() -> None:
    """The rule on an hour of exercise, on a grade that the timetable has in no season.

    Whatever season the day is of, its grade is missing from the timetable, and a person must look;
    to ask for the season would be to ask for what changes nothing.
    """
    source = packs.find("bayannur-2021") / "base-timetable.yaml"
    text = source.read_text("utf-8")
    grades = "    - {grade: 3, level: primary, students: 60, classes: 2}\n"
    day = "    - {grades: 3, weekdays: 1-5, season: all, time: 15:50}\n"
    assert grades in text and day in text
    text = text.replace(grades, grades.replace("grade: 3", "grade: 2") + grades)
    text = text.replace(day, "    - {grades: 2, weekdays: 1-5, time: 15:50}\n" + day)
    text = text.partition("standard_periods:")[0]
    document = read("plan.yaml", text.encode())
    options = CheckOptions(packs=("bayannur-2021",), engine="direct")
    report = check(document.tree, options)
    [result] = [one for one in report.results if one.rule == "timetable-daily-exercise"]
    found = [one for one in result.findings if "二年级" in one.subject.label]
    assert [(one.outcome, one.missing) for one in found] == [(Outcome.REVIEW, ())]
    assert "作息时间表中没有这个年级" in found[0].message
