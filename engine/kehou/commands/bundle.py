"""``kehou bundle PATH -o FOLDER``, or ``FILE.zip``: a report and all that it rests on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import kehou
from kehou.cli import listed, outputs, say
from kehou.commands.choices import check_options, chosen_settings, register_of
from kehou.errors import EXIT_OK, UsageError
from kehou.packs import Pack
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="cli.paths")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", required=True, help="command.bundle.output"
    )


def run(options: argparse.Namespace) -> int:
    """``kehou bundle PATH -o FOLDER``, or ``-o FILE.zip``."""
    from kehou.commands import many
    from kehou.proof import bundle_contents as bundling
    from kehou.proof import bundle_file as bundles

    chosen = chosen_settings(*options.paths)
    asked = check_options(options, chosen)
    target = Path(options.output)
    if len(options.paths) > 1 or many.has_slots([outputs.Output("zip", target)]):
        return _many(options, asked, target, register_of(options, chosen))
    (path,) = options.paths
    with many.the_one(path, options, chosen) as place:
        if place is None:
            return _many(options, asked, target, register_of(options, chosen))
        asked = many.known(place, options, chosen, asked)
        _refuse_inside(target, Path(path))
        zipped = target.suffix.lower() == ".zip"
        if zipped:
            output = outputs.Output("zip", target)
            outputs.check_targets([output], [path])
        found = bundling.build(place, asked, kehou.check)
    if zipped:
        _write_zip(output, bundles.zipped(found.files))
    else:
        bundling.write_folder(target, found.files)
    lines = [
        say("command.bundle.packed", target=target, n=len(found.files)),
        say("command.bundle.seal", seal=found.seal),
        say("command.bundle.verify", target=target),
        say("command.bundle.private", fields=listed(found.private))
        if found.private
        else say("command.bundle.originals"),
    ]
    if found.left_out:
        lines.append(say("command.bundle.left_out", files=listed(found.left_out)))
    outputs.emit("".join(visible(line) + "\n" for line in lines))
    return EXIT_OK


def _many(
    options: argparse.Namespace,
    asked: kehou.CheckOptions,
    target: Path,
    register: str | None,
) -> int:
    """A bundle for each; raises UsageError where their names have no slot."""
    from kehou.commands import many

    if not many.has_slots([outputs.Output("zip", target)]):
        hint = say("command.bundle.write_each")
        raise UsageError("output-file", say("cli.one_each"), str(target), hint)
    files = [("zip" if target.suffix.lower() == ".zip" else "folder", str(target))]
    return many.for_each("kehou.commands.bundle:write_one", options, asked, files, register)


def write_one(
    path: str,
    files: Sequence[tuple[str, str]],
    options: kehou.CheckOptions,
    shelf: dict[str, Pack],
) -> int:
    """Write the bundle of one submission, as a folder or a zip.

    Its packs are copies in the bundle and loaded as such: the worker's ``shelf`` is not used.
    """
    from kehou.proof import bundle_contents as bundling
    from kehou.proof import bundle_file as bundles

    found = bundling.build(path, options, kehou.check)
    for format, file in files:
        if format == "zip":
            _write_zip(outputs.Output("zip", Path(file)), bundles.zipped(found.files))
        else:
            bundling.write_folder(Path(file), found.files)
    return EXIT_OK


def _refuse_inside(target: Path, source: Path) -> None:
    """A bundle among the files of a school would be taken for evidence at the next check."""
    if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
        raise UsageError(
            "output-clash",
            say("command.bundle.inside"),
            str(target),
            say("command.bundle.elsewhere"),
        )


def _write_zip(output: outputs.Output, content: bytes) -> None:
    """Write the zip, for its owner alone: it holds what pupils handed in."""
    outputs.write(output, content)
    assert output.path is not None
    if output.path.is_file():
        output.path.chmod(0o600)
