"""A pack that is kept is the pack that would be loaded, or is not taken."""

from __future__ import annotations

import hashlib
import marshal
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.declared_pack import write_declared_pack
from tests.support.small_pack import write_pack

import kehou
from kehou import packs
from kehou.packs import Pack, building, kept
from kehou.packs.plain_form import pack_of, plain


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to keep packs in, at once; it is not there yet."""
    monkeypatch.setenv("KEHOU_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "_SETTLED", -1.0)
    return tmp_path / "cache" / "packs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack with a schema of its own."""
    (tmp_path / "p").mkdir()
    return write_declared_pack(tmp_path / "p")


def is_kept(folder: Path) -> bool:
    """Whether what is kept of a pack would be taken."""
    return kept.read(folder, kept.stamp(folder)) is not None


def the_file(cache: Path) -> Path:
    """The one file that is kept."""
    (found,) = cache.iterdir()
    return found


@pytest.mark.parametrize("name", packs.available())
def test_a_shipped_pack_comes_back_as_it_was(name: str) -> None:
    pack = packs.load(name)
    again = pack_of(marshal.loads(marshal.dumps(plain(pack))), pack.root)
    assert plain(again) == plain(pack)
    assert again.used == pack.used
    assert again.schema == pack.schema
    for entity, field in pack.vocabulary.derivations:
        assert again.type_of(entity, field) == pack.type_of(entity, field)


def test_lexicons_are_the_same_one_wherever_a_rule_names_them() -> None:
    pack = packs.load(packs.DEFAULT_PACK)
    again = pack_of(plain(pack), pack.root)

    def alike(of: Pack) -> list[int]:
        found: list[Any] = []
        pending: list[Any] = [of.rules, of.vocabulary.derivations, of.vocabulary.entities]
        while pending:
            one = pending.pop()
            if type(one).__name__ == "Lexicon":
                found.append(one)
            elif isinstance(one, dict):
                pending += one.values()
            elif isinstance(one, tuple):
                pending += one
            elif hasattr(one, "__dataclass_fields__"):
                pending += [getattr(one, name) for name in one.__dataclass_fields__]
        first = list(dict.fromkeys(map(id, found)))
        return [first.index(id(one)) for one in found]

    assert alike(again) == alike(pack)
    assert len(set(alike(pack))) > 1


@pytest.mark.parametrize("name", packs.available())
@pytest.mark.parametrize("stage", list(kehou.CheckOptions().stage.__class__))
def test_a_check_comes_out_the_same(name: str, stage: Any) -> None:
    pack = packs.load(name)
    base = Path(str(pack.root)) / pack.base
    options = kehou.CheckOptions(packs=(name,), stage=stage, as_of="2025-09-01", engine="direct")
    written = [
        kehou.render_report(kehou.check(base, options, {name: one}), "json")
        for one in (pack, pack_of(plain(pack), pack.root))
    ]
    assert written[0] == written[1]


def test_the_second_time_no_file_of_the_pack_is_read(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = packs.load(str(folder))

    def refuse(*_: Any) -> Any:
        raise AssertionError("the pack was read again")

    monkeypatch.setattr(building, "built", refuse)
    assert plain(packs.load(str(folder))) == plain(first)


def _changed(file: str) -> Callable[[Path], None]:
    """A change that keeps the size and, as `touch -r` does, the time of writing."""

    def change(folder: Path) -> None:
        path = folder / file
        seen = path.stat()
        text = path.read_text("utf-8")
        path.write_text(text[:-1] + " ", "utf-8")
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    return change


def _put(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("id: x")


CHANGES: dict[str, Callable[[Path], Any]] = {
    "same size, same time": _changed("clauses.yaml"),
    "longer": lambda f: (f / "facts.yaml").write_text((f / "facts.yaml").read_text() + "\n"),
    "touched": lambda f: os.utime(f / "pack.yaml", ns=(1, 1)),
    "a file more": lambda f: (f / "notes.txt").write_text(""),
    "a folder of rules more": lambda f: _put(f / "x" / "r.yaml"),
    "a file less": lambda f: next(f.rglob("*.columns.json")).unlink(),
    "a file renamed": lambda f: (f / "decisions.yaml").rename(f / "decision.yaml"),
    "a lexicon beside it": lambda f: _put(f.parent / "common" / "lexicons" / "x.yaml"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_made_of_other_files_is_not_taken(cache: Path, folder: Path, change: str) -> None:
    packs.load(str(folder))
    assert is_kept(folder)
    CHANGES[change](folder)
    assert not is_kept(folder)


@pytest.mark.parametrize("what", ["kehou", "python", "code"])
def test_what_another_version_made_is_not_taken(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    packs.load(str(folder))
    if what == "kehou":
        monkeypatch.setattr(kept, "__version__", "0.0.0")
    elif what == "python":
        monkeypatch.setattr(sys, "version", "3.99")
    else:
        copy = tmp_path / "code"
        shutil.copytree(Path(kehou.__file__).parent / "packs", copy / "packs")
        monkeypatch.setattr("kehou.data.code", lambda: copy)
    assert not is_kept(folder)


def test_a_pack_at_another_place_is_another(cache: Path, folder: Path) -> None:
    packs.load(str(folder))
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    assert not is_kept(other)
    packs.load(str(other))
    one, two = sorted(cache.iterdir())
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert not is_kept(folder)
    assert not is_kept(other)


def test_no_damage_gives_another_pack(cache: Path, folder: Path) -> None:
    sound = plain(packs.load(str(folder)))
    file = the_file(cache)
    content, now, dice = file.read_bytes(), kept.stamp(folder), random.Random(7)
    places = [*range(60), *(dice.randrange(len(content)) for _ in range(300))]
    damaged = [
        content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1 :]
        for at in places
    ]
    damaged += [content[: dice.randrange(len(content))] for _ in range(40)]
    damaged += [b"", content + b"x", content[::-1], content[40:] + content[:40]]
    for one in damaged:
        file.write_bytes(one)
        assert kept.read(folder, now) is None
    assert plain(packs.load(str(folder))) == sound
    assert is_kept(folder)  # written anew


def test_a_form_that_stands_for_nothing_is_refused(cache: Path, folder: Path) -> None:
    packs.load(str(folder))
    stamp = kept.stamp(folder)
    code = compile("raise SystemExit", "x", "exec")
    forms: list[Any] = [None, (), ({}, ({}, {}), ((1,), (1,), (1,))), code, ({"id": code}, 1, 2), 7]
    for form in forms:
        body = marshal.dumps((stamp, form))
        digest = hashlib.sha256(body).digest()
        the_file(cache).write_bytes(kept._LAYOUT + digest + body)
        assert kept.read(folder, stamp) is None


@pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are POSIX's")
def test_what_others_may_write_to_is_not_taken(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs.load(str(folder))
    file = the_file(cache)
    for place, sound in ((file, 0o600), (cache, 0o700)):
        for mode in (sound | 0o020, sound | 0o002):
            place.chmod(mode)
            assert not is_kept(folder)
        place.chmod(sound)
        assert is_kept(folder)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert not is_kept(folder)
    file.unlink()
    packs.load(str(folder))
    assert list(cache.iterdir()) == []  # nor is anything put into another's folder


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_are_not_followed(cache: Path, folder: Path, tmp_path: Path) -> None:
    packs.load(str(folder))
    file = the_file(cache)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert not is_kept(folder)
    shutil.rmtree(cache)
    (tmp_path / "open").mkdir()
    cache.symlink_to(tmp_path / "open")
    packs.load(str(folder))
    assert list((tmp_path / "open").iterdir()) == []


@pytest.mark.parametrize("given", ["0", "", "relative/folder"])
def test_nothing_is_kept_where_that_is_asked(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("KEHOU_CACHE", given)
    packs.load(str(folder))
    assert kept.stamp(folder) is None
    assert not cache.exists()


def test_where_nothing_can_be_written_the_pack_is_loaded(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.parent.write_text("a file, no folder")
    assert packs.load(str(folder)).id

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    cache.parent.unlink()
    monkeypatch.setattr(os, "replace", full)
    assert packs.load(str(folder)).id
    assert list(cache.iterdir()) == []


def test_what_was_written_just_now_is_not_kept(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_SETTLED", 60.0)
    packs.load(str(folder))
    assert not cache.exists()


def test_a_faulty_pack_is_told_each_time(cache: Path, folder: Path) -> None:
    (folder / "facts.yaml").write_text("entities: [")
    for _ in range(2):
        with pytest.raises(kehou.PackError):
            packs.load(str(folder))
    assert not cache.exists()


def test_only_so_many_packs_are_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MOST_FILES", 3)
    for number in range(5):
        (tmp_path / str(number)).mkdir()
        packs.load(str(write_pack(tmp_path / str(number))))
    assert len(list(cache.iterdir())) == 3


def test_the_command_keeps_and_takes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kehou", "check", "-o", "json", "--engine", "direct"]
    command.append(str(Path(str(packs.load(packs.DEFAULT_PACK).root)) / "base.yaml"))
    runs = []
    for cache in ("0", str(tmp_path), str(tmp_path)):
        environment = {**os.environ, "KEHOU_CACHE": cache}
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        runs.append((done.returncode, done.stdout, done.stderr))
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][1]
