"""Submissions in YAML and JSON, written in any way that means the same, or put wrong."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from tests.support.command_line import Ran
from tests.support.fuzz import damage, trees, values
from tests.support.fuzz.case import Call, Case, Check
from tests.support.fuzz.trees import Tree

from kehou.errors import KehouError
from kehou.fields import Field
from kehou.submission import Submission, load

#: Formats of a report that a check of a fuzzed submission also writes.
FORMATS = ("html", "csv", "sarif", "junit", "github", "gitlab", "oscal", "docx", "xlsx")
_COMMENTS = ("# 说明", "#", "# a: b", "# 'x", "#!x", "#\t制表符")


def shuffled(tree: Any, rng: random.Random) -> Any:
    """The tree with the keys of its records in another order."""
    if isinstance(tree, dict):
        keys = rng.sample(list(tree), len(tree))
        return {key: shuffled(tree[key], rng) for key in keys}
    return [shuffled(each, rng) for each in tree] if isinstance(tree, list) else tree


def reworded(field: Field, tree: Any, rng: random.Random) -> Any:
    """The tree with its keys in any accepted spelling, and its choices as values or labels."""
    if isinstance(tree, dict):
        found = {}
        for name, value in tree.items():
            child = field.fields[name]
            key = rng.choice((name, child.title, *child.names))
            if field.child(key) is not child:
                key = name
            found[key] = reworded(child, value, rng)
        return found
    if isinstance(tree, list) and field.item is not None:
        inner = field if field.kind == "rows" else field.item
        return [reworded(inner, each, rng) for each in tree]
    if isinstance(tree, str) and tree in field.labels and rng.random() < 0.5:
        return field.labels[tree]
    if field.kind == "boolean" and tree in ("true", "false"):
        return rng.choice((tree, "是" if tree == "true" else "否"))
    return tree


def yaml_text(tree: Any, rng: random.Random) -> bytes:
    """A tree of text as YAML in one of the manners that people and programs write."""
    out = io.StringIO()
    yaml.safe_dump(
        tree,
        out,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=rng.choice((False, False, None, True)),
        default_style=rng.choice((None, None, "'", '"')) if _all_text(tree) else None,
        indent=rng.choice((2, 4, 6)),
        width=rng.choice((40, 80, 10_000)),
        explicit_start=rng.random() < 0.2,
    )
    text = out.getvalue()
    if rng.random() < 0.5:
        text = _commented(text, rng)
    return _ended(text, rng)


def _all_text(tree: Any) -> bool:
    """Whether a tree holds nothing but text: quotes would make text of anything else."""
    if isinstance(tree, dict):
        return all(_all_text(value) for value in tree.values())
    return all(map(_all_text, tree)) if isinstance(tree, list) else isinstance(tree, str)


def _commented(text: str, rng: random.Random) -> str:
    """Comments and blank lines before keys that begin a line, where nothing can be folded."""
    lines = []
    for line in text.split("\n"):
        if line and line[0] not in " -\"'{[&*" and rng.random() < 0.5:
            lines.append(rng.choice((*_COMMENTS, "", "   ")))
        lines.append(line)
    return "\n".join(lines)


def _ended(text: str, rng: random.Random) -> bytes:
    data = text.encode()
    if rng.random() < 0.3:
        data = data.replace(b"\n", b"\r\n")
    return (
        (b"\xef\xbb\xbf" if rng.random() < 0.3 else b"") + data + rng.choice((b"", b"\n", b"  \n"))
    )


def json_text(field: Field, tree: Any, rng: random.Random) -> bytes:
    """A tree of text as JSON; whole numbers and yes or no as JSON has them, or as text."""
    text = json.dumps(
        _typed(field, tree, rng),
        ensure_ascii=rng.random() < 0.3,
        indent=rng.choice((None, 0, 1, 2, "\t")),
        separators=rng.choice(((",", ":"), (", ", ": "), (" ,\n", " : "))),
    )
    return _ended(text, rng)


def _typed(field: Field, tree: Any, rng: random.Random) -> Any:
    if isinstance(tree, dict):
        return {
            key: _typed(child, value, rng) if (child := field.child(key)) else value
            for key, value in tree.items()
        }
    if isinstance(tree, list) and field.item is not None:
        inner = field if field.kind == "rows" else field.item
        return [_typed(inner, each, rng) for each in tree]
    if (
        field.kind == "integer"
        and isinstance(tree, str)
        and tree.isdecimal()
        and rng.random() < 0.5
    ):
        return int(tree)
    if field.kind == "boolean" and tree in ("true", "false") and rng.random() < 0.5:
        return tree == "true"
    return tree


def written(tree: Tree, rng: random.Random) -> tuple[str, bytes]:
    """(extension, bytes) of a submission or of a part of one, in YAML or JSON."""
    root = trees.schema().root
    tree = shuffled(reworded(root, tree, rng), rng)
    if rng.random() < 0.5:
        return "yaml", yaml_text(tree, rng)
    return "json", json_text(root, tree, rng)


# --- what must be read ----------------------------------------------------------------------


def parts_of(found: Submission) -> Tree:
    """What was read of what a school hands in."""
    return {name: value for name, value in found.tree.items() if name != "conflicts"}


def same(name: str, tree: Tree) -> Check:
    """All of a tree is read, and nothing is told as wrong."""
    wanted = trees.meant(trees.schema().root, tree)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        found = load(folder / name, trees.schema())
        for fault in found.faults:
            yield f"读不出：{fault.location} {fault.path} {fault.found}"
        yield from trees.differing(parts_of(found), wanted)

    return check


def but(name: str, tree: Tree, pointer: str, refused: bool) -> Check:
    """All of a tree is read but what stands at a pointer, which is told where it must be.

    The row of a table or of a form that it is in may be passed over, as a remark is, if that is
    told.
    """
    wanted = trees.meant(trees.schema().root, tree)
    inside = pointer.split("/")
    last = max((at for at, name in enumerate(inside) if name.isdecimal()), default=0)
    rows = "/".join(inside[:last])

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            found = load(folder / name, trees.schema())
        except KehouError as error:
            if not error.where:
                yield f"没有说在哪里：{error}"
            return
        gone = [pointer, *found.faulted]
        left, rest = parts_of(found), wanted
        passed = bool(found.table_notes) or any("行（" in told for told in found.unread_files)
        if rows and passed:
            gone = [rows, *found.faulted]
        for one in gone:
            left, rest = trees.without(left, one), trees.without(rest, one)
        yield from trees.differing(left, rest)
        told = [f for f in found.faults if f.location.line or f.location.cell]
        if refused and not told and not (rows and passed):
            yield f"{pointer}：写错的值没有指出，读作 {trees.at(found.tree, pointer)!r}"
        if refused and trees.at(found.tree, pointer) is not None:
            yield f"{pointer}：写错的值读作 {trees.at(found.tree, pointer)!r}"

    return check


def checks(name: str, rng: random.Random, every: float = 0.25) -> list[Call]:
    """A check of a submission now and then, as text, JSON and one more format."""
    if rng.random() > every:
        return []
    form = rng.choice(FORMATS)
    stage = rng.choice(("approval", "inspection", "assessment"))
    words = ["check", name, "--pack", "bayannur-2021", "--engine", "direct", "--stage", stage]
    words += ["--as-of", "2021-09-06", "--on", "2021-11-20", "-v"]
    words += ["-o", "text", "-o", "json=r.json", "-o", f"{form}=r.{form}"]
    return [Call(words, writes=("r.json", f"r.{form}"), about=(Path(name).name,))]


def text_case(rng: random.Random) -> Case:
    """One input of the family of YAML and JSON."""
    tree = trees.drawn(rng)
    kind = rng.random()
    if kind < 0.4:
        form, data = written(tree, rng)
        name = f"plan.{form}"
        return Case("写法不同，意思相同", {name: data}, checks(name, rng, 0.1), same(name, tree))
    if kind < 0.7:
        return _one_value(tree, rng)
    form, data = written(tree, rng)
    name = f"plan.{form}"
    change = rng.choice((damage.bytes_damaged, damage.text_damaged, damage.text_damaged))
    data = change(data, rng)
    return Case(change.__name__, {name: data}, checks(name, rng, 0.3), either(name))


def _one_value(tree: Tree, rng: random.Random) -> Case:
    pointer, field = rng.choice(list(trees.scalars(trees.schema().root, tree)))
    value, refused = values.for_kind(field.kind, rng)
    if field.private or field.form or value in ("无", "没有"):
        refused = False
    form, data = written(trees.put(tree, pointer, value), rng)
    name = f"plan.{form}"
    check = but(name, tree, pointer, refused)
    return Case(f"{pointer} 写成 {value!r:.80}", {name: data}, checks(name, rng, 0.1), check)


def either(name: str) -> Check:
    """It is read, or refused with a place."""

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            found = load(folder / name, trees.schema())
        except KehouError as error:
            if name not in f"{error}":
                yield f"没有说在哪里：{error}"
            return
        for fault in found.faults:
            if not fault.location.file:
                yield f"没有说在哪里：{fault}"

    return check
