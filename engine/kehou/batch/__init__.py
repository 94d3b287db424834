"""Many submissions in one run: found, judged in worker processes, kept, summed up.

Takes paths and what a check is asked for; gives the files that were asked for, a summary of the
round, and the gravest exit code. One runner for whatever is done with many submissions.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.batch.changed_files import submissions_of as submissions_of
    from kehou.batch.file_names import has_slots as has_slots
    from kehou.batch.inputs import find as find
    from kehou.batch.inputs import is_one as is_one
    from kehou.batch.register import read_register as read_register
    from kehou.batch.round_file import round_or_reports as round_or_reports
    from kehou.batch.runner import Asked as Asked
    from kehou.batch.runner import Done as Done
    from kehou.batch.runner import run as run
    from kehou.batch.summary_formats import SUMMARIES as SUMMARIES
    from kehou.batch.summary_formats import render_summary as render_summary
    from kehou.batch.survey import is_stray as is_stray
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Asked": "runner",
            "Done": "runner",
            "SUMMARIES": "summary_formats",
            "find": "inputs",
            "has_slots": "file_names",
            "is_one": "inputs",
            "is_stray": "survey",
            "read_register": "register",
            "render_summary": "summary_formats",
            "round_or_reports": "round_file",
            "run": "runner",
            "submissions_of": "changed_files",
        },
    )
