"""The 补正材料清单 as a letter to whose the submission is, and as stubs to paste.

kehou is no issuing organ: who issues it, its number, its date and the time allowed are
placeholders. The letter is Chinese in every report language, as official texts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kehou.model.report import CitedClause
from kehou.model.values import Location
from kehou.remedy import letter_papers
from kehou.remedy.missing_evidence import Item, Letter, Settles
from kehou.render import Document
from kehou.render.office import Paragraph, Rows, title_of
from kehou.render.words import (
    NUMERALS,
    Words,
    catalogue,
    fault_told,
    safe,
    shortened,
    visible,
)

_RULES = 12
_CLAUSES = 6
_ALSO = 5
_PLACES = 8
_FAULTS = 100
#: Forms of what there is nothing to paste for.
_NOT_PASTED = ("none", "cell", "prose")
#: Blanks before a line of plain text; what is to be pasted keeps its own.
_INDENT = {"Body": "    ", "Heading1": "  "}
#: Every format; each function is given the letter, those for people whether its annex is wanted.
FORMATS: Final[Mapping[str, Document]] = MappingProxyType(
    {
        "text": Document("remedy.letter", "as_text"),
        "html": Document("remedy.letter", "as_html"),
        "docx": Document("remedy.letter", "as_docx", binary=True),
        "yaml": Document("remedy.letter", "as_yaml"),
        "json": Document("remedy.letter_json", "as_json"),
    }
)
#: The key of the format (docs/fix.md) that says whose letter it is.
SUBJECT = "school"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a letter."""

    words: Words

    def say(self, key: str, **slots: object) -> str:
        """A text of the catalogue, by its key after ``request.``, with its slots filled."""
        return self.words[f"request.{key}"].format(**slots)

    def day(self, date: str) -> str:
        """An ISO date as an official text writes it, without zeros."""
        year, month, day = (int(part) for part in date.split("-"))
        return self.words["opinion.day"].format(year=year, month=month, day=day)

    def place(self, place: Location) -> str:
        """A file, and the line where there is one."""
        file = safe(place.file, 100)
        if not place.line:
            cell = safe(place.cell or "", 100)
            return self.say("in_cell", file=file, cell=cell) if cell else file
        return self.words["opinion.place"].format(file=file, line=place.line)

    def ground(self, clause: CitedClause) -> str:
        """A clause as the ground of something."""
        return self.say("ground", citation=clause.citation, quote=clause.quote)


def texts_of(found: Letter) -> Texts:
    """The words of one letter, with the nouns of its packs."""
    return Texts(catalogue.official(found.report.packs.words("zh")))


# --- the letter ----------------------------------------------------------------------------


def parts(found: Letter, annex: bool = False) -> Iterator[Paragraph | Rows]:
    """All of the letter, part by part; the annex has every field, and what to paste."""
    texts = texts_of(found)
    words, say, first = texts.words, texts.say, NUMERALS["zh"].first
    whose = safe(found.report.submission.name or say("unnamed"), 80)
    yield Paragraph("Number", words["opinion.number"])
    yield title_of(words["request.title"], subject=whose)
    yield Paragraph("Draft", words["opinion.draft"])
    yield Paragraph("Addressee", words["opinion.addressee"].format(subject=whose))
    yield Paragraph("Body", _opening(found, texts))
    count = 0
    if found.read.files:
        count += 1
        yield Paragraph("Heading1", first(count) + say("section.read"))
        yield Paragraph("Body", letter_papers.read_told(found.read, words, say, texts.day))
        yield Paragraph("Body", say("not_read"))
    if _is_read(found):
        count += 1
        yield Paragraph("Heading1", first(count) + say("section.missing"))
        if found.items:
            yield letter_papers.table(found, words, say, texts.ground)
        else:
            yield Paragraph("Body", words["opinion.none"])
    faults = "section.faults" if _is_read(found) else "section.unreadable"
    yield Paragraph("Heading1", first(count + 1) + say(faults))
    yield from _faults(found, texts)
    yield Paragraph("Heading1", first(count + 2) + say("section.demand"))
    wanted = found.items or found.report.submission.faults
    demand = "demand_nothing" if not wanted else "demand" if _is_read(found) else "demand_again"
    yield Paragraph("Body", say(demand))
    if wanted and _is_read(found):
        yield Paragraph("Body", say("honest"))
    pasted = any(item.paste.text for item in found.items)
    if annex and found.items:
        yield Paragraph("Attachments", say("attachments_both" if pasted else "attachments"))
    yield Paragraph("Organ", words["opinion.organ"])
    yield Paragraph("Date", words["opinion.date"])
    if annex and found.items:
        yield Paragraph("Annex", say("annex", n=1))
        yield Paragraph("Title", say("each"))
        yield from _missing(found, texts)
        yield from _annex(found, texts)


def _is_read(found: Letter) -> bool:
    """Whether anything of a submission was judged: one that cannot be read has no date."""
    return bool(found.report.run.as_of)


def _opening(found: Letter, texts: Texts) -> str:
    report = found.report
    if not _is_read(found):
        return texts.say("opening_unreadable")
    packs = texts.words["list"].join(
        texts.say("pack", title=pack.title or pack.id) for pack in report.packs.used
    )
    told = texts.say("opening", packs=safe(packs), as_of=texts.day(report.run.as_of))
    if not found.items:
        return told + texts.say("nothing")
    wanted = letter_papers.papers(found)
    fields = sum(len(paper.items) for paper in wanted)
    told += texts.say("asked", n=len(wanted), fields=fields)
    more = letter_papers.read_papers(found)
    return told + texts.say("asked_more", n=len(wanted) + more, read=more) if more else told


def _missing(found: Letter, texts: Texts) -> Iterator[Paragraph]:
    """What is missing, each with the rules that it settles."""
    told: dict[str, int] = {}
    for item in found.items:
        yield Paragraph("Body", _asked(item, texts))
        for n, settles in enumerate(item.settles[:_RULES], 1):
            before = told.get(settles.rule)
            told.setdefault(settles.rule, item.number)
            yield Paragraph("Body", NUMERALS["zh"].fourth(n) + _settles(settles, texts, before))
        if len(item.settles) > _RULES:
            yield Paragraph("Body", texts.say("more_rules", n=len(item.settles) - _RULES))


def _asked(item: Item, texts: Texts) -> str:
    say = texts.say
    first = item.places[0]
    told = say(
        _item_words(item),
        number=item.number,
        label=safe(item.label),
        place=texts.place(first),
        file=safe(first.file, 100),
        sheet=safe(first.sheet, 100),
    )
    if item.count > 1:
        listed = [texts.place(place) for place in item.places[1:_PLACES] if not place.sheet]
        more = say("and_so_on") if item.count > len(listed) + 1 else ""
        told += say("alike", n=item.count, places=texts.words["list"].join(listed), more=more)
    if item.allowed:
        told += say("allowed", allowed=item.allowed)
    return told + say("settles", n=len(item.settles))


def _item_words(item: Item) -> str:
    """Which words say where it belongs: a form may have no box for it."""
    if item.paste.form == "prose":
        return "item_prose"
    if item.paste.form != "cell":
        return "item"
    return "item_unlisted" if item.places[0].sheet else "item_cell"


def _settles(settles: Settles, texts: Texts, before: int | None) -> str:
    """A rule with its ground in full the first time, and after that with the item that has it."""
    say, words = texts.say, texts.words
    told = say("rule", title=safe(settles.title), severity=words[f"severity.{settles.severity}"])
    if before is not None:
        return told + say("ground_told", n=before)
    grounds = words["semicolon"].join(texts.ground(c) for c in settles.clauses[:_CLAUSES])
    told += say("grounds", grounds=grounds)
    if settles.also:
        numbers = words["list"].join(str(n) for n in settles.also[:_ALSO])
        key = "also_more" if len(settles.also) > _ALSO else "also"
        told += say(key, numbers=numbers, n=len(settles.also))
    return told + say("stop")


def _faults(found: Letter, texts: Texts) -> Iterator[Paragraph]:
    words, faults = texts.words, found.report.submission.faults
    if not faults:
        yield Paragraph("Body", words["opinion.none"])
    for n, fault in enumerate(faults[:_FAULTS], 1):
        told = shortened(fault_told(fault, words), 300)
        told += words["semicolon"] + fault.hint if fault.hint else ""
        place = texts.place(fault.location)
        yield Paragraph("Body", texts.say("fault", number=n, place=place, told=told))
    if len(faults) > _FAULTS:
        yield Paragraph("Body", texts.say("more_faults", n=len(faults) - _FAULTS))


def _annex(found: Letter, texts: Texts) -> Iterator[Paragraph]:
    """What to paste, in the order of the items."""
    say = texts.say
    shown = [item for item in found.items if item.paste.form not in _NOT_PASTED]
    if not any(item.paste.text for item in shown):
        return
    yield Paragraph("Annex", say("annex", n=2))
    yield Paragraph("Title", say("forms"))
    yield Paragraph("Body", say("how_to_paste"))
    for item in shown:
        yield Paragraph("Body", say("pasted", number=item.number, where=_where(item, texts)))
        if item.paste.text:
            yield Paragraph("Cell", stub_text(item, texts).rstrip("\n"))


def _where(item: Item, texts: Texts) -> str:
    """In which file and after which line the stub of an item goes."""
    paste = item.paste
    form = "end" if paste.form == "lines" and paste.after is None else paste.form
    return texts.say(
        f"where.{form}",
        number=paste.number,
        file=safe(paste.file, 100),
        line=paste.after,
        place=texts.place(item.places[0]),
    )


def stub_text(item: Item, texts: Texts) -> str:
    """What to paste for an item, the policy's words in front as comments where they may stand."""
    paste, say = item.paste, texts.say
    if paste.form not in ("lines", "instead"):
        return paste.text + "\n"
    grounds = list({texts.ground(c): None for settles in item.settles for c in settles.clauses})
    told = [say("comment", number=item.number, label=item.label, n=len(item.settles))]
    told += [say("comment_ground", ground=ground) for ground in grounds[:_CLAUSES]]
    if len(grounds) > _CLAUSES:
        told.append(say("comment_more", n=len(grounds) - _CLAUSES))
    blanks = " " * paste.indent
    comments = "".join(f"{blanks}# {visible(line)}\n" for line in told)
    return comments + paste.text


# --- formats -------------------------------------------------------------------------------


def as_text(found: Letter, annex: bool = False) -> str:
    """The letter as plain text."""
    lines = []
    for part in parts(found, annex):
        if isinstance(part, Rows):
            lines += [_INDENT["Body"] + line for line in letter_papers.plain(part)]
            continue
        indent = _INDENT.get(part.style, "")
        if part.style in ("Title", "Heading1", "Organ", "Annex"):
            lines.append("")
        lines += [indent + line for line in part.text.split("\n")]
    texts = texts_of(found)
    lines += ["", texts.words["page.footer"]]
    if found.bureaus:
        lines.append(texts.say("authority", labels=texts.words["list"].join(found.bureaus)))
    boxes = (item.places[0] for item in found.items if item.paste.form == "cell")
    for file in dict.fromkeys(place.file for place in boxes if place.sheet):
        lines.append(texts.say("how_listed", file=safe(file, 100)))
    if found.items and not annex:
        lines.append(texts.say("how_annex"))
    return visible("\n".join(lines).lstrip("\n"), keep="\n") + "\n"


def as_html(found: Letter, annex: bool = False) -> str:
    """The letter as one page."""
    from kehou.render.page import page

    texts = texts_of(found)
    title = texts.say("name")
    return page("letter.html.j2", texts.words, title, parts=list(parts(found, annex)))


def as_docx(found: Letter, annex: bool = False) -> bytes:
    """The letter as a Word document laid out as the 核查意见 is."""
    from kehou.render.office import docx

    texts = texts_of(found)
    return docx.letter(parts(found, annex), texts.say("name"), texts.words)


def as_yaml(found: Letter, annex: bool = False) -> str:
    """Only what to paste, in the order in which it can be pasted without lines moving."""
    report = found.report
    texts = texts_of(found)
    say = texts.say
    whose = report.submission.name or ""
    lines = [say("yaml_head", subject=whose, name=say("name"))]
    boxes = [item for item in found.items if item.paste.form == "cell"]
    if boxes:
        lines += [say("yaml_cells"), *(f"# {visible(_asked(item, texts))}" for item in boxes)]
    if len(boxes) < len(found.items) or not boxes:
        lines.append(say("yaml_how"))
    items = [
        item for item in found.items if item.paste.form not in ("none", "with", "cell", "prose")
    ]
    for item in in_pasting_order(items):
        lines += ["", f"# —— {_where(item, texts).rstrip('：')}"]
        if not item.paste.text:
            lines[-1] += say("yaml_item", number=item.number, label=item.label)
        if item.paste.form in ("lines", "instead"):
            lines.append(stub_text(item, texts).rstrip("\n"))
        else:
            if item.paste.text:
                told = say("comment", number=item.number, label=item.label, n=len(item.settles))
                lines.append(f"# {visible(told)}")
            lines += [f"# {line}" for line in item.paste.text.splitlines()]
    return visible("\n".join(lines), keep="\n") + "\n"


def in_pasting_order(items: Sequence[Item]) -> list[Item]:
    """The last line of each file first; after one line, what stands less deep first, and what takes
    the place of the line itself last.
    """
    end = 1 << 30
    return sorted(
        items,
        key=lambda i: (
            i.paste.file,
            -(end if i.paste.after is None else i.paste.after),
            i.paste.form == "instead",
            i.paste.indent,
            -i.number,
        ),
    )
