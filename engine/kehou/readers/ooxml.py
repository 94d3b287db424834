"""The zip container of an Office file: what it is, its parts, and the limits it is read under.

Nothing is unpacked to disk, and no part is opened but those that hold texts, cells and formats:
macros, embedded objects and whatever lies outside the file are listed, never touched. What a file
costs is bounded by bytes unpacked and XML elements read, so that the same file always ends alike.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, NoReturn
from xml.parsers import expat

from kehou.readers.source import Limits, ReadError
from kehou.readers.zip_damage import DAMAGES

#: Parts of an Office file; a real one has a few dozen.
MOST_PARTS: Final = 5_000
#: Bytes unpacked of all parts that are read.
MOST_BYTES: Final = 400_000_000
#: Bytes unpacked of any part but a sheet.
MOST_OF_PART: Final = 50_000_000
#: A part larger than ``_SMALL`` that grows more than this when unpacked was made to hurt.
MOST_RATIO: Final = 200
_SMALL: Final = 8_000_000
#: XML elements of all parts that are read.
MOST_ELEMENTS: Final = 12_000_000
#: Merged ranges of all sheets.
MOST_MERGES: Final = 20_000
#: Elements within elements.
MOST_DEPTH: Final = 64
_CHUNK: Final = 1 << 16
#: Bytes of one tag; the parser keeps those of a tag that is not whole.
_LONGEST_TAG: Final = 4_000_000


class Kind(NamedTuple):
    """What messages call a kind of Office file, and what they tell people to do with it."""

    title: str
    suffix: str
    format: str
    program: str
    old: str
    save_as: str
    again: str
    no_password: str
    too_many: str
    shrink: str
    fewer: str


SAVE_AS: Final = "在 Excel 或 WPS 中打开，选“另存为”，类型选“Excel 工作簿 (*.xlsx)”"
WORKBOOK: Final = Kind(
    "工作簿",
    ".xlsx",
    ".xlsx 工作簿",
    "Excel",
    "旧版 Excel 或 WPS 表格（.xls、.et）",
    SAVE_AS,
    "在 Excel 或 WPS 中打开并另存为 .xlsx；打不开就向提供的人重新要一份，或改用 .csv 文件",
    "在 Excel 中打开，选“文件”→“信息”→“保护工作簿”→“用密码进行加密”，"
    "把密码清空后保存；WPS 中选“文件”→“文档加密”→“密码加密”，清空后保存",
    "选中表格下方和右边的空行、空列，右键“删除”后保存；或把内容复制到新工作簿",
    "把要检查的表格复制到一个新工作簿，另存为 .xlsx；或改用 .csv 文件",
    "只留检查要用的工作表，删去图片；或拆成几个文件",
)
DOCUMENT: Final = Kind(
    "Word 文档",
    ".docx",
    ".docx 文档",
    "Word",
    "旧版 Word 或 WPS 文字（.doc、.wps）",
    "在 Word 或 WPS 中打开，选“另存为”，类型选“Word 文档 (*.docx)”",
    "在 Word 或 WPS 中打开并另存为 .docx；打不开就向提供的人重新要一份",
    "在 Word 中打开，选“文件”→“信息”→“保护文档”→“用密码进行加密”，"
    "把密码清空后保存；WPS 中选“文件”→“文档加密”→“密码加密”，清空后保存",
    "把正文复制到一个新文档，另存为 .docx",
    "把正文复制到一个新文档，删去图片，另存为 .docx",
    "删去图片，或拆成几个文件",
)
_DAMAGES: Final[tuple[type[Exception], ...]] = (*DAMAGES, OSError)
#: First bytes of a compound file: an old workbook, or an encrypted one.
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
#: What a part's name tells of things that are not read.
_IGNORED: Final = (
    ("vbaproject", "宏（VBA）"),
    ("macrosheets/", "宏表"),
    ("externallinks/", "外部链接"),
    ("connections.", "数据连接"),
    ("querytables/", "查询表"),
    ("embeddings/", "嵌入的对象"),
    ("activex/", "ActiveX 控件"),
    ("ctrlprops/", "窗体控件"),
    ("media/", "图片"),
)


def damaged(what: str, cell: str = "", kind: Kind = WORKBOOK) -> ReadError:
    """A file that its own program would call damaged, or refuse."""
    return ReadError(f"{kind.title}已损坏：{what}", hint=kind.again, cell=cell)


class Package:
    """A file's parts by name, and what may still be unpacked and read of them."""

    def __init__(self, data: bytes, limits: Limits, kind: Kind = WORKBOOK) -> None:
        self.kind = kind
        _refuse_other_formats(data, limits, kind)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self.zip.infolist()
        except _DAMAGES as error:
            raise _no_zip(data, kind) from error
        self.parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = slashed(info.filename).lstrip("/").lower()
            if name in self.parts:
                raise damaged(f"有两个“{_shown(info.filename)}”", kind=kind)
            self.parts[name] = info
        self.bytes = MOST_BYTES
        self.elements = MOST_ELEMENTS
        self.merges = MOST_MERGES
        self.ignored = tuple(
            dict.fromkeys(
                said for mark, said in _IGNORED if any(mark in name for name in self.parts)
            )
        )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.parts

    def chunks(self, name: str, most: int = MOST_OF_PART) -> Iterator[bytes]:
        """The bytes of a part, a piece at a time; raises ``ReadError``."""
        info = self.parts.get(name.lower())
        if info is None:
            raise damaged(f"缺少“{_shown(name)}”", kind=self.kind)
        if info.flag_bits & 0x1:
            told = f"{self.kind.title}里的内容加了密码，读不了"
            raise ReadError(told, hint=self.kind.no_password)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            told = f"压缩方法不是 {self.kind.program} 用的那一种"
            raise damaged(told, kind=self.kind)
        size = info.file_size
        if size > _SMALL and size > MOST_RATIO * max(info.compress_size, 1):
            raise _bomb(size, self.kind)
        if size > most or size > self.bytes:
            raise _bomb(size, self.kind)
        try:
            with self.zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self.bytes -= len(chunk)
                    if self.bytes < 0:
                        raise _bomb(MOST_BYTES, self.kind)
                    yield chunk
        except ReadError:
            raise
        except _DAMAGES as error:
            told = f"“{_shown(name)}”解不开，文件可能没有传完"
            raise damaged(told, kind=self.kind) from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that a part names: id to (last word of the type, name of the part).

        What lies outside the file is left out: nothing of ours follows it.
        """
        folder, base = posixpath.split(name)
        part = posixpath.join(folder, "_rels", base + ".rels")
        found: dict[str, tuple[str, str]] = {}
        if part not in self:
            return found

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) != "Relationship" or attributes.get("TargetMode") == "External":
                return
            target = slashed(attributes.get("Target", ""))
            inside = posixpath.normpath(
                target if target.startswith("/") else posixpath.join("/" + folder, target)
            )
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = kind, inside.lstrip("/")

        Reading(self, part).run(start)
        return found


class Reading:
    """One part as XML events; a DOCTYPE is refused where it stands, before any entity.

    ``depth`` is that of the element just started or ended; the root's is 1.
    """

    def __init__(self, package: Package, name: str, most: int = MOST_OF_PART) -> None:
        self.package = package
        self.name = name
        self.most = most
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype

    def run(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read the whole part, calling ``start(tag, attributes)``, ``end(tag)``, ``text(data)``."""
        package, depth, left = self.package, 0, self.package.elements

        def opened(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, left
            depth += 1
            left -= 1
            if depth > MOST_DEPTH or left < 0:
                too_much(depth, package.kind)
            start(tag, attributes)

        def closed(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag)

        self.parser.StartElementHandler = opened
        self.parser.EndElementHandler = closed
        self.parser.CharacterDataHandler = text
        self.feed(package.chunks(self.name, self.most))
        package.elements = left

    def feed(self, chunks: Iterator[bytes]) -> None:
        """Parse bytes with the handlers that are set; raises ``ReadError``."""
        try:
            given = 0
            for chunk in chunks:
                given += len(chunk)
                self.parser.Parse(chunk, False)
                if given - self.parser.CurrentByteIndex > _LONGEST_TAG:
                    told = f"“{_shown(self.name)}”里有一处标记过长"
                    raise damaged(told, kind=self.package.kind)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            told = f"“{_shown(self.name)}”不是完整的 XML"
            raise damaged(told, kind=self.package.kind) from error
        except (ValueError, LookupError) as error:  # an encoding that Python does not know
            told = f"“{_shown(self.name)}”的编码读不了"
            raise damaged(told, kind=self.package.kind) from error

    def _doctype(self, *_: object) -> NoReturn:
        raise ReadError(
            f"{self.package.kind.title}里的“{_shown(self.name)}”带有 DTD 或实体声明，"
            "这样的文件不读（它可以用来攻击）",
            hint=self.package.kind.save_as,
        )


def too_much(depth: int, kind: Kind = WORKBOOK) -> NoReturn:
    """An XML part that is nested too deep, or has too many elements."""
    if depth > MOST_DEPTH:
        raise damaged(f"内容嵌套超过 {MOST_DEPTH} 层", kind=kind)
    if kind is WORKBOOK:
        told = f"工作簿里的行、列和格式超过 {MOST_ELEMENTS} 项（多半是没有内容、只带格式的行列）"
    else:
        told = f"Word 文档里的内容和格式超过 {MOST_ELEMENTS} 项"
    raise ReadError(told, hint=kind.too_many)


def slashed(name: str) -> str:
    """A part's name with the separator that the format has; some programs write the other."""
    return name.replace("\\", "/")


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition(" ")[2]


def _shown(name: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in name)
    return printable if len(printable) <= 60 else printable[:60] + "…"


def _bomb(size: int, kind: Kind) -> ReadError:
    told = f"{kind.title}解压后过大（{size / 1e6:.0f} MB 以上），不读"
    return ReadError(told, hint=kind.shrink)


def _no_zip(data: bytes, kind: Kind) -> ReadError:
    if data.find(b"PK\x05\x06") < 0:
        return ReadError(
            f"{kind.title}不完整，缺了后面一段（多半没有下载完或传完）",
            hint=f"重新下载或请对方重发；也可在 {kind.program} 中打开修复后另存为 {kind.suffix}",
        )
    return damaged("压缩包的目录读不出来", kind=kind)


def _refuse_other_formats(data: bytes, limits: Limits, kind: Kind) -> None:
    """Whatever is no zip container within the limits."""
    if len(data) > limits.table_bytes:
        raise ReadError(
            f"文件有 {len(data) / 1e6:.1f} MB，超过上限 {limits.table_bytes / 1e6:g} MB",
            hint=kind.fewer,
        )
    if not data:
        raise ReadError("文件是空的", hint="重新导出，或请对方重发")
    if data.startswith(OLE):
        refuse_encrypted(data, kind)
        raise ReadError(f"文件像是{kind.old}", hint=kind.save_as)
    if not data.startswith(b"PK\x03\x04"):
        from kehou.readers.decoding import seems

        what = seems(data)
        told = f"文件不是 {kind.format}{'，像是' + what if what else ''}"
        raise ReadError(told, hint=kind.save_as)
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise damaged(f"里面有 {MOST_PARTS} 个以上的部分", kind=kind)


def refuse_encrypted(data: bytes, kind: Kind = WORKBOOK) -> None:
    """Refuse a compound file that holds an Office file with a password."""
    if _ENCRYPTED in data:
        raise ReadError(f"{kind.title}加了密码，读不了", hint=kind.no_password)
