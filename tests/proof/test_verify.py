"""A report that somebody edited, or whose ground has moved, is not taken for what it was."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.share import share

from kehou import data
from kehou.cli.main import main
from kehou.proof import code_hash as tool
from kehou.proof import verify as verification
from kehou.render.programs import digest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "first-check"
#: Names of files on the machine of the first check, which cannot be computed again.
NAMES = {
    ("submission", "path"),
    ("run", "packs"),
    ("run", "data"),
    ("run", "waivers"),
    ("run", "baseline"),
}


def report_of(folder: Path, *options: str, source: Path = EXAMPLE) -> tuple[Path, Path]:
    """A copy of an example and its report."""
    plan, report = folder / "材料", folder / "report.json"
    shutil.copytree(source, plan)
    main(["check", str(plan), "--engine", "direct", "-o", f"json={report}", *options])
    return plan, report


def edit(report: Path, change: Any, reseal: bool = False) -> None:
    tree = json.loads(report.read_text("utf-8"))
    change(tree)
    if reseal:
        tree["digest"] = digest(tree)
    report.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")


def test_a_report_is_verified_by_running_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = report_of(tmp_path)
    capsys.readouterr()
    assert main(["verify", str(report)]) == 0
    shown = capsys.readouterr().out
    assert "结果：全部一致" in shown
    assert "✗" not in shown


def test_every_option_of_the_check_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    report_of(tmp_path)
    shutil.copy(ROOT / "examples/bureau/county_list.yaml", "清单.yaml")
    Path("waivers.yaml").write_text(
        "waivers:\n- {rule: schedule-primary-end, subject: '*', outcome: fail, reason: 示例, "
        "office: 示例旗教育局, until: '2022-01-15'}\n",
        "utf-8",
    )
    Path("核实.yaml").write_text(
        "attestations:\n- {school: '1508020001', rule: schedule-primary-end, verdict: fail,\n"
        "   subject: /plan/sessions/0, seen: 示例, office: 示例旗教育局, date: '2022-01-01',\n"
        "   until: '2022-12-31'}\n",
        "utf-8",
    )
    Path("kehou.yaml").write_text(
        "data: {county_list: 清单.yaml}\nwaivers: waivers.yaml\n", "utf-8"
    )
    overlay = str(ROOT / "docs/overlay-example")
    main(
        [
            "check",
            "材料",
            "--stage",
            "inspection",
            "--as-of",
            "2022-03-01",
            "--on",
            "2022-04-01",
            "--pack",
            overlay,
            "--lang",
            "en",
            "--reading",
            "strict",
            "--baseline",
            "report.json",
            "--engine",
            "direct",
            "-o",
            "json=r2.json",
            "--attestations",
            "核实.yaml",
        ]
    )
    tree = json.loads(Path("r2.json").read_text("utf-8"))
    assert tree["run"] == {
        "engine": "direct",
        "packs": [overlay],
        "data": [{"name": "county_list", "path": "清单.yaml"}],
        "waivers": "waivers.yaml",
        "baseline": "report.json",
        "attestations": ["核实.yaml"],
    }
    assert tree["packs"][0]["id"] == "bayannur-2021"
    assert len(tree["packs"]) == 2  # the overlay has its own hash
    Path("kehou.yaml").unlink()  # what is set on the machine that verifies does not matter
    capsys.readouterr()
    assert main(["verify", "r2.json"]) == 0, capsys.readouterr().out
    Path("waivers.yaml").write_bytes(Path("waivers.yaml").read_bytes() + b"# \n")
    assert main(["verify", "r2.json"]) == 1
    assert "豁免文件：不同" in capsys.readouterr().out


def test_a_changed_file_is_named_with_what_it_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, report = report_of(tmp_path)
    file = plan / "plan.yaml"
    file.write_text(file.read_text("utf-8").replace("18:40", "18:30"), "utf-8")
    capsys.readouterr()
    assert main(["verify", str(report)]) == 1
    shown = capsys.readouterr().out
    assert "✗ 材料 plan.yaml：不同" in shown
    assert "规则 小学课后服务结束时间不晚于18:30：不同（报告：不符合；现在：符合）" in shown
    assert "处不同" in shown.splitlines()[-1]


def test_a_submission_that_moved_is_found_where_it_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, report = report_of(tmp_path)
    plan.rename(tmp_path / "别处")
    assert main(["verify", str(report)]) == 1
    assert "现在没有" in capsys.readouterr().out
    assert main(["verify", str(report), str(tmp_path / "别处")]) == 0


def test_a_changed_pack_and_another_program_are_told_apart_from_another_outcome(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "规则包"
    shutil.copytree(data.rules() / "bayannur-2021", pack)  # type: ignore[arg-type]
    _, report = report_of(tmp_path, "--pack", str(pack))
    with (pack / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("# 一行注释\n")
    assert main(["verify", str(report)]) == 3
    assert "✗ 规则包 bayannur-2021：不同" in capsys.readouterr().out
    monkeypatch.setattr(tool, "sha256", lambda: "0" * 64)
    monkeypatch.chdir(tmp_path)
    shutil.rmtree(pack)
    shutil.copytree(data.rules() / "bayannur-2021", pack)  # type: ignore[arg-type]
    assert main(["verify", str(report)]) == 3
    shown = capsys.readouterr().out
    assert "✗ 程序 程序校验值：不同" in shown
    assert "材料与结论一致" in shown


def test_several_reports_are_each_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, _ = report_of(tmp_path)
    report, other = tmp_path / "two.json", str(ROOT / "examples/primary-compliant")
    main(["check", str(plan), other, "--engine", "direct", "-o", f"json={report}"])
    assert main(["verify", str(report)]) == 0
    assert capsys.readouterr().out.count("全部一致") == 2
    assert main(["verify", str(report), str(plan)]) == 2
    assert main(["verify", str(report), other, str(plan)]) == 1


def test_a_submission_that_cannot_be_read_is_verified_too(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    shutil.copy(ROOT / "examples/broken/unclosed-quote.yaml", plan)
    report = tmp_path / "report.json"
    assert main(["check", str(plan), "-o", f"json={report}"]) == 4
    assert main(["verify", str(report)]) == 0


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": "kehou-report/1"}',
        "[" * 100_000,
        '{"format": "kehou-reports/1", "reports": 3}',
    ],
    ids=["empty", "cut", "list", "nothing", "only-format", "deep", "no-list"],
)
def test_what_is_no_report_is_refused(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.json"
    path.write_text(content)
    assert main(["verify", str(path)]) == 4
    assert "内部出错" not in capsys.readouterr().err


def test_the_program_reads_the_same_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = report_of(tmp_path)

    def lenient(tree: Any) -> None:
        tree["results"][0]["findings"][0]["message"] = "没有问题"

    edit(report, lenient, reseal=True)
    capsys.readouterr()
    assert main(["verify", str(report), "-o", "json"]) == 1
    [one] = json.loads(capsys.readouterr().out)["reports"]
    [wrong] = [item for item in one["items"] if item["state"] != "same"]
    assert one["verdict"] == "differs"
    assert wrong["recorded"] == "没有问题"
    assert wrong["name"].endswith("/message")


# --- every scalar ----------------------------------------------------------------------------


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, (*path, i))
    else:
        yield path


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def flipped(value: Any, draw: st.DrawFn) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw(st.sampled_from([-1, 1, 7]))
    if isinstance(value, str) and len(value) == 64:
        return hashlib.sha256(value.encode()).hexdigest()
    if isinstance(value, str):
        return draw(st.sampled_from([value + "。", "pass", "fail", "", value[:-1]]))
    return draw(st.sampled_from(["x", 0, True]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("made")
    plan, report = report_of(folder)
    return plan, report, json.loads(report.read_text("utf-8"))


@given(st.data())
@settings(max_examples=share(48, 12))
def test_an_edited_scalar_is_always_seen(
    made: tuple[Path, Path, dict[str, Any]], drawn: st.DataObject
) -> None:
    """Whether the editor made the digest anew or not; 400 runs by hand saw every one."""
    plan, report, tree = made
    edited = copy.deepcopy(tree)
    paths = [path for path in leaves(tree) if path[0] != "digest"]
    path = drawn.draw(st.sampled_from(paths))
    before = at(tree, path)
    after = drawn.draw(st.composite(lambda draw: flipped(before, draw))())
    if after == before and type(after) is type(before):
        return
    at(edited, path[:-1])[path[-1]] = after
    sealed = drawn.draw(st.booleans())
    if sealed and path[:2] not in NAMES:
        edited["digest"] = digest(edited)
    other = report.with_name("edited.json")
    other.write_text(json.dumps(edited, ensure_ascii=False), "utf-8")
    code = main(["verify", str(other), str(plan), "-o", f"json={os.devnull}"])
    assert code in (1, 2, 3, 4), (path, before, after)
    if path[0] not in ("tool", "packs"):
        assert code != 3, (path, before, after)


def test_the_fresh_report_is_the_same_without_a_program_in_between(
    made: tuple[Path, Path, dict[str, Any]],
) -> None:
    tree = made[2]
    items = verification.compare(tree, copy.deepcopy(tree))
    assert verification.is_same(items)
    swapped = copy.deepcopy(tree)
    swapped["results"].reverse()
    assert not verification.is_same(verification.compare(swapped, tree))


# --- the program itself ------------------------------------------------------------------------


def test_wheel_and_checkout_have_the_same_hash() -> None:
    """Computed here from a checkout; where the tests run against a wheel, the two are compared."""
    checkout = Path(os.environ.get("KEHOU_CHECKOUT") or ROOT)
    found: dict[str, bytes] = {}
    for folder, prefix in (
        ("engine/kehou", "kehou/"),
        ("schemas", "schemas/"),
        ("reports", "reports/"),
    ):
        for path in (checkout / folder).rglob("*"):
            name = path.relative_to(checkout / folder).as_posix()
            if path.is_file() and "__pycache__" not in name:
                found[prefix + name] = path.read_bytes()
    text = hashlib.sha256()
    for name in sorted(found):
        text.update(f"{name}\0{len(found[name])}\0".encode() + found[name])
    assert tool.sha256() == text.hexdigest()


def test_a_report_to_keep_names_the_program_that_made_it(tmp_path: Path) -> None:
    names = ("json", "html", "sarif", "junit")
    wanted = [word for name in names for word in ("-o", f"{name}={tmp_path / name}")]
    main(["check", str(EXAMPLE), "--engine", "direct", *wanted])
    for name in names:
        assert tool.sha256() in (tmp_path / name).read_text("utf-8"), name


def test_a_check_that_is_only_shown_does_not_hash_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never() -> str:
        raise AssertionError("hashed")

    monkeypatch.setattr(tool, "sha256", never)
    assert main(["check", str(EXAMPLE), "--engine", "direct"]) == 1


def test_a_report_made_with_a_pack_that_calls_itself_as_an_installed_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Judged again by the same pack it is the same; that the pack is another decides."""
    pack = tmp_path / "规则包"
    shutil.copytree(data.rules() / "bayannur-2021", pack)  # type: ignore[arg-type]
    file = pack / "quality" / "schedule-primary-end.yaml"
    text = file.read_text("utf-8")
    assert "severity: major" in text
    file.write_text(text.replace("severity: major", "severity: advice"), "utf-8")
    _, report = report_of(tmp_path, "--pack", str(pack))
    capsys.readouterr()
    assert main(["verify", str(report)]) == 3
    assert "✗ 与本机安装的规则包 bayannur-2021：不同" in capsys.readouterr().out
    assert main(["verify", str(report), "--pack", str(pack)]) == 0
