"""Text files made to hurt, files under a wrong name, and old formats that have to be converted."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.chinese_pdf import chinese_pdf
from tests.support.fuzz.documents import PLAN, docx_bytes

_MD: Final = ".md"
_TEXT: Final = "\n".join(PLAN)
_MARKS: Final = "\u202e\u202d\u2066\u2067\u2069\u200f\u200e\u202c\ufeff\u200b"
_CODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5", "utf-32", "shift_jis")


def changed(data: bytes, rng: random.Random) -> bytes:
    """Bytes with one to forty bits others."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 40)):
        at = rng.randrange(len(found))
        found[at] ^= 1 << rng.randrange(8)
    return bytes(found)


def cut(data: bytes, rng: random.Random) -> bytes:
    """The beginning of it."""
    return data[: rng.randrange(len(data))]


def holed(data: bytes, rng: random.Random) -> bytes:
    """A stretch left out, written twice, or moved."""
    first, last = sorted(rng.sample(range(len(data)), 2))
    middle = data[first:last]
    return rng.choice(
        (
            data[:first] + data[last:],
            data[:last] + middle + data[last:],
            data[:first] + data[last:] + middle,
            data[:first] + bytes(len(middle)) + data[last:],
        )
    )


def _coded(rng: random.Random, _: str) -> bytes:
    return b"".join(
        line.encode(rng.choice(_CODINGS), "replace") + b"\n" for line in PLAN * rng.randint(1, 9)
    )


def _marked(rng: random.Random, _: str) -> bytes:
    marked = "".join(letter + rng.choice(_MARKS) * rng.randint(0, 3) for letter in _TEXT)
    return (marked + rng.choice(_MARKS) * rng.choice((1, 100_000))).encode()


def _paragraph(rng: random.Random, _: str) -> bytes:
    piece = rng.choice(
        (
            "周五组织学生自主阅读，",
            "讲",
            "每周一至周五15:50至17:50",
            "利用课后服务时间讲授新课，",
            "（",
            "不",
            "1",
            " ",
            "a\u0301",
            "每课时2元、",
        )
    ).encode()
    return piece * (rng.choice((500_000, 5_000_000)) // len(piece))


def _lines(rng: random.Random, _: str) -> bytes:
    piece = rng.choice(("\n", "讲新课\n", "|\n", "> ", "- ", "#", "\t", "|a", "一、\n", "\r"))
    return _TEXT.encode() + (piece * rng.choice((1000, 300_000))).encode()


def _noise(rng: random.Random, _: str) -> bytes:
    return rng.randbytes(rng.choice((1, 3, 5_000, 1_000_000)))


def _noughts(rng: random.Random, _: str) -> bytes:
    return rng.choice((b"", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b" \n\n", bytes(1_000_000)))


def _controls(rng: random.Random, _: str) -> bytes:
    return b"".join(bytes([byte]) + bytes([rng.randrange(32)]) for byte in _TEXT.encode()[:4000])


def _table(rng: random.Random, _: str) -> bytes:
    wide = rng.choice((2, 600, 20_000))
    row = "|" + "讲新课|" * wide
    return "\n".join([PLAN[0], row, "|" + "---|" * wide, *[row] * (40_000 // wide)]).encode()


def _damaged(change: Callable[[bytes, random.Random], bytes]) -> Callable[..., bytes]:
    return lambda rng, _: change(_TEXT.encode(rng.choice(("utf-8", "gb18030", "utf-16"))), rng)


def _page(rng: random.Random, address: str) -> bytes:
    told = f'<img src="http://{address}/x"><iframe src="file:///etc/passwd"></iframe>'
    return f"<!DOCTYPE html><html><body>{told}{'<p>'.join(PLAN)}</body></html>".encode()


def _other(*wanted: str) -> Callable[..., bytes]:
    """What belongs under another ending."""

    def make(rng: random.Random, address: str) -> bytes:
        kind = rng.choice(wanted)
        if kind == "docx":
            return docx_bytes(PLAN, rng)
        if kind == "pdf":
            return chinese_pdf(PLAN)
        if kind == "html":
            return _page(rng, address)
        magics = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff\xe0", "rar": b"Rar!\x1a\x07"}
        return _TEXT.encode() if kind == "txt" else magics[kind] + rng.randbytes(3000)

    return make


def _rich(rng: random.Random, address: str) -> bytes:
    told = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in _TEXT).replace("\n", "\\par\n")
    links = "".join(
        f'{{\\field{{\\*\\fldinst {word} "http://{address}/{word}" \\\\d}}{{\\fldrslt x}}}}'
        for word in ("INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO", "HYPERLINK")
    )
    return f"{{\\rtf1\\ansi\\uc1{{\\*\\template http://{address}/t.dot}}{links}{told}}}".encode()


def _deep(rng: random.Random, _: str) -> bytes:
    return b"{\\rtf1\\ansi " + b"{\\b " * 50_000 + b"x" + b"}" * 50_000


def _compound(rng: random.Random, _: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + rng.randbytes(20_000)


KINDS: Final[Mapping[str, Callable[[random.Random, str], bytes]]] = {
    "encodings.txt": _coded,
    f"encodings{_MD}": _coded,
    "marks.txt": _marked,
    f"marks{_MD}": _marked,
    "paragraph.txt": _paragraph,
    f"paragraph{_MD}": _paragraph,
    "lines.txt": _lines,
    f"lines{_MD}": _lines,
    "noise.txt": _noise,
    "noughts.txt": _noughts,
    "noughts.docx": _noughts,
    "noughts.pdf": _noughts,
    "controls.txt": _controls,
    f"table{_MD}": _table,
    "table.txt": _table,
    "bits.txt": _damaged(changed),
    f"holed{_MD}": _damaged(holed),
    "other.txt": _other("docx", "pdf", "html", "png", "rar"),
    "other.docx": _other("txt", "pdf", "html", "jpg", "rar"),
    "other.pdf": _other("docx", "txt", "html", "png"),
}
CONVERTED: Final[Mapping[str, Callable[[random.Random, str], bytes]]] = {
    "page.doc": _page,
    "linked.rtf": _rich,
    "cut.rtf": lambda rng, address: cut(_rich(rng, address), rng),
    "deep.rtf": _deep,
    "compound.wps": _compound,
    "noughts.doc": _noughts,
}
