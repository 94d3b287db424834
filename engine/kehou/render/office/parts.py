"""What the formats of office programs share: texts that XML can hold, and packages alike.

A package is the zip file that a .docx or .xlsx is (ECMA-376, part 2).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from kehou.render.words.visible_text import visible

#: The first moment a zip file can tell; the same for every member of every package.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str, limit: int) -> str:
    """A text cut to ``limit`` characters, line ends kept, other control characters shown."""
    shown = _NOT_XML.sub("\ufffd", visible(text[:limit], keep="\n"))
    if len(text) > limit or len(shown) > limit:
        return shown[: limit - 1] + "…"
    return shown


def fixed(package: bytes, filled: Mapping[bytes, Iterable[str]] | None = None) -> bytes:
    """The same package without the time and machine it was made on: same content, same bytes.

    Its core properties lose the moments of creation and change; they are optional. ``filled`` is
    what stands in for marks in its XML, piece by piece: long tables are never held whole.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _MOMENT)
            member.create_system = 0
            member.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(b"", content)
            with target.open(member, "w") as opened:
                for piece in _pieces(content, filled or {}):
                    opened.write(piece)
    return out.getvalue()


def _pieces(content: bytes, filled: Mapping[bytes, Iterable[str]]) -> Iterator[bytes]:
    """A member's content with every mark replaced by its pieces, in the order of the marks."""
    for mark, pieces in filled.items():
        before, found, after = content.partition(mark)
        if not found:
            continue
        yield before
        yield from (piece.encode() for piece in pieces)
        content = after
    yield content
