"""A child that stays at work between submissions, for a process that judges one after another.

Forking a child and giving it its rules costs as much as judging a plan. A process that has many
to judge asks for `keep_child`; then the child of rules that come again is handed on from one
submission to the next. A child that went wrong in any way is ended, never handed on.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kehou.judging.worker import Worker

#: So many submissions are judged by one child: what the library may not give back is bounded.
MOST_USES: Final = 100


class _Keeper:
    """The one child that waits for work, with the rules that it knows."""

    def __init__(self) -> None:
        self.wanted = False
        self._held: tuple[Sequence[Any], Worker] | None = None
        self._process = 0

    def take(self, rules: Sequence[Any]) -> Worker | None:
        held = self._own()
        if held is None or held[0] is not rules:
            return None
        self._held = None
        return held[1]

    def give_back(self, rules: Sequence[Any], worker: Worker) -> bool:
        worker.uses += 1
        if not self.wanted or worker.uses >= MOST_USES:
            return False
        self.end()
        self._held, self._process = (rules, worker), os.getpid()
        return True

    def end(self) -> None:
        held = self._own()
        self._held = None
        if held is not None:
            held[1].close()

    def _own(self) -> tuple[Sequence[Any], Worker] | None:
        """What is held, unless that was before this process was forked: then it is another's."""
        return self._held if self._process == os.getpid() else None


_KEEPER = _Keeper()


def keep_child() -> None:
    """Keep the children of this process from now on; the last one ends with the process."""
    if not _KEEPER.wanted:
        _KEEPER.wanted = True
        atexit.register(_KEEPER.end)


def take(rules: Sequence[Any]) -> Worker | None:
    """The child that waits with these very rules, if there is one; it is the caller's then."""
    return _KEEPER.take(rules)


def give_back(rules: Sequence[Any], worker: Worker) -> bool:
    """Hand over a child that has answered all it was asked; False where it is to be closed."""
    return _KEEPER.give_back(rules, worker)


__all__ = ["MOST_USES", "give_back", "keep_child", "take"]
