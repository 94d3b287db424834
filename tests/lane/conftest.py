"""field20's lane and plans, and what it comes to beside the direct engine."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from benchmarks.field20.compare import load_pack
from benchmarks.field20.generate import make
from benchmarks.json_plans import dumped

pytest.importorskip("msgspec")

from kehou.lane import Judged, Lane, compile_lane
from kehou.model.outcomes import Stage
from kehou.packs import Pack

DATE = "2025-09-01"
#: Puts something else into a plan.
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="session")
def field20() -> Pack:
    return load_pack()


@pytest.fixture(scope="session")
def lane(field20: Pack) -> Lane:
    return compile_lane(field20, Stage.APPROVAL, DATE)


@pytest.fixture(scope="session")
def plan() -> Callable[..., bytes]:
    """The JSON of one plan, the third of the seed, with changes."""

    def text(change: Change | None = None, number: int = 3) -> bytes:
        tree = copy.deepcopy(make(7, number))
        if change is not None:
            change(tree)
        return dumped(tree)

    return text


@pytest.fixture(scope="session")
def same() -> Callable[[Lane, bytes], Judged]:
    """Judge by the lane, and hold it against the reader and the direct engine."""

    def judge(lane: Lane, text: bytes) -> Judged:
        mine, theirs = lane.judge(text), lane.slowly(text, "asked")
        assert sorted(mine.findings) == sorted(theirs.findings)
        assert lane.tally(mine) == lane.tally(theirs)
        assert mine.aside == theirs.aside
        return mine

    return judge
