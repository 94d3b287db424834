"""The 补正材料清单 as a letter to the school, and as stubs to paste.

kehou is no issuing organ: who issues it, its number, its date and the time allowed are
placeholders. The letter is Chinese in every report language, as official texts are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from kehou import __version__
from kehou.model.report import CitedClause
from kehou.model.values import Location
from kehou.remedy.missing_evidence import Item, Letter, Settles
from kehou.render.office import Paragraph
from kehou.render.words import (
    NUMERALS,
    Words,
    catalogue,
    dotted,
    fault_told,
    shortened,
    statement,
    visible,
)

TITLE = "补正材料清单"
_DUE = "〔补正期限〕"
_RULES = 12
_CLAUSES = 6
_ALSO = 5
_PLACES = 8
_FAULTS = 100
#: Blanks before a line of plain text; what is to be pasted keeps its own.
_INDENT = {"Body": "    ", "Heading1": "  "}


# --- the letter ----------------------------------------------------------------------------


def paragraphs(found: Letter) -> Iterator[Paragraph]:
    """All of the letter, paragraph by paragraph."""
    words, report = catalogue.load("zh"), found.report
    first = NUMERALS["zh"].first
    school = statement.safe(report.submission.name or "〔学校〕", 80)
    yield Paragraph("Number", words["opinion.number"])
    yield Paragraph("Title", words["letter.title"].format(school=school))
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", f"{school}：")
    yield Paragraph("Body", _opening(found))
    yield Paragraph("Heading1", first(1) + "需要补正的材料")
    told: dict[str, int] = {}
    for item in found.items:
        yield Paragraph("Body", _asked(item))
        for n, settles in enumerate(item.settles[:_RULES], 1):
            before = told.get(settles.rule)
            told.setdefault(settles.rule, item.number)
            yield Paragraph("Body", NUMERALS["zh"].fourth(n) + _settles(settles, words, before))
        if len(item.settles) > _RULES:
            yield Paragraph("Body", f"另有{len(item.settles) - _RULES}项，从略。")
    if not found.items:
        yield Paragraph("Body", words["opinion.none"])
    yield Paragraph("Heading1", first(2) + "需要先改正的填写")
    yield from _faults(found, words)
    yield Paragraph("Heading1", first(3) + "报送要求")
    yield Paragraph("Body", f"请于{_DUE}前补齐以上材料，连同补充后的方案一并报送〔发文机关〕。")
    yield Paragraph("Body", "尚未办理的事项，请先实际办理，再如实填写；确实没有的，写“无”。")
    if any(item.paste.text for item in found.items):
        yield Paragraph("Attachments", "附件：1.填写样式")
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])
    yield from _annex(found)


def _opening(found: Letter) -> str:
    report = found.report
    packs = "、".join(f"“{pack.title or pack.id}”" for pack in report.packs.used)
    words = catalogue.load("zh")
    told = words["letter.opening"].format(packs=statement.safe(packs), as_of=_day(report.run.as_of))
    if not found.items:
        return told + "没有发现需要补正的材料。"
    return (
        told + f"还缺以下{len(found.items)}项，现请补正。各项按补上后可判定的项目多少排列，"
        "多的在前；写明应补在哪里、由此可判定哪些项目、各以政策的哪一句为依据。"
    )


def _day(date: str) -> str:
    """An ISO date as an official text writes it, without zeros."""
    year, month, day = (int(part) for part in date.split("-"))
    return catalogue.load("zh")["opinion.day"].format(year=year, month=month, day=day)


def _asked(item: Item) -> str:
    told = f"{item.number}.{statement.safe(item.label)}（填写项{dotted(item.path)}）"
    told += f"，应写在{_place(item.places[0])}之下"
    if item.count > 1:
        listed = [_place(place) for place in item.places[1:_PLACES]]
        more = "等" if item.count > len(listed) + 1 else ""
        told += f"；同样情形共{item.count}处，另见{'、'.join(listed)}{more}"
    if item.allowed:
        told += f"。可填：{item.allowed}"
    return told + f"。补上可判定{len(item.settles)}项："


def _settles(settles: Settles, words: Words, before: int | None) -> str:
    """A rule with its ground in full the first time, and after that with the item that has it."""
    told = f"{statement.safe(settles.title)}（{words[f'severity.{settles.severity}']}）"
    if before is not None:
        return told + f"，依据见第{before}项。"
    told += "。依据：" + "；".join(_ground(c) for c in settles.clauses[:_CLAUSES])
    if settles.also:
        numbers = "、".join(str(n) for n in settles.also[:_ALSO])
        more = f"等{len(settles.also)}项" if len(settles.also) > _ALSO else "项"
        told += f"。须与第{numbers}{more}一并补齐"
    return told + "。"


def _ground(clause: CitedClause) -> str:
    return f"{clause.citation}“{clause.quote}”"


def _faults(found: Letter, words: Words) -> Iterator[Paragraph]:
    faults = found.report.submission.faults
    if not faults:
        yield Paragraph("Body", words["opinion.none"])
    for n, fault in enumerate(faults[:_FAULTS], 1):
        told = shortened(fault_told(fault, words), 300) + (f"；{fault.hint}" if fault.hint else "")
        yield Paragraph("Body", f"{n}.{_place(fault.location)}：{told}。")
    if len(faults) > _FAULTS:
        yield Paragraph("Body", f"另有{len(faults) - _FAULTS}处，从略。")


def _annex(found: Letter) -> Iterator[Paragraph]:
    """What to paste, in the order of the items."""
    shown = [item for item in found.items if item.paste.form != "none"]
    if not any(item.paste.text for item in shown):
        return
    yield Paragraph("Annex", "附件1")
    yield Paragraph("Title", "填写样式")
    yield Paragraph(
        "Body",
        "各样式可以整段贴到所写的位置，再在冒号后面填写；没有填写的视同没有提供。行号按现在的文件，"
        "请从行号大的贴起，同一行的先贴缩进少的。",
    )
    for item in shown:
        yield Paragraph("Body", f"第{item.number}项，{_where(item)}")
        if item.paste.text:
            yield Paragraph("Cell", stub_text(item).rstrip("\n"))


def _where(item: Item) -> str:
    paste = item.paste
    file = statement.safe(paste.file, 100)
    if paste.form == "with":
        return f"写在第{paste.number}项的样式里。"
    if paste.form == "there":
        return f"{file}第{paste.after}行已有这一项，只缺内容，请在那里填写。"
    if paste.form == "instead":
        return f"{file}第{paste.after}行只有名称，用以下内容替换这一行："
    if paste.form == "column":
        return f"在{file}加一列，列名为："
    if paste.form == "inside":
        return f"加在{_place(item.places[0])}的花括号里，与前一项用逗号隔开："
    if paste.after is None:
        return f"贴在{file}的末尾，没有这个文件的请新建："
    return f"贴在{file}第{paste.after}行之后："


def stub_text(item: Item) -> str:
    """What to paste for an item, the policy's words in front as comments where they may stand."""
    paste = item.paste
    if paste.form not in ("lines", "instead"):
        return paste.text + "\n"
    clauses = {_ground(c): None for settles in item.settles for c in settles.clauses}
    told = [f"{item.number}.{item.label}（{dotted(item.path)}）：补上可判定 {len(item.settles)} 项"]
    told += [f"依据 {ground}" for ground in list(clauses)[:_CLAUSES]]
    if len(clauses) > _CLAUSES:
        told.append(f"另有 {len(clauses) - _CLAUSES} 处依据，见补正材料清单")
    blanks = " " * paste.indent
    comments = "".join(f"{blanks}# {visible(line)}\n" for line in told)
    return comments + paste.text


def _place(place: Location) -> str:
    file = statement.safe(place.file, 100)
    return f"{file}第{place.line}行" if place.line else file


# --- formats -------------------------------------------------------------------------------


def as_text(found: Letter) -> str:
    """The letter as plain text."""
    lines = []
    for paragraph in paragraphs(found):
        indent = _INDENT.get(paragraph.style, "")
        if paragraph.style in ("Title", "Heading1", "Organ", "Annex"):
            lines.append("")
        lines += [indent + line for line in paragraph.text.split("\n")]
    lines += ["", catalogue.load("zh")["page.footer"]]
    if found.bureaus:
        lines.append(f"（以下由主管部门补充，不写入清单：{'、'.join(found.bureaus)}）")
    return visible("\n".join(lines).lstrip("\n"), keep="\n") + "\n"


def as_html(found: Letter) -> str:
    """The letter as one page."""
    from kehou.render.page import page

    return page("letter.html.j2", catalogue.load("zh"), TITLE, paragraphs=list(paragraphs(found)))


def as_docx(found: Letter) -> bytes:
    """The letter as a Word document laid out as the 核查意见 is."""
    from kehou.render.office import docx

    return docx.letter(paragraphs(found), TITLE, catalogue.load("zh"))


def as_yaml(found: Letter) -> str:
    """Only what to paste, in the order in which it can be pasted without lines moving."""
    report = found.report
    lines = [
        f"# {report.submission.name or ''} {TITLE}：填写样式",
        "# 由上到下逐段贴到所写的位置，行号按现在的文件；在冒号后面填写，没有填写的视同没有提供。",
    ]
    items = [item for item in found.items if item.paste.form not in ("none", "with")]
    for item in in_pasting_order(items):
        lines += ["", f"# —— {_where(item).rstrip('：')}"]
        if not item.paste.text:
            lines[-1] += f"（{item.number}.{item.label}）"
        if item.paste.form in ("lines", "instead"):
            lines.append(stub_text(item).rstrip("\n"))
        else:
            lines += [f"# {line}" for line in item.paste.text.splitlines()]
    return visible("\n".join(lines), keep="\n") + "\n"


def in_pasting_order(items: Sequence[Item]) -> list[Item]:
    """The last line of each file first; after one line, what stands less deep first, and what takes
    the place of the line itself last.
    """
    end = 1 << 30
    return sorted(
        items,
        key=lambda i: (
            i.paste.file,
            -(end if i.paste.after is None else i.paste.after),
            i.paste.form == "instead",
            i.paste.indent,
            -i.number,
        ),
    )


def as_json(found: Letter) -> str:
    """The letter for programs (docs/fix.md)."""
    report = found.report
    tree = {
        "format": "kehou-request/1",
        "tool": {"name": "kehou", "version": __version__},
        "path": report.submission.path,
        "stage": str(report.run.stage),
        "as_of": report.run.as_of,
        "school": {"id": report.submission.id, "name": report.submission.name},
        "packs": [
            {"id": p.id, "version": p.version, "sha256": p.sha256} for p in report.packs.used
        ],
        "items": [_item(item) for item in found.items],
        "bureau": list(found.bureaus),
        "faults": len(report.submission.faults),
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _item(item: Item) -> dict[str, object]:
    return {
        "number": item.number,
        "label": item.label,
        "path": item.path,
        "allowed": item.allowed,
        "count": item.count,
        "places": [{"file": p.file, "line": p.line, "column": p.column} for p in item.places],
        "settles": [
            {
                "rule": s.rule,
                "title": s.title,
                "severity": str(s.severity),
                "clauses": [
                    {"id": c.id, "citation": c.citation, "quote": c.quote} for c in s.clauses
                ],
                "also_needs": list(s.also),
            }
            for s in item.settles
        ],
        "paste": {
            "form": item.paste.form,
            "file": item.paste.file,
            "after_line": item.paste.after,
            "in_item": item.paste.number or None,
            "text": stub_text(item) if item.paste.text else "",
        },
    }
