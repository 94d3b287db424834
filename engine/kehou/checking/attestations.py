"""Attestations: what inspectors saw and found, which settles what kehou could not tell.

An attestation is the bureau's, never the school's. It settles a ``review``, an ``insufficient``
or what is not judged because it is to be seen on site; it never erases a computed ``fail`` (that
takes a reasoned waiver), and where it contradicts a computed ``pass`` a person must look. One that
has run out, or that covers only some of the subjects of a finding, settles nothing. What became of
each is told in the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from kehou.checking.bureau_files import entries, file_of
from kehou.errors import UsageError
from kehou.language import suggest
from kehou.language.yaml_places import Place, date, filled, mapping, text, texts
from kehou.model.attested import MARK, of_values
from kehou.model.clause_breaches import REMEDY
from kehou.model.outcomes import Outcome, Owner
from kehou.model.report import AttestationNote, AttestationUsed, Finding
from kehou.model.rules import Rule
from kehou.readers import ReadError
from kehou.readers.copied_text import as_code
from kehou.readers.files import read_bytes

_KEYS = (
    "school",
    "clause",
    "rule",
    "subject",
    "members",
    "verdict",
    "seen",
    "evidence",
    "office",
    "date",
    "until",
    "sheet",
    "made_on",
)
_NEEDED = ("school", "subject", "verdict", "seen", "office", "date", "until")
#: The key of the entries, which is the option too, and what people call the file.
_FILE = ("attestations", "核实记录")
#: What inspectors may find, in the words of a worksheet.
VERDICTS = {
    "pass": Outcome.PASS,
    "符合": Outcome.PASS,
    "fail": Outcome.FAIL,
    "不符合": Outcome.FAIL,
}
#: Outcomes that an attestation settles.
OPEN = (Outcome.REVIEW, Outcome.INSUFFICIENT)
#: What a remedy asks first of whom nobody has seen it yet.
_ASK_FIRST = re.compile(r"^请(检查人员)?(核实并|(核实|说明)[^；，]*(；|，[或并]?))")
#: A subject as a worksheet writes it, which says nothing to people.
_FINGERPRINT = re.compile("[0-9a-f]{64}")
#: Hexadecimal digits of a fingerprint that tell subjects apart within a report.
SHORT = 16


@dataclass(frozen=True, slots=True)
class Attestation:
    """One entry of attestations.yaml; without a rule it is about what no rule decides of a clause.

    ``subject`` is a key, pointer or fingerprint as a report prints it, ``members`` the short
    fingerprints where a finding has several subjects; ``date`` and ``until`` are ISO dates, both
    included; ``place`` is file:line; ``twin`` is the rule of another pack that judges the same and
    whose clause is named too; ``made_on`` is the mark of the words it was made on.
    """

    whose: str
    clause: str
    rule: str
    subject: str
    members: tuple[str, ...]
    verdict: Outcome
    seen: str
    evidence: str
    office: str
    date: str
    until: str
    place: str
    twin: str = ""
    made_on: str = ""

    def has_lost(self, text: str, finding: Finding | None = None) -> bool:
        """Whether the words that it was made on are no longer there: ``text`` is the mark of all.

        What was found in order in spite of a gap was seen elsewhere than in the text.
        """
        if self.made_on.startswith("t"):
            return self.verdict is Outcome.FAIL and text != self.made_on
        if not self.made_on or finding is None:
            return False
        return self.made_on != of_values(finding.found)

    def is_in_force(self, on: str) -> bool:
        """Whether it holds on a date."""
        return self.date <= on <= self.until

    def about(self) -> list[tuple[str, str]]:
        """(rule or clause, subject) of each subject, as it was written.

        Of what no rule decides of a clause there is one of a submitter, however it is written.
        """
        if not self.rule:
            return [(self.clause, "")]
        named = self.members or (self.subject,)
        return [(self.rule or self.clause, one[:SHORT]) for one in named]

    def names(self, finding: Finding) -> set[str]:
        """The short fingerprints of the finding's subjects that it covers."""
        own = finding.members or (finding.fingerprint[:SHORT],)
        if self.members:
            return set(own) & {one[:SHORT] for one in self.members}
        subject = finding.subject
        single = {subject.key or "/", subject.pointer, finding.fingerprint, own[0]}
        return set(own) if len(own) == 1 and self.subject in single else set()


#: What was read last, by path, content and the names of the rules, on which nothing else depends.
_LOADED: dict[tuple[str, str, tuple[str, ...]], tuple[Attestation, ...]] = {}


def load(path: str, rules: Mapping[str, Rule]) -> list[Attestation]:
    """Read attestations.yaml; raises UsageError where unreadable, PackError with all faults."""
    file = file_of(path, *_FILE)
    key = (path, digest(file), tuple(sorted(rules)))
    if key not in _LOADED:
        if len(_LOADED) >= 16:
            _LOADED.clear()
        # Many schools are checked with the same files: each is read once.
        found = entries(file, *_FILE, lambda tree, at: _attestation(tree, at, rules))
        _LOADED[key] = tuple(replace(one, place=place) for one, place in found)
    # The twin depends on what the rules say, not only on their names: it is looked up each time.
    return [replace(one, twin=_twin(one, rules)) for one in _LOADED[key]]


def digest(file: Path) -> str:
    """SHA-256 of a file of the bureau's; raises UsageError where it cannot be read."""
    try:
        return sha256(read_bytes(file)).hexdigest()
    except ReadError as error:
        code = "attestations-unreadable"
        raise UsageError(code, error.message, error.where, error.hint) from error


def _attestation(tree: Any, at: Place, rules: Mapping[str, Rule]) -> Attestation | None:
    d = mapping(tree, at, _KEYS, _NEEDED)
    if not filled(d, at, _NEEDED):
        return None
    name = as_code(text(d.get("rule"), at / "rule"))
    clause = as_code(text(d.get("clause"), at / "clause"))
    if not name and not clause:
        at.fault("没有写规则 rule 或条款 clause", "请写明核实的是哪一条")
        return None
    if name and name not in rules:
        (at / "rule").fault(f"没有规则 {name}", suggest(name, list(rules)))
        return None
    if not isinstance(d["verdict"], str) or d["verdict"] not in VERDICTS:
        (at / "verdict").fault(f"核实结论不能是 {d['verdict']}", "可用：" + "、".join(VERDICTS))
        return None
    seen_on, until = date(d["date"], at / "date"), date(d["until"], at / "until")
    if seen_on and until and until < seen_on:
        (at / "until").fault("有效期早于核实日期")
    verdict, evidence = VERDICTS[d["verdict"]], text(d.get("evidence"), at / "evidence")
    if verdict is Outcome.PASS and not evidence:
        at.fault("核实为符合的要写明佐证 evidence", "请写佐证材料的名称或编号")
    made_on = text(d.get("made_on"), at / "made_on")
    if made_on and not MARK.fullmatch(made_on):
        (at / "made_on").fault(
            "所据 made_on 不是核查表的校验值", "请照 kehou attest 写出的，或删去"
        )
    return Attestation(
        as_code(text(d["school"], at / "school")),
        clause,
        name,
        as_code(text(d["subject"], at / "subject")),
        tuple(map(as_code, texts(d.get("members"), at / "members"))),
        verdict,
        text(d["seen"], at / "seen"),
        evidence,
        text(d["office"], at / "office"),
        seen_on or "",
        until or "",
        "",
        made_on=made_on,
    )


def _twin(one: Attestation, rules: Mapping[str, Rule]) -> str:
    """The counterpart of its rule in another pack, where the attestation names its clause too.

    A report shows the two as one result that cites both clauses, and a worksheet as one row.
    """
    rule = rules.get(one.rule)
    if rule is None:
        return ""
    named = set(re.split(r"[、,]\s*", one.clause))
    for other in rules.values():
        if rule.counterpart is None and other.counterpart is None:
            continue
        own, its = f"{rule.pack}/{rule.id}", f"{other.pack}/{other.id}"
        if (rule.counterpart == its or other.counterpart == own) and named & set(other.clauses):
            return other.id
    return ""


def apply(
    findings: Mapping[str, Sequence[Finding]],
    attestations: Sequence[Attestation],
    on: str,
    remedies: Mapping[str, str] | None = None,
    since: str | None = None,
    text: str = "",
    there: Callable[[Attestation], bool] = lambda one: True,
) -> tuple[dict[str, list[Finding]], list[AttestationNote]]:
    """Findings with the attested ones settled, and what became of each attestation.

    ``on`` is the date on which they must hold: the day of the check, else the law's.
    ``remedies`` are the rules' own, for what an inspector found in breach; after ``since`` the
    latest look at a subject alone counts. ``text`` is the mark of the files that were handed in,
    ``there`` tells whether what one is of is still among the subjects.
    """
    result = {rule: list(found) for rule, found in findings.items()}
    notes = list(_out_of_force(attestations, on))
    in_force = latest([one for one in attestations if one.is_in_force(on)], since)
    notes += _beside_rules([one for one in in_force if not one.rule])
    holding = [one for one in in_force if one.rule]
    used: set[int] = set()
    for rule in dict.fromkeys(one.rule for one in holding):
        mine = [one for one in holding if one.rule == rule]
        for i, finding in enumerate(result.get(rule, [])):
            # Subjects that pass are not told apart in every report: they are looked at below.
            if finding.outcome is Outcome.PASS and not finding.unconfirmed:
                continue
            touching = [one for one in mine if one.names(finding)]
            used.update(id(one) for one in touching)
            notes += [
                _note(one, "changed", finding) for one in touching if one.has_lost(text, finding)
            ]
            touching = [one for one in touching if not one.has_lost(text, finding)]
            if touching:
                result[rule][i], said = _settled(finding, touching, (remedies or {}).get(rule, ""))
                notes += said
    for one in holding:
        if id(one) not in used:
            gone = one.has_lost(text) or (bool(one.made_on) and not there(one))
            told = _note(one, "changed") if gone else _doubted(result.get(one.rule, []), one)
            notes.append(told)
    return result, notes


def _beside_rules(attestations: Sequence[Attestation]) -> Iterator[AttestationNote]:
    """What became of those of clauses, where no rule decides: as `_settled` has it of rules.

    Several of one clause that contradict each other are told each, and none is adopted.
    """
    for one in attestations:
        verdicts = {other.verdict for other in attestations if other.clause == one.clause}
        yield _note(one, "recorded" if len(verdicts) == 1 else "conflict")


def latest(attestations: Sequence[Attestation], since: str | None) -> list[Attestation]:
    """Those that count of several of one subject: of the latest day, where it is after ``since``.

    What a school has mended is told by who looked again, not by who saw it before. Up to that day,
    and without one, every look counts, and those that contradict each other settle nothing.
    """
    if since is None:
        return list(attestations)
    days: dict[tuple[str, str], str] = {}
    for one in attestations:
        for about in one.about():
            days[about] = max(days.get(about, ""), one.date)

    return [
        one
        for one in attestations
        if any(days[about] == one.date or days[about] <= since for about in one.about())
    ]


def _doubted(found: list[Finding], one: Attestation) -> AttestationNote:
    """The note of an attestation that names no adverse subject.

    Subjects that pass stand together in one finding; a breach that an inspector saw on any of them
    puts the rule under review.
    """
    passed = [i for i, f in enumerate(found) if f.outcome is Outcome.PASS and not f.attestation]
    if not passed:
        return _note(one, "unused")
    finding = found[passed[0]]
    if one.verdict is Outcome.PASS:
        return _note(one, "agrees", finding)
    found[passed[0]] = _as(finding, Outcome.REVIEW, one)
    return _note(one, "doubt", finding)


def _out_of_force(attestations: Sequence[Attestation], on: str) -> Iterator[AttestationNote]:
    for one in attestations:
        if not one.is_in_force(on):
            yield _note(one, "expired" if on > one.until else "not_yet")


def _settled(
    finding: Finding, touching: Sequence[Attestation], remedy: str
) -> tuple[Finding, list[AttestationNote]]:
    """A finding as its attestations leave it, and what is to be said.

    Of several that contradict each other each is told, with its day and its evidence.
    """
    last = max(touching, key=lambda one: (one.date, one.place))
    covered = set().union(*(one.names(finding) for one in touching))
    own = finding.members or (finding.fingerprint[:SHORT],)
    if len({one.verdict for one in touching}) > 1:
        return finding, [_note(one, "conflict", finding) for one in touching]
    if not _is_open(finding):
        same = finding.outcome is last.verdict
        return finding, [_note(last, "agrees" if same else "no_effect", finding)]
    if len(covered) < len(own):
        return finding, [_note(last, "partial", finding)]
    cure = _cure(finding, remedy) if last.verdict is Outcome.FAIL else ""
    settled = replace(_as(finding, last.verdict, last), remedy=cure)
    return settled, [_note(last, "settled", finding)]


def _cure(finding: Finding, remedy: str) -> str:
    """What is asked of a breach that an inspector saw, in the rule's words: never nothing.

    Nobody is asked to look whether it is so. A remedy with slots is the finding's own, filled,
    where that was of a breach.
    """
    own = finding.remedy if finding.outcome is Outcome.FAIL else ""
    return _ASK_FIRST.sub("", own if "{" in remedy else remedy) or REMEDY


def _is_open(finding: Finding) -> bool:
    """Whether a person can settle a finding.

    So of what is not judged what is to be seen on site, of the rest what nobody has confirmed.
    """
    seen = finding.outcome is Outcome.NOT_JUDGED and finding.owner is Owner.VISIT
    read = finding.outcome in (Outcome.FAIL, Outcome.PASS) and finding.unconfirmed
    return finding.outcome in OPEN or seen or read


def _as(finding: Finding, outcome: Outcome, by: Attestation) -> Finding:
    used = AttestationUsed(
        finding.outcome, finding.message, by.seen, by.evidence, by.office, by.date, by.until
    )
    remedy = "" if outcome is Outcome.PASS else finding.remedy
    return replace(
        finding,
        outcome=outcome,
        message=f"检查人员核实：{by.seen}",
        remedy=remedy,
        missing=(),
        attestation=used,
        owner=None,
        unconfirmed=False,
    )


def _note(one: Attestation, state: str, finding: Finding | None = None) -> AttestationNote:
    before = finding.outcome if finding is not None else None
    named = one.clause if one.clause and _FINGERPRINT.fullmatch(one.subject) else one.subject
    label = finding.subject.label if finding is not None else named
    return AttestationNote(
        one.rule or one.clause,
        label,
        state,
        one.place,
        before,
        one.verdict,
        one.seen,
        one.evidence,
        one.office,
        one.date,
        one.until,
    )
