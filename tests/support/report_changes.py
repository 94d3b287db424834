"""Reports for tests: one changed here and there, by names that need no knowledge of its groups."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from kehou.model.report import CheckRun, PacksApplied, Report, SubmissionRecord

#: The groups whose members may be named as if they were the report's own.
_GROUPS: dict[str, type[Any]] = {
    "run": CheckRun,
    "submission": SubmissionRecord,
    "packs": PacksApplied,
}


def changed(report: Report, /, **changes: Any) -> Report:
    """The report with members of its groups (``path``, ``language``, ``used`` …) or its own."""
    own = {name: value for name, value in changes.items() if name in _own()}
    for group, kind in _GROUPS.items():
        names = {field.name for field in fields(kind)} & changes.keys() - own.keys()
        if names:
            members = {name: changes[name] for name in names}
            own[group] = replace(own.get(group, getattr(report, group)), **members)
    assert changes.keys() <= own.keys() | {
        field.name for kind in _GROUPS.values() for field in fields(kind)
    }, f"no member of a report: {changes.keys()}"
    return replace(report, **own)


def _own() -> set[str]:
    return {field.name for field in fields(Report)}
