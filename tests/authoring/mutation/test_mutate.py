"""``kehou test --mutate``: which changes to a rule the cases must notice, and what is told if not.

Without it a case file could pass and yet let a limit slip by a minute unseen.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import command_line
from tests.support.lending_pack import write_lending_pack
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.authoring.mutation.fact_mutants import derivation_mutants
from kehou.authoring.mutation.rule_mutants import rule_mutants
from kehou.authoring.mutation.run import MutationRun, mutate
from kehou.authoring.neighbours import neighbours
from kehou.language import Derivation
from kehou.model.rules import FieldRef

RULE, CASES = "book/book-price-kept.yaml", "book/book-price-kept.test.yaml"
ROOM_CASES = "room/room-opens-early.test.yaml"
AT_EIGHT = """\
  - name: 八点正，符合
    as_of: '2021-09-01'
    set: {/room/opens: '08:00'}
    expect: {pass: [/]}
"""
BEFORE_EIGHT = AT_EIGHT.replace("'08:00'", "'07:30'")


def run(pack: Path, *arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of ``kehou test --mutate`` on a pack."""
    code, shown, told = command_line.here("test", "--mutate", "--pack", str(pack), *arguments)
    assert told == ""
    return code, shown.splitlines()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def living(pack: Path) -> list[str]:
    """Ids of the mutants that no case notices and no file excuses."""
    return [survived.mutant for survived in mutate(str(pack)).survived]


# --- which mutants there are ---------------------------------------------------------------


def ids(pack: Path, condition: str, key: str = "require") -> set[str]:
    """Ids of the mutants of a rule on books with one condition."""
    text = (pack / RULE).read_text("utf-8")
    head, _, rest = text.partition("when:")
    _, _, tail = rest.partition("message:")
    body = f"{key}: {condition}\n"
    if key == "when":
        body += "require: {field: price, exists: true}\n"
    (pack / RULE).write_text(f"{head}{body}message:{tail}", "utf-8")
    loaded = packs.load(str(pack))
    return {mutant.id for mutant in rule_mutants(loaded, loaded.rules["book-price-kept"])}


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("{field: kind, is: novel}", {"require is→is_not"}),
        ("{field: kind, is_not: novel}", {"require is_not→is"}),
        (
            "{field: kind, in: [novel, comic]}",
            {"require in→not_in", "require in without novel", "require in without comic"},
        ),
        ("{field: kind, not_in: [novel]}", {"require not_in→in"}),
        (
            "{field: year, at_most: 1990}",
            {
                "require at_most→less_than",
                "require at_most 1990→1989",
                "require at_most 1990→1991",
            },
        ),
        (
            "{field: price, more_than: 2.50}",
            {
                "require more_than→at_least",
                "require more_than 2.50→2.49",
                "require more_than 2.50→2.51",
            },
        ),
        (
            "{field: room.opens, less_than: '00:00'}",
            {"require less_than→at_most", "require less_than 00:00→00:01"},
        ),
        (
            "{field: room.opens, at_least: '08:00'}",
            {
                "require at_least→more_than",
                "require at_least 08:00→07:59",
                "require at_least 08:00→08:01",
            },
        ),
        (
            "{field: year, within: [1990, 2000]}",
            {
                "require within negated",
                "require within lower 1990→1989",
                "require within lower 1990→1991",
                "require within upper 2000→1999",
                "require within upper 2000→2001",
            },
        ),
        ("{field: note, exists: true}", {"require exists true→false"}),
        ("{field: code, matches: 'B[0-9]'}", {"require matches negated"}),
        ("{field: code, mentions: [B]}", {"require mentions negated"}),
        (
            "{not: {field: kind, is: novel}}",
            {"require not removed", "require/not is→is_not"},
        ),
        (
            "{all: [{field: kind, is: novel}, {field: note, exists: false}]}",
            {
                "require all→any",
                "require/all/0 dropped",
                "require/all/1 dropped",
                "require/all/0 is→is_not",
                "require/all/1 exists false→true",
            },
        ),
        (
            "{any: [{field: kind, is: novel}]}",
            {"require/any/0 is→is_not"},
        ),
        (
            "{field: price, at_most: {param: price_limit}}",
            {"require at_most→less_than", "param price_limit -1", "param price_limit +1"},
        ),
    ],
)
def test_the_mutants_of_a_condition(pack: Path, condition: str, wanted: set[str]) -> None:
    assert ids(pack, condition) == wanted


def test_when_can_be_dropped_as_a_whole(pack: Path) -> None:
    found = ids(pack, "{field: kind, is: novel}", "when")
    assert found == {"when dropped", "when is→is_not", "require exists true→false"}


def test_a_review_and_a_closed_field_can_be_dropped(pack: Path) -> None:
    plant(pack, RULE, "\neach: book", "\neach: book\nclosed: {approval: [price]}")
    loaded = packs.load(str(pack))
    found = {mutant.id for mutant in rule_mutants(loaded, loaded.rules["book-price-kept"])}
    assert {"review/0 dropped", "closed/approval without price"} <= found
    assert {"param old_year -1", "param old_year +1"} <= found


def test_the_mutants_of_a_derived_field(pack: Path) -> None:
    loaded = packs.load(str(pack))
    [derivation] = loaded.derivations.values()
    assert {mutant.id for mutant in derivation_mutants(loaded, derivation)} == {
        "submission.dearest max→min",
        "submission.dearest where dropped",
        "submission.dearest where in→not_in",
        "submission.dearest where in without novel",
        "submission.dearest where in without comic",
    }


def test_what_is_taken_from_a_date_cannot_change_places_with_it(tmp_path: Path) -> None:
    loaded = packs.load(str(write_lending_pack(tmp_path / "lending")))

    def swaps(*names: str) -> list[str]:
        made = Derivation("loan", "rest", "minus", args=tuple(FieldRef(n) for n in names))
        return [m.id for m in derivation_mutants(loaded, made) if m.id.endswith("swapped")]

    assert swaps("date", "pages") == []
    assert swaps("pages", "pages_counted") == ["loan.rest swapped"]


def test_a_limit_moves_by_its_own_unit(pack: Path) -> None:
    from fractions import Fraction

    from kehou.language import Type

    assert neighbours(Fraction("0.05"), Type("decimal")) == [Fraction("0.04"), Fraction("0.06")]
    assert neighbours("2021-03-01", Type("date")) == ["2021-02-28", "2021-03-02"]
    assert neighbours("2021-12", Type("month")) == ["2021-11", "2022-01"]
    assert neighbours(1439, Type("time")) == [1438]
    assert neighbours(1, Type("integer", domain=(1, 2, 3))) == [2]
    assert neighbours("甲", Type("text")) == []


# --- which of them live --------------------------------------------------------------------


def test_cases_at_and_beyond_each_limit_leave_none_alive(pack: Path) -> None:
    code, lines = run(pack)
    assert lines[-1] == "mutation score: 100.0 %"
    assert code == 0


def test_a_limit_without_a_case_on_it_is_told_with_the_case_to_write(pack: Path) -> None:
    plant(pack, ROOM_CASES, AT_EIGHT, BEFORE_EIGHT)
    code, lines = run(pack)
    assert code == 1
    told = [line for line in lines if line.startswith("room/room-opens-early.yaml:7：")]
    assert [line.partition("]")[0].partition("[")[2] for line in told] == [
        "require at_most→less_than",
        "param latest_opening -1",
    ]
    assert "补一个 room.opens 正好等于 latest_opening 的用例" in told[0]
    assert lines[-1].startswith("mutation score: 9")


def test_a_survivor_with_a_reason_is_excused_but_not_killed(pack: Path) -> None:
    plant(pack, ROOM_CASES, AT_EIGHT, BEFORE_EIGHT)
    plant(
        pack,
        ROOM_CASES,
        "cases:",
        "survivors:\n"
        "  - {mutant: require at_most→less_than, reason: 试验}\n"
        "  - {mutant: param latest_opening -1, reason: 试验}\n"
        "cases:",
    )
    code, lines = run(pack)
    assert code == 0
    assert "写明理由 2 处，没有写明 0 处" in lines[-2]
    assert lines[-1] != "mutation score: 100.0 %"


def test_an_excuse_that_nothing_needs_is_told(pack: Path) -> None:
    line = plant(
        pack,
        ROOM_CASES,
        "cases:",
        "survivors: [{mutant: require at_most→less_than, reason: 试验}]\ncases:",
    )
    code, lines = run(pack)
    assert code == 0
    assert lines[0].startswith(f"{ROOM_CASES}:{line}：survivors 中的“require at_most→less_than”")


def test_a_derived_field_is_tested_by_the_cases_of_any_rule_that_reads_it(pack: Path) -> None:
    plant(
        pack,
        "book/book-dearest-kept.test.yaml",
        "set: {/books/0/price: '100', /books/1/price: '900'}",
        "set: {/books/0/price: '100'}",
    )
    assert living(pack) == ["submission.dearest where dropped"]
    [survived] = mutate(str(pack)).survived
    assert survived.place == "facts.yaml:11"
    assert "book-dearest-kept" in survived.kill
    # A second rule that reads it may notice instead.
    plant(
        pack,
        RULE,
        "each: book\n",
        "each: book\n# as the dearest is\n",
    )
    plant(
        pack,
        CASES,
        "    set: {/books/1/price: '200'}\n",
        "    set: {/books/1/price: '200', /books/0/price: '100'}\n",
    )
    plant(
        pack,
        RULE,
        "require: {field: price, at_most: {param: price_limit}}",
        "require:\n  all:\n    - {field: price, at_most: {param: price_limit}}\n"
        "    - {field: submission.dearest, at_most: {param: price_limit}}",
    )
    assert "submission.dearest where dropped" not in living(pack)


def test_a_change_that_changes_nothing_is_no_mutant(pack: Path) -> None:
    """A novel that is a novel or a comic is a novel: dropping the comic alters no outcome."""
    plant(
        pack,
        RULE,
        "when: {field: kind, in: [novel, comic]}",
        "when:\n  all:\n    - {field: kind, in: [novel, comic]}\n    - any:\n"
        "        - {field: kind, in: [novel, comic]}\n        - {field: kind, is: novel}",
    )
    assert "when/all/1/any/1 dropped" not in living(pack)
    assert living(pack) == []


def test_a_case_that_fails_by_itself_is_told_and_kills_nothing(pack: Path) -> None:
    plant(pack, ROOM_CASES, "expect: {fail: [/]}", "expect: {pass: [/]}")
    code, lines = run(pack, "room-opens-early")
    assert code == 1
    assert lines[0].startswith(f"{ROOM_CASES}:8：用例本身不通过")
    assert any("param latest_opening +1" in line for line in lines)


def test_a_rule_without_cases_is_told_once_and_counts_in_full(pack: Path) -> None:
    (pack / ROOM_CASES).unlink()
    code, lines = run(pack, "room-opens-early")
    assert code == 1
    [told] = [line for line in lines if line.startswith("room/")]
    assert told.startswith("room/room-opens-early.yaml:1：") and "改错 3 处" in told
    assert lines[-1] == "mutation score: 0.0 %"


def test_some_rules_alone_can_be_mutated(pack: Path) -> None:
    code, lines = run(pack, "room-opens-early")
    assert code == 0
    assert "改错 3 处" in lines[-2]


def test_the_score_is_cut_and_not_rounded() -> None:
    assert MutationRun(total=3, killed=2).score == 66.6
    assert MutationRun(total=2000, killed=1999).score == 99.9
    assert MutationRun().score == 100.0
