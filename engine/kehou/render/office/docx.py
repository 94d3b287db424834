"""A 核查意见 as a Word document laid out after GB/T 9704-2012, ready to be edited.

The only importer of python-docx. The looks stand in ``reports/opinion.*.xml``; there is no red
heading and no seal, which only an issuing organ may set.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer
from docx.shared import Mm

from kehou import data
from kehou.model.report import Report
from kehou.render.office import opinion
from kehou.render.office import parts as office
from kehou.render.words import catalogue, grounds, table
from kehou.render.words.numerals import NUMERALS
from kehou.render.words.wording import Words

#: Widths in mm; on a page across they fill its 225 mm, on an upright one the 156 mm.
_TABLE = (10, 18, 50, 28, 16, 40, 24, 16, 23)
_GROUNDS = (20, 38, 54, 44)
#: The most characters of one cell of the annex; the workbook has them all.
_CELL_LIMIT = 1_500
_CENTRED = (0, 4, 7)
#: A row of so many lines is kept on one page, a longer one may go on on the next; the size in mm
#: of a character of a cell by style, and what the edges of a cell take.
_KEPT, _CHARACTERS, _EDGES = 4, {"Cell": 3.2, "Entry": 4.3}, 2.5
#: Marks that Chinese and Latin fonts both have, and the styles whose Chinese font is 仿宋.
_QUOTES = re.compile("([“”‘’—…·]+)")
_IN_FANGSONG = ("Body", "Entry", "Cell", "CellCentre", "Addressee")
#: A name or a path so long that lines with it are torn apart when justified.
_LATIN = re.compile(r"[\x21-\x7e—]{9,}")
#: So many characters of a title in 二号 stand in a line of 156 mm.
_TITLE_LINE = 20
_TWIPS = 1440 / 25.4
#: Parts of python-docx's template that the opinion has no use for.
_UNUSED = ("thumbnail", "customXml", "stylesWithEffects")


def render(reports: Sequence[Report], language: str | None = None, *, annex: bool = False) -> bytes:
    """One opinion for each report, in ``language`` or the first's; with annexes on request."""
    language = language or (reports[0].run.language if reports else "zh")
    words = catalogue.of_reports(reports, language)
    document = _blank(words)
    for at, report in enumerate(reports):
        section = document.sections[0] if at == 0 else _section(document)
        _upright(section)
        _restart(section)
        if at == 0:
            _footers(document, words)
        own = catalogue.of_reports([report], language)
        for part in opinion.parts(report, own, NUMERALS[language], annexed=annex):
            _part(document, part)
        if annex:
            _annexes(document, report, words)
    out = io.BytesIO()
    document.save(out)
    return office.fixed(out.getvalue())


def _part(document: DocumentType, part: opinion.Part) -> None:
    """A paragraph, or a table in the letter itself."""
    if isinstance(part, opinion.Rows):
        _add(document, _table(part.heads, part.rows, part.widths, (), "Entry"))
    else:
        _add(document, _paragraph(part.style, _lines(part)))


def letter(
    parts: Iterable[opinion.Part],
    title: str,
    words: Words,
    annexes: Sequence[Table] = (),
) -> bytes:
    """A letter with the same looks, page numbers and footer; its annexes are tables."""
    document = _blank(words)
    document.core_properties.title = title
    _upright(document.sections[0])
    _footers(document, words)
    for part in parts:
        _part(document, part)
    rows: dict[bytes, Iterable[str]] = {}
    for number, table_ in enumerate(annexes, 1):
        _across(_section(document))
        if table_.numbered:
            _add(document, _paragraph("Annex", words["opinion.annex"].format(n=number)))
        _add(document, _paragraph("Title", table_.title))
        mark = f"<!--rows of {number}-->"
        rows[mark.encode()] = _rows_of(table_)
        _add(document, _table(table_.heads, (), table_.widths, table_.centred, rest=mark))
    out = io.BytesIO()
    document.save(out)
    return office.fixed(out.getvalue(), rows)


def _rows_of(one: Table) -> Iterator[str]:
    """The rows of a table as XML, one by one."""
    sizes = [round(width * _TWIPS) for width in one.widths]
    styles = ["CellCentre" if at in one.centred else "Cell" for at in range(len(one.widths))]
    for row in one.rows:
        yield _row(row, sizes, styles, _whole(row, one.widths, "Cell"))


def _annexes(document: DocumentType, report: Report, words: Words) -> None:
    """逐项核查表 on pages across, 规则集与参数 on upright ones."""
    _across(_section(document))
    _heading(document, 1, words["sheet.table"], words)
    heads = [words[f"table.{name}"] for name in ("number", *table.COLUMNS[:-1])]
    rows = [
        [str(n), *row[:-1]]
        for n, row in enumerate(table.rows(report, words, _CELL_LIMIT, paths=False), 1)
    ]
    _add(document, _table(heads, rows, _TABLE, _CENTRED))
    _upright(_section(document))
    _heading(document, 2, words["sheet.grounds"], words)
    heads = [words[f"table.{name}"] for name in grounds.COLUMNS]
    _add(document, _table(heads, grounds.rows(report, words), _GROUNDS, ()))
    _add(document, _paragraph("Remark", words["page.footer"]))


def _heading(document: DocumentType, number: int, title: str, words: Words) -> None:
    _add(document, _paragraph("Annex", words["opinion.annex"].format(n=number)))
    _add(document, _paragraph("Title", title))


# --- the document --------------------------------------------------------------------------


def _blank(words: Words) -> DocumentType:
    """An empty document with our styles and fonts, and nothing of whose template it was."""
    document = Document()
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.extend(list(parse_xml(_asset("opinion.styles.xml"))))
    package = document.part.package
    assert package is not None
    for part in package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = _asset("opinion.fonts.xml")
    for rels in (package.rels, document.part.rels):
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(_UNUSED)]:
            del rels[key]
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    document.settings.odd_and_even_pages_header_footer = True
    about = document.core_properties
    about.author = about.last_modified_by = "kehou"
    about.title, about.comments, about.revision = words["page.title"], words["page.footer"], 1
    return document


def _asset(name: str) -> bytes:
    return data.reports().joinpath(name).read_bytes()


def _section(document: DocumentType) -> Section:
    """A new section on a new page; the paragraph that ends the one before takes no room."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    for number in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(number)
    end = document.element.body[-2]
    end.style = "Cell"
    return section


def _upright(section: Section) -> None:
    """A4 upright: 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = section.footer_distance = Mm(15)


def _across(section: Section) -> None:
    """A4 across, the same 版心 turned round."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(37), Mm(35)
    section.header_distance = section.footer_distance = Mm(12)


def _restart(section: Section) -> None:
    """Pages count from 1 in each opinion."""
    number = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    before = section._sectPr.find(qn("w:cols"))
    before.addprevious(number)


def _footers(document: DocumentType, words: Words) -> None:
    """— 1 — outside, odd pages on the right and even ones on the left, and what this is."""
    section = document.sections[0]
    for footer, style in ((section.footer, "PageOdd"), (section.even_page_footer, "PageEven")):
        _footer(footer, style, words)


def _footer(footer: _Footer, style: str, words: Words) -> None:
    footer.is_linked_to_previous = False
    element = footer._element
    for child in list(element):
        element.remove(child)
    page = (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )
    element.append(parse_xml(page))
    element.append(_paragraph("Remark", words["page.footer"]))


def _add(document: DocumentType, element: BaseOxmlElement) -> None:
    """Puts an element at the end of the body, before the properties of its last section."""
    document.element.body[-1].addprevious(element)


# --- paragraphs and tables as XML: the library's own way takes minutes for long tables --------


def _lines(paragraph: opinion.Paragraph) -> str:
    """A paragraph's text; a title longer than a line in as few lines as it needs, each about as
    long as the others, that end between its units.
    """
    units = paragraph.units
    if len(units) < 2 or _width(paragraph.text) <= _TITLE_LINE:
        return paragraph.text
    found: list[str] = []
    for count in range(1, len(units)):
        parts = [
            ["".join(units[a:b]) for a, b in pairwise((0, *ends, len(units)))]
            for ends in combinations(range(1, len(units)), count)
        ]
        found = min(parts, key=lambda lines: max(map(_width, lines)))
        if max(map(_width, found)) <= _TITLE_LINE:
            break
    return "\n".join(found)


def _width(text: str) -> float:
    """How many Chinese characters wide a text is."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def _paragraph(style: str, text: str) -> BaseOxmlElement:
    return parse_xml(_paragraph_xml(style, office.plain(text, 20_000), nsdecls("w")))


def _paragraph_xml(style: str, text: str, declared: str = "") -> str:
    """A paragraph whose quotation marks are set in the Chinese font; lines end with breaks."""
    run = "".join(_run(part, style) for part in _QUOTES.split(text) if part)
    left = '<w:jc w:val="left"/>' if style == "Body" and _LATIN.search(text) else ""
    return f'<w:p {declared}><w:pPr><w:pStyle w:val="{style}"/>{left}</w:pPr>{run}</w:p>'


def _run(text: str, style: str) -> str:
    """Text alike throughout; a mark after a figure would else be set in the font of the figure."""
    own = _QUOTES.fullmatch(text) and style in _IN_FANGSONG
    fonts = ' w:ascii="仿宋" w:hAnsi="仿宋"' if own else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )
    return f'<w:r><w:rPr><w:rFonts{fonts} w:hint="eastAsia"/></w:rPr>{lines}</w:r>'


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
    centred: Sequence[int],
    style: str = "Cell",
    rest: str = "",
) -> BaseOxmlElement:
    """A table with lines, its head repeated on each page; ``rest`` stands for rows to come."""
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sizes = [round(width * _TWIPS) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    styles = ["CellCentre" if at in centred else style for at in range(len(widths))]
    head_style = "CellHead" if style == "Cell" else f"{style}Head"
    head = _row(heads, sizes, [head_style] * len(widths), "<w:cantSplit/><w:tblHeader/>")
    body = "".join(_row(row, sizes, styles, _whole(row, widths, style)) for row in rows)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}{rest}</w:tbl>"
    )


def _whole(row: Sequence[str], widths: Sequence[int], style: str) -> str:
    """What keeps a short row on one page."""
    size = _CHARACTERS[style]
    lines = max(
        sum(max(1, math.ceil(len(line) * size / (width - _EDGES))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )
    return "<w:cantSplit/>" if lines <= _KEPT else ""


def _row(texts: Sequence[str], sizes: Sequence[int], styles: Sequence[str], kept: str) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph_xml(style, office.plain(text, 2 * _CELL_LIMIT))}</w:tc>"
        for text, size, style in zip(texts, sizes, styles, strict=True)
    )
    return f"<w:tr><w:trPr>{kept}</w:trPr>{cells}</w:tr>"


# --- tables of other papers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper: its heading, heads, rows and widths in mm (225 in all).

    One that is not ``numbered`` is no annex of a letter, but lies with it.
    """

    title: str
    heads: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    widths: tuple[int, ...]
    centred: tuple[int, ...] = ()
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on pages across: title, lines, tables, and lines at the end."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    ends: tuple[str, ...] = ()


def papers(title: str, found: Sequence[Paper], footer: str, *, narrow: bool = False) -> bytes:
    """One document of papers, each on new pages that count from 1.

    ``narrow`` margins are for papers to work on: tables are then 267 mm wide.
    """
    words = {**catalogue.load("zh"), "page.footer": footer, "page.title": title}
    document = _blank(words)
    for at, paper in enumerate(found):
        section = document.sections[0] if at == 0 else _section(document)
        _across(section)
        if narrow:
            section.top_margin = section.left_margin = section.right_margin = Mm(15)
            section.bottom_margin = Mm(20)
            section.header_distance = section.footer_distance = Mm(8)
        _restart(section)
        if at == 0:
            _footers(document, words)
        _add(document, _paragraph("Title", paper.title))
        for line in paper.lines:
            _add(document, _paragraph("Cell", line))
        for one in paper.tables:
            _add(document, _paragraph("Cell", ""))
            _add(document, _paragraph("CellHead", one.title))
            _add(document, _table(one.heads, one.rows, one.widths, one.centred))
        for line in paper.ends:
            _add(document, _paragraph("Cell", line))
    out = io.BytesIO()
    document.save(out)
    return office.fixed(out.getvalue())
