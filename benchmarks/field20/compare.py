"""Whether kehou finds in field20's plans what the reference finds, on both engines.

    python -m benchmarks.field20.compare 2000

prints how many findings there were of each rule, and every difference.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.field20.generate import make, text
from benchmarks.field20.reference import Finding, findings
from kehou import packs
from kehou.checking import CheckOptions
from kehou.checking.pack_run import Run, run
from kehou.model.outcomes import Outcome, Stage
from kehou.packs import Pack
from kehou.submission import Submission
from kehou.submission.submission import load_text

FOLDER = Path(__file__).parent
OPTIONS = CheckOptions(stage=Stage.APPROVAL, as_of="2025-09-01")
DIRECT = CheckOptions(stage=Stage.APPROVAL, as_of="2025-09-01", engine="direct")
#: The field that a rule's finding is placed at, below its subject.
_FIELDS = {
    "schedule-primary-end": "end",
    "schedule-junior-end": "end",
    "schedule-weekdays": "day",
    "content-purpose": "purpose",
    "consent-students": "voluntary.students",
    "consent-teachers": "voluntary.teachers",
    "funds-expense-category": "category",
    "funds-balance": "ledger.balance",
    "funds-no-transfer": "type",
    "fee-exemptions": "exempt_categories",
    "vendor-subject": "subject_type",
    "vendor-listed": "id",
    "vendor-record": "status",
    "vendor-exit-mechanism": "vendor_exit_mechanism",
    "staff-qualification": "qualification",
    "procedure-filed": "dates.filed_approval",
    "procedure-consent-first": "dates.consent",
    "procedure-steps": "done",
    "safety-insurance": "safety.insurance",
    "safety-exercise": "exercise_minutes",
}
_WORDS = {Outcome.FAIL: "fail", Outcome.INSUFFICIENT: "unknown"}
_SILENT = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def load_pack() -> Pack:
    """The pack of this folder."""
    return packs.load(str(FOLDER))


def read(plan: str, pack: Pack) -> Submission:
    """A plan's JSON as a submission."""
    return load_text(plan, pack.schema, "plan.json")


def found(checked: Run) -> list[Finding]:
    """A run's findings in the reference's form; any other outcome stands there under its name."""
    return [
        (rule.rule.id, _WORDS.get(outcome, str(outcome)), _path(fact.pointer, rule.rule.id))
        for rule in checked.rules
        for fact, outcome in zip(
            checked.base.entities[rule.rule.each], checked.outcomes[rule.rule.id], strict=True
        )
        if outcome not in _SILENT
    ]


def in_words(found: Iterable[tuple[str, Outcome, str, tuple[str, ...]]]) -> list[Finding]:
    """A lane's findings in the reference's form."""
    return [
        (rule, _WORDS.get(outcome, str(outcome)), _path(pointer, rule))
        for rule, outcome, pointer, _ in found
    ]


def _path(pointer: str, rule: str) -> str:
    """``/ledger/entries/3`` and the rule's field as ``ledger.entries[3].category``."""
    row = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", pointer.strip("/").replace("/", "."))
    return ".".join(filter(None, (row, _FIELDS[rule])))


def differences(
    ours: Iterable[Finding], theirs: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """(only ours, only theirs), each as often as it is missing from the other."""
    mine, other = Counter(ours), Counter(theirs)
    return sorted((mine - other).elements()), sorted((other - mine).elements())


def main() -> int:
    """Compare on many plans; 1 where any finding differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    pack = load_pack()
    tally: Counter[tuple[str, str]] = Counter()
    wrong = 0
    for number in range(options.count):
        plan = make(options.seed, number)
        checked = run(pack, read(text(plan), pack), OPTIONS)
        theirs = findings(plan)
        only_ours, only_theirs = differences(found(checked), theirs)
        if only_ours or only_theirs or not checked.cross_checked or checked.disagreements:
            wrong += 1
            print(f"plan {number}: only kehou {only_ours}, only the reference {only_theirs}")
        tally.update((rule, word) for rule, word, _ in theirs)
    for rule in _FIELDS:
        print(f"{rule:26}{tally[rule, 'fail']:6} fail{tally[rule, 'unknown']:6} unknown")
    print(f"{options.count} plans, {tally.total()} findings on both engines, {wrong} plans differ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
