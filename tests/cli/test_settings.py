"""Settings are the user's: what is handed in sets nothing, and what says nothing sets nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support import prose
from tests.support.command_line import here

from kehou import data
from kehou.cli import settings

REPORTED = Path(__file__).parents[1] / "data" / "reported" / "empty-settings"
LATE = REPORTED.parent / "waiver-no-such-day" / "plan.yaml"
TOLD = "没有采用"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A submission with a breach, and with settings and a pack that would hide it."""
    place = tmp_path / "inspector" / "school"
    place.mkdir(parents=True)
    shutil.copy(LATE, place / "plan.yaml")
    (place / "kehou.yaml").write_text("pack: [p]\nfail_on: critical\nengine: direct\nlang: en\n")
    shutil.copytree(str(data.rules().joinpath("bayannur-2021")), place / "p")
    for file in (place / "p").rglob("*.yaml"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("severity: major", "severity: advice"), "utf-8")
    return place


def test_what_a_school_hands_in_sets_nothing_and_is_told(handed_in: Path) -> None:
    outside = here("check", "school", "--engine", "direct", cwd=handed_in.parent)
    inside = here("check", ".", "--engine", "direct", cwd=handed_in)
    below = here("check", "..", "--engine", "direct", cwd=handed_in / "p")
    assert outside[0] == inside[0] == below[0] == 1
    assert (outside[2], inside[2].count(TOLD), below[2].count(TOLD)) == ("", 1, 1)
    assert "kehou.yaml" in inside[2]
    assert "不符合" in inside[1]  # nor does it set the language


def test_settings_beside_a_file_that_is_checked_are_passed_over_too(handed_in: Path) -> None:
    code, out, told = here("check", "plan.yaml", "--engine", "direct", cwd=handed_in)
    assert (code, told.count(TOLD)) == (1, 1)
    assert "不符合" in out


def test_settings_beside_a_report_are_the_users(handed_in: Path, tmp_path: Path) -> None:
    words = ("check", "plan.yaml", "--engine", "direct", "-o", "json=../report.json")
    here(*words, cwd=handed_in)
    (handed_in.parent / "kehou.yaml").write_text("lang: en\n")
    _, out, told = here("diff", "report.json", "report.json", cwd=handed_in.parent)
    assert TOLD not in told
    assert "still open" in out


@pytest.mark.parametrize("command", ["check", "clauses", "diff", "waiver", "request"])
def test_standing_in_a_submission_its_settings_set_nothing_for_another_place(
    command: str, handed_in: Path
) -> None:
    (handed_in / "kehou.yaml").write_text("lang: nothing-like-it\n")
    own = handed_in.parent / "own"
    own.mkdir()
    shutil.copy(LATE, own / "plan.yaml")
    here("check", "own", "--engine", "direct", "-o", "json=own.json", cwd=handed_in.parent)
    (own / "waivers.yaml").write_text("waivers: []\n")
    words: dict[str, tuple[str, ...]] = {
        "check": ("../own", "--engine", "direct"),
        "clauses": (),
        "diff": ("../own.json", "../own.json"),
        "waiver": ("list", "../own/waivers.yaml", "--on", "2021-11-20"),
        "request": ("../own",),
    }
    code, out, told = here(command, *words[command], cwd=handed_in)
    assert code in (0, 1, 3)
    assert told.count(TOLD) == 1 and "nothing-like-it" not in out + told


@pytest.mark.parametrize(
    ("name", "is_theirs"),
    [
        *dict.fromkeys(("plan.yaml", "PLAN.json", "方案.docx", "实施方案.txt"), True).items(),
        *dict.fromkeys(("计划安排.yaml", "report.json", "plan.html", "roster.csv"), False).items(),
    ],
)
def test_settings_are_a_submissions_beside_the_file_that_holds_a_whole_one(
    name: str, is_theirs: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("x")
    (tmp_path / "kehou.yaml").write_text("lang: en\n")
    below = tmp_path / "own"
    below.mkdir()
    assert (settings.find(tmp_path) != tmp_path / "kehou.yaml") == is_theirs
    assert (settings.find(below) != tmp_path / "kehou.yaml") == is_theirs
    (below / "kehou.yaml").write_text("lang: en\n")
    assert settings.find(below) == below / "kehou.yaml"


@pytest.mark.parametrize("command", ["check", "read"])
def test_settings_beside_a_document_of_prose_are_handed_in(command: str, tmp_path: Path) -> None:
    place = prose.plan(tmp_path, prose.BREACH, name="甲校.docx")
    (tmp_path / "kehou.yaml").write_text("lang: en\nstage: assessment\n")
    _, out, told = here(command, place.name, cwd=tmp_path)
    assert told.count(TOLD) == 1
    assert "不符合" in out  # in Chinese, as it is without them


def test_a_folder_named_like_a_pack_of_ours_is_none_of_them(handed_in: Path) -> None:
    (handed_in / "p").rename(handed_in / "bayannur-2021")
    (handed_in / "kehou.yaml").unlink()
    for words in ((".",), ("plan.yaml",), (".", "--pack", "bayannur-2021")):
        assert here("check", *words, "--engine", "direct", cwd=handed_in)[0] == 1
    own = here("check", ".", "--engine", "direct", "--pack", "./bayannur-2021", cwd=handed_in)
    assert own[0] != 1, "written as a path it is that folder"


def test_the_users_own_settings_hold_where_those_handed_in_are_passed_over(
    handed_in: Path,
) -> None:
    (handed_in.parent / "kehou.yaml").write_text("engine: direct\nstage: nothing-like-it\n")
    code, _, told = here("check", ".", cwd=handed_in)
    assert (code, "nothing-like-it" in told) == (2, True)


@pytest.mark.parametrize("command", ["explain", "request", "fix", "bundle", "diff", "convert"])
def test_every_command_that_reads_a_submission_passes_them_over(
    command: str, handed_in: Path, tmp_path: Path
) -> None:
    (handed_in / "kehou.yaml").write_text("stage: nothing-like-it\n")
    words = {
        "explain": ("schedule-primary-end", "."),
        "request": (".",),
        "fix": ("--suggest", "."),
        "bundle": (".", "-o", str(tmp_path / "made.zip"), "--engine", "direct"),
        "diff": (".", "."),
        "convert": (".", str(tmp_path / "made.json")),
    }[command]
    code, out, told = here(command, *words, cwd=handed_in)
    assert code in (0, 1, 3)
    assert TOLD in told and "nothing-like-it" not in out + told


def test_a_file_of_comments_sets_nothing(tmp_path: Path) -> None:
    for name in ("kehou.yaml", "plan.yaml"):
        shutil.copy(REPORTED / name, tmp_path / name)
    alone = here("check", str(tmp_path / "plan.yaml"), cwd=tmp_path.parent)
    beside = here("check", str(tmp_path / "plan.yaml"), cwd=tmp_path)
    assert beside == alone
    assert here("clauses", cwd=tmp_path)[0] == 0


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff# a\n  # b\n", "# 甲\r\n\r\n"])
def test_what_says_nothing_is_no_settings(text: str, tmp_path: Path) -> None:
    file = tmp_path / "kehou.yaml"
    file.write_text(text, "utf-8", newline="")
    assert settings.load(file) == settings.Settings()


def test_a_pipe_is_no_settings(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "kehou.yaml")
    assert settings.find(tmp_path) not in (tmp_path / "kehou.yaml",)


#: Files that set how other programs run, or that kehou reads where they are the user's.
STRAY = {
    **dict.fromkeys(("kehou.yml", ".kehou.yaml", ".config/kehou/kehou.yaml"), "fail_on: none\n"),
    **dict.fromkeys(("kehou.toml", "pyproject.toml"), '[tool.kehou]\nlang = "en"\n'),
    **dict.fromkeys((".env", "setup.cfg", "kehou.pth"), "KEHOU_LANG=en\nimport sys; sys.exit(0)\n"),
    **dict.fromkeys(
        ("sitecustomize.py", "conftest.py", "yaml.py", "kehou/__init__.py", "durable/engine.py"),
        "raise SystemExit(0)\n",
    ),
    "waivers.yaml": "waivers:\n  - {rule: schedule-primary-end, subject: '*', outcome: fail,\n"
    "     reason: 班车, office: 某局（示例）, until: 2099-01-01}\n",
    "attestations.yaml": "attestations: []\n",
    "bayannur-2021/pack.yaml": "id: bayannur-2021\n",
    "schemas/submission.schema.json": "{}",
    ".kehou/approval-0/x.kept.gz": "x",
}


@pytest.mark.parametrize("form", ["folder", "within", "zip", "sub-folder of many", "beside a form"])
def test_no_file_that_is_handed_in_sets_anything(form: str, tmp_path: Path) -> None:
    ran = []
    for name, strays in (("sound", {}), ("planted", {**STRAY, "kehou.yaml": "lang: en\n"})):
        place = tmp_path / name / "many" / "school"
        place.mkdir(parents=True)
        shutil.copy(LATE, place / "plan.yaml")
        if form == "beside a form":
            here("form", "--from", "plan.yaml", "-o", "form.xlsx", cwd=place)
            (place / "plan.yaml").unlink()
        for stray, text in strays.items():
            (place / stray).parent.mkdir(parents=True, exist_ok=True)
            (place / stray).write_text(text, "utf-8")
        path = {
            "folder": "school",
            "within": ".",
            "zip": "school.zip",
            "beside a form": "form.xlsx",
        }
        asked, cwd = path.get(form, "many"), tmp_path / name
        if form != "sub-folder of many":
            cwd = place if form in ("within", "beside a form") else place.parent
        if form == "zip":
            shutil.make_archive(str(place), "zip", place)
            shutil.rmtree(place)
        report = tmp_path / f"{name}.json"
        words = ("check", asked, "--engine", "direct", "--jobs", "1", "-o", f"json={report}")
        code, _, told = here(*words, cwd=cwd)
        tree = json.loads(report.read_text("utf-8"))
        [tree] = tree.get("reports", [tree])
        kept = ("results", "packs", "language", "stage", "faults", "waivers", "attestations")
        ran.append((code, {key: tree[key] for key in kept}))
        assert "Traceback" not in told
    assert ran[0] == ran[1]
    assert ran[0][1]["results"]
