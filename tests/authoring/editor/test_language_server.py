"""What an editor with yaml-language-server, as VS Code's YAML extension has it, shows."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import IO, Any

import pytest

from kehou.cli.main import main

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.needs("yaml-language-server", "node")


class Editor:
    """The editor's side of the Language Server Protocol on a server's pipes."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stdin is not None and server.stdout is not None
        self.to: IO[bytes] = server.stdin
        self.of: IO[bytes] = server.stdout
        self.number = 0
        self.shown: dict[str, list[dict[str, Any]]] = {}

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.to.flush()

    def tell(self, method: str, **params: Any) -> None:
        self.send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        number = self.number
        self.send(id=number, method=method, params=params)
        while True:
            message = self.read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def read(self) -> dict[str, Any]:
        """The next message; what the server asks of an editor is answered at once."""
        size = 0
        while line := self.of.readline().strip():
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        assert size, "the server has gone"
        message: dict[str, Any] = json.loads(self.of.read(size))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.shown[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            # no schema store: nothing is fetched
            yaml = {
                "validate": True,
                "completion": True,
                "hover": True,
                "schemaStore": {"enable": False},
                "yamlVersion": "1.2",
            }
            sections = [item.get("section") for item in message["params"]["items"]]
            answers = [yaml if section == "yaml" else {} for section in sections]
            self.send(id=message["id"], result=answers)
        elif "id" in message and "method" in message:
            self.send(id=message["id"], result=None)
        return message

    def open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def underlined(self, path: Path, text: str) -> list[tuple[int, str]]:
        """(line from 1, message) of what the editor underlines in a text."""
        uri = self.open(path, text)
        while uri not in self.shown:
            self.read()
        return [(d["range"]["start"]["line"] + 1, d["message"]) for d in self.shown.pop(uri)]

    def offered(self, path: Path, text: str) -> dict[str, str]:
        """Completions at the end of a text, with what is told of each."""
        uri = self.open(path, text)
        line = text.count("\n")
        place = {"line": line, "character": len(text.rpartition("\n")[2])}
        found = self.ask("textDocument/completion", textDocument={"uri": uri}, position=place)
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: json.dumps(item, ensure_ascii=False) for item in items}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Schemas as docs/editor.md says to write them, beside the files that name them."""
    place = tmp_path_factory.mktemp("editor")
    for name in ("submission", "rule"):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(place)
            file = f"{name}.schema.json"
            with open(file, "w", encoding="utf-8") as stream, redirect_stdout(stream):
                assert main(["schema", name, "--editor"]) == 0
    return place


@contextmanager
def serving(server: str, folder: Path) -> Iterator[Editor]:
    with subprocess.Popen(
        [server, "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    ) as running:
        editor = Editor(running)
        try:
            completion = {"completionItem": {"documentationFormat": ["markdown"]}}
            able = {
                "workspace": {"configuration": True},
                "textDocument": {"completion": completion, "publishDiagnostics": {}},
            }
            editor.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=able)
            editor.tell("initialized")
            yield editor
        finally:
            running.kill()


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    from tests.conftest import find_program

    with serving(find_program("yaml-language-server") or "", folder) as found:
        yield found


MODELINE = "# yaml-language-server: $schema={}.schema.json\n"


def plan(text: str) -> str:
    return MODELINE.format("submission") + text


@pytest.mark.parametrize("name", ["first-check", "primary-compliant"])
def test_an_example_has_nothing_underlined(name: str, editor: Editor, folder: Path) -> None:
    text = (ROOT / "examples" / name / "plan.yaml").read_text("utf-8")
    assert editor.underlined(folder / f"{name}.yaml", plan(text)) == []


def test_a_wrong_value_and_an_unknown_key_are_underlined_where_they_stand(
    editor: Editor, folder: Path
) -> None:
    text = plan("学校:\n  学段: [中学]\n  学校名: 甲小学（示例）\n实施方案:\n  学期: 第三学期\n")
    found = editor.underlined(folder / "wrong.yaml", text)
    assert {line for line, _ in found} >= {3, 4, 6}
    assert any("小学" in message for line, message in found if line == 3)
    assert any("秋季学期" in message for line, message in found if line == 6)


def test_chinese_keys_and_values_are_completed_with_the_words_of_the_clause(
    editor: Editor, folder: Path
) -> None:
    offered = editor.offered(folder / "new.yaml", plan(""))
    assert {"学校", "实施方案", "收费"} <= set(offered)
    assert "school" not in offered
    text = plan("实施方案:\n  服务时段:\n    - 结束")
    offered = editor.offered(folder / "end.yaml", text)
    assert "小学结束时间不晚于18:30" in offered["结束时间"]
    offered = editor.offered(folder / "term.yaml", plan("实施方案:\n  学期: "))
    assert {"秋季学期", "春季学期"} <= set(offered)
    assert "autumn" not in offered


def test_a_rule_is_underlined_and_its_clauses_are_completed(editor: Editor, folder: Path) -> None:
    path = ROOT / "rules/bayannur-2021/quality/schedule-primary-end.yaml"
    text = MODELINE.format("rule") + path.read_text("utf-8")
    assert editor.underlined(folder / "rule.yaml", text) == []
    wrong = text.replace("severity: major", "severity: majro")
    [(line, _)] = editor.underlined(folder / "slip.yaml", wrong)
    assert wrong.splitlines()[line - 1] == "severity: majro"
    offered = editor.offered(folder / "clauses.yaml", MODELINE.format("rule") + "clauses:\n  - ")
    assert "D.2-b" in offered
