"""Catalogues name no domain: what things are called comes from the pack, or is neutral."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from kehou import data
from kehou.model.nouns import neutral_nouns, neutral_stages
from kehou.render.words import catalogue

#: Words of after-school services that no text of kehou's own may hold.
ZH = re.compile(
    "学校|课后|方案|年级|家长|学年|学期|学段|旗县|乡镇|苏木|教师|学生|教育|课时|不定期|你校|各校|校名"
)
EN = re.compile(
    r"\b(schools?|plans?|grades|pupils?|after-school|parents?|teachers?|county)\b", re.I
)
FILES = ("zh_CN.json", "en.json", "official.json")


def texts() -> Iterator[tuple[str, str, str]]:
    """(file, key, text) of every catalogue, its ``%nouns%`` left out."""
    for file in FILES:
        found = json.loads(data.reports().joinpath(file).read_text("utf-8"))
        for key, text in found.items():
            yield file, key, re.sub(r"%[A-Za-z_]+%", "", text)


def test_no_text_holds_a_noun_of_a_domain() -> None:
    assert [one for one in texts() if ZH.search(one[2]) or EN.search(one[2])] == []


def test_no_template_holds_a_word_of_a_domain() -> None:
    for place in data.reports().iterdir():
        if place.name.endswith(".j2"):
            assert not ZH.search(place.read_text("utf-8")), place.name


def test_every_noun_of_a_text_is_declared() -> None:
    known = {*neutral_nouns("zh"), *neutral_stages("zh")}
    for file in FILES:
        text = data.reports().joinpath(file).read_text("utf-8")
        assert {noun.lower() for noun in re.findall(r"%([A-Za-z_]+)%", text)} <= known, file


def test_every_declared_noun_is_of_use() -> None:
    used = "".join(data.reports().joinpath(file).read_text("utf-8") for file in FILES).lower()
    # The authority is named by English texts alone; Chinese ones say 主管部门 of any domain.
    assert [noun for noun in neutral_nouns("zh") if f"%{noun}%" not in used] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nouns_are_put_in_once_and_begin_sentences_with_a_capital(language: str) -> None:
    words = catalogue.load(language, {"subject": "canteen", "inspection": "visit"})
    assert (
        words["whose_unknown"]
        == {"zh": "（未写canteen名称）", "en": "(canteen not named)"}[language]
    )
    assert words["page.whose"] == {"zh": "canteen", "en": "Canteen"}[language]
    assert words["stage.inspection"] == "visit"
    assert not any(
        "%" in re.sub(r"\{percent\} ?%", "", text) for text in words.values() if "%sub" in text
    )


def test_what_is_declared_nowhere_is_called_neutrally() -> None:
    words = catalogue.official()
    assert words["notice.title"] == "关于{subject}|报送事项问题的|限期整改通知书"
    assert words["circular.addressee"] == "各报送单位："
    assert not [key for key, text in words.items() if ZH.search(text)]


def test_official_texts_have_no_keys_of_the_catalogues() -> None:
    official = json.loads(data.reports().joinpath("official.json").read_text("utf-8"))
    assert not set(official) & set(catalogue.load("zh"))
    assert set(catalogue.load("zh")) | set(official) == set(catalogue.official())
