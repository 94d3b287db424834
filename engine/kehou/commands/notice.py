"""``kehou notice REPORT --due DATE``: the 限期整改通知书 of a report, and the form of the reply."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kehou.cli import date, output_option, outputs, say
from kehou.commands import many
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UsageError

#: What a notice and a closure table are written in (kehou.rectification.letters.FORMATS).
FORMATS = ("text", "html", "docx", "json", "yaml")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="cli.reports")
    parser.add_argument("--due", type=date, metavar="DATE", help="command.notice.due")
    parser.add_argument("--reply", metavar="FILE", help="command.notice.reply")
    parser.add_argument("--annex", action="store_true", help="command.notice.annex")
    output_option(parser, FORMATS, "command.notice.output")


def run(options: argparse.Namespace) -> int:
    """Write the notice in every format asked for, and the empty reply."""
    from kehou.batch.given_reports import SUBJECT, report_files
    from kehou.checking import comparison

    if options.due is None:
        raise UsageError(
            "usage", say("command.notice.no_due"), hint=say("command.notice.write_due")
        )
    wanted = options.output or [outputs.Output("text")]
    kind = "xlsx" if str(options.reply or "").lower().endswith(".xlsx") else "yaml"
    form = [outputs.parse(f"{kind}={options.reply}", [kind])] if options.reply else []
    if many.has_slots([*wanted, *form]):
        return _many(options, [*wanted, *form])
    outputs.check_targets([*wanted, *form], options.reports)
    files = report_files(options.reports)
    trees, data = comparison.report_trees(files[0]) if len(files) == 1 else ([], b"")
    if len(trees) != 1:
        told, hint = say("command.notice.several"), say("command.notice.write_each")
        raise UsageError("notice-several", told, options.reports[0], hint)
    if trees[0]["faults"] and not trees[0]["results"]:
        submission = trees[0]["submission"]
        name = submission[SUBJECT]["name"] or submission["path"]
        outputs.remark("command.notice.unread", name=name)
        return EXIT_UNREADABLE
    empty: list[str] = []
    made = _write(trees[0], hashlib.sha256(data).hexdigest(), options, wanted, form, empty)
    for name in empty:
        outputs.remark("command.notice.nothing", name=name)
    outputs.tell_written(made)
    return EXIT_OK


def _write(
    tree: Mapping[str, Any],
    sha256: str,
    options: argparse.Namespace,
    wanted: Sequence[outputs.Output],
    form: Sequence[outputs.Output],
    empty: list[str],
) -> list[outputs.Output]:
    """What was written: a notice of nothing is not, but for programs; ``empty`` keeps its name."""
    from kehou.batch.given_reports import SUBJECT
    from kehou.checking import comparison
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
    from kehou.rectification import reply_sheets
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    comparison.past_of(tree, "")
    many.tell_unadopted(tree)
    found = rectification.notice(tree, sha256, options.due)
    words = catalogue.official(words_of(packs_of([tree])))
    if not found["items"]:
        submission = tree["submission"]
        empty.append(submission[SUBJECT]["name"] or submission["path"])
        wanted, form = [one for one in wanted if one.format in ("json", "yaml")], []
    for output in [*wanted, *form]:
        if output.path is not None:
            output.path.parent.mkdir(parents=True, exist_ok=True)
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found, words, options.annex))
    for output in form:
        if output.format == "xlsx":
            outputs.write(output, reply_sheets.workbook(found))
        else:
            outputs.write(output, rendering.yaml(rectification.reply(found)))
    return [*wanted, *form]


def _many(options: argparse.Namespace, targets: Sequence[outputs.Output]) -> int:
    """A notice for each of many reports, one read at a time; whose papers nobody read has none."""
    from kehou.batch import given_reports as reports
    from kehou.render.words.report_packs import packs_of

    if not all(many.has_slots([target]) for target in targets):
        hint = say("command.notice.write_each")
        raise UsageError("output-file", say("cli.one_each"), "-o", hint)
    many.refuse_inside([t.path for t in targets if t.path], options.reports)
    files = reports.report_files(options.reports)
    whose, schema, unread, known = [], None, [], {}
    for one in many.passing(files):
        known[one.file] = one.sha256
        if not one.tree["results"]:
            unread.append(one.whose.name or one.whose.path)
            continue
        whose.append(one.whose)
        schema = schema or next((p.schema for p in packs_of([one.tree]).values()), None)
    if schema is None:
        raise UsageError("no-report", say("command.notice.none"), options.reports[0])
    alone, twice = reports.apart(whose)
    many.tell_doubled(twice)
    many.tell_left_out(reports.without_report(files, whose))
    names = reports.named(alone, [str(target.path) for target in targets], schema)
    made = [0] * len(targets)
    empty: list[str] = []
    for one in many.passing(files, known, "batch.making"):
        if one.whose.path not in names:
            continue
        own = [
            outputs.Output(target.format, Path(name))
            for target, name in zip(targets, names[one.whose.path], strict=True)
        ]
        last = len(own) - 1 if options.reply else len(own)
        done = _write(one.tree, one.sha256, options, own[:last], own[last:], empty)
        for n, output in enumerate(own):
            made[n] += output in done
    if empty:
        told = say("list").join(empty)
        outputs.remark("command.notice.nothing_of", n=len(empty), names=told)
    for target, n in zip(targets, made, strict=True):
        outputs.remark("command.notice.written", file=str(target.path), n=n)
    for name in unread:
        outputs.remark("command.notice.unread", name=name)
    return EXIT_UNREADABLE if unread or twice else EXIT_OK
