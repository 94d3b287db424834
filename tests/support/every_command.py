"""Every command, in every format, on the submissions of one pack, and what people read of it.

`run_all` works like an office does in a year: packs are tested, submissions checked at each
stage, missing papers asked for, worksheets filled in and read back, notices sent and closed,
points given, and all of it proved again from a bundle. The files stand in one folder.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from tests.support.shown import shown

from kehou import packs
from kehou.cli.main import main
from kehou.inspection import circular_formats, worksheet_formats
from kehou.inspection.worksheet_xlsx import HEADER_ROW
from kehou.rectification import letters
from kehou.remedy import letter, suggestion_text
from kehou.render import formats as check_formats
from kehou.scoring import formats as score_formats

STAGES = ("approval", "inspection", "assessment")
LANGUAGES = ("zh", "en")
#: Formats by command, from the tables that the commands have them from.
FORMATS: dict[str, tuple[str, ...]] = {
    "check": tuple(check_formats.FORMATS),
    "clauses": ("text", "json", "html"),
    "request": tuple(letter.FORMATS),
    "fix": tuple(suggestion_text.FORMATS),
    "worksheet": tuple(worksheet_formats.FORMATS),
    "agreement": ("text", "json"),
    "attest": ("yaml",),
    "notice": tuple(letters.FORMATS),
    "recheck": tuple(letters.FORMATS),
    "circular": tuple(circular_formats.FORMATS),
    "score": tuple(score_formats.SHEETS),
    "diff": ("text", "json"),
    "verify": ("text", "json"),
}
#: Commands that write one output in a call.
ONCE = frozenset({"agreement", "attest", "clauses", "diff", "fix", "verify", "waiver"})
RANKINGS = tuple(score_formats.RANKINGS)
#: Exit codes that are an answer: 1, 3 and 4 say what was found, 2 that the call was no good.
ANSWERS = (0, 1, 3, 4)
REFUSED = (2, 4)
#: Files of a bundle that kehou writes; the others are copies of what it was given.
_WRITTEN = (".txt", ".html", ".json", ".md")
_OFFICE = "某办公室（示例）"


@dataclass(frozen=True)
class Domain:
    """A pack, submissions of it from good to bad, and what its commands are called with.

    ``bad`` are submissions that cannot be read or are read with faults; ``options`` are those of
    a check (a bureau's tables, dates); ``rule`` is a rule to explain and ``strata`` are what a
    sample is drawn by, "" for what the pack says.
    """

    pack: Path
    good: tuple[Path, ...]
    bad: tuple[Path, ...]
    rule: str
    area: str
    clause: str
    options: tuple[str, ...] = ()
    strata: str = ""

    @property
    def chosen(self) -> tuple[str, str]:
        """The option that chooses the pack."""
        return ("--pack", str(self.pack))


@dataclass
class Told:
    """What was shown, by call: the screen, and each file written into the folder.

    ``refused`` are calls that ended otherwise than foreseen.
    """

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    formats: set[tuple[str, str]] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def call(self, name: str, command: str, *words: object, codes: Sequence[int] = ANSWERS) -> None:
        """Run one command; what it prints is kept under the name."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([command, *map(str, words)])
        self.commands.add(command)
        text = f"{out.getvalue()}\n{err.getvalue()}".replace(str(self.folder), "")
        self.texts[name] = text
        if code not in codes or "内部出错" in text:
            self.refused.append(f"{name}：{code}：{text[-600:]}")

    def every(self, name: str, command: str, *words: object) -> None:
        """Run one command with each of its formats, its text on the screen, the others in files."""
        kinds = FORMATS[command]
        if command in ONCE:
            for kind in kinds:
                called = name if kind == "text" else f"{name}.{kind}"
                self.call(called, command, *words, *self.files(name, command, [kind]))
        else:
            self.call(name, command, *words, *self.files(name, command, kinds))

    def files(self, name: str, command: str, kinds: Sequence[str], flag: str = "-o") -> list[str]:
        """The options for each format: text is shown, any other goes to a file of that name."""
        self.formats |= {(command, kind) for kind in kinds}
        return [
            word
            for kind in kinds
            for word in (flag, kind if kind == "text" else f"{kind}={self.folder}/{name}.{kind}")
        ]

    def read(self) -> None:
        """Take in every file that was written."""
        for path in sorted(p for p in self.folder.glob("*.*") if p.is_file()):
            self.texts[path.name] = shown(path).replace(str(self.folder), "")


def run_all(domain: Domain, folder: Path) -> Told:
    """Every command in every format; the texts by call."""
    told = Told(folder)
    _packs(told, domain)
    _checks(told, domain)
    _papers(told, domain)
    _inspection(told, domain)
    _rectification(told, domain)
    _proof(told, domain)
    _scores(told, domain)
    _faults(told, domain)
    told.read()
    return told


def _packs(told: Told, domain: Domain) -> None:
    """What people who write packs call."""
    for lang in LANGUAGES:
        told.every(f"clauses.{lang}", "clauses", *domain.chosen, "--lang", lang)
        words = ("--ambiguities", *domain.chosen, "--lang", lang)
        told.call(f"ambiguities.{lang}", "clauses", *words)
        told.call(f"explain.{lang}", "explain", domain.rule, *domain.chosen, "--lang", lang)
    told.call("lint", "lint", *domain.chosen, codes=(0,))
    told.call("test", "test", *domain.chosen, codes=(0,))
    told.call("mutate", "test", domain.rule, "--mutate", *domain.chosen)
    told.call("schema", "schema")
    copy = told.folder / "copy" / domain.pack.name
    shutil.copytree(domain.pack, copy)
    made = f"{domain.area}-made-today"
    where = ("--pack", copy, "--clause", domain.clause, "--area", domain.area)
    told.call("new", "new", made, *where)
    for path in sorted(copy.rglob(f"{made}*")):
        told.texts[f"new.{path.name}"] = shown(path)


def _checks(told: Told, domain: Domain) -> None:
    """Checks in every format, stage and language, of one submission and of all."""
    for stage in STAGES:
        for lang in LANGUAGES:
            options = (*domain.chosen, "--stage", stage, "--lang", lang, *domain.options)
            quick = (*options, "--engine", "direct")
            for n, path in enumerate(domain.good):
                name = f"check.{n}.{stage}.{lang}"
                told.every(name, "check", path, *(options if n == 0 else quick))
                told.call(f"{name}.verbose", "check", path, *quick, "-v")
                told.call(f"{name}.quiet", "check", path, *quick, "-q")
                told.call(f"{name}.explain", "explain", domain.rule, path, *options)
            name = f"check.all.{stage}.{lang}"
            told.every(name, "check", *domain.good, *quick, "--reading", "lenient")


def _papers(told: Told, domain: Domain) -> None:
    """Forms, conversions, requests for what is missing and suggestions of what to change."""
    for stage in STAGES:
        of_stage = ("--stage", stage, *domain.chosen)
        told.call(f"form.{stage}", "form", *of_stage, "-o", told.folder / f"form.{stage}.xlsx")
        for n, path in enumerate(domain.good):
            name = f"form.{n}.{stage}"
            filled = told.folder / f"{name}.xlsx"
            told.call(name, "form", *of_stage, "--from", path, "-o", filled)
            options = (*of_stage, *domain.options)
            told.call(f"{name}.check", "check", filled, *options, "--engine", "direct", "-v")
            told.every(f"request.{n}.{stage}", "request", path, *options)
            told.every(f"fix.{n}.{stage}", "fix", "--suggest", path, *options)
    for n, path in enumerate(domain.good):
        for kind in ("json", "yaml", "xlsx"):
            name = f"convert.{n}.{kind}"
            told.call(name, "convert", path, told.folder / name, *domain.chosen)


def _reports(told: Told, domain: Domain, stage: str, lang: str = "zh") -> list[Path]:
    return [told.folder / f"check.{n}.{stage}.{lang}.json" for n in range(len(domain.good))]


def _inspection(told: Told, domain: Domain) -> None:
    """Worksheets, filled in and read back, what two inspectors agree on, and the circular."""
    strata = ("--by", domain.strata) if domain.strata else ()
    for stage in STAGES:
        for lang in LANGUAGES:
            name = f"worksheet.{stage}.{lang}"
            words = (*_reports(told, domain, stage, lang), "--lang", lang)
            told.every(name, "worksheet", *words)
            told.call(f"{name}.1", "worksheet", *words, "--sample", 1, "--seed", "one", *strata)
    blank = told.folder / "worksheet.inspection.zh.xlsx"
    first, second = (_filled(blank, verdict) for verdict in ("符合", "不符合"))
    for lang in LANGUAGES:
        told.every(f"agreement.{lang}", "agreement", first, second, "--lang", lang)
    told.every("attest", "attest", first)
    told.call("attest.blank", "attest", blank, codes=(0, 1, 2, 4))
    reports = _reports(told, domain, "inspection")
    told.every("circular", "circular", *reports, "--due", "2025-06-30")


def _filled(blank: Path, verdict: str) -> Path:
    """A copy of a worksheet in which an inspector answered every row alike."""
    path = blank.with_name(f"filled.{len(verdict)}.xlsx")
    book = openpyxl.load_workbook(blank)
    for sheet in book.worksheets:
        at = {sheet.cell(HEADER_ROW, c).value: c for c in range(1, sheet.max_column + 1)}
        for row, text in ((3, _OFFICE), (4, "2025-04-10"), (5, "2025-12-31")):
            sheet.cell(row, 3).value = text
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            sheet.cell(row, at["核实结论"]).value = verdict
            sheet.cell(row, at["所见"]).value = "当场查看"
            sheet.cell(row, at["佐证"]).value = "照片1"
    book.save(path)
    book.close()
    return path


def _rectification(told: Told, domain: Domain) -> None:
    """Notices, replies, rechecks, and what changed from one submission to another."""
    bad = domain.good[-1]
    for stage in STAGES:
        report = _reports(told, domain, stage)[-1]
        reply = told.folder / f"reply.{stage}.yaml"
        due = ("--due", "2025-06-30")
        told.call(f"reply.{stage}", "notice", report, *due, "--reply", reply)
        told.every(f"notice.{stage}", "notice", report, *due)
        for lang in LANGUAGES:
            options = (*domain.chosen, *domain.options, "--stage", stage, "--lang", lang)
            words = (told.folder / f"notice.{stage}.json", reply, bad, *options)
            told.every(f"recheck.{stage}.{lang}", "recheck", *words, "--received", "2025-07-01")
            told.every(f"diff.{stage}.{lang}", "diff", domain.good[0], bad, *options)


def _proof(told: Told, domain: Domain) -> None:
    """Waivers, checks with all that may be added to one, verification and bundles."""
    bad, report = domain.good[-1], _reports(told, domain, "inspection")[-1]
    waivers = _waivers(told.folder, report)
    added = ("--waivers", waivers, "--attestations", told.folder / "attest.yaml")
    for lang in LANGUAGES:
        language = (*domain.chosen, "--lang", lang)
        for action in ("list", "lint", "prune"):
            words = (action, waivers, "--against", report, "--on", "2025-04-10", *language)
            kept = told.folder / f"waivers.kept.{lang}.yaml"
            into = ("-o", f"text={kept}") if action == "prune" else ()
            told.call(f"waiver.{action}.{lang}", "waiver", *words, *into)
        again = (bad, *language, *domain.options, "--stage", "inspection", *added)
        told.every(f"check.again.{lang}", "check", *again, "--baseline", report, "-v")
        told.every(f"verify.{lang}", "verify", report, bad, *language)
        bundle = told.folder / f"bundle-{lang}"
        options = (*language, *domain.options, "--engine", "direct")
        told.call(f"bundle.{lang}", "bundle", bad, *options, "-o", bundle)
        for path in sorted(p for p in bundle.glob("*.*") if p.suffix in _WRITTEN):
            told.texts[f"bundle.{lang}.{path.name}"] = shown(path)
        told.call(f"verify.bundle.{lang}", "verify", bundle, "--lang", lang)


def _waivers(folder: Path, report: Path) -> Path:
    """Waivers of a report's first findings: one in force, one expired, one of everything."""
    tree = json.loads(report.read_bytes())
    whose = tree["submission"]["school"]["name"]
    found = [
        (result["rule"], f["outcome"], (f["members"] or [f["fingerprint"]])[0])
        for result in tree["results"]
        for f in result["findings"]
        if f["outcome"] in ("fail", "review") and result["severity"] in ("major", "minor")
    ]
    lines = ["waivers:"]
    for n, (rule, outcome, subject) in enumerate(found[:3]):
        until = "2025-01-01" if n == 1 else "2027-12-31"
        subject = "*" if n == 2 else subject
        lines.append(
            f"  - {{rule: {rule}, subject: '{subject}', outcome: {outcome}, reason: 正在办理,"
            f" office: {_OFFICE}, school: '{whose}', until: '{until}'}}"
        )
    path = folder / "waivers.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _scores(told: Told, domain: Domain) -> None:
    """Score sheets and rankings."""
    scheme = told.folder / "scheme.yaml"
    scheme.write_text(_scheme(domain), "utf-8")
    options = ("--scheme", scheme, *domain.options, "--engine", "direct")
    told.every("score", "score", *domain.good, *options, "-v")
    told.every("score.one", "score", domain.good[-1], *options)
    ranking = told.files("ranking", "ranking", RANKINGS, "--ranking")
    told.call("ranking", "score", *domain.good, *options, *ranking)
    told.call("score.nothing", "score", *domain.good, codes=REFUSED)


def _scheme(domain: Domain) -> str:
    """A scheme with ten points for each area of the pack, and points that people give."""
    rules = list(packs.load(str(domain.pack)).rules.values())
    areas = list(dict.fromkeys(rule.area for rule in rules))
    lines = [
        "format: kehou-scheme/1",
        "id: made-here",
        "title: 评分办法（示例）",
        "version: '1'",
        f"packs: ['{domain.pack.as_posix()}']",
        "stage: assessment",
        f"total: {10 * len(areas)}",
        "rounding: {digits: 2, mode: half_up}",
        "not_applicable: within_area",
        "waived: pass",
        "margin: 1",
        "bonus_limit: 2",
        f"areas: {{{', '.join(f'{area}: 10' for area in areas)}}}",
        "grades: [{name: 甲, from: 5}, {name: 乙}]",
        "indicators:",
        f"  - {{id: extra, title: 另加, area: {areas[0]}, points: 2, score: {{kind: manual}},"
        " criteria: 酌情, bonus: true}",
    ]
    for area in areas:
        mine = ", ".join(rule.id for rule in rules if rule.area == area)
        lines.append(
            f"  - {{id: by-{area}, title: 各条, area: {area}, points: 10, score: {{kind: ratio}},"
            f" criteria: 按比例, rules: [{mine}]}}"
        )
    return "\n".join(lines) + "\n"


def _faults(told: Told, domain: Domain) -> None:
    """What cannot be read, and calls that lack something."""
    for path in domain.bad:
        for lang in LANGUAGES:
            options = (*domain.chosen, *domain.options, "--lang", lang)
            name = f"bad.{path.name}.{lang}"
            told.call(name, "check", path, *options, codes=(*ANSWERS, 2))
    good = domain.good[0]
    nowhere = told.folder / "nowhere.yaml"
    for name, *words in (
        ("no-file", "check", nowhere),
        ("no-data", "check", good, "--data", f"nothing={nowhere}"),
        ("no-rule", "explain", "nothing-like-it"),
        ("too-early", "check", good, "--as-of", "1999-01-01"),
        ("no-waivers", "waiver", "list", nowhere, "--on", "2025-04-10"),
        ("form.again", "form", "-o", told.folder / "form.approval.xlsx"),
    ):
        told.call(name, str(words[0]), *words[1:], *domain.chosen, codes=REFUSED)
    for command in ("attest", "worksheet", "circular", "verify", "notice"):
        told.call(f"no-report.{command}", command, good, codes=REFUSED)
