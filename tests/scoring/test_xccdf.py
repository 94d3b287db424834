"""The four scoring models of XCCDF: by hand, and held against OpenSCAP on random benchmarks."""

from __future__ import annotations

import random
import re
import struct
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from kehou.scoring.decimals import rounded
from kehou.scoring.xccdf import (
    MODELS,
    PASSES,
    UNCOUNTED,
    Group,
    Rule,
    extremes,
    rates,
    rules,
    score,
)

F = Fraction


def rule(name: str, weight: int | str, result: str, optional: bool = False) -> Rule:
    return Rule(name, F(weight), result, optional)


TREE = Group(
    "b",
    F(1),
    (
        Group(
            "g",
            F(3),
            (
                rule("r1", "2.5", "pass"),
                rule("r2", 1, "fail"),
                rule("r3", 1, "unknown"),
                rule("r4", 9, "notchecked"),
                rule("r5", 9, "notapplicable"),
            ),
        ),
        Group("h", F(1), (rule("r6", 7, "fixed"), rule("r7", 9, "informational"))),
        Group("k", F(5), (rule("r8", 4, "notselected"),)),
    ),
)


#: The same functions, whose exact results are compared with whole numbers here.
scored: Any = score
ends: Any = extremes
shares: Any = rates


def test_the_models_by_hand() -> None:
    # default: g is 2.5 of 4.5, h whole, k counts for nothing: (3 × 500/9 + 1 × 100) / 4
    assert scored(TREE, "default") == (F(200, 3), 100)
    assert scored(TREE, "flat") == (F("9.5"), F("11.5"))
    assert scored(TREE, "flat-unweighted") == (2, 4)
    assert scored(TREE, "absolute") == (0, 1)


def test_open_results_give_an_interval() -> None:
    # r3 and r4 may fail or pass: g is 2.5 of 13.5, or 12.5 of 13.5
    low, high = ends(TREE, "default")
    assert low[0] == (3 * F(250, 27) * 2 + 100) / 4
    assert high[0] == (3 * F(2500, 27) + 100) / 4
    assert ends(TREE, "flat") == ((F("9.5"), F("20.5")), (F("19.5"), F("20.5")))
    assert shares(TREE, "flat-unweighted") == (F(2, 5), F(4, 5))
    assert ends(TREE, "absolute") == ((0, 1), (0, 1))


def test_what_may_not_apply_may_also_be_left_out() -> None:
    tree = Group("b", F(1), (rule("x", 2, "fail"), rule("y", 3, "unknown", True)))
    assert shares(tree, "flat") == (0, F(3, 5))
    whole = Group("b", F(1), (rule("x", 2, "pass"), rule("y", 3, "unknown", True)))
    assert shares(whole, "flat") == (F(2, 5), 1)
    assert ends(whole, "absolute") == ((0, 1), (1, 1))


# --- OpenSCAP ------------------------------------------------------------------------------

#: Results that a scanner can be brought to give, and how: an OVAL definition that is always true,
#: false or unknown; none; a role; a platform that this machine is not; or not selected.
_CHECK = (
    '<check system="http://oval.mitre.org/XMLSchema/oval-definitions-5">'
    '<check-content-ref href="o.xml" name="oval:k:def:{n}"/></check>'
)
RESULTS = {
    "pass": ("", "", _CHECK.format(n=1)),
    "fail": ("", "", _CHECK.format(n=2)),
    "unknown": ("", "", _CHECK.format(n=3)),
    "notchecked": ("", "", ""),
    "informational": ('role="unscored"', "", _CHECK.format(n=1)),
    "notapplicable": ("", '<platform idref="cpe:/o:microsoft:windows_10"/>', _CHECK.format(n=1)),
    "notselected": ('selected="false"', "", _CHECK.format(n=1)),
}
OVAL = """<?xml version="1.0" encoding="UTF-8"?>
<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"
 xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5"
 xmlns:ind="http://oval.mitre.org/XMLSchema/oval-definitions-5#independent">
<generator><oval:schema_version>5.11</oval:schema_version>
<oval:timestamp>2021-09-01T00:00:00</oval:timestamp></generator>
<definitions>
<definition class="compliance" id="oval:k:def:1" version="1"><metadata><title>t</title>
<description>t</description></metadata><criteria><criterion test_ref="oval:k:tst:1"/></criteria>
</definition>
<definition class="compliance" id="oval:k:def:2" version="1"><metadata><title>f</title>
<description>f</description></metadata><criteria negate="true">
<criterion test_ref="oval:k:tst:1"/></criteria></definition>
<definition class="compliance" id="oval:k:def:3" version="1"><metadata><title>u</title>
<description>u</description></metadata><criteria><criterion test_ref="oval:k:tst:2"/></criteria>
</definition>
</definitions>
<tests>
<ind:family_test check="at least one" check_existence="any_exist" comment="t" id="oval:k:tst:1"
 version="1"><ind:object object_ref="oval:k:obj:1"/></ind:family_test>
<ind:unknown_test check="all" comment="u" id="oval:k:tst:2" version="1"/>
</tests>
<objects><ind:family_object id="oval:k:obj:1" version="1"/></objects>
</oval_definitions>
"""


def xccdf_of(tree: Group) -> str:
    """A benchmark that OpenSCAP evaluates to the results of a tree, by all four models.

    Each model stands on a line of its own: the parser of oscap 1.3.7 passes over what follows
    ``<model/>`` without a blank between, so that of two models side by side one is lost.
    """
    inside = "".join(_element(member) for member in tree.members)
    models = "\n".join(f'<model system="urn:xccdf:scoring:{model}"/>' for model in MODELS)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="xccdf_org.kehou_benchmark_b" '
        'resolved="1"><status>draft</status><title>b</title><version>1</version>\n'
        f"{models}\n{inside}</Benchmark>"
    )


def _element(member: Group | Rule) -> str:
    weight = quoteattr(rounded(member.weight, 2))
    if isinstance(member, Group):
        inside = "".join(_element(one) for one in member.members)
        return (
            f'<Group id="xccdf_org.kehou_group_{member.id}" weight={weight}>'
            f"<title>g</title>{inside}</Group>"
        )
    attributes, platform, check = RESULTS[member.result]
    selected = "" if "selected" in attributes else 'selected="true"'
    return (
        f'<Rule id="xccdf_org.kehou_rule_{member.id}" {selected} {attributes} weight={weight}>'
        f"<title>r</title>{platform}{check}</Rule>"
    )


def random_tree(rng: random.Random, name: str = "t", depth: int = 0) -> Group:
    """Groups two deep with rules of every result; weights are quarters, exact in binary."""
    members: list[Group | Rule] = []
    for i in range(rng.randint(2, 4)):
        weight = F(rng.randint(1, 40), 4)
        if depth < 2 and rng.random() < 0.6:
            members.append(random_tree(rng, f"{name}{i}", depth + 1))
        else:
            usual = rng.random() < 0.6
            result = rng.choice(("pass", "fail", "unknown") if usual else list(RESULTS))
            members.append(Rule(f"{name}{i}", weight, result))
    return Group(name, F(rng.randint(1, 40), 4), tuple(members))


def scanned(oscap: str, folder: Path, tree: Group) -> tuple[dict[str, str], list[str]]:
    """({model: score and maximum as OpenSCAP prints them}, results in order)."""
    (folder / "o.xml").write_text(OVAL, "utf-8")
    (folder / "b.xml").write_text(xccdf_of(tree), "utf-8")
    run = subprocess.run(
        [oscap, "xccdf", "eval", "--results", "r.xml", "b.xml"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode in (0, 2), run.stderr
    text = (folder / "r.xml").read_text("utf-8")
    pattern = r'<score system="urn:xccdf:scoring:([a-z-]+)" maximum="([\d.]+)">([\d.]+)</score>'
    scores = {model: f"{found}/{most}" for model, most, found in re.findall(pattern, text)}
    given = dict(
        re.findall(
            r'<rule-result idref="xccdf_org.kehou_rule_(\w+)".*?<result>(\w+)<', text, re.DOTALL
        )
    )
    return scores, [f"{name}={result}" for name, result in given.items()]


def hold_against(oscap: str, folder: Path, tree: Group) -> None:
    """Our four scores are those of OpenSCAP."""
    scores, results = scanned(oscap, folder, tree)
    assert sorted(results) == sorted(f"{r.id}={r.result}" for r in rules(tree))
    assert set(scores) == set(MODELS)
    for model in ("flat", "flat-unweighted"):
        mine, most = score(tree, model)
        assert scores[model] == f"{rounded(mine, 6)}/{rounded(most, 6)}", model
    # OpenSCAP prints the flat model's maximum beside the 1 or 0 of the absolute one.
    assert scores["absolute"].split("/")[0] == f"{rounded(score(tree, 'absolute')[0], 6)}"
    told, full = scores["default"].split("/")
    assert full == "100.000000"
    assert told == f"{single_precision(tree) or 0.0:.6f}"
    assert abs(F(told) - score(tree, "default")[0]) < F(1, 20000)


def single(value: float) -> float:
    """The nearest number of single precision, in which OpenSCAP reckons."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def single_precision(tree: Group) -> float | None:
    """The default model as OpenSCAP rounds it, step by step."""
    points = weights = 0.0
    for member in tree.members:
        if isinstance(member, Group):
            found = single_precision(member)
        elif member.result in UNCOUNTED:
            found = None
        else:
            found = 100.0 if member.result in PASSES else 0.0
        if found is not None:
            points = single(points + single(found * float(member.weight)))
            weights = single(weights + float(member.weight))
    return single(points / weights) if weights else None


@pytest.mark.needs("oscap")
@pytest.mark.parametrize("seed", range(12))
def test_scores_are_those_of_openscap(
    seed: int, tmp_path: Path, program: Callable[[str], str]
) -> None:
    """Where a bureau compares our figure with another XCCDF tool's, they must be the same.

    OpenSCAP reckons in single precision: sums of quarters are exact there too; the default model's
    means are equal to its last printed digit once rounded as it rounds, and ours, exact, are
    within its rounding.
    """
    hold_against(program("oscap"), tmp_path, random_tree(random.Random(seed)))


@pytest.mark.needs("oscap")
@pytest.mark.parametrize(
    "results", ["pass pass", "pass notapplicable", "fail notchecked", "notapplicable notselected"]
)
def test_the_edges_are_those_of_openscap(
    results: str, tmp_path: Path, program: Callable[[str], str]
) -> None:
    """All passes, and nothing that counts: absolute is 1 where nothing failed."""
    first, second = results.split()
    tree = Group("t", F(1), (Rule("a", F(2), first), Rule("b", F(3), second)))
    hold_against(program("oscap"), tmp_path, tree)
