"""An English report holds no Chinese but the policy's words, names and what was handed in."""

from __future__ import annotations

import html as entities
import io
import re
import zipfile
from functools import cache

import pytest
from openpyxl import load_workbook
from tests.conftest import CHECKOUT
from tests.render.test_plain_words import EXAMPLES, checked

from kehou import packs
from kehou.model.outcomes import Stage
from kehou.model.report import Report
from kehou.model.sentences import choices, english
from kehou.render import FORMATS
from kehou.render.screen import Manner

pytestmark = pytest.mark.checkout

HAN = re.compile("[\u4e00-\u9fff]+")
#: The numbers of a policy's parts: （二）.
PARTS = re.compile("（[一二三四五六七八九十]+）")
PACKS = ("bayannur-2021", "national-2023")
#: Formats that people read; the others hold what programs compare, in the words of the schema.
FOR_PEOPLE = ("text", "html", "docx", "xlsx", "csv", "github")
#: Grades and days of the week as they may be written, which a note of reading repeats.
WORDS = re.compile("[一二三四五六七八九至]+年级|周[一二三四五六日至]+")


@cache
def handed_in(name: str) -> str:
    """The names and texts of an example's files."""
    path = CHECKOUT / "examples" / name
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    told = [str(path)]
    for file in files:
        told += [file.name, _text(file.read_bytes())]
    return "\n".join(told)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


@cache
def policies() -> str:
    """The policies' words, the words that texts are searched for, and what may be written."""
    told: list[object] = ["《实施方案》《2023年通知》（摘要）", "无", "是", "否"]
    for name in PACKS:
        pack = packs.load(name)
        told += [pack.source, *(clause.citation for clause in pack.clauses.values())]
        told += [clause.quote for clause in pack.clauses.values()]
        for parameter in pack.parameters.values():
            for value in parameter.values:
                told += [value.value, dict(value.table)]
        for lexicon in pack.lexicons.values():
            told.append(lexicon)
        for field in pack.schema.walk():
            told += [*field.labels.values(), "、".join(field.labels.values())]
            told += [*((field.item.labels if field.item else {}).values())]
            told += [*field.words, "、".join((field.item.labels if field.item else {}).values())]
    return "\n".join(map(str, told))


def texts(report: Report) -> dict[str, str]:
    """What each format says, tags and styles apart."""
    found = {}
    for name in FOR_PEOPLE:
        form = FORMATS[name]
        content = form.render([report], Manner(language="en", verbosity=1, annex=True))
        if name == "docx":
            assert isinstance(content, bytes)
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                xml = package.read("word/document.xml").decode()
            content = re.sub(r"<[^>]+>", "", re.sub(r"<w:(p|br)[ />]", "\n<", xml))
        elif name == "xlsx":
            assert isinstance(content, bytes)
            pages = load_workbook(io.BytesIO(content)).worksheets
            rows = [page.title + "\n" for page in pages]
            rows += [f"{cell}\n" for page in pages for row in page.values for cell in row]
            content = "".join(rows)
        elif name == "html":
            content = re.sub(r"<style>.*?</style>", "", str(content), flags=re.S)
            content = re.sub(r"<[^>]+>", "\n", content)
        found[name] = entities.unescape(str(content))
    found["text -q"] = str(FORMATS["text"].render([report], Manner(language="en", verbosity=-1)))
    return found


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        *((name, Stage.APPROVAL) for name in EXAMPLES),
        ("folder-with-evidence", Stage.INSPECTION),
        ("junior-breaches", Stage.INSPECTION),
        ("junior-breaches", Stage.ASSESSMENT),
    ],
)
def test_an_english_report_holds_no_chinese_of_ours(name: str, stage: Stage) -> None:
    allowed = handed_in(name) + policies()
    for form, text in texts(checked(name, stage, "en")).items():
        found = {run for run in HAN.findall(PARTS.sub("", text)) if run not in allowed}
        found = {run for run in found if not WORDS.fullmatch(run)}
        assert not found, (form, sorted(found)[:20])


@pytest.mark.parametrize("name", PACKS)
def test_everything_that_a_pack_calls_by_name_has_an_english_name(name: str) -> None:
    pack = packs.load(name).told_in("en")
    told = [pack.title, pack.policy_title, *pack.areas.values(), *pack.notes]
    told += [table.title for table in pack.tables.values()]
    told += [entity.label for entity in pack.entities.values()]
    for parameter in pack.parameters.values():
        told += [parameter.title, *(value.ground for value in parameter.values)]
    quotes = re.compile("“[^“”]*”|《[^《》]*》")
    assert not [text for text in told if HAN.search(quotes.sub("", text))]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("是否想写“春季学期”", "did you mean “春季学期”?"),
        ("1—12 的整数，可写范围", "a whole number from 1 to 12; ranges may be written"),
        ("空白 4 行", "4 blank rows"),
        (
            "请从方案中删去，检查时由教育局载入",
            "strike it from “方案”; “教育局” loads it when checking",
        ),
        ("张老师说的话", "张老师说的话"),
        ("", ""),
    ],
)
def test_a_sentence_of_the_engine_is_known_by_its_fixed_parts(zh: str, en: str) -> None:
    assert english(zh) == en


def test_choices_are_quoted() -> None:
    assert choices("全年、夏季、冬季") == "“全年、夏季、冬季”"
    assert choices("文字") == "a text"
