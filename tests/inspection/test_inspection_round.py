"""A whole round over many schools: check, worksheet, filled in, attest, check, score, rank.

Schools are the good submission of the cases with things left out and changed by a seed; inspectors
are a seeded program that writes into the real workbook, and now and then writes nonsense. What
happened is followed by fingerprint, from the files alone. KEHOU_SHARE sets how many schools.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.support.share import is_whole, share

from kehou import data
from kehou.cli.main import main
from kehou.readers import read_path

#: Every third and fourth school breaches something.
SCHOOLS = share(40, 10)
SCHEME = Path(__file__).parents[2] / "docs/scheme-example/scheme.yaml"
STAGE = ["--stage", "assessment", "--on", "2022-01-20", "--pack", "bayannur-2021"]
HEADER_ROW = 7
#: What a bureau holds, which no school may hand in.
BUREAU = ("county_list", "price_table", "standard_periods", "conflicts")
pytestmark = pytest.mark.checkout


@dataclass
class Filled:
    """What the program wrote: (school, rule, members, verdict); and rows that cannot be taken."""

    taken: list[tuple[str, str, frozenset[str], str]] = field(default_factory=list)
    wrong: int = 0
    left: int = 0


def scalars(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from scalars(value, (*path, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from scalars(value, (*path, i))
    else:
        yield path


def school(base: dict[str, Any], number: int) -> dict[str, Any]:
    """The good submission under another name, with some things left out and one late end."""
    rng = random.Random(number)
    tree = copy.deepcopy(base)
    for path in rng.sample(list(scalars(tree)), 12):
        if path[0] in ("school",) or path[:2] == ("plan", "service_start"):
            continue
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        if isinstance(holder, dict):
            holder.pop(path[-1])
    tree["school"]["school_id"] = f"15080{number:05}"
    tree["school"]["name"] = f"第{number}学校（示例）"
    tree["school"]["township"] = f"第{number % 3}镇"
    if number % 4 == 0:
        tree["plan"]["sessions"][0]["end"] = "18:40"
    if number % 3 == 0:
        tree["plan"]["sessions"][3]["audience"] = "whole_class"
    return tree


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = read_path(data.rules() / "bayannur-2021" / "base.yaml").tree  # type: ignore[arg-type]
    for name in BUREAU:
        base.pop(name, None)
    made = tmp_path_factory.mktemp("round")
    plans = made / "各校"
    plans.mkdir()
    for number in range(1, SCHOOLS + 1):
        text = json.dumps(school(base, number), ensure_ascii=False)
        (plans / f"{number:04}.json").write_text(text, "utf-8")
    return made


def checked(folder: Path, name: str, *more: str) -> dict[str, dict[str, Any]]:
    """Reports by school."""
    path = folder / name
    plans = sorted(str(p) for p in (folder / "各校").iterdir())
    main(["check", *plans, *STAGE, "--engine", "direct", "-o", f"json={path}", *more])
    tree = json.loads(path.read_bytes())
    return {r["submission"]["school"]["id"]: r for r in tree.get("reports", [tree])}


def fill(path: Path) -> Filled:
    """Seven rows in ten are filled in; of those one in twelve wrongly."""
    rng = random.Random(78)
    done = Filled()
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        at = {sheet.cell(HEADER_ROW, c).value: c for c in range(1, sheet.max_column + 1)}
        code = str(sheet.cell(2, 3).value).rpartition("（")[2].rstrip("）")
        for row, text in ((3, "某旗县教育局（示例）"), (4, "2022年1月18日"), (5, "2022-07-15")):
            sheet.cell(row, 3).value = text
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            if not sheet.cell(row, at["校验码"]).value:
                continue  # a paper that is to be got
            if rng.random() > 0.7:
                done.left += 1
                continue
            verdict = rng.choice(["符合", "不符合"])
            seen, evidence = "当场查看", "照片1"
            spoilt = rng.random() < 1 / 12
            if spoilt:
                done.wrong += 1
                verdict, seen = rng.choice([("大概", seen), (verdict, "")])
            sheet.cell(row, at["核实结论"]).value = verdict
            sheet.cell(row, at["所见"]).value = seen or None
            sheet.cell(row, at["佐证"]).value = evidence
            if not spoilt:
                members = str(sheet.cell(row, at["各对象指纹"]).value or "").split()
                rule = str(sheet.cell(row, at["规则"]).value or "")
                done.taken.append((code, rule, frozenset(members), verdict))
    book.save(path)
    return done


Key = tuple[str, str, frozenset[str], frozenset[str]]


def findings(reports: dict[str, dict[str, Any]]) -> dict[Key, tuple[str, str]]:
    """(outcome, severity) by school, rule, subjects, and what was missing or said at first.

    What is 未评 until somebody has been there is a ``visit``: an inspector's to settle.
    """
    found: dict[Key, tuple[str, str]] = {}
    for code, report in reports.items():
        for r in report["results"]:
            for f in r["findings"]:
                members = frozenset(f["members"] or [f["fingerprint"][:16]])
                first = (f["attestation"] or f)["message"]
                key = (code, r["rule"], members, frozenset([first]))
                assert key not in found
                on_site = f["outcome"] == "not_judged" and f.get("owner") == "visit"
                found[key] = ("visit" if on_site else f["outcome"], r["severity"])
    return found


def scored(folder: Path, reports: str, name: str) -> dict[str, tuple[Fraction, Fraction]]:
    """Certain and possible points by school, from the JSON sheets; and a ranking is made."""
    out = folder / f"{name}.json"
    main(
        [
            "score",
            "--scheme",
            str(SCHEME),
            str(folder / reports),
            "-o",
            f"json={out}",
            "--ranking",
            f"json={folder / (name + '-排名.json')}",
            "--ranking",
            f"html={folder / (name + '-排名.html')}",
        ]
    )
    return {
        sheet["school"]["id"]: (
            Fraction(sheet["total"]["certain"]),
            Fraction(sheet["total"]["possible"]),
        )
        for sheet in json.loads(out.read_bytes())["sheets"]
    }


def test_a_round_over_many_schools(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = checked(folder, "检查前.json")
    assert len(before) == SCHOOLS
    sheet = folder / "核查表.xlsx"
    assert main(["worksheet", str(folder / "检查前.json"), "-o", f"xlsx={sheet}"]) == 0
    done = fill(sheet)
    capsys.readouterr()
    seen = folder / "核实.yaml"
    code = main(["attest", str(sheet), "-o", f"yaml={seen}"])
    told = capsys.readouterr().err
    assert code == (4 if done.wrong else 0)
    assert f"采用 {len(done.taken)} 项，没有填写 {done.left} 项，不能采用 {done.wrong} 处" in told

    after = checked(folder, "检查后.json", "--attestations", str(seen))
    old, new = findings(before), findings(after)
    settled = 0
    for key, (outcome, severity) in old.items():
        one, rule, members, _ = key
        said = {v for c, r, named, v in done.taken if (c, r) == (one, rule) and members <= named}
        if outcome not in ("review", "insufficient", "visit") or not said:
            assert new[key][0] == outcome, "only what was attested changes"
            continue
        assert severity != "advice", "advice is not on the sheet"
        [verdict] = said
        assert new[key][0] == ("pass" if verdict == "符合" else "fail")
        settled += 1
    assert settled >= sum(bool(rule) for _, rule, _, _ in done.taken) > SCHOOLS

    first = scored(folder, "检查前.json", "得分前")
    second = scored(folder, "检查后.json", "得分后")
    assert set(first) == set(second) == set(before)
    narrower = 0
    for one, (certain, possible) in second.items():
        low, high = first[one]
        assert low <= certain <= possible <= high, "settling never leaves the interval"
        narrower += (certain, possible) != (low, high)
    assert narrower
    ranking = json.loads((folder / "得分后-排名.json").read_bytes())
    assert len(ranking["schools"]) == SCHOOLS
    with capsys.disabled():
        if is_whole():
            print(
                f"\n{SCHOOLS} schools, {len(old)} findings, {len(done.taken)} rows taken, "
                f"{done.left} left, {done.wrong} refused, {settled} findings settled, "
                f"{narrower} intervals narrower"
            )
