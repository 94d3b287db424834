"""What becomes code: numbered names, and nothing that a pack or a submission says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from kehou import packs
from kehou.lane import Lane, compile_lane, names_in
from kehou.model.outcomes import Stage

#: Variables of the generated function, its attributes and what it calls.
_NUMBERED = re.compile(r"(?:[Kdfrnlv]\d+|n\d+_\d+)")
_OURS = {
    *"pekstivqabcd",
    *("out", "odd", "sure", "partial", "made"),
    *("tell", "told", "derived", "place", "spread", "UNSET", "append"),
    *("issubset", "isdisjoint", "isalnum", "type"),
    *("int", "str", "list", "tuple", "len", "enumerate", "TypeError"),
}


@pytest.mark.parametrize("name", ["bayannur-2021", "field20"])
def test_the_code_holds_no_word_of_a_pack(name: str, lane: Lane) -> None:
    one = (
        lane if name == "field20" else compile_lane(packs.load(name), Stage.APPROVAL, "2021-09-01")
    )
    source = one.code.source
    strange = {n for n in names_in(source) if not _NUMBERED.fullmatch(n)} - _OURS
    assert strange == set()
    texts = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert set(texts) <= {"/"}, "no text of anybody's"
    assert source.isascii()


def test_what_a_submission_says_is_never_compiled(lane: Lane, plan: Callable[..., bytes]) -> None:
    """The code is made before the first submission comes, and stays as it is."""
    before = lane.code.source
    compiled: list[object] = []
    lane.judge(plan(lambda tree: tree["vendors"][0].update(id="__import__('os')")))

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching and event == "compile" and args[1] == "<kehou.lane>":
            compiled.append(args)

    watching = True
    sys.addaudithook(watch)
    try:
        for text in ("x');raise SystemExit('", "{0}", "K0", "\\u0027", "f0=1"):
            for field in ("id", "name", "subject_type"):
                lane.judge(plan(lambda tree, f=field, t=text: tree["vendors"][0].update({f: t})))
    finally:
        watching = False
    assert compiled == []
    assert lane.code.source == before


def test_a_check_loads_nothing_of_the_lane() -> None:
    """Whoever checks one plan waits for no library that only many need."""
    code = (
        "import sys; from kehou.cli.main import main\n"
        "try: main(['check', 'examples/primary-compliant', '--engine', 'direct'])\n"
        "except SystemExit: pass\n"
        "print([n for n in sys.modules if n.startswith(('msgspec', 'kehou.lane'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
