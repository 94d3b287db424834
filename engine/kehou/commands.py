"""What each command does; each imports what it needs when it runs."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kehou import __version__, data, outputs, settings
from kehou.errors import (
    EXIT_FAIL,
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_USAGE,
    KehouError,
    PackError,
    UnreadableError,
    UsageError,
)
from kehou.grammar import suggest
from kehou.model import Fault, Location, Report, Rule, Severity, Stage
from kehou.readers import ReadError
from kehou.render.visible import visible

if TYPE_CHECKING:
    from kehou.check import CheckOptions
    from kehou.packs import Pack

_SUFFIX = ".schema.json"
_PLACE = re.compile(r"^(.*?)(?::(\d+))?(?::(\d+))?$", re.DOTALL)


def check(options: argparse.Namespace) -> int:
    """``kehou check``: every PATH is judged, whatever befalls another."""
    from kehou.render.formats import ALL
    from kehou.render.summary import exit_code
    from kehou.render.text import Manner

    chosen = _settings()
    wanted = [outputs.parse(text, list(ALL)) for text in options.output or ["text"]]
    outputs.check_targets(wanted, options.paths)
    if options.paths.count("-") > 1:
        raise UsageError("usage", "标准输入（-）只能写一次")
    gate = Severity(options.fail_on or chosen.fail_on or Severity.MAJOR)
    reports, failures = _reports(options.paths, _check_options(options, chosen))
    if not reports:
        return max(failures)
    for output in wanted:
        manner = Manner(
            language=options.lang or chosen.language,
            verbosity=int(options.verbose) - int(options.quiet),
            colour=outputs.colour_wanted(output),
        )
        outputs.write(output, ALL[output.format](reports, manner))
    code = exit_code(reports, gate)
    if code == EXIT_USAGE:
        outputs.complain("kehou：没有一条规则适用于这个环节和日期，什么也没有查")
    return EXIT_UNREADABLE if failures else code


def _reports(paths: Sequence[str], options: CheckOptions) -> tuple[list[Report], list[int]]:
    """The reports of all paths that could be opened, and the exit codes of those that not."""
    from kehou import check as checking

    shelf: dict[str, Pack] = {}
    reports, failures = [], []
    for path in paths:
        try:
            reports.append(checking.check(path, options, shelf))
        except PackError:
            raise
        except UnreadableError as error:
            reports.append(_unread(path, error, options))
        except KehouError as error:
            outputs.complain("kehou：" + visible(str(error), keep="\n"))
            failures.append(error.exit_code)
        except Exception as error:
            outputs.complain(outputs.crash(error, path))
            failures.append(EXIT_UNREADABLE)
    return reports, failures


def _unread(path: str, error: UnreadableError, options: CheckOptions) -> Report:
    """The report of a submission without a readable tree: a fault and no findings (DESIGN §3)."""
    name, line, column = re.findall(_PLACE, error.where or path)[0]
    place = Location(name, int(line) if line else None, int(column) if column else None)
    faults = [Fault(place, "", error.message, "", error.hint)]
    if isinstance(error.__cause__, ReadError):
        faults += [
            Fault(Location(name, *p.span) if p.span else place, "", p.message, "", p.hint)
            for p in error.__cause__.problems[1:]
        ]
    return Report(
        tool_version=__version__,
        stage=options.stage,
        as_of=options.as_of or "",
        check_date=options.on,
        language=options.language,
        cross_checked=False,
        packs=(),
        parameters=(),
        data=(),
        school_id=None,
        school_name=None,
        school_levels=(),
        path=path,
        files=(),
        unread_files=(),
        plan_sha256=None,
        normalised=(),
        faults=tuple(faults),
        decision=None,
        inferences=(),
        results=(),
        missing_evidence=(),
        not_judged=(),
        reviews_off=(),
        not_at_this_stage=0,
        clauses={},
    )


def _settings() -> settings.Settings:
    path = settings.find(Path.cwd())
    return settings.load(path) if path else settings.Settings()


def _check_options(options: argparse.Namespace, chosen: settings.Settings) -> CheckOptions:
    from kehou.check import CheckOptions

    return CheckOptions(
        stage=Stage(options.stage or chosen.stage or Stage.APPROVAL),
        as_of=options.as_of,
        on=options.on,
        packs=_pack_names(options, chosen),
        data={**chosen.data, **dict(options.data or ())},
        engine=getattr(options, "engine", None) or chosen.engine or "both",
        language=options.lang or chosen.language or "zh",
        reading=getattr(options, "reading", None) or "",
        waivers=getattr(options, "waivers", None) or chosen.waivers,
        baseline=getattr(options, "baseline", None),
    )


def _pack_names(options: argparse.Namespace, chosen: settings.Settings) -> tuple[str, ...]:
    """Packs by flag, else by kehou.yaml, else those that come with kehou; each must exist."""
    from kehou import packs

    names = tuple(options.pack or chosen.packs or packs.available())
    for name in names:
        packs.find(name)
    return names


# --- rules and clauses ---------------------------------------------------------------------


def explain(options: argparse.Namespace) -> int:
    """``kehou explain RULE [PATH]``."""
    from kehou import packs
    from kehou.render import explain as rendering

    chosen = _settings()
    found = _find_rule(options.rule, [packs.load(n) for n in _pack_names(options, chosen)])
    rule, pack = found
    subjects = None
    if options.path is not None:
        from kehou import explain as explaining

        checked = _check_options(options, chosen)
        subjects = explaining.explain(options.path, rule.id, checked)
    language = options.lang or chosen.language or "zh"
    outputs.emit(rendering.render(rule, pack, options.as_of, subjects, language))
    return EXIT_OK


def _find_rule(name: str, packs: Sequence[Pack]) -> tuple[Rule, Pack]:
    for pack in packs:
        rule = pack.rules.get(name.removeprefix(f"{pack.id}/"))
        if rule is not None:
            return rule, pack
    known = [rule for pack in packs for rule in pack.rules]
    raise UsageError("rule-not-found", f"没有规则 {name}", hint=suggest(name, known))


def diff(options: argparse.Namespace) -> int:
    """``kehou diff OLD NEW``: what changed between two reports, or since one."""
    from kehou import check as checking
    from kehou import memory
    from kehou.render import changes as rendering

    chosen = _settings()
    output = outputs.parse(options.output, ["text", "json"])
    outputs.check_targets([output], [options.old, options.new])
    past = memory.read_past(options.old)
    if memory.is_report(options.new):
        found = memory.between(past, memory.read_past(options.new))
    else:
        found = memory.since(past, checking.check(options.new, _check_options(options, chosen)))
    language = options.lang or chosen.language or "zh"
    render = rendering.render_json if output.format == "json" else rendering.render_text
    outputs.write(output, render(found, language))
    worse = any(change.state in ("new", "reopened") for change in found.changes)
    return EXIT_FAIL if worse else EXIT_OK


def clauses(options: argparse.Namespace) -> int:
    """``kehou clauses [-o text|json|html] [--ambiguities]``."""
    from kehou import packs
    from kehou.render import clauses as rendering

    chosen = _settings()
    output = outputs.parse(options.output, ["text", "json", "html"])
    outputs.check_targets([output], [])
    loaded = [packs.load(name) for name in _pack_names(options, chosen)]
    language = options.lang or chosen.language or "zh"
    if options.ambiguities:
        text = rendering.render_ambiguities(loaded, output.format, language)
    elif output.format == "json":
        text = rendering.render_json(loaded)
    elif output.format == "html":
        from kehou.render import clauses_html

        text = clauses_html.render(loaded, {p.id: _cases(p) for p in loaded}, language)
    else:
        text = rendering.render_text(loaded, language)
    outputs.write(output, text)
    return EXIT_OK


def _cases(pack: Pack) -> dict[str, list[tuple[str, list[str]]]]:
    """Names and expected outcomes of each rule's cases."""
    from kehou.casefiles import read_cases

    return {
        rule.id: [(case.name, list(case.expect)) for case in read_cases(pack, rule).cases]
        for rule in pack.rules.values()
    }


# --- the makers of packs -------------------------------------------------------------------


def lint(options: argparse.Namespace) -> int:
    """``kehou lint``: every fault of every pack with its place; exit 2 where there is one."""
    from kehou import lint as linting

    total = native = tests = 0
    names = _pack_names(options, _settings())
    for name in names:
        found = linting.lint(name)
        if not found:
            share = linting.native_share(name)
            native, tests = native + share[0], tests + share[1]
        for place, message, hint in found:
            total += 1
            told = f"{place}：{message}" + (f"（{hint}）" if hint else "")
            outputs.emit(visible(told) + "\n")
    good = f"没有错误；规则网络直接判定 {native} 项条件，其余 {tests - native} 项预先算出"
    summary = f"{total} 处错误" if total else good
    outputs.emit(f"{'、'.join(names)}：{summary}\n")
    return EXIT_USAGE if total else EXIT_OK


def test(options: argparse.Namespace) -> int:
    """``kehou test``: the cases beside the rules, on both engines; exit 1 where one fails."""
    from kehou import cases, packs

    failed = passed = 0
    names = _pack_names(options, _settings())
    if options.rules:
        loaded = [packs.load(name) for name in names]
        options.rules = [_find_rule(rule, loaded)[0].id for rule in options.rules]
    if options.mutate:
        return _mutate(names, options.rules)
    for name in names:
        run = cases.run(name, options.rules or None)
        passed += run.passed
        failed += len(run.failures)
        for place, case, problem in run.failures:
            outputs.emit(visible(f"{place}：{case}：{problem}") + "\n")
        if not run.cross_checked:
            outputs.complain("kehou：这台机器上没有 durable_rules，只在一个引擎上运行了用例")
    outputs.emit(f"{'、'.join(names)}：用例通过 {passed} 个，不通过 {failed} 个\n")
    if failed:
        return EXIT_FAIL
    return EXIT_OK if passed else EXIT_USAGE


def _mutate(names: Sequence[str], rules: Sequence[str]) -> int:
    """``kehou test --mutate``: exit 1 where a mutant lives that no case file excuses."""
    from kehou import mutate as mutating

    run = mutating.MutationRun()
    for name in names:
        run.add(mutating.mutate(name, rules or None))
    for place, problem in run.failing:
        outputs.emit(visible(f"{place}：用例本身不通过，先改好：{problem}") + "\n")
    for place, message in run.untested:
        outputs.emit(visible(f"{place}：{message}（请先写用例）") + "\n")
    for s in run.survived:
        told = f"{s.place}：[{s.mutant}] {s.words}，没有用例发现（{s.kill}）"
        outputs.emit(visible(told) + "\n")
    for place, message in run.unused:
        outputs.emit(visible(f"{place}：{message}") + "\n")
    if run.survived:
        written = "survivors: [{mutant: 方括号中的编号, reason: 理由}]"
        outputs.emit(f"等价或不必发现的，写进所属规则的用例文件：{written}\n")
    outputs.emit(
        f"{'、'.join(names)}：改错 {run.total} 处，用例发现 {run.killed} 处，"
        f"没有发现而写明理由 {run.excused} 处，没有写明 {run.alive} 处\n"
        f"mutation score: {run.score:.1f} %\n"
    )
    return EXIT_FAIL if run.alive or run.failing else EXIT_OK


def new(options: argparse.Namespace) -> int:
    """``kehou new RULE-ID``: a rule and its cases that load, lint and run at once."""
    from kehou.new import scaffold

    chosen = _settings()
    made = scaffold(
        options.rule,
        pack=options.pack or (chosen.packs[0] if chosen.packs else ""),
        area=options.area,
        each=options.each,
        clause=options.clause,
    )
    for line in made:
        outputs.emit(visible(line) + "\n")
    return EXIT_OK


def schema(options: argparse.Namespace) -> int:
    """``kehou schema NAME``; without a name, what there is."""
    names = sorted(
        path.name.removesuffix(_SUFFIX)
        for path in data.schemas().iterdir()
        if path.name.endswith(_SUFFIX)
    )
    if options.name is None:
        outputs.emit("\n".join(names) + "\n")
        return EXIT_OK
    name = options.name.removesuffix(_SUFFIX)
    if name not in names:
        raise UsageError("schema-not-found", f"没有名为 {name} 的结构", hint=suggest(name, names))
    outputs.emit(data.schemas().joinpath(name + _SUFFIX).read_text("utf-8"), plain=False)
    return EXIT_OK


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": check,
    "explain": explain,
    "clauses": clauses,
    "diff": diff,
    "lint": lint,
    "test": test,
    "new": new,
    "schema": schema,
}
