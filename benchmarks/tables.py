"""Tables in workbooks: a roster and a ledger, as ratios to openpyxl reading the same file.

openpyxl reads in its read-only mode, every value of every row; kehou's low level gives the same
cells, the table level rows by heading with totals compared. The submission adds the types.
"""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from benchmarks.timing import rounds, shown, table
from kehou import data
from kehou.fields.fields import read_schema
from kehou.readers.xlsx import open_workbook
from kehou.submission import load
from kehou.tables import read as tables

_ROSTER = (
    *("学籍号", "班级", "减免类别", "是否参加", "报名日期", "申请是否签字", "协议编号"),
    *("协议日期", "协议是否签字", "首次参加日期", "最后参加日期", "退出日期", "是否被拒绝"),
    "是否在籍",
)
_LEDGER = (
    "序号",
    "记账日期",
    "凭证号",
    "摘要",
    "类别",
    "收入",
    "支出",
    "班级",
    "账户",
    "经办人",
    "余额",
)
#: Reads one file, and tells the most memory that the process ever had, in KB.
_CHILD = """
import sys
from pathlib import Path
data = Path(sys.argv[2]).read_bytes()
if sys.argv[1] == "openpyxl":
    import io, openpyxl
    for row in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows():
        for cell in row: cell.value
elif sys.argv[1] == "openpyxl, kept":
    import io, openpyxl
    kept = [[cell.value for cell in row] for row in
            openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows()]
elif sys.argv[1] == "workbook":
    from kehou.readers.xlsx.workbook import open_workbook
    kept = open_workbook(data, "a.xlsx")
else:
    from kehou import data as files
    from kehou.fields.fields import read_schema
    from kehou.submission import load
    schema = read_schema(files.schemas(), "submission")
    kept = load(sys.argv[2], schema)
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def report(full: bool) -> Iterator[str]:
    """Time and memory of both tables; the longer run takes more rounds."""
    schema = read_schema(data.schemas(), "submission")
    sizes = {"roster": 5_000, "ledger": 20_000} if full else {"roster": 1_000, "ledger": 4_000}
    with tempfile.TemporaryDirectory() as folder:
        for name, count in sizes.items():
            content = roster(count) if name == "roster" else ledger(count)
            path = Path(folder, f"{name}.xlsx")
            path.write_bytes(content)
            part = schema.root.fields[name]
            yield f"  {name} of {count} rows, {len(content) / 1e6:.2f} MB"
            medians = rounds(
                {
                    "openpyxl": lambda: _openpyxl(content),  # noqa: B023 (called within the loop)
                    "workbook": lambda: open_workbook(content, "a.xlsx"),  # noqa: B023
                    "table": lambda: tables.read_table(path, part, schema),  # noqa: B023
                    "submission": lambda: load(path, schema),  # noqa: B023
                },
                5 if full else 1,
            )
            yield from table(medians, "openpyxl")
            unit = _memory("openpyxl", path)
            for who in ("openpyxl", "openpyxl, kept", "workbook", "submission"):
                most = _memory(who, path)
                yield f"  {who:14}  most memory {most / 1000:6.1f} MB  {most / unit:5.2f} ×"
    if full:
        from tests.support.hostile_workbooks import formatted_rows

        content = formatted_rows()
        medians = rounds({"1,048,576 formatted rows": lambda: open_workbook(content, "a.xlsx")}, 1)
        for what, seconds in medians.items():
            yield f"  {what} ({len(content) / 1e6:.1f} MB): {shown(seconds)}"


def _openpyxl(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(cell.value is not None for row in book.worksheets[0].iter_rows() for cell in row)


def _memory(who: str, path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, who, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def _saved(rows: Iterator[list[object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def roster(count: int) -> bytes:
    """A roster as another system exports it: a title, headings in other words, a total."""

    def rows() -> Iterator[list[object]]:
        yield ["示例小学学生名册"]
        yield list(_ROSTER)
        day = datetime.date(2021, 9, 1)
        for i in range(count):
            name = f"{'一二三四五六'[i % 6]}（{i % 9 + 1}）班"
            poor = "低保" if i % 50 == 0 else None
            signed = [day, "是", f"XY{i:06}", day, "是", day, day]
            yield [f"2021{i:06}", name, poor, "是", *signed, None, None, "是"]
        yield ["合计"]

    return _saved(rows())


def ledger(count: int) -> bytes:
    """A ledger with income and expense in two columns, subtotals and a total."""

    def rows() -> Iterator[list[object]]:
        yield list(_LEDGER)
        fen = [0, 0]
        part = [0, 0]
        for i in range(count):
            out = i % 3 == 0
            amount = 1000 + i * 7 % 9000
            fen[out] += amount
            part[out] += amount
            day = datetime.date(2021, 9, 1) + datetime.timedelta(i % 120)
            side = [None, amount / 100] if out else [amount / 100, None]
            yield [
                i + 1,
                day,
                f"JZ{i:06}",
                "课后服务费" if not out else "水费",
                "水费" if out else "家长缴费",
                *side,
                None if out else "三（2）班",
                "学校账户",
                f"T{i % 40}",
                (fen[0] - fen[1]) / 100,
            ]
            if i % 100 == 99:
                yield ["小计", None, None, None, None, part[0] / 100, part[1] / 100]
                part = [0, 0]
        yield ["合计", None, None, None, None, fen[0] / 100, fen[1] / 100]

    return _saved(rows())


__all__ = ["ledger", "report", "roster"]
