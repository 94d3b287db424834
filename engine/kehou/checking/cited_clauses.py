"""The clauses that a rule's result cites: those that speak to the kind of subject at hand."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.checking.declared_values import values_at
from kehou.model.report import CitedClause
from kehou.packs import Pack
from kehou.submission import Submission


def cited(
    names: Sequence[str], pack: Pack, submission: Submission, language: str
) -> tuple[CitedClause, ...]:
    """The clauses of a rule, without those addressed to a stratum that this submission is not of.

    Who is addressed is told from the stratum's own words (``x-subject``). Where the submission does
    not say of which it is, or none would be left, all are cited.
    """
    mine = [name for name in names if not _is_for_others(pack.clauses[name].addressee, submission)]
    told = pack.told_in(language).clauses
    return tuple(CitedClause(c, told[c].citation, told[c].quote) for c in mine or names)


def _is_for_others(addressee: str, submission: Submission) -> bool:
    """Whether an addressee is one value of a stratum, and the submission is of others."""
    schema = submission.schema
    for path in schema.declared.whose.strata.values():
        field = schema.field(path)
        if field is None or not addressee:
            continue
        meant = (field.item or field).spellings.get(addressee)
        own = values_at(submission.tree, path)
        if meant is not None and own and str(meant) not in own:
            return True
    return False


__all__ = ["cited"]
