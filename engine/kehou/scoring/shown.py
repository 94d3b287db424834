"""How a scheme's numbers and words are shown; sheets and rankings are Chinese in every language."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kehou.render.words import Words, catalogue, safe
from kehou.scoring.decimals import Range, plain, rounded
from kehou.scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Shown:
    """How one scheme shows what was scored by it."""

    scheme: Scheme

    @property
    def words(self) -> Words:
        """The catalogue, with the nouns of the scheme's packs in it."""
        return catalogue.official(self.scheme.called.nouns)

    def say(self, key: str, **slots: object) -> str:
        """A text of the catalogue, by its key after ``score.``, with its slots filled."""
        return self.words[f"score.{key}"].format(**slots)

    def heads(self, *names: str) -> tuple[str, ...]:
        """The heads of these columns."""
        return tuple(self.words[f"score.column.{name}"] for name in names)

    def title(self, key: str) -> str:
        """The title of a document on this scheme."""
        return self.say(key, scheme=safe(self.scheme.title))

    def version(self) -> str:
        """The scheme with its version and the first digits of its hash."""
        scheme = self.scheme
        title, version = safe(scheme.title), safe(scheme.version)
        return self.say("scheme", title=title, version=version, sha256=scheme.sha256[:12])

    def by(self) -> str:
        """By which scheme, in which version and with its whole hash, as a sentence."""
        scheme = self.scheme
        title, version = safe(scheme.title), safe(scheme.version)
        return self.say("note.by", scheme=title, version=version, sha256=scheme.sha256)

    @property
    def unplaced(self) -> str:
        """What stands for the place of those that name none."""
        places = self.words["or"].join([*self.scheme.called.places.values()][::-1])
        return self.say("unplaced", places=places) if places else self.say("unplaced_at_all")

    def total(self, value: Fraction) -> str:
        """A total: always with the declared number of decimals."""
        return rounded(value, self.scheme.digits, self.scheme.rounding)

    def points(self, value: Fraction) -> str:
        """Points: as short as they are exact, else rounded as declared."""
        if (value * 10**self.scheme.digits).denominator == 1:
            return plain(value)
        return self.total(value)

    def range(self, found: Range) -> str:
        """``3`` or ``0—5``."""
        low, high = self.points(found.low), self.points(found.high)
        return low if found.settled else f"{low}—{high}"

    def totals(self, found: Range) -> str:
        """A total from certain to possible."""
        low, high = self.total(found.low), self.total(found.high)
        return low if found.settled else f"{low}—{high}"

    def percent(self, share: Fraction) -> str:
        """A share as a percentage with one decimal."""
        return f"{rounded(share * 100, 1)}%"
