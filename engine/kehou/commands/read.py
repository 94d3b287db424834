"""``kehou read FILE``: what is read of a document of prose, each thing at its words."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import kehou
from kehou.cli import output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_OK, UnreadableError, UsageError

if TYPE_CHECKING:
    from kehou.readers import Document

#: What is written.
FORMATS = ("text", "html")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("file", metavar="FILE", help="command.read.file")
    output_option(parser, FORMATS, "command.read.output")


def run(options: argparse.Namespace) -> int:
    """``kehou read FILE [-o text|html=…]``; it judges nothing, and so ends with 0."""
    from kehou.readers.door import contents
    from kehou.readers.files import READ_PROSE
    from kehou.readers.source import DEFAULT
    from kehou.reading import read_prose
    from kehou.render.page import reading_page
    from kehou.render.screen import reading

    place = Path(options.file)
    if place.suffix.lower() not in READ_PROSE:
        told = say("command.read.no_prose", endings=say("list").join(READ_PROSE))
        raise UsageError("no-prose", told, options.file, say("command.read.check_it"))
    wanted = options.output or [outputs.Output("text")]
    chosen = chosen_settings(options.file)
    outputs.check_targets(wanted, [options.file])
    asked = check_options(options, chosen)
    schema = kehou.load_pack(asked.packs[0]).schema
    document = read_prose(place.name, contents(place, DEFAULT.table_bytes), schema)
    try:
        report = kehou.check(options.file, replace(asked, engine="direct"))
    except UsageError as error:
        if error.code != "no-as-of":
            raise
        report = _not_judged(options.file, document, asked)
        outputs.remark("command.read.not_judged")
    renders = {"text": reading.render, "html": reading_page.render}
    for output in wanted:
        outputs.write(output, renders[output.format](document, report, schema, asked.language))
    outputs.tell_written(wanted)
    return EXIT_OK


def _not_judged(file: str, document: Document, asked: kehou.CheckOptions) -> kehou.Report:
    """A report without findings, on a document that does not say which law holds."""
    empty = kehou.unread_report(file, UnreadableError("no-as-of", ""), asked)
    unread = tuple(f"{document.name}：{what}" for what in document.unread)
    told = replace(empty.submission, faults=(), unread_files=unread, prose=(document.name,))
    return replace(empty, submission=told)
