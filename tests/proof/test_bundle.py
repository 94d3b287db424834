"""A bundle verifies elsewhere from what is in it, and a doctored one is not let in."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import socket
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kehou import data
from kehou.cli.main import main
from kehou.errors import UnreadableError
from kehou.proof import bundle_contents, code_hash
from kehou.proof import bundle_file as bundles

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "folder-with-evidence"
LIST = f"county_list={ROOT / 'examples/bureau/county_list.yaml'}"


def bundled(target: Path, *options: str, source: Path = EXAMPLE) -> Path:
    arguments = ["bundle", str(source), "-o", str(target), "--engine", "direct", *options]
    assert main(arguments) == 0
    return target


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "包"
    return bundled(folder, "--stage", "inspection", "--data", LIST)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_a_bundle_is_verified_on_another_machine_by_what_is_in_it(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object) -> None:
        raise AssertionError("a bundle is verified without a network")

    monkeypatch.setattr(socket.socket, "connect", offline)
    shutil.copytree(whole, tmp_path / "抄来的")
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "抄来的"]) == 0
    shown = capsys.readouterr().out
    assert "与本机安装的规则包 bayannur-2021：一致" in shown
    assert "✓ 主管部门的表 county_list：一致" in shown


def test_it_holds_what_the_report_rests_on_and_nothing_else(whole: Path) -> None:
    held = files_of(whole)
    tops = {name.partition("/")[0] for name in held}
    assert tops == {
        "MANIFEST.json",
        "README.md",
        "SHA256SUMS",
        "clauses.txt",
        "data",
        "packs",
        "report.html",
        "report.json",
        "submission",
    }
    assert held["submission/plan.yaml"] == (EXAMPLE / "plan.yaml").read_bytes()
    assert "submission/家长会记录.txt" not in held  # kehou does not read it
    assert "家长会记录.txt" not in held["README.md"].decode()  # nobody could check it there
    assert not any(name.endswith(".test.yaml") for name in held)
    assert "严禁利用课后服务时间集体补课" in held["clauses.txt"].decode()
    manifest = json.loads(held["MANIFEST.json"])
    listed = {f["path"]: (f["sha256"], f["size"]) for f in manifest["files"]}
    assert listed == {
        name: (hashlib.sha256(content).hexdigest(), len(content))
        for name, content in held.items()
        if name != "MANIFEST.json"
    }
    tree = json.loads(held["report.json"])
    assert tree["submission"]["path"] == "submission"
    assert tree["run"]["packs"][0] == "packs/bayannur-2021"
    text = b"".join(held.values()).decode("utf-8", "replace")
    assert str(ROOT) not in text  # no path of the machine
    assert "kehou-" + str(os.getpid()) not in text


def test_sha256sum_checks_it_without_kehou(whole: Path) -> None:
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=whole, check=True)


def test_what_is_private_is_said_and_only_the_owner_may_read(
    whole: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "收支记录·经手人" in (whole / "README.md").read_text("utf-8")
    assert stat.S_IMODE(whole.stat().st_mode) == 0o700
    assert stat.S_IMODE((whole / "submission/ledger.csv").stat().st_mode) == 0o600
    path = bundled(tmp_path / "包.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "收支记录·经手人" in capsys.readouterr().out


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    one = bundled(tmp_path / "a.zip", source=ROOT / "examples/first-check")
    other = bundled(tmp_path / "b.zip", source=ROOT / "examples/first-check")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {e.compress_type for e in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert main(["verify", str(one)]) == 0


def test_an_overlay_waivers_and_a_baseline_come_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ROOT / "examples/first-check"
    past = tmp_path / "past.json"
    main(
        [
            "check",
            str(first),
            str(ROOT / "examples/primary-compliant"),
            "--engine",
            "direct",
            "-o",
            f"json={past}",
        ]
    )
    waivers = tmp_path / "w.yaml"
    waivers.write_text(
        "waivers:\n- {rule: schedule-primary-end, subject: '*', outcome: fail, reason: 示例, "
        "office: 示例旗教育局, until: '2022-01-15'}\n",
        "utf-8",
    )
    folder = bundled(
        tmp_path / "包",
        "--pack",
        str(ROOT / "docs/overlay-example"),
        "--waivers",
        str(waivers),
        "--baseline",
        str(past),
        "--reading",
        "strict",
        source=first / "plan.yaml",
    )
    capsys.readouterr()
    assert main(["verify", str(folder)]) == 0, capsys.readouterr().out
    tree = json.loads((folder / "report.json").read_text("utf-8"))
    assert tree["packs"][0]["id"] == "bayannur-2021"
    assert (folder / "packs/overlay-example/pack.yaml").is_file()
    assert (folder / "packs/bayannur-2021/source.txt").is_file()
    # the other school's report stays where it was
    assert "向阳小学" not in (folder / "baseline.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("-", "a", "标准输入"),
        (str(EXAMPLE), str(EXAMPLE / "包"), "不能放在所查的文件夹里"),
        (str(EXAMPLE), ".", "这里已有内容"),
        (str(EXAMPLE), "没有/包", "先建好文件夹"),
        ("没有这个", "a", "找不到"),
    ],
)
def test_where_it_cannot_go(
    source: str,
    target: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "已有").write_text("")
    assert main(["bundle", source, "-o", target]) == 2
    assert words in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["已有"]


def test_what_a_killed_call_left_beside_a_folder_is_swept_a_day_later(tmp_path: Path) -> None:
    """And nothing else: not what is being written, nor what only has such a name."""
    names = (".kehou-bundle-old", ".kehou-bundle-new", ".kehou-other")
    for name in names:
        (tmp_path / name / "bundle").mkdir(parents=True)
        (tmp_path / name / "bundle" / "plan.yaml").write_text("x")
    (tmp_path / ".kehou-bundle-file").write_text("x")
    (tmp_path / ".kehou-bundle-link").symlink_to(tmp_path / ".kehou-other")
    day_ago = (tmp_path / names[0]).stat().st_mtime - 25 * 3600
    for name in (names[0], names[2], ".kehou-bundle-file"):
        os.utime(tmp_path / name, (day_ago, day_ago))
    bundle_contents.write_folder(tmp_path / "包", {"a.txt": b"x"})
    left = {".kehou-bundle-new", ".kehou-other", ".kehou-bundle-file", ".kehou-bundle-link", "包"}
    assert {path.name for path in tmp_path.iterdir()} == left
    assert (tmp_path / ".kehou-other" / "bundle" / "plan.yaml").exists()


# --- doctored ----------------------------------------------------------------------------------


def rewritten(folder: Path, files: dict[str, bytes]) -> None:
    """A manifest that agrees with doctored files, as a forger would make it."""
    held = {**files_of(folder), **files}
    held.pop("MANIFEST.json")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "MANIFEST.json").write_bytes(bundles.manifest(held, {}))


def changed(folder: Path) -> None:
    path = folder / "submission/ledger.csv"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))


def missing(folder: Path) -> None:
    (folder / "packs/bayannur-2021/source.txt").unlink()


def extra(folder: Path) -> None:
    (folder / "submission/vendors2.yaml").write_text("a: b")


def linked(folder: Path) -> None:
    (folder / "data/county_list.yaml").unlink()
    (folder / "data/county_list.yaml").symlink_to("/etc/passwd")


def without_manifest(folder: Path) -> None:
    (folder / "MANIFEST.json").unlink()


def broken_manifest(folder: Path) -> None:
    (folder / "MANIFEST.json").write_text('{"files": [{"path": 3}]}')


def climbing(folder: Path) -> None:
    tree = json.loads((folder / "report.json").read_text("utf-8"))
    tree["submission"]["path"] = "../../../../etc"
    rewritten(folder, {"report.json": json.dumps(tree).encode()})


def absolute_data(folder: Path) -> None:
    tree = json.loads((folder / "report.json").read_text("utf-8"))
    tree["run"]["data"][0]["path"] = "/etc/hostname"
    rewritten(folder, {"report.json": json.dumps(tree).encode()})


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "submission/plan2.yaml")


@pytest.mark.parametrize(
    ("doctor", "words"),
    [
        (changed, "submission/ledger.csv 被改动过"),
        (missing, "少了 packs/bayannur-2021/source.txt"),
        (extra, "多了 submission/vendors2.yaml"),
        (linked, "有符号链接：data/county_list.yaml"),
        (without_manifest, "没有清单"),
        (broken_manifest, "读不懂清单"),
        (climbing, "报告提到包外的文件"),
        (absolute_data, "报告提到包外的文件"),
        (pipe, "有不是文件的东西"),
    ],
)
def test_a_doctored_folder_is_refused_with_the_reason(
    doctor: Callable[[Path], None],
    words: str,
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "包"
    shutil.copytree(whole, folder)
    doctor(folder)
    assert main(["verify", str(folder)]) == 4
    assert words in capsys.readouterr().err


def test_a_forger_who_makes_the_manifest_anew_is_found_by_the_run(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "包"
    shutil.copytree(whole, folder)
    text = (folder / "submission/plan.yaml").read_text("utf-8")
    rewritten(folder, {"submission/plan.yaml": (text + "# 后加的\n").encode()})
    assert main(["verify", str(folder)]) == 1
    assert "✗ 材料 plan.yaml：不同" in capsys.readouterr().out


def zip_of(entries: list[tuple[zipfile.ZipInfo | str, bytes]], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def link_entry() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("submission/plan.yaml")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("../x.yaml", b"x")], "路径不合规定"),
        ([("/etc/x.yaml", b"x")], "文件名不合规定"),
        ([("a\\..\\b", b"x")], "文件名不合规定"),
        ([("C:x", b"x")], "文件名不合规定"),
        ([(link_entry(), b"/etc/passwd")], "符号链接"),
        ([("a.yaml", b"x"), ("A.yaml", b"y")], "同名"),
        ([("/".join("abcdefghij"), b"x")], "太深"),
        ([("bomb", b"\0" * (bundles.MOST_FILE_BYTES + 1))], "内容超过上限"),
        ([(f"{i}", b"") for i in range(bundles.MOST_FILES + 1)], "个"),
        ([("report.json", b"{}")], "没有清单"),
    ],
    ids=["up", "root", "backslash", "drive", "link", "twins", "deep", "bomb", "many", "bare"],
)
def test_a_hostile_zip_is_refused_with_the_reason(
    entries: list[tuple[zipfile.ZipInfo | str, bytes]],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = zip_of(entries, tmp_path / "包.zip")
    assert main(["verify", str(path)]) == 4
    assert words in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["包.zip"]


def test_a_zip_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    """A header that promises one byte for many: reading stops or the checksum tells."""
    path = zip_of([("a", b"\0" * 5_000_000)], tmp_path / "包.zip")
    content = path.read_bytes().replace(
        (5_000_000).to_bytes(4, "little"), (1).to_bytes(4, "little")
    )
    path.write_bytes(content)
    with pytest.raises(UnreadableError), bundles.opened(path):
        pass


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\xff" * 300]
)
def test_what_is_no_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    path.write_bytes(content)
    assert main(["verify", str(path)]) == 4


def test_a_zip_made_again_by_another_program_still_verifies(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(whole.rglob("*")):  # folders are entries of their own
            archive.write(file, file.relative_to(whole))
    path.write_bytes(stream.getvalue())
    assert main(["verify", str(path)]) == 0


# --- forged ------------------------------------------------------------------------------------


def resealed(folder: Path, files: dict[str, bytes]) -> None:
    """Files changed by a forger who makes both lists of hashes match, and keeps all else."""
    manifest = json.loads((folder / "MANIFEST.json").read_text("utf-8"))
    held = {**files_of(folder), **files}
    del held["MANIFEST.json"]
    held["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(held.items())
        if name != "SHA256SUMS"
    ).encode()
    about = {key: value for key, value in manifest.items() if key not in ("format", "files")}
    held["MANIFEST.json"] = bundles.manifest(held, about)
    for name, content in held.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)


def with_a_word_changed(content: bytes) -> bytes:
    """The first Chinese word of a text, another one instead."""
    return content.replace("核".encode(), "免".encode(), 1)


def with_more(content: bytes) -> bytes:
    return content + b"<p>ok</p>\n"


def test_resealing_alone_changes_nothing(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    resealed(folder, {})
    assert files_of(folder) == files_of(whole)
    assert main(["verify", str(folder)]) == 0


@pytest.mark.parametrize("name", ["report.html", "README.md", "clauses.txt"])
@pytest.mark.parametrize("forge", [with_a_word_changed, with_more])
def test_a_forged_page_is_found_by_making_it_again(
    name: str,
    forge: Callable[[bytes], bytes],
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    before = (folder / name).read_bytes()
    assert forge(before) != before
    resealed(folder, {name: forge(before)})
    assert main(["verify", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert f"✗ 由报告生成的 {name}：不同" in shown
    assert "结果：不一致，1 处不同" in shown


def test_a_report_written_in_another_way_is_found_although_it_says_the_same(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key twice: one reader takes the first, another the last."""
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    text = (folder / "report.json").read_text("utf-8")
    resealed(folder, {"report.json": text.replace("{", '{"stage": "x",', 1).encode()})
    assert main(["verify", str(folder)]) == 4
    told = capsys.readouterr().err
    assert "键“stage”重复" in told
    assert f"{folder}/report.json:" in told


@pytest.mark.parametrize(
    "change",
    [
        {"school": {"id": "1", "name": "别的学校（示例）"}},
        {"as_of": "1999-01-01"},
        {"packs": []},
        {"note": "本校已获批准"},
    ],
)
def test_what_a_manifest_says_besides_its_files_comes_from_the_report(
    change: dict[str, object], whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    manifest = json.loads((folder / "MANIFEST.json").read_text("utf-8")) | change
    about = {key: value for key, value in manifest.items() if key not in ("format", "files")}
    held = files_of(folder)
    del held["MANIFEST.json"]
    (folder / "MANIFEST.json").write_bytes(bundles.manifest(held, about))
    assert main(["verify", str(folder)]) == 1
    assert "✗ 由报告生成的 MANIFEST.json：不同" in capsys.readouterr().out


def test_sums_of_other_files_are_found(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    sums = (folder / "SHA256SUMS").read_bytes().splitlines(keepends=True)
    rewritten_whole(folder, {"SHA256SUMS": b"".join(sums[1:])})
    assert main(["verify", str(folder)]) == 1
    assert "✗ 由报告生成的 SHA256SUMS：不同" in capsys.readouterr().out


def rewritten_whole(folder: Path, files: dict[str, bytes]) -> None:
    """A manifest that agrees with doctored files and says of the report what it said."""
    manifest = json.loads((folder / "MANIFEST.json").read_text("utf-8"))
    about = {key: value for key, value in manifest.items() if key not in ("format", "files")}
    held = {**files_of(folder), **files}
    del held["MANIFEST.json"]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "MANIFEST.json").write_bytes(bundles.manifest(held, about))


@pytest.mark.parametrize("name", ["report.html", "README.md", "clauses.txt", "SHA256SUMS"])
def test_a_page_that_is_not_there_is_told(
    name: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    (folder / name).unlink()
    rewritten_whole(folder, {})
    assert main(["verify", str(folder)]) == 1
    assert f"✗ 由报告生成的 {name}：现在没有" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    [
        "evil.exe",
        "报告.html",
        "data/other.yaml",
        "submission/家长会记录.txt",
        "submission/sub/a.csv",
        "packs/bayannur-2021/schedule/primary-end.test.yaml",
        "packs/other/pack.yaml",
        "waivers.yaml",
    ],
)
def test_a_file_that_nothing_names_is_refused(
    name: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    resealed(folder, {name: b"MZ"})
    assert main(["verify", str(folder)]) == 4
    said = capsys.readouterr().err
    assert "有报告没有用到、也不该有的文件" in said and name in said


def test_a_readme_says_nothing_that_a_report_does_not_give(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A word in any line of it, also in the one of what was left out."""
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    text = (folder / "README.md").read_text("utf-8")
    assert "没有读过的文件没有放入" in text
    forged = text.replace("没有读过的文件", "没有读过的文件（市教育局已核准）")
    resealed(folder, {"README.md": forged.encode()})
    assert main(["verify", str(folder)]) == 1
    assert "✗ 由报告生成的 README.md：不同" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["pack.yaml", "facts.yaml"])
def test_a_file_that_no_longer_loads_is_the_bundles_fault(
    name: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not of the one who verifies it: exit 4 with the place in the bundle, not 2."""
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    resealed(folder, {f"packs/bayannur-2021/{name}": b"id: [\n"})
    assert main(["verify", str(folder)]) == 4
    said = capsys.readouterr().err
    assert "不接受这个包" in said and name in said
    assert "/kehou-" not in said


@pytest.mark.parametrize("name", ["已核准备案", "submission/附件"])
def test_an_empty_folder_is_refused(
    name: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    (folder / name).mkdir()
    assert main(["verify", str(folder)]) == 4
    assert f"多了空文件夹：{name}" in capsys.readouterr().err


def zip_with(
    whole: Path, path: Path, change: Callable[[zipfile.ZipFile], object], first: bool = False
) -> Path:
    """A zip of a bundle to which something is added besides its files."""
    with zipfile.ZipFile(path, "w") as archive:
        if first:
            change(archive)
        for name, content in files_of(whole).items():
            archive.writestr(name, content)
        if not first:
            change(archive)
    return path


def remarked(archive: zipfile.ZipFile) -> None:
    archive.comment = "市教育局已核准".encode()


def remarked_entry(archive: zipfile.ZipFile) -> None:
    archive.filelist[0].comment = "市教育局已核准".encode()


def empty_folder(archive: zipfile.ZipFile) -> None:
    archive.writestr(zipfile.ZipInfo("已核准备案/"), b"")


def unlisted(archive: zipfile.ZipFile) -> None:
    """An entry that a program which reads from the front sees, and no other."""
    archive.writestr("README.md", b"evil")
    archive.filelist.clear()
    archive.NameToInfo.clear()


@pytest.mark.parametrize(
    ("change", "first", "words"),
    [
        (remarked, False, "压缩包里有注释"),
        (remarked_entry, False, "压缩包里有注释"),
        (empty_folder, False, "多了空文件夹：已核准备案/"),
        (unlisted, True, "夹带了清单以外的内容"),
    ],
)
def test_a_zip_holds_its_files_and_nothing_else(
    change: Callable[[zipfile.ZipFile], object],
    first: bool,
    words: str,
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = zip_with(whole, tmp_path / "包.zip", change, first)
    assert main(["verify", str(path)]) == 4
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("before", "after"), [(b"#!/bin/sh\n", b""), (b"", b"evil")])
def test_bytes_around_a_zip_are_refused(
    before: bytes, after: bytes, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "包.zip"
    path.write_bytes(before + bundles.zipped(files_of(whole)) + after)
    assert main(["verify", str(path)]) == 4
    assert "夹带了清单以外的内容" in capsys.readouterr().err


def test_a_zip_that_is_streamed_has_sums_behind_its_entries(whole: Path, tmp_path: Path) -> None:
    """As `zip -` writes it: data descriptors, which are no content."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise io.UnsupportedOperation

        tell = seek

    stream = Pipe()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(whole).items():
            archive.writestr(name, content)
    path = tmp_path / "包.zip"
    path.write_bytes(stream.getvalue())
    assert main(["verify", str(path)]) == 0


def doctored_pack(folder: Path) -> Path:
    """The pack that comes with kehou, with a later end and nothing that decides."""
    pack = Path(shutil.copytree(str(data.rules() / "bayannur-2021"), folder / "规则"))
    for file in pack.rglob("*.yaml"):
        text = file.read_text("utf-8")
        kept = text.replace("value: '18:30'", "value: '23:30'")
        if not file.name.endswith(".test.yaml"):
            kept = kept.replace("severity: major", "severity: advice")
        file.write_text(kept, "utf-8")
    return pack


def test_a_bundle_made_with_a_doctored_pack_of_the_same_name_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = doctored_pack(tmp_path)
    source = ROOT / "examples/first-check"
    folder = bundled(tmp_path / "包", "--pack", str(pack), source=source)
    capsys.readouterr()
    assert main(["verify", str(folder)]) == 3
    shown = capsys.readouterr().out
    assert "✗ 与本机安装的规则包 bayannur-2021：不同" in shown
    assert "结果：材料与结论一致，但程序、引擎或规则包不同（1 处）" in shown
    main(["verify", str(folder), "-o", "json"])
    tree = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in tree["reports"]] == ["means"]
    # who knows the pack names it
    assert main(["verify", str(folder), "--pack", str(pack)]) == 0
    assert "✓ 与 --pack 指定的规则包 bayannur-2021：一致" in capsys.readouterr().out
    assert main(["verify", str(folder), "--pack", "bayannur-2021"]) == 3
    assert "✗ 与 --pack 指定的规则包 bayannur-2021：不同" in capsys.readouterr().out
    # who names another pack vouches for that alone
    assert main(["verify", str(folder), "--pack", "national-2023"]) == 3
    assert "✗ 与本机安装的规则包 bayannur-2021：不同" in capsys.readouterr().out


def test_of_another_program_pages_are_not_taken_for_checked(
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "包"))
    page = (folder / "report.html").read_bytes()
    resealed(folder, {"report.html": with_more(page)})
    monkeypatch.setattr(code_hash, "sha256", lambda: "0" * 64)
    assert main(["verify", str(folder)]) == 3
    shown = capsys.readouterr().out
    assert "✗ 由报告生成的 report.html：不能逐字核对" in shown
    assert "全部一致" not in shown
