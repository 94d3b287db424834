#!/usr/bin/env python3
"""几百所学校走一遍：造材料、检查、汇总、发信、核查表、核实、再查、通报、通知、复查、计分。

    .venv/bin/python docs/many-schools.py 300 试跑文件夹 [--kill] [--stage inspection]

在 kehou 的源代码文件夹里运行（make .venv/ready 以后）。学校由测试用的生成器编造
（tests/support/school_batch.py，种子固定，虚构）：一校一个文件夹、YAML、JSON、Excel 表格或 zip，
其中有写坏的、没有方案的、交了两份的、没有报送的。每一步写明用时、内存和退出码；
--kill 在第一次检查中途强行结束它，再运行同一条命令，看丢了什么。--engine direct 只用一个引擎。
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.school_batch import School, write_register, write_schools  # noqa: E402

KEHOU = (sys.executable, "-m", "kehou")
BUREAU = ROOT / "examples" / "bureau" / "county_list.yaml"
SCHEME = ROOT / "docs" / "scheme-example" / "scheme.yaml"
#: What a run of the six schools of a test holds: one of each kind there is.
FEW = {1: "sound", 2: "breach", 3: "broken", 4: "nothing", 5: "double", 6: "absent"}
HEADER_ROW = 7
SOME = 3


@dataclass(frozen=True)
class Ran:
    """A command that ran: its exit code, seconds, and MB of its largest process and of all."""

    code: int
    seconds: float
    largest: int
    whole: int
    told: str


def main() -> int:
    """Run everything; 0 where each step came out as the schools are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schools", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--stage", choices=("approval", "inspection"), default="approval")
    parser.add_argument("--engine", choices=("both", "direct"), default="both")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    os.chdir(asked.folder)
    started = time.monotonic()
    schools = made(asked.schools)
    tell("造材料", f"{len(schools)} 所", time.monotonic() - started)
    first_check(schools, asked)
    letters(schools, asked)
    year_end(schools, asked)
    print(f"\n总用时 {time.monotonic() - started:.0f} 秒")
    return 0


def made(count: int) -> list[School]:
    """The schools, and the register in which they stand."""
    kinds = FEW if count < 50 else None
    schools = write_schools(Path("各校材料"), count, made=kinds, forms=True)
    write_register(Path("学校名单.csv"), schools)
    return schools


def first_check(schools: list[School], asked: argparse.Namespace) -> None:
    """Check and sum up, killed midway where that is wanted; and once more, unchanged."""
    command = ["check", "各校材料", "--stage", asked.stage, *by(asked)]
    command += ["--data", "register=学校名单.csv", "--data", f"county_list={BUREAU}"]
    command += [f"-osummary=汇总.{kind}" for kind in ("html", "xlsx", "json")]
    command += ["-odocx=意见/{学校标识码}.docx"]
    if asked.kill:
        killed(command, len(schools))
    before = digests("意见")
    ran = run("检查、汇总、一校一份意见", command)
    expect(ran, 4, "有写坏的、交了两份的")
    lost = [name for name, digest in before.items() if digests("意见").get(name) != digest]
    if asked.kill:
        told = f"接着查以后丢失或不同的 {len(lost)} 份"
        print(f"  强行结束时写好的 {len(before)} 份意见，{told}")
    assert not lost, lost
    kinds = [one.made for one in schools]
    judged = sum(kind in ("sound", "breach") for kind in kinds)
    unread = sum(kind in ("broken", "nothing") for kind in kinds)
    assert len(digests("意见")) == judged + unread, (len(digests("意见")), judged, unread)
    print(
        f"  学校 {len(kinds)}：能判断 {judged}，读不出 {unread}，两份 {kinds.count('double')}，"
        f"未报送 {kinds.count('absent')}"
    )
    expect(run("同样的材料再查一遍", command), 4, "没有变的不重查")


def killed(command: list[str], schools: int) -> None:
    """Start the check and kill it, with all its workers, when half of the opinions are there."""
    child = subprocess.Popen(
        [*KEHOU, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while child.poll() is None and len(digests("意见")) < schools // 2:
        time.sleep(0.1)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    print(f"强行结束（SIGKILL）：已写好 {len(digests('意见'))} 份意见")


def letters(schools: list[School], asked: argparse.Namespace) -> None:
    """Letters; an inspection round: worksheets, what was seen, the check after, what follows."""
    request = ["request", "各校材料", "-odocx=补正/{学校标识码}.docx"]
    expect(run("补正的信，一校一封", request), 4, "读不出的没有信")
    inspect = ["check", "各校材料", "--stage", "inspection", "--on", "2021-11-17", *by(asked)]
    inspect += ["--data", f"county_list={BUREAU}", "-q"]
    before = [*inspect, "-ojson=检查前/{学校标识码}.json", "-osummary=检查前.json"]
    expect(run("检查前，一校一份报告", before), 4, "有读不出的")
    worksheet = ["worksheet", "检查前", "-oxlsx=核查表/{学校标识码}.xlsx"]
    expect(run("核查表，一校一份", worksheet), 0, "")
    sample = ["worksheet", "检查前", "--sample", str(min(SOME, judged(schools))), "--seed", "一"]
    expect(run("抽样的核查表，一个文件", [*sample, "-oxlsx=抽样.xlsx", "-odocx=抽样.docx"]), 0, "")
    filled = fill(schools)
    tell("填写核查表（由程序代填）", f"{filled} 行", 0)
    expect(run("读回核查表", ["attest", *map(str, sheets(schools)), "-oyaml=核实.yaml"]), 0, "")
    after = [*inspect, "--attestations", "核实.yaml", "--baseline", "检查前.json"]
    after += ["-ojson=检查后/{学校标识码}.json", "-osummary=检查后.html"]
    expect(run("检查后，与检查前相比", after), 4, "")
    due = ["--due", "2021-12-10"]
    circular = ["circular", "检查后", *due, "-odocx=通报.docx", "-ocsv=问题清单.csv"]
    expect(run("通报", circular), 0, "")
    notice = ["notice", "检查后", *due, "-odocx=通知书/{学校标识码}.docx"]
    notice += ["-ojson=通知书/{学校标识码}.json", "--reply", "回复表/{学校标识码}.xlsx"]
    expect(run("整改通知和回复表，一校一份", notice), 4, "读不出的没有通知")
    files = (".yaml", ".json")
    for one in [s for s in schools if s.made == "breach" and s.path.endswith(files)][:SOME]:
        recheck(one)
    pages()


def recheck(one: School) -> None:
    """A school puts its breach right and is looked at again."""
    place = Path("整改后") / Path(one.path).name
    place.parent.mkdir(exist_ok=True)
    text = Path(one.path).read_text("utf-8")
    place.write_text(text.replace("集体授课", "作业", 1), "utf-8")
    files = [f"通知书/{one.id}.json", f"回复表/{one.id}.xlsx", str(place)]
    ran = run(f"复查 {one.name}", ["recheck", *files, "-otext"])
    assert "已整改" in ran.told, ran.told


def year_end(schools: list[School], asked: argparse.Namespace) -> None:
    """The reports of the year's end, and the ranking by a scheme."""
    check = ["check", "各校材料", "--stage", "assessment", "--on", "2022-01-20", *by(asked), "-q"]
    expect(run("年终报告，一校一份", [*check, "-ojson=年终/{学校标识码}.json"]), 4, "")
    score = ["score", "--scheme", str(SCHEME), "年终", "--ranking", "xlsx=排名.xlsx"]
    run("计分、排名，一校一份", [*score, "-oxlsx=得分/{学校标识码}.xlsx"])


# --- people --------------------------------------------------------------------------------


def sheets(schools: list[School]) -> list[Path]:
    """The worksheets that inspectors fill in: of the schools that could be judged, the first."""
    found = [Path(f"核查表/{one.id}.xlsx") for one in schools if one.made in ("sound", "breach")]
    return found[: max(SOME, len(found) // 10)]


def fill(schools: list[School]) -> int:
    """Write into the worksheets as inspectors would; how many rows."""
    import openpyxl

    draw, filled = random.Random(78), 0
    for file in sheets(schools):
        book = openpyxl.load_workbook(file)
        for page in book.worksheets:
            at = {page.cell(HEADER_ROW, c).value: c for c in range(1, page.max_column + 1)}
            head = "某旗县教育局（示例）", "2021年11月17日", "2022-01-31"
            for row, text in enumerate(head, 3):
                page.cell(row, 3).value = text
            for row in range(HEADER_ROW + 1, page.max_row + 1):
                if page.cell(row, at["校验码"]).value and draw.random() < 0.3:
                    page.cell(row, at["核实结论"]).value = "符合"
                    page.cell(row, at["所见"]).value = "当场查看"
                    page.cell(row, at["佐证"]).value = "照片1"
                    filled += 1
        book.save(file)
    return filled


# --- running and telling -------------------------------------------------------------------


def run(title: str, command: list[str]) -> Ran:
    """Run a command, and tell its time, its memory and its exit code."""
    started = time.monotonic()
    with open("屏幕.txt", "wb") as screen:
        child = subprocess.Popen([*KEHOU, *command], stdout=screen, stderr=subprocess.STDOUT)
        largest = whole = 0
        while child.poll() is None:
            sizes = list(map(_kilobytes, _tree(child.pid)))
            largest, whole = max([largest, *sizes]), max(whole, sum(sizes))
            time.sleep(0.2)
    seconds = time.monotonic() - started
    told = Path("屏幕.txt").read_text("utf-8", "replace")
    memory = f"，内存 最大进程 {largest // 1024} MB、合计 {whole // 1024} MB" if whole else ""
    tell(title, f"退出码 {child.returncode}{memory}", seconds)
    return Ran(child.returncode, seconds, largest // 1024, whole // 1024, told)


def expect(ran: Ran, code: int, why: str) -> None:
    """That a command came out as it must."""
    assert ran.code == code, (ran.code, code, why, ran.told[-2000:])


def tell(title: str, what: str, seconds: float) -> None:
    """A line for a step."""
    print(f"{title}：{what}，{seconds:.1f} 秒", flush=True)


def by(asked: argparse.Namespace) -> list[str]:
    """Which engines check."""
    return ["--engine", asked.engine]


def judged(schools: list[School]) -> int:
    """How many schools can be judged."""
    return sum(one.made in ("sound", "breach") for one in schools)


def digests(folder: str) -> dict[str, str]:
    """The files of a folder that are whole, with their digests."""
    found = {}
    for file in sorted(Path(folder).glob("*.docx")):
        found[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def pages() -> None:
    """The longest of each kind of document as LibreOffice prints it, where there is one."""
    if not (shutil.which("soffice") and shutil.which("pdfinfo")):
        print("没有 LibreOffice 和 pdfinfo，不数页")
        return
    profile = f"-env:UserInstallation={(Path.cwd() / 'profile').as_uri()}"
    for folder in ("意见", "补正", "通知书", "."):
        files = sorted(Path(folder).glob("*.docx"), key=lambda file: file.stat().st_size)
        for file in files[-1:] if folder != "." else files:
            print_it = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", "页数"]
            subprocess.run([*print_it, str(file)], capture_output=True, check=True)
            told = subprocess.run(
                ["pdfinfo", f"页数/{file.stem}.pdf"], capture_output=True, check=True, text=True
            ).stdout
            count = next(line.split()[1] for line in told.splitlines() if line.startswith("Pages"))
            of = f"（{len(files)} 份中最大的）" if folder != "." else ""
            print(f"  {file}{of}：{count} 页")


def _tree(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = place.read_text()
        except OSError:
            continue
        parent = int(text[text.rindex(")") + 2 :].split()[1])
        children.setdefault(parent, []).append(int(place.parent.name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def _kilobytes(pid: int) -> int:
    """What a process holds for itself and its part of what it shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
