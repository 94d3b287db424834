"""``kehou attest SHEET...``: filled-in worksheets as attestations."""

from __future__ import annotations

import argparse

from kehou.cli import date, outputs
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, KehouError
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("sheets", nargs="+", metavar="SHEET", help="填好的核查表（.xlsx）")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FORMAT[=FILE]",
        default="yaml",
        help="yaml（默认），等号后写文件名，供 kehou check 采用",
    )
    parser.add_argument("--office", metavar="NAME", help="检查单位；表上没有写时用")
    parser.add_argument("--date", type=date, metavar="DATE", help="检查日期；表上没有写时用")
    parser.add_argument("--until", type=date, metavar="DATE", help="有效至哪一天；表上没有写时用")


def run(options: argparse.Namespace) -> int:
    """Every row that can be taken is taken; each cell that cannot be is told."""
    from kehou.inspection import filled_worksheets as inspected
    from kehou.inspection import worksheet_formats as worksheet

    output = outputs.parse(options.output, ["yaml"])
    outputs.check_targets([output], options.sheets)
    given = {k: v for k in ("office", "date", "until") if (v := getattr(options, k))}
    filled: list[inspected.Filled] = []
    left = wrong = 0
    for path in options.sheets:
        try:
            read = worksheet.read(path, given)
        except KehouError as error:
            outputs.complain("kehou：" + visible(str(error), keep="\n"))
            wrong += 1
            continue
        filled += read.filled
        left += len(read.open)
        wrong += len(read.faults)
        for fault in read.faults:
            told = f"{fault.file} {fault.cell}：{fault.message}（{fault.hint}）"
            outputs.complain("kehou：" + visible(told))
    outputs.write(output, inspected.attestations(filled))
    outputs.complain(f"kehou：采用 {len(filled)} 项，没有填写 {left} 项，不能采用 {wrong} 处")
    return EXIT_UNREADABLE if wrong else EXIT_OK
