"""One module opens files; whoever else does is named here with the reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine" / "kehou"
DOOR = "readers/door.py"
#: Modules that open something by themselves, and what that is. None of it is named by a user.
OTHERS: Mapping[str, str] = {
    "batch/archives.py": "unpacks an archive that came by the door into a private folder",
    "batch/joined.py": "writes one file of all reports, piece by piece, never held at once",
    "cli/streams.py": "opens the null device in the place of a closed stream",
    "judging/worker.py": "opens the null device for the child",
    "packs/folders.py": "lists the packs that come with kehou",
    "packs/kept.py": "packs in the user's cache folder, no links; names and times of their files",
    "packs/shipped.py": "reads what comes with kehou and was compiled with it",
    "packs/rules_checked.py": "lists the areas of a pack, each file of which comes by the door",
    "packs/strays.py": "lists a pack's folder; what it looks into comes by the door",
    "packs/building.py": "lists the schemas of a pack's folder, to say which are there",
    "proof/bundle_file.py": "a bundle: refuses links and pipes, which the door would follow",
    "proof/code_hash.py": "reads the code of kehou itself",
    "proof/bundle_contents.py": "looks whether the folder to be written is empty",
    "readers/libreoffice.py": "the scratch folder that LibreOffice writes into",
    "readers/pdf/extract.py": "opens a PDF that is in memory",
    "readers/ooxml.py": "opens parts of a package that is in memory",
    "render/office/parts.py": "opens parts of a package that is in memory",
    "render/whole_file.py": "writes what -o names, at one stroke",
    "authoring/new_overlay.py": "lists the areas of a pack that is begun, in a folder of ours",
    "authoring/pack_rules.py": "lists and reads a pack that was just written, in a folder of ours",
    "reading/library.py": "lists the folder of patterns that come with kehou",
    "remedy/suggestions.py": "writes the changed copy into a scratch folder",
    "fields/fields.py": "reads a schema that comes with kehou",
}
#: Methods that open something or look into it, and functions that do.
METHODS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "iterdir", "rglob"}
FUNCTIONS = {"open", "io.open", "os.open", "os.walk", "os.scandir", "os.listdir", "os.fdopen"}

pytestmark = pytest.mark.checkout


def openings(path: Path) -> Iterator[str]:
    """The calls of a module that open something; what `kehou.data` hands out is the program's."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        method = isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
        if (method and not called.startswith("data.")) or called in FUNCTIONS:
            yield called


def modules() -> dict[str, list[str]]:
    """The openings of each module that has any."""
    found = {p.relative_to(ENGINE).as_posix(): list(openings(p)) for p in ENGINE.rglob("*.py")}
    return {name: calls for name, calls in found.items() if calls}


def test_nothing_else_opens_files() -> None:
    strays = {name: calls for name, calls in modules().items() if name not in {DOOR, *OTHERS}}
    assert strays == {}


def test_no_exception_is_left_without_use_or_reason() -> None:
    assert OTHERS.keys() - modules().keys() == set()
    assert all(len(reason) > 20 for reason in OTHERS.values())


def test_an_opening_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text("open(a)\nPath(b).read_bytes()\nos.open(c)\ndata.rules().iterdir()\n")
    assert list(openings(module)) == ["open", "Path(b).read_bytes", "os.open"]
