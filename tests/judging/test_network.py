"""What the network refuses to compile, and what it says; the library would run it all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kehou import packs
from kehou.judging import bind_rules, compile_rules, encoding, network
from kehou.judging.encoding import LintError, fnv1a, lint_vocabulary
from kehou.judging.network import rule_patterns
from kehou.language import Parameter, Type
from kehou.model.outcomes import Stage
from kehou.model.rules import All, Any_, Const, FieldRef, Param
from kehou.model.rules import Test as Check

INTEGER, TEXT = Type("integer"), Type("text")


def ask(name: str, op: str, *args: Any) -> Check:
    return Check(FieldRef(name), op, tuple(Const(a) for a in args))


def test_fnv_1a_as_published() -> None:
    """Test vectors of draft-eastlake-fnv."""
    assert (fnv1a(""), fnv1a("a"), fnv1a("foobar")) == (0x811C9DC5, 0xE40C292C, 0xBF9CF968)
    assert fnv1a("liquid") == fnv1a("costarring")


def test_two_attributes_of_one_hash() -> None:
    with pytest.raises(LintError, match=r"costarring 与 liquid|liquid 与 costarring"):
        lint_vocabulary(["liquid", "note", "costarring"])


def test_two_fields_of_one_hash(make_rule: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"liquid": (INTEGER, False), "costarring": (INTEGER, False)}
    rule = make_rule(All((ask("liquid", "is", 1), ask("costarring", "is", 1))), fields=fields)
    compile_rules([rule])  # the prefix and ending of every attribute part this pair
    monkeypatch.setattr(encoding, "fnv1a", lambda text: len(text))
    with pytest.raises(LintError, match="散列相同"):
        compile_rules([rule])


def test_two_fields_that_would_have_one_name(make_rule: Any) -> None:
    fields = {"a.b": (INTEGER, False), "a/b": (INTEGER, False)}
    rule = make_rule(All((ask("a.b", "is", 1), ask("a/b", "is", 1))), fields=fields)
    with pytest.raises(LintError, match="同名"):
        compile_rules([rule])


def test_one_field_of_two_types(make_rule: Any) -> None:
    rules = [
        make_rule(ask("n", "is", 1), fields={"n": (INTEGER, False)}),
        make_rule(ask("n", "is", "1"), fields={"n": (TEXT, False)}),
    ]
    with pytest.raises(LintError, match="类型不同"):
        compile_rules(rules)


@pytest.mark.parametrize(
    ("name", "constant", "message"),
    [
        ("n", 2**61 + 1, "太大"),
        ("n", -(2**62), "太大"),
        ("fee", 1.5, "不是布尔、整数或文字"),
        ("note", "长" * 2001, "有 2001 字"),
        ("start", "2021-9-1", "不是日期"),
        ("start", "2021-09-01 08:00", "不是日期"),
        ("month", "2021年9月", "不是日期或月份"),
    ],
)
def test_constants(make_rule: Any, name: str, constant: Any, message: str) -> None:
    with pytest.raises(LintError, match=message) as caught:
        compile_rules([make_rule(ask(name, "is", constant), id="a-rule")])
    assert "a-rule" in caught.value.message
    assert caught.value.where == "t.yaml:1"


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("n", 2**61),
        ("n", -(2**61)),
        ("note", "长" * 2000),
        ("start", "2021-09-01"),
        ("flag", True),
    ],
)
def test_constants_at_the_limit(make_rule: Any, name: str, constant: Any) -> None:
    compile_rules([make_rule(ask(name, "is", constant))])


def test_a_rule_of_too_many_patterns_says_what_to_split(make_rule: Any) -> None:
    def values(tests: int) -> tuple[Check, ...]:
        return tuple(ask("n", "is", n) for n in range(tests))

    # As many ways to pass as there are values, one way to fail, and absence another.
    compile_rules([make_rule(Any_(values(62)))])
    with pytest.raises(LintError, match=r"a-rule 展开为 \d+ 个模式，应不超过 64 个") as caught:
        compile_rules([make_rule(Any_(values(63)), id="a-rule")])
    assert "require" in caught.value.hint
    with pytest.raises(LintError, match="64") as caught:
        compile_rules([make_rule(ask("m", "is", 1), id="a-rule", review=values(70))])
    assert caught.value.hint.startswith("把 review 中")


def test_a_normal_form_beyond_reach_is_refused_quickly(make_rule: Any) -> None:
    fields = {f"f{n}": (INTEGER, False) for n in range(60)}
    pairs = tuple(Any_((ask(f"f{n}", "is", 1), ask(f"f{n + 30}", "is", 1))) for n in range(30))
    with pytest.raises(LintError, match="无法列尽"):
        compile_rules([make_rule(All(pairs), fields=fields)])


def test_a_rule_that_reads_too_many_attributes(
    make_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_ATTRIBUTES", 3)
    with pytest.raises(LintError, match="属性超过 3 个"):
        compile_rules([make_rule(All((ask("n", "at_most", 1), ask("m", "at_most", 1))))])


def test_a_rule_not_judged_is_compiled_for_its_when_alone(make_rule: Any) -> None:
    rule = make_rule(ask("n", "is", 1), ask("flag", "is", True), unset=["ceiling"])
    assert {letter for letter, _ in rule_patterns(rule)} == {"a"}


def test_unset_rows_are_not_compiled_as_breaches(make_rule: Any) -> None:
    table = Parameter("latest", Type("time"), None, ("level",), {("primary",): 1110})
    rule = make_rule(
        Check(FieldRef("end"), "at_most", (Param("latest"),)), parameters={"latest": table}
    )
    letters = [letter for letter, _ in rule_patterns(rule)]
    assert letters.count("b") == 3  # junior, senior, no level


def test_kind_stands_first_and_bucket_second(make_rule: Any) -> None:
    rules = [
        make_rule(All((ask("n", "at_most", n), ask("kind", "is", "x"))), id=f"r-{n}")
        for n in range(1, 40)
    ]
    compiled = compile_rules(rules)
    patterns = [
        body["all"][0]["m"]["$and"]
        for name, body in json.loads(compiled.rulesets[0].text).items()
        if name != network.CANARY
    ]
    assert all(p[0] == {"kind": "row#0"} for p in patterns)
    buckets = [next(iter(p[1])) for p in patterns]
    assert all(p[1] == {bucket: 1} for p, bucket in zip(patterns, buckets, strict=True))
    assert max(map(buckets.count, buckets)) <= 30
    assert len(set(buckets)) + max(map(buckets.count, buckets)) <= 60


def test_a_second_kind_begins_where_one_is_full(make_rule: Any) -> None:
    rules = [make_rule(ask("n", "at_most", n), id=f"r-{n}") for n in range(500)]
    compiled = compile_rules(rules)
    kinds = [kind for ruleset in compiled.rulesets for kind in ruleset.kinds]
    assert len(kinds) > 1
    assert all(k.buckets + network.PATTERNS_PER_BUCKET <= 60 for k in kinds)


def test_a_second_ruleset_begins_where_one_is_full(make_rule: Any) -> None:
    rules = [make_rule(ask("n", "at_most", n), id=f"r-{n}") for n in range(2_000)]
    compiled = compile_rules(rules)
    texts = [json.loads(ruleset.text) for ruleset in compiled.rulesets]
    assert len(texts) > 1
    assert all(len(text) <= 4_096 for text in texts)
    names = [name for text in texts for name in text if name != network.CANARY]
    assert len(names) == len(set(names))
    numbers = {name.partition(".")[0].rstrip("abcdex") for name in names}
    assert numbers == {str(n) for n in range(2_000)}


def test_the_same_rules_compile_to_the_same_text(make_rule: Any) -> None:
    def build() -> str:
        tests = All(
            (
                ask("tags", "contains_all", ("a",)),
                ask("tags", "contains_any", ("b",)),
                ask("note", "mentions", ("x",)),
                ask("n", "at_most", 3),
            )
        )
        rule = make_rule(tests, review=[ask("note", "matches", "a")])
        return compile_rules([rule]).rulesets[0].text

    assert build() == build()


def compared_before_its_guards(ruleset: str) -> list[str]:
    """Patterns in which a comparison of two fields stands before the guard of either.

    A guard is the field's mark that it has a value. The library reads both attributes of such a
    comparison as soon as it comes to it, whether or not the fact has them.
    """
    wrong = []
    for name, body in json.loads(ruleset).items():
        for pattern in body.get("all", []):
            guarded: set[str] = set()
            for clause in next(iter(pattern.values())).get("$and", []):
                for field in fields_compared(clause):
                    if f"{field}:?" not in guarded:
                        wrong.append(f"{name}: {clause}")
                guarded |= {key for key, value in clause.items() if value == 1}
    return wrong


def fields_compared(clause: dict[str, Any]) -> list[str]:
    """The fields on both sides of a comparison of two, without the part that is compared."""
    (first, inner) = next(iter(clause.items()))
    pair = inner if first.startswith("$") else clause
    left, right = next(iter(pair.items()))
    if not isinstance(right, dict):
        return []
    return [side.partition(":")[0] for side in (left, right["$m"])]


def test_a_comparison_of_two_fields_stands_behind_the_guards_of_both(make_rule: Any) -> None:
    """In every pattern of the packs that come with kehou, at every stage, and of each operator."""
    seen = 0
    rulesets = [
        ruleset.text
        for name in packs.available()
        for stage in Stage
        for ruleset in compile_rules(
            bind_rules(packs.load(name), stage, "2024-09-01", set())[0]
        ).rulesets
    ]
    for op in ("is", "is_not", "at_most", "at_least", "less_than", "more_than"):
        rule = make_rule(Check(FieldRef("start"), op, (FieldRef("end"),)))
        rulesets += [each.text for each in compile_rules([rule]).rulesets]
    for ruleset in rulesets:
        seen += ruleset.count('"$m":"')
        assert not compared_before_its_guards(ruleset)
    assert seen >= 20


def test_a_comparison_before_its_guards_would_be_seen(
    make_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(network._RANK, "field", -1)
    rule = make_rule(Check(FieldRef("start"), "less_than", (FieldRef("end"),)))
    assert compared_before_its_guards(compile_rules([rule]).rulesets[0].text)
