"""``kehou clauses --against``: what a policy issued again does to the clauses and their rules."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.support import command_line

from kehou import packs
from kehou.authoring.reissued import compare

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
SUPPER = "晚餐不得晚于19时结束。"


def test_the_same_text_changes_nothing() -> None:
    pack = packs.load(str(EXAMPLE))
    found = compare(pack, pack.source)
    assert {change.kind for change in found.changes} == {"same"}
    assert found.added == ()


def test_quotes_that_moved_changed_and_went_are_told_with_their_rules(tmp_path: Path) -> None:
    pack = packs.load(str(EXAMPLE))
    text = pack.source.replace(SUPPER, "早餐不得早于7时。晚餐不得晚于18时30分结束。")
    text = text.replace("饭菜应当可口。", "")
    found = compare(pack, text)
    kinds = {change.clause.id: change.kind for change in found.changes}
    assert kinds["A.3-a"] == "same"
    assert kinds["A.3-c"] == "moved"
    assert kinds["A.3-b"] == "changed"
    assert kinds["A.5-c"] == "gone"
    changed = next(change for change in found.changes if change.kind == "changed")
    assert changed.text == "晚餐不得晚于18时30分结束"
    assert changed.rules == ("meals-supper-end",)
    assert [words for _, words in found.added] == ["早餐不得早于7时"]

    new = tmp_path / "new.txt"
    new.write_text(text, encoding="utf-8")
    asked = ("clauses", "--pack", str(EXAMPLE), "--against", str(new))
    code, told, _ = command_line.here(*asked)
    assert code == 0 and "meals-supper-end" in told and "18时30分" in told
    tree = json.loads(command_line.here(*asked, "-o", "json")[1])
    assert {one["id"] for one in tree["clauses"] if one["change"] == "gone"} == {"A.5-c"}


def test_a_quote_that_now_stands_twice_has_to_be_longer() -> None:
    pack = packs.load(str(EXAMPLE))
    text = pack.source.replace("第一条", f"序 {SUPPER}\n{SUPPER}\n第一条").replace(
        f"开始。{SUPPER}", "开始。"
    )
    found = {change.clause.id: change.kind for change in compare(pack, text).changes}
    assert found["A.3-b"] == "twice"


def test_a_clause_whose_article_is_another_has_its_citation_told() -> None:
    """The words are the same, and whoever looks up the old number finds something else."""
    pack = packs.load(str(EXAMPLE))
    found = {change.clause.id: change for change in compare(pack, pack.source).changes}
    assert {change.numbers for change in found.values()} == {("", "")}
    lines = pack.source.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("第三条"))
    text = "\n".join([*lines[:at], "第三条 （新）公开收支。", lines[at].replace("第三", "第四", 1)])
    text += "\n" + "\n".join(lines[at + 1 :])
    changed = {c.clause.id: (c.kind, c.numbers) for c in compare(pack, text).changes}
    assert changed["A.3-b"] == ("moved", ("第三条", "第四条"))
    assert changed["A.2"][1] == ("", "")


def test_the_citation_to_be_changed_is_told_on_the_screen(tmp_path: Path) -> None:
    pack = packs.load(str(EXAMPLE))
    new = tmp_path / "new.txt"
    new.write_text(pack.source.replace("第八条", "第九条"), encoding="utf-8")
    told = command_line.here("clauses", "--pack", str(EXAMPLE), "--against", str(new))[1]
    assert "条号由“第八条”变为“第九条”，请改 citation" in told


def test_two_texts_one_after_the_other_are_two_packs(tmp_path: Path) -> None:
    """Each holds in its own time, and a report quotes the words of that time alone."""
    old, new = tmp_path / "meals-2025", tmp_path / "meals-2026"
    for folder in (old, new):
        shutil.copytree(EXAMPLE, folder)
    begins = "  effective_from: '2025-01-01'\n"
    edit(old / "pack.yaml", begins, begins + "  effective_to: '2025-12-31'\n")
    edit(new / "pack.yaml", "id: pack-example\n", "id: meals-2026\n")
    edit(new / "pack.yaml", begins, "  effective_from: '2026-01-01'\n")
    edit(new / "pack.yaml", "value: '19:00'", "value: '18:00'")
    edit(new / "source.txt", "晚餐不得晚于19时结束", "晚餐不得晚于18时结束")
    edit(new / "clauses.yaml", "晚餐不得晚于19时结束", "晚餐不得晚于18时结束")
    edit(new / "meals/meals-supper-end.yaml", "晚餐不晚于19时结束", "晚餐不晚于18时结束")
    base = str(EXAMPLE / "base.yaml")
    asked = ("check", base, "--pack", str(old), "--pack", str(new), "-o", "json")
    ends = {}
    for day in ("2025-06-02", "2026-06-01"):
        report = json.loads(command_line.here(*asked, "--engine", "direct", "--as-of", day)[1])
        [supper] = [one for one in report["results"] if one["rule"] == "meals-supper-end"]
        ends[day] = (supper["title"], supper["outcome"])
    assert ends == {
        "2025-06-02": ("晚餐不晚于19时结束", "pass"),
        "2026-06-01": ("晚餐不晚于18时结束", "fail"),
    }


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (file.name, old)
    file.write_text(text.replace(old, new), "utf-8")
