"""Quality gates on cases: what they patch, name and fill in is there, and may stand there.

A case that writes a value nobody can write, or points to nothing, shows something else than its
name says. A value that is meant to be unreadable stands in a case that expects ``error``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kehou.authoring.run_cases import submission_of
from kehou.errors import KehouError
from kehou.fields import Field
from kehou.language import suggest
from kehou.language.yaml_places import Faults, Place
from kehou.model.outcomes import Outcome, Stage
from kehou.model.rules import Rule
from kehou.model.values import Fault
from kehou.packs import Pack
from kehou.packs.casefiles import Case, CaseFile, Found, case_path, good_submission, patched
from kehou.packs.positions import Sites
from kehou.packs.uses import behind_rule
from kehou.readers import ReadError, segments
from kehou.submission import from_tree, missing

#: Fields that a good submission lacks and that are told, at most.
_MOST_LACKING: Final = 5


class Patches:
    """The good submissions of a pack by their path, each with what is unreadable in it as it is."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._read: dict[str, tuple[Any, frozenset[str]] | None] = {}

    def base(self, relative: str) -> tuple[Any, frozenset[str]] | None:
        """(tree, pointers of what is unreadable) of a good submission; None where there is none."""
        if relative not in self._read:
            try:
                tree = good_submission(self.pack, relative).tree
            except ReadError:
                self._read[relative] = None
            else:
                self._read[relative] = (tree, frozenset())
        return self._read[relative]


def bases(pack: Pack, files: Mapping[str, CaseFile], sites: Sites) -> Iterator[Found]:
    """The good submissions that pack.yaml and case files name are there, and can be read."""
    patches = Patches(pack)
    named = [pack.base, *(file.base for file in files.values() if file.document is not None)]
    for name in dict.fromkeys(filter(None, named)):
        yield from _unreadable(pack, name)
    if pack.base and patches.base(pack.base) is None:
        place = sites.at("pack.yaml", "base")
        yield place, f"没有 {pack.base}，或读不懂它", "请写规则包里那份好材料的文件名"
    for name, file in files.items():
        if file.base not in ("", pack.base) and patches.base(file.base) is None:
            place = sites.at(case_path(pack.rules[name]), "base")
            yield (
                place,
                f"没有 {file.base}，或读不懂它",
                "请写那份好材料的路径，从用例文件所在处数起",
            )


def _unreadable(pack: Pack, relative: str) -> Iterator[Found]:
    """Values of a good submission that cannot be read: its cases judge it without them."""
    try:
        document = good_submission(pack, relative)
    except ReadError:
        return  # told where it is named
    submission = from_tree(document.tree, pack.schema, document=document)
    if relative == pack.base:
        needed = missing(pack.schema, submission.tree, Stage.APPROVAL)
        lacking = _read_by_rules(pack, needed) if needed else []
        if lacking:
            told = "、".join(_titled(pack, pointer) for pointer in lacking[:_MOST_LACKING])
            more = f"等 {len(lacking)} 栏" if len(lacking) > _MOST_LACKING else ""
            hint = "请补上，不然用它的规则都是材料不足"
            yield f"{relative}:1", f"好材料没有写必填的{told}{more}", hint
    for fault in submission.faults:
        place = f"{relative}:{fault.location.line or 1}"
        told = f"值读不懂：{fault.found}，这里应是{_allowed(pack, fault)}"
        yield place, told, fault.hint or "好材料里的值都要读得懂"


def _read_by_rules(pack: Pack, pointers: Sequence[str]) -> list[str]:
    """Those of some pointers to which a rule of the pack looks, or to something below."""
    read: set[str] = set()
    for rule in pack.rules.values():
        used = behind_rule(pack, rule)
        read |= {pack.entities[name].path for name in used.entities}
        for entity, name in used.fields:
            field = pack.vocabulary.own_fields(entity).get(name)
            read |= {field.path} if field is not None else set()
    found = []
    for pointer in pointers:
        path = ".".join(step for step in segments(pointer) if not step.isdecimal())
        if any(one == path or one.startswith(f"{path}.") for one in read):
            found.append(pointer)
    return found


def _titled(pack: Pack, pointer: str) -> str:
    field = pack.schema.at(pointer)
    return f"“{field.title}”（{pointer}）" if field is not None else pointer


def patches(pack: Pack, rule: Rule, file: CaseFile, trees: Patches) -> Iterator[Found]:
    """What the cases of a rule patch and name, and the values that they write."""
    base = trees.base(file.base)
    if file.document is None or base is None:
        return
    faults = Faults()
    names: set[str] = set()
    for i, case in enumerate(file.cases):
        at = Place(file.document, faults) / "cases" / i
        if case.name in names:
            told = f"前面已有一个用例叫“{case.name}”"
            (at / "name").fault(told, "请各写一个名称，不然分不清说的是哪一个")
        names.add(case.name)
        before = len(faults.found)
        _pointers(pack, case, base[0], at)
        try:
            tree = patched(base[0], case)
        except ValueError:
            continue
        _subjects(pack, rule, case, (base[0], tree), at)
        if len(faults.found) == before and Outcome.ERROR not in case.expect:
            _values(pack, case, tree, at)
    yield from faults.placed()


def _pointers(pack: Pack, case: Case, tree: Any, at: Place) -> None:
    """``set`` and ``drop`` point to what the schema and the good submission have."""
    for i, pointer in enumerate(case.drop):
        if not _declared(pack, pointer, at / "drop" / i):
            continue
        if not _leads(tree, pointer) and not _told_of_the_base(pack, tree, pointer):
            told = "好材料里没有它，删去不改变什么"
            (at / "drop" / i).fault(
                f"drop 的 {pointer} 指着空处：{told}", "请核对指针；行从 0 数起"
            )
    kept = tree
    declared = {p: v for p, v in case.changes.items() if _declared(pack, p, at / "set" / p)}
    if _all_lead(tree, case, declared):
        return
    for pointer, value in declared.items():
        try:
            kept = patched(kept, _only(case, pointer, value))
        except ValueError:
            hint = "请核对指针；行从 0 数起，末段写 - 是添一行"
            (at / "set" / pointer).fault(f"set 的 {pointer} 指着空处", hint)


def _told_of_the_base(pack: Pack, tree: Any, pointer: str) -> bool:
    """Whether the good submission lacks what it has to have there, which is told of itself."""
    field = pack.schema.at(pointer)
    required = field is not None and str(Stage.APPROVAL) in field.required
    return required and _leads(tree, pointer.rpartition("/")[0])


def _all_lead(tree: Any, case: Case, changes: Mapping[str, Any]) -> bool:
    """Whether every change finds its place, as most do: one copy of the tree tells it of all."""
    try:
        patched(tree, replace(case, drop=(), changes=dict(changes)))
    except ValueError:
        return False
    return True


def _only(case: Case, pointer: str, value: Any) -> Case:
    return replace(case, drop=(), changes={pointer: value})


def _declared(pack: Pack, pointer: str, at: Place) -> bool:
    """Whether the schema has what a pointer leads to; its first step that is wrong is told."""
    field: Field | None = pack.schema.root
    steps = segments(pointer)
    for depth, step in enumerate(steps):
        if field is None:
            return True
        if field.kind in ("rows", "list"):
            if not (step == "-" or step.isdecimal()):
                known = field.item.fields if field.item is not None else {}
                where = "/" + "/".join(steps[: depth + 1])
                at.fault(
                    f"{where} 不是行号",
                    f"“{field.title}”的行从 0 数起；{suggest(step, list(known))}",
                )
                return False
            field = field.item
            continue
        if step not in field.fields:
            where = "/" + "/".join(steps[: depth + 1])
            if field.fields:
                at.fault(f"材料结构里没有 {where}（{pointer}）", suggest(step, list(field.fields)))
                return False
            return True
        field = field.fields[step]
    return True


def _leads(tree: Any, pointer: str, pack: Pack | None = None) -> bool:
    """Whether a pointer leads to something; with a pack, also to what the reader puts there."""
    path: list[str] = []
    for step in segments(pointer):
        path += [] if step.isdecimal() else [step]
        if isinstance(tree, dict) and step in tree:
            tree = tree[step]
        elif isinstance(tree, list) and step.isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        else:
            field = pack.schema.field(".".join(path)) if pack is not None else None
            filled = field is not None and (field.kind == "list" or _read_in(pack, path))
            return filled and not isinstance(tree, list)
    return True


def _read_in(pack: Pack | None, path: Sequence[str]) -> bool:
    """Whether a part of a submission is put there by the reader."""
    part = pack.schema.root.fields.get(path[0]) if pack is not None else None
    return part is not None and bool(part.reader or part.conflict)


def _subjects(pack: Pack, rule: Rule, case: Case, trees: tuple[Any, Any], at: Place) -> None:
    """Subjects that are named are there, as rows or as the whole; derived ones by their entity."""
    named = [(at / "expect" / o / i, s) for o, ss in case.expect.items() for i, s in enumerate(ss)]
    named += [(at / "found" / s, s) for s in case.found]
    named += [(at / "missing" / s, s) for s in case.missing]
    for place, subject in named:
        if not subject:
            place.fault("这里不能为空", "整份材料写 /")
        elif subject.startswith("/"):
            if subject != "/" and not any(_leads(tree, subject, pack) for tree in trees):
                hint = "请写这条规则的一个对象；行从 0 数起，整份材料写 /"
                place.fault(f"材料里没有 {subject}", hint)
        elif "[" in subject:
            entity = subject.partition("[")[0]
            if entity not in pack.entities:
                place.fault(f"没有实体 {entity}", suggest(entity, list(pack.entities)))
    for subject, fields in case.found.items():
        for name in fields if isinstance(fields, Mapping) else ():
            try:
                pack.type_of(rule.each, name)
            except (KeyError, ValueError):
                if name in pack.parameters or pack.vocabulary.told(rule.each, name):
                    continue
                known = list(pack.vocabulary.own_fields(rule.each))
                (at / "found" / subject / name).fault(f"没有字段 {name}", suggest(name, known))


def _values(pack: Pack, case: Case, tree: Any, at: Place) -> None:
    """Values that a case writes can stand where it writes them."""
    if not case.changes:
        return
    parts = {segments(pointer)[0] for pointer in case.changes}
    touched = {name: value for name, value in tree.items() if name in parts}
    try:
        faults = submission_of(pack, touched, case).faults
    except KehouError as error:
        (at / "set").fault(error.message, error.hint)
        return
    for pointer in case.changes:
        stem = pointer.removesuffix("/-")
        for fault in faults:
            if _within(fault.path, stem, pointer):
                told = f"用例写的值读不懂：{fault.found}，这里应是{_allowed(pack, fault)}"
                (at / "set" / pointer).fault(told, "有意写错的，expect 里要有 error")
                break


def _allowed(pack: Pack, fault: Fault) -> str:
    """What may stand where a value is unreadable: options as the files of a pack write them."""
    path = ".".join(step for step in segments(fault.path) if not step.isdecimal())
    field = pack.schema.field(path)
    field = field.item if field is not None and field.kind == "list" else field
    if field is None or not field.labels:
        return fault.allowed
    return "、".join(f"{value}（{label}）" for value, label in field.labels.items())


def _within(pointer: str, stem: str, written: str) -> bool:
    if written.endswith("/-"):
        return pointer.startswith(f"{stem}/")
    return pointer == stem or pointer.startswith(f"{stem}/")


__all__ = ["Patches", "bases", "patches"]
