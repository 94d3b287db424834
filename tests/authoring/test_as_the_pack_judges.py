"""A requirement said in a line, or drafted from a clause, is judged as the pack below judges."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import command_line

from kehou.authoring.lint import lint
from kehou.authoring.run_cases import run as run_cases

TEXT = """\
某旗县课后服务补充规定（示例）
第一条 冬季小学课后服务结束时间不得晚于17:20。
第二条 每名看护人员看护的学生不得超过30人。
第三条 引进的机构不得超过三家。
第四条 初中周六、周日不得开展课后服务。
第五条 退费应当在10天以内办完。
本规定自2026年3月1日起施行。
"""
run = command_line.here


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer over the pack that comes with the program, drafted from a text."""
    folder = tmp_path_factory.mktemp("as-judged") / "county-2026"
    source = folder.with_suffix(".txt")
    source.write_text(TEXT, encoding="utf-8")
    options = ("--over", "bayannur-2021", "--source", str(source))
    assert run("new", "overlay", str(folder), *options)[0] == 0
    return folder


def sheet_row(layer: Path, clause: str) -> str:
    """What the sheet has of a clause."""
    text = layer.joinpath("核对.yaml").read_text("utf-8")
    return text.partition(f"- 条款: {clause}\n")[2].partition("  - 条款:")[0]


def said(layer: Path, clause: str, words: str, rule_id: str) -> tuple[str, str]:
    """A rule that a person says in a line, and what is told of it."""
    options = ("--pack", str(layer), "--clause", clause, "--require", words)
    code, out, error = run("new", rule_id, *options)
    assert code == 0, error
    return layer.joinpath("quality", f"{rule_id}.yaml").read_text("utf-8"), out


def outcomes(layer: Path, rule_id: str, *cases: str) -> list[str]:
    """What of these cases, written by hand, does not come out."""
    path = layer / "quality" / f"{rule_id}.test.yaml"
    before = path.read_text("utf-8")
    path.write_text(before + "".join(f"\n  - {one}\n" for one in cases), encoding="utf-8")
    try:
        return [
            " ".join(told) for told in run_cases(str(layer), [rule_id], engine="direct").failures
        ]
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_level_said_by_the_grades_is_judged(layer: Path) -> None:
    """A school that writes grades 1 to 2 all year round and ends at 17:30 is past the limit."""
    [path] = layer.glob("quality/*winter*.test.yaml")
    rows = ", ".join(f"/plan/sessions/{n}" for n in (5, 4, 3, 2, 1))
    case = """name: {name}
    as_of: '2026-03-02'
    drop: [{rows}]
    set:
      /plan/sessions/0/grades: [{grade}]
      /plan/sessions/0/season: all
      /plan/sessions/0/kind: after_school
      /plan/sessions/0/start: '16:00'
      /plan/sessions/0/end: '17:30'
    expect: {{{outcome}: [/plan/sessions/0]}}"""
    wrong = outcomes(
        layer,
        path.name.removesuffix(".test.yaml"),
        case.format(name="一年级全年到17:30", rows=rows, grade=1, outcome="fail"),
        case.format(name="七年级不是小学", rows=rows, grade=7, outcome="not_applicable"),
    )
    assert wrong == []


def test_a_hard_limit_that_fails_nobody_is_told(layer: Path) -> None:
    """Sixty pupils with one person would be put to people, and the county thinks that they fail."""
    row = sheet_row(layer, "K.2-1")
    assert "不判不符合: '只会提请核查，不会判不符合：staffing-enough'" in row
    assert "require: {field: students_per_staff, at_most: {param: max_students_per_staff}}" in row


def test_a_limit_on_refunds_is_of_those_who_charge(layer: Path) -> None:
    """A school that charges nothing has no refunds: it lacks nothing."""
    row = sheet_row(layer, "K.5-1")
    assert "要求: 收费方式 不是 免费 时，退费时限 不超过 10天" in row
    assert "procedure-refund-not-refused" in row
    wrong = outcomes(
        layer,
        "quality-fee-refund-rule-days",
        """name: 不收费，不适用
    as_of: '2026-03-02'
    set: {/fee: {mode: free}}
    expect: {not_applicable: [/]}""",
    )
    assert wrong == []


def test_a_value_that_the_pack_counts_already_is_used(layer: Path) -> None:
    """submission.vendor_count is there: it is neither refused nor written twice."""
    rule, told = said(layer, "K.3-1", "机构的项数 不超过 3家", "quality-vendors-a")
    assert "require: {field: submission.vendor_count, at_most: {param: max_vendor_count}}" in rule
    assert not layer.joinpath("facts.yaml").exists()
    assert "前面写：是否引进机构 是 时，" in told
    assert "各种状态的都计" in told
    assert "放在 quality/" in told and "--area" in told


def test_it_is_named_by_its_name_and_with_conditions(layer: Path) -> None:
    """Who says that it has no vendors is not asked; one that was removed is not counted."""
    words = "是否引进机构 是 且 机构的状态 不是 取消资格 时，vendor_count 不超过 3家"
    rule, told = said(layer, "K.3-1", words, "quality-vendors-b")
    assert "when: {field: plan.uses_vendors, is: true}" in rule
    assert "field: submission.vendor_count_not_removed" in rule
    assert "机构（机构的状态不是取消资格）的项数是{submission" in rule  # other vendors are there
    facts = layer.joinpath("facts.yaml").read_text("utf-8")
    assert "count: {over: vendor, where: {field: status, is_not: removed}}" in facts
    assert "各种" not in told and "前面写" not in told


def test_an_amount_in_ten_thousands(layer: Path) -> None:
    """Policies write 5万元: it is fifty thousand, in yuan."""
    words = "机构的合同金额 不超过 5万元（与原文不同：示例）"
    said(layer, "K.3-1", words, "quality-contract-price")
    text = layer.joinpath("pack.yaml").read_text("utf-8")
    assert "value: '50000.00', ground: K.3-1" in text and "unit: 万元" not in text


def test_a_column_of_several_values(layer: Path) -> None:
    """Junior pupils on Saturdays, said by the grades of the session."""
    words = "学段 是 初中 时，服务时段的星期 不含 周六、周日"
    rule, _ = said(layer, "K.4-1", words, "quality-junior-weekend")
    assert "each: slot\nwhen: {field: grade_level, is: junior}" in rule
    assert "require: {field: weekdays, contains_none: [6, 7]}" in rule
    assert "应只有" not in rule and "（不应含周六、周日）" in rule


@pytest.mark.parametrize(
    ("words", "test"),
    [
        ("服务时段的星期 只有 周一、周三", "{field: weekdays, contains_none: [2, 4, 5, 6, 7]}"),
        ("服务时段的星期 含 周一、周三", "{field: weekdays, contains_all: [1, 3]}"),
        ("服务时段的星期 含 周一", "{field: weekdays, contains_any: [1]}"),
    ],
)
def test_what_a_column_of_several_values_has_to_hold(layer: Path, words: str, test: str) -> None:
    """Only, all of, one: each as it is said."""
    meant = f"{words}（与原文不同：示例）"  # the clause forbids 周六、周日
    rule, _ = said(layer, "K.4-1", meant, f"quality-days-{len(words)}")
    assert f"require: {test}" in rule


@pytest.mark.parametrize(
    ("words", "hint", "never"),
    [
        ("服务时段的星座 不含 周六", "服务时段的星期", "是否在服务时段"),
        ("吃饭的味道 不超过 3", "kehou explain --fields", "是否想写"),
        ("vender_count 不超过 3家", "vendor_count", "session"),
        ("服务时段的星期 是 周六", "含 甲、乙；不含 甲、乙；只有 甲、乙", "相近"),
        ("slot.day_minutes 不超过 60", "{field: day_minutes, at_most: …}", "是否想写"),
    ],
)
def test_the_way_out_of_a_name_that_is_none(layer: Path, words: str, hint: str, never: str) -> None:
    """What is offered can be written, and is about what was meant."""
    options = ("--pack", str(layer), "--clause", "K.3-1", "--require", words)
    code, _, error = run("new", "quality-no-such", *options)
    assert code == 2
    assert hint in error and never not in error


def test_two_lines_of_one_layer_that_cannot_both_be_kept(layer: Path) -> None:
    """At least 40 online, and at most 35 of primary pupils online: plain lint tells it."""
    for rule_id, words in (
        ("quality-long", "类别 是 线上 时，服务时段的学生人数 不少于 40人（与原文不同：示例）"),
        (
            "quality-short",
            "类别 是 线上 且 学段 是 小学 时，服务时段的学生人数 不超过 35人（与原文不同：示例）",
        ),
    ):
        said(layer, "K.4-1", words, rule_id)
    told = [message for place, message, _ in lint(str(layer)) if "quality-short" in place]
    assert "与规则 quality-long 的 require 不能同时成立，上下限互相矛盾" in told
