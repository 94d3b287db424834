"""One file per output format, all from one Report; ``FORMATS`` has a row for each."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.documents import Document as Document
    from kehou.render.formats import FORMATS as FORMATS
    from kehou.render.formats import BinaryFormat as BinaryFormat
    from kehou.render.formats import Format as Format
    from kehou.render.formats import TextFormat as TextFormat
    from kehou.render.whole_file import write_whole as write_whole
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "BinaryFormat": "formats",
            "Document": "documents",
            "FORMATS": "formats",
            "Format": "formats",
            "TextFormat": "formats",
            "write_whole": "whole_file",
        },
    )
