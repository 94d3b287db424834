"""Putting one submission together from its documents: a school's files, then a bureau's.

Every document is typed part by part and hung where its part stands. A file that cannot be read
faults its part and leaves the rest; a part given twice is believed from neither place; a
bureau's record replaces the school's, and what the two state differently is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from kehou.errors import UnreadableError
from kehou.fields import ABSENT_WORDS, Field, Schema
from kehou.fields.privacy import quoted_unshown
from kehou.model.places import passage_in_letter
from kehou.model.report import Hashed
from kehou.model.values import Fault, Location, Normalised, RecordNote
from kehou.readers import Document, Problem, ReadError
from kehou.readers.source import Cells
from kehou.submission.consistency import Conflict, contradictions, differences, fill, refuse_several
from kehou.submission.files import Sources, read_data
from kehou.submission.normalise import Normaliser
from kehou.submission.reading_notes import Gathered, RawNote
from kehou.submission.records import Given, Record, chosen
from kehou.submission.source_map import Mount, Places

#: So many parts are named where a file is not written as a submission is.
_MOST_NAMED: Final = 3


class Assembly:
    """A submission while it is being put together.

    ``early`` are faults and ``notes`` what tables tell of their headings and rows, whose place
    is already known; what is in ``gathered`` is placed when wanted. ``name`` is the file that a
    part nobody gave belongs in.
    """

    def __init__(self, schema: Schema, name: str, trusted: bool = False, known: str = "") -> None:
        self.schema = schema
        self.root = schema.root
        self.nouns = schema.declared.nouns["zh"]
        self.name, self.known = name, known
        self.gathered = Gathered(nouns=self.nouns)
        self.normaliser = Normaliser(schema.root, self.gathered, trusted)
        self.tree: dict[str, Any] = {}
        self.mounts: list[Mount] = []
        self.bureau: set[str] = set()
        self.early: list[Fault] = []
        self.files: list[Hashed] = []
        self.unread: list[str] = []
        self.data_files: list[Hashed] = []
        self.conflicts: list[Conflict] = []
        self.notes: list[Normalised] = []
        self.records: list[RecordNote] = []
        self.open_lists: set[str] = set()

    @property
    def places(self) -> Places:
        """The source map of what was put together so far."""
        return Places(tuple(self.mounts), self.name)

    # --- the school's files ---------------------------------------------------------------

    def add_sources(self, sources: Sources) -> None:
        """Add all files of a school; raises ``UnreadableError`` where they give no tree."""
        if sources.root is not None:
            self._add_root(sources.root, sources)
        for _, document in sources.parts:
            self._add_file(document)
        # a table's rows come last, to join what else its part holds
        for part, document in sorted(sources.parts, key=lambda given: bool(given[1].header)):
            if self._only_here(self.root.fields[part], document, sources):
                self._add_part(self.root.fields[part], document)
        for part, name, error in sources.failed:
            self._tell_unreadable(part, name, error)
            self._give_up(part, sources)
        for part, names in sources.doubled:
            found = f"{'、'.join(names)} 写的是同一部分"
            self._tell(names[0], part, found, "只留一份", "请删去或改名其中一份")
            self._give_up(part, sources)
        for part, name in sources.misplaced:
            self._tell_misplaced(self.root.fields[part], name)

    def add_tree(self, raw: dict[str, Any], document: Document | None) -> None:
        """Add a tree that holds all parts."""
        if document is not None:
            self._add_file(document)
            self.mounts.append(
                Mount((), document, self.root, self.gathered.near, self.gathered.own)
            )
        if document is not None and document.is_prose:
            raw = self._add_statements(dict(raw), document)
        self.tree.update(self.normaliser.parts(raw))
        if document is not None and document.cells is not None:
            self._add_cells(document.name, document.cells)
            if document.unconfirmed:
                self.open_lists.update(_lists(document.tree))
        self.bureau.update(name for name in self.tree if self.root.fields[name].bureau)

    def _add_statements(self, raw: dict[str, Any], document: Document) -> dict[str, Any]:
        """Take over what prose says, which only a reader may give; the rest of the tree."""
        part = self.schema.statements
        if part is not None and part.name in raw:
            value = self.normaliser.part(part, raw.pop(part.name), f"/{part.name}")
            if value is not None:
                self.tree[part.name] = value
            self.data_files.append(Hashed(part.name, document.basis))
        self.open_lists.update(document.open_lists)
        for one in document.twice:
            where = [passage_in_letter(document.passages[n - 1], n) for n in one.lines]
            places = tuple(f"{document.name} {place}" for place in where)
            said = zip(where, one.values, strict=True)
            told = tuple(f"{place}“{value}”" for place, value in said)
            self.conflicts.append(Conflict(one.pointer, told, places))
        self.unread += document.told_unread
        return raw

    def _add_file(self, document: Document) -> None:
        self.files.append(Hashed(document.name, document.sha256))
        said = document.confirmed
        self.files += [Hashed(name, digest) for name, digest in said.beside.items()]
        for where, found, hint in said.faults:
            name, _, line = where.rpartition(":")
            place = Location(name, int(line)) if line.isdecimal() else Location(where)
            self.early.append(Fault(place, "", found, "", hint))

    def _add_cells(self, name: str, cells: Cells) -> None:
        """Take over what the reader of a workbook told of its cells."""
        self.gathered.faulted.update(cells.dropped)
        self.unread += cells.unread
        for fault in cells.faults:
            if fault.place:
                place = Location(name, cell=fault.place)
            else:
                place = self.places.locate(fault.pointer)
            self.early.append(Fault(place, fault.pointer, fault.found, fault.allowed, fault.hint))
        self.gathered.notes += [RawNote(*note) for note in cells.notes]

    def _add_root(self, document: Document, sources: Sources) -> None:
        if isinstance(document.tree, dict):
            self.add_tree(document.tree, document)
            return
        if not sources.parts:
            message = f"文件最外层是一个列表，不是{self.nouns['main_file']}"
            raise UnreadableError("not-a-submission", message, document.name, self._top_hint())
        self._tell(document.name, "", "一个列表", "一组“名称: 内容”", self._top_hint())
        self._give_up("", sources)

    def _top_hint(self) -> str:
        parts = [part for part in self.root.fields.values() if not (part.bureau or part.reader)]
        names = "".join(f"“{part.title}: ”" for part in parts[:_MOST_NAMED])
        return f"最外层写{names}这样的名称"

    def _only_here(self, part: Field, document: Document, sources: Sources) -> bool:
        """Whether a part's own file alone gives it; else neither place is believed.

        A table may give the rows of a part whose other fields stand elsewhere.
        """
        given = self.tree.get(part.name)
        joins = document.header and part.csv is not None and isinstance(given, dict)
        if joins and f"/{part.name}/{part.csv}" not in self.gathered.faulted:
            joins = part.csv not in (given or {})
        if joins or (given is None and f"/{part.name}" not in self.gathered.faulted):
            return True
        root = sources.root.name if sources.root is not None else ""
        found = f"{root} 和 {document.name} 都写了“{part.title}”"
        self._tell(document.name, part.name, found, "只在一处填写", "请删去其中一处")
        self._give_up(part.name, sources)
        return False

    def _add_part(self, part: Field, document: Document) -> None:
        """Type a document that holds one part, or the inner list that ``x-csv`` names."""
        base: tuple[str, ...] = (part.name,)
        target = part
        if document.header and part.csv is not None:
            index = ("0",) if part.kind == "rows" else ()
            base, target = (part.name, *index, part.csv), part.fields[part.csv]
        self.mounts.append(Mount(base, document, target, self.gathered.near, self.gathered.own))
        pointer = "/" + "/".join(base)
        if _says_none(document):
            value, target = self.normaliser.part(part, "无", f"/{part.name}"), part
            if isinstance(value, dict):  # the rows are 无; other fields may stand elsewhere
                value = {**self.tree.get(part.name, {}), **value}
        elif document.header and not document.tree:
            self._tell_table(document, pointer)
            return  # headings alone say nothing
        else:
            self._tell_table(document, pointer)
            value = self.normaliser.part(target, document.tree, pointer, document.header)
        if value is not None and target is not part:
            value = {**self.tree.get(part.name, {}), part.csv: value}
            value = [value] if part.kind == "rows" else value
        if value is not None:
            self.tree[part.name] = value

    def _give_up(self, part: str, sources: Sources) -> None:
        """Fault a part that cannot be believed, or every part that no other file gives."""
        if part:
            self.tree.pop(part, None)
            self.gathered.drop(f"/{part}")
            return
        elsewhere = {given for given, _ in sources.parts}
        for name, field in self.root.fields.items():
            if name not in self.tree and name not in elsewhere and not field.bureau:
                self.gathered.drop(f"/{name}")

    # --- the bureau's files ---------------------------------------------------------------

    def add_data(self, name: str, path: str | Path) -> None:
        """Add a bureau's file."""
        part, document = read_data(name, path, self.schema)
        if isinstance(document, ReadError):
            self._tell_unreadable(part.name, Path(path).name, document)
            self._drop_part(part)
            return
        if isinstance(document, Given):
            self._add_records(part, document, Path(path).name)
            return
        self.data_files.append(Hashed(part.name, document.sha256))
        self._replace(part, lambda: self._add_part(part, document))

    def _add_records(self, part: Field, given: Given, file: str) -> None:
        """Add the record of several that is this submission's, if there is one."""
        own, told = chosen(part, given, self.schema.names(self.tree, self.known))
        if len(own) > 1:
            places = "、".join(one.document.name + one.start for one in own)
            found = f"“{part.title}”有 {len(own)} 份写着{own[0].whose}：{places}"
            self._tell(file, part.name, found, "只留一份", "请删去其余的，或分开核查")
            self._drop_part(part)
            return
        if not own and given.failed:
            for name, error in given.failed:
                self._tell_unreadable(part.name, name, error)
            self._drop_part(part)
            return
        self.records += told
        for one in own:
            self.data_files.append(Hashed(part.name, one.document.sha256))
            self._replace(part, partial(self._add_record, part, one))

    def _add_record(self, part: Field, one: Record) -> None:
        """Type one record of a file that may hold several."""
        document, pointer = one.document, f"/{part.name}"
        self.mounts.append(
            Mount((part.name,), document, part, self.gathered.near, self.gathered.own, one.start)
        )
        if one.index is None:
            self._tell_table(document, pointer)
        for problem in document.problems if one.index is not None else ():
            rest = problem.pointer.removeprefix(one.start)
            if rest != problem.pointer and (not rest or rest.startswith("/")):
                self.gathered.drop(pointer + rest)
                self._tell_problem(document.name, pointer + rest, problem)
        value = self.normaliser.part(part, one.tree, pointer, document.header)
        if value is not None:
            self.tree[part.name] = value

    def _drop_part(self, part: Field) -> None:
        self.tree.pop(part.name, None)
        self.gathered.drop(f"/{part.name}")

    def add_data_tree(self, name: str, raw: Any) -> None:
        """Add a bureau's table or record from a tree of text."""
        part = self.root.fields[self.schema.parts[name]]

        def add() -> None:
            value = self.normaliser.part(part, raw, f"/{part.name}")
            if value is not None:
                self.tree[part.name] = value

        self._replace(part, add)

    def _replace(self, part: Field, add: Callable[[], None]) -> None:
        """Put a bureau's record in place of the school's and keep where they differ."""
        before = self.places
        ours = self.tree.pop(part.name, None)
        self.early += self.gathered.take_out(part.name, before.locate)
        self.mounts = [mount for mount in self.mounts if mount.base[:1] != (part.name,)]
        add()
        self.bureau.add(part.name)
        theirs, after = self.tree.get(part.name), self.places
        if isinstance(ours, dict) and isinstance(theirs, dict):
            self.conflicts += differences(
                part,
                (theirs, ours),
                (after.say, before.say),
                (self.nouns["authority"], self.nouns["subject"]),
            )

    # --- what is told ---------------------------------------------------------------------

    def finish(self) -> dict[str, Any]:
        """Fill, compare, set what only the reader knows; the tree in the schema's order."""
        fill(self.schema, self.tree, self.gathered)
        refuse_several(self.schema, self.tree, self.gathered)
        self._refuse_others()
        say = self.places.say
        rows = [*self.conflicts, *contradictions(self.schema, self.tree, self.gathered, say)]
        part_told = self.schema.conflicts
        if rows and part_told is not None:
            given = self.tree.get(part_told.name)
            told = [row.told(part_told) for row in rows]
            self.tree[part_told.name] = [*(given if isinstance(given, list) else []), *told]
        if any(one.document.is_prose or one.document.unconfirmed for one in self.mounts):
            for name, part in self.root.fields.items():  # of these nobody else tells more
                if part.reader and part.kind == "rows":
                    self.tree.setdefault(name, [])
        for name, part in self.root.fields.items():
            record, giver = self.tree.get(name), part.given_by
            if part.record and giver is not None and isinstance(record, dict):
                if record.get(giver.name) == giver.giver["authority"]:
                    self.bureau.add(name)
                whose = "authority" if name in self.bureau else "subject"
                record[giver.name] = giver.giver[whose]
        return {name: self.tree[name] for name in self.root.fields if name in self.tree}

    def _refuse_others(self) -> None:
        """Take out a record that came with the submission and names another's."""
        names = self.schema.names(self.tree, self.known)
        for name, part in self.root.fields.items():
            record, child = self.tree.get(name), part.names_whose if part.record else None
            if child is None or not isinstance(record, dict) or name in self.bureau:
                continue
            whose, giver = record.get(child.name), part.given_by
            theirs = giver is not None and record.get(giver.name) == giver.giver["authority"]
            if not names or theirs or not isinstance(whose, str) or whose in names:
                continue
            place = f"/{name}/{child.name}"
            found = f"“{child.title}”是{whose}"
            may = f"这份材料的{self.nouns['subject_id']}"
            hint = f"请换成{self.nouns['you']}自己的{part.title}"
            self.early.append(Fault(self.places.locate(place), place, found, may, hint))
            self._drop_part(part)

    def _tell(self, file: str, part: str, found: str, may: str, hint: str) -> None:
        pointer = f"/{part}" if part else ""
        self.early.append(Fault(Location(file), pointer, found, may, hint))

    def _tell_problem(self, file: str, pointer: str, problem: Problem) -> None:
        place = Location(file, *problem.span) if problem.span is not None else Location(file)
        if problem.cell:
            place = Location(file, cell=problem.cell)
        message = quoted_unshown(problem.message)
        self.early.append(Fault(place, pointer, message, "", problem.hint))

    def _tell_unreadable(self, part: str, file: str, error: ReadError) -> None:
        for problem in error.problems:
            self._tell_problem(file, f"/{part}" if part else "", problem)

    def _tell_table(self, document: Document, pointer: str) -> None:
        """What a table's reader told: rows and values that it left out, and what it mapped."""
        for problem in document.problems:
            if problem.pointer:
                self.gathered.drop(pointer + problem.pointer)
            self._tell_problem(document.name, pointer + problem.pointer, problem)
        for dropped in document.dropped:
            self.gathered.drop(pointer + dropped)
        for note in document.notes:
            place = Location(document.name, cell=note.cell or None)
            if note.span is not None:
                place = Location(document.name, *note.span)
            self.notes.append(Normalised(pointer + note.pointer, place, note.written, note.read))

    def _tell_misplaced(self, part: Field, file: str) -> None:
        may = "{subject}的{main_file}和佐证材料".format_map(self.nouns)
        if part.bureau:
            authority = self.nouns["authority"]
            hint = f"请移出文件夹，检查时由{authority}载入"
            self._tell(file, part.name, f"“{part.title}”属于{authority}的数据", may, hint)
        else:
            self._tell(file, part.name, f"“{part.title}”由程序填写", may, "请删去这个文件")


def _says_none(document: Document) -> bool:
    """Whether a table says 无 and nothing else: as its heading, or in one cell of one row."""
    if not document.header:
        return False
    if not document.tree:
        return len(document.header) == 1 and document.header[0] in ABSENT_WORDS
    if len(document.tree) > 1:
        return False
    cells = [cell for cell in document.tree[0].values() if cell]
    if document.problems and document.problems[0].span is not None:
        cells = [document.line(document.problems[0].span.line).strip(", \t")]
    return len(cells) == 1 and cells[0] in ABSENT_WORDS


def _lists(tree: Any, pointer: str = "") -> Iterator[str]:
    """The pointers of lists that stand in no row of another."""
    for name, value in tree.items() if isinstance(tree, dict) else ():
        at = f"{pointer}/{name}"
        if isinstance(value, list):
            yield at
        else:
            yield from _lists(value, at)
