"""The 补正材料清单 for programs (docs/fix.md)."""

from __future__ import annotations

import json

from kehou import __version__
from kehou.model.values import Location
from kehou.remedy import letter
from kehou.remedy.missing_evidence import Item, Letter


def as_json(found: Letter, annex: bool = False) -> str:
    """The letter for programs (docs/fix.md)."""
    report, texts = found.report, letter.texts_of(found)
    tree = {
        "format": "kehou-request/1",
        "tool": {"name": "kehou", "version": __version__},
        "path": report.submission.path,
        "stage": str(report.run.stage),
        "as_of": report.run.as_of,
        letter.SUBJECT: {"id": report.submission.id, "name": report.submission.name},
        "packs": [
            {"id": p.id, "version": p.version, "sha256": p.sha256} for p in report.packs.used
        ],
        "items": [_item(item, texts) for item in found.items],
        "bureau": list(found.bureaus),
        "faults": len(report.submission.faults),
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _place(at: Location) -> dict[str, object]:
    told: dict[str, object] = {"file": at.file, "line": at.line, "column": at.column}
    return {**told, "cell": at.cell} if at.cell else told


def _item(item: Item, texts: letter.Texts) -> dict[str, object]:
    return {
        "number": item.number,
        "label": item.label,
        "path": item.path,
        "allowed": item.allowed,
        "count": item.count,
        "places": [_place(place) for place in item.places],
        "settles": [
            {
                "rule": s.rule,
                "title": s.title,
                "severity": str(s.severity),
                "clauses": [
                    {"id": c.id, "citation": c.citation, "quote": c.quote} for c in s.clauses
                ],
                "also_needs": list(s.also),
            }
            for s in item.settles
        ],
        "paste": {
            "form": item.paste.form,
            "file": item.paste.file,
            "after_line": item.paste.after,
            "in_item": item.paste.number or None,
            "text": letter.stub_text(item, texts) if item.paste.text else "",
        },
    }
