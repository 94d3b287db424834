"""What our own commands wrote and read again: reports, notices, replies, sheets, rankings."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from tests.support.command_line import Ran
from tests.support.fuzz import damage, meals, tables, texts
from tests.support.fuzz.case import Call, Case

from kehou.inspection.worksheet_xlsx import HEADER_ROW

_OPEN = ("review", "insufficient")


def report_case(rng: random.Random) -> Case:
    """One input of the family of report readers."""
    kind = rng.random()
    if kind < 0.35:
        return rng.choice((_worksheet, _notice, _diff, _circular, _attest, _recheck))(rng)
    return _broken(rng)


def _report(rng: random.Random) -> tuple[dict[str, Any], bytes]:
    """A report with some of its results left out, and its bytes in some manner."""
    tree = meals.report()
    results = [r for r in tree["results"] if rng.random() < 0.8] or tree["results"]
    results = rng.sample(results, len(results))
    tree = tree | {"results": results}
    return tree, _json(tree, rng)


def _json(tree: Any, rng: random.Random) -> bytes:
    shown = texts.shuffled(tree, rng) if rng.random() < 0.5 else tree
    return json.dumps(
        shown, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 1, 4))
    ).encode()


def _prints(tree: dict[str, Any], *outcomes: str) -> list[str]:
    """Fingerprints of the findings with some outcomes, in order."""
    return sorted(
        f["fingerprint"]
        for r in tree["results"]
        for f in r["findings"]
        if f["outcome"] in outcomes and r["severity"] != "advice"
    )


def _told(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def _worksheet(rng: random.Random) -> Case:
    """Every open finding is a row of the worksheet."""
    tree, data = _report(rng)
    words = ("worksheet", "r.json", "-o", "json=w.json", "-o", "html=w.html")

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        items = [i for s in _told(folder, "w.json")["schools"] for i in s["items"] if i["rule"]]
        got, wanted = sorted(i["fingerprint"] for i in items), _prints(tree, *_OPEN)
        if got != wanted:
            yield f"核查表 {got}，报告 {wanted}"

    call = Call(words, writes=("w.json", "w.html"), codes=(0,))
    return Case("核查表", {"r.json": data}, [call], check)


def _notice(rng: random.Random) -> Case:
    """Every adverse finding is an item of the notice, and of the form of the reply."""
    tree, data = _report(rng)
    words = (
        "notice",
        "r.json",
        "--due",
        "2025-06-01",
        "-o",
        "json=n.json",
        "--reply",
        "reply.yaml",
    )

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        got = sorted(i["id"] for i in _told(folder, "n.json")["items"])
        wanted = sorted(p[:16] for p in _prints(tree, "fail", *_OPEN))
        if got != wanted:
            yield f"通知书 {got}，报告 {wanted}"
        reply = yaml.safe_load((folder / "reply.yaml").read_text("utf-8"))
        if sorted(one for i in reply["items"] for one in i["id"].split()) != wanted:
            yield f"回复表 {reply['items']}，报告 {wanted}"

    call = Call(words, writes=("n.json", "reply.yaml"), codes=(0,))
    return Case("通知书", {"r.json": data}, [call], check)


def _circular(rng: random.Random) -> Case:
    """Every rule with a fail is a problem of the circular."""
    tree, data = _report(rng)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        got = sorted(g["rule"] for g in _told(folder, "c.json")["groups"])
        wanted = sorted(
            r["rule"]
            for r in tree["results"]
            if r["severity"] != "advice" and any(f["outcome"] == "fail" for f in r["findings"])
        )
        if got != wanted:
            yield f"通报 {got}，报告 {wanted}"

    words = ("circular", "r.json", "-o", "json=c.json", "-o", "csv=c.csv")
    call = Call(words, writes=("c.json", "c.csv"), codes=(0, 2))
    return Case("通报", {"r.json": data}, [call], check)


def _diff(rng: random.Random) -> Case:
    """What the later report alone has is new, what the earlier one alone has is not open."""
    old, first = _report(rng)
    new, second = _report(rng)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        changes = json.loads(rans[0][1])["changes"]
        got = {c["fingerprint"] for c in changes if c["state"] == "open"}
        both = set(_prints(old, "fail", *_OPEN)) & set(_prints(new, "fail", *_OPEN))
        if got != {p[:16] for p in both}:
            yield f"未改 {sorted(got)}，两份都有 {sorted(both)}"
        after = {p[:16] for p in _prints(new, "fail", *_OPEN)}
        told = {c["fingerprint"] for c in changes if c["state"] in ("open", "new")}
        if told != after:
            yield f"现有 {sorted(told)}，后一份报告 {sorted(after)}"

    words = ("diff", "a.json", "b.json", "-o", "json")
    call = Call(words, codes=(0, 1, 3))
    return Case("比较", {"a.json": first, "b.json": second}, [call], check)


def _attest(rng: random.Random) -> Case:
    """A filled worksheet: an attestation for each row that was filled in."""
    book = openpyxl.load_workbook(io.BytesIO(meals.artefacts()["sheet.xlsx"]))
    filled: list[str] = []
    for sheet in book.worksheets:
        at = {sheet.cell(HEADER_ROW, c).value: c for c in range(1, sheet.max_column + 1)}
        if "核实结论" not in at:
            continue
        for row, text in ((3, "某街道办（示例）"), (4, "2025-04-10"), (5, "2025-12-31")):
            sheet.cell(row, 3).value = text
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            if sheet.cell(row, at["校验码"]).value is None or rng.random() < 0.4:
                continue  # nothing, or a paper that is to be got
            verdict = rng.choice(("符合", "不符合"))
            sheet.cell(row, at["核实结论"]).value = verdict
            sheet.cell(row, at["所见"]).value = rng.choice(("当场查看", "a: b"))
            sheet.cell(row, at["佐证"]).value = "照片1"
            filled.append({"符合": "pass", "不符合": "fail"}[verdict])
    out = io.BytesIO()
    book.save(out)
    book.close()
    data = out.getvalue()
    if rng.random() < 0.5:
        data = tables.xml_damaged(data, rng)
        calls = [
            Call(("attest", "w.xlsx", "-o", "yaml=a.yaml"), writes=("a.yaml",), about=("w.xlsx",)),
            Call(("agreement", "w.xlsx", "w.xlsx"), about=("w.xlsx",)),
        ]
        return Case("坏的核查表", {"w.xlsx": data}, calls)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        told = yaml.safe_load((folder / "a.yaml").read_text("utf-8"))["attestations"]
        names = {"pass": "pass", "fail": "fail", "符合": "pass", "不符合": "fail"}
        got = sorted(names[each["verdict"]] for each in told)
        if got != sorted(filled):
            yield f"核实记录 {got}，填的是 {sorted(filled)}"

    call = Call(("attest", "w.xlsx", "-o", "yaml=a.yaml"), writes=("a.yaml",), codes=(0,))
    return Case("填好的核查表", {"w.xlsx": data}, [call], check)


def _recheck(rng: random.Random) -> Case:
    """Held against the same material nothing of a notice is settled, whatever the reply says."""
    made = meals.artefacts()
    reply = yaml.safe_load(made["reply.yaml"])
    for item in reply["items"]:
        if rng.random() < 0.5:
            item |= {"done": "已改", "date": "2025-05-01", "evidence": "照片"}
    notice = json.loads(made["notice.json"])
    files = {
        "s.yaml": meals.content(),
        "n.json": _json(notice, rng),
        "reply.yaml": texts.yaml_text(texts.shuffled(reply, rng), rng),
    }

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        items = _told(folder, "k.json")["items"]
        if [i["id"] for i in items] != [i["id"] for i in notice["items"]]:
            yield f"整改情况表 {len(items)} 项，通知书 {len(notice['items'])} 项"
        for item, given in zip(items, reply["items"], strict=False):
            if item["replied"] != bool(given["done"]):
                yield f"{item['id']} 回复 {given}，读作 {item}"
            if item["result"] in ("fixed", "closed"):
                yield f"{item['id']} 材料没有改，读作 {item['result']}"

    words = (
        "recheck",
        "n.json",
        "reply.yaml",
        "s.yaml",
        *meals.OPTIONS,
        "-o",
        "json=k.json",
        "-o",
        "text",
    )
    return Case("复查", files, [Call(words, writes=("k.json",), codes=(1,))], check)


# --- damaged ----------------------------------------------------------------------------------


def _calls(name: str, rng: random.Random) -> list[Call]:
    """The commands that read a file of a name."""
    about = (name,)
    json_out = ("-o", "json=o.json")
    written = ("o.json",)

    def of(*words: str, writes: Sequence[str] = ()) -> Call:
        return Call(words, writes=writes, about=about)

    if name == "report.json":
        return [
            of("worksheet", name, *json_out, "-o", "xlsx=o.xlsx", writes=(*written, "o.xlsx")),
            of("circular", name, *json_out, writes=written),
            of("notice", name, "--due", "2025-06-01", "-o", "docx=o.docx", writes=("o.docx",)),
            of("diff", name, "good.json", "-o", "json"),
            of("diff", "good.json", name),
            of("verify", name),
            of("check", "s.yaml", *meals.CHECK, "--baseline", name, *json_out, writes=written),
            of("score", name, "--scheme", "scheme.yaml", *json_out, writes=written),
            of("waiver", "list", "waivers.yaml", "--against", name, "--on", meals.DAY),
        ]
    if name in ("notice.json", "notice.yaml", "reply.yaml", "closure.json"):
        notice = name if name.startswith("notice") else "notice.json"
        more = ("--previous", name) if name == "closure.json" else ()
        words = ("recheck", notice, "reply.yaml", "s.yaml", *meals.OPTIONS, *more)
        words = (*words, "-o", "text")
        return [
            of(*words, *json_out, writes=written),
            of(*words, "-o", "html=o.html", writes=("o.html",)),
        ]
    if name == "ranking.json":
        words = ("score", "good.json", "--scheme", "scheme.yaml", "--previous", name)
        return [of(*words, "--ranking", "json=o.json", writes=written)]
    if name == "scores.yaml":
        words = ("score", "good.json", "--scheme", "scheme.yaml", "--scores", name)
        return [of(*words, *json_out, writes=written)]
    return [of("attest", name), of("verify", name), of("diff", name, "good.json")]


def _broken(rng: random.Random) -> Case:
    made = meals.artefacts()
    names = ("report.json", "report.json", "notice.json", "notice.yaml", "reply.yaml")
    name = rng.choice((*names, "closure.json", "ranking.json", "scores.yaml", "worksheet.json"))
    kind = rng.random()
    if kind < 0.6:
        parse = json.loads if name.endswith("json") else yaml.safe_load
        wrong = damage.tree_damaged(parse(made[name]), rng)
        if name.endswith("json"):
            data = json.dumps(wrong, ensure_ascii=rng.random() < 0.5).encode(
                "utf-8", "surrogatepass"
            )
        else:
            text = yaml.safe_dump(wrong, allow_unicode=True, sort_keys=False)
            data = text.encode("utf-8", "surrogatepass")
    elif kind < 0.7:
        data = rng.choice(
            (b"[" * 100_000, b"{}", b"null", b"[]", b"", b"NaN", b'{"a":' * 5000, b"\0")
        )
    else:
        data = rng.choice((damage.text_damaged, damage.bytes_damaged))(made[name], rng)
    files = {
        name: data,
        "good.json": made["report.json"],
        "s.yaml": meals.content(),
        "scheme.yaml": made["scheme.yaml"],
        "waivers.yaml": b"waivers: []\n",
    }
    for other in ("notice.json", "reply.yaml"):
        files.setdefault(other, made[other])
    return Case(f"坏的 {name}", files, [rng.choice(_calls(name, rng))])
