"""The one door to files: nothing else in kehou opens what somebody handed in or named.

Only regular files, up to a limit that is looked at before a byte is read and held while reading:
a pipe would hang, a device never ends. Links are followed by those who ask for a file by its name;
in a folder that was handed in they must stay inside (`kind`). Whatever is wrong is a ``ReadError``.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Final

from kehou.readers.source import ReadError

#: The most bytes of one file of a pack, and of a report, which nobody writes by hand.
MOST_OF_PACK: Final = 20_000_000
MOST_OF_REPORT: Final = 200_000_000

_LOOK = "核对文件名和所在的文件夹"
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_REASONS: Final = {
    errno.ENOENT: ("没有这个文件", _LOOK),
    errno.ENOTDIR: ("没有这个文件", _LOOK),
    errno.ENAMETOOLONG: ("文件名太长", _LOOK),
    errno.ELOOP: ("这个链接绕成了圈，指不到文件", "换成文件本身"),
    errno.EACCES: ("文件打不开：没有读取权限", "核对文件是否存在、能否打开"),
    errno.EPERM: ("文件打不开：没有读取权限", "核对文件是否存在、能否打开"),
}
_BROKEN = ("文件打不开：读取时系统报错", "核对文件是否存在、能否打开")


def contents(place: Path | Traversable, most: int, name: str = "") -> bytes:
    """The bytes of a regular file of at most ``most`` bytes, or of a file inside the program.

    Raises ``ReadError`` with ``where`` set to ``name``, by default the file's own.
    """
    with _told(name or shown(place.name)):
        if not isinstance(place, Path):
            return place.read_bytes()
        with _regular(place, most) as file:
            data = file.read(most + 1)
        if len(data) > most:  # it grew meanwhile
            raise too_large(len(data), most)
        return data


@contextmanager
def opened(place: Path, most: int) -> Iterator[IO[bytes]]:
    """A regular file of at most ``most`` bytes, to be read in parts; raises as `contents`."""
    with _told(shown(place.name)), _regular(place, most) as file:
        yield file


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever the system says of a file as a ``ReadError`` about it."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message, hint = _REASONS.get(getattr(error, "errno", None) or 0, _BROKEN)
        told = ReadError(message, hint=hint)
        told.where = name
        raise told from error
    except ReadError as error:
        error.where = name
        raise


@contextmanager
def _regular(path: Path, most: int) -> Iterator[IO[bytes]]:
    """Looked at before it is opened, for opening a device may do something; and again after."""
    _refuse(os.stat(path), most)
    with open(os.open(path, _OPEN), "rb") as file:
        _refuse(os.fstat(file.fileno()), most)
        yield file


def _refuse(seen: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(seen.st_mode):
        folder = stat.S_ISDIR(seen.st_mode)
        what = "是文件夹" if folder else "是管道、设备一类的东西"
        raise ReadError(f"这不是一个文件，{what}", hint=_LOOK)
    if seen.st_size > most:
        raise too_large(seen.st_size, most)


def too_large(size: int, most: int) -> ReadError:
    """The error that tells how large a file is, and how large it may be."""
    return ReadError(
        f"文件有 {size / 1e6:.1f} MB，超过上限 {most / 1e6:g} MB",
        hint="只留检查要用的内容；图片、扫描件不要放进这个文件，表格可拆成几个文件",
    )


def listed(folder: Path) -> list[Path]:
    """What is in a folder, by name; raises ``ReadError`` where it cannot be looked into."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        denied = error.errno in (errno.EACCES, errno.EPERM)
        reason = "没有读取权限" if denied else "读取时系统报错"
        told = ReadError(f"文件夹打不开：{reason}", hint="核对文件夹是否存在、能否打开")
        told.where = shown(str(folder))
        raise told from error


def is_file(place: Path | Traversable) -> bool:
    """Whether a file stands at a path that a file names; one too long for any system is none."""
    try:
        return place.is_file()
    except OSError:
        return False


def kind(entry: Path, inside: Path) -> str:
    """What an entry of a folder is, its links followed: file, folder, outside, loop or other.

    ``outside`` is a link to what does not lie in ``inside``, which is nobody's to read for them;
    ``other`` is neither file nor folder: a pipe, a device, a link to nothing.
    """
    real = os.path.realpath(entry)
    try:
        mode = os.stat(entry).st_mode
    except (OSError, ValueError) as error:
        return "loop" if getattr(error, "errno", 0) == errno.ELOOP else "other"
    if not Path(real).is_relative_to(os.path.realpath(inside)):
        return "outside"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def shown(name: str) -> str:
    r"""A name of the file system as text: UTF-8 whatever the locale, other bytes as ``\xff``.

    It is for comparing and showing; to open a file its own name is needed.
    """
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # text that is no name here
        return name
