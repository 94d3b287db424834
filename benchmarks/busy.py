"""Many pupils on a machine that is busy: both engines answer, and nothing ends in ``error``.

    python -m benchmarks.busy [--pupils 50000] [--busy 2]

The child's limit is its processor time, so that others on the machine take none of it away. Ends
with 1 where a rule ends in ``error`` or the engines were not held against each other.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

_ROOT = Path(__file__).parents[1]
_EXAMPLE = _ROOT / "examples" / "folder-with-evidence"
_KEHOU = (sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())")
_CHECK = ("--stage", "inspection", "--on", "2021-11-20")
_FIRST = 20210000001


def main() -> int:
    """Check the example with so many pupils while so many processes do nothing but turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pupils", type=int, default=50_000)
    parser.add_argument("--busy", type=int, default=2, help="processes beside the check")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        _write(place / "school", options.pupils)
        busy = [subprocess.Popen([sys.executable, "-c", "while 1: 0"]) for _ in range(options.busy)]
        begun = perf_counter()
        try:
            words = [*_KEHOU, "check", str(place / "school"), *_CHECK, "-o", f"json={place}/r.json"]
            code = subprocess.run(words, check=False).returncode
        finally:
            for one in busy:
                one.kill()
        taken = perf_counter() - begun
        report = json.loads((place / "r.json").read_text("utf-8"))
    counted = Counter(result["outcome"] for result in report["results"])
    print(f"{options.pupils:,} pupils, {taken:.0f} s, exit {code}: {dict(counted)}")
    return 1 if counted["error"] or not report["cross_checked"] else 0


def _write(school: Path, pupils: int) -> None:
    """The example, its roster told over again under new numbers."""
    shutil.copytree(_EXAMPLE, school)
    head, *rows = csv.reader((school / "roster.csv").read_text("utf-8-sig").splitlines())
    with open(school / "roster.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        for index, row in enumerate(islice(cycle(rows), pupils)):
            table.writerow([str(_FIRST + index), *row[1:]])


if __name__ == "__main__":
    sys.exit(main())
