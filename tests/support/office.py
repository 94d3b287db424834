"""LibreOffice and Poppler: what they make of a file, page by page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Sizes in points of A4 upright and across, as pdfinfo tells them, rounded.
UPRIGHT, ACROSS = (595, 842), (842, 595)


@dataclass(frozen=True)
class Page:
    """A printed page: its size in points and its text without blanks."""

    size: tuple[int, int]
    text: str


def printed(file: Path, program: Callable[[str], str]) -> list[Page]:
    """The pages of a file as LibreOffice prints it."""
    profile = (file.parent / "profile").as_uri()
    done = subprocess.run(
        [
            program("soffice"),
            f"-env:UserInstallation={profile}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(file.parent), str(file)),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return pages(file.with_suffix(".pdf"), program)


def pages(pdf: Path, program: Callable[[str], str]) -> list[Page]:
    """The pages of a PDF file."""
    told = _run(program("pdfinfo"), "-l", "9999", str(pdf))
    sizes = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+)", told, re.M)
    texts = _run(program("pdftotext"), str(pdf), "-").split("\f")
    return [
        Page((round(float(wide)), round(float(high))), re.sub(r"\s", "", text))
        for (wide, high), text in zip(sizes, texts, strict=False)
    ]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
