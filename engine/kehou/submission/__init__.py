"""What a school hands in, as one typed tree with places.

Takes a path; gives a Submission: values, faults, notes on what was read otherwise, places.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.submission.completeness import missing as missing
    from kehou.submission.files import collect as collect
    from kehou.submission.files import refuse_unnamed as refuse_unnamed
    from kehou.submission.source_map import Mount as Mount
    from kehou.submission.source_map import Places as Places
    from kehou.submission.submission import Submission as Submission
    from kehou.submission.submission import from_tree as from_tree
    from kehou.submission.submission import load as load
    from kehou.submission.submission import load_document as load_document
    from kehou.submission.text_tree import Carried as Carried
    from kehou.submission.text_tree import carry as carry
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Carried": "text_tree",
            "Mount": "source_map",
            "Places": "source_map",
            "Submission": "submission",
            "carry": "text_tree",
            "collect": "files",
            "from_tree": "submission",
            "load": "submission",
            "load_document": "submission",
            "missing": "completeness",
            "refuse_unnamed": "files",
        },
    )
