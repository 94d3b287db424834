"""PDFs with Chinese text, made by hand: a font without shapes, its Unicode map or none."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.small_pdf import assembled, stream

#: Characters of a line, and lines of a page, of 12 points on A4.
_WIDE, _LONG = 36, 38


def chinese_pdf(
    lines: Sequence[str], unicode_map: bool = True, coding: str = "Identity-H"
) -> bytes:
    """A PDF whose pages show these lines, each broken where the page ends.

    Without ``unicode_map`` the numbers of the characters' shapes stand for nothing.
    """
    return assembled(objects(lines, unicode_map, coding))


def objects(
    lines: Sequence[str], unicode_map: bool = True, coding: str = "Identity-H"
) -> list[bytes]:
    """The objects of such a PDF: catalog, pages, font (3 to 6), then a page and its content."""
    broken = [line[at : at + _WIDE] for line in lines for at in range(0, max(len(line), 1), _WIDE)]
    pages = [broken[at : at + _LONG] for at in range(0, max(len(broken), 1), _LONG)]
    letters = sorted({letter for line in broken for letter in line})
    numbers = {letter: at for at, letter in enumerate(letters, 1)}
    kids = b" ".join(b"%d 0 R" % (7 + 2 * at) for at in range(len(pages)))
    to_unicode = b"/ToUnicode 6 0 R" if unicode_map else b""
    made = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Example /Encoding /%s"
        b" /DescendantFonts [4 0 R] %s >>" % (coding.encode(), to_unicode),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Example /DW 1000 /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /Example /Flags 4 /FontBBox [0 -200 1000 800]"
        b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        stream(_map(numbers)),
    ]
    for at, page in enumerate(pages):
        made.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (8 + 2 * at)
        )
        made.append(stream(b"".join(_shown(line, row, numbers) for row, line in enumerate(page))))
    return made


def _shown(line: str, row: int, numbers: dict[str, int]) -> bytes:
    codes = "".join(f"{numbers[letter]:04x}" for letter in line)
    return f"BT /F1 12 Tf 72 {770 - 18 * row} Td <{codes}> Tj ET\n".encode()


def _map(numbers: dict[str, int]) -> bytes:
    """The map from shapes to Unicode, a hundred at a time."""
    told = [
        f"<{number:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, number in numbers.items()
    ]
    parts = [told[at : at + 100] for at in range(0, len(told), 100)]
    body = "\n".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Example def"
        " /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{body}\nendcmap end end"
    ).encode()
