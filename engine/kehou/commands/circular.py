"""``kehou circular REPORT...``: the 通报 of an inspection round."""

from __future__ import annotations

import argparse

from kehou.cli import date, output_option, outputs, say
from kehou.commands import many
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UsageError

FORMATS = ("text", "json", "html", "docx", "csv")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="command.circular.reports")
    output_option(parser, FORMATS, "command.circular.output")
    parser.add_argument("--due", type=date, metavar="DATE", help="command.circular.due")


def run(options: argparse.Namespace) -> int:
    """One line a finding, schools in code order."""
    from kehou.batch.given_reports import apart, report_files, without_report
    from kehou.inspection import circular as making
    from kehou.inspection import circular_formats as circular
    from kehou.inspection.worksheets import submitter_of
    from kehou.model.outcomes import Stage
    from kehou.render.words.report_packs import outline, packs_of

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, options.reports)
    found, whose, outlines = [], [], []
    files = report_files(options.reports)
    for one in many.passing(files):  # none is held once it is told
        school = submitter_of(one.tree, one.file)
        if school.stage is not Stage.INSPECTION:
            raise UsageError(
                "not-inspected",
                say("command.circular.not_inspected", id=school.id),
                school.source,
                say("command.circular.inspect"),
            )
        outlines.append(outline(one.tree))
        found.append(making.told_of(school))
        whose.append(one.whose)
    if not found:
        raise UsageError("no-report", say("command.many.no_report"), options.reports[0])
    alone, twice = apart(whose)
    many.tell_doubled(twice)
    kept = {id(one) for one in alone}
    told = [one for one, who in zip(found, whose, strict=True) if id(who) in kept]
    doubled = [(group[0].id or group[0].path, many.files_of(group)) for group in twice]
    left = without_report(files, whose)
    many.tell_left_out(left)
    made = making.circular(told, options.due, doubled, left)
    texts = circular.texts_of(packs_of(outlines), told)
    for output in wanted:
        outputs.write(output, circular.FORMATS[output.format](made, texts))
    outputs.tell_written(wanted, len(told))
    for who in told:
        if who.unadopted:
            why = circular.unadopted_told(who.unadopted, texts)
            outputs.remark("command.circular.unadopted", name=who.name or who.path, why=why)
    return EXIT_UNREADABLE if twice else EXIT_OK
