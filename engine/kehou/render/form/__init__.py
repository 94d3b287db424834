"""The form as a workbook."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.form.clauses import quotes as quotes
    from kehou.render.form.clauses import wanted as wanted
    from kehou.render.form.needed_fields import needs as needs
    from kehou.render.form.renewal import period_of as period_of
    from kehou.render.form.renewal import renewed as renewed
    from kehou.render.form.shaping import shaped as shaped
    from kehou.render.form.shaping import stated as stated
    from kehou.render.form.values import CannotHold as CannotHold
    from kehou.render.form.workbook import Form as Form
    from kehou.render.form.workbook import render as render
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "CannotHold": "values",
            "Form": "workbook",
            "needs": "needed_fields",
            "quotes": "clauses",
            "period_of": "renewal",
            "render": "workbook",
            "renewed": "renewal",
            "shaped": "shaping",
            "stated": "shaping",
            "wanted": "clauses",
        },
    )
