"""What a summary is written as, by the ending of its file."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final

from kehou.batch.runner import Done

#: Ending → module of this package with a ``render(done, words, verbosity)``.
SUMMARIES: Final[Mapping[str, str]] = {
    ".html": "summary_page",
    ".htm": "summary_page",
    ".xlsx": "summary_book",
    ".json": "summary_data",
    ".txt": "summary_text",
}


def render_summary(
    ending: str, done: Done, words: Mapping[str, str], verbosity: int = 0
) -> str | bytes:
    """The summary of a run for a file with this ending; ``verbosity`` as of a report as text."""
    module = importlib.import_module(f"kehou.batch.{SUMMARIES[ending]}")
    rendered: str | bytes = module.render(done, words, verbosity)
    return rendered
