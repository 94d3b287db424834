"""Quality gates on a pack's lexicons: their cases, near misses that mask nothing, and their use."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.authoring.pattern_gates import doubled
from kehou.fields import validation as jsonschemas
from kehou.language.condition_parts import tests
from kehou.language.lexicons import Lexicon, folded
from kehou.language.yaml_places import Faults, Place
from kehou.model.rules import Const
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.lexicons import LEXICONS, LexiconFile, names_in
from kehou.packs.positions import Sites
from kehou.readers import Document, read
from kehou.readers.door import MOST_OF_PACK, contents


def lexicons(pack: Pack, sites: Sites) -> Iterator[Found]:
    """What is wrong with the lexicons that a pack uses, and with how its rules use them."""
    for one in pack.lexicons.values():
        document, faults = _opened(one)
        for pointer, message, hint in jsonschemas.validate(document.tree, "lexicon"):
            place = Place(document, faults)
            for step in pointer.split("/")[1:]:
                place = place / step
            place.fault(message, hint)
        _masks(one, Place(document, faults))
        for at, word, earlier in doubled(one.words):
            place = Place(document, faults) / "words" / at
            place.fault(f"“{word}”与前面的“{earlier}”是一样的", "请删去一处")
        yield from faults.placed()
        yield from failed_cases(one)
        yield from _added(one, sites)
    yield from _required(pack, sites)
    yield from _unused(pack, sites)


def failed_cases(one: LexiconFile) -> list[Found]:
    """The cases of a lexicon that do not come out, with what was found in their texts.

    They are held against the file's own words: what a pack adds is no part of them.
    """
    lexicon = Lexicon((one.name,), one.title, one.words, one.near_misses)
    document, faults = _opened(one)
    at = Place(document, faults) / "cases"
    for i, text in enumerate(one.matching):
        if not lexicon.hits(text):
            (at / "match" / i).fault(f"“{text}”里没有查到用词", "请补用词，或改正这一例")
    for i, text in enumerate(one.missing):
        hits = lexicon.hits(text)
        if hits:
            found = "".join(f"“{word}”" for word in hits)
            (at / "miss" / i).fault(f"“{text}”里查到{found}", "请补近似而不算的，或改正这一例")
    return faults.placed()


def _opened(one: LexiconFile) -> tuple[Document, Faults]:
    name = f"{LEXICONS}/{one.name}.yaml"
    assert one.path is not None
    return read(name, contents(one.path, MOST_OF_PACK, name)), Faults()


def _masks(one: LexiconFile, at: Place) -> None:
    """Note near misses that hold no word, and those that are words."""
    bare = Lexicon((one.name,), one.title, one.words)
    words = {folded(word) for word in one.words}
    for i, near in enumerate(one.near_misses):
        place = at / "near_misses" / i
        if folded(near) in words:
            place.fault(f"“{near}”又是用词，又是近似而不算的", "请删去一处")
        elif not bare.hits(near):
            place.fault(f"“{near}”里没有用词，写了等于没写", "请删去，或写出含有用词的说法")


def _added(one: LexiconFile, sites: Sites) -> Iterator[Found]:
    """Words that a pack adds although the lexicon has them."""
    words = {folded(word) for word in one.words}
    for word, _ in one.added:
        if folded(word) in words:
            place = sites.at("pack.yaml", "lexicons", one.name)
            yield place, f"词库 {one.name} 已有“{word}”", "请删去"


def _required(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Words are a choice of ours: they may make a review, never a fail."""
    for rule in pack.rules.values():
        for test in tests(rule.require):
            for arg in test.args:
                if isinstance(arg, Const) and isinstance(arg.value, Lexicon):
                    place = sites.at(rule.file, "require")
                    message = f"{arg.value}不能写在 require 中"
                    yield place, message, "用词只能提请人工核对，请移到 review"


def _unused(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Files in a pack's own folder of lexicons that no rule names."""
    folder = pack.root.joinpath(LEXICONS)
    for file in names_in(folder) if folder.is_dir() else ():
        name = file.removesuffix(".yaml")
        if file.endswith(".yaml") and name not in pack.lexicons:
            yield f"{LEXICONS}/{file}:1", f"词库 {name} 没有用处", "请写用到它的规则，或删去"


__all__ = ["failed_cases", "lexicons"]
