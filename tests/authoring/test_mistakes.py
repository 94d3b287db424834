"""Deliberate mistakes of people who write policy: each is told once, rightly, where it stands.

The table is ``mistakes.yaml``; what is expected was written before lint was asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kehou.authoring.lint import lint
from kehou.authoring.scaffold import scaffold
from kehou.cli import outputs

HERE = Path(__file__)
EXAMPLE = HERE.parents[2] / "docs" / "pack-example"
MISTAKES: list[dict[str, Any]] = yaml.safe_load(
    HERE.with_name("mistakes.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", MISTAKES, ids=[row["mistake"] for row in MISTAKES])
def test_a_mistake_is_told_once_with_its_place(tmp_path: Path, row: Mapping[str, Any]) -> None:
    pack = tmp_path / "pack-example"
    shutil.copytree(EXAMPLE, pack)
    make(pack, row)
    found = lint(str(pack / row.get("lint", "")))
    expected = row.get("all") or [row]
    said = "\n".join(" ".join(fault) for fault in found)
    assert len(found) == len(expected), said
    for want in expected:
        place = place_of(pack / row.get("lint", ""), want["at"])
        told = [" ".join(f[1:]) for f in found if stands_at(f[0], place)]
        assert len(told) == 1, f"{place}\n{said}"
        assert not [word for word in want["says"] if word not in told[0]], said
        assert not [word for word in want.get("never", ()) if word in told[0]], said


def test_the_example_itself_has_no_fault() -> None:
    assert lint(str(EXAMPLE)) == []


def make(pack: Path, row: Mapping[str, Any]) -> None:
    """Make one mistake in a pack, as its row says."""
    if "new" in row:
        name, *options = row["new"]
        asked = dict(zip((o.removeprefix("--") for o in options[::2]), options[1::2], strict=True))
        outputs.write_together(scaffold(name, pack=str(pack), **asked).files)
    for old, new in row.get("move", {}).items():
        (pack / old).rename(pack / new)
    for name in row.get("remove", ()):
        (pack / name).unlink()
    for name, content in row.get("write", {}).items():
        file = pack / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    for name, changes in row.get("edit", {}).items():
        text = (pack / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        (pack / name).write_text(text, encoding="utf-8")


def place_of(pack: Path, at: str) -> str:
    """ "file" or "file:line" of a place told as "file" or "file | a text of its line"."""
    file, _, text = at.partition(" | ")
    if not text:
        return file
    lines = (pack / file).read_text(encoding="utf-8").splitlines()
    return f"{file}:{next(n for n, line in enumerate(lines, 1) if text in line)}"


def stands_at(told: str, place: str) -> bool:
    """Whether a place that was told (file, file:line, file:line:column) is the one expected."""
    return told == place or told.startswith(f"{place}:")
