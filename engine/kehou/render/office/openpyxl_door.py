"""The only importer of openpyxl: what the makers of workbooks need of it, by its own names."""

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

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
    "get_column_letter",
    "load_workbook",
]
