"""Grids: a CSV file or a sheet as rows of cells, alike whatever file they came from.

Takes a Source or a Sheet; gives a Grid of cells with their places, notes and faults.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.readers.grids.asides import Asides as Asides
    from kehou.readers.grids.csv_grid import CsvGrid as CsvGrid
    from kehou.readers.grids.grid import Content as Content
    from kehou.readers.grids.grid import Grid as Grid
    from kehou.readers.grids.sheet_grid import Filled as Filled
    from kehou.readers.grids.sheet_grid import Hidden as Hidden
    from kehou.readers.grids.sheet_grid import SheetGrid as SheetGrid
    from kehou.readers.grids.sheet_grid import plain_text as plain_text
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Asides": "asides",
            "Content": "grid",
            "CsvGrid": "csv_grid",
            "Filled": "sheet_grid",
            "Grid": "grid",
            "Hidden": "sheet_grid",
            "SheetGrid": "sheet_grid",
            "plain_text": "sheet_grid",
        },
    )
