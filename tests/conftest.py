"""What all tests share: the Hypothesis profile and the tests that need another program."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "kehou", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("kehou")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips by name a test whose program is absent; CI installs them all and lets none skip."""
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if shutil.which(program):
                continue
            if os.environ.get("KEHOU_REQUIRE_TOOLS") == "1":
                pytest.fail(f"没有找到程序 {program}，而 KEHOU_REQUIRE_TOOLS=1")
            pytest.skip(f"没有找到程序 {program}")
