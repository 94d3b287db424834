"""Reports that were written before, many of them: one is read at a time, and none is held."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.batch.file_names import names_of, refuse_unknown
from kehou.batch.survey import Surveyed
from kehou.checking.report_files import each_report, is_report, left_out
from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.readers import ReadError
from kehou.readers.door import listed, opened

#: The key of a report (report.schema.json) under which it says whose submission it is of.
SUBJECT: Final = "school"


@dataclass(frozen=True, slots=True)
class Given:
    """A report: the file it stands in, its place there, its tree, and the file's digest."""

    file: str
    index: int
    tree: Mapping[str, Any]
    sha256: str

    @property
    def whose(self) -> Surveyed:
        """Whose it is, as file names need it."""
        submission = self.tree["submission"]
        own = submission[SUBJECT]
        strata = {**own.get("strata", {})} or own
        values = tuple(
            (name, "、".join(map(str, value)) if isinstance(value, list) else str(value or ""))
            for name, value in strata.items()
            if name not in ("id", "name", "strata")
        )
        return Surveyed(
            submission["path"], self.file, "", own["id"] or "", own["name"] or "", values
        )


def report_files(paths: Iterable[str]) -> list[str]:
    """The files of reports at some paths: a file as it is, of a folder those that are reports."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = [str(e) for e in listed(Path(path)) if e.suffix.lower() == ".json"]
        reports = [file for file in inside if is_report(file)]
        if not reports:
            hint = "先用 kehou check 材料 -o json=报告/{id}.json 检查，再写报告所在的文件夹"
            raise UsageError("no-report", "文件夹里没有报告", path, hint)
        found += reports
    return list(dict.fromkeys(found))


def given(files: Iterable[str], known: Mapping[str, str] | None = None) -> Iterator[Given]:
    """Each report of the files, one after the other; raises UsageError.

    ``known`` are the digests of files that were read before: what has not changed since is not
    held against the schema again.
    """
    before = known or {}
    for file in files:
        digest = _sha256(file)
        for index, tree in enumerate(
            each_report(file, known=digest != "" and before.get(file) == digest)
        ):
            yield Given(file, index, tree, digest)


def without_report(files: Iterable[str], whose: Iterable[Surveyed]) -> list[Mapping[str, Any]]:
    """Of whom the files say that there is no report (`report_files.left_out`), each once.

    Who has one in another of them is not told.
    """
    have = {one.id for one in whose if one.id}
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for file in files:
        for one in left_out(file):
            if one["id"] not in have:
                found.setdefault((one["why"], one["id"] or one["name"]), one)
    return list(found.values())


def _sha256(file: str) -> str:
    digest = hashlib.sha256()
    try:
        with opened(Path(file), sys.maxsize) as data:
            while chunk := data.read(1 << 20):
                digest.update(chunk)
    except ReadError:
        return ""  # told when it is read
    return digest.hexdigest()


def apart(whose: Sequence[Surveyed]) -> tuple[list[Surveyed], list[list[Surveyed]]]:
    """(those who have one report, the reports of each who has several, of which none counts).

    Nobody could say which of several holds; that is no reason to keep the others waiting.
    """
    groups: list[list[Surveyed]] = []
    by_key: dict[tuple[str, str], list[Surveyed]] = {}
    for one in whose:
        keys = [(kind, key) for kind, key in (("id", one.id), ("path", one.path)) if key]
        known = [by_key[key] for key in keys if key in by_key]
        group = known[0] if known else []
        for other in known[1:]:
            if other is not group:
                group += other
                groups = [g for g in groups if g is not other]
                by_key.update({key: group for key, found in by_key.items() if found is other})
        if not known:
            groups.append(group)
        group.append(one)
        by_key.update(dict.fromkeys(keys, group))
    alone = [group[0] for group in groups if len(group) == 1]
    return alone, [group for group in groups if len(group) > 1]


def named(
    whose: Sequence[Surveyed], files: Sequence[str], schema: Schema
) -> dict[str, tuple[str, ...]]:
    """The files of each report by the path of whose it is, one for each name with slots.

    Raises UsageError where names clash.
    """
    for file in files:
        refuse_unknown(file, schema)
    each = [names_of(file, whose, schema) for file in files]
    return {one.path: tuple(names[one.path] for names in each) for one in whose}
