"""What was read of a document of prose, for a terminal."""

from __future__ import annotations

from kehou.fields import Schema
from kehou.model.report import Report
from kehou.readers import Document
from kehou.render.words import catalogue
from kehou.render.words.marks import Mark, lines, place_of
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import located


def render(document: Document, report: Report, schema: Schema, language: str | None = None) -> str:
    """Each thing read with its paragraph and its words, what needs a person first named so."""
    words = catalogue.of_reports([report], language)
    out = [words["reading.page"].format(file=visible(document.name))]
    for line in lines(document, report, schema, words):
        for mark in line.marks:
            text = document.line(line.number)
            word = words[f"outcome.{mark.outcome}"] if mark.outcome else words["reading.read"]
            place = located(place_of(document, line.number), words)
            out += ["", f"{word}  {visible(place)}  {mark.told}"]
            out.append(f"    {visible(_around(text, mark))}")
            out += [f"    {visible(finding.message)}" for _, finding in mark.findings]
    if len(out) == 1:
        out += ["", words["reading.nothing"]]
    told = words["reading.unread"]
    out += ["", *(told.format(what=visible(one)) for one in report.submission.unread_files)]
    return "\n".join(out) + "\n"


def _around(text: str, mark: Mark, most: int = 30) -> str:
    """The words with what stands around them."""
    start, end = mark.start, mark.end
    first, last = max(0, start - most), min(len(text), end + most)
    head, tail = ("…" if first else ""), ("…" if last < len(text) else "")
    return f"{head}{text[first:start]}【{text[start:end]}】{text[end:last]}{tail}"
