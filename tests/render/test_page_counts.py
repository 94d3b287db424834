"""How many sheets of A4 a report is: what nobody reads to its end corrects nothing.

The most that each may have is what was asked for: an ordinary first check six pages, one that
complies three, the longest example twelve, on the printed web page as in the written opinion.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.support.office import UPRIGHT, pages, printed

from kehou.cli import main as cli

COUNTY_LIST = CHECKOUT / "examples" / "bureau" / "county_list.yaml"


@pytest.mark.needs("chromium", "soffice", "pdfinfo", "pdftotext")
@pytest.mark.parametrize(
    ("example", "stage", "most"),
    [
        ("first-check", "approval", 6),
        ("primary-compliant", "approval", 3),
        ("junior-breaches", "assessment", 12),
        ("nine-year-incomplete", "approval", 12),
    ],
)
def test_a_report_has_no_more_pages_than_people_read(
    tmp_path: Path, program: Callable[[str], str], example: str, stage: str, most: int
) -> None:
    page, opinion = tmp_path / "a.html", tmp_path / "a.docx"
    cli.main(
        [
            *("check", str(CHECKOUT / "examples" / example), "--stage", stage),
            *("--data", f"county_list={COUNTY_LIST}", "--engine", "direct"),
            *("-o", f"html={page}", "-o", f"docx={opinion}"),
        ]
    )
    subprocess.run(
        [
            *(program("chromium"), "--headless", "--no-sandbox", "--disable-gpu"),
            *("--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    for sheets in (pages(tmp_path / "page.pdf", program), printed(opinion, program)):
        assert 1 <= len(sheets) <= most
        assert {sheet.size for sheet in sheets} == {UPRIGHT}
        assert all(sheet.text for sheet in sheets), "an empty page"
