"""The text of a 核查意见, paragraph by paragraph.

kehou is no issuing organ: who issues it, its number and its date are placeholders, and so is
what a report does not know (submitter year, term, the day of receipt). Every part is there, with 无
where it has nothing to say, so that its numbers are always the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from kehou.model.outcomes import Outcome, Owner, Stage
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Location
from kehou.render.words import gaps, statement, table
from kehou.render.words.numerals import Numerals
from kehou.render.words.summary import groups, summarise
from kehou.render.words.visible_text import shortened
from kehou.render.words.wording import Words, asked, compact, dotted, fault_told, waiting

#: The most that is told in the body; the annex has every rule.
_FINDINGS = 10
_ITEMS = 200
_REASONS = 10
_RELATED = 5
_ENDS = "。；.; "


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style in ``reports/opinion.styles.xml`` and its text."""

    style: str
    text: str


def paragraphs(report: Report, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """All of the opinion but its annexes."""
    subject = statement.safe(report.submission.name or "〔" + words["page.whose"] + "〕", 80)
    yield Paragraph("Number", words["opinion.number"])
    yield Paragraph(
        "Title", words[f"opinion.title.{report.run.stage.value}"].format(subject=subject)
    )
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", words["opinion.addressee"].format(subject=subject))
    yield Paragraph("Body", _opening(report, words))
    grouped = groups(report)
    parts = (
        ("overview", _overview(report, words)),
        (
            f"fail.{report.run.stage.value}",
            _by_area(report, grouped.get("fail", []), words, numerals),
        ),
        ("review", _by_area(report, grouped.get("review", []), words, numerals)),
        ("missing", _missing(report, words, numerals)),
        ("advice", _by_area(report, grouped.get("advice", []), words, numerals)),
        ("other", _other(report, grouped, words, numerals)),
    )
    for number, (name, inside) in enumerate(parts, 1):
        yield Paragraph("Heading1", numerals.first(number) + words[f"opinion.section.{name}"])
        told = list(inside)
        yield from told or [Paragraph("Body", words["opinion.none"])]
    first, second = words["sheet.table"], words["sheet.grounds"]
    yield Paragraph("Attachments", words["opinion.attachments"].format(first=first))
    yield Paragraph("Attachment", words["opinion.attachment"].format(second=second))
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])


def _opening(report: Report, words: Words) -> str:
    inspected = report.run.stage is Stage.INSPECTION
    told = words["opinion.nothing_received"] if inspected else ""
    if report.submission.content_sha256:
        key = "opinion.hash.inspection" if inspected else "opinion.hash"
        told = words[key].format(hash=report.submission.content_sha256[:16])
    packs = [words["opinion.pack"].format(title=p.title or p.id) for p in report.packs.used]
    return words[f"opinion.opening.{report.run.stage.value}"].format(
        hash=told,
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
    counts = words["opinion.counts"].format(
        **summary.rules,
        total=sum(summary.rules.values()),
        red=summary.red_lines,
        advised=sum(summary.advice_rules.values()),
        advice=summary.advice,
        later=summary.not_at_this_stage,
    )
    whose = gaps.counted(summary.gaps, words)
    yield Paragraph("Body", counts + (whose + words["opinion.stop"].rstrip() if whose else ""))
    for sentence in statement.foremost(report, words):
        yield Paragraph("Body", sentence)
    if report.submission.faults:
        yield Paragraph("Body", words["opinion.faulty"].format(n=len(report.submission.faults)))
    if report.decision is None:
        return
    told = words["opinion.decision"].format(decision=words[f"decision.{report.decision.value}"])
    reasons = [_bare(r) for r in dict.fromkeys(r.because for r in report.decision.reasons)]
    if reasons:
        listed = words["semicolon"].join(reasons[:_REASONS])
        if len(reasons) > _REASONS:
            listed += words["opinion.more_reasons"].format(n=len(reasons))
        told += words["opinion.reasons"].format(reasons=listed)
    yield Paragraph("Body", told + words["opinion.decided_by"])


# --- rules by area -------------------------------------------------------------------------


def _by_area(
    report: Report, results: Sequence[RuleResult], words: Words, numerals: Numerals
) -> Iterator[Paragraph]:
    """Rules under the heads of sentence 78, in the pack's order; the gravest first in each."""
    areas = dict.fromkeys((*report.packs.areas, *(r.area for r in results)))
    number = count(1)
    for area in areas:
        members = [r for r in results if r.area == area]
        if not members:
            continue
        title = statement.safe(report.packs.areas.get(area, area))
        yield Paragraph("Heading2", numerals.second(next(number)) + title)
        for n, result in enumerate(members[:_ITEMS], 1):
            yield from _item(numerals.third(n), result, words, numerals)
        if len(members) > _ITEMS:
            more = words["opinion.missing_more"].format(n=len(members) - _ITEMS)
            yield Paragraph("Body", more)


def _item(number: str, result: RuleResult, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """A rule: what was found and where, what is asked, by which words, and how to mend it."""
    found = sorted(table.told(result), key=lambda f: list(Outcome).index(f.outcome))
    checked = words["opinion.checked"].format(
        title=statement.safe(result.title),
        severity=words[f"severity.{result.severity.value}"],
    )
    if len(found) == 1:
        told = _sentence(found[0], result, words) + words["opinion.stop"]
        yield Paragraph("Body", number + told + checked + _grounds(found, result, words))
        return
    if not found:
        yield Paragraph("Body", number + checked + _grounds(found, result, words))
        return
    many = words["opinion.found_many"].format(n=len(found))
    yield Paragraph("Body", number + checked + many)
    for n, finding in enumerate(found[:_FINDINGS], 1):
        told = _sentence(finding, result, words) + words["opinion.stop"].rstrip()
        yield Paragraph("Body", numerals.fourth(n) + told)
    if len(found) > _FINDINGS:
        yield Paragraph("Body", words["opinion.more"].format(n=len(found) - _FINDINGS))
    yield Paragraph("Body", _grounds(found, result, words))


def _sentence(finding: Finding, result: RuleResult, words: Words) -> str:
    """What was found, with the place; its outcome where it is not the rule's."""
    prefix = ""
    if finding.outcome is not result.outcome:
        prefix = words[f"outcome.{finding.outcome.value}"] + words["colon"]
    told = [_place(finding.location, words)] if finding.location else []
    places = dict.fromkeys(_place(place, words) for place in finding.related)
    related = [place for place in places if place not in told][:_RELATED]
    if related:
        told.append(words["opinion.related"].format(places=words["list"].join(related)))
    if finding.count > 1:
        told.append(words["opinion.alike"].format(n=finding.count))
    at = words["opinion.at"].format(place=words["semicolon"].join(told)) if told else ""
    return prefix + _bare(statement.message(finding, result, words)) + at


def _grounds(found: Sequence[Finding], result: RuleResult, words: Words) -> str:
    clauses = words["semicolon"].join(statement.clauses(result, words))
    told = words["opinion.ground"].format(clauses=clauses) if clauses else ""
    assumptions = list(dict.fromkeys(_bare(a) for f in found for a in f.assumptions))
    if assumptions:
        told += words["opinion.assumed"].format(
            assumptions=words["semicolon"].join(assumptions[:_FINDINGS])
        )
    remedies = list(dict.fromkeys(_bare(f.remedy) for f in found if f.remedy))
    if remedies:
        remedy = words["semicolon"].join(remedies[:_FINDINGS])
        told += words["opinion.remedy"].format(remedy=remedy)
    return told.rstrip()


def _place(place: Location, words: Words) -> str:
    if place.line is None or place.cell:
        return statement.safe(compact(place), 200)
    file = statement.safe(place.file, 200)
    return words["opinion.place"].format(file=file, line=place.line)


def _bare(text: str) -> str:
    """A text without its full stop, to stand inside a sentence."""
    return statement.safe(text).rstrip(_ENDS)


# --- what is missing, and the rest ---------------------------------------------------------


def _missing(report: Report, words: Words, numerals: Numerals) -> Iterator[Paragraph]:
    """What to hand in, what settles most first; then what could not be read."""
    number = count(1)
    lacking = summarise(report).rules[Outcome.INSUFFICIENT.value]
    wanted = gaps.wanted(report, Owner.SUBJECT)
    if wanted:
        yield Paragraph("Heading2", numerals.second(next(number)) + words["opinion.supply"])
        yield Paragraph("Body", words["opinion.missing_intro"].format(n=lacking))
    elif lacking:
        yield Paragraph("Body", words["opinion.insufficient_only"].format(n=lacking))
    for n, item in enumerate(wanted[:_ITEMS], 1):
        where = ""
        if item.location:
            place = _place(item.location, words)
            where = words["opinion.missing_where"].format(place=place)
        told = words["opinion.missing_item"].format(
            label=statement.safe(item.label),
            path=statement.safe(dotted(item.path), 200),
            where=where,
            n=len(item.settles),
        )
        yield Paragraph("Body", numerals.third(n) + told)
    if len(wanted) > _ITEMS:
        left = len(wanted) - _ITEMS
        yield Paragraph("Body", words["opinion.missing_more"].format(n=left))
    if report.submission.faults:
        yield Paragraph("Heading2", numerals.second(next(number)) + words["opinion.faults"])
    for n, fault in enumerate(report.submission.faults[:_ITEMS], 1):
        told = _bare(fault_told(fault, words))
        if fault.hint:
            told += words["semicolon"] + _bare(shortened(asked(fault.hint, words), 300))
        place = _place(fault.location, words)
        told = words["opinion.fault"].format(place=place, told=told)
        yield Paragraph("Body", numerals.third(n) + told)


def _other(
    report: Report, grouped: dict[str, list[RuleResult]], words: Words, numerals: Numerals
) -> Iterator[Paragraph]:
    """What has no conclusion, what is excused, and what is to be said of the check itself."""
    notes = [*report.packs.notes, *(n for n in statement.waiver_notes(report, words))]
    waits: dict[str, list[str]] = {}
    titles = {result.rule: result.title for result in report.results}
    for reason in waiting(report):
        waits.setdefault(_bare(reason.because), []).append(titles.get(reason.rule, reason.rule))
    lists = (
        ("error", [_excused(r, words) for r in grouped.get("error", [])]),
        ("not_judged", [_waits(because, rules, words) for because, rules in waits.items()]),
        ("waived", [_excused(r, words) for r in grouped.get("waived", [])]),
        ("notes", [_bare(note) for note in (*notes, gaps.to_load(report, words)) if note]),
    )
    number = count(1)
    for name, told in lists:
        if not told:
            continue
        head = words[f"opinion.item.{name}"]
        yield Paragraph("Heading2", numerals.second(next(number)) + head)
        for n, text in enumerate(told[:_ITEMS], 1):
            end = words["opinion.stop"].rstrip()
            yield Paragraph("Body", numerals.third(n) + text + end)
        if len(told) > _ITEMS:
            yield Paragraph("Body", words["opinion.missing_more"].format(n=len(told) - _ITEMS))


def _waits(because: str, rules: Sequence[str], words: Words) -> str:
    names = words["list"].join(_bare(rule) for rule in dict.fromkeys(rules))
    return because if names == because else because + words["colon"] + shortened(names)


def _excused(result: RuleResult, words: Words) -> str:
    """A rule that is waived or could not be judged, with what its findings say of it."""
    told = [
        statement.excuse(finding, words) or _sentence(finding, result, words)
        for finding in table.told(result)[:_FINDINGS]
    ]
    title = _bare(result.title)
    return title + words["colon"] + words["semicolon"].join(told) if told else title
