"""What references and agreements mean, read naively off the rows (docs/language.md §2.22, §2.25).

It knows the entries of a pack of loans and nothing of the rules that the engine makes of them. It
says nothing (None) where a value could not be read, or where the text leaves the outcome to the
general rules on what is partly known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.lending_pack import PACK

from kehou.facts import Fact, FactBase
from kehou.model.outcomes import Outcome
from kehou.model.values import ABSENT, Unknown

#: The lending pack with every form of an entry: several values, at most, optional, a condition.
EVERY_ENTRY = PACK.replace(
    "data:\n",
    """\
  pages-most:
    each: loan
    values: [pages, pages_counted]
    at_most: true
    when: {field: bought_at, exists: true}
    optional: [bought_at]
  three-names: {each: loan, values: [code, bought_at, handled_by]}
  holder-of-grade: {each: card, by: [code, grade], one: holder}
data:
""",
)
#: The entries that this reading knows.
READ = (
    "ref-loans-card",
    "ref-loans-bought-at",
    "ref-loans-handled-by",
    "conflict-pages",
    "conflict-pages-most",
    "conflict-three-names",
    "conflict-card-grade",
)


def stated(fact: Fact, name: str) -> Any:
    """A field's value; ABSENT, or None where nothing was supplied.

    Raises LookupError where something was and could not be read.
    """
    value = fact.values.get(name)
    if isinstance(value, Unknown):
        if not value.closable:
            raise LookupError(name)
        return None
    return value


def outcome(rule: str, base: FactBase, fact: Fact) -> Outcome | None:
    """The outcome of one entry on one row; None where this reading says nothing."""
    if fact.phantom is not None:
        return None
    try:
        if rule.startswith("ref-"):
            return _reference(rule, base, fact)
        return _agreement(rule, base, fact)
    except LookupError:
        return None


def _reference(rule: str, base: FactBase, fact: Fact) -> Outcome | None:
    field, tables, needed, missing = {
        "ref-loans-card": ("card", [("card", "code")], False, Outcome.FAIL),
        "ref-loans-bought-at": ("bought_at", [("row_shops", "name")], False, Outcome.REVIEW),
        "ref-loans-handled-by": (
            "handled_by",
            [("row_staff", "id"), ("card", "code")],
            True,
            Outcome.REVIEW,
        ),
    }[rule]
    value = stated(fact, field)
    if value is ABSENT:
        return Outcome.NOT_APPLICABLE
    if value is None:
        return Outcome.INSUFFICIENT if needed else Outcome.NOT_APPLICABLE
    rows = [row for entity, _ in tables for row in base.rows(entity)]
    names = dict(tables)
    maybe = [r for r in rows if r.phantom is not None or stated(r, names[r.entity]) is None]
    found = [row for row in rows if row.values.get(names[row.entity]) == value]
    if not found and maybe:
        return None if rule == "ref-loans-bought-at" else Outcome.INSUFFICIENT
    if not found:
        return missing
    if rule != "ref-loans-card":
        return Outcome.PASS
    told = _in_force(fact, found)
    return None if maybe and told is Outcome.REVIEW else told


def _in_force(fact: Fact, found: Sequence[Fact]) -> Outcome | None:
    day = stated(fact, "date")
    if day is None:
        return Outcome.INSUFFICIENT
    if day is ABSENT or len(found) > 1:
        return None
    ends = stated(found[0], "valid_from"), stated(found[0], "valid_to")
    first, last = (None if end is ABSENT else end for end in ends)
    inside = (first is None or first <= day) and (last is None or day <= last)
    return Outcome.PASS if inside else Outcome.REVIEW


def _agreement(rule: str, base: FactBase, fact: Fact) -> Outcome | None:
    if rule == "conflict-card-grade":
        return _one_grade(base, fact)
    names = ["code", "bought_at", "handled_by"]
    if rule != "conflict-three-names":
        names = ["pages", "pages_counted"]
    if rule == "conflict-pages-most" and stated(fact, "bought_at") is None:
        return Outcome.NOT_APPLICABLE
    values = [v for name in names if (v := stated(fact, name)) is not None and v is not ABSENT]
    if len(values) < 2:
        return Outcome.NOT_APPLICABLE
    if rule == "conflict-pages":
        unlike = abs(values[0] - values[1]) > 1
    elif rule == "conflict-pages-most":
        unlike = values[0] > values[1]
    else:
        unlike = len(set(values)) > 1
    return Outcome.REVIEW if unlike else Outcome.PASS


def _one_grade(base: FactBase, fact: Fact) -> Outcome | None:
    code, grade = stated(fact, "code"), stated(fact, "grade")
    if code is None or grade is None or code is ABSENT or grade is ABSENT:
        return Outcome.NOT_APPLICABLE
    grades = set()
    for row in base.rows("card"):
        if row.phantom is not None or stated(row, "code") is None:
            return None
        if row.values.get("code") == code:
            if stated(row, "grade") is None:
                return None
            grades.add(row.values["grade"])
    return Outcome.REVIEW if len(grades) > 1 else Outcome.PASS
