"""The families of readers, each with what draws an input of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.support.fuzz import (
    calls,
    documents,
    folders,
    forms,
    meals,
    options,
    pack_files,
    report_files,
    tables,
    texts,
    trees,
)
from tests.support.fuzz.case import Case

FAMILIES: Mapping[str, Callable[[random.Random], Case]] = {
    "text": texts.text_case,
    "csv": tables.csv_case,
    "xlsx": forms.workbook_case,
    "prose": documents.prose_case,
    "folders": folders.folder_case,
    "options": options.options_case,
    "packs": pack_files.pack_case,
    "reports": report_files.report_case,
    "commands": calls.command_case,
}


def make_ready() -> None:
    """Make by sound code what the families start from, before anybody plants a bug."""
    trees.schema()
    meals.artefacts()
    folders.bundle()
