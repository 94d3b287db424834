"""``kehou check`` of many submissions: one run, a file for each, and what they are together."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kehou.checking.submission_check import refuse_faulty
from kehou.cli import listed, nearest, outputs, say
from kehou.commands.choices import REGISTER, check_options, register_of
from kehou.commands.many import refuse_inside, told_and_watched
from kehou.errors import EXIT_FAIL, EXIT_UNSETTLED, EXIT_USAGE, UsageError
from kehou.model.outcomes import Severity
from kehou.render.words import catalogue, visible

if TYPE_CHECKING:
    from kehou.batch import Asked, Done
    from kehou.batch.runner import Tell
    from kehou.cli.settings import Settings
    from kehou.packs import Pack

_SUMMARY = "summary"
#: Where results are kept if nobody says where.
_KEPT_HERE = ".kehou"
#: So many files that were not read are named on the screen.
_NAMED = 8


def run(options: argparse.Namespace, wanted: Sequence[outputs.Output], chosen: Settings) -> int:
    """Check everything below the paths, and write what was asked for."""
    from kehou import batch

    asked, singles = _asked(options, wanted, chosen)
    shelf: dict[str, Pack] = {}
    refuse_faulty(asked.options, shelf)
    pack = shelf[asked.options.packs[0]]
    language = options.lang or chosen.language or "zh"
    words = catalogue.of_packs([pack], language)
    tell, watch = told_and_watched(asked.options.packs, language)
    done = batch.run(asked, tell, watch)
    for output in singles:
        _write(output, done, asked, words, options)
    _tell_written(done, asked, singles, tell)
    _tell_result(done, singles, words, options)
    _tell_new(done, asked, tell)
    if done.code == EXIT_USAGE:
        outputs.remark("command.check.no_rule" if done.entries else "command.check.nothing_found")
    return done.code


def _asked(
    options: argparse.Namespace, wanted: Sequence[outputs.Output], chosen: Settings
) -> tuple[Asked, list[outputs.Output]]:
    """(what the run is asked for, the outputs of which there is one for all)."""
    from kehou import batch
    from kehou.batch.runner import JOINED

    each = [output for output in wanted if output.path and batch.has_slots(output.path)]
    singles = [output for output in wanted if output not in each]
    for output in each:
        if output.format == _SUMMARY:
            told = say("command.check.one_summary")
            raise UsageError("output-file", told, f"-o {output.path}")
    for output in singles:
        if output.format == _SUMMARY:
            _refuse_ending(output)
        elif output.format not in JOINED or (output.format != "text" and output.path is None):
            hint = say("command.check.write_each", format=output.format)
            told = say("command.check.not_joined", format=output.format)
            raise UsageError("output-file", told, f"-o {output.format}", hint)
    outputs.check_targets(singles, options.paths)
    refuse_inside([output.path for output in wanted if output.path], options.paths)
    track = bool(options.baseline) or any(o.format == "json" for o in wanted)
    asked = check_options(options, chosen, track=track)
    data = dict(asked.data)
    data.pop(REGISTER, None)
    previous = batch.round_or_reports(asked.baseline) if asked.baseline else None
    if previous is not None and previous.stage != asked.stage.value:
        told, hint = say("command.check.other_stage"), say("command.check.same_stage")
        raise UsageError("no-round", told, asked.baseline or "", hint)
    gate = options.fail_on or chosen.fail_on or Severity.MAJOR.value
    if gate.startswith("new") and (previous or not asked.baseline):
        told = say("command.check.new_of_round" if previous else "command.check.no_baseline")
        hint = say("command.check.add_reports")
        raise UsageError("usage", told, asked.baseline or "", hint)
    _refuse_none(options)
    return (
        batch.Asked(
            paths=options.paths,
            options=replace(asked, data=data, baseline=None),
            gate=gate,
            clauses_page=chosen.clauses_page or "",
            everything=options.verbose and any(output.format == "sarif" for output in wanted),
            language=options.lang or chosen.language,
            files=tuple((output.format, str(output.path)) for output in each),
            joined=tuple(
                output.format
                for output in singles
                if output.format != _SUMMARY and (output.path or options.verbose)
            ),
            register=register_of(options, chosen),
            previous=previous,
            past=None if previous else asked.baseline,
            jobs=options.jobs,
            seconds=options.time_limit,
            store=options.store or _KEPT_HERE,
            again=options.again or _is_not_ours(options),
        ),
        singles,
    )


def _refuse_none(options: argparse.Namespace) -> None:
    """No worker, or no time, checks nothing."""
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("usage", say("command.check.one_job"), "--jobs")
    if options.time_limit is not None and options.time_limit < 1:
        raise UsageError("usage", say("command.check.one_second"), "--time-limit")


def _is_not_ours(options: argparse.Namespace) -> bool:
    """Whether results that are kept here may have been handed in: nothing of them is believed."""
    if options.store or not os.path.isdir(_KEPT_HERE):
        return False
    here = Path(os.path.realpath("."))
    if not any(here.is_relative_to(os.path.realpath(path)) for path in options.paths):
        return False
    outputs.remark("command.check.kept_inside", folder=_KEPT_HERE)
    return True


def _refuse_ending(output: outputs.Output) -> None:
    from kehou.batch import SUMMARIES

    ending = output.path.suffix.lower() if output.path else ".txt"
    if ending not in SUMMARIES:
        hint = nearest(ending, list(SUMMARIES))
        raise UsageError(
            "output-format", say("command.check.summary_ending"), f"-o {output.path}", hint
        )


def _write(
    output: outputs.Output,
    done: Done,
    asked: Asked,
    words: Mapping[str, str],
    options: argparse.Namespace,
) -> None:
    from kehou import batch
    from kehou.batch import joined

    if output.format == _SUMMARY or (output.format == "text" and output.path is None):
        ending = output.path.suffix.lower() if output.path else ".txt"
        verbosity = int(options.verbose) - int(options.quiet)
        if output.format == "text" and options.verbose:
            for piece in joined.pieces(done, "text"):
                outputs.emit(piece.decode("utf-8"))
        beside = str(output.path.parent) if output.path else None
        content = batch.render_summary(ending, replace(done, beside=beside), words, verbosity)
        outputs.write(replace(output, format="text"), content)
    else:
        assert output.path is not None
        joined.write(output.path, done, output.format)


def _tell_result(
    done: Done,
    singles: Sequence[outputs.Output],
    words: Mapping[str, str],
    options: argparse.Namespace,
) -> None:
    """What came out, where all of it went to files, and what count for nothing in any case."""
    from kehou.batch.sentences import left, left_n, unadopted, unread, verdict

    files_only = all(output.path is not None for output in singles)
    if files_only and not options.quiet and done.entries:
        outputs.complain(say("cli.said", told=visible(verdict(done.summary, words))))
    for told in unread(done.summary, words, _NAMED) if files_only else ():
        outputs.complain(say("cli.said", told=visible(told)))
    files = left(done.summary, words)
    if files and files_only:
        more = "……" if len(files) > _NAMED else ""
        named = words["semicolon"].join(files[:_NAMED]) + more
        told = words["batch.why"].format(whose=left_n(done.summary, words), why=named)
        outputs.complain(say("cli.said", told=visible(told)))
    for told in unadopted(done.summary, words) if files_only else ():
        outputs.complain(say("cli.said", told=visible(told)))


def _tell_new(done: Done, asked: Asked, tell: Tell) -> None:
    """Who does not pass a gate of what is new: the code alone does not say it."""
    counted = (EXIT_FAIL, EXIT_UNSETTLED)
    names = [one.shown for one in done.entries if one.code in counted]
    if names and asked.gate.startswith("new"):
        tell("batch.new_in", {"n": len(names), "names": listed(names)})


def _tell_written(done: Done, asked: Asked, singles: Sequence[outputs.Output], tell: Tell) -> None:
    for i, (_, file) in enumerate(asked.files):
        n = sum(
            "{}={}".format(*done.files[one.path][i]) in one.written
            for one in done.entries
            if one.path in done.files
        )
        tell("batch.written_each", {"file": file, "n": n})
    for output in singles:
        if output.path is not None:
            tell("batch.written", {"file": str(output.path)})
