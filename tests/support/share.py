"""How much of what is drawn from seeds a run goes through: the one place that reads KEHOU_SHARE.

`make test` and a bare pytest run a share of the long walks, `make full` (KEHOU_SHARE=1) the whole
of each, `make quick` less; KEHOU_SHARE=10 goes ten times as far. Samples come from the same seeds
in the same order, so that a smaller share is the beginning of a larger one. Only what is drawn at
random is shared out: a case written by hand, an example, a format or a rule is never left out.
"""

from __future__ import annotations

import os

#: What `make test` runs of a long walk.
USUAL = 0.25


def fraction() -> float:
    """KEHOU_SHARE as a number above 0; the usual share where it is not set."""
    told = os.environ.get("KEHOU_SHARE", "")
    found = float(told) if told else USUAL
    if not found > 0:
        raise ValueError(f"KEHOU_SHARE={told}: a number above 0, 1 for the whole")
    return found


def share(whole: int, least: int = 1) -> int:
    """How many of ``whole`` samples to run, or the count they must reach; at least ``least``."""
    return max(least, round(whole * fraction()))


def reached(whole: int) -> int:
    """How often what is rare must have been met: in proportion, and not asked for (0) of a run
    that draws less than usual, in which chance alone decides."""
    return share(whole) if fraction() >= USUAL else 0


def is_whole() -> bool:
    """Whether all of every walk is run, so that what only all of it meets can be asked for."""
    return fraction() >= 1
