"""``kehou verify REPORT [PATH]...``: run a report's check again and say what differs."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehou.cli import output_option, outputs, say, spoken
from kehou.cli.settings import Settings
from kehou.commands import many
from kehou.commands.check import reports_of
from kehou.errors import (
    EXIT_FAIL,
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_UNSETTLED,
    EXIT_USAGE,
    KehouError,
    UnreadableError,
    UsageError,
)

if TYPE_CHECKING:
    from kehou.proof import Item, Shelf
    from kehou.proof.bundle_file import Opened

#: What became of a report, and the exit code; the worst of several counts.
_CODES = {"same": EXIT_OK, "means": EXIT_UNSETTLED, "differs": EXIT_FAIL}
_WORST = (EXIT_UNREADABLE, EXIT_FAIL, EXIT_UNSETTLED, EXIT_OK)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("report", metavar="REPORT", help="command.verify.report")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="command.verify.paths")
    output_option(parser, ("text", "json"), "cli.formats", several=False)
    parser.add_argument("--baseline", metavar="REPORT", help="command.verify.baseline")


def run(options: argparse.Namespace) -> int:
    """``kehou verify REPORT [PATH]...``: nothing is the same unless all of it is."""
    from kehou.proof import verdict_text as rendering

    output = options.output
    outputs.check_targets([output], [options.report, *options.paths])
    found = []
    code = EXIT_OK
    with _opened(options) as (trees, shelf, bundle), tempfile.TemporaryDirectory() as scratch:
        places = None if bundle else many.Places(options, Settings(), scratch)
        whole = len(trees) > 1 == len(options.paths) and many.holds_many(
            options.paths[0], options, Settings()
        )
        paths = options.paths * len(trees) if whole else options.paths
        if paths and len(paths) != len(trees):
            raise UsageError(
                "verify-paths",
                say("command.verify.count", reports=len(trees), paths=len(options.paths)),
                hint=say("command.verify.one_each"),
            )
        for tree, path in zip(trees, paths or [None] * len(trees), strict=True):
            with _within(bundle, options.report):
                items = _items(tree, path, shelf, options, bundle, places)
            items += _packs_known(tree, options, bundle is not None)
            result = _verdict(items)
            school = tree["submission"]["school"]["name"] or ""
            found.append((options.report, school, items, result))
            code = min(code, _CODES[result], key=_WORST.index)
    if output.format == "json":
        outputs.write(output, rendering.render_json(found))
    else:
        outputs.write(output, rendering.render_text(found, spoken()))
    return code


@contextmanager
def _opened(
    options: argparse.Namespace,
) -> Iterator[tuple[Sequence[dict[str, Any]], Shelf, Opened | None]]:
    """The reports, where their files are, and the bundle, if it is one, which has all of them."""
    from kehou.proof import bundle_file as bundles
    from kehou.proof import bundle_pages, rerun

    place = Path(options.report)
    if not bundles.is_bundle(place):
        yield rerun.read_reports(place), rerun.Shelf(place.parent), None
        return
    anew = (
        options.paths,
        options.data,
        options.waivers,
        options.baseline,
        options.attestations,
        options.confirmations,
    )
    if any(anew):
        raise UsageError(
            "verify-bundle", say("command.verify.whole"), hint=say("command.verify.bundle_alone")
        )
    with bundles.opened(place) as bundle:
        shelf = rerun.Shelf(bundle.folder, strict=True)
        with _within(bundle, options.report):
            tree = bundle_pages.report_of(rerun.read_reports(bundle.folder / bundles.REPORT), place)
            rerun.options_of(tree, shelf)  # refuses what lies outside
            bundle_pages.refuse_strays(shelf, bundle.files, tree, place)
        yield [tree], shelf, bundle


@contextmanager
def _within(bundle: Opened | None, place: str) -> Iterator[None]:
    """What is wrong with a file of a bundle is the bundle's fault, and not of who verifies it."""
    try:
        yield
    except KehouError as error:
        if bundle is None:
            raise
        if error.exit_code != EXIT_USAGE:
            error.where = error.where.replace(str(bundle.folder), place, 1)
            raise
        told = say("cli.place", place=error.where, told=error.message)
        told = (told if error.where else error.message).replace(f"{bundle.folder}/", "")
        first, *more = told.split("\n")
        hint = say("command.verify.ask_for_another")
        first = say("command.verify.refused", told=first)
        raise UnreadableError("bundle-refused", first, place, hint, more) from error


def _items(
    tree: dict[str, Any],
    path: str | None,
    shelf: Shelf,
    options: argparse.Namespace,
    bundle: Opened | None,
    places: many.Places | None,
) -> list[Item]:
    """A report, and where it lies in a bundle its pages, against what the same check gives now."""
    from kehou.proof import bundle_pages, hashed, rerun
    from kehou.proof import verify as verification
    from kehou.render.programs import document

    asked = rerun.options_of(
        tree,
        shelf,
        dict(options.data or ()),
        options.waivers,
        options.baseline,
        () if bundle is not None else options.pack or (),
        options.attestations or (),
        options.confirmations or (),
    )
    recorded = tree["submission"].get("path", "")
    place = path or shelf.path(recorded)
    if place == "-" and path is None:
        raise UsageError(
            "verify-stdin", say("command.verify.stdin"), hint=say("command.verify.write_file")
        )
    if places is not None and place != "-":
        place = places.of(place, recorded)
    reports, _ = reports_of([place], asked, {})
    if not reports:
        return [verification.Item("submission", place, "missing", recorded)]
    now = document(hashed(reports[0]))
    now["run"] = tree["run"]
    now["submission"]["path"] = recorded
    items = verification.compare(tree, now)
    if bundle is not None:
        items += bundle_pages.pages(bundle, tree, reports[0], asked, items)
    return items


def _packs_known(tree: dict[str, Any], options: argparse.Namespace, bundled: bool) -> list[Item]:
    """The packs of a report against those that the reader has; a report alone was judged by them,
    so that of it only packs that call themselves as an installed one and are another are told.
    """
    from kehou.proof import verify as verification

    if options.pack:
        return list(verification.named(tree, options.pack)) if bundled else []
    items = list(verification.installed(tree))
    return items if bundled else [item for item in items if item.state == "changed"]


def _verdict(items: Sequence[Item]) -> str:
    from kehou.proof import verify as verification

    if verification.is_same(items):
        return "same"
    return "means" if verification.differs_in_means_only(items) else "differs"
