"""What a case that came out otherwise says of itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from kehou.authoring import run_cases

EXAMPLE = Path(__file__).parents[2] / "docs" / "pack-example"


def failures(tmp_path: Path, *edits: tuple[str, str, str]) -> list[str]:
    pack = tmp_path / "pack-example"
    shutil.copytree(EXAMPLE, pack)
    for name, old, new in edits:
        text = (pack / name).read_text("utf-8")
        assert text.count(old) == 1, old
        (pack / name).write_text(text.replace(old, new), "utf-8")
    return [" ".join(one) for one in run_cases.run(str(pack), ["food-salt"], "direct").failures]


def test_a_parameter_that_holds_later_says_from_when(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        ("pack.yaml", "{from: '2025-01-01', value: '2', ", "{from: '2026-01-01', value: '2', "),
    )
    assert told
    for one in told:
        assert "得到 not_judged（参数 salt_limit 自 2026-01-01 起才有值" in one
        assert "适用日期是 2025-03-03" in one and "as_of" in one


def test_a_parameter_without_any_value_says_so(tmp_path: Path) -> None:
    row = "\n      - {from: '2025-01-01', value: '2', ground: A.5-b}"
    told = failures(tmp_path, ("pack.yaml", row, " []"))
    assert told and all("参数 salt_limit 在 2025-03-03 没有取值" in one for one in told)
