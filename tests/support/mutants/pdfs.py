"""PDFs changed, and made to hurt."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.chinese_pdf import chinese_pdf, objects
from tests.support.fuzz.documents import PLAN
from tests.support.mutants.texts import changed, cut, holed
from tests.support.small_pdf import assembled, stream

_LINES: Final = [*PLAN, *(f"第{n}条 教师在校答疑。" for n in range(60))]
_PAGE: Final = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"
_FORM: Final = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
)
_FONT: Final = b"/Resources << /Font << /F1 3 0 R >> >>"


def _by(change: Callable[[bytes, random.Random], bytes]) -> Callable[[random.Random, str], bytes]:
    return lambda rng, _: change(chinese_pdf(_LINES), rng)


def _packed(content: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


def _places(rng: random.Random, _: str) -> bytes:
    """The table of places leads elsewhere, round in a circle, or nowhere."""
    data = chinese_pdf(_LINES)
    at = data.rindex(b"startxref")
    table = data.rindex(b"xref\n0")
    kind = rng.randrange(6)
    if kind == 0:
        return data[:at] + b"startxref\n%d\n%%%%EOF" % rng.choice((0, 7, 10**12, -5))
    if kind == 1:
        return data.replace(b"/Root", b"/Prev %d /Root" % table)
    if kind == 2:
        move = rng.randint(-40, 40)
        body = re.sub(
            rb"(\d{10}) 00000 n", lambda m: b"%010d 00000 n" % (int(m[1]) + move), data[table:]
        )
        return data[:table] + body
    if kind == 3:
        return data[:table]
    if kind == 4:
        return data.replace(b"xref\n0 ", b"xref\n0 99999999", 1)
    return data.replace(b"/Root 1 0 R", rng.choice((b"/Root 2 0 R", b"/Root 99 0 R", b"/Root 1")))


def _lengths(rng: random.Random, _: str) -> bytes:
    wrong = rng.choice((b"0", b"-1", b"99999999999", b"1 0 R", b"(x)", b"5 0 R", b"[1]"))
    return re.sub(rb"/Length \d+", b"/Length " + wrong, chinese_pdf(_LINES))


def _tree(rng: random.Random, _: str) -> bytes:
    """A tree of pages that is deep, that has no end, or that counts wrong."""
    made = objects(_LINES)
    kind = rng.randrange(6)
    if kind == 0:
        made[1] = b"<< /Type /Pages /Count 2 /Kids [2 0 R 7 0 R] >>"
    elif kind == 1:
        made[1] = b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (len(made) + 1)
        made.append(b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [2 0 R] >>")
    elif kind == 2:
        depth = rng.choice((50, 3000, 60_000))
        first = len(made) + 1
        for at in range(depth):
            kid = 7 if at == depth - 1 else first + at + 1
            made.append(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % kid)
        made[1] = b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % first
    elif kind == 3:
        count = rng.choice((b"-1", b"2147483647", b"99999999999", b"400", b"(x)"))
        made[1] = re.sub(rb"/Count \d+", b"/Count " + count, made[1])
    elif kind == 4:
        made[1] = b"<< /Type /Pages /Count 2 /Kids 2 0 R /Parent 2 0 R >>"
    else:
        made[6] = (
            made[6]
            .replace(b"/Parent 2 0 R", b"/Parent 7 0 R")
            .replace(b"/MediaBox [0 0 595 842]", b"")
        )
    return assembled(made)


def _streams(rng: random.Random, _: str) -> bytes:
    """Objects in streams that hold or go on with themselves."""
    made = objects(_LINES)
    own = len(made) + 1
    extends = rng.choice((b"/Extends %d 0 R" % own, b"/Extends %d 0 R" % (own + 1)))
    held = b"%d 0 %d 0 " % (own, own + 1) + b"<< /Type /ObjStm >> " * 2
    entries = b"/Type /ObjStm /N %d /First 12 " % rng.choice((2, -1, 10**9))
    made.append(_packed(held, entries + extends))
    made.append(_packed(held, entries + b"/Extends %d 0 R" % own))
    data = assembled(made)
    rows = b"".join(
        bytes([2]) + (own + at % 2).to_bytes(4, "big") + bytes([at % 2])
        for at in range(len(made) + 2)
    )
    told = b"/Type /XRef /W [1 4 1] /Size %d /Root 1 0 R /Prev %d" % (len(made) + 2, len(data))
    found = b"%d 0 obj\n%s\nendobj\n" % (len(made) + 1, _packed(rows, told))
    return data + found + b"startxref\n%d\n%%%%EOF" % len(data)


def _fonts(rng: random.Random, _: str) -> bytes:
    """Characters of which nobody can say what they are, or whose map lies."""
    kind = rng.randrange(5)
    if kind == 0:
        return chinese_pdf(_LINES, unicode_map=False)
    if kind == 1:
        coding = rng.choice(("GBK-EUC-H", "UniGB-UCS2-H", "Nothing", "Identity-V"))
        return chinese_pdf(_LINES, unicode_map=rng.random() < 0.5, coding=coding)
    made = objects(_LINES)
    if kind == 2:
        made[5] = stream(b"/Own usecmap 1 begincodespacerange <0000> <ffff> endcodespacerange")
        made[5] = made[5].replace(b"<< ", b"<< /UseCMap 6 0 R ", 1)
    elif kind == 3:
        made[5] = stream(b"1 beginbfrange <0000> <ffffffff> <0000> endbfrange " * 2000)
    else:
        made[2] = made[2].replace(b"[4 0 R]", b"[3 0 R]")
    return assembled(made)


def _pages(rng: random.Random, _: str) -> bytes:
    count = rng.choice((501, 5000, 50_000))
    kids = b"4 0 R " * count
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            _PAGE % (_FONT + b" /Contents 5 0 R"),
            stream(b"BT /F1 12 Tf 72 700 Td (x) Tj ET"),
        ]
    )


def _locked(rng: random.Random, _: str) -> bytes:
    told = b"/Encrypt << /Filter /%s /V %d /R %d /Length %d /P -4 /O <%s> /U <%s> >> /ID [<00><00>]"
    kind = rng.choice((b"Standard", b"Adobe.PubSec"))
    version = rng.choice((1, 2, 4, 5, 99))
    told %= (
        kind,
        version,
        rng.choice((2, 3, 6)),
        rng.choice((40, 128, -8)),
        b"41" * 32,
        b"42" * 32,
    )
    return assembled(objects(_LINES), told)


def _bomb(rng: random.Random, _: str) -> bytes:
    """A content that is small when packed; packed twice, or with a strange predictor."""
    made = objects(PLAN)
    kind = rng.randrange(4)
    if kind == 0:
        made[7] = _packed(rng.choice((b" ", b"q ", b"(")) * 100_000_000)
    elif kind == 1:
        twice = zlib.compress(zlib.compress(bytes(300_000_000), 9), 9)
        made[7] = stream(twice, b"/Filter [/FlateDecode /FlateDecode]")
    elif kind == 2:
        columns = rng.choice((10**9, 2**31 - 1, -1))
        told = b"/DecodeParms << /Predictor 12 /Columns %d /Colors 9 >>" % columns
        made[7] = _packed(b"BT /F1 12 Tf (x) Tj ET" * 9, told)
    else:
        made[7] = stream(b"A" * 200_000, b"/Filter [" + b"/ASCII85Decode " * 2000 + b"]")
    return assembled(made)


def _actions(rng: random.Random, address: str) -> bytes:
    """What would be run or fetched on opening, were there anybody to do so."""
    made = objects(_LINES)
    url = f"http://{address}/x".encode()
    first = len(made) + 1
    action = rng.choice(
        (
            b"<< /S /JavaScript /JS (app.launchURL\\('%s'\\)) >>" % url,
            b"<< /S /URI /URI (%s) >>" % url,
            b"<< /S /Launch /F (/bin/touch) /Win << /F (cmd.exe) >> >>",
            b"<< /S /GoToR /F << /FS /URL /F (%s) >> /D [0 /Fit] >>" % url,
            b"<< /S /SubmitForm /F (%s) /Next %d 0 R >>" % (url, first),
        )
    )
    made.append(action)
    made[0] = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction %d 0 R /AA << /WC %d 0 R >>"
        b" /AcroForm << /XFA (%s) /Fields [] >>"
        b" /Names << /EmbeddedFiles << /Names [(a) << /F (%s) >>] >> >> >>"
    ) % (first, first, url, url)
    made[7] = made[7].replace(b"<< ", b"<< /F << /FS /URL /F (%s) >> " % url, rng.randint(0, 1))
    return assembled(made)


def _drawn(rng: random.Random, _: str) -> bytes:
    """Drawings that draw themselves, rulings without number, states that are never given back."""
    made = objects(PLAN)
    own = len(made) + 1
    kind = rng.randrange(5)
    if kind == 0:
        times = rng.choice((1, 30))
        made.append(stream(b"/X Do " * times, _FORM % own))
        made[7] = stream(b"/X Do " * times)
    elif kind == 1:
        rules = (f"{n % 500} {n // 500 % 800} 40 40 re S\n" for n in range(100_000))
        made[7] = stream("".join(rules).encode())
    elif kind == 2:
        made[7] = stream(b"q " * 1_000_000 + b"BT /F1 12 Tf 72 700 Td <0001> Tj ET")
    elif kind == 3:  # each of forty draws the next thirty times
        for at in range(40):
            made.append(stream(b"/X Do " * 30, _FORM % (own + at + 1)))
        made[7] = stream(b"/X Do")
    else:
        table = (f"{x * 20} {y * 15} 20 15 re S\n" for x in range(28) for y in range(56))
        made[7] = stream("".join(table).encode() + b"BT /F1 12 Tf 72 700 Td <0001> Tj ET")
    if kind in (0, 3):
        made[6] = made[6].replace(b"/Font", b"/XObject << /X %d 0 R >> /Font" % own)
    return assembled(made)


def _boxes(rng: random.Random, _: str) -> bytes:
    box = rng.choice(
        (b"[0 0 1e38 1e38]", b"[0 0 0 0]", b"[9 9 1 1]", b"[nan inf]", b"[0 0 -595 (x)]", b"7 0 R")
    )
    size = rng.choice((b"12 Tf", b"1e30 Tf", b"-5 Tf", b"0 Tf", b"0.00001 Tf"))
    data = re.sub(rb"/MediaBox \[[^\]]*\]", b"/MediaBox " + box, chinese_pdf(_LINES))
    return data.replace(b"12 Tf", size)


def _deep(rng: random.Random, _: str) -> bytes:
    made = objects(PLAN)
    depth = rng.choice((500, 200_000))
    opened, closed = rng.choice(((b"[", b"]"), (b"<< /A ", b" >>"), (b"(", b")")))
    place = rng.choice((0, 1, 6, 7))
    nest = opened * depth + closed * depth
    if place == 7:
        made[7] = stream(nest + b" TJ BT /F1 12 Tf <0001> Tj ET")
    else:
        made[place] = made[place].replace(b"<< ", b"<< /Deep " + nest + b" ", 1)
    return assembled(made)


def _long(rng: random.Random, _: str) -> bytes:
    """A paragraph of megabytes, on one line or one above the other."""
    made = objects(PLAN)
    many = rng.choice((200_000, 1_500_000))
    shown = b"<" + b"0001" * 1000 + b"> Tj "
    move = rng.choice((b"", b"0 -1 Td ", b"1 0 0 1 72 700 Tm "))
    made[7] = stream(b"BT /F1 1 Tf 72 700 Td " + (shown + move) * (many // 1000) + b"ET")
    return assembled(made)


def _words(rng: random.Random, _: str) -> bytes:
    """A word of the format is another."""
    data = chinese_pdf(_LINES)
    for _step in range(rng.randint(1, 3)):
        old = rng.choice(
            (b"0 R", b"/Kids", b"/Type", b"endobj", b"endstream", b"obj", b"/Contents")
        )
        new = rng.choice((b"2 0 R", b"", b"99999999", b"<<", b"[[[[", b">>", b"/Kids [2 0 R]"))
        data = data.replace(old, new, rng.randint(1, 9))
    return data


KINDS: Final[Mapping[str, Callable[[random.Random, str], bytes]]] = {
    "cut.pdf": _by(cut),
    "bits.pdf": _by(changed),
    "holed.pdf": _by(holed),
    "words.pdf": _words,
    "places.pdf": _places,
    "lengths.pdf": _lengths,
    "tree.pdf": _tree,
    "streams.pdf": _streams,
    "fonts.pdf": _fonts,
    "pages.pdf": _pages,
    "locked.pdf": _locked,
    "bomb.pdf": _bomb,
    "actions.pdf": _actions,
    "drawn.pdf": _drawn,
    "boxes.pdf": _boxes,
    "deep.pdf": _deep,
    "long.pdf": _long,
}
