"""``kehou schema NAME``: print a JSON Schema, or with ``--editor`` one for an editor."""

from __future__ import annotations

import argparse
import json

import kehou
from kehou import data
from kehou.cli import outputs
from kehou.errors import EXIT_OK, UsageError
from kehou.language import suggest

_SUFFIX = ".schema.json"
#: What a pack's files are written in; the others are no files that people write.
_OF_PACKS = (
    "cases",
    "clauses",
    "decisions",
    "facts",
    "i18n",
    "overlay",
    "pack",
    "rule",
    "waivers",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="名称；不写则列出全部")
    parser.add_argument(
        "--editor",
        action="store_true",
        help="供编辑器补全和标错的结构：认得中文键和值，附条款原文",
    )
    parser.add_argument("--part", metavar="PART", help="只要一个部分的文件，如 roster 或 学生名册")


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
        raise UsageError("schema-not-found", f"没有名为 {name} 的结构", hint=suggest(name, names))
    if options.part and not (options.editor and name == "submission"):
        raise UsageError(
            "schema-part", "--part 只与 submission --editor 一起用", "--part", "去掉 --part"
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
            hint = suggest(part, list(schema.parts))
            raise UsageError("schema-part", f"没有“{part}”这个部分", "--part", hint)
        return editor.submission(schema, part, quotes)
    if name not in _OF_PACKS:
        raise UsageError(
            "schema-editor",
            f"{name} 不是手写的文件，没有编辑器用的结构",
            "--editor",
            "去掉 --editor",
        )
    return editor_packs.pack_file(name, _suggestions() if name == "rule" else {})


def _suggestions() -> dict[str, dict[str, str]]:
    """Clauses and entities of the packs that come with kehou, for the places that name them."""
    from kehou import packs

    loaded = [kehou.load_pack(one) for one in packs.available()]
    return {
        "/properties/clauses/items": {
            c.id: f"{c.citation}：“{c.quote}”" for p in loaded for c in p.clauses.values()
        },
        "/properties/each": {name: name for p in loaded for name in p.entities},
    }
