"""Every message of what reads, checks and writes for people has its English.

The modules are walked for texts in Chinese: what is none of ours to say (words that are read or
written in Chinese whatever the language, patterns, pieces of longer sentences) stands below.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kehou
from kehou import data
from kehou.model.sentences import english

HAN = re.compile("[\u4e00-\u9fff]")
ENGINE = Path(kehou.__file__).parent
#: Packages whose messages anybody may meet; those for who writes packs are not among them yet.
WALKED = (
    *("batch", "checking", "forms", "inspection", "proof", "readers", "rectification"),
    *("reading/confirmations", "remedy", "scoring", "submission", "tables"),
    *("errors.py", "library.py"),
)
#: Modules that hold words of Chinese documents or of what is read, whatever the language.
NO_MESSAGES = {
    "checking/explanation.py": "says both languages itself",
    "checking/findings.py": "says both languages itself",
    "checking/gaps.py": "says both languages itself",
    "checking/layer_notes.py": "says both languages itself",
    "checking/near_values.py": "part of a Chinese message of a rule; English ones are made apart",
    "checking/reporting.py": "says both languages itself",
    "checking/seen_values.py": "values as they are written",
    "checking/unconfirmed.py": "says both languages itself",
    "forms/layouts.py": "the form, which is Chinese",
    "forms/sheets.py": "the form, which is Chinese",
    "reading/confirmations/draft_items.py": "the draft, which is Chinese",
    "reading/confirmations/read_items.py": "values as they are written",
    "reading/confirmations/records.py": "the keys of the record, which is Chinese",
    "readers/docx/numbering.py": "numbers as they stand in a document",
    "readers/xlsx/cells.py": "formats of cells",
    "rectification/reply_sheets.py": "the reply, which is Chinese",
    "remedy/fill_in.py": "stubs for a submission, which is Chinese",
    "scoring/scheme_book.py": "the workbook of a scheme, which is Chinese",
    "scoring/scheme_rows.py": "the workbook of a scheme, which is Chinese",
    "scoring/score_sheets.py": "the workbook of scores, which is Chinese",
}
#: Words that are read or written in Chinese, and pieces that a longer sentence takes up.
PIECES = frozenset(
    {
        ".确认",
        "符合",
        "不符合",
        "不适用",
        "左上角",
        "工作表",
        "程序校验值",
        "材料.json",
        "#Ee错",
        "0.元¥-+",
        "可用：",
        "它依据：",
        "，像是",
        "，可写几项",
        "是文件夹",
        "是管道、设备一类的东西",
        "请{}",
        "请：{}",
        "第{}行",
        "第{}列",
        "{}列",
        "{}列起",
        "第{}行第{}列：",
        "等{}格",
        "等{}个",
        "等{}处",
        "等{}行",
        "{}的{}",
        "“{}”的",
        "“{}”“{}”两栏",
        "工作表“{}”的{}",
        "工作表“{}”表格以外的{}{}",
        "（另一列在{}）",
        "未提供：{}",
        "这不是一个文件，{}",
        "里有被Excel当成{}的内容（例如“3-2”会变成3月2日）",
        "文件不是Excel或WPS表格{}",
        "文件不是.xlsx工作簿{}",
        "名单中没有读的：{}{}",
        "请用每份材料各不相同、可以作文件名的栏目，如{",
        "在它上面加一行列名（没有的列不用写）：{}{}",
        "有报告没有用到、也不该有的文件：{}{}",
        "{subject}的{main_file}和佐证材料",
        "请只放一份{main_file}和它的佐证材料",
        "#检查人员的核实记录，由主管部门保管。用法：kehoucheck材料--attestations这个文件",
    }
)


def texts(file: Path) -> Iterator[str]:
    """The texts in Chinese of a module but its docstrings, slots as ``{}``."""
    tree = ast.parse(file.read_text("utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            passed.add(id(first.value) if isinstance(first, ast.Expr) else 0)
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        text = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "{}" for p in node.values]
            text = "".join(map(str, parts))
        if HAN.search(text):
            yield text


def known() -> set[str]:
    told = json.loads(data.reports().joinpath("sentences.en.json").read_text("utf-8"))
    return {re.sub(r"\{\d*\}", "{}", sentence) for sentence in told}


def is_message(text: str) -> bool:
    """Whether a text is a message: no pattern, no single word, no piece."""
    bare = re.sub(r"\s", "", text)
    pattern = re.search(r"\\[dsS\[]|\(\?|\[[^\]{}“]+\]|\]\$|\.\*|\|.*\|", text)
    return not (pattern or len(bare) <= 2 or bare in PIECES)


@pytest.mark.parametrize("name", WALKED)
def test_every_message_has_its_english(name: str) -> None:
    place = ENGINE / name
    told = known()
    missing = []
    for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        module = file.relative_to(ENGINE).as_posix()
        if module not in NO_MESSAGES:
            missing += [
                (module, text)
                for text in texts(file)
                if is_message(text) and text.strip() not in told
            ]
    assert missing == []


def test_no_english_sentence_holds_chinese_but_words_to_be_written() -> None:
    told = json.loads(data.reports().joinpath("sentences.en.json").read_text("utf-8"))
    quoted = re.compile("“[^“”]*”|‘[^‘’]*’")
    wrong = {zh: en for zh, en in told.items() if HAN.search(quoted.sub("", en))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (
            "评分办法有错误：\n  s.yaml:3：规则 a 在b中重复计分（写作 10 或 7.5）",
            "the scheme has faults:\n  s.yaml:3: the rule a counts more than once, in b "
            "(write it as 10 or 7.5)",
        ),
        ("“图片”不是日期", "“图片” is no date"),  # what was written stays as it was written
        ("张老师：图片", "张老师：图片"),
        ("这里有一处没有人写过的话（图片）", "这里有一处没有人写过的话（图片）"),
    ],
)
def test_what_is_put_together_is_told_part_by_part(zh: str, en: str) -> None:
    assert english(zh) == en
