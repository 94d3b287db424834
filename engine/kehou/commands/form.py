"""``kehou form``: the workbook that a school fills in, empty or from a submission."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import listed, say
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UsageError

if TYPE_CHECKING:
    from kehou.model.outcomes import Stage
    from kehou.model.values import Fault
    from kehou.packs import Pack
    from kehou.submission import Carried

#: Faults that are told one by one on the screen.
_MOST_TOLD = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="command.form.output")
    parser.add_argument("--from", dest="source", metavar="PATH", help="command.form.source")
    parser.add_argument("--force", action="store_true", help="cli.force")


def run(options: argparse.Namespace) -> int:
    """``kehou form``."""
    from kehou.cli import outputs
    from kehou.commands.choices import chosen_settings, pack_names
    from kehou.model.outcomes import Stage
    from kehou.submission import Carried, carry, submission

    chosen = chosen_settings(options.source)
    stage = Stage(options.stage or chosen.stage or Stage.APPROVAL)
    target = new_file(options.output, (".xlsx",), options.force, [options.source or ""])
    packs = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    carried = Carried({}, ())
    if options.source:
        carried = carry(submission.load(options.source, packs[0].schema, stage))
    content = workbook(packs, stage, carried.tree)
    outputs.write(outputs.Output("xlsx", target), content)
    if carried.lost:
        tell_lost(say("command.form.lost", target=target), carried)
        return EXIT_UNREADABLE
    return EXIT_OK


def workbook(packs: Sequence[Pack], stage: Stage, tree: Mapping[str, Any]) -> bytes:
    """The form of a stage with a tree filled in; raises ``UsageError`` for what no cell holds."""
    import hashlib
    import json

    from kehou.forms import layout
    from kehou.render.form import Form, needs, quotes, wanted
    from kehou.render.form.workbook import CannotHold, render

    schema = packs[0].schema
    text = json.dumps(schema.root.node, ensure_ascii=False, sort_keys=True)
    form = Form(
        schema.root.title,
        stage.value,
        packs[0].stages["zh"][stage],
        hashlib.sha256(text.encode()).hexdigest(),
        wanted(layout(schema), packs, stage, tree),
        tree,
        quotes(packs, stage),
        needs(packs, stage),
    )
    try:
        return render(form)
    except CannotHold as error:
        place = ".".join(error.path)
        hint = say("command.form.shorten")
        raise UsageError("form-cell", f"{place} {error.reason}", hint=hint) from error


def new_file(name: str, endings: Sequence[str], force: bool, inputs: Sequence[str]) -> Path:
    """The file to write; refused where there is one already, unless it is asked for."""
    from kehou.cli import outputs

    target = Path(name)
    if target.suffix.lower() not in endings:
        told = say("command.form.ending", name=name, endings=listed(endings))
        raise UsageError("output-file", told, hint=say("command.form.rename"))
    outputs.check_targets([outputs.Output("file", target)], [each for each in inputs if each])
    if target.exists() and not force:
        told = say("command.form.exists", name=name)
        raise UsageError("output-exists", told, hint=say("command.form.use_force"))
    return target


def tell_lost(what: str, carried: Carried) -> None:
    """Name what a tree does not carry, on standard error."""
    from kehou.cli import outputs
    from kehou.render.words import visible

    lines = [say("command.form.lost_head", told=what)]
    lines += [f"  {told(fault)}" for fault in carried.lost[:_MOST_TOLD]]
    if len(carried.lost) > _MOST_TOLD:
        lines.append("  " + say("command.form.lost_more", n=len(carried.lost)))
    outputs.complain(visible("\n".join(lines), keep="\n"))


def told(fault: Fault) -> str:
    """A fault in one line: where, what, what to do."""
    from kehou.cli import outputs
    from kehou.render.words import compact

    return outputs.fault(compact(fault.location), fault.found, fault.hint)
