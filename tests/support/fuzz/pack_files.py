"""Packs, overlays, lexicons and cases: a pack of three rules whose outcomes are worked out here."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from tests.support import small_pack
from tests.support.command_line import Ran
from tests.support.fuzz import damage, texts
from tests.support.fuzz.case import Call, Case

_TIMES = ("06:30", "07:59", "08:00", "08:01", "09:30")
_PRICES = ("0", "99.99", "100", "100.01", "250")
_KINDS = ("novel", "comic", "atlas")
_WORDS = ("安静", "禁止喧哗", "不得吸烟", "随意")
_LEXICON = """\
id: noise
title: 吵闹
words: [{words}]
near_misses: [喧哗声学]
cases:
  match: [{first}]
  miss: [安静]
"""
_QUIET = """\
id: room-quiet
title: 规则里不写吵闹
clauses: [A.3]
severity: minor
stages: [approval, inspection]

require: {not: {field: room.rules, mentions: {lexicon: noise}}}

message: 规则写着{room.rules}
remedy: 请改写规则
"""
_OPTIONS = ("--as-of", "2021-09-01", "--engine", "direct")


def plain() -> dict[str, bytes]:
    """The pack as it is, in a folder ``p``."""
    return {f"p/{name}": text.encode() for name, text in small_pack.FILES.items()}


def _files(rng: random.Random) -> tuple[dict[str, bytes], dict[str, Any]]:
    """A pack with thresholds and words drawn anew, and what they are."""
    drawn = {
        "latest": rng.choice(_TIMES),
        "limit": rng.choice(_PRICES[1:]),
        "words": rng.sample(_WORDS[1:], 2),
    }
    pack = small_pack.FILES["pack.yaml"].replace("'08:00'", f"'{drawn['latest']}'")
    pack = pack.replace("value: '100'", f"value: '{drawn['limit']}'")
    files = dict(small_pack.FILES) | {"pack.yaml": pack}
    words, first = ", ".join(drawn["words"]), drawn["words"][0]
    files["lexicons/noise.yaml"] = _LEXICON.format(words=words, first=first)
    files["room/room-quiet.yaml"] = _QUIET
    return {f"p/{name}": text.encode() for name, text in files.items()}, drawn


def _rewritten(files: Mapping[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """The same files, those in YAML in another manner and with keys in another order."""
    found = dict(files)
    for name in rng.sample([n for n in files if n.endswith(".yaml")], 3):
        if name.startswith("p/"):
            tree = yaml.safe_load(files[name])
            kept = name.endswith("facts.yaml")  # the order of entities is their order in reports
            found[name] = texts.yaml_text(tree if kept else texts.shuffled(tree, rng), rng)
    return found


def _submission(rng: random.Random) -> dict[str, Any]:
    room = {"name": "东楼阅览室（示例）", "opens": rng.choice(_TIMES), "seats": "40"}
    room["rules"] = rng.choice(_WORDS)
    books = [
        {"code": f"B{n}", "kind": rng.choice(_KINDS), "price": rng.choice(_PRICES), "year": "2001"}
        for n in range(rng.randint(1, 4))
    ]
    return {"room": room, "books": books}


def _fen(text: str) -> int:
    yuan, _, cents = text.partition(".")
    return 100 * int(yuan) + int(f"{cents:0<2}")


def _wanted(tree: dict[str, Any], drawn: Mapping[str, Any]) -> dict[str, str]:
    """The outcome of each rule, by hand from what the rules say."""
    priced = [_fen(b["price"]) for b in tree["books"] if b["kind"] in ("novel", "comic")]
    over = any(price > _fen(drawn["limit"]) for price in priced)
    return {
        "room-opens-early": "pass" if tree["room"]["opens"] <= drawn["latest"] else "fail",
        "book-price-kept": ("fail" if over else "pass") if priced else "not_applicable",
        "book-dearest-kept": ("fail" if over else "pass") if priced else "fail",
        "room-quiet": "fail" if tree["room"]["rules"] in drawn["words"] else "pass",
    }


def _check(pack: str) -> Call:
    words = ["check", "s.yaml", "--pack", pack, *_OPTIONS, "-o", "text", "-o", "json=r.json"]
    return Call(words, writes=("r.json",))


def pack_case(rng: random.Random) -> Case:
    """One input of the family of packs."""
    files, drawn = _files(rng)
    tree = _submission(rng)
    submission = {"s.yaml": texts.yaml_text(tree, rng)}
    kind = rng.random()
    pack = "p"
    if kind < 0.3 or 0.5 < kind < 0.6:
        pack = "over"
        files["over/pack.yaml"], drawn = _overlay(drawn, rng)
    if kind < 0.5:
        wanted = _wanted(tree, drawn)

        def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
            told = json.loads((folder / "r.json").read_text("utf-8"))
            got = {r["rule"]: r["outcome"] for r in told["results"]}
            for rule, outcome in wanted.items():
                if rule == "book-dearest-kept" and wanted["book-price-kept"] == "not_applicable":
                    continue  # the dearest of no books
                if got.get(rule) != outcome:
                    yield f"{rule}：{got.get(rule)}，照规则是 {outcome}；{tree} {drawn}"

        return Case("规则包", _rewritten(files, rng) | submission, [_check(pack)], check)
    name = rng.choice((*files, *["p/pack.yaml"] * 5))
    files[name] = _broken(name, files[name], rng)
    last = Path(name).name
    about = (last, "规则包", "p", "over")
    calls = [
        _check(pack),
        Call(("lint", "--pack", pack), about=about),
        rng.choice(
            (
                Call(("test", "--pack", pack), about=about),
                Call(
                    ("clauses", "--pack", pack, "-o", "json=c.json"),
                    writes=("c.json",),
                    about=about,
                ),
                Call(
                    ("explain", "room-opens-early", "s.yaml", "--pack", pack, *_OPTIONS[:2]),
                    about=about,
                ),
                Call(("form", "--pack", pack, "-o", "f.xlsx"), writes=("f.xlsx",), about=about),
                Call(("schema", "--editor"), codes=(0,)),
            )
        ),
    ]
    return Case(f"坏的 {name}", files | submission, rng.sample(calls, 2), _no_less(files, last))


def _broken(name: str, data: bytes, rng: random.Random) -> bytes:
    kind = rng.random()
    tree: Any = None
    if kind < 0.5 and name.endswith(".yaml"):
        tree = yaml.safe_load(data)
        wrong = damage.tree_damaged(tree, rng)
        return yaml.safe_dump(wrong, allow_unicode=True, sort_keys=False).encode(
            "utf-8", "surrogatepass"
        )
    if kind < 0.5 and name.endswith(".json"):
        return json.dumps(damage.tree_damaged(json.loads(data), rng)).encode()
    change = damage.text_damaged if kind < 0.85 else damage.bytes_damaged
    return change(data, rng)


def _no_less(files: Mapping[str, bytes], last: str) -> Any:
    """A fault of a pack is told with the name of the file, unless the pack is told as a whole."""

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        for code, out, err in rans:
            if code == 2 and "规则包有错误" in err and "：" not in err.splitlines()[-1]:
                yield f"没有说在哪里：{out}{err}"

    return check


def _overlay(drawn: Mapping[str, Any], rng: random.Random) -> tuple[bytes, dict[str, Any]]:
    """An overlay that tightens a threshold, or adds a word, and what then holds."""
    tree: dict[str, Any] = {"id": "over", "title": "上面一层", "version": "1.0.0", "overlay": "p"}
    found = dict(drawn)
    if rng.random() < 0.5:
        tighter = [t for t in _TIMES if t <= drawn["latest"]]
        found["latest"] = rng.choice(tighter)
        values = [
            {"from": "2021-09-01", "value": found["latest"], "ground": "某文件（示例）第一条"}
        ]
        tree["parameters"] = {"latest_opening": {"values": values}}
    else:
        tree["lexicons"] = {"noise": {"words": ["随意"], "ground": "某文件（示例）第二条"}}
        found["words"] = [*drawn["words"], "随意"]
    return texts.yaml_text(texts.shuffled(tree, rng), rng), found
