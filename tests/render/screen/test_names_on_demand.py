"""Ids, names of fields and fingerprints stand in ``explain`` and ``diff`` only where asked for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from kehou.cli.main import main

pytestmark = pytest.mark.checkout

FIRST = CHECKOUT / "examples" / "first-check"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main([*arguments])
    return capsys.readouterr().out


def test_explain_names_fields_only_with_v(capsys: pytest.CaptureFixture[str]) -> None:
    rule = ("explain", "fee-exempt-treatment", str(FIRST))
    plain, full = said(capsys, *rule), said(capsys, *rule, "-v")
    for name in ("（treatment）", "exempt_categories", "fee.mode", "/fee_exemptions/5"):
        assert name not in plain and name in full, name
    assert "处理方式＝减收 属于 免收、未说明" in plain
    assert "减免类别 属于 “免收课后服务费的学生”" in plain


def test_changes_name_rules_and_fingerprints_only_with_v(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "first-check"
    shutil.copytree(FIRST, changed)
    plan = changed / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("结束时间: 18:40", "结束时间: 18:30"), "utf-8")
    plain = said(capsys, "diff", str(FIRST), str(changed))
    full = said(capsys, "diff", str(FIRST), str(changed), "-v")
    fingerprint = re.compile(r"\[[0-9a-f]{16}\]")
    assert not fingerprint.search(plain) and "schedule-primary-end" not in plain
    assert fingerprint.search(full) and "schedule-primary-end" in full
    assert "18:40结束，晚于18:30（由不符合变为符合）" in plain
    lines = [line for line in plain.splitlines() if line.startswith("  ")]
    assert len(lines) == len(set(lines))
