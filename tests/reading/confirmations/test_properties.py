"""A record holds whatever is written around its sentence, and never for another sentence."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kehou
from kehou.readers import Document
from kehou.reading import read_prose
from kehou.reading.confirmations import as_yaml, drafted, load, readings, settled

#: A lawful text, a late end in it, and paragraphs from which nothing is read.
TEXT = (
    "示例镇中心小学2021年秋季学期课后服务实施方案",
    "学生自愿参加。",
    "周一至周五下午16:30—18:40开展课后服务。",
    "每生每月收费100元。",
)
LATE = 2
AROUND = (
    "食堂每日公布菜谱，灶具按时检修。",
    "图书室每天开放，借阅登记簿放在门口。",
    "操场边的树每年春天修剪一次。",
    "五、其他",
    "",
)


def document(lines: list[str]) -> Document:
    """A text file as it is read."""
    schema = kehou.load_pack("bayannur-2021").schema
    return read_prose("方案.txt", "\n".join(lines).encode(), schema)


def states(lines: list[str]) -> list[str]:
    """What becomes of the record of the late end of TEXT in another text."""
    schema = kehou.load_pack("bayannur-2021").schema
    text = as_yaml(drafted(document(list(TEXT)), schema))
    text = text.replace("核对人: ", "核对人: 03", 1).replace("日期: ", "日期: 2021-09-08", 1)
    guide, _, items = text.partition("各项:")
    before, at, after = items.partition("18:40")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "方案.确认.yaml"
        decided = before + at + after.replace("决定: ", "决定: 对", 1)
        file.write_text(f"{guide}各项:{decided}", "utf-8")
        records, faults, _ = load(file)
    assert not faults and [one.title for one in records] == ["服务时段"]
    return [one.state for one in settled(document(lines), schema, records).confirmed.notes]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.sampled_from(AROUND)), max_size=6))
def test_what_is_added_around_a_sentence_leaves_its_record(added: list[tuple[int, str]]) -> None:
    lines = list(TEXT)
    for at, line in added:
        lines.insert(max(at, 1), line)
    assert states(lines) == ["confirmed"]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(TEXT[LATE]) - 1), st.sampled_from("12345年初小下上午；、加"), st.booleans()
)
def test_any_character_of_the_sentence_changed_drops_the_record(
    at: int, letter: str, is_added: bool
) -> None:
    sentence = TEXT[LATE]
    changed = sentence[:at] + letter + sentence[at + (not is_added) :]
    if changed == sentence or (at == 0 and is_added and letter == "；"):
        return  # what ends a sentence, put before this one, leaves it as it is
    lines = [*TEXT[:LATE], changed, *TEXT[LATE + 1 :]]
    assert states(lines) in (["fell"], ["differs"])


@pytest.mark.parametrize("line", [TEXT[LATE], TEXT[LATE] + AROUND[0]])
def test_every_reading_of_a_text_has_a_seal_of_its_own(line: str) -> None:
    """The same sentence twice, or two things read in one, are told apart."""
    schema = kehou.load_pack("bayannur-2021").schema
    found = readings(document([*TEXT, "六、重复", line, line]), schema)
    assert len({one.seal for one in found}) == len(found)
