"""``kehou request``: the letter asks for what settles most first, and what it says to paste reads.

A school that pastes what the letter gives must not be told that it cannot be read, and nothing that
it has not filled in may count as supplied.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.cli.main import main
from kehou.fields import Field
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.remedy import Letter
from kehou.remedy.fill_in import inline, stub
from kehou.remedy.letter import as_text, in_pasting_order, stub_text, texts_of
from kehou.remedy.missing_evidence import letter
from kehou.submission import load
from kehou.submission.submission import load_text

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
OPTIONS = CheckOptions(packs=("bayannur-2021",), engine="direct")
FOOTER = "本材料由核查工具依据所载规则集生成，供人工复核，不作为行政决定"
FORMS = ("lines", "instead")
STAGES = [str(stage) for stage in Stage]


SHELF: dict[str, Pack] = {}


def pack() -> Pack:
    if "bayannur-2021" not in SHELF:
        SHELF["bayannur-2021"] = packs.load("bayannur-2021")
    return SHELF["bayannur-2021"]


#: Ends of spans, which must not come before their beginnings.
LATER = ("end", "until")


def sample(field: Field) -> str:
    """A value by hand for each kind; the first choice of an enumeration by its label."""
    if field.kind == "enum":
        return next(iter(field.labels.values()))
    if field.kind == "boolean":
        return next(iter(field.labels.values()), "是")
    number = str(max(field.minimum or 0, 0))
    if field.form == "year_pair":
        return "2021-2022"
    return {
        "text": "示例文字",
        "date": "2021-09-01",
        "month": "2021-09",
        "time": "18:30" if field.name in LATER else "17:30",
        "integer": number,
        "decimal": number,
        "money": number,
    }[field.kind]


# --- every stub of the schema ------------------------------------------------------------------


def required() -> list[tuple[Field, str]]:
    schema = pack().schema
    return [
        (field, stage)
        for field in schema.walk()
        for stage in STAGES
        if stage in field.required and not schema.root.fields[field.path.split(".")[0]].bureau
    ]


def holding(field: Field, lines: list[str]) -> str:
    """A document in which a field's lines stand in the records and rows that hold it."""
    schema = pack().schema
    names = field.path.split(".")[:-1]
    text, indent = [], 0
    for n in range(1, len(names) + 1):
        outer = schema.field(".".join(names[:n]))
        assert outer is not None
        text.append(f"{' ' * indent}{outer.title}:")
        indent += 2
        if outer.kind == "rows":
            text.append(f"{' ' * indent}-")
            indent += 2
    return "\n".join([*text, *(" " * indent + line for line in lines)]) + "\n"


def test_every_stub_of_the_schema_reads_without_fault_once_filled() -> None:
    schema = pack().schema
    everything = required()
    assert len({field.path for field, _ in everything}) > 100
    for field, stage in everything:
        text = holding(field, stub(field, stage, fill=sample))
        submission = load_text(text, schema)
        assert not submission.faults, (field.path, submission.faults, text)
        name = field.path.split(".")[0]
        assert name in submission.tree, text


def test_an_unfilled_stub_says_nothing_and_is_no_fault() -> None:
    schema = pack().schema
    for field, stage in required():
        submission = load_text(holding(field, stub(field, stage)), schema)
        assert not submission.faults, field.path
        *outer, last = field.path.split(".")
        holder: Any = submission.tree
        for step in outer:
            holder = holder.get(step, {})
            holder = holder[0] if isinstance(holder, list) else holder
        assert last not in holder, field.path


def test_a_stub_says_what_may_be_written() -> None:
    schema = pack().schema

    def comment(path: str) -> str:
        field = schema.field(path)
        assert field is not None
        return stub(field, "approval")[0]

    assert comment("fee.account") == (
        "收款账户:   # 学校账户、专用账户、个人账户、其他；确实没有的，写“无”"
    )
    assert comment("plan.sessions.end") == "结束时间:   # 24小时制的一个时间，如 18:30"
    assert comment("plan.filed_on") == "报送日期:   # 日期，如 2021-09-01"
    assert comment("plan.staff_plan").endswith("；确实没有的，写“无”")
    assert comment("plan.title").endswith("# 文字")
    assert "[甲, 乙]" in comment("plan.disclosure_items")


def test_inside_braces_a_stub_is_one_line() -> None:
    schema = pack().schema
    field = schema.field("safety.insurance")
    assert field is not None
    told, form = inline(field, "approval").split("\n")
    assert told == "保险: "
    assert form == "（写作 保险: [{保险单号: …, 险种: …, 保险起日: …, 保险止日: …}]）"
    assert inline(field, "approval", quoted=True).startswith('"保险": null\n')


# --- pasting what a letter gives -----------------------------------------------------------------


def pasted(text: str, found: Letter) -> str:
    """A file with everything pasted where the letter says, in the order in which it says."""
    lines, texts = text.splitlines(), texts_of(found)
    for item in in_pasting_order(found.items):
        after = item.paste.after
        if item.paste.form == "lines":
            at = len(lines) if after is None else after
            lines[at:at] = stub_text(item, texts).splitlines()
        if item.paste.form == "instead":
            assert after is not None
            lines[after - 1 : after] = stub_text(item, texts).splitlines()
    return "\n".join(lines) + "\n"


@pytest.mark.checkout
@pytest.mark.parametrize("name", ["first-check", "nine-year-incomplete"])
def test_what_is_pasted_and_filled_is_no_longer_asked_for(name: str, tmp_path: Path) -> None:
    plan = EXAMPLES / name / "plan.yaml"
    found = letter(str(plan), OPTIONS, sample, SHELF)
    assert found.items
    (tmp_path / "plan.yaml").write_text(pasted(plan.read_text("utf-8"), found), "utf-8")
    schema = pack().schema
    before = load(plan, schema, Stage.APPROVAL)
    after = load(tmp_path / "plan.yaml", schema, Stage.APPROVAL)
    assert not before.faults and not after.faults
    again = letter(str(tmp_path / "plan.yaml"), OPTIONS, shelf=SHELF)
    still = {item.path for item in again.items}
    given = {i.path for i in found.items if i.paste.form in FORMS and "*" not in i.path}
    assert len(given) > 10
    assert not given & still


@pytest.mark.checkout
@pytest.mark.parametrize("name", ["first-check", "nine-year-incomplete"])
def test_what_is_pasted_and_not_filled_passes_nothing(name: str, tmp_path: Path) -> None:
    plan = EXAMPLES / name / "plan.yaml"
    before = check(str(plan), OPTIONS, shelf=SHELF)
    found = letter(str(plan), OPTIONS, shelf=SHELF)
    (tmp_path / "plan.yaml").write_text(pasted(plan.read_text("utf-8"), found), "utf-8")
    after = check(str(tmp_path / "plan.yaml"), OPTIONS, shelf=SHELF)
    assert not after.submission.faults
    passed = {r.rule for r in before.results if r.outcome == "pass"}
    now = {r.rule for r in after.results if r.outcome == "pass"}
    assert now <= passed


# --- the letter ----------------------------------------------------------------------------------


@pytest.mark.checkout
def test_the_items_are_numbered_and_ranked_by_what_they_settle() -> None:
    found = letter(str(EXAMPLES / "nine-year-incomplete"), OPTIONS, shelf=SHELF)
    assert [item.number for item in found.items] == list(range(1, len(found.items) + 1))
    counts = [len(item.settles) for item in found.items]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1]
    asked = {m.path for m in found.report.missing_evidence if m.owner == "subject"}
    assert {item.path for item in found.items} == asked
    numbers = {item.path: item.number for item in found.items}
    three = [numbers[f"/safety/{n}"] for n in ("gate_register", "attendance_rule", "handover_rule")]
    [first, *others] = sorted(three)
    settles = {s.rule: s for s in found.items[first - 1].settles}
    # the three rules of safety are judged together: one alone settles nothing
    assert settles["safety-three-rules"].also == tuple(others)


@pytest.mark.checkout
def test_the_letter_is_addressed_numbered_and_issued_by_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["request", str(EXAMPLES / "first-check"), "--annex"]) == 0
    shown = capsys.readouterr().out
    assert "\n河套小学（示例）：\n" in shown
    for placeholder in ("〔文号〕", "〔补正期限〕", "〔发文机关〕", "〔成文日期〕"):
        assert placeholder in shown
    assert FOOTER in shown
    assert "教育局\n" not in shown
    assert "收费·收款账户，应写在plan.yaml第112行之下" in shown
    assert "可填：学校账户、专用账户、个人账户、其他" in shown
    assert "“课后服务经费必须专款专用”" in shown
    # a ground is given in full once: thirteen items need not be thirteen pages
    assert "（1）本阶段应填的内容都已填写（一般），依据见第1项。" in shown
    # what is to be pasted stands at its own indent: fee is a record at the left margin
    assert "\n  收款账户:   # 学校账户" in shown
    assert "\n  # 依据 《实施方案》“五、保障措施”（二）第3句" in shown


@pytest.mark.checkout
@pytest.mark.parametrize(
    ("name", "stage", "most"),
    [("first-check", Stage.APPROVAL, 1_000), ("nine-year-incomplete", Stage.INSPECTION, 3_200)],
)
def test_a_letter_is_by_paper_and_as_short_as_somebody_reads(
    name: str, stage: Stage, most: int
) -> None:
    """How many pages that makes is looked at in test_letter_papers.py."""
    options = CheckOptions(packs=("bayannur-2021",), stage=stage, engine="direct")
    found = letter(str(EXAMPLES / name), options, shelf=SHELF)
    told = as_text(found)
    assert len(told) < most
    papers = {item.paper for item in found.report.missing_evidence if item.owner == "subject"}
    assert sorted(re.findall(r"(?m)^    \d+\.([^（]+)（", told)) == sorted(papers)
    # every field is named, and every red line that waits for one
    for item in found.items:
        assert item.label.split("·")[-1] in told
        for settles in item.settles:
            if settles.severity == "critical":
                assert settles.title in told
    annexed = as_text(found, annex=True)
    for item in found.items:
        assert f"{item.number}.{item.label}，" in annexed


@pytest.mark.checkout
def test_every_format_tells_the_same_items(tmp_path: Path) -> None:
    path = str(EXAMPLES / "first-check")
    files = {form: tmp_path / f"清单.{form}" for form in ("text", "html", "docx", "yaml", "json")}
    outputs = [word for form, file in files.items() for word in ("-o", f"{form}={file}")]
    assert main(["request", path, "--annex", *outputs]) == 0
    told = json.loads(files["json"].read_text("utf-8"))
    labels = [item["label"] for item in told["items"]]
    assert len(labels) == 19 and labels[0] == "实施方案·服务内容"
    with ZipFile(io.BytesIO(files["docx"].read_bytes())) as parts:
        # a mark in the Chinese font is a run of its own
        document = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
        footers = "".join(parts.read(n).decode() for n in parts.namelist() if "footer" in n)
    assert FOOTER in footers
    html, plain = files["html"].read_text("utf-8"), files["text"].read_text("utf-8")
    stubs = files["yaml"].read_text("utf-8")
    for number, item in enumerate(told["items"], 1):
        told_so = f"{number}.{item['label']}"
        assert told_so in html and told_so in plain and told_so in document and told_so in stubs
    assert files["docx"].read_bytes()[:2] == b"PK"


def test_what_cannot_be_read_is_asked_for_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "学校:\n  学校名称: 甲小学（示例）\n  学段: [小学]\n实施方案:\n  服务开始日期: 2021-09-06\n"
        "收费: {收费方式: 每月}\n安全: {责任人: 无}\n",
        "utf-8",
    )
    assert main(["request", str(plan), "--annex"]) == 4
    shown = capsys.readouterr().out
    told = shown.partition("二、需要先改正的填写")[2].partition("三、报送要求")[0]
    assert "plan.yaml第6行" in told and "每月" in told
    # 安全 is written in braces: there a line of its own could not be read
    assert re.search(r"加在plan.yaml第7行之?下?的?花括号里", shown)
    assert "\n考勤制度: \n" in shown


def test_private_fields_and_the_bureaus_own_are_not_asked_of_a_school() -> None:
    schema = pack().schema
    field = schema.root.fields["roster"]
    lines = "\n".join(stub(field, "inspection"))
    assert not [f.title for f in field.fields.values() if f.private and f"{f.title}:" in lines]


@pytest.mark.checkout
def test_an_inspection_asks_the_school_and_not_the_inspector(tmp_path: Path) -> None:
    plan = EXAMPLES / "primary-compliant"
    found = letter(
        str(plan), CheckOptions(packs=("bayannur-2021",), stage=Stage.INSPECTION, engine="direct")
    )
    assert not [item for item in found.items if item.path.startswith("/inspection")]
    if found.bureaus:
        assert "由主管部门补充" in as_text(found)
