"""What a finding says, in whole sentences: the same words in every format for programs.

Every adverse finding tells what the plan states, what the clause requires in its own words and
how to put it right (docs/architecture.md §7).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from uuid import NAMESPACE_OID, uuid5

from kehou.model.confirmations import ALIKE, WHOLE, ConfirmationNote, Hand
from kehou.model.outcomes import Outcome
from kehou.model.report import AttestationNote, Finding, ParameterUsed, Report, RuleResult
from kehou.model.values import Fault, Location, RecordNote
from kehou.render.words.gaps import named
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import Words, alike, assumed, compact, dotted, fault_told, located

#: The most characters of one text from a submission that a program is given.
TEXT_LIMIT = 1000
_LISTED = 20
#: The most characters of what was read, or of its sentence, where a record of it is told.
_SAID = 200
#: Ids of others that are named at most: a table of a whole county names hundreds.
_NAMED = 3
#: The name space of kehou's identifiers, itself made from a name (RFC 9562, version 5).
_NAMESPACE = uuid5(NAMESPACE_OID, "kehou")
_INDEX = re.compile(r"/\d+(?=/|$)")
_ADVERSE = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.ERROR, Outcome.WAIVED)


def identity(*parts: object) -> str:
    """A UUID that is always the same for the same parts (RFC 9562, version 5)."""
    name = "\0".join(str(part) for part in parts)
    return str(uuid5(_NAMESPACE, name.encode("utf-8", "backslashreplace").decode()))


def safe(text: str, limit: int = TEXT_LIMIT) -> str:
    """A text from a submission: cut to a limit, its control and format characters shown."""
    return visible(shortened(text, limit))


def message(finding: Finding, result: RuleResult, words: Words) -> str:
    """What is found, in one sentence; the rule's title where a finding says nothing."""
    if finding.message:
        return safe(finding.message)
    if finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
        return safe(result.title)
    return words["cannot_tell"]


def lines(finding: Finding, result: RuleResult, report: Report, words: Words) -> list[str]:
    """A finding in full; the message first, then what is missing, the clauses, what to do.

    What is missing is named as people know it, where the message does not name it yet.
    """
    told = [message(finding, result, words)]
    colon = words["colon"]
    if finding.outcome not in (*_ADVERSE, Outcome.NOT_JUDGED):
        return told
    if finding.count > 1:
        told.append(safe(alike(finding, words, _LISTED)))
    if unsaid := [label for label in _labels(finding, report) if label not in finding.message]:
        listed = words["list"].join(unsaid[: 2 * _LISTED])
        told.append(words["page.missing"] + colon + safe(listed))
    if finding.owner is not None:
        told.append(words["gap.title"] + colon + named(finding.owner, words))
    if finding.outcome in _ADVERSE:
        told += [words["page.clause"] + colon + clause for clause in clauses(result, words)]
    told += [
        words["page.assumptions"] + colon + safe(text)
        for text in assumed(finding.assumptions, report)
    ]
    if finding.attestation:
        told.append(witness(finding, words))
    if finding.waiver:
        told.append(excuse(finding, words))
    elif finding.remedy:
        told.append(safe(finding.remedy))
    return told


def excuse(finding: Finding, words: Words) -> str:
    """Why a finding is waived, by whom and until when; empty where nothing says it."""
    used = finding.waiver
    if used is None:
        return ""
    told = words["waived_by"].format(
        reason=used.reason,
        office=used.office,
        document=used.document or words["no_document"],
        until=used.until,
    )
    return safe(told)


def witness(finding: Finding, words: Words) -> str:
    """What kehou could tell before an inspector settled it, by whom and until when."""
    used = finding.attestation
    if used is None:
        return ""
    told = words["attested_from"].format(
        before=words[f"outcome.{used.before}"],
        office=used.office,
        date=used.date,
        evidence=used.evidence or words["no_evidence"],
        until=used.until,
    )
    return safe(told)


def waiver_notes(report: Report, words: Words, *, placed: bool = True) -> list[str]:
    """What is to be said of records, of waivers (expired, unused, …) and of each attestation.

    Without ``placed`` for whom the authority's files are not at hand: rules by their titles alone.
    """
    titles = _titles(report)
    waivers = [
        safe(
            (f"{n.place}  " if placed else "")
            + words[f"waiver.{n.state}"].format(
                rule=n.rule if placed or n.rule not in titles else f"“{titles[n.rule]}”",
                subject=n.subject,
            )
        )
        for n in report.waivers.notes
    ]
    told = [record_told(note, words) for note in report.submission.records]
    tell = attested if placed else attested_in_letter
    attestations = [tell(note, report, words) for note in report.attestations.notes]
    said = confirmations(report.confirmed.notes, words)
    return [*told, *waivers, *attestations, *said]


def confirmations(notes: Sequence[ConfirmationNote], words: Words) -> list[str]:
    """What became of records: each that changed something or does not hold, and of those of one
    hand that only agree with what was read, where there are several, how many they are.
    """
    alike: dict[tuple[str, ...], list[ConfirmationNote]] = {}
    told: list[str | tuple[str, ...]] = []
    for note in notes:
        if note.state not in ALIKE:
            told.append(confirmed(note, words))
            continue
        key = (note.state, note.whose, note.by, note.on, note.file)
        if key not in alike:
            told.append(key)
        alike.setdefault(key, []).append(note)
    return [one if isinstance(one, str) else _folded(alike[one], words) for one in told]


def _folded(notes: Sequence[ConfirmationNote], words: Words) -> str:
    first = notes[0]
    if len(notes) == 1:
        return confirmed(first, words)
    who = words[f"confirmation.by.{first.whose}"].format(by=first.by, date=first.on)
    told = words[f"confirmation.many.{first.state}"]
    return safe(told.format(who=who, n=len(notes), file=first.file))


def confirmed(note: ConfirmationNote, words: Words) -> str:
    """What became of a record of confirmation, with the place in the document."""
    at = located(Location(note.file, paragraph=note.paragraph, passage=note.passage), words)
    meant = words[f"confirmation.said.{note.decision}"].format(instead=note.instead)
    whole = note.state == "fell" and note.sentence == WHOLE
    told = words["confirmation.fell_whole" if whole else f"confirmation.{note.state}"].format(
        who=words[f"confirmation.by.{note.whose}"].format(by=note.by, date=note.on),
        title=note.title,
        read=shortened(note.shown, _SAID),
        instead=shortened(note.instead, _SAID) or words["confirmation.nothing"],
        meant=meant,
        sentence=shortened(note.sentence, _SAID),
        at=at,
        file=note.file,
    )
    return safe(f"{note.place}  {told}")


def hands_told(hands: Iterable[Hand], words: Words, day: Callable[[str], str] = str) -> str:
    """Each with office and date, and how much it put right or took out; "" where there is none.

    ``day`` writes an ISO date as the paper does.
    """
    return words["semicolon"].join(_hand(hand, words, day) for hand in hands)


def _hand(hand: Hand, words: Words, day: Callable[[str], str]) -> str:
    told = words[f"confirmation.by.{hand.whose}"].format(by=safe(hand.by, 60), date=day(hand.on))
    changed = [
        words[f"confirmation.hand.{state}"].format(n=n)
        for state, n in (("corrected", hand.corrected), ("rejected", hand.rejected))
        if n
    ]
    return told + "".join(changed)


def record_told(note: RecordNote, words: Words) -> str:
    """What became of the authority's records of a part: used, or not and why."""
    many = note.state == "other" and len(note.whose) > _NAMED
    told = words["record.others" if many else f"record.{note.state}"].format(
        part=note.title,
        files=words["list"].join(note.files[:_NAMED]),
        whose=words["list"].join(note.whose[:_NAMED]),
        n=note.count,
    )
    return safe(told)


def check_date(report: Report, words: Words) -> str:
    """The date of the check and where it is taken from; "" where nothing says it."""
    dated = dated_from(report, words)
    return words["check_date"].format(date=dated) if dated else ""


def dated_from(report: Report, words: Words) -> str:
    """The date of the check alone, with where it is taken from."""
    run = report.run
    if not run.check_date or run.check_date_from is None:
        return run.check_date or ""
    source = words[f"check_date.{run.check_date_from}"].format(field=run.check_date_field)
    return run.check_date + source


def foremost(report: Report, words: Words) -> list[str]:
    """What must stand at the top: attestations that count for nothing, and how to have them count.

    Those later than the date of the check are told with the date that takes them in.
    """
    late = [note for note in report.attestations.notes if note.state == "not_yet"]
    if not late:
        return []
    day = report.run.check_date or report.run.as_of
    latest = max(note.date for note in late)
    return [safe(words["attestations_late"].format(n=len(late), day=day, latest=latest))]


def attested(note: AttestationNote, report: Report, words: Words) -> str:
    """What became of an attestation, with what was seen, by whom and until when it holds.

    A rule is called by its title; what no rule decides goes by its clause.
    """
    return safe(f"{note.place}  {attested_in_letter(note, report, words)}")


def attested_in_letter(note: AttestationNote, report: Report, words: Words) -> str:
    """The same for whom no file of the authority's is at hand: without its place in one."""
    title = _titles(report).get(note.rule, "")
    key = f"attestation.{note.state}"
    if not title and f"{key}.clause" in words:
        key += ".clause"
    said = words[key].format(
        rule=f"“{title}”" if title else cited_as(note.rule, report),
        subject=note.subject,
        before=words[f"outcome.{note.before}"] if note.before else "",
        verdict=words[f"outcome.{note.verdict}"],
    )
    ground = words["attested_by"].format(
        seen=note.seen,
        evidence=note.evidence or words["no_evidence"],
        office=note.office,
        date=note.date,
        until=note.until,
    )
    return safe(f"{said}{words['colon']}{ground}")


def _titles(report: Report) -> dict[str, str]:
    """What rules are called, those of other stages among them, by their ids."""
    language = report.run.language
    declared = {
        rule.id: rule.titles.get(language, "") for pack in report.packs.used for rule in pack.rules
    }
    return declared | {result.rule: result.title for result in report.results}


def cited_as(clause: str, report: Report) -> str:
    """What a clause is called in a text: its place in the policy; its id where nobody knows it."""
    known = {c.id: c.citation for pack in report.packs.used for c in pack.clauses}
    known |= {c.id: c.citation for result in report.results for c in result.clauses}
    return known.get(clause, clause)


def _labels(finding: Finding, report: Report) -> list[str]:
    """What would settle a finding, each once: as the report calls it, else its path."""
    called = {paper.path: paper.label for paper in report.missing_evidence}
    labels = [
        called.get(path) or called.get(_INDEX.sub("/*", path)) or dotted(path)
        for path in finding.missing
    ]
    return list(dict.fromkeys(labels))


def clauses(result: RuleResult, words: Words) -> list[str]:
    """A rule's clauses, each with the policy's own words."""
    return [words["quoted"].format(citation=c.citation, quote=c.quote) for c in result.clauses]


def named_parameter(parameter: ParameterUsed, words: Words) -> str:
    """What a parameter is called, and its name in the pack."""
    if not parameter.title:
        return parameter.name
    return words["explain.field"].format(label=parameter.title, name=parameter.name)


def placed(finding: Finding) -> str:
    """The finding's place in front of its message; empty where it has none."""
    return safe(compact(finding.location)) + "  " if finding.location else ""


def fault_lines(fault: Fault, words: Words) -> list[str]:
    """What could not be read and how to write it."""
    told = [safe(fault_told(fault, words))]
    return [*told, safe(fault.hint)] if fault.hint else told


def path_of(report: Report, file: str) -> str:
    """A file of a report as seen from where kehou ran, with forward slashes.

    A report names files relative to its PATH, which is a file or a folder; what is no file of
    the submission (a bureau's table) keeps its name.
    """
    whole = PurePath(report.submission.path)
    if file == report.submission.path or whole.name == file:
        return whole.as_posix()
    inside = report.submission.path != "-" and file in _inside(report)
    return (whole / file if inside else PurePath(file)).as_posix()


def _inside(report: Report) -> set[str]:
    """The files of a submission that is a folder, those among them that could not be read."""
    read = {item.name for item in report.submission.files}
    if PurePath(report.submission.path).name in read:
        return read
    tables = {item.name for item in report.packs.data}
    faulty = {fault.location.file for fault in report.submission.faults}
    return {
        *read,
        *report.submission.unread_files,
        *(f for f in faulty if PurePath(f).stem not in tables),
    }


def main_file(report: Report) -> str:
    """Where a finding without a place is shown: the submission's first file."""
    return report.submission.files[0].name if report.submission.files else report.submission.path


def region_of(place: Location) -> tuple[int, int | None, int | None, int | None] | None:
    """(line, column, end line, end column) of a place in a text file, or None."""
    if not place.line or place.cell or place.paragraph is not None:
        return None
    if not place.column:
        return place.line, None, None, None
    end = place.end_line or place.line
    if not place.end_column or (end, place.end_column) <= (place.line, place.column):
        return place.line, place.column, None, None
    return place.line, place.column, end, place.end_column


def findings_or_rule(result: RuleResult) -> Sequence[Finding | None]:
    """A rule's findings, or one None that stands for the rule where it has none."""
    return result.findings or (None,)


def in_cell(place: Location | None, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines with the cell of a workbook in front, which no property can tell."""
    if place is None or place.line is not None or not place.cell or not lines:
        return lines
    return (f"{safe(place.cell)}  {lines[0]}", *lines[1:])
