"""Rows between and below the records of a table that are none: remarks, signatures, page numbers.

What a row is called by is declared (``remarks`` of ``<schema>.columns.json``); that a remark ends
with a colon, or is a sentence alone in its row, holds for any table. No row with an amount is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kehou.readers.copied_text import as_meant

_OPENING: Final = r"[（(【\[]?\s*附?(?:"
#: After a word and a number: a colon, with or without a remark in brackets before it.
_CLOSING: Final = (
    r")\s*[0-9０-９一二三四五六七八九十]{0,2}\s*(?:[（(][^（()）]{0,12}[）)])?\s*[:：]"
)
#: A word and what it introduces without a colon: ``注1、…``, ``制表人 甲``.
_LOOSE: Final = r")\s*(?:[0-9０-９]{1,2}\s*[、.．)）]|[0-9０-９]{0,2}[)）】\]]|\s)\s*\S"
_NEVER: Final = re.compile(r"(?!)")
#: Page numbers, ends of tables and remarks with a sign, in a row of their own.
_ALONE = re.compile(
    r"[※*＊★▲]\s*\S|[（(]?\s*以下(?:空白|无正文|无内容)|[-—–]\s*\d{1,4}\s*[-—–]$"
    r"|第\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|Page\s+\d{1,4}\b",
    re.IGNORECASE,
)
#: What stands beside a declared word: a label like it, ``日期：``.
_LABEL = re.compile(r"[^\s\d:：]{1,8}(?:[（(][^（()）]{0,12}[）)])?\s*[:：]")
_SENTENCE = re.compile("[。；;：:，！!？?]")
_SHORTEST: Final = 8
_LONG: Final = 30
#: A remark alone in its row is told from a record by the columns that it leaves blank.
_FEWEST_COLUMNS: Final = 3


class Asides:
    """The words that begin rows which are no records."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        self.label = re.compile(_OPENING + either + _CLOSING) if either else _NEVER
        self.loose = re.compile(_OPENING + either + _LOOSE) if either else _NEVER
        one = rf"^[,\t\" 　]*(?:{self.label.pattern}|{self.loose.pattern}|{_ALONE.pattern})"
        few = r'[,\t]*(?:"[^"\n]*"|[^,\t\n]+)'  # a row with one or two cells that say something
        colon = rf'[,\t" 　]*{_LABEL.pattern}'
        bare = rf'[,\t" 　]*(?:{either or _NEVER.pattern})[^,\t\n]{{0,14}}[,\t\n]'
        self._any = re.compile(
            rf"{one}|^{few}(?:{few})?[,\t]*$|^{colon}|^{bare}", re.MULTILINE | re.IGNORECASE
        )

    def may_be_in(self, text: str) -> bool:
        """Whether a .csv file may hold such a row below its first line."""
        return self._any.search(text, text.find("\n") + 1) is not None

    def is_one(self, cells: Sequence[str], width: int, prose: Callable[[int], bool]) -> bool:
        """Whether a row is no record.

        ``width`` is how many columns the table has, 0 where a sentence alone in its row may well
        be a record; ``prose`` tells whether a column may hold any text, which says nothing for one.
        """
        filled = [(at, as_meant(cell)) for at, cell in enumerate(cells) if cell]
        if not filled:
            return False
        texts = [text for _, text in filled]
        if len(texts) == 1 and width >= _FEWEST_COLUMNS and self._is_alone(texts[0]):
            return True
        if all(map(self.loose.match, texts)) or all(map(_ALONE.match, texts)):
            return True
        if width >= _FEWEST_COLUMNS and all(map(_LABEL.match, texts)):
            return True
        if not self.label.match(texts[0]):
            return False
        awaited = False  # a label without its value, which stands in the next cell
        for (at, text), first in zip(filled, [True] + [False] * len(filled), strict=False):
            label = self.label.match(text) or _LABEL.match(text)
            if not (first or label or awaited or prose(at)):
                return False
            awaited = label is not None and not text[label.end() :].strip()
        return True

    def are_pairs(self, cells: Sequence[str], least: int) -> bool:
        """Whether a row holds labels without a colon, each with its value or none: 制表人, 甲.

        ``least`` is how many labels make it sure.
        """
        awaited = True  # what comes first is no value
        labels = 0
        for cell in filter(None, cells):
            text = as_meant(cell)
            if self.is_label(text) or _LABEL.match(text):
                labels, awaited = labels + 1, False
            elif awaited:
                return False
            else:
                awaited = True
        return labels >= least

    def is_label(self, text: str) -> bool:
        """Whether a text is one of the words and nothing else, with its colon or without."""
        return self.label.fullmatch(as_meant(text).rstrip("：: ") + "：") is not None

    def _is_alone(self, text: str) -> bool:
        if self.label.match(text) or self.loose.match(text) or _ALONE.match(text):
            return True
        return len(text) >= _LONG or (len(text) >= _SHORTEST and bool(_SENTENCE.search(text)))
