"""Scores the verdicts on every probe: ``python -m benchmarks.verdicts [SET…]`` (README.md)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.verdicts.changes import changes, recorded
from benchmarks.verdicts.judged import Found, Judge
from benchmarks.verdicts.probes import Faults, read_bases, read_set, set_names
from benchmarks.verdicts.scores import (
    WRONG,
    Scored,
    rate,
    scored,
    stands,
    table,
    told,
    wrong_critical_fails,
)
from benchmarks.verdicts.validation import check
from kehou.model.outcomes import Outcome

HEADS = {
    "lessons": "不上新课、不集体补课",
    "voluntary": "自愿",
    "funds": "收费和经费",
    "vendors": "机构",
    "times": "时间",
    "procedures": "程序和公示",
    "safety": "安全和人员",
    "both-packs": "两个规则包",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Score, validate or compare; 2 where a set or a base is faulty or two engines differ."""
    options = _parser().parse_args(arguments)
    if options.compare:
        before, after = (json.loads(Path(path).read_text("utf-8")) for path in options.compare)
        print("\n".join(changes(before, after)))
        return 0
    faults = Faults()
    judge = Judge(read_bases(faults), both=options.engine == "both")
    probes = [probe for name in options.sets or set_names() for probe in read_set(name, faults)]
    ready = check(probes, judge, faults)
    for line in faults.found:
        print(line)
    if options.validate:
        print(f"{len(probes)} 题，{len(faults.found)} 处要改")
        return 2 if faults.found else 0
    if len(ready) < len(probes):
        print(f"另有 {len(probes) - len(ready)} 题写得不对，没有判")
    results = [scored(probe, judge.new(probe)) for probe in ready]
    bases = {} if options.sets else bases_judged(judge)
    if options.list_wrong:
        wrong = [r.probe.ref for r in results if r.wrong]
        print(
            "\n".join(
                wrong + [base_ref(name) for name, found in bases.items() if not stands(found)]
            )
        )
        return 0
    for line in _report(results, bases, options.all):
        print(line)
    for name, rule in judge.disagreements:
        print(f"两个引擎结论不一致：{name} {rule}")
    record = recorded(results, bases)
    if options.json:
        Path(options.json).write_text(_text(record), "utf-8")
    if options.against:
        print("\n结论有改变的：")
        print("\n".join(changes(json.loads(Path(options.against).read_text("utf-8")), record)))
    return 2 if faults.found or judge.disagreements else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help="names or files; all by default")
    parser.add_argument("--validate", action="store_true", help="only look whether sets are right")
    parser.add_argument("--engine", choices=("direct", "both"), default="direct")
    parser.add_argument("--all", action="store_true", help="tell the right ones too")
    parser.add_argument("--list-wrong", action="store_true", help="names alone, for open.txt")
    parser.add_argument("--json", metavar="FILE", help="record the verdicts")
    parser.add_argument("--against", metavar="FILE", help="a record of before: tell what changed")
    parser.add_argument("--compare", nargs=2, metavar="FILE", help="two records, without a run")
    return parser


def base_ref(name: str) -> str:
    """How a base at a stage is named in open.txt."""
    return f"base/{name}"


def bases_judged(judge: Judge) -> dict[str, list[Found]]:
    """What is adverse in each base at each of its stages."""
    return {
        f"{base.id}@{stage}": judge.all(base, base.id, base.tree, stage)
        for base in judge.bases.values()
        for stage in base.stages
    }


def _report(
    results: Sequence[Scored], bases: Mapping[str, Sequence[Found]], every: bool
) -> list[str]:
    lines: list[str] = []
    for result in results:
        if result.wrong or every:
            lines += [*told(result), ""]
    if bases:
        lines += _told_bases(bases)
    sets = dict.fromkeys(r.probe.ref.partition("/")[0] for r in results)
    lines += [*table(results, "方面", [(title, head) for head, title in HEADS.items()]), ""]
    lines += [*table(results, "题组", [(name, name) for name in sets]), ""]
    lines.append("；".join(rate(results, kind) for kind in WRONG))
    critical = wrong_critical_fails(results)
    lines.append(f"红线误判 {len(critical)}" + (f"：{'、'.join(critical)}" if critical else ""))
    return lines


def _told_bases(bases: Mapping[str, Sequence[Found]]) -> list[str]:
    lines = ["| 基础材料 | 不符合（重要以上） | 缺材料（重要以上） | 存疑 |", "|---|---|---|---|"]
    for name, found in bases.items():
        cells = (
            _rules(f for f in found if f.blocking and Outcome.FAIL in f.outcomes),
            _rules(f for f in found if f.blocking and _lacks(f)),
            _rules(f for f in found if Outcome.REVIEW in f.outcomes),
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def _lacks(found: Found) -> bool:
    return Outcome.INSUFFICIENT in found.outcomes or Outcome.ERROR in found.outcomes


def _rules(found: Any) -> str:
    return "、".join(each.rule for each in found) or "—"


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
