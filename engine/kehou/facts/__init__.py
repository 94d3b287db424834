"""Facts: the flat typed records that rules talk about, drawn from a submission.

Takes a Pack and a Submission; gives the subjects of each entity with their own and derived fields.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.facts.aggregates import member_rows as member_rows
    from kehou.facts.facts import FactBase as FactBase
    from kehou.facts.facts import readings_of as readings_of
    from kehou.facts.subjects import Fact as Fact
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Fact": "subjects",
            "FactBase": "facts",
            "member_rows": "aggregates",
            "readings_of": "facts",
        },
    )
