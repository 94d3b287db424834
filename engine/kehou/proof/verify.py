"""A report against what the same check gives now: what agrees, what differs, item by item.

Whatever a report says is compared with a fresh report of the same inputs, so that an outcome, a
message, a count or a hash that somebody edited is seen. Only names of files and packs on the
machine of the first check cannot be computed again; the report's own digest covers those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou import packs
from kehou.errors import KehouError
from kehou.proof.bundle_file import sha256
from kehou.render.programs import digest

#: What tells only that other means were used, not that the report says something else.
MEANS: Final = frozenset({"tool", "pack", "engine", "installed", "named"})
#: What is told where there is nothing to hold against, and then decides nothing.
ASIDE: Final = frozenset({"installed", "named"})
#: Differences for which pages made from the report cannot be made again as they were.
_OTHER_MAKERS: Final = frozenset({"tool", "engine"})
#: What the items of their own say of; the rest of a report is compared as it stands.
_APART: Final = frozenset(
    {
        "digest",
        "tool",
        "packs",
        "data",
        "results",
        "waivers_sha256",
        "attestation_files",
        "confirmation_files",
    }
)
#: What an item of its own says where this machine lacks an engine.
_ENGINES: Final = frozenset({"cross_checked", "single_engine"})

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing compared: ``same``, ``changed``, ``missing``, ``extra`` (now) or ``unchecked``.

    ``kind`` is digest, tool, pack, engine, file, data, waivers, attestations,
    confirmations, baseline, rule,
    finding, content, submission, page, installed or named. ``recorded`` and ``now`` are what the
    report says and what is found; ``told`` is what it is about, for people, where they need it.
    """

    kind: str
    name: str
    state: str
    recorded: str = ""
    now: str = ""
    told: str = ""


def compare(tree: Tree, now: Tree) -> list[Item]:
    """Everything of a report against a fresh one, the report's own digest first."""
    found = [*_seal(tree), *_means(tree, now), *_inputs(tree, now)]
    found += [*_results(tree, now), *_content(tree, now)]
    differ = any(item.state != "same" for item in found)
    if not differ and _bare(tree) != _bare(now):
        found.append(Item("content", "顺序", "changed"))
    return found


def _bare(tree: Tree) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if name != "digest"}


def _seal(tree: Tree) -> Iterator[Item]:
    computed = digest(tree)
    state = "same" if computed == tree["digest"] else "changed"
    yield Item("digest", "", state, tree["digest"], computed)


def _means(tree: Tree, now: Tree) -> Iterator[Item]:
    yield _item("tool", "版本", tree["tool"]["version"], now["tool"]["version"])
    yield _item("tool", "程序校验值", tree["tool"]["sha256"], now["tool"]["sha256"])
    before, after = ({p["id"]: p for p in t["packs"]} for t in (tree, now))
    for name in _union(before, after):
        yield _item("pack", name, _pack(before.get(name)), _pack(after.get(name)))
    if [p["id"] for p in tree["packs"]] != [p["id"] for p in now["packs"]]:
        yield _item("pack", "先后", "、".join(before), "、".join(after))
    if _lacks_an_engine(tree, now):
        yield _item("engine", "", "both", "direct")


def _lacks_an_engine(tree: Tree, now: Tree) -> bool:
    """Whether both engines judged then and this machine has only one, whatever it was asked."""
    return bool(tree["cross_checked"]) and now.get("single_engine") == "unavailable"


def _pack(pack: Tree | None) -> str | None:
    return f"{pack['title']} {pack['version']} {pack['sha256']}" if pack else None


def _inputs(tree: Tree, now: Tree) -> Iterator[Item]:
    before, after = (
        {f["path"]: f["sha256"] for f in t["submission"]["files"]} for t in (tree, now)
    )
    for name in _union(before, after):
        yield _item("file", name, before.get(name), after.get(name))
    given = {one["name"] for one in now["run"]["data"]}
    before, after = ({f["name"]: f["sha256"] for f in t["data"]} for t in (tree, now))
    for name in _union(before, after):
        of_text = now["submission"].get("prose") and name not in given
        kind = "reading" if of_text else "data"  # what texts are read by is nobody's table
        yield _item(kind, name, before.get(name), after.get(name))
    before, after = ({f["name"]: f["sha256"] for f in t["attestation_files"]} for t in (tree, now))
    for name in _union(before, after):
        yield _item("attestations", name, before.get(name), after.get(name))
    before, after = (
        {f["name"]: f["sha256"] for f in t.get("confirmation_files", ())} for t in (tree, now)
    )
    for name in _union(before, after):
        yield _item("confirmations", name, before.get(name), after.get(name))
    for kind, one, other in (
        ("waivers", tree.get("waivers_sha256"), now.get("waivers_sha256")),
        ("baseline", _memory(tree), _memory(now)),
    ):
        if one or other:
            yield _item(kind, "", one, other)


def _memory(tree: Tree) -> str | None:
    return tree["memory"]["sha256"] if tree.get("memory") else None


def _results(tree: Tree, now: Tree) -> Iterator[Item]:
    """Rule by rule and, where a rule is not the same, subject by subject."""
    before, after = ({r["rule"]: r for r in t["results"]} for t in (tree, now))
    for name in _union(before, after):
        one, other = before.get(name), after.get(name)
        if one == other:
            yield Item("rule", name, "same")
        elif one is None or other is None:
            item = _item("rule", name, _outcome(one), _outcome(other))
            yield replace(item, told=(one or other or {})["title"])
        else:
            yield from _rule(name, one, other)


def _rule(name: str, one: Tree, other: Tree) -> Iterator[Item]:
    if one["outcome"] != other["outcome"]:
        yield replace(_item("rule", name, one["outcome"], other["outcome"]), told=other["title"])
    for key in _union(one, other):
        if key not in ("findings", "outcome") and one.get(key) != other.get(key):
            yield from _deep("content", f"{name} /{key}", one.get(key), other.get(key))
    before, after = (_by_fingerprint(r["findings"]) for r in (one, other))
    for key in _union(before, after):
        mine, theirs = before.get(key), after.get(key)
        subject = ((mine or theirs or {}).get("subject") or {}).get("label") or ""
        label = f"{name} {subject}".strip()
        told = _said(other["title"], mine, theirs)
        if mine is None or theirs is None:
            yield replace(_item("finding", label, _outcome(mine), _outcome(theirs)), told=told)
        elif mine != theirs:
            first, *rest = _deep("finding", label, mine, theirs)
            yield replace(first, told=told)
            yield from rest


def _said(title: str, one: Tree | None, other: Tree | None) -> str:
    """A finding for people: its subject and what is said of it now, or was before; "" where no
    more than a place or a number is another."""
    alike = one and other and all(one[key] == other[key] for key in ("outcome", "message"))
    told = next((f["message"] for f in (other, one) if f and f["message"]), "")
    if alike or not told:
        return ""
    label = (other or one or {})["subject"]["label"]
    return "：".join((title, told) if label and label in told else (title, label, told))


def _outcome(tree: Tree | None) -> str | None:
    return tree["outcome"] if tree is not None else None


def _by_fingerprint(findings: Sequence[Tree]) -> dict[tuple[str, int], Tree]:
    """Findings by fingerprint, and a number where several have the same."""
    found: dict[tuple[str, int], Tree] = {}
    seen: dict[str, int] = {}
    for one in findings:
        number = seen[one["fingerprint"]] = seen.get(one["fingerprint"], 0) + 1
        found[(one["fingerprint"], number)] = one
    return found


def _content(tree: Tree, now: Tree) -> Iterator[Item]:
    apart = _APART | _ENGINES if _lacks_an_engine(tree, now) else _APART
    for key in _union(tree, now):
        if key not in apart and tree.get(key) != now.get(key):
            one, other = tree.get(key), now.get(key)
            yield from _deep("content", f"/{key}", one, other)


def _deep(kind: str, name: str, one: Any, other: Any) -> Iterator[Item]:
    """The leaves in which two values differ; places are JSON pointers."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in _union(one, other):
            if one.get(key) != other.get(key):
                yield from _deep(kind, f"{name}/{key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list):
        for i in range(max(len(one), len(other))):
            mine = one[i] if i < len(one) else None
            theirs = other[i] if i < len(other) else None
            if mine != theirs:
                yield from _deep(kind, f"{name}/{i}", mine, theirs)
    else:
        yield _item(kind, name, _text(one), _text(other))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _item(kind: str, name: str, recorded: str | None, now: str | None) -> Item:
    if recorded == now:
        state = "same" if recorded is not None else "missing"
    elif now is None:
        state = "missing"
    else:
        state = "extra" if recorded is None else "changed"
    return Item(kind, name, state, recorded or "", now or "")


def _union(*mappings: Mapping[Any, Any]) -> list[Any]:
    """The keys of all, in the order of the first that has them."""
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))


def installed(tree: Tree) -> Iterator[Item]:
    """Whether each pack of a report is the one that came with this kehou."""
    here = packs.available()
    for pack in tree["packs"]:
        now = None
        if pack["id"] in here:
            try:
                loaded = packs.load(pack["id"])
                # Its title is in the language of the report, and the hash is of the title too.
                now = f"{pack['title']} {loaded.version} {loaded.sha256}"
            except KehouError:
                now = None
        yield _item("installed", pack["id"], _pack(pack), now)


def named(tree: Tree, chosen: Sequence[str]) -> Iterator[Item]:
    """Whether each pack of a report is one that the person who verifies has named."""
    found = {}
    for name in chosen:
        loaded = packs.load(name)
        found[loaded.id] = f"{loaded.version} {loaded.sha256}"
        for layer in loaded.layers:
            found[layer.id] = f"{layer.version} {layer.sha256}"
    for pack in tree["packs"]:
        if pack["id"] in found:
            # Its title is in the report's language and of its day; the hash is of the title too.
            now = f"{pack['title']} {found[pack['id']]}"
            yield _item("named", pack["id"], _pack(pack), now)
        else:  # nobody vouches for it by naming another
            yield from installed({"packs": [pack]})


def pages(
    made: Mapping[str, bytes], there: Mapping[str, bytes], items: Sequence[Item]
) -> Iterator[Item]:
    """The files that are made from a report against those made again; none where it differs.

    Of a report that another program or fewer engines made, pages that are not the same cannot be
    told from forged ones.
    """
    kinds = {item.kind for item in items if _counts(item)}
    if kinds - MEANS:
        return
    for name, content in made.items():
        recorded = sha256(there[name]) if name in there else None
        item = _item("page", name, recorded, sha256(content))
        if item.state == "extra":
            item = replace(item, state="missing")
        elif item.state != "same" and kinds & _OTHER_MAKERS:
            item = replace(item, state="unchecked")
        yield item


def _counts(item: Item) -> bool:
    """Whether an item is a difference; a pack that is not installed is held against nothing."""
    return item.state == "changed" if item.kind in ASIDE else item.state != "same"


def differences(items: Sequence[Item]) -> list[Item]:
    """What is not the same."""
    return [item for item in items if _counts(item)]


def is_same(items: Sequence[Item]) -> bool:
    """Whether nothing differs."""
    return not differences(items)


def differs_in_means_only(items: Sequence[Item]) -> bool:
    """Whether the report says what it said, by another version of the program or of a pack."""
    found = differences(items)
    return bool(found) and all(i.kind in MEANS or i.state == "unchecked" for i in found)
