"""A bundle: one folder or zip with a report and all that it rests on, to be verified elsewhere.

Same inputs, same bytes, the zip too (stored, one date, names in order). A bundle that came from
elsewhere is opened with suspicion: only plain files under plain names, within bounds, every one
of them listed in the manifest with its hash, and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from kehou.errors import UnreadableError, system_reason
from kehou.readers.zip_damage import DAMAGES
from kehou.render.words import visible

FORMAT: Final = "kehou-bundle/1"
MANIFEST: Final = "MANIFEST.json"
REPORT: Final = "report.json"
#: A bundle with more files, or more bytes in one file or in all, is none of ours.
MOST_FILES: Final = 3000
MOST_FILE_BYTES: Final = 64_000_000
MOST_BYTES: Final = 256_000_000
_MOST_DEPTH: Final = 8
#: What opening a bundle of anybody's making may end in.
_UNOPENED: Final[tuple[type[Exception], ...]] = (OSError, *DAMAGES)
#: The date of every entry of a zip, the first one that the format can hold.
_DATE: Final = (1980, 1, 1, 0, 0, 0)
#: Bytes of a zip's last record, of those before it in a large one, and of the sums that may follow
#: an entry.
_END: Final = 22
_END_64: Final = 76
_DESCRIPTOR: Final = 24
_ODD = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\ud800-\udfff]')


def manifest(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """MANIFEST.json of the files of a bundle: what it is, and the hash and size of each."""
    tree = {
        "format": FORMAT,
        **about,
        "files": [
            {"path": name, "size": len(files[name]), "sha256": sha256(files[name])}
            for name in sorted(files)
        ],
    }
    return (json.dumps(tree, ensure_ascii=False, indent=2) + "\n").encode()


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, the same bytes on every machine: hence not compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def is_bundle(place: Path) -> bool:
    """Whether a path is to be opened as a bundle: a folder, or a zip by name or by content."""
    if place.is_dir() or place.suffix.lower() == ".zip":
        return True
    try:
        return place.is_file() and zipfile.is_zipfile(place)
    except OSError:
        return False


def fault_of_name(name: str) -> str:
    """Why a name may not stand in a bundle; empty if it may."""
    parts = name.split("/")
    if not name or name.startswith("/") or _ODD.search(name):
        return "文件名不合规定"
    if any(part in ("", ".", "..") or part != part.strip() for part in parts):
        return "路径不合规定"
    return "文件夹太深" if len(parts) > _MOST_DEPTH or len(name) > 400 else ""


class Opened(NamedTuple):
    """A bundle as it was read: a folder of our own with its files, and their bytes by name."""

    folder: Path
    files: Mapping[str, bytes]


@contextmanager
def opened(place: Path) -> Iterator[Opened]:
    """A bundle whose every file has been checked against its manifest.

    What is checked is what is then read: the files are copied to a folder of our own first.
    Raises UnreadableError, which says why, for whatever is no whole and honest bundle.
    """
    if not place.exists():
        raise _refused("找不到这个包", place)
    try:
        files = _of_folder(place) if place.is_dir() else _of_zip(place)
    except _UNOPENED as error:
        reason = "压缩包是坏的，或者用了不认识的写法"
        if isinstance(error, OSError):
            reason = system_reason(error)
        raise _refused(f"包打不开：{reason}", place) from error
    _check(files, place)
    with TemporaryDirectory(prefix="kehou-") as scratch:
        folder = Path(scratch)
        write_files(folder, files)
        yield Opened(folder, files)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, readable by their owner alone: they may tell of pupils."""
    for name, content in files.items():
        target = folder.joinpath(*name.split("/"))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def _refused(reason: str, place: Path | str, details: Sequence[str] = ()) -> UnreadableError:
    told = f"不接受这个包：{reason}"
    hint = "请向出具的人要原来的包"
    return UnreadableError("bundle-refused", told, str(place), hint, details)


class _Bounds:
    """Counts what a bundle holds and stops where it is too much."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.files: dict[str, bytes] = {}
        self.names: set[str] = set()
        self.size = 0

    def add(self, name: str, content: bytes) -> None:
        """Take a file; its content was read up to one byte over the limit."""
        if fault := fault_of_name(name):
            raise _refused(f"{fault}：{name[:100]!r}", self.place)
        if name.casefold() in self.names:
            raise _refused(f"有两个同名的文件：{name}", self.place)
        self.size += len(content)
        if len(content) > MOST_FILE_BYTES or self.size > MOST_BYTES:
            raise _refused(f"内容超过上限（{name}）", self.place)
        self.files[name] = content
        self.names.add(name.casefold())
        if len(self.files) > MOST_FILES:
            raise _refused(f"文件超过 {MOST_FILES} 个", self.place)


def _of_folder(place: Path) -> dict[str, bytes]:
    found = _Bounds(place)
    pending = [(place, "")]
    while pending:
        folder, prefix = pending.pop()
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
        if prefix and not entries:
            raise _refused(f"多了空文件夹：{prefix}", place)
        for entry in entries:
            name = prefix + entry.name
            if entry.is_symlink():
                raise _refused(f"有符号链接：{name}", place)
            if entry.is_dir(follow_symlinks=False):
                if fault := fault_of_name(name):
                    raise _refused(f"{fault}：{name[:100]!r}", place)
                pending.append((Path(entry.path), name + "/"))
            elif entry.is_file(follow_symlinks=False):
                found.add(name, _content(entry.path))
            else:
                raise _refused(f"有不是文件的东西：{name}", place)
    return found.files


def _content(path: str) -> bytes:
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
        return file.read(MOST_FILE_BYTES + 1)


def _of_zip(place: Path) -> dict[str, bytes]:
    if not place.is_file() or place.stat().st_size > MOST_BYTES:
        raise _refused("文件太大，或者不是文件", place)
    found = _Bounds(place)
    folders: list[str] = []
    with zipfile.ZipFile(place) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise _refused(f"文件超过 {MOST_FILES} 个", place)
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise _refused("展开后超过上限", place)
        for entry in entries:
            name = entry.orig_filename
            if name.endswith("/") and not entry.file_size:
                folders.append(name)  # as other programs list them; nothing is made of it
                continue
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if fault := fault_of_name(name):
                raise _refused(f"{fault}：{name[:100]!r}", place)
            if kind not in (0, stat.S_IFREG):
                raise _refused(f"有符号链接或不是文件的东西：{name}", place)
            if entry.flag_bits & 0x1:
                raise _refused(f"文件加了密：{name}", place)
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _refused(f"压缩方法不认识：{name}", place)
            with archive.open(entry) as stream:
                found.add(name, stream.read(min(MOST_FILE_BYTES, MOST_BYTES - found.size) + 1))
        _refuse_smuggled(archive, place)
    for name in folders:
        if not any(file.startswith(name) for file in found.files):
            raise _refused(f"多了空文件夹：{visible(name[:100])}", place)
    return found.files


def _refuse_smuggled(archive: zipfile.ZipFile, place: Path) -> None:
    """Refuse a zip that holds anything but its files: remarks, or bytes between, before and
    after them, which one program passes over and another shows.

    Source: PKWARE APPNOTE 6.3.10, 4.3 (the order of the parts, their fixed sizes).
    """
    for entry in archive.infolist():
        if entry.comment:
            raise _refused(f"压缩包里有注释：{visible(entry.filename[:100])}", place)
    with open(place, "rb") as file:
        at = 0
        for entry in sorted(archive.infolist(), key=lambda e: e.header_offset):
            if not at <= entry.header_offset <= at + (_DESCRIPTOR if at else 0):
                raise _refused("压缩包里夹带了清单以外的内容", place)
            file.seek(entry.header_offset + 26)
            names, extra = struct.unpack("<HH", file.read(4))
            at = entry.header_offset + 30 + names + extra + entry.compress_size
        file.seek(-_END, os.SEEK_END)
        end = file.tell()
        mark, size = struct.unpack("<4s8xI6x", file.read(_END))
    if archive.comment:
        raise _refused("压缩包里有注释", place)
    before, after = archive.start_dir - at, end - archive.start_dir - size
    if mark != b"PK\x05\x06" or not 0 <= before <= _DESCRIPTOR or after not in (0, _END_64):
        raise _refused("压缩包里夹带了清单以外的内容", place)


def _check(files: Mapping[str, bytes], place: Path) -> None:
    """Every file as the manifest lists it, and none besides; all that is wrong at once."""
    listed = _listed(files, place)
    faults = [f"少了 {name}" for name in listed if name not in files]
    faults += [f"多了 {name}" for name in files if name not in listed and name != MANIFEST]
    faults += [
        f"{name} 被改动过（清单 {listed[name][:12]}…，现在 {sha256(files[name])[:12]}…）"
        for name in listed
        if name in files and sha256(files[name]) != listed[name]
    ]
    if REPORT not in listed:
        faults.append(f"清单里没有 {REPORT}")
    if faults:
        told = [f"  {fault}" for fault in faults[:20]]
        more = [f"  另有 {len(faults) - 20} 处"] if len(faults) > 20 else []
        raise _refused("与清单不符：", place, [*told, *more])


def _listed(files: Mapping[str, bytes], place: Path) -> dict[str, str]:
    if MANIFEST not in files:
        raise _refused(f"没有清单 {MANIFEST}，不是 kehou bundle 生成的包", place)
    try:
        tree = json.loads(files[MANIFEST])
        entries = tree["files"]
        found = {str(entry["path"]): str(entry["sha256"]) for entry in entries}
        known = tree["format"] == FORMAT and len(found) == len(entries)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused(f"读不懂清单 {MANIFEST}", place) from error
    if not known:
        raise _refused(f"清单 {MANIFEST} 的格式不对", place)
    return found
