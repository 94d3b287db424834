"""How much of a pack the lane compiles, and what a submission costs there: × orjson.loads of it.

The submission is the pack's own good one without its roster, as a program writes it. Rules that
fell back are counted by reason: the reader and the direct engine judge them (`Lane.rest`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import orjson

from benchmarks.json_plans import written
from benchmarks.timing import rounds, table
from kehou import packs
from kehou.lane import compile_lane
from kehou.model.outcomes import Stage
from kehou.packs.casefiles import base_tree

_PACK, _DATE, _ROSTER = "bayannur-2021", "2021-09-01", "roster"
_OFTEN = 200


def report(full: bool) -> Iterator[str]:
    """Stage by stage: rules compiled and fallen back with reasons, times and ratios."""
    pack = packs.load(_PACK)
    tree = {name: part for name, part in base_tree(pack).items() if name != _ROSTER}
    plan = written(tree, pack.schema)
    for stage in Stage:
        lane = compile_lane(pack, stage, _DATE)
        trusted = compile_lane(pack, stage, _DATE, trusted=True)
        all_rules = len(lane.rules) + len(lane.fallen_back)
        slow = lane.judge(plan).slow or "no"
        yield f"  {_PACK}, {stage}: {len(lane.rules)} of {all_rules} rules compiled"
        for reason, count in Counter(lane.fallen_back.values()).most_common():
            yield f"    {count:4} {reason}"
        yield f"  a submission of {len(plan)} bytes, through the reader: {slow}"
        works = {
            "orjson.loads": often(orjson.loads, plan),
            "what rules read": often(trusted.judge, plan),
            "all keys and values": often(lane.judge, plan),
        }
        yield from table(rounds(works, 21 if full else 7), "orjson.loads")
        yield "  the other rules, by the reader and the direct engine"
        few = {"orjson.loads": partial(orjson.loads, plan), "rest": partial(lane.rest, plan)}
        yield from table(rounds(few, 7), "orjson.loads")


def often(judge: Callable[[bytes], object], plan: bytes) -> Callable[[], None]:
    """One plan many times over."""

    def work() -> None:
        for _ in range(_OFTEN):
            judge(plan)

    return work
