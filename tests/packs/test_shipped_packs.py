"""A compiled pack of the wheel is the pack that its YAML gives, or is not taken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kehou import data, packs
from kehou.packs import kept, shipped
from kehou.packs.plain_form import plain

WHEEL = os.environ.get("KEHOU_WHEEL")
NAME = "national-2023"


def placed(at: Path, patch: pytest.MonkeyPatch) -> Path:
    """The folder of a pack, with what comes with kehou standing in a folder of the test's."""
    patch.setenv("KEHOU_CACHE", "0")
    patch.setattr(data, "rules", lambda: at / "rules")
    patch.setattr(shipped, "_file", lambda name: at / "compiled" / f"{name}.pack")
    return at / "rules" / NAME


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a pack that comes with kehou, compiled."""
    at = tmp_path_factory.mktemp("whole")
    for name in (NAME, "common"):
        shutil.copytree(str(data.rules().joinpath(name)), at / "rules" / name)
    with pytest.MonkeyPatch.context() as patch:
        placed(at, patch)
        shipped.write([packs.load(NAME)])
    return at


@pytest.fixture
def folder(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that copy, to be changed: the pack's folder."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return placed(tmp_path, monkeypatch)


def a_rule(folder: Path) -> Path:
    return next(p for p in sorted(folder.glob("*/*.yaml")) if "severity:" in p.read_text("utf-8"))


def test_a_compiled_pack_is_what_its_files_give(folder: Path) -> None:
    compiled = shipped.read(folder)
    assert compiled is not None
    assert plain(compiled) == plain(packs.draft(NAME)[0] or compiled)
    assert compiled.root == folder


def test_it_is_loaded_without_reading_a_rule(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("read from its YAML though it is compiled")

    monkeypatch.setattr("kehou.packs.building.built", refused)
    assert packs.load(NAME).id == NAME


def one_letter(folder: Path) -> None:
    rule = a_rule(folder)
    at = rule.stat()
    before = rule.read_bytes()
    rule.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    os.utime(rule, ns=(at.st_atime_ns, at.st_mtime_ns))


def one_more(folder: Path) -> None:
    (a_rule(folder).parent / "added.yaml").write_text("id: added\n", "utf-8")


def one_less(folder: Path) -> None:
    a_rule(folder).unlink()


def a_word(folder: Path) -> None:
    lexicon = min((folder.parent / "common" / "lexicons").glob("*.yaml"))
    lexicon.write_text(lexicon.read_text("utf-8") + "# \n", "utf-8")


def renamed(folder: Path) -> None:
    rule = a_rule(folder)
    rule.rename(rule.with_name("another.yaml"))


@pytest.mark.parametrize("change", [one_letter, one_more, one_less, a_word, renamed])
def test_after_a_change_of_its_files_it_is_not_taken(
    folder: Path, change: Callable[[Path], None]
) -> None:
    assert shipped.read(folder) is not None
    change(folder)
    assert shipped.read(folder) is None


@pytest.mark.parametrize("at", [0, 20, 60, -1])
def test_a_damaged_one_is_not_taken(folder: Path, at: int) -> None:
    file = shipped._file(NAME)
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    assert shipped.read(folder) is None
    assert packs.load(NAME).id == NAME


def test_one_that_is_cut_off_is_not_taken(folder: Path) -> None:
    file = shipped._file(NAME)
    file.write_bytes(file.read_bytes()[:1000])
    assert shipped.read(folder) is None


def test_one_of_another_version_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "__version__", "9.9.9")
    assert shipped.read(folder) is None


def test_a_pack_that_only_bears_the_name_is_read_from_its_own_files(
    folder: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine" / NAME
    shutil.copytree(folder, mine)
    assert shipped.read(mine) is None


def test_what_was_compiled_is_kept_for_the_next_start(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHOU_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "_SETTLED", -1.0)
    loaded = packs.load(NAME)
    again = kept.read(folder, kept.stamp(folder))
    assert again is not None
    assert plain(again) == plain(loaded)


def test_the_same_pack_is_compiled_to_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kehou import packs\n"
        "from kehou.packs import shipped\n"
        "shipped._file = lambda name: Path(sys.argv[1]) / name\n"
        f"shipped.write([packs.load('{NAME}')])"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed, "KEHOU_CACHE": "0"},
            check=True,
        )
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / s).iterdir()} for s in "12")
    assert first == second
    assert set(first) == {NAME}


@pytest.mark.skipif(not WHEEL, reason="没有构建 wheel：见 scripts/wheel-test")
def test_the_wheel_has_every_pack_compiled() -> None:
    with zipfile.ZipFile(str(WHEEL)) as wheel:
        held = {n for n in wheel.namelist() if n.startswith("kehou/packs/compiled/")}
    assert held == {f"kehou/packs/compiled/{name}.pack" for name in packs.available()}
    for name in packs.available():
        assert shipped.read(data.rules().joinpath(name)) is not None
