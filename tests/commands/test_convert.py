"""``kehou convert`` writes whatever can be read, and what it writes reads the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.support.command_line import here
from tests.support.reported import DATA

from kehou import packs
from kehou.readers import read
from kehou.submission import load, written

ROOT = packs.load().schema.root
INDICATORS = "-?:,[]{}#&*!|>'\"%@`~=.<^\\/+ \t\n$()"
OTHERS = "aZ09校年　、。：\u200e\u2028\x85\x7f\xa0\ufeff\U000e0001\U0001f600\ue000\ufffe\ufffd"


@pytest.mark.parametrize("ending", ["yaml", "json", "xlsx"])
def test_a_text_that_begins_with_a_percent_sign_is_converted(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    code, _, complaints = here("convert", str(DATA / "convert-percent" / "plan.yaml"), str(target))
    assert (
        code == 0
        and complaints.startswith(f"kehou：已写入 {target}，")
        and "\n" not in complaints[:-1]
    )
    schema = packs.load().schema
    assert load(target, schema).tree == load(DATA / "convert-percent" / "plan.yaml", schema).tree


def texts() -> list[str]:
    """Every indicator before every other character, and random texts behind indicators."""
    chance = random.Random(5)
    pairs = [first + second for first in INDICATORS for second in ["", *INDICATORS, *OTHERS]]
    more = [
        chance.choice(INDICATORS) + "".join(chance.choices(INDICATORS + OTHERS, k=6))
        for _ in range(3_000)
    ]
    return [*pairs, *more]


def test_what_is_written_as_yaml_or_json_reads_back_as_it_was() -> None:
    for text in texts():
        tree = {
            "school": {"name": text},
            "plan": {"feedback": {"channels": [text, "家访"]}},
            "staff": [{"staff_id": text}],
        }
        back = read("out.yaml", written.yaml_text(ROOT, tree).encode()).tree
        name, channels = back["学校"]["学校名称"], back["实施方案"]
        assert name == text, repr(text)
        [inner] = channels.values()
        assert next(iter(inner.values())) == [text, "家访"], repr(text)
        assert next(iter(back["人员"][0].values())) == text, repr(text)
        again = read("out.json", written.json_text(ROOT, tree).encode()).tree
        assert again == tree, repr(text)
