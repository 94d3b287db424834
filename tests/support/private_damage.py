"""Submissions that hold private things where they do not belong: what schools really hand in.

Every kind of damage puts names, phones and identity numbers somewhere; ``SECRETS`` are the texts
that must not come out again. The names are made up of characters no example uses.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml
from openpyxl import Workbook

#: Names (two to four characters), mobile phones, and identity numbers with a right check digit.
NAMES = ("张镞彧", "欧阳镞彧", "李彧", "尉迟彧")
PHONES = ("13900001234", "18612345678", "15047812345")
IDENTITIES = ("150802201201010011", "11010519491231002X")
SECRETS = (*NAMES, *PHONES, *IDENTITIES)

HEADS: Mapping[str, Sequence[str]] = {
    "学生名册": [
        "学生编号",
        "姓名",
        "班级",
        "年级",
        "减免类别",
        "是否需要服务",
        "申请日期",
        "申请是否签字",
        "协议编号",
        "协议日期",
        "协议是否签字",
        "首次参加日期",
        "是否被拒绝",
        "拒绝原因",
    ],
    "教职工": [
        "人员编号",
        "姓名",
        "人员类别",
        "机构编号",
        "岗位",
        "到岗星期",
        "是否自愿",
        "同意日期",
        "审核人",
    ],
    "台账": [
        "日期",
        "凭证号",
        "收支",
        "收支项目",
        "类别",
        "收（付）款人",
        "学生编号",
        "班级",
        "金额",
        "账户",
        "经手人",
        "审批人",
        "余额",
        "备注",
    ],
}
#: What a plan calls the part that a table is of.
KEYS = {"学生名册": "学生名册", "教职工": "人员", "台账": "收支台账"}
PLAN = {
    "学校": {"学校标识码": "1508020001", "学校名称": "和平小学（示例）", "学段": ["小学"]},
    "方案": {
        "服务开始日期": "2021-09-06",
        "报送日期": "2021-08-25",
        "服务时段": [
            {
                "类别": "下午课后服务",
                "年级": "1",
                "星期": "1",
                "作息季": "夏季",
                "开始时间": "17:30",
                "结束时间": "18:30",
                "活动": "体育",
            }
        ],
    },
}

Table = list[list[str]]


def sound_table(part: str, rng: random.Random) -> Table:
    """A sound table of a part, with private columns filled."""
    rows = []
    for n in range(1, 5):
        name, other = rng.sample(NAMES, 2)
        if part == "学生名册":
            rows.append(
                [
                    f"X{n:03}",
                    name,
                    "一年级1班",
                    "一年级",
                    "无",
                    "是",
                    "2021-08-29",
                    "是",
                    f"XY{n}",
                    "2021-09-02",
                    "是",
                    "2021-09-06",
                    "否",
                    "",
                ]
            )
        elif part == "教职工":
            rows.append(
                [f"T{n:02}", name, "本校教师", "无", "辅导教师", "周一", "是", "2021-08-23", other]
            )
        else:
            rows.append(
                [
                    "2021-09-28",
                    f"JZ{n}",
                    "收入",
                    "九月课后服务费",
                    "家长缴费",
                    name,
                    f"X{n:03}",
                    "一年级1班",
                    "50.00",
                    "学校账户",
                    other,
                    name,
                    f"{50 * n}.00",
                    rng.choice(PHONES),
                ]
            )
    return [list(HEADS[part]), *rows]


def secret(rng: random.Random) -> str:
    """A private text, alone or as people put several into one cell."""
    parts = rng.sample(SECRETS, rng.choice((1, 1, 2)))
    return rng.choice(("", " ", "　", "/", "，")).join(parts)


# --- damage to tables ----------------------------------------------------------------------


def no_header(table: Table, rng: random.Random) -> Table:
    return table[1:]


def no_header_and_notes(table: Table, rng: random.Random) -> Table:
    return [[f"联系人 {secret(rng)}"], *table[1:]]


def shifted_row(table: Table, rng: random.Random) -> Table:
    at, by = rng.randrange(1, len(table)), rng.choice((-2, -1, 1, 2))
    row = table[at]
    table[at] = ([""] * by + row) if by > 0 else row[-by:]
    return table


def shifted_table(table: Table, rng: random.Random) -> Table:
    at = rng.randrange(len(table[0]))
    return [table[0], *([*row[:at], secret(rng), *row[at:]] for row in table[1:])]


def wrong_column(table: Table, rng: random.Random) -> Table:
    row = rng.choice(table[1:])
    row[rng.randrange(len(row))] = secret(rng)
    return table


def swapped_columns(table: Table, rng: random.Random) -> Table:
    a, b = rng.sample(range(len(table[0])), 2)
    for row in table[1:]:
        row[a], row[b] = row[b], row[a]
    return table


def extra_column(table: Table, rng: random.Random) -> Table:
    heading = rng.choice(("联系电话", "家长", "身份证", "监护人电话", "", "姓 名"))
    return [[*table[0], heading], *([*row, secret(rng)] for row in table[1:])]


def heading_lost(table: Table, rng: random.Random) -> Table:
    at = rng.randrange(len(table[0]))
    table[0][at] = rng.choice(("", secret(rng), "???"))
    return table


def first_row_as_heading(table: Table, rng: random.Random) -> Table:
    keep = rng.sample(range(len(table[0])), 3)
    return [
        [h if i in keep else v for i, (h, v) in enumerate(zip(*table[:2], strict=True))],
        *table[2:],
    ]


def notes_below(table: Table, rng: random.Random) -> Table:
    return [*table, [], [f"填表人：{secret(rng)}"], ["", "", f"电话 {rng.choice(PHONES)}"]]


def notes_above(table: Table, rng: random.Random) -> Table:
    return [[f"班主任：{secret(rng)}"], *table]


def heading_again(table: Table, rng: random.Random) -> Table:
    at = rng.randrange(1, len(table))
    return [*table[:at], [secret(rng)], table[0], *table[at:]]


def cells_joined(table: Table, rng: random.Random) -> Table:
    row = rng.choice(table[1:])
    at = rng.randrange(len(row) - 1)
    row[at : at + 2] = [" ".join(row[at : at + 2]), ""]
    return table


def names_for_ids(table: Table, rng: random.Random) -> Table:
    for row in table[1:]:
        row[0] = rng.choice(NAMES)
    return table


TABLE_DAMAGE: tuple[Callable[[Table, random.Random], Table], ...] = (
    no_header,
    no_header_and_notes,
    shifted_row,
    shifted_table,
    wrong_column,
    swapped_columns,
    extra_column,
    heading_lost,
    first_row_as_heading,
    notes_below,
    notes_above,
    heading_again,
    cells_joined,
    names_for_ids,
)

# --- damage to texts -----------------------------------------------------------------------


def comment(text: str, rng: random.Random) -> str:
    """A comment behind a line, which may be one that cannot be read."""
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    lines[at] += f"  # 联系人 {secret(rng)}"
    return "\n".join(lines)


def comment_on_a_fault(text: str, rng: random.Random) -> str:
    return text.replace("'2021-08-25'", f"2021-13-45 # 联系人 {secret(rng)}", 1)


def broken_near(text: str, rng: random.Random) -> str:
    """A quote not closed, a tab or a bracket lost near a private value."""
    lines = text.splitlines()
    at = rng.choice([i for i, line in enumerate(lines) if any(s in line for s in SECRETS)])
    lines[at] = rng.choice(('{}"', "\t{}", "{}]", "- : {}", "{}: {{")).format(lines[at])
    return "\n".join(lines)


def stray_key(text: str, rng: random.Random) -> str:
    lines = text.splitlines()
    at = rng.choice([i for i, line in enumerate(lines) if line.rstrip().endswith(":")])
    indent = len(lines[at]) - len(lines[at].lstrip()) + 2
    lines.insert(at + 1, " " * indent + f"{secret(rng)}: {secret(rng)}")
    return "\n".join(lines)


def wrong_value(text: str, rng: random.Random) -> str:
    lines = text.splitlines()
    at = rng.choice([i for i, line in enumerate(lines) if ": " in line])
    lines[at] = lines[at].split(": ")[0] + ": " + secret(rng)
    return "\n".join(lines)


TEXT_DAMAGE = (comment, comment_on_a_fault, broken_near, stray_key, wrong_value)

# --- files ---------------------------------------------------------------------------------


def csv_folder(folder: Path, rng: random.Random) -> str:
    """A plan and damaged tables as CSV; returns the kind of damage."""
    _plan(folder)
    part, damage = rng.choice(list(HEADS)), rng.choice(TABLE_DAMAGE)
    out = io.StringIO()
    csv.writer(out).writerows(damage(sound_table(part, rng), rng))
    (folder / f"{part}.csv").write_text(out.getvalue(), rng.choice(("utf-8", "gb18030")))
    return damage.__name__


def workbook_folder(folder: Path, rng: random.Random) -> str:
    """The same in a workbook, with remarks on cells."""
    _plan(folder)
    part, damage = rng.choice(list(HEADS)), rng.choice(TABLE_DAMAGE)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = part
    for row in damage(sound_table(part, rng), rng):
        sheet.append(row)
    book.save(folder / f"{part}.xlsx")
    return damage.__name__


def yaml_folder(folder: Path, rng: random.Random) -> str:
    """One file in YAML with a damaged list."""
    damage = rng.choice(TEXT_DAMAGE)
    text = yaml.safe_dump(_tree(rng), allow_unicode=True, sort_keys=False)
    (folder / "plan.yaml").write_text(damage(text, rng), "utf-8")
    return damage.__name__


def json_folder(folder: Path, rng: random.Random) -> str:
    """The same in JSON, rows damaged as tables are."""
    tree = _tree(rng)
    part, damage = rng.choice(("学生名册", "教职工")), rng.choice(TABLE_DAMAGE[2:6])
    head, *rows = damage(sound_table(part, rng), rng)
    tree[KEYS[part]] = [dict(zip(head, row, strict=False)) for row in rows]
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    if rng.random() < 0.3:
        text = broken_near(text, rng)
    (folder / "plan.json").write_text(text, "utf-8")
    return damage.__name__


READERS = {
    "csv": csv_folder,
    "xlsx": workbook_folder,
    "yaml": yaml_folder,
    "json": json_folder,
}


def _plan(folder: Path) -> None:
    (folder / "plan.yaml").write_text(yaml.safe_dump(PLAN, allow_unicode=True), "utf-8")


def _tree(rng: random.Random) -> dict[str, object]:
    tree: dict[str, object] = dict(PLAN)
    for part in ("学生名册", "教职工"):
        head, *rows = sound_table(part, rng)
        tree[KEYS[part]] = [dict(zip(head, row, strict=True)) for row in rows]
    return tree
