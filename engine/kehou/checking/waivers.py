"""Waivers: findings that an office has excused, for a stated reason and a stated time.

They are the bureau's, never the school's. A waived finding stays visible everywhere; an expired
waiver brings the finding back and says so; one that nothing needs or that covers too much is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as calendar
from pathlib import Path
from typing import Any

from kehou.checking.bureau_files import entries, file_of
from kehou.errors import UsageError
from kehou.fields.dates import day_written
from kehou.language import suggest
from kehou.language.yaml_places import Place, date, filled, mapping, text, texts
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Finding, WaiverNote, WaiverUsed
from kehou.model.rules import Rule
from kehou.readers import ReadError, read, read_path
from kehou.readers.copied_text import as_code
from kehou.readers.files import read_bytes

_KEYS = (
    "school",
    "rule",
    "subject",
    "members",
    "outcome",
    "reason",
    "office",
    "document",
    "from",
    "until",
    "note",
)
_NEEDED = ("rule", "subject", "outcome", "reason", "office", "until")
#: The key of the entries, which is the option too, and what people call the file.
_FILE = ("waivers", "豁免文件")
#: What may be waived: a breach, or a doubt that a person has looked into.
_WAIVABLE = ("fail", "review", "insufficient")
#: Hexadecimal digits of a fingerprint that tell subjects apart within a report.
SHORT = 16
#: A subject that stands for every subject of the rule; allowed, but told as over-broad.
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry of waivers.yaml; ``subject`` is a key or fingerprint as a report prints it.

    ``since`` and ``until`` are ISO dates, both included; ``place`` is file:line.
    """

    rule: str
    subject: str
    outcome: Outcome
    reason: str
    office: str
    document: str
    since: str | None
    until: str
    place: str
    members: tuple[str, ...] = ()
    whose: str = ""

    def is_of(self, names: Collection[str]) -> bool:
        """Whether it concerns a school of these names (code, name); all where it names none."""
        return not self.whose or self.whose in map(as_code, names)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is the one that this waiver names, with every subject of it."""
        if finding.outcome is not self.outcome:
            return False
        if self.subject == EVERYTHING:
            return True
        if self.members:
            own = finding.members or (finding.fingerprint[:SHORT],)
            return set(own) <= {one[:SHORT] for one in self.members}
        return len(finding.members) < 2 and self._names(finding)

    def touches(self, finding: Finding) -> bool:
        """Whether it names some subject of a finding that has others besides."""
        if finding.outcome is not self.outcome or self.covers(finding):
            return False
        own = set(finding.members)
        return self._names(finding) or bool(own & {one[:SHORT] for one in self.members})

    def _names(self, finding: Finding) -> bool:
        subject = finding.subject
        return self.subject in (subject.key or "/", subject.pointer, finding.fingerprint)

    def answers(self, finding: Mapping[str, Any]) -> bool:
        """The same of a finding as a JSON report holds it, waived already or not."""
        if finding["outcome"] not in (self.outcome.value, "waived"):
            return False
        if self.subject == EVERYTHING:
            return True
        if self.members:
            own = finding["members"] or [finding["fingerprint"][:SHORT]]
            return set(own) <= {one[:SHORT] for one in self.members}
        subject = finding["subject"]
        names = (subject["key"] or "/", subject["pointer"], finding["fingerprint"])
        return len(finding["members"]) < 2 and self.subject in names

    @property
    def is_broad(self) -> bool:
        """Whether it covers every subject of its rule."""
        return self.subject == EVERYTHING

    def state(self, on: str) -> str:
        """in_force, expired or not_yet on a date."""
        if self.is_in_force(on):
            return "in_force"
        return "expired" if on > self.until else "not_yet"

    def days_left(self, on: str) -> int:
        """Days from a date to the last day, which is 0; negative when past."""
        return (calendar.fromisoformat(self.until) - calendar.fromisoformat(on)).days

    def is_in_force(self, on: str) -> bool:
        """Whether it holds on a date."""
        return (self.since is None or self.since <= on) and on <= self.until


def load(path: str, rules: Mapping[str, Rule]) -> list[Waiver]:
    """Read waivers.yaml; raises UsageError where it cannot be read, PackError with every fault."""
    found = entries(file_of(path, *_FILE), *_FILE, lambda tree, at: _waiver(tree, at, rules))
    return [replace(waiver, place=place) for waiver, place in found]


def _waiver(tree: Any, at: Place, rules: Mapping[str, Rule]) -> Waiver | None:
    d = mapping(tree, at, _KEYS, _NEEDED)
    if not filled(d, at, _NEEDED):
        return None
    name = as_code(text(d["rule"], at / "rule"))
    rule = rules.get(name)
    if rule is None:
        (at / "rule").fault(f"没有规则 {name}", suggest(name, list(rules)))
        return None
    if rule.mandatory:
        (at / "rule").fault(f"规则 {name} 不得豁免", "它在规则包中写明 mandatory")
    if d["outcome"] not in _WAIVABLE:
        (at / "outcome").fault(f"{d['outcome']} 不能豁免", "可用：" + "、".join(_WAIVABLE))
        return None
    document = text(d.get("document"), at / "document")
    if rule.severity is Severity.CRITICAL and not document:
        at.fault("红线项目的豁免要写明文号 document", "请补写批准豁免的文号")
    since, until = _day(d.get("from"), at / "from"), _day(d["until"], at / "until")
    if since and until and until < since:
        (at / "until").fault("截止日期早于起始日期")
    return Waiver(
        name,
        as_code(text(d["subject"], at / "subject")),
        Outcome(d["outcome"]),
        text(d["reason"], at / "reason"),
        text(d["office"], at / "office"),
        document,
        since,
        until or "",
        "",
        tuple(map(as_code, texts(d.get("members"), at / "members"))),
        as_code(text(d.get("school"), at / "school")),
    )


def apply(
    findings: Mapping[str, Sequence[Finding]], waivers: Sequence[Waiver], on: str
) -> tuple[dict[str, list[Finding]], list[WaiverNote]]:
    """Findings with the waived ones marked so, and what is to be said of the waivers themselves.

    ``on`` is the date on which they must hold: the day of the check, else the law's.
    """
    result = {rule: list(found) for rule, found in findings.items()}
    notes = []
    for waiver in waivers:
        matched = [i for i, f in enumerate(result.get(waiver.rule, [])) if waiver.covers(f)]
        if not waiver.is_in_force(on):
            state = "expired" if on > waiver.until else "not_yet"
            if matched:
                notes.append(WaiverNote(waiver.rule, waiver.subject, state, waiver.place))
            continue
        if not matched:
            partly = any(waiver.touches(f) for f in result.get(waiver.rule, []))
            state = "partial" if partly else "unused"
            notes.append(WaiverNote(waiver.rule, waiver.subject, state, waiver.place))
        if waiver.subject == EVERYTHING:
            notes.append(WaiverNote(waiver.rule, waiver.subject, "broad", waiver.place))
        used = WaiverUsed(waiver.reason, waiver.office, waiver.document, waiver.until)
        for i in matched:
            was = result[waiver.rule][i]
            result[waiver.rule][i] = replace(was, outcome=Outcome.WAIVED, waiver=used)
    return result, notes


def pruned(path: str, gone: Sequence[int]) -> str:
    """The file's text without the entries numbered ``gone``; every comment line is kept.

    Raises UsageError where an entry does not stand on lines of its own.
    """
    file = Path(path)
    document = read_path(file)
    entries = document.tree["waivers"] or []
    lines = read_bytes(file).decode("utf-8-sig").splitlines(keepends=True)
    starts = []
    for i in range(len(entries)):
        span = document.span(f"/waivers/{i}")
        starts.append(span.line - 1 if span else -1)
        if not span or not lines[starts[i]].lstrip().startswith("-"):
            raise _not_own_lines(path)
    ends = [*starts[1:], len(lines)]
    dropped = {
        n
        for i in gone
        for n in range(starts[i], ends[i])
        if lines[n].strip() and not lines[n].lstrip().startswith("#")
    }
    text = "".join(line for n, line in enumerate(lines) if n not in dropped)
    if entries and len(gone) == len(entries):
        text = re.sub(r"(?m)^waivers:[ \t]*", "waivers: []  ", text, count=1)
        text = re.sub(r"(?m)^(waivers: \[\])[ ]+$", r"\1", text)
    kept = [entry for i, entry in enumerate(entries) if i not in set(gone)]
    try:
        same = read(file.name, text.encode()).tree == {"waivers": kept}
    except ReadError:
        same = False
    if not same:
        raise _not_own_lines(path)
    return text


def _day(tree: Any, at: Place) -> str | None:
    """A day as people write it (2021年10月31日), or an ISO date; None where there is none."""
    return date(day_written(tree) or tree if isinstance(tree, str) else tree, at)


def _not_own_lines(path: str) -> UsageError:
    return UsageError(
        "waivers-layout", "各项豁免没有各占几行，不能逐项去掉", path, "请把每项写成以 - 开头的几行"
    )
