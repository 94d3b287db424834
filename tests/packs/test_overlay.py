"""A county's overlay: it may tighten or set what is open, never loosen without authority."""

from __future__ import annotations

from importlib.resources import as_file
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.mutation.run import mutate
from kehou.checking import CheckOptions, check
from kehou.errors import PackError
from kehou.model.outcomes import Outcome

ROOT = Path(__file__).resolve().parents[2]
HEAD = "id: county\ntitle: 某旗县\nversion: '1'\noverlay: bayannur-2021\n"


def overlay(folder: Path, body: str) -> packs.Pack:
    (folder / "pack.yaml").write_text(HEAD + body, "utf-8")
    return packs.load(str(folder))


def end(pack: packs.Pack, date: str) -> tuple[object, str]:
    value = pack.parameters["primary_latest_end"].on(date)
    assert value is not None
    return value.value, value.layer


def value(text: str, start: str = "2022-03-01") -> str:
    return (
        f"parameters:\n  primary_latest_end:\n    values:\n"
        f"      - {{from: '{start}', value: '{text}', ground: 某旗县规定}}\n"
    )


def test_an_earlier_end_holds_from_its_day_and_says_whose_it_is(tmp_path: Path) -> None:
    pack = overlay(tmp_path, value("18:00"))
    assert end(pack, "2022-02-28") == (18 * 60 + 30, "bayannur-2021")
    assert end(pack, "2022-03-01") == (18 * 60, "county")
    assert [layer.id for layer in pack.used] == ["bayannur-2021", "county"]


def test_the_same_end_is_allowed_and_a_later_one_is_not(tmp_path: Path) -> None:
    assert end(overlay(tmp_path, value("18:30")), "2022-03-01") == (18 * 60 + 30, "county")
    with pytest.raises(PackError) as caught:
        overlay(tmp_path, value("18:31"))
    assert "宽松" in str(caught.value)
    assert "pack.yaml:" in str(caught.value)


def test_authority_may_loosen(tmp_path: Path) -> None:
    body = "authority: 某市某号文\n" + value("18:31")
    assert end(overlay(tmp_path, body), "2022-03-01") == (18 * 60 + 31, "county")


def test_no_row_of_a_table_may_be_left_out(tmp_path: Path) -> None:
    """Those of the level that is left out would be judged by nobody."""
    body = (
        "parameters:\n  homework_goals:\n    values:\n"
        "      - {from: '2022-03-01', value: ROWS, ground: 某旗县规定}\n"
    )
    overlay(tmp_path, body.replace("ROWS", "{primary: [all], junior: [all]}"))
    with pytest.raises(PackError, match="宽松"):
        overlay(tmp_path, body.replace("ROWS", "{primary: [all]}"))


def test_an_unknown_parameter_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        overlay(tmp_path, value("18:00").replace("primary_latest_end", "primary_lates_end"))
    assert "primary_latest_end" in str(caught.value)


def test_the_example_of_the_manual_sets_a_ceiling_for_each_township_kind() -> None:
    root = Path(__file__).resolve().parents[2] / "docs" / "overlay-example"
    if not root.is_dir():
        pytest.skip("docs/ is not in the wheel")
    with as_file(root) as folder:
        pack = packs.load(str(folder))
    ceiling = pack.parameters["fee_ceiling"]
    assert ceiling.by == ("level", "school.urban_rural")
    found = ceiling.on("2021-09-01")
    assert found is not None
    assert found.table[("primary", "village")] == 22_000


@pytest.mark.checkout
def test_the_example_shows_whatever_a_layer_may_say() -> None:
    folder = str(ROOT / "docs/overlay-example")
    assert lint(folder) == []
    ran = run_cases.run(folder, engine="direct")
    assert ran.failures == [] and ran.passed > 5
    said = {
        "schedule-noon-end": ["bayannur-2021 → county-example", "Q.3", "county-example）"],
        "schedule-primary-end": ["依据：D.2-b；bayannur-2021", "依据：Q.2；county-example"],
        "schedule-junior-end": ["放宽的依据：某市教育局关于末班校车的复函（示例）"],
        "content-homework-goal": [
            "由 county-example 自 2022-03-01 起停用",
            "某市教育局关于作业目标另行规定的通知（示例）",
        ],
    }
    for rule, words in said.items():
        shown = command_line.here("explain", rule, "--pack", folder)[1]
        assert [word for word in words if word not in shown] == [], shown
    pack = packs.load(folder)
    assert "精品小课" in pack.lexicons["subject-teaching"].every_word
    assert pack.rules["content-homework-goal"].valid_to == "2022-02-28"


@pytest.mark.checkout
def test_the_cases_that_are_run_of_a_layer_are_its_own() -> None:
    """Those of the rules below are about the values below, which a layer tightens."""
    ran = mutate(str(ROOT / "docs/overlay-example"))
    assert (ran.failing, ran.alive) == ([], 0)


def test_a_layer_given_together_with_its_base_is_checked_once() -> None:
    layer, base = "docs/overlay-example", "bayannur-2021"
    root = Path(__file__).parents[2]
    full = str(root / layer)
    assert packs.topmost([base, full]) == (full,)
    assert packs.topmost([full, base, "national-2023"]) == (full, "national-2023")
    assert packs.topmost([base, base]) == (base,)
    assert packs.topmost([base, "national-2023"]) == (base, "national-2023")


def test_a_layer_over_itself_is_told_and_does_not_hang_or_crash(tmp_path: Path) -> None:
    for name, below in (("a", "b"), ("b", "a"), ("c", "c")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(
            f"id: {name}\ntitle: 某旗县\nversion: '1'\noverlay: {below}\nparameters: {{}}\n",
            "utf-8",
        )
    for name in ("a", "c"):
        for does in (packs.load, packs.dates, lambda one: packs.topmost([one, "bayannur-2021"])):
            with pytest.raises(PackError, match="绕成一圈"):
                does(str(tmp_path / name))


def test_a_breach_of_the_countys_limit_names_the_countys_ground(tmp_path: Path) -> None:
    """The clause that is cited says 18:30: a school must be told where 18:00 comes from."""
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        HEAD + "parameters:\n  primary_latest_end:\n    values:\n"
        "      - {from: '2021-09-01', value: '18:00', ground: 某旗县补充规定第二条}\n",
        "utf-8",
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "学校: {学校名称: 和平小学（示例）, 学段: [小学]}\n方案:\n  服务开始日期: 2021-09-06\n"
        "  报送日期: 2021-08-25\n  服务时段:\n    - {类别: 下午课后服务, 年级: 1, 星期: 1,\n"
        "       作息季: 夏季, 开始时间: 17:00, 结束时间: 18:31, 活动: 体育}\n",
        "utf-8",
    )
    said = {}
    for pack in (str(folder), "bayannur-2021"):
        report = check(str(plan), CheckOptions(packs=(pack,), engine="direct"))
        [result] = [r for r in report.results if r.rule == "schedule-primary-end"]
        said[pack] = next(f.message for f in result.findings if f.outcome is Outcome.FAIL)
    assert said[str(folder)].endswith("晚于18:00（18:00依据某旗县补充规定第二条）")
    assert "依据" not in said["bayannur-2021"]
