"""The engine's code holds no word of the domain of its first policy.

The vocabulary is taken from the first pack's own files, so that a new field is looked for too:
the names, labels and values of schemas/submission.schema.json, and the glossary of
tests/support/first_pack.py. It is looked for in every string literal of engine/kehou outside
docstrings, and in the texts and templates of reports/.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support.first_pack import words_in

#: The checkout, also where the tests run from a copy of it against the wheel.
ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
ENGINE = ROOT / "engine" / "kehou"
REPORTS = ROOT / "reports"

pytestmark = pytest.mark.checkout

#: Names, values and labels of that schema which are words of any domain, by what else they say.
GENERAL: Mapping[str, str] = {
    "files, tables and JSON Schema": """
        attachment content document documents entries expected field file item items level n no
        places private rows sha256 source text title type unclear values version who
        内容 字段 序号 文件 方向 校验值 版本 位置 余额""",
    "times, numbers and states of any record": """
        amount area areas date end how kind mode month name note percent previous removed
        shared_out signed start status time unit until valid_from valid_to
        人员 其他 单位 名称 姓名 对方 左右 无 日期 时间 月份 有 有效期自 状态 来源 计费单位 金额
        项目""",
    "judging, letters and scores (docs/language.md, the catalogues of reports/)": """
        all approval approved authority break comparison conclusion conditions direct evidence
        fire good inspection inspectors letter not_allowed observations opinion other periods
        quality reading rectification rejected reporting result returned score subject
        不合格 合格 对象 得分 整改情况 文号 材料 材料清单 检查 检查人员 检查日期 检查结果""",
}
#: Keys of published formats, and where each may stand: the modules of that format.
PUBLISHED: Mapping[str, tuple[str, ...]] = {
    # Reports, attestations, waivers, notices, letters, score sheets: whose a submission is.
    "school": (
        "batch/given_reports.py",
        "checking/attestations.py",
        "checking/comparison.py",
        "checking/waivers.py",
        "commands/",
        "inspection/worksheets.py",
        "proof/",
        "rectification/notices.py",
        "remedy/letter.py",
        "render/programs/",
        "render/screen/changes.py",
        "scoring/reports_in.py",
        "scoring/score_sheets.py",
        "scoring/scores_file.py",
    ),
    "schools": ("commands/", "inspection/worksheets.py", "scoring/ranking.py"),
    # Strata in reports that older versions wrote.
    "levels": ("render/programs/json.py",),
    "county": ("render/programs/json.py",),
    "township": ("render/programs/json.py",),
    # The name under which rules and reports know the hash of what was approved.
    "plan": ("render/programs/json.py", "render/programs/oscal.py"),
    "plan_sha256": ("render/programs/json.py",),
    # 等次 of a scheme and of score sheets.
    "grade": ("scoring/",),
    "grades": ("scoring/",),
    # Whose the next step is, in the JSON of score sheets and letters.
    "bureau": ("remedy/letter_json.py", "scoring/next_steps.py"),
}
#: (file, word, reason): literals that keep a word of the domain.
EXCEPTED: tuple[tuple[str, str, str], ...] = (
    ("cli/parser.py", "class", "formatter_class, as argparse calls it"),
    ("commands/form.py", "term", "--term, an option's name in the words of those who use it"),
    ("forms/__init__.py", "parent", "the row of a form above another: a name of the code"),
)
#: Packages in which nothing is excepted: they are what a pack of any domain is judged by.
CLEAN = (
    "model",
    "fields",
    "language",
    "packs",
    "submission",
    "facts",
    "judging",
    "checking",
    "readers",
)
MOST_EXCEPTED = 20

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
#: A noun of the pack in a text of reports/.
_NOUN = re.compile(r"%[A-Za-z_]+%")
#: What is no word of a text: a word of schemas, an attribute of HTML.
_MARKUP = re.compile(r"\bx-[a-z-]+|\bclass=")


# --- the vocabulary ------------------------------------------------------------------------


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """(English names and values, Chinese labels) of the first pack's submission schema."""
    names: set[str] = set()
    labels: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for inner in node:
                walk(inner)
        if not isinstance(node, dict):
            return
        names.update(node.get("properties", {}))
        names.update(value for value in node.get("enum", ()) if isinstance(value, str))
        labels.update(node.get("x-labels", {}).values(), node.get("x-names", ()))
        if isinstance(node.get("title"), str):
            labels.add(node["title"])
        for inner in node.values():
            walk(inner)

    whole = json.loads((ROOT / "schemas" / "submission.schema.json").read_bytes())
    for name in [n for n, part in whole["properties"].items() if "x-statements" in part]:
        del whole["properties"][name]  # how a text says something, whatever it is about
    walk(whole)
    english = frozenset(name for name in names | labels if name.isascii())
    return english, frozenset(label for label in labels if not label.isascii())


def general() -> frozenset[str]:
    """Every word of `GENERAL`."""
    return frozenset(word for words in GENERAL.values() for word in words.split())


def found_in(text: str) -> set[str]:
    """The words of the domain in one text."""
    text = _MARKUP.sub(" ", text)
    english, chinese = vocabulary()
    names = {name for name in _NAME.findall(text) if name in english}
    return names | {label for label in chinese if label in text} | words_in(text)


# --- where it is looked for ----------------------------------------------------------------


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, string) of every literal of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


@cache
def said() -> dict[tuple[str, str], list[int]]:
    """(file, word) → the lines that say a word of the vocabulary, for the whole engine."""
    found: dict[tuple[str, str], list[int]] = {}
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        for line, text in literals(path):
            for word in found_in(text):
                found.setdefault((name, word), []).append(line)
    return found


def rows() -> dict[tuple[str, str], list[int]]:
    """`said` without general words and without keys of formats where they may stand."""
    return {
        (file, word): lines
        for (file, word), lines in said().items()
        if word not in general() and not file.startswith(PUBLISHED.get(word, ("\n",)))
    }


def test_no_literal_of_the_engine_holds_a_word_of_the_domain() -> None:
    excepted = {(file, word) for file, word, _ in EXCEPTED}
    told = [
        f"{file}:{lines[0]}：{word}"
        for (file, word), lines in rows().items()
        if (file, word) not in excepted
    ]
    assert told == [], "\n".join(told)


def test_exceptions_are_few_have_a_reason_and_are_not_where_judging_is_done() -> None:
    assert len(EXCEPTED) <= MOST_EXCEPTED
    assert all(reason.strip() for _, _, reason in EXCEPTED)
    assert [file for file, _, _ in EXCEPTED if file.startswith(CLEAN)] == []


def test_no_exception_no_general_word_and_no_key_outlives_its_use() -> None:
    assert {(file, word) for file, word, _ in EXCEPTED} <= set(rows())
    assert general() <= {word for _, word in said()}
    unused = [
        (word, prefix)
        for word, prefixes in PUBLISHED.items()
        for prefix in prefixes
        if not any(file.startswith(prefix) and word == known for file, known in said())
    ]
    assert unused == []


@pytest.mark.parametrize("name", ["zh_CN.json", "official.json", "en.json"])
def test_the_texts_of_reports_leave_the_nouns_to_the_pack(name: str) -> None:
    texts = json.loads((REPORTS / name).read_bytes())
    told = {}
    for key, text in texts.items():
        found = words_in(_NOUN.sub("", text))
        if key.startswith("score."):
            found -= {"grade", "grades"}  # 等次, the grades of a scheme
        if found:
            told[key] = sorted(found)
    assert told == {}


def test_the_templates_of_reports_leave_the_nouns_to_the_pack() -> None:
    told = {
        f"{path.name}:{number}": sorted(found)
        for path in sorted(REPORTS.glob("*.j2"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := {word for word in words_in(line) if not word.isascii()})
    }
    assert told == {}


def test_a_word_of_the_domain_would_be_found() -> None:
    assert found_in("请在方案中填写 service_start") >= {"方案", "service_start"}
    assert found_in("/school/levels") >= {"school", "levels"}
    assert found_in("各校逐项校验") == {"校"}
    assert found_in("classify the name") == {"name"}
