"""Files appear whole or not at all, and nothing is written where it should not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kehou.cli import outputs, settings
from kehou.cli.outputs import Output
from kehou.errors import UsageError

FORMATS = ("text", "json", "html")


def test_formats_and_files_are_told_apart() -> None:
    assert outputs.parse("json", FORMATS) == Output("json", None)
    assert outputs.parse("json=-", FORMATS) == Output("json", None)
    assert outputs.parse("html=a=b.html", FORMATS) == Output("html", Path("a=b.html"))


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "结果.json"
    path.write_text("old")
    path.chmod(0o640)
    outputs.write(Output("json", path), "新\n")
    assert path.read_text("utf-8") == "新\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["结果.json"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    target = tmp_path / "real.json"
    link = tmp_path / "link.json"
    link.symlink_to(target)
    outputs.write(Output("json", link), "x")
    assert link.is_symlink()
    assert target.read_text() == "x"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="写不进去"):
        outputs.write(Output("json", path), "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_device_is_written_straight() -> None:
    outputs.write(Output("json", Path("/dev/null")), "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_lone_surrogate_is_escaped(tmp_path: Path) -> None:
    outputs.write(Output("text", tmp_path / "a.txt"), "\ud800")
    assert (tmp_path / "a.txt").read_text() == "\\ud800"


def test_an_output_may_not_overwrite_an_input(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("x")
    with pytest.raises(UsageError, match="已用作输入"):
        outputs.check_targets([Output("json", plan)], [str(tmp_path / "." / "plan.yaml")])


def test_settings_are_found_upward_and_names_are_relative_to_them(tmp_path: Path) -> None:
    pack = tmp_path / "own"
    pack.mkdir()
    pack.joinpath("pack.yaml").write_text("id: own\n")
    file = tmp_path / "kehou.yaml"
    file.write_text(
        "stage: inspection\npack: [own, bayannur-2021]\ndata: {county_list: 清单.yaml}\n"
        "fail_on: minor\nlang: en\nengine: direct\n",
        "utf-8",
    )
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert settings.find(below) == file
    assert settings.load(file) == settings.Settings(
        stage="inspection",
        packs=(str(pack), "bayannur-2021"),
        data={"county_list": str(tmp_path / "清单.yaml")},
        fail_on="minor",
        language="en",
        engine="direct",
    )


@pytest.mark.parametrize("text", ["docx", "xlsx=-"])
def test_what_is_no_text_needs_a_file(text: str) -> None:
    with pytest.raises(UsageError, match="不能写到屏幕") as error:
        outputs.parse(text, (*FORMATS, "docx", "xlsx"))
    assert f"-o {text[:4]}=结果.{text[:4]}" in str(error.value)


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    outputs.write(Output("xlsx", tmp_path / "a.xlsx"), b"PK\r\n\x00")
    assert (tmp_path / "a.xlsx").read_bytes() == b"PK\r\n\x00"
