"""A folder of documents as a bureau gets them: Word, PDF, text, forms, YAML, broken ones among.

Everything is drawn from a seed, each under the name of another school.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.chinese_pdf import chinese_pdf
from tests.support.fuzz.documents import docx_bytes
from tests.support.school_batch import write_schools

#: Every so many documents: this kind; the rest of a hundred are made by `write_schools`.
KINDS: Final = ("docx", "pdf", "txt", "docx", "md", "pdf", "broken")
_PLAN: Final = (
    "一、指导思想",
    "学生自愿参加，教师答疑。",
    "严禁利用课后服务时间讲新课。",
    "二、时间安排",
    "每周一至周五开展，小学部15:50开始，17:50结束。",
)
_BREACHES: Final = ("每周五第二节组织单元检测。", "利用课后服务时间讲授新课。")
_BROKEN: Final = ("cut.docx", "cut.pdf", "text.docx", "empty.pdf", "zeros.docx", "word.pdf")


@dataclass(frozen=True)
class Written:
    """A document: where it is, as a batch tells it, and whether it can be read."""

    path: str
    sound: bool


def write_documents(folder: Path, count: int, seed: int = 1) -> list[Written]:
    """``count`` documents below ``folder``, by their paths relative to it.

    Three in ten are what programs write and forms: those come from `write_schools`, of which
    some are broken or hold nothing, and no school is absent or twice there.
    """
    draw = random.Random(seed)
    given = count * 3 // 10
    fixed = {n: "sound" for n in range(1, given + 1) if n % 50 in (17, 23)}
    schools = write_schools(folder / "表格", given, seed, made=fixed, forms=True)
    (folder / "表格" / "说明.txt").unlink()
    found = [
        Written(str(Path(one.path).relative_to(folder)), one.made in ("sound", "breach"))
        for one in schools
    ]
    for n in range(given + 1, count + 1):
        found.append(_write(folder, n, KINDS[n % len(KINDS)], draw))
    return found


def _write(folder: Path, n: int, kind: str, draw: random.Random) -> Written:
    lines = plan_lines(n, draw)
    if kind == "broken":
        name = _BROKEN[n // len(KINDS) % len(_BROKEN)]
        path = Path("文字", f"{n:04d}实施方案{Path(name).suffix}")
        data = _broken(name, lines, draw)
    elif kind in ("txt", "md"):
        path = Path("文字", f"{n:04d}", f"实施方案.{kind}")
        data = "\n".join(lines).encode(draw.choice(("utf-8", "gb18030", "utf-16")))
    else:
        path = Path("文字", f"{n:04d}实施方案.{kind}")
        data = docx_bytes(lines, draw) if kind == "docx" else chinese_pdf(lines)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)
    return Written(str(path), kind != "broken")


def plan_lines(n: int, draw: random.Random) -> list[str]:
    """The lines of the plan of a school."""
    title = f"示例第{_numeral(n)}小学2021年秋季学期课后服务实施方案"
    return [title, *_PLAN, *draw.sample(_BREACHES, draw.randint(0, 1))]


def _numeral(n: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(n))


def _broken(name: str, lines: list[str], draw: random.Random) -> bytes:
    if name == "cut.docx":
        data = docx_bytes(lines, draw)
        return data[: len(data) // 2]
    if name == "cut.pdf":
        return chinese_pdf(lines)[:40]
    if name == "text.docx":
        return "\n".join(lines).encode()
    if name == "word.pdf":
        return docx_bytes(lines, draw)
    return bytes(5000) if name == "zeros.docx" else b""


def rich_text(lines: list[str]) -> bytes:
    """The lines as RTF, which has to be converted before it is read."""
    told = "".join(
        "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in line) + "\\par\n" for line in lines
    )
    return f"{{\\rtf1\\ansi\\uc1 {told}}}".encode("ascii")
