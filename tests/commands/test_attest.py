"""``kehou attest``: every row that can be taken, of every sheet that is given."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import here as kehou

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_folder_of_worksheets_is_read_and_what_else_lies_there_is_told(tmp_path: Path) -> None:
    """``worksheet -o xlsx=核查表/{id}.xlsx`` writes one for each: nobody names three hundred."""
    kehou("check", str(EXAMPLES / "junior-breaches"), "-o", "json=报告.json", cwd=tmp_path)
    code, _, told = kehou("worksheet", "报告.json", "-o", "xlsx=核查表/{id}.xlsx", cwd=tmp_path)
    assert code == 0, told
    (tmp_path / "核查表" / "记录.docx").write_bytes(b"PK")
    code, made, told = kehou("attest", "核查表", cwd=tmp_path)
    assert code == 0, told
    assert made == "attestations: []\n"
    assert "没有填写 0 项" not in told
    assert "核查表/记录.docx：没有读" in told


def test_a_folder_without_worksheets_is_told(tmp_path: Path) -> None:
    code, _, told = kehou("attest", ".", cwd=tmp_path)
    assert code == 2
    assert "没有填好的核查表" in told
    assert "kehou worksheet" in told
