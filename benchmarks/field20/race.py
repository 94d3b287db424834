"""field20 from bytes to findings: the compiled lane beside orjson and the engines of others.

    make bench-field20

Every engine's findings are first held against the reference's; one that differs is named and not
timed. All run in turn in one process; a ratio is the median, over the rounds, of the processor time
of a plan to that of ``orjson.loads`` of the same bytes in the same round. The last line is

    field20 ratio=R plans=N diff=D

R of the lane that decodes what rules read and judges all twenty rules, every outcome counted; D the
findings that differ from the reference's. What it costs to look at all keys and values too, and for
keys that stand twice, is told apart: a submission that was never read goes that way.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import orjson

from benchmarks.field20 import compare
from benchmarks.field20.generate import make, text
from benchmarks.field20.reference import Finding, findings
from benchmarks.field20.variants import many
from kehou.checking.pack_run import run
from kehou.judging import bound_program
from kehou.lane import Lane, compile_lane
from kehou.packs import Pack

Engine = Callable[[bytes], object]
_UNIT = "orjson.loads"
_LANE = "lane: what rules read, 20 rules"
_MANY = "lane: what rules read, 200 rules"
#: Engines of others: the module of their rules, what to install.
PEERS = {
    "datalogic-py": "datalogic",
    "jsonschema-rs": "jsonschema_rs",
    "zen-engine": "zen",
    "opa-eval": "regorus",
}
_NOT_RUN = (
    "durable_rules: asks for a child process; it is in “kehou, two engines”, whose time is the"
    " parent's alone",
    "OPA: a program of its own, not installed by pip; its language runs on regorus (opa-eval)",
)


def lanes(pack: Pack) -> dict[str, Lane]:
    """The lanes that are timed."""
    stage, date = compare.OPTIONS.stage, str(compare.OPTIONS.as_of)
    rules, _, parameters = bound_program(pack, stage, date, frozenset())
    return {
        _LANE: compile_lane(pack, stage, date, trusted=True),
        _MANY: Lane(pack, many(rules, 10), parameters, stage, trusted=True),
        "lane: all keys, all values, keys twice": compile_lane(pack, stage, date),
    }


def peers() -> tuple[dict[str, tuple[Engine, frozenset[str]]], list[str]]:
    """The engines of others that are installed with the rules that they lack; and what is not."""
    found: dict[str, tuple[Engine, frozenset[str]]] = {}
    absent = list(_NOT_RUN)
    for package, module in PEERS.items():
        rules = importlib.import_module(f"benchmarks.field20_peers.{module}")
        try:
            engine = rules.make()
        except ImportError:
            absent.append(f"{package}: not installed (pip install {package})")
            continue
        left = f" ({20 - len(rules.LEFT_OUT)} rules)" if rules.LEFT_OUT else ""
        found[package + left] = engine, rules.LEFT_OUT
    return found, absent


def different(engine: Callable[[bytes], list[Finding]], left: frozenset[str], plans: int) -> int:
    """How many findings on so many plans are not the reference's, or are missing."""
    count = 0
    for number in range(plans):
        theirs = [one for one in findings(make(7, number)) if one[0] not in left]
        ours = engine(text(make(7, number)).encode())
        count += sum(map(len, compare.differences(ours, theirs)))
    return count


def rounds(engines: dict[str, tuple[Engine, int]], plans: Sequence[bytes], often: int) -> None:
    """Time engines in turn and print them; the number is on how many plans each runs."""
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(often):
        for name, (engine, count) in engines.items():
            begun = time.process_time()
            for plan in plans[:count]:
                engine(plan)
            taken[name].append((time.process_time() - begun) / count)
    for name, each in taken.items():
        ratios = [one / unit for one, unit in zip(each, taken[_UNIT], strict=True)]
        middle = statistics.median(ratios)
        RATIOS[name] = middle
        span = f"[{min(ratios):.2f}..{max(ratios):.2f}]"
        print(f"  {name:42} {statistics.median(each) * 1e6:9.1f} µs {middle:8.2f} × {span}")


RATIOS: dict[str, float] = {}


def main() -> int:
    """Compare, time, print; 1 where the lane's findings differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    pack = compare.load_pack()
    plans = [text(make(7, number)).encode() for number in range(options.count)]
    ours = lanes(pack)

    def found(lane: Lane) -> Callable[[bytes], list[Finding]]:
        return lambda plan: compare.in_words(lane.judge(plan).findings)

    diff = different(found(ours[_LANE]), frozenset(), options.count)
    checked = ours["lane: all keys, all values, keys twice"]
    diff += different(found(checked), frozenset(), options.count)
    engines: dict[str, tuple[Engine, int]] = {_UNIT: (orjson.loads, options.count)}
    engines |= {name: (lane.judge, options.count) for name, lane in ours.items()}
    engines["lane: all keys, all values, nothing judged"] = checked.decode, options.count
    others, absent = peers()
    few = min(200, options.count)
    for name, (engine, left) in others.items():
        wrong = different(engine, left, options.count)  # type: ignore[arg-type]
        if wrong:
            absent.append(f"{name}: {wrong} findings are not the reference's; not timed")
        else:
            engines[name] = engine, few
    direct = compare.DIRECT
    engines["kehou, direct engine, read and judged"] = (
        lambda plan: run(pack, compare.read(plan.decode(), pack), direct),
        min(20, options.count),
    )
    engines["kehou, two engines (the parent's time)"] = (
        lambda plan: run(pack, compare.read(plan.decode(), pack), compare.OPTIONS),
        min(20, options.count),
    )
    slow = sum(1 for plan in plans if checked.judge(plan).slow)
    size = sum(map(len, plans)) / len(plans)
    print(f"{len(plans)} plans of {size:.0f} bytes, {slow} of them through the reader")
    gc.collect()
    gc.freeze()
    rounds(engines, plans, options.rounds)
    print(f"  200 rules: {RATIOS[_MANY] / RATIOS[_LANE]:.2f} × the time of 20")
    for line in absent:
        print(f"  {line}")
    print(f"field20 ratio={RATIOS[_LANE]:.3f} plans={options.count} diff={diff}")
    return int(diff > 0)


if __name__ == "__main__":
    sys.exit(main())
