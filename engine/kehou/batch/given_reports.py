"""Reports that were written before, many of them: one is read at a time, and none is held."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.batch.file_names import names_of, refuse_unknown
from kehou.batch.survey import Surveyed
from kehou.checking.report_files import is_report, read_reports
from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.readers.door import listed

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
            hint = "请用 kehou check … -o json=文件夹/{id}.json 生成"
            raise UsageError("no-report", "文件夹里没有报告", path, hint)
        found += reports
    return list(dict.fromkeys(found))


def given(files: Iterable[str]) -> Iterator[Given]:
    """Each report of the files, one after the other; raises UsageError."""
    for file in files:
        trees, data = read_reports(file)
        digest = hashlib.sha256(data).hexdigest()
        for index, tree in enumerate(trees):
            yield Given(file, index, tree, digest)


def named(
    whose: Sequence[Surveyed], files: Sequence[str], schema: Schema
) -> dict[str, tuple[str, ...]]:
    """The files of each report by the path of whose it is, one for each name with slots.

    Raises UsageError where somebody has two reports, or names clash.
    """
    seen: dict[str, str] = {}
    for one in whose:
        for key in filter(None, (one.id, one.path)):
            if key in seen:
                hint = f"另一份在 {seen[key]}，请只留一份"
                if seen[key] == one.place:
                    hint = "同一次检查里有它的两份材料，请只留一份，重新检查"
                raise UsageError("subject-twice", f"{key} 有两份报告", one.place, hint)
            seen[key] = one.place
    for file in files:
        refuse_unknown(file, schema)
    each = [names_of(file, whose, schema) for file in files]
    return {one.path: tuple(names[one.path] for names in each) for one in whose}
