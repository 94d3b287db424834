"""argparse's own texts in Chinese, by gettext from ``reports/argparse.zh_CN.po``.

argparse marks each of its texts with ``gettext.gettext`` or ``ngettext``, which look for compiled
catalogues by the locale of the machine. Here the source of the catalogue is read itself, when
argparse first needs a text, and only while a parser of ours parses or prints.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Final

from kehou.cli.language import spoken

FILE: Final = "argparse.zh_CN.po"
_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d\])?) )?(".*")')


def in_our_language(text: str) -> str:
    """A text of argparse in the language of this call; the text itself where it is English."""
    return _translations(spoken()).gettext(text)


def _several(one: str, many: str, count: int) -> str:
    return _translations(spoken()).ngettext(one, many, count)


@contextmanager
def argparse_translated() -> Iterator[None]:
    """Within it argparse speaks the language of this call; other users of argparse are spared."""
    module = vars(argparse)
    before: dict[str, object] = {name: module[name] for name in ("_", "ngettext")}
    module.update({"_": in_our_language, "ngettext": _several})
    try:
        yield
    finally:
        module.update(before)


@cache
def _translations(language: str) -> NullTranslations:
    from kehou import data

    if language == "en":  # what argparse is written in
        return NullTranslations()
    text = data.reports().joinpath(FILE).read_text("utf-8")
    return GNUTranslations(io.BytesIO(_compiled(messages(text))))


def messages(text: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The messages of a .po file: (singular[, plural]) → its translations, as they stand."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in text.split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for word, quoted in _LINE.findall(entry):
            name = word or name
            parts[name] = parts.get(name, "") + ast.literal_eval(quoted)
        if parts:
            keys = tuple(value for key, value in parts.items() if key.startswith("msgid"))
            found[keys] = tuple(value for key, value in parts.items() if key.startswith("msgstr"))
    return found


def _compiled(entries: Mapping[tuple[str, ...], tuple[str, ...]]) -> bytes:
    """The same as a .mo file (“The Format of GNU MO Files” in the gettext manual)."""
    rows = sorted(
        ("\0".join(keys).encode(), "\0".join(told).encode()) for keys, told in entries.items()
    )
    tables = 28 + 16 * len(rows)
    places: list[list[int]] = [[], []]
    content = b""
    for column in (0, 1):
        for row in rows:
            places[column] += [len(row[column]), tables + len(content)]
            content += row[column] + b"\0"
    head = (0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, tables)
    return struct.pack(f"<{7 + 4 * len(rows)}I", *head, *places[0], *places[1]) + content
