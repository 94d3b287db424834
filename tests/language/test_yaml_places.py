"""A date of ours is a day that there is, wherever it is written."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from tests.support.command_line import here

from kehou import data
from kehou.checking import CheckOptions
from kehou.cli import date as of_option
from kehou.errors import UsageError
from kehou.fields import validation
from kehou.language.yaml_places import Faults, Place, date
from kehou.readers import read

NO_DAYS = {
    "2021-02-30": "2021 年 2 月没有 30 日",
    "2022-02-29": "2022 年 2 月没有 29 日",
    "2021-13-45": "没有 13 月",
    "2021-00-10": "没有 0 月",
    "2021-04-31": "2021 年 4 月没有 31 日",
    "0000-01-01": "没有 0 年",
}
NO_DATES = ["２０２１-09-01", "2021-9-1", "20210901", "2021-W01-1", "2021-09-01 ", "明天"]


def told(word: str) -> list[tuple[str, str, str]]:
    """(place, message, hint) of a date in a YAML file."""
    document, faults = read("w.yaml", f"a: 1\nuntil: '{word}'\n".encode()), Faults()
    found = date(document.tree["until"], Place(document, faults, ("until",)))
    assert (found is None) is bool(faults.found)
    return faults.placed()


@pytest.mark.parametrize(("word", "why"), NO_DAYS.items())
def test_a_day_that_does_not_exist_is_told_with_its_place(word: str, why: str) -> None:
    assert told(word) == [("w.yaml:2", f"没有 {word} 这一天：{why}", "请核对年月日")]


@pytest.mark.parametrize("word", NO_DATES)
def test_what_is_no_iso_date_is_told_how_to_write(word: str) -> None:
    assert told(word) == [("w.yaml:2", f"日期写作 {word}", "请写成 2021-09-01 的样子")]


#: What the command line takes as people write it; a file must be exact.
WRITTEN = {"２０２１-09-01": "2021-09-01", "2021-9-1": "2021-09-01", "2021-09-01 ": "2021-09-01"}


@pytest.mark.parametrize("word", [*NO_DAYS, *NO_DATES])
def test_options_and_data_files_refuse_the_same(word: str) -> None:
    """A day that does not exist is refused everywhere; how it is written, only in files."""
    if word in WRITTEN:
        assert of_option(word) == WRITTEN[word]
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="不是日期"):
            of_option(word)
    with pytest.raises(UsageError):
        CheckOptions(as_of=word)
    notice = {"format": "kehou-notice/1", "due": word}
    assert "/due" in [pointer for pointer, _, _ in validation.validate(notice, "notice")]


def test_a_leap_day_is_one() -> None:
    assert told("2024-02-29") == []
    assert of_option("2024-02-29") == "2024-02-29"


def test_a_pack_with_a_day_that_does_not_exist_does_not_load(tmp_path: Path) -> None:
    source = data.rules().joinpath("bayannur-2021")
    place = tmp_path / "own"
    for path in Path(str(source)).rglob("*"):
        if path.is_file():
            target = place / path.relative_to(str(source))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    file = place / "pack.yaml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if "effective_from:" in line)
    key = lines[number].partition(":")[0]
    lines[number] = f"{key}: 2021-02-30\n"
    file.write_text("".join(lines), "utf-8")
    code, out, err = here("lint", "--pack", str(place))
    assert code == 2 or code == 1
    assert "没有 2021-02-30 这一天" in out + err
