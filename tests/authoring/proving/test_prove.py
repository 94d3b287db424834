"""``kehou lint --prove`` and ``kehou diff --packs`` as they are called, on a small pack."""

from __future__ import annotations

import json
from importlib import util
from pathlib import Path

import pytest
from tests.support.command_line import here
from tests.support.small_pack import plant, write_pack

pytest.importorskip("z3", reason="the solver is an extra (prove)")

ROOT = Path(__file__).parents[3]
RULE, PACK = "book/book-price-kept.yaml", "pack.yaml"
CASES = "book/book-price-kept.test.yaml"
#: A rule that a note lets apply: without the note it does not, which a clause may want.
GUARD = "when: {all: [{field: kind, in: [novel, comic]}, {field: note, exists: true}]}"
CLOSED = f"closed: {{approval: [note]}}\n{GUARD}"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "reading")


def closed(pack: Path) -> Path:
    plant(pack, RULE, "when: {field: kind, in: [novel, comic]}", CLOSED)
    plant(
        pack,
        "reading.schema.json",
        ', "x-absent": true, "x-unread": "没有要求"}\n        }',
        ', "x-absent": true}\n        }',
    )
    return pack


def test_a_sound_pack(pack: Path) -> None:
    code, out, _ = here("lint", "--prove", "--pack", str(pack))
    assert code == 0, out
    assert "0 项推翻，0 项推翻而说明了理由，0 项不能证明" in out.splitlines()[-1]


def test_what_is_refuted_is_told_with_its_place_and_a_case(pack: Path) -> None:
    closed(pack)
    code, out, _ = here("lint", "--prove", "--pack", str(pack))
    assert code == 1, out
    assert f"{RULE}:" in out and "少填 note，结论从" in out and "变成不适用" in out
    assert "  - name: " in out and "反例（可写进 book/book-price-kept.test.yaml 的 cases）" in out


def test_what_is_excused_stands_beside_the_rule(pack: Path) -> None:
    closed(pack)
    file = pack / CASES
    reason = "\nexcused:\n  - {claim: less, about: note, reason: A.2 只管有说明的}\n"
    file.write_text(file.read_text("utf-8") + reason, "utf-8")
    code, out, _ = here("lint", "--prove", "--pack", str(pack))
    assert code == 0, out
    assert "1 项推翻而说明了理由" in out


def test_an_excuse_that_nothing_needs_is_told(pack: Path) -> None:
    file = pack / CASES
    reason = "\nexcused:\n  - {claim: less, about: price, reason: 试验}\n"
    file.write_text(file.read_text("utf-8") + reason, "utf-8")
    code, out, _ = here("lint", "--prove", "--pack", str(pack))
    assert code == 2
    assert f"{CASES}:" in out and "less price 已经能够证明" in out


def test_without_the_solver_it_is_said_how_to_install_it(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = util.find_spec
    monkeypatch.setattr(
        "kehou.commands.lint.find_spec", lambda name: None if name == "z3" else found(name)
    )
    for call in (
        ("lint", "--prove", "--pack", str(pack)),
        ("diff", "--packs", str(pack), str(pack)),
    ):
        code, _, told = here(*call)
        assert code == 2
        assert "pip install 'kehou[prove]'" in told  # as it stands: kehou is installed already


@pytest.mark.checkout
def test_the_packs_that_are_measured_and_shown_are_proved_whole() -> None:
    """Both bundled packs are proved by ``make packs``."""
    code, out, _ = here("lint", "--prove", "--pack", "benchmarks/field20", cwd=ROOT)
    assert code == 0, out


# --- two versions ------------------------------------------------------------------------------


def test_the_same_twice(pack: Path) -> None:
    code, out, _ = here("diff", "--packs", str(pack), str(pack))
    assert code == 0
    assert "结论不变的规则 " in out


def test_another_way_to_write_it_is_no_change(tmp_path: Path, pack: Path) -> None:
    """What counts is what comes out, not the words."""
    other = write_pack(tmp_path / "rewritten")
    plant(other, RULE, "in: [novel, comic]", "not_in: [atlas]")
    code, out, _ = here("diff", "--packs", str(pack), str(other))
    assert code == 0, out
    assert len(out.splitlines()) == 2 and "规则 " not in out.splitlines()[1].partition("结论")[0]


def test_loosened_tightened_added_and_withdrawn(tmp_path: Path, pack: Path) -> None:
    other = write_pack(tmp_path / "later")
    plant(other, PACK, "value: '100'", "value: '120'")
    plant(other, PACK, "value: '08:00'", "value: '07:45'")
    (other / "book/book-age-told.yaml").write_text(ADDED, "utf-8")
    code, out, _ = here("diff", "--packs", str(pack), str(other))
    assert code == 1
    for line in (
        "参数 放宽  价格上限  price_limit",
        "参数 收紧  最晚开放时间  latest_opening",
        "规则 新增  写明年份  book-age-told",
        "规则 放宽  每册图书的价格不超过上限  book-price-kept",
        "规则 收紧  阅览室在八点以前开放  room-opens-early",
    ):
        assert line in out, line
    code, out, _ = here("diff", "--packs", str(other), str(pack), "-o", "json")
    found = json.loads(out)
    kinds = {(c["part"], c["id"]): c["kind"] for c in found["changes"]}
    assert kinds["rule", "book-age-told"] == "withdrawn"
    assert kinds["rule", "book-price-kept"] == "tightened"


def test_another_reading_of_a_vague_word_is_a_change(tmp_path: Path, pack: Path) -> None:
    """With --reading lenient schools would come out otherwise: the file has to say so."""
    told = "    title: 旧书年份\n"
    other = write_pack(tmp_path / "later")
    for folder, year in ((pack, 1980), (other, 1985)):
        reading = f"    readings: {{word: 旧, clauses: [A.2], lenient: '{year}'}}\n"
        plant(folder, PACK, told, reading + told)
    code, out, _ = here("diff", "--packs", str(pack), str(other))
    assert code == 0
    assert "参数 改动  旧书年份  old_year" in out and "从宽的理解：1980 → 1985" in out


ADDED = """\
id: book-age-told
title: 写明年份
clauses: [A.2]
severity: minor
stages: [approval]

each: book
require: {field: year, exists: true}

message: '{label}没有写明年份'
remedy: 请写明年份
"""


def test_a_version_that_knows_more_options_and_fields(tmp_path: Path, pack: Path) -> None:
    other = write_pack(tmp_path / "later")
    plant(
        other,
        "reading.schema.json",
        '["novel", "comic", "atlas"]',
        '["novel", "comic", "atlas", "paper"]',
    )
    plant(other, "reading.schema.json", '"atlas": "地图"}', '"atlas": "地图", "paper": "报纸"}')
    plant(
        other,
        "reading.schema.json",
        '"year":',
        '"sold": {"type": "boolean", "title": "已售"}, "year":',
    )
    plant(other, RULE, "in: [novel, comic]}", "in: [novel, comic, paper]}")
    plant(
        other, "room/room-opens-early.yaml", "stages: [approval, inspection]", "stages: [approval]"
    )
    code, out, _ = here("diff", "--packs", str(pack), str(other))
    assert code == 1
    assert "规则 收紧  每册图书的价格不超过上限  book-price-kept" in out
    assert "规则 放宽  阅览室在八点以前开放  room-opens-early" in out
    assert "环节：备案、检查 → 备案" in out


def test_a_page_for_the_file(tmp_path: Path, pack: Path) -> None:
    other = write_pack(tmp_path / "later")
    plant(other, PACK, "value: '100'", "value: '120'")
    page = tmp_path / "changes.html"
    code = here("diff", "--packs", str(pack), str(other), "-o", f"html={page}")[0]
    text = page.read_text("utf-8")
    assert code == 1 and "放宽" in text and "price_limit" in text and "<script" not in text
    assert here("diff", str(page), str(page), "-o", "html")[0] == 2


def test_two_versions_of_an_overlay(tmp_path: Path, pack: Path) -> None:
    for name, value in (("first", "90"), ("second", "80")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(
            f"id: {name}\ntitle: 某县（示例）\nversion: '1.0.0'\noverlay: reading\nparameters:\n"
            f"  price_limit:\n    values:\n"
            f"      - {{from: '2021-09-01', value: '{value}', ground: 某县规定（示例）}}\n",
            "utf-8",
        )
    code, out, _ = here("diff", "--packs", str(tmp_path / "first"), str(tmp_path / "second"))
    assert code == 0, out
    assert "规则 收紧  每册图书的价格不超过上限  book-price-kept" in out


def test_of_an_overlay_only_what_it_touches_is_told(tmp_path: Path, pack: Path) -> None:
    """What is refuted of the pack below is for whoever wrote that, and is not told again."""
    closed(pack)
    folder = tmp_path / "county"
    folder.mkdir()
    head = "id: county\ntitle: 某县（示例）\nversion: '1.0.0'\noverlay: reading\nparameters:\n"

    def proved(name: str, value: str) -> tuple[int, str]:
        row = f"{{from: '2021-09-01', value: '{value}', ground: 某县规定（示例）}}"
        body = f"{head}  {name}:\n    values:\n      - {row}\n"
        (folder / "pack.yaml").write_text(body, "utf-8")
        code, out, _ = here("lint", "--prove", "--pack", str(folder))
        return code, out

    code, out = proved("latest_opening", "08:00")  # only room-opens-early reads it
    assert code == 0 and "少填 note" not in out, out
    assert "下层的 2 条规则没有求证" in out
    code, out = proved("price_limit", "90")  # the two rules of prices read it
    assert code == 1 and "少填 note，结论从" in out, out
    assert "下层的 1 条规则没有求证" in out
