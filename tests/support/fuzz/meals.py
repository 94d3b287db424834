"""The pack of docs/pack-example and its submission with breaches: small, with every outcome."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tests.support.command_line import here

ROOT = Path(__file__).parents[3]
PACK = ROOT / "docs" / "pack-example"
SUBMISSION = PACK / "examples" / "breaches.yaml"
#: How its checks are called.
DAY = "2025-04-10"
OPTIONS = ("--pack", str(PACK), "--stage", "inspection", "--on", DAY)
CHECK = (*OPTIONS, "--engine", "direct")


def content() -> bytes:
    """The submission."""
    return SUBMISSION.read_bytes()


@cache
def artefacts() -> dict[str, bytes]:
    """What commands make of the submission, by name: all that other commands read again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "s.yaml").write_bytes(content())
        for words in (
            ("check", "s.yaml", *CHECK, "-o", "json=report.json"),
            (
                "notice",
                "report.json",
                "--due",
                "2025-06-01",
                "-o",
                "json=notice.json",
                "-o",
                "yaml=notice.yaml",
                "--reply",
                "reply.yaml",
            ),
            ("recheck", "notice.json", "reply.yaml", "s.yaml", *OPTIONS, "-o", "json=closure.json"),
            ("worksheet", "report.json", "-o", "xlsx=sheet.xlsx", "-o", "json=worksheet.json"),
            ("verify", "report.json", "-o", "json=verdict.json"),
        ):
            code, _, told = here(*words, cwd=folder)
            assert code in (0, 1, 3), told
        (folder / "scheme.yaml").write_text(scheme(), "utf-8")
        (folder / "scores.yaml").write_text(
            "scores:\n  - {school: ZC-002, indicator: extra, value: 1.5}\n", "utf-8"
        )
        score = ("score", "report.json", "--scheme", "scheme.yaml", "-o", "json=sheet.json")
        code, _, told = here(*score, "--ranking", "json=ranking.json", cwd=folder)
        assert code in (0, 3), told
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def report() -> dict[str, Any]:
    """The report of the submission."""
    found = json.loads(artefacts()["report.json"])
    assert isinstance(found, dict)
    return found


def scheme() -> str:
    """A scheme with ten points for each area of the pack."""
    areas: dict[str, list[str]] = {}
    for path in sorted(PACK.glob("*/*.yaml")):
        tree = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(tree, dict) and "inspection" in tree.get("stages", ()):
            areas.setdefault(path.parent.name, []).append(tree["id"])
    lines = [
        "format: kehou-scheme/1",
        "id: made-here",
        "title: 评分办法（示例）",
        "version: '1'",
        f"packs: ['{PACK.as_posix()}']",
        "stage: inspection",
        f"total: {10 * len(areas)}",
        "rounding: {digits: 2, mode: half_up}",
        "not_applicable: within_area",
        "waived: pass",
        "margin: 1",
        "bonus_limit: 2",
        f"areas: {{{', '.join(f'{area}: 10' for area in areas)}}}",
        "grades: [{name: 甲, from: 5}, {name: 乙}]",
        "indicators:",
        f"  - {{id: extra, title: 另加, area: {next(iter(areas))}, points: 2,"
        " score: {kind: manual}, criteria: 酌情, bonus: true}",
    ]
    for area, rules in areas.items():
        lines.append(
            f"  - {{id: by-{area}, title: 各条, area: {area}, points: 10, score: {{kind: ratio}},"
            f" criteria: 按比例, rules: [{', '.join(rules)}]}}"
        )
    return "\n".join(lines) + "\n"
