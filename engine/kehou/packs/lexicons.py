"""Lexicons of a pack: from its own folder, from that beside it, or from those that are shipped.

A lexicon is a file ``<name>.yaml`` with words, near misses and its own cases; what a pack or a
layer over it adds stands under ``lexicons`` in its pack.yaml. Source: docs/language.md §1.14 and
§2.24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou import data
from kehou.language import suggest
from kehou.language.lexicons import Lexicon
from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import Place, mapping, text
from kehou.model.rules import All, Any_, Arg, Cond, Const, LexiconRef, Not, Rule
from kehou.packs.folders import names_in as names_in
from kehou.packs.pack_files import PackFiles
from kehou.readers.door import is_file

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KEYS = ("id", "title", "words", "near_misses", "cases")
_CASES = ("match", "miss")
_ADDED = ("words", "ground")
#: The folder of a pack that holds its own lexicons, and the one beside packs that they share.
LEXICONS, SHARED = "lexicons", "common"


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """A lexicon as its file states it; ``matching`` and ``missing`` are the texts of its cases.

    ``added`` are words of the pack and of layers over it, each with what it rests on.
    """

    name: str
    title: str
    words: tuple[str, ...]
    near_misses: tuple[str, ...] = ()
    matching: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    path: Path | Traversable | None = field(default=None, repr=False)

    @property
    def every_word(self) -> tuple[str, ...]:
        """Its own words and what was added to them."""
        return tuple(dict.fromkeys((*self.words, *(word for word, _ in self.added))))


class Lexicons:
    """The lexicons that a pack's rules name, each read once; what is wrong is noted in its file."""

    def __init__(
        self,
        files: PackFiles,
        added: Any,
        at: Place,
        below: Mapping[str, LexiconFile] | None = None,
    ) -> None:
        #: Those that were named, and those of a pack below, as a layer extends them.
        self.read: dict[str, LexiconFile] = dict(below or {})
        self._files = files
        self._added = _additions(added, at)
        self._made: dict[LexiconRef, Lexicon | None] = {}

    def find(self, named: LexiconRef, at: Place) -> Lexicon | None:
        """The lexicon that a rule names, or None after noting why there is none."""
        if named not in self._made:
            found = [self._one(name, at) for name in named.names]
            masks = [self._one(name, at) for name in named.but]
            known = [one for one in found if one is not None]
            others = [one for one in masks if one is not None]
            whole = len(known) == len(found) and len(others) == len(masks) and bool(known)
            self._made[named] = joined(known, others) if whole else None
        return self._made[named]

    def unread_additions(self, at: Place) -> None:
        """Note what pack.yaml adds to lexicons that no rule names."""
        for name in self._added:
            if name not in self.read:
                (at / name).fault(f"没有规则用到词库 {name}", suggest(name, list(self.read)))

    def _one(self, name: str, at: Place) -> LexiconFile | None:
        if name not in self.read:
            found = self._open(name, at)
            if found is None:
                return None
            self.read[name] = replace(found, added=self._added.get(name, ()))
        return self.read[name]

    def _open(self, name: str, at: Place) -> LexiconFile | None:
        relative = f"{LEXICONS}/{name}.yaml"
        folder = next(
            (f for f in folders(self._files.root) if is_file(f.joinpath(f"{name}.yaml"))), None
        )
        if folder is None or not _NAME.fullmatch(name):
            at.fault(f"没有词库 {name}", suggest(name, available(self._files.root)))
            return None
        path = folder.joinpath(f"{name}.yaml")
        opened = self._files.place(relative, path)
        return None if opened is None else replace(lexicon_file(*opened, name), path=path)


def folders(root: Path | Traversable) -> Iterator[Path | Traversable]:
    """Where lexicons may lie: a pack's own, those beside it, those that come with kehou."""
    yield root.joinpath(LEXICONS)
    if isinstance(root, Path):
        yield root.resolve().parent / SHARED / LEXICONS
    yield data.rules().joinpath(SHARED, LEXICONS)


def available(root: Path | Traversable) -> list[str]:
    """Names of the lexicons that a pack may use."""
    found: dict[str, None] = {}
    for folder in folders(root):
        if folder.is_dir():
            names = names_in(folder)
            found |= {n.removesuffix(".yaml"): None for n in names if n.endswith(".yaml")}
    return sorted(found)


def lexicon_file(tree: Any, at: Place, name: str) -> LexiconFile:
    """A lexicon from its file; what is wrong in it is noted."""
    d = mapping(tree, at, _KEYS, ("id", "title", "words", "cases"))
    if text(d.get("id"), at / "id") != name:
        (at / "id").fault(f"词库编号 {d.get('id')} 与文件名 {name} 不同")
    cases = mapping(d.get("cases") or {}, at / "cases", _CASES)
    return LexiconFile(
        name,
        text(d.get("title"), at / "title", name),
        _texts(d.get("words"), at / "words"),
        _texts(d.get("near_misses"), at / "near_misses"),
        _texts(cases.get("match"), at / "cases" / "match"),
        _texts(cases.get("miss"), at / "cases" / "miss"),
    )


def _texts(tree: Any, at: Place) -> tuple[str, ...]:
    """A list of texts, each with something in it."""
    if tree is None:
        return ()
    if not isinstance(tree, list):
        at.fault("这里应当是用词的列表")
        return ()
    found = tuple(text(item, at / i).strip() for i, item in enumerate(tree))
    for i, word in enumerate(found):
        if not word:
            (at / i).fault("用词不能是空的")
    return tuple(word for word in found if word)


def _additions(tree: Any, at: Place) -> dict[str, tuple[tuple[str, str], ...]]:
    """Words added to lexicons, by the lexicon's name, each with its ground."""
    found = {}
    for name, body in mapping(tree or {}, at, list(tree or {})).items():
        d = mapping(body, at / name, _ADDED, _ADDED)
        ground = text(d.get("ground"), at / name / "ground")
        words = _texts(d.get("words"), at / name / "words")
        found[str(name)] = tuple((word, ground) for word in words)
    return found


def joined(files: Sequence[LexiconFile], excepted: Sequence[LexiconFile] = ()) -> Lexicon:
    """Several lexicons as one, without what stands inside words of the excepted ones."""
    return Lexicon(
        tuple(one.name for one in files),
        "”“".join(one.title for one in files),
        tuple(dict.fromkeys(word for one in files for word in one.every_word)),
        tuple(
            dict.fromkeys(
                [word for one in files for word in one.near_misses]
                + [word for one in excepted for word in one.every_word]
            )
        ),
        tuple(one.name for one in excepted),
    )


# --- layers --------------------------------------------------------------------------------


def extended(tree: Any, at: Place, base: Mapping[str, LexiconFile]) -> dict[str, LexiconFile]:
    """Lexicons with what a layer adds to them; a lexicon that the base does not use is a fault."""
    result = dict(base)
    for name, added in _additions(tree, at).items():
        if name not in base:
            (at / name).fault(f"下层规则包没有用到词库 {name}", suggest(name, list(base)))
            continue
        result[name] = replace(base[name], added=(*base[name].added, *added))
    return result


class Relaid:
    """Rules and facts with lexicons that a layer added words to, in place of the base's."""

    def __init__(self, lexicons: Mapping[str, LexiconFile]) -> None:
        self._lexicons = lexicons
        self._made: dict[Lexicon, Lexicon] = {}

    def rules(self, rules: Mapping[str, Rule]) -> dict[str, Rule]:
        """The rules of a pack, by id."""
        return {
            rule_id: replace(
                rule,
                when=self._cond(rule.when),
                require=self._cond(rule.require),
                review=tuple(replace(r, when=self._whole(r.when)) for r in rule.review),
            )
            for rule_id, rule in rules.items()
        }

    def vocabulary(self, v: Vocabulary) -> Vocabulary:
        """The words of a pack's rules."""
        entities = {n: replace(d, where=self._cond(d.where)) for n, d in v.entities.items()}
        derivations = {
            key: replace(d, where=self._cond(d.where), that=self._cond(d.that))
            for key, d in v.derivations.items()
        }
        return Vocabulary(v.schema, entities, derivations, v.parameters, v.lexicon)

    def _cond(self, cond: Cond | None) -> Cond | None:
        return None if cond is None else self._whole(cond)

    def _whole(self, cond: Cond) -> Cond:
        if isinstance(cond, Not):
            return Not(self._whole(cond.item))
        if isinstance(cond, (All, Any_)):
            return type(cond)(tuple(self._whole(item) for item in cond.items))
        return replace(cond, args=tuple(map(self._arg, cond.args)))

    def _arg(self, arg: Arg) -> Arg:
        if not (isinstance(arg, Const) and isinstance(arg.value, Lexicon)):
            return arg
        old = arg.value
        if old not in self._made:
            named, but = old.names, old.but
            parts = [self._lexicons[name] for name in named]
            self._made[old] = joined(parts, [self._lexicons[name] for name in but])
        return Const(self._made[old])
