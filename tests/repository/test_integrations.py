"""The hook, the action and the CI template do what they say, run as their programs run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kehou.batch.inputs import DOCUMENTS
from kehou.cli.main import main
from kehou.readers.files import FORMATS

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
ACTION = ROOT / "action.yml"
GITLAB = ROOT / "integrations" / "gitlab-ci.yml"


def environment(**more: str) -> dict[str, str]:
    """With the kehou of these tests first on the path."""
    here = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": here + os.pathsep + os.environ["PATH"],
        "PYTHONIOENCODING": "utf-8",
        **more,
    }


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A repository of plans: one with evidence, one alone, and files that are no plan."""
    repository = tmp_path / "库"
    for name in ("first-check", "primary-compliant", "folder-with-evidence"):
        shutil.copytree(ROOT / "examples" / name, repository / "方案" / name)
    shutil.copy(ROOT / "examples/first-check/plan.yaml", repository / "单独一份.yaml")
    shutil.make_archive(str(repository / "压缩" / "示例"), "zip", ROOT / "examples/first-check")
    assert main(["form", "-o", str(tmp_path / "申报表.xlsx")]) == 0
    for name in ("表格/一校.xlsx", "几份/一校.xlsx", "几份/二校.xlsx"):
        (repository / name).parent.mkdir(exist_ok=True)
        shutil.copy(tmp_path / "申报表.xlsx", repository / name)
    (repository / "表格和名册").mkdir()
    shutil.copy(tmp_path / "申报表.xlsx", repository / "表格和名册")
    shutil.copy(ROOT / "examples/folder-with-evidence/roster.csv", repository / "表格和名册")
    (repository / "打不开.xlsx").write_bytes(b"PK\x03\x04")
    assert main(["form", "--register", "-o", str(repository / "名单.xlsx")]) == 0
    (repository / "只有文字").mkdir()
    (repository / "只有文字/方案.docx").write_bytes(b"x")
    (repository / "docs.yaml").write_text("title: 说明\n学校: 不是方案\n", "utf-8")
    (repository / "broken.yaml").write_text("a: [", "utf-8")
    (repository / "半份.yaml").write_text("学校: {学校名称: 示例小学\n", "utf-8")
    (repository / "坏的").mkdir()
    (repository / "坏的/坏.xlsx").write_bytes(b"PK")
    return repository


# --- --changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "checked"),
    [
        (
            ["方案/folder-with-evidence/roster.csv", "方案/folder-with-evidence/plan.yaml"],
            ["方案/folder-with-evidence"],
        ),
        (["单独一份.yaml"], ["单独一份.yaml"]),
        (["表格和名册/roster.csv"], ["表格和名册"]),
        (["打不开.xlsx", "名单.xlsx"], ["打不开.xlsx"]),
        (
            ["方案/first-check/plan.yaml", "方案/primary-compliant/作息时间表.yaml"],
            ["方案/first-check", "方案/primary-compliant"],
        ),
        (["表格/一校.xlsx"], ["表格"]),
        (["几份/二校.xlsx"], ["几份/二校.xlsx"]),
        (["方案/folder-with-evidence/删去的.csv"], ["方案/folder-with-evidence"]),
        (["只有文字/方案.docx"], ["只有文字"]),
        (["坏的/坏.xlsx"], ["坏的"]),
        (["半份.yaml"], ["半份.yaml"]),
    ],
)
def test_changed_files_are_checked_as_the_submission_they_belong_to(
    changed: list[str],
    checked: list[str],
    plans: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(plans)
    main(["check", "--changed", *changed, "--engine", "direct", "-o", "json"])
    tree = json.loads(capsys.readouterr().out)
    assert [r["submission"]["path"] for r in tree.get("reports", [tree])] == checked


def test_changed_files_of_no_submission_ask_for_nothing(
    plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(plans)
    others = ["docs.yaml", "broken.yaml", "不在了.yaml"]
    assert main(["check", "--changed", *others]) == 0
    told = capsys.readouterr().err
    assert "没有要查的" in told
    assert "broken.yaml：没有查" in told
    assert "docs.yaml" not in told


def test_a_changed_archive_is_opened(
    plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(plans)
    code = main(["check", "--changed", "压缩/示例.zip", "--engine", "direct", "--jobs", "1"])
    assert code in (1, 3)
    assert "没有要查的" not in capsys.readouterr().err


def test_the_hook_is_given_everything_that_may_be_handed_in() -> None:
    """By the extensions that are read, and those of documents that people hand in instead."""
    [check] = [hook for hook in loaded(HOOKS) if hook["id"] == "kehou-check"]
    for ending in (*FORMATS, *DOCUMENTS, ".zip"):
        assert re.search(check["files"], f"方案/一校{ending}")
        assert re.search(check["files"], f"方案/一校{ending.upper()}")
    assert not {"types", "types_or"} & check.keys()


# --- pre-commit --------------------------------------------------------------------------------


@pytest.mark.needs("pre-commit")
def test_pre_commit_takes_the_hooks(program: Callable[[str], str]) -> None:
    subprocess.run(
        [program("pre-commit"), "validate-manifest", str(HOOKS)], check=True, capture_output=True
    )


@pytest.mark.needs("pre-commit", "git")
def test_the_hook_stops_a_commit_with_a_breach(
    program: Callable[[str], str], plans: Path, tmp_path: Path
) -> None:
    """As pre-commit runs it, but with this kehou: nothing is fetched."""
    hooks = [{**hook, "language": "system"} for hook in loaded(HOOKS)]
    [check] = [hook for hook in hooks if hook["id"] == "kehou-check"]
    check.pop("description")
    config = {"repos": [{"repo": "local", "hooks": [check]}]}
    (plans / ".pre-commit-config.yaml").write_text(json.dumps(config), "utf-8")
    env = environment(PRE_COMMIT_HOME=str(tmp_path / "cache"), GIT_CONFIG_GLOBAL=os.devnull)

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=plans, env=env, capture_output=True, encoding="utf-8", check=False
        )

    assert run("git", "init", "-q").returncode == 0
    run("git", "add", "方案/primary-compliant", ".pre-commit-config.yaml", "docs.yaml")
    good = run(program("pre-commit"), "run")
    assert good.returncode == 0, good.stdout
    assert "Passed" in good.stdout
    run("git", "add", "方案/first-check")
    bad = run(program("pre-commit"), "run")
    assert bad.returncode == 1
    assert "不符合 2 项" in bad.stdout


# --- GitHub ------------------------------------------------------------------------------------


@pytest.mark.needs("check-jsonschema")
@pytest.mark.parametrize(
    ("schema", "path"), [("vendor.github-actions", ACTION), ("vendor.gitlab-ci", GITLAB)]
)
def test_other_people_s_schemas_take_the_files(
    schema: str, path: Path, program: Callable[[str], str]
) -> None:
    run = subprocess.run(
        [program("check-jsonschema"), "--builtin-schema", schema, str(path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout


def step(name: str) -> dict[str, Any]:
    [found] = [s for s in loaded(ACTION)["runs"]["steps"] if s.get("name") == name]
    return dict(found)


def test_the_action_checks_and_passes_on_the_exit_code(plans: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("")
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("检查")["run"]],
        cwd=plans,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(
            KEHOU_PATHS="方案/*/",
            KEHOU_OPTIONS="--engine direct",
            KEHOU_REPORTS="报告",
            GITHUB_OUTPUT=str(output),
        ),
    )
    assert run.returncode == 1, run.stderr
    assert output.read_text("utf-8") == "exit-code=1\n"
    assert "::error file=方案/first-check/plan.yaml,line=122" in run.stdout
    assert {p.name for p in (plans / "报告").iterdir()} == {
        "report.json",
        "report.sarif",
        "report.junit.xml",
        "report.html",
    }


def test_what_a_caller_writes_never_becomes_a_command(plans: Path, tmp_path: Path) -> None:
    for one in loaded(ACTION)["runs"]["steps"]:
        assert "${{" not in one.get("run", "")
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("检查")["run"]],
        cwd=plans,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(
            KEHOU_PATHS="$(touch here) ; touch here",
            KEHOU_OPTIONS="`touch here`",
            KEHOU_REPORTS="报告",
            GITHUB_OUTPUT=str(tmp_path / "output"),
        ),
    )
    assert run.returncode == 2
    assert not (plans / "here").exists()


# --- GitLab ------------------------------------------------------------------------------------


def test_the_gitlab_job_writes_what_it_says_it_writes(plans: Path) -> None:
    job = loaded(GITLAB)["kehou"]
    variables = {**job["variables"], "KEHOU_OPTIONS": "--engine direct"}
    [script] = job["script"]
    run = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=plans,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(**variables),
    )
    assert run.returncode == 1, run.stderr
    assert "✗ 不符合" in run.stdout
    artifacts = job["artifacts"]
    assert artifacts["when"] == "always"
    for name in (*artifacts["paths"], *artifacts["reports"].values()):
        assert (plans / name).stat().st_size > 100, name
    quality = json.loads((plans / artifacts["reports"]["codequality"]).read_text("utf-8"))
    assert {i["location"]["path"] for i in quality} >= {"方案/first-check/plan.yaml"}
    assert job["allow_failure"] == {"exit_codes": 3}
