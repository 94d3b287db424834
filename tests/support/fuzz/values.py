"""Values that hurt, by what they are: what no field may take, and what any reader may meet."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

#: What a field of a kind cannot hold: it is told at its place and never read as something else.
REFUSED: Mapping[str, Sequence[str]] = {
    "date": (
        "2021-02-29", "2021-02-30", "2021-13-01", "2021-00-10", "2021-9-31", "20210931", "昨天",
        "2021", "9月6日", "0000-01-01", "99999-01-01", "2021-09-06T25:00", "44445.5", "1e5",
        "２０２１-１３-４５", "2021年2月30日", "06/09/21", "9/10/2021",
    ),
    "month": ("2021-13", "2021-00", "九月", "2021年13月", "2021-9-9-9", "1e6"),
    "time": (
        "25:00", "24:01", "17:60", "17:5x", "八点半左右吧", "-1:00", "5点", "99:99", "1730.5",
        "17:30:61", "１７：６０", "上午13点", "NaN",
    ),
    "integer": ("1.5", "NaN", "inf", "1e3", "0x10", "许多", "--1", "1-", "²", "½", "1_000"),
    "money": ("1.234", "NaN", "1e3", "一百块钱上下", "1,23", "¥", "0x1F", "1.2.3", "∞"),
    "decimal": ("NaN", "inf", "1e-3", "多", "50%%", "1/0", "0x1", "--0.5"),
    "boolean": ("也许", "2", "-1", "是否", "truee", "○", "NaN", "null"),
    "enum": ("？", "NaN", "\u202eelpmas", "＃", "x" * 300, "true/false"),
}  # fmt: skip
#: What a text may hold and must come back with, or be told.
TEXTS: Sequence[str] = (
    "=1+1", "=cmd|'/C calc'!A0", "+86 1", "@SUM(A1)", "<script>alert(1)</script>", "&amp;",
    "]]>", "{{7*7}}", "{plan.title}", "%s%n", "::error::x", "\u202egnp.exe", "\u200b\u200e甲\u00ad",
    "０００１", "001", "1508020001", "2.02E+07", "NaN", "null", "~", "no", "on", "yes", "0x10",
    "1e5", "-",
    "--- x", "a: b", "# 甲", "!!python/object", "&a", "*a", "'", '"', "\\", "\\n", "\\u0000",
    "甲\n乙", "甲\t乙", "\x1b[2J", "\x07", "\x85", "\u2028", "𠮷野家", "👨‍👩‍👧", "é", "e\u0301",
    "ﷺ",
    "甲" * 3000, "../../../etc/passwd", "C:\\x", "file:///etc/passwd", "http://192.0.2.1/", "无",
    "没有", "[]", "{}", "，", "、", "甲、乙", "1-6", "周一至周五", "合计", "小计：", "制表人：",
    "`id`", "$(id)", "%00", "|", ">", "?", "- ", "@", "=", "==", "#REF!", "########", "\ufeff甲",
)  # fmt: skip
#: What no text file may hold, or what is no text at all.
NO_TEXT: Sequence[str] = ("\0", "\ufffe", "\uffff", "\x01", "\x0b", "\x7f")
#: Values of options, and names of files.
ARGUMENTS: Sequence[str] = (
    "", " ", "-", "--", "---", "=", "x=", "=x", "0", "-1", "1e9", "99999999999999999999", "NaN",
    "2021-02-30", "2021-13-01", "0000-00-00", "2021-09-01", "20210901", "９９９９-12-31", "今天",
    "approval", "inspection", "assessment", "备案", "text", "json", "html", "xlsx", "docx", "yaml",
    "csv", "json=", "json=-", "json=/nonexist/x.json", "json=.", "=json", "x" * 5000, "..", ".",
    "/", "/nonexist", "\0", "a\0b", "\udcff\udcfe", "a\nkehou：同意备案", "\u202egnp", "\x1b[2J",
    "*", "?", "~", "$HOME", "%s", "{}", "{0}", "\\", "'", '"', "；", "--pack", "--help", "-o",
    "bayannur-2021", "reading", "reading=", "county_list=", "county_list=s.yaml", "both", "direct",
    "rete", "critical", "none", "new", "zh", "en", "fr", "room-opens-early", "/dev/null", "s.yaml",
)  # fmt: skip


def for_kind(kind: str, rng: random.Random) -> tuple[str, bool]:
    """A value for a field of a kind, and whether it must be refused there."""
    if kind in REFUSED and rng.random() < 0.7:
        return rng.choice(REFUSED[kind]), True
    return rng.choice(TEXTS), False
