"""What is kept of one submission of a batch: enough for the summary, without its report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from kehou.errors import EXIT_OK, EXIT_UNREADABLE
from kehou.model.outcomes import NOT_ADOPTED, Outcome, Owner, Severity, Stage, counted_as
from kehou.model.places import unread_apart
from kehou.model.report import Report
from kehou.model.values import is_day
from kehou.render.words import compact, exit_code, summarise
from kehou.render.words.papers import Paper, papers_of

#: What a work over many gives that had nothing to write, which is told.
NOTHING: Final = -1
#: The version of what is kept; another one is not read.
FORMAT: Final = "kehou-kept/3"
#: What was not handed in as prose was not read from any.
NO_TEXT: Final = -1
#: How many faults are kept in words.
_FAULTS_KEPT: Final = 3
#: Outcomes that say something of a submission; “cannot tell” and “does not apply” do not.
_TELLING: Final = frozenset({"pass", "fail", "review", "waived"})


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """What came out of a rule; ``places`` counts the subjects that it came out so for.

    ``read`` where it is a doubt and not a breach because a program read it from prose and nobody
    has confirmed it.
    """

    rule: str
    title: str
    severity: str
    area: str
    outcome: str
    places: int = 1
    read: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        said = self.rule, self.title, self.severity, self.area, self.outcome, self.places
        return _seen, (*said, self.read)


@lru_cache(maxsize=1 << 13)
def _seen(*values: Any) -> RuleSeen:
    """One of each: what is said of a rule is said of hundreds, and of thousands all are kept."""
    return RuleSeen(*values)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something missing, with its owner, how many rules wait for it and the paper it belongs in.

    ``text`` is how much of it a program read from prose, which is not all that may stand there;
    `NO_TEXT` where it was not handed in as prose.
    """

    path: str
    label: str
    owner: str
    settles: int
    paper: str = ""
    text: int = NO_TEXT

    def __reduce__(self) -> tuple[Any, ...]:
        said = self.path, self.label, self.owner, self.settles, self.paper
        return _wanted, (*said, self.text)

    @property
    def whole(self) -> bool:
        """Whether all of the paper is missing: of prose nobody can say so."""
        return self.path.count("/") == 1 and self.text == NO_TEXT


@lru_cache(maxsize=1 << 13)
def _wanted(*values: Any) -> Wanted:
    """One of each, likewise."""
    return Wanted(*values)


@dataclass(frozen=True, slots=True)
class Unadopted:
    """An attestation that counts for nothing: why, what it found, and its date."""

    state: str
    verdict: str
    date: str


@dataclass(frozen=True, slots=True)
class Waived:
    """What of a rule is excused, at how many places, and until which day ("" where none says)."""

    title: str
    places: int
    until: str


@dataclass(frozen=True)
class Entry:
    """One submission: ``state`` is read, unread (nothing could be judged), crashed
    or doubled (another has the same key, so that neither is judged).

    ``rules`` leaves out those that do not apply and advice; ``code`` is the exit code that the
    submission alone would have. ``faults`` are the first in words, ``unreadable`` counts all.
    ``likeness`` is what `kehou.batch.likeness` compares. ``written`` are the digests of the files
    that were written for it, by output. ``unadopted`` are attestations that were not adopted.
    ``left`` are the files of it that nothing was read of, by their names in its folder.
    """

    key: str
    path: str
    state: str
    code: int = EXIT_UNREADABLE
    id: str = ""
    name: str = ""
    strata: Mapping[str, str] = field(default_factory=dict)
    stage: str = ""
    as_of: str = ""
    check_date: str = ""
    dated_by_field: bool = False
    decision: str = ""
    faults: tuple[str, ...] = ()
    unreadable: int = 0
    areas: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[RuleSeen, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    likeness: tuple[int, ...] = ()
    one_engine: str = ""
    unadopted: tuple[Unadopted, ...] = ()
    left: tuple[str, ...] = ()
    waived: tuple[Waived, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def judged(self) -> bool:
        """Whether any rule came to an outcome that says something."""
        return any(one.outcome in _TELLING for one in self.rules)

    @property
    def shown(self) -> str:
        """The name, or where it lies if nobody could read one."""
        return self.name or self.path

    def of(self, outcome: Outcome) -> tuple[RuleSeen, ...]:
        """The rules that came out so."""
        return tuple(one for one in self.rules if one.outcome == outcome)

    @property
    def refused(self) -> bool:
        """Whether an inspector found a breach that was not adopted: it is not settled."""
        return any(one.verdict == Outcome.FAIL for one in self.unadopted)

    @property
    def red_lines(self) -> int:
        """How many rules of the gravest severity are broken."""
        return sum(one.severity == Severity.CRITICAL for one in self.of(Outcome.FAIL))


def entry_of(report: Report, key: str, path: str, strata: Mapping[str, str], gate: str) -> Entry:
    """What is kept of a report; ``gate`` says which breaches decide the code, as ``--fail-on``."""
    whose, run = report.submission, report.run
    return Entry(
        key=key,
        path=path,
        state="read" if report.results else "unread",
        code=exit_code([report], gate),
        id=(whose.id or "").strip(),
        name=(whose.name or "").strip(),
        strata=strata,
        stage=run.stage.value,
        as_of=run.as_of,
        check_date=run.check_date or "",
        dated_by_field=run.check_date_from == "field",
        decision=report.decision.value if report.decision else "",
        faults=tuple(_told(fault, path) for fault in whose.faults[:_FAULTS_KEPT]),
        unreadable=len(whose.faults),
        areas=dict(report.packs.areas),
        rules=(*_rules(report), *_seen_of_clauses(report)),
        wanted=tuple(
            Wanted(
                m.path,
                m.label,
                m.owner.value,
                len(m.settles),
                paper.title,
                (m.read or 0) if _is_of_text(paper) else NO_TEXT,
            )
            for paper in papers_of(report)
            for m in paper.items
        ),
        one_engine=run.single_engine or "",
        unadopted=tuple(
            Unadopted(note.state, note.verdict.value, note.date)
            for note in report.attestations.notes
            if note.state in NOT_ADOPTED
        ),
        left=unread_apart(whose.unread_files, whose.prose)[0],
        waived=_waived(report),
    )


def _waived(report: Report) -> tuple[Waived, ...]:
    """What is excused, by rule and day."""
    found: dict[tuple[str, str], int] = {}
    for result in report.results:
        excused = [f for f in result.findings if f.waiver is not None]
        whole = result.outcome is Outcome.WAIVED and not excused
        rows = [(f.waiver.until, f.count) for f in excused if f.waiver is not None]
        for until, places in rows + ([("", 1)] if whole else []):
            found[result.title, until] = found.get((result.title, until), 0) + places
    return tuple(Waived(title, places, until) for (title, until), places in found.items())


def _is_of_text(paper: Paper) -> bool:
    """Whether a paper would be the submitter's and it handed in prose, which is read in part."""
    return paper.of_text and paper.owner is Owner.SUBJECT


def _told(fault: Any, path: str) -> str:
    """A fault in a line; the place of the whole is told beside it already."""
    place = compact(fault.location)
    hint = f"（{fault.hint}）" if fault.hint else ""
    return f"{fault.found}{hint}" if place in ("", path) else f"{place} {fault.found}{hint}"


def _seen_of_clauses(report: Report) -> Iterator[RuleSeen]:
    """Breaches that an inspector saw of what no rule decides, by their clauses and their words."""
    for one in summarise(report).seen:
        said = f"{one.clauses[0].citation} {one.title}" if one.clauses else one.title
        yield RuleSeen(one.rule, said, one.severity.value, one.area, one.outcome.value)


def _rules(report: Report) -> list[RuleSeen]:
    found = []
    for result in report.results:
        if result.outcome is Outcome.NOT_APPLICABLE or result.severity is Severity.ADVICE:
            continue
        places = sum(f.count for f in result.findings if f.outcome is result.outcome)
        found.append(
            RuleSeen(
                result.rule,
                result.title,
                result.severity.value,
                result.area,
                counted_as(result.outcome, result.only_read).value,
                max(1, places),
                result.only_read,
            )
        )
    return found


# --- as JSON ------------------------------------------------------------------------------


def as_tree(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON values."""
    return {
        "format": FORMAT,
        **{name: _plain(getattr(entry, name)) for name in Entry.__dataclass_fields__},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, RuleSeen | Wanted | Unadopted | Waived):
        return [getattr(value, name) for name in type(value).__dataclass_fields__]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def from_tree(tree: Any) -> Entry:
    """The entry of a tree; ValueError, which says the member, where it is none of this version."""
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise ValueError("/format")
    values: dict[str, Any] = {}
    tree = {**_LATER, **tree}
    for name, sound in _SOUND.items():
        if name not in tree or not sound(tree[name]):
            raise ValueError(f"/{name}")
        values[name] = tuple(tree[name]) if isinstance(tree[name], list) else tree[name]
    values["rules"] = tuple(_seen(*one) for one in values["rules"])
    values["wanted"] = tuple(_wanted(*one) for one in values["wanted"])
    values["unadopted"] = tuple(Unadopted(*one) for one in values["unadopted"])
    values["waived"] = tuple(Waived(*one) for one in values["waived"])
    return Entry(**values)


# What each member must be in JSON: entries of a round come from elsewhere, and what is shown of
# them is believed. They are thousands, and so held against no JSON Schema but these.


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _rows_read(value: Any) -> bool:
    return value == NO_TEXT or _number(value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _day(value: Any) -> bool:
    return value == "" or (_text(value) and is_day(value))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(type(one) is int for one in value)


def _named(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


def _one_of(words: Collection[str]) -> _Sound:
    return lambda value: _text(value) and value in words


def _rows(*members: _Sound) -> _Sound:
    """Whether a value is rows of members that are each sound."""
    return lambda value: (
        isinstance(value, list)
        and all(
            isinstance(row, list)
            and len(row) == len(members)
            and all(sound(one) for sound, one in zip(members, row, strict=True))
            for row in value
        )
    )


#: Whether a value is what a member must be.
_Sound = Callable[[Any], bool]
#: More of anything than a submission can have.
_MOST: Final = 10**9
_SOUND: Final[Mapping[str, _Sound]] = {
    "key": _text,
    "path": _text,
    "state": _one_of(("read", "unread", "crashed", "doubled")),
    "code": lambda value: type(value) is int and EXIT_OK <= value <= EXIT_UNREADABLE,
    "id": _text,
    "name": _text,
    "strata": _named,
    "stage": _one_of([*Stage, ""]),
    "as_of": _day,
    "check_date": _day,
    "dated_by_field": _flag,
    "decision": _text,
    "faults": _texts,
    "unreadable": _number,
    "areas": _named,
    "rules": _rows(_text, _text, _one_of([*Severity]), _text, _one_of([*Outcome]), _number, _flag),
    "wanted": _rows(_text, _text, _one_of([*Owner]), _number, _text, _rows_read),
    "likeness": _numbers,
    "one_engine": _text,
    "unadopted": _rows(_one_of(NOT_ADOPTED), _one_of([*Outcome]), _day),
    "left": _texts,
    "waived": _rows(_text, _number, _day),
    "written": _named,
}
#: What rounds that were written before it was kept do not say.
_LATER: Final[Mapping[str, Any]] = {"left": [], "waived": []}
