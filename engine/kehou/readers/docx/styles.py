"""What a paragraph's style says of its outline level and its list, through what it is based on.

Source: ECMA-376, Part 1, §17.7 (styles).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kehou.readers.ooxml import Package, Reading, local

#: Styles based on styles; more is a circle.
_MOST_BASES: Final = 20


@dataclass(slots=True)
class Style:
    """One paragraph style: ``outline`` from 1, 0 unknown; the number id and level of its list."""

    base: str = ""
    outline: int = 0
    number: str = ""
    level: int = 0


class Styles(dict[str, Style]):
    """Paragraph styles by their id."""

    def outline(self, style: str) -> int:
        """The outline level of a style, 0 where neither it nor what it is based on has one."""
        return next((one.outline for one in self._chain(style) if one.outline), 0)

    def numbering(self, style: str) -> tuple[str, int] | None:
        """The number id and the level that a style gives to its paragraphs."""
        number = level = None
        for one in self._chain(style):
            number = number or one.number or None
            level = level if level is not None else (one.level if one.number else None)
        return (number, level or 0) if number and number != "0" else None

    def _chain(self, style: str) -> list[Style]:
        found: list[Style] = []
        while style in self and len(found) < _MOST_BASES:
            found.append(self[style])
            style = self[style].base
        return found


def styles(package: Package, part: str) -> Styles:
    """The paragraph styles of a document; raises ``ReadError`` where the part is damaged."""
    found = Styles()
    now: list[Style] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        get = {local(key): value for key, value in attributes.items()}
        if name == "style":
            now[:] = [Style()]
            found[get.get("styleId", "")] = now[0]
        elif not now:
            return
        elif name == "basedOn":
            now[0].base = get.get("val", "")
        elif name == "outlineLvl":
            now[0].outline = outline(get.get("val", ""))
        elif name == "numId":
            now[0].number = get.get("val", "")
        elif name == "ilvl" and get.get("val", "").isdecimal():
            now[0].level = int(get["val"][:3])

    Reading(package, part).run(start)
    return found


def outline(value: str) -> int:
    """Word's outline level 0–8 as 1–9; 9 (body text) and what is none of them as 0."""
    return int(value) + 1 if value in set("012345678") and len(value) == 1 else 0
