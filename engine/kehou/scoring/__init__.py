"""The year's scores by a bureau's scheme, and the ranking of submitters.

Takes a scheme, reports and scores given by people; gives score sheets and rankings.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.scoring.reports_in import Submitter as Submitter
    from kehou.scoring.scheme import Scheme as Scheme
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Scheme": "scheme",
            "Submitter": "reports_in",
        },
    )
