"""The parts of a SARIF run that describe kehou and its packs, whatever was found.

Every rule of every pack is declared in the driver, in the report's language; a translation
holds the other language (SARIF 2.1.0 §3.14.9). Clause parts are the taxa of one taxonomy a
pack, and a rule is related to those that it checks (§3.19.3, §3.53).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kehou.model.outcomes import Severity
from kehou.model.report import CitedClause, DeclaredRule, PackUsed, Report, RuleResult
from kehou.render.words import catalogue
from kehou.render.words.statement import identity, safe
from kehou.render.words.wording import Words

#: Severity → the level of a result that is not met (SARIF §3.27.10).
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.ADVICE: "note",
}
#: Report language → the language tag of SARIF.
TAGS = {"zh": "zh-CN", "en": "en-US"}
#: Notifications that are results where only what is to be done is told.
UNREAD = ("unreadable-value", "not-evaluated")
#: Notifications of a run, in the order of ``driver.notifications``.
NOTIFICATIONS = ("unreadable-value", "not-evaluated", "file-not-read", "waiver")


@dataclass(frozen=True, slots=True)
class Described:
    """What results refer to by index; ``taxa`` are (pack, clause part) → (taxonomy, taxon)."""

    rules: dict[str, int]
    rule_clauses: dict[str, tuple[str, ...]]
    taxa: dict[str, tuple[int, int]]
    packs: tuple[PackUsed, ...]

    def taxon(self, clause: str) -> dict[str, Any] | None:
        """A reference to a clause part, or None where no pack has it."""
        if clause not in self.taxa:
            return None
        pack, index = self.taxa[clause]
        component = {"name": self.packs[pack].id, "index": pack}
        return {"id": clause, "index": index, "toolComponent": component}


def describe(
    reports: Sequence[Report], everything: bool
) -> tuple[list[DeclaredRule], list[list[CitedClause]], Described]:
    """Rules and, pack by pack, clause parts of a run, and how results refer to them.

    What a report cites and no pack declares is taken from its results. What could not be read or
    evaluated is declared as a rule where it is told as a result, that is without ``everything``.
    """
    packs = tuple({(p.id, p.version): p for r in reports for p in r.packs.used}.values())
    declared = {rule.id: rule for pack in packs for rule in pack.rules}
    clauses: list[list[CitedClause]] = [
        [CitedClause(c.id, c.citation, c.quote) for c in pack.clauses] for pack in packs
    ]
    known = {clause.id for listed in clauses for clause in listed}
    for report in reports:
        for result in report.results:
            for clause in result.clauses:
                if clause.id not in known and clauses:
                    known.add(clause.id)
                    clauses[0].append(clause)
            declared.setdefault(result.rule, _of_result(result, report))
    taxa = {
        clause.id: (pack, index)
        for pack, listed in enumerate(clauses)
        for index, clause in enumerate(listed)
    }
    for report in reports:
        for inference in report.inferences:
            titles = {report.run.language: inference.mark}
            declared.setdefault(
                inference.rule,
                DeclaredRule(
                    inference.rule, Severity.ADVICE, "", (report.run.stage,), (), titles, {}
                ),
            )
    if not everything:
        stages = tuple(dict.fromkeys(report.run.stage for report in reports))
        for name in UNREAD:
            titles = {tag: catalogue.load(tag)[f"notification.{name}"] for tag in TAGS}
            declared[name] = DeclaredRule(name, Severity.CRITICAL, "", stages, (), titles, {})
    rules = list(declared.values())
    described = Described(
        {rule.id: index for index, rule in enumerate(rules)},
        {rule.id: rule.clauses for rule in rules},
        taxa,
        packs,
    )
    return rules, clauses, described


def _of_result(result: RuleResult, report: Report) -> DeclaredRule:
    """A rule that no pack of the report declares, as far as its result tells it."""
    language = report.run.language
    remedy = next((f.remedy for f in result.findings if f.remedy), "")
    return DeclaredRule(
        result.rule,
        result.severity,
        result.area,
        (report.run.stage,),
        tuple(clause.id for clause in result.clauses),
        {language: result.title},
        {language: remedy},
    )


def driver(
    report: Report,
    rules: Sequence[DeclaredRule],
    clauses: Sequence[Sequence[CitedClause]],
    described: Described,
    language: str,
    clauses_page: str,
) -> dict[str, Any]:
    """``run.tool.driver``: kehou, its notifications and every rule."""
    words = catalogue.of_reports([report], language)
    quotes = {c.id: c for listed in clauses for c in listed}
    return {
        "name": "kehou",
        "version": report.run.tool_version,
        "semanticVersion": report.run.tool_version,
        "informationUri": f"urn:uuid:{identity('tool', report.run.tool_version)}",
        "language": TAGS[language],
        "contents": ["localizedData", "nonLocalizedData"],
        "isComprehensive": True,
        "notifications": [_notification(name, words) for name in NOTIFICATIONS],
        "rules": [_rule(rule, quotes, report, described, language, clauses_page) for rule in rules],
        "supportedTaxonomies": [
            {"name": pack.id, "index": index} for index, pack in enumerate(described.packs)
        ],
    }


def translations(
    rules: Sequence[DeclaredRule],
    clauses: Sequence[Sequence[CitedClause]],
    report: Report,
    language: str,
) -> list[dict[str, Any]]:
    """``run.translations``: the same texts in the languages that the report is not in."""
    quotes = {c.id: c for listed in clauses for c in listed}
    found = []
    for other, tag in TAGS.items():
        if other == language:
            continue
        words = catalogue.of_reports([report], other)
        found.append(
            {
                "name": "kehou",
                "version": report.run.tool_version,
                "language": tag,
                "contents": ["localizedData"],
                "translationMetadata": {"name": f"kehou {tag}"},
                "associatedComponent": {"name": "kehou"},
                "notifications": [_notification(name, words) for name in NOTIFICATIONS],
                "rules": [
                    {"id": rule.id, **_texts(rule, quotes, other, words)}
                    for rule in rules
                    if other in rule.titles
                ],
            }
        )
    return found


def taxonomies(
    described: Described, clauses: Sequence[Sequence[CitedClause]]
) -> list[dict[str, Any]]:
    """``run.taxonomies``: each pack's clause parts, in the policy's words and order."""
    return [
        {
            "name": pack.id,
            "version": pack.version,
            "language": TAGS["zh"],
            "shortDescription": {"text": safe(pack.title)},
            "contents": ["localizedData", "nonLocalizedData"],
            "isComprehensive": True,
            "taxa": [
                {
                    "id": clause.id,
                    "shortDescription": {"text": safe(clause.citation)},
                    "fullDescription": {"text": safe(clause.quote)},
                }
                for clause in listed
            ],
        }
        for pack, listed in zip(described.packs, clauses, strict=True)
    ]


def _notification(name: str, words: Words) -> dict[str, Any]:
    text = words[f"notification.{name}"]
    return {
        "id": name,
        **_named(name),
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": text},
    }


def _named(name: str) -> dict[str, str]:
    """The friendly name that goes with an id, where it says more: ``fee-basis`` → ``FeeBasis``."""
    parts = name.split("-")
    return {"name": "".join(part.capitalize() for part in parts)} if len(parts) > 1 else {}


def _rule(
    rule: DeclaredRule,
    quotes: dict[str, CitedClause],
    report: Report,
    described: Described,
    language: str,
    clauses_page: str,
) -> dict[str, Any]:
    words = catalogue.of_reports([report], language)
    related = [taxon for clause in rule.clauses if (taxon := described.taxon(clause))]
    tags = [
        tag for tag in (report.packs.areas.get(rule.area, rule.area), rule.severity.value) if tag
    ]
    return {
        "id": rule.id,
        **_named(rule.id),
        **_texts(rule, quotes, language, words),
        **_help_uri(rule, described, clauses_page),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        **(
            {"relationships": [{"target": taxon, "kinds": ["relevant"]} for taxon in related]}
            if related
            else {}
        ),
        "properties": {
            "severity": rule.severity.value,
            "stages": [stage.value for stage in rule.stages],
            "tags": tags,
        },
    }


def _help_uri(rule: DeclaredRule, described: Described, clauses_page: str) -> dict[str, str]:
    """Where the words of a rule's first clause stand on the page of clauses, if it has an address.

    The page's anchors are ``PACK-CLAUSE`` (reports/clauses.html.j2).
    """
    if not clauses_page:
        return {}
    for clause in rule.clauses:
        if clause in described.taxa:
            pack = described.packs[described.taxa[clause][0]].id
            return {"helpUri": f"{clauses_page}#{pack}-{clause}"}
    return {"helpUri": clauses_page}


def _texts(
    rule: DeclaredRule, quotes: dict[str, CitedClause], language: str, words: Words
) -> dict[str, Any]:
    """Title, description and help of a rule in one language, Chinese where it has no other."""
    title = _in(rule.titles, language) or rule.id
    cited = [quotes[name] for name in rule.clauses if name in quotes]
    quoted = [words["quoted"].format(citation=c.citation, quote=c.quote) for c in cited]
    remedy = _in(rule.remedies, language)
    told = [safe(part) for part in (title, *quoted)]
    return {
        "shortDescription": {"text": told[0]},
        "fullDescription": {"text": "\n".join(told)},
        "help": {"text": "\n".join([*told, safe(remedy)] if remedy else told)},
    }


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("zh") or next(iter(texts.values()), "")
