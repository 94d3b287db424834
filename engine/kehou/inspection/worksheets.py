"""Inspection worksheets: exactly what is still for a person to look at, from reports in JSON.

An item is a finding under review or insufficient, what is to be seen on site, or the part of a
clause that no rule decides (clause status ``partly`` or ``manual``). Items stand by the heads of
sentence 78, then 程序 and 安全; what waits for a paper stands last, paper by paper. Advice is not
inspected, nor a clause of which no rule applies; which those are is told. The items of a submitter
carry its findings' fingerprints, so that what is written on the sheet finds its finding again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from kehou.errors import UsageError
from kehou.model import attested
from kehou.model.outcomes import ClauseStatus, Owner, Severity, Stage, counted_as
from kehou.model.places import location_of, marked
from kehou.model.rules import Clause
from kehou.packs import Pack
from kehou.render.words import Words, located

#: (name, all, drawn) of each stratum of a sample.
Strata = Sequence[tuple[str, int, int]]
#: Outcomes that a person can settle; of what is not judged, what is to be seen on site.
OPEN = ("review", "insufficient", "not_judged")
#: Outcomes that say something of a submission; “cannot tell” and “does not apply” do not.
_TELLING = ("pass", "fail", "review", "waived")
_GRAVITY = tuple(str(one) for one in Severity)
#: What stands for the outcome of an item that no rule decides.
MANUAL = "manual"
#: Keys of the formats that are read and written here (report.schema.json, docs/inspection.md).
SUBJECT, SUBJECTS = "school", "schools"


@dataclass(frozen=True, slots=True)
class Submitter:
    """One submitter's report as far as a worksheet needs it; ``results`` are its rules'.

    ``attested`` is what became of its attestations, ``report`` the whole as it was read.
    """

    id: str
    name: str
    strata: Mapping[str, str]
    stage: Stage
    as_of: str
    packs: tuple[str, ...]
    areas: Mapping[str, str]
    results: Sequence[Mapping[str, Any]]
    source: str
    attested: Sequence[Mapping[str, Any]] = ()
    report: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; ``members`` are the short fingerprints of the subjects it is about."""

    number: int
    area: str
    clauses: tuple[str, ...]
    citation: str
    quote: str
    rule: str
    title: str
    subject: str
    outcome: str
    look: str
    place: str
    fingerprint: str
    members: tuple[str, ...]
    #: The paper that has to be there first, what of it is missing, and how grave that is.
    paper: str = ""
    lacks: tuple[str, ...] = ()
    severity: str = ""
    #: What of a text it was told from (`kehou.model.attested`).
    mark: str = ""

    def code(self, submitter: str) -> str:
        """Ten hexadecimal digits that change if what the item is about is changed, and its mark."""
        mark = (self.mark,) if self.mark else ()
        parts = (submitter, self.rule, *self.clauses, self.fingerprint, *self.members, *mark)
        own = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
        return "-".join((own, *mark))


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The items of one submitter, in order."""

    submitter: Submitter
    items: tuple[Item, ...]
    #: Citations of clauses of which no rule applies to this submitter: they are no items.
    left_out: tuple[str, ...] = ()

    @property
    def to_look(self) -> tuple[Item, ...]:
        """What can be looked at as it is."""
        return tuple(item for item in self.items if not item.paper)

    @property
    def papers(self) -> tuple[tuple[Item, ...], ...]:
        """What waits for a paper, by the paper."""
        waiting = (item for item in self.items if item.paper)
        return tuple(tuple(group) for _, group in groupby(waiting, key=lambda item: item.paper))


# --- reports -------------------------------------------------------------------------------


def submitter_of(tree: Mapping[str, Any], path: str) -> Submitter:
    """The submitter of a report that was read from a file."""
    own = tree["submission"][SUBJECT]
    name = own["name"] or own["id"] or tree["submission"]["path"]
    return Submitter(
        own["id"] or name,
        name,
        {key: _stratum(value) for key, value in _strata(own)},
        Stage(tree["stage"]),
        tree["as_of"],
        tuple(pack["id"] for pack in tree["packs"]),
        tree.get("areas") or {},
        tree["results"],
        path,
        tree.get("attestations") or (),
        tree,
    )


def without_report(submitter: Submitter) -> Submitter:
    """Who a submitter is, and no more: of many, nobody holds all reports at once."""
    return replace(submitter, results=(), attested=(), report={})


def judged(submitter: Submitter) -> bool:
    """Whether any rule came to an outcome that says something."""
    return any(result["outcome"] in _TELLING for result in submitter.results)


#: What a report tells of a submitter that is nothing to divide by.
_NO_STRATA: Final = ("id", "name", "strata", "from_register")


def _strata(own: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What the report divides by: single values first, then lists."""
    named = {name: value for name, value in own.items() if name not in _NO_STRATA}
    found = {**named, **own.get("strata", {})}
    yield from ((name, value) for name, value in found.items() if not isinstance(value, list))
    yield from ((name, value) for name, value in found.items() if isinstance(value, list))


def _stratum(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value or "")


# --- items ---------------------------------------------------------------------------------


def worksheet(
    submitter: Submitter, packs: Mapping[str, Pack], words: Words, others: Iterable[Item] = ()
) -> Worksheet:
    """What is for a person to look at in one submission, told in the words of a catalogue.

    ``others`` are items that come from elsewhere than the report (`noticed`). The sheet does not
    hold the report that it is made from.
    """
    order = list(submitter.areas)
    packs = {name: pack.told_in(words["html_lang"][:2]) for name, pack in packs.items()}
    found = [*_findings(submitter, words), *_parts(submitter, packs, words), *others]
    gravest: dict[str, int] = {}
    for item in found:
        gravest[item.paper] = min(gravest.get(item.paper, len(_GRAVITY)), _gravity(item))

    def place(item: Item) -> tuple[object, ...]:
        area = order.index(item.area) if item.area in order else len(order)
        if not item.paper:
            return False, 0, "", area
        return True, gravest[item.paper], item.paper, _gravity(item)

    found.sort(key=place)
    return Worksheet(
        without_report(submitter),
        tuple(_numbered(item, number) for number, item in enumerate(found, 1)),
        tuple(dict.fromkeys(c.citation for c in _inapplicable(submitter, packs))),
    )


def _gravity(item: Item) -> int:
    return _GRAVITY.index(item.severity) if item.severity in _GRAVITY else len(_GRAVITY)


def _numbered(item: Item, number: int) -> Item:
    return replace(item, number=number)


def _findings(submitter: Submitter, words: Words) -> Iterator[Item]:
    """The open findings; those of a rule that share a subject are one item: one look settles them.

    The slots of one row may be open for several reasons, each a finding of its own.
    """
    found: dict[str, list[Item]] = {}
    for item in _open(submitter, words):
        apart = []
        for other in found.get(item.rule, []):
            if set(other.members) & set(item.members):
                item = _joined(other, item, words)
            else:
                apart.append(other)
        found[item.rule] = [*apart, item]
    for items in found.values():
        yield from items


def _joined(first: Item, second: Item, words: Words) -> Item:
    return replace(
        first,
        outcome=min(first.outcome, second.outcome, key=OPEN.index),
        look=words["semicolon"].join(dict.fromkeys((first.look, second.look))),
        members=tuple(sorted({*first.members, *second.members})),
        mark=first.mark if first.mark == second.mark else "",
    )


def _open(submitter: Submitter, words: Words) -> Iterator[Item]:
    for result in submitter.results:
        if result["severity"] == "advice":
            continue
        first = result["clauses"][0] if result["clauses"] else {"citation": "", "quote": ""}
        for finding in result["findings"]:
            outcome = str(counted_as(finding["outcome"], finding.get("unconfirmed", False)))
            if outcome == "pass" and finding.get("unconfirmed"):
                outcome = "review"  # a program read it: a person holds it against the text
            if outcome not in OPEN:
                continue
            if outcome == "not_judged" and finding.get("owner") != Owner.VISIT:
                continue
            members = finding["members"] or [finding["fingerprint"][:16]]
            paper, lacks = _paper_of(finding, submitter)
            yield Item(
                0,
                result["area"],
                tuple(c["id"] for c in result["clauses"]),
                first["citation"],
                first["quote"],
                result["rule"],
                result["title"],
                _subject(finding, words),
                outcome,
                finding["message"],
                place_told(finding["location"], words),
                finding["fingerprint"],
                tuple(members),
                paper,
                lacks,
                result["severity"],
                _mark(finding, submitter.report["submission"]),
            )


def _mark(finding: Mapping[str, Any], submission: Mapping[str, Any]) -> str:
    """By what an attestation falls when a text is mended: what was read of it, or all of it.

    What a person filled in is known by the finding's own subject and outcome.
    """
    if finding.get("unconfirmed"):
        return attested.of_values(finding["found"])
    if finding["outcome"] == "insufficient" and submission.get("prose"):
        return attested.of_text(file["sha256"] for file in submission["files"])
    return ""


def _paper_of(finding: Mapping[str, Any], submitter: Submitter) -> tuple[str, tuple[str, ...]]:
    """The paper that a finding waits for, first one that is missing whole, and what of it."""
    if finding["outcome"] != "insufficient":
        return "", ()
    known = {m["path"]: m for m in submitter.report.get("missing_evidence") or ()}
    found = []
    for path in finding["missing"]:
        general = re.sub(r"/\d+(?=/|$)", "/*", path)
        outer = "/" + general.split("/")[1] if "/" in general else ""
        one = known.get(path) or known.get(general) or known.get(outer)
        if one is not None:
            found.append(one)
    if not found:
        return "", ()
    whole = [one for one in found if one["path"].count("/") == 1]
    first = (whole or found)[0]
    paper = first.get("paper") or first["label"].partition("·")[0].strip()
    return paper, tuple(dict.fromkeys(one["label"] for one in found))


def _subject(finding: Mapping[str, Any], words: Words) -> str:
    label = str(finding["subject"]["label"])
    if finding["count"] == 1:
        return label
    return words["worksheet.several"].format(label=label, n=finding["count"])


def place_told(location: Mapping[str, Any] | None, words: Words) -> str:
    """A location of a report as ``file:line`` or ``file!cell``, of a document in words.

    "" where there is none.
    """
    if location and location.get("paragraph") is not None:
        return located(location_of(location), words)
    return marked(location)


def _parts(submitter: Submitter, packs: Mapping[str, Pack], words: Words) -> Iterator[Item]:
    """The parts of clauses that no rule decides, of those that concern this stage."""
    judged = {result["rule"] for result in submitter.results}
    left_out = list(_inapplicable(submitter, packs))
    for pack in (packs[name] for name in submitter.packs if name in packs):
        for clause in pack.clauses.values():
            carriers = [pack.rules[name] for name in pack.carriers[clause.id]]
            here = [rule for rule in carriers if rule.id in judged]
            # A clause without a single rule belongs to no stage and no head: it stands at the end.
            alone = clause.status is ClauseStatus.MANUAL and not carriers
            if clause.status not in (ClauseStatus.PARTLY, ClauseStatus.MANUAL):
                continue
            if (not here and not alone) or clause in left_out:
                continue
            yield Item(
                0,
                here[0].area if here else words["worksheet.no_area"],
                (clause.id,),
                clause.citation,
                clause.quote,
                "",
                words["worksheet.rest"],
                words["worksheet.whole"],
                MANUAL,
                clause.reason or "",
                "",
                f"{pack.id}/{clause.id}",
                (),
            )


def _inapplicable(submitter: Submitter, packs: Mapping[str, Pack]) -> Iterator[Clause]:
    """The clauses that no rule decides whole, and of which each rule says that it does not apply.

    What is not looked at for that reason is told, for a person to object.
    """
    outcomes = {result["rule"]: result["outcome"] for result in submitter.results}
    for pack in (packs[name] for name in submitter.packs if name in packs):
        for clause in pack.clauses.values():
            if clause.status not in (ClauseStatus.PARTLY, ClauseStatus.MANUAL):
                continue
            here = [outcomes[name] for name in pack.carriers[clause.id] if name in outcomes]
            if here and all(outcome == "not_applicable" for outcome in here):
                yield clause


# --- samples -------------------------------------------------------------------------------


def sample(
    found: Sequence[Submitter], size: int, seed: str, by: Sequence[str]
) -> tuple[list[Submitter], list[tuple[str, int, int]]]:
    """A sample drawn evenly over strata, and (stratum, submitters, drawn) of each.

    Places are shared out in proportion, the largest remainders first (Hamilton's method); within
    a stratum the order is that of SHA-256 of the seed and the submitter's code, so that the same
    seed always draws the same. Raises UsageError where there are fewer than asked for.
    """
    if size > len(found):
        raise UsageError(
            "sample-too-large", f"要抽 {size} 份，只有 {len(found)} 份", "--sample", "请抽得少一些"
        )
    strata: dict[str, list[Submitter]] = {}
    for submitter in found:
        stratum = "／".join(submitter.strata.get(key, "") for key in by)
        strata.setdefault(stratum, []).append(submitter)
    shares = {name: Fraction(size * len(members), len(found)) for name, members in strata.items()}
    drawn = {name: int(share) for name, share in shares.items()}
    rest = sorted(strata, key=lambda name: (drawn[name] - shares[name], name))
    for name in rest[: size - sum(drawn.values())]:
        drawn[name] += 1
    taken = []
    for name, members in strata.items():
        taken += sorted(members, key=lambda submitter: _lot(seed, submitter.id))[: drawn[name]]
    told = [(name, len(strata[name]), drawn[name]) for name in sorted(strata)]
    return sorted(taken, key=lambda submitter: submitter.id), told


def _lot(seed: str, submitter: str) -> str:
    return hashlib.sha256(f"{seed}\0{submitter}".encode()).hexdigest()
