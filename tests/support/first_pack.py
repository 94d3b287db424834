"""Words of the first pack's world, which no code and no other pack's output may show.

They are patterns: a single character stands for every word with it (课 for 课后服务, 课时,
课程), and what may follow or stand before it makes a word of any domain (学习, 科学, 校验).
"""

from __future__ import annotations

import re

CHINESE = (
    r"课",
    r"(?<!科)学(?!习)",  # 学校 学生 学段 学期 学年 学籍; 科学计数法 is a way to write numbers
    r"(?<!检)校(?!验|对|正|准)",  # 校长 各校 你校
    r"班(?!组)",
    r"旗县",
    r"苏木",
    r"(?<!请)教(?!程)",  # 教师 教育局
    r"家长",
    r"年级",
    r"初中|高中|中学",
    r"放学|托管|作息|作业",
    r"方案",
    r"备案",
    r"不定期检查|年终",
    r"名册",
    r"巴彦淖尔",
    r"双减",
)
#: English words; a letter on either side makes another word (`class` in `classify`).
ENGLISH = (
    "after-school|after school",
    "schools?",
    "school year|semesters?",
    "pupils?|students?",
    "teachers?|teaching",
    "parents?",
    "grades?",
    "class(?:es|room)?",
    "lessons?|homework|curriculum|timetables?|dismissal",
    "education(?:al)?",
    "bureaus?",
    "county|banner|township",
    "plans?",
    "filing",
    "unscheduled",
    "rosters?",
)
_CHINESE = re.compile("|".join(CHINESE))
_ENGLISH = re.compile(rf"(?<![a-z])(?<!x-)(?:{'|'.join(ENGLISH)})(?![a-z])", re.IGNORECASE)
#: Names in published formats, which stay: the status of a clause addressed to an authority, and
#: where the whole of a value is it, whose the next step is in the JSON of a score sheet.
_STATUS = "not_for_schools"
_VALUES = ("bureau",)


def words_in(text: str) -> set[str]:
    """The words of the first pack in a text, names of published formats left out."""
    if text.strip() in _VALUES:
        return set()
    text = text.replace(_STATUS, "")
    found = [*_CHINESE.finditer(text), *_ENGLISH.finditer(text)]
    return {match[0].lower() for match in found}
