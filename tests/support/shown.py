"""What a person reads in an output file: its text without the keys of the format it is written in.

Keys of published formats are names that other programs rely on and are left out: the keys of
JSON (and so of SARIF, OSCAL and GitLab), of YAML, the names of JUnit's and OSCAL's properties,
tags, attributes and styles of HTML and XML that nobody sees. Comments in YAML, titles and
labels in HTML, prompts and sheet names of workbooks are read by people and stay.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

#: HTML attributes that a browser or a screen reader tells.
_TOLD = ("title", "alt", "aria-label", "placeholder", "content")
#: XML attributes that a person reads: a sheet's name, what is said of a cell, a file's properties.
_SEEN = ("name", "prompt", "promptTitle", "error", "errorTitle", "descr", "title", "message")
#: Elements whose text is written in pieces that belong together.
_WHOLE = ("p", "si", "is", "text")
_YAML_KEY = re.compile(r"(^\s*(?:- )*|[{,]\s*)[A-Za-z_][\w.-]*:(?=\s|$)", re.MULTILINE)


def shown(path: Path) -> str:
    """The text of a file as people see it, by the file's suffix."""
    reader = _READERS.get(path.suffix.lower(), _text)
    return reader(path.read_bytes())


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _json(data: bytes) -> str:
    return "\n".join(_values(json.loads(data)))


def _values(tree: Any, key: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == "name" and key == "props":
                continue  # OSCAL: a property's name is a key
            yield from _values(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from _values(value, key)
    elif isinstance(tree, str):
        yield tree


def _yaml(data: bytes) -> str:
    return _YAML_KEY.sub(r"\1", data.decode())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")
        self.found += [value for name, value in attrs if name in _TOLD and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data.strip())


def _html(data: bytes) -> str:
    page = _Page()
    page.feed(data.decode())
    return "\n".join(filter(None, page.found))


def _xml(data: bytes) -> str:
    found = []
    for element in ElementTree.fromstring(data).iter():
        tag = element.tag.rpartition("}")[2]
        if tag in _WHOLE:
            found.append("".join(element.itertext()))
        found += [element.text or "", element.tail or ""]
        for name, value in element.attrib.items():
            if name in _SEEN and not (tag == "property" and name == "name"):
                found.append(value)
    return "\n".join(filter(None, (text.strip() for text in found)))


def _office(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = [name for name in package.namelist() if name.endswith(".xml")]
        return "\n".join(_xml(package.read(name)) for name in parts if "theme" not in name)


_READERS: dict[str, Callable[[bytes], str]] = {
    ".json": _json,
    ".sarif": _json,
    ".gitlab": _json,
    ".oscal": _json,
    ".html": _html,
    ".junit": _xml,
    ".docx": _office,
    ".xlsx": _office,
    ".yaml": _yaml,
}
