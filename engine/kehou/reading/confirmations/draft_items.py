"""The draft of a record: everything that was read, each with its words, to be decided on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kehou.fields import Schema
from kehou.model.places import passage_in_letter
from kehou.model.values import Passage
from kehou.readers import Document
from kehou.reading.confirmations import records as words
from kehou.reading.confirmations.read_items import APART_FROM, IS, WHOLE, Reading, readings
from kehou.reading.confirmations.records import DECISIONS, Record, counted

#: What a person is told above the draft, a line each.
GUIDE: Final = (
    "这是程序从“{file}”读出的内容。程序会读错，请对照原文逐项核对，在“决定”一栏写一个词：",
    "  对    读得对",
    "  改    说的是这件事，读得不对；在“改为”一栏写对的内容；",
    "        一项有几栏的，只写要改的栏，写栏名和内容，用分号隔开{example}",
    "  不是  原文说的不是这件事（如别的单位的、往年的、只是举例）",
    "没有核对的空着。只填“核对人”“日期”“决定”“改为”，其余不要改，“校验”是程序认原句用的。",
    "“{statements}”也可以填，供核查时参考；只有{authority}填的才改变结论。",
    "“核对人”写担任的工作或编号，如 办公室主任，不写姓名；“日期”写核对的日期，如 2021-09-08。",
    "填好后存成“{target}”，和“{file}”放在同一个文件夹，再检查“{file}”；",
    "{authority}自己的记录另放一处，检查时用 --confirmations 载入。",
    "以后“{file}”改了，没有改的句子仍按这里的决定；改了的句子要重新核对。",
)


@dataclass(frozen=True)
class Draft:
    """What a person fills in: lines of ``guide``, what is told of the document (``head``) and its
    readings (``items``), each by the keys of the file.

    People fill in the keys ``filled``; those of ``hidden`` are the program's; ``choices`` are what
    may be decided.
    """

    guide: tuple[str, ...]
    head: Mapping[str, str]
    items: tuple[Mapping[str, str], ...]
    filled: tuple[str, ...] = (words.BY, words.ON, words.DECISION, words.INSTEAD)
    hidden: tuple[str, ...] = (words.SAME, words.SEAL)
    choices: tuple[str, ...] = tuple(DECISIONS.values())
    decision: str = words.DECISION


def drafted(
    document: Document, schema: Schema, records: Sequence[Record] = (), target: str = ""
) -> Draft:
    """The draft for a document, with what was decided in ``records`` where that still holds.

    ``document`` is as it was read, before any record; ``target`` is what to call the file.
    """
    authority = schema.declared.nouns["zh"]["authority"]
    rows = [one.values for one in readings(document, schema) if one.kind == "row"]
    example = next((f"，如 {IS.join(row[-1])}" for row in rows if row[-1][0]), "")
    slots = {"example": example, "file": document.name, "target": target, "authority": authority}
    slots["statements"] = schema.statements.title if schema.statements else ""
    guide = (line.format_map(slots) for line in GUIDE)
    return Draft(
        tuple(guide),
        _head(document, schema, records),
        tuple(_items(document, schema, records)),
    )


def _head(document: Document, schema: Schema, records: Sequence[Record]) -> dict[str, str]:
    """What is told of the document, and who decided when."""
    whose = schema.declared.whose
    first = records[0] if records else None
    return {
        words.FILE: document.name,
        words.WHOSE: _text_at(document.tree, whose.name) or _text_at(document.tree, whose.id),
        words.BY: first.by if first else "",
        words.ON: first.on if first else "",
    }


def _items(
    document: Document, schema: Schema, records: Sequence[Record]
) -> Iterator[dict[str, str]]:
    said = {one.seal: one for one in records}
    for one in readings(document, schema):
        yield _item(one, said.get(one.seal), _where(one, document))


def _where(one: Reading, document: Document) -> str:
    """Where a person finds a reading: its page, its heading, its cell of a table."""
    if not one.paragraph:
        return WHOLE
    known = one.paragraph <= len(document.passages)
    passage = document.passages[one.paragraph - 1] if known else Passage()
    return passage_in_letter(passage, one.paragraph)


def _text_at(tree: object, path: str | None) -> str:
    for step in path.split(".") if path else ("",):
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return str(tree) if tree else ""


def _item(one: Reading, said: Record | None, where: str) -> dict[str, str]:
    return {
        words.TITLE: one.title,
        words.SHOWN: one.shown,
        words.SENTENCE: one.sentence,
        words.PLACE: where,
        words.SURE: one.sure,
        words.OTHERS: APART_FROM.join(one.others),
        words.DECISION: DECISIONS[said.decision] if said else "",
        words.INSTEAD: said.instead if said else "",
        words.WORDS: one.words,
        words.SAME: counted(one.number, one.total),
        words.SEAL: one.seal,
    }


__all__ = ["GUIDE", "Draft", "drafted"]
