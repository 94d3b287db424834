"""The packs that reports in JSON were made with, for what the reports do not hold: nouns, clauses.

A report names where its packs stood when it was made, and their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kehou import packs
from kehou.errors import KehouError
from kehou.packs import Pack


def packs_of(trees: Iterable[Mapping[str, Any]]) -> dict[str, Pack]:
    """The packs of reports by id, in their order, as far as they are still to be found."""
    found: dict[str, Pack] = {}
    loaded: dict[str, Pack | None] = {}
    for tree in trees:
        ids = [str(pack["id"]) for pack in tree["packs"]]
        if not ids:
            continue  # nothing could be read: the report was made with no pack
        for name in _names(tree, ids):
            if name not in loaded:
                try:
                    loaded[name] = packs.load(name)
                except (KehouError, OSError):
                    loaded[name] = None
            pack = loaded[name]
            if pack is not None and pack.id in ids:
                found.setdefault(pack.id, pack)
    return found


def outline(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What `packs_of` needs of a report: of many reports, that is all that need be held."""
    run = tree.get("run")
    given = run.get("packs") if isinstance(run, Mapping) else None
    return {"packs": [{"id": pack["id"]} for pack in tree["packs"]], "run": {"packs": given}}


def _names(tree: Mapping[str, Any], ids: Iterable[str]) -> Iterator[str]:
    """Where a report's packs may be found: as they were given to the check, then by their ids."""
    run = tree.get("run")
    given = run.get("packs") if isinstance(run, Mapping) else None
    yield from (name for name in given or () if isinstance(name, str))
    yield from (name for name in ids if name in packs.available())


def words_of(found: Mapping[str, Pack], language: str = "zh") -> dict[str, str]:
    """What a catalogue's ``%…%`` stand for in the first of some packs; of none it is neutral."""
    for pack in found.values():
        return {**pack.nouns[language], **pack.stages[language]}
    return {}
