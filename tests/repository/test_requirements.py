"""What is installed: every pin has the hashes of its files, and set-up takes nothing without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout
ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "requirements").glob("*.in"))


def pins(text: str) -> dict[str, str]:
    """name → version, however names are spelt (PEP 503)."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_its_hashes(name: str) -> None:
    """Else a file that somebody swapped on the way would be installed."""
    folder = ROOT / "requirements"
    wanted = pins((folder / f"{name}.in").read_text("utf-8"))
    locked = (folder / f"{name}.txt").read_text("utf-8")
    assert wanted and pins(locked) == wanted, "请运行 scripts/pins"
    entries = re.split(r"^(?=[\w.-]+==)", locked, flags=re.MULTILINE)[1:]
    bare = [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry]
    assert bare == []


def test_set_up_takes_nothing_without_a_hash() -> None:
    for script, asked in (("venv", 2), ("tools", 1), ("release", 1)):
        text = (ROOT / "scripts" / script).read_text("utf-8")
        assert text.count("--require-hashes") == asked, script
        joined = text.replace("\\\n", " ")
        loose = [
            line
            for line in joined.splitlines()
            if "requirements/" in line and "pip" in line and "--require-hashes" not in line
        ]
        assert loose == []


def test_what_kehou_needs_is_pinned_once() -> None:
    """A version that two files pin otherwise could not be installed."""
    seen: dict[str, str] = {}
    for name in ("build", "run", "compiled", "prove", "dev"):
        for package, version in pins((ROOT / "requirements" / f"{name}.in").read_text()).items():
            assert seen.setdefault(package, version) == version, package
