"""What a row of the table of derivations says: what is written, what it may read, what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kehou.language.conditions import Type

#: What a function is given: rows of an entity as such, a value of each, the verdict of a condition
#: on each; the entries of a table that match; listed arguments; an amount,
#: its unit, and the factors of each unit.
Shape = Literal["rows", "values", "verdicts", "entries", "list", "units"]
#: How a value stands to what it was made from: it is one of those values; it holds all of them; it
#: only tells of how many or whether there are any; it is computed from them.
Gives = Literal["one", "all", "number", "computed"]


@dataclass(frozen=True, slots=True)
class Takes:
    """What is written under a function.

    Of a mapping the ``required`` and ``optional`` keys (`keys.KEYS`), of ``one_of`` at least one,
    of ``together`` all or none. Of a list the ``arguments`` as the page calls them, the last one
    ``repeated`` or not, and a ``word`` that may stand last (a member of `Derivation`); ``plain``
    arguments are fields only, others may be parameters.
    """

    shape: Shape
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    repeated: bool = False
    word: str = ""
    plain: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a mapping."""
        return (*self.required, *self.optional)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of value that a function takes, none of them a list; ``zh`` says so."""

    names: frozenset[str]
    zh: str


@dataclass(frozen=True, slots=True)
class Function:
    """One function of derived values.

    ``result`` makes the type of the field from the function's name and the types it reads; it
    raises ValueError with a Chinese sentence where they do not go together. ``compute`` is given
    what ``takes.shape`` says: `Members`; what `lookup` takes; the listed values, and True for the
    word, or all in one iterable where they repeat; the named values and the factors of each unit.
    ``settled_by`` names, among the arguments that are fields, those that would settle an unknown
    value without places. ``plainly`` makes the same of members that all certainly belong and are
    all known: of their number, of their values without those that are none, of their verdicts.
    ``least`` is the least value it can have, ``absent`` whether it can be none.

    For mutants: ``other`` is a function of the same members whose value is of the same kind, and
    ``ordered`` says that the two arguments cannot change places.
    """

    title: str
    title_en: str
    zh: str
    en: str
    example: str
    takes: Takes
    result: Callable[[str, Sequence[Type]], Type]
    compute: Callable[..., Any]
    kinds: Kinds | None = None
    plainly: Callable[[Any], Any] | None = None
    gives: Gives = "computed"
    absent: bool = True
    least: int | None = None
    other: str = ""
    ordered: bool = False
    settled_by: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
