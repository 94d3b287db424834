"""Many submissions judged quickly by a compiled pack; what is odd goes the way of `check`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from kehou.checking import check_values
from kehou.checking.dates import date_of
from kehou.errors import KehouError
from kehou.facts import FactBase
from kehou.judging import BoundRule, bound_program, direct, prepare
from kehou.lane.details import Finding, OneByOne, tables_missing
from kehou.lane.fused import Code, fuse
from kehou.lane.groups import grouped
from kehou.lane.records import Records
from kehou.language import Parameter
from kehou.model.outcomes import Outcome, Stage
from kehou.packs import Pack
from kehou.readers import read
from kehou.submission import Submission, load_document

#: A longer text is the reader's, which has limits of its own.
MOST_BYTES: Final = 1_000_000
_NAME: Final = "submission.json"
#: A number in a form that may be shorter than it is written here, and that the reader refuses.
_EXPONENT: Final = re.compile(rb"[0-9][eE][-+0-9]")
_SILENT: Final = (Outcome.PASS, Outcome.NOT_APPLICABLE)


class Judged(msgspec.Struct, frozen=True, gc=False):
    """What the compiled rules come to on one submission.

    ``findings`` are all but passes and what does not apply. ``applies`` tells to how many subjects
    the rules of each group apply, ``counts`` what of they come to where the reader read it
    (`Lane.tally` makes the same of both). ``slow`` is why it went through the reader: ``form``,
    ``size``, ``keys`` or ``values``, ``rules`` where it was asked to, "" where it did not.
    ``aside`` is why nothing could be read of it, "" where something was. ``idle`` names rules, as
    often as subjects to which they do not apply are still counted in ``applies``.
    """

    findings: list[Finding]
    applies: tuple[int, ...] = ()
    slow: str = ""
    aside: str = ""
    counts: Mapping[str, Counter[Outcome]] | None = None
    idle: Sequence[str] = ()


class Lane:
    """Bound rules of a pack, compiled to one function over typed records.

    ``rules`` are those that are compiled; ``fallen_back`` says of the others why not, as
    ``kind:what``, and `rest` judges by them. Where ``trusted``, records are known to be valid: keys
    and what no rule reads are not looked at.
    """

    def __init__(
        self,
        pack: Pack,
        rules: Sequence[BoundRule],
        parameters: Mapping[str, Parameter],
        stage: Stage,
        trusted: bool = False,
    ) -> None:
        self.pack, self.stage, self.trusted = pack, stage, trusted
        self._parameters = parameters
        found = grouped(pack, rules, parameters)
        self.fallen_back: Mapping[str, str] = found.refused
        self.rules = [rule for rule in rules if rule.rule.id not in found.refused]
        self._others = [rule for rule in rules if rule.rule.id in found.refused]
        records = Records(pack, found.read, not trusted)
        self.code: Code = fuse(pack, found, records)
        #: The typed record of a text; raises msgspec's errors.
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(records.type).decode
        self._encode = msgspec.json.Encoder().encode
        self._run = self.code.run
        self._fractions = any(field.kind == "decimal" for field in pack.schema.walk())

    def judge(self, text: bytes) -> Judged:
        """Judge one submission, the bytes of its JSON, by the compiled rules."""
        try:
            record = self.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return self.slowly(text, "form")
        if not self.trusted:
            if len(text) > MOST_BYTES:
                return self.slowly(text, "size")
            # Nothing is as short as what was read: what is longer is spaced, escaped or twice.
            odd = len(self._encode(record)) != len(text) or b"\\" in text
            if odd and not is_once(text):
                return self.slowly(text, "keys")
            if self._fractions and _EXPONENT.search(text):  # but for these
                return self.slowly(text, "values")
        found: list[Finding] = []
        try:
            applies = self._run(record, found)
        except OneByOne:
            return self.slowly(text, "values")
        if not self.code.tells_idle:
            return Judged(found, applies)
        idle = [rule for rule, outcome, _, _ in found if outcome is Outcome.NOT_APPLICABLE]
        told = [one for one in found if one[1] is not Outcome.NOT_APPLICABLE]
        return Judged(told, applies, idle=idle)

    def slowly(self, text: bytes, why: str) -> Judged:
        """The same by the reader and the direct engine."""
        return self._through_reader(text, self.rules, why)

    def rest(self, text: bytes) -> Judged:
        """What the rules that are not compiled come to, by the reader and the direct engine."""
        return self._through_reader(text, self._others, "rules")

    def _through_reader(self, text: bytes, rules: Sequence[BoundRule], why: str) -> Judged:
        try:
            submission = load_document(read(_NAME, text), self.pack.schema)
        except KehouError as error:
            return Judged([], (), why, error.message, {})
        base = self._facts(submission)
        prepare(base, rules)
        found: list[Finding] = []
        counts: dict[str, Counter[Outcome]] = {}
        by_rule = direct.run(rules, base)
        for rule in rules:
            rule_id, outcomes = rule.rule.id, by_rule[rule.rule.id]
            counts[rule_id] = Counter()
            for fact, outcome in zip(base.entities[rule.rule.each], outcomes, strict=True):
                paths: tuple[str, ...] = ()
                if outcome is Outcome.INSUFFICIENT:
                    paths = direct.missing(rule, base, fact)
                    outcome = direct.gap(base, paths)
                elif outcome is Outcome.NOT_JUDGED:
                    paths = tables_missing(self.pack, rule)
                counts[rule_id][outcome] += 1
                if outcome not in _SILENT:
                    found.append((rule_id, outcome, fact.pointer, paths))
        base.forget()
        return Judged(found, (), why, counts=counts)

    def _facts(self, submission: Submission) -> FactBase:
        dated = date_of(self.pack.schema, submission.tree, self.stage)
        values = check_values(submission, self.stage, dated)
        read = submission.faulted, submission.open_lists, submission.open_world
        return FactBase(self.pack, submission.tree, self._parameters, values, *read)

    # --- counts ------------------------------------------------------------------------------

    @cached_property
    def _whose(self) -> list[tuple[int, str]]:
        groups = enumerate(self.code.groups)
        return [(number, rule.rule.id) for number, group in groups for rule in group.rules]

    def tally(self, judged: Judged) -> dict[str, Counter[Outcome]]:
        """How many subjects come to what, by rule; subjects to which it does not apply left out."""
        if judged.counts is not None:
            return {
                rule: Counter({o: n for o, n in of.items() if o is not Outcome.NOT_APPLICABLE})
                for rule, of in judged.counts.items()
            }
        told: dict[str, Counter[Outcome]] = {rule: Counter() for _, rule in self._whose}
        for rule, outcome, _, _ in judged.findings:
            told[rule][outcome] += 1
        for rule in judged.idle:
            told[rule][Outcome.NOT_APPLICABLE] += 1
        for number, rule in self._whose:
            of = told[rule]
            passed = judged.applies[number] - of.total()
            of.pop(Outcome.NOT_APPLICABLE, None)
            if passed:
                of[Outcome.PASS] = passed
        return told


def compile_lane(pack: Pack, stage: Stage, as_of: str, trusted: bool = False) -> Lane:
    """A pack compiled for a stage and the date of its law (ISO); ``trusted`` as of `Lane`."""
    rules, _, parameters = bound_program(pack, stage, as_of, frozenset())
    return Lane(pack, rules, parameters, stage, trusted)


def is_once(text: bytes) -> bool:
    """Whether no object of a JSON text has a key twice; a text with odd escapes is not said to."""
    if b"\\u" in text:
        return False

    def once(pairs: list[tuple[str, Any]]) -> None:
        if len(dict(pairs)) != len(pairs):
            raise ValueError

    try:
        json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return False
    return True


__all__ = ["Judged", "Lane", "compile_lane", "is_once"]
