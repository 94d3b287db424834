"""A 通报 as text, page, Word document, table and JSON; in Chinese, as official texts are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kehou.inspection.circular import Circular, Problem
from kehou.render.office import Paragraph
from kehou.render.programs import cell, dumps
from kehou.render.words import NUMERALS, catalogue, statement, visible

_HEADS = ("序号", "学校", "问题", "依据条款", "证据", "严重程度", "整改时限", "整改情况")
_WIDTHS = (11, 30, 66, 44, 26, 16, 16, 16)
_DUE = "〔整改时限〕"
_INDENT = {"Body": "    ", "Heading1": "  ", "Heading2": "  "}


def render(found: Circular, form: str) -> str | bytes:
    """The circular in one format."""
    if form == "json":
        return _json(found)
    if form == "csv":
        return _csv(found)
    if form == "docx":
        from kehou.render.office import Table, letter

        words = catalogue.load("zh")
        rows = tuple(tuple(row) for row in _rows(found))
        annex = Table("问题清单", _HEADS, rows, _WIDTHS, (0, 5, 6))
        return letter(paragraphs(found), words["circular.title"], words, [annex] if rows else [])
    if form == "html":
        from kehou.render.page import page

        words = catalogue.load("zh")
        told = list(paragraphs(found))
        title = words["circular.title"]
        return page(
            "circular.html.j2", words, title, paragraphs=told, heads=_HEADS, rows=list(_rows(found))
        )
    return _text(found)


def paragraphs(found: Circular) -> Iterator[Paragraph]:
    """All of the circular but its annexes, paragraph by paragraph."""
    words, numerals = catalogue.load("zh"), NUMERALS["zh"]
    yield Paragraph("Number", words["opinion.number"])
    yield Paragraph("Title", words["circular.title"])
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", "各中小学校：")
    yield Paragraph("Body", _opening())
    yield Paragraph("Heading1", numerals.first(1) + "检查基本情况")
    yield Paragraph("Body", _overview(found))
    yield Paragraph("Heading1", numerals.first(2) + "主要做法与成效")
    yield Paragraph("Body", "〔由发文机关填写〕")
    yield Paragraph("Heading1", numerals.first(3) + "存在的主要问题")
    for number, (area, title) in enumerate(found.areas.items(), 1):
        yield Paragraph("Heading2", numerals.second(number) + statement.safe(title))
        mine = [problem for problem in found.problems if problem.area == area]
        for n, problem in enumerate(mine, 1):
            yield Paragraph("Body", f"{numerals.third(n)}{_line(problem)}")
        if not mine:
            yield Paragraph("Body", "没有发现与规定不一致的情况。")
    yield Paragraph("Heading1", numerals.first(4) + "整改要求")
    yield Paragraph("Body", _demand(found))
    yield Paragraph("Attachments", "附件：1.问题清单")
    yield Paragraph("Attachment", "2.分校得分表〔如有，另附〕")
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])


def _opening() -> str:
    return catalogue.load("zh")["circular.opening"]


def _overview(found: Circular) -> str:
    named = len(found.schools) - len(found.without_problems())
    told = (
        f"本次共检查{len(found.schools)}所学校，采取〔查阅资料、实地查看、随机访谈〕等方式。"
        f"{named}所学校存在与规定不一致的情况，共{len(found.problems)}项；"
        f"另有存疑待核{found.doubtful}项、材料不足{found.untold}项，不在本通报中列出，由各校另行说明或补正。"
    )
    good = found.without_problems()
    if good:
        names = "、".join(statement.safe(school.name, 80) for school in good)
        told += f"没有发现与规定不一致情况的学校：{names}。"
    return told


def _line(problem: Problem) -> str:
    text = statement.safe(problem.text).rstrip("。；")
    return (
        f"{statement.safe(problem.school, 80)}：{text}"
        f"（依据{problem.citation}：“{problem.quote}”）。"
    )


def _demand(found: Circular) -> str:
    due = _day(found.due) if found.due else _DUE
    return (
        "各有关学校要对照问题清单逐项整改，明确责任人和措施，"
        f"于{due}前将整改报告报送〔发文机关〕；其他学校要对照检查，防止类似问题。"
    )


def _day(date: str) -> str:
    year, month, day = (int(part) for part in date.split("-"))
    return f"{year}年{month}月{day}日"


def _rows(found: Circular) -> Iterator[list[str]]:
    """The problem list: 序号 学校 问题 依据条款 证据 严重程度 整改时限 整改情况."""
    words = catalogue.load("zh")
    for problem in found.problems:
        yield [
            str(problem.number),
            statement.safe(problem.school, 80),
            statement.safe(problem.text),
            f"{'、'.join(problem.clauses)} {problem.citation}",
            statement.safe(problem.evidence),
            words[f"severity.{problem.severity.value}"],
            _day(found.due) if found.due else _DUE,
            "",
        ]


def _text(found: Circular) -> str:
    lines = [_INDENT.get(p.style, "") + p.text for p in paragraphs(found)]
    lines += ["", "附件1  问题清单", "  ".join(_HEADS)]
    lines += ["  ".join(row) for row in _rows(found)]
    lines += ["", catalogue.load("zh")["page.footer"]]
    return "".join(visible(line) + "\n" for line in lines)


def _csv(found: Circular) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_HEADS)
    for row in _rows(found):
        writer.writerow([cell(text) for text in row])
    return "\ufeff" + out.getvalue()


def _json(found: Circular) -> str:
    return dumps(
        {
            "format": "kehou-circular/1",
            "schools": [{"id": s.id, "name": s.name} for s in found.schools],
            "doubtful": found.doubtful,
            "untold": found.untold,
            "due": found.due,
            "problems": [
                {
                    "number": p.number,
                    "school": {"id": p.school_id, "name": p.school},
                    "area": p.area,
                    "text": p.text,
                    "clauses": list(p.clauses),
                    "evidence": p.evidence or None,
                    "severity": p.severity.value,
                    "rule": p.rule,
                    "fingerprint": p.fingerprint,
                }
                for p in found.problems
            ],
        }
    )
