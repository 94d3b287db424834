"""The command line: what may be written, and the exit code (DESIGN §8).

Nothing but argparse is imported before a command is known.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
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
        from kehou.outputs import complain
        from kehou.render.visible import visible

        complain("kehou：" + visible(str(error), keep="\n"))
        return error.exit_code
    except BrokenPipeError:
        # The reader (`| head`) has gone; nothing more can be told, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # a full disk, a device that takes nothing
        from kehou.outputs import complain

        told = error.strerror or error
        complain(f"kehou：写不出结果：{told}\n  请：换一个有空间、可以写的地方再试")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE
    except Exception as error:  # a bug of ours must not look like exit 1, a breach
        from kehou.outputs import complain, crash

        complain(crash(error))
        return EXIT_UNREADABLE


def _run(arguments: Sequence[str]) -> int:
    parser, commands_of = _parser()
    options, left = parser.parse_known_args(arguments)
    if left:
        commands_of.get(options.command, parser).error(f"unrecognized arguments: {' '.join(left)}")
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    from kehou import commands

    return commands.COMMANDS[options.command](options)


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
        from kehou.grammar import suggest

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


def _choice(allowed: Sequence[str]) -> Callable[[str], str]:
    """An argparse type: one of the allowed words, with the nearest one where it is none."""

    def read(text: str) -> str:
        if text in allowed:
            return text
        from kehou.grammar import suggest

        raise argparse.ArgumentTypeError(f"不能是“{text}”（{suggest(text, allowed)}）")

    return read


def _date(text: str) -> str:
    """An argparse type: an ISO date that exists."""
    from datetime import date

    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是日期（写作 2021-09-01）")


def _table(text: str) -> tuple[str, str]:
    """An argparse type: ``NAME=FILE``."""
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise argparse.ArgumentTypeError(f"“{text}”应写作 名称=文件（如 county_list=清单.yaml）")
    return name, file


# --- the commands and their options --------------------------------------------------------


def _parser() -> tuple[_Parser, dict[str, _Parser]]:
    """The parser, and the parser of each command."""
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
    _check_options(_command(commands, "check", "检查一份或几份材料"))
    _explain_options(
        _command(commands, "explain", "说明一条规则；给出材料时逐个对象说明结论的由来")
    )
    clauses = _command(commands, "clauses", "政策的每一部分由什么承担，什么还没有")
    clauses.add_argument(
        "-o",
        "--output",
        metavar="FORMAT[=FILE]",
        default="text",
        help="text、json 或 html；等号后写文件名，不写则显示在屏幕上",
    )
    clauses.add_argument(
        "--ambiguities", action="store_true", help="只列出含混字词、现在的理解和另外的理解"
    )
    _shared_options(clauses)
    diff = _command(commands, "diff", "比较两份 JSON 报告，或一份报告与现在的材料")
    diff.add_argument("old", metavar="OLD", help="以前的 JSON 报告")
    diff.add_argument("new", metavar="NEW", help="后来的 JSON 报告，或方案文件、文件夹")
    diff.add_argument(
        "-o", "--output", metavar="FORMAT[=FILE]", default="text", help="text 或 json"
    )
    _submission_options(diff)
    _shared_options(diff)
    lint = _command(commands, "lint", "检查规则包本身有没有错误")
    _pack_option(lint)
    test = _command(commands, "test", "运行规则旁边的用例")
    test.add_argument("rules", nargs="*", metavar="RULE", help="只运行这些规则的用例")
    test.add_argument(
        "--mutate",
        action="store_true",
        help="把规则逐处改错，看用例能不能发现；以 mutation score 结束",
    )
    _pack_option(test)
    _new_options(_command(commands, "new", "新建一条规则和它的用例，随即可以运行，再照着改"))
    schema = _command(commands, "schema", "显示一种文件的 JSON Schema")
    schema.add_argument("name", nargs="?", metavar="NAME", help="名称；不写则列出全部")
    return parser, dict(commands.choices)


def _command(commands: argparse._SubParsersAction[_Parser], name: str, words: str) -> _Parser:
    return commands.add_parser(name, help=words, description=words, epilog=_EPILOG)


def _check_options(parser: argparse.ArgumentParser) -> None:
    from kehou.settings import ENGINES, GATES

    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="方案文件或文件夹，一个算一份；- 为标准输入"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、json、html、sarif、junit、github、oscal、csv、docx 或 xlsx；"
        "可写几次，等号后写文件名",
    )
    parser.add_argument(
        "--fail-on",
        type=_choice(GATES),
        metavar="SEVERITY",
        help="哪一级以上的不符合使退出码为 1：critical、major（默认）或 minor",
    )
    parser.add_argument(
        "--engine",
        type=_choice(ENGINES),
        metavar="ENGINE",
        help="both（默认，两个引擎互相核对）、direct 或 rete",
    )
    parser.add_argument(
        "--baseline", metavar="REPORT", help="以前的 JSON 报告；列出新增、未改、已改、重现的结论"
    )
    parser.add_argument("--waivers", metavar="FILE", help="主管部门的豁免文件 waivers.yaml")
    parser.add_argument(
        "--reading",
        type=_choice(("strict", "lenient")),
        metavar="READING",
        help="另按从严（strict）或从宽（lenient）理解含混字词，列出会有的变化",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="每条规则只显示一行")
    parser.add_argument("-v", "--verbose", action="store_true", help="全部显示，包括符合与不适用")
    _submission_options(parser)
    _shared_options(parser)


def _explain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="规则编号")
    parser.add_argument("path", nargs="?", metavar="PATH", help="方案文件或文件夹")
    _submission_options(parser)
    _shared_options(parser)


def _new_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rule", metavar="RULE-ID", help="规则编号：<领域>-<对象>-<要求>，如 schedule-noon-end"
    )
    parser.add_argument("--area", metavar="AREA", help="放在哪个方面的文件夹；不写则按编号推断")
    parser.add_argument(
        "--each", metavar="ENTITY", help="对每一个什么评定（facts.yaml 的实体）；不写即整份材料"
    )
    parser.add_argument("--clause", metavar="CLAUSE", help="依据的条款编号；不写则请随后改写")
    parser.add_argument("--pack", metavar="PACK", help="规则包的文件夹，或自带规则包的编号")


def _submission_options(parser: argparse.ArgumentParser) -> None:
    from kehou.settings import STAGES

    parser.add_argument(
        "--stage",
        type=_choice(STAGES),
        metavar="STAGE",
        help="approval 方案备案（默认）、inspection 不定期检查、assessment 年终考核",
    )
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="适用哪一天有效的规定")
    parser.add_argument("--on", type=_date, metavar="DATE", help="检查日期，判断“已经”时用")
    parser.add_argument(
        "--data",
        action="append",
        type=_table,
        metavar="NAME=FILE",
        help="主管部门的表或记录，可写几次",
    )


def _shared_options(parser: argparse.ArgumentParser) -> None:
    from kehou.settings import LANGUAGES

    _pack_option(parser)
    parser.add_argument("--lang", type=_choice(LANGUAGES), metavar="LANG", help="zh（默认）或 en")


def _pack_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pack", action="append", metavar="PACK", help="规则包的编号或文件夹，可写几次"
    )
