"""What kehou costs, as ratios measured in one run: ``python -m benchmarks [--full] [SECTION…]``.

The short run takes less than a minute. Nothing here passes or fails (docs/architecture.md §9).
``python -m benchmarks reading [--list] [ROUND…]`` scores the reader of prose (benchmarks/reading).
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys

#: Sections by the name of their module.
SECTIONS = {
    "cold": "Cold start, median wall time of a process (× a Python that does nothing)",
    "stages": "One check in a warm process, stage by stage",
    "grid": "Judging by rules and facts (compiled and built; the child apart)",
    "hostile": "Files made to hurt",
    "outcomes": "Mixed documents, readers killed and stopped midway: outcomes",
    "tables": "Tables in workbooks (× openpyxl read-only on the same file)",
    "lane": "The compiled lane on a real pack: what is compiled, × orjson.loads of the same bytes",
    "memory": "Memory over many checks of both engines in one process",
}


def main() -> int:
    """Run the sections asked for, all of them where none is named."""
    if sys.argv[1:2] == ["reading"]:
        from benchmarks.reading import __main__ as reading

        del sys.argv[1]
        reading.main()
        return 0
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    parser.add_argument("--full", action="store_true", help="every size, many rounds: minutes")
    options = parser.parse_args()
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no section {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    print(
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} cores, load {load:.1f}: compare ratios, not times"
    )
    for name in options.sections or SECTIONS:
        print(f"\n{SECTIONS[name]}", flush=True)
        for line in importlib.import_module(f"benchmarks.{name}").report(options.full):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
