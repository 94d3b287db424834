"""Submissions that say the same: the share of what two of them state, apart from whose they are.

What is compared is what people write themselves: text and amounts, times and dates in the parts
that ``x-hash`` names, without choices from a list, which are alike anywhere, and without the
submitter's own name. Likeness is nobody's breach: it is told for a person to look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kehou.checking.declared_values import text_at
from kehou.errors import KehouError
from kehou.fields import Field, Schema, write
from kehou.submission import Submission, load

#: The share from which two are told, and the fewest statements that a share is taken of.
SHARE: Final = 0.9
FEWEST: Final = 40
_CHOICES: Final = ("enum", "boolean")


@dataclass(frozen=True, slots=True)
class Alike:
    """Submissions that say the same, by their paths; ``share`` is the least of a pair told.

    ``whole`` is true where nothing differs.
    """

    paths: tuple[str, ...]
    share: float
    whole: bool


def traits(place: str, schema: Schema) -> tuple[int, ...]:
    """Numbers that stand for what a submission states; () where it cannot be read."""
    try:
        submission = load(place, schema)
    except KehouError:
        return ()
    return traits_of(submission)


def traits_of(submission: Submission) -> tuple[int, ...]:
    """Numbers that stand for what a submission states, each once for each time it does."""
    schema, tree = submission.schema, submission.tree
    own = [name for name in (text_at(tree, schema.declared.whose.name),) if name]
    counted: dict[str, int] = {}
    found = []
    for name in schema.hashed_parts:
        if name in tree:
            for path, text in _stated(schema.root.fields[name], tree[name]):
                for word in own:
                    text = text.replace(word, "")
                key = f"{path}\0{text}"
                counted[key] = counted.get(key, 0) + 1
                digest = hashlib.blake2b(f"{key}\0{counted[key]}".encode(), digest_size=6)
                found.append(int.from_bytes(digest.digest(), "big"))
    return tuple(sorted(found))


def _stated(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _stated(field.fields[name], inner)
    elif field.kind == "rows" and isinstance(value, list) and field.item is not None:
        for row in value:
            yield from _stated(field.item, row)
    elif isinstance(value, (tuple, list)) and field.item is not None:
        for one in value:
            yield from _stated(field.item, one)
    elif field.kind not in _CHOICES:
        yield field.path, str(write(field, value))


def alike(traits: Mapping[str, Sequence[int]]) -> tuple[Alike, ...]:
    """Groups of submissions that say the same, the largest first; ``traits`` are by path.

    Those that agree in everything are one at once; what is left is compared pair by pair.
    """
    whole: dict[tuple[int, ...], list[str]] = {}
    for path, numbers in traits.items():
        if len(numbers) >= FEWEST:
            whole.setdefault(tuple(numbers), []).append(path)
    first = [(paths[0], frozenset(numbers)) for numbers, paths in whole.items()]
    groups = {paths[0]: list(paths) for paths in whole.values()}
    least = {paths[0]: 1.0 for paths in whole.values()}
    for index, (one, mine) in enumerate(first):
        for other, theirs in first[index + 1 :]:
            share = _share(mine, theirs)
            if share >= SHARE:
                _join(groups, least, one, other, share)
    kept = {id(paths): (paths, least[path]) for path, paths in groups.items() if len(paths) > 1}
    found = [Alike(tuple(sorted(paths)), share, share == 1.0) for paths, share in kept.values()]
    return tuple(sorted(found, key=lambda a: (-len(a.paths), a.paths)))


def _share(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """How much of what the two state both state."""
    small, large = sorted((len(mine), len(theirs)))
    if small < SHARE * large:
        return 0.0
    same = len(mine & theirs)
    return same / (len(mine) + len(theirs) - same)


def _join(
    groups: dict[str, list[str]], least: dict[str, float], one: str, other: str, share: float
) -> None:
    """Make one group of two, which is as like as its least like pair."""
    if groups[one] is not groups[other]:
        groups[one].extend(groups[other])
        joined = groups[one]
        for path in groups:
            if path in joined:
                groups[path] = joined
    lowest = min(share, *(least[path] for path in groups if groups[path] is groups[one]))
    for path in groups:
        if groups[path] is groups[one]:
            least[path] = lowest
