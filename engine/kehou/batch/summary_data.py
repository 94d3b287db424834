"""A summary for programs, and for the next round: every entry as it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from kehou.batch.round_file import written
from kehou.batch.runner import Done


def render(done: Done, words: Mapping[str, str], verbosity: int = 0) -> str:
    """The round as JSON."""
    return written(done.summary.stage, done.summary.on, done.entries)
