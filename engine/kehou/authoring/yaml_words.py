"""Words and values as a YAML file that people go on with holds them."""

from __future__ import annotations

import re
from typing import Any


def flow(word: str) -> str:
    """A word as it stands in a flow collection."""
    return word if re.fullmatch(r"[\w/.-]+", word) else "'" + word.replace("'", "''") + "'"


def prose(text: str) -> str:
    """A sentence as a YAML value, quoted where YAML would read something else into it."""
    risky = re.search(r": |:$| #|^[-?&*!|>%@`\"'{}\[\],#]", text)
    return "'" + text.replace("'", "''") + "'" if risky else text


def quoted(text: Any) -> str:
    """A text in single quotes, whatever it holds."""
    return "'" + str(text).replace("'", "''") + "'"


def scalar(word: str, kind: str) -> str:
    """A value as YAML: what readers of YAML 1.1 would take for something else is quoted."""
    if kind in ("integer", "boolean", "money", "decimal"):
        return word
    return "'" + word + "'" if kind in ("time", "date", "month") else flow(word)


__all__ = ["flow", "prose", "quoted", "scalar"]
