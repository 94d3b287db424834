"""A 通报 as text, page, Word document, table and JSON; in Chinese, as official texts are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kehou.inspection.circular import OTHER, Circular, Group, Open, Problem, Told, Unadopted
from kehou.inspection.worksheets import SUBJECT, SUBJECTS, place_told
from kehou.model.nouns import dated
from kehou.render import Document
from kehou.render.office import Paragraph, title_of
from kehou.render.programs import cell, dumps
from kehou.render.words import NUMERALS, Words, catalogue, safe, visible
from kehou.render.words.report_packs import words_of

if TYPE_CHECKING:
    from kehou.packs import Pack

#: Every format; each function is given the circular and its texts.
FORMATS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "text": Document("inspection.circular_formats", "text"),
        "json": Document("inspection.circular_formats", "json"),
        "html": Document("inspection.circular_formats", "html"),
        "docx": Document("inspection.circular_formats", "docx", binary=True),
        "csv": Document("inspection.circular_formats", "table"),
    }
)
#: The columns of the problem list with their widths in mm.
_COLUMNS = {
    "number": 11,
    "whose": 30,
    "problem": 66,
    "clauses": 44,
    "evidence": 26,
    "severity": 16,
    "due": 16,
    "mended": 16,
}
#: Of whom one thing is told in the text, so many are named.
_NAMED = 12
_INDENT = {"Body": "    ", "Heading1": "  ", "Heading2": "  "}


class Texts:
    """The words of a circular, with the nouns of the packs, and by which policies it is issued."""

    def __init__(
        self,
        packs: Mapping[str, Pack],
        titles: Sequence[str] = (),
        periods: Iterable[Mapping[str, str]] = (),
    ) -> None:
        self.words: Words = catalogue.official(dated(words_of(packs), periods))
        #: The policies of the packs; what the reports call the packs where there are none.
        self.policies = [pack.policy_title for pack in packs.values()] or list(titles)

    @property
    def title(self) -> Paragraph:
        """What the circular is called."""
        return title_of(self.words["circular.title"])

    def say(self, key: str, **slots: object) -> str:
        """A text of the catalogue, by its key after ``circular.``, with its slots filled."""
        return self.words[f"circular.{key}"].format(**slots)

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the problem list."""
        return tuple(self.say(f"column.{name}") for name in _COLUMNS)

    def due(self, found: Circular) -> str:
        """The day by which problems are put right, or room for it."""
        return self.day(found.due) if found.due else self.say("due")

    def day(self, date: str) -> str:
        """A date in words."""
        year, month, day = (int(part) for part in date.split("-"))
        return self.words["opinion.day"].format(year=year, month=month, day=day)

    def opening(self, found: Circular) -> str:
        """By which policies what was done, and from which day to which."""
        titles = (self.say("pack", title=safe(title)) for title in self.policies)
        policies = self.words["list"].join(titles)
        if not found.days:
            return self.say("opening", packs=policies)
        days = self.say("until").join(map(self.day, found.days))
        return self.say("opening_on", packs=policies, days=days)


def texts_of(packs: Mapping[str, Pack], told: Sequence[Told]) -> Texts:
    """The texts of a circular on reports that were made by these packs."""
    return Texts(packs, told[0].titles if told else (), [one.period for one in told])


def docx(found: Circular, texts: Texts) -> bytes:
    """The circular as a Word document, the problem list annexed."""
    from kehou.render.office import Table, letter

    rows = (tuple(row) for row in _rows(found, texts))
    annex = Table(texts.say("list"), texts.heads, rows, tuple(_COLUMNS.values()), (0, 5, 6))
    annexes = [annex] if found.problems else []
    office = list(_for_the_office(found, texts))
    if office:
        head, *lines = office
        told = [(line,) for line in lines]
        annexes.append(Table(head, (texts.say("office_head"),), told, (226,), numbered=False))
    return letter(paragraphs(found, texts), texts.title.text, texts.words, annexes)


def html(found: Circular, texts: Texts) -> str:
    """The circular as a page."""
    from kehou.render.page import page

    return page(
        "circular.html.j2",
        texts.words,
        texts.title.text,
        paragraphs=list(paragraphs(found, texts)),
        heads=texts.heads,
        rows=list(_rows(found, texts)),
        office=list(_for_the_office(found, texts)),
    )


def paragraphs(found: Circular, texts: Texts) -> Iterator[Paragraph]:
    """All of the circular but its annexes, paragraph by paragraph."""
    words, say, numerals = texts.words, texts.say, NUMERALS["zh"]
    yield Paragraph("Number", words["opinion.number"])
    yield texts.title
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", say("addressee"))
    yield Paragraph("Body", texts.opening(found))
    yield Paragraph("Heading1", numerals.first(1) + say("section.overview"))
    yield Paragraph("Body", _overview(found, texts))
    yield Paragraph("Heading1", numerals.first(2) + say("section.good"))
    yield Paragraph("Body", say("to_be_written"))
    yield Paragraph("Heading1", numerals.first(3) + say("section.problems"))
    for number, (area, title) in enumerate(found.areas.items(), 1):
        head = safe(title) if area != OTHER else say("other")
        yield Paragraph("Heading2", numerals.second(number) + head)
        mine = found.groups(area)
        for n, group in enumerate(mine, 1):
            yield Paragraph("Body", f"{numerals.third(n)}{_group(group, texts)}")
        if not mine:
            yield Paragraph("Body", say("nothing"))
    yield Paragraph("Heading1", numerals.first(4) + say("section.demand"))
    yield Paragraph("Body", say("demand", due=texts.due(found)))
    yield Paragraph("Attachments", say("attachments"))
    yield Paragraph("Attachment", say("attachment"))
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])


def _overview(found: Circular, texts: Texts) -> str:
    told = texts.say(
        "overview",
        all=len(found.submitters),
        named=found.named,
        problems=found.breaches,
        places=_places(found, texts),
        doubtful=found.doubtful,
        untold=found.untold,
    )
    if found.clean:
        names = texts.words["semicolon"].join(_clean(found.clean, texts))
        told += texts.say("clean", n=len(found.clean), names=names)
    if found.refused:
        names = texts.words["semicolon"].join(
            texts.say("refused_one", who=safe(one.submitter.name, 80), n=one.refused)
            for one in found.refused
        )
        told += texts.say("refused", n=len(found.refused), names=names)
    if found.unread:
        told += texts.say("unread", all=len(found.submitters), n=len(found.unread))
    if found.doubled:
        told += texts.say("doubled_n", n=len(found.doubled))
    if found.twice:
        told += texts.say("twice_n", n=len(found.twice))
    if found.absent:
        names = texts.words["list"].join(safe(name, 80) for name in found.absent)
        told += texts.say("absent", n=len(found.absent), names=names)
    return told


def _places(found: Circular, texts: Texts) -> str:
    """How many rows the annex has, where one thing is broken in several places."""
    rows = len(found.problems)
    return texts.say("places", n=rows) if rows > found.breaches else ""


def _clean(found: Sequence[Open], texts: Texts) -> Iterator[str]:
    """Submitters without problems, those of whom as much is still open together."""
    alike: dict[str, list[str]] = {}
    for one in found:
        alike.setdefault(_left(one, texts), []).append(safe(one.submitter.name, 80))
    for left, names in alike.items():
        some = len(names) > 1 and left != texts.say("open.nothing")
        key = "clean_many" if some else "clean_one"
        yield texts.say(key, who=texts.words["list"].join(names), left=left)


def _left(one: Open, texts: Texts) -> str:
    """What is still open of a submitter."""
    counts = (
        ("review", one.review),
        ("insufficient", one.insufficient),
        ("not_judged", one.not_judged),
        ("unread", one.unread),
    )
    left = [texts.say(f"open.{name}", n=n) for name, n in counts if n]
    return texts.words["list"].join(left) if left else texts.say("open.nothing")


def _for_the_office(found: Circular, texts: Texts) -> Iterator[str]:
    """What is not for publication: whose papers could not be read, by the folder they came in,
    and of whom several reports came.
    """
    late = [(one, one.unadopted) for one in found.told if one.unadopted]
    several = [(who, files, "doubled") for who, files in found.doubled]
    several += [(who, files, "twice") for who, files in found.twice]
    if not (found.unread or several or late):
        return
    yield texts.say("office")
    for n, one in enumerate(found.unread, 1):
        why = _fault(one.fault, texts) if one.fault else texts.say("nothing_judged")
        path = safe(one.path)
        known = safe(one.name, 80)
        who = f"{known}  {path}" if known else path
        yield texts.say("office_line", n=n, who=who, why=safe(why))
    for n, (whose, files, key) in enumerate(several, len(found.unread) + 1):
        why = texts.say(key, files=texts.words["list"].join(map(safe, files)))
        yield texts.say("office_line", n=n, who=safe(whose, 80), why=why)
    before = len(found.unread) + len(several)
    for n, (one, left) in enumerate(late, before + 1):
        who = safe(one.name or one.path, 80)
        yield texts.say("office_line", n=n, who=who, why=unadopted_told(left, texts))


def unadopted_told(left: Unadopted, texts: Texts) -> str:
    """How many attestations were not adopted, why, and what mends it."""
    told = texts.say("unadopted", n=left.count) + texts.words["comma"]
    if left.latest:
        return told + texts.say("unadopted_late", latest=left.latest, day=left.day)
    return told + texts.say("unadopted_other")


def _fault(fault: Mapping[str, Any], texts: Texts) -> str:
    """A fault of reading as a report tells it, with its place and the way out."""
    told = [
        fault["found"] or fault["allowed"],
        place_told(fault["location"], texts.words),
        fault["hint"],
    ]
    return texts.words["comma"].join(part for part in told if part)


def _said(problem: Problem, texts: Texts) -> str:
    """What is wrong, as an inspector saw it or a rule says, and how often."""
    text = texts.say("seen", seen=problem.text) if problem.seen else problem.text
    return text + (texts.say("many", n=problem.count) if problem.count > 1 else "")


def _group(group: Group, texts: Texts) -> str:
    """One kind of problem with the clause's words, and of whom it is told; alike words once."""
    first, told = group.first, dict[str, list[str]]()
    for problem in group.problems:
        told.setdefault(safe(_said(problem, texts)).rstrip("。；"), []).append(
            safe(problem.submitter, 80)
        )
    lines = [
        texts.say("line", who=_names(list(dict.fromkeys(who)), texts), text=text)
        for text, who in told.items()
    ]
    return texts.say(
        "group" if first.title else "group_seen",
        title=safe(first.title).rstrip("。"),
        citation=first.citation,
        quote=first.quote,
        n=group.submitters,
        lines=texts.words["semicolon"].join(lines),
    )


def _names(who: Sequence[str], texts: Texts) -> str:
    """Of whom something is told; of many the first, for the annex has a row for each."""
    names = texts.words["list"].join(who[:_NAMED])
    return names if len(who) <= _NAMED else texts.say("and_others", names=names, n=len(who))


def _rows(found: Circular, texts: Texts) -> Iterator[list[str]]:
    """The problem list, a row a problem."""
    words = texts.words
    for problem in found.problems:
        yield [
            str(problem.number),
            safe(problem.submitter, 80),
            safe(_said(problem, texts)),
            problem.citation,
            safe(problem.evidence),
            words[f"severity.{problem.severity.value}"],
            texts.due(found),
            "",
        ]


def text(found: Circular, texts: Texts) -> str:
    """The circular as plain text, the problem list below."""
    lines = [_INDENT.get(p.style, "") + p.text for p in paragraphs(found, texts)]
    lines += ["", f"{texts.say('annex')}  {texts.say('list')}", "  ".join(texts.heads)]
    lines += ["  ".join(row) for row in _rows(found, texts)]
    office = list(_for_the_office(found, texts))
    lines += ["", *office] if office else []
    lines += ["", texts.words["page.footer"]]
    return "".join(visible(line) + "\n" for line in lines)


def table(found: Circular, texts: Texts) -> str:
    """The problem list as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(texts.heads)
    for row in _rows(found, texts):
        writer.writerow([cell(one) for one in row])
    return "\ufeff" + out.getvalue()


def _not_adopted(found: Circular) -> list[dict[str, object]]:
    """Of whom attestations were not adopted."""
    return [
        {
            "id": one.submitter.id,
            "name": one.submitter.name,
            "attestations": one.unadopted.count,
            "fail": one.unadopted.refused,
            "latest": one.unadopted.latest or None,
        }
        for one in found.told
        if one.unadopted
    ]


def json(found: Circular, texts: Texts) -> str:
    """The circular for programs."""
    other = texts.say("other")
    return dumps(
        {
            "format": "kehou-circular/1",
            SUBJECTS: [{"id": s.id, "name": s.name} for s in found.submitters],
            "doubtful": found.doubtful,
            "untold": found.untold,
            "due": found.due,
            "groups": [
                {
                    "rule": group.first.rule,
                    "title": group.first.title,
                    "area": area if area != OTHER else other,
                    "clauses": list(group.first.clauses),
                    SUBJECTS: list(dict.fromkeys(p.submitter_id for p in group.problems)),
                    "problems": [p.number for p in group.problems],
                }
                for area in found.areas
                for group in found.groups(area)
            ],
            "without_problems": [
                {
                    "id": one.submitter.id,
                    "name": one.submitter.name,
                    "review": one.review,
                    "insufficient": one.insufficient,
                    "not_judged": one.not_judged,
                    "unread": one.unread,
                }
                for one in found.clean
            ],
            "not_adopted": _not_adopted(found),
            "nothing_judged": [
                {"path": one.path, "name": one.submitter.name} for one in found.unread
            ],
            "doubled": [{"name": whose, "files": list(files)} for whose, files in found.doubled],
            "problems": [
                {
                    "number": p.number,
                    SUBJECT: {"id": p.submitter_id, "name": p.submitter},
                    "area": p.area if p.area != OTHER else other,
                    "text": _said(p, texts),
                    "clauses": list(p.clauses),
                    "evidence": p.evidence or None,
                    "severity": p.severity.value,
                    "rule": p.rule,
                    "fingerprint": p.fingerprint,
                }
                for p in found.problems
            ],
        }
    )
