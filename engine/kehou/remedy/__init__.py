"""What to hand in and what to change: missing evidence as a letter, and the fewest edits.

Takes a submission and how to check it; gives letters, stubs and proposals. Nothing is changed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.remedy.missing_evidence import Letter as Letter
    from kehou.remedy.suggestions import suggest as suggest
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Letter": "missing_evidence",
            "suggest": "suggestions",
        },
    )
