"""Packs that come with kehou, loaded once a worker however many tests check with them.

Loading one takes longer than most checks. A pack is never changed once loaded, so that tests may
share it; folders that a test writes are loaded each time, as its files change from test to test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from kehou import packs
from kehou.packs import loading


def once(load: Callable[[str], packs.Pack]) -> Callable[..., packs.Pack]:
    """A loader that gives the same Pack each time a bundled one is asked for by its id."""
    shelf: dict[tuple[str, str], packs.Pack] = {}

    def loaded(path_or_id: str = packs.DEFAULT_PACK) -> packs.Pack:
        if path_or_id not in bundled():
            return load(path_or_id)
        # where it was found, since a path leads elsewhere from another folder
        key = path_or_id, str(packs.find(path_or_id))
        if key not in shelf:
            shelf[key] = load(path_or_id)
        return shelf[key]

    return loaded


@cache
def bundled() -> frozenset[str]:
    """Ids of the packs that come with kehou."""
    return frozenset(packs.available())


@contextmanager
def loaded_once() -> Iterator[None]:
    """For as long as it is open, what is loaded through the packages' face is loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packs, "load", once(loading.load))
        yield
