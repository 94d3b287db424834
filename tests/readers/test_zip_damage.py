"""A zip damaged in any way is told as one: an archive, a bundle and a workbook alike."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.support.command_line import here

from kehou.batch import archives
from kehou.errors import UnreadableError

_NAME = "xl/workbook.xml"
_TEXT = b"<workbook/>" * 500


def _packed(method: int) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        package.writestr(_NAME, _TEXT)
    return bytearray(out.getvalue())


def _compressed_wrongly(method: int) -> bytes:
    """What its checksum is of no longer comes out: each decompressor raises what it likes."""
    data = _packed(method)
    at = 30 + len(_NAME)
    length = int.from_bytes(data[18:22], "little")
    for index in range(at + 4, at + length):
        data[index] ^= 0xA5
    return bytes(data)


def _head(offset: int, value: int, width: int = 2) -> bytes:
    """A field of the entry changed, both where it stands and in the list at the end."""
    data = _packed(zipfile.ZIP_DEFLATED)
    listed = data.index(b"PK\x01\x02")
    for at in (offset, listed + 2 + offset):
        data[at : at + width] = value.to_bytes(width, "little")
    return bytes(data)


def _list_moved() -> bytes:
    """The list of the members said to stand where no file reaches."""
    data = _packed(zipfile.ZIP_DEFLATED)
    end = data.index(b"PK\x05\x06")
    data[end + 16 : end + 20] = b"\xfe\xff\xff\xff"
    return bytes(data)


def _extra_cut() -> bytes:
    """An extra field that says it is longer than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        member = zipfile.ZipInfo(_NAME)
        member.extra = b"\x99\x99\x04\x00abcd"
        package.writestr(member, _TEXT)
    return out.getvalue().replace(b"\x99\x99\x04\x00abcd", b"\x01\x00\xff\xffabcd")


_DAMAGED = {
    "deflate": _compressed_wrongly(zipfile.ZIP_DEFLATED),
    "bzip2": _compressed_wrongly(zipfile.ZIP_BZIP2),
    "lzma": _compressed_wrongly(zipfile.ZIP_LZMA),
    "a method of nobody's": _head(8, 77),
    "locked": _head(6, 1),
    "cut": bytes(_packed(zipfile.ZIP_DEFLATED))[:-30],
    "a list that is nowhere": _list_moved(),
    "an extra field cut": _extra_cut(),
}


@pytest.mark.parametrize("data", _DAMAGED.values(), ids=_DAMAGED.keys())
def test_a_damaged_archive_of_submissions_is_told_and_leaves_nothing(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "材料.zip").write_bytes(data)
    with pytest.raises(UnreadableError, match=r"压缩包(打不开|有密码)"):
        archives.unpacked(tmp_path / "材料.zip", tmp_path / "scratch")
    assert not any((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize("data", _DAMAGED.values(), ids=_DAMAGED.keys())
@pytest.mark.parametrize(("command", "name"), [("verify", "包.zip"), ("check", "方案.xlsx")])
def test_a_damaged_bundle_or_workbook_is_told_by_its_name(
    tmp_path: Path, data: bytes, command: str, name: str
) -> None:
    (tmp_path / name).write_bytes(data)
    day = ("--on", "2021-09-06", "--as-of", "2021-09-06") if command == "check" else ()
    code, out, told = here(command, name, *day, cwd=tmp_path)
    assert code == 4
    assert name in out + told
    assert "Traceback" not in told
    assert "内部出错" not in told
