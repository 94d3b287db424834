"""``kehou schema NAME``: print a JSON Schema, or with ``--editor`` one for an editor."""

from __future__ import annotations

import argparse
import json

import kehou
from kehou import data
from kehou.cli import nearest, outputs, say
from kehou.errors import EXIT_OK, UsageError

_SUFFIX = ".schema.json"
#: What a pack's files are written in; the others are no files that people write.
_OF_PACKS = (
    "cases",
    "clauses",
    "decisions",
    "facts",
    "i18n",
    "lexicon",
    "overlay",
    "pack",
    "rule",
    "waivers",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="command.schema.name")
    parser.add_argument("--editor", action="store_true", help="command.schema.editor")
    parser.add_argument("--part", metavar="PART", help="command.schema.part")


def run(options: argparse.Namespace) -> int:
    """``kehou schema NAME``; without a name, what there is."""
    names = sorted(
        path.name.removesuffix(_SUFFIX)
        for path in data.schemas().iterdir()
        if path.name.endswith(_SUFFIX)
    )
    if options.name is None:
        outputs.emit("\n".join(names) + "\n")
        return EXIT_OK
    name = options.name.removesuffix(_SUFFIX)
    if name not in names:
        told = say("command.schema.no_such", name=name)
        raise UsageError("schema-not-found", told, hint=nearest(name, names))
    if options.part and not (options.editor and name == "submission"):
        raise UsageError(
            "schema-part",
            say("command.schema.part_alone"),
            "--part",
            say("command.schema.drop_part"),
        )
    if options.editor:
        text = json.dumps(_for_editor(name, options.part or ""), ensure_ascii=False, indent=1)
        outputs.emit(text + "\n", plain=False)
        return EXIT_OK
    outputs.emit(data.schemas().joinpath(name + _SUFFIX).read_text("utf-8"), plain=False)
    return EXIT_OK


def _for_editor(name: str, part: str) -> dict[str, object]:
    from kehou import packs
    from kehou.authoring.editor import pack_schemas as editor_packs
    from kehou.authoring.editor import submission_schema as editor

    if name == "submission":
        loaded = [kehou.load_pack(one) for one in packs.available()]
        quotes = {c.id: (c.citation, c.quote) for p in loaded for c in p.clauses.values()}
        schema = loaded[0].schema
        if part and part not in schema.parts:
            hint = nearest(part, list(schema.parts))
            told = say("command.schema.no_part", name=part)
            raise UsageError("schema-part", told, "--part", hint)
        return editor.submission(schema, part, quotes)
    if name not in _OF_PACKS:
        raise UsageError(
            "schema-editor",
            say("command.schema.not_written", name=name),
            "--editor",
            say("command.schema.drop_editor"),
        )
    return editor_packs.pack_file(name, _suggestions() if name == "rule" else {})


def _suggestions() -> dict[str, dict[str, str]]:
    """Clauses and entities of the packs that come with kehou, for the places that name them."""
    from kehou import packs

    loaded = [kehou.load_pack(one) for one in packs.available()]
    return {
        "/properties/clauses/items": {
            c.id: say("command.schema.quoted", place=c.citation, quote=c.quote)
            for p in loaded
            for c in p.clauses.values()
        },
        "/properties/each": {name: name for p in loaded for name in p.entities},
    }
