"""From a report back to what its check was run with: the reports of a file, options, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kehou import packs
from kehou.checking import CheckOptions, report_files
from kehou.errors import UnreadableError
from kehou.model.outcomes import Stage

Tree = Mapping[str, Any]


def read_reports(path: Path) -> list[dict[str, Any]]:
    """The reports of a file written with ``-o json``.

    Raises UnreadableError where it is no report, or one that the schema does not know.
    """
    found = report_files.read_reports(path, UnreadableError)[0]
    if any(one["run"] is None for one in found):
        hint = "请用 kehou check … -o json=文件 生成的报告，或 kehou bundle 生成的包"
        raise UnreadableError("report-form", "报告没有运行记录，无法重算", str(path), hint)
    return found


class Shelf:
    """Where the files that a report names are: as named, beside the report, or as given."""

    def __init__(self, folder: Path, strict: bool = False) -> None:
        self.folder = folder
        self.strict = strict

    def path(self, name: str) -> str:
        """A file or folder; of a bundle only what lies within it."""
        if name == "-" and not self.strict:
            return name
        beside = self.folder / name
        if self.strict:
            inside = beside.resolve().is_relative_to(self.folder.resolve())
            if not inside or Path(name).is_absolute():
                raise UnreadableError(
                    "bundle-outside", f"报告提到包外的文件“{name}”", hint="请向出具的人要原来的包"
                )
            return str(beside)
        if not Path(name).exists() and beside.exists():
            return str(beside)
        return name

    def pack(self, name: str) -> str:
        """A pack by its id or folder."""
        if self.strict:
            return self.path(name)
        return name if name in packs.available() else self.path(name)


def options_of(
    tree: Tree,
    shelf: Shelf,
    data: Mapping[str, str] | None = None,
    waivers: str | None = None,
    baseline: str | None = None,
    chosen: Sequence[str] = (),
    attestations: Sequence[str] = (),
    confirmations: Sequence[str] = (),
) -> CheckOptions:
    """What a report was made with; files and packs that moved are given anew."""
    record = tree["run"]
    data = data or {}
    named_waivers = waivers if record["waivers"] and waivers else record["waivers"]
    named_baseline = baseline if record["baseline"] and baseline else record["baseline"]
    return CheckOptions(
        stage=Stage(tree["stage"]),
        as_of=tree["as_of"] or None,
        # A date that the submission or its attestations gave is found in them again.
        on=None if tree.get("check_date_from") in ("field", "attestations") else tree["check_date"],
        packs=tuple(chosen) or tuple(shelf.pack(name) for name in record["packs"]),
        data={
            one["name"]: data.get(one["name"]) or shelf.path(one["path"]) for one in record["data"]
        },
        engine=record["engine"],
        language=tree["language"],
        reading=tree["reading"]["name"] if tree.get("reading") else "",
        waivers=shelf.path(named_waivers) if named_waivers else None,
        baseline=shelf.path(named_baseline) if named_baseline else None,
        track=True,
        attestations=tuple(
            shelf.path(name) for name in (attestations or record.get("attestations", ()))
        ),
        known_as=_known(tree["submission"]["school"]),
        confirmations=tuple(
            shelf.path(name) for name in (confirmations or record.get("confirmations", ()))
        ),
    )


def _known(whose: Tree) -> tuple[str, str]:
    """What a register knew of who handed a submission in, where that itself did not say it."""
    known = whose.get("from_register", ())
    return (
        whose["id"] if "id" in known else "",
        whose["name"] if "name" in known else "",
    )
