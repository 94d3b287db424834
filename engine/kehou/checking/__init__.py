"""From a path to a report: both engines agree, findings, waivers, attestations, the decision.

Takes a path and CheckOptions; gives a Report.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.checking.comparison import Past as Past
    from kehou.checking.explain import ExplainedStep as ExplainedStep
    from kehou.checking.explain import ExplainedSubject as ExplainedSubject
    from kehou.checking.findings import Writer as Writer
    from kehou.checking.findings import subject_name as subject_name
    from kehou.checking.options import CheckOptions as CheckOptions
    from kehou.checking.options import recorded as recorded
    from kehou.checking.pack_run import check_values as check_values
    from kehou.checking.pack_run import date_of as date_of
    from kehou.checking.waivers import Waiver as Waiver
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "CheckOptions": "options",
            "ExplainedStep": "explain",
            "ExplainedSubject": "explain",
            "Past": "comparison",
            "Waiver": "waivers",
            "Writer": "findings",
            "check_values": "pack_run",
            "date_of": "pack_run",
            "recorded": "options",
            "subject_name": "findings",
        },
    )
