"""The draft of a record of confirmation as a workbook: who decides when, then every reading."""

from __future__ import annotations

from typing import Final

from kehou.reading.confirmations import Draft
from kehou.render.office.blank_table import Column, Sheet, render_sheets

_FIRST, _SECOND = "先看这里", "逐项核对"
_KEY, _VALUE = "要填的", "内容"
#: Widths in characters, in the order of the keys; further ones have the last.
_WIDTHS: Final = (14, 34, 40, 8, 10, 16, 8, 26, 18)


def render(draft: Draft) -> bytes:
    """The workbook, which is read back as the YAML file is."""
    about = [{_KEY: key, _VALUE: value} for key, value in draft.head.items()]
    first = Sheet(
        _FIRST, draft.guide, (Column(_KEY, _KEY, 14), Column(_VALUE, _VALUE, 40, True)), about
    )
    keys = list(draft.items[0]) if draft.items else []
    columns = [
        Column(
            key,
            key,
            _WIDTHS[min(number, len(_WIDTHS) - 1)],
            key in draft.filled,
            draft.choices if key == draft.decision else (),
            key in draft.hidden,
        )
        for number, key in enumerate(keys)
    ]
    return render_sheets(_FIRST, [first, Sheet(_SECOND, (), columns, draft.items)])


__all__ = ["render"]
