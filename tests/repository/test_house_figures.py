"""scripts/house-figures counts what it says, on a checkout small enough to count by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Apart from the names, so that these are no references of this file.
MD = "md"
FILES = {
    "pyproject.toml": """\
[tool.importlinter]
[[tool.importlinter.contracts]]
type = "layers"
containers = ["kehou"]
layers = ["top", "left : right | middle", "errors"]
""",
    "docs/language.md": "# 规则语言\n",
    "engine/kehou/__init__.py": "",
    "engine/kehou/errors.py": '"""学校 in a docstring (docs/language.md §2)."""\n',
    "engine/kehou/top/__init__.py": "",
    "engine/kehou/top/work.py": '''\
class Worker:
    def short(self) -> str:
        return "学校和 school_id"

    def long(self) -> str:
        """See design/lost.{md} and DESIGN."""
        name = "upgrade"
        return f"{name}的年级"
''',
    "tests/test_it.py": "# lost.{md}\n",
}


@pytest.mark.checkout
def test_a_small_checkout_is_counted(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("{md}", MD), "utf-8")
    script = str(ROOT / "scripts" / "house-figures")
    command = [sys.executable, script, "--repo", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert [line[:41].strip() + " = " + line[41:] for line in done.stdout.splitlines()] == [
        "modules in the root of engine/kehou = 1",
        "rooms (root modules and packages) = 2 (1 packages)",
        "import rows (layers), names in them = 3, 5",
        "longest module = 8 lines, top/work.py (0 over 400)",
        "longest function = 4 lines, Worker.long in top/work.py (0 over 60)",
        "engine = 4 files, 9 lines, 2 functions",
        "tests = 1 files, 1 lines",
        "domain words in string literals = 3 in 1 files (学校 1, school 1, 年级 1)",
        "references to pages that are not there = 3 in 2 files"
        f" (design/lost.{MD} 1, DESIGN 1, lost.{MD} 1)",
    ]
