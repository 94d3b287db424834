"""``kehou form``: the workbook that a school fills in, empty or from a submission."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import choice, pack_option
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
    from kehou.cli.settings import STAGES

    parser.add_argument(
        "--stage",
        type=choice(STAGES),
        metavar="STAGE",
        help="approval 方案备案（默认）、inspection 不定期检查、assessment 年终考核",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="写到哪个 .xlsx 文件")
    parser.add_argument(
        "--from", dest="source", metavar="PATH", help="把这份材料的内容填进去（文件或文件夹）"
    )
    parser.add_argument("--force", action="store_true", help="文件已经有了也写，原来的内容就没有了")
    pack_option(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou form``."""
    from kehou.cli import outputs
    from kehou.commands.choices import chosen_settings, pack_names
    from kehou.model.outcomes import Stage
    from kehou.submission import Carried, carry, submission

    chosen = chosen_settings()
    stage = Stage(options.stage or chosen.stage or Stage.APPROVAL)
    target = new_file(options.output, (".xlsx",), options.force, [options.source or ""])
    packs = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    carried = Carried({}, ())
    if options.source:
        carried = carry(submission.load(options.source, packs[0].schema, stage))
    content = workbook(packs, stage, carried.tree)
    outputs.write(outputs.Output("xlsx", target), content)
    if carried.lost:
        tell_lost(f"{target} 已经写好，但下面的内容没有填进去", carried)
        return EXIT_UNREADABLE
    return EXIT_OK


def workbook(packs: Sequence[Pack], stage: Stage, tree: Mapping[str, Any]) -> bytes:
    """The form of a stage with a tree filled in; raises ``UsageError`` for what no cell holds."""
    import hashlib
    import json

    from kehou.forms import layout
    from kehou.render.form import Form, quotes, wanted
    from kehou.render.form.workbook import CannotHold, render
    from kehou.render.words import catalogue

    schema = packs[0].schema
    text = json.dumps(schema.root.node, ensure_ascii=False, sort_keys=True)
    form = Form(
        schema.root.title,
        stage.value,
        catalogue.load("zh")[f"stage.{stage.value}"],
        hashlib.sha256(text.encode()).hexdigest(),
        wanted(layout(schema), packs, stage, tree),
        tree,
        quotes(packs, stage),
    )
    try:
        return render(form)
    except CannotHold as error:
        place = ".".join(error.path)
        hint = "请改短这一项，或改用 .yaml"
        raise UsageError("form-cell", f"{place} {error.reason}", hint=hint) from error


def new_file(name: str, endings: Sequence[str], force: bool, inputs: Sequence[str]) -> Path:
    """The file to write; refused where there is one already, unless it is asked for."""
    from kehou.cli import outputs

    target = Path(name)
    if target.suffix.lower() not in endings:
        wanted = "、".join(endings)
        raise UsageError("output-file", f"“{name}”应以 {wanted} 结尾", hint="改一下文件名")
    outputs.check_targets([outputs.Output("file", target)], [each for each in inputs if each])
    if target.exists() and not force:
        hint = "换一个文件名；确实要换掉原来的内容，请加 --force"
        raise UsageError("output-exists", f"已经有“{name}”，不会盖掉它", hint=hint)
    return target


def tell_lost(what: str, carried: Carried) -> None:
    """Name what a tree does not carry, on standard error."""
    from kehou.cli import outputs
    from kehou.render.words import visible

    lines = [f"kehou：{what}："]
    lines += [f"  {told(fault)}" for fault in carried.lost[:_MOST_TOLD]]
    if len(carried.lost) > _MOST_TOLD:
        lines.append(f"  等 {len(carried.lost)} 处；kehou check 可以看到全部")
    outputs.complain(visible("\n".join(lines), keep="\n"))


def told(fault: Fault) -> str:
    """A fault in one line: where, what, what to do."""
    from kehou.render.words import compact

    hint = f"（{fault.hint}）" if fault.hint else ""
    return f"{compact(fault.location)}：{fault.found}{hint}"
