"""Letters, notices, worksheets, suggestions, circulars, summaries and scores in plain words.

What a report says is seen to in tests/render/test_plain_words.py; here is what is made of reports.
"""

from __future__ import annotations

import html as entities
import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from tests.conftest import CHECKOUT
from tests.support.identifiers import IDENTIFIER

from kehou.cli.main import main

pytestmark = pytest.mark.checkout

SCHOOLS = ("junior-breaches", "nine-year-incomplete")
SCHEME = CHECKOUT / "docs" / "scheme-example" / "scheme.yaml"
#: File names and their endings, ids (parts of a digest), the tool, what a screen says next.
FREE = re.compile(
    r"[\w./-]*\.(ya?ml|csv|json|xlsx|txt|html|docx)|[0-9a-f]{3,}|kehou|--annex|tmp/[\w./-]+"
)
ENDINGS = frozenset({"yaml", "csv", "json", "xlsx", "html", "docx", "summary", *SCHOOLS})
#: Numbers of clauses, in what inspectors and scorers work with: a worksheet, a sheet of scores.
CLAUSE = re.compile(r"[A-F](\.\d)*(\.?\d|-p?\d)*(-[a-z]\d?)?")
WITH_CLAUSES = ("核查表", "得分", "排名")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every document for people, of two examples."""
    folder = tmp_path_factory.mktemp("文书")
    paths = []
    for name in SCHOOLS:
        shutil.copytree(CHECKOUT / "examples" / name, folder / name)
        paths.append(str(folder / name))
    seen, year = [], []

    def ran(*call: str) -> None:
        assert main([*call]) in (0, 1, 3), call

    def outputs(name: str, *kinds: str) -> list[str]:
        return [f"-o{'text' if kind == 'txt' else kind}={folder}/{name}.{kind}" for kind in kinds]

    for number, path in enumerate(paths):
        seen.append(f"{folder}/{number}.json")
        year.append(f"{folder}/年{number}.json")
        check = ("check", path, "--engine", "direct", "--on", "2021-11-17")
        ran(*check, "--stage", "inspection", f"-ojson={seen[-1]}")
        ran(*check, "--stage", "assessment", f"-ojson={year[-1]}")
        ran("request", path, *outputs(f"补正{number}", "txt", "html", "docx"))
        ran("fix", "--suggest", path, *outputs(f"改{number}", "txt"))
    ran("worksheet", *seen, *outputs("核查表", "txt", "html", "docx", "xlsx"))
    ran("circular", *seen, *outputs("通报", "txt", "html", "docx", "csv"))
    notice = outputs("通知", "txt", "html", "docx", "json")
    ran("notice", seen[0], "--due", "2021-12-10", *notice, "--reply", f"{folder}/回复.xlsx")
    again = (f"{folder}/通知.json", f"{folder}/回复.xlsx", paths[0], "--on", "2021-12-11")
    ran("recheck", *again, *outputs("情况", "txt", "html", "docx"))
    ranking = ("--ranking", f"html={folder}/排名.html", "--ranking", f"xlsx={folder}/排名.xlsx")
    ran("score", *year, "--scheme", str(SCHEME), *outputs("得分", "html", "docx", "xlsx"), *ranking)
    return folder


def text(file: Path) -> str:
    """What a reader sees of a document."""
    content = file.read_bytes()
    where = str(file.parent) + "/"
    if file.suffix == ".docx":
        xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        told = re.sub(r"<[^>]+>", "", re.sub(r"<w:(p|br)[ />]", "\n<", xml))
        return entities.unescape(told)
    if file.suffix == ".xlsx":
        cells = []
        for page in load_workbook(io.BytesIO(content)).worksheets:
            if page.sheet_state == "visible":
                widths = page.column_dimensions
                hidden = {letter for letter in widths if widths[letter].hidden}
                cells += [
                    str(cell.value)
                    for row in page.iter_rows()
                    for cell in row
                    if cell.value is not None and get_column_letter(cell.column) not in hidden
                ]
        return "\n".join(cells)
    told = content.decode("utf-8-sig")
    if file.suffix == ".html":
        told = re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", told, flags=re.S))
    return entities.unescape(told).replace(where, "")


LETTERS = ("补正0", "补正1", "通知", "情况")
DOCUMENTS = (
    *(
        f"{name}.{kind}"
        for name in ("补正0", "补正1", "通知", "情况")
        for kind in ("txt", "html", "docx")
    ),
    *("改0.txt", "改1.txt", "回复.xlsx", "通报.txt", "通报.html", "通报.docx", "通报.csv"),
    *("核查表.txt", "核查表.html", "核查表.docx", "核查表.xlsx"),
    *("得分.html", "得分.docx", "得分.xlsx", "排名.html", "排名.xlsx"),
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_name_of_ours_stands_in_it(name: str, made: Path) -> None:
    found = {
        word
        for word in IDENTIFIER.findall(text(made / name))
        if not FREE.fullmatch(word) and word not in {*ENDINGS, "bayannur-2021"}
    }
    if name.startswith(WITH_CLAUSES):
        found = {word for word in found if not CLAUSE.fullmatch(word)}
    assert found == set()


def test_the_documents_are_those_that_are_made(made: Path) -> None:
    """A document that nobody looks at would be one more place for such names."""
    there = {file.name for file in made.iterdir() if file.suffix not in (".json", "")}
    assert there == set(DOCUMENTS)
