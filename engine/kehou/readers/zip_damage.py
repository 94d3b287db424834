"""What the standard library raises of a zip that is damaged or written in an unknown way."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

#: Every kind that a zip of anybody's making may end in (``zipfile`` lets those of the
#: decompressors through); ``OSError`` is told apart by those who also write.
DAMAGES: Final[tuple[type[Exception], ...]] = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
    OverflowError,
    KeyError,
)
