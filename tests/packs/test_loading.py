"""What a schema and a pack declare is checked when the pack is loaded, and every fault is told
with its file, its line and the way out."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.support import generators, synthetic
from tests.support.command_line import here
from tests.support.declared_pack import COLUMNS, MORE, SCHEMA, changed, write_declared_pack
from tests.support.small_pack import plant, write_pack

from kehou import data, packs
from kehou.fields.fields import read_schema
from kehou.fields.shapes import shape_faults
from kehou.language.patterns import pattern_fault
from kehou.model.nouns import LANGUAGES, neutral_nouns, neutral_stages
from kehou.tables import column_faults


def line_of(text: str, words: str) -> int:
    """The line of the first place of some words, from 1."""
    return text[: text.index(words)].count("\n") + 1


def test_what_is_declared_is_read(tmp_path: Path) -> None:
    folder = write_declared_pack(tmp_path)
    assert packs.draft(str(folder))[1] == []
    pack = packs.load(str(folder))
    declared = pack.schema.declared
    assert (declared.whose.id, declared.whose.name) == ("room.code", "room.name")
    assert list(declared.whose.strata) == ["floor", "kinds"]
    assert declared.dates.as_of == "room.opened_on"
    assert {str(k): v for k, v in declared.dates.check.items()} == {
        "approval": "room.sent_on",
        "inspection": "visit.day",
    }
    assert [(dict(p.keys), p.start) for p in pack.periods] == [
        ({"volume": "第一卷"}, "2021-10-01"),
        ({"volume": "第二卷"}, "2022-03-01"),
    ]
    # the pack's noun over the schema's, a stage that it leaves out neutral
    assert pack.nouns["zh"]["authority"] == "区文化馆"
    assert pack.nouns["en"]["subject"] == "reading room"
    assert pack.stages["zh"]["inspection"] == "查访"
    assert pack.stages["en"]["assessment"] == neutral_stages("en")["assessment"]


def test_a_pack_that_declares_nothing_has_neutral_words(tmp_path: Path) -> None:
    pack = packs.load(str(write_pack(tmp_path)))
    for language in LANGUAGES:
        assert pack.nouns[language] == neutral_nouns(language)
        assert pack.stages[language] == neutral_stages(language)
    assert pack.schema.declared.whose.name is None
    assert pack.periods == ()


def test_headings_are_part_of_a_packs_hash(tmp_path: Path) -> None:
    one = packs.load(str(write_declared_pack(tmp_path / "one")))
    other = changed(COLUMNS, "/ignored", ["借书人"])
    two = packs.load(str(write_declared_pack(tmp_path / "two", columns=other)))
    assert one.sha256 != two.sha256


#: what is wrong: (pointer in the schema, its value, words of the message, words of the way out)
IN_THE_SCHEMA: dict[str, tuple[str, Any, str, str]] = {
    "an unknown key of x-subject": ("/x-subject/nmae", "room.name", "不认识的键 nmae", "name"),
    "a path that is no field": (
        "/x-subject/name",
        "room.title",
        "没有字段 room.title",
        "room.name",
    ),
    "a path into rows": ("/x-subject/name", "books.code", "在列表的行里", "列表之外"),
    "a path to a record": ("/x-subject/id", "room", "是一组字段", "room.name"),
    "a path that is no text": ("/x-subject/id", 3, "应当是字段的路径", "例如"),
    "a stratum that is no field": (
        "/x-subject/strata/floor",
        "room.storey",
        "没有字段 room.storey",
        "room.floor",
    ),
    "a date that is none": ("/x-dates/as_of", "room.seats", "应当是日期", ""),
    "a stage that is none": (
        "/x-dates/check/filing",
        "room.sent_on",
        "不认识的键 filing",
        "approval",
    ),
    "an unknown key of x-dates": ("/x-dates/from", "room.sent_on", "不认识的键 from", "as_of"),
    "a missing language": ("/x-nouns/en", ..., "缺少 en（英文）的名词", "中英文各写一套"),
    "a noun in one language": (
        "/x-nouns/en/service",
        ...,
        "缺少 en（英文）的 service",
        "另一种语言",
    ),
    "a noun that is none": ("/x-nouns/zh/teacher", "老师", "不认识的键 teacher", "subject"),
    "a noun with a slot": ("/x-nouns/zh/subject", "{name}室", "不能有", "另有意思"),
    "a noun that is blank": ("/x-nouns/zh/subject", " ", "应当是一段文字", "名词"),
    "a role of x-conflicts left out": (
        "/properties/clashes/x-conflicts/places",
        ...,
        "缺少 places",
        "",
    ),
    "a role of x-conflicts that is no field": (
        "/properties/clashes/x-conflicts/places",
        "spot",
        "没有字段 spot",
        "where",
    ),
    "a giver that is no value": (
        "/properties/visit/properties/given_by/x-giver/subject",
        "school",
        "school 不是“来历”的取值",
        "room、office",
    ),
}


@pytest.mark.parametrize("case", IN_THE_SCHEMA)
def test_a_fault_of_a_schema_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    pointer, value, message, hint = IN_THE_SCHEMA[case]
    schema = changed(SCHEMA, pointer, value)
    folder = write_declared_pack(tmp_path, schema=schema)
    text = (folder / "reading.schema.json").read_text("utf-8")
    told = packs.draft(str(folder))[1]
    found = [(place, said, way) for place, said, way in told if message in said]
    assert len(found) == 1, told
    place, _, way = found[0]
    assert hint in way
    file, _, line = place.partition(":")
    assert file == "reading.schema.json"
    top = pointer.split("/")[1]
    word = top if top != "properties" else pointer.split("/")[2]
    first = line_of(text, f'"{word}"')
    assert first <= int(line) <= len(text.splitlines())
    if value is not ... and "x-giver" not in pointer:
        assert f'"{pointer.rpartition("/")[2]}"' in text.splitlines()[int(line) - 1]


#: what is wrong: (lines of pack.yaml, the line told, words of the message, of the way out)
IN_THE_PACK: dict[str, tuple[str, str, str, str]] = {
    "a key of a period that the schema does not name": (
        "periods:\n  - {book: 第一卷, from: '2021-10-01'}\n",
        "- {book",
        "不认识的键 book",
        "volume",
    ),
    "a period without its key": (
        "periods:\n  - {from: '2021-10-01'}\n",
        "- {from",
        "缺少 volume",
        "",
    ),
    "a day that is none": (
        "periods:\n  - {volume: 第一卷, from: 10月1日}\n",
        "- {volume",
        "日期写作 10月1日",
        "2021-09-01",
    ),
    "a stage that is none": (
        "stages:\n  filing: {title: 送交, en: sending in}\n",
        "filing:",
        "不认识的键 filing",
        "approval",
    ),
    "a stage without English": (
        "stages:\n  approval: {title: 送交}\n",
        "approval:",
        "环节 approval 缺少 en（英文名称）",
        "中英文",
    ),
    "a stage that is a word": (
        "stages:\n  approval: 送交\n",
        "approval:",
        "“键: 值”的映射",
        "title、en",
    ),
    "nouns in one language": (
        "nouns:\n  zh: {subject: 书房}\n",
        "nouns:",
        "缺少 en（英文）的名词",
        "中英文各写一套",
    ),
    "a noun that is none": (
        "nouns:\n  zh: {reader: 读者}\n  en: {reader: reader}\n",
        "zh: {reader",
        "不认识的键 reader",
        "subject",
    ),
}


@pytest.mark.parametrize("case", IN_THE_PACK)
def test_a_fault_of_a_pack_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    more, words, message, hint = IN_THE_PACK[case]
    folder = write_declared_pack(tmp_path, more=more)
    text = (folder / "pack.yaml").read_text("utf-8")
    told = packs.draft(str(folder))[1]
    found = [(place, way) for place, said, way in told if message in said]
    assert found, told
    place, way = found[0]
    # words may stand above as well (areas, parameters): what is declared is at the end
    assert place == f"pack.yaml:{line_of(text, more) + more[: more.index(words)].count(chr(10))}"
    assert hint in way


def test_periods_need_fields_that_name_them(tmp_path: Path) -> None:
    schema = changed(SCHEMA, "/x-dates/period", ...)
    told = packs.draft(str(write_declared_pack(tmp_path, schema=schema, more=MORE)))[1]
    assert any("没有说明时期在哪些字段" in said and "x-dates" in way for _, said, way in told)


#: what is wrong: (pointer in the headings, its value, words of the message, of the way out)
IN_THE_COLUMNS: dict[str, tuple[str, Any, str, str]] = {
    "a part that has no rows": ("/parts/room", {}, "没有表格 room", "books"),
    "a part that is none": ("/parts/shelves", {}, "没有表格 shelves", "books"),
    "a column that is no field": (
        "/parts/books/columns/author",
        ["作者"],
        "不认识的键 author",
        "code",
    ),
    "a sum of no field": ("/parts/books/sums", ["cost"], "没有字段 cost", "price"),
    "a field derived from none": ("/parts/books/derived/from", "isbn", "没有字段 isbn", "code"),
    "a pattern without a group": (
        "/parts/books/derived/pattern",
        "[a-z]+",
        "正则没有括号",
        "括号",
    ),
    "a pattern that may take for ever": (
        "/parts/books/derived/pattern",
        "(a*)(b*)c",
        "不限次数的重复",
        "",
    ),
    "a kind of total that is none": ("/totals/sum", ["共"], "不认识的键 sum", "running"),
    "words that are no list": ("/ignored", "借阅人", "应当是列名的列表", ""),
    "a split without sides": (
        "/parts/books/split",
        {"amount": "price", "side": "kind", "positive": "in", "negative": "comic"},
        "in 不是方向的取值",
        "novel",
    ),
}


@pytest.mark.parametrize("case", IN_THE_COLUMNS)
def test_a_fault_of_the_headings_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    pointer, value, message, hint = IN_THE_COLUMNS[case]
    folder = write_declared_pack(tmp_path, columns=changed(COLUMNS, pointer, value))
    told = packs.draft(str(folder))[1]
    found = [(place, way) for place, said, way in told if message in said]
    assert len(found) == 1, told
    assert found[0][0].startswith("reading.columns.json:")
    assert hint in found[0][1]


@pytest.mark.parametrize("name", ["reading.schema.json", "reading.columns.json"])
def test_a_file_that_is_no_json_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    folder = write_declared_pack(tmp_path)
    (folder / name).write_text('{\n "a": [1,\n', "utf-8")
    told = packs.draft(str(folder))[1]
    assert told and all(place.startswith(f"{name}:") for place, _, _ in told), told


def test_what_comes_with_kehou_has_no_fault() -> None:
    schema = read_schema(data.schemas(), "submission")
    assert schema.faults() == []
    assert list(column_faults(schema, pattern_fault)) == []
    assert schema.columns["parts"], "the headings are found beside the schema"


def test_every_noun_and_stage_has_a_neutral_word_in_each_language() -> None:
    file = data.schemas().joinpath("declarations.schema.json")
    tree = json.loads(file.read_text("utf-8"))["$defs"]
    for table in ("words", "stages"):
        for name, row in tree[table]["properties"].items():
            assert set(row["x-neutral"]) == set(LANGUAGES), name
    assert set(neutral_stages("zh")) == {"approval", "inspection", "assessment"}


def test_a_parameter_that_texts_are_matched_against_must_be_linear(tmp_path: Path) -> None:
    """A county may set it, so that no pattern comes in by the side of the rule that names it."""
    whole = r"\d{4}"
    rule = {
        "id": "area-code",
        "title": "编号",
        "clauses": ["A.1"],
        "severity": "major",
        "stages": ["approval"],
        "each": "item",
        "require": {"field": "code", "matches": {"param": "shape"}},
        "message": "编号不合格式",
        "remedy": "请改正编号",
    }
    for value, expected in ((whole, 0), ("(a+)+b", 1), ("a?" * 60 + "a" * 60, 1)):
        values = [{"from": "2021-01-01", "value": value, "ground": "A.1"}]
        shape = {"title": "格式", "type": "text", "tighter": "fixed", "values": values}
        parameters = generators.parameters(random.Random(0)) | {"shape": shape}
        synthetic.write_pack(tmp_path, parameters, [rule])
        told = [(place, said) for place, said, _ in packs.draft(str(tmp_path))[1] if "正则" in said]
        assert len(told) == expected, packs.draft(str(tmp_path))[1]
        assert all(p.startswith("pack.yaml:") and "参数 shape" in said for p, said in told)


# --- files of a pack that are of another shape ------------------------------------------------

#: A file of the small pack, what stands in it, what somebody writes there, and what is told.
MISSHAPEN = [
    ("pack.yaml", "areas: {room: 开放, book: 图书}", "areas: 开放", "映射"),
    (
        "pack.yaml",
        "policy: {title: 阅览室办法, effective_from: '2021-09-01'}",
        "policy: 办法",
        "映射",
    ),
    ("pack.yaml", "\nparameters:\n", "\ndata: {shelf: 书架}\nparameters:\n", "映射"),
    ("pack.yaml", "\nparameters:\n", "\ndiffer: 没有\nparameters:\n", "映射"),
    (
        "pack.yaml",
        "    values:\n      - {from: '2021-09-01', value: '100', ground: A.2}",
        "    values: '100'",
        "列表",
    ),
    ("facts.yaml", "entities:\n  book:", "entities: 图书\nother:\n  book:", "映射"),
    ("facts.yaml", "fields:\n  submission.dearest:", "fields: 最贵\nother:\n  x:", "映射"),
    ("clauses.yaml", "clauses:\n  - id: A.1", "clauses: 各条\nother:\n  - id: A.1", "列表"),
    ("decisions.yaml", "    because: 开放太晚", "    why: 开放太晚", "不认识的键 why"),
    (
        "decisions.yaml",
        "    when:\n      - {as: f, finding: {rule:",
        "    when: 总是\n    other:\n      - {as: f, finding: {rule:",
        "列表",
    ),
    ("i18n/en.yaml", "  because: It opens too late", "  because: {it: opens}", "一段文字"),
    (
        "room/room-opens-early.yaml",
        "message: 阅览室{room.opens}开放",
        "message: 阅览室{roo*m.opens}开放",
        "不是字段或参数",
    ),
    ("i18n/en.yaml", "return-late:\n  because: It opens too late", "return-late: late", "映射"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), MISSHAPEN)
def test_a_file_of_another_shape_is_told_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    folder = write_pack(tmp_path)
    line = plant(folder, name, old, new)
    told = packs.draft(str(folder))[1]
    found = [
        place for place, message, _ in told if place.startswith(f"{name}:") and said in message
    ]
    assert any(abs(int(place.rpartition(":")[2]) - line) <= 2 for place in found), told


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("", ["room"], "一组“名称: 内容”"),
        ("/properties/room", "阅览室", "一个字段的结构"),
        ("/properties/room/properties", ["name"], "映射"),
        ("/properties/room/properties/name/type", "words", "什么类型"),
        ("/properties/room/properties/name", {"title": "名称"}, "什么类型"),
        ("/properties/room/properties/name", {"$ref": "#/$defs/gone"}, "$defs 里没有"),
        ("/properties/room/properties/name/title", 7, "文字"),
        ("/properties/books/items", ["code"], "每项的结构"),
        ("/properties/books/items/properties/kind/x-labels", ["小说"], "映射"),
        ("/properties/books/items/properties/price/minimum", "0", "整数"),
        ("/properties/books/items/properties/code/x-names", "代码", "文字的列表"),
        ("/properties/books/items/properties/code/x-private", "yes", "true 或 false"),
    ],
)
def test_a_schema_of_another_shape_is_told_and_nothing_is_made_of_it(
    tmp_path: Path, pointer: str, value: Any, said: str
) -> None:
    folder = write_pack(tmp_path)
    tree = json.loads((folder / "reading.schema.json").read_text("utf-8"))
    tree = changed(tree, pointer, value) if pointer else value
    (folder / "reading.schema.json").write_text(json.dumps(tree), "utf-8")
    told = packs.draft(str(folder))[1]
    assert told and all(place.startswith("reading.schema.json:") for place, *_ in told), told
    assert any(said in message + hint for _, message, hint in told), told


def test_the_schemas_that_come_with_kehou_have_the_shape_of_one() -> None:
    folder = data.schemas()
    assert (
        shape_faults(json.loads(folder.joinpath("submission.schema.json").read_text("utf-8"))) == []
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.yaml", "schema: reading", "schema: {name}"),
        ("pack.yaml", "base: base.yaml", "base: {name}"),
        (
            "room/room-opens-early.yaml",
            "require: {field: room.opens, at_most: {param: latest_opening}}",
            "require: {not: {field: room.rules, mentions: {lexicon: {name}}}}",
        ),
    ],
)
def test_a_name_longer_than_any_file_s_is_told_as_a_file_that_is_not_there(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    folder, name = write_pack(tmp_path), "x" * 2000
    line = plant(folder, file, old, new.replace("{name}", name))
    code, out, told = here("lint", "--pack", str(folder))
    assert code == 2
    assert f"{file}:{line}：没有" in out + told


def test_an_overlay_of_a_name_longer_than_any_file_s_is_told(tmp_path: Path) -> None:
    tree = f"id: over\ntitle: t\nversion: 1.0.0\noverlay: {'x' * 2000}\n"
    (tmp_path / "pack.yaml").write_text(tree, "utf-8")
    code, out, told = here("lint", "--pack", str(tmp_path))
    assert code == 2
    assert "pack.yaml:4：找不到下层规则包" in out + told
