"""One file per input format: bytes to a tree of text, and where in the file each value stands.

Leaves are text only and are typed later by their field: ``Plain`` for what is written without
quotes (a plain YAML scalar, a JSON number or literal, a CSV cell), ``str`` for quoted text,
``None`` for the null forms. Lines and columns count characters from 1; ends are exclusive.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.readers.files import read as read
    from kehou.readers.files import read_path as read_path
    from kehou.readers.source import DEFAULT as DEFAULT
    from kehou.readers.source import Document as Document
    from kehou.readers.source import Limits as Limits
    from kehou.readers.source import Plain as Plain
    from kehou.readers.source import Problem as Problem
    from kehou.readers.source import ReadError as ReadError
    from kehou.readers.source import Source as Source
    from kehou.readers.source import Span as Span
    from kehou.readers.source import escape as escape
    from kehou.readers.source import segments as segments
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "DEFAULT": "source",
            "Document": "source",
            "Limits": "source",
            "Plain": "source",
            "Problem": "source",
            "ReadError": "source",
            "Source": "source",
            "Span": "source",
            "escape": "source",
            "read": "files",
            "read_path": "files",
            "segments": "source",
        },
    )
