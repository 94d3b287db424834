"""The words of a form: what each field wants, what counts as 无, an example. From the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.fields import Field, allowed
from kehou.forms import FormSheet, Item
from kehou.forms import layouts as forms
from kehou.render.words.visible_text import width

#: How the form is filled in, in a few steps.
#: What choosing 是 on the first sheet of a form from prose is for.
TO_BE_CONFIRMED: Final = (
    f"核对、填完以后在左边的格里选“{forms.YES}”。没有选的，空着的格不当作没有，"
    "已填的格都当作程序读出、尚未确认，只提请人核查。"
)
STEPS: Final = tuple(
    f"{forms.SIGN} {words}"
    for words in (
        "怎样填",
        "1. 一张工作表填一个部分，点下面目录里的名称就能跳过去。"
        "只填白色的格；灰色、蓝色、橙色的格是说明，已经锁住。",
        "2. “要求”写着“必填”的，这个环节应当填写；“不填则不能判定”的，空着就有规定判断不了，要补；"
        "“选填”的，有就填。"
        "鼠标停在栏目名称上，可以看到怎样填和政策的原话。",
        "3. 三种情况要分清：有内容的，照实填；确实没有的，写“无”；"
        "还没有定、不知道的，留空。空白不等于“无”。",
        "4. 一张表格整个没有内容的，在上方“整表”右边的格里写“无”；没有填的表算没有提供。",
        "5. 时间按24小时制写，如 18:30；日期如 2021-09-01；金额以元计，只写数字。"
        "有下拉箭头的从下拉中选；可以写几项的，用顿号“、”分开。",
        "6. “示例”行只供参考，不会读入；请从行次 1 填起。行不够时接着往下填，"
        "可以插入、删除行；列的先后可以调整，但不要改表头和栏目的名称。",
        "7. 填好后存为 .xlsx 文件交上来；自己检查用 kehou check 加文件名。",
    )
)

_CODES = re.compile(r"（[A-Z]\.[0-9A-Za-z.\-、A-Z]*）")
_MOST_CHOICES: Final = 20
_MOST_CELLS: Final = 12
_CLOCK = "24小时"


def choices(item: Item) -> tuple[str, ...]:
    """What a drop-down offers; nothing where any text may stand."""
    field = item.field
    if item.whole:
        return ("无",)
    if field.kind == "enum":
        found = tuple(field.labels.values())
    elif field.kind == "boolean":
        found = tuple(field.labels.get(word, zh) for word, zh in (("true", "是"), ("false", "否")))
    elif field.kind == "integer" and field.words:
        first: dict[int, str] = {}
        for word, value in field.words.items():
            first.setdefault(value, word)
        found = tuple(first.values())
    else:
        return ()
    return (*found, "无") if field.absent else found


def bounds(field: Field) -> dict[str, Any]:
    """What a spreadsheet checks of a number, a date or a time as it is typed."""
    if field.kind == "time":
        return {"type": "time", "operator": "between", "formula1": "0", "formula2": "0.999988"}
    if field.kind == "date":
        return {"type": "date", "operator": "between", "formula1": "36526", "formula2": "73050"}
    kind = "whole" if field.kind == "integer" else "decimal"
    low = field.minimum if field.minimum is not None else -999_999_999
    high = field.maximum if field.maximum is not None else 999_999_999
    return {"type": kind, "operator": "between", "formula1": str(low), "formula2": str(high)}


def described(field: Field) -> str:
    """The schema's words on a field, without the numbers of clauses."""
    return _CODES.sub("", field.description).strip().rstrip("。")


def short(field: Field) -> str:
    """What a column takes, in a few words."""
    if field.kind == "list":
        item = field.item
        assert item is not None
        if item.kind == "integer":
            return described(field).partition("；")[0] or "可写几个"
        none = "；没有写“无”" if field.absent and not field.blank_absent else ""
        return f"可写几项，用“、”分开{none}"
    words = {
        "time": "时间，如 18:30",
        "date": "日期，如 2021-09-01",
        "month": "月份，如 2021-09",
        "money": "元",
        "enum": "下拉选择",
        "boolean": "是或否",
        "decimal": "数" + ("或百分数" if field.maximum == 1 else ""),
        "integer": field.units[0] if field.units else "整数",
    }.get(field.kind, "")
    if field.absent:
        words += ("；" if words else "") + ("空白即为无" if field.blank_absent else "没有写“无”")
    return words


def hint(field: Field) -> str:
    """What a field wants, what it may hold, and what counts as 无."""
    words = described(field)
    found: list[str] = []
    if words and not (field.kind == "time" and words.startswith(_CLOCK)):
        found.append(words)
    found += _may(field, words)
    if field.blank_absent:
        found.append(f"空白按“无”读，不知道的写“{forms.NOT_SUPPLIED}”")
    elif field.absent:
        found.append("没有的写“无”，空白算没有填")
    if field.default is not None:
        found.append("空白按“否”读" if field.default is False else "")
    if field.private:
        found.append("不会出现在检查结果里")
    return "；".join(part for part in found if part)


def _may(field: Field, words: str) -> list[str]:
    if field.kind == "list":
        item = field.item
        assert item is not None
        if item.kind == "enum":
            return [f"可写几项，用顿号“、”分开：{'、'.join(item.labels.values())}"]
        return [] if item.kind == "integer" and words else ["可写几项，用顿号“、”分开"]
    if field.kind == "enum":
        return [f"从下拉中选：{'、'.join(field.labels.values())}"]
    if field.kind == "boolean":
        return [f"写“{'”或“'.join(allowed(field).split('、'))}”"]
    if field.kind == "text" and field.form is None:
        return []
    return [] if words and field.kind == "integer" and field.units else [allowed(field)]


def for_whole(field: Field) -> str:
    """What the cell of a whole record or table means."""
    what = f"“{field.title}”"  # a short form puts several tables on one sheet
    if not field.absent:
        return f"{what}不能写“无”"
    return f"确实没有{field.title}的，这一格写“无”，{what}的其余各格留空；有的，这一格留空"


def for_inner(field: Field) -> str:
    """The same for a column of a table, in a few words."""
    return "没有写“无”，有则留空" if field.absent else "留空"


def for_record(sheet: FormSheet, inside: Sequence[str]) -> str:
    """The line under the title of a record's sheet; ``inside`` are the tables that belong to it."""
    words = described(sheet.field)
    told = f"{words}。" if words else ""
    told += f"在“{forms.VALUE}”一栏填写；鼠标停在栏目名称上可以看到政策的原话。"
    return told + (f"这一部分还有工作表：{'、'.join(inside)}。" if inside else "")


def for_table(sheet: FormSheet) -> str:
    """The line under the title of a table."""
    words = described(sheet.field)
    told = f"{words}。" if words else ""
    if sheet.parent is not None:
        told += f"每行先填它属于“{sheet.parent.name}”里的第几行（那张表的{forms.NUMBER}）。"
        if sheet.field.absent:
            told += f"某一行没有{sheet.field.title}的，在“{sheet.parent.name}”里写“无”。"
    return f"{told}从行次 1 起一行填一项；“示例”行不会读入。鼠标停在列名上可以看到政策的原话。"


def about(sheet: FormSheet) -> str:
    """A line on a sheet for the list of sheets."""
    words = described(sheet.field)
    if not words:
        names = [item.label for item in sheet.items if not item.whole][:5]
        more = "等" if len(sheet.items) > len(names) else ""
        words = "、".join(names) + more
    return words


def taken_over(confirm: Mapping[str, Sequence[str]], from_prose: bool, hands: str = "") -> str:
    """What a form says that begins with what an earlier one held, or with what prose says.

    ``hands`` says who looked through what is not marked any more.
    """
    count = sum(len(cells) for cells in confirm.values())
    if from_prose:
        left = f"浅绿色的 {count} 格是程序从文字里读出的，没有人确认过，请对着原文逐格核对；"
        settled = (
            f"从文字里读出、已经核对过的（{hands}），没有标颜色，不用逐格再看，第一张表选了“是”才算数；"
            if hands
            else ""
        )
        return settled + (left if count else "") + "文字里没有读的，请填在其余的格里。"
    return (
        f"浅绿色的 {count} 格沿用原来的材料，请逐格核对、有变化的改过来；"
        "只属于原来那一期的内容（如各种日期）已经清空，请重新填写。"
    )


def to_confirm(cells: Sequence[str]) -> str:
    """Which cells of a sheet are to be confirmed."""
    if not cells:
        return ""
    more = "等" if len(cells) > _MOST_CELLS else ""
    return f"。沿用 {len(cells)} 格，请核对：{'、'.join(cells[:_MOST_CELLS])}{more}"


def note(words: str, clauses: Sequence[str], why: str = "") -> str:
    """A heading's note: what belongs there, what cannot be told without, the clauses' words."""
    found = [part for part in (words, why) if part]
    if clauses:
        found += ["依据", *clauses]
    return "\n".join(found)


def example(field: Field) -> str:
    """A value that the field takes, plainly not anybody's."""
    kind = field.kind
    if field.node.get("examples"):
        return str(field.node["examples"][0])
    if kind == "list":
        item = field.item
        assert item is not None
        if item.kind == "enum":
            return "、".join(list(item.labels.values())[:2])
        if "周一" in item.words:
            return "周一至周五"
        return "1至6" if item.kind == "integer" else f"{field.title}（示例）"
    if field.words and kind == "integer":
        return next(iter(field.words))
    if field.labels:
        return next(iter(field.labels.values()))
    if kind == "boolean":
        return "是"
    if kind == "time":
        return "17:30" if field.after else "15:30"
    if kind == "date":
        return "2022-01-14" if field.after else "2021-09-01"
    if kind in ("integer", "decimal", "money"):
        if kind == "decimal" and field.maximum == 1:
            return "80%"
        low = field.minimum or 0
        usual = 30 if kind == "integer" else 100
        return str(max(low, min(field.maximum or 1_000, usual)))
    return {"month": "2021-09"}.get(kind) or (
        "2021-2022" if field.form else f"{field.title}（示例）"
    )


def column_width(item: Item, shown: str) -> int:
    """Characters of Excel's default font that a table's column needs."""
    least = {"time": 11, "date": 13, "boolean": 9, "integer": 10, "money": 11, "decimal": 10}
    room = least.get(item.field.kind, 14)
    longest = max((width(label) for label in choices(item)), default=0) + 4
    wanted = min(max(longest, width(shown) + 6), 26)
    half = (width(item.label) + 1) // 2 + 2
    return max(room, wanted, min(half, 18))


def parent_width(sheet: FormSheet) -> int:
    """The same for the column that names a row of another table."""
    return max(10, width(sheet.parent_label) + 2)
