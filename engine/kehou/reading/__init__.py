"""Prose: what a paper says of the topics of a library of patterns, planned or only mentioned.

Takes a paper and the patterns; gives statements with their words and places.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.reading.facts_read import facts_in as facts_in
    from kehou.reading.library import Library as Library
    from kehou.reading.library import Topic as Topic
    from kehou.reading.library import load_library as load_library
    from kehou.reading.lists_read import run_rows as run_rows
    from kehou.reading.mentions import Statement as Statement
    from kehou.reading.mentions import said_in as said_in
    from kehou.reading.mentions import statements as statements
    from kehou.reading.mentions import strongest as strongest
    from kehou.reading.prose_document import library_of as library_of
    from kehou.reading.prose_document import patterns_digest as patterns_digest
    from kehou.reading.prose_document import read_prose as read_prose
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Library": "library",
            "Statement": "mentions",
            "Topic": "library",
            "facts_in": "facts_read",
            "library_of": "prose_document",
            "load_library": "library",
            "patterns_digest": "prose_document",
            "read_prose": "prose_document",
            "run_rows": "lists_read",
            "said_in": "mentions",
            "statements": "mentions",
            "strongest": "mentions",
        },
    )
