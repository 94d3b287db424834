"""``kehou form``: the workbook that a school fills in, empty or from a submission."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import listed, say
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UsageError
from kehou.fields import ABSENT_WORDS
from kehou.model.confirmations import NOTHING, Confirmed

if TYPE_CHECKING:
    from kehou.fields import Schema
    from kehou.fields.asks import Answer, Ask
    from kehou.model.outcomes import Stage
    from kehou.model.values import Fault
    from kehou.packs import Pack
    from kehou.render.form import Form
    from kehou.submission import Carried

#: Faults that are told one by one on the screen.
_MOST_TOLD = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="command.form.output")
    parser.add_argument("--from", dest="source", metavar="PATH", help="command.form.source")
    parser.add_argument("--term", metavar="PERIOD", help="command.form.term")
    parser.add_argument(
        "--answer", action="append", metavar="QUESTION=ANSWER", help="command.form.answer"
    )
    parser.add_argument(
        "--without", action="append", metavar="QUESTION", help="command.form.without"
    )
    parser.add_argument("--ask", action="store_true", help="command.form.ask")
    parser.add_argument("--scheme", action="store_true", help="command.form.scheme")
    parser.add_argument("--register", action="store_true", help="command.form.register")
    parser.add_argument("--force", action="store_true", help="cli.force")


def run(options: argparse.Namespace) -> int:
    """``kehou form``."""
    from kehou.cli import outputs
    from kehou.commands import many
    from kehou.commands.choices import chosen_settings, pack_names
    from kehou.model.outcomes import Stage
    from kehou.render.form import period_of, renewed
    from kehou.submission import Carried, carry, submission

    if options.confirmations and not options.source:
        raise UsageError("usage", say("command.form.confirmations_of_nothing"))
    chosen = chosen_settings(options.source)
    stage = Stage(options.stage or chosen.stage or Stage.APPROVAL)
    target = new_file(options.output, (".xlsx",), options.force, [options.source or ""])
    packs = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    if options.scheme or options.register:
        return _bureaus(options, target, packs)
    carried, is_prose, confirmed = Carried({}, ()), False, NOTHING
    if options.source:
        records = tuple(options.confirmations or ())
        with many.alone(options.source, options, chosen) as place:
            given = submission.load(place, packs[0].schema, stage, None, records)
        carried, is_prose = carry(given), given.is_prose
        # What is taken over into another term is to be looked through again.
        confirmed = NOTHING if options.term else given.confirmed
    answers = _answers(options, packs[0])
    tree, period = carried.tree, None
    if options.term:
        period = period_of(packs, options.term)
        tree = renewed(packs[0].schema, tree, period)
    fresh: Collection[str] | None = period if options.source else None
    if is_prose and fresh is None:
        fresh = ()  # every cell was read by a program and is to be confirmed
    made = form_of(packs, stage, tree, answers, fresh, is_prose, confirmed)
    outputs.write(outputs.Output("xlsx", target), rendered(made))
    sheets = sum(not sheet.hidden for sheet in made.sheets)
    outputs.remark("command.form.written", file=str(target), n=sheets)
    if is_prose:
        settled = "command.form.from_prose_settled" if made.hands else "command.form.from_prose"
        outputs.remark(settled, hands=made.hands)
    if carried.lost:
        tell_lost(say("command.form.lost", target=target), carried)
        return EXIT_UNREADABLE
    return EXIT_OK


def _bureaus(options: argparse.Namespace, target: Path, packs: Sequence[Pack]) -> int:
    """Write what the authority fills in: a scoring scheme, or the register of who hands in."""
    from kehou.cli import outputs

    others = ("term", "answer", "without", "ask")
    if (options.scheme and options.register) or any(getattr(options, o) for o in others):
        raise UsageError("usage", say("command.form.one_kind"))
    if options.scheme:
        content = _scheme(options, packs)
    else:
        from kehou.batch.register import blank, read_register

        schema = packs[0].schema
        given = read_register(options.source, schema) if options.source else None
        for note in given.notes if given else ():
            outputs.remark("command.form.register_note", note=note)
        content = blank(schema, given)
    outputs.write(outputs.Output("xlsx", target), content)
    key = "command.form.scheme_written" if options.scheme else "command.form.register_written"
    outputs.remark(key, file=str(target))
    return EXIT_OK


def _scheme(options: argparse.Namespace, packs: Sequence[Pack]) -> bytes:
    """The workbook of a scheme, empty or from a scheme that there is."""
    from kehou.scoring import scheme_book, scheme_lint

    if not options.source:
        return scheme_book.workbook(packs)
    own = scheme_lint.load(options.source)
    if not options.pack:
        packs = [kehou.load_pack(name) for name in own.packs]
    return scheme_book.workbook(packs, scheme_lint.document_of(options.source).tree)


def _answers(options: argparse.Namespace, pack: Pack) -> dict[str, str] | None:
    """What was answered to the schema's questions; None where nothing was asked."""
    from kehou.fields import asks as questions

    every = questions.asks(pack.schema)
    given = [tuple(word.partition("=")[::2]) for word in options.answer or ()]
    given += [(name, "") for word in options.without or () for name in questions.names(word)]
    found = questions.answered(every, given)
    if options.ask:
        found |= _asked(every, found)
    return found or None


def _asked(every: Sequence[Ask], known: Mapping[str, str]) -> dict[str, str]:
    """Ask what is not answered yet, one question a line; an empty line leaves a question open."""
    from kehou.cli import outputs
    from kehou.fields import asks as questions

    if not sys.stdin.isatty():
        names = listed([f"{one.name}={'/'.join(one.answers)}" for one in every])
        hint = say("command.form.ask_by_answer", names=names)
        raise UsageError("usage", say("command.form.no_terminal"), hint=hint)
    found: dict[str, str] = {}
    for ask in (one for one in every if one.name not in known):
        while True:
            outputs.complain(ask.question)
            words = input().strip()
            if not words:
                break
            try:
                found |= questions.answered(every, [(ask.name, words)])
                break
            except UsageError as error:
                outputs.complain(str(error))
    return found


def form_of(
    packs: Sequence[Pack],
    stage: Stage,
    tree: Mapping[str, Any],
    answers: Mapping[str, str] | None = None,
    fresh: Collection[str] | None = None,
    from_prose: bool = False,
    confirmed: Confirmed = NOTHING,
) -> Form:
    """The form of a stage with a tree to fill in; raises ``UsageError`` for answers that clash.

    With ``answers`` to the schema's questions it leaves out what does not apply. ``fresh`` are
    the paths of what is new where all else is taken over from an earlier one and to be confirmed;
    ``from_prose`` where a program read it, ``confirmed`` what people said of that.
    """
    import hashlib
    import json

    from kehou.fields import asks as questions
    from kehou.forms import layout
    from kehou.render.form import Form, needs, quotes, shaped, stated, wanted

    schema = packs[0].schema
    answer = questions.consequences(questions.asks(schema), answers or {})
    overlaid = stated({}, answer)
    tree = stated(tree, answer, schema)
    needed = needs(packs, stage, overlaid)
    sheets = wanted(layout(schema), packs, stage, tree)
    told = []
    if answers is not None:
        sheets = shaped(sheets, answer, stage.value, needed, tree)
        told = _told(schema, answers, answer)
    text = json.dumps(schema.root.node, ensure_ascii=False, sort_keys=True)
    return Form(
        schema.root.title,
        stage.value,
        packs[0].stages["zh"][stage],
        hashlib.sha256(text.encode()).hexdigest(),
        sheets,
        tree,
        quotes(packs, stage),
        needed,
        told,
        None if fresh is None else frozenset(fresh) | frozenset(answer.state),
        from_prose,
        confirmed,
        _hands(packs, confirmed),
    )


def _hands(packs: Sequence[Pack], confirmed: Confirmed) -> str:
    """Who looked the values of a text through; "" where nobody did."""
    from kehou.render.words import catalogue
    from kehou.render.words.statement import hands_told

    part = packs[0].schema.statements
    hands = confirmed.hands(part.title if part else "")
    return hands_told(hands, catalogue.of_packs(packs, "zh")) if hands else ""


def workbook(
    packs: Sequence[Pack],
    stage: Stage,
    tree: Mapping[str, Any],
    answers: Mapping[str, str] | None = None,
    fresh: Collection[str] | None = None,
) -> bytes:
    """``form_of`` as a workbook."""
    return rendered(form_of(packs, stage, tree, answers, fresh))


def rendered(form: Form) -> bytes:
    """A form as a workbook; raises ``UsageError`` for what no cell holds."""
    from kehou.render.form import CannotHold, render

    try:
        return render(form)
    except CannotHold as error:
        place = ".".join(error.path)
        hint = say("command.form.shorten")
        raise UsageError("form-cell", f"{place} {error.reason}", hint=hint) from error


def _told(schema: Schema, answers: Mapping[str, str], answer: Answer) -> list[str]:
    """What a form says of the answers it was made by."""
    told = listed([f"{name} {words}" for name, words in answers.items()])
    none = [path for path, words in answer.state.items() if words in ABSENT_WORDS]
    titles = listed([f.title for path in none if (f := schema.field(path)) is not None])
    lines = [say("command.form.by_answers", answers=told)]
    return [*lines, say("command.form.stated_none", titles=titles)] if titles else lines


def new_file(name: str, endings: Sequence[str], force: bool, inputs: Sequence[str]) -> Path:
    """The file to write; refused where there is one already, unless it is asked for."""
    from kehou.cli import outputs

    target = Path(name)
    if target.suffix.lower() not in endings:
        told = say("command.form.ending", name=name, endings=listed(endings))
        raise UsageError("output-file", told, hint=say("command.form.rename"))
    outputs.check_targets([outputs.Output("file", target)], [each for each in inputs if each])
    if target.exists() and not force:
        told = say("command.form.exists", name=name)
        raise UsageError("output-exists", told, hint=say("command.form.use_force"))
    return target


def tell_lost(what: str, carried: Carried) -> None:
    """Name what a tree does not carry, on standard error."""
    from kehou.cli import outputs
    from kehou.render.words import visible

    lines = [say("command.form.lost_head", told=what)]
    lines += [f"  {told(fault)}" for fault in carried.lost[:_MOST_TOLD]]
    if len(carried.lost) > _MOST_TOLD:
        lines.append("  " + say("command.form.lost_more", n=len(carried.lost)))
    outputs.complain(visible("\n".join(lines), keep="\n"))


def told(fault: Fault) -> str:
    """A fault in one line: where, what, what to do."""
    from kehou.cli import outputs
    from kehou.render.words import compact

    return outputs.fault(compact(fault.location), fault.found, fault.hint)
