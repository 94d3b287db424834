"""What a form says of each field's being filled in: 必填, 不填则不能判定, 选填."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kehou.fields import Field
from kehou.forms import layouts as forms
from kehou.render.form.needed_fields import Need
from kehou.render.words import catalogue

#: Rules that are named at most.
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One field's mark: its words, its look (``" due"``, ``" decides"`` or none), and why."""

    words: str
    look: str = ""
    why: str = ""

    @property
    def of_more(self) -> Mark:
        """The same of a further row, which there need not be."""
        return Mark(f"有下一项的{self.words}" if self.look else self.words, "", self.why)

    @property
    def plain(self) -> Mark:
        """The same where nothing need be filled in: without words."""
        return self if self.look else Mark("")


@dataclass(frozen=True, slots=True)
class Due:
    """How many fields of a sheet have each mark; ``table`` where the rows may be none."""

    required: int = 0
    decides: int = 0
    table: bool = False

    def __add__(self, one: Mark) -> Due:
        required, decides = one.look == " due", one.look == " decides"
        return Due(self.required + required, self.decides + decides, self.table)

    @property
    def words(self) -> str:
        """The counts, as the list of sheets tells them."""
        told = [f"{self.required} 项{forms.REQUIRED}"] if self.required else []
        told += [f"{self.decides} 项{forms.DECIDES}"] if self.decides else []
        return "，".join(told) or forms.OPTIONAL

    @property
    def colour(self) -> str:
        """The colour of the sheet's tab."""
        return "F4B183" if self.required else "FFD966" if self.decides else "BFBFBF"


def mark(field: Field, required: bool, need: Need | None) -> Mark:
    """The mark of a field that a stage requires or its rules need."""
    why = ""
    if need is not None:
        told = "；".join(need.titles[:_MOST]) + ("等" if len(need.titles) > _MOST else "")
        why = f"{forms.DECIDES if need.always else forms.MAY_DECIDE}：{told}"
    if required:
        return Mark(forms.REQUIRED, " due", why)
    if need is None:
        return Mark(forms.OPTIONAL)
    grave = catalogue.load("zh")[f"severity.{need.severity}"]
    words = forms.DECIDES if need.always else forms.MAY_DECIDE
    return Mark(f"{words}（{grave}）", " decides", why)


__all__ = ["Due", "Mark", "mark"]
