"""A limit of one level of school says nothing of a school that has only the other level."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kehou.checking import CheckOptions, check
from kehou.model.outcomes import Stage

ROOT = Path(__file__).resolve().parents[2]
PACK = "bayannur-2021"
LEVELS = ("primary", "junior")
#: A whole submission of a school that has one level; its plan offers care until late.
SCHOOLS = {"primary": "primary-compliant", "junior": "junior-breaches"}
#: A value that no school meets, by kind and side, and one that says nothing where there is none.
TIGHTEST = {
    ("time", "lower"): "00:01",
    ("time", "higher"): "23:58",
    ("integer", "lower"): "0",
    ("integer", "higher"): "1400",
    ("text", "fewer"): ["all"],
}
OPEN = "23:59"


@cache
def declared() -> dict[str, Any]:
    text = (ROOT / "rules" / PACK / "pack.yaml").read_text("utf-8")
    return dict(yaml.load(text, yaml.BaseLoader)["parameters"])


def limits() -> list[tuple[str, str]]:
    """Each parameter with a limit that holds for one level and can be tightened, and the level."""
    return [
        (name, level)
        for name, one in declared().items()
        if (one["type"], one["tighter"]) in TIGHTEST
        for level in LEVELS
        if level in name.split("_") or one.get("by") == ["level"]
    ]


def values(name: str, level: str, tight: bool) -> Any:
    """The value of a layer that changes one level's limit, or leaves all as they are."""
    one = declared()[name]
    tightest = TIGHTEST[one["type"], one["tighter"]]
    said = one["values"][-1]["value"] if one["values"] else dict.fromkeys(LEVELS, OPEN)
    if not isinstance(said, dict):
        return tightest if tight else said
    return {**said, level: tightest} if tight else said


def outcomes(folder: Path, name: str, value: Any, school: str) -> dict[str, list[Any]]:
    """What each rule finds in a school's submission under a layer that sets one parameter."""
    ground = {"from": "2021-09-01", "value": value, "ground": "某旗县规定（示例）"}
    layer = {
        **{"id": "county", "title": "某旗县（示例）", "version": "1", "overlay": PACK},
        "parameters": {name: {"values": [ground]}},
    }
    folder.mkdir()
    (folder / "pack.yaml").write_text(yaml.safe_dump(layer, allow_unicode=True), "utf-8")
    return under(str(folder), school)


@cache
def under(pack: str, school: str) -> dict[str, list[Any]]:
    """What each rule of a pack or layer finds in a school's submission."""
    found: dict[str, list[Any]] = {}
    for stage in (Stage.APPROVAL, Stage.INSPECTION):
        options = CheckOptions(packs=(pack,), engine="direct", stage=stage)
        report = check(str(ROOT / "examples" / SCHOOLS[school]), options)
        for one in report.results:
            told = [(str(f.outcome), f.location, f.missing) for f in one.findings]
            found[f"{stage} {one.rule}"] = told
    return found


def as_they_are(folder: Path, name: str, level: str, school: str) -> dict[str, list[Any]]:
    """The same without a tighter value: a parameter that is open is set so that it says nothing."""
    if declared()[name]["values"]:
        return under(PACK, school)
    return outcomes(folder, name, values(name, level, tight=False), school)


def test_there_are_limits_of_one_level() -> None:
    assert {name for name, _ in limits()} >= {"primary_latest_end", "junior_latest_end"}


@pytest.mark.parametrize(("name", "level"), limits())
def test_a_tighter_limit_of_another_level_changes_no_outcome(
    name: str, level: str, tmp_path: Path
) -> None:
    other = next(one for one in LEVELS if one != level)
    as_is = as_they_are(tmp_path / "as-is", name, level, other)
    tight = outcomes(tmp_path / "tight", name, values(name, level, tight=True), other)
    assert tight == as_is


@pytest.mark.parametrize("level", LEVELS)
def test_a_tighter_end_of_its_own_level_is_seen(level: str, tmp_path: Path) -> None:
    name = f"{level}_latest_end"
    as_is = as_they_are(tmp_path / "as-is", name, level, level)
    tight = outcomes(tmp_path / "tight", name, values(name, level, tight=True), level)
    assert "schedule-extended-until" in {
        rule.partition(" ")[2] for rule in as_is if as_is[rule] != tight[rule]
    }
