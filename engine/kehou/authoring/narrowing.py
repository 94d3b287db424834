"""Of whom and when a requirement of a clause holds: what becomes ``when``, what is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kehou.authoring.clause_conditions import Condition, conditions
from kehou.authoring.clause_words import Piece, Unsaid, unsaid
from kehou.language import ROOT
from kehou.packs import Pack


def narrowing(
    pack: Pack, each: str, name: str, pieces: Sequence[Piece]
) -> tuple[tuple[Condition, ...], tuple[Unsaid, ...]]:
    """The conditions of a requirement on a field, and the words of its pieces that none holds."""
    nouns = list(_general(pack))
    whole = "，".join(piece.text for piece in pieces)
    own_places = [one for one in _places(pack, each, name) if not _of_whom(one, whole, nouns)]
    field = pack.field_of(each, name)
    own = " ".join((field.title, *field.names)) if field is not None else ""
    found: list[Condition] = []
    left: list[Unsaid] = []
    for piece in pieces:
        made, rest = conditions(pack, each, name, [*nouns, *own_places], piece)
        for one in made:
            if all(one.name != other.name for other in found):
                found.append(one)
                left += [Unsaid(one.guess, False)] if one.guess else []
            elif one.guess:
                continue
            elif all(one != other for other in found):
                left.append(Unsaid(one.said, True))
        tested = [one.field.title for one in made]
        left += unsaid(rest, [*nouns, *own_places, own, *tested], own)
    return tuple(found), tuple(dict.fromkeys(left))


def beyond(pack: Pack, titles: Sequence[str], pieces: Sequence[Piece]) -> list[Unsaid]:
    """The words of a clause that say more than something with these titles does."""
    known = [*_general(pack), *titles]
    return list(dict.fromkeys(one for piece in pieces for one in unsaid(piece, known)))


def _of_whom(title: str, text: str, nouns: Sequence[str]) -> bool:
    """Whether a section's title says of what kind somebody is, and not where a field stands."""
    pairs = [title[i : i + 2] for i in range(len(title) - 1)]
    heads = [noun[:2] for noun in nouns if len(noun) > 1 and noun not in title]
    return any(pair + head in text for pair in pairs for head in heads)


def _general(pack: Pack) -> Iterator[str]:
    """What things are called, and the policy, but for the choices that are named in it: 中小学."""
    labels = {label for field in pack.schema.walk() for label in field.labels.values()}
    for title in (*pack.schema.declared.nouns.get("zh", {}).values(), _plain_title(pack)):
        named = [re.escape(one) for one in labels if 1 < len(one) < len(title) and one in title]
        yield from re.split("|".join(named), title) if named else [title]


def _plain_title(pack: Pack) -> str:
    return re.sub(r"（[^）]*）|[《》]", "", pack.title)


def _places(pack: Pack, each: str, name: str) -> Iterator[str]:
    """Titles of the sections that a field stands in, and of the list that its rows are of."""
    if each != ROOT:
        rows = pack.vocabulary.field_of_rows(each)
        if rows is not None:
            yield from (rows.title, *rows.names)
    whose = pack.schema.declared.whose.id or ""
    for path in (name if each == ROOT else "", whose):
        steps = path.split(".")
        for end in range(1, len(steps)):
            part = pack.schema.field(".".join(steps[:end]))
            if part is not None:
                yield from (part.title, *part.names)


__all__ = ["beyond", "narrowing"]
