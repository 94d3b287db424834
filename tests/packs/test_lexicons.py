"""Where lexicons are found, what packs and layers add to them, and that they are part of a pack."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_pack import plant, write_pack

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.errors import PackError
from kehou.language import condition_parts
from kehou.language.lexicons import Lexicon
from kehou.model.outcomes import Outcome
from kehou.model.rules import Const

RULE, REVIEW = "book/book-price-kept.yaml", "  - when: {field: year, less_than: {param: old_year}}"
NAMED = "  - when: {field: note, mentions: {lexicon: dirty}}"
DIRTY = """\
id: dirty
title: 污损
words: [污, 缺页]
near_misses: [去污]
cases:
  match: [封面污, 缺 页]
  miss: [已去污, 完好]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The small pack with a rule that names a lexicon which nobody has yet."""
    folder = write_pack(tmp_path / "reading")
    plant(folder, RULE, REVIEW, NAMED)
    return folder


def shelve(folder: Path, text: str = DIRTY, name: str = "dirty") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def used(pack: packs.Pack) -> Lexicon:
    """The lexicon of the rule's review."""
    review = pack.rules["book-price-kept"].review[0]
    found = [
        arg.value
        for test in condition_parts.tests(review.when)
        for arg in test.args
        if type(arg) is Const
    ]
    assert isinstance(found[0], Lexicon)
    return found[0]


def faults(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        packs.load(str(folder))
    return str(caught.value)


def test_a_pack_has_lexicons_of_its_own(pack: Path) -> None:
    shelve(pack / "lexicons")
    loaded = packs.load(str(pack))
    assert used(loaded).words == ("污", "缺页")
    assert used(loaded).masks == ("去污",)
    assert loaded.lexicons["dirty"].title == "污损"


def test_it_shares_those_beside_it_and_its_own_come_first(pack: Path) -> None:
    shelve(pack.parent / "common" / "lexicons")
    assert used(packs.load(str(pack))).words == ("污", "缺页")
    shelve(pack / "lexicons", DIRTY.replace("[污, 缺页]", "[污渍]"))
    assert used(packs.load(str(pack))).words == ("污渍",)


def test_it_may_use_those_that_come_with_the_program(pack: Path) -> None:
    plant(pack, RULE, "lexicon: dirty", "lexicon: exam-revision")
    assert "真题" in used(packs.load(str(pack))).words


def test_one_that_is_nowhere_is_told_with_its_line_and_the_nearest(pack: Path) -> None:
    shelve(pack / "lexicons", name="dirt")
    told = faults(pack)
    assert "没有词库 dirty" in told
    assert "book/book-price-kept.yaml:" in told
    assert "dirt？" in told


def test_a_name_that_leaves_the_folder_is_no_lexicon(pack: Path) -> None:
    shelve(pack / "lexicons")
    plant(pack, RULE, "lexicon: dirty", "lexicon: ../lexicons/dirty")
    assert "没有词库 ../lexicons/dirty" in faults(pack)


def test_several_are_joined_and_the_words_of_others_mask(pack: Path) -> None:
    shelve(pack / "lexicons")
    shelve(
        pack / "lexicons",
        "id: torn\ntitle: 破\nwords: [破]\ncases: {match: [破], miss: [好]}",
        "torn",
    )
    shelve(
        pack / "lexicons",
        "id: fine\ntitle: 好\nwords: [破晓]\ncases: {match: [破晓], miss: [好]}",
        "fine",
    )
    plant(pack, RULE, "{lexicon: dirty}", "{lexicon: [dirty, torn], except: fine}")
    found = used(packs.load(str(pack)))
    assert found.names == ("dirty", "torn")
    assert found.hits("破晓与破角") == ("破",)
    assert found.hits("破晓、去污") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DIRTY.replace("id: dirty", "id: other"), "与文件名 dirty 不同"),
        (DIRTY.replace("title: 污损\n", ""), "缺少 title"),
        (DIRTY.replace("words: [污, 缺页]", "words: 污"), "这里应当是用词的列表"),
        (DIRTY.replace("[污, 缺页]", "[污, '  ']"), "用词不能是空的"),
        (DIRTY + "more: 1\n", "不认识的键 more"),
        (DIRTY.replace("miss:", "misses:"), "不认识的键 misses"),
    ],
)
def test_what_is_wrong_in_its_file_is_told_there(pack: Path, text: str, told: str) -> None:
    shelve(pack / "lexicons", text)
    found = faults(pack)
    assert told in found
    assert "lexicons/dirty.yaml:" in found


def test_a_lexicon_is_for_texts_and_for_mentions_alone(pack: Path) -> None:
    shelve(pack / "lexicons")
    plant(pack, RULE, NAMED, "  - when: {field: kind, mentions: {lexicon: dirty}}")
    assert "选项不能用词库" in faults(pack)
    plant(pack, RULE, "{field: kind, mentions:", "{field: note, in:")
    assert "词库只能用在 mentions 里" in faults(pack)


def test_a_derived_field_takes_no_lexicon(pack: Path) -> None:
    shelve(pack / "lexicons")
    plant(
        pack, "facts.yaml", "fields:\n", "fields:\n  book.odd: {first: [note, {lexicon: dirty}]}\n"
    )
    assert "词库只能用在条件的 mentions 里" in faults(pack)


def test_a_condition_of_the_facts_may_name_one(pack: Path) -> None:
    shelve(pack / "lexicons")
    body = (
        "  submission.dirty: {has: {over: book, that: {field: note, mentions: {lexicon: dirty}}}}\n"
    )
    plant(pack, "facts.yaml", "fields:\n", "fields:\n" + body)
    that = packs.load(str(pack)).derivations[("submission", "dirty")].that
    assert [
        type(arg.value) for t in condition_parts.tests(that) for arg in t.args if type(arg) is Const
    ] == [Lexicon]


# --- words that are added --------------------------------------------------------------------

ADDED = "lexicons:\n  dirty: {words: [霉], ground: 本室规定}\n"


def test_a_pack_adds_words_with_their_ground(pack: Path) -> None:
    shelve(pack / "lexicons")
    plant(pack, "pack.yaml", "areas:", ADDED + "areas:")
    loaded = packs.load(str(pack))
    assert used(loaded).words == ("污", "缺页", "霉")
    assert loaded.lexicons["dirty"].added == (("霉", "本室规定"),)


def test_words_without_ground_or_for_a_lexicon_that_is_not_used_are_faults(pack: Path) -> None:
    shelve(pack / "lexicons")
    plant(pack, "pack.yaml", "areas:", ADDED.replace(", ground: 本室规定", "") + "areas:")
    assert "缺少 ground" in faults(pack)
    plant(pack, "pack.yaml", "  dirty: {words: [霉]}", "  dirt: {words: [霉], ground: 本室规定}")
    assert "没有规则用到词库 dirt" in faults(pack)


def layer(pack: Path, body: str) -> Path:
    folder = pack.parent / "layer"
    folder.mkdir()
    head = "id: layer\ntitle: 一层\nversion: '1'\noverlay: reading\n"
    (folder / "pack.yaml").write_text(head + body, "utf-8")
    return folder


def test_a_layer_adds_words_and_leaves_the_base_as_it_was(pack: Path) -> None:
    shelve(pack / "lexicons")
    over = packs.load(str(layer(pack, ADDED)))
    assert used(over).words == ("污", "缺页", "霉")
    assert used(over).hits("发霉去污") == ("霉",)
    assert used(packs.load(str(pack))).words == ("污", "缺页")
    assert len({one.sha256 for one in over.used}) == 2


def test_a_layer_adds_to_what_conditions_of_the_facts_look_for(pack: Path) -> None:
    shelve(pack / "lexicons")
    body = (
        "  submission.dirty: {has: {over: book, that: {field: note, mentions: {lexicon: dirty}}}}\n"
    )
    plant(pack, "facts.yaml", "fields:\n", "fields:\n" + body)
    that = packs.load(str(layer(pack, ADDED))).derivations[("submission", "dirty")].that
    (word,) = (
        arg.value for test in condition_parts.tests(that) for arg in test.args if type(arg) is Const
    )
    assert word.hits("发霉") == ("霉",)


def test_a_layer_adds_to_no_lexicon_that_the_base_does_not_use(pack: Path) -> None:
    shelve(pack / "lexicons")
    assert "下层规则包没有用到词库 dirt" in faults(layer(pack, ADDED.replace("dirty", "dirt")))


def test_a_layer_has_parameters_or_words(pack: Path) -> None:
    shelve(pack / "lexicons")
    assert "叠加里什么也没有" in faults(layer(pack, ""))


# --- part of the pack ------------------------------------------------------------------------


def test_its_bytes_are_in_the_hash_wherever_it_lies(pack: Path) -> None:
    beside = shelve(pack.parent / "common" / "lexicons")
    before = packs.load(str(pack)).sha256
    files = dict(packs.contents(str(pack))[0][1])
    assert files["lexicons/dirty.yaml"] == DIRTY.encode()
    shelve(pack / "lexicons")
    assert packs.load(str(pack)).sha256 == before
    (pack / "lexicons" / "dirty.yaml").unlink()
    beside.write_text(DIRTY.replace("缺页", "缺角").replace("缺 页", "缺 角"), "utf-8")
    assert packs.load(str(pack)).sha256 != before


def test_a_finding_tells_the_word_and_points_to_the_text(pack: Path, tmp_path: Path) -> None:
    shelve(pack / "lexicons")
    plant(
        pack,
        RULE,
        NAMED,
        "  - when:\n      all:\n        - {field: kind, is: novel}\n"
        "        - {field: note, mentions: {lexicon: dirty}}",
    )
    paper = tmp_path / "paper.yaml"
    paper.write_text(
        "room: {name: 一室, opens: 08:00}\n"
        "books:\n  - code: B1\n    kind: novel\n    price: '20'\n    year: 2001\n"
        "    note: 封面 污 损，已去污\n",
        "utf-8",
    )
    options = CheckOptions(packs=(str(pack),), as_of="2021-09-01")
    report = check(str(paper), options)
    (result,) = (one for one in report.results if one.rule == "book-price-kept")
    (finding,) = (f for f in result.findings if f.outcome is Outcome.REVIEW)
    assert finding.message.endswith("（见“污”）")
    assert finding.location is not None and finding.location.line == 7
    assert finding.required["note"] == {"mentions": ["污"]}
    english = check(str(paper), CheckOptions(packs=(str(pack),), as_of="2021-09-01", language="en"))
    (told,) = (
        f.message
        for one in english.results
        if one.rule == "book-price-kept"
        for f in one.findings
        if f.outcome is Outcome.REVIEW
    )
    assert told.endswith("(words: “污”)")
