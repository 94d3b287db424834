"""A rules network that is begun anew, once, where its child is lost.

A child may die of what will not come again: a machine without memory for a moment, somebody who
ended it. What comes again on the second try is told as what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kehou.judging.rete import Base, Running
from kehou.judging.worker import EngineDied
from kehou.model.outcomes import Outcome
from kehou.model.rules import DecisionFact, DecisionRule, Firing

T = TypeVar("T")


class SecondTry:
    """A `rete.Running` and, where that is lost, one more; raises EngineDied of the second."""

    def __init__(self, start: Callable[[], Running]) -> None:
        self._start = start
        self._base: Base | None = None
        self._again = False
        self._running: Running | None = None
        try:
            self._begun()
        except EngineDied:
            self._again = True

    def feed(self, base: Base) -> None:
        """Hand over the facts; what goes wrong is raised by `outcomes`."""
        self._base = base
        if self._running is not None:
            self._running.feed(base)

    def outcomes(self) -> dict[str, list[Outcome]]:
        """Outcome of every rule on every subject of its entity, in order."""
        return self._with(lambda running: running.outcomes())

    def decide(self, rules: Sequence[DecisionRule], facts: Sequence[DecisionFact]) -> set[Firing]:
        """All firings of decision rules, marks chained; raises LintError too."""
        return self._with(lambda running: running.decide(rules, facts))

    def close(self) -> None:
        """End the child; may be called again."""
        if self._running is not None:
            self._running.close()

    def _with(self, ask: Callable[[Running], T]) -> T:
        try:
            return ask(self._begun())
        except EngineDied:
            if self._again:
                raise
        self._again = True
        self.close()
        self._running = None
        return ask(self._begun())

    def _begun(self) -> Running:
        if self._running is None:
            self._running = self._start()
            if self._base is not None:
                self._running.feed(self._base)
        return self._running
