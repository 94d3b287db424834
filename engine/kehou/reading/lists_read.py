"""All rows of a submission's lists that a paper states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kehou.documents import Paper, paper
from kehou.reading.amounts_library import Amounts
from kehou.reading.amounts_read import amounts_of
from kehou.reading.choices_library import Choices
from kehou.reading.choices_read import choices_of
from kehou.reading.hours_library import HOURS
from kehou.reading.hours_settled import HourRow, hour_rows
from kehou.reading.library import Library
from kehou.reading.listed_rows import Listed, Where
from kehou.reading.names_read import names_of
from kehou.reading.rows_cases import RowsCase


def listed(made: Paper, library: Library) -> list[Listed]:
    """The rows that a paper states, list by list in reading order."""
    return [row for name in _files(library) for row in _of_file(made, library, name)]


def paths_of(library: Library) -> list[str]:
    """The lists that prose is read for."""
    hours = [library.hours.path] if library.hours is not None else []
    return [*hours, *(one.path for one in library.lists.values())]


def run_rows(
    library: Library,
) -> Iterator[tuple[str, RowsCase, list[dict[str, str]], int]]:
    """Each case of a file by which rows are read, with what is read of it.

    Gives the file's name, the case, the rows, and how many things the text states in two ways.
    ``|`` parts the cells of a table's row; numbers of a list are as 1-5 or 1,3.
    """
    cases = [(HOURS, one) for one in (library.hours.cases if library.hours is not None else ())]
    cases += [(name, case) for name, one in library.lists.items() for case in one.cases]
    for name, case in cases:
        yield name, case, *rows_in(case.text, library, name)


def rows_in(text: str, library: Library, name: str) -> tuple[list[dict[str, str]], int]:
    """What one text states by one file: the rows, and how many things it states in two ways."""
    from kehou.readers.plain_text import read_text

    rows = _of_file(paper("", read_text(text.encode()).blocks), library, name)
    told = [{key: _told(value) for key, value in row.values.items()} for row in rows]
    return told, sum(bool(row.twice) for row in rows)


def _files(library: Library) -> list[str]:
    return [*([HOURS] if library.hours is not None else []), *library.lists]


def _of_file(made: Paper, library: Library, name: str) -> list[Listed]:
    if name == HOURS:
        return [_hour(row, library) for row in hour_rows(made, library)]
    one = library.lists[name]
    if isinstance(one, Amounts):
        return amounts_of(made, one, library)
    if isinstance(one, Choices):
        return choices_of(made, one, library)
    return names_of(made, one, library)


def _hour(row: HourRow, library: Library) -> Listed:
    assert library.hours is not None
    read, other = row.read, row.against
    return Listed(
        library.hours.path,
        row.values,
        Where(read.paragraph, read.start_at, read.end_at),
        library.hours.until if other is not None else "",
        Where(other.paragraph, other.start_at, other.end_at) if other is not None else None,
    )


def _told(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    if not all(one.isdecimal() for one in value):
        return ",".join(value)
    found = list(map(int, value))
    through = len(found) > 1 and found == list(range(found[0], found[-1] + 1))
    return f"{found[0]}-{found[-1]}" if through else ",".join(map(str, found))
