"""Changes good submissions in every small way and tells which changes no rule notices.

A change is noticed where a rule comes out otherwise at some stage: another outcome of the whole, or
another subject that is blamed or asked of. What no rule notices needs a reason in the pack.
"""

from __future__ import annotations

import posixpath
import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from kehou import packs
from kehou.authoring.blind_spots.changes import Change, changes, renamed
from kehou.authoring.blind_spots.noticing import Judge, Law
from kehou.authoring.blind_spots.reads import Reads, limits
from kehou.authoring.blind_spots.reasons import Reasons, read_reasons
from kehou.authoring.blind_spots.words import in_words
from kehou.language.yaml_places import nearest_span
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.packs.lexicons import names_in
from kehou.readers import read
from kehou.readers.door import MOST_OF_PACK, contents

#: From which a share of the changes is drawn.
SEED = 20210901


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """One kind of change to one field that goes unnoticed ``times`` of the ``tried`` times.

    ``place`` is the first where it does.
    """

    field: str
    kind: str
    words: str
    place: str
    times: int
    tried: int


@dataclass
class BlindSpots:
    """What changing the good submissions of packs came to.

    ``unexplained`` are the kinds of change without a reason, ``without_reason`` how many changes
    they are. ``stale`` and ``faults`` are (place, message) of reasons that nothing needs and of
    what is written wrong.
    """

    total: int = 0
    unnoticed: int = 0
    without_reason: int = 0
    unexplained: list[Unnoticed] = field(default_factory=list)
    stale: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Submission:
    """A good submission of a pack: its file, its judge and its changes."""

    pack: Pack
    file: str
    judge: Judge
    changes: tuple[Change, ...]


#: A change that no rule notices, and the submission that it changes.
_Missed = tuple[_Submission, Change]


def find(
    pack_paths: Sequence[str],
    stages: Collection[Stage] = tuple(Stage),
    most: int | None = None,
) -> BlindSpots:
    """The blind spots of packs together, of at most ``most`` changes drawn by a seed.

    Each pack's submissions are judged by every pack that is in force on their day. Reasons that
    nothing needs can be told only where every change is made at every stage.
    """
    laws = [Law(pack, Reads(pack)) for pack in map(packs.load, pack_paths)]
    reasons = [read_reasons(law.pack) for law in laws]
    result = BlindSpots()
    for each in reasons:
        result.faults += [(place, f"{told} {hint}".strip()) for place, told, hint in each.faults]
    submissions = [one for law in laws for one in _submissions(law, laws, stages)]
    missed: dict[tuple[str, str], list[_Missed]] = {}
    tried: Counter[tuple[str, str]] = Counter()
    for submission, change in _drawn(submissions, most):
        key = (change.field, change.kind)
        noticed = submission.judge.notices(change)
        tried[key] += noticed is not None
        if noticed is False:
            missed.setdefault(key, []).append((submission, change))
    result.total = tried.total()
    for key, found in missed.items():
        result.unnoticed += len(found)
        if not any(key in each.by_change for each in reasons):
            result.without_reason += len(found)
            result.unexplained.append(_unnoticed(found, tried[key]))
    if most is None and len(stages) == len(Stage):
        result.stale += [stale for each in reasons for stale in _stale(each, missed)]
    return result


def _submissions(law: Law, laws: Sequence[Law], stages: Collection[Stage]) -> Iterator[_Submission]:
    """The good submissions beside a pack's base; a later one is changed where it has more."""
    pack = law.pack
    applied = [law, *(other for other in laws if other is not law)]
    known: set[str] = set()
    for file in base_files(pack):
        raw = renamed(pack.schema.root, _tree(pack, file))
        judge = Judge(applied, raw, stages)
        typed = judge.submission.tree
        in_force = pack.in_force(judge.as_of(judge.submission))
        every = changes(pack.schema.root, raw, typed, limits(pack, in_force, typed))
        found = tuple(change for change in every if change.field not in known)
        known |= {change.field for change in found}
        yield _Submission(pack, file, judge, found)


def base_files(pack: Pack) -> list[str]:
    """The pack's base, then the files beside it whose names begin as its does."""
    folder, name = posixpath.split(posixpath.normpath(pack.base))
    stem = name.rpartition(".")[0]
    beside = pack.root.joinpath(*folder.split("/")) if folder else pack.root
    names = sorted(
        file
        for file in names_in(beside)
        if file.startswith(stem) and file.endswith(".yaml") and file != name
    )
    return [posixpath.join(folder, each) for each in (name, *names)]


def _tree(pack: Pack, file: str) -> object:
    return read(file, contents(pack.root.joinpath(*file.split("/")), MOST_OF_PACK, file)).tree


def _drawn(
    submissions: list[_Submission], most: int | None
) -> Iterator[tuple[_Submission, Change]]:
    every = [(one, change) for one in submissions for change in one.changes]
    if most is None or most >= len(every):
        yield from every
        return
    order = list(range(len(every)))
    random.Random(SEED).shuffle(order)  # a smaller share is the beginning of a larger one
    yield from (every[i] for i in sorted(order[:most]))


def _unnoticed(found: list[_Missed], tried: int) -> Unnoticed:
    submission, change = found[0]
    pack, file = submission.pack, submission.file
    document = read(file, contents(pack.root.joinpath(*file.split("/")), MOST_OF_PACK, file))
    span = nearest_span(document, change.pointer)
    at = pack.schema.field(change.field)
    title = at.title if at is not None else change.field
    words = f"{title}（{change.field}）{in_words(change.kind)}"
    place = f"{file}:{span.line if span else 1}"
    return Unnoticed(change.field, change.kind, words, place, len(found), tried)


def _stale(reasons: Reasons, missed: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for key, reason in reasons.by_change.items():
        if key not in missed:
            told = f"{reason.field} 的“{reason.change}”已有规则看得出来，或没有这样的改动，请删去"
            yield reason.place, told
