"""A document of prose beside what was read of it: one page, offline, without script."""

from __future__ import annotations

from kehou.fields import Schema
from kehou.model.report import Report
from kehou.readers import Document
from kehou.render.page.html import page
from kehou.render.words import catalogue
from kehou.render.words.marks import lines


def render(document: Document, report: Report, schema: Schema, language: str | None = None) -> str:
    """The page of one document; ``report`` is that of its check."""
    words = catalogue.of_reports([report], language)
    shown = lines(document, report, schema, words)
    title = words["reading.page"].format(file=document.name)
    marks = [mark for line in shown for mark in line.marks]
    return page(
        "reading.html.j2",
        words,
        title,
        style="reading.css",
        report=report,
        lines=shown,
        marks=marks,
        todo=sum(bool(mark.outcome) for mark in marks),
        unread=report.submission.unread_files,
    )
