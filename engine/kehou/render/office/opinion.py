"""The text of a 核查意见, paragraph by paragraph.

kehou is no issuing organ: who issues it, its number and its date are placeholders, and so is
what a report does not know (submitter year, term, the day of receipt). Every part is there, with 无
where it has nothing to say, so that its numbers are always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from kehou.model.outcomes import Owner, Severity, Stage
from kehou.model.report import Finding, Report, RuleResult
from kehou.render.words import digest_told, gaps, statement
from kehou.render.words.digest import Digest, Open, Problem, Seen, Unread, digest
from kehou.render.words.digest_told import waived_of
from kehou.render.words.numerals import Numerals
from kehou.render.words.papers import Paper
from kehou.render.words.summary import summarise
from kehou.render.words.visible_text import shortened
from kehou.render.words.wording import (
    Words,
    asked,
    assumed,
    decided,
    fault_told,
    further_reasons,
    located,
)

#: The most that is told in the body; the annex has every rule.
_SEEN = 10
_ITEMS = 200
_REASONS = 10
_ENDS = "。；.; "


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style in ``reports/opinion.styles.xml`` and its text.

    A line of it ends between ``units`` alone, where it has any: a title breaks in no word.
    """

    style: str
    text: str
    units: tuple[str, ...] = ()


def title_of(template: str, **slots: object) -> Paragraph:
    """A title of a template in which ``|`` stands where a line may end."""
    units = tuple(filter(None, (unit.format(**slots) for unit in template.split("|"))))
    return Paragraph("Title", "".join(units), units)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table in the letter itself: heads, rows of as many cells, and widths in mm (156 in all)."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = (34, 84, 38)


Part = Paragraph | Rows


def parts(
    report: Report, words: Words, numerals: Numerals, *, annexed: bool = False
) -> Iterator[Part]:
    """All of the opinion; ``annexed`` where its annexes follow."""
    subject = statement.safe(report.submission.name or "〔" + words["page.whose"] + "〕", 80)
    yield Paragraph("Number", words["opinion.number"])
    yield title_of(words[f"opinion.title.{report.run.stage.value}"], subject=subject)
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", words["opinion.addressee"].format(subject=subject))
    yield Paragraph("Body", _opening(report, words))
    found = digest(report)
    sections: Sequence[tuple[str, Iterable[Part]]] = (
        ("overview", _overview(report, words)),
        (f"fail.{report.run.stage.value}", _problems(_certain(found), report, words, numerals)),
        ("review", _doubts(found, report, words, numerals)),
        ("missing", _missing(found, words, numerals)),
        ("advice", _advice(report, found, words, numerals)),
        ("other", _other(report, found, words, numerals)),
    )
    if not report.results:
        again = Paragraph("Body", words["opinion.again"])
        sections = (("unread", _missing(found, words, numerals)), ("demand", [again]))
    for number, (name, inside) in enumerate(sections, 1):
        yield Paragraph("Heading1", numerals.first(number) + words[f"opinion.section.{name}"])
        told = list(inside)
        yield from told or [Paragraph("Body", words["opinion.none"])]
    if annexed:
        first, second = words["sheet.table"], words["sheet.grounds"]
        yield Paragraph("Attachments", words["opinion.attachments"].format(first=first))
        yield Paragraph("Attachment", words["opinion.attachment"].format(second=second))
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])


def _opening(report: Report, words: Words) -> str:
    if not report.results:  # nothing could be read: nothing was held against anything
        return words["opinion.unread"]
    inspected = report.run.stage is Stage.INSPECTION
    told = words["opinion.nothing_received"] if inspected else ""
    if report.submission.content_sha256:
        key = "opinion.hash.inspection" if inspected else "opinion.hash"
        told = words[key].format(hash=report.submission.content_sha256[:16])
    packs = [words["opinion.pack"].format(title=p.title or p.id) for p in report.packs.used]
    day = report.run.check_date
    return words[f"opinion.opening.{report.run.stage.value}"].format(
        hash=told,
        inspected=_day(day, words) if day else words["opinion.inspected_on"],
        packs=statement.safe(words["list"].join(packs)),
        as_of=_day(report.run.as_of, words),
    )


def _day(date: str, words: Words) -> str:
    """An ISO date as an official text writes it: 2021年9月1日, without zeros."""
    parts = date.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return words["page.unknown_date"]
    year, month, day = map(int, parts)
    return words["opinion.day"].format(year=year, month=month, day=day)


def _overview(report: Report, words: Words) -> Iterator[Paragraph]:
    """Every outcome with its number, zeros too, and what is recommended and why."""
    summary = summarise(report)
    read = [r for r in report.results if r.only_read and r.severity is not Severity.ADVICE]
    rules = {**summary.rules, "fail": summary.breaches - len(read)}
    counts = words["opinion.counts"].format(
        **{**rules, "review": rules["review"] + len(read)},
        total=sum(summary.rules.values()) + len(summary.seen),
        red=summary.red_lines - sum(r.severity is Severity.CRITICAL for r in read),
        advised=sum(summary.advice_rules.values()),
        advice=summary.advice,
        later=summary.not_at_this_stage,
    )
    whose = gaps.counted(summary.gaps, words)
    if read:
        counts += words["opinion.counts.only_read"].format(n=len(read))
    yield Paragraph("Body", counts + (whose + words["opinion.stop"].rstrip() if whose else ""))
    for sentence in statement.foremost(report, words):
        yield Paragraph("Body", sentence)
    if report.submission.faults:
        yield Paragraph("Body", words["opinion.faulty"].format(n=len(report.submission.faults)))
    if report.decision is None:
        return
    told = words["opinion.decision"].format(decision=decided(report.decision, words))
    reasons = [_bare(reason) for reason in further_reasons(report)]
    if reasons:
        listed = words["semicolon"].join(reasons[:_REASONS])
        if len(reasons) > _REASONS:
            listed += words["opinion.more_reasons"].format(n=len(reasons))
        told += words["opinion.reasons"].format(reasons=listed)
    yield Paragraph("Body", told + words["opinion.decided_by"])


# --- problems ------------------------------------------------------------------------------


def _certain(found: Digest) -> list[Problem]:
    """The breaches that somebody stands for."""
    breaches = (p.certain for p in found.problems if p.heading == "fail")
    return [problem for problem in breaches if problem is not None]


def _doubts(found: Digest, report: Report, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """What is in doubt; then what only a program read from prose, for which nothing is returned."""
    doubts = [p for p in found.problems if p.heading in ("review", "error", "insufficient")]
    yield from _problems(doubts, report, words, numerals, "review")
    read = [r for p in found.problems if p.heading == "fail" and (r := p.only_read) is not None]
    if read:
        yield Paragraph("Body", words["opinion.only_read"].format(n=len(read)))
        yield from _problems(read, report, words, numerals)


def _problems(
    members: Sequence[Problem],
    report: Report,
    words: Words,
    numerals: Numerals,
    heading: str = "fail",
) -> Iterator[Paragraph]:
    """Problems in one order, the gravest first; of more than are told, how many are left."""
    for number, problem in enumerate(members[:_ITEMS], 1):
        yield from _item((number, heading), problem, report, words, numerals)
    if len(members) > _ITEMS:
        more = words["opinion.left"].format(n=len(members) - _ITEMS)
        yield Paragraph("Body", more)


def _item(
    at: tuple[int, str], problem: Problem, report: Report, words: Words, numerals: Numerals
) -> Iterator[Paragraph]:
    """A problem: what was found and where, what is asked, by which words, and how to mend it.

    ``at`` is its number and the outcome that the section is for.
    """
    (number, heading), prefix = at, ""
    if problem.heading != heading:
        prefix = words[f"outcome.{problem.heading}"] + words["colon"]
    checked = words["opinion.checked"].format(
        title=digest_told.titles(problem.results, words),
        severity=words[f"severity.{problem.severity.value}"],
    )
    mark = numerals.third(number) + prefix
    end = words["opinion.stop"].rstrip()
    if len(problem.seen) == 1:
        said = _sentence(problem.seen[0], problem, words) + words["opinion.stop"]
        yield Paragraph("Body", mark + said + checked + _grounds(problem, report, words))
        return
    many = words["opinion.found_many"].format(n=problem.count) if problem.seen else ""
    yield Paragraph("Body", mark + checked + many)
    for n, one in enumerate(problem.seen[:_SEEN], 1):
        yield Paragraph("Body", numerals.fourth(n) + _sentence(one, problem, words) + end)
    if len(problem.seen) > _SEEN:
        left = sum(one.count for one in problem.seen[_SEEN:])
        yield Paragraph("Body", words["opinion.left_places"].format(n=left))
    yield Paragraph("Body", _grounds(problem, report, words))


def _sentence(one: Seen, problem: Problem, words: Words) -> str:
    """What was found, with the places; its outcome where it is not the problem's."""
    prefix = ""
    if one.outcome.value != problem.heading and problem.heading != "advice":
        prefix = words[f"outcome.{one.outcome.value}"] + words["colon"]
    told = [digest_told.places_told(one.where, words)] if one.where else []
    if one.count > 1:
        told.append(digest_told.many(one, words))
    shown = statement.safe(words["semicolon"].join(told))
    at = words["opinion.at"].format(place=shown) if told else ""
    return prefix + _bare(one.message or words["cannot_tell"]) + at


def _grounds(problem: Problem, report: Report, words: Words) -> str:
    clauses = words["semicolon"].join(
        words["quoted"].format(citation=c.citation, quote=c.quote) for c in problem.clauses
    )
    told = words["opinion.ground"].format(clauses=clauses) if clauses else ""
    if problem.assumptions:
        named = [_bare(text) for text in assumed(problem.assumptions[:_SEEN], report)]
        told += words["opinion.assumed"].format(assumptions=words["semicolon"].join(named))
    if problem.remedies:
        remedies = dict.fromkeys(_bare(text) for text in problem.remedies[:_SEEN])
        told += words["opinion.remedy"].format(remedy=words["semicolon"].join(remedies))
    return told.rstrip()


def _advice(report: Report, found: Digest, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """What is only advised, a paragraph each; and how much of it waits for papers."""
    end = words["opinion.stop"].rstrip()
    for n, problem in enumerate(found.advice[:_ITEMS], 1):
        said = words["semicolon"].join(_sentence(one, problem, words) for one in problem.seen)
        remedies = words["semicolon"].join(dict.fromkeys(map(_bare, problem.remedies)))
        told = words["semicolon"].join(part for part in (said, remedies) if part)
        title = _bare(digest_told.titles(problem.results, words))
        line = title + words["colon"] + told if told else title
        yield Paragraph("Body", numerals.third(n) + line + end)
    waiting = summarise(report).advice - sum(len(problem.results) for problem in found.advice)
    if waiting > 0:
        yield Paragraph("Body", words["opinion.advice_waits"].format(n=waiting))


# --- what is missing, and the rest ---------------------------------------------------------


def _missing(found: Digest, words: Words, numerals: Numerals) -> Iterator[Part]:
    """What to hand in, by paper, what matters most first; then what could not be read."""
    number = count(1)
    wanted = digest_told.papers_by(found, Owner.SUBJECT)
    if wanted:
        if found.unread:
            yield Paragraph("Heading2", numerals.second(next(number)) + words["opinion.supply"])
        yield Paragraph("Body", words["opinion.missing_intro"].format(n=len(wanted)))
        yield Rows(
            (words["digest.paper"], words["digest.paper.lacks"], words["digest.paper.where"]),
            tuple(_row(n, paper, words) for n, paper in enumerate(wanted, 1)),
        )
    if not found.unread:
        return
    yield Paragraph("Heading2", numerals.second(next(number)) + words["opinion.faults"])
    for n, one in enumerate(found.unread[:_ITEMS], 1):
        yield Paragraph("Body", numerals.third(n) + _unread(one, words))
    if len(found.unread) > _ITEMS:
        left = len(found.unread) - _ITEMS
        yield Paragraph("Body", words["opinion.left"].format(n=left))
    if found.waiting:
        rest = words["digest.unread.rest"].format(n=len(found.waiting))
        yield Paragraph("Body", rest + words["opinion.stop"].rstrip())


def _row(number: int, paper: Paper, words: Words) -> tuple[str, str, str]:
    needed = digest_told.rules_told(paper, words)
    if paper.red_lines:
        needed += words["red_lines"].format(n=len(paper.red_lines))
    needed = words["digest.paper.needed"].format(rules=needed)
    lacks = "\n".join((*digest_told.entries_told(paper, words), needed))
    return (
        f"{number}. {statement.safe(paper.title)}",
        lacks,
        statement.safe(digest_told.under(paper, words)),
    )


def _unread(one: Unread, words: Words) -> str:
    """A place that could not be read, how to write it, and how much waits for it."""
    told = [_bare(fault_told(one.fault, words))]
    if one.fault.hint:
        told.append(_bare(shortened(asked(one.fault.hint, words), 300)))
    if one.results:
        told.append(words["digest.unread.waits"].format(n=len(one.results)))
    place = statement.safe(located(one.fault.location, words), 200)
    return words["opinion.fault"].format(place=place, told=words["semicolon"].join(told))


def _other(report: Report, found: Digest, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """What is not for the submitter to add, what is excused, and what is to be said besides."""
    notes = statement.waiver_notes(report, words, placed=False)
    excused = [_excused(result, finding, words) for result, finding in waived_of(report)]
    lists = (
        ("authority", _papers_told(found, Owner.AUTHORITY, words)),
        ("visit", _papers_told(found, Owner.VISIT, words)),
        ("not_judged", [_waits(one, words) for one in found.open]),
        ("waived", excused),
        ("notes", [_bare(note) for note in notes]),
    )
    number = count(1)
    for name, told in lists:
        if not told:
            continue
        head = words[f"opinion.item.{name}"]
        end = words["opinion.stop"].rstrip()
        if name in ("authority", "visit"):
            whole = words["colon"] + words["semicolon"].join(told) + end
            yield Paragraph("Body", numerals.second(next(number)) + head + whole)
            continue
        yield Paragraph("Heading2", numerals.second(next(number)) + head)
        for n, text in enumerate(told[:_ITEMS], 1):
            yield Paragraph("Body", numerals.third(n) + text + end)
        if len(told) > _ITEMS:
            yield Paragraph("Body", words["opinion.left"].format(n=len(told) - _ITEMS))


def _papers_told(found: Digest, owner: Owner, words: Words) -> list[str]:
    told = []
    for paper in digest_told.papers_by(found, owner):
        names = [name for entry in paper.entries for name in entry.names]
        inside = "" if paper.whole else words["bracketed"].format(text=words["list"].join(names))
        rules = digest_told.rules_told(paper, words)
        told.append(
            paper.title + inside + words["comma"] + words["digest.paper.needed"].format(rules=rules)
        )
    return told


def _waits(one: Open, words: Words) -> str:
    names = words["list"].join(dict.fromkeys(map(_bare, one.titles)))
    because = _bare(one.because)
    return because if names == because else because + words["colon"] + shortened(names)


def _excused(result: RuleResult, finding: Finding | None, words: Words) -> str:
    """A rule that is waived, with what was found and who excused it."""
    title = _bare(result.title)
    if finding is None:
        return title
    told = (_bare(finding.message), statement.excuse(finding, words))
    return title + words["colon"] + words["semicolon"].join(part for part in told if part)


def _bare(text: str) -> str:
    """A text without its full stop, to stand inside a sentence."""
    return statement.safe(text).rstrip(_ENDS)
