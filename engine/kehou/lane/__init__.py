"""Many submissions, quickly: a pack compiled to one function over typed records.

Takes a pack, a stage and a date; then the bytes of submissions, one after another. Gives what the
direct engine gives. What is odd goes through the reader and is counted (docs/architecture.md §9).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.lane.fused import names_in as names_in
    from kehou.lane.lane import Judged as Judged
    from kehou.lane.lane import Lane as Lane
    from kehou.lane.lane import compile_lane as compile_lane
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Judged": "lane",
            "Lane": "lane",
            "compile_lane": "lane",
            "names_in": "fused",
        },
    )
