"""Prose made to hurt is read or refused with the way out, in bounded time and memory.

Nothing in a file is fetched, run, or written anywhere: an audit hook in the reading process sees
every socket, every program started and every file opened to write.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.support.fuzz.documents import PLAN
from tests.support.hostile_workbooks import packed

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
#: Address space in bytes and processor time in seconds of one file.
MEMORY, SECONDS = 500 << 20, 20
_CHILD = f"""
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from kehou import data
from kehou.fields import load_schema
from kehou.readers import ReadError
from kehou.reading import read_prose
schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
read_prose("a.txt", "学校每天开门。".encode(), schema)
seen = []
def watch(event, told):
    writes = event == "open" and isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "urllib.")):
        seen.append(event)
name = sys.argv[1]
given = open(name, "rb").read()
sys.addaudithook(watch)
try:
    read_prose(os.path.basename(name), given, schema)
    told = ["read", "", ""]
except ReadError as refused:
    told = ["refused", str(refused), refused.hint]
print(json.dumps([*told, seen]))
"""


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body and further parts (`a__b` for a/b.xml)."""
    text = f'<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": text,
    }
    return packed({name: each.encode() for name, each in {**files, **parts}.items()})


def _line(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _linked() -> bytes:
    """A picture, a template and a field that lie on a server."""
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" TargetMode="External" '
        f'Target="http://127.0.0.1:9/{kind}"/>'
        for n, kind in enumerate(("image", "attachedTemplate", "oleObject", "hyperlink"))
    )
    field = '<w:p><w:r><w:instrText>INCLUDETEXT "http://127.0.0.1:9/x"</w:instrText></w:r></w:p>'
    rels = f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    body = field + "".join(map(_line, PLAN))
    return docx(body, **{"word/_rels/document.xml.rels": rels})


def _entities() -> bytes:
    told = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = f'{told}<w:document xmlns:w="{_WORD}"><w:body>{_line("&x;")}</w:body></w:document>'
    return docx("", **{"word/document.xml": text})


def _nested(depth: int) -> bytes:
    opened, closed = "<w:tbl><w:tr><w:tc>" * depth, "</w:tc></w:tr></w:tbl>" * depth
    return docx(opened + _line(PLAN[0]) + closed + "".join(map(_line, PLAN)))


_MD = ".md"
_TEXT = "\n".join(PLAN)
#: Name, content, and whether it is read (None where either will do).
FILES: dict[str, tuple[Callable[[], bytes], bool | None]] = {
    "linked.docx": (_linked, True),
    "macros.docm": (lambda: docx(_line(PLAN[0]), **{"word/vbaProject.bin": "x" * 99}), True),
    "entities.docx": (_entities, False),
    "nested-50.docx": (lambda: _nested(50), None),
    "nested-5000.docx": (lambda: _nested(5000), None),
    "bomb.docx": (lambda: docx(_line("讲" * 60_000_000)), False),
    "empty.docx": (lambda: b"", False),
    "empty.txt": (lambda: b"", False),
    "empty.doc": (lambda: b"", False),
    "empty.wps": (lambda: b"", False),
    "text.docx": (lambda: _TEXT.encode(), False),
    "page.doc": (lambda: f"<html><body>{_TEXT}</body></html>".encode(), None),
    "page.wps": (lambda: f"<html><body>{_TEXT}</body></html>".encode(), None),
    "word.txt": (_linked, False),
    "ole.docx": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), False),
    "marks.txt": (lambda: _TEXT.replace("新", "\u202e新\u202c\u200f").encode(), True),
    "mixed.txt": (lambda: _TEXT.encode() + _TEXT.encode("gb18030"), None),
    f"mixed{_MD}": (lambda: _TEXT.encode("gb18030") + _TEXT.encode("utf-16"), None),
    "paragraph.txt": (lambda: "周五组织学生自主阅读，".encode() * 150_000, None),
    f"paragraph{_MD}": (lambda: "讲".encode() * 1_600_000, None),
    "zeros.txt": (lambda: bytes(1_000_000), False),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_read_or_refused_and_nothing_is_fetched_or_written(name: str, tmp_path: Path) -> None:
    make, is_read = FILES[name]
    place = tmp_path / name
    place.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(place)], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-400:]
    outcome, told, hint, seen = json.loads(done.stdout)
    assert outcome == "read" or (told and hint), (told, hint)
    assert is_read is None or (outcome == "read") == is_read, told
    if not name.endswith((".doc", ".wps")):
        assert seen == []  # those are turned into another format by LibreOffice
