"""What a bureau gives by options: waivers, attestations, schemes, scores, records and registers."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from tests.support import whole_schema
from tests.support.command_line import Ran
from tests.support.fuzz import damage, meals, tables, texts, trees, values
from tests.support.fuzz.case import Call, Case

from kehou.errors import KehouError
from kehou.submission import from_tree, load

#: Registers and records of a bureau, by what `--data` calls them.
_GIVEN = ("county_list", "price_table", "standard_periods", "approval", "inspection")
_SCHOOL = "1508020001"
_PLAN = f"school: {{school_id: '{_SCHOOL}'}}\n".encode()


def options_case(rng: random.Random) -> Case:
    """One input of the family of what is given by options."""
    return rng.choice((_waivers, _attestations, _register, _register, _scores))(rng)


def _written(tree: Any, rng: random.Random) -> bytes:
    """A tree of text as YAML, in any manner and any order of keys."""
    return texts.yaml_text(texts.shuffled(tree, rng), rng)


def _put_wrong(tree: Any, rng: random.Random) -> bytes:
    """A tree damaged as a tree, or its text or bytes damaged."""
    kind = rng.random()
    if kind < 0.5:
        wrong = damage.tree_damaged(tree, rng)
        return yaml.safe_dump(wrong, allow_unicode=True, sort_keys=False).encode(
            "utf-8", "surrogatepass"
        )
    change = damage.text_damaged if kind < 0.8 else damage.bytes_damaged
    return change(_written(tree, rng), rng)


# --- waivers and attestations -----------------------------------------------------------------


def _findings(*outcomes: str) -> list[tuple[str, dict[str, Any]]]:
    """(rule, finding) of the report's findings with some outcomes, red lines left out."""
    return [
        (result["rule"], finding)
        for result in meals.report()["results"]
        if result["severity"] != "critical"
        for finding in result["findings"]
        if finding["outcome"] in outcomes
    ]


def _outcomes(folder: Path) -> dict[str, list[str]]:
    """Outcomes by rule of the report that a call wrote, one for each finding."""
    tree = json.loads((folder / "r.json").read_text("utf-8"))
    return {r["rule"]: sorted(f["outcome"] for f in r["findings"]) for r in tree["results"]}


def _waivers(rng: random.Random) -> Case:
    """Waivers: each finding that one in force names is waived, and no other."""
    found = _findings("fail", "review")
    chosen = rng.sample(found, rng.randint(1, 3))
    rows, waived = [], set()
    for rule, finding in chosen:
        subject, member = finding["subject"], finding["fingerprint"]
        until = rng.choice(("2025-04-10", "2026-01-31", "2025-04-09", "2024-12-31"))
        if until >= meals.DAY:
            waived.add((rule, member))
        rows.append(
            {
                "rule": rule,
                "subject": rng.choice((member, subject["key"] or "/", subject["pointer"])),
                "outcome": finding["outcome"],
                "reason": rng.choice(("正在办理", "班车", "a: b")),
                "office": "某街道办（示例）",
                "school": "ZC-002",
                "until": until,
            }
        )

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        told = json.loads((folder / "r.json").read_text("utf-8"))
        got = {
            (r["rule"], f["fingerprint"])
            for r in told["results"]
            for f in r["findings"]
            if f["outcome"] == "waived"
        }
        if got != waived:
            yield f"豁免了 {sorted(got)}，写的是 {sorted(waived)}"

    return _with("waivers", {"waivers": rows}, check, ("list", "lint", "prune"), rng)


def _attestations(rng: random.Random) -> Case:
    """Attestations: what one in force says of an open finding is its outcome."""
    found = _findings("insufficient", "review")
    if not found:
        return _waivers(rng)
    rows, settled = [], {}
    for rule, finding in rng.sample(found, min(len(found), rng.randint(1, 2))):
        until = rng.choice(("2025-04-10", "2026-01-31", "2025-04-09"))
        verdict = rng.choice(("pass", "fail", "符合", "不符合"))
        if until >= meals.DAY:
            settled[rule] = "pass" if verdict in ("pass", "符合") else "fail"
        rows.append(
            {
                "school": "ZC-002",
                "rule": rule,
                "subject": finding["fingerprint"],
                "verdict": verdict,
                "seen": "当场查看",
                "evidence": "照片1",
                "office": "某街道办（示例）",
                "date": "2025-04-01",
                "until": until,
            }
        )

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        got = _outcomes(folder)
        for rule, wanted in settled.items():
            if wanted not in got[rule]:
                yield f"{rule}：核实为 {wanted}，报告是 {got[rule]}"

    return _with("attestations", {"attestations": rows}, check, (), rng)


def _with(
    option: str,
    tree: Any,
    check: Callable[[Path, Sequence[Ran]], Iterator[str]],
    actions: Sequence[str],
    rng: random.Random,
) -> Case:
    name = f"{option}.yaml"
    words = [
        "check",
        "s.yaml",
        *meals.CHECK,
        f"--{option}",
        name,
        "-o",
        "text",
        "-o",
        "json=r.json",
    ]
    call = Call(words, writes=("r.json",), about=(name,))
    files = {"s.yaml": meals.content()}
    if rng.random() < 0.45:
        return Case(option, files | {name: _written(tree, rng)}, [call], check)
    calls = [call]
    if actions:
        action = rng.choice(actions)
        more = ("--on", meals.DAY, "--against", "s.yaml", *meals.OPTIONS[:2])
        calls.append(Call(("waiver", action, name, *more), about=(name, "0 处", "没有")))
    return Case(f"坏的 {option}", files | {name: _put_wrong(tree, rng)}, calls)


# --- registers and records --------------------------------------------------------------------


def _register(rng: random.Random) -> Case:
    """A register or a record of a bureau: what is read is what was written."""
    root = trees.schema().root
    name = rng.choice(_GIVEN)
    field = root.fields[name]
    value = _sound(name, rng)
    form = rng.choice(("yaml", "json"))
    flat = name in ("price_table", "standard_periods")
    data = b""
    if flat and rng.random() < 0.6:
        names = [
            n for n, f in field.fields.items() if all(n in r for r in value) or not f.blank_absent
        ]
        value = [{n: v for n, v in row.items() if n in names} for row in value]
        fields = field.fields
        head = [fields[n].title for n in names]
        table = [head, *([_text(row.get(n, "")) for n in names] for row in value)]
        form = rng.choice(("csv", "xlsx"))
        data = (tables.csv_bytes if form == "csv" else tables.book_bytes)(table, rng)
    else:
        inner = texts.shuffled(texts.reworded(field, value, rng), rng)
        data = texts.yaml_text(inner, rng) if form == "yaml" else texts.json_text(field, inner, rng)
    file = f"表.{form}"
    wanted = trees.meant(field, value)
    if field.record:
        wanted |= {"source": "bureau"}  # which the reader says
    calls = texts.checks("s", rng, 0.2)
    if calls:
        words = [*calls[0].words, "--data", f"{name}={file}"]
        calls = [Call(words, writes=calls[0].writes, about=(file, "s"))]
    if rng.random() < 0.5:

        def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
            found = load(folder / "s", trees.schema(), data={name: folder / file})
            yield from (f"读不出：{f.path} {f.found}" for f in found.faults)
            yield from trees.differing(found.tree.get(name), wanted, f"/{name}")

        return Case(f"{name} {form}", {file: data, "s/plan.yaml": _PLAN}, calls, check)
    change = tables.xml_damaged if form == "xlsx" else damage.text_damaged
    change = rng.choice((change, damage.bytes_damaged))

    def either(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            found = load(folder / "s", trees.schema(), data={name: folder / file})
        except KehouError as error:
            if file not in f"{error}":
                yield f"没有说是哪个文件：{error}"
            return
        if found.tree.get("school") != {"school_id": _SCHOOL}:
            yield f"学校读作 {found.tree.get('school')}"

    files = {file: change(data, rng), "s/plan.yaml": _PLAN}
    return Case(f"坏的 {name} {form}", files, calls, either)


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _sound(name: str, rng: random.Random) -> Any:
    """A register or record without a fault, of the school where it says whose it is."""
    root = trees.schema().root
    for _ in range(50):
        tree = whole_schema.submission(trees.schema(), rng, 0.3)
        value = tree.get(name)
        if not value or value == "无" or (isinstance(value, list) and not all(value)):
            continue
        if isinstance(value, dict):
            value = {n: v for n, v in value.items() if n != "source"}
            whose = root.fields[name].names_whose
            if whose is not None:
                value[whose.name] = _SCHOOL
        found = from_tree({name: value, "school": {"school_id": _SCHOOL}}, trees.schema())
        if not found.faulted:
            return value
    return _sound("standard_periods", rng)


# --- schemes and scores -----------------------------------------------------------------------


def _scores(rng: random.Random) -> Case:
    """A scheme and scores that people gave: the points given are those on the sheet."""
    made = meals.artefacts()
    tree = yaml.safe_load(made["scheme.yaml"])
    given = rng.choice(("0", "0.5", "1", "1.25", "1.5", "2"))
    rows = [{"school": "ZC-002", "indicator": "extra", "value": given}]
    form = rng.choice(("yaml", "csv"))
    scores = _written({"scores": rows}, rng)
    if form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([list(rows[0]), list(rows[0].values())])
        scores = out.getvalue().encode(rng.choice(("utf-8-sig", "utf-8", "gb18030")))
    files = {"report.json": made["report.json"], f"scores.{form}": scores}
    words = ["score", "report.json", "--scheme", "scheme.yaml", "--scores", f"scores.{form}"]
    words += ["-o", "text", "-o", "json=sheet.json", "--ranking", "json=ranking.json"]
    writes = ("sheet.json", "ranking.json")
    call = Call(words, writes=writes, about=("scheme.yaml", f"scores.{form}", "extra"))
    if rng.random() < 0.4:

        def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
            lines = _lines(json.loads((folder / "sheet.json").read_text("utf-8")))
            got = next(line for line in lines if line.get("id") == "extra")
            if float(got["given"]["value"]) != float(given):
                yield f"给的是 {given} 分，得分表是 {got}"
            if len(lines) != len(tree["indicators"]):
                yield f"指标 {len(tree['indicators'])} 项，得分表 {len(lines)} 项"

        return Case("评分", files | {"scheme.yaml": _plain(tree, rng)}, [call], check)
    if rng.random() < 0.6:
        return Case("坏的评分办法", files | {"scheme.yaml": _put_wrong(_texts(tree), rng)}, [call])
    change = rng.choice((damage.text_damaged, damage.bytes_damaged))
    files |= {f"scores.{form}": change(scores, rng), "scheme.yaml": made["scheme.yaml"]}
    return Case("坏的分数", files, [call])


def _plain(tree: Any, rng: random.Random) -> bytes:
    """The scheme with its keys in another order but for its lists of areas, which are shown so."""
    return (
        _written(_texts(tree), rng)
        if rng.random() < 0.5
        else yaml.safe_dump(
            texts.shuffled(_texts(tree), rng), allow_unicode=True, sort_keys=False
        ).encode()
    )


def _texts(tree: Any) -> Any:
    """A tree as kehou's YAML has it: the words of PyYAML's numbers as text."""
    if isinstance(tree, dict):
        return {key: _texts(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_texts(value) for value in tree]
    return tree


def _lines(tree: Any) -> list[dict[str, Any]]:
    """The indicators of a sheet, wherever they stand in it."""
    found: list[dict[str, Any]] = []
    if isinstance(tree, dict):
        if isinstance(tree.get("indicators"), list):
            found += [line for line in tree["indicators"] if isinstance(line, dict)]
        for key, value in tree.items():
            if key != "indicators":
                found += _lines(value)
    elif isinstance(tree, list):
        for value in tree:
            found += _lines(value)
    return found


def nasty(rng: random.Random) -> str:
    """A value of an option."""
    return rng.choice(values.ARGUMENTS)
