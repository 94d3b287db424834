"""A rule is found by what people see of it: its title, words of it, its clause, its id."""

from __future__ import annotations

import pytest

import kehou
from kehou.commands.choices import find_rule
from kehou.errors import UsageError

PACKS = [kehou.load_pack("bayannur-2021")]
END = "schedule-primary-end"


@pytest.mark.parametrize(
    "name", [END, f"bayannur-2021/{END}", "小学课后服务结束时间不晚于18:30", "不晚于18:30"]
)
def test_a_rule_is_found_by_its_id_its_title_or_words_of_it(name: str) -> None:
    assert find_rule(name, PACKS)[0].id == END


def test_a_clause_of_one_rule_is_that_rule() -> None:
    rule = next(
        r
        for r in PACKS[0].rules.values()
        if all(sum(c in o.clauses for o in PACKS[0].rules.values()) == 1 for c in r.clauses[:1])
        and r.clauses
    )
    assert find_rule(rule.clauses[0], PACKS)[0] is rule


@pytest.mark.parametrize("name", ["结束时间", "D.2-b"])
def test_of_several_the_titles_are_told(name: str) -> None:
    with pytest.raises(UsageError) as told:
        find_rule(name, PACKS)
    assert f"小学课后服务结束时间不晚于18:30（{END}）" in told.value.message


def test_a_title_as_people_remember_it_will_do() -> None:
    """The first words a clerk tried; too few, or in another order, are nobody's title."""
    assert find_rule("小学结束时间", PACKS)[0].id == END
    for name in ("小学束", "时间结束小学"):
        with pytest.raises(UsageError):
            find_rule(name, PACKS)


@pytest.mark.parametrize("name", ["3", "没有这样的标题"])
def test_what_is_nothing_says_how_to_find_one(name: str) -> None:
    with pytest.raises(UsageError) as told:
        find_rule(name, PACKS)
    assert "kehou check" in told.value.hint and len(told.value.hint) < 120
