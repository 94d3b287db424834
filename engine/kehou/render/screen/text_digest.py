"""The lines of a report's digest for a terminal: problems, missing papers, unreadable places."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.model.outcomes import Outcome, Owner, Severity
from kehou.model.report import Report
from kehou.render.screen.text_findings import Line, details, quoted_line, severity_columns
from kehou.render.words import digest_told, gaps
from kehou.render.words.digest import Digest, Problem, Seen, Unread
from kehou.render.words.papers import Paper
from kehou.render.words.visible_text import pad, shortened
from kehou.render.words.wording import Words, asked, assumed, compact, fault_told, line_of, placed

_REMEDIES_SHOWN = 3
_SEEN_SHOWN = 5
_PLACES_SHOWN = 3


def unread(found: Digest, words: Words, full: bool) -> Iterator[Line]:
    """What could not be read, each place once with how many rules wait for it."""
    for one in found.unread:
        yield from _unread(one, words, full)
    if found.waiting:
        yield "", "  " + words["digest.unread.rest"].format(n=len(found.waiting))


def _unread(one: Unread, words: Words, full: bool) -> Iterator[Line]:
    fault = one.fault
    yield "", f"  {compact(fault.location)}  {fault_told(fault, words)}"
    yield from quoted_line(fault.location, 5)
    if fault.hint:
        hint = shortened(asked(fault.hint, words), 300)
        label = "" if fault.hint.endswith("？") else f"{words['label.please']}  "
        yield "", f"    {label}{hint}"
    if one.results:
        yield "", "    " + words["digest.unread.waits"].format(n=len(one.results))
    for result in one.results if full else ():
        yield "faint", f"      {result.title}  {result.rule}"


def problem(found: Problem, report: Report, words: Words, full: bool) -> Iterator[Line]:
    """One problem: its title, what was seen and where, the clause's words, what to do."""
    yield from _titles(found, words, full)
    shown_line = ""
    for one in found.seen if full else found.seen[:_SEEN_SHOWN]:
        yield from _seen(one, found, words, full, shown_line)
        shown_line = line_of(one.places[0]) if one.places else shown_line
    if not full and len(found.seen) > _SEEN_SHOWN:
        left = sum(one.count for one in found.seen[_SEEN_SHOWN:])
        yield "", "    " + words["more_findings"].format(n=left)
    for assumption in assumed(found.assumptions, report):
        yield "", f"    {words['label.assumption']}  {shortened(assumption)}"
    for clause in found.clauses if found.heading != "error" else ():
        cited = words["quoted"].format(citation=clause.citation, quote=clause.quote)
        yield "", f"    {words['label.ground']}  {cited}"
    for remedy in found.remedies if full else found.remedies[:_REMEDIES_SHOWN]:
        yield "", f"    {words['label.please']}  {shortened(asked(remedy, words))}"


def _titles(found: Problem, words: Words, full: bool) -> Iterator[Line]:
    red = found.severity is Severity.CRITICAL and found.heading == "fail"
    severity = pad(words[f"severity.{found.severity.value}"], severity_columns(words))
    for result in found.results:
        ident = f"  {result.rule}" if full else ""
        yield "fail" if red else "strong", f"  {severity}  {result.title}{ident}"


def _seen(one: Seen, found: Problem, words: Words, full: bool, before: str) -> Iterator[Line]:
    place = placed(one.places[0], words) if one.places else ""
    other = found.heading != "advice" and one.outcome.value != found.heading
    prefix = words[f"outcome.{one.outcome.value}"] + words["colon"] if other else ""
    message = shortened(one.message) or words["cannot_tell"]
    yield "", "    " + "  ".join(part for part in (place, prefix + message) if part)
    if one.places and one.outcome is not Outcome.INSUFFICIENT and line_of(one.places[0]) != before:
        yield from quoted_line(one.places[0], 7)
    if full:
        for finding in one.findings:
            yield from details(finding, words)
        return
    if one.count > 1:
        yield "", "      " + digest_told.many(one, words)
    for further in one.where[1:_PLACES_SHOWN]:
        yield "", "      " + words["see_also"].format(place=placed(further, words))


def brief(found: Digest, words: Words) -> Iterator[Line]:
    """One line for each place not read, each problem and each paper that the submitter lacks."""
    for one in found.unread:
        told = fault_told(one.fault, words)
        yield "", f"{words['mark.fault']} {compact(one.fault.location)}  {told}"
    for item in found.problems:
        places = [place for one in item.seen for place in one.places]
        place = f"  {placed(places[0], words)}" if places else ""
        mark, name = words[f"mark.{item.heading}"], words[f"outcome.{item.heading}"]
        severity = words[f"severity.{item.severity.value}"]
        same = words["digest.same"].format(n=len(item.results)) if len(item.results) > 1 else ""
        yield "", f"{mark} {name} {severity}  {item.results[0].title}{same}{place}"
    for paper in digest_told.papers_by(found, Owner.SUBJECT):
        mark, name = words["mark.evidence"], gaps.named(paper.owner, words)
        yield "", f"{mark} {name}  {_paper(paper, words)}"


def papers(found: Digest, report: Report, words: Words, full: bool) -> Iterator[Line]:
    """What is missing, by whose it is to add and by the paper that it stands in."""
    for owner in Owner:
        mine = digest_told.papers_by(found, owner)
        if not mine:
            continue
        n = words["digest.papers_of"].format(n=len(mine))
        about = words[f"digest.owner.{owner.value}"]
        yield "strong", f"  {gaps.named(owner, words)} {n}{words['bracketed'].format(text=about)}"
        for paper in mine:
            yield "", f"    {_paper(paper, words)}"
            for line in digest_told.entries_told(paper, words):
                yield "", f"      {shortened(line, 300)}"
            if full:
                yield from _settled(paper, report, words)


def _paper(paper: Paper, words: Words) -> str:
    rules = digest_told.rules_told(paper, words)
    if red := len(paper.red_lines):
        rules += words["red_lines"].format(n=red)
    wanted = words["digest.paper.needed"].format(rules=rules)
    where = digest_told.under(paper, words)
    return words["semicolon"].join(part for part in (paper.title, where, wanted) if part)


def _settled(paper: Paper, report: Report, words: Words) -> Iterator[Line]:
    for result in paper.results:
        yield "faint", f"        {result.title}  {result.rule}"
