"""File names with slots, ``意见/{学校标识码}.docx``: a file for each submission.

A slot is what the submission schema's ``x-subject`` names, by the field's name, its labels, or
``id`` and ``name``. Names that would be two submissions', leave their folder, or be no names on
some system are refused for all, before anything is judged.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from kehou.batch.survey import Surveyed
from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.language import suggest
from kehou.model.nouns import neutral_nouns

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
#: The most bytes of a part of a path that every system takes.
_LONGEST: Final = 240
_MOST_TOLD: Final = 10


def has_slots(file: object) -> bool:
    """Whether a file name has a slot."""
    return _SLOT.search(str(file)) is not None


def slots(schema: Schema) -> dict[str, str]:
    """Every word that a slot may hold → id, name, or the name of a stratum."""
    whose = schema.declared.whose
    found: dict[str, str] = {}
    paths = {"id": whose.id, "name": whose.name, **whose.strata}
    for key, path in paths.items():
        field = schema.field(path) if path else None
        words = (field.name, field.title, *field.names) if field else ()
        for word in (key, *words):
            found.setdefault(word, key)
    for nouns in (neutral_nouns("zh"), schema.declared.nouns["zh"]):
        found.setdefault(nouns["subject_id"], "id")
    register = schema.root.node.get("x-register", {})
    for name, words in register.get("x-names", {}).items():
        key = next((key for key, path in paths.items() if path and path.endswith(f".{name}")), "")
        for word in words if key else ():
            found.setdefault(word, key)
    return found


def refuse_unknown(file: str, schema: Schema) -> None:
    """Raise UsageError for a slot that is none."""
    known = slots(schema)
    for word in _SLOT.findall(file):
        if word not in known:
            hint = suggest(word, list(known))
            raise UsageError("output-slot", f"不认得“{{{word}}}”", f"-o {file}", hint)


def names_of(file: str, submissions: Sequence[Surveyed], schema: Schema) -> dict[str, str]:
    """The file of each submission, by its path; raises UsageError with all that is wrong."""
    known = slots(schema)
    found: dict[str, str] = {}
    wrong: list[str] = []
    taken: dict[str, str] = {}
    for one in submissions:
        values = {"id": one.id, "name": one.name, **dict(one.strata)}
        stem = _stem(one.path)

        def filled(
            slot: re.Match[str], values: Mapping[str, str] = values, stem: str = stem
        ) -> str:
            return values.get(known[slot[1]], "") or stem

        bad = [v for s in _SLOT.findall(file) if (v := values.get(known[s], "")) and not _fit(v)]
        if bad:
            wrong.append(f"  {one.path}：“{bad[0]}”不能用作文件名")
            continue
        name = _SLOT.sub(filled, file)
        if any(len(os.fsencode(part)) > _LONGEST for part in PurePath(name).parts):
            wrong.append(f"  {one.path}：文件名太长")
            continue
        same = unicodedata.normalize("NFC", os.path.normpath(name)).casefold()
        if same in taken:
            wrong.append(f"  {taken[same]}、{one.path}：都要写到 {name}")
            continue
        taken[same] = one.path
        found[one.path] = name
    if wrong:
        told = [*wrong[:_MOST_TOLD], *(["  ……"] if len(wrong) > _MOST_TOLD else [])]
        hint = "请用每份材料各不相同、可以作文件名的栏目，如 {" + _label(schema) + "}"
        raise UsageError("output-names", "文件名有冲突或不能用：", f"-o {file}", hint, told)
    return found


def _label(schema: Schema) -> str:
    """What the id is called, which no two submissions share."""
    field = schema.field(schema.declared.whose.id or "")
    return field.title if field else "id"


def _fit(value: str) -> bool:
    """Whether a value may stand in a file name on any system."""
    return not (
        _FORBIDDEN.search(value)
        or value.strip(". ") != value
        or _DEVICE.fullmatch(value)
        or any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in value)
    )


def _stem(path: str) -> str:
    """What stands for a submission of which nobody can read whose it is: where it lies."""
    parts = [p for p in PurePath(path).parts if p not in (os.sep, ".", "..") and ":" not in p]
    return _FORBIDDEN.sub("_", "_".join(parts)).strip(". ") or "_"
