"""A Word document (.docx) as blocks in reading order: its XML walked, nothing of it carried out.

Takes bytes; gives `kehou.readers.blocks.Blocks`. Source: ECMA-376, Part 1, §17.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.readers.docx.body import read_docx as read_docx
    from kehou.readers.docx.old_document import as_docx as as_docx
else:
    from kehou.faces import face

    __getattr__ = face(__name__, {"as_docx": "old_document", "read_docx": "body"})
