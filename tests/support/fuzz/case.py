"""What a family draws: files in a folder, calls of the command line, and what must come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.command_line import Ran


@dataclass(frozen=True)
class Call:
    """One call: its words (files relative to the folder), its input, the files it may write.

    ``about`` are names of which a refusal must mention one (files, options, values); none where
    what is wrong has no name. ``shows_private`` are files that may hold what is private, as a
    conversion does. ``codes`` are the exit codes that an intact input may end with.
    """

    words: Sequence[str]
    stdin: bytes = b""
    writes: Sequence[str] = ()
    about: Sequence[str] = ()
    shows_private: Sequence[str] = ()
    codes: Sequence[int] = (0, 1, 2, 3, 4)


#: Looks at the folder and what the calls came to; yields what is not as it was written.
Check = Callable[[Path, Sequence[Ran]], Iterator[str]]


#: Puts into the folder what no bytes can say: links, pipes, odd names.
Prepare = Callable[[Path], None]


def _unchanged(folder: Path) -> None:
    return


def _nothing(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
    return iter(())


@dataclass(frozen=True)
class Case:
    """An input. ``kind`` says what was done to it, for the one who reads of a crash."""

    kind: str
    files: Mapping[str, bytes]
    calls: Sequence[Call] = ()
    check: Check = field(default=_nothing)
    prepare: Prepare = field(default=_unchanged)


@dataclass(frozen=True)
class Fault:
    """What an oracle holds against an input: which oracle, and what it saw."""

    oracle: str
    told: str

    @property
    def sign(self) -> str:
        """What two inputs with the same fault have in common."""
        last = self.told.strip().splitlines()[-1] if self.told.strip() else ""
        return f"{self.oracle} {last[:60]}"
