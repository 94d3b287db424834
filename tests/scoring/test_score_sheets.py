"""The scores workbook: written empty, filled in as people fill, read back as the CSV would be."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.command_line import here as kehou

from kehou.cli.main import main
from kehou.errors import EXIT_UNREADABLE, EXIT_UNSETTLED
from kehou.scoring import scheme_lint, scores_file

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).parents[2]
SCHEME = ROOT / "docs" / "scheme-example" / "scheme.yaml"
SCHOOL = ROOT / "examples" / "folder-with-evidence"


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("scores") / "给分.xlsx"
    assert main(["score", "--scheme", str(SCHEME), str(SCHOOL), "--blank", str(file)]) == 0
    return file.read_bytes()


def filled(blank: bytes, file: Path, values: dict[str, str]) -> Path:
    book = load_workbook(io.BytesIO(blank))
    page: Any = book.active
    head = next(row for row in page.iter_rows() if row[2].value == "指标")[0].row
    for row in page.iter_rows(min_row=head + 1):
        if row[2].value in values:
            row[4].value = values[row[2].value]
    book.save(file)
    return file


def test_what_people_write_is_read(blank: bytes, tmp_path: Path) -> None:
    scheme = scheme_lint.load(str(SCHEME))
    values = {"家长满意度": "８３％", "现场秩序与交接": "3.5分", "特色做法": "不适用"}
    found, _ = scores_file.load(str(filled(blank, tmp_path / "给分.xlsx", values)), scheme)
    titles = {one.id: one.title for one in scheme.indicators}
    told = {titles[name]: one.value for (_, name), one in found.items()}
    assert told["特色做法"] is None
    assert (told["家长满意度"], told["现场秩序与交接"]) == (Fraction(83), Fraction(7, 2))
    assert {one.place.partition("!")[0] for one in found.values()} == {"给分.xlsx"}


def test_a_sheet_begins_with_what_was_given(blank: bytes, tmp_path: Path) -> None:
    """A school that came later needs no second workbook."""
    scheme = scheme_lint.load(str(SCHEME))
    values = {"家长满意度": "83.5", "现场秩序与交接": "3.5", "特色做法": "不适用"}
    old, new = filled(blank, tmp_path / "旧.xlsx", values), tmp_path / "新.xlsx"
    call = ["score", "--scheme", str(SCHEME), str(SCHOOL), "--scores", str(old)]
    assert main([*call, "--blank", str(new)]) == 0

    def told(file: Path) -> dict[tuple[str, str], Fraction | None]:
        return {key: one.value for key, one in scores_file.load(str(file), scheme)[0].items()}

    assert told(new) == told(old) and len(told(new)) == 3


@pytest.mark.parametrize("key", ["school", "indicator"])
@pytest.mark.parametrize("blank", ["''", "' '", '"\\u200b"'])
def test_points_of_nobody_and_for_nothing_are_told_and_not_dropped(
    key: str, blank: str, tmp_path: Path
) -> None:
    """A line left without its school is points that somebody gave."""
    scheme = scheme_lint.load(str(SCHEME))
    row = {"school": "'1508020001'", "indicator": scheme.indicators[0].id, "value": "'3'"}
    lines = [f"    {name}: {word}" for name, word in {**row, key: blank}.items()]
    file = tmp_path / "给分.yaml"
    file.write_text("scores:\n  -\n" + "\n".join(lines) + "\n", "utf-8")
    found, [(place, told, _)] = scores_file.load(str(file), scheme)
    assert found == {} and place.startswith("给分.yaml:")
    assert told == {"school": "没有写是谁的分", "indicator": "没有写是哪个指标的分"}[key]


def test_an_empty_sheet_gives_nothing(blank: bytes, tmp_path: Path) -> None:
    scheme = scheme_lint.load(str(SCHEME))
    assert scores_file.load(str(filled(blank, tmp_path / "给分.xlsx", {})), scheme) == ({}, [])


def test_a_percentage_of_points_is_refused_with_its_cell(blank: bytes, tmp_path: Path) -> None:
    scheme = scheme_lint.load(str(SCHEME))
    file = filled(blank, tmp_path / "给分.xlsx", {"现场秩序与交接": "83%"})
    found, [(place, told, _)] = scores_file.load(str(file), scheme)
    assert found == {} and "百分数" in told
    assert "给分.xlsx!" in place


@pytest.mark.parametrize("word", ["0.92", ".9", "1", "1.0"])
def test_a_fraction_of_a_survey_is_asked_about_at_its_cell(
    blank: bytes, tmp_path: Path, word: str
) -> None:
    """0.92 of 100 is hardly meant, and 92 % is not written."""
    scheme = scheme_lint.load(str(SCHEME))
    file = filled(blank, tmp_path / "给分.xlsx", {"家长满意度": word})
    found, [(place, told, hint)] = scores_file.load(str(file), scheme)
    assert found == {} and place.startswith("给分.xlsx!")
    assert "不知道是 " in told and "%，或写 " in hint
    assert f"{word}%" in told


@pytest.mark.parametrize(("word", "value"), [("0", 0), ("0.92%", Fraction(23, 25)), ("1%", 1)])
def test_what_can_be_meant_in_one_way_is_taken(
    blank: bytes, tmp_path: Path, word: str, value: Fraction
) -> None:
    scheme = scheme_lint.load(str(SCHEME))
    file = filled(blank, tmp_path / "给分.xlsx", {"家长满意度": word})
    (found,) = scores_file.load(str(file), scheme)[0].values()
    assert found.value == value


def test_a_percent_cell_is_a_percent(blank: bytes, tmp_path: Path) -> None:
    scheme = scheme_lint.load(str(SCHEME))
    book = load_workbook(io.BytesIO(blank))
    page: Any = book.active
    for row in page.iter_rows():
        if row[2].value == "家长满意度":
            row[4].value, row[4].number_format = 0.92, "0%"
    book.save(tmp_path / "给分.xlsx")
    (found,) = scores_file.load(str(tmp_path / "给分.xlsx"), scheme)[0].values()
    assert found.value == 92


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's scheme with indicators that are called by numbers."""
    file = tmp_path_factory.mktemp("numbered") / "scheme.yaml"
    text = SCHEME.read_text("utf-8")
    for old, new in (("q-parents", "1"), ("safe-site", "'002'"), ("plus-feature", "1-0")):
        text = text.replace(f"id: {old}", f"id: {new}")
    file.write_text(text, "utf-8")
    return file


_SCHOOL_ID = "1508020003"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *dict.fromkeys(
            ("1", "1.0", "1.00", "１", "１.0", "１．０", "\u200b1", "'1", "=1"), "1"
        ).items(),
        *dict.fromkeys(("002", "００２", '="002"', "002.0", "’002", "002\u200f"), "002").items(),
        *dict.fromkeys(("1-0", "1‑0", "１－０"), "1-0").items(),
        ("家长满意度", "1"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "yaml", "json", "xlsx"])
def test_an_id_as_people_copy_it_is_the_one_that_is_meant(
    written: str, read: str, form: str, numbered: Path, tmp_path: Path
) -> None:
    scheme = scheme_lint.load(str(numbered))
    file = _scores(tmp_path / f"给分.{form}", written)
    [(key, one)] = scores_file.load(str(file), scheme)[0].items()
    assert (key, one.value) == ((_SCHOOL_ID, read), Fraction(0))
    is_as_written = written in (read, "家长满意度") or (written, form) == ("'1", "csv")
    assert ("“" in one.place) != is_as_written


@pytest.mark.parametrize(
    "written", ["2", "2.0", "01", "1.5", "1.000", "1E+00", "10", "=A1", "#N/A"]
)
@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_an_id_that_may_be_another_is_told_at_its_place(
    written: str, form: str, numbered: Path, tmp_path: Path
) -> None:
    """002 that lost its zeros is 2, and 2 may be anything: nobody's points are guessed."""
    scheme = scheme_lint.load(str(numbered))
    file = _scores(tmp_path / f"给分.{form}", written)
    found, [(place, told, _)] = scores_file.load(str(file), scheme)
    assert found == {} and "没有指标" in told
    assert place.startswith(f"给分.{form}:2")


def _scores(file: Path, written: str) -> Path:
    row = {"school": _SCHOOL_ID, "indicator": written, "value": "0"}
    if file.suffix == ".csv":
        quoted = ",".join('"' + word.replace('"', '""') + '"' for word in row.values())
        file.write_text(f"{','.join(row)}\n{quoted}\n", "utf-8")
    elif file.suffix == ".xlsx":
        book = Workbook()
        page: Any = book.active
        page.append(["学校标识码", "指标", "数值"])
        page.append([""] * 3)
        for column, word in enumerate(row.values(), 1):
            page.cell(2, column).value = word
            page.cell(2, column).data_type = "s"
        book.save(file)
    else:
        lines = "".join(f", {key}: {json.dumps(word)}" for key, word in row.items())
        text = f"scores:\n  - {{{lines[2:]}}}\n"
        file.write_text(text if file.suffix == ".yaml" else json.dumps({"scores": [row]}), "utf-8")
    return file


@pytest.mark.parametrize("row", ["{ool: 2, ctor: a, lue: 5}", "{school: a, indicat: 1, value: 5}"])
def test_a_row_whose_headings_are_damaged_is_told_at_its_place(
    row: str, numbered: Path, tmp_path: Path
) -> None:
    scheme = scheme_lint.load(str(numbered))
    file = tmp_path / "给分.yaml"
    file.write_text(f"- {row}\n", "utf-8")
    found, faults = scores_file.load(str(file), scheme)
    assert found == {} and faults[0][0].startswith("给分.yaml:1")


# --- who has no code, and rows that are wrong ------------------------------------------------


PLAN = "学校: {{学校名称: {name}（示例）, 学段: [小学]}}\n方案:\n  服务开始日期: 2021-09-06\n"
FIRST, SECOND = "甲河小学", "乙河小学"


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    """A folder of two schools that have a name and no code, as those that hand in a text."""
    for name in (FIRST, SECOND):
        (tmp_path / "各校" / name).mkdir(parents=True)
        (tmp_path / "各校" / name / "plan.yaml").write_text(PLAN.format(name=name), "utf-8")
    return tmp_path / "各校"


def give(file: Path, *rows: tuple[str, str]) -> None:
    """Values for the parents' survey, written into a blank workbook by the school's name."""
    book = load_workbook(file)
    page: Any = book.active
    for row in page.iter_rows():
        for name, value in rows:
            if row[1].value == f"{name}（示例）" and row[2].value == "家长满意度":
                row[4].value = value
    book.save(file)


def scored(*arguments: str) -> tuple[int, dict[str, tuple[str | None, str]], str]:
    """The exit code, (code, state of the parents' survey) by school, and what was told."""
    code, out, told = kehou("score", "--scheme", str(SCHEME), *arguments, "-o", "json")
    found = {}
    for one in json.loads(out)["sheets"] if out else []:
        [line] = [line for line in one["indicators"] if line["title"] == "家长满意度"]
        found[one["school"]["name"].removesuffix("（示例）")] = (one["school"]["id"], line["state"])
    return code, found, told


def test_who_has_no_code_is_given_scores_by_name(nameless: Path, tmp_path: Path) -> None:
    """What is written out to be filled in is read again."""
    file = tmp_path / "给分.xlsx"
    kehou("score", "--scheme", str(SCHEME), str(nameless), "--blank", str(file))
    give(file, (FIRST, "83"))
    code, found, told = scored(str(nameless), "--scores", str(file))
    assert found == {FIRST: (None, "scored"), SECOND: (None, "open")}, told
    assert code == EXIT_UNSETTLED
    assert "不在本次范围" not in told


def test_a_row_that_is_wrong_costs_nobody_else(nameless: Path, tmp_path: Path) -> None:
    """Ten schools' scores were refused for one cell."""
    file = tmp_path / "给分.xlsx"
    kehou("score", "--scheme", str(SCHEME), str(nameless), "--blank", str(file))
    give(file, (FIRST, "很好"), (SECOND, "83"))
    code, found, told = scored(str(nameless), "--scores", str(file))
    assert found == {FIRST: (None, "open"), SECOND: (None, "scored")}
    assert code == EXIT_UNREADABLE
    assert "给分.xlsx!" in told and "“很好”不是数" in told


def test_the_register_gives_the_code(nameless: Path, tmp_path: Path) -> None:
    listing = tmp_path / "名单.csv"
    listing.write_text(f"学校标识码,学校名称\n1508020901,{FIRST}（示例）\n", "utf-8")
    file, given = tmp_path / "给分.xlsx", ("--data", f"register={listing}")
    kehou("score", "--scheme", str(SCHEME), str(nameless), *given, "--blank", str(file))
    page: Any = load_workbook(file).active
    codes = {row[1]: row[0] for row in page.iter_rows(values_only=True)}
    assert codes[f"{FIRST}（示例）"] == "1508020901"
    give(file, (FIRST, "83"), (SECOND, "90"))
    _, found, told = scored(str(nameless), *given, "--scores", str(file))
    assert found == {FIRST: ("1508020901", "scored"), SECOND: (None, "scored")}, told


def test_scores_given_before_there_was_a_register_are_kept(nameless: Path, tmp_path: Path) -> None:
    """The blank was made by name; the register that came later must not lose what was filled in."""
    listing = tmp_path / "名单.csv"
    listing.write_text(f"学校标识码,学校名称\n1508020901,{FIRST}（示例）\n", "utf-8")
    file, given = tmp_path / "给分.xlsx", ("--data", f"register={listing}")
    kehou("score", "--scheme", str(SCHEME), str(nameless), "--blank", str(file))
    give(file, (FIRST, "83"))
    _, found, told = scored(str(nameless), *given, "--scores", str(file))
    assert found[FIRST] == ("1508020901", "scored"), told
    assert "不在本次范围" not in told
    rows = [
        {"school": whose, "indicator": "家长满意度", "value": value}
        for whose, value in ((f"{FIRST}（示例）", "83"), ("1508020901", "90"))
    ]
    both = tmp_path / "给分.yaml"
    both.write_text(json.dumps({"scores": rows}), "utf-8")
    _, found, told = scored(str(nameless), *given, "--scores", str(both))
    assert "既按标识码 1508020901 又按名称" in told


def test_a_name_that_two_share_gives_neither_the_others_scores(tmp_path: Path) -> None:
    """By file they are told apart; by the name alone nobody can say whose the points are."""
    for folder in ("东", "西"):
        (tmp_path / "各校" / folder).mkdir(parents=True)
        (tmp_path / "各校" / folder / "plan.yaml").write_text(PLAN.format(name=FIRST), "utf-8")
    schools = str(tmp_path / "各校")
    file = tmp_path / "给分.yaml"
    row = {"school": f"{FIRST}（示例）", "indicator": "家长满意度", "value": "83"}
    file.write_text(json.dumps({"scores": [row]}), "utf-8")
    code, found, told = scored(schools, "--scores", str(file))
    assert (code, found) == (EXIT_UNREADABLE, {})
    assert "分不清是谁的分" in told
    blank = tmp_path / "给分.xlsx"
    kehou("score", "--scheme", str(SCHEME), schools, "--blank", str(blank))
    page: Any = load_workbook(blank).active
    assert len({row[0] for row in page.iter_rows(min_row=6, values_only=True)}) == 2


def test_two_rows_for_one_value_give_neither(nameless: Path, tmp_path: Path) -> None:
    file = tmp_path / "给分.yaml"
    rows = [
        {"school": f"{FIRST}（示例）", "indicator": "家长满意度", "value": value}
        for value in ("83", "90")
    ]
    file.write_text(json.dumps({"scores": rows}), "utf-8")
    code, found, told = scored(str(nameless), "--scores", str(file))
    assert (code, found[FIRST]) == (EXIT_UNREADABLE, (None, "open"))
    assert "写了两次" in told and "两处都没有采用" in told
