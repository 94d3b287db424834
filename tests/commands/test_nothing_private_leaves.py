"""No name, phone or identity number leaves in what is made after a check, however a submission is
damaged: letters, sheets to fill in, notices, tables of what was mended, scores, and the summary of
many, in every format, with what is said on the screen.

`tests/submission/test_nothing_private_leaves.py` asks the same of reports.
"""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.command_line import here
from tests.support.private_damage import READERS as TABLES_AND_TEXTS
from tests.support.private_damage import SECRETS
from tests.support.private_forms import form_folder
from tests.support.share import share

READERS = {**TABLES_AND_TEXTS, "form": form_folder}
#: Submissions drawn for each reader by `make full`; each is of every command here.
WHOLE = 24
SCHEME = Path(__file__).parents[2] / "docs" / "scheme-example" / "scheme.yaml"
DATES = ("--on", "2021-11-20", "--as-of", "2021-09-06")
CHECK = ("--stage", "inspection", *DATES)
#: What stands for a secret where there was one.
MASKS = ("███", "个汉字", "位数字")
#: Kinds that quote no cell, in which a secret has nothing to be replaced: sums of points, counts.
QUOTE_NOTHING = ("scores", "batch")


def text_of(path: Path) -> str:
    """All the text of a file that was written, parts of an archive in it."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return data.decode("utf-8", "replace")


def files(name: str, *formats: str, flag: str = "-o") -> tuple[str, ...]:
    return tuple(word for form in formats for word in (flag, f"{form}=out/{name}.{form}"))


def letters(at: Path) -> Iterator[tuple[str, ...]]:
    """Commands on a submission, and on the report of it."""
    yield ("check", "s", *CHECK, "--engine", "direct", "-o", "json=r.json")
    asked = ("request", "s", *CHECK, "--annex")
    yield (*asked, *files("request", "text", "html", "docx", "yaml", "json"))
    yield ("fix", "s", "--suggest", *CHECK, "-o", "text")
    yield ("fix", "s", "--suggest", *CHECK, "-o", "json")
    if not (at / "r.json").exists():
        return
    yield (
        *("notice", "r.json", "--due", "2021-12-31", "--annex", "--reply", "reply.yaml"),
        *files("notice", "text", "html", "docx", "json", "yaml"),
    )
    yield ("notice", "r.json", "--due", "2021-12-31", "--reply", "out/reply.xlsx")
    yield (
        *("recheck", "out/notice.json", "reply.yaml", "s", *CHECK),
        *files("closure", "text", "html", "docx", "json", "yaml"),
    )
    yield ("worksheet", "r.json", *files("worksheet", "text", "json", "html", "xlsx", "docx"))
    yield ("circular", "r.json", *files("circular", "text", "json", "html", "docx", "csv"))
    yield ("diff", "r.json", "r.json", "-v")


def scores(at: Path) -> Iterator[tuple[str, ...]]:
    """A score from the submission itself, a ranking, and the sheet to give points in."""
    scored = ("score", "s", "--scheme", str(SCHEME), "--engine", "direct", *DATES)
    yield (
        *(*scored, "-v"),
        *files("sheet", "text", "json", "html", "csv", "docx", "xlsx"),
        *files("ranking", "html", "xlsx", "csv", "json", flag="--ranking"),
    )
    yield (*scored, "--blank", "out/blank.xlsx")


def batch(at: Path) -> Iterator[tuple[str, ...]]:
    """The same submission among others: the summary, what is kept of it, and what is compared."""
    asked = ("check", "many", *CHECK, "--engine", "direct", "--jobs", "1", "--store", "out/kept")
    yield (*asked, *(w for e in ("html", "xlsx", "txt") for w in ("-o", f"summary=out/sum.{e}")))
    yield (*asked, "-o", "summary=out/round.json")
    yield (*asked, "--baseline", "out/round.json", "-o", "summary=out/since.html", "-v")


KINDS: dict[str, tuple[Callable[[Path], Iterator[tuple[str, ...]]], int]] = {
    "letters": (letters, WHOLE),
    "scores": (scores, WHOLE),
    "batch": (batch, WHOLE // 2),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_no_secret_leaves_after_a_check(reader: str, kind: str, tmp_path: Path) -> None:
    commands, whole = KINDS[kind]
    masked = 0
    for n in range(share(whole)):
        at = tmp_path / str(n)
        for folder in ("s", "many/甲", "many/乙", "out"):
            (at / folder).mkdir(parents=True)
        damage = READERS[reader](at / "s", random.Random(f"{reader}{n}"))
        for folder in ("甲", "乙") if kind == "batch" else ():
            READERS[reader](at / "many" / folder, random.Random(f"{reader}{n}{folder}"))
        shown = {}
        for words in commands(at):
            _, out, told = here(*words, cwd=at)
            assert "内部出错" not in told, (reader, n, damage, words, told)
            shown[" ".join(words[:2])] = out + told
        for path in (at / "out").rglob("*.*"):
            shown[path.name] = text_of(path)
        for name, text in shown.items():
            out_again = [secret for secret in SECRETS if secret in text]
            assert out_again == [], f"{reader} {n} {damage}: {name}"
            masked += any(mask in text for mask in MASKS)
    drawn_whole = share(WHOLE) >= WHOLE
    assert masked or kind in QUOTE_NOTHING or not drawn_whole, "damage that reaches no mask is none"
