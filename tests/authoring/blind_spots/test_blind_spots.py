"""``kehou test --blind-spots``: which changes to a good submission are made, and which are told.

Without it a field could stand in the form and be read by no rule, and nobody would know.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.support import command_line
from tests.support.share import is_whole, share
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.authoring.blind_spots.changes import Change, changes, renamed
from kehou.authoring.blind_spots.noticing import Judge, Law
from kehou.authoring.blind_spots.reads import Reads, limits
from kehou.authoring.blind_spots.run import base_files, find
from kehou.authoring.blind_spots.scalar_changes import Limits
from kehou.authoring.blind_spots.words import in_words
from kehou.authoring.run_cases import Bases
from kehou.fields import load_schema
from kehou.model.outcomes import Stage
from kehou.submission import from_tree

SHIPPED = ("bayannur-2021", "national-2023")


def run(pack: Path, *arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of ``kehou test --blind-spots`` on a pack."""
    code, shown, told = command_line.here("test", "--blind-spots", "--pack", str(pack), *arguments)
    assert told == ""
    return code, shown.splitlines()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def unseen(pack: Path) -> set[tuple[str, str]]:
    """(field, kind) of what no rule notices and no reason excuses."""
    return {(each.field, each.kind) for each in find([str(pack)]).unexplained}


# --- which changes there are ---------------------------------------------------------------

SCHEMA = """{
  "type": "object",
  "properties": {
    "fair": {
      "type": "object", "title": "集市",
      "properties": {
        "open": {"type": "boolean", "title": "开放"},
        "begins": {"type": "string", "x-kind": "date", "title": "开始"},
        "ends": {"type": "string", "x-kind": "date", "title": "结束"},
        "season": {"type": "string", "x-kind": "year_pair", "title": "年度"},
        "days": {"type": "array", "title": "日子",
                 "items": {"type": "integer", "minimum": 1, "maximum": 7}},
        "share": {"type": "string", "x-kind": "decimal", "title": "比例",
                  "minimum": 0, "maximum": 1}
      }
    },
    "stalls": {
      "type": "array", "title": "摊位", "x-key": ["number"], "x-absent": true,
      "items": {
        "type": "object",
        "properties": {
          "number": {"type": "string", "title": "摊号"},
          "sells": {"type": "array", "title": "出售", "x-absent": true,
                    "items": {"type": "string", "enum": ["food", "books", "toys"],
                              "x-labels": {"food": "食品", "books": "书", "toys": "玩具"}}},
          "opens": {"type": "string", "x-kind": "time", "title": "开摊"},
          "closes": {"type": "string", "x-kind": "time", "title": "收摊"}
        }
      }
    },
    "visits": {
      "type": "array", "title": "巡查",
      "items": {"type": "object",
                "properties": {"stall": {"type": "string", "title": "摊号",
                                         "x-refers": {"to": "stalls.number"}},
                               "month": {"type": "string", "x-kind": "month", "title": "月份"}}}
    }
  }
}"""

MADE = {
    "fair": {
        "open": "true",
        "begins": "2021-03-01",
        "ends": "2021-03-05",
        "season": "2020-2021",
        "days": ["1", "3", "5"],
        "share": "0.6",
    },
    "stalls": [
        {"number": "A1", "sells": ["food"], "opens": "08:00", "closes": "17:00"},
        {"number": "A2", "sells": ["food", "toys"], "opens": "09:00", "closes": "17:00"},
    ],
    "visits": [{"stall": "A1", "month": "2021-12"}],
}


def made(limits: Limits | None = None) -> list[Change]:
    schema = load_schema(SCHEMA)
    typed = from_tree(MADE, schema).tree
    return list(changes(schema.root, MADE, typed, limits or Limits({}, {}, typed)))


def of(field: str, found: list[Change]) -> dict[str, object]:
    """What a field is changed into, by kind; where several rows have it, the first."""
    values: dict[str, object] = {}
    for change in found:
        if change.field == field:
            values.setdefault(change.kind, next(iter(change.values.values()), None))
    return values


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("fair.open", {"flipped": "false"}),
        (
            "fair.begins",
            {
                "half a year earlier": "2020-09-02",
                "half a year later": "2021-08-28",
                "a year earlier": "2020-03-01",
                "a year later": "2022-03-01",
                "⇄ends": "2021-03-05",
            },
        ),
        (
            "fair.days",
            {
                "a member less": ["3", "5"],
                "one member alone": ["1"],
                "a member more": ["1", "3", "5", "6"],
            },
        ),
        ("fair.share", {"÷2": "0.3", "0": "0"}),  # twice 0.6 is more than all
        ("stalls.number", {"unknown id": "A1-X", "another id": "A2", "⇄ another row": "A2"}),
        ("visits.stall", {"unknown id": "A1-X", "another id": "A2"}),
        (
            "visits.month",
            {
                "1 month earlier": "2021-11",
                "1 month later": "2022-01",
                "a year earlier": "2020-12",
                "a year later": "2022-12",
            },
        ),
        (
            "stalls.sells",
            {
                "none": "无",
                "with books": ["food", "books"],
                "with toys": ["food", "toys"],
                "a member less": ["toys"],
                "one member alone": ["food"],
                "⇄ another row": ["food", "toys"],
            },
        ),
        (
            "stalls.opens",
            {
                "1 hour earlier": "07:00",
                "1 hour later": "09:00",
                "⇄closes": "17:00",
                "⇄ another row": "09:00",
            },
        ),
    ],
)
def test_a_field_is_changed_as_its_kind_allows(field: str, wanted: dict[str, object]) -> None:
    assert of(field, made()) == wanted


def test_rows_go_come_twice_and_all_at_once() -> None:
    found = [c for c in made() if c.field == "stalls"]
    assert [(c.kind, list(c.values), c.dropped, c.rows) for c in found] == [
        ("none", ["/stalls"], (), True),
        ("a row removed", [], ("/stalls/0",), True),
        ("a row doubled", ["/stalls/2"], (), True),
        ("a row removed", [], ("/stalls/1",), True),
        ("a row doubled", ["/stalls/2"], (), True),
    ]
    assert [c.kind for c in made() if c.field == "visits"] == ["emptied", "a row doubled"]


def test_limits_are_met_and_passed_by_a_unit() -> None:
    """A limit of the policy, and another field that a rule holds this one against."""
    tree = {"fair": {"ends": "2021-03-05"}}
    held = Limits({"stalls.closes": (1080,)}, {"fair.begins": ("fair.ends",)}, tree)
    closes, begins = of("stalls.closes", made(held)), of("fair.begins", made(held))
    assert {k: v for k, v in closes.items() if "18:00" in k} == {
        "at 18:00": "18:00",
        "just below 18:00": "17:59",
        "just above 18:00": "18:01",
    }
    assert {k: v for k, v in begins.items() if "fair.ends" in k} == {
        "at fair.ends": "2021-03-05",
        "just below fair.ends": "2021-03-04",
        "just above fair.ends": "2021-03-06",
    }


def test_a_limit_beside_it_is_that_of_the_same_row() -> None:
    held = Limits({}, {"stalls.opens": ("stalls.closes",)}, {})
    assert of("stalls.opens", made(held))["just above stalls.closes"] == "17:01"


def test_keys_by_their_labels_are_read_by_name() -> None:
    root = load_schema(SCHEMA).root
    assert renamed(root, {"摊位": [{"摊号": "A1", "谁": "x"}], "别的": {}}) == {
        "stalls": [{"number": "A1"}]
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_kind_of_change_has_words(name: str) -> None:
    pack = packs.load(name)
    raw = renamed(pack.schema.root, Bases(pack)[pack.base])
    typed = from_tree(raw, pack.schema).tree
    found = changes(pack.schema.root, raw, typed, limits(pack, pack.in_force("2024-09-02"), typed))
    assert {change.kind for change in found if in_words(change.kind) == change.kind} == set()


# --- which are noticed ---------------------------------------------------------------------


def test_what_no_rule_notices_is_told(pack: Path) -> None:
    """Worked out by hand from the three rules of the small pack and its two books."""
    assert {each for each in unseen(pack) if not each[0].startswith("books")} == {
        ("room.name", "other text"),
        ("room.opens", "1 hour earlier"),
        ("room.opens", "at 08:00"),
        ("room.opens", "just below 08:00"),
        ("room.seats", "×2"),
        ("room.seats", "÷2"),
        ("room.seats", "0"),
        ("room.rules", "none"),
        ("room.rules", "other text"),
    }
    books = {kind for field, kind in unseen(pack) if field == "books.price"}
    assert "just above 100.00" in books  # of the atlas, whose price is nobody's concern
    kinds = {kind for field, kind in unseen(pack) if field == "books.kind"}
    assert kinds == {"→novel", "→comic", "⇄ another row"}


def test_a_rule_more_is_a_blind_spot_less(pack: Path) -> None:
    early = "{field: room.opens, at_most: {param: latest_opening}}"
    both = f"{{all: [{early}, {{field: room.rules, exists: true}}]}}"
    plant(pack, "room/room-opens-early.yaml", f"require: {early}", f"require: {both}")
    assert ("room.rules", "none") not in unseen(pack)
    assert ("room.rules", "other text") in unseen(pack)


def test_the_stage_asked_for_is_the_one_judged(pack: Path) -> None:
    """The books are looked at when a plan is filed, not at an inspection; the room at both."""
    filed = find([str(pack)], (Stage.APPROVAL,))
    seen = find([str(pack)], (Stage.INSPECTION,))
    assert filed.total == seen.total > filed.unnoticed
    assert seen.unnoticed > filed.unnoticed
    assert find([str(pack)]).unnoticed == filed.unnoticed


def test_other_good_submissions_add_the_fields_that_the_first_lacks(pack: Path) -> None:
    before = find([str(pack)]).total
    (pack / "base-keeper.yaml").write_text(
        "room: {name: 西楼阅览室（示例）, opens: '07:00', keeper: 管理员甲}\nbooks: 无\n", "utf-8"
    )
    loaded = packs.load(str(pack))
    assert base_files(loaded) == ["base.yaml", "base-keeper.yaml"]
    assert find([str(pack)]).total == before + 1
    assert ("room.keeper", "other text") in unseen(pack)


def test_rules_that_read_nothing_of_a_change_need_not_be_judged_again() -> None:
    """Judging only the rules concerned comes to the same as judging all of them."""
    laws = [Law(pack, Reads(pack)) for pack in map(packs.load, SHIPPED)]
    for law in laws:
        pack = law.pack
        raw = renamed(pack.schema.root, Bases(pack)[pack.base])
        applied = [law, *(other for other in laws if other is not law)]
        quick, whole = Judge(applied, raw, tuple(Stage)), Judge(applied, raw, tuple(Stage), True)
        typed = quick.submission.tree
        held = limits(pack, pack.in_force(quick.as_of(quick.submission)), typed)
        every = list(changes(pack.schema.root, raw, typed, held))
        drawn = random.Random(pack.id).sample(every, share(60))
        differing = [(c.field, c.kind) for c in drawn if quick.notices(c) != whole.notices(c)]
        assert differing == []


# --- reasons -------------------------------------------------------------------------------

REASONS = """\
blind_spots:
  - {field: room.seats, change: 0, clause: A.3, reason: 座位由各室自定}
  - {field: room.name, change: other text, clause: 没有条款规定, reason: 名称叫什么都可以}
"""


def test_a_reason_excuses_one_field_and_one_kind(pack: Path) -> None:
    before = find([str(pack)])
    (pack / "blind-spots.yaml").write_text(REASONS, "utf-8")
    after = find([str(pack)])
    assert (after.total, after.unnoticed) == (before.total, before.unnoticed)
    assert after.without_reason == before.without_reason - 2
    assert ("room.seats", "÷2") in unseen(pack)
    assert ("room.seats", "0") not in unseen(pack)
    assert (after.stale, after.faults) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("field: room.seats", "field: room.seat", "没有 room.seat"),
        ("field: room.seats", "field: room.*", "没有 room.*"),
        ("clause: A.3", "clause: A.9", "没有条款 A.9"),
        ("clause: A.3, ", "", "缺少 clause"),
        (", reason: 座位由各室自定", "", "缺少 reason"),
        ("reason: 座位", "why: 座位", "不认识的键 why"),
        ("field: room.name, change: other text", "field: room.seats, change: 0", "写了两次"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(
    pack: Path, old: str, new: str, told: str
) -> None:
    (pack / "blind-spots.yaml").write_text(REASONS.replace(old, new), "utf-8")
    faults = find([str(pack)]).faults
    place = next(place for place, message in faults if told in message)
    assert place.startswith("blind-spots.yaml:")


def test_a_reason_that_nothing_needs_is_told(pack: Path) -> None:
    later = "{field: room.opens, change: 1 hour later, clause: A.1, reason: 无所谓}"
    (pack / "blind-spots.yaml").write_text(f"{REASONS}  - {later}\n", "utf-8")
    assert [place for place, _ in find([str(pack)]).stale] == ["blind-spots.yaml:4"]
    # of one stage alone it cannot be known
    assert find([str(pack)], (Stage.APPROVAL,)).stale == []


# --- the command ---------------------------------------------------------------------------


def test_the_command_ends_with_the_counts(pack: Path) -> None:
    found = find([str(pack)])
    code, lines = run(pack)
    assert code == 1
    counts = f"{found.total} changes, {found.unnoticed} unnoticed, {found.without_reason}"
    assert lines[-1] == f"blind spots: {counts} without reason"
    seats = [line for line in lines if "room.seats" in line]
    assert (
        seats[0]
        == "base.yaml:1：[×2] 座位（room.seats）加倍，没有一条规则的结论改变（改 1 处，1 处看不出）"
    )
    assert "blind-spots.yaml" in lines[-2]


def test_the_command_is_content_where_all_have_reasons(pack: Path) -> None:
    entries = [
        f"  - {{field: {field}, change: {kind!r}, clause: 没有条款规定, reason: 试写}}"
        for field, kind in sorted(unseen(pack))
    ]
    (pack / "blind-spots.yaml").write_text("\n".join(["blind_spots:", *entries, ""]), "utf-8")
    code, lines = run(pack)
    assert (code, len(lines)) == (0, 1)
    assert lines[0].endswith(", 0 without reason")


def test_what_does_not_go_together_is_refused(pack: Path) -> None:
    for arguments in (("--blind-spots", "--mutate"), ("--stage", "approval")):
        code, _, told = command_line.here("test", *arguments, "--pack", str(pack))
        assert (code, "--blind-spots" in told) == (2, True)


# --- the packs that come with kehou --------------------------------------------------------


def test_each_change_of_the_shipped_packs_is_noticed_or_has_its_reason() -> None:
    found = find(SHIPPED, most=None if is_whole() else share(600))
    assert [f"{each.field} {each.kind}" for each in found.unexplained] == []
    assert (found.stale, found.faults) == ([], [])
