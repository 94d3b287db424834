"""From a path to a report: both engines agree, findings, waivers, attestations, the decision.

Takes a path and CheckOptions; gives a Report.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.checking.comparison import Past as Past
    from kehou.checking.dates import check_values as check_values
    from kehou.checking.dates import date_of as date_of
    from kehou.checking.explanation import ExplainedStep as ExplainedStep
    from kehou.checking.explanation import ExplainedSubject as ExplainedSubject
    from kehou.checking.explanation import explain as explain
    from kehou.checking.findings import Writer as Writer
    from kehou.checking.options import CheckOptions as CheckOptions
    from kehou.checking.options import recorded as recorded
    from kehou.checking.subject_names import subject_name as subject_name
    from kehou.checking.submission_check import check as check
    from kehou.checking.waivers import Waiver as Waiver
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "CheckOptions": "options",
            "ExplainedStep": "explanation",
            "ExplainedSubject": "explanation",
            "Past": "comparison",
            "Waiver": "waivers",
            "Writer": "findings",
            "check": "submission_check",
            "check_values": "dates",
            "date_of": "dates",
            "explain": "explanation",
            "recorded": "options",
            "subject_name": "subject_names",
        },
    )
