"""Places of a report as SARIF's locations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from kehou.model.report import Finding, Report
from kehou.model.values import Location
from kehou.render.words import statement
from kehou.render.words.visible_text import excerpt


def artifact(report: Report, file: str) -> dict[str, Any]:
    """A file, relative to where kehou ran."""
    path = statement.path_of(report, file)
    escaped = quote(path, safe="/", errors="backslashreplace")
    return {"uri": f"file://{escaped}" if path.startswith("/") else escaped}


def location(
    report: Report, place: Location | None, finding: Finding | None = None
) -> dict[str, Any]:
    """A place; where there is none, the start of the submission's first file.

    GitHub takes no result without a line. A cell or a paragraph is a logical location.
    """
    file = place.file if place else statement.main_file(report)
    physical: dict[str, Any] = {"artifactLocation": artifact(report, file)}
    region = statement.region_of(place) if place else None
    if place and region:
        line, column, end_line, end_column = region
        numbers = {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        }
        physical["region"] = {name: n for name, n in numbers.items() if n is not None}
        if shown := excerpt(place):
            physical["region"]["snippet"] = {"text": shown.marked or " "}
            whole = {"text": f"{shown.before}{shown.marked}{shown.after}"}
            last = end_line or line
            physical["contextRegion"] = {"startLine": line, "endLine": last, "snippet": whole}
    elif place and (place.cell or place.paragraph is not None):
        physical["region"] = {"byteOffset": 0, "byteLength": 0}
    else:
        physical["region"] = {"startLine": 1}
    found: dict[str, Any] = {"physicalLocation": physical}
    logical = []
    if place and (place.cell or place.paragraph is not None):
        inside = place.cell or f"¶{place.paragraph}"
        kind = "cell" if place.cell else "paragraph"
        logical.append({"fullyQualifiedName": statement.safe(inside), "kind": kind})
    if finding:
        logical.append(
            {
                "name": statement.safe(finding.subject.label),
                "fullyQualifiedName": statement.safe(finding.subject.pointer),
                "kind": finding.subject.entity,
            }
        )
    return {**found, "logicalLocations": logical} if logical else found
