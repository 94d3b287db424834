"""The last day of a layer's document: noted in its pack.yaml, and held by its rules and values.

A layer has no policy of its own to end, so each of them ends; what lies below goes on.
"""

from __future__ import annotations

import re
from typing import Final

_NOTE: Final = "# 有效到 "
_NOTED: Final = re.compile(rf"^{_NOTE}(\d{{4}}-\d\d-\d\d).*\n", re.MULTILINE)
_VALUE: Final = re.compile(r"(- \{from: '[\d-]+')(?:, to: '[\d-]+')?(?=, )")
_FROM: Final = re.compile(r"^from: .*\n(?:to: .*\n)?", re.MULTILINE)
_STAGES: Final = re.compile(r"^stages: .*\n(?:to: .*\n)?", re.MULTILINE)


def last_day(text: str) -> str:
    """The last day that the pack.yaml of a layer notes; "" for none."""
    found = _NOTED.search(text)
    return found[1] if found else ""


def with_last_day(text: str, until: str) -> str:
    """A pack.yaml with that day noted and given to each value, or with none of it for ""."""
    text = _NOTED.sub("", text)
    to = f", to: '{until}'" if until else ""
    text = _VALUE.sub(lambda found: found[1] + to, text)
    note = f"{_NOTE}{until}：到期以后这一层的规则和数值不再用（各写着 to）\n" if until else ""
    return re.sub("^id: ", lambda _: f"{note}id: ", text, count=1, flags=re.MULTILINE)


def rule_until(text: str, until: str) -> str:
    """A rule that holds to a day, as its file has it."""
    head = _FROM if _FROM.search(text) else _STAGES
    return head.sub(lambda found: f"{found[0].splitlines()[0]}\nto: '{until}'\n", text, count=1)


def is_rule(name: str) -> bool:
    """Whether a file of an area holds a rule, and not cases."""
    return name.endswith(".yaml") and not name.endswith(".test.yaml")


__all__ = ["is_rule", "last_day", "rule_until", "with_last_day"]
