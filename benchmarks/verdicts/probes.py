"""Reads sets of probes and the bases that they patch; every fault is told with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.verdicts.daily import daily_rows, parts_of
from kehou.fields.validation import validate_against
from kehou.language.yaml_places import nearest_span
from kehou.model.outcomes import Stage
from kehou.packs.casefiles import Case, patched
from kehou.readers import DEFAULT, Document, ReadError, read
from kehou.readers.door import contents

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
BASES = FOLDER / "bases.yaml"


@dataclass(frozen=True, slots=True)
class Line:
    """Some rule that cites one of the clauses has one of the outcomes."""

    clauses: frozenset[str]
    outcomes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Probe:
    """One submission with its right outcome; ``place`` is file:line, ``ref`` set/id.

    With ``words`` it is about a way of writing: a value that is not read is wrong, not a fault.
    """

    ref: str
    head: str
    lawful: bool
    base: str
    stage: Stage
    check_date: str | None
    story: str
    changes: Mapping[str, Any]
    drop: tuple[str, ...]
    expect: tuple[Line, ...]
    allow: tuple[Line, ...]
    why: str
    place: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """A named base: a tree of text, its packs, its stages and their dates of checking."""

    id: str
    about: str
    tree: Any
    packs: tuple[str, ...]
    stages: tuple[Stage, ...]
    check_dates: Mapping[str, str]


@dataclass
class Faults:
    """What is wrong with files, as lines of text: place, what, what to do."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, message: str, hint: str = "") -> None:
        """Note a fault."""
        self.found.append(f"{place}：{message}" + (f"（{hint}）" if hint else ""))


def set_names() -> list[str]:
    """Names of the sets that stand beside this module."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path != BASES)


def read_set(name: str, faults: Faults) -> list[Probe]:
    """The probes of a set by its name, or of a file by its path."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    document = _document(path, "sets", faults)
    if document is None:
        return []
    tree = document.tree
    if tree["set"] != path.stem:
        faults.add(_place(document, "/set"), f"组名 {tree['set']} 与文件名 {path.stem} 不同")
    seen: set[str] = set()
    probes = []
    for i, each in enumerate(tree["probes"]):
        place = _place(document, f"/probes/{i}")
        if each["id"] in seen:
            faults.add(place, f"编号 {each['id']} 重复")
        seen.add(each["id"])
        probes.append(_probe(tree["set"], each, place))
        if each["kind"] == "breach" and not each.get("expect"):
            faults.add(place, f"{each['id']} 应当看出来，却没有写 expect")
        if not each.get("set") and not each.get("drop"):
            faults.add(place, f"{each['id']} 没有改动基础材料", "set、drop 至少写一个")
    return probes


def read_bases(faults: Faults, path: Path = BASES) -> dict[str, Base]:
    """Every base by its name, patched; each file is read once."""
    document = _document(path, "bases", faults)
    found: dict[str, Base] = {}
    for i, each in enumerate(document.tree["bases"] if document is not None else ()):
        assert document is not None
        place = _place(document, f"/bases/{i}")
        if each["id"] in found:
            faults.add(place, f"基础材料 {each['id']} 重复")
        under = found.get(each["of"]) if "of" in each else None
        if "of" in each and under is None:
            faults.add(place, f"{each['of']} 不是前面写过的基础材料")
            continue
        tree = under.tree if under is not None else _file(each["file"])
        try:
            taken = _taken(each, found)
        except (KeyError, ValueError) as error:
            faults.add(place, f"take 写的 {error} 在前面写过的基础材料中找不到")
            continue
        changed = taken | (each.get("set") or {})
        if "daily" in each:
            changed["/attendance"] = daily_rows(each["daily"])
        try:
            tree = patched_with(tree, changed, each.get("drop") or ())
        except ValueError as error:
            faults.add(place, f"指针 {error} 在 {each.get('of') or each['file']} 中找不到")
            continue
        stages = each.get("stages") or (under.stages if under is not None else list(Stage))
        dates = each.get("check_dates") or (under.check_dates if under is not None else {})
        packs = each.get("packs") or (under.packs if under is not None else ())
        found[each["id"]] = Base(
            each["id"],
            each["about"],
            tree,
            tuple(packs),
            tuple(Stage(stage) for stage in stages),
            dates,
        )
    return found


def as_case(
    name: str, stage: Stage, changes: Mapping[str, Any], drop: Iterable[str], place: str = ""
) -> Case:
    """A patch as the cases beside rules have it."""
    return Case("", name, place, stage, None, None, {}, changes, tuple(drop), {}, {}, {})


def patched_with(tree: Any, changes: Mapping[str, Any], drop: Iterable[str]) -> Any:
    """A copy of a tree with what is dropped, then set; ValueError names a pointer to nowhere."""
    return patched(tree, as_case("", Stage.APPROVAL, changes, drop))


# --- inside --------------------------------------------------------------------------------


def _taken(each: Mapping[str, Any], found: Mapping[str, Base]) -> dict[str, Any]:
    """What a base takes from others before its own changes; the later of two holds."""
    taken: dict[str, Any] = {}
    for name, pointers in (each.get("take") or {}).items():
        taken |= parts_of(found[name].tree, pointers)
    return taken


@cache
def _file(relative: str) -> Any:
    return read(relative, contents(ROOT / relative, DEFAULT.tree_bytes, relative)).tree


@cache
def _schema(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))


def _document(path: Path, schema: str, faults: Faults) -> Document | None:
    """A file that is what a schema says, or None and the faults."""
    try:
        document = read(path.name, contents(path, DEFAULT.tree_bytes, path.name))
    except ReadError as error:
        faults.add(error.where or path.name, error.message, error.hint)
        return None
    wrong = validate_against(document.tree, _schema(schema))
    for pointer, message, hint in wrong:
        faults.add(_place(document, pointer), message, hint)
    return None if wrong else document


def _place(document: Document, pointer: str) -> str:
    span = document.key_span(pointer) or nearest_span(document, pointer)
    return f"{document.name}:{span.line if span else 1}"


def _probe(name: str, tree: Mapping[str, Any], place: str) -> Probe:
    return Probe(
        f"{name}/{tree['id']}",
        tree["head"],
        tree["kind"] == "lawful",
        tree["base"],
        Stage(tree["stage"]),
        tree.get("check_date"),
        tree["story"],
        tree.get("set") or {},
        tuple(tree.get("drop") or ()),
        _lines(tree, "expect"),
        _lines(tree, "allow"),
        tree["why"],
        place,
        tree.get("words") == "true",
    )


def _lines(tree: Mapping[str, Any], key: str) -> tuple[Line, ...]:
    return tuple(
        Line(frozenset(each["clauses"]), frozenset(each["any_of"])) for each in tree.get(key) or ()
    )
