"""A bar with rate and time left, on a terminal; nothing where nobody looks.

The only importer of tqdm.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

#: The width of a terminal that does not say how wide it is.
_COLUMNS = 80
_FORM = "{desc} {n_fmt}/{total_fmt} |{bar}| {rate_fmt} {postfix}"


def watched(items: Iterable[Item], total: int, title: str, unit: str, left: str) -> Iterator[Item]:
    """The items as they come, with a bar on standard error if that is a terminal.

    ``left`` tells the time left, ``{time}`` in it.
    """
    if not total or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside ours
    form = _FORM.replace("{postfix}", left.format(time="{remaining}"))
    wide = os.get_terminal_size(sys.stderr.fileno()).columns
    with tqdm(
        total=total,
        desc=title,
        unit=unit,
        bar_format=form,
        dynamic_ncols=wide > 0,
        ncols=None if wide else _COLUMNS,
        file=sys.stderr,
    ) as bar:
        for item in items:
            yield item
            bar.update()
