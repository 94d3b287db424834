"""The build backend: setuptools, and in a wheel the packs compiled (kehou.packs.shipped)."""

from __future__ import annotations

import os
import subprocess
import sys

from setuptools.build_meta import *  # noqa: F403  (the hooks of PEP 517 and 660, as they are)
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """Copies the packages, then has the copy itself compile the packs that lie in it."""

    def run(self) -> None:
        """Raise CalledProcessError where a pack does not load."""
        super().run()
        if self.editable_mode:  # an editable install is a checkout: its YAML is what counts
            return
        # What an isolated build may import lies on the path of this process and nowhere else.
        path = os.pathsep.join([os.path.abspath(self.build_lib), *filter(None, sys.path)])
        environment = {**os.environ, "PYTHONPATH": path}
        environment |= {"KEHOU_CACHE": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        program = "from kehou import packs; from kehou.packs import shipped\n"
        program += "shipped.write(map(packs.load, packs.available()))"
        command = [sys.executable, "-c", program]
        subprocess.run(command, check=True, env=environment, cwd=self.build_lib)
