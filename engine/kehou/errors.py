"""Errors that a user can act on, and the exit codes they lead to (docs/architecture.md §8)."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
