"""Faults planted one at a time; each is refuted by the claim named here, with a case that runs.

What is expected was written before the first run: the claim, what it is about, and from which
outcome to which. The case is put beside the rule and run on both engines as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.authoring import run_cases
from kehou.judging import BoundRule, network, rete
from kehou.language import leaf_sets, operators
from kehou.model.outcomes import Outcome
from kehou.packs import parameters

pytest.importorskip("z3", reason="the solver is an extra (prove)")

RULE, PACK = "book/book-price-kept.yaml", "pack.yaml"
REQUIRE = "require: {field: price, at_most: {param: price_limit}}"
WHEN = "when: {field: kind, in: [novel, comic]}"
REVIEW = (
    "review:\n  - when: {field: year, less_than: {param: old_year}}\n    reason: 是旧书，请核查\n"
)
LIMIT = "{from: '2021-09-01', value: '100', ground: A.2}"
TIGHTER = "title: 价格上限\n    type: money\n    unit: 元\n    tighter: lower"
PASS, FAIL, REVIEWED = Outcome.PASS, Outcome.FAIL, Outcome.REVIEW


def alone(folder: Path, rule: str, text: str, on: Path | None = None) -> list[str]:
    """What fails where the cases of a counterexample are the only ones of a rule."""
    (file,) = [f.with_suffix(".test.yaml") for f in folder.glob(f"*/{rule}.yaml")]
    kept = file.read_text("utf-8") if file.exists() else None
    file.write_text(f"rule: {rule}\nbase: ../base.yaml\ncases:\n{text}", "utf-8")
    try:
        return [told for _, _, told in run_cases.run(str(on or folder), [rule]).failures]
    finally:
        file.unlink()
        if kept is not None:
            file.write_text(kept, "utf-8")


def apart(text: str) -> list[str]:
    """The cases of a counterexample, one by one."""
    return [f"  - name: {case}" for case in text.split("  - name: ")[1:]]


# --- two versions of a rule ------------------------------------------------------------------

#: (name, file, text, what stands there instead, verdict, older outcome, newer outcome)
VERSIONS = [
    ("limit no longer included", RULE, "at_most", "less_than", "tightened", PASS, FAIL),
    ("a kind less", RULE, "in: [novel, comic]", "in: [novel]", "loosened", FAIL, "not_applicable"),
    (
        "a way out",
        RULE,
        REQUIRE,
        "require: {any: [{field: price, at_most: {param: price_limit}}, {field: kind, is: comic}]}",
        "loosened",
        FAIL,
        PASS,
    ),
    ("for every kind", RULE, WHEN + "\n", "", "tightened", "not_applicable", FAIL),
    ("nobody looks", RULE, REVIEW, "", "loosened", REVIEWED, PASS),
    ("a dearer limit", PACK, LIMIT, LIMIT.replace("100", "120"), "loosened", FAIL, PASS),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "verdict", "before", "after"),
    [fault[1:] for fault in VERSIONS],
    ids=[fault[0] for fault in VERSIONS],
)
def test_a_fault_in_a_condition(
    tmp_path: Path, file: str, old: str, new: str, verdict: str, before: str, after: str
) -> None:
    from kehou.authoring.pack_changes import between

    sound, faulty = write_pack(tmp_path / "old"), write_pack(tmp_path / "new")
    plant(faulty, file, old, new)
    found = between(packs.load(str(sound)), packs.load(str(faulty)))
    (change,) = [c for c in found.of("rule") if c.id == "book-price-kept"]
    assert change.kind == verdict
    (shown,) = change.shown
    assert (shown.before, shown.after) == (before, after)
    in_old, in_new = apart(shown.text())
    assert alone(sound, change.id, in_old) == alone(faulty, change.id, in_new) == []
    assert alone(faulty, change.id, in_old) and alone(sound, change.id, in_new)


# --- one pack ----------------------------------------------------------------------------------

SECOND = """\
id: book-worth-kept
title: 每册图书的价格至少二百元
clauses: [A.2]
severity: minor
stages: [approval]

each: book
when: {field: kind, in: [novel, comic]}
require: {field: price, at_least: 200}

message: '{label}的价格是{price}'
remedy: 请换价格合适的
"""
CLOSED = "closed: {approval: [note]}\nwhen: {field: note, exists: true}"
#: (name, plants it, claim, about, outcome before, outcome after)
Planter = Callable[[Path], Any]
FAULTS: list[tuple[str, Planter, str, str, str, str]] = [
    (
        "what is not said lets a rule not apply",
        lambda folder: plant(folder, RULE, WHEN, CLOSED),
        "less",
        "note",
        "fail",
        "not_applicable",
    ),
    (
        "a direction the wrong way",
        lambda folder: plant(folder, PACK, TIGHTER, TIGHTER.replace("lower", "higher")),
        "tighter",
        "price_limit",
        "fail",
        "pass",
    ),
    (
        "two rules that nobody can meet",
        lambda folder: (folder / "book/book-worth-kept.yaml").write_text(SECOND, "utf-8"),
        "pairs",
        "book-worth-kept",
        "pass",
        "fail",
    ),
]


def read_strictly(folder: Path) -> None:
    """A second rule that contradicts the first only where the limit is read strictly."""
    (folder / "book/book-worth-kept.yaml").write_text(SECOND.replace("200", "80"), "utf-8")
    vague = f"{TIGHTER}\n    readings: {{word: 适当, clauses: [A.2], strict: '50'}}"
    plant(folder, PACK, TIGHTER, vague)


FAULTS.append(
    (
        "two rules that nobody can meet as the strict reading has it",
        read_strictly,
        "pairs",
        "book-worth-kept",
        "pass",
        "fail",
    )
)


@pytest.mark.parametrize(
    ("planted", "claim", "about", "before", "after"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_in_a_pack(
    tmp_path: Path, planted: Planter, claim: str, about: str, before: str, after: str
) -> None:
    folder = write_pack(tmp_path)
    planted(folder)
    shown = refuted(folder, "book-price-kept", claim, about)
    assert (shown.before, shown.after) == (before, after)
    first, second = apart(shown.text())
    assert alone(folder, "book-price-kept", first) == []
    assert alone(folder, about if claim == "pairs" else "book-price-kept", second) == []


def test_what_holds_but_as_another_reading_has_it_is_told_with_the_reading(tmp_path: Path) -> None:
    from kehou.authoring.proving import prove

    folder = write_pack(tmp_path)
    read_strictly(folder)
    told = [t for t in prove.prove([str(folder)]).told if "矛盾" in t[1]]
    assert [t[1].startswith("按从严的读法，") for t in told] == [True]
    assert 'params: {"price_limit": "50.00"}' in told[0][3]


def refuted(folder: Path, rule: str, claim: str, about: str = "", newer: Any = None) -> Any:
    """The smallest subject against the one refuted claim of a kind about a rule."""
    from kehou.authoring.proving import counterexamples, prove
    from kehou.authoring.proving.claims import State

    pack = packs.load(str(folder))
    found = [
        c
        for c in prove.every_claim(prove.settings_of(pack))
        if c.state is State.REFUTED and (c.rule.rule.id, c.name, c.about) == (rule, claim, about)
    ]
    assert found, "nothing refuted"
    return counterexamples.find(found[0], newer)


# --- the network -------------------------------------------------------------------------------

Patch = pytest.MonkeyPatch


def _patterns(patch: Patch, change: Callable[[list[Any]], list[Any]]) -> None:
    sound = network.rule_patterns

    def faulty(rule: BoundRule) -> list[Any]:
        return change(sound(rule))

    patch.setattr(network, "rule_patterns", faulty)


def lost_breach(patch: Patch) -> None:
    _patterns(patch, lambda found: [p for p in found if p[0] != "c"])


def dropped_guard(patch: Patch) -> None:
    def change(found: list[Any]) -> list[Any]:
        return [
            (letter, frozenset(x for x in c if x[0] != "gt") if letter == "c" else c)
            for letter, c in found
        ]

    _patterns(patch, change)


def breach_told_as_doubt(patch: Patch) -> None:
    swap = {"c": "d", "d": "c"}
    _patterns(patch, lambda found: [(swap.get(letter, letter), c) for letter, c in found])


def passed_unseen(patch: Patch) -> None:
    def change(found: list[Any]) -> list[Any]:
        return [
            (letter, frozenset(x for x in c if x[0] != "ge") if letter == "e" else c)
            for letter, c in found
        ]

    _patterns(patch, change)


def none_is_unlike(patch: Patch) -> None:
    sound = operators.OPERATORS
    changed = {**sound, "at_most": replace(sound["at_most"], when_absent=True)}
    patch.setattr(leaf_sets, "OPERATORS", changed)


#: (fault, outcome of the direct engine, outcome of the patterns)
NETWORK = [
    (lost_breach, FAIL, {"insufficient", "review"}),
    (dropped_guard, {"pass", "review", "insufficient"}, FAIL),
    (breach_told_as_doubt, {"fail", "review"}, {"fail", "review"}),
    (passed_unseen, {"review", "insufficient"}, {"pass"}),
]


@pytest.mark.both_engines
@pytest.mark.skipif(not rete.available(), reason="durable_rules cannot be loaded on this Python")
@pytest.mark.parametrize(
    ("fault", "before", "after"), NETWORK, ids=[fault[0].__name__ for fault in NETWORK]
)
def test_a_fault_in_the_normal_forms(
    tmp_path: Path, monkeypatch: Patch, fault: Callable[[Patch], None], before: Any, after: Any
) -> None:
    folder = write_pack(tmp_path)
    with monkeypatch.context() as patch:
        fault(patch)
        shown = refuted(folder, "book-price-kept", "engines")
        assert shown.before in before and shown.after in after
        assert any(
            "两个引擎结论不一致" in told for told in alone(folder, "book-price-kept", shown.text())
        )
    assert alone(folder, "book-price-kept", shown.text()) == []


@pytest.mark.both_engines
@pytest.mark.skipif(not rete.available(), reason="durable_rules cannot be loaded on this Python")
def test_a_fault_in_an_operator_s_sets(tmp_path: Path, monkeypatch: Patch) -> None:
    """What is stated to be none is not at most anything; the planted sets say it is."""
    folder = write_pack(tmp_path)
    schema = folder / "reading.schema.json"
    text = schema.read_text("utf-8").replace('"title": "价格"', '"title": "价格", "x-absent": true')
    schema.write_text(text, "utf-8")
    with monkeypatch.context() as patch:
        none_is_unlike(patch)
        shown = refuted(folder, "book-price-kept", "engines")
        assert any(
            "两个引擎结论不一致" in told for told in alone(folder, "book-price-kept", shown.text())
        )
    assert alone(folder, "book-price-kept", shown.text()) == []


# --- overlays ----------------------------------------------------------------------------------

LAYER = """\
id: county
title: 某县（示例）
version: '1.0.0'
overlay: base
parameters:
  price_limit:
    values:
      - {from: '2021-09-01', value: VALUE, ground: 某县规定（示例）}
"""


def unchecked(patch: Patch, folder: Path) -> None:
    patch.setattr(parameters, "_loosened", lambda definition, value: "")


def wrong_way(patch: Patch, folder: Path) -> None:
    plant(folder, PACK, TIGHTER, TIGHTER.replace("lower", "higher"))


@pytest.mark.parametrize(
    ("planted", "value", "after"),
    [
        (unchecked, "'120'", "符合"),
        (wrong_way, "'120'", "符合"),
    ],
    ids=[
        "a looser value let in",
        "a looser value by a wrong direction",
    ],
)
def test_a_fault_in_an_overlay(
    tmp_path: Path,
    monkeypatch: Patch,
    planted: Callable[[Patch, Path], None],
    value: str,
    after: str,
) -> None:
    from kehou.authoring.proving import prove

    base = write_pack(tmp_path / "base")
    planted(monkeypatch, base)
    layer = tmp_path / "county"
    layer.mkdir()
    (layer / "pack.yaml").write_text(LAYER.replace("VALUE", value), "utf-8")
    found = prove.prove([str(layer)])
    (told,) = [t for t in found.told if "叠加以后" in t[1] and "book-price-kept" in t[3]]
    assert f"不符合变成{after}，" in told[1]
    first, second = apart(told[3])
    assert alone(base, "book-price-kept", first) == []
    assert alone(base, "book-price-kept", second, on=layer) == []


def test_a_sound_pack_is_proved_whole(tmp_path: Path) -> None:
    from kehou.authoring.proving import prove
    from kehou.authoring.proving.claims import State

    found = prove.prove([str(write_pack(tmp_path))])
    assert found.told == [] and found.stale == []
    assert found.number(State.PROVED) > 15
