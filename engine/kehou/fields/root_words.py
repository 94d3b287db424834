"""What a submission schema declares at its root: whose a submission is, its dates, its nouns.

The engine has no word of any domain: ``x-subject``, ``x-dates`` and ``x-nouns`` name the fields
and the words that it needs (schemas/declarations.schema.json).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kehou.model.nouns import Fault, Words, key_faults, noun_faults, nouns
from kehou.model.outcomes import Owner, Stage

if TYPE_CHECKING:
    from kehou.fields.fields import Field, Schema


#: The word at the root that says what fields call the three owners.
OWNERS: Final = "x-owners"
#: Who may have given a record, as ``x-giver`` names them.
GIVERS: Final = ("subject", "authority")
#: Words of a part that a reader fills, and what of its rows they name; ``folder`` is the folder
#: of patterns (docs/reading.md).
_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "x-conflicts": ("field", "values", "places"),
    "x-statements": ("folder", "topic", "polarity", "tier", "subject", "words", "quote", "section"),
}


@dataclass(frozen=True, slots=True)
class Whose:
    """``x-subject``: paths of the fields that say whose a submission is.

    ``strata`` are what samples and overviews are divided by, in order: name → path.
    """

    id: str | None = None
    name: str | None = None
    strata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dates:
    """``x-dates``: paths of the fields that say which law holds and what “already” means.

    ``period`` are the keys by which a row of a pack's ``periods`` is found: key → path.
    """

    as_of: str | None = None
    period: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[Stage, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything declared at a schema's root; ``nouns`` are by language, neutral where unsaid."""

    whose: Whose
    dates: Dates
    nouns: Words


def declared(node: Mapping[str, Any]) -> Declared:
    """The declarations at the root of a schema that ``faults`` found nothing wrong with."""
    whose, dates = node.get("x-subject", {}), node.get("x-dates", {})
    return Declared(
        Whose(whose.get("id"), whose.get("name"), whose.get("strata", {})),
        Dates(
            dates.get("as_of"),
            dates.get("period", {}),
            {Stage(stage): path for stage, path in dates.get("check", {}).items()},
        ),
        nouns(node.get("x-nouns", {})),
    )


def owner_words(node: Mapping[str, Any]) -> dict[str, Owner]:
    """What ``x-owner`` may say in a schema, and whom it means: ``x-owners``, else the plain ids."""
    told = node.get(OWNERS)
    words = told if isinstance(told, dict) else {}
    return {str(words.get(owner.value, owner.value)): owner for owner in Owner}


# --- what is wrong with them -----------------------------------------------------------------


def faults(schema: Schema) -> list[Fault]:
    """Everything wrong with what a schema declares at its root, each with its pointer."""
    node = schema.root.node
    return [
        *_subject_faults(schema, node.get("x-subject"), "/x-subject"),
        *_date_faults(schema, node.get("x-dates"), "/x-dates"),
        *noun_faults(node.get("x-nouns"), "/x-nouns"),
        *_part_faults(schema),
        *_owner_faults(node),
        *_whose_faults(schema),
    ]


def _subject_faults(schema: Schema, tree: Any, at: str) -> Iterator[Fault]:
    if tree is None:
        return
    yield from key_faults(tree, at, ("id", "name", "strata"))
    if not isinstance(tree, dict):
        return
    if "name" not in tree:
        yield at, "缺少 name", '请写报送主体的名称在哪个字段，例如 "name": "owner.name"'
    for key in ("id", "name"):
        if key in tree:
            yield from _path(schema, tree[key], f"{at}/{key}", ("text", "integer", "enum"))
    if "strata" in tree:
        yield from _paths(schema, tree["strata"], f"{at}/strata")


def _date_faults(schema: Schema, tree: Any, at: str) -> Iterator[Fault]:
    if tree is None:
        return
    yield from key_faults(tree, at, ("as_of", "period", "check"))
    if not isinstance(tree, dict):
        return
    if "as_of" in tree:
        yield from _path(schema, tree["as_of"], f"{at}/as_of", ("date",))
    if "period" in tree:
        yield from _paths(schema, tree["period"], f"{at}/period")
    if "check" in tree:
        stages_of = tree["check"]
        yield from key_faults(stages_of, f"{at}/check", [str(stage) for stage in Stage])
        for stage, path in stages_of.items() if isinstance(stages_of, dict) else ():
            yield from _path(schema, path, f"{at}/check/{stage}", ("date",))


def _part_faults(schema: Schema) -> Iterator[Fault]:
    """What is wrong with the words of parts that a reader fills: `_ROLES`, ``x-giver``."""
    parts = schema.root.node.get("properties", {})
    for name, node in parts.items():
        at = f"/properties/{name}"
        for word, roles in _ROLES.items():
            told = node.get(word)
            if told is None:
                continue
            yield from key_faults(told, f"{at}/{word}", roles, roles)
            known = schema.root.fields[name].fields
            for role, child in told.items() if isinstance(told, dict) else ():
                if role != "folder" and child not in known:
                    hint = "可用：" + "、".join(known)
                    yield f"{at}/{word}/{role}", f"{name} 的行没有字段 {child}", hint
        giver = schema.root.fields[name].given_by if node.get("x-record") else None
        if giver is not None:
            place = f"{at}/properties/{giver.name}"
            yield from key_faults(giver.giver, place, GIVERS, GIVERS)
            for value in giver.giver.values():
                if value not in giver.labels:
                    hint = "可用：" + "、".join(giver.labels)
                    yield place, f"{value} 不是“{giver.title}”的取值", hint


def _owner_faults(node: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with ``x-owners`` and with each ``x-owner``, wherever it stands."""
    if OWNERS in node:
        yield from key_faults(node[OWNERS], f"/{OWNERS}", [str(owner) for owner in Owner])
    words = owner_words(node)
    if len(words) < len(Owner):
        yield f"/{OWNERS}", "两方用了同一个词", "三方各用一个词"
    pending: list[tuple[str, Any]] = [("", node)]
    while pending:
        at, found = pending.pop()
        if isinstance(found, list):
            pending += [(f"{at}/{i}", inner) for i, inner in enumerate(found)]
        elif isinstance(found, dict):
            pending += [(f"{at}/{name}", inner) for name, inner in found.items()]
            if "x-owner" in found and found["x-owner"] not in words:
                hint = "可用：" + "、".join(words)
                yield f"{at}/x-owner", f"x-owner 不能是 {found['x-owner']}", hint


def _whose_faults(schema: Schema) -> Iterator[Fault]:
    """What is wrong with ``x-whose``: it stands in records, and the root says what it names."""
    for name, part in schema.root.fields.items():
        if part.kind == "record" and part.names_whose is not None:
            at = f"/properties/{name}/properties/{part.names_whose.name}/x-whose"
            if not part.record:
                yield at, f"{name} 不是主管部门的记录", "请写 x-record: true，或删去 x-whose"
            if schema.declared.whose.id is None:
                yield at, "最外层的 x-subject 没有写 id", "请写报送主体的编号在哪个字段"


def _paths(schema: Schema, tree: Any, at: str) -> Iterator[Fault]:
    if not isinstance(tree, dict):
        yield at, "这里应当是“名称: 字段路径”的映射", ""
        return
    for name, path in tree.items():
        yield from _path(schema, path, f"{at}/{name}", ())


def _path(schema: Schema, path: Any, at: str, kinds: Sequence[str]) -> Iterator[Fault]:
    """A path must lead to one value of the submission, of one of the kinds if any are named."""
    if not isinstance(path, str):
        yield at, "这里应当是字段的路径", "例如 owner.name"
        return
    steps = [schema.field(path[:end]) for end in _ends(path)]
    found = steps[-1]
    if found is None:
        yield at, f"材料结构中没有字段 {path}", _near(schema, path)
    elif any(step is not None and step.kind == "rows" for step in steps):
        yield at, f"{path} 在列表的行里，不是整份材料的一个值", "请写列表之外的字段"
    elif found.kind == "record":
        yield (
            at,
            f"{path} 是一组字段，不是一个值",
            "可用：" + "、".join(f"{path}.{name}" for name in found.fields),
        )
    elif kinds and found.kind not in kinds:
        wanted = '日期（"x-kind": "date"）' if kinds == ("date",) else "一个值"
        yield at, f"{path} 应当是{wanted}", ""


def _ends(path: str) -> list[int]:
    """Where the steps of a dotted path end."""
    return [i for i, sign in enumerate(path) if sign == "."] + [len(path)]


def _near(schema: Schema, path: str) -> str:
    """Fields of the record that a wrong path leads into, else the parts of a submission."""
    holder: Field | None = schema.field(path.rpartition(".")[0]) if "." in path else None
    inside = f"{holder.path}." if holder is not None and holder.path else ""
    names = list((holder or schema.root).fields)
    return "可用：" + "、".join(inside + name for name in names[:20])
