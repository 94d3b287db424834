"""``kehou read FILE``: what is read of a document of prose, each thing at its words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import kehou
from kehou.cli import output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_OK, PackError, UnreadableError, UsageError

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.readers import Document
    from kehou.reading.confirmations import Record

#: What is written: to be looked at, and to be confirmed.
SHOWN = ("text", "html")
DRAFTS = ("yaml", "xlsx")
FORMATS = (*SHOWN, *DRAFTS)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("file", metavar="FILE", help="command.read.file")
    output_option(parser, FORMATS, "command.read.output")


def run(options: argparse.Namespace) -> int:
    """``kehou read FILE [-o text|html|yaml|xlsx=…]``; it judges nothing, and so ends with 0."""
    from kehou.readers.files import READ_PROSE

    place = Path(options.file)
    if place.suffix.lower() not in READ_PROSE:
        told = say("command.read.no_prose", endings=say("list").join(READ_PROSE))
        raise UsageError("no-prose", told, options.file, say("command.read.check_it"))
    wanted = options.output or [outputs.Output("text")]
    chosen = chosen_settings(options.file)
    outputs.check_targets(wanted, [options.file])
    asked = check_options(options, chosen)
    schema = kehou.load_pack(asked.packs[0]).schema
    shown = [output for output in wanted if output.format in SHOWN]
    if shown:
        _show(options.file, shown, asked, schema)
    for output in wanted:
        if output.format in DRAFTS:
            _draft(place, output, schema)
    outputs.tell_written(wanted)
    return EXIT_OK


def _show(
    path: str, wanted: Sequence[outputs.Output], asked: kehou.CheckOptions, schema: Schema
) -> None:
    """Write what was read as the records beside the document leave it."""
    from kehou.render.page import reading_page
    from kehou.render.screen import reading
    from kehou.submission import collect

    document = collect(path, schema, asked.confirmations).root
    assert document is not None
    try:
        report = kehou.check(path, replace(asked, engine="direct"))
    except UsageError as error:
        if error.code != "no-as-of":
            raise
        report = _not_judged(path, document, asked)
        outputs.remark("command.read.not_judged")
    renders = {"text": reading.render, "html": reading_page.render}
    for output in wanted:
        outputs.write(output, renders[output.format](document, report, schema, asked.language))


def _not_judged(file: str, document: Document, asked: kehou.CheckOptions) -> kehou.Report:
    """A report without findings, on a document that does not say which law holds."""
    empty = kehou.unread_report(file, UnreadableError("no-as-of", ""), asked)
    told = replace(
        empty.submission, faults=(), unread_files=document.told_unread, prose=(document.name,)
    )
    return replace(empty, submission=told)


def _draft(place: Path, output: outputs.Output, schema: Schema) -> None:
    """Write the draft of a record; one that is there already keeps its decisions that still hold.

    Raises UsageError, PackError where what is there cannot be read, and so would be lost.
    """
    from kehou.reading.confirmations import as_yaml, drafted, name_for
    from kehou.render.office import confirmation_book
    from kehou.submission.prose_files import prose_document

    if output.path is None and output.format == "xlsx":
        told, hint = say("cli.output.binary", format="xlsx"), "cli.output.binary_file"
        raise UsageError("output-file", told, "-o", say(hint, format="xlsx"))
    document = prose_document(place, schema)
    before = _before(output.path)
    target = name_for(place.name, output.format)
    draft = drafted(document, schema, before, target)
    outputs.write(
        output, as_yaml(draft) if output.format == "yaml" else confirmation_book.render(draft)
    )
    kept = sum(bool(item[draft.decision]) for item in draft.items)
    if before:
        outputs.remark("command.read.kept", kept=kept, lost=len(before) - kept)
    if output.path is not None and output.path.resolve() != place.with_name(target).resolve():
        outputs.remark("command.read.call_it", target=target)


def _before(path: Path | None) -> list[Record]:
    """What was decided in a draft that is to be written anew."""
    from kehou.readers import ReadError
    from kehou.reading.confirmations import load

    if path is None or not path.exists():
        return []
    try:
        found, faults, _ = load(path)
    except ReadError as error:
        hint = say("command.read.other_file")
        raise UsageError("output-file", error.message, error.where or str(path), hint) from error
    if faults:
        raise PackError(faults, say("command.read.record"))
    return found
