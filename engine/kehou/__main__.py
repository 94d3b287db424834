"""``python -m kehou``: the command line.

Python looks for modules in the current folder first, which may be one that was handed in: a file
``signal.py`` in it would be run. So that place is taken off the list before more is imported,
unless kehou itself lies there. The command ``kehou`` never looks there.
"""

import os
import sys

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(__file__)):
        del sys.path[0]
    from kehou.cli.main import main

    sys.exit(main())
