"""Whole runs over some schools, in worker processes as they are."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.support.command_line import PROGRAM, here
from tests.support.school_batch import write_register, write_schools

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three good examples, one broken, one that came twice, a file that is none."""
    folder = tmp_path_factory.mktemp("batch")
    schools = folder / "各校材料"
    for name in ("primary-compliant", "junior-breaches"):
        shutil.copytree(EXAMPLES / name, schools / "东镇" / name)
    (schools / "坏校").mkdir()
    (schools / "坏校" / "plan.yaml").write_text("学校:\n\t名称: 坏\n", "utf-8")
    shutil.copy(EXAMPLES / "first-check" / "plan.yaml", schools / "一.yaml")
    shutil.copy(EXAMPLES / "first-check" / "plan.yaml", schools / "二.yaml")
    (schools / "说明.txt").write_text("x")
    return folder


def test_a_folder_of_schools_is_a_batch(made: Path, tmp_path: Path) -> None:
    out = ("-o", "text", "-o", f"docx={tmp_path}/意见/{{学校标识码}}.docx")
    both = ("-o", f"json={tmp_path}/全部.json", "-o", f"summary={tmp_path}/汇总.html")
    code, told, complained = here(
        "check", "各校材料", *out, *both, "--store", str(tmp_path / "存"), cwd=made
    )
    assert code == 4
    assert "没有读出 1 所" in told
    assert "坏校：plan.yaml:2:1" in told, "说的是哪一所"
    assert "1508020006 有几份材料" in complained
    assert "各校材料/说明.txt" in told
    names = sorted(file.name for file in (tmp_path / "意见").iterdir())
    assert names == ["1508020002.docx", "1508020003.docx", "各校材料_坏校.docx"]
    reports = json.loads((tmp_path / "全部.json").read_text("utf-8"))["reports"]
    assert [one["submission"]["path"] for one in reports] == [
        "各校材料/东镇/junior-breaches",
        "各校材料/东镇/primary-compliant",
        "各校材料/坏校",
    ]
    assert "和平初级中学" in (tmp_path / "汇总.html").read_text("utf-8")


def test_joined_files_are_those_of_a_check_of_the_same_paths(made: Path, tmp_path: Path) -> None:
    paths = [f"各校材料/东镇/{name}" for name in ("junior-breaches", "primary-compliant")]
    for format in ("json", "csv", "sarif", "junit", "gitlab"):
        at_once = ("check", *paths, "-o", f"{format}={tmp_path}/一次")
        in_batch = ("check", *paths, "-o", f"{format}={tmp_path}/分批")
        here(*at_once, cwd=made)
        here(*in_batch, "--jobs", "2", "--store", str(tmp_path / "存"), cwd=made)
        assert (tmp_path / "一次").read_bytes() == (tmp_path / "分批").read_bytes(), format


def test_what_has_not_changed_is_not_judged_again(made: Path, tmp_path: Path) -> None:
    schools = tmp_path / "各校材料"
    shutil.copytree(made / "各校材料" / "东镇", schools)
    call = ("check", "各校材料", "-o", "json=报告/{id}.json", "-q")
    here(*call, cwd=tmp_path)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "报告").iterdir()}
    plan = schools / "primary-compliant" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("清校时间: 18:30", "清校时间: 18:20"), "utf-8")
    _, _, complained = here(*call, cwd=tmp_path)
    assert "1 所没有变化，用已有的结果；要查 1 所" in complained
    changed = {file.name for file, at in before.items() if file.stat().st_mtime_ns != at}
    assert changed == {"1508020002.json"}
    (tmp_path / "报告" / "1508020003.json").write_text("改过", "utf-8")
    here(*call, cwd=tmp_path)
    assert json.loads((tmp_path / "报告" / "1508020003.json").read_text("utf-8"))


def test_a_run_of_another_kind_uses_nothing_of_the_first(made: Path, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "存"), "-q")
    here("check", "各校材料/东镇", *store, cwd=made)
    for other in (("--on", "2021-10-01"), ("--as-of", "2021-10-01"), ("--engine", "direct")):
        _, _, complained = here("check", "各校材料/东镇", *store, *other, cwd=made)
        assert "没有变化" not in complained, other


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path, how: signal.Signals) -> None:
    write_schools(tmp_path / "各校材料", 9)
    call = (*PROGRAM, "check", "各校材料", "--jobs", "1", "-o", "json=报告/{id}.json")
    started = subprocess.Popen(
        call,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # a shell lets what it runs in the background ignore an interrupt, and that is inherited
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob(".kehou/*/*.kept.gz"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    started.send_signal(how)
    _, complained = started.communicate(timeout=60)
    kept = len(list(tmp_path.glob(".kehou/*/*.kept.gz")))
    if how is signal.SIGINT:
        assert started.returncode == 130
        assert "从这里接着查" in complained.decode("utf-8")
    time.sleep(1)
    code, _, told = here("check", "各校材料", "-o", "json=报告/{id}.json", cwd=tmp_path)
    assert code == 4  # one of the nine is broken
    assert int(told.split("kehou：")[1].split(" ")[0]) >= kept, "已经查好的一份也没有丢"
    assert len(list((tmp_path / "报告").iterdir())) == 9
    assert not list(tmp_path.glob(".kehou/unpacked-*"))


def test_the_register_tells_who_is_missing_and_leaves_the_exit_code(tmp_path: Path) -> None:
    schools = write_schools(tmp_path / "各校材料", 3)
    write_register(tmp_path / "名单.csv", schools)
    call = ("check", "各校材料", "--engine", "direct")
    plain, _, _ = here(*call, cwd=tmp_path)
    with open(tmp_path / "名单.csv", "a", encoding="utf-8") as register:
        register.write("1508999999,未报小学（示例）,临河区,东镇,小学,是,\n")
    code, told, _ = here(*call, "--data", "register=名单.csv", cwd=tmp_path)
    assert code == plain
    assert "未报送 1 所\n  未报小学（示例）" in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("-o", "html=全部.html"), "要一份材料一个文件"),
        (("-o", "docx={学校代码}.docx"), "不认得"),
        (("-o", "docx={旗县区}.docx"), "都要写到"),
        (("-o", "summary=汇总.pdf"), "汇总写成"),
        (("-o", "summary={id}.html"), "汇总只有一份"),
        (("-o", "json=各校材料/报告/{id}.json"), "不能写在所查的文件夹里"),
        (("--jobs", "0"), "至少是 1"),
        (("--data", "register=没有.csv"), "找不到名单"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_judged(
    made: Path, tmp_path: Path, given: tuple[str, ...], told: str
) -> None:
    folder = tmp_path / "各校材料"
    for name in ("甲", "乙"):
        shutil.copytree(EXAMPLES / "primary-compliant", folder / name)
        plan = folder / name / "plan.yaml"
        plan.write_text(plan.read_text("utf-8").replace("1508020002", f"15080{ord(name)}"), "utf-8")
    code, _, complained = here("check", "各校材料", *given, cwd=tmp_path)
    assert (code, told in complained) == (2, True), complained
    assert not list(tmp_path.glob(".kehou/*/*.kept.gz"))


def test_results_that_may_have_been_handed_in_are_not_believed(tmp_path: Path) -> None:
    """Whoever hands in a folder of schools may put results of his own into it."""
    for name in ("first-check", "junior-breaches"):
        shutil.copytree(EXAMPLES / name, tmp_path / name)
    call = ("check", ".", "--engine", "direct", "-q")
    first = here(*call, cwd=tmp_path)
    assert first[0] == 1
    for file in tmp_path.glob(".kehou/*/*.kept.gz"):
        entry = json.loads(gzip.decompress(file.read_bytes()))
        entry |= {"code": 0, "decision": "accept", "rules": []}
        file.write_bytes(gzip.compress(json.dumps(entry, ensure_ascii=False).encode()))
    second = here(*call, cwd=tmp_path)
    assert second[:2] == first[:2]
    assert "没有采用 .kehou" in second[2]
