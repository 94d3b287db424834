"""The patterns of a submission schema: rules/common/reading/, read once and hashed.

``scope.yaml`` holds the words by which is told whether a thing is planned, forbidden, quoted …;
every other file one topic: its patterns, near misses and cases. Source: docs/reading.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from kehou.language.yaml_places import Faults, Place, mapping, text
from kehou.readers import read
from kehou.readers.door import MOST_OF_PACK, contents
from kehou.reading.amounts_library import Amounts, load_amounts
from kehou.reading.choices_library import Choices, load_choices
from kehou.reading.facts_library import Facts, load_facts
from kehou.reading.hours_library import HOURS, Hours, load_hours
from kehou.reading.names_library import Names, load_names
from kehou.reading.second_reader import SecondReader
from kehou.reading.templates import TemplateError, alternatives, expression, quickly

#: A file by which rows of a list are read.
Rows = Amounts | Choices | Names
SCOPE: Final = "scope.yaml"
FACTS: Final = "facts.yaml"
MODEL: Final = "model.json"
TIERS: Final = ("explicit", "suspicious")
#: Patterns that count whoever acts, though the topic has a subject; they are only suspicious.
WHOEVER: Final = "whoever"
_PATTERNS: Final = (*TIERS, WHOEVER)
POLARITIES: Final = (
    "planned",
    "forbidden",
    "conditional",
    "quoted",
    "reported",
    "asked",
    "excepted",
    "rejected",
    "headed",
)
#: The groups of words that scope.yaml must have.
GROUPS: Final = (
    "forbid",
    "light",
    "not_negators",
    "forbid_after",
    "within",
    "turn",
    "affirm",
    "condition",
    "condition_after",
    "caught",
    "consequence",
    "source",
    "quoted_after",
    "ask",
    "reported",
    "told",
    "now",
    "except",
    "reject",
    "instead",
    "refused",
    "takes_part",
    "toward",
    "area",
    "people",
)
SECTIONS: Final = ("forbidding", "quoting", "reporting", "asking")


@dataclass(frozen=True, slots=True)
class Case:
    """A text and what is to be found in it; ``polarity`` empty where nothing is."""

    text: str
    polarity: str = ""
    tier: str = ""
    index: int = 0


@dataclass(frozen=True)
class Topic:
    """One topic: the patterns by tier, the near misses that mask, whose subject counts.

    Clauses with one of ``opposites`` say the contrary; the second reader reads the others only.
    """

    name: str
    title: str
    patterns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near_misses: tuple[str, ...] = ()
    opposites: tuple[str, ...] = ()
    subject: str = ""
    cases: tuple[Case, ...] = ()
    near: tuple[Case, ...] = ()
    path: Path | Traversable | None = field(default=None, repr=False)

    @cached_property
    def search(self) -> re.Pattern[str]:
        """One expression for the patterns of both tiers; the group's name is the tier's."""
        lines = [line for tier in TIERS for line in self.patterns.get(tier, ())]
        made = "|".join(
            f"(?P<{tier}>{'|'.join(expression(p, self.words) for p in self.patterns[tier])})"
            for tier in TIERS
            if self.patterns.get(tier)
        )
        return re.compile(quickly(made, lines, self.words))

    @cached_property
    def whoever(self) -> re.Pattern[str] | None:
        """The patterns that count whoever acts."""
        return self._any(self.patterns.get(WHOEVER, ()))

    @cached_property
    def masks(self) -> re.Pattern[str] | None:
        """What holds words of a pattern and means something else."""
        return self._any(self.near_misses)

    @cached_property
    def contrary(self) -> re.Pattern[str] | None:
        """What says the contrary of the topic."""
        return self._any(self.opposites)

    def _any(self, lines: Sequence[str]) -> re.Pattern[str] | None:
        """One expression for some lines; None for none."""
        if not lines:
            return None
        made = "|".join(expression(line, self.words) for line in lines)
        return re.compile(quickly(made, lines, self.words))


@dataclass(frozen=True)
class Scope:
    """The words of scope.yaml; ``subjects`` are who may act, by name."""

    groups: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, tuple[str, ...]]
    _made: dict[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    def words(self, group: str) -> re.Pattern[str]:
        """The expression that finds any word of a group."""
        if group not in self._made:
            self._made[group] = re.compile(alternatives(self.groups[group]) or r"(?!)")
        return self._made[group]

    def section(self, kind: str) -> re.Pattern[str]:
        """The expression that finds a heading of a kind."""
        name = f"/{kind}"
        if name not in self._made:
            self._made[name] = re.compile(alternatives(self.sections[kind]) or r"(?!)")
        return self._made[name]

    @cached_property
    def who(self) -> re.Pattern[str]:
        """The expression that finds who acts; the group's name is the subject's."""
        return re.compile(
            "|".join(f"(?P<{name}>{alternatives(words)})" for name, words in self.subjects.items())
        )


@dataclass(frozen=True)
class Library:
    """All patterns of one folder, the second reader if there is one, and the hash of all files."""

    scope: Scope
    topics: tuple[Topic, ...]
    sha256: str
    facts: Facts = field(default_factory=Facts)
    second: SecondReader | None = field(default=None, repr=False)
    hours: Hours | None = field(default=None, repr=False)
    lists: Mapping[str, Rows] = field(default_factory=dict, repr=False)


#: What loads a file that reads rows of a list, by its ``reads``.
_LISTS: Final[Mapping[str, Callable[..., Rows]]] = {
    "amounts": load_amounts,
    "choices": load_choices,
    "names": load_names,
}


def digest_of(folder: Path | Traversable) -> str:
    """SHA-256 over the names and contents of all files of a library."""
    digest = hashlib.sha256()
    for name in _names(folder):
        data = contents(folder.joinpath(name), MOST_OF_PACK, name)
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _names(folder: Path | Traversable) -> list[str]:
    names = (entry.name for entry in folder.iterdir())
    return sorted(name for name in names if name.endswith(".yaml") or name == MODEL)


def load_library(folder: Path | Traversable) -> tuple[Library | None, list[tuple[Any, str, str]]]:
    """The library of a folder, and everything wrong with it; None where it cannot be used."""
    faults = Faults()
    names = _names(folder)
    scope: Scope | None = None
    second: SecondReader | None = None
    hours: Hours | None = None
    lists: dict[str, Rows] = {}
    facts = Facts()
    topics: list[Topic] = []
    places: list[Place] = []
    for name in names:
        data = contents(folder.joinpath(name), MOST_OF_PACK, name)
        if name == MODEL:
            second = SecondReader.read(data)
            continue
        document = read(name, data)
        place = Place(document, faults)
        if name == SCOPE:
            scope = _scope(document.tree, place)
        elif name == FACTS:
            facts = load_facts(document.tree, place)
        elif name == HOURS:
            hours = load_hours(document.tree, place, _texts)
        elif (load := _LISTS.get(str(document.tree.get("reads")))) is not None:
            lists[name] = load(document.tree, place, _texts)
        else:
            places.append(place)
            topics.append(_topic(document.tree, place, name, folder.joinpath(name)))
    for topic, place in zip(topics, places, strict=True):
        if scope is not None and topic.subject and topic.subject not in scope.subjects:
            told = f"可用：{'、'.join(scope.subjects)}"
            (place / "subject").fault(f"{SCOPE} 里没有叫 {topic.subject} 的一方", told)
    placed = list(faults.placed())
    if placed or scope is None:
        return None, placed
    return Library(scope, tuple(topics), digest_of(folder), facts, second, hours, lists), []


def _scope(tree: Any, at: Place) -> Scope:
    keys = ("id", "title", "groups", "sections", "subjects")
    d = mapping(tree, at, keys, keys)
    return Scope(
        _lists(d.get("groups"), at / "groups", GROUPS),
        _lists(d.get("sections"), at / "sections", SECTIONS),
        _lists(d.get("subjects"), at / "subjects", None),
    )


def _lists(tree: Any, at: Place, names: Sequence[str] | None) -> dict[str, tuple[str, ...]]:
    d = mapping(tree or {}, at, names if names is not None else list(tree or {}), names or ())
    return {str(name): _texts(words, at / name) for name, words in d.items()}


def _texts(tree: Any, at: Place) -> tuple[str, ...]:
    if tree is None:
        return ()
    if not isinstance(tree, list):
        at.fault("这里应当是一列文字")
        return ()
    return tuple(text(item, at / i).strip() for i, item in enumerate(tree))


_TOPIC: Final = (
    "id",
    "title",
    "subject",
    "words",
    "patterns",
    "near_misses",
    "opposites",
    "cases",
)


def _topic(tree: Any, at: Place, name: str, path: Path | Traversable) -> Topic:
    d = mapping(tree, at, _TOPIC, ("id", "title", "patterns", "cases"))
    own = name.removesuffix(".yaml")
    if text(d.get("id"), at / "id") != own:
        (at / "id").fault(f"编号 {d.get('id')} 与文件名 {own} 不同")
    words = _lists(d.get("words"), at / "words", None)
    patterns = _lists(d.get("patterns"), at / "patterns", None)
    for tier, lines in patterns.items():
        if tier not in _PATTERNS:
            (at / "patterns" / tier).fault(f"没有“{tier}”这一档", f"可用：{'、'.join(_PATTERNS)}")
        for i, line in enumerate(lines):
            _sound(line, words, at / "patterns" / tier / i)
    near_misses = _texts(d.get("near_misses"), at / "near_misses")
    for i, line in enumerate(near_misses):
        _sound(line, words, at / "near_misses" / i)
    opposites = _texts(d.get("opposites"), at / "opposites")
    for i, line in enumerate(opposites):
        _sound(line, words, at / "opposites" / i)
    cases = mapping(d.get("cases") or {}, at / "cases", ("match", "near"), ("match", "near"))
    return Topic(
        own,
        text(d.get("title"), at / "title", own),
        {tier: patterns[tier] for tier in _PATTERNS if tier in patterns},
        words,
        near_misses,
        opposites,
        text(d.get("subject"), at / "subject") if d.get("subject") is not None else "",
        tuple(_cases(cases.get("match"), at / "cases" / "match", True)),
        tuple(_cases(cases.get("near"), at / "cases" / "near", False)),
        path,
    )


def _sound(line: str, words: Mapping[str, Sequence[str]], at: Place) -> None:
    try:
        expression(line, words)
    except TemplateError as error:
        at.fault(str(error))


def _cases(tree: Any, at: Place, found: bool) -> Iterator[Case]:
    if not isinstance(tree, list) or len(tree) < 3:
        at.fault("至少要写三例")
        return
    for i, one in enumerate(tree):
        if isinstance(one, str):
            yield Case(one, "planned" if found else "", "", i)
            continue
        d = mapping(one, at / i, ("text", "polarity", "tier"), ("text",))
        polarity = str(d.get("polarity") or ("planned" if found else ""))
        tier = str(d.get("tier") or "")
        if polarity and polarity not in POLARITIES:
            hint = f"可用：{'、'.join(POLARITIES)}"
            (at / i / "polarity").fault(f"没有“{polarity}”这一种", hint)
        if tier and tier not in TIERS:
            (at / i / "tier").fault(f"没有“{tier}”这一档", f"可用：{'、'.join(TIERS)}")
        yield Case(text(d.get("text"), at / i / "text"), polarity, tier, i)
