"""The page's run over many schools, at a small size: everything that it promises of 300."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.checkout


def test_six_schools_go_all_the_way_and_a_killed_check_loses_nothing(tmp_path: Path) -> None:
    """One breaches, one is broken, one has no plan, one came twice, one not at all, one is good."""
    script = CHECKOUT / "docs" / "many-schools.py"
    command = [sys.executable, str(script), "6", str(tmp_path / "试跑"), "--kill"]
    ran = subprocess.run(
        [*command, "--engine", "direct"], capture_output=True, encoding="utf-8", timeout=1800
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "学校 6：能判断 2，读不出 2，两份 1，未报送 1" in ran.stdout
    assert "接着查以后丢失或不同的 0 份" in ran.stdout
    for step in ("汇总", "补正的信", "读回核查表", "通报", "回复表", "复查", "计分"):
        assert step in ran.stdout
