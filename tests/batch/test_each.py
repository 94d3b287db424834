"""Files for each of many: what a worker keeps between them, and what is told of those without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import kehou
from kehou.batch import each
from kehou.batch.entry import NOTHING
from kehou.batch.survey import Surveyed

OPTIONS = kehou.CheckOptions(packs=("bayannur-2021",), engine="direct")
PLAN = "学校:\n  学校标识码: {id}\n  学校名称: {name}\n  学段: [小学]\n"
SEEN: list[Any] = []


def noted(place: str, files: object, options: object, shelf: object) -> int:
    """Work that keeps the shelf it was given."""
    SEEN.append(shelf)
    return 0


def asks_nothing(place: str, files: object, options: object, shelf: object) -> int:
    """Work that has nothing to write."""
    return NOTHING


def unwatched(items: Iterable[Any], total: int, title: str) -> Iterator[Any]:
    """What is done, without a bar."""
    return iter(items)


def test_a_worker_loads_a_pack_once_for_all_that_it_makes() -> None:
    do = each.ready(each._Setup(f"{__name__}:noted", OPTIONS))
    SEEN.clear()
    for number in (1, 2):
        one = Surveyed(f"{number}.yaml", f"{number}.yaml", "", str(number), "", ())
        assert do((one, ())) == (0, "")
    first, second = SEEN
    assert first is second
    assert first["bayannur-2021"].id == "bayannur-2021"


def test_those_that_ask_for_nothing_are_told_in_one_line(tmp_path: Path) -> None:
    for number, name in ((1, "甲小学（示例）"), (2, "乙小学（示例）")):
        text = PLAN.format(id=f"150800000{number}", name=name)
        (tmp_path / f"{number}.yaml").write_text(text, "utf-8")
    told: list[tuple[str, Mapping[str, object]]] = []
    made = each.for_each(
        f"{__name__}:asks_nothing",
        [str(tmp_path)],
        OPTIONS,
        [("docx", str(tmp_path / "信" / "{学校标识码}.docx"))],
        lambda key, slots: told.append((key, slots)),
        unwatched,
        jobs=1,
    )
    assert (made.made, made.code) == (0, 0)
    names = "乙小学（示例）、甲小学（示例）"
    assert told == [("batch.nothing_asked_of", {"n": 2, "names": names})]
