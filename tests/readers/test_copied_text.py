"""Ids as people copy them: read as what they look like, or known for what a spreadsheet left."""

from __future__ import annotations

import pytest

from kehou.readers.copied_text import as_code, damage

MEANT = [
    ('="20211101"', "20211101"),
    ("=“20211101”", "20211101"),
    ("＝＂20211101＂", "20211101"),
    ('"=""20211101"""', "20211101"),
    ('\u200b="T０１"\u200e', "T01"),
    ("=20211101", "20211101"),
    ("20211101.0", "20211101"),
    ("20211101.00", "20211101"),
    ("２０２１１１０１．０", "20211101"),
    ("'001", "001"),
    ("＇001", "001"),
    ("‘一年级1班", "一年级1班"),
]
LEFT = [
    "1.5E+17",
    "1.5e+017",
    "１.５Ｅ＋１７",
    "2.02111E7",
    "1.508E17",
    "#N/A",
    "＃N/A",
    "#n/a",
    "#NA",
    "#REF",
    "#FIELD!",
    "#GETTING_DATA",
    "#名称?",
    "Err:502",
    "########",
    "=VLOOKUP(A2,Sheet2!A:B,2,FALSE)",
    "=vlookup(a2,b:c,2,0)",
    "= VLOOKUP (A2,B:C,2,0)",
    "=VLOOKUP(A2，B:C，2，0)",
    "=" + "VLOOKUP(A2,'某个很长的工作簿的名字'!A:B,2,0)&" * 5 + '""',
    '="T"&"01"',
    "=001",
    "=1+1",
    "=$A$2",
    "=名册!A2",
    "=表1[@编号]",
    "=RC[-1]",
    "='名单 2021'!B3",
    "='[名单 2021.xlsx]Sheet 1'!$A$2",
    "=#REF!",
    "=T",
    "{=INDEX(A:A,2)}",
    "+VLOOKUP(A2,B:C,2)",
    "@VLOOKUP(A2,B:C,2)",
]
PLAIN = [
    "T01",
    "2E10",
    "1E5",
    "1班",
    "-1",
    "+86",
    "E500",
    "#1楼",
    "= 见附件",
    "==",
    "- 说明（一）",
    "@张老师(语文)",
    "‘五育’并举",
    "‘阳光’",
    "='甲'乙",
    "12.0",
]


@pytest.mark.parametrize(("written", "meant"), MEANT)
def test_a_code_is_read_as_what_it_looks_like(written: str, meant: str) -> None:
    assert as_code(written) == meant
    assert not damage(as_code(written))


@pytest.mark.parametrize("text", LEFT)
def test_what_a_spreadsheet_left_of_a_code_is_known(text: str) -> None:
    assert damage(as_code(text))


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_a_little_like_it_is_left_alone(text: str) -> None:
    assert not damage(as_code(text))
    assert as_code(text) == text
