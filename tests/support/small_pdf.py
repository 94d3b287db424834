"""PDFs made by hand, without a library that reads them."""

from __future__ import annotations

from collections.abc import Sequence


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf(pages: Sequence[bytes], trailer: bytes = b"", font: bytes = b"") -> bytes:
    """A PDF whose pages have these contents, with Helvetica as /F1 where no font is given."""
    font = font or b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        font,
    ]
    for at, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * at)
        )
        objects.append(stream(content))
    return assembled(objects, trailer)


def text(lines: Sequence[str], left: int = 72, top: int = 770, size: int = 12) -> bytes:
    """The content of a page: Latin lines below each other."""
    shown = b"".join(
        b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n"
        % (size, left, top - at * round(size * 1.5), line.encode("latin-1"))
        for at, line in enumerate(lines)
    )
    return shown


def picture_only(number: int = 1) -> bytes:
    """A PDF of pages that are one picture each, as a scanner makes them."""
    image = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"
    return pdf([image] * number)
