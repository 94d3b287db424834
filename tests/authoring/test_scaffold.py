"""``kehou new``: a newcomer's path from a rule's id to cases that run, touching no index."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.support import command_line
from tests.support.small_pack import plant, write_pack

from kehou import data
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import MARK


@dataclass
class Ran:
    returncode: int
    stdout: str
    stderr: str


def kehou(*arguments: str) -> Ran:
    return Ran(*command_line.here(*arguments))


@cache
def faults_of_the_real_pack() -> list[tuple[str, str, str]]:
    return lint("bayannur-2021")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    return write_pack(tmp_path / "pack")


def rewritten(folder: Path) -> None:
    """Take away what says of each file that it is to be rewritten."""
    for path in folder.rglob("*.yaml"):
        text = path.read_text("utf-8")
        if f"{MARK}\n" in text:
            path.write_text(
                text.replace(f"{MARK}\n", "").replace("title: 示例：", "title: "), "utf-8"
            )


def test_a_new_rule_loads_and_runs_at_once_and_is_told_until_it_is_rewritten(pack: Path) -> None:
    made = kehou("new", "book-year-known", "--pack", str(pack), "--each", "book")
    assert (made.returncode, made.stderr) == (0, "")
    rule = pack / "book" / "book-year-known.yaml"
    cases = pack / "book" / "book-year-known.test.yaml"
    assert rule.is_file() and cases.is_file()
    assert str(rule) in made.stdout and str(cases) in made.stdout
    linted = kehou("lint", "--pack", str(pack))
    assert linted.returncode == 2
    assert linted.stdout.startswith("book/book-year-known.yaml:2：")
    assert "1 处错误" in linted.stdout
    rewritten(pack)
    assert kehou("lint", "--pack", str(pack)).returncode == 0
    tested = kehou("test", "book-year-known", "--pack", str(pack))
    assert tested.returncode == 0
    assert "用例通过 3 个，不通过 0 个" in tested.stdout
    assert kehou("test", "--mutate", "book-year-known", "--pack", str(pack)).returncode == 0


def test_both_files_name_their_schema_for_editors(pack: Path) -> None:
    kehou("new", "book-year-known", "--pack", str(pack))
    for name, schema in (("book-year-known.yaml", "rule"), ("book-year-known.test.yaml", "cases")):
        path = pack / "book" / name
        first = path.read_text("utf-8").split("\n")[0]
        prefix = "# yaml-language-server: $schema="
        assert first.startswith(prefix)
        assert (path.parent / first.removeprefix(prefix)).resolve().name == f"{schema}.schema.json"
        assert (path.parent / first.removeprefix(prefix)).is_file()


def test_without_each_the_rule_is_on_the_submission(pack: Path) -> None:
    assert kehou("new", "room-seats-enough", "--pack", str(pack)).returncode == 0
    text = (pack / "room" / "room-seats-enough.yaml").read_text("utf-8")
    assert "\neach:" not in text
    assert kehou("test", "--pack", str(pack)).returncode == 0


def test_two_new_rules_do_not_say_the_same(pack: Path) -> None:
    for rule in ("book-one-thing", "book-other-thing", "book-third-thing"):
        assert kehou("new", rule, "--pack", str(pack), "--each", "book").returncode == 0
    rewritten(pack)
    assert lint(str(pack)) == []


def test_editing_the_limit_and_the_cases_is_all_it_takes(pack: Path) -> None:
    kehou("new", "book-year-known", "--pack", str(pack), "--each", "book")
    plant(pack, "book/book-year-known.yaml", "at_most: 2001}", "at_most: 2000}")
    failing = kehou("test", "book-year-known", "--pack", str(pack))
    assert failing.returncode == 1
    assert "book/book-year-known.test.yaml:" in failing.stdout


REFUSED = [
    (["room-opens-early"], "已经用了：room/room-opens-early.yaml"),
    (["return-late"], "已经用了：i18n/en.yaml"),
    (["Book_Year"], "不合格式"),
    (["single"], "不合格式"),
    (["shelf-high-enough"], "不知道 shelf-high-enough 属于哪个方面"),
    (["shelf-high-enough", "--area", "bok"], "是否想写 book"),
    (["book-year-known", "--each", "boook"], "是否想写 book"),
    (["book-year-known", "--clause", "A.12"], "没有条款 A.12"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[a[0][0] for a in REFUSED])
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    pack: Path, arguments: list[str], message: str
) -> None:
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    refused = kehou("new", *arguments, "--pack", str(pack))
    assert refused.returncode == 2
    assert message in refused.stderr
    assert {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()} == before


def test_a_stray_file_of_that_name_is_not_overwritten(pack: Path) -> None:
    stray = pack / "book" / "book-year-known.test.yaml"
    stray.write_text("mine\n", "utf-8")
    assert kehou("new", "book-year-known", "--pack", str(pack)).returncode == 2
    assert stray.read_text("utf-8") == "mine\n"


def test_a_clause_that_no_rule_may_carry_is_pointed_out(pack: Path) -> None:
    made = kehou("new", "book-year-known", "--pack", str(pack), "--clause", "A.3")
    assert made.returncode == 0
    assert "条款 A.3 现在写作 permission" in made.stdout


def test_an_installed_pack_is_not_written(tmp_path: Path) -> None:
    installed = tmp_path / "site-packages" / "kehou" / "rules" / "reading"
    installed.mkdir(parents=True)
    write_pack(installed)
    refused = kehou("new", "book-year-known", "--pack", str(installed))
    assert refused.returncode == 2
    assert "装好的，不能改" in refused.stderr and "复制出来" in refused.stderr
    assert not (installed / "book" / "book-year-known.yaml").exists()


def test_the_pack_that_comes_with_kehou_is_found_by_its_id() -> None:
    """In a checkout it is the folder of rules/, once installed it cannot be written."""
    refused = kehou("new", "schedule-primary-end", "--pack", "bayannur-2021")
    assert refused.returncode == 2
    installed = "site-packages" in str(data.rules())
    assert ("不能改" if installed else "quality/schedule-primary-end.yaml") in refused.stderr


@pytest.mark.checkout
@pytest.mark.parametrize("entity", ["session", "slot", "service_day", "ledger_row"])
def test_each_kind_of_entity_of_the_real_pack_has_an_example(tmp_path: Path, entity: str) -> None:
    folder = tmp_path / "bayannur"
    shutil.copytree(str(data.rules().joinpath("bayannur-2021")), folder)
    plant(folder, "pack.yaml", "id: bayannur-2021\n", "id: bayannur-copy\n")
    made = kehou("new", "schedule-new-thing", "--pack", str(folder), "--each", entity)
    assert made.returncode == 0, made.stderr
    rewritten(folder / "quality")
    assert [fault for fault in lint(str(folder)) if fault not in faults_of_the_real_pack()] == []
    tested = kehou("test", "schedule-new-thing", "--pack", str(folder))
    assert tested.returncode == 0, tested.stdout


def test_a_rule_for_a_clause_takes_the_parameter_that_rests_on_it(pack: Path) -> None:
    """Not the value that the good submission happens to have."""
    plant(pack, "pack.yaml", "  price_limit:\n", PARAMETER + "  price_limit:\n")
    made = kehou("new", "book-year-known", "--pack", str(pack), "--each", "book", "--clause", "A.3")
    assert (made.returncode, made.stderr) == (0, "")
    rule = (pack / "book" / "book-year-known.yaml").read_text("utf-8")
    assert "require: {field: year, at_least: {param: first_year}}" in rule
    assert "要求{first_year}" in rule
    cases = (pack / "book" / "book-year-known.test.yaml").read_text("utf-8")
    assert "set: {/books/0/year: 1970}" in cases and "set: {/books/0/year: 1969}" in cases
    assert kehou("test", "book-year-known", "--pack", str(pack)).returncode == 0


def test_what_is_said_already_is_told_with_the_new_rule(pack: Path) -> None:
    made = kehou("new", "room-opens-again", "--pack", str(pack), "--clause", "A.1")
    assert "已有说到同一件事的规则" in made.stdout
    assert "room-opens-early（阅览室在八点以前开放）" in made.stdout


PARAMETER = """\
  first_year:
    title: 最早的年份
    type: integer
    tighter: higher
    values:
      - {from: '2021-09-01', value: 1970, ground: A.3}
"""
