"""``kehou score --scheme FILE PATH...``: score sheets by the bureau's scheme, and a ranking."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import choice, listed, output_option, outputs, say, written
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import (
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_UNSETTLED,
    KehouError,
    PackError,
    UnreadableError,
    UsageError,
)

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.packs import Pack
    from kehou.scoring import Scheme, Submitter

#: The most schools of one folder.
MOST_SCHOOLS = 5_000
_SUBMISSIONS = (".yaml", ".yml", ".json", ".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et")
#: The models (kehou.scoring.sheet.MODELS), written out so that help needs no engine.
MODELS = ("scheme", "default", "flat", "flat-unweighted", "absolute")
#: What sheets and rankings are written in (kehou.scoring.formats), likewise.
SHEETS = ("text", "json", "html", "csv", "docx", "xlsx")
RANKINGS = ("html", "xlsx", "csv", "json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="command.score.paths",
    )
    parser.add_argument("--scheme", metavar="FILE", help="command.score.scheme")
    parser.add_argument("--scores", metavar="FILE", help="command.score.scores")
    parser.add_argument("--blank", metavar="FILE", help="command.score.blank")
    parser.add_argument("--model", type=choice(MODELS), metavar="MODEL", help="command.score.model")
    output_option(parser, SHEETS, "command.score.output")
    parser.add_argument(
        "--ranking",
        action="append",
        metavar="FORMAT[=FILE]",
        type=written(RANKINGS),
        help="command.score.ranking",
    )
    parser.add_argument("--previous", metavar="RANKING", help="command.score.previous")
    parser.add_argument("-v", "--verbose", action="store_true", help="command.score.verbose")


def run(options: argparse.Namespace) -> int:
    """Score every school that can be read, whatever befalls another."""
    from kehou.scoring import evaluation as scoring
    from kehou.scoring import formats, ranking, scheme_lint, scores_file
    from kehou.scoring import sheet_text as score_text

    if not options.scheme:
        hint = say("score.how_to_get_one")
        raise UsageError("no-scheme", say("command.score.no_scheme"), "--scheme", hint)
    ranks = options.ranking or []
    wanted = options.output or _default(ranks)
    given_files = [options.scheme, options.scores, options.previous]
    outputs.check_targets([*wanted, *ranks], [*options.paths, *filter(None, given_files)])
    if options.previous and not ranks:
        raise UsageError(
            "usage",
            say("command.score.previous_alone"),
            "--previous",
            say("command.score.add_ranking"),
        )
    blank = _blank(options)
    scheme = scheme_lint.load(options.scheme)
    values = scores_file.load(options.scores, scheme) if options.scores else {}
    past = ranking.read_past(options.previous) if options.previous else None
    schools, failed = _schools(options, scheme)  # paths and codes that are not scored
    if not schools:
        return EXIT_UNREADABLE
    if options.blank:
        from kehou.scoring import score_sheets

        outputs.write(outputs.Output("xlsx", blank), score_sheets.workbook(scheme, schools))
        return EXIT_UNREADABLE if failed else EXIT_OK
    sheets = [scoring.score(scheme, one, values, options.model or "scheme") for one in schools]
    _tell_stray_values(values, schools)
    for output in wanted:
        if output.format == "text":
            outputs.write(output, score_text.sheets(scheme, sheets, options.verbose))
        else:
            outputs.write(output, formats.SHEETS[output.format](scheme, sheets))
    if ranks:
        found = ranking.rank(scheme, sheets, past, failed)
        for output in ranks:
            outputs.write(output, formats.RANKINGS[output.format](scheme, found))
    if failed:
        return EXIT_UNREADABLE
    return EXIT_OK if all(_settled(sheet) for sheet in sheets) else EXIT_UNSETTLED


def _blank(options: argparse.Namespace) -> Path | None:
    """The workbook to write for people to give scores in; raises UsageError where it cannot be."""
    if not options.blank:
        return None
    from kehou.commands.form import new_file

    return new_file(options.blank, (".xlsx",), False, options.paths)


def _default(ranks: Sequence[outputs.Output]) -> list[outputs.Output]:
    """Text, unless the ranking goes to the screen itself."""
    return [] if any(output.path is None for output in ranks) else [outputs.Output("text")]


def _settled(sheet: Any) -> bool:
    return all(line.state != "open" for line in sheet.lines) and all(
        veto.state != "possible" for veto in sheet.vetoes
    )


# --- the schools ---------------------------------------------------------------------------


def _schools(
    options: argparse.Namespace, scheme: Scheme
) -> tuple[list[Submitter], tuple[str, ...]]:
    """The schools that could be read, in code order, and what is not scored: paths and codes."""
    from kehou.submission import refuse_unnamed

    chosen = chosen_settings(*options.paths)
    options.stage, options.pack = scheme.stage.value, list(scheme.packs)
    checking = check_options(options, chosen, language="zh")
    shelf: dict[str, Pack] = {name: kehou.load_pack(name) for name in scheme.packs}
    schema = shelf[scheme.packs[0]].schema
    found: list[Submitter] = []
    failed: list[str] = []
    names: list[str] = []
    for path in options.paths:
        try:
            names += _expanded(path, schema)
        except KehouError as error:
            outputs.complain_of(error)
            failed.append(path)
    if len(names) > 1:
        refuse_unnamed(checking.data, schema)
    for name in names:
        try:
            for school in _read(name, checking, shelf, scheme):
                found.append(school)
        except PackError:
            raise
        except KehouError as error:
            outputs.complain_of(error, name if len(names) > 1 else "")
            failed.append(name)
        except Exception as error:
            outputs.complain(outputs.crash(error, name))
            failed.append(name)
    kept = _once(found)
    doubled = {school.id for school in found} - {school.id for school in kept}
    return sorted(kept, key=lambda s: s.order), (*sorted(failed), *sorted(doubled))


def _expanded(path: str, schema: Schema) -> Iterator[str]:
    """A path itself, or the submissions and reports in a folder of schools."""
    from kehou.readers.door import listed as listed_in

    place = Path(path)
    if path == "-" or not os.path.isdir(place) or _is_submission(place, schema):
        yield path
        return
    entries = sorted(e for e in listed_in(place) if not e.name.startswith("."))
    inside = [e for e in entries if e.is_dir() or e.suffix.lower() in _SUBMISSIONS]
    if not inside:
        raise UsageError(
            "no-schools",
            say("command.score.none_inside"),
            path,
            say("command.score.one_each"),
        )
    if len(inside) > MOST_SCHOOLS:
        raise UsageError(
            "too-many-schools",
            say("command.score.too_many", n=MOST_SCHOOLS),
            path,
            say("command.score.in_parts"),
        )
    for entry in inside:
        yield str(entry)


def _is_submission(folder: Path, schema: Schema) -> bool:
    """Whether a folder is one school's: it holds a plan or a part of a submission."""
    from kehou.readers.door import listed as listed_in
    from kehou.readers.door import shown

    return any(
        e.is_file() and schema.part_of_stem(shown(e.stem)) is not None for e in listed_in(folder)
    )


def _read(
    name: str, options: kehou.CheckOptions, shelf: dict[str, Pack], scheme: Scheme
) -> Iterator[Submitter]:
    """The schools of one path: a report as it is, a submission checked now."""
    from kehou.scoring import reports_in

    trees = _reports(name)
    if trees is None:
        from kehou.render.programs import document

        trees = [document(kehou.check(name, options, shelf))]
    for tree in trees:
        school = reports_in.read(tree, name, scheme.waived)
        if school.stage != scheme.stage:
            raise UnreadableError(
                "other-stage",
                say("command.score.other_stage"),
                name,
                say("command.score.check_again", stage=scheme.stage),
            )
        yield school


def _reports(name: str) -> Sequence[Any] | None:
    """The reports in a JSON file; None where it is no report but a submission."""
    from kehou.checking.report_files import is_report, read_reports
    from kehou.scoring.json import SCORES
    from kehou.scoring.ranking import FORMAT

    path = Path(name)
    if path.suffix.lower() != ".json" or not os.path.isfile(path):
        return None
    if is_report(path, (FORMAT, SCORES)):
        told, hint = say("command.score.no_report"), say("command.score.move_it")
        raise UnreadableError("not-a-school", told, name, hint)
    return read_reports(path, UnreadableError)[0] if is_report(path) else None


def _once(schools: Sequence[Submitter]) -> list[Submitter]:
    """The schools without those that came twice: which of the two holds, a person must say."""
    by_code: dict[str, list[Submitter]] = {}
    for school in schools:
        if school.id:
            by_code.setdefault(school.id, []).append(school)
    doubled = {code for code, found in by_code.items() if len(found) > 1}
    for code in sorted(doubled):
        places = listed(sorted(school.source for school in by_code[code]))
        told = say("command.score.twice", code=code, n=len(by_code[code]), places=places)
        hint = say("command.score.keep_one")
        outputs.complain_of(UnreadableError("school-twice", told, hint=hint))
    return [school for school in schools if school.id not in doubled]


def _tell_stray_values(values: Any, schools: Sequence[Submitter]) -> None:
    """Values for schools that are not scored now are told, for a code may be mistyped."""
    known = {school.id for school in schools}
    strays = sorted({code for code, _ in values if code not in known})
    if strays:
        more = say("command.score.more") if len(strays) > 10 else ""
        outputs.remark("command.score.strays", codes=listed(strays[:10]) + more)
