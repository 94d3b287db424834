"""Whatever a name leads to, it is read within bounds or told in a sentence, never waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kehou.readers import ReadError
from kehou.readers.door import contents, kind, listed, shown


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert contents(file, 5) == b"12345"
    with pytest.raises(ReadError, match="超过上限"):
        contents(file, 4)


def odd_files(folder: Path) -> dict[str, Path]:
    """What is no file, by what is told of it."""
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere").symlink_to("gone")
    return {
        "是管道、设备一类的东西": folder / "pipe",
        "绕成了圈": folder / "loop",
        "没有这个文件": folder / "nowhere",
        "是文件夹": folder,
        "不是一个文件": Path("/dev/zero"),
        "文件名太长": folder / ("长" * 100),
        "读取时系统报错": folder / "a\0b",
    }


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for told, path in odd_files(tmp_path).items():
        with pytest.raises(ReadError, match=told) as found:
            contents(path, 100)
        assert found.value.where == path.name


def test_a_pipe_is_not_waited_for_even_where_it_takes_the_place_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, file = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    file.write_bytes(b"x")
    seen, looked = os.stat(file), os.stat
    monkeypatch.setattr(os, "stat", lambda path, **k: seen if path == pipe else looked(path, **k))
    with pytest.raises(ReadError, match="不是一个文件"):
        contents(pipe, 100)


def test_links_are_told_apart_by_where_they_lead(tmp_path: Path) -> None:
    inside = tmp_path / "school"
    (inside / "photos").mkdir(parents=True)
    (inside / "a.csv").write_text("a")
    (tmp_path / "b.csv").write_text("b")
    for name, target in (
        ("in", "a.csv"),
        ("out", "../b.csv"),
        ("up", ".."),
        ("loop", "loop"),
        ("gone", "nowhere"),
    ):
        (inside / name).symlink_to(target)
    os.mkfifo(inside / "pipe")
    assert {entry.name: kind(entry, inside) for entry in listed(inside)} == {
        "a.csv": "file",
        "gone": "other",
        "in": "file",
        "loop": "loop",
        "out": "outside",
        "photos": "folder",
        "pipe": "other",
        "up": "outside",
    }


def test_a_name_is_shown_as_utf8_or_by_its_bytes() -> None:
    assert shown("名册.csv") == "名册.csv"
    assert shown(os.fsdecode("名册.csv".encode())) == "名册.csv"
    assert shown(os.fsdecode(b"\xd6\xd0.csv")) == "\\xd6\\xd0.csv"
