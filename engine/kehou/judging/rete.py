"""The rete engine: a submission on durable_rules, always in a child process.

Source: docs/architecture.md §6.

The library can die of a signal and has no way to say that it went wrong, so it never runs in the
process that writes the report. `start` forks a child at once, which compiles the rules while this
process still works out the facts; fed with them it asserts one after another, drains, and answers.
`Running.decide` runs the decision rules in a second session of the same child. Whatever goes wrong
there is one `EngineDied` here.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from kehou.judging import kept_child
from kehou.judging.encoding import attribute
from kehou.judging.inference import SUBJECT, compile_decisions
from kehou.judging.network import OUTCOMES, Kind, Network, compile_rules
from kehou.judging.program import Base, FactLike, Program
from kehou.judging.session import give_memory_back, run_session
from kehou.judging.worker import EngineDied, Worker, fork, inherited, serve, spawn
from kehou.language.conditions import bound_fields
from kehou.model.outcomes import Outcome
from kehou.model.rules import DecisionFact, DecisionRule, Firing

if TYPE_CHECKING:
    from kehou.judging.program import BoundRule

#: Seconds of processor time after which a child is given up, and of silence by the clock.
TIMEOUT: Final = 20.0
#: Further seconds of work for each subject of each entity. The library takes about a tenth of a
#: millisecond for a subject; where it takes fifty times that, something is wrong.
PER_SUBJECT: Final = 0.005
#: Facts of one session; each costs the library about 8 KB until its session is deleted.
FACTS_PER_SESSION: Final = 1_000
#: Decision rules that fire so much oftener than once for each fact will come to no end in time.
MOST_INFERENCES: Final = 20_000

Values = Mapping[str, Any]
#: The values of the subjects of each entity.
Rows = Mapping[str, Sequence[Values]]

#: First byte of a request: facts as the parent pickled them, or a second session's JSON.
_FACTS, _DECISIONS = b"f", b"d"


def available() -> bool:
    """Whether durable_rules can be loaded here; found out without loading it into this process."""
    from importlib.util import find_spec

    if find_spec("durable_rules_engine") is None:
        return False
    if sys.version_info < (3, 13):
        return True
    # On 3.13 the library as published installs, but does not load.
    import subprocess

    command = [sys.executable, "-c", "import durable_rules_engine"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def start(
    rules: Sequence[BoundRule], base: Base | None = None, *, forking: bool = hasattr(os, "fork")
) -> Running:
    """Start a child on rules; `Running.feed` it facts that are not known yet. Raises EngineDied.

    ``base`` must hold every entity and derived value that the rules name.
    """
    if not forking:
        return Running(spawn("kehou.judging.rete", pickle.dumps(list(rules))), rules, base)
    if not isinstance(rules, Program):
        return Running(fork(*_duties(rules)), rules, base)
    rules.runs += 1
    waiting = kept_child.take(rules)
    if waiting is not None:
        return Running(waiting, rules, base, ready=True)
    # Rules that are run once only need no telling.
    telling = rules.network is None and rules.runs > 1
    return Running(fork(*_duties(rules, rules.network, telling)), rules, base)


class Running:
    """A network at work in a child; use it as a context manager, or `close` it."""

    def __init__(
        self,
        worker: Worker,
        rules: Sequence[BoundRule],
        base: Base | None = None,
        *,
        ready: bool = False,
    ) -> None:
        self._worker = worker
        self._rules = rules
        self._base = base
        self._ready = ready  # it has the rules and has said so
        self._fed = self._owing = self._closed = False
        self._lost: EngineDied | None = None
        self._outcomes: dict[str, list[Outcome]] | None = None

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def feed(self, base: Base, timeout: float = TIMEOUT) -> None:
        """Hand over the facts; what goes wrong is raised by `outcomes`."""
        self._base, self._fed = base, True
        wanted: dict[str, set[str]] = {}
        for rule in self._rules:
            names = wanted.setdefault(rule.rule.each, set())
            names.update(field.name for cond in rule.conditions for field in bound_fields(cond))
        rows = {
            entity: [_only(fact.values, names) for fact in base.entities[entity]]
            for entity, names in wanted.items()
        }
        roots = _only(base.root.values, set().union(*wanted.values()))
        try:
            if not self._ready:
                # Compiled: from here on the child reads what it is sent.
                network = self._worker.answer(timeout)
                if isinstance(network, str) and isinstance(self._rules, Program):
                    self._rules.network = pickle.loads(b64decode(network))  # for the next child
                self._ready = True
            self._owing = True
            self._worker.ask(_FACTS + pickle.dumps((rows, roots), pickle.HIGHEST_PROTOCOL))
        except EngineDied as error:
            self._lost = error

    def outcomes(self, timeout: float = TIMEOUT) -> dict[str, list[Outcome]]:
        """Outcome of every rule on every subject of its entity, in order; raises EngineDied."""
        if self._outcomes is None:
            if self._base is None:
                raise ValueError("outcomes were asked for before the facts were known")
            if not self._fed:
                self.feed(self._base, timeout)
            if self._lost is not None:
                lost, self._lost = self._lost, None
                raise lost
            subjects = sum(
                len(self._base.entities[name]) for name in {rule.rule.each for rule in self._rules}
            )
            answer = self._worker.answer(timeout + PER_SUBJECT * subjects, timeout)
            self._owing = False
            sizes = [
                (rule.rule.id, len(self._base.entities[rule.rule.each])) for rule in self._rules
            ]
            expected = [size for _, size in sizes]
            try:
                found = [[OUTCOMES[letter] for letter in letters] for letters in answer]
            except (KeyError, TypeError):
                found = []
            if [len(outcomes) for outcomes in found] != expected:
                raise self._worker.fail("规则网络答复的条数不对")
            self._outcomes = {
                rule: outcomes for (rule, _), outcomes in zip(sizes, found, strict=True)
            }
        return self._outcomes

    def decide(
        self,
        rules: Sequence[DecisionRule],
        facts: Sequence[DecisionFact],
        timeout: float = TIMEOUT,
    ) -> set[Firing]:
        """All firings of decision rules, marks chained; raises EngineDied or LintError."""
        self.outcomes(timeout)
        inference = compile_decisions(rules)
        request = {
            "ruleset": inference.ruleset,
            "marks": inference.marks,
            "facts": inference.facts(facts),
        }
        self._owing = True
        self._worker.ask(_DECISIONS + json.dumps(request).encode())
        answer = self._worker.answer(timeout + PER_SUBJECT * len(request["facts"]), timeout)
        try:
            firings = inference.firings(answer, rules)
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._worker.fail("规则网络的推理答复读不懂") from None
        self._owing = False
        return firings

    def close(self) -> None:
        """End the child, or hand it on where it waits for more; may be called again."""
        if self._closed:
            return
        self._closed = True
        sound = self._outcomes is not None and not self._owing
        if not (sound and kept_child.give_back(self._rules, self._worker)):
            self._worker.close()


def _only(values: Values, names: Collection[str]) -> Values:
    return {name: values[name] for name in names if name in values}


# --- in the child --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rules as the library has them: its module, a handle of each ruleset and what feeds it."""

    rules: Sequence[BoundRule]
    engine: Any
    handles: Sequence[int]
    network: Network


def _duties(
    rules: Sequence[BoundRule], network: Network | None = None, telling: bool = False
) -> tuple[Callable[[], Any], Callable[[bytes], Any]]:
    """What a child does at first, and what it makes of a request.

    It compiles the rules where no ``network`` is given, and answers with that if it is ``telling``.
    """
    loaded: list[Loaded] = []
    decisions: dict[str, int] = {}

    def first() -> Any:
        compiled = network or compile_rules(rules)
        told = pickle.dumps(compiled, pickle.HIGHEST_PROTOCOL) if telling else None
        loaded.append(load(rules, compiled))
        return len(rules) if told is None else b64encode(told).decode()

    def then(request: bytes) -> Any:
        content = memoryview(request)[1:]
        if request[:1] == _DECISIONS:
            return infer(json.loads(bytes(content)), decisions)
        found = judge(loaded[0], *pickle.loads(content))
        give_memory_back()
        return found

    return first, then


def _engine() -> Any:
    import durable_rules_engine

    return durable_rules_engine


def load(rules: Sequence[BoundRule], network: Network | None = None) -> Loaded:
    """Give rules to the library, compiled if they are not yet."""
    engine = _engine()
    network = network or compile_rules(rules)
    numbered = enumerate(network.rulesets)
    handles = [engine.create_ruleset(f"rules{number}", each.text) for number, each in numbered]
    return Loaded(rules, engine, handles, network)


def judge(loaded: Loaded, rows: Rows, roots: Values) -> list[str]:
    """Letters of the outcomes, rule by rule and subject by subject (`network.OUTCOMES`)."""
    rules, network = loaded.rules, loaded.network
    found = [
        [default] * len(rows[rule.rule.each])
        for rule, default in zip(rules, network.defaults, strict=True)
    ]

    places: dict[str, tuple[list[str], str]] = {}

    def fire(name: str, matched: Mapping[str, Any]) -> Iterable[tuple[Any, Values]]:
        if name not in places:
            head = name.partition(".")[0]
            places[name] = found[int(head[:-1])], head[-1]
        letters, letter = places[name]
        for row in matched["m"]:
            if letter < letters[row]:
                letters[row] = letter
        return ()

    for ruleset, handle in zip(network.rulesets, loaded.handles, strict=True):
        facts = chain.from_iterable(_distinct(k, rows[k.entity], roots) for k in ruleset.kinds)
        most = FACTS_PER_SESSION * max(kind.patterns for kind in ruleset.kinds)
        while batch := list(islice(facts, FACTS_PER_SESSION)):
            run_session(loaded.engine, handle, batch, fire, most)
    return ["".join(letters) for letters in found]


def _distinct(
    kind: Kind, rows: Sequence[Values], roots: Values
) -> Iterable[tuple[list[int], Values]]:
    """The different facts of a kind, each with the rows that are written so.

    A pattern reads nothing but attributes, so what it says of one of them it says of all: four
    hundred pupils of whom nothing is remarkable are one fact.
    """
    found: dict[tuple[Any, ...], tuple[list[int], Values]] = {}
    for row, values in enumerate(rows):
        fact = kind.encode(values, roots)
        found.setdefault(tuple(fact.items()), ([], fact))[0].append(row)
    return found.values()


def infer(request: Mapping[str, Any], handles: dict[str, int]) -> list[tuple[str, list[Any]]]:
    """Firings of decision rules: rule position and, pattern by pattern, fact or (mark, code).

    ``handles`` are those of the rulesets that this process has met already.
    """
    engine = _engine()
    text = request["ruleset"]
    handle = handles.get(text)
    if handle is None:
        handle = handles[text] = engine.create_ruleset("decisions", text)
    firings: list[tuple[str, list[Any]]] = []
    known: dict[Any, Values] = dict(enumerate(request["facts"]))

    def fire(name: str, matched: Mapping[str, Any]) -> Iterable[tuple[Any, Values]]:
        firings.append((name, [matched[f"v{n}"] for n in range(len(matched))]))
        if name in request["marks"]:
            mark, alias, subject, head = request["marks"][name]
            code = known[matched[alias]].get(subject)
            if code is not None and (mark, code) not in known:
                known[mark, code] = {**head, attribute(SUBJECT): code}
                yield (mark, code), known[mark, code]

    if known:
        most = max(MOST_INFERENCES, len(json.loads(text)) * len(known))
        run_session(engine, handle, list(known.items()), fire, most)
    return firings


def _main() -> None:
    """A child that was not forked; rules and facts come from its own parent."""
    reader, writer, data = inherited()
    serve(reader, writer, *_duties(pickle.loads(data)))


if __name__ == "__main__":
    _main()

__all__ = ["Base", "EngineDied", "FactLike", "Running", "available", "start"]
