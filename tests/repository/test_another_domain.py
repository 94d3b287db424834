"""The engine knows no domain: another pack runs every command and format in its own words.

docs/pack-example is about meals for the elderly, every part of its submission is named otherwise
than the first pack's; benchmarks/field20 is a pack of the same world with a schema of its own.
Neither may show a word of the first pack that it does not bring itself. What is looked at is
told in tests/support/shown.py, which keys of published formats are left out too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from tests.support.every_command import FORMATS, RANKINGS, Domain, Told, run_all
from tests.support.first_pack import words_in
from tests.support.shown import shown

from kehou.cli.command_table import COMMANDS
from kehou.cli.main import main

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
EXAMPLE = ROOT / "docs" / "pack-example"
FIELD20 = ROOT / "benchmarks" / "field20"

pytestmark = pytest.mark.checkout


def own_words(*folders: Path) -> set[str]:
    """The words that a pack and its submissions bring themselves."""
    files = [path for folder in folders for path in folder.rglob("*.*") if path.is_file()]
    kinds = (".yaml", ".json", ".csv", ".txt")
    return {w for path in files if path.suffix in kinds for w in words_in(path.read_text("utf-8"))}


# --- the two domains -----------------------------------------------------------------------


def example(folder: Path) -> Domain:
    """docs/pack-example with its examples, and four ways of getting it wrong."""
    given = EXAMPLE / "examples"
    bad = folder / "bad"
    (bad / "empty").mkdir(parents=True)
    (bad / "empty" / "照片.txt").write_text("照片", "utf-8")
    good = (given / "compliant.yaml").read_text("utf-8")
    (bad / "values.yaml").write_text(
        good.replace("自愿用餐", "随意").replace("40个", "四十来个").replace("周一至周五", "平时")
        + "\n别的: 1\n",
        "utf-8",
    )
    (bad / "crooked.yaml").write_text("助餐点:\n\t名称: 一\n", "utf-8")
    (bad / "nothing.yaml").write_text("", "utf-8")
    (bad / "undated.yaml").write_text(re.sub(r"  (开始供餐|报送)日期: .*\n", "", good), "utf-8")
    twice = bad / "twice"
    twice.mkdir()
    for name in ("申报书.yaml", "application.yaml"):
        (twice / name).write_text(good, "utf-8")
    misplaced = bad / "misplaced"
    misplaced.mkdir()
    (misplaced / "申报书.yaml").write_text(good, "utf-8")
    (misplaced / "指导价目表.csv").write_bytes((given / "guide_prices.csv").read_bytes())
    (misplaced / "用餐登记.csv").write_text("卡号,年纪\nK001,80\nK002\n", "utf-8")
    permit = folder / "permit.yaml"  # the folder has another date
    permit.write_text("助餐点编号: ZC-003\n登记日期: 2025-02-25\n意见: 同意\n", "utf-8")
    prices = given / "guide_prices.csv"
    return Domain(
        pack=EXAMPLE,
        good=(given / "compliant.yaml", given / "folder", given / "breaches.yaml"),
        bad=tuple(sorted(bad.iterdir())),
        rule="meals-supper-end",
        area="meals",
        clause="A.3-b",
        options=(
            *("--data", f"guide_prices={prices}", "--data", f"permit={permit}"),
            *("--on", "2025-04-10"),
        ),
        strata="street,ways",
    )


def field20(folder: Path) -> Domain:
    """The pack that the engines are timed with."""
    bad = folder / "bad"
    bad.mkdir()
    (bad / "values.yaml").write_text("plan_id: [1]\nsessions: 3\nother: 1\n", "utf-8")
    return Domain(
        pack=FIELD20,
        good=(FIELD20 / "base.yaml", FIELD20 / "examples" / "example.json"),
        bad=(bad / "values.yaml",),
        rule="schedule-primary-end",
        area="schedule",
        clause="P.3",
        options=("--as-of", "2025-09-01"),
    )


def leaks(told: Told, own: set[str]) -> list[str]:
    """Lines that show a word of the first pack, each once, with where it is shown."""
    found: dict[str, str] = {}
    for name, text in told.texts.items():
        for line in text.splitlines():
            for word in sorted(words_in(line) - own):
                found.setdefault(f"{word}：{line.strip()[:120]}", name)
    return [f"{name}：{line}" for line, name in sorted(found.items())]


# --- what is proved ------------------------------------------------------------------------


@pytest.mark.parametrize("domain", [example, field20])
def test_every_command_and_format_speaks_in_the_words_of_its_pack(
    domain: Callable[[Path], Domain], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "given"
    made.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(ROOT)
    given = domain(made)
    told = run_all(given, out)
    assert told.refused == [], "\n".join(told.refused)
    assert told.formats == {
        *((command, kind) for command, kinds in FORMATS.items() for kind in kinds),
        *(("ranking", kind) for kind in RANKINGS),
    }
    # completion knows no pack; read wants patterns, which neither schema has (see below)
    assert told.commands == set(COMMANDS) - {"completion", "read"}
    assert len(told.texts) > 300
    found = leaks(told, own_words(given.pack) if given.pack == FIELD20 else set())
    assert found == [], "\n".join(found)


def test_prose_is_refused_where_the_schema_has_no_patterns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "申报.txt"
    place.write_text("本点每日供应午餐和晚餐，菜谱每周公布一次，价格张贴在门口。", "utf-8")
    for command in ("read", "check"):
        assert main([command, str(place), "--pack", str(EXAMPLE), "--as-of", "2025-04-01"]) == 4
        told = "".join(capsys.readouterr())
        assert "没有写怎样读文字" in told and words_in(told) == set()


def test_the_example_brings_no_word_of_the_first_pack_itself() -> None:
    assert own_words(EXAMPLE) == set()


def test_the_example_names_every_part_otherwise() -> None:
    from kehou import packs

    first = {name for one in packs.available() for name in packs.load(one).schema.root.fields}
    assert not first & set(packs.load(str(EXAMPLE)).schema.root.fields)


def test_what_people_read_in_a_file_is_seen_and_the_keys_of_its_format_are_not(
    tmp_path: Path,
) -> None:
    def seen(name: str, text: str) -> set[str]:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return words_in(shown(path))

    assert seen("a.json", '{"school": {"name": ["点"]}}') == set()
    assert seen("a.json", '{"name": {"x": ["各校"]}}') == {"校"}
    assert seen("a.yaml", "school: 点\nitems: [{school: 点}]\n") == set()
    assert seen("a.yaml", "# 请学校填写\nname: 点\n") == {"学", "校"}
    assert seen("a.html", '<p class="school">点</p><style>.school {}</style>') == set()
    assert seen("a.html", '<p aria-label="school">点</p>') == {"school"}
    assert seen("a.junit", '<a><property name="school" value="点"/></a>') == set()
    assert seen("a.junit", '<a><b message="各校"/></a>') == {"校"}
    assert seen("a.csv", "序号,学校\n") == {"学", "校"}
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "各校"
    sheet["A1"] = "年级"
    book.save(tmp_path / "a.xlsx")
    assert words_in(shown(tmp_path / "a.xlsx")) == {"校", "年级"}
