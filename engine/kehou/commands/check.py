"""``kehou check``: every PATH is judged, whatever befalls another."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehou import __version__
from kehou.cli import attestations_option, choice, outputs, shared_options, submission_options
from kehou.cli.settings import ENGINES, GATES
from kehou.commands.choices import check_options, chosen_settings
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
from kehou.model.report import CheckRun, PacksApplied, Report, SubmissionRecord
from kehou.model.values import Fault, Location
from kehou.readers import ReadError
from kehou.render.words import visible

if TYPE_CHECKING:
    from kehou.checking import CheckOptions
    from kehou.packs import Pack

_PLACE = re.compile(r"^(.*?)(?::(\d+))?(?::(\d+))?$", re.DOTALL)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="方案文件或文件夹，一个算一份；- 为标准输入"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、json、html、sarif、junit、github、gitlab、oscal、csv、docx 或 xlsx；"
        "可写几次，等号后写文件名",
    )
    parser.add_argument(
        "--fail-on",
        type=choice(GATES),
        metavar="SEVERITY",
        help="哪一级以上的不符合使退出码为 1：critical、major（默认）或 minor",
    )
    parser.add_argument(
        "--engine",
        type=choice(ENGINES),
        metavar="ENGINE",
        help="both（默认，两个引擎互相核对）、direct 或 rete",
    )
    parser.add_argument(
        "--baseline", metavar="REPORT", help="以前的 JSON 报告；列出新增、未改、已改、重现的结论"
    )
    parser.add_argument("--waivers", metavar="FILE", help="主管部门的豁免文件 waivers.yaml")
    attestations_option(parser)
    parser.add_argument(
        "--reading",
        type=choice(("strict", "lenient")),
        metavar="READING",
        help="另按从严（strict）或从宽（lenient）理解含混字词，列出会有的变化",
    )
    parser.add_argument(
        "--changed",
        action="store_true",
        help="PATH 是改动过的文件：查它们所属的材料，与材料无关的不查",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="每条规则只显示一行")
    parser.add_argument("-v", "--verbose", action="store_true", help="全部显示，包括符合与不适用")
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou check``: every PATH is judged, whatever befalls another."""
    from kehou.render.formats import ALL
    from kehou.render.screen import Manner
    from kehou.render.words import exit_code

    chosen = chosen_settings()
    wanted = [outputs.parse(text, list(ALL)) for text in options.output or ["text"]]
    outputs.check_targets(wanted, options.paths)
    if options.paths.count("-") > 1:
        raise UsageError("usage", "标准输入（-）只能写一次")
    gate = Severity(options.fail_on or chosen.fail_on or Severity.MAJOR)
    track = bool(options.baseline) or any(output.format == "json" for output in wanted)
    asked = check_options(options, chosen, track)
    paths = _submissions(options.paths, asked) if options.changed else options.paths
    if not paths:
        outputs.complain("kehou：改动过的文件都不属于哪一份材料，没有要查的")
        return EXIT_OK
    reports, failures = reports_of(paths, asked)
    if not reports:
        return max(failures)
    if any(output.format != "text" for output in wanted) or options.verbose:
        from kehou.proof import hashed

        reports = [hashed(report) for report in reports]
    for output in wanted:
        manner = Manner(
            language=options.lang or chosen.language,
            verbosity=int(options.verbose) - int(options.quiet),
            colour=outputs.colour_wanted(output),
        )
        outputs.write(output, ALL[output.format](reports, manner))
    code = exit_code(reports, gate)
    if code == EXIT_USAGE:
        outputs.complain("kehou：没有一条规则适用于这个环节和日期，什么也没有查")
    return EXIT_UNREADABLE if failures else code


def _submissions(changed: Sequence[str], options: CheckOptions) -> list[str]:
    """The submissions that changed files belong to, as the first pack's schema knows them."""
    from kehou import packs
    from kehou.submission import submissions_of

    return submissions_of(changed, packs.load(options.packs[0]).schema)


def reports_of(paths: Sequence[str], options: CheckOptions) -> tuple[list[Report], list[int]]:
    """The reports of all paths that could be opened, and the exit codes of those that not."""
    from kehou.checking import check

    shelf: dict[str, Pack] = {}
    reports, failures = [], []
    for path in paths:
        try:
            reports.append(check(path, options, shelf))
        except PackError:
            raise
        except UnreadableError as error:
            reports.append(_unread(path, error, options, shelf.get(options.packs[0])))
        except KehouError as error:
            outputs.complain("kehou：" + visible(str(error), keep="\n"))
            failures.append(error.exit_code)
        except Exception as error:
            outputs.complain(outputs.crash(error, path))
            failures.append(EXIT_UNREADABLE)
    return reports, failures


def _unread(path: str, error: UnreadableError, options: CheckOptions, pack: Pack | None) -> Report:
    """The report of a submission without a readable tree: a fault and no findings (DESIGN §3).

    Things are called as in the first pack, by whose schema it was to be read.
    """
    from kehou.checking import recorded

    name, line, column = re.findall(_PLACE, error.where or path)[0]
    place = Location(name, int(line) if line else None, int(column) if column else None)
    faults = [Fault(place, "", error.message, "", error.hint)]
    if isinstance(error.__cause__, ReadError):
        faults += [
            Fault(Location(name, *p.span) if p.span else place, "", p.message, "", p.hint)
            for p in error.__cause__.problems[1:]
        ]
    run = CheckRun(
        tool_version=__version__,
        stage=options.stage,
        as_of=options.as_of or "",
        check_date=options.on,
        language=options.language,
        cross_checked=False,
        record=recorded(options),
    )
    called = PacksApplied(nouns=pack.nouns, stages=pack.stages) if pack else PacksApplied()
    return Report(run, SubmissionRecord(path, faults=tuple(faults)), called)
