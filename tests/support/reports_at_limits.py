"""The golden report with a whole pack, and reports that go to the limits of a format."""

from __future__ import annotations

from dataclasses import replace

from tests.support.report_changes import changed
from tests.support.reports_by_hand import every_outcome, finding, hostile, report, result

from kehou.model.outcomes import ClauseStatus, Outcome, Severity, Stage
from kehou.model.report import (
    DeclaredRule,
    Hashed,
    PackUsed,
    Report,
    RuleResult,
    Subject,
    WaiverNote,
    WaiversApplied,
    WaiverUsed,
)
from kehou.model.rules import Clause
from kehou.model.values import Fault, Location

#: Rules of the golden pack that only an inspection asks for.
AT_INSPECTION = tuple(f"observed-{name}" for name in ("one", "two", "three", "four", "five", "six"))
#: Why something is waived.
EXCUSE = WaiverUsed("校舍维修", "示例旗教育局", "示教发〔2021〕1号", "2022-01-15")
#: A cell that a spreadsheet would run.
FORMULA = "=cmd|' /C calc'!A0"
#: Control, bidirectional and non-characters, marks of every syntax, and a command of GitHub's.
ODD = "\x00\x07\x1b[2J\x85\u202eخ\u2066\ufffe\uffff\n\r::error::x\n##[error]y]]><a b='c'>&amp;%0A"


def declared(rules: tuple[RuleResult, ...]) -> tuple[DeclaredRule, ...]:
    """What the pack of the golden report declares: what ran, and six rules of another stage."""
    ran = [
        DeclaredRule(
            r.rule,
            r.severity,
            r.area,
            tuple(Stage),
            tuple(c.id for c in r.clauses),
            {"zh": r.title, "en": r.rule.replace("-", " ")},
            {"zh": "请改正", "en": "Put it right"},
        )
        for r in rules
    ]
    later = [
        DeclaredRule(
            name,
            Severity.MINOR,
            "safety",
            (Stage.INSPECTION,),
            ("E.2-e1",),
            {"zh": f"检查时看到 {name}"},
            {"zh": "请核实"},
        )
        for name in AT_INSPECTION
    ]
    return (*ran, *later)


def golden() -> Report:
    """`every_outcome` with the declarations that a real check gives."""
    base = every_outcome()
    cited = {c.id: c for r in base.results for c in r.clauses}
    clauses = tuple(
        Clause(c.id, c.citation, c.quote, 0, 1, "MUST", "school", ClauseStatus.AUTOMATED)
        for c in cited.values()
    )
    pack = replace(base.packs.used[0], rules=declared(base.results), clauses=clauses)
    return changed(base, used=(pack,))


def crowded(n: int = 5000) -> Report:
    """One rule with ``n`` findings, each on its own line."""
    found = [
        finding(
            Outcome.FAIL,
            subject=Subject("slot", str(i), f"/plan/sessions/{i}", f"第{i}项服务时段"),
            location=Location("plan.yaml", i + 1, 9, i + 1, 13, excerpt="    活动: 集体授课"),
            fingerprint=f"{i:064x}",
        )
        for i in range(n)
    ]
    return report(result(Outcome.FAIL, *found))


def odd(text: str, file: str | None = None) -> Report:
    """A report whose every text is ``text``; its one file is called ``file``, or that as well."""
    file = text if file is None else file
    bad = finding(
        Outcome.FAIL,
        subject=Subject("session", text, "/" + text, text),
        location=Location(file, 3, 5, 3, 9, excerpt=text),
        related=(Location(file, 4), Location(file, cell=text)),
        message=text,
        remedy=text,
        found={text: text},
        required={text: [text]},
        missing=("/" + text,),
        assumptions=(text,),
        others=(text,),
        count=2,
    )
    base = hostile()
    place = Location(file, 3, 5, 3, 9, excerpt=text)
    fault = Fault(place, "/" + text, text, text, text)
    return changed(
        base,
        results=(result(Outcome.FAIL, bad, title=text),),
        path=file,
        name=text,
        files=(Hashed(file, "b" * 64),),
        unread_files=(file,),
        faults=(fault,),
        used=(PackUsed("pack", text, "1.0.0", "a" * 64),),
        notes=(text,),
        waivers=WaiversApplied((WaiverNote("rule", text, "unused", file),)),
    )
