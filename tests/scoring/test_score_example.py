"""The worked example of docs/scoring.md: every sum done again, and held against the program."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kehou.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "scheme-example"
SCHOOLS = ("1508020003", "1508020008")

pytestmark = pytest.mark.checkout


def chapter(school: str) -> str:
    text = (ROOT / "docs" / "scoring.md").read_text("utf-8")
    [_, after] = text.split(f"\n### {school} ")
    return re.split(r"\n##+ ", after)[0]


def calculated(expression: str) -> Fraction:
    """A sum of +, −, ×, ÷ and / from left to right, products first."""
    total = Fraction(0)
    for term in re.split(r"(?=[+−])", expression.replace(" ", "")):
        if not term:
            continue
        sign = -1 if term[0] == "−" else 1
        product, operator = Fraction(1), "×"
        for part in re.split(r"([×÷/])", term.lstrip("+−")):
            if part in ("×", "÷", "/"):
                operator = part
            else:
                product = product * Fraction(part) if operator == "×" else product / Fraction(part)
        total += sign * product
    return total


def stated(cell: str) -> Fraction:
    """The result of a cell; where the left side is a sum, it is done again."""
    left, right = cell.split("=")
    result = calculated(right)
    if re.fullmatch(r"[0-9.+−×÷/ ]+", left):
        assert calculated(left) == result, cell
    return result


@cache
def told(school: str) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
    """By indicator, (points, certain, possible) as the page says."""
    rows = re.findall(
        r"^\| ([a-z][a-z-]+) \| ([\d.]+) \| .*? \| (.*?) \| (.*?) \|$",
        chapter(school),
        re.MULTILINE,
    )
    return {name: (Fraction(p), stated(low), stated(high)) for name, p, low, high in rows}


@cache
def sheets() -> dict[str, Any]:
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(
            [
                "score",
                "--scheme",
                str(EXAMPLE / "scheme.yaml"),
                "--scores",
                str(EXAMPLE / "scores.yaml"),
                str(EXAMPLE / "reports"),
                "-o",
                "json",
            ]
        )
    assert code == 3
    return {s["school"]["id"]: s for s in json.loads(out.getvalue())["sheets"]}


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_indicator_is_as_by_hand(school: str) -> None:
    found = {
        line["id"]: (
            Fraction(line["points"]),
            Fraction(line["part"]["certain"]),
            Fraction(line["part"]["possible"]),
        )
        for line in sheets()[school]["indicators"]
    }
    assert found == told(school)
    assert len(found) == 17


@pytest.mark.parametrize("school", SCHOOLS)
@pytest.mark.parametrize(
    ("end", "word", "at"), [("certain", "确定分", 1), ("possible", "最高可能分", 2)]
)
def test_the_totals_are_as_by_hand(school: str, end: str, word: str, at: int) -> None:
    [(left, right)] = re.findall(rf"^\* {word}：([0-9.+/]+) = ([0-9./]+)", chapter(school), re.M)
    assert calculated(left) == calculated(right)
    assert sum(row[at] for row in told(school).values()) == calculated(right)
    assert Fraction(sheets()[school]["total"][end]) == calculated(right)


def test_the_grades_are_as_by_hand() -> None:
    assert sheets()["1508020003"]["grades"] == ["合格", "良好"]
    assert sheets()["1508020008"]["grades"] == ["良好", "良好"]


def test_a_wrong_sum_on_the_page_would_be_seen() -> None:
    assert calculated("10 − 2×3 ÷ 4 + 8/3") == Fraction(67, 6)
    with pytest.raises(AssertionError):
        stated("10 − 2×1 = 9")
