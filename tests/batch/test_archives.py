from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kehou.batch import archives
from kehou.errors import UnreadableError


def packed(folder: Path, *names: str, content: bytes = b"x") -> Path:
    file = folder / "材料.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "name", ["../外面.yaml", "/etc/外面", "a/../../外面", "C:外面", "..\\外面"]
)
def test_a_member_that_would_lie_outside_refuses_the_archive(tmp_path: Path, name: str) -> None:
    file = packed(tmp_path, "好.yaml", name)
    with pytest.raises(UnreadableError, match="别的文件夹"):
        archives.unpacked(file, tmp_path / "scratch")
    assert not list(tmp_path.rglob("外面*"))


def test_an_archive_that_grows_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_OF_MEMBER", 1000)
    file = packed(tmp_path, "大.yaml", content=b"0" * 100_000)
    with pytest.raises(UnreadableError, match="太大"):
        archives.unpacked(file, tmp_path / "scratch")


def test_names_written_by_programs_in_china_are_read(tmp_path: Path) -> None:
    file = tmp_path / "旧.zip"
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("placeholder-name")
        archive.writestr(info, b"x")
    raw = "红星小学/方案".encode("gb18030").ljust(len("placeholder-name"), b"_")
    file.write_bytes(file.read_bytes().replace(b"placeholder-name", raw))
    folder = archives.unpacked(file, tmp_path / "scratch")
    assert [path.name for path in folder.iterdir()] == ["红星小学"]


def test_a_truncated_archive_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    file = packed(tmp_path, "一.yaml", content=b"0123456789" * 1000)
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(UnreadableError):
        archives.unpacked(file, tmp_path / "scratch")
    assert not any((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize(
    "names", [("甲/plan.yaml", "甲/plan.yaml"), ("甲", "甲/plan.yaml"), (f"{'长' * 90}.yaml",)]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_in_each_others_way_are_no_want_of_room(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    file = packed(tmp_path, *names)
    with pytest.raises(UnreadableError, match="重名") as told:
        archives.unpacked(file, tmp_path / "scratch")
    assert "--store" not in f"{told.value}"
    assert not any((tmp_path / "scratch").iterdir())
