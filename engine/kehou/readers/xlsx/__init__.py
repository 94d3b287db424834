"""Workbooks: an ``.xlsx`` (or an old ``.xls`` through LibreOffice) to sheets of cells with places.

Takes bytes; gives sheets. Nothing in a workbook is run, and its size is limited.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.readers.xlsx.cells import Cell as Cell
    from kehou.readers.xlsx.cells import day_of as day_of
    from kehou.readers.xlsx.cells import minute_of as minute_of
    from kehou.readers.xlsx.old_workbook import converted as converted
    from kehou.readers.xlsx.sheet_values import letters as letters
    from kehou.readers.xlsx.workbook import Sheet as Sheet
    from kehou.readers.xlsx.workbook import Workbook as Workbook
    from kehou.readers.xlsx.workbook import open_workbook as open_workbook
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Cell": "cells",
            "Sheet": "workbook",
            "Workbook": "workbook",
            "converted": "old_workbook",
            "day_of": "cells",
            "letters": "sheet_values",
            "minute_of": "cells",
            "open_workbook": "workbook",
        },
    )
