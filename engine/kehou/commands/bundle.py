"""``kehou bundle PATH -o FOLDER``, or ``FILE.zip``: a report and all that it rests on."""

from __future__ import annotations

import argparse
from pathlib import Path

import kehou
from kehou.cli import attestations_option, choice, outputs, shared_options, submission_options
from kehou.cli.settings import ENGINES
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_OK, UsageError
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("path", metavar="PATH", help="方案文件或文件夹")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        required=True,
        help="放到哪里：一个新的文件夹，或以 .zip 结尾的文件",
    )
    parser.add_argument(
        "--engine",
        type=choice(ENGINES),
        metavar="ENGINE",
        help="both（默认，两个引擎互相核对）、direct 或 rete",
    )
    parser.add_argument("--baseline", metavar="REPORT", help="以前的 JSON 报告")
    parser.add_argument("--waivers", metavar="FILE", help="主管部门的豁免文件 waivers.yaml")
    attestations_option(parser)
    parser.add_argument(
        "--reading",
        type=choice(("strict", "lenient")),
        metavar="READING",
        help="另按从严（strict）或从宽（lenient）理解含混字词，列出会有的变化",
    )
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou bundle PATH -o FOLDER``, or ``-o FILE.zip``."""
    from kehou.proof import bundle_contents as bundling
    from kehou.proof import bundle_file as bundles

    target = Path(options.output)
    _refuse_inside(target, Path(options.path))
    zipped = target.suffix.lower() == ".zip"
    if zipped:
        output = outputs.Output("zip", target)
        outputs.check_targets([output], [options.path])
    found = bundling.build(options.path, check_options(options, chosen_settings()), kehou.check)
    if zipped:
        _write_zip(output, bundles.zipped(found.files))
    else:
        bundling.write_folder(target, found.files)
    lines = [
        f"已打包到 {target}：{len(found.files)} 个文件",
        f"清单校验值 {found.seal}（MANIFEST.json 的 SHA-256，请另行记下）",
        f"核对：kehou verify {target}",
        "包内是原始材料，请只交给有权查阅的人"
        + (f"；其中不公开的栏目：{'、'.join(found.private)}" if found.private else ""),
    ]
    if found.left_out:
        lines.append(f"没有放入（没有读过）：{'、'.join(found.left_out)}")
    outputs.emit("".join(visible(line) + "\n" for line in lines))
    return EXIT_OK


def _refuse_inside(target: Path, source: Path) -> None:
    """A bundle among the files of a school would be taken for evidence at the next check."""
    if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
        raise UsageError("output-clash", "不能放在所查的文件夹里", str(target), "换一个别处的位置")


def _write_zip(output: outputs.Output, content: bytes) -> None:
    """Write the zip, for its owner alone: it holds what pupils handed in."""
    outputs.write(output, content)
    assert output.path is not None
    if output.path.is_file():
        output.path.chmod(0o600)
