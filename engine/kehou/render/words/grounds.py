"""规则集与参数: what a check was made of and with, as rows for a table."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.model.report import Report
from kehou.render.words import statement
from kehou.render.words.wording import Words, compact, dotted, engines_told, shown_value, verdict

#: Kind, name, value, and the ground or a remark.
Row = tuple[str, str, str, str]
COLUMNS = ("kind", "name", "value", "ground")


def rows(report: Report, words: Words) -> Iterator[Row]:
    """About the check, the packs, the parameters, the inputs, and what was read otherwise."""
    yield from _about(report, words)
    for pack in report.packs.used:
        name = f"{pack.title or pack.id} {words['page.version']} {pack.version}"
        yield words["page.packs"], name, pack.sha256, f"{pack.id} SHA-256"
    for parameter in report.packs.parameters:
        ground = words["page.assumed"] + words["colon"] if parameter.assumption else ""
        ground = words["column.set_by"].format(
            ground=ground + parameter.ground, layer=parameter.layer
        )
        shown = parameter.told or shown_value(parameter.value, words)
        yield words["page.parameter"], parameter.name, statement.safe(shown), statement.safe(ground)
    for item in (*report.submission.files, *report.packs.data):
        yield words["page.file"], statement.safe(item.name), item.sha256, "SHA-256"
    for name in report.submission.unread_files:
        yield words["page.file"], statement.safe(name), "—", words["page.unread"]
    for change in report.submission.normalised:
        told = words["read_as"].format(
            written=statement.safe(change.written), read=statement.safe(change.read)
        )
        place = statement.safe(compact(change.location))
        yield (
            words["column.normalised"],
            statement.safe(change.label or dotted(change.path)),
            told,
            place,
        )
    for note in (*report.packs.notes, *statement.waiver_notes(report, words)):
        yield words["column.note"], "", statement.safe(note), ""


def _about(report: Report, words: Words) -> Iterator[Row]:
    kind = words["column.about"]
    submitter = report.submission.name or words["whose_unknown"]
    ident = (
        words["page.whose_id"] + words["colon"] + report.submission.id
        if report.submission.id
        else ""
    )
    yield kind, words["page.whose"], statement.safe(submitter), statement.safe(ident)
    yield kind, words["page.path"], statement.safe(report.submission.path), ""
    yield kind, words["page.stage"], words[f"stage.{report.run.stage.value}"], ""
    yield kind, words["page.as_of"], report.run.as_of or words["page.unknown_date"], ""
    dated = statement.dated_from(report, words) or words["page.unknown_date"]
    yield kind, words["page.check_date"], statement.safe(dated), ""
    yield kind, words["page.conclusion"], verdict(report, words), ""
    for sentence in statement.foremost(report, words):
        yield kind, words["column.note"], sentence, ""
    if report.submission.content_sha256:
        yield kind, words["page.content_sha256"], report.submission.content_sha256, "SHA-256"
    if report.results:
        yield kind, words["page.engines"], engines_told(report, words), ""
    if report.waivers.sha256:
        yield kind, words["page.waivers_sha256"], report.waivers.sha256, "SHA-256"
    if report.memory:
        yield kind, words["page.baseline_sha256"], report.memory.sha256, "SHA-256"
    yield kind, words["column.tool"], f"kehou {report.run.tool_version}", ""
    if report.run.tool_sha256:
        yield kind, words["page.tool_sha256"], report.run.tool_sha256, "SHA-256"
