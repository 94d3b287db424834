"""Text for a terminal, in the manner of docs/architecture.md §8: what a headteacher reads without
help.

Every line is made of a style and of plain text; what the text holds is escaped when it is
written out, so that nothing from a submission reaches the terminal raw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kehou.model.outcomes import Outcome
from kehou.model.places import unread_apart
from kehou.model.report import Report, RuleResult
from kehou.render.screen import changes, text_digest
from kehou.render.screen.text_findings import Line, details, title
from kehou.render.words import catalogue, digest_told, gaps, statement
from kehou.render.words.digest import HEADINGS, Digest, digest
from kehou.render.words.summary import groups
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import (
    Words,
    dotted,
    engines_told,
    further_reasons,
    placed,
    shown_value,
    verdict,
)

_ANSI = {
    "": "",
    "strong": "\x1b[1m",
    "error": "\x1b[1;31m",
    "fail": "\x1b[1;31m",
    "review": "\x1b[1;33m",
    "insufficient": "\x1b[1;33m",
    "good": "\x1b[1;32m",
    "note": "\x1b[1;36m",
    "caret": "\x1b[31m",
    "faint": "\x1b[2m",
}
_RESET = "\x1b[0m"
_REASONS_SHOWN = 3

_STYLE_OF_DECISION = {
    "accept": "good",
    "return": "fail",
    "supplement": "review",
    "refer": "review",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How to print: ``verbosity`` -1 (one line a rule), 0 or 1 (everything); colour or none.

    ``language`` None takes each report's own; ``annex`` adds every rule, parameters and hashes to
    the formats that leave them out or fold them. ``clauses_page`` is where the page of clauses can
    be read, for formats that link to it.
    """

    language: str | None = None
    verbosity: int = 0
    colour: bool = False
    annex: bool = False
    clauses_page: str = ""
    #: Whether a file with every item is written by the same command.
    items_written: bool = False


def render(reports: Sequence[Report], manner: Manner = Manner()) -> str:
    """All reports, one after the other, and a tally where there are several."""
    lines: list[Line] = []
    for report in reports:
        words = catalogue.of_reports([report], manner.language)
        lines += [("", "")] if lines else []
        lines += _report(report, words, manner)
    if len(reports) > 1:
        lines += [("", ""), *_tally(reports, manner)]
    return "".join(_painted(style, visible(text), manner) + "\n" for style, text in lines)


def _painted(style: str, text: str, manner: Manner) -> str:
    text = text.rstrip()
    return f"{_ANSI[style]}{text}{_RESET}" if manner.colour and style and text else text


def _report(report: Report, words: Words, manner: Manner) -> Iterator[Line]:
    found = digest(report)
    yield from _head(report, words)
    if manner.verbosity < 0:
        yield from text_digest.brief(found, words)
        return
    full = manner.verbosity > 0
    if found.unread:
        yield from _heading("fault", words, "error")
        yield from text_digest.unread(found, words, full)
    yield from _problems(found, report, words, full)
    if found.papers:
        heading = words["digest.papers"].format(n=len(found.papers))
        yield "", ""
        yield "note", f"{words['mark.evidence']} {heading}"
        yield from text_digest.papers(found, report, words, full)
    yield from _advice(found, report, words, full)
    grouped = groups(report)
    if full:
        yield from _lacking(grouped.get("insufficient", []), words)
    yield from _inferences(report, words, full)
    yield from _readings(report, words, full)
    yield from _changes(report, words, full)
    yield from _not_judged(found, words, full)
    yield from _waived(report, grouped.get("waived", []), words, full)
    yield from _attested(report, words)
    yield from _confirmed(report, words)
    if full:
        yield from _titles("pass", grouped.get("pass", []), words)
        yield from _titles("not_applicable", grouped.get("not_applicable", []), words)
        yield from _grounds(report, words)
    yield from _tail(report, words, manner)


# --- head ----------------------------------------------------------------------------------


def _head(report: Report, words: Words) -> Iterator[Line]:
    parts = ["kehou", words["list"].join(p.title or p.id for p in report.packs.used)]
    parts.append(words[f"stage.{report.run.stage.value}"])
    if report.run.as_of:
        parts.append(words["as_of"].format(date=report.run.as_of))
    parts.append(statement.check_date(report, words))
    if report.results and not report.run.cross_checked:
        parts.append(engines_told(report, words))
    yield "strong", " · ".join(part for part in parts if part)
    yield "", f"{report.submission.name or words['whose_unknown']} {report.submission.path}"
    decision = report.decision
    yield _STYLE_OF_DECISION[decision.value] if decision else "strong", verdict(report, words)
    for sentence in statement.foremost(report, words):
        yield "error", f"{words['mark.fault']} {sentence}"
    reasons = [shortened(reason, 80) for reason in further_reasons(report)]
    if reasons:
        shown = words["semicolon"].join(reasons[:_REASONS_SHOWN])
        left = len(reasons) - _REASONS_SHOWN
        more = words["more_reasons"].format(n=left) if left > 0 else ""
        yield "", words["reasons"].format(reasons=shown) + more


def _tally(reports: Sequence[Report], manner: Manner) -> Iterator[Line]:
    words = catalogue.of_reports(reports, manner.language)
    decided = [report.decision.value for report in reports if report.decision]
    parts = [
        words["counted_reports"].format(name=words[f"decision.{value}"], n=decided.count(value))
        for value in _STYLE_OF_DECISION
        if value in decided
    ]
    if faulty := sum(bool(report.submission.faults) for report in reports):
        parts.append(words["faulty_reports"].format(n=faulty))
    counts = words["colon"] + words["comma"].join(parts) if parts else ""
    yield "strong", words["tally"].format(n=len(reports)) + counts


# --- groups --------------------------------------------------------------------------------


def _heading(key: str, words: Words, style: str) -> Iterator[Line]:
    yield "", ""
    yield style, f"{words[f'mark.{key}']} {words[f'heading.{key}']}"


def _problems(found: Digest, report: Report, words: Words, full: bool) -> Iterator[Line]:
    """Problems under their headings, the gravest first."""
    for heading in HEADINGS:
        members = [p for p in found.problems if p.heading == heading]
        if members:
            yield from _heading(heading, words, heading)
        for member in members:
            yield from text_digest.problem(member, report, words, full)


def _advice(found: Digest, report: Report, words: Words, full: bool) -> Iterator[Line]:
    """What is only advised: a line each, or everything."""
    if found.advice:
        yield from _heading("advice", words, "note")
    for advised in found.advice:
        if full:
            yield from text_digest.problem(advised, report, words, full)
            continue
        told = [shortened(one.message, 120) for one in advised.seen]
        asks = [shortened(remedy, 120) for remedy in advised.remedies[:1]]
        said = words["semicolon"].join(part for part in (*told, *asks) if part)
        title = digest_told.titles(advised.results, words)
        yield "", f"  {title}{words['colon']}{said}" if said else f"  {title}"


def _lacking(results: list[RuleResult], words: Words) -> Iterator[Line]:
    """With -v: each rule for which something is missing, and what."""
    if results:
        yield from _heading("insufficient", words, "insufficient")
    for result in results:
        yield from title(result, words)
        for finding in result.findings:
            if finding.outcome is Outcome.INSUFFICIENT:
                yield "", f"    {shortened(finding.message) or words['cannot_tell']}"
                yield from details(finding, words)


def _waived(report: Report, results: list[RuleResult], words: Words, full: bool) -> Iterator[Line]:
    """What was excused, why and until when; and what is to be said of the waivers themselves."""
    excused = [(r, f) for r in report.results for f in r.findings if f.waiver is not None]
    if results or excused or report.waivers.notes:
        yield from _heading("waived", words, "strong")
    for result in (r for r in results if not any(f.waiver for f in r.findings)):
        yield from title(result, words, full)
    for result, finding in excused:
        assert finding.waiver is not None
        yield from title(result, words, full)
        place = f"{placed(finding.location, words)}  " if finding.location else ""
        yield "", f"    {place}{shortened(finding.message)}"
        told = words["waived_by"].format(
            reason=finding.waiver.reason,
            office=finding.waiver.office,
            document=finding.waiver.document or words["no_document"],
            until=finding.waiver.until,
        )
        yield "", f"    {shortened(told, 300)}"
    for note in report.waivers.notes:
        told = words[f"waiver.{note.state}"].format(rule=note.rule, subject=note.subject)
        yield "", f"  {note.place}  {told}"


def _attested(report: Report, words: Words) -> Iterator[Line]:
    """What inspectors settled, and what became of their other attestations."""
    if report.attestations.notes:
        yield from _heading("attested", words, "strong")
    for note in report.attestations.notes:
        yield "", f"  {shortened(statement.attested(note, report, words), 300)}"


def _confirmed(report: Report, words: Words) -> Iterator[Line]:
    """What people said of values read from prose, and what became of it."""
    if report.confirmed.notes:
        yield from _heading("confirmed", words, "strong")
    for told in statement.confirmations(report.confirmed.notes, words):
        yield "", f"  {told}"


def _titles(heading: str, results: list[RuleResult], words: Words) -> Iterator[Line]:
    """A heading with titles alone."""
    if not results:
        return
    yield from _heading(heading, words, "good" if heading == "pass" else "strong")
    for result in results:
        yield from title(result, words)


def _changes(report: Report, words: Words, full: bool) -> Iterator[Line]:
    if report.memory is None:
        return
    yield "", ""
    first, *rest = changes.lines(report.memory, words, full)
    yield "strong", first
    for line in rest:
        yield "", f"  {line}" if line else ""


def _readings(report: Report, words: Words, full: bool) -> Iterator[Line]:
    if report.reading is None:
        return
    yield "", ""
    yield "strong", words[f"reading.{report.reading.name}"]
    if not report.reading.changes:
        yield "", "  " + words["reading.same"]
    for change in report.reading.changes:
        told = words["reading.change"].format(
            title=change.title,
            outcome=words[f"outcome.{change.outcome.value}"],
            instead=words[f"outcome.{change.instead.value}"],
            vague=words["list"].join(change.words),
        )
        yield "", f"  {told}  {change.rule}" if full else f"  {told}"


def _inferences(report: Report, words: Words, full: bool) -> Iterator[Line]:
    if not report.inferences:
        return
    yield from _heading("inference", words, "note")
    for item in report.inferences:
        told = f"{item.label}{words['colon']}" if item.label else ""
        ident = f"  {item.rule}" if full else ""
        yield "", f"  {told}{shortened(item.because)}{ident}"


def _not_judged(found: Digest, words: Words, full: bool) -> Iterator[Line]:
    """What nobody has set, with how many rules wait for it, or which."""
    if found.open:
        yield from _heading("not_judged", words, "strong")
    for one in found.open:
        told = words["digest.open.for"].format(because=shortened(one.because), n=len(one.titles))
        yield "", f"  {told}"
        if full:
            for name in one.titles:
                yield "faint", f"    {name}"


# --- tail ----------------------------------------------------------------------------------


def _grounds(report: Report, words: Words) -> Iterator[Line]:
    """With -v: reviews that are off, parameters, readings, files and versions."""
    if report.reviews_off:
        yield from _heading("reviews_off", words, "strong")
        for reason in report.reviews_off:
            yield "", f"  {shortened(reason.because)}  {reason.rule}"
    if report.packs.parameters:
        yield from _heading("parameters", words, "strong")
        for parameter in report.packs.parameters:
            key = "parameter_assumed" if parameter.assumption else "parameter"
            yield (
                "",
                "  "
                + words[key].format(
                    name=statement.named_parameter(parameter, words),
                    value=shortened(parameter.told or shown_value(parameter.value, words)),
                    ground=parameter.ground,
                    layer=parameter.layer,
                ),
            )
    if report.submission.normalised:
        yield from _heading("normalised", words, "strong")
        for change in report.submission.normalised:
            told = words["read_as"].format(
                written=shortened(change.written, 80), read=shortened(change.read, 80)
            )
            place = placed(change.location, words)
            yield "", f"  {place}  {change.label or dotted(change.path)}{words['colon']}{told}"
    yield from _heading("inputs", words, "strong")
    if report.run.tool_sha256:
        yield "", f"  kehou {report.run.tool_version} {report.run.tool_sha256}"
    for pack in report.packs.used:
        yield "", f"  {pack.id} {pack.version} {pack.sha256}"
    for item in (*report.submission.files, *report.packs.data):
        yield "", f"  {item.name} {item.sha256}"
    for note in report.packs.notes:
        yield "", "  " + words["note"].format(note=shortened(note))
    if report.submission.content_sha256:
        yield "", "  " + words["content_sha256"].format(sha256=report.submission.content_sha256)


#: Of files that were not read, and of what was not read in a text.
_UNREAD = ("unread_files", "unread_in_text")


def _tail(report: Report, words: Words, manner: Manner) -> Iterator[Line]:
    lines: list[Line] = [
        ("note", statement.record_told(note, words)) for note in report.submission.records
    ]
    if manner.verbosity > 0 and (to_load := gaps.to_load(report, words, words["gap.option"])):
        lines.append(("note", to_load))
    if manner.verbosity == 0:  # with -v they stand among the notes of the packs
        for note in report.packs.lapsed:
            lines.append(("note", words["note"].format(note=shortened(note, 300))))
    apart = unread_apart(report.submission.unread_files, report.submission.prose)
    for key, unread in zip(_UNREAD, apart, strict=True):
        if unread:
            names = shortened(words["list"].join(unread))
            lines.append(("", words[key].format(names=names)))
    if manner.verbosity == 0:
        if report.submission.normalised:
            lines.append(
                ("faint", words["normalised_count"].format(n=len(report.submission.normalised)))
            )
        if not manner.items_written:
            lines.append(("faint", words["all_items"].format(file=words["html_file"])))
    if lines:
        yield "", ""
        yield from lines
