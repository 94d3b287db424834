"""The packs that come with kehou are in English throughout, though a pack need not be."""

from __future__ import annotations

import os
import runpy
import shutil
from importlib.resources import as_file
from pathlib import Path

import pytest

from kehou import packs
from kehou.authoring.lint import lint
from kehou.authoring.pack_gates import english_hashes

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])


@pytest.mark.parametrize("name", packs.available())
def test_every_rule_and_decision_has_its_english(name: str) -> None:
    pack = packs.load(name)
    lacking = []
    for rule in pack.rules.values():
        english = pack.english.get(rule.id) or {}
        reasons = english.get("reason") or []
        count = 1 if isinstance(reasons, str) else len(reasons)
        keys = ("title", "remedy", *(["message"] if rule.message else []))
        lacking += [f"{rule.id}: {key}" for key in keys if not english.get(key)]
        lacking += [f"{rule.id}: reason"] if count != len(rule.review) else []
    for decision in pack.decisions:
        if not (pack.english.get(decision.id) or {}).get("because"):
            lacking.append(decision.id)
    assert lacking == []


@pytest.mark.parametrize("name", packs.available())
def test_every_entry_says_of_which_chinese_it_is(name: str) -> None:
    """So that a Chinese sentence that changes without its English is told (`kehou lint`)."""
    pack = packs.load(name)
    now = english_hashes(pack)
    written = {one for one in now if one not in pack.rules or not pack.rules[one].pointer}
    stale = [one for one in sorted(written) if (pack.english.get(one) or {}).get("of") != now[one]]
    assert stale == [], "英文看过以后，请运行 scripts/english-stamps，改过的写上编号"


@pytest.mark.checkout  # the cases, which lint asks for, are not in the wheel
def test_a_changed_sentence_whose_english_was_not_touched_is_told(tmp_path: Path) -> None:
    with as_file(packs.find("national-2023")) as folder:
        shutil.copytree(folder, tmp_path / "national-2023")
    pack = tmp_path / "national-2023"
    file = pack / "pack.yaml"
    named = file.read_text("utf-8").replace("id: national-2023\n", "id: a-copy\n", 1)
    file.write_text(named, "utf-8")
    english = pack / "i18n" / "en.yaml"
    place = english.read_text("utf-8").split("\n").index("national-school-days:")
    [rule] = pack.glob("*/national-school-days.yaml")
    text = rule.read_text("utf-8")
    assert text.count("remedy: ") == 1
    rule.write_text(text.replace("remedy: ", "remedy: 另外"), "utf-8")
    [(told, message, hint)] = lint(str(pack))
    assert told.startswith("i18n/en.yaml:") and int(told.rpartition(":")[2]) > place
    assert "national-school-days" in message and "中文改过" in message
    assert english_hashes(packs.load(str(pack)))["national-school-days"] in hint


@pytest.mark.checkout
def test_stamps_are_written_where_there_are_none_and_anew_where_named() -> None:
    stamped = runpy.run_path(str(ROOT / "scripts/english-stamps"))["stamped"]
    pack = packs.load("national-2023")
    now = english_hashes(pack)["national-school-days"]
    old = "# words\n\nnational-school-days:\n  title: A\n  remedy: B\n\n# more\n"
    new = old.replace("  remedy: B\n", f"  remedy: B\n  of: '{now}'\n")
    assert stamped(pack, old) == new
    stale = new.replace(now, "00000000")
    assert stamped(pack, stale) == stale
    assert stamped(pack, stale, ["national-school-days"]) == new
