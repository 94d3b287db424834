"""The form that schools fill in: its layout from the schema, and the filled form read back.

Takes a schema, or the sheets of a workbook; gives a layout, or a tree with places.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.forms.layouts import PARENT as PARENT
    from kehou.forms.layouts import ROW as ROW
    from kehou.forms.layouts import FormSheet as FormSheet
    from kehou.forms.layouts import Item as Item
    from kehou.forms.layouts import Path as Path
    from kehou.forms.layouts import layout as layout
    from kehou.forms.reader import is_form as is_form
    from kehou.forms.reader import open_form as open_form
    from kehou.forms.reader import read_form as read_form
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "FormSheet": "layouts",
            "Item": "layouts",
            "PARENT": "layouts",
            "Path": "layouts",
            "ROW": "layouts",
            "is_form": "reader",
            "layout": "layouts",
            "open_form": "reader",
            "read_form": "reader",
        },
    )
