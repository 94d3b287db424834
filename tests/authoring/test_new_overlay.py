"""``kehou new overlay``: a county's document becomes a layer over a pack, to be confirmed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import MARK, SHEET
from kehou.packs.uses import value_carriers

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"
TEXT = """\
某街道助餐点补充规定（示例）
第一条 晚餐不得晚于18时30分结束。
第二条 每份菜的用盐不得超过3克。
第三条 早餐应当在6:30以后开始。
第四条 助餐点应当保持整洁。
本规定自2025年9月1日起施行。
"""


def made(tmp_path: Path, text: str = TEXT) -> tuple[Path, tuple[int, str, str]]:
    shutil.copytree(EXAMPLE, tmp_path / "pack-example")
    source = tmp_path / "规定.txt"
    source.write_text(text, encoding="utf-8")
    folder, below = tmp_path / "street-2025", str(tmp_path / "pack-example")
    return folder, command_line.here(
        "new", "overlay", str(folder), "--over", below, "--source", str(source)
    )


def test_a_limit_is_a_value_of_the_pack_below_and_another_requirement_a_rule(
    tmp_path: Path,
) -> None:
    folder, (code, told, error) = made(tmp_path)
    assert (code, error) == (0, "")
    pack = packs.load(str(folder))
    own = {
        name: [(v.valid_from, v.ground, v.authority) for v in one.values if v.layer == folder.name]
        for name, one in pack.parameters.items()
    }
    assert {name: values for name, values in own.items() if values} == {
        "supper_latest_end": [("2025-09-01", "K.1-1", "")],
        "salt_limit": [("2025-09-01", "K.2-1", "待确认：有权放宽的文件")],
        "earliest_breakfast_start": [("2025-09-01", "K.3-1", "")],
    }
    assert pack.parameters["supper_latest_end"].values[-1].value == 18 * 60 + 30
    assert [name for name in pack.added if name in pack.rules] == ["meals-sitting-start-breakfast"]
    statuses = {name: str(one.status) for name, one in pack.topmost().clauses.items()}
    assert statuses["K.1-1"] == statuses["K.3-1"] == "automated"
    assert value_carriers(pack)["K.1-1"] == ["meals-supper-end"]
    assert "K.4-1" in told and "比下层宽" in told
    ran = run_cases.run(str(folder), engine="direct")
    assert ran.failures == [] and ran.passed >= 4


def test_all_of_it_is_to_be_confirmed_and_nothing_else_is_wrong(tmp_path: Path) -> None:
    folder, _ = made(tmp_path)
    assert [place.partition(":")[0] for place, _, _ in lint(str(folder))] == [SHEET]
    (folder / SHEET).unlink()
    told = lint(str(folder))
    assert {place.partition(":")[0] for place, _, _ in told} == {
        "pack.yaml",
        "clauses.yaml",
        "meals/meals-sitting-start-breakfast.yaml",
    }
    assert all("待确认" in message or "还没有人核对" in message for _, message, _ in told)


def test_without_a_text_there_is_one_to_write_over(tmp_path: Path) -> None:
    """A value as it is below, one clause with an example rule: it loads and runs."""
    folder = tmp_path / "my-county"
    code, _, error = command_line.here("new", "overlay", str(folder), "--over", "bayannur-2021")
    assert (code, error) == (0, "")
    assert {p.name for p in folder.iterdir() if p.is_file()} == {
        "pack.yaml",
        "clauses.yaml",
        "source.txt",
    }
    ran = run_cases.run(str(folder), ["quality-first-rule"], engine="direct")
    assert (ran.passed, ran.failures) == (3, [])


def test_a_text_that_fits_no_field_still_gives_a_layer_that_loads(tmp_path: Path) -> None:
    folder, (code, _, error) = made(tmp_path, "某规定（示例）\n第一条 助餐点应当整洁。\n")
    assert (code, error) == (0, "")
    assert len(packs.load(str(folder)).topmost().rules) == 1
    assert "meanwhile" not in (folder / "pack.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["overlay", "my-county"], "要写名称和下面一层"),
        (["overlay", "my-county", "--over", "没有"], "找不到规则包 没有"),
        (["overlay", "My", "--over", "bayannur-2021"], "不合格式"),
        (["some-rule", "--over", "bayannur-2021"], "只在新建"),
    ],
)
def test_what_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, error = command_line.here("new", *arguments)
    assert code == 2 and message in error
    assert list(tmp_path.iterdir()) == []


def test_a_text_without_a_day_says_that_the_day_is_not_its_own(tmp_path: Path) -> None:
    folder, (_, told, _) = made(tmp_path, TEXT.replace("本规定自2025年9月1日起施行。\n", ""))
    assert "没有看出施行日期" in told and "2025-01-01" in told
    (folder / SHEET).unlink()
    marked = [place for place, message, _ in lint(str(folder)) if "待确认" in message]
    assert any("pack.yaml" in place for place in marked)
    pack = (folder / "pack.yaml").read_text("utf-8")
    assert "待确认：自己的文件没有写施行日期" in pack


def test_a_text_with_a_day_says_nothing_of_it(tmp_path: Path) -> None:
    folder, (_, told, _) = made(tmp_path)
    assert "没有看出施行日期" not in told
    assert "没有写施行日期" not in (folder / "pack.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "some",
    [
        "小学一、二年级",
        "小学一年级",
        "小学低年级",
        "小学1年级",
        "小学一至三年级",
        "一、二年级小学",
        "小学住校生",
    ],
)
def test_a_limit_of_some_is_no_value_of_a_parameter_of_all(tmp_path: Path, some: str) -> None:
    """The third grade until 18:00 is lawful where only the first two end at 17:30."""
    source, folder = tmp_path / "通知.txt", tmp_path / "my-county"
    said = f"第一条 {some}课后服务结束时间不得晚于17:30。\n本规定自2022年3月1日起施行。\n"
    source.write_text(f"某旗补充规定（示例）\n{said}", encoding="utf-8")
    options = ["--over", "bayannur-2021", "--source", str(source)]
    code, told, error = command_line.here("new", "overlay", str(folder), *options)
    assert (code, error) == (0, "")
    assert "K.1-1 没有写成 primary_latest_end 的值：条款另写“" in told
    values = packs.load(str(folder)).parameters["primary_latest_end"].values
    assert not any(value.layer == folder.name for value in values)


def test_an_example_judges_nobody_under_a_real_clause(tmp_path: Path) -> None:
    """No school is told to be wrong, or right, by a limit that no clause has."""
    text = "某规定（示例）\n第一条 助餐点应当整洁。\n本规定自2025年9月1日起施行。\n"
    folder, (code, told, error) = made(tmp_path, text)
    assert (code, error) == (0, "")
    pack = packs.load(str(folder))
    [name] = pack.topmost().rules
    assert str(pack.clauses["K.1-1"].status) == "planned"
    assert f"{name}.yaml 只是示例，什么也不评定" in told
    base = str(tmp_path / "pack-example" / "base.yaml")
    options = ["--pack", str(folder), "--as-of", "2026-01-05", "-v"]
    _, report, _ = command_line.here("check", base, *options)
    assert "示例：" not in report and "助餐点应当整洁" not in report
    assert run_cases.run(str(folder), [name], engine="direct").failures == []
    said = [message for _, message, _ in lint(str(folder))]
    assert sum("还是 kehou new 写的样子" in one for one in said) == 1
    assert not any("却有规则" in one or "from: 9999" in one for one in said)


def test_an_example_that_was_rewritten_and_still_judges_nothing_is_told(tmp_path: Path) -> None:
    folder, _ = made(tmp_path, "某规定（示例）\n第一条 助餐点应当整洁。\n")
    for file in folder.glob("*/*.yaml"):
        lines = file.read_text("utf-8").replace("示例：", "").splitlines()
        file.write_text("\n".join(x for x in lines if x != MARK) + "\n", encoding="utf-8")
    found = [(place, message) for place, message, _ in lint(str(folder)) if "9999" in message]
    [(place, message)] = found
    assert "-first-rule.yaml:" in place and "什么也不评定" in message
