"""The notice on paper: everything adverse is in it, on as few pages as somebody reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from tests.conftest import CHECKOUT
from tests.support.office import printed

from kehou.cli import main as cli

EXAMPLES = CHECKOUT / "examples"
#: With breaches, with a plan and no evidence, with half a plan.
NAMES = ("first-check", "junior-breaches", "nine-year-incomplete")
#: The most pages of a notice, that with half a plan and over two hundred items among them.
PAGES = 5

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module", params=NAMES)
def noticed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of an inspection and the notice made of it."""
    folder = tmp_path_factory.mktemp("noticed")
    given = ("--stage", "inspection", "--engine", "direct", "--pack", "bayannur-2021", "-q")
    cli.main(["check", str(EXAMPLES / request.param), *given, "-o", f"json={folder}/r.json"])
    outputs = [f"-o{form}={folder}/n.{form}" for form in ("json", "text", "html", "docx")]
    assert cli.main(["notice", f"{folder}/r.json", "--due", "2021-12-10", *outputs]) == 0
    return folder


def documents(folder: Path) -> dict[str, str]:
    """The notice as text, as page and as Word, without tags."""
    with ZipFile(folder / "n.docx") as parts:
        word = parts.read("word/document.xml").decode()
    page = (folder / "n.html").read_text("utf-8").partition("<main>")[2]
    return {
        "text": (folder / "n.text").read_text("utf-8"),
        "html": re.sub(r"<[^>]+>", "", page),
        "docx": re.sub(r"<[^>]+>", "", word),
    }


def test_every_breach_doubt_and_missing_paper_is_inside(noticed: Path) -> None:
    report = json.loads((noticed / "r.json").read_text("utf-8"))
    items = json.loads((noticed / "n.json").read_text("utf-8"))["items"]
    broken = [r for r in report["results"] if r["outcome"] == "fail" and r["severity"] != "advice"]
    wanted = [
        finding["message"].rstrip("。")
        for result in broken
        for finding in result["findings"]
        if finding["outcome"] == "fail"
    ]
    wanted += [i["message"].rstrip("。") for i in items if i["outcome"] in ("fail", "review")]
    of_school: list[dict[str, Any]] = [
        one for one in report["missing_evidence"] if one.get("owner", "subject") == "subject"
    ]
    for form, told in documents(noticed).items():
        assert [one for one in wanted if one not in told] == [], form
        for item in items:
            assert item.get("paper", "") in told
            if item["severity"] == "critical" and item.get("paper"):
                assert item["title"] in told, form
        settled = {rule for one in of_school for rule in one["settles"]}
        noticed_rules = {item["rule"] for item in items if item["outcome"] == "insufficient"}
        blocking = {
            result["rule"]
            for result in report["results"]
            if result["outcome"] == "insufficient" and result["severity"] in ("critical", "major")
        }
        assert blocking & settled <= noticed_rules


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
def test_the_notice_is_no_longer_than_somebody_reads(
    noticed: Path, program: Callable[[str], str]
) -> None:
    assert len(printed(noticed / "n.docx", program)) <= PAGES
