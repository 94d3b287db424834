"""Files appear whole or not at all, and nothing is written where it should not."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from tests.support.command_line import PROGRAM, here

import kehou
from kehou.cli import outputs, settings
from kehou.cli.language import speaking
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


REPORTED = Path(__file__).parents[1] / "data" / "reported"


def test_only_what_is_ours_is_removed_and_nobody_can_guess_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an interrupted run of an older version left, in a container where ids repeat."""
    stale = tmp_path / f".r.json.{os.getpid()}.tmp"
    stale.touch()
    names: list[str] = []
    replace = os.replace

    def seen(source: Path, target: Path) -> None:
        names.append(source.name)
        replace(source, target)

    monkeypatch.setattr(os, "replace", seen)
    plan = REPORTED / "stale-temporary" / "plan.yaml"
    for _ in range(2):
        code, _, told = here("check", str(plan), "-q", "-o", "json=r.json", cwd=tmp_path)
        assert (code, told) == (1, "")
    assert sorted(os.listdir(tmp_path)) == [stale.name, "r.json"]
    assert len(set(names)) == 2
    assert all(len(name) >= 20 for name in names)


def test_a_link_that_leads_back_to_itself_is_no_place(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.symlink_to(path)
    with pytest.raises(UsageError, match="写不进去"):
        outputs.write(Output("json", path), "new")
    assert path.is_symlink() and os.listdir(tmp_path) == [path.name]


def test_a_file_that_is_protected_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder would let it be, but its owner has said that it is to stay."""
    path = tmp_path / "去年的结果.json"
    path.write_text("old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda file, mode: Path(file) != path)  # of root all are
    with pytest.raises(UsageError, match="写不进去"):
        outputs.write(Output("json", path), "new")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", [path.name])


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EROFS])
def test_what_cannot_be_replaced_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "r.json"
    path.write_text("a longer text than the new one")
    inode = path.stat().st_ino

    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", refused)
    outputs.write(Output("json", path), "new")
    assert (path.read_text(), path.stat().st_ino) == ("new", inode)
    assert os.listdir(tmp_path) == ["r.json"]
    with pytest.raises(UsageError, match="写不进去"):
        outputs.write(Output("json", tmp_path / "other.json"), "new")
    assert os.listdir(tmp_path) == ["r.json"]


def test_a_mounted_file_is_written(tmp_path: Path) -> None:
    plan = REPORTED / "mounted-output" / "plan.yaml"
    for name in ("src.json", "r.json"):
        (tmp_path / name).write_text("{}")
    script = 'mount --bind src.json r.json && exec "$@"'
    command = [*PROGRAM, "check", str(plan), "-o", "json=r.json"]
    mounts = ["unshare", "-m", "sh", "-c", "mount --bind src.json r.json"]
    if shutil.which("unshare") is None or subprocess.run(mounts, cwd=tmp_path).returncode:
        pytest.skip("这里不能挂载")
    ran = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", *command], cwd=tmp_path)
    assert ran.returncode == 1
    assert json.loads((tmp_path / "src.json").read_bytes())["format"] == "kehou-report/1"
    assert (tmp_path / "r.json").read_text() == "{}"


def test_a_name_at_the_limit_of_length_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 250 + ".json")
    outputs.write(Output("json", path), "x")
    assert os.listdir(tmp_path) == [path.name]


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


@pytest.mark.parametrize("number", sorted({*errno.errorcode, 9999}))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_system_says_is_told_in_the_language_of_the_call(
    number: int, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“Permission denied” helps nobody who reads Chinese, nor 没有权限 one who does not."""
    said = os.strerror(number)

    def refuse(source: str, target: str) -> None:
        raise OSError(number, said)

    monkeypatch.setattr(os, "replace", refuse)
    with speaking(["--lang", lang]), pytest.raises(UsageError) as found:
        outputs.write(Output("json", tmp_path / "a.json"), "x")
    message = found.value.message
    assert said not in message
    assert bool(re.search("[a-zA-Z]", message)) == (lang == "en")
    assert bool(re.search("[\u4e00-\u9fff]", message)) == (lang == "zh")


def test_a_device_that_is_full_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*PROGRAM, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
    assert ran.returncode == 2
    assert "磁盘满了" in ran.stderr and "No space" not in ran.stderr


def test_nobody_passes_on_what_the_system_says() -> None:
    """``strerror`` is for raising again, never for telling: `kehou.errors.system_reason` tells."""
    engine = Path(kehou.__file__).parent
    raising = {"render/whole_file.py", "cli/streams.py", "batch/pool.py"}
    found = {
        path.relative_to(engine).as_posix()
        for path in engine.rglob("*.py")
        if "strerror" in path.read_text("utf-8")
    }
    assert found == raising
