"""The command line: what may be written, and the exit code (DESIGN §8).

Nothing but argparse is imported before a command is known, and then only that command's module.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import NoReturn

from kehou import __version__
from kehou.errors import EXIT_UNREADABLE, EXIT_USAGE, KehouError

_EPILOG = """\
退出码：0 达到要求 · 1 有不符合（见 --fail-on）· 2 用法、设置或规则包有错，或什么也没有查
       3 有材料不足或存疑待核的重大项 · 4 有读不出或未能评定的内容（先于 1 和 3）
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KehouError as error:
        from kehou.cli.outputs import complain
        from kehou.render.words import visible

        complain("kehou：" + visible(str(error), keep="\n"))
        return error.exit_code
    except BrokenPipeError:
        # The reader (`| head`) has gone; nothing more can be told, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # a full disk, a device that takes nothing
        from kehou.cli.outputs import complain

        told = error.strerror or error
        complain(f"kehou：写不出结果：{told}\n  请：换一个有空间、可以写的地方再试")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE
    except Exception as error:  # a bug of ours must not look like exit 1, a breach
        from kehou.cli.outputs import complain, crash

        complain(crash(error))
        return EXIT_UNREADABLE


def _run(arguments: Sequence[str]) -> int:
    parser, commands_of = _parser()
    named = next((word for word in arguments if not word.startswith("-")), "")
    if named in commands_of:
        _module(named).add_options(commands_of[named])
    options, left = parser.parse_known_args(arguments)
    if left:
        commands_of.get(options.command, parser).error(f"unrecognized arguments: {' '.join(left)}")
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    return int(_module(options.command).run(options))


# --- argparse in Chinese -------------------------------------------------------------------


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Chinese headings and errors; an unknown option or command is met with the nearest one."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", _Formatter)
        super().__init__(add_help=False, allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        from kehou.errors import UsageError

        told, hint = self._in_chinese(message)
        raise UsageError("usage", told, hint=hint or f"看 {self.prog} --help")

    def _in_chinese(self, message: str) -> tuple[str, str]:
        """An argparse message in Chinese, and the way out where there is a nearest word."""
        for pattern, words in _MESSAGES:
            if found := re.fullmatch(pattern, message, re.S):
                word = found.groups()[-1] if "没有" in words else ""
                return words.format(*found.groups()), self._nearest(word) if word else ""
        return message, ""

    def _nearest(self, text: str) -> str:
        from kehou.language import suggest

        word = text.split()[0].partition("=")[0]
        options = [name for action in self._actions for name in action.option_strings]
        if word.startswith("-"):
            return suggest(word, options)
        choices = [action.choices for action in self._actions if isinstance(action.choices, dict)]
        return suggest(word, list(choices[0])) if choices else ""


_MESSAGES = (
    (r"the following arguments are required: (.+)", "缺少参数 {0}"),
    (r"unrecognized arguments: (.+)", "没有这个选项或参数：{0}"),
    (r"argument COMMAND: invalid choice: '(.*?)' \(choose from .*\)", "没有命令“{0}”"),
    (r"argument (.+?): expected (?:one|at least one) argument", "{0} 后面要写值"),
    (r"argument (.+?): ignored explicit argument '(.*?)'", "{0} 不带值，却写了“{1}”"),
    (r"argument (.+?): invalid choice: '(.*?)' \(choose from (.*)\)", "{0} 不能是“{1}”，可用：{2}"),
    (r"argument (.+?): (.+)", "{0}：{1}"),
)


# --- the commands --------------------------------------------------------------------------

#: Each command, a module of kehou.commands, and what it does in a line.
COMMANDS = {
    "check": "检查一份或几份材料",
    "explain": "说明一条规则；给出材料时逐个对象说明结论的由来",
    "clauses": "政策的每一部分由什么承担，什么还没有",
    "worksheet": "从报告生成检查人员的核查表",
    "attest": "读回填好的核查表，生成核实记录",
    "agreement": "比较两名检查人员填的同一份核查表",
    "circular": "从各校的检查报告起草通报和问题清单",
    "request": "把缺的材料写成给学校的补正材料清单，附可以粘贴的填写样式",
    "fix": "算出使不符合改为符合的最少修改，只列出，不改文件",
    "verify": "照一份 JSON 报告再查一遍，逐项说明一致与不同；也核对 bundle 生成的包",
    "bundle": "把报告、材料、规则包和条款原文打成一个可以离线核对的包",
    "diff": "比较两份 JSON 报告或材料：新增、未改、已改、重现、不再适用",
    "waiver": "列出、检查、清理主管部门的豁免文件",
    "notice": "由报告生成限期整改通知书和学校的整改回复表",
    "recheck": "按通知书复查新的材料，列出整改情况表",
    "score": "按主管部门的评分办法给各校计分，并可排名",
    "lint": "检查规则包本身有没有错误",
    "test": "运行规则旁边的用例",
    "new": "新建一条规则和它的用例，随即可以运行，再照着改",
    "schema": "显示一种文件的 JSON Schema",
    "completion": "显示一种命令行的补全脚本",
    "form": "生成学校填写的 Excel 表格，可以先填上已有的内容",
    "convert": "把材料在 YAML、JSON 和 Excel 表格之间转换，内容不变",
}


def _parser() -> tuple[_Parser, dict[str, _Parser]]:
    """The parser, and the parser of each command, still without its options."""
    parser = _Parser(
        prog="kehou",
        description="对照写成规则的政策，检查提交的方案与佐证材料，说明何处符合、何处不符合、缺什么。",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "--version", action="version", version=f"kehou {__version__}", help="显示版本"
    )
    commands = parser.add_subparsers(
        title="命令", dest="command", metavar="COMMAND", parser_class=_Parser
    )
    for name, words in COMMANDS.items():
        one = commands.add_parser(name, help=words, description=words, epilog=_EPILOG)
        one.set_defaults(parsers=parsers)
    return parser, dict(commands.choices)


def parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The whole parser and that of each command with its options, for tables and completion."""
    parser, commands_of = _parser()
    for name, one in commands_of.items():
        _module(name).add_options(one)
    return parser, dict(commands_of)


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"kehou.commands.{command}")
