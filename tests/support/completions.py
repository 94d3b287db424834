"""Submissions with holes, and what could have stood there.

`punch` makes holes in a fully known tree: a value that was not supplied or invalid, a list or a
record that is missing, a row nobody could read. `complete` fills them, each with every value its
field can take; of rows, of which there is no end, with a few.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from tests.support.generators import POOLS, chance, pool_of

from kehou.fields import Field
from kehou.fields.scalars import read
from kehou.model.values import ABSENT

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Hole:
    """Where something is not known, and everything that is tried there."""

    path: Path
    choices: tuple[Any, ...]

    @property
    def pointer(self) -> str:
        """Its JSON pointer."""
        return "/" + "/".join(map(str, self.path))


def known(rng: Random, field: Field, most: int = 2) -> Any:
    """A fully known typed value of a field; lists of rows have up to so many."""
    if field.absent and chance(rng, 10):
        return ABSENT
    if field.kind == "record":
        return record(rng, field, most)
    item = field.item
    if field.kind == "rows":
        assert item is not None
        return [known(rng, item, most) for _ in range(rng.randint(1, most))]
    if field.kind == "list":
        assert item is not None
        pool = typed(item)
        return tuple(rng.sample(pool, rng.randint(1, 2)))
    return rng.choice(typed(field))


def record(rng: Random, field: Field, most: int) -> dict[str, Any]:
    """A fully known record; what starts and ends does so in this order, so that some overlap."""
    found = {name: known(rng, child, most) for name, child in field.fields.items()}
    ends = [found[name] for name in ("at", "until") if found.get(name, ABSENT) is not ABSENT]
    if len(ends) == 2:
        found["at"], found["until"] = sorted(ends)
    return found


def typed(field: Field) -> list[Any]:
    """The values of a scalar field's pool, as the reader types them."""
    least = field.minimum
    words = [w for w in POOLS[pool_of(field)] if least is None or float(w) >= least]
    return [read(field, word)[0] for word in words if len(word) < 12]


def possible(rng: Random, field: Field) -> tuple[Any, ...]:
    """Everything that is tried where a field is not known."""
    none = (ABSENT,) if field.absent else ()
    if field.kind in ("record", "rows"):
        return (*none, *(known(rng, field, n) for n in (1, 2, 2)))
    if field.kind == "list":
        assert field.item is not None
        pool = typed(field.item)
        return (*none, (pool[0],), (pool[1],), (pool[0], pool[1]), tuple(pool[:3]))
    return (*none, *typed(field))


def punch(
    rng: Random, root: Field, tree: Any, count: int, telling: Collection[str]
) -> tuple[Any, set[str], list[Hole]]:
    """(tree with holes, pointers of invalid values, holes) of a fully known tree.

    ``telling`` are names of fields in which a hole says most; others get one rarely.
    """
    places = [
        (path, field)
        for path, field in _places(root, tree, ())
        if not path or path[-1] in telling or chance(rng, 10)
    ]
    places += [place for place in places if place[1].kind == "rows"] * 3
    holes: list[Hole] = []
    for path, field in rng.sample(places, min(count, len(places))):
        if any(path[: len(h.path)] == h.path or h.path[: len(path)] == path for h in holes):
            continue
        holes.append(Hole(path, possible(rng, field)))
    holed = copy.deepcopy(tree)
    faulted = set()
    for hole in holes:
        holder = _at(holed, hole.path[:-1])
        if isinstance(hole.path[-1], int):
            holder[hole.path[-1]] = {}
            faulted.add(hole.pointer)
        else:
            del holder[hole.path[-1]]
            if chance(rng, 25):
                faulted.add(hole.pointer)
    return holed, faulted, holes


def complete(rng: Random, tree: Any, holes: Sequence[Hole], most: int) -> Iterator[Any]:
    """The tree with its holes filled in every way, or in so many ways where there are more."""
    ways = list(product(*(hole.choices for hole in holes)))
    for way in ways if len(ways) <= most else rng.sample(ways, most):
        filled = copy.deepcopy(tree)
        for hole, value in zip(holes, way, strict=True):
            _at(filled, hole.path[:-1])[hole.path[-1]] = copy.deepcopy(value)
        yield filled


def _places(field: Field, value: Any, path: Path) -> Iterator[tuple[Path, Field]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            child = field.fields[name]
            yield (*path, name), child
            yield from _places(child, inner, (*path, name))
    elif isinstance(value, list):
        assert field.item is not None
        for n, inner in enumerate(value):
            if isinstance(inner, dict):
                yield (*path, n), field.item
                yield from _places(field.item, inner, (*path, n))


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree
