"""``kehou score --scheme FILE PATH...``: score sheets by the bureau's scheme, and a ranking."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import attestations_option, choice, date, outputs, table
from kehou.cli.settings import ENGINES
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import (
    EXIT_OK,
    EXIT_UNREADABLE,
    EXIT_UNSETTLED,
    KehouError,
    PackError,
    UnreadableError,
    UsageError,
)
from kehou.render.words import visible

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.packs import Pack
    from kehou.scoring import Scheme, School

#: The most schools of one folder, and the most bytes of a JSON report.
MOST_SCHOOLS = 5_000
MOST_BYTES = 200_000_000
_SUBMISSIONS = (".yaml", ".yml", ".json", ".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et")
#: The models (kehou.scoring.sheet.MODELS), written out so that help needs no engine.
MODELS = ("scheme", "default", "flat", "flat-unweighted", "absolute")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="方案文件或文件夹、装着各校材料的文件夹，或 kehou check -o json 的报告",
    )
    parser.add_argument("--scheme", metavar="FILE", help="主管部门的评分办法（必写）")
    parser.add_argument("--scores", metavar="FILE", help="由人给出的分数和问卷数值（YAML 或 CSV）")
    parser.add_argument(
        "--model",
        type=choice(MODELS),
        metavar="MODEL",
        help="怎样合计：scheme（默认，按评分办法），"
        "或 XCCDF 的 default、flat、flat-unweighted、absolute",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="得分表：text（默认）、json、html、csv、docx 或 xlsx；可写几次",
    )
    parser.add_argument(
        "--ranking",
        action="append",
        metavar="FORMAT[=FILE]",
        help="各校排名与汇总：html、xlsx、csv 或 json；可写几次",
    )
    parser.add_argument("--previous", metavar="RANKING", help="上一次的 JSON 排名，用来比较")
    parser.add_argument("-v", "--verbose", action="store_true", help="几所学校时也逐校显示得分表")
    parser.add_argument("--as-of", type=date, metavar="DATE", help="适用哪一天有效的规定")
    parser.add_argument("--on", type=date, metavar="DATE", help="检查日期，判断“已经”时用")
    parser.add_argument(
        "--data",
        action="append",
        type=table,
        metavar="NAME=FILE",
        help="主管部门的表或记录，可写几次",
    )
    parser.add_argument("--waivers", metavar="FILE", help="主管部门的豁免文件 waivers.yaml")
    attestations_option(parser)
    parser.add_argument(
        "--engine", type=choice(ENGINES), metavar="ENGINE", help="both（默认）、direct 或 rete"
    )


def run(options: argparse.Namespace) -> int:
    """Score every school that can be read, whatever befalls another."""
    from kehou.scoring import ranking, scheme_lint
    from kehou.scoring import scores_file as given
    from kehou.scoring import sheet as scoring
    from kehou.scoring import sheet_text as score_text
    from kehou.scoring.formats import RANKINGS, SHEETS
    from kehou.scoring.scheme import HOW_TO_GET_ONE

    if not options.scheme:
        raise UsageError("no-scheme", "没有评分办法，不能计分", "--scheme", HOW_TO_GET_ONE)
    wanted = [outputs.parse(t, ["text", *SHEETS]) for t in options.output or _default(options)]
    ranks = [outputs.parse(t, list(RANKINGS)) for t in options.ranking or ()]
    given_files = [options.scheme, options.scores, options.previous]
    outputs.check_targets([*wanted, *ranks], [*options.paths, *filter(None, given_files)])
    if options.previous and not ranks:
        raise UsageError(
            "usage",
            "--previous 要与 --ranking 一起用",
            "--previous",
            "加上 --ranking html=排名.html",
        )
    scheme = scheme_lint.load(options.scheme)
    values = given.load(options.scores, scheme) if options.scores else {}
    past = ranking.read_past(options.previous) if options.previous else None
    schools, failed = _schools(options, scheme)  # paths and codes that are not scored
    if not schools:
        return EXIT_UNREADABLE
    sheets = [scoring.score(scheme, one, values, options.model or "scheme") for one in schools]
    _tell_stray_values(values, schools)
    for output in wanted:
        if output.format == "text":
            outputs.write(output, score_text.sheets(scheme, sheets, options.verbose))
        else:
            outputs.write(output, SHEETS[output.format](scheme, sheets))
    if ranks:
        found = ranking.rank(scheme, sheets, past, failed)
        for output in ranks:
            outputs.write(output, RANKINGS[output.format](scheme, found))
    if failed:
        return EXIT_UNREADABLE
    return EXIT_OK if all(_settled(sheet) for sheet in sheets) else EXIT_UNSETTLED


def _default(options: argparse.Namespace) -> list[str]:
    """Text, unless the ranking goes to the screen itself."""
    shown = any("=" not in text for text in options.ranking or ())
    return [] if shown else ["text"]


def _settled(sheet: Any) -> bool:
    return all(line.state != "open" for line in sheet.lines) and all(
        veto.state != "possible" for veto in sheet.vetoes
    )


# --- the schools ---------------------------------------------------------------------------


def _schools(options: argparse.Namespace, scheme: Scheme) -> tuple[list[School], tuple[str, ...]]:
    """The schools that could be read, in code order, and what is not scored: paths and codes."""

    chosen = chosen_settings()
    options.stage, options.pack, options.lang = scheme.stage.value, list(scheme.packs), "zh"
    checking = check_options(options, chosen)
    shelf: dict[str, Pack] = {name: kehou.load_pack(name) for name in scheme.packs}
    schema = shelf[scheme.packs[0]].schema
    found: list[School] = []
    failed: list[str] = []
    for path in options.paths:
        try:
            names = list(_expanded(path, schema))
        except KehouError as error:
            _complain(error)
            failed.append(path)
            continue
        for name in names:
            try:
                for school in _read(name, checking, shelf, scheme):
                    found.append(school)
            except PackError:
                raise
            except KehouError as error:
                _complain(error)
                failed.append(name)
            except Exception as error:
                outputs.complain(outputs.crash(error, name))
                failed.append(name)
    kept = _once(found)
    doubled = {school.id for school in found} - {school.id for school in kept}
    return sorted(kept, key=lambda s: s.order), (*sorted(failed), *sorted(doubled))


def _complain(error: KehouError) -> None:
    outputs.complain("kehou：" + visible(str(error), keep="\n"))


def _expanded(path: str, schema: Schema) -> Iterator[str]:
    """A path itself, or the submissions and reports in a folder of schools."""
    place = Path(path)
    if path == "-" or not place.is_dir() or _is_submission(place, schema):
        yield path
        return
    entries = sorted(e for e in place.iterdir() if not e.name.startswith("."))
    inside = [e for e in entries if e.is_dir() or e.suffix.lower() in _SUBMISSIONS]
    if not inside:
        raise UsageError(
            "no-schools",
            "这个文件夹里没有学校的材料",
            path,
            "每所学校一个子文件夹、一个方案文件或一份 JSON 报告",
        )
    if len(inside) > MOST_SCHOOLS:
        raise UsageError(
            "too-many-schools", f"一个文件夹里超过 {MOST_SCHOOLS} 项", path, "请分批计分"
        )
    for entry in inside:
        yield str(entry)


def _is_submission(folder: Path, schema: Schema) -> bool:
    """Whether a folder is one school's: it holds a plan or a part of a submission."""
    stems = {*schema.root_stems, *schema.parts}
    return any(e.is_file() and e.stem in stems for e in folder.iterdir())


def _read(
    name: str, options: kehou.CheckOptions, shelf: dict[str, Pack], scheme: Scheme
) -> Iterator[School]:
    """The schools of one path: a report as it is, a submission checked now."""
    from kehou.scoring import reports_in as tally

    trees = _reports(name)
    if trees is None:
        from kehou.render.programs import document

        trees = [document(kehou.check(name, options, shelf))]
    for tree in trees:
        school = tally.read(tree, name, scheme.waived)
        if school.stage != scheme.stage:
            raise UnreadableError(
                "other-stage",
                "这份报告不是评分办法所用的环节，不能计分",
                name,
                f"请用 kehou check … --stage {scheme.stage} -o json=文件 重新生成",
            )
        yield school


def _reports(name: str) -> Sequence[Any] | None:
    """The reports in a JSON file; None where it is no report but a submission."""
    import json

    from kehou.scoring import reports_in as tally
    from kehou.scoring.json import SCORES
    from kehou.scoring.ranking import FORMAT

    path = Path(name)
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableError(
            "report-too-large", f"文件超过 {MOST_BYTES // 1_000_000} MB", name, "请分成几份报告"
        )
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # the reader of submissions tells what is wrong
    form = tree.get("format") if isinstance(tree, dict) else None
    if form in (FORMAT, SCORES):
        raise UnreadableError(
            "not-a-school", "这是得分表或排名，不是学校的材料或报告", name, "请把它移到别的文件夹"
        )
    if form not in (tally.REPORT, tally.REPORTS):
        return None
    return tally.documents(tree, name)


def _once(schools: Sequence[School]) -> list[School]:
    """The schools without those that came twice: which of the two holds, a person must say."""
    by_code: dict[str, list[School]] = {}
    for school in schools:
        if school.id:
            by_code.setdefault(school.id, []).append(school)
    doubled = {code for code, found in by_code.items() if len(found) > 1}
    for code in sorted(doubled):
        places = "、".join(sorted(school.source for school in by_code[code]))
        outputs.complain(
            visible(
                f"kehou：学校标识码 {code} 出现 {len(by_code[code])} 次：{places}，都没有计分\n"
                "  请：每所学校只留一份",
                keep="\n",
            )
        )
    return [school for school in schools if school.id not in doubled]


def _tell_stray_values(values: Any, schools: Sequence[School]) -> None:
    """Values for schools that are not scored now are told, for a code may be mistyped."""
    known = {school.id for school in schools}
    strays = sorted({code for code, _ in values if code not in known})
    if strays:
        shown = "、".join(strays[:10]) + ("等" if len(strays) > 10 else "")
        outputs.complain(visible(f"kehou：评分文件中有不在本次范围的学校：{shown}"))
