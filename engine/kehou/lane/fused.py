"""One function for all the rules of a lane: each list walked once, each subject asked for all.

The code asks of every subject whether anything but a pass can come of it, and counts to how many
each rule applies; only what is worth a look is told by `details`. It holds numbered attributes and
numbered constants and nothing else: no word of a pack and none of a submission stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from kehou.judging import BoundRule
from kehou.lane.details import Detail, Finding, as_findings, spread, tell
from kehou.lane.expressions import NO, Names, Operand, Quick, Writer
from kehou.lane.groups import Group, Grouped
from kehou.lane.records import Records, rows_path
from kehou.lane.sums import Combined, Derived, Sum, in_order, is_derived
from kehou.lane.walks import Walk, by_when, fine, text
from kehou.language import ROOT, FieldArg
from kehou.model.outcomes import Outcome
from kehou.model.values import Unknown
from kehou.packs import Pack

_CALLED: Final = "tell=tell, told=told, derived=derived, place=place, spread=spread, UNSET=UNSET"

Fused = Callable[[Any, list[Finding]], tuple[int, ...]]


class Code(NamedTuple):
    """A fused function of (record, list that findings are put into).

    It gives, group by group, to how many subjects the rules of the group apply; ``groups`` are in
    that order. ``source`` is what was compiled. ``tells_idle`` says that among the findings there
    may be subjects to which a rule does not apply, which are counted as if it did.
    """

    run: Fused
    groups: list[Group]
    source: str
    tells_idle: bool


def fuse(pack: Pack, found: Grouped, records: Records) -> Code:
    """Write and compile the function."""
    writing = _Writing(pack, found.derived, records)
    source = writing.function(found.groups)
    names = writing.names.bound | {"tell": tell, "place": place, "spread": spread, "UNSET": UNSET}
    names |= {"told": writing.told, "derived": writing.derived_values}
    exec(compile(source, "<kehou.lane>", "exec"), names)
    return Code(names["fused"], writing.groups, source, writing.tells_idle)


class _Writing:
    def __init__(self, pack: Pack, derived: Derived, records: Records) -> None:
        self.pack, self.derived, self.records = pack, derived, records
        self.names = Names()
        self.groups: list[Group] = []
        self.lines: list[str] = []
        self.details: list[Detail] = []
        self.counts: list[str] = []
        self.scales: list[tuple[int, ...]] = []
        self.tells_idle = False
        self.made = {name: f"d{number}" for number, name in enumerate(derived.made)}
        self.writer = Writer(self.names, self._where)

    def _where(self, arg: FieldArg) -> Operand:
        """How a field is read: of the submission, of a row ``e``, or a sum that was worked out."""
        if is_derived(self.pack, arg, self.entity):
            name = arg.name.removeprefix("submission.")
            return Operand(self.made[name], self.pack.type_of(ROOT, name)[0].kind)
        root = arg.root or self.entity == ROOT
        columns = (c for g in self.here for c in (g.roots if root else g.own))
        found = next(c for c in columns if c.name == arg.name)
        return Operand(text("p" if root else "e", found), found.kind, found)

    # --- the whole ---------------------------------------------------------------------------

    def function(self, groups: Mapping[str, list[Group]]) -> str:
        sums = in_order(self.derived, True)
        entities = dict.fromkeys([*groups, *(one.entity for one in sums)])
        self.add(1, "sure, partial = True, None")
        for number, entity in enumerate(name for name in entities if name != ROOT):
            self.entity, self.here = entity, groups.get(entity, [])
            self.rows(number, [one for one in sums if one.entity == entity])
        self.combined()
        self.entity, self.here = ROOT, groups.get(ROOT, [])
        self.roots()
        counts = "".join(f"{count}, " for count in self.counts)
        self.add(1, f"return ({counts})")
        bound = "".join(f", {name}={name}" for name in self.names.bound)
        head = f"def fused(p, out, {_CALLED}{bound}):"
        return "\n".join([head, *self.lines, ""])

    def add(self, depth: int, *lines: str) -> None:
        self.lines += ["    " * depth + line for line in lines]

    def take(self, group: Group, counts: bool) -> int:
        """Number a group and make what tells of it."""
        self.groups.append(group)
        self.tells_idle = self.tells_idle or counts
        args = group.rules, group.own, group.roots, group.derived, counts
        self.details.append(Detail(self.pack, *args))
        kinds = (self.pack.type_of(ROOT, _bare(name))[0].kind for name in group.derived)
        self.scales.append(tuple(100 if kind == "money" else 1 for kind in kinds))
        return len(self.groups) - 1

    # --- rows --------------------------------------------------------------------------------

    def rows(self, number: int, sums: Sequence[Sum]) -> None:
        rows = f"r{number}"
        path = ".".join(rows_path(self.pack, self.entity))
        self.add(1, f"{rows} = p.{path}", "odd = ()")
        listed = self.pack.schema.field(self.pack.entities[self.entity].path)
        if listed is not None and listed.absent:  # a word that there are none
            self.add(1, f"if type({rows}) is str: {rows} = ()")
        plain = [group for group in self.here if not group.of_root]
        whens = by_when(plain)
        counted = {key: f"n{number}_{i}" for i, key in enumerate(whens)}
        for key, those in whens.items():
            if those[0].when is not None and self.writer.holds(those[0].when, False).exact:
                self.add(1, f"{counted[key]} = 0")
            else:
                counted[key] = ""
        walk = Walk(self.writer, self.names, self.made, whens, counted, sums)
        if sums:
            self.add(1, *(f"{self.made[one.name]} = 0" for one in sums))
            self.add(1, *(f"l{n} = v{n} = ()" for n in (self.made[one.name][1:] for one in sums)))
            self.add(1, "try:")
            self.add(2, *walk.lines(rows))
            self.add(1, "except TypeError:")
            self.add(2, "sure, odd = False, ()")
            self.add(2, *(f"{name} = 0" for name in counted.values() if name))
            lacks = (f"{kind}{self.made[one.name][1:]}" for one in sums for kind in "dlv")
            self.add(2, *(f"{name} = {0 if name[0] == 'd' else '()'}" for name in lacks))
            self.add(2, *walk.lines(rows, careful=True))
        else:
            self.add(1, *walk.lines(rows))
        numbers = {}
        for key, those in whens.items():
            for group in those:
                numbers[id(group)] = self.take(group, bool(group.when) and not counted[key])
                self.counts.append(counted[key] or f"len({rows})")
        self.odd_rows(rows, plain, numbers)
        for those in by_when([group for group in self.here if group.of_root]).values():
            self.hoisted(rows, those)

    def hoisted(self, rows: str, those: Sequence[Group]) -> None:
        """Groups whose ``when`` is asked of the submission, once for all rows."""
        out = self.writer.holds(those[0].when, False)
        numbers = {id(group): self.take(group, not out.exact) for group in those}
        self.counts += [f"(0 if {out.text} else len({rows}))"] * len(those)
        good = fine(self.writer, those)
        self.add(1, f"if not {out.text}:")
        if out.exact:
            self.add(2, "odd = ()", f"for e in {rows}:")
            self.add(3, f"if not {good.text}: odd += (e,)")
        else:
            self.add(2, f"odd = {rows}")
        self.odd_rows(rows, those, numbers, 2)

    def odd_rows(
        self, rows: str, groups: Sequence[Group], numbers: Mapping[int, int], depth: int = 1
    ) -> None:
        if not groups:
            return
        path = self.pack.entities[self.entity].path
        phantom = self.names.alone(self.records.phantoms[path])
        pointer = "/" + path.replace(".", "/")
        here = self.names.of(pointer)
        lacking = self.names.of(Unknown((pointer,), True))
        self.add(depth, "if odd:", f"    if {phantom} is {rows}:", f"        e = {rows}[0]")
        for group in groups:
            key = self.key(group)
            told = f"told({numbers[id(group)]}, ({key}), {lacking})"
            self.add(depth + 2, f"tell(out, {told}, {here})")
        self.add(depth + 1, "else:", "    i = -1", "    for e in odd:")
        self.add(depth + 3, "if i >= 0 and r[i] is e: continue".replace("r[", f"{rows}["))
        self.add(depth + 3, f"i = place({rows}, e, i + 1)")
        for group in groups:
            self.look(depth + 3, group, numbers[id(group)], f"f'{{{here}}}/{{i}}'")

    def look(self, depth: int, group: Group, number: int, pointer: str) -> None:
        """Tell of a subject where a group's rules may come to anything but a pass."""
        detail = self.details[number]
        good = fine(self.writer, [group])
        out = self.writer.holds(group.when, False) if not group.of_root else NO
        tests = [f"not {one.text}" for one in (good, out) if one.text != "False"]
        if not self.writer.holds(group.when, False).exact:
            tests = []  # whether a rule applies is told there too
        if "not True" in tests:
            return
        if tests:
            self.add(depth, f"if {' and '.join(tests)}:")
            depth += 1
        key = self.key(group)
        if group.derived:
            made = "".join(f"{self.made[_bare(name)]}, " for name in group.derived)
            if len(group.rules) == 1 and (broken := self.broken(group.rules[0])).text != "False":
                failed = self.names.of(((group.rules[0].rule.id, Outcome.FAIL, "", ()),))
                self.add(depth, f"if {broken.text}: out += {failed}")
                self.add(depth, f"else: out += derived({number}, p, ({key}), ({made}), partial)")
                return
            self.add(depth, f"out += derived({number}, p, ({key}), ({made}), partial)")
            return
        known = self.names.alone(detail.known.get)
        self.add(depth, f"k = ({key})", f"s = {known}(k)")
        self.add(depth, f"if s is None: s = told({number}, k)")
        if not pointer:
            self.add(depth, "out += s")
            return
        paths = "d if c is None else (q + c,) if c else spread(d, q)"  # as `tell` does
        self.add(depth, f"q = {pointer}", f"for a, b, c, d in s: out.append((a, b, q, {paths}))")

    def broken(self, rule: BoundRule) -> Quick:
        """That a rule is certainly not met by a subject to which it certainly applies."""
        if rule.unset or rule.when is not None or rule.require is None:
            return NO
        return self.writer.holds(rule.require, False)

    def key(self, group: Group) -> str:
        texts = [*(text("e", c) for c in group.own), *(text("p", c) for c in group.roots)]
        lists = [c.kind == "list" for c in (*group.own, *group.roots)]
        return "".join(
            f"{text if not many else f'tuple({text}) if type({text}) is list else {text}'}, "
            for text, many in zip(texts, lists, strict=True)
        )

    # --- the submission ----------------------------------------------------------------------

    def combined(self) -> None:
        if not self.made:
            return
        sums = [self.made[one.name][1:] for one in in_order(self.derived, True)]
        later: Sequence[Combined] = in_order(self.derived, False)
        if later:
            self.add(1, "if sure:", "    try:")
            for one in later:
                a, b = (self.made[x] if isinstance(x, str) else text("p", x) for x in one.args)
                self.add(3, f"{self.made[one.name]} = {a} {'+' if one.fn == 'plus' else '-'} {b}")
            self.add(2, "except TypeError:", "    sure = False")
        self.add(1, "if not sure:")
        lacks = "".join(f"(d{n}, l{n}, v{n}), " for n in sums)
        self.add(2, f"partial = ({lacks})")
        self.add(2, " = ".join([*(self.made[name] for name in self.made), "None"]))

    def roots(self) -> None:
        for those in by_when(self.here).values():
            out = self.writer.holds(those[0].when, False)
            for group in those:
                number = self.take(group, not out.exact)
                certain = those[0].when is None or not out.exact
                self.counts.append("1" if certain else f"(0 if {out.text} else 1)")
                self.look(1, group, number, "")

    # --- what the code calls -----------------------------------------------------------------

    def told(self, number: int, key: tuple[Any, ...], phantom: Unknown | None = None) -> Any:
        """What a group says of values that were not seen before, or of a row nobody has seen."""
        detail = self.details[number]
        return detail.learn(key) if phantom is None else detail.told(key, phantom)

    def derived_values(
        self, number: int, record: Any, key: tuple[Any, ...], made: tuple[Any, ...], partial: Any
    ) -> Any:
        """What a group says that reads derived fields, the exact ones or those between bounds."""
        if partial is not None:
            values = self.derived.values(record, self.records.phantoms, partial)
            names = map(_bare, self.groups[number].derived)
            key = (*key, *(values[name] for name in names))
        else:
            scaled = zip(made, self.scales[number], strict=True)
            key = (*key, *(value * scale for value, scale in scaled))
        return as_findings(self.details[number].told(key))


def place(rows: Sequence[Any], row: Any, start: int) -> int:
    """Where a row itself stands, from ``start`` on."""
    for number, one in enumerate(rows):
        if one is row and number >= start:
            return number
    raise ValueError


def _bare(name: str) -> str:
    return name.removeprefix("submission.")


def names_in(source: str) -> Iterator[str]:
    """Every name and attribute of generated code, to be held against what may stand there."""
    import ast

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


__all__ = ["Code", "Fused", "fuse", "names_in"]
