"""``kehou score --scheme FILE PATH...``: score sheets by the bureau's scheme, and a ranking."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import kehou
from kehou.cli import choice, listed, output_option, outputs, say, written
from kehou.commands import many
from kehou.commands.choices import REGISTER, check_options, chosen_settings, register_of
from kehou.commands.score_files import (
    refuse_unwritable,
    tell_own,
    tell_stray_values,
    write,
    write_own,
)
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
    from kehou.batch.register import Register
    from kehou.cli.settings import Settings
    from kehou.fields import Schema
    from kehou.packs import Pack
    from kehou.scoring import Scheme, Submitter
    from kehou.scoring.scores_file import Values
    from kehou.scoring.sheet import Sheet

_Told = TypeVar("_Told")

#: The most schools of one folder.
MOST_SCHOOLS = 5_000
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
        type=written(RANKINGS, "--ranking"),
        help="command.score.ranking",
    )
    parser.add_argument("--previous", metavar="RANKING", help="command.score.previous")
    parser.add_argument("-v", "--verbose", action="store_true", help="command.score.verbose")
    parser.add_argument("--force", action="store_true", help="cli.force")


def run(options: argparse.Namespace) -> int:
    """Score every school that can be read, whatever befalls another."""
    from kehou.scoring import evaluation as scoring
    from kehou.scoring import formats, ranking, scheme_lint, scores_file

    if not options.scheme:
        hint = say("score.how_to_get_one")
        raise UsageError("no-scheme", say("command.score.no_scheme"), "--scheme", hint)
    ranks = options.ranking or []
    wanted = options.output or _default(ranks)
    given_files = [options.scheme, options.scores, options.previous]
    each = [output for output in wanted if many.has_slots([output])]
    together = [output for output in wanted if output not in each]
    outputs.check_targets([*together, *ranks], [*options.paths, *filter(None, given_files)])
    if options.previous and not ranks:
        raise UsageError(
            "usage",
            say("command.score.previous_alone"),
            "--previous",
            say("command.score.add_ranking"),
        )
    blank = _blank(options)
    scheme = scheme_lint.load(options.scheme)
    values, faults = scores_file.load(options.scores, scheme) if options.scores else ({}, [])
    for fault in faults:
        outputs.complain(outputs.fault(*fault))
    past = ranking.read_past(options.previous) if options.previous else None
    failed: list[str] = []  # paths and codes that are not scored
    chosen = chosen_settings(*options.paths)
    schools = _schools(options, scheme, chosen, failed)
    if blank:
        code = _write_blank(blank, scheme, schools, failed, values)
        return EXIT_UNREADABLE if faults else code
    made: dict[str, list[Path]] = {}
    own = _own(options, each, scheme, made) if each else None
    telling = options.verbose or any(output.format != "text" for output in together)
    whole = bool(together) and telling
    scored = (scoring.score(scheme, s, values, options.model or "scheme") for s in schools)
    sheets, doubled = _once(_kept(scored, whole, own), lambda sheet: sheet.submitter, values)
    failed = [*sorted(failed), *doubled]
    if not sheets:
        return EXIT_UNREADABLE
    tell_stray_values(values, [sheet.submitter for sheet in sheets])
    if own:
        tell_own(each, made, doubled)
    if together:
        write(together, scheme, sheets, options.verbose)
    if ranks:
        found = ranking.rank(scheme, sheets, past, failed)
        for output in ranks:
            outputs.write(output, formats.RANKINGS[output.format](scheme, found))
        outputs.tell_written(ranks, len(sheets))
    if failed or faults:
        return EXIT_UNREADABLE
    return EXIT_OK if all(_settled(sheet) for sheet in sheets) else EXIT_UNSETTLED


def _own(
    options: argparse.Namespace,
    each: Sequence[outputs.Output],
    scheme: Scheme,
    made: dict[str, list[Path]],
) -> Callable[[Sheet], None]:
    """What writes the files of one sheet; ``made`` gets their names."""
    schema = kehou.load_pack(scheme.packs[0]).schema
    refuse_unwritable(each, options.paths, schema)
    return lambda sheet: write_own(each, scheme, sheet, schema, made)


def _kept(sheets: Iterable[Sheet], whole: bool, own: Callable[[Sheet], None] | None) -> list[Sheet]:
    """What is held of the sheets: all of each, or only the row of a ranking; one alone whole."""
    from kehou.scoring.ranked_row import breaches_of, ranked_row

    kept: list[Sheet] = []
    for sheet in sheets:
        if own:
            own(sheet)
        if len(kept) == 1 and not whole:
            kept[0] = ranked_row(kept[0])
        if whole or not kept:
            kept.append(replace(sheet, submitter=breaches_of(sheet.submitter)))
        else:
            kept.append(ranked_row(sheet))
    return kept


def _write_blank(
    target: Path,
    scheme: Scheme,
    schools: Iterator[Submitter],
    failed: list[str],
    values: Values,
) -> int:
    """The workbook in which people give scores, a row for each and what nobody computes."""
    from kehou.scoring import score_sheets
    from kehou.scoring.ranked_row import breaches_of

    kept, doubled = _once([breaches_of(school) for school in schools], lambda school: school, {})
    if not kept:
        return EXIT_UNREADABLE
    outputs.write(outputs.Output("xlsx", target), score_sheets.workbook(scheme, kept, values))
    outputs.tell_written([outputs.Output("xlsx", target)], len(kept))
    return EXIT_UNREADABLE if failed or doubled else EXIT_OK


def _blank(options: argparse.Namespace) -> Path | None:
    """The workbook to write for people to give scores in; raises UsageError where it cannot be."""
    if not options.blank:
        return None
    from kehou.commands.form import new_file

    return new_file(options.blank, (".xlsx",), options.force, options.paths)


def _default(ranks: Sequence[outputs.Output]) -> list[outputs.Output]:
    """Text, unless the ranking goes to the screen itself."""
    return [] if any(output.path is None for output in ranks) else [outputs.Output("text")]


def _settled(sheet: Any) -> bool:
    return all(line.state != "open" for line in sheet.lines) and all(
        veto.state != "possible" for veto in sheet.vetoes
    )


# --- the schools ---------------------------------------------------------------------------


def _schools(
    options: argparse.Namespace, scheme: Scheme, chosen: Settings, failed: list[str]
) -> Iterator[Submitter]:
    """The schools that can be read, one after the other; ``failed`` gets the paths of the rest."""
    from kehou.batch.register import read_register
    from kehou.submission import refuse_unnamed

    options.stage, options.pack = scheme.stage.value, list(scheme.packs)
    register = register_of(options, chosen)
    options.data = [one for one in options.data or () if one[0] != REGISTER]
    checking = check_options(options, chosen, language="zh")
    shelf: dict[str, Pack] = {name: kehou.load_pack(name) for name in scheme.packs}
    schema = shelf[scheme.packs[0]].schema
    listing = read_register(register, schema) if register else None
    for note in listing.notes if listing else ():
        outputs.remark("command.form.register_note", note=note)
    with tempfile.TemporaryDirectory(prefix="kehou-") as scratch:
        found = _found(options.paths, schema, Path(scratch), failed)
        if len(found) > 1:
            refuse_unnamed(checking.data, schema)
        for one in _watched(found, shelf[scheme.packs[0]], options.lang or "zh"):
            try:
                for school in _read(one.path, one.place, checking, shelf, scheme, failed):
                    yield _registered(school, listing)
            except PackError:
                raise
            except KehouError as error:
                outputs.complain_of(error, one.path if len(found) > 1 else "")
                failed.append(one.path)
            except Exception as error:
                outputs.complain(outputs.crash(error, one.path))
                failed.append(one.path)


def _registered(school: Submitter, register: Register | None) -> Submitter:
    """A submitter without a code by its row of the register, where there is one that is meant."""
    if register is None or school.id:
        return school
    row = register.row_of("", school.name)
    if row is None and not school.name:
        row = register.row_within(school.source)
    if row is None or not row.id:
        return school
    strata = {**row.strata, **{name: one for name, one in school.strata.items() if one}}
    name = school.name or row.name
    return replace(school, id=row.id, name=name, strata=strata, listed=True)


def _watched(found: Sequence[Any], pack: Pack, language: str) -> Iterator[Any]:
    """The inputs one by one, of several with a bar on a terminal."""
    from kehou.batch.progress import watched
    from kehou.render.words import catalogue

    words = catalogue.of_packs([pack], language)
    total = len(found) if len(found) > 1 else 0
    title, unit, left = (words[f"batch.{name}"] for name in ("scoring", "unit", "left"))
    return watched(found, total, title, unit, left)


def _found(paths: Sequence[str], schema: Schema, scratch: Path, failed: list[str]) -> list[Any]:
    """What is at the paths, found as a check of many finds it; what is no submission is told."""
    from kehou import batch

    inputs: list[Any] = []
    for path in paths:
        found = batch.find([path], schema, scratch)
        for where, error in found.failed:
            outputs.complain_of(error, where)
            failed.append(where)
        seen = [one for one in found.inputs if _is_report(one) or not batch.is_stray(one, schema)]
        places = {one.place for one in seen}
        left = [one.path for one in found.inputs if one.place not in places]
        for name in [*found.strays, *left]:
            outputs.remark("command.check.left", name=name)
        try:
            inputs += _counted(seen, path, bool(found.failed))
        except KehouError as error:
            outputs.complain_of(error)
            failed.append(path)
    return inputs


def _counted(seen: Sequence[Any], path: str, told: bool) -> Sequence[Any]:
    """The inputs of a path; raises UsageError where they are none or too many."""
    if not seen and not told:
        raise UsageError(
            "no-schools",
            say("command.score.none_inside"),
            path,
            say("command.score.one_each"),
        )
    if len(seen) > MOST_SCHOOLS:
        raise UsageError(
            "too-many-schools",
            say("command.score.too_many", n=MOST_SCHOOLS),
            path,
            say("command.score.in_parts"),
        )
    return seen


def _is_report(one: Any) -> bool:
    """Whether a file may be a report, which is read for scoring as it is."""
    return one.place.lower().endswith(".json") and os.path.isfile(one.place)


def _read(
    name: str,
    place: str,
    options: kehou.CheckOptions,
    shelf: dict[str, Pack],
    scheme: Scheme,
    failed: list[str],
) -> Iterator[Submitter]:
    """The schools of one path: a report as it is, a submission checked now."""
    from kehou.scoring import reports_in

    trees = _reports(place)
    if trees is None:
        from kehou.render.programs import document

        report = kehou.check(place, options, shelf)
        trees = [document(replace(report, submission=replace(report.submission, path=name)))]
    for tree in trees:
        school = reports_in.read(tree, name, scheme.waived)
        if school.stage != scheme.stage:
            raise UnreadableError(
                "other-stage",
                say("command.score.other_stage"),
                name,
                say("command.score.check_again", stage=scheme.stage),
            )
        if not tree["results"]:
            told, hint = say("command.score.unread"), say("command.score.mend")
            outputs.complain_of(UnreadableError("unread", told, school.source, hint))
            failed.append(school.source)
            continue
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


def _once(
    found: Sequence[_Told], whose: Callable[[_Told], Submitter], values: Values
) -> tuple[list[_Told], list[str]]:
    """Those who came once, in code order, and the codes of the others: a person must say which.

    So of those without a code to whose common name scores were given; they are told by file.
    """
    from kehou.readers.copied_text import as_code

    by_code: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for one in map(whose, found):
        if one.id:
            by_code.setdefault(one.id, []).append(one.source)
        if one.name and (one.listed or not one.id):
            by_name.setdefault(as_code(one.name), []).append(one.source)
    doubled = sorted(code for code, places in by_code.items() if len(places) > 1)
    for code in doubled:
        places = listed(sorted(by_code[code]))
        told = say("command.score.twice", code=code, n=len(by_code[code]), places=places)
        hint = say("command.score.keep_one")
        outputs.complain_of(UnreadableError("school-twice", told, hint=hint))
    for name in sorted({name for name, _ in values} & set(by_name)):
        if len(by_name[name]) > 1:
            places = listed(sorted(by_name[name]))
            told = say("command.score.same_name", name=name, places=places)
            hint = say("command.score.add_register")
            outputs.complain_of(UnreadableError("school-unclear", told, hint=hint))
            doubled += sorted(by_name[name])
    kept = [one for one in found if not {whose(one).id, whose(one).source} & {*doubled}]
    return sorted(kept, key=lambda one: whose(one).order), doubled
