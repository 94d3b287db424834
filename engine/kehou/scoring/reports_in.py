"""What a report says of each rule, counted for scoring: certain breaches, passes, open questions.

Scoring reads reports and nothing else, so that whatever settles a finding before (an attestation,
a waiver, another document) needs no word here. The report is its JSON form (docs/architecture.md
§7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kehou.errors import UnreadableError
from kehou.model.outcomes import Outcome, Owner
from kehou.readers.copied_text import as_code

#: The key of a report (report.schema.json) under which it says whose submission it is of.
SUBJECT = "school"
#: Outcomes that may yet turn out either way.
OPEN = frozenset({"error", "review", "insufficient", "not_judged"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as far as scoring needs it.

    ``counts`` is fail, open, pass or not_applicable; ``subjects`` how many subjects it stands
    for, ``bounded`` is false where it may stand for more once everything is handed in.
    """

    rule: str
    counts: str
    outcome: str
    subjects: int
    bounded: bool
    subject: str
    place: str
    message: str
    fingerprint: str
    missing: tuple[str, ...]
    waived: bool = False


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """One rule's findings; ``title`` is empty where the report does not have the rule."""

    rule: str
    title: str
    clauses: tuple[tuple[str, str], ...]
    findings: tuple[Seen, ...]

    @property
    def state(self) -> str:
        """fail where a breach is certain, else open, else pass, else not_applicable."""
        found = {finding.counts for finding in self.findings}
        return next((s for s in ("fail", "open", "pass") if s in found), "not_applicable")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something missing that a report asks for, with the rules it would settle."""

    path: str
    label: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submitter:
    """One submitter's report, read for scoring; ``listed``: a register alone knows its code."""

    id: str
    name: str
    strata: Mapping[str, str | tuple[str, ...]]
    source: str
    stage: str
    as_of: str
    cross_checked: bool
    packs: tuple[tuple[str, str, str], ...]
    faults: int
    rules: Mapping[str, RuleSeen]
    wanted: tuple[Wanted, ...]
    not_judged: Mapping[str, str]
    listed: bool = False

    @property
    def order(self) -> tuple[str, str, str]:
        """Code order; the name and then the file where there is no code."""
        return self.id, self.name, self.source

    @property
    def keys(self) -> tuple[str, ...]:
        """What a row of scores may call it by: its code; without one its name, then its file.

        Who has its code from a register alone may have been given scores before that, by name.
        """
        if self.id and not self.listed:
            return (self.id,)
        by_name = (self.name,) if self.id else (self.name, self.source)
        return tuple(filter(None, (self.id, *map(as_code, by_name))))

    def stratum(self, name: str) -> str:
        """The value of a stratum of one value; empty where there is none."""
        value = self.strata.get(name, "")
        return value if isinstance(value, str) else ""

    def place(self, names: Iterable[str]) -> str:
        """The finest of the places that it has; ``names`` go from the widest to the finest."""
        return next(filter(None, (self.stratum(name) for name in reversed([*names]))), "")


def read(tree: Mapping[str, Any], name: str, waived: str = "pass") -> Submitter:
    """A report for scoring; ``waived`` is how waived findings count.

    Raises UnreadableError where the report is not whole.
    """
    try:
        return _submitter(tree, name, waived)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableError(
            "broken-report",
            "JSON 报告不完整或被改动过，读不出来",
            name,
            "请重新运行 kehou check … -o json=文件",
        ) from error


def _submitter(tree: Mapping[str, Any], name: str, waived: str) -> Submitter:
    submission = tree["submission"]
    whose = submission[SUBJECT]
    return Submitter(
        id=_text(whose["id"]),
        name=_text(whose["name"]),
        strata=_strata(whose),
        source=_text(submission.get("path")) or name,
        stage=_text(tree["stage"]),
        as_of=_text(tree["as_of"]),
        cross_checked=bool(tree["cross_checked"]),
        packs=tuple((p["id"], p["version"], p["sha256"]) for p in tree["packs"]),
        faults=len(tree["faults"]),
        rules=_rules(tree["results"], waived),
        wanted=tuple(
            Wanted(_text(m["path"]), _text(m["label"]), tuple(map(str, m["settles"])))
            for m in tree["missing_evidence"]
            if m.get("owner", Owner.SUBJECT) == Owner.SUBJECT
        ),
        not_judged={str(r["rule"]): str(r["because"]) for r in tree.get("not_judged") or ()},
        listed="id" in whose.get("from_register", ()),
    )


#: What a report says of whose it is that divides nothing.
_NO_STRATA: Final = ("id", "name", "strata", "from_register")


def _strata(whose: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What the report divides by: single values first, then lists."""
    named = {name: value for name, value in whose.items() if name not in _NO_STRATA}
    found = {**named, **whose.get("strata", {})}
    single = {name: _text(value) for name, value in found.items() if not isinstance(value, list)}
    several = {k: tuple(map(str, v)) for k, v in found.items() if isinstance(v, list)}
    return {**single, **several}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _rules(results: Iterable[Any], waived: str) -> dict[str, RuleSeen]:
    """Rules by id; a rule shown under its counterpart is found under its own id too."""
    found: dict[str, RuleSeen] = {}
    for result in results:
        for rule in (result["rule"], result.get("counterpart")):
            if not rule:
                continue
            clauses = tuple((_text(c["id"]), _text(c["citation"])) for c in result["clauses"])
            seen = tuple(_seen(f, rule, waived) for f in result["findings"]) or _bare(
                result, rule, waived
            )
            before = found.get(rule)
            if before is not None:
                clauses = tuple(dict.fromkeys((*before.clauses, *clauses)))
                seen = (*before.findings, *seen)
            found[rule] = RuleSeen(rule, _text(result["title"]), clauses, seen)
    return found


def _bare(result: Mapping[str, Any], rule: str, waived: str) -> tuple[Seen, ...]:
    """A rule without findings speaks by its outcome alone."""
    outcome = Outcome(result["outcome"]).value
    if outcome == "not_applicable":
        return ()
    counts = {"pass": "pass", "waived": waived, "fail": "fail"}.get(outcome, "open")
    return (Seen(rule, counts, outcome, 1, counts != "open", "", "", "", "", ()),)


def _seen(tree: Mapping[str, Any], rule: str, waived: str) -> Seen:
    outcome = Outcome(tree["outcome"]).value
    subject, subjects = tree["subject"], int(tree["count"])
    if subjects < 1:
        raise ValueError(subjects)
    counts = outcome if outcome in ("fail", "pass", "not_applicable") else "open"
    if outcome == "waived":
        counts = waived
    return Seen(
        rule=rule,
        counts=counts,
        outcome=outcome,
        subjects=subjects,
        bounded=_bounded(outcome, subject),
        subject=_text(subject["label"]),
        place=_place(tree["location"]),
        message=_text(tree["message"]),
        fingerprint=_text(tree["fingerprint"]),
        missing=tuple(map(str, tree["missing"])),
        waived=outcome == "waived",
    )


def _bounded(outcome: str, subject: Mapping[str, Any]) -> bool:
    """Whether an open finding cannot come to stand for more subjects than it counts.

    A list that was not handed in is one subject now and may be four hundred tomorrow; rows that
    lack a field may be expanded by it. Only what is about the submission as a whole, and what a
    person must look at in a row that stands there, is counted as it is.
    """
    pointer = _text(subject["pointer"])
    if pointer in ("", "/"):
        return True
    row = any(step.isdecimal() for step in pointer.split("/"))
    return outcome in ("review", "not_judged") and row


def _place(location: Mapping[str, Any] | None) -> str:
    if location is None:
        return ""
    file, line, cell = _text(location["file"]), location.get("line"), location.get("cell")
    told = f"{file}:{int(line)}" if line is not None else file
    return f"{told}!{cell}" if cell else told


def absent(rule: str) -> RuleSeen:
    """A rule that the report does not have: nothing is known of it."""
    return RuleSeen(
        rule,
        "",
        (),
        (Seen(rule, "open", "not_judged", 1, False, "", "", "报告中没有这条规则的结论", "", ()),),
    )


@dataclass(frozen=True, slots=True)
class Count:
    """Certain failures, open ones (None: nobody can say how many) and passes."""

    fails: int
    open: int | None
    passes: int


def count(rules: Sequence[RuleSeen], unit: str) -> Count:
    """Failures, open questions and passes of an indicator's rules, by rule, finding or subject."""
    if unit == "rules":
        states = [rule.state for rule in rules]
        return Count(states.count("fail"), states.count("open"), states.count("pass"))
    findings = [finding for rule in rules for finding in rule.findings]
    size = (lambda f: 1) if unit == "findings" else (lambda f: f.subjects)
    undecided = [f for f in findings if f.counts == "open"]
    return Count(
        sum(size(f) for f in findings if f.counts == "fail"),
        sum(f.subjects for f in undecided) if all(f.bounded for f in undecided) else None,
        sum(size(f) for f in findings if f.counts == "pass"),
    )
