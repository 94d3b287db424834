"""``kehou convert``: the same submission as YAML, JSON or a filled-in form, nothing lost."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import STAGES, choice, listed, say
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UnreadableError

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.submission import Submission

_ENDINGS = (".xlsx", ".yaml", ".yml", ".json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("source", metavar="IN", help="cli.path")
    parser.add_argument("target", metavar="OUT", help="command.convert.target")
    parser.add_argument(
        "--stage", type=choice(STAGES), metavar="STAGE", help="command.convert.stage"
    )
    parser.add_argument("--force", action="store_true", help="cli.force")


def run(options: argparse.Namespace) -> int:
    """``kehou convert``."""
    from kehou.cli import outputs
    from kehou.commands import many
    from kehou.commands.choices import chosen_settings, pack_names
    from kehou.commands.form import new_file, tell_lost, workbook
    from kehou.model.outcomes import Stage
    from kehou.submission import carry, submission

    chosen = chosen_settings(options.source)
    stage = Stage(options.stage or chosen.stage or Stage.APPROVAL)
    target = new_file(options.target, _ENDINGS, options.force, [options.source])
    packs = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    schema = packs[0].schema
    with many.alone(options.source, options, chosen) as place:
        given = submission.load(place, schema)
    carried = carry(given)
    if carried.lost:
        tell_lost(say("command.convert.lost"), carried)
        return EXIT_UNREADABLE
    ending = target.suffix.lower()
    content: bytes
    if ending == ".xlsx":
        content = workbook(packs, stage, carried.tree)
    else:
        from kehou.submission import written as tree

        make = tree.json_text if ending == ".json" else tree.yaml_text
        content = make(schema.root, carried.tree).encode()
    _check(given, _read_back(content, target.name, schema))
    outputs.write(outputs.Output("file", target), content)
    outputs.remark("command.convert.written", file=str(target))
    if given.faults:
        outputs.remark("command.convert.faults", n=len(given.faults))
    return EXIT_OK


def _read_back(content: bytes, name: str, schema: Schema) -> Submission:
    from kehou.readers import read
    from kehou.submission import load_document

    if name.lower().endswith(".xlsx"):
        from kehou.forms import open_form

        document = open_form(content, name, schema)
        assert document is not None, "a form of ours is known as one"
    else:
        document = read(name, content)
    return load_document(document, schema)


def _check(given: Submission, made: Submission) -> None:
    """Refuse to write what does not read to the same values and the same faulty places."""
    before, after = _comparable(given), _comparable(made)
    if before == after:
        return
    parts = given.schema.root.fields
    differ = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    titles = listed([parts[name].title for name in parts if name in differ])
    raise UnreadableError(
        "convert-lossy",
        say("command.convert.changes", parts=titles or say("command.convert.faulty")),
        hint=say("command.convert.look"),
    )


def _comparable(submission: Submission) -> dict[str, Any]:
    """The values by part; contradictions are told with places, which differ."""
    told = submission.schema.conflicts
    found: dict[str, Any] = {
        k: v for k, v in submission.tree.items() if told is None or k != told.name
    }
    found[""] = sorted({_without_member(submission.schema, each) for each in submission.faulted})
    return found


def _without_member(schema: Schema, pointer: str) -> str:
    """The pointer of the list whose member a pointer names; a cell has its list as one text."""
    above, _, last = pointer.rpartition("/")
    field = schema.at(above) if last.isdecimal() else None
    return above if field is not None and field.kind == "list" else pointer
