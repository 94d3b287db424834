"""Errors that a user can act on, and the exit codes they lead to (docs/architecture.md §8)."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from typing import Final

EXIT_OK = 0
EXIT_FAIL = 1
EXIT_USAGE = 2
EXIT_UNSETTLED = 3
EXIT_UNREADABLE = 4


#: Whatever some terminal or reader takes for the end of a line.
_BREAK = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    r"""``text`` with its line breaks as ``\n``: a name must not put lines of its own among ours."""
    shown = {"\n": "\\n", "\r": "\\r"}
    return _BREAK.sub(lambda m: shown.get(m[0], f"\\u{ord(m[0]):04x}"), text)


#: What the system says of a file, a disk or a stream, in words of those who use it.
_SYSTEM: Final[Mapping[int, str]] = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTEMPTY: "文件夹里已有内容",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EINVAL: "系统不接受这样的文件名或写法",
    errno.EILSEQ: "文件名里有系统不认识的字",
    errno.ELOOP: "链接绕成了圈",
    errno.EXDEV: "不在同一个磁盘上",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "超过了磁盘限额",
    errno.EFBIG: "文件太大，超过系统的限制",
    errno.EROFS: "磁盘只能读，不能写",
    errno.EIO: "磁盘或网络读写出错",
    errno.ESTALE: "网络上的文件夹断开了",
    errno.ETIMEDOUT: "等了很久没有回应",
    errno.ENODEV: "没有这个设备",
    errno.ENXIO: "没有这个设备",
    errno.EBUSY: "正被别的程序使用",
    errno.ETXTBSY: "正被别的程序使用",
    errno.EAGAIN: "系统忙不过来",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不够",
    errno.EPIPE: "接收结果的程序已经关了",
    errno.EBADF: "它关着",
}


def system_reason(error: OSError) -> str:
    """Why the system refused, in Chinese; what it says itself is English on most machines."""
    if error.errno is None:
        return "系统报错"
    return _SYSTEM.get(error.errno) or f"系统报错（编号 {error.errno}）"


class KehouError(Exception):
    """An error told to the user: what, where, and what to do about it.

    ``code`` is a short stable name (``pack-not-found``), ``message`` one plain Chinese sentence
    with its ``details`` below it, a line each; ``where`` a place such as ``plan.yaml:12:3``,
    ``hint`` the way out. ``exit_code`` is what a command ends with.
    """

    exit_code = EXIT_USAGE

    def __init__(
        self,
        code: str,
        message: str,
        where: str = "",
        hint: str = "",
        details: Sequence[str] = (),
    ) -> None:
        message = "\n".join(map(one_line, (message, *details)))
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{one_line(self.where)}：" if self.where else ""
        hint = f"\n  请：{self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class UsageError(KehouError):
    """The command line or kehou.yaml asks for something that cannot be done."""


class UnreadableError(KehouError):
    """A submission of which no tree could be read; it yields no findings."""

    exit_code = EXIT_UNREADABLE


class PackError(KehouError):
    """A file of ours that does not load: ``faults`` are (place, message, hint), all at once.

    ``what`` says which kind of file it is, in the words of its users.
    """

    def __init__(self, faults: list[tuple[str, str, str]], what: str = "规则包") -> None:
        self.faults = faults
        lines = [
            f"{place}：{message}" + (f"（{hint}）" if hint else "")
            for place, message, hint in faults
        ]
        super().__init__("pack-invalid", f"{what}有错误：", details=lines)
