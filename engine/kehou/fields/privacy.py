"""What looks like a person's own: phone and identity numbers, names; and how it is told unshown.

Sources: identity numbers GB 11643-1999 (six digits of area, date of birth, order, check digit by
ISO 7064 MOD 11-2); mobile phones, eleven digits beginning with 1 and 3 to 9; surnames, the
commonest of the Ministry of Public Security's yearly name reports and the compound ones in use;
Mongolian names, which have no surname, by the words that they are commonly made of.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import get_close_matches
from typing import Final, overload

from kehou.fields.allowed_values import BadScalar
from kehou.fields.display_parts import MASK
from kehou.fields.fields import Field, fold
from kehou.fields.scalars import ABSENT_WORDS, members, read, read_range
from kehou.readers.copied_text import without_marks

_PHONE: Final = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9](?:[\s-]?[0-9]{4}){2}(?![0-9A-Za-z])")
_IDENTITY: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}[\s-]?((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[\s-]?[0-9]{3}[0-9Xx]"
    r"(?![0-9A-Za-z])"
)
#: Several of them with nothing between.
_GLUED: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:1[3-9][0-9]{9}|[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]){2,9}(?![0-9A-Za-z])"
)
_DIGITS: Final = re.compile(r"\d{4}")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊"
    "兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柴焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费"
    "纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边云包乌敖宝额"
)
_COMPOUND: Final = (
    "欧阳|上官|司马|诸葛|尉迟|皇甫|令狐|慕容|司徒|东方|独孤|南宫|夏侯|公孙|长孙|宇文|端木"
)
_NAME: Final = re.compile(rf"(?:(?:{_COMPOUND})|[{_SURNAMES}])[\u4e00-\u9fff\u3400-\u4dbf·]{{1,3}}")
#: Common words that begin with what may be a surname.
_WORDS: Final = re.compile(
    "时间|时长|申请|安排|项目|高[一二三]$|金额|单位|单独|管理|任务|成员|成本|成效|程序|常规|强制|强化|游戏|阳光|车辆|解释|"
    "解决|温馨|万元"
)
_MONGOLIAN: Final = (
    "其其格|其木格|琪琪格|琪木格|乌兰|乌云|娜仁|斯琴|高娃|格日勒|格日乐|图雅|托娅|塔娜|萨日|萨仁|苏日|苏布达|敖登|"
    "阿拉坦|阿拉腾|巴特尔|巴图|巴雅尔|布和|布仁|宝音|朝鲁|朝克图|朝格图|呼格吉|哈斯|吉雅|那顺|那日|满都拉|孟和|孟克|"
    "莫日根|牧仁|青格|赛汉|赛罕|特木尔|铁木尔|图门|乌力吉|乌日|毕力格|必力格|额尔|恩和|达来|德力格尔|道尔吉|萨如拉|"
    "阿茹娜|阿如娜|娜荷芽"
)
_MONGOLIAN_NAME: Final = re.compile(
    rf"(?=.{{2,7}}$)[德都格根古花吉克拉勒力木娜其图日]{{0,2}}(?:{_MONGOLIAN})"
    rf"(?:{_MONGOLIAN}|[德都登敦尔噶格根古花吉克拉勒力玛木娜纳尼其泰特图夫苏日音扎])*"
)
#: Kinds of fields of which no text is told from another.
_FREE: Final = frozenset(["text", "record", "rows"])
_QUOTED: Final = re.compile("“([^“”]+)”")
_SEVERAL: Final = re.compile(r"[\s/、，,;；|]+")
_NO_HAN: Final = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbf·]+|的")
#: Digits with what stands between the parts of dates, times and sums of money.
_NUMERIC: Final = re.compile(
    r"[0-9零〇一二三四五六七八九十百千万两半年月日时分点元角整左右约:：./\-—~,，\s￥¥%]{1,24}"
)
#: What spreadsheets leave of numbers and formulas: 2.02E+07, #N/A, =.
_RESIDUE: Final = re.compile(
    r"[-+]?[0-9.]{1,20}[Ee][-+]?[0-9]{1,3}|#[A-Z0-9/!?#]{1,20}|=[ -~]{0,200}"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")

#: How posts end in any domain; a word of a domain has no place here.
_POSTS: Final = "[\u4e00-\u9fff]?主任|[\u4e00-\u9fff][长师生员]"
#: A post and, before what a sentence goes on with, what may be a name; and the other way round.
_POST_NAME: Final = re.compile(
    rf"({_POSTS})([\u4e00-\u9fff]{{2,3}}?)(?=$|[^\u4e00-\u9fff]|[在说值上带讲没未正等和与不迟])"
)
#: What words beside posts begin with that is a surname too.
_NO_NAMES: Final = re.compile("[任安包带全管]|高[^某]|成绩|应[当该]|常驻|单亲")
_NAME_POST: Final = re.compile(
    rf"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[由和与是]))([\u4e00-\u9fff]{{2,3}})(?:{_POSTS})"
)


def has_number(text: str) -> bool:
    """Whether a text holds a mobile phone or an identity number, also in groups of digits or
    run together.
    """
    if len(text) < 11 or not _DIGITS.search(text):
        return False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", without_marks(text))
    if _PHONE.search(text) or _GLUED.search(text):
        return True
    return any(_is_identity(match) for match in _IDENTITY.finditer(text))


def _is_identity(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    digits = "".join(char for char in match[0].upper() if char in "0123456789X")
    total = sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def numbers_masked(text: str) -> str:
    """A text with every mobile phone and identity number blacked out, as long as before."""
    if len(text) < 11 or not _DIGITS.search(text):
        return text
    plain = "".join(
        folded if len(folded := unicodedata.normalize("NFKC", letter)) == 1 else letter
        for letter in text
    )
    for pattern in (_GLUED, _PHONE, _IDENTITY):
        for match in pattern.finditer(plain):
            if pattern is not _IDENTITY or _is_identity(match):
                start, end = match.span()
                text = text[:start] + MASK[0] * (end - start) + text[end:]
    return text


def is_like_name(text: str) -> bool:
    """Whether a text is a surname with one to three Chinese characters after it, as names are, or
    made of the words of Mongolian names.
    """
    name = _NAME.fullmatch(text) or _MONGOLIAN_NAME.fullmatch(text)
    return name is not None and _WORDS.match(text) is None


def names_somebody(text: str) -> bool:
    """Whether words that people put for a heading, a label or a sheet's name hold a person's own:
    a number, or a part between blanks, marks and 的 that is like a name.
    """
    return has_number(text) or any(map(is_like_name, parts(text)))


def spoken_of(text: str) -> list[str]:
    """Words of a text in which somebody seems to be named beside a post: 班主任王某, 王某老师.

    A guess, to be told and not to be acted upon: names have no mark of their own in Chinese.
    """
    found = [(m, m[2]) for m in _POST_NAME.finditer(text)]
    found += [(m, m[1]) for m in _NAME_POST.finditer(text)]
    named = [m for m, name in found if is_like_name(name) and not _NO_NAMES.match(name)]
    return list(dict.fromkeys(m[0] for m in sorted(named, key=lambda m: m.start())))


def quoted_unshown(message: str) -> str:
    """A message with what it quotes told by its shape where that may be a person's own.

    A reader quotes what it stumbled over before anyone knows what it was to be.
    """
    return _QUOTED.sub(lambda m: f"“{shape(m[1])}”" if names_somebody(m[1]) else m[0], message)


def holds_name(text: str) -> bool:
    """Whether one of several texts in a cell of ids is like a name: ``X003 张某``."""
    return any(map(is_like_name, _SEVERAL.split(text)))


def parts(text: str) -> list[str]:
    """The Chinese words of a text, between blanks, marks, digits and 的."""
    return [part for part in _NO_HAN.split(text) if part]


def is_of_the_words(text: str, words: Field) -> bool:
    """Whether a text begins as a title or a label below ``words`` has it, so that it is no name."""
    if len(text) < 2:
        return False
    pending = [words]
    while pending:
        field = pending.pop()
        if any(text[:2] in told for told in (field.title, *field.labels.values())):
            return True
        pending += field.fields.values()
        pending += [field.item] if field.item is not None else []
    return False


def sheet_name(name: str, number: int) -> str:
    """What a sheet is called where its name may be somebody's own: by its number among the tabs."""
    return f"第 {number} 张工作表" if names_somebody(name) else name


def shape(text: str) -> str:
    """What a text looks like, without the text: ``11 位数字``, ``3 个汉字``, ``12 个字符``."""
    bare = "".join(text.split())
    if bare.isdecimal():
        return f"{len(bare)} 位数字"
    if bare and all(_HAN.match(char) for char in bare):
        return f"{len(bare)} 个汉字"
    return f"{len(bare)} 个字符"


@overload
def unshown(text: str) -> str: ...
@overload
def unshown(text: None) -> None: ...
def unshown(text: str | None) -> str | None:
    """A text that is shown wherever it stands, by its shape where it holds a person's number."""
    return shape(text) if text is not None and has_number(text) else text


def code_or_none(text: str | None) -> str | None:
    """What stands where a code does that tells one from another; None where a person's number or
    name was written there, which is no code: two that are told by their shape would be one.
    """
    return None if text is None or has_number(text) or holds_name(text.strip()) else text


def is_of_the_field(field: Field, text: str) -> bool:
    """Whether a text that a field cannot take is plainly meant for it, and so nobody's own.

    That is a number, date or time in an odd spelling, or a word near one that may be written.
    """
    if has_number(text):
        return False
    member = field.item if field.kind == "list" and field.item is not None else field
    if member.kind == "text":
        return not is_like_name(text.strip())
    if _RESIDUE.fullmatch(text):
        return True
    if _NUMERIC.fullmatch(text):
        return sum(char.isdigit() for char in text) <= 8
    words = [*member.labels.values(), *member.labels, *member.aliases, *member.words]
    if member.kind == "boolean":
        words += ["是", "否"]
    close = get_close_matches(fold(text), [fold(word) for word in words], 1, 0.6)
    # What is longer than the word by a name's length may be the word with a name behind it.
    return bool(close) and len(fold(text)) < len(close[0]) + 2


def may_be_own(field: Field, text: str, among: bool) -> bool:
    """Whether a text in a column that is shown may be somebody's own.

    A number of a person always, and what names somebody where only a number, a date or a word of
    several may stand; ``among`` rows with a private column what the column cannot take and is no
    odd spelling of it, and a name in a column of ids.
    """
    if has_number(text):
        return True
    if not text or (not among and (field.kind in _FREE or not names_somebody(text))):
        return False
    if field.kind == "text":
        return holds_name(text)
    return not _readable(field, text) and not is_of_the_field(field, text)


def _readable(field: Field, text: str) -> bool:
    if field.kind in ("record", "rows"):  # 无, or what is no record at all
        return text.strip() in ABSENT_WORDS
    try:
        if field.kind == "list":
            for member in members(field, text):
                read_range(field.item or field, member) if field.ranged else read(
                    field.item or field, member
                )
        else:
            read(field, text.strip())
    except BadScalar:
        return text.strip() in ABSENT_WORDS
    return True
