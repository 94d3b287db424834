"""OSCAL's datatypes: our texts as its properties, markup and tokens."""

from __future__ import annotations

import re

from kehou.render.words.statement import identity, safe
from kehou.render.words.visible_text import visible

_NS = f"urn:uuid:{identity('oscal')}"
_MARKUP = re.compile(r"([\\`*_\[\]<>&])")
_NOT_TOKEN = re.compile(r"[^\w.\-]")


def props(**values: str) -> list[dict[str, str]]:
    """Properties in our name space; what is blank is left out."""
    shown = {name: safe(value).strip() for name, value in values.items()}
    return [{"name": name, "ns": _NS, "value": text} for name, text in shown.items() if text]


def markup(text: str) -> str:
    """Lines of text as OSCAL's markup: nothing in it is a link, an emphasis or an element."""
    return _MARKUP.sub(r"\\\1", visible(text, keep="\n")).strip() or "-"


def line(text: str) -> str:
    """One line of markup."""
    return markup(safe(text))


def token(name: str) -> str:
    """A name as a token: letters, digits, dots, hyphens and underscores after a letter."""
    cleaned = _NOT_TOKEN.sub("_", name)
    return cleaned if cleaned[:1].isalpha() or cleaned[:1] == "_" else f"_{cleaned}"
