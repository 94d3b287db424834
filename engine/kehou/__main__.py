"""``python -m kehou``: the command line."""

import sys

from kehou.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
