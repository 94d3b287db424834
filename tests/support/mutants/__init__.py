"""Documents of prose changed or made to hurt, drawn from a seed: Word, PDF, text, old formats.

`mutants` draws them: the first of every kind, then the kinds in turn with other seeds, so that a
smaller share is the beginning of a larger one. Nothing here opens what it makes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.support.mutants import pdfs, texts, word

#: What makes the file of a kind: from a generator and an address on which nobody may be asked.
Maker = Callable[[random.Random, str], bytes]
#: Makers by kind, whose ending is that of the file.
KINDS: Final[Mapping[str, Maker]] = {**word.KINDS, **pdfs.KINDS, **texts.KINDS}
#: Kinds that LibreOffice turns into another format first: seconds each, so they come once.
CONVERTED: Final[Mapping[str, Maker]] = texts.CONVERTED
#: How many there are of all.
WHOLE: Final = 500


@dataclass(frozen=True)
class Mutant:
    """A file to be read: its name begins with the number that it is drawn with."""

    name: str
    content: bytes


def mutants(count: int, address: str, converted: bool) -> Iterator[Mutant]:
    """``count`` files; those that are ``converted`` first, where they are wanted.

    ``address`` is a host with its port that links in them lead to.
    """
    kinds = [*(CONVERTED if converted else ()), *KINDS]
    every = list(KINDS)
    for n in range(count):
        kind = kinds[n] if n < len(kinds) else every[(n - len(kinds)) % len(every)]
        make = CONVERTED.get(kind) or KINDS[kind]
        yield Mutant(f"{n:03d}-{kind}", make(random.Random(f"{kind} {n}"), address))


def changed(data: bytes, rng: random.Random) -> bytes:
    """Bytes with some of them others, left out, or written twice."""
    return texts.changed(data, rng)


__all__ = ["CONVERTED", "KINDS", "WHOLE", "Mutant", "changed", "mutants"]
