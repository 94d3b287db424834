"""Measuring: medians over several rounds, everything that is compared taken in turn.

In a process it is its own processor time that counts, which other work on the machine hardly
changes; wall time is told only of whole processes. The figures of one machine on one day say
little, so each is printed beside something that was measured in the same rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from time import process_time
from typing import Any, TypeVar

Result = TypeVar("Result")


class Stages:
    """Times of the stages of one piece of work that is done many times over."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def run(self, name: str, work: Callable[[], Result]) -> Result:
        """What a stage gives; its time is kept."""
        begun = process_time()
        result = work()
        self.add(name, process_time() - begun)
        return result

    def add(self, name: str, seconds: float) -> None:
        """Keep a time that was measured elsewhere."""
        self.times.setdefault(name, []).append(seconds)

    def medians(self) -> dict[str, float]:
        """Median seconds of every stage."""
        return {name: median(taken) for name, taken in self.times.items()}


def rounds(works: Mapping[str, Callable[[], Any]], count: int) -> dict[str, float]:
    """Median seconds of each, called in turn ``count`` times after one round that is not kept."""
    for work in works.values():
        work()
    stages = Stages()
    for _ in range(count):
        for name, work in works.items():
            stages.run(name, work)
    return stages.medians()


def shown(seconds: float) -> str:
    """Seconds with a unit that leaves three digits or so."""
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def table(medians: Mapping[str, float], unit: str) -> Iterator[str]:
    """A line for each figure, with its ratio to the one named ``unit``."""
    width = max(map(len, medians))
    for name, seconds in medians.items():
        yield f"  {name:{width}}  {shown(seconds):>9}  {seconds / medians[unit]:8.1f} ×"


__all__ = ["Stages", "rounds", "shown", "table"]
