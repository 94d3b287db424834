"""An editor completes what kehou reads and underlines what it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kehou import data
from kehou.cli.main import main
from kehou.readers import Plain, read_path

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
#: Of the broken files, those whose defect is one of YAML or JSON itself, which a schema never
#: sees; and those with a defect that a schema cannot say.
NOT_OF_THE_SCHEMA = {
    "end-before-start.yaml": "the order of two values",
    "no-such-day.yaml": "the calendar",
}


@pytest.fixture(scope="module")
def schema_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    @cache
    def printed(*arguments: str) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            shown: list[str] = []
            patch.setattr("kehou.cli.outputs.emit", lambda text, plain=True: shown.append(text))
            assert main(["schema", *arguments, "--editor"]) == 0
        tree: dict[str, Any] = json.loads(shown[0])
        jsonschema.Draft7Validator.check_schema(tree)
        return tree

    return printed


def typed(tree: Any) -> Any:
    """A tree as an editor's YAML 1.2 reader types it: plain numbers and flags are no text."""
    if isinstance(tree, dict):
        return {str(key): typed(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [typed(value) for value in tree]
    if isinstance(tree, Plain):
        if re.fullmatch("true|True|TRUE|false|False|FALSE", tree):
            return tree.lower() == "true"
        if re.fullmatch(r"[-+]?[0-9]+", tree):
            return int(tree)
        if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", tree):
            return float(tree)
    return tree if tree is None else str(tree)


def faults(schema: dict[str, Any], path: Path) -> list[str]:
    tree = typed(read_path(path).tree)
    found = jsonschema.Draft7Validator(schema).iter_errors(tree)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:150]}" for e in found]


PLANS = [p for p in sorted(EXAMPLES.glob("*/plan.yaml")) if p.parent.name != "broken"]
PARTS = [
    p
    for p in sorted(EXAMPLES.glob("*/*.yaml"))
    if p.name != "plan.yaml" and p.parent.name not in ("broken", "bureau")
]


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.parent.name)
def test_an_example_has_nothing_underlined(
    path: Path, schema_of: Callable[..., dict[str, Any]]
) -> None:
    assert faults(schema_of("submission"), path) == []


@pytest.mark.parametrize("path", PARTS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_file_of_one_part_has_nothing_underlined(
    path: Path, schema_of: Callable[..., dict[str, Any]]
) -> None:
    assert faults(schema_of("submission", "--part", path.stem), path) == []


def broken() -> list[Path]:
    """Broken files that are well-formed YAML or JSON, so that the schema has its say."""
    found = []
    for path in sorted(EXAMPLES.glob("broken/*.*")):
        try:
            if path.is_file() and isinstance(read_path(path).tree, dict):
                found.append(path)
        except Exception:
            continue
    return found


def test_the_broken_files_that_a_schema_sees_are_many() -> None:
    assert len(broken()) >= 14


@pytest.mark.parametrize("path", broken(), ids=lambda p: p.name)
def test_a_broken_file_is_underlined(path: Path, schema_of: Callable[..., dict[str, Any]]) -> None:
    """Unless the defect is in ``NOT_OF_THE_SCHEMA``: a schema cannot say those."""
    assert bool(faults(schema_of("submission"), path)) is (path.name not in NOT_OF_THE_SCHEMA)


@pytest.mark.parametrize(
    ("written", "fine"),
    [
        ("小学", True),
        ("primary", True),
        ("小学段", True),
        ("小学 、初中", True),
        ("[小学, junior]", True),
        ("无", False),
        ("中学", False),
        ("[小学, 大学]", False),
        ("小学、大学", False),
        ("[]", False),
        ("", True),
    ],
)
def test_what_a_list_of_levels_may_be(
    written: str, fine: bool, schema_of: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"学校:\n  学段: {written}\n", "utf-8")
    assert (faults(schema_of("submission"), path) == []) is fine


@pytest.mark.parametrize(
    ("key", "written", "fine"),
    [
        ("开始时间", "15:40", True),
        ("开始时间", "１８：３０", True),
        ("start", "15:40", True),
        ("开始时间", "下午6点半", True),
        ("开始时间", "十八点三十分", True),
        ("开始时间", "约16:30", True),
        ("开始时间", "5:00", False),
        ("开始时间", "17:00—18:30", False),
        ("开始时间", "放学后", False),
        ("开始时间", "25:00", False),
        ("开始时间", "无", False),
        ("适用起日", "2021-09-01", True),
        ("适用起日", "2021年9月1日", True),
        ("适用起日", "9月1日", False),
        ("课时数", "2", True),
        ("课时数", "2节", True),
        ("课时数", "0", False),
        ("课时数", "两节", True),
        ("是否收费", "是", True),
        ("是否收费", "true", True),
        ("是否收费", "yes", False),
        ("学科", "无", True),
        ("场地", "3", True),
        ("星期", "周一至周五", True),
        ("星期", "周一、周三", True),
        ("星期", "周八", False),
        ("星期", "1-9", False),
        ("年级", "一年级至六年级", True),
        ("年级", "7-19", False),
        ("活动", "集体授课", True),
        ("活动", "上课班", False),
    ],
)
def test_what_a_session_may_hold(
    key: str, written: str, fine: bool, schema_of: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    """Whatever is underlined is refused by the reader too, and the other way round here."""
    path = tmp_path / "plan.yaml"
    path.write_text(f"实施方案:\n  服务时段:\n    - {{{key}: {written}}}\n", "utf-8")
    assert (faults(schema_of("submission"), path) == []) is fine
    from kehou.fields import load_schema
    from kehou.submission import load

    own = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    assert (load(path, own).faults == ()) is fine


def test_completion_offers_chinese_keys_with_the_words_of_the_clauses(
    schema_of: Callable[..., dict[str, Any]],
) -> None:
    tree = schema_of("submission")
    offered = [key for key, node in tree["properties"].items() if not node.get("doNotSuggest")]
    assert offered[:4] == ["学校", "实施方案", "收费", "减免"] or offered[:2] == [
        "学校",
        "实施方案",
    ]
    assert all(re.search("[一-龥]", key) for key in offered)
    assert "county_list" not in tree["properties"]  # a school may not bring it
    end = tree["definitions"]["plan.sessions.end"]
    assert end["title"] == "结束时间"
    assert "小学结束时间不晚于18:30" in end["description"]
    level = tree["definitions"]["school.levels"]["anyOf"][0]
    assert level == {"enum": ["小学", "初中", "高中"]}
    private = tree["definitions"]["ledger.rows.counterparty"]["description"]
    assert "不公开" in private


# --- packs -----------------------------------------------------------------------------------


def pack_files() -> list[tuple[str, Path]]:
    rules = ROOT / "rules"
    found = [
        (name, pack / f"{name}.yaml")
        for pack in sorted(rules.iterdir())
        for name in ("pack", "clauses", "facts", "decisions")
        if (pack / f"{name}.yaml").is_file()
    ]
    found += [("i18n", p) for p in rules.glob("*/i18n/en.yaml")]
    found.append(("overlay", ROOT / "docs/overlay-example/pack.yaml"))
    return found


@pytest.mark.checkout
@pytest.mark.parametrize(
    ("name", "path"), pack_files(), ids=lambda v: v if isinstance(v, str) else v.parent.name
)
def test_a_pack_s_files_have_nothing_underlined(
    name: str, path: Path, schema_of: Callable[..., dict[str, Any]]
) -> None:
    assert faults(schema_of(name), path) == []


@pytest.mark.checkout
def test_rules_and_cases_have_nothing_underlined(schema_of: Callable[..., dict[str, Any]]) -> None:
    for path in sorted((ROOT / "rules/bayannur-2021/quality").glob("*.yaml"))[:40]:
        name = "cases" if path.name.endswith(".test.yaml") else "rule"
        assert faults(schema_of(name), path) == [], path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("severity: major", "severity: majro"),
        ("at_most:", "at_mots:"),
        ("stages: [approval", "stages: [approvel"),
        ("each: slot", "each: [slot]"),
        ("remedy:", "remdy:"),
        ("clauses: [D.2-b]", "clauses: []"),
    ],
)
def test_a_slip_in_a_rule_is_underlined(
    before: str, after: str, schema_of: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    good = data.rules().joinpath("bayannur-2021", "quality", "schedule-primary-end.yaml")
    text = good.read_text("utf-8")
    assert before in text
    path = tmp_path / "schedule-primary-end.yaml"
    path.write_text(text.replace(before, after), "utf-8")
    assert faults(schema_of("rule"), path) != []


def test_a_rule_offers_the_clauses_with_their_words(
    schema_of: Callable[..., dict[str, Any]],
) -> None:
    offered = schema_of("rule")["properties"]["clauses"]["items"]["anyOf"][0]
    words = dict(zip(offered["enum"], offered["enumDescriptions"], strict=True))
    assert "小学结束时间不晚于18:30" in words["D.2-b"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "--editor"], "不是手写的文件"),
        (["submission", "--editor", "--part", "rostr"], "是否想写 roster"),
        (["rule", "--editor", "--part", "roster"], "只与 submission --editor 一起用"),
        (["submission", "--part", "roster"], "只与 submission --editor 一起用"),
    ],
)
def test_what_has_no_editor_schema(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", *arguments]) == 2
    assert words in capsys.readouterr().err
