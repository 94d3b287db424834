"""Tables that people keep: from a grid of cells to records by the names of columns.

Takes a grid; gives rows of fields with places, notes on what was read otherwise, and totals.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.tables.declared_columns import column_faults as column_faults
    from kehou.tables.read import open_book as open_book
    from kehou.tables.read import read_book as read_book
    from kehou.tables.read import read_table as read_table
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "column_faults": "declared_columns",
            "open_book": "read",
            "read_book": "read",
            "read_table": "read",
        },
    )
