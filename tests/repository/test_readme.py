"""README against the program: options, operators, words and every output that it shows."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from kehou import data
from kehou.cli.command_table import COMMANDS
from kehou.cli.main import main
from kehou.fields import load_schema
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.render import FORMATS

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())"]


@cache
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def chapter(heading: str) -> str:
    """The text under a heading, up to the next one of the same depth or above."""
    depth = len(heading) - len(heading.lstrip("#"))
    [_, text] = readme().split(f"\n{heading}\n")
    return re.split(rf"\n#{{1,{depth}}} ", text)[0]


def first_cells(heading: str) -> list[str]:
    """What stands in backquotes in the first column of a chapter's tables."""
    rows = re.findall(r"^\| (`.*?) \|", chapter(heading), re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`(.+?)`", row)]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)


def options_of(command: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        main([command, "--help"] if command else ["--help"])
    shown = capsys.readouterr().out.partition("\n退出码：")[0]
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", shown))


# --- tables --------------------------------------------------------------------------------


def test_the_two_commands_come_first() -> None:
    assert readme().startswith("# kehou")
    assert readme().index("make demo") < readme().index("make test") < 60


def test_every_option_is_in_the_readme_and_every_one_there_exists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = {o for command in ["", *COMMANDS] for o in options_of(command, capsys)}
    told = {word.split()[0] for word in first_cells("## 命令与选项") if word.startswith("-")}
    assert told == there
    elsewhere = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", readme()))
    assert elsewhere <= there


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_says_which_command_takes_an_option(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    has = options_of(command, capsys)
    told: dict[str, bool] = {}
    for line in chapter("## 命令与选项").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `-") or not cells[1]:
            continue
        long = re.findall(r"--[a-z-]+", cells[0])[0]
        takes = {"全部": True, "除 schema 外": command != "schema"}.get(
            cells[1], command in cells[1].split("、")
        )
        told[long] = told.get(long, False) or takes  # a row for each thing that it takes
    assert {long for long, takes in told.items() if takes} == {
        option for option in has if option.startswith("--") and option in told
    }


def test_every_command_is_in_the_readme() -> None:
    told = [word for word in first_cells("## 命令与选项") if word.startswith("kehou ")]
    assert [word.split()[1] for word in told] == list(COMMANDS)


def test_the_tables_are_those_of_the_program() -> None:
    rewritten = runpy.run_path(str(ROOT / "scripts/readme-tables"))["rewritten"]
    assert rewritten(readme()) == readme(), "请运行 scripts/readme-tables"


def test_every_format_is_in_the_readme() -> None:
    told = first_cells("## 第一次检查")
    assert sorted(told) == sorted(FORMATS)


def test_every_operator_is_in_the_readme_with_its_meaning_of_none() -> None:
    told = {
        name: bool(star)
        for name, star in re.findall(
            r"^\| `(\w+)`( \*)? \| .* \| `\{", chapter("## 编写规则"), re.MULTILINE
        )
    }
    assert told == {name: operator.when_absent for name, operator in OPERATORS.items()}


def test_outcomes_severities_stages_and_decisions_are_in_the_readme() -> None:
    text = chapter("## 结论与建议")
    words = [*Outcome, *Severity, "return", "supplement", "refer", "accept"]
    assert [word for word in words if f"`{word}`" not in text] == []
    assert [stage for stage in Stage if f"`{stage}`" not in chapter("## 命令与选项")] == []


def test_the_names_of_evidence_files_are_read() -> None:
    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    known = {*schema.parts, *schema.root_stems}
    assert set(first_cells("## 佐证材料")) <= known
    for name in re.findall(r"^\| `(\w+)` \|", chapter("## 教育局的数据"), re.MULTILINE):
        part = schema.root.fields[name]
        assert part.bureau or part.record


def test_files_that_the_readme_links_to_exist() -> None:
    links = re.findall(r"\]\((?!#|http)([^)]+)\)", readme())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert [a for a in re.findall(r"\]\(#([^)]+)\)", readme()) if not _heading(a)] == []


def _heading(anchor: str) -> bool:
    """Whether a heading has this anchor, made as GitHub makes it."""
    titles = re.findall(r"^#+ (.+)$", readme(), re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


# --- what it shows -------------------------------------------------------------------------

SHOWN = [
    b
    for b in re.findall(
        r"^\$ (kehou check (?:[^\n]*\\\n)*[^\n]*)\n((?:(?!\$ |```).*\n)+)",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
]


@pytest.mark.both_engines
@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[c.split()[2] for c, _ in SHOWN])
def test_the_output_shown_is_what_the_command_prints(command: str, shown: str) -> None:
    arguments = command.replace("\\\n", " ").split()[1:]
    run = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert run.stdout == shown, "README 里的输出不是现在的输出，请重新运行并粘贴"


def test_two_outputs_are_shown() -> None:
    assert len(SHOWN) == 2


def test_the_small_plan_of_the_readme_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [plan] = [b for b in blocks("yaml") if b.startswith("学校:\n")]
    path = tmp_path / "plan.yaml"
    path.write_text(plan, "utf-8")
    assert main(["check", str(path)]) == 0
    assert "建议：同意备案" in capsys.readouterr().out


def test_the_first_check_is_the_small_plan_with_three_mistakes() -> None:
    [plan] = [b for b in blocks("yaml") if b.startswith("学校:\n")]
    first = (ROOT / "examples/first-check/plan.yaml").read_text("utf-8")
    mine, theirs = plan.splitlines(), first.splitlines()[3:]
    assert len(mine) == len(theirs)
    assert len([1 for a, b in zip(mine, theirs, strict=True) if a != b]) == 3


def test_the_waiver_of_the_readme_excuses_the_late_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [waivers] = [b for b in blocks("yaml") if b.startswith("waivers:\n")]
    path = tmp_path / "waivers.yaml"
    path.write_text(waivers, "utf-8")
    main(["check", str(ROOT / "examples/first-check"), "--waivers", str(path)])
    shown = capsys.readouterr().out
    assert "不符合 1 项" in shown
    assert "已豁免 1 项" in shown


def test_a_newcomer_makes_a_rule_with_the_four_commands_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "rules/bayannur-2021", "我的规则包")
    lines = re.findall(r"^\$ (.+?)(?: +# .*)?$", chapter("## 编写规则"), re.MULTILINE)
    made = [line.split() for line in lines if "我的规则包" in line]
    assert [words[:2] for words in made] == [
        ["kehou", "new"],
        ["vi", "我的规则包/quality/schedule-noon-end.yaml"],
        ["kehou", "test"],
        ["kehou", "lint"],
    ]
    for words in made:
        if words[0] == "kehou":
            assert main(words[1:]) == 0, words
        else:
            assert Path(words[1]).is_file()


def test_the_overlay_of_the_readme_ends_the_day_at_six(
    capsys: pytest.CaptureFixture[str],
) -> None:
    overlay = str(ROOT / "docs/overlay-example")
    main(["check", str(ROOT / "examples/primary-compliant"), "--pack", overlay])
    assert "晚于18:00" in capsys.readouterr().out


def test_the_rule_and_the_cases_shown_are_those_of_the_pack() -> None:
    folder = data.rules() / "bayannur-2021" / "quality"
    [rule] = [b for b in blocks("yaml") if b.startswith("id: ")]
    assert rule == folder.joinpath("schedule-primary-end.yaml").read_text("utf-8")
    [cases] = [b for b in blocks("yaml") if b.startswith("rule: ")]
    beside = ROOT / "rules/bayannur-2021/quality/schedule-primary-end.test.yaml"
    assert beside.read_text("utf-8").startswith(cases)
