"""What a paper says of each topic: every mention with its sense, its words and its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from kehou.documents import Paper, Paragraph, Sentence, paper, sentences
from kehou.readers.blocks import Block, Kind
from kehou.reading.library import TIERS, Library, Scope, Topic
from kehou.reading.scope import Sense, denies_itself, sense, sense_of
from kehou.reading.second_reader import SecondReader
from kehou.reading.templates import alternatives

#: What is quoted of a long sentence, in characters on each side of the mention.
_AROUND: Final = 120
#: Mentions of a topic that are looked at in one sentence; those of one sense are told once.
_MOST_IN_ONE: Final = 20
#: A clause with the comma that ends it.
_CLAUSE: Final = re.compile(r"[^,;]+[,;]?")
#: Cells of a row that are read together, and characters of them.
_MOST_CELLS: Final = 12
_LONGEST_ROW: Final = 200
#: Titles stand among so many first paragraphs.
_TITLES: Final = 3
#: Words between taking part and who does (参与课后服务的学生).
_NAMED_BY: Final = 8
_PLANNED: Final = Sense("planned")
#: Senses that a single word gives, which may be said of something else in the sentence.
_OF_A_WORD: Final = ("planned", "conditional", "reported", "rejected")
_STRONGER: Final = {tier: rank for rank, tier in enumerate(TIERS)}


@dataclass(frozen=True, slots=True)
class Statement:
    """A mention of a topic: the ``words`` found, as written.

    ``start`` and ``end`` are offsets of the words in the block's text as shown, ``quoted`` those
    of the quote; ``subject`` is who acts, empty where the sentence does not say.
    """

    topic: str
    polarity: str
    tier: str
    subject: str
    words: str
    quoted: tuple[int, int]
    section: str
    paragraph: int
    start: int
    end: int


def statements(made: Paper, library: Library) -> tuple[Statement, ...]:
    """Everything a paper says of the topics of a library, in reading order."""
    found: list[Statement] = []
    for paragraph in made.paragraphs:
        if paragraph.block.kind is Kind.FURNITURE:
            continue
        for sentence in sentences(paragraph.text):
            said = [
                one
                for topic in library.topics
                for one in _of_sentence(library.scope, topic, paragraph, sentence)
            ]
            if library.second is not None:
                said = _read_twice(library, library.second, paragraph, sentence, said)
            found += said
    if library.second is not None:
        found += _of_rows(made, library, library.second, found)
    return tuple(sorted(found, key=lambda one: (one.paragraph, one.start, one.end, one.topic)))


def _read_twice(
    library: Library,
    second: SecondReader,
    paragraph: Paragraph,
    sentence: Sentence,
    said: list[Statement],
) -> list[Statement]:
    """What both readings of a sentence say: explicit where they agree, else only suspicious.

    What the second reader alone takes for planned is asked about too, unless the sentence or what
    stands above it bans, asks or the like; of past, dropped and conditional doings only where the
    second reader is very sure.
    """
    text = paragraph.text[sentence.start : sentence.end]
    likely = second.planned(text.strip())
    known = {topic.name.replace("-", "_"): topic for topic in library.topics}
    whole = sense_of(library.scope, paragraph, sentence)
    threats = {topic.name for topic in library.topics if _threatens(library.scope, topic, text)}
    found = [
        _settled(
            one,
            _PLANNED if one.topic in threats and whole.polarity == "conditional" else whole,
            likely.get(one.topic.replace("-", "_"), 1.0),
            second,
        )
        for one in said
    ]
    for name, chance in likely.items():
        topic = known.get(name)
        if topic is None or chance < second.alone[name]:
            continue
        told = _bare(library.scope, topic, text)
        chance = _said_otherwise(library.scope, topic, second, told, text, chance)
        if chance < second.alone[name]:
            continue
        senses = {one.polarity for one in said if one.topic == topic.name}
        if "planned" in senses or (senses and chance < second.over):
            continue
        plain = whole == _PLANNED and not _is_title(paragraph)
        if plain or (whole.polarity in _OF_A_WORD and chance >= second.over):
            first, last = second.turns_on(text, name, told)
            place = (sentence.start + first, sentence.start + last)
            subject = _subject(library.scope, text)
            found.append(
                _statement(topic, paragraph, sentence, place, "planned", TIERS[-1], subject)
            )
    return found


def _of_rows(
    made: Paper, library: Library, second: SecondReader, found: list[Statement]
) -> Iterator[Statement]:
    """What the second reader takes for planned in rows of tables whose cells alone say nothing."""
    rows: dict[tuple[int, int], list[Paragraph]] = {}
    for paragraph in made.paragraphs:
        cell = paragraph.block.cell
        if paragraph.block.kind is Kind.CELL and cell is not None:
            rows.setdefault((cell.table, cell.row), []).append(paragraph)
    told = {(one.topic, one.paragraph) for one in found}
    for cells in rows.values():
        if not 1 < len(cells) <= _MOST_CELLS:
            continue
        if sum(len(one.text) for one in cells) > _LONGEST_ROW:
            continue
        text = "\t".join(one.text.strip() for one in cells)
        likely = second.planned(text)
        for topic in library.topics:
            name = topic.name.replace("-", "_")
            if name not in likely or likely[name] < second.alone[name]:
                continue
            if any((topic.name, one.index) in told for one in cells):
                continue
            parts = [second.planned(one.text.strip())[name] for one in cells]
            best = cells[max(range(len(cells)), key=parts.__getitem__)]
            senses = [sense_of(library.scope, one, Sentence(0, len(one.text))) for one in cells]
            if all(one == Sense("planned") for one in senses):
                place = (0, len(best.text))
                yield _statement(topic, best, Sentence(*place), place, "planned", TIERS[-1], "")


def _bare(scope: Scope, topic: Topic, text: str) -> list[str]:
    """The clauses of a sentence without those that say the contrary of a topic.

    Where nobody's doing is asked of, those that ban it do: whom a plan compels, it compels by bans.
    Of one whose doing is asked of, clauses in which others take part say nothing, nor do the words
    for with whom something is done.
    """
    contrary, forbid = topic.contrary, scope.words("forbid")

    def says_so(clause: str) -> bool:
        if contrary is not None and contrary.search(clause):
            return False
        if topic.subject:
            return not _others_take_part(scope, topic, clause)
        return forbid.search(clause) is None

    clauses = _CLAUSE.findall(_without_participants(scope, topic, text))
    return [clause for clause in clauses if says_so(clause)]


def _said_otherwise(
    scope: Scope, topic: Topic, second: SecondReader, left: list[str], text: str, chance: float
) -> float:
    """How likely a sentence plans a topic, by the clauses that are left of it.

    One about a whole area that does not name whose doing is asked of must be surer.
    """
    if not left:
        return 0.0
    if "".join(left) != text:
        chance = second.planned("".join(left).strip())[topic.name.replace("-", "_")]
    if topic.subject and chance < second.over and scope.words("area").search(text):
        named = {match.lastgroup for match in scope.who.finditer(text)}
        return chance if topic.subject in named else 0.0
    return chance


def _others_take_part(scope: Scope, topic: Topic, clause: str) -> bool:
    """Whether those who take part, in a clause, are named and are others than a topic's subject."""
    part = scope.words("takes_part").search(clause)
    if part is None or scope.words("light").search(clause[: part.start()][-1:]):
        return False
    return _subject(scope, clause[: part.start()]) not in ("", topic.subject)


def _without_participants(scope: Scope, topic: Topic, text: str) -> str:
    """A text without the words that only say with which of a topic's subjects something is done."""
    if not topic.subject:
        return text
    toward, part = scope.words("toward").pattern, scope.words("takes_part").pattern
    named = alternatives(scope.subjects[topic.subject])
    words = rf"({toward})(?:{part})[^,;]{{0,{_NAMED_BY}}}的(?={named})"
    return re.sub(words, r"\1", text)


def _settled(one: Statement, whole: Sense, chance: float, second: SecondReader) -> Statement:
    """What the patterns took for planned, where the second reader does not.

    The sense of the whole sentence then counts; where that is a plan too, it is only suspicious.
    """
    if one.polarity != "planned" or chance >= second.limit:
        return one
    if whole.polarity != "planned":
        return replace(one, polarity=whole.polarity)
    return replace(one, tier=TIERS[-1])


def _is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph is one of the first lines and no sentence."""
    return paragraph.index < _TITLES and "。" not in paragraph.text


def said_in(text: str, library: Library, topic: Topic) -> tuple[Statement, ...]:
    """What one text says of one topic, as the cases of its file are run."""
    blocks = [Block(Kind.PARAGRAPH, line) for line in text.split("\n") if line.strip()]
    only = Library(library.scope, (topic,), library.sha256)
    return statements(paper("", blocks), only)


def strongest(found: Iterable[Statement]) -> Statement | None:
    """The statement that matters most: planned before others, explicit before suspicious."""
    return min(
        found, key=lambda one: (one.polarity != "planned", _STRONGER[one.tier]), default=None
    )


def _of_sentence(
    scope: Scope, topic: Topic, paragraph: Paragraph, sentence: Sentence
) -> Iterator[Statement]:
    """The mentions of a topic in a sentence, of those with one sense the first."""
    text = paragraph.text
    searched = _without_near_misses(topic, text[sentence.start : sentence.end])
    seen: set[tuple[str, str]] = set()
    for match in _matches(topic, searched):
        start, end = sentence.start + match.start(), sentence.start + match.end()
        subject = _subject(scope, text[sentence.start : end])
        anyone = match.re is topic.whoever
        if topic.subject and subject not in ("", topic.subject) and not anyone:
            continue
        what = sense(scope, paragraph, sentence, start, end)
        if what.polarity == "conditional" and _threatens(scope, topic, searched):
            what = Sense("planned", doubt=True)
        if what.polarity == "planned" and not topic.subject and denies_itself(scope, match[0]):
            what = Sense("forbidden")  # pupils are compelled by bans: 不得退出
        tier = TIERS[-1] if anyone else match.lastgroup or TIERS[-1]
        if what.doubt or (topic.subject and not subject):
            tier = TIERS[-1]
        if (what.polarity, tier) in seen:
            continue
        seen.add((what.polarity, tier))
        yield _statement(topic, paragraph, sentence, (start, end), what.polarity, tier, subject)


def _threatens(scope: Scope, topic: Topic, text: str) -> bool:
    """Whether what a sentence says to follow is for pupils: that compels by itself.

    What follows for staff who compelled them is none of their plans.
    """
    return bool(topic.subject) and scope.words("caught").search(text) is None


def _matches(topic: Topic, text: str) -> Iterator[re.Match[str]]:
    """What the patterns of a topic find in a sentence, those for any subject last."""
    yield from islice(topic.search.finditer(text), _MOST_IN_ONE)
    if topic.whoever is not None:
        yield from islice(topic.whoever.finditer(text), _MOST_IN_ONE)


def _without_near_misses(topic: Topic, text: str) -> str:
    """A text with what only looks like the topic blanked out, as long as before."""
    if topic.masks is None:
        return text
    return topic.masks.sub(lambda match: "□" * len(match[0]), text)


def _subject(scope: Scope, before: str) -> str:
    """Who acts: the last that is named up to the end of the mention."""
    named = [match.lastgroup or "" for match in scope.who.finditer(before)]
    return named[-1] if named else ""


def _statement(
    topic: Topic,
    paragraph: Paragraph,
    sentence: Sentence,
    place: tuple[int, int],
    polarity: str,
    tier: str,
    subject: str,
) -> Statement:
    shown = paragraph.block.shown
    start, end = paragraph.normal.original(*place)
    first = max(sentence.start, place[0] - _AROUND)
    last = min(sentence.end, place[1] + _AROUND)
    quoted = paragraph.normal.original(first, last)
    return Statement(
        topic.name,
        polarity,
        tier,
        subject,
        shown[start:end].replace("\n", ""),
        quoted,
        paragraph.section[-1] if paragraph.section else "",
        paragraph.index,
        start,
        end,
    )
