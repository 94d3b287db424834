"""A sheet as far as a ranking and a line on the screen need it, so that none of a report is held.

Text that many sheets share (clauses, titles, what to hand in) is held once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from sys import intern

from kehou.scoring.reports_in import RuleSeen, Seen, Submitter
from kehou.scoring.sheet import Line, Next, Sheet

_BREACH = Seen("", "fail", "fail", 1, True, "", "", "", "", ())


def ranked_row(sheet: Sheet) -> Sheet:
    """The sheet without what was found: points, grades, vetoes, breached clauses, next steps."""
    return replace(
        sheet,
        submitter=breaches_of(sheet.submitter),
        lines=tuple(_bare(line) for line in sheet.lines),
        vetoes=tuple(replace(one, rules=()) for one in sheet.vetoes),
        next=tuple(map(_shared, sheet.next)),
    )


def breaches_of(submitter: Submitter) -> Submitter:
    """Whose it is, with no more of the report than which clauses are breached, and how often."""
    breached = {
        intern(name): RuleSeen(
            intern(rule.rule),
            "",
            tuple((intern(clause), intern(told)) for clause, told in rule.clauses),
            tuple(_BREACH for one in rule.findings if one.counts == "fail"),
        )
        for name, rule in submitter.rules.items()
        if rule.state == "fail"
    }
    packs = tuple((intern(i), intern(v), intern(s)) for i, v, s in submitter.packs)
    return replace(submitter, rules=breached, wanted=(), not_judged={}, packs=packs)


def _bare(line: Line) -> Line:
    return replace(line, rules=())


def _shared(one: Next) -> Next:
    return replace(one, what=intern(one.what), path=intern(one.path), rules=_interned(one.rules))


def _interned(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(intern, words))
