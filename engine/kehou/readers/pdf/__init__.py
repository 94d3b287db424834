"""A PDF with a text layer as blocks: PDFium's characters put together again to paragraphs.

Takes bytes; gives `kehou.readers.blocks.Blocks`. The libraries run in a process of their own,
whatever the file does to them. Source of the format: ISO 32000-1.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.readers.pdf.document import read_pdf as read_pdf
else:
    from kehou.faces import face

    __getattr__ = face(__name__, {"read_pdf": "document"})
