"""Places of a report read back from JSON, as marks for programs and in words for letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.model.values import Location, Passage

#: What is said of a place, in the order of the schema.
_PLACE: Final = ("file", "line", "column", "end_line", "end_column", "cell", "paragraph", "excerpt")


def tree_of(place: Location | None) -> dict[str, Any] | None:
    """A location as a report's JSON has it, without what is rare where there is none."""
    if place is None:
        return None
    names = (*_PLACE, "sheet") if place.sheet else _PLACE
    told = {name: getattr(place, name) for name in names}
    passage = {name: value for name, value in place.passage._asdict().items() if value}
    return {**told, "passage": passage} if passage else told


def location_of(tree: Mapping[str, Any]) -> Location:
    """A location as a report's JSON has it (``report.schema.json``)."""
    given = tree.get("passage") or {}
    return Location(
        str(tree.get("file") or ""),
        line=tree.get("line"),
        cell=tree.get("cell"),
        paragraph=tree.get("paragraph"),
        sheet=str(tree.get("sheet") or ""),
        passage=Passage(**{name: given[name] for name in Passage._fields if name in given}),
    )


def marked(tree: Mapping[str, Any] | None) -> str:
    """``plan.yaml:41``, ``表.xlsx!收费!B7``, ``方案.docx¶12`` or the file; "" without a place."""
    if not tree:
        return ""
    file = str(tree.get("file") or "")
    if tree.get("line") is not None:
        return f"{file}:{tree['line']}"
    if tree.get("cell"):
        return f"{file}!{tree['cell']}"
    return f"{file}¶{tree['paragraph']}" if tree.get("paragraph") is not None else file


def in_letter(tree: Mapping[str, Any] | None) -> str:
    """As `marked`, of a document in words: ``方案.docx第2页“三、服务时间”下第2段（全文第11段）``.

    Letters are Chinese whatever the language of the report.
    """
    if not tree or tree.get("paragraph") is None:
        return marked(tree)
    return f"{tree['file']}{passage_in_letter(location_of(tree).passage, tree['paragraph'])}"


def passage_in_letter(passage: Passage, paragraph: int) -> str:
    """Where a paragraph stands, in a letter's words."""
    if not any(passage):
        return f"第{paragraph}段"
    told = f"第{passage.page}页" if passage.page else ""
    told += f"“{passage.section}”下" if passage.section else ""
    if passage.row:
        told += f"表{passage.table}第{passage.row}行第{passage.column}列"
    elif passage.nth:
        told += f"第{passage.nth}段"
    return f"{told}（全文第{paragraph}段）"


def unread_apart(
    unread: Sequence[str], prose: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files that were not read, and what was not read in those of prose (``file：what``)."""
    inside = tuple(f"{name}：" for name in prose)
    told = tuple(one for one in unread if inside and one.startswith(inside))
    return tuple(one for one in unread if one not in told), told


__all__ = ["in_letter", "location_of", "marked", "passage_in_letter", "tree_of", "unread_apart"]
