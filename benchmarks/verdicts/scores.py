"""Right and wrong: a probe's verdict from what is new, and counts with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.verdicts.judged import Found
from benchmarks.verdicts.probes import Line, Probe
from kehou.model.outcomes import Outcome, Severity

#: What a probe can be wrong in, with its heading; one may be wrong in several.
WRONG = {
    "wrong_pass": "漏判",
    "wrong_fail": "误判",
    "otherwise": "结论不同",
    "needless": "多问",
}
#: So many subjects of a rule are told.
MOST_TOLD = 3
#: So many reviews a lawful base may have.
MOST_REVIEWS = 2
ASKING = (Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR)


@dataclass(frozen=True, slots=True)
class Scored:
    """A probe with what was found and what is wrong with that, () where it is right."""

    probe: Probe
    found: tuple[Found, ...]
    wrong: tuple[str, ...]


def scored(probe: Probe, found: Sequence[Found]) -> Scored:
    """The verdict on a probe; advice does not count.

    ``wrong_pass``: an expected line is met by nothing adverse. ``wrong_fail``: a blocking rule
    fails where no line lets it. ``otherwise``: a line is met by another outcome than it wants.
    ``needless``: of a lawful probe a blocking rule asks something that no line lets it ask.
    """
    counted = [each for each in found if each.severity is not Severity.ADVICE]
    lines = (*probe.expect, *probe.allow)
    wrong: dict[str, None] = {}
    for line in probe.expect:
        cited = [each for each in counted if line.clauses & set(each.clauses)]
        if not cited:
            wrong["wrong_pass"] = None
        elif not any(line.outcomes & set(each.outcomes) for each in cited):
            wrong["otherwise"] = None
    for each in counted:
        if not each.blocking:
            continue
        for outcome in each.outcomes:
            if any(_lets(line, each, outcome) for line in lines):
                continue
            if outcome is Outcome.FAIL:
                wrong["wrong_fail"] = None
            elif probe.lawful and outcome in ASKING:
                wrong["needless"] = None
    if "wrong_fail" in wrong:  # a line met by a fail that it does not want is told as that
        wrong.pop("otherwise", None)
    return Scored(probe, tuple(found), tuple(kind for kind in WRONG if kind in wrong))


def _lets(line: Line, found: Found, outcome: Outcome) -> bool:
    return outcome in line.outcomes and bool(line.clauses & set(found.clauses))


def stands(found: Iterable[Found]) -> bool:
    """Whether a lawful base stands: nothing that blocks, and few reviews."""
    counted = [each for each in found if each.severity is not Severity.ADVICE]
    blocked = any(each.blocking and set(each.outcomes) - {Outcome.REVIEW} for each in counted)
    return not blocked and sum(Outcome.REVIEW in each.outcomes for each in counted) <= MOST_REVIEWS


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (0, 1) of none."""
    if total == 0:
        return 0.0, 1.0
    z = 1.959963984540054
    share, weight = hits / total, z * z / total
    middle = share + weight / 2
    spread = z * sqrt(share * (1 - share) / total + weight / (4 * total))
    return (middle - spread) / (1 + weight), (middle + spread) / (1 + weight)


def table(results: Sequence[Scored], first: str, groups: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of a table: a row for each (label, prefix or head) of ``groups``, then all."""
    heads = [first, "题数", "正确", "正确率（95% 区间）", *WRONG.values()]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for label, group in groups:
        of = [r for r in results if group in (r.probe.head, r.probe.ref.partition("/")[0])]
        lines.append(_row(label, of))
    lines.append(_row("合计", results))
    return lines


def _row(label: str, results: Sequence[Scored]) -> str:
    right = sum(not r.wrong for r in results)
    total = len(results)
    share = f"{100 * right / total:.1f}%（{_shown(interval(right, total))}）" if total else "—"
    counts = [str(sum(kind in r.wrong for r in results)) for kind in WRONG]
    return f"| {' | '.join([label, str(total), str(right), share, *counts])} |"


def _shown(bounds: tuple[float, float]) -> str:
    return f"{100 * bounds[0]:.1f}–{100 * bounds[1]:.1f}"


def rate(results: Sequence[Scored], kind: str) -> str:
    """A kind of wrong in words, with its interval."""
    hits = sum(kind in r.wrong for r in results)
    share = 100 * hits / len(results) if results else 0
    return f"{WRONG[kind]} {hits}，{share:.1f}%（{_shown(interval(hits, len(results)))}）"


def wrong_critical_fails(results: Iterable[Scored]) -> list[str]:
    """Probes in which a critical rule fails wrongly."""
    return [
        r.probe.ref
        for r in results
        if "wrong_fail" in r.wrong
        and any(
            f.severity is Severity.CRITICAL
            and Outcome.FAIL in f.outcomes
            and not any(_lets(x, f, Outcome.FAIL) for x in (*r.probe.expect, *r.probe.allow))
            for f in r.found
        )
    ]


def told(result: Scored) -> Iterator[str]:
    """A wrong one in lines: what it is about, what was expected and what was found."""
    probe = result.probe
    kinds = "、".join(WRONG[kind] for kind in result.wrong)
    yield f"{probe.place} {probe.ref} [{kinds}] {probe.head} {probe.stage} {probe.base}"
    yield f"  做法：{probe.story}"
    wanted = [
        f"{'、'.join(sorted(x.clauses))} {'或'.join(sorted(x.outcomes))}" for x in probe.expect
    ]
    yield f"  应有：{'；'.join(wanted) or '没有不利结论'}"
    if probe.allow:
        also = [
            f"{'、'.join(sorted(x.clauses))} {'或'.join(sorted(x.outcomes))}" for x in probe.allow
        ]
        yield f"  也可：{'；'.join(also)}"
    for found in result.found:
        outcomes = "、".join(found.outcomes)
        clauses = "、".join(found.clauses)
        where = f"{found.rule}（{clauses}，{found.severity}）"
        subjects = "、".join(list(found.subjects)[:MOST_TOLD])
        yield f"  得到：{outcomes} {where} {subjects} {found.message[:120]}"
    if not result.found:
        yield "  得到：没有不利结论"
