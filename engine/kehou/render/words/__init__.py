"""Words and numbers as they are printed: catalogues, wording, tables of text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.words.numerals import NUMERALS as NUMERALS
    from kehou.render.words.statement import safe as safe
    from kehou.render.words.summary import exit_code as exit_code
    from kehou.render.words.summary import summarise as summarise
    from kehou.render.words.visible_text import pad as pad
    from kehou.render.words.visible_text import shortened as shortened
    from kehou.render.words.visible_text import visible as visible
    from kehou.render.words.visible_text import width as width
    from kehou.render.words.wording import Words as Words
    from kehou.render.words.wording import compact as compact
    from kehou.render.words.wording import fault_told as fault_told
    from kehou.render.words.wording import located as located
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "NUMERALS": "numerals",
            "Words": "wording",
            "compact": "wording",
            "exit_code": "summary",
            "fault_told": "wording",
            "located": "wording",
            "pad": "visible_text",
            "safe": "statement",
            "shortened": "visible_text",
            "summarise": "summary",
            "visible": "visible_text",
            "width": "visible_text",
        },
    )
