"""The face of each package: at most a dozen names, handed out lazily from one literal table."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine"
MOST = 12

#: Packages that are a vocabulary: others name their modules, each of which is one of its concepts.
VOCABULARIES: Mapping[str, str] = {
    "kehou.model": "plain records in four vocabularies: outcomes, values, rules, report",
    "kehou.language": "conditions, derivations, normal forms and the grammar of YAML files, which "
    "packs, facts, both engines and the tools for authors are written in",
}
#: The wiring: commands put jobs together and load each job's module when they run.
WIRING = frozenset({"kehou.commands", "kehou.__main__", "kehou"})
#: Modules that other packages may import from by name, each with its reason.
OPEN: Mapping[str, str] = {
    "kehou.checking.cited_clauses": "a suggestion cites what the report cites",
    "kehou.checking.comparison": "a comparison's own words, which verify and recheck say again",
    "kehou.checking.dates": "verify works out anew which law and which pack applied",
    "kehou.checking.report_files": "reports held against their schema by all who read them",
    "kehou.checking.declared_values": "the value at a declared path, for what has only a tree",
    "kehou.fields.allowed_values": "bounds of a written scalar, asked by those who read it",
    "kehou.fields.asks": "questions that shape a form, asked by the command that makes one",
    "kehou.fields.dates": "a date in a cell is read before it is a field's value",
    "kehou.fields.display": "amounts and times shown in a finding",
    "kehou.fields.reference_words": "what a row takes from another list, filled in while reading",
    "kehou.fields.privacy": "what may be somebody's own, asked in reading and in showing",
    "kehou.fields.scalars": "written scalars, read by those who read files",
    "kehou.fields.validation": "the one door to jsonschema",
    "kehou.forms.layouts": "rows, columns and marks of the form, which its writer draws",
    "kehou.judging.direct": "an engine, named as such where one is chosen or asked for a trace",
    "kehou.judging.network": "how much of a pack the network holds natively, told by lint",
    "kehou.judging.rete": "an engine, named as such where one is chosen",
    "kehou.judging.second_try": "the network as a check runs it, loaded where that is chosen",
    "kehou.packs.casefiles": "cases beside rules, which only the tools for authors run",
    "kehou.packs.clauses": "where a quote stands in a text, asked of a policy new or issued again",
    "kehou.packs.declarations": "rules as a report declares them",
    "kehou.packs.lexicons": "the files of lexicons, whose own cases only the tools for authors run",
    "kehou.packs.pack": "what a derived value is made of, asked where two versions are compared",
    "kehou.packs.parameters": "how tight a value is, asked by mutation alone",
    "kehou.packs.positions": "the place of a rule's parts, for lint and mutation",
    "kehou.packs.strays": "files of a pack that nothing reads, told by lint",
    "kehou.packs.uses": "what uses what in a pack, for lint, mutation and the form",
    "kehou.reading.templates": "a line of a pattern, which lint looks at by itself",
    "kehou.readers.blocks": "blocks of prose, which its readers give and who lays out takes",
    "kehou.readers.plain_text": "a text file as blocks, beside the other readers of prose",
    "kehou.readers.copied_text": "what a text says without marks nobody sees, for all who compare",
    "kehou.readers.csv_reader": "a CSV whose header is a table's",
    "kehou.readers.door": "the one door to files, for whoever reads what is no table and no tree",
    "kehou.readers.filled_table": "a table that people filled in for a job of its own",
    "kehou.readers.files": "which files are tables or books, asked by those who look for them",
    "kehou.readers.source": "notes and faults of cells, made by those who read tables and forms",
    "kehou.readers.zip_damage": "what a damaged zip raises, for whoever opens one",
    "kehou.render.office.blank_table": "a table that people fill in for a job of its own",
    "kehou.render.office.docx": "the one door to python-docx",
    "kehou.render.office.openpyxl_door": "the one door to openpyxl",
    "kehou.render.office.parts": "parts of a package put in order, for any office file",
    "kehou.render.page.html": "a bundle holds the page of its report",
    "kehou.render.programs.json": "a bundle holds its report as JSON",
    "kehou.render.screen.clauses": "a bundle holds the policy's words",
    "kehou.render.words.catalogue": "words by language, for every text that people read",
    "kehou.render.words.papers": "what a report lacks by paper, which letters and rounds ask for",
    "kehou.render.words.report_packs": "the nouns of the packs that a report names",
    "kehou.render.words.statement": "what a finding says, for a sheet that says it again",
    "kehou.submission.prose_files": "documents that may be a whole one, asked by those who look",
    "kehou.submission.submission": "a bundle reads what it holds as a submission",
    "kehou.submission.text_tree": "a submission as text, which the form is filled with",
}

pytestmark = pytest.mark.checkout


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(ENGINE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(ENGINE.rglob("*.py"))
    }


#: Every module of kehou by its dotted name; the packages among them.
MODULES = _modules()
PACKAGES = {name for name, path in MODULES.items() if path.name == "__init__.py"}


def table(package: str) -> dict[str, str]:
    """The table of a package's face, name → module; empty where it hands nothing out."""
    for node in ast.walk(ast.parse(MODULES[package].read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "face":
            return dict(ast.literal_eval(node.args[1]))
    return {}


def told_to_the_type_checker(package: str) -> dict[str, str]:
    """What the package imports under TYPE_CHECKING: name → module."""
    return {
        alias.asname or alias.name: (node.module or "").removeprefix(f"{package}.")
        for block in ast.parse(MODULES[package].read_text("utf-8")).body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def top(module: str) -> str:
    """The package of kehou that a module is in."""
    return ".".join(module.split(".")[:2])


FACED = sorted(package for package in PACKAGES if table(package))


@pytest.mark.parametrize("package", FACED)
def test_a_face_is_one_short_table_and_the_type_checker_is_told_the_same(package: str) -> None:
    handed_out = table(package)
    assert told_to_the_type_checker(package) == handed_out
    assert len(handed_out) <= MOST or package == "kehou"
    found = importlib.import_module(package)
    for name, module in handed_out.items():
        assert hasattr(importlib.import_module(f"{package}.{module}"), name)
        assert getattr(found, name) is not None
    with pytest.raises(AttributeError):
        assert found.nothing_of_that_name


@pytest.mark.parametrize("package", FACED)
def test_no_module_bears_the_name_of_something_handed_out(package: str) -> None:
    own = {name.rpartition(".")[2] for name in MODULES if name.rpartition(".")[0] == package}
    assert not own & table(package).keys()


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_says_what_it_is_and_loads_nothing(package: str) -> None:
    tree = ast.parse(MODULES[package].read_text("utf-8"))
    said = ast.get_docstring(tree)
    assert said and len(said.split()) >= 4
    for_types = {
        id(inner)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        for inner in ast.walk(node)
    }
    loaded = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and id(node) not in for_types
    ]
    assert set(loaded) <= {"typing", "kehou.faces", "__future__"}


def insides() -> Iterator[tuple[str, str]]:
    """(importing module, module inside another package that it names), of the whole engine."""
    for me, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("kehou."):
                continue
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                named = full if full in MODULES else str(node.module)
                inside = named not in PACKAGES and named.count(".") > 1 and top(named) != top(me)
                if inside and top(named) not in VOCABULARIES and top(me) not in WIRING:
                    yield me, named


def test_others_import_from_the_face_or_from_a_module_that_is_open_for_a_reason() -> None:
    strays = sorted({f"{me} → {named}" for me, named in insides() if named not in OPEN})
    assert strays == []


def test_no_module_is_open_without_use_or_reason() -> None:
    used = {named for _, named in insides()}
    assert sorted(OPEN.keys() - used) == []
    assert all(len(reason) > 10 for reason in (*OPEN.values(), *VOCABULARIES.values()))
