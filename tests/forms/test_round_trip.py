"""The same submission as YAML, JSON and a form: the same values, the same report but for places."""

from __future__ import annotations

import contextlib
import io
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.formbook import carried, comparable, empty, filled, own, read_form, schema
from tests.support.formbook import given as as_json
from tests.support.whole_schema import submission

from kehou.cli.main import main
from kehou.fields import Field
from kehou.forms import layout
from kehou.model.outcomes import Stage
from kehou.model.values import ABSENT
from kehou.readers import read
from kehou.readers.copied_text import as_meant
from kehou.submission import load_document
from kehou.submission.written import json_text, yaml_text

EXAMPLES = Path(__file__).parents[2] / "examples"
PARTS = [name for name, f in schema().root.fields.items() if not f.bureau and not f.reader]


def report(path: Path, stage: str) -> tuple[int, Any]:
    """Exit code and report without places, what they quote, and how the files are made up."""
    out = io.StringIO()
    arguments = ["--stage", stage, "--engine", "direct", "--as-of", "2021-09-06", "-o", "json"]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["check", str(path), "--on", "2021-11-01", *arguments])
    found = _without_places(json.loads(out.getvalue()))
    found["faults"].sort(key=repr)  # told in the order of their places
    return code, found


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        gone = {"location", "related", "places", "files", "unread_files", "path", "normalised"}
        gone |= {"digest"}  # of the report as a whole, places and all
        return {key: _without_places(value) for key, value in node.items() if key not in gone}
    return [_without_places(each) for each in node] if isinstance(node, list) else node


# --- every field has a place ---------------------------------------------------------------


def test_every_field_that_a_school_may_fill_in_has_one_place() -> None:
    def leaves(field: Field) -> Any:
        for child in field.fields.values():
            if child.bureau or child.reader:
                continue
            if child.kind in ("record", "rows"):
                yield from leaves(child)
            else:
                yield child.path

    wanted = list(leaves(schema().root))
    places = [
        ".".join((*sheet.path, *item.path))
        for sheet in layout(schema())
        for item in sheet.items
        if not item.whole
    ]
    assert sorted(places) == sorted(wanted) and len(wanted) > 300


def test_names_of_sheets_and_labels_on_a_sheet_are_unique() -> None:
    names = [sheet.name for sheet in layout(schema())]
    assert len(set(names)) == len(names) and all(len(name) <= 31 for name in names)
    for sheet in layout(schema()):
        labels = [item.label for item in sheet.items]
        assert len(set(labels)) == len(labels), sheet.key


# --- generated submissions -----------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.sets(st.sampled_from(PARTS), min_size=1, max_size=2))
def test_generated_submissions_keep_every_value(seed: int, parts: set[str]) -> None:
    rng = random.Random(seed)
    whole = own(schema().root, submission(schema(), rng, rng.choice([0, 0.1, 0.3, 0.6, 0.9])))
    tree = carried({name: part for name, part in whole.items() if name in parts})
    before = comparable(as_json(tree))
    form = read_form(filled(tree, lean=True))
    assert comparable(form) == before
    assert form.unread_files == ()
    for name, text in (("p.yaml", yaml_text), ("p.json", json_text)):
        content = text(schema().root, tree).encode()
        assert comparable(load_document(read(name, content), schema())) == before


@example(["*0"])
@example(["*0", "甲"])
@settings(max_examples=40)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zs")))
        | st.sampled_from(
            ['"', "a、b", "c;d", '"甲"', "=1+1", "-3", "007", "1e5", "无", "null", "~"]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_texts_of_any_kind_come_back_as_they_were(texts: list[str]) -> None:
    school = {"school_id": texts[0], "name": texts[-1], "levels": "小学"}
    plan = {"eligibility": {"conditions": texts}, "sessions": [{"room": t} for t in texts]}
    tree = carried({"school": school, "plan": plan})
    before = comparable(as_json(tree))
    for name, text in (("p.yaml", yaml_text), ("p.json", json_text)):
        content = text(schema().root, tree).encode()
        assert comparable(load_document(read(name, content), schema())) == before
    ours = ("※", "例：", "标记", "合计", "总计", "小计", "共计", "累计")
    lone = len(plan["sessions"]) == 1 and texts[0] in ("无", "没有")  # says that there are none
    unseen = any(text and not as_meant(text) for text in texts)  # a cell that looks empty is
    if not lone and not unseen and not any(text.strip().startswith(ours) for text in texts):
        form = read_form(filled(tree, lean=True))
        passed = sum("行（" in told for told in form.unread_files)
        if passed:  # a row that reads like a remark, “*0” alone, is told and never lost in silence
            sessions = before["plan"]["sessions"]
            assert len(form.tree["plan"].get("sessions", ())) + passed == len(sessions)
        else:
            assert comparable(form) == before


def test_the_three_states_and_an_empty_row_survive() -> None:
    tree = {
        "plan": {
            "demand_survey": "无",
            "publicity": "无",
            "feedback": {},
            "extended_care": {},
            "staff_plan": "无",
            "leading_group": [{}, {"post": "校长"}, {}],
        },
        "vendors": [{"courses": "无", "contract": {}, "name": "甲（示例）"}, {}],
    }
    plan = read_form(filled(tree)).tree["plan"]
    assert plan["demand_survey"] is ABSENT and plan["publicity"] is ABSENT
    assert plan["feedback"] == {} and plan["staff_plan"] is ABSENT
    assert plan["leading_group"] == [{}, {"post": "校长"}, {}]
    assert "eligibility" not in plan and "safety_plan" not in plan
    assert comparable(read_form(filled(tree))) == comparable(as_json(tree))


def test_an_invalid_value_is_carried_as_it_stands_and_stays_a_fault() -> None:
    tree = {"plan": {"term_start": "开学那天", "sessions": [{"end": "六点半", "grades": "全校"}]}}
    before, after = as_json(tree), read_form(filled(tree))
    assert sorted(f.found for f in after.faults) == sorted(f.found for f in before.faults)
    assert sorted(after.faulted) == sorted(before.faulted)


def test_the_form_is_the_same_bytes_every_time() -> None:
    from kehou import packs
    from kehou.commands.form import workbook

    assert workbook([packs.load()], Stage.APPROVAL, {}) == empty()


# --- the examples, and what LibreOffice makes of a form -------------------------------------


def _examples() -> list[tuple[Path, str]]:
    names = {"folder-with-evidence": "inspection", "first-check": "approval"}
    faulty = EXAMPLES / "broken" / "many-faults.yaml"
    return [*((EXAMPLES / name, stage) for name, stage in names.items()), (faulty, "approval")]


@pytest.mark.checkout
@pytest.mark.needs("soffice")
def test_examples_and_generated_submissions_through_libreoffice(
    tmp_path: Path, program: Callable[[str], str]
) -> None:
    given_, forms = [], []
    for number, (path, stage) in enumerate(_examples()):
        form = tmp_path / f"{number}.xlsx"
        assert main(["convert", str(path), str(form), "--stage", stage]) == 0
        given_.append((path, stage))
        forms.append(form)
    generated = {}
    for seed, missing in enumerate((0.1, 0.6)):
        tree = carried(own(schema().root, submission(schema(), random.Random(seed), missing)))
        forms.append(tmp_path / f"g{seed}.xlsx")
        forms[-1].write_bytes(filled(tree, lean=True))
        generated[forms[-1]] = comparable(as_json(tree))
    command = [program("soffice"), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    saved = tmp_path / "saved"
    subprocess.run([*command, str(saved), *map(str, forms)], check=True, capture_output=True)
    for (path, stage), form in zip(given_, forms, strict=False):
        assert report(saved / form.name, stage) == report(path, stage), path
    for form, values in generated.items():
        found = read_form((saved / form.name).read_bytes())
        assert comparable(found) == values and found.unread_files == ()


@pytest.mark.checkout
def test_a_form_beside_evidence_is_the_same_folder(tmp_path: Path) -> None:
    """The plan as a form, the roster, ledger and the rest as they are."""
    source = EXAMPLES / "folder-with-evidence"
    for file in source.iterdir():
        if file.name != "plan.yaml":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    form = tmp_path / "我校的表.xlsx"
    assert main(["convert", str(source / "plan.yaml"), str(form)]) == 0
    assert report(tmp_path, "inspection") == report(source, "inspection")
