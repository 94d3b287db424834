"""The pages for readers: their command blocks, and the folder in which these can be run."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from docx import Document as new_document

from kehou.cli.main import main

_BLOCK = re.compile(r"^( *)```console\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
#: Programs of others that a page names; a block's other lines are run.
OTHERS = ("make", "source", "pip", "vi", "mkdir")
#: A file that a page has its reader write: its name on a line, then what it holds.
_FILE = re.compile(r"^`([^`\n]+)`：\n\n```(?:yaml|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STATED = re.compile(r"退出码 (\d)")


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a block: its page, its line there (from 1), its words, the exit codes it may have.

    Exit codes are those of a check that ran (0, 1, 3) unless the comment behind the command states
    one as “退出码 4”.
    """

    page: str
    line: int
    words: tuple[str, ...]
    exits: tuple[int, ...]
    to: str | None


def commands(page: Path) -> list[Command]:
    """The `$` lines of a page's console blocks, in order, without those of other programs."""
    text = page.read_text("utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        lines = block[2].splitlines()
        at = 0
        while at < len(lines):
            start, line = at, lines[at].strip()
            while line.endswith("\\") and at + 1 < len(lines):
                at += 1
                line = line[:-1] + lines[at].strip()
            at += 1
            if line.startswith("$ "):
                found.append(_command(page.name, first + start, line[2:]))
    return [command for command in found if command.words[0] not in OTHERS]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that a page has its reader write, and the line of the page that says so."""

    line: int
    name: str
    content: str


def files(page: Path) -> list[Written]:
    """The files that a page has its reader write, in order."""
    text = page.read_text("utf-8")
    found = _FILE.finditer(text)
    return [Written(text.count("\n", 0, one.start()) + 1, one[1], one[2]) for one in found]


def _command(page: str, line: int, written: str) -> Command:
    words, _, comment = written.partition(" # ")
    stated = _STATED.search(comment)
    split = shlex.split(words)
    to = split[split.index(">") + 1] if ">" in split else None
    if to:
        split = split[: split.index(">")]
    return Command(page, line, tuple(split), (int(stated[1]),) if stated else (0, 1, 3), to)


def copied(root: Path, folder: Path) -> None:
    """A copy of the first pack under an id of its own, as docs/rules.md says."""
    shutil.copytree(root / "rules/bayannur-2021", folder)
    file = folder / "pack.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("id: bayannur-2021\n", "id: my-pack\n", 1), "utf-8")


def scene(root: Path, folder: Path) -> None:
    """Fill a folder with what the pages speak of: examples, and the files readers would have.

    ``root`` is the checkout. 方案文件夹 is a compliant plan, 新的方案文件夹 its corrected
    version, 各校材料 holds three schools, 评分办法.yaml is the example scheme, 政策.txt and
    新文.txt are the text of the example of another domain, 材料.schema.json is its schema,
    规定.txt the text of the example of a layer, 方案.docx the plan that docs/confirming.md shows.
    """
    for name in ("examples", "docs"):
        shutil.copytree(root / name, folder / name)
    plans = {
        "方案文件夹": "first-check",
        "新的方案文件夹": "first-check",
        "某校文件夹": "primary-compliant",
    }
    for name, example in plans.items():
        shutil.copytree(root / "examples" / example, folder / name)
    copied(root, folder / "我的规则包")
    schools = {
        "东风小学": "first-check",
        "向阳小学": "primary-compliant",
        "胜利学校": "folder-with-evidence",
    }
    for name, example in schools.items():
        shutil.copytree(root / "examples" / example, folder / "各校材料" / name)
        shutil.copytree(root / "examples" / example, folder / name)
    shutil.copy(root / "examples/bureau/county_list.yaml", folder / "清单.yaml")
    shutil.copy(root / "docs/scheme-example/scheme.yaml", folder / "评分办法.yaml")
    shutil.copytree(root / "docs/scheme-example/reports", folder / "报告文件夹")
    _corrected(folder / "新的方案文件夹" / "plan.yaml")
    register = (
        "学校标识码,学校名称,旗县区,乡镇,学段,应报送\n1508020006,河套小学（示例）,临河区,,,是\n"
    )
    folder.joinpath("学校名单.csv").write_text(register, "utf-8")
    shutil.copy(root / "docs/overlay-example/source.txt", folder / "规定.txt")
    for name in ("政策.txt", "新文.txt"):
        shutil.copy(root / "docs/pack-example/source.txt", folder / name)
    shutil.copy(root / "docs/pack-example/meal-point.schema.json", folder / "材料.schema.json")
    _score_files(folder)
    _bureau_files(root, folder)
    [lines] = re.findall(r"^```text\n(.*?)^```$", _page(root, "confirming"), re.M | re.S)
    plan = new_document()
    for line in lines.splitlines():
        plan.add_paragraph(line)
    plan.save(str(folder / "方案.docx"))


def _page(root: Path, name: str) -> str:
    return (root / "docs" / f"{name}.md").read_text("utf-8")


def _corrected(plan: Path) -> None:
    """The first check's plan with what its report asks for."""
    text = plan.read_text("utf-8")
    text = text.replace("结束时间: 18:40", "结束时间: 18:10").replace(
        "处理方式: 减半", "处理方式: 免收"
    )
    plan.write_text(text, "utf-8")


def _score_files(folder: Path) -> None:
    rows = "学校标识码,指标,数值\n1508020003,q-parents,84\n"
    folder.joinpath("给分.csv").write_text(rows, "utf-8")
    last = f"--ranking=json={folder / '2021排名.json'}"
    with contextlib.redirect_stdout(io.StringIO()):
        main(["score", "--scheme", str(folder / "评分办法.yaml"), str(folder / "报告文件夹"), last])


def _bureau_files(root: Path, folder: Path) -> None:
    """A register of approvals as a table, and a folder with a record of inspection."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["学校标识码", "审批机关", "文号", "审批日期", "审批意见", "审批范围"])
    row = [
        "1508020005",
        "临河区教育局",
        "示例备案第21号",
        "2021-08-28",
        "同意",
        "实施方案、应急预案",
    ]
    sheet.append(row)
    book.save(folder / "审批登记.xlsx")
    (folder / "检查记录").mkdir()
    shutil.copy(root / "examples/bureau/folder-inspection.yaml", folder / "检查记录/胜利学校.yaml")
