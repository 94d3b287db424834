"""Options of a check are put right or refused where they are made, all faults at once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kehou.checking import CheckOptions, recorded
from kehou.errors import UsageError
from kehou.model.outcomes import Stage


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("stage", "inspection", Stage.INSPECTION),
        ("stage", Stage.ASSESSMENT, Stage.ASSESSMENT),
        ("as_of", date(2021, 9, 6), "2021-09-06"),
        ("on", "2024-02-29", "2024-02-29"),
        ("on", None, None),
        ("packs", ["a", Path("b/c")], ("a", str(Path("b/c")))),
        ("data", {"list": Path("x.yaml")}, {"list": "x.yaml"}),
        ("attestations", ["one.yaml"], ("one.yaml",)),
        ("waivers", Path("w.yaml"), "w.yaml"),
        ("reading", "lenient", "lenient"),
    ],
)
def test_what_can_be_meant_is_kept_in_one_form(field: str, given: Any, kept: Any) -> None:
    found = getattr(CheckOptions(**{field: given}), field)
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(
    ("field", "given", "told"),
    [
        ("stage", "aproval", "stage：不能是 'aproval'（是否想写 approval？）"),
        ("stage", None, "stage：不能是 None（可用：approval、inspection、assessment）"),
        ("as_of", "2021-02-30", "as_of：没有 2021-02-30 这一天"),
        ("as_of", "2021-9-6", "as_of：'2021-9-6' 不是日期（写作 '2021-09-01'）"),
        ("on", "", "on：'' 不是日期（写作 '2021-09-01'）"),
        ("on", datetime(2021, 9, 6, 8), "on：datetime.datetime(2021, 9, 6, 8, 0) 不是日期"),
        ("packs", "bayannur-2021", "packs：'bayannur-2021' 应写成一组"),
        ("packs", (), "packs：没有写规则包"),
        ("data", ["x=y"], "data：['x=y'] 应写成 {'名称': '文件'}"),
        ("data", {"x": 3}, "data：3 不是文件名"),
        ("engine", "Rete", "engine：不能是 'Rete'（是否想写 rete？）"),
        ("language", "cn", "language：不能是 'cn'（可用：zh、en）"),
        ("reading", None, "reading：不能是 None（可用：strict、lenient）"),
        ("waivers", "", "waivers：'' 不是文件名"),
        ("attestations", "a.yaml", "attestations：'a.yaml' 应写成一组"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_field(field: str, given: Any, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        CheckOptions(**{field: given})
    assert told in caught.value.message and caught.value.code == "options"


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        CheckOptions(stage="x", as_of="y", packs=3)  # type: ignore[arg-type]
    assert [line.partition("：")[0] for line in caught.value.message.splitlines()[1:]] == [
        "stage",
        "as_of",
        "packs",
    ]


def test_what_a_report_records_is_what_was_asked() -> None:
    asked = CheckOptions(packs=("p",), data={"list": "x.yaml"}, engine="direct", waivers="w.yaml")
    record = recorded(asked)
    assert (record.engine, record.packs, record.data, record.waivers) == (
        "direct",
        ("p",),
        (("list", "x.yaml"),),
        "w.yaml",
    )
