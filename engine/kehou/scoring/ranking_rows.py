"""The tables of a ranking as texts, from which its page, workbook and CSV are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kehou.render.words import safe
from kehou.scoring.decimals import plain
from kehou.scoring.next_steps import ORDER
from kehou.scoring.ranking import Bin, ClauseCount, Place, Ranking, Shift
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet
from kehou.scoring.sheet_rows import effects, grade_range, grades_told, subject_name
from kehou.scoring.shown import Shown

#: The columns of each table, by the names of their heads in the catalogue.
GRADE_COLUMNS = ("grade", "grade_certain", "grade_possible")
BIN_COLUMNS = ("bin", "bin_certain", "bin_possible")
INDICATOR_COLUMNS = (
    "indicator",
    "points",
    "applying",
    "not_applying",
    "undecided",
    "share_certain",
    "share_possible",
)
CLAUSE_COLUMNS = ("clause", "citation", "subjects", "findings")
PLACE_COLUMNS = ("place", "subjects", "mean_certain", "mean_possible", "commonest")
NEAR_COLUMNS = ("subject_id", "subject", "threshold", "which_end", "at", "distance")
SHIFT_COLUMNS = (
    "subject_id",
    "subject",
    "former_certain",
    "present_certain",
    "gain",
    "former_rank",
    "present_rank",
    "former_grade",
    "present_grade",
)
_MOST_LISTED = 20
#: Reasons why places are open that are told by name.
_MOST_REASONS = 5


def columns(scheme: Scheme) -> tuple[str, ...]:
    """The heads of the ranking; 否决项 only where the bureau's file has such items."""
    show = Shown(scheme)
    heads = (
        *show.heads("rank", "ranks", "subject_id", "subject"),
        *scheme.called.places.values(),
        *show.heads("certain", "possible", "grade"),
    )
    return (*heads, *show.heads("veto")) if scheme.vetoes else heads


def vetoed_columns(scheme: Scheme) -> tuple[str, ...]:
    """The heads of the table of those that stand apart."""
    show = Shown(scheme)
    return (
        *show.heads("subject_id", "subject"),
        *scheme.called.places.values(),
        *show.heads("certain", "possible", "grade_by_points", "veto", "proposed"),
    )


def vetoed(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row for each that a veto keeps out of the ranks, with the grade that is proposed."""
    show = Shown(scheme)
    return [
        (
            *_who(show, sheet),
            show.total(sheet.rate.low),
            show.total(sheet.rate.high),
            safe(grades_told(*sheet.grades, show)),
            _vetoed(sheet, show),
            effects(sheet, show) or show.say("undecided_effect"),
        )
        for sheet in found.vetoed
    ]


def places(scheme: Scheme, found: Ranking) -> Iterator[tuple[str, ...]]:
    """One row a sheet that is ranked; those with nothing to score stand at the end."""
    room = len(columns(scheme))
    for row in _places(scheme, found):
        yield row[:room]


def listed(scheme: Scheme, found: Ranking) -> Iterator[tuple[str, ...]]:
    """Every sheet in one table: the ranked, then those that a veto keeps out, then the rest."""
    show, room = Shown(scheme), len(columns(scheme))
    rows = list(_places(scheme, found))
    apart = [
        (
            "",
            "",
            *_who(show, sheet),
            show.total(sheet.rate.low),
            show.total(sheet.rate.high),
            safe(grade_range(sheet, show)),
            _vetoed(sheet, show),
        )
        for sheet in found.vetoed
    ]
    for row in (*rows[: len(found.places)], *apart, *rows[len(found.places) :]):
        yield row[:room]


def _places(scheme: Scheme, found: Ranking) -> Iterator[tuple[str, ...]]:
    show = Shown(scheme)
    for place in found.places:
        sheet = place.sheet
        span = str(place.best) if place.best == place.worst else f"{place.best}—{place.worst}"
        yield (
            str(place.rank) if place.settled else "",
            span,
            *_who(show, sheet),
            show.total(sheet.rate.low),
            show.total(sheet.rate.high),
            safe(grade_range(sheet, show)),
            _vetoed(sheet, show),
        )
    for sheet in found.unrated:
        yield ("", "", *_who(show, sheet), "", "", grade_range(sheet, show), _vetoed(sheet, show))


def _who(show: Shown, sheet: Sheet) -> tuple[str, ...]:
    places = (safe(sheet.submitter.stratum(name)) for name in show.scheme.called.places)
    return safe(sheet.submitter.id), subject_name(sheet), *places


def _vetoed(sheet: Sheet, show: Shown) -> str:
    told = [safe(v.veto.title) for v in sheet.vetoes if v.state == "triggered"]
    undecided = [
        show.say("veto_undecided", title=safe(v.veto.title))
        for v in sheet.vetoes
        if v.state == "possible"
    ]
    return show.words["list"].join((*told, *undecided))


def grades(scheme: Scheme, found: Ranking) -> list[tuple[str, str, str]]:
    """(grade, how many have it, how many may), and how many a veto keeps out of the grades."""
    told = [(safe(g.name), str(g.certain), str(g.possible)) for g in found.grades]
    apart = (Shown(scheme).say("ranking.vetoed"), str(len(found.vetoed)), "0")
    return [*told, apart] if found.vetoed else told


def bins(scheme: Scheme, found: Ranking) -> list[tuple[str, str, str]]:
    """(scores, how many by certain score, how many by possible score)."""
    show = Shown(scheme)
    return [(bin_told(b, found, show), str(b.certain), str(b.possible)) for b in found.bins]


def bin_told(one: Bin, found: Ranking, show: Shown) -> str:
    """From which to which score; the last has no end."""
    if one is found.bins[-1]:
        return show.say("bin_last", low=plain(one.low))
    return f"{plain(one.low)}—{plain(one.high)}"


def indicators(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row an indicator, with its mean share of points over those to which it applies."""
    show = Shown(scheme)
    return [
        (
            safe(i.title),
            show.points(i.points),
            str(i.submitters),
            str(i.not_applicable),
            str(i.open),
            show.percent(i.share.low) if i.submitters else "",
            show.percent(i.share.high) if i.submitters else "",
        )
        for i in found.indicators
    ]


def clauses(found: Ranking) -> list[tuple[str, str, str, str]]:
    """(clause, citation, whose sheets, findings) of what is breached most."""
    return [_clause(c) for c in found.clauses]


def _clause(clause: ClauseCount) -> tuple[str, str, str, str]:
    return safe(clause.clause), safe(clause.citation), str(clause.submitters), str(clause.findings)


def by_place(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row a place, the finest that a submission names."""
    show = Shown(scheme)
    return [
        (
            safe(p.name) or show.unplaced,
            str(p.submitters),
            show.total(p.mean.low),
            show.total(p.mean.high),
            "\n".join(f"{safe(c.clause)} {safe(c.citation)}（{c.submitters}）" for c in p.clauses),
        )
        for p in found.by_place
    ]


def near(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """Those within the margin of a grade."""
    show = Shown(scheme)
    rows: list[tuple[str, ...]] = []
    for n in found.near:
        gap = "over" if n.distance > 0 else "reached" if n.distance == 0 else "short"
        rows.append(
            (
                safe(n.sheet.submitter.id),
                subject_name(n.sheet),
                f"{safe(n.grade)} {plain(n.least)}",
                *show.heads(n.end),
                show.total(n.least + n.distance),
                show.say(f"distance.{gap}", points=show.total(abs(n.distance))),
            )
        )
    return rows


def shifts(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row for each, then and now."""
    return [_shift(Shown(scheme), s) for s in found.shifts]


def _shift(show: Shown, shift: Shift) -> tuple[str, ...]:
    before, place = shift.before, shift.now
    then = grades = rank = ""
    if before is not None:
        rank = "" if before.rank is None else str(before.rank)
        then, grades = show.total(before.low), safe(grades_told(*before.grades, show))
    if place is None:
        assert before is not None
        missing = show.say("none_now")
        who = (safe(before.id), safe(before.name))
        return (*who, then, missing, "", rank, "", grades, "")
    sheet = place.sheet if isinstance(place, Place) else place
    placed = str(place.rank) if isinstance(place, Place) and place.settled else ""
    who = (safe(sheet.submitter.id), subject_name(sheet))
    now, grade = show.total(sheet.rate.low), safe(grade_range(sheet, show))
    if before is None:
        return (*who, show.say("none_then"), now, "", "", placed, "", grade)
    gain = sheet.rate.low - before.low
    told = f"{'+' if gain > 0 else ''}{show.total(gain)}"
    return (*who, then, now, told, rank, placed, grades, grade)


def by_place_title(show: Shown) -> str:
    """The title of the table of places: the finest that is named."""
    places = [*show.scheme.called.places.values()]
    return show.say("ranking.by_place", place=places[-1] if places else show.heads("place")[0])


def _means(show: Shown) -> str:
    """How means are made, and where one is counted that does not name the finest place."""
    places = [*show.scheme.called.places.values()]
    if len(places) < 2:
        return show.say("note.means_alone")
    return show.say("note.means", finest=places[-1], coarser=places[-2])


def _opening(show: Shown, found: Ranking) -> Iterator[str]:
    """How many are numbered, how many are not, and why not."""
    undecided = found.unsettled
    n = len(found.places) - len(undecided)
    yield show.say("note.ranked" if n else "note.none_ranked", n=n, all=len(found.sheets))
    if undecided:
        told = show.say("note.unsettled", n=len(undecided))
        reasons = list(_reasons(show, undecided))
        yield told + (show.words["semicolon"].join(reasons) + show.say("stop") if reasons else "")
    if found.vetoed:
        yield show.say("note.vetoed", n=len(found.vetoed))
    if found.unrated:
        yield show.say("note.unrated", n=len(found.unrated))


def _reasons(show: Shown, undecided: Sequence[Place]) -> Iterator[str]:
    """What keeps places open, by how many it keeps: the commonest things to hand in or to settle.

    A thing is one of the steps of a sheet; a step that is a person's mark counts once by its name.
    """
    if vetoes := sum(place.sheet.may_be_vetoed for place in undecided):
        yield show.say("reason.veto", n=vetoes)
    counts = Counter(
        step
        for place in undecided
        for step in dict.fromkeys((n.kind, n.what) for n in place.sheet.next)
    )
    common = sorted(counts.items(), key=lambda one: (-one[1], ORDER.index(one[0][0]), one[0][1]))
    for (kind, what), n in common[:_MOST_REASONS]:
        yield show.say("reason.step", do=show.say(f"next.{kind}"), what=safe(what), n=n)
    if len(common) > _MOST_REASONS:
        yield show.say("reason.more", n=len(common) - _MOST_REASONS)
    waiting = sum(p.sheet.rate.settled and not p.sheet.may_be_vetoed for p in undecided)
    if waiting:
        yield show.say("reason.others", n=waiting)


def notes(scheme: Scheme, found: Ranking) -> list[str]:
    """What must be known to read the ranking."""
    show = Shown(scheme)
    told = [*_opening(show, found), show.say("note.ranks"), _means(show)]
    if found.places and found.places[0].sheet.model != "scheme":
        told.append(show.say("note.model"))
    if found.not_scored:
        listed = show.words["list"].join(safe(name) for name in found.not_scored[:_MOST_LISTED])
        key = "note.not_scored_more" if len(found.not_scored) > _MOST_LISTED else "note.not_scored"
        told.append(show.say(key, n=len(found.not_scored), names=listed))
    if len(found.packs) > 1:
        listed = show.words["semicolon"].join(
            safe(show.words["list"].join(made)) for made in found.packs
        )
        told.append(show.say("note.packs", packs=listed))
    past = found.past
    if past is not None and past.sha256 != scheme.sha256:
        told.append(show.say("note.scheme", scheme=safe(past.scheme), version=safe(past.version)))
    return told
