"""The entities that the lists of a schema give, and facts.yaml with more of them or of fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.language import ROOT
from kehou.packs import Pack


def entities_of(schema: Schema) -> dict[str, str]:
    """The lists of records that are in no other and the submitter's, by what a row is called."""
    found = {}
    for path in lists_of(schema):
        field = schema.field(path)
        if field is not None and field.owner is None:
            name = path.rpartition(".")[2].removesuffix("s")
            taken = name in schema.root.fields or name in ("check", ROOT)
            found[f"{name}_row" if taken else name] = path
    return found


def lists_of(schema: Schema) -> list[str]:
    """Paths of the lists of records that are in no other list."""
    rows = [field.path for field in schema.walk() if field.kind == "rows"]
    return [path for path in rows if not any(path.startswith(f"{one}.") for one in rows)]


def entity_text(schema: Schema, name: str, path: str) -> str:
    """The entry of facts.yaml for the rows of a list."""
    field = schema.field(path)
    assert field is not None
    key = field.key or tuple(field.fields)[:1]
    title = f"第{{ordinal}}项{field.title}"
    return f"  {name}:\n    list: {path}\n    key: [{', '.join(key)}]\n    label: {title}\n"


def spare_lists(pack: Pack) -> dict[str, str]:
    """The entries of the lists that a pack has no entity of, by what a row would be called."""
    there = {d.path for d in pack.entities.values() if d.form == "list"}
    return {
        name: entity_text(pack.schema, name, path)
        for name, path in entities_of(pack.schema).items()
        if path not in there and name not in pack.entities
    }


def with_facts(text: str, entries: Mapping[str, str], derived: str) -> str:
    """The text of a facts.yaml with more entities and a derived field, as far as it lacks them.

    Raises UsageError where the field is there and is reckoned in another way.
    """
    for entry in entries.values():
        text = text.replace("".join(f"#{line}\n" for line in entry.splitlines()), "")
    more = "".join(entries.values())
    if more and re.search("^entities:", text, re.MULTILINE):
        text = re.sub(
            r"^entities:[^\n]*\n", lambda m: f"entities:\n{more}", text, count=1, flags=re.M
        )
    elif more:
        text = re.sub(r"^#entities:\n", "", text, flags=re.MULTILINE)
        head, fields, rest = text.partition("\nfields:")
        text = f"{head.rstrip()}\n\nentities:\n{more}{fields}{rest}".lstrip("\n")
    if not re.search("^#  ", text, re.MULTILINE):
        text = re.sub(r"^(# 别的清单.*|#)\n", "", text, flags=re.MULTILINE)
    if derived and derived not in text:
        name = derived.strip().partition(":")[0]
        if re.search(rf"^  {re.escape(name)}:", text, re.MULTILINE):
            told = f"facts.yaml 里已经有 {name}，算法不同"
            raise UsageError("phrase", told, hint="请先改名，或直接用它写规则")
        if re.search("^fields:", text, re.MULTILINE):
            text = re.sub(
                r"^fields:[^\n]*\n", lambda m: f"fields:\n{derived}", text, count=1, flags=re.M
            )
        else:
            text = f"{text.rstrip()}\n\nfields:\n{derived}".lstrip("\n")
    return re.sub("\n{3,}", "\n\n", text)


__all__ = ["entities_of", "entity_text", "lists_of", "spare_lists", "with_facts"]
