"""A PDF gives the text that its readers see, in its order, or says why it does not."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tests.support.share import share
from tests.support.small_pdf import assembled, pdf, picture_only, text

from kehou.documents import open_paper
from kehou.readers import ReadError
from kehou.readers.blocks import Kind
from kehou.readers.pdf import document, read_pdf

#: Where the tests are found by a process that runs in another folder.
ROOT = str(Path(__file__).parents[3])
LONG = "The quick brown fox jumps over the lazy dog and goes on to the river bank nearby."


def test_lines_are_put_together_and_numbers_of_pages_left_out() -> None:
    head = text(["Example School Papers"], top=820, size=9)
    pages = [
        head + text([LONG, LONG, "the end."]) + text([f"- {n} -"], left=290, top=30)
        for n in (1, 2, 3)
    ]
    found = read_pdf(pdf(pages)).blocks
    whole = f"{LONG} {LONG} the end."  # one paragraph of each page
    assert [b.text for b in found if b.kind is Kind.PARAGRAPH] == [whole] * 3
    assert [b.page for b in found if b.kind is Kind.PARAGRAPH] == [1, 2, 3]
    assert [b.text for b in found if b.kind is Kind.FURNITURE] == ["Example School Papers"]


def test_a_paragraph_goes_on_over_the_page() -> None:
    first, then = text([LONG, LONG]), text(["and more of it.", "", "   "]) + text([LONG], top=600)
    found = [b.text for b in read_pdf(pdf([first, then])).blocks]
    assert found == [f"{LONG} {LONG} and more of it.", LONG]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"%PDF-1.4\nnothing", "已损坏"),
        (b"PK\x03\x04word/document.xml", "不是 PDF"),
        (b"", "不是 PDF"),
        (picture_only(), "扫描件"),
        (
            pdf(
                [text(["secret"])],
                b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
                b" /O (%s) /U (%s) >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32),
            ),
            "密码",
        ),
        (pdf([text([f"page {n}"]) for n in range(501)]), "页数太多"),
        (
            assembled(
                [
                    b"<< /Type /Catalog /Pages 2 0 R >>",
                    b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>",
                ]
            ),
            "PDF",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(given: bytes, said: str) -> None:
    with pytest.raises(ReadError, match=said) as caught:
        open_paper("方案.pdf", given)
    assert caught.value.hint
    assert caught.value.where == "方案.pdf"


def test_some_pages_that_are_pictures_are_named() -> None:
    image = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"
    found = read_pdf(pdf([text([LONG, LONG]), image]))
    assert found.unread == ("第 2 页（是图片）",)


def test_without_the_library_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "find_spec", lambda name: None)
    with pytest.raises(ReadError, match="没有装读 PDF 的程序") as caught:
        read_pdf(pdf([text([LONG])]))
    assert "kehou[pdf]" in caught.value.hint
    assert ".docx" in caught.value.hint


def test_a_reading_process_that_stands_still_costs_the_file_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is ended at its limit, and what it had told of the text is enough."""
    monkeypatch.setattr(document, "SECONDS", 2)
    monkeypatch.setattr(document, "_MODULE", "tests.support.standing_still")
    monkeypatch.setenv("PYTHONPATH", ROOT)
    start = time.monotonic()
    with pytest.raises(ReadError, match="读不完"):
        read_pdf(pdf([text([LONG])]))
    assert 2 <= time.monotonic() - start < 20


def test_damage_of_every_kind_is_read_or_refused() -> None:
    """Bytes changed, cut off, words of the format replaced; 300 of them by `make full`."""
    whole = pdf([text([LONG] * 20), text([LONG, "- 2 -"])])
    for n in range(share(300)):
        rng = random.Random(n)
        made = bytearray(whole)
        if n % 3 == 0:
            for _ in range(rng.randrange(1, 30)):
                made[rng.randrange(9, len(made))] = rng.randrange(256)
        elif n % 3 == 1:
            del made[rng.randrange(9, len(made)) :]
        else:
            old = rng.choice([b"0 R", b"/Length", b"/Kids", b"/Count", b"Tj", b"endobj", b"Tf"])
            new = rng.choice([b"1 R", b"/Width", b"", b"99999999", b"<<", b"["])
            made = bytearray(whole.replace(old, new, rng.randrange(1, 4)))
        try:
            open_paper("方案.pdf", bytes(made))
        except ReadError as refused:
            assert refused.hint, (n, str(refused))


def test_nothing_of_the_users_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file named like a library, in the folder that kehou is called in, is not imported."""
    (tmp_path / "pypdfium2.py").write_text("raise SystemExit('run')")
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert [b.text for b in read_pdf(pdf([text([LONG])])).blocks] == [LONG]


def test_signs_that_are_drawn_after_their_line_stand_in_it() -> None:
    """Quotation marks of another font come last in what LibreOffice writes."""
    drawn = ((72, "a"), (84, "bcd"), (109, "."), (79, "-"), (104, "-"))
    page = b"\n".join(b"BT /F1 12 Tf %d 770 Td (%s) Tj ET" % (x, w.encode()) for x, w in drawn)
    assert [b.text for b in read_pdf(pdf([page])).blocks] == ["a-bcd-."]


def test_lines_further_apart_after_a_full_stop_are_of_two_paragraphs() -> None:
    pages = [text([LONG, LONG, LONG]) + text([LONG, LONG], top=770 - 3 * 18 - 8)]
    whole = f"{LONG} {LONG}"
    assert [b.text for b in read_pdf(pdf(pages)).blocks] == [f"{whole} {LONG}", whole]


def test_rulings_whose_cells_nobody_could_tell_apart_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ruled = b"".join(b"72 %d m 500 %d l S\n" % (y, y) for y in (600, 640, 680, 720))
    page = pdf([text([LONG]) + ruled])
    assert read_pdf(page).unread == ()
    monkeypatch.setattr(document, "_MODULE", "tests.support.no_tables")
    monkeypatch.setenv("PYTHONPATH", ROOT)
    assert read_pdf(page).unread == ("表格的格子（没有分出来，当作普通文字读）",)
