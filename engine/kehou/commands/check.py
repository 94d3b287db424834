"""``kehou check``: every PATH is judged, whatever befalls another."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import kehou
from kehou.cli import GATES, choice, gate_titles, listed, number, output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings, pack_names
from kehou.errors import (
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_USAGE,
    KehouError,
    PackError,
    UnreadableError,
    UsageError,
)
from kehou.model.outcomes import Severity
from kehou.render import FORMATS

if TYPE_CHECKING:
    from kehou.cli.settings import Settings
    from kehou.model.report import Report

#: What is made of many submissions together; the ending of its file says in which form.
SUMMARY = "summary"

#: So many paths are told report by report, all of them held; more are a batch, as a folder is.
_TOGETHER = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="command.check.paths")
    output_option(parser, (*FORMATS, SUMMARY), "command.check.output")
    parser.add_argument(
        "--fail-on",
        type=choice(GATES, gate_titles),
        metavar="GATE",
        help="command.check.fail_on",
    )
    parser.add_argument("--changed", action="store_true", help="command.check.changed")
    parser.add_argument("--jobs", type=number, metavar="N", help="command.check.jobs")
    parser.add_argument(
        "--time-limit", type=number, metavar="SECONDS", help="command.check.time_limit"
    )
    parser.add_argument("--store", metavar="FOLDER", help="command.check.store")
    parser.add_argument("--again", action="store_true", help="command.check.again")
    parser.add_argument("-q", "--quiet", action="store_true", help="command.check.quiet")
    parser.add_argument("-v", "--verbose", action="store_true", help="command.check.verbose")
    parser.add_argument("--annex", action="store_true", help="command.check.annex")


def run(options: argparse.Namespace) -> int:
    """``kehou check``: every PATH is judged, whatever befalls another."""
    from kehou.render.screen import Manner
    from kehou.render.words import exit_code

    chosen = chosen_settings(*options.paths)
    wanted = options.output or [outputs.Output("text")]
    shelf: dict[str, kehou.Pack] = {}
    if options.changed:
        options.paths = _submissions(options, chosen)
        if not options.paths:
            outputs.remark("command.check.none_changed")
            return EXIT_OK
    if _is_batch(options, wanted, chosen, shelf):
        from kehou.commands import check_many

        return check_many.run(options, wanted, chosen)
    outputs.check_targets(wanted, options.paths)
    if options.paths.count("-") > 1:
        raise UsageError("usage", say("command.check.one_stdin"))
    gate = options.fail_on or chosen.fail_on or Severity.MAJOR.value
    if gate.startswith("new") and not options.baseline:
        raise UsageError(
            "usage", say("command.check.no_baseline"), hint=say("command.check.add_baseline")
        )
    track = bool(options.baseline) or any(output.format == "json" for output in wanted)
    asked = check_options(options, chosen, track)
    reports, failures = reports_of(options.paths, asked, shelf)
    if not reports:
        return max(failures)
    if any(output.format != "text" for output in wanted) or options.verbose:
        from kehou.proof import hashed

        reports = [hashed(report) for report in reports]
    if any(report.run.single_engine == "unavailable" for report in reports):
        outputs.remark("single_engine.note")
    _tell_left_out(asked.packs, reports)
    for output in wanted:
        manner = Manner(
            language=options.lang or chosen.language,
            verbosity=int(options.verbose) - int(options.quiet),
            colour=outputs.colour_wanted(output),
            annex=options.annex,
            clauses_page=chosen.clauses_page or "",
            items_written=any(one.path and one.format == "html" for one in wanted),
        )
        outputs.write(output, FORMATS[output.format].render(reports, manner))
    if not options.quiet and all(output.path for output in wanted):
        _tell_written(reports, wanted, options.lang or chosen.language)
    code = exit_code(reports, gate)
    if code == EXIT_USAGE:
        outputs.remark("command.check.no_rule")
    return EXIT_UNREADABLE if failures else code


def _tell_left_out(names: Sequence[str], reports: Sequence[Report]) -> None:
    """Packs that a check without --pack would use too, where a layer was named in their stead."""
    from kehou import packs

    beside = [name for name in packs.available() if name not in names]
    left = [name for name in beside if name in packs.topmost([*names, name])]
    if left == beside:  # no layer over one of them: other packs were chosen altogether
        return
    for as_of in dict.fromkeys(report.run.as_of for report in reports):
        dated = {name: packs.dates(name) for name in left}
        found = [
            name
            for name, (start, end) in dated.items()
            if as_of and (start or "") <= as_of and (end is None or as_of <= end)
        ]
        if found:
            told = listed(found)
            outputs.remark("command.check.left_out", as_of=as_of, names=told, first=found[0])


def _tell_written(
    reports: Sequence[Report], wanted: Sequence[outputs.Output], language: str | None
) -> None:
    """On the screen, where everything goes to files: what came out, and which files there are."""
    from kehou.model.places import unread_apart
    from kehou.render.words import catalogue
    from kehou.render.words.wording import verdict

    for report in reports:
        words = catalogue.of_reports([report], language)
        name = report.submission.name or report.submission.path
        outputs.remark("command.check.verdict", name=name, verdict=verdict(report, words))
        if files := unread_apart(report.submission.unread_files, report.submission.prose)[0]:
            outputs.remark("command.check.left_files", name=name, files=listed(files))
    for output in wanted:
        outputs.remark("command.check.written", file=str(output.path))


def _is_batch(
    options: argparse.Namespace,
    wanted: Sequence[outputs.Output],
    chosen: Settings,
    shelf: dict[str, kehou.Pack],
) -> bool:
    """Whether many submissions are meant: by a path that holds several, or by what is asked for."""
    if "-" in options.paths:
        return False
    if options.changed:  # reports, as of single paths; an archive is opened by a run over many
        return any(p.lower().endswith(".zip") for p in options.paths)
    if options.jobs is not None or options.time_limit is not None:
        return True
    if options.store or options.again:
        return True
    if any(name == "register" for name, _ in options.data or ()):
        return True
    if any(output.format == SUMMARY for output in wanted):
        return True
    apart = all(o.format == "text" or "{" in str(o.path or "") for o in wanted)
    if apart and len(options.paths) > _TOGETHER:  # who wants one file of all gets it, as of few
        return True
    named = any(output.path and "{" in str(output.path) for output in wanted)
    if not named and not any(os.path.isdir(p) or p.lower().endswith(".zip") for p in options.paths):
        return False
    from kehou.commands import many

    return many.has_slots(wanted) or any(
        many.holds_many(path, options, chosen, shelf) for path in options.paths
    )


def _submissions(options: argparse.Namespace, chosen: Settings) -> list[str]:
    """The submissions that changed files belong to, as the first pack's schema knows them.

    What cannot be read, and may be no submission, is told.
    """
    from kehou.batch import submissions_of
    from kehou.packs import topmost

    schema = kehou.load_pack(topmost(pack_names(options, chosen))[0]).schema
    found = submissions_of(options.paths, schema)
    for name in found.left:
        outputs.remark("command.check.left", name=name)
    return list(found.paths)


def reports_of(
    paths: Sequence[str], options: kehou.CheckOptions, shelf: dict[str, kehou.Pack]
) -> tuple[list[Report], list[int]]:
    """The reports of all paths that could be opened, and the exit codes of those that not."""
    if len(paths) > 1 and options.data:
        from kehou.submission import refuse_unnamed

        refuse_unnamed(options.data, kehou.load_pack(options.packs[0]).schema)
    reports, failures = [], []
    for path in paths:
        try:
            reports.append(kehou.check(path, options, shelf))
        except PackError:
            raise
        except UnreadableError as error:
            reports.append(kehou.unread_report(path, error, options, shelf))
        except KehouError as error:
            outputs.complain_of(error, path if len(paths) > 1 else "")
            failures.append(error.exit_code)
        except Exception as error:
            outputs.complain(outputs.crash(error, path))
            failures.append(EXIT_UNREADABLE)
    return reports, failures
