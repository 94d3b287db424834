"""A policy's text as clauses to be confirmed: its sentences, numbering, force and addressee.

What is proposed is found in the words alone; a person confirms every entry.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kehou.packs.clauses import sentences

#: Words by which a sentence binds, the strongest first; the first that it has is its force.
_FORCE: Final[tuple[tuple[str, str], ...]] = (
    ("PROHIBIT", r"严禁|禁止|不得|不准|不允许|不能"),
    (
        "CONSEQ",
        r"(追究|处罚|处分|责令|取消).{0,12}(责任|资格|整改|改正|停|退)|予以(处理|处罚|通报|取消)|处以?罚款",
    ),
    ("ENCOURAGE", r"鼓励|倡导|提倡|支持"),
    ("MUST", r"必须|应当|须(?!知)|(?<![有所急])需(?!求|要的)"),
    ("MAY", r"可以|可(?!能|行|靠|口|持续|见)"),
    ("SHOULD", r"应(?!急|用|对|答|届)|(?<![需重主必])要(?!求|素|点|件)"),
)
#: Words that bound a number or a time, and what stands after one that does.
_LIMIT: Final = re.compile(
    r"不(得|应|能|宜|准|可)?(超过|少于|多于|晚于|迟于|早于|高于|低于|大于|小于|长于|短于)"
    r"|(至少|至多|最多|最少|最低|最高|最晚|最早|最迟)[^，。；]{0,8}[0-9０-９一二两三四五六七八九十百半]"
    r"|[0-9０-９一二两三四五六七八九十百][^，。；]{0,4}(以上|以下|以内|之内|以前|之前|以后|之后|为限|为宜)"
    r"|[0-9０-９](时|点|分|[:：][0-9０-９]{2})半?前(?![后往期])"
    r"|(?<![不未充])满\s*[0-9０-９一二三四五六七八九十]|控制在[^，。；]{0,6}[0-9０-９一二三四五六七八九十]"
)
#: A leave to do something until a time: nobody has to.
_LEAVE: Final = re.compile(r"可(以)?(在|于)?[^，。；应须得]{0,12}前")
_DEFINITION: Final = re.compile(r"是指|所称|指的是|本[^，。]{1,4}(自|适用)")
#: What a sentence is there for that sets no rule: it goes to ``no_norm``.
_UNSEEN: Final = "没有看到要求的字样"
_NOTHING: Final = (
    ("目的", r"^为(了)?.*制定本|^根据.*制定本"),
    ("施行日期", r"^本[^，。]{1,8}自.{1,16}起(施行|执行|实施)"),
    ("适用范围", r"^本[^，。]{1,6}(适用于|所称.{0,12}适用)|适用本[^，。]{1,4}$"),
)
#: How long a text holds, and that it is the text itself that does.
_VALID: Final = re.compile(
    r"有效期(?:限)?(?:为|是)?(?:(?P<years>\d{1,2}|[一二三四五六七八九十]{1,3})年(?!\d)"
    r"|(?:至|到|截至)(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日)"
)
_OF_ITSELF: Final = re.compile(
    r"起(?:施行|执行|实施)|^(?:第[^条]+条|[一二三四五六七八九十]+、)?\s*(?:本[^，。]{1,8})?有效期"
)
_DIGITS: Final = "一二三四五六七八九十"
_CHAPTER: Final = re.compile(r"\s*([一二三四五六七八九十]+)、")
_ARTICLE: Final = re.compile(r"\s*第([一二三四五六七八九十百0-9]+)条[\s　]*")
_ITEM: Final = re.compile(r"\s*[（(]([一二三四五六七八九十0-9]+)[）)]")
_POINT: Final = re.compile(r"\s*([0-9]+)[.．、]")
_SUBJECT: Final = re.compile(
    r"(?:^|[，,；;：:])([^，,；;：:（(的0-9.]{2,8}?)"
    r"(?=严禁|禁止|不得|不准|必须|应当|应(?!急|用|对)|须(?!知)|(?<!需)要(?!求|素|点|件)|可以|至[少多]|最[多少]|不[超少低高])"
)
#: A time or a place before a verb is nobody.
_NOBODY: Final = re.compile(
    "[时内中前后]$|时[段间]|日期|[人次天]数|^严禁|^禁止|^不得|^每|收?费$|标准$|价$|金额$|每[天日周月年]$"
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A sentence as a clause: ``modality`` "" where nothing in it binds anybody."""

    id: str
    path: str
    citation: str
    quote: str
    sentence: int
    modality: str
    addressee: str


def proposed(source: str) -> Iterator[Proposed]:
    """The sentences of a text that end in 。, each with its number, force and addressee."""
    chapter = article = item = point = ""
    path = "全文"
    taken: dict[str, int] = {}
    every = [(number, *one) for number, one in enumerate(sentences(source), 1)]
    kinds = {kind for _, start, end, _ in every for kind, _ in _unnumbered(source[start:end])[1]}
    for number, start, end, ended in every:
        text = source[start:end]
        quote, marks = _unnumbered(text)
        if kinds == {"chapter"}:  # 一、二、 are all the numbers that it has
            marks = [("article", mark) for _, mark in marks]
        elif not kinds and ended:
            article = str(int(article or "0") + 1)
        for kind, mark in marks:
            if kind == "chapter":
                chapter, article, item, point = mark, "", "", ""
            elif kind == "article":
                article, item, point = mark, "", ""
            elif kind == "item":
                item, point = mark, ""
            else:
                point = mark
        if marks:
            path = text[: len(text) - len(quote)].strip() or path
        if not ended:
            continue
        steps = [step for step in (article, item, point) if step]
        stem = ".".join([_letter(chapter), *(steps or ["0"])])
        taken[stem] = nth = taken.get(stem, 0) + 1
        yield Proposed(
            f"{stem}-{nth}",
            path,
            f"{path}第{nth}句",
            quote,
            number,
            modality(quote),
            addressee(quote),
        )


def modality(sentence: str) -> str:
    """How a sentence binds, as clauses.yaml calls it; "" where no word of it says so."""
    if no_norm(sentence) != _UNSEEN:
        return ""
    if _DEFINITION.search(sentence):
        return "DEF"
    if _LEAVE.search(sentence) and not re.search("不得|应|须|必须", sentence):
        return "MAY"
    if _LIMIT.search(sentence):
        return "LIMIT"
    return next((force for force, words in _FORCE if re.search(words, sentence)), "")


def no_norm(sentence: str) -> str:
    """Why a sentence that asks nothing asks nothing, as far as its words tell."""
    for reason, words in _NOTHING:
        if re.search(words, sentence):
            return reason
    return _UNSEEN


def unseen(sentence: str) -> bool:
    """Whether a sentence is there for nothing that is known: a person has to read it."""
    return no_norm(sentence) == _UNSEEN


def addressee(sentence: str) -> str:
    """Whom a sentence seems to be for; "" where no part of it begins with anybody."""
    for found in _SUBJECT.finditer(sentence):
        if not _NOBODY.search(found[1].strip()):
            return found[1].strip()
    return ""


def title(source: str) -> str:
    """What a text calls itself: its first line that is no sentence."""
    lines = (line.strip() for line in source.splitlines())
    return next((line for line in lines if line and "。" not in line), "")


def starts_on(source: str) -> str | None:
    """The day from which a text says that it holds, as an ISO date.

    One that holds from its publication holds from the day that it is signed with.
    """
    day = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
    found = re.search(rf"自{day}起", source) or re.search(rf"{day}起(施行|执行|实施)", source)
    if found is None and re.search("自(发布|印发|公布|下发)之日起", source):
        signed = re.findall(rf"^\s*{day}\s*$", source, re.MULTILINE)
        return _iso(*signed[-1]) if signed else None
    return _iso(found[1], found[2], found[3]) if found else None


def ends_on(source: str) -> str | None:
    """The last day on which a text says that it holds, as an ISO date; None where it says none.

    "" where it says for how long (有效期3年), and not from when on.
    """
    for sentence in re.split(r"[。\n]", source):
        said = _VALID.search(sentence)
        if said is None or not _OF_ITSELF.search(sentence):
            continue
        if said["year"]:
            return _iso(said["year"], said["month"], said["day"])
        start = starts_on(source)
        if start is None:
            return ""
        years = int(said["years"]) if said["years"].isdecimal() else _count(said["years"])
        first = datetime.date.fromisoformat(start)
        leap = (first.month, first.day) == (2, 29)
        last = first.replace(year=first.year + years, day=28 if leap else first.day)
        return str(last if leap else last - datetime.timedelta(days=1))
    return None


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


def _unnumbered(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A sentence without the numbers before it, and what they count."""
    marks = []
    rest = text
    for kind, pattern in (
        ("chapter", _CHAPTER),
        ("article", _ARTICLE),
        ("item", _ITEM),
        ("point", _POINT),
    ):
        found = pattern.match(rest)
        if found:
            marks.append((kind, str(_count(found[1]))))
            rest = rest[found.end() :]
    return rest.strip(), marks


def _count(word: str) -> int:
    """A number written in digits or in Chinese, up to 999."""
    if word.isdecimal():
        return int(word)
    total = 0
    hundreds, found, rest = word.partition("百")
    if found:
        total += 100 * (_DIGITS.index(hundreds) + 1 if hundreds else 1)
    else:
        rest = word
    tens, ten, ones = rest.partition("十")
    if ten:
        total += 10 * (_DIGITS.index(tens) + 1 if tens else 1)
    else:
        ones = rest
    return total + (_DIGITS.index(ones) + 1 if ones in _DIGITS and ones else 0)


def _letter(chapter: str) -> str:
    number = int(chapter or "1")
    return chr(ord("A") + number - 1) if number <= 26 else f"Z{number}"


__all__ = [
    "Proposed",
    "addressee",
    "ends_on",
    "modality",
    "no_norm",
    "proposed",
    "starts_on",
    "title",
    "unseen",
]
