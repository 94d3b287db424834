"""Plans in prose (.docx, .txt, .md), written in any way that means the same, or damaged."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from tests.support import small_pdf
from tests.support.command_line import Ran
from tests.support.fuzz import damage, texts, trees
from tests.support.fuzz.case import Call, Case, Check
from tests.support.hostile_workbooks import CHANGES, packed
from tests.support.private_damage import SECRETS

from kehou.documents import open_paper
from kehou.readers import ReadError
from kehou.submission import load

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
#: What is not displayed: each must be passed over.
_HIDDEN = (
    "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>",
    "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
    "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐去</w:t></w:r>",
    '<w:bookmarkStart w:id="0" w:name="x"/>',
    "<w:proofErr/>",
)
#: What stands round a run that is displayed.
_AROUND = (
    ("", ""),
    ("<w:ins>", "</w:ins>"),
    ("<w:hyperlink>", "</w:hyperlink>"),
    ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    ("<w:smartTag>", "</w:smartTag>"),
)
_TITLE = "示例镇中心小学2021年秋季学期课后服务实施方案"
_BREACHES = ("每周五第二节组织单元检测。", "利用课后服务时间讲授新课。", "课后服务期间集体补课。")
_LINES = (
    "一、指导思想",
    "学生自愿参加，教师答疑。",
    "严禁利用课后服务时间讲新课。",
    "二、时间安排",
    "（一）每周一至周五下午开展。",
    "1.自主完成作业；",
    "三是开展文体、阅读、兴趣小组活动。",
    "参加人数占97%以上，收费每课时2元。",
    "负责人电话见校门口公示栏。",
    "A & B <c> \"d\" 'e'",
)
#: A short plan with a breach.
PLAN = (_TITLE, *_LINES[:3], _BREACHES[0])


def prose_case(rng: random.Random) -> Case:
    """One input of the family of prose."""
    if rng.random() < 0.08:
        return _pdf(rng)
    lines = [_TITLE, *rng.sample(_LINES, rng.randint(2, len(_LINES)))]
    breach = rng.choice(_BREACHES) if rng.random() < 0.5 else ""
    if breach:
        lines.insert(rng.randint(1, len(lines)), breach)
    form = rng.choice(("docx", "docx", "txt", "md"))
    name = rng.choice(("方案", "plan", "示例镇 2021", "實施方案")) + f".{form}"
    data = docx_bytes(lines, rng) if form == "docx" else text_bytes(lines, rng)
    kind = rng.random()
    if kind < 0.5:
        check = _same(name, lines, breach)
        return Case("写法不同，意思相同", {name: data}, _calls(name, rng, 0.3), check)
    if kind < 0.65:
        return _private(rng, name, lines)
    if kind < 0.75:
        return _with_tables(rng, form, lines, breach)
    changes = (damage.bytes_damaged, damage.text_damaged)
    change = rng.choice((docx_damaged, docx_damaged, *changes[:1]) if form == "docx" else changes)
    return Case(change.__name__, {name: change(data, rng)}, _calls(name, rng, 0.6), _either(name))


# --- written ----------------------------------------------------------------------------------


def docx_bytes(lines: Sequence[str], rng: random.Random) -> bytes:
    """A Word document whose displayed paragraphs are these lines."""
    body, at = [], 0
    while at < len(lines):
        wide = rng.choice((1, 2, 3))
        if rng.random() < 0.2 and at + wide <= len(lines):
            cells = "".join(f"<w:tc>{_paragraph(x, rng)}</w:tc>" for x in lines[at : at + wide])
            body.append(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
            at += wide
        else:
            body.append(_paragraph(lines[at], rng))
            at += 1
        if rng.random() < 0.1:
            body.append("<w:p/>")
    text = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": text,
    }
    method = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    return packed({part: each.encode() for part, each in parts.items()}, method)


def _paragraph(line: str, rng: random.Random) -> str:
    """One line in runs, with what is not displayed between them."""
    pieces, at = [], 0
    while at < len(line):
        size = rng.choice((1, 3, 8, 100))
        before, after = rng.choice(_AROUND)
        held = escape(line[at : at + size])
        pieces.append(
            f'{before}<w:r><w:t xml:space="preserve">{held}</w:t></w:r>{after}'
            + (rng.choice(_HIDDEN) if rng.random() < 0.1 else "")
        )
        at += size
    style = '<w:pPr><w:pStyle w:val="a"/></w:pPr>' if rng.random() < 0.3 else ""
    return f"<w:p>{style}{''.join(pieces)}</w:p>"


def text_bytes(lines: Sequence[str], rng: random.Random) -> bytes:
    """A text of these lines in one of the manners that programs write."""
    text = rng.choice(("\n", "\n", "\n\n")).join(lines) + rng.choice(("", "\n", "\n\n"))
    if rng.random() < 0.3:
        text = text.replace("\n", "\r\n")
    coding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return text.encode(coding)


def _pdf(rng: random.Random) -> Case:
    """A PDF whose bytes or words of the format are others."""
    lines = ["The quick brown fox jumps over the lazy dog."] * rng.randint(1, 30)
    data = small_pdf.pdf([small_pdf.text(lines) for _ in range(rng.randint(1, 4))])
    if rng.random() < 0.5:
        old = rng.choice((b"0 R", b"/Length", b"/Kids", b"/Count", b"Tj", b"endobj", b"/Parent"))
        new = rng.choice((b"2 0 R", b"", b"99999999", b"<<", b"[[[[", b"/Kids [2 0 R]"))
        data = data.replace(old, new, rng.randint(1, 4))
    else:
        data = damage.bytes_damaged(data, rng)
    return Case("PDF 损坏", {"方案.pdf": data}, _calls("方案.pdf", rng, 0.5), _either("方案.pdf"))


def docx_damaged(content: bytes, rng: random.Random) -> bytes:
    """A Word document with one to three changes to the XML of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(("word/document.xml", "word/document.xml", *files))
        files[name] = rng.choice((*CHANGES, _nested))(rng, files[name])
    return packed(files)


def _nested(rng: random.Random, data: bytes) -> bytes:
    opening = rng.choice((b"<w:tbl><w:tr><w:tc>", b"<w:p>", b"<w:ins>", b"<w:txbxContent>"))
    return data.replace(b"<w:p>", opening * rng.choice((2, 40, 5000)) + b"<w:p>", 1)


# --- what must be read ------------------------------------------------------------------------


def _calls(name: str, rng: random.Random, every: float) -> list[Call]:
    """`kehou read` now and then, or a check."""
    if rng.random() > every:
        return []
    if rng.random() < 0.5:
        return texts.checks(name, rng, 1)
    words = ["read", name, "--as-of", "2021-09-06", "-o", "text", "-o", "html=r.html"]
    return [Call(words, writes=("r.html",), about=(name,))]


def _flat(text: str) -> str:
    return "".join(text.split())


def _same(name: str, lines: Sequence[str], breach: str) -> Check:
    """Every line is read, in order and once; what is planned against the policy is stated."""

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        paper = open_paper(name, (folder / name).read_bytes())
        got = [_flat(each.block.shown) for each in paper.paragraphs]
        wanted = [_flat(line) for line in lines]
        if got != wanted:
            yield f"读出 {got}，写的是 {wanted}"
        found = load(folder / name, trees.schema())
        for fault in found.faults:
            yield f"读不出：{fault.location} {fault.path} {fault.found}"
        if found.tree.get("school", {}).get("name") != "示例镇中心小学":
            yield f"学校读作 {found.tree.get('school')!r}"
        said = [row for row in found.tree.get("statements", ()) if row["polarity"] == "planned"]
        quoted = [row for row in said if breach and row["quote"] in breach]
        if bool(quoted) != bool(breach):
            yield f"写有 {breach!r}，读出要做的 {said}"
        if any(row["quote"] not in "".join(lines) for row in said):
            yield f"没有写的话 {said}"

    return check


def _private(rng: random.Random, name: str, lines: list[str]) -> Case:
    """What is like a number of a person is shown nowhere."""
    secret = rng.choice([each for each in SECRETS if each.isascii() and each.isalnum()])
    lines.insert(rng.randint(1, len(lines)), f"{_BREACHES[0][:-1]}，联系{secret}。")
    data = docx_bytes(lines, rng) if name.endswith("docx") else text_bytes(lines, rng)
    calls = _calls(name, rng, 1)
    return Case("文中有号码", {name: data}, calls)


def _with_tables(rng: random.Random, form: str, lines: list[str], breach: str) -> Case:
    """A document beside a table: the document is the whole submission, the table a part of it."""
    name = f"方案.{form}"
    data = docx_bytes(lines, rng) if form == "docx" else text_bytes(lines, rng)
    others = rng.sample((("staff.csv", b"id\nT1\n"), ("x.txt", b"x"), ("a.pdf", b"%PDF")), 2)

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        found = load(folder, trees.schema())
        said = [row for row in found.tree.get("statements", ()) if row["polarity"] == "planned"]
        if breach and not any(row["quote"] in breach for row in said):
            yield f"写有 {breach!r}，读出要做的 {said}"
        named = {other for other, _ in others if other != "staff.csv"}
        told = " ".join(found.unread_files)
        yield from (f"没有说没有读 {other}" for other in named if other not in told)

    return Case("文件夹", {name: data, **dict(others)}, texts.checks(".", rng, 0.2), check)


def _either(name: str) -> Check:
    """It is read, or refused with a place."""

    def check(folder: Path, rans: Sequence[Ran]) -> Iterator[str]:
        try:
            open_paper(name, (folder / name).read_bytes())
        except ReadError as error:
            if name not in f"{error} {error.where}":
                yield f"没有说在哪里：{error}"
        yield from texts.either(name)(folder, rans)

    return check
