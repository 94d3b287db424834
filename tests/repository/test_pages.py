"""The pages for readers: every command block runs, and every output shown is what is printed."""

from __future__ import annotations

import contextlib
import glob
import io
import re
import runpy
import shutil
from pathlib import Path

import pytest
from tests.authoring import test_mistakes
from tests.support.pages import Command, Written, commands, copied, files, scene

from kehou import data
from kehou.authoring.lint import lint
from kehou.authoring.unfinished import MARK
from kehou.cli.command_table import COMMANDS
from kehou.cli.main import main
from kehou.fields import load_schema
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.render import FORMATS

ROOT = Path(__file__).parents[2]
OUTPUTS = runpy.run_path(str(ROOT / "scripts/page-outputs"))
PAGES = OUTPUTS["pages"]()
WITH_COMMANDS = [page for page in PAGES if commands(page)]
#: Commands that walk over everything, which a test of their own runs in shares.
LONG = ("--blind-spots",)
pytestmark = pytest.mark.checkout


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def chapter(name: str, heading: str) -> str:
    """The text under a heading of a page, up to the next one of the same depth or above."""
    depth = len(heading) - len(heading.lstrip("#"))
    [_, after] = text(name).split(f"\n{heading}\n")
    return re.split(rf"\n#{{1,{depth}}} ", after)[0]


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(name), re.MULTILINE | re.DOTALL)


def first_cells(name: str, heading: str) -> list[str]:
    """What stands in backquotes in the first column of a chapter's tables."""
    rows = re.findall(r"^\| (`.*?) \|", chapter(name, heading), re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`(.+?)`", row)]


def options_of(command: str) -> set[str]:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), pytest.raises(SystemExit):
        main([command, "--help"] if command else ["--help"])
    return set(
        re.findall(r"(?<![\w-])--?[a-z][a-z-]*", shown.getvalue().partition("\n退出码：")[0])
    )


# --- every command block --------------------------------------------------------------------


def _expanded(word: str) -> list[str]:
    """A word as a shell would hand it over: the files that a pattern names, in order."""
    return sorted(glob.glob(word)) or [word] if "*" in word else [word]


def _write(file: Written) -> None:
    Path(file.name).parent.mkdir(parents=True, exist_ok=True)
    Path(file.name).write_text(file.content, "utf-8")


def _run(command: Command) -> str:
    """Run one line where we stand; what is wrong with it, or nothing."""
    if command.words[0] == "rm":
        for name in command.words[1:]:
            Path(name).unlink()
        return ""
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        try:
            code = main([path for word in command.words[1:] for path in _expanded(word)])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
    if command.to:
        Path(command.to).write_text(out.getvalue(), "utf-8")
    if code in command.exits:
        return ""
    return f"{command.page}:{command.line}: {' '.join(command.words)}: {code}\n{told.getvalue()}"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_every_command_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene(ROOT, tmp_path)
    monkeypatch.chdir(tmp_path)
    [waivers] = [b for b in blocks("docs/bureau.md", "yaml") if b.startswith("waivers:\n")]
    Path("waivers.yaml").write_text(waivers, "utf-8")
    wrong = []
    given = files(page)
    for command in commands(page):
        while given and given[0].line < command.line:
            _write(given.pop(0))
        for folder in (".kehou",):
            Path(folder).mkdir(exist_ok=True)
        if not set(LONG) & set(command.words):
            wrong.append(_run(command))
        if command.words[1:2] == ("new",):  # as the page says, before it is linted
            for rule in Path("我的规则包").rglob("schedule-noon-end.yaml"):
                _rewrite(rule)
    assert [one for one in wrong if one] == []


def test_no_command_stands_outside_the_blocks_that_are_run() -> None:
    """A `text` block may show a command of another system alone; see docs/install.md."""
    strays = [
        f"{page.name}: {line}"
        for page in PAGES
        for block in blocks(str(page.relative_to(ROOT)), "text")
        for line in block.splitlines()
        if line.startswith(("kehou ", "$ kehou ")) and page.name != "install.md"
    ]
    assert strays == []


SHOWN = [
    (page, match) for page in PAGES for match in OUTPUTS["SHOWN"].finditer(page.read_text("utf-8"))
]


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("page", "match"), SHOWN, ids=[f"{page.name}-{i}" for i, (page, _) in enumerate(SHOWN)]
)
def test_the_output_shown_is_what_the_command_prints(page: Path, match: re.Match[str]) -> None:
    assert OUTPUTS["printed"](match[2]) == match[3], f"{page.name}：请运行 scripts/page-outputs"


def test_outputs_are_shown() -> None:
    assert {page.name for page, _ in SHOWN} >= {"README.md", "school.md"}


def test_the_first_output_of_the_readme_fits_a_screen() -> None:
    [shown] = [match[3] for page, match in SHOWN if page.name == "README.md"]
    assert len(shown.splitlines()) <= 25


# --- tables ---------------------------------------------------------------------------------

REFERENCE = "docs/commands.md"


def test_the_tables_are_those_of_the_program() -> None:
    made = runpy.run_path(str(ROOT / "scripts/page-tables"))
    for page in made["TABLES"]:
        assert made["rewritten"](page, text(page)) == text(page), "请运行 scripts/page-tables"


def test_every_option_is_told_and_every_one_told_exists() -> None:
    there = {o for command in ["", *COMMANDS] for o in options_of(command)}
    cells = first_cells(REFERENCE, "## 命令与选项")
    assert {word.split()[0] for word in cells if word.startswith("-")} == there
    for page in PAGES:
        own = page.name in ("library.md", "install.md", "architecture.md")
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page.read_text("utf-8")))
        others = {"--no-deps", "--no-index", "--find-links", "--require-hashes"}
        assert named - there - others == set() or own, page.name


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_says_which_command_takes_an_option(command: str) -> None:
    has = options_of(command)
    told: dict[str, bool] = {}
    for line in chapter(REFERENCE, "## 命令与选项").splitlines():
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


def test_every_command_and_format_is_told() -> None:
    cells = first_cells(REFERENCE, "## 命令与选项")
    told = [word.split()[1] for word in cells if word.startswith("kehou ")]
    assert told == list(COMMANDS)
    assert sorted(first_cells(REFERENCE, "## 输出格式")) == sorted(FORMATS)


def test_every_operator_is_told_with_its_meaning_of_none() -> None:
    table = text("docs/rules.md").partition("\n## 派生值")[0]
    rows = re.findall(r"^\| `(\w+)`( \*)? \| .* \| `\{", table, re.MULTILINE)
    told = {name: bool(star) for name, star in rows}
    assert told == {name: operator.when_absent for name, operator in OPERATORS.items()}


def test_outcomes_severities_stages_and_decisions_are_told() -> None:
    words = [*Outcome, *Severity, "return", "supplement", "refer", "accept"]
    assert [w for w in words if f"`{w}`" not in chapter(REFERENCE, "## 结论与建议")] == []
    assert [s for s in Stage if f"`{s}`" not in chapter(REFERENCE, "## 命令与选项")] == []


def test_the_names_of_evidence_files_are_read() -> None:
    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    known = {*schema.parts, *schema.root_stems}
    assert set(first_cells("docs/school.md", "## 佐证材料")) <= known
    of_bureau = chapter("docs/bureau.md", "## 教育局的数据")
    for name in re.findall(r"^\| `(\w+)` \|", of_bureau, re.MULTILINE):
        part = schema.root.fields[name]
        assert part.bureau or part.record


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_anchors_lead_to_a_heading(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text("utf-8"))
    for target, anchor in links:
        if not target.startswith("http") and target.endswith(("", ".md")):
            there = (page.parent / target) if target else page
            assert anchor in _anchors(there.read_text("utf-8")), f"{target}#{anchor}"


def _anchors(page: str) -> set[str]:
    """The anchors of a page's headings, made as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


# --- what the pages promise ------------------------------------------------------------------


def _small_plan() -> str:
    [plan] = [b for b in blocks("docs/school.md", "yaml") if b.startswith("学校:\n")]
    return plan


def test_the_small_plan_is_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(_small_plan(), "utf-8")
    assert main(["check", str(path)]) == 0
    assert "同意备案" in capsys.readouterr().out


def test_the_first_check_is_the_small_plan_with_three_mistakes() -> None:
    first = text("examples/first-check/plan.yaml")
    mine, theirs = _small_plan().splitlines(), first.splitlines()[3:]
    assert len(mine) == len(theirs)
    assert len([1 for a, b in zip(mine, theirs, strict=True) if a != b]) == 3


def test_the_waiver_shown_excuses_the_late_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [waivers] = [b for b in blocks("docs/bureau.md", "yaml") if b.startswith("waivers:\n")]
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
    copied(ROOT, Path("我的规则包"))
    shown = chapter("docs/rules.md", "## 四步一条规则")
    lines = re.findall(r"^\$ (.+?)(?: +# .*)?$", shown, re.MULTILINE)
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
            _rewrite(Path(words[1]))


def _rewrite(rule: Path) -> None:
    """Take from a rule and its cases what says that they are still to be rewritten."""
    for path in (rule, rule.with_name(f"{rule.stem}.test.yaml")):
        kept = [line for line in path.read_text("utf-8").split("\n") if line != MARK]
        path.write_text("\n".join(kept).replace("title: 示例：", "title: "), "utf-8")


def test_the_overlay_shown_ends_the_day_at_six(capsys: pytest.CaptureFixture[str]) -> None:
    overlay = str(ROOT / "docs/overlay-example")
    main(["check", str(ROOT / "examples/primary-compliant"), "--pack", overlay])
    assert "晚于18:00" in capsys.readouterr().out


def test_the_rule_and_the_cases_shown_are_those_of_the_pack() -> None:
    folder = data.rules() / "bayannur-2021" / "quality"
    shown = blocks("docs/rules.md", "yaml")
    [rule] = [b for b in shown if b.startswith("id: schedule-primary-end\n")]
    assert rule == folder.joinpath("schedule-primary-end.yaml").read_text("utf-8")
    [cases] = [b for b in shown if b.startswith("rule: schedule-primary-end\n")]
    beside = ROOT / "rules/bayannur-2021/quality/schedule-primary-end.test.yaml"
    assert beside.read_text("utf-8").startswith(cases)


EXCERPT = re.compile(
    r"^摘自 \[[^\]]+\]\(([^)]+)\)：\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def test_what_the_page_takes_from_a_pack_stands_there() -> None:
    excerpts = EXCERPT.findall(text("docs/rules.md"))
    assert len(excerpts) >= 5
    for file, shown in excerpts:
        assert shown in text(f"docs/{file}"), file


def test_the_mistakes_shown_are_told_as_the_page_says(tmp_path: Path) -> None:
    shown = chapter("docs/rules.md", "## 常见的十个错")
    told = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", shown, re.MULTILINE))
    known = {row["mistake"]: row for row in test_mistakes.MISTAKES}
    told = {mistake: said for mistake, said in told.items() if mistake in known}
    assert len(told) == 10
    for i, (mistake, said) in enumerate(told.items()):
        pack = tmp_path / str(i) / "pack-example"
        shutil.copytree(test_mistakes.EXAMPLE, pack)
        test_mistakes.make(pack, known[mistake])
        found = lint(str(pack / known[mistake].get("lint", "")))
        assert [f"{message}（{hint}）" for _, message, hint in found] == [said]


# --- README ---------------------------------------------------------------------------------


def test_the_two_commands_come_first() -> None:
    for name in ("README.md", "README.en.md"):
        page = text(name)
        assert page.startswith("# kehou")
        assert page.index("make demo") < page.index("make test") < 60


def test_the_readme_is_short_and_names_each_readers_page() -> None:
    assert len(text("README.md").encode()) <= 8 * 1024
    for name in ("school", "inspection", "scoring", "bureau", "rules", "ci", "commands", "library"):
        assert f"](docs/{name}.md)" in text("README.md")
