from __future__ import annotations

from pathlib import Path

import kehou
from kehou.batch.likeness import FEWEST, alike, traits

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = kehou.load_pack("bayannur-2021").schema


def test_a_plan_under_another_schools_name_is_the_same(tmp_path: Path) -> None:
    text = (EXAMPLES / "primary-compliant" / "plan.yaml").read_text("utf-8")
    (tmp_path / "一.yaml").write_text(text, "utf-8")
    other = text.replace("向阳小学（示例）", "另一小学（示例）").replace("1508020002", "1508020077")
    (tmp_path / "二.yaml").write_text(other, "utf-8")
    first, second = (traits(str(tmp_path / f"{n}.yaml"), SCHEMA) for n in "一二")
    (group,) = alike({"一": first, "二": second})
    assert (group.paths, group.whole) == (("一", "二"), True)


def test_plans_that_differ_where_schools_do_are_not_told() -> None:
    names = ("primary-compliant", "folder-with-evidence", "junior-breaches", "first-check")
    found = {name: traits(str(EXAMPLES / name), SCHEMA) for name in names}
    assert all(len(numbers) >= FEWEST for numbers in found.values())
    assert alike(found) == ()


def test_the_share_is_of_what_both_state() -> None:
    one = tuple(range(100))
    assert alike({"a": one, "b": tuple(range(5, 105))})[0].share == 95 / 105
    assert alike({"a": one, "b": tuple(range(10, 110))}) == ()
    assert alike({"a": one[:30], "b": one[:30]}) == (), "太少，说明不了什么"


def test_a_chain_of_likes_is_one_group_told_by_its_least_share() -> None:
    chain = {n: tuple(range(3 * i, 100 + 3 * i)) for i, n in enumerate("abc")}
    (group,) = alike(chain)
    assert group.paths == ("a", "b", "c")
    assert group.share == 97 / 103
