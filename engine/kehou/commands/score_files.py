"""Where the sheets of ``kehou score`` go: one file for all, or, by slots, one for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kehou.cli import listed, outputs, say
from kehou.commands import many
from kehou.errors import UsageError

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.scoring import Scheme, Submitter
    from kehou.scoring.scores_file import Values
    from kehou.scoring.sheet import Sheet


def write(
    wanted: Sequence[outputs.Output], scheme: Scheme, sheets: Sequence[Sheet], full: bool
) -> None:
    """The sheets of all, in one file each format."""
    for output in wanted:
        _written(output, scheme, sheets, full)
    outputs.tell_written(wanted, len(sheets))


def refuse_unwritable(each: Sequence[outputs.Output], paths: Sequence[str], schema: Schema) -> None:
    """Raise UsageError where files of each cannot be written under the names asked for."""
    from kehou.batch.file_names import refuse_unknown

    many.refuse_inside([output.path for output in each if output.path], paths)
    for output in each:
        refuse_unknown(str(output.path), schema)


def write_own(
    wanted: Sequence[outputs.Output],
    scheme: Scheme,
    sheet: Sheet,
    schema: Schema,
    made: dict[str, list[Path]],
) -> None:
    """The files of one alone; ``made`` has the files of each so far, by its code.

    Raises UsageError where another's file has that name.
    """
    from kehou.batch.file_names import names_of
    from kehou.batch.survey import Surveyed

    submitter = sheet.submitter
    strata = [(name, submitter.stratum(name)) for name in submitter.strata]
    own = Surveyed(submitter.source, "", "", submitter.id, submitter.name, tuple(strata))
    if submitter.id and submitter.id in made:  # which of the two holds nobody can say
        return
    taken = {path for files in made.values() for path in files}
    files = made.setdefault(submitter.id or submitter.source, [])
    for output in wanted:
        (name,) = names_of(str(output.path), [own], schema).values()
        if Path(name) in taken:
            told = say("command.score.same_file", file=name)
            raise UsageError("output-names", told, f"-o {output.path}")
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        target = outputs.Output(output.format, Path(name))
        _written(target, scheme, [sheet], True)
        files.append(Path(name))


def _written(output: outputs.Output, scheme: Scheme, found: Sequence[Sheet], full: bool) -> None:
    from kehou.scoring import formats
    from kehou.scoring import sheet_text as score_text

    if output.format == "text":
        outputs.write(output, score_text.sheets(scheme, found, full))
    else:
        outputs.write(output, formats.SHEETS[output.format](scheme, found))


def tell_own(
    wanted: Sequence[outputs.Output], made: dict[str, list[Path]], doubled: Sequence[str]
) -> None:
    """Take back the files of those who came twice, and tell how many there are."""
    for code in doubled:
        for path in made.pop(code, ()):
            path.unlink(missing_ok=True)
    for output in wanted:
        outputs.remark("batch.written_each", file=str(output.path), n=len(made))


def tell_stray_values(values: Values, schools: Sequence[Submitter]) -> None:
    """Values for schools that are not scored now are told, for a code may be mistyped."""
    known = {key for school in schools for key in school.keys}
    strays = sorted({code for code, _ in values if code not in known})
    if strays:
        more = say("command.score.more") if len(strays) > 10 else ""
        outputs.remark("command.score.strays", codes=listed(strays[:10]) + more)
    for school in schools:
        for first, *others in [school.keys] if len(school.keys) > 1 else ():
            both = {name for code, name in values if code == first} & {
                name for code, name in values if code in others
            }
            if both:
                outputs.remark("command.score.both", name=school.name, id=first, n=len(both))
