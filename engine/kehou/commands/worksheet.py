"""``kehou worksheet REPORT...``: what inspectors still have to look at, as sheets to fill in."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehou.cli import listed, nearest, number, output_option, outputs, say
from kehou.commands import many
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UsageError
from kehou.render.words import Words, catalogue, visible
from kehou.render.words.report_packs import outline, packs_of, words_of

if TYPE_CHECKING:
    from kehou.batch.survey import Surveyed
    from kehou.inspection.worksheets import Submitter, Worksheet
    from kehou.packs import Pack

#: So many names are told of those who are not in a sample.
_NAMED = 8
FORMATS = ("text", "json", "html", "xlsx", "docx")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="cli.reports")
    output_option(parser, FORMATS, "command.worksheet.output")
    parser.add_argument("--sample", type=number, metavar="N", help="command.worksheet.sample")
    parser.add_argument("--seed", metavar="TEXT", help="command.worksheet.seed")
    parser.add_argument(
        "--notice",
        action="append",
        default=[],
        metavar="FILE",
        help="command.worksheet.notice",
    )
    parser.add_argument("--by", metavar="NAMES", help="command.worksheet.by")


def run(options: argparse.Namespace) -> int:
    """Make the sheets of all schools, or of a sample of them."""
    from kehou.batch.given_reports import apart, report_files
    from kehou.inspection import worksheet_formats as worksheet

    wanted = options.output or [outputs.Output("text")]
    each = many.has_slots(wanted)
    if not each:
        outputs.check_targets(wanted, options.reports)
    files = report_files(options.reports)
    seen = _seen(files)
    alone, twice = apart([one.whose for one in seen])
    many.tell_doubled(twice)
    kept = {id(one) for one in alone}
    found = [one for one in seen if id(one.whose) in kept]
    strata: list[tuple[str, int, int]] = []
    if options.sample is not None:
        found, strata = _drawn(options, found)
    if not found:
        return EXIT_UNREADABLE
    loaded = packs_of(one.outline for one in found)
    language = options.lang or chosen_settings().language or "zh"
    words = catalogue.load(language, words_of(loaded, language))
    sheets = _sheets(files, found, loaded, words, _notices(options.notice, found))
    if each:
        _one_each(wanted, found, sheets, loaded, words)
    else:
        made = sorted((sheet for _, sheet in sheets), key=lambda sheet: sheet.submitter.id)
        for output in wanted:
            outputs.write(output, worksheet.FORMATS[output.format](made, strata, words))
        outputs.tell_written(wanted, len(made))
    return EXIT_UNREADABLE if twice else EXIT_OK


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A report as it was looked at first: whose, whether anything was judged, by which packs."""

    whose: Surveyed
    sha256: str
    submitter: Submitter
    judged: bool
    outline: Mapping[str, Any]


def _seen(files: Sequence[str]) -> list[_Seen]:
    """Who the reports are of, in code order, none of them held; raises UsageError."""
    from kehou.inspection.worksheets import judged, submitter_of, without_report

    found = []
    for one in many.passing(files):
        submitter = submitter_of(one.tree, one.file)
        known = without_report(submitter), judged(submitter), outline(one.tree)
        found.append(_Seen(one.whose, one.sha256, *known))
    if not found:
        raise UsageError("no-report", say("command.many.no_report"), files[0])
    return sorted(found, key=lambda one: one.submitter.id)


def _drawn(
    options: argparse.Namespace, found: Sequence[_Seen]
) -> tuple[list[_Seen], list[tuple[str, int, int]]]:
    """A sample of those of whom something was judged, and its strata; the others are told."""
    from kehou.inspection import worksheets

    there = [one for one in found if one.judged]
    left = [one.submitter.name for one in found if not one.judged]
    if left:
        names = visible(listed(left[:_NAMED]) + ("……" if len(left) > _NAMED else ""))
        outputs.remark("command.worksheet.not_drawn", n=len(left), names=names)
    by = _strata(options, [one.submitter for one in there], [one.outline for one in there])
    drawn, strata = worksheets.sample(
        [one.submitter for one in there], options.sample, options.seed, by
    )
    taken = {id(submitter) for submitter in drawn}
    return [one for one in there if id(one.submitter) in taken], strata


def _sheets(
    files: Sequence[str],
    found: Sequence[_Seen],
    loaded: Mapping[str, Pack],
    words: Words,
    notices: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Surveyed, Worksheet]]:
    """The sheet of each, made as its report passes by; only files of those wanted are read."""
    from kehou.inspection.noticed import items_of, notices_of
    from kehou.inspection.worksheets import submitter_of, worksheet

    wanted = {(one.whose.place, one.whose.path): one.whose for one in found}
    known = {one.whose.place: one.sha256 for one in found}
    again = [file for file in files if file in known]
    for one in many.passing(again, known, "batch.making"):
        whose = wanted.get((one.file, one.whose.path))
        if whose is not None:
            submitter = submitter_of(one.tree, one.file)
            noticed = items_of(submitter, notices_of(submitter, notices), words)
            yield whose, worksheet(submitter, loaded, words, noticed)


def _notices(files: Sequence[str], found: Sequence[_Seen]) -> list[Mapping[str, Any]]:
    """The notices given; raises UsageError where one is to none of whom there is a sheet."""
    from kehou.rectification.notices import read_notice

    notices: list[Mapping[str, Any]] = []
    for file in files:
        notice = read_notice(file)
        names = {one for seen in found for one in (seen.submitter.id, seen.submitter.name)}
        if not names & {notice["school"]["id"], notice["school"]["name"]}:
            told = say("command.worksheet.other_notice", name=notice["school"]["name"] or "")
            raise UsageError("other-school", told, file, say("command.recheck.look"))
        notices.append(notice)
    return notices


def _one_each(
    wanted: Sequence[outputs.Output],
    found: Sequence[_Seen],
    sheets: Iterable[tuple[Surveyed, Worksheet]],
    loaded: Mapping[str, Pack],
    words: Words,
) -> None:
    """A file of its own for each submitter's sheet."""
    from kehou.batch.given_reports import named
    from kehou.inspection import worksheet_formats as worksheet

    schema = next((pack.schema for pack in loaded.values()), None)
    if schema is None or not all(many.has_slots([output]) for output in wanted):
        hint = say("command.worksheet.write_each")
        raise UsageError("output-file", say("cli.one_each"), "-o", hint)
    names = named([one.whose for one in found], [str(output.path) for output in wanted], schema)
    for whose, sheet in sheets:
        for output, name in zip(wanted, names[whose.path], strict=True):
            target = outputs.Output(output.format, Path(name))
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            outputs.write(target, worksheet.FORMATS[output.format]([sheet], [], words))
    for output in wanted:
        outputs.remark("command.notice.written", file=str(output.path), n=len(found))


def _strata(
    options: argparse.Namespace,
    found: Sequence[Submitter],
    outlines: Sequence[Mapping[str, Any]],
) -> list[str]:
    """What the sample is drawn evenly over: what was asked for, else all that a report divides by.

    Raises UsageError where no such sample can be drawn.
    """

    if options.sample < 1:
        raise UsageError(
            "sample",
            say("command.worksheet.at_least_one"),
            hint=say("command.worksheet.write_sample"),
        )
    if not options.seed:
        raise UsageError(
            "sample", say("command.worksheet.no_seed"), hint=say("command.worksheet.write_seed")
        )
    known = list(dict.fromkeys(name for school in found for name in school.strata))
    if options.by is None:
        return known
    called = _called(outlines)
    by = []
    for name in filter(None, map(str.strip, re.split(r"\W+", options.by))):
        by.append(name if name in known else called.get(name, name))
        if by[-1] not in known:
            told = say("command.worksheet.no_stratum", name=name)
            titles = {name: title for title, name in called.items()}
            raise UsageError(
                "sample", told, "--by", nearest(name, [titles.get(one, one) for one in known])
            )
    return by


def _called(outlines: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The strata by what their schemas call them; titles come last, so they are what is told."""
    titles: dict[str, str] = {}
    others: dict[str, str] = {}
    for pack in packs_of(outlines).values():
        for name, path in pack.schema.declared.whose.strata.items():
            field = pack.schema.field(path)
            if field is not None:
                titles.setdefault(field.title, name)
                others.update((spelling, name) for spelling in field.names)
    return {**others, **titles}
