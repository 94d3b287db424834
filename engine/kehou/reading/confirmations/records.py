"""The record of what a person said of one reading, and the words that it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kehou.reading.confirmations.read_items import seal

#: What may be said of a reading.
CONFIRM, CORRECT, REJECT = "confirm", "correct", "reject"
#: How a draft says it, and what people write for it.
DECISIONS: Final = {CONFIRM: "对", CORRECT: "改", REJECT: "不是"}
SPELLINGS: Final = {
    **dict.fromkeys(("对", "正确", "属实", "√", "✓", "✔"), CONFIRM),
    **dict.fromkeys(("改", "改正", "更正"), CORRECT),
    **dict.fromkeys(("不是", "不算", "误读"), REJECT),
}
#: The keys of a file of records: of a document, and of each of its readings.
FILES: Final = "确认"
FILE, WHOSE, BY, ON, ITEMS = "文件", "名称", "核对人", "日期", "各项"
TITLE, SHOWN, SENTENCE, PLACE = "栏目", "读出", "原句", "位置"
SURE, OTHERS, WORDS, SAME = "把握", "也可能", "原词", "第几处"
DECISION, INSTEAD, SEAL = "决定", "改为", "校验"
HEAD: Final = (FILE, WHOSE, BY, ON)
ITEM: Final = (
    *(TITLE, SHOWN, SENTENCE, PLACE, SURE, OTHERS),
    *(DECISION, INSTEAD, WORDS, SAME, SEAL),
)


@dataclass(frozen=True, slots=True)
class Record:
    """What one item says: ``decision`` is confirm, correct or reject, ``instead`` the correction.

    ``file`` and ``whose`` are the document's, ``by`` is a role or an id, ``on`` an ISO date,
    ``where`` the place as the draft told it; ``place`` is file:line or file!cell of the item,
    ``authority`` whether it is the authority's, ``same`` which of several alike is meant (1/2).
    """

    file: str
    whose: str
    by: str
    on: str
    title: str
    shown: str
    sentence: str
    where: str
    decision: str
    instead: str
    seal: str
    place: str = ""
    authority: bool = False
    same: str = ""


def counted(number: int, total: int) -> str:
    """Which of several readings alike is meant; "" of one alone."""
    return f"{number}/{total}" if total > 1 else ""


def fits(item: Mapping[str, str]) -> bool:
    """Whether the seal of an item is that of what stands in it, so far as the item tells it.

    That a list is complete also rests on the whole text, which only the document has.
    """
    same = item[SAME]
    number, _, total = same.partition("/")
    if same and not (number.isdecimal() and total.isdecimal()):
        return False
    numbers = (int(number), int(total)) if same else (1, 1)
    read = (item[TITLE], item[SHOWN], item[WORDS], item[SENTENCE])
    return item[SEAL] == seal(*read, *numbers, item[OTHERS])


__all__ = ["CONFIRM", "CORRECT", "DECISIONS", "REJECT", "SPELLINGS", "Record", "counted", "fits"]
