"""A draft as YAML, which people fill in with any editor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from kehou.reading.confirmations import records as words
from kehou.reading.confirmations.draft_items import Draft

#: Texts that need no quotes: Chinese first, no sign that YAML may take, a colon only in a time.
_PLAIN: Final = re.compile(
    r"[\u4e00-\u9fff（《](?:[0-9A-Za-z\u4e00-\u9fff（）《》“”、，。；：！？—～·%+-]|:(?=[0-9])|\.(?=[0-9A-Za-z]))*"
)
_UNPRINTED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
#: Keys that are left out where there is nothing to tell.
_OPTIONAL: Final = (words.OTHERS, words.WORDS, words.SAME)


def as_yaml(draft: Draft) -> str:
    """The file of a draft."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    """The lines; one to fill in ends with the blank that YAML wants, so that people type on."""
    for line in draft.guide:
        yield f"# {line}"
    yield ""
    yield f"{words.FILES}:"
    indent = "- "
    for key, value in draft.head.items():
        yield f"{indent}{key}: {_quoted(value)}"
        indent = "  "
    yield f"  {words.ITEMS}:"
    for item in draft.items:
        yield ""
        indent = "  - "
        for key, value in item.items():
            if value or key not in _OPTIONAL:
                yield f"{indent}{key}: {_quoted(value)}"
                indent = "    "


def _quoted(text: str) -> str:
    """A text as YAML reads it back: plain where that is sure, else in double quotes."""
    if not text or _PLAIN.fullmatch(text):
        return text
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


__all__ = ["as_yaml"]
