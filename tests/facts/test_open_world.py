"""What nobody has read of a text is neither absent nor what a default stands for."""

from __future__ import annotations

from typing import Any

from kehou import packs
from kehou.facts import FactBase
from kehou.model.values import Open, Unknown

PACK = packs.load("bayannur-2021")
CHECK = {"check.stage": "approval", "check.date": "2021-09-01"}
TREE: dict[str, Any] = {
    "plan": {"sessions": [{"kind": "after_school", "level": "primary", "end": 18 * 60}]},
    "fee_exemptions": [{"category": "orphan", "treatment": "exempted"}],
}
OPEN = ("/plan/sessions", "/fee_exemptions")


def base(read_from_text: bool) -> FactBase:
    """The facts of the tree as a form states it, or as read from a text."""
    parameters = PACK.in_force("2021-09-01")
    return FactBase(
        PACK, TREE, parameters, CHECK, (), OPEN if read_from_text else (), read_from_text
    )


def test_a_list_that_was_read_has_one_row_more_that_nobody_knows() -> None:
    assert [row.phantom for row in base(False).rows("session")] == [None]
    known, unknown = base(True).rows("session")
    assert known.phantom is None and base(True).read(known, "end") == 18 * 60
    assert unknown.phantom == Unknown(("/plan/sessions",))


def test_what_is_gathered_over_such_a_list_stays_open() -> None:
    form, text = base(False), base(True)
    assert form.read(form.root, "submission.exempt_listed") == ("orphan",)
    assert isinstance(text.read(text.root, "submission.exempt_listed"), Open)


def test_a_default_does_not_stand_for_what_nobody_has_read() -> None:
    form, text = base(False), base(True)
    assert not isinstance(form.read(form.rows("session")[0], "subject_stated"), Unknown)
    assert isinstance(text.read(text.rows("session")[0], "subject_stated"), Unknown)
