"""Five bugs for each family, as readers have them: the family's share must find each.

Each takes a monkeypatch and changes one function of the engine, the way a slip would.
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kehou import errors, forms
from kehou.checking import attestations, bureau_files, report_files, waivers
from kehou.cli import outputs
from kehou.documents import files as document_files
from kehou.fields import fields, scalars
from kehou.inspection import filled_worksheets
from kehou.language import yaml_places
from kehou.packs import building, lexicons, overlays, parameters
from kehou.proof import bundle_file, verify
from kehou.readers import csv_reader, decoding, door, files, json_reader, yaml_reader
from kehou.readers.docx import body
from kehou.readers.xlsx import workbook
from kehou.reading import prose_document
from kehou.rectification import notices
from kehou.render import whole_file
from kehou.scoring import scores_file
from kehou.submission import files as submission_files
from kehou.submission import source_map
from kehou.tables import cell_texts, rows

Patch = pytest.MonkeyPatch
Bug = Callable[[Patch], None]


def around(patch: Patch, owner: ModuleType | type, name: str, change: Callable[..., Any]) -> None:
    """Put a function in the place of another, which it is given first.

    Raises TypeError where it could not be called as the other can: a call that stumbles over its
    arguments would be another bug than the one that is planted.
    """
    sound = getattr(owner, name)
    inspect.signature(change).bind(sound, *_arguments(sound))

    def faulty(*words: Any, **more: Any) -> Any:
        return change(sound, *words, **more)

    patch.setattr(owner, name, faulty)


def _arguments(sound: Callable[..., Any]) -> list[Any]:
    """An argument for each place that a function has."""
    places = inspect.signature(sound).parameters.values()
    by_place = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [None for one in places if one.kind in by_place]


def _leaves_a_file(sound: Callable[..., Any], *words: Any, **more: Any) -> Any:
    handle, _ = tempfile.mkstemp()
    os.close(handle)
    return sound(*words, **more)


def _day_late(sound: Callable[..., Any], *words: Any) -> Any:
    found = sound(*words)
    return found and found + timedelta(days=1)


def leaves_a_temporary_file(patch: Patch) -> None:
    around(patch, files, "read_bytes", _leaves_a_file)


def ends_with_1_where_nothing_is_readable(patch: Patch) -> None:
    patch.setattr(errors.UnreadableError, "exit_code", 1)


def ends_with_1_on_misuse(patch: Patch) -> None:
    patch.setattr(errors.UsageError, "exit_code", 1)


# --- YAML and JSON ----------------------------------------------------------------------------


def drops_the_last_of_a_list(patch: Patch) -> None:
    def change(sound: Callable[..., list[Any]], self: Any, depth: int) -> list[Any]:
        found = sound(self, depth)
        return found[:-1] if len(found) > 1 else found

    around(patch, yaml_reader._Composer, "sequence", change)


def stumbles_over_escapes(patch: Patch) -> None:
    def change(sound: Callable[..., Any], source: Any, limits: Any) -> Any:
        if "\\u" in source.text:
            raise KeyError("escape")
        return sound(source, limits)

    around(patch, json_reader, "read_json", change)
    around(patch, files, "read_json", change) if hasattr(files, "read_json") else None


def reads_dates_a_day_late(patch: Patch) -> None:
    sound = scalars._READERS["date"]

    def late(field: Any, text: str) -> tuple[Any, int]:
        day, how = sound(field, text)
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat(), how

    patch.setitem(scalars._READERS, "date", late)


def takes_no_whole_number_for_wrong(patch: Patch) -> None:
    sound = scalars._READERS["integer"]

    def lenient(field: Any, text: str) -> tuple[Any, int]:
        digits = "".join(char for char in text if char in "0123456789")
        return sound(field, digits or "0")

    patch.setitem(scalars._READERS, "integer", lenient)


# --- CSV --------------------------------------------------------------------------------------


def drops_the_last_row(patch: Patch) -> None:
    def change(sound: Callable[..., Any], self: Any, *words: Any) -> Any:
        found, *rest = sound(self, *words)
        return (found[:-1], *rest)

    around(patch, rows.Table, "_rows", change)
    around(patch, csv_reader.Table, "records", lambda sound, self: list(sound(self))[:-1])


def reads_chinese_code_as_latin(patch: Patch) -> None:
    def change(sound: Callable[..., Any], data: bytes) -> Any:
        return None if sound(data) is None else data.decode("latin-1")

    around(patch, decoding, "_as_gb18030", change)


def stumbles_over_quotes(patch: Patch) -> None:
    def change(sound: Callable[..., Any], self: Any, at: int) -> Any:
        row, end = sound(self, at)
        if "" in row:
            raise KeyError("quotes")
        return row, end

    around(patch, csv_reader.Table, "quoted", change)


def ends_at_a_blank_row(patch: Patch) -> None:
    def change(sound: Callable[..., Any], self: Any) -> Any:
        for at, row in sound(self):
            if not any(row):
                return
            yield at, row

    around(patch, csv_reader.Table, "records", change)


# --- workbooks --------------------------------------------------------------------------------


def counts_days_from_a_day_late(patch: Patch) -> None:
    around(patch, cell_texts, "day_of", _day_late)


def loses_the_last_shared_text(patch: Patch) -> None:
    def change(sound: Callable[..., list[str]], *words: Any) -> list[str]:
        found = sound(*words)
        return [*found[:-1], ""] if found else found

    around(patch, workbook, "_strings", change)


def knows_but_one_tab(patch: Patch) -> None:
    def change(sound: Callable[..., str], name: str) -> str:
        if len(name) > 4:
            raise KeyError(name)
        return sound(name)

    around(patch, workbook, "_tab", change)


def drops_the_last_row_of_a_form(patch: Patch) -> None:
    def change(sound: Callable[..., Any], *words: Any) -> Any:
        document = sound(*words)
        for part, value in list(document.tree.items()):
            if isinstance(value, list) and len(value) > 1:
                document.tree[part] = value[:-1]
        return document

    around(patch, forms, "read_form", change)


# --- prose ------------------------------------------------------------------------------------


def drops_the_last_paragraph(patch: Patch) -> None:
    def change(sound: Callable[..., Any], name: str, blocks: Any, unread: Any) -> Any:
        return sound(name, blocks[:-1], unread)

    around(patch, document_files, "paper", change)


def reads_what_was_taken_out(patch: Patch) -> None:
    patch.setattr(body, "_SKIPPED", frozenset())


def reads_what_is_hidden(patch: Patch) -> None:
    patch.setattr(body.Walk, "_vanish", lambda self, get: None)


def shows_the_numbers_of_persons(patch: Patch) -> None:
    patch.setattr(prose_document, "numbers_masked", lambda text: text)


# --- folders and packages ---------------------------------------------------------------------


def overlooks_the_last_file(patch: Patch) -> None:
    around(patch, submission_files, "_entries", lambda sound, *words: sound(*words)[:-1])


def knows_names_in_small_letters_alone(patch: Patch) -> None:
    def change(sound: Callable[..., str | None], self: Any, stem: str) -> str | None:
        return None if stem != stem.lower() else sound(self, stem)

    around(patch, fields.Schema, "part_of_stem", change)


def stumbles_over_loops(patch: Patch) -> None:
    def change(sound: Callable[..., str], entry: Path, inside: Path) -> str:
        found = sound(entry, inside)
        if found == "loop":
            raise RuntimeError("Symlink loop")
        return found

    around(patch, door, "kind", change)
    around(patch, submission_files, "kind", change)


def holds_nothing_against_a_bundle(patch: Patch) -> None:
    """Neither its manifest nor what its report gives again, each of which alone sees most."""
    patch.setattr(bundle_file, "_check", lambda *words: None)
    patch.setattr(bundle_file, "_listed", lambda *words: {})
    patch.setattr(verify, "differences", lambda items: [])


# --- options ----------------------------------------------------------------------------------


def waivers_never_run_out(patch: Patch) -> None:
    patch.setattr(waivers.Waiver, "is_in_force", lambda self, on: True)
    patch.setattr(waivers.Waiver, "state", lambda self, on: "in_force")


def drops_the_last_waiver(patch: Patch) -> None:
    around(patch, waivers, "entries", lambda sound, *words: sound(*words)[:-1])
    around(patch, attestations, "entries", lambda sound, *words: sound(*words)[:-1])


def takes_a_breach_seen_for_none(patch: Patch) -> None:
    patch.setitem(attestations.VERDICTS, "不符合", attestations.VERDICTS["符合"])
    patch.setitem(attestations.VERDICTS, "fail", attestations.VERDICTS["pass"])


def doubles_points_given(patch: Patch) -> None:
    def change(sound: Callable[..., Any], *words: Any) -> Any:
        found = sound(*words)
        return found and 2 * found

    around(patch, scores_file, "_number", change)


def stumbles_where_a_list_is_none(patch: Patch) -> None:
    def change(sound: Callable[..., list[Any]], tree: Any, at: Any) -> Any:
        return tree or []

    around(patch, bureau_files, "listed", change)
    around(patch, yaml_places, "listed", change)
    around(patch, bureau_files, "mapping", lambda sound, tree, *words: tree)


# --- packs ------------------------------------------------------------------------------------


def lays_nothing_over(patch: Patch) -> None:
    around(patch, overlays, "overlaid", lambda sound, tree, at, base, *words: dict(base))


def drops_the_last_word(patch: Patch) -> None:
    around(patch, lexicons, "_texts", lambda sound, *words: sound(*words)[:-1])


def drops_the_last_rule(patch: Patch) -> None:
    def change(sound: Callable[..., dict[str, Any]], *words: Any) -> dict[str, Any]:
        found = sound(*words)
        return {name: found[name] for name in list(found)[:-1]}

    around(patch, building, "checked_rules", change)


def trusts_that_mappings_are_mappings(patch: Patch) -> None:
    under, mapping = yaml_places.under, yaml_places.mapping
    for name, module in list(sys.modules.items()):
        if name.startswith("kehou.packs.") and getattr(module, "under", None) is under:
            patch.setattr(module, "under", lambda tree, at: tree or {})
        if name.startswith("kehou.packs.") and getattr(module, "mapping", None) is mapping:
            patch.setattr(module, "mapping", lambda tree, *words, **more: tree)


def reads_thresholds_one_too_high(patch: Patch) -> None:
    def change(sound: Callable[..., Any], *words: Any) -> Any:
        found = sound(*words)
        return found + 1 if type(found) is int else found

    around(patch, parameters, "_typed_value", change)


# --- reports ----------------------------------------------------------------------------------


def believes_any_report(patch: Patch) -> None:
    patch.setattr(report_files, "faults_of", lambda *words: [])


def drops_the_last_result(patch: Patch) -> None:
    def change(sound: Callable[..., Any], tree: Any, schema: str) -> Any:
        found = sound(tree, schema)
        if not found and len(tree.get("results", ())) > 1:
            tree["results"].pop()
        return found

    around(patch, report_files, "faults_of", change)


def drops_the_last_row_filled_in(patch: Patch) -> None:
    around(patch, filled_worksheets, "attestations", lambda sound, filled: sound(list(filled)[:-1]))


def overlooks_the_last_answer(patch: Patch) -> None:
    def change(sound: Callable[..., Any], *words: Any) -> Any:
        answers, wrong = sound(*words)
        return dict(list(answers.items())[:-1]), wrong

    around(patch, notices, "read_reply", change)


# --- commands ---------------------------------------------------------------------------------


def writes_half(patch: Patch) -> None:
    around(
        patch,
        whole_file,
        "_replace",
        lambda sound, target, content: sound(target, content[: len(content) // 2]),
    )


def leaves_what_it_wrote_first(patch: Patch) -> None:
    def change(sound: Callable[..., None], target: Path, content: bytes) -> None:
        target.with_name(f".{target.name}.tmp").write_bytes(content)
        sound(target, content)

    around(patch, whole_file, "_replace", change)


def stumbles_over_a_format(patch: Patch) -> None:
    def change(sound: Callable[..., Any], text: str, formats: Any, *option: str) -> Any:
        if text.partition("=")[0] not in formats:
            raise KeyError(text)
        return sound(text, formats, *option)

    around(patch, outputs, "parse", change)


def says_nothing(patch: Patch) -> None:
    patch.setattr(outputs, "complain", lambda text: None)


def shows_what_is_private(patch: Patch) -> None:
    patch.setattr(source_map, "may_be_own", lambda *words: False)


def shows_marks_raw(patch: Patch) -> None:
    patch.setattr(outputs, "visible", lambda text, **more: text)


#: The first of each is found soonest: `make test` plants it alone.
PLANTED: Mapping[str, tuple[Bug, ...]] = {
    "text": (
        drops_the_last_of_a_list,
        stumbles_over_escapes,
        reads_dates_a_day_late,
        takes_no_whole_number_for_wrong,
        leaves_a_temporary_file,
    ),
    "csv": (
        drops_the_last_row,
        reads_chinese_code_as_latin,
        stumbles_over_quotes,
        ends_at_a_blank_row,
        leaves_a_temporary_file,
    ),
    "xlsx": (
        loses_the_last_shared_text,
        counts_days_from_a_day_late,
        knows_but_one_tab,
        drops_the_last_row_of_a_form,
        drops_the_last_row,
    ),
    "prose": (
        drops_the_last_paragraph,
        reads_what_was_taken_out,
        reads_what_is_hidden,
        reads_chinese_code_as_latin,
        shows_the_numbers_of_persons,
    ),
    "folders": (
        overlooks_the_last_file,
        knows_names_in_small_letters_alone,
        stumbles_over_loops,
        holds_nothing_against_a_bundle,
        leaves_a_temporary_file,
    ),
    "options": (
        drops_the_last_waiver,
        waivers_never_run_out,
        takes_a_breach_seen_for_none,
        doubles_points_given,
        stumbles_where_a_list_is_none,
    ),
    "packs": (
        drops_the_last_rule,
        lays_nothing_over,
        drops_the_last_word,
        trusts_that_mappings_are_mappings,
        reads_thresholds_one_too_high,
    ),
    "reports": (
        believes_any_report,
        drops_the_last_result,
        drops_the_last_row_filled_in,
        overlooks_the_last_answer,
        ends_with_1_on_misuse,
    ),
    "commands": (
        ends_with_1_on_misuse,
        writes_half,
        leaves_what_it_wrote_first,
        stumbles_over_a_format,
        shows_marks_raw,
    ),
}
