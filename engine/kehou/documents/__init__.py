"""A document of prose as a reader sees it: paragraphs under headings, with lead-ins and places.

Takes the blocks that a reader gave; gives a Paper: normalised paragraphs that keep a map to the
exact characters of the file.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.documents.files import open_paper as open_paper
    from kehou.documents.layout import Paper as Paper
    from kehou.documents.layout import Paragraph as Paragraph
    from kehou.documents.layout import paper as paper
    from kehou.documents.normalised import normal as normal
    from kehou.documents.sentence_ends import Sentence as Sentence
    from kehou.documents.sentence_ends import sentences as sentences
    from kehou.documents.whereabouts import passages as passages
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Paper": "layout",
            "Paragraph": "layout",
            "Sentence": "sentence_ends",
            "normal": "normalised",
            "open_paper": "files",
            "paper": "layout",
            "passages": "whereabouts",
            "sentences": "sentence_ends",
        },
    )
