"""Archives that hold submissions: unpacked into a private folder, within limits, never outside it.

Names in an archive without the UTF-8 mark are read as GB 18030, as programs in China write them.
"""

from __future__ import annotations

import errno
import hashlib
import io
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from kehou.errors import UnreadableError, system_reason
from kehou.readers import ReadError
from kehou.readers.door import contents
from kehou.readers.zip_damage import DAMAGES

#: The most members of an archive, bytes of one of them, and bytes of all.
MOST_MEMBERS: Final = 20_000
MOST_OF_MEMBER: Final = 100_000_000
MOST_OF_ALL: Final = 2_000_000_000
#: The most bytes of an archive as it is handed in.
MOST_OF_ARCHIVE: Final = 300_000_000
_SUFFIX: Final = ".zip"
_SPLIT: Final = "请解开压缩包，把要查的文件夹放进来"
_DAMAGED: Final = "压缩包打不开，可能不完整，或里面的内容已损坏"
#: Numbers of the system's that no want of room or right is behind: what bzip2 says of its data has
#: none; a place in the archive that cannot be; and names.
_OF_ARCHIVE: Final = frozenset((None, errno.EINVAL))
_OF_NAMES: Final = frozenset((errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG))


def is_archive(place: Path) -> bool:
    """Whether a file is an archive by its name."""
    return place.suffix.lower() == _SUFFIX and place.is_file()


def unpacked(archive: Path, scratch: Path) -> Path:
    """A new folder below ``scratch`` with what is in the archive.

    Raises UnreadableError for what is no archive, is encrypted, too large, or has members that
    would lie outside the folder.
    """
    name = hashlib.sha256(str(archive.resolve()).encode("utf-8", "surrogatepass")).hexdigest()
    target = scratch / name[:24]
    data = _contents(archive)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, mode=0o700)
    try:
        with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gb18030") as opened:
            members = [m for m in opened.infolist() if not m.is_dir()]
            _refuse(members)
            room = MOST_OF_ALL
            for member in members:
                room -= _unpack(opened, member, target, room)
    except UnreadableError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise _of_system(error) from error
    except DAMAGES as error:
        shutil.rmtree(target, ignore_errors=True)
        raise UnreadableError("archive", _DAMAGED, "", _SPLIT) from error
    return target


def _of_system(error: OSError) -> UnreadableError:
    """What the system says: of the archive, of the names in it, or of where it is unpacked."""
    if error.errno in _OF_ARCHIVE:
        return UnreadableError("archive", _DAMAGED, "", _SPLIT)
    if error.errno in _OF_NAMES:
        told = "压缩包里有重名、互相占着位置或名字太长的文件，解不开"
        return UnreadableError("archive", told, "", _SPLIT)
    told, hint = f"解压时写不进去：{system_reason(error)}", "用 --store 另指一个可以写的文件夹"
    return UnreadableError("archive", told, "", hint)


def _contents(archive: Path) -> bytes:
    try:
        return contents(archive, MOST_OF_ARCHIVE)
    except ReadError as error:
        raise UnreadableError("archive", error.message, "", error.hint) from error


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        told = f"压缩包里有 {len(members)} 个文件，超过 {MOST_MEMBERS} 个"
        raise UnreadableError("archive", told, "", _SPLIT)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if member.flag_bits & 1:
            raise UnreadableError("archive", "压缩包有密码", "", "请去掉密码再放进来")
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            told = f"压缩包里的“{path.name}”要写到别的文件夹去，整个压缩包都不采用"
            raise UnreadableError("archive", told, "", _SPLIT)


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: int) -> int:
    """Write one member, by what it really holds; returns its size in bytes."""
    path = folder.joinpath(*PurePosixPath(member.filename.replace("\\", "/")).parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    most, size = min(MOST_OF_MEMBER, room), 0
    with opened.open(member) as source, open(path, "xb") as file:
        while chunk := source.read(1 << 16):
            size += len(chunk)
            if size > most:
                raise UnreadableError("archive", "压缩包解开后太大", "", _SPLIT)
            file.write(chunk)
    return size
