"""The only importer of openpyxl: what the makers of workbooks need of it, by its own names."""

import io
import zipfile
from copy import copy
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

__all__ = [
    "Alignment",
    "Border",
    "Cell",
    "Comment",
    "DataValidation",
    "DefinedName",
    "DocumentProperties",
    "Font",
    "HeaderFooterItem",
    "Hyperlink",
    "MergedCell",
    "NamedStyle",
    "PageSetupProperties",
    "PatternFill",
    "Protection",
    "Side",
    "Workbook",
    "Worksheet",
    "_HeaderFooterPart",
    "alike",
    "get_column_letter",
    "load_workbook",
    "saved",
]


def alike(cell: Any, other: Any) -> None:
    """Give a cell the looks of another of the same workbook.

    Setting them one by one costs more than all else of a long sheet.
    """
    cell._style = copy(other._style)


class _InMemory(ExcelWriter):
    """Puts sheets together in memory.

    openpyxl's own goes by files of its own, which stay behind where a call is ended and which a
    full disk makes fail in ways of their own; what is in them is what schools handed in.
    """

    def write_worksheet(self: Any, ws: Any) -> None:
        """As openpyxl does, but for where the sheet's text is kept meanwhile."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def saved(book: Workbook) -> bytes:
    """A workbook as a file; nothing is written to the disk."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).write_data()
    return out.getvalue()
