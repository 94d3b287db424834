"""Makers of documents of prose, and the patterns that come with kehou."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document as new_document

from kehou import data
from kehou.reading import Library, load_library

BREACH = "每周五第二节组织单元检测。"
LINES = (
    "示例镇中心小学2021年秋季学期课后服务实施方案",
    "一、原则",
    "学生自愿参加，严禁利用课后服务时间集体补课、讲新课和进行考试训练。",
    "二、内容",
    "学生自主完成作业，教师答疑。",
)


def plan(folder: Path, *more: str, name: str = "方案.docx") -> Path:
    """A plan of `LINES` and more in Word."""
    made = new_document()
    for line in (*LINES, *more):
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    place = folder / name
    place.write_bytes(held.getvalue())
    return place


def library() -> Library:
    """The patterns that come with kehou."""
    found, faults = load_library(data.rules().joinpath("common", "reading"))
    assert found is not None, faults
    return found
