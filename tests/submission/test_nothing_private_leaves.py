"""No name, phone or identity number comes out again, however a submission is damaged.

`make full` draws a hundred submissions and more for each reader; every format is asked.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.support.private_damage import READERS as TABLES_AND_TEXTS
from tests.support.private_damage import SECRETS
from tests.support.private_forms import form_folder
from tests.support.share import share

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.errors import KehouError
from kehou.library import render_report
from kehou.model.outcomes import Stage
from kehou.render import FORMATS

READERS = {**TABLES_AND_TEXTS, "form": form_folder}
#: Submissions drawn for each reader by `make full`.
WHOLE = 110


@cache
def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """(format, all its text) of the report on a folder, or what is said where there is none."""
    options = CheckOptions(
        stage=Stage.INSPECTION,
        packs=("bayannur-2021",),
        engine="direct",
        on="2021-11-20",
        as_of="2021-09-06",
    )
    try:
        report = check(str(folder), options, loaded())
    except KehouError as error:
        yield "error", f"{error} {error.where} {error.hint}"
        return
    for form in FORMATS:
        made = render_report(report, form, verbosity=1 if form == "text" else 0)
        if isinstance(made, bytes):
            parts = zipfile.ZipFile(io.BytesIO(made))
            made = "".join(
                parts.read(n).decode("utf-8", "replace")
                for n in parts.namelist()
                if n.endswith((".xml", ".rels"))
            )
        yield form, made


@pytest.mark.parametrize("reader", READERS)
def test_no_secret_comes_out_in_any_format(reader: str, tmp_path: Path) -> None:
    masked = 0
    for n in range(share(WHOLE)):
        folder = tmp_path / str(n)
        folder.mkdir()
        kind = READERS[reader](folder, random.Random(f"{reader}{n}"))
        for form, text in written(folder):
            out = [secret for secret in SECRETS if secret in text]
            assert out == [], f"{reader} {n} {kind}: {form}"
            masked += "███" in text or "个汉字" in text or "位数字" in text
    assert masked, "damage that reaches no mask shows nothing"


@pytest.mark.parametrize(
    "line",
    [
        "  报送日期: 2021-13-45 # 联系人 张镞彧",
        "  报送日期: '2021-13-45' # 联系人 张镞彧",
        '  报送日期: "2021#13" # 联系人 张镞彧',
        "  报送日期: it's late # 联系人 张镞彧",
        "  报送日期: 5'30\" # 联系人 张镞彧",
    ],
)
def test_a_comment_is_cut_from_a_quoted_line(line: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"学校: {{学校名称: 甲校（示例）}}\n方案:\n  服务开始日期: 2021-09-06\n{line}\n", "utf-8"
    )
    for form, text in written(tmp_path):
        assert "张镞彧" not in text, form
        assert form != "text" or "报送日期" in text


def test_what_stands_for_a_record_among_private_columns_is_no_bug(tmp_path: Path) -> None:
    """A 无, or a word, where a record belongs, beside a fault whose line is quoted."""
    for n, said in enumerate(("无", "有证", "没有")):
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / "plan.yaml").write_text(
            "学校: {学校名称: 甲校（示例）}\n方案: {服务开始日期: 2021-09-06}\n人员:\n"
            f"  - {{人员编号: T1, 姓名: 张镞彧, 健康证明: {said}, 是否自愿: 也许}}\n",
            "utf-8",
        )
        for form, text in written(folder):
            assert "张镞彧" not in text, form
            assert form != "error"
            assert form != "text" or "也许" in text or "个汉字" in text
