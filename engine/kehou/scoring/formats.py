"""The formats of score sheets and of rankings, a row each; a module is imported only when used."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kehou.render import Document

#: Formats of sheets; each function is given the scheme and the sheets.
SHEETS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "json": Document("scoring.json", "sheets"),
        "html": Document("scoring.pages", "sheets"),
        "csv": Document("scoring.csv", "sheets"),
        "xlsx": Document("scoring.office", "sheets_xlsx", binary=True),
        "docx": Document("scoring.office", "sheets_docx", binary=True),
    }
)
#: Formats of rankings; each function is given the scheme and the ranking.
RANKINGS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "html": Document("scoring.pages", "ranking"),
        "json": Document("scoring.ranking_json", "ranking"),
        "csv": Document("scoring.csv", "ranking"),
        "xlsx": Document("scoring.office", "ranking_xlsx", binary=True),
    }
)
