"""Folders of many invented schools, drawn from a seed: mixed formats, broken ones, doubles.

Every school is the compliant example under a name, code and township of its own, some with a
breach planted. The ledger says what became of each, so that a test need not look.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
TOWNSHIPS = ("东渠镇", "西渠镇", "苇塘镇", "沙枣苏木", "城中街道")


@dataclass(frozen=True)
class School:
    """A school; ``made`` is sound, breach, broken, nothing (it has no plan), double or absent."""

    id: str
    name: str
    township: str
    made: str
    path: str = ""


def write_schools(
    folder: Path,
    count: int,
    seed: int = 1,
    made: Mapping[int, str] | None = None,
    forms: bool = False,
) -> list[School]:
    """``count`` schools below ``folder``, and what each of them is.

    ``made`` says it of some by their number; with ``forms`` one in five is a filled-in form.
    """
    kinds = made or {}
    draw = random.Random(seed)
    whole = (EXAMPLES / "primary-compliant" / "plan.yaml").read_text("utf-8")
    timetable = EXAMPLES / "primary-compliant" / "作息时间表.yaml"
    found: list[School] = []
    for n in range(1, count + 1):
        code, name = f"15089{n:05d}", f"第{n}小学（示例）"
        township = TOWNSHIPS[n % len(TOWNSHIPS)]
        drawn = _made(n, draw)
        kind = kinds.get(n, drawn)
        text = _named(whole, code, name, township, draw)
        if kind == "breach":
            text = text.replace("活动: 作业\n", "活动: 集体授课\n", 1)
        place = folder / township / f"{n:03d}{name}"
        path = place
        if kind == "absent":
            found.append(School(code, name, township, kind))
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind == "nothing":
            place.mkdir()
            (place / "课后服务.docx").write_bytes(b"PK")
        elif kind == "broken":
            place.mkdir()
            (place / "plan.yaml").write_text("学校:\n\t学校名称: 坏的\n", "utf-8")
        elif n % 5 == 2:
            path = place.with_suffix(".yaml")
            path.write_text(text, "utf-8")
        elif n % 5 == 3:
            path = place.with_suffix(".json")
            tree = yaml.load(text, yaml.BaseLoader)
            path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
        elif n % 5 == 4:
            path = place.with_suffix(".zip")
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(f"{name}/plan.yaml", text)
                archive.write(timetable, f"{name}/作息时间表.yaml")
        elif forms and n % 5 == 0:
            path = place.with_suffix(".xlsx")
            own = {"1508900000": code, "第〇小学（示例）": name, "〇镇": township}
            _write_form(path, text, {**own, "00ZZ00": _mark(text)})
        else:
            place.mkdir()
            (place / "plan.yaml").write_text(text, "utf-8")
            shutil.copy(timetable, place)
        found.append(School(code, name, township, kind, str(path)))
        if kind == "double":
            (folder / township / f"{n:03d}又一份.yaml").write_text(text, "utf-8")
    (folder / "说明.txt").write_text("不是材料", "utf-8")
    return found


def _write_form(path: Path, text: str, school: Mapping[str, str]) -> None:
    """A plan as its form, filled in: one form of a school's kind under each school's names."""
    plain = {new: old for old, new in school.items()}
    base = text
    for new, old in plain.items():
        base = base.replace(new, old)
    with zipfile.ZipFile(io.BytesIO(form_of(base))) as form, zipfile.ZipFile(path, "w") as made:
        for part in form.infolist():
            data = form.read(part)
            if part.filename.endswith(".xml"):
                inside = data.decode("utf-8")
                for old, new in school.items():
                    inside = inside.replace(old, new).replace(_entities(old), _entities(new))
                data = inside.encode("utf-8")
            made.writestr(part.filename, data, zipfile.ZIP_DEFLATED)


def _entities(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode()


@cache
def form_of(text: str) -> bytes:
    """The form that kehou fills from a plan."""
    from kehou.cli.main import main

    with tempfile.TemporaryDirectory() as folder:
        plan, form = Path(folder) / "plan.yaml", Path(folder) / "form.xlsx"
        plan.write_text(text, "utf-8")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert main(["form", "--from", str(plan), "-o", str(form)]) == 0
        return form.read_bytes()


def _made(n: int, draw: random.Random) -> str:
    """What a school is; a broken one, two without a plan, a double and an absent in every fifty."""
    fixed = {7: "broken", 11: "nothing", 17: "double", 23: "absent", 29: "nothing", 31: "broken"}
    if n % 50 in fixed:
        return fixed[n % 50]
    return draw.choice(("sound", "sound", "breach"))


def _mark(text: str) -> str:
    """What the ids of a school's plan have that nobody else's have."""
    return re.search(r"时段编号: S([0-9A-F]{6})1", text)[1]  # type: ignore[index]


def _named(text: str, code: str, name: str, township: str, draw: random.Random) -> str:
    """The plan under another school's name, its ids and rooms called as nobody else calls them."""
    mark = f"{draw.randrange(16**6):06x}".upper()
    text = re.sub(r"\b([A-Z]{1,2})(\d{1,3})\b", rf"\g<1>{mark}\g<2>", text)
    text = re.sub(r"(场地|地点): (\S+)", rf"\g<1>: \g<2>{mark}", text)
    text = text.replace("向阳小学（示例）", name)
    at = text.index("学校标识码:")
    end = text.index("\n", at)
    return f"{text[:at]}学校标识码: '{code}'\n  苏木乡镇: {township}{text[end:]}"


def write_register(file: Path, schools: list[School]) -> None:
    """The register of these schools, as a CSV table."""
    rows = [f"{one.id},{one.name},临河区,{one.township},小学,是,2021-08-20" for one in schools]
    head = "学校标识码,校名,旗县区,乡镇,学段,应报送,报送期限"
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
