"""Every command, one row each: what it does in a line, its module, the shared options it takes.

From the table come dispatch, help, completion and the pages' tables. A new command has a module in
kehou.commands, a row here, its texts in the catalogues and its tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``zh`` and ``en`` say what it does, ``shared`` names rows of arguments.SHARED.

    ``module`` is in kehou.commands, its ``add_options`` gives the command's own options, its
    ``run`` does the work.
    """

    zh: str
    en: str
    module: str
    shared: tuple[str, ...] = ()


#: What a submission is checked by: day, stage and the bureau's tables.
_SUBMISSION: Final = ("stage", "as_of", "on", "data")
#: How far a check goes, and what is known beside the submission.
_JUDGING: Final = ("engine", "baseline", "waivers", "attestations", "confirmations", "reading")

#: Every command by its name, in the order of the help.
COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {
        "check": Command(
            "检查一份或几份材料",
            "Check one or several submissions",
            "check",
            (*_JUDGING, *_SUBMISSION, "pack"),
        ),
        "explain": Command(
            "说明一条规则；给出材料时逐个对象说明结论的由来",
            "Explain a rule; for a submission, how each subject came to its outcome",
            "explain",
            ("confirmations", *_SUBMISSION, "pack"),
        ),
        "read": Command(
            "看 Word、文本文件里读出了什么，原文与读出的并排",
            "Show what is read of a Word or text file, beside its words",
            "read",
            ("confirmations", *_SUBMISSION, "pack"),
        ),
        "clauses": Command(
            "政策的每一部分由什么承担，什么还没有",
            "What carries each part of the policy, and what nothing carries yet",
            "clauses",
            ("pack",),
        ),
        "worksheet": Command(
            "从报告生成检查人员的核查表",
            "Make inspectors' worksheets from reports",
            "worksheet",
        ),
        "attest": Command(
            "读回填好的核查表，生成核实记录",
            "Read filled-in worksheets back as attestations",
            "attest",
        ),
        "agreement": Command(
            "比较两名检查人员填的同一份核查表",
            "Compare one worksheet as two inspectors filled it in",
            "agreement",
        ),
        "circular": Command(
            "从多份检查报告起草通报和问题清单",
            "Draft the circular of an inspection round and its list of problems",
            "circular",
        ),
        "request": Command(
            "把缺的材料写成给报送单位的补正材料清单，附可以粘贴的填写样式",
            "Write what is missing as a letter to who submitted it, with stubs to paste",
            "request",
            ("confirmations", *_SUBMISSION, "pack"),
        ),
        "fix": Command(
            "算出使不符合改为符合的最少修改，只列出，不改文件",
            "Work out the fewest edits that turn fails into passes; list them, change no file",
            "fix",
            ("confirmations", *_SUBMISSION, "pack"),
        ),
        "verify": Command(
            "照一份 JSON 报告再查一遍，逐项说明一致与不同；也核对 bundle 生成的包",
            "Run the check of a JSON report, or of a bundle, again and say what differs",
            "verify",
            ("data", "waivers", "attestations", "confirmations", "pack"),
        ),
        "bundle": Command(
            "把报告、材料、规则包和条款原文打成一个可以离线核对的包",
            "Pack a report, its submission, packs and clauses to be verified anywhere",
            "bundle",
            (*_JUDGING, *_SUBMISSION, "pack"),
        ),
        "diff": Command(
            "比较两份 JSON 报告或材料：新增、未改、已改、重现、不再适用",
            "Compare two JSON reports or submissions: new, open, closed, reopened, gone",
            "diff",
            (*_SUBMISSION, "pack"),
        ),
        "waiver": Command(
            "列出、检查、清理主管部门的豁免文件",
            "List, check or prune the authority's waivers",
            "waiver",
            (*_SUBMISSION, "pack"),
        ),
        "notice": Command(
            "由报告生成限期整改通知书和整改回复表",
            "Make the notice of rectification of a report, and the form of the reply",
            "notice",
        ),
        "recheck": Command(
            "按通知书复查新的材料，列出整改情况表",
            "Hold new material against a notice, item by item",
            "recheck",
            ("waivers", "attestations", "confirmations", *_SUBMISSION, "pack"),
        ),
        "score": Command(
            "按主管部门的评分办法计分，并可排名",
            "Score submissions by the authority's scheme, and rank them",
            "score",
            ("as_of", "on", "data", "waivers", "attestations", "confirmations", "engine"),
        ),
        "lint": Command(
            "检查规则包本身有没有错误",
            "Look for faults in the packs themselves",
            "lint",
            ("pack",),
        ),
        "test": Command(
            "运行规则旁边的用例",
            "Run the cases beside the rules",
            "test",
            ("pack",),
        ),
        "new": Command(
            "新建一条规则和它的用例，随即可以运行，再照着改；或由政策原文新建规则包",
            "Make a new rule and its cases, or a pack from a policy's text, to be edited",
            "new",
        ),
        "schema": Command(
            "显示一种文件的 JSON Schema",
            "Print the JSON Schema of a kind of file",
            "schema",
        ),
        "completion": Command(
            "显示一种命令行的补全脚本",
            "Print a script that completes the command line",
            "completion",
        ),
        "form": Command(
            "生成填报用的 Excel 表格，可以先填上已有的内容",
            "Make the Excel form to fill in, empty or from what there is",
            "form",
            ("confirmations", "stage", "pack"),
        ),
        "convert": Command(
            "把材料在 YAML、JSON 和 Excel 表格之间转换，内容不变",
            "Turn a submission into YAML, JSON or an Excel form, nothing lost",
            "convert",
            ("pack",),
        ),
    }
)
