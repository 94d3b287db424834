"""What a submission can hold: its fields as the submission's JSON Schema declares them.

Takes a JSON Schema and written scalars; gives typed fields, values, dates and what is allowed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.fields.allowed_values import AS_WRITTEN as AS_WRITTEN
    from kehou.fields.allowed_values import BadScalar as BadScalar
    from kehou.fields.allowed_values import allowed as allowed
    from kehou.fields.display import MASK as MASK
    from kehou.fields.display import show as show
    from kehou.fields.fields import Field as Field
    from kehou.fields.fields import Schema as Schema
    from kehou.fields.fields import fold as fold
    from kehou.fields.fields import load_schema as load_schema
    from kehou.fields.scalars import ABSENT_WORDS as ABSENT_WORDS
    from kehou.fields.scalars import write as write
    from kehou.fields.scalars import yuan as yuan
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "ABSENT_WORDS": "scalars",
            "AS_WRITTEN": "allowed_values",
            "BadScalar": "allowed_values",
            "Field": "fields",
            "MASK": "display",
            "Schema": "fields",
            "allowed": "allowed_values",
            "fold": "fields",
            "load_schema": "fields",
            "show": "display",
            "write": "scalars",
            "yuan": "scalars",
        },
    )
