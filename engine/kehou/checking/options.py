"""What a check is asked for, and what a report keeps of it so that it can be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kehou import packs
from kehou.model.outcomes import Stage
from kehou.model.report import RunRecord

ENGINES = ("both", "direct", "rete")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check is asked for; ``data`` maps a bureau's table or record to its file."""

    stage: Stage = Stage.APPROVAL
    as_of: str | None = None
    on: str | None = None
    packs: tuple[str, ...] = (packs.DEFAULT_PACK,)
    data: Mapping[str, str] = field(default_factory=dict)
    engine: str = "both"
    language: str = "zh"
    reading: str = ""
    waivers: str | None = None
    baseline: str | None = None
    attestations: tuple[str, ...] = ()
    #: Whether every judged subject is named, not only the adverse: memory needs it for “fixed”.
    track: bool = False


def recorded(options: CheckOptions) -> RunRecord:
    """What a report keeps of how it was run, so that it can be run again."""
    return RunRecord(
        options.engine,
        options.packs,
        tuple((name, str(file)) for name, file in options.data.items()),
        options.waivers,
        options.baseline,
        options.attestations,
    )
