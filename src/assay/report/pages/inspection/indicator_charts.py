"""Which chart shows what of an indicator, and what does each say in one sentence?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from assay.report.charts import answer_bars as bars
from assay.report.charts import comparison_charts
from assay.report.charts.answer_bars import Bar
from assay.report.charts.comparison_charts import Point
from assay.report.charts.force_profile_chart import Group, Mark, standing
from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import plural, slug, whole, whole_percent
from assay.report.page_elements import Chart
from assay.report.pages.force_points import in_order
from assay.report.pages.inspection.figure_sentences import (
    answer_of_one,
    count_words,
    is_all_outside,
    is_hidden,
    is_outside,
    share_words,
    status,
)
from assay.report.pages.inspection.released_tables import ALL, APART, KINDS, NEVER_RANKED, Inspection
from assay.report.pages.published_charts import NARROW, WIDE
from assay.report.report_tables import Row

NOT_SAID = " Of some forces it is not said whether they are unlike: it would tell of a count that is not shown."
ANSWERS = ("met", "not_met", "not_known", "not_known_if_counted", "left_out")
ANSWERED = ("met", "not met")
SCALE = "Share that meets it, of the records that tell"


def chart(name: str, finding: str, reads: str, alt: str, draw: Callable[[int], str]) -> Chart:
    """A chart drawn for a desk and for a phone."""
    return Chart(slug(name), finding, reads, alt, wide=draw(WIDE), narrow=draw(NARROW))


def _bar(name: str, row: Row) -> Bar:
    counts = tuple(row[column] for column in ANSWERS)
    if row["not_askable"]:
        return Bar(name, (0, 0, 0, 0, 0), "", "cannot be asked here")
    absent = "too few to show" if None in counts else "not asked here" if is_all_outside(row) else "no records"
    return Bar(name, counts, count_words(row, "outside"), absent)


def answers_of_all(site: Inspection, form: Row) -> Chart | None:
    """The five answers of all bodies together, and apart by when the matter was reported."""
    key, rows = form["indicator"], []
    for when, name in (("all", "Everyone"), *((w, w.capitalize()) for w in APART)):
        row = site.ladder(key, ALL, when)
        if row is not None:
            rows.append(_bar("Not known when" if name == "Not known" else name, row))
    if not rows:
        return None
    finding = _in_all(site.ladder(key, ALL) or {}, site.standing(key, ALL))
    rounded = "" if one_each(site, form) else ", rounded to 5"
    reads = (
        f"All records that the question is about, in five answers; in the bars their counts{rounded}. The records "
        "outside it stand as a number at the end of each bar."
    )
    alt = f"Bar chart of the five answers. {'. '.join(f'{bar.name}: {bars.said(bar)}' for bar in rows)}."
    return chart(f"answers all {key}", finding, reads, alt, lambda width: bars.answers(rows, width, finding))


def _in_all(row: Row, standing: Row | None) -> str:
    """The chart's sentence; it names the base that the finding and the table name, and not a sum of its own."""
    if None in (row.get("met"), row.get("not_met")):
        return "The five answers of all records together"
    unknown = _some(row["not_known"], row["not_known_if_counted"])
    base = standing["base"] if standing and standing["base"] is not None else row["met"] + row["not_met"]
    tell = f"{plural(base, 'record')} {'tells' if base == 1 else 'tell'} whether it was met"
    return (
        f"{tell[:1].upper()}{tell[1:]}; do not tell, and may belong: {unknown}; left out for stated reasons: "
        + _some(row["left_out"])
    )


def _some(*counts: int | None) -> str:
    """A sum of counts; 'some' where one of them is hidden, and 'none' where all are zero."""
    if None in counts:
        return "some"
    return worked_out(whole(sum(count or 0 for count in counts)), "sum of answers") if any(counts) else "none"


def answers_by_force(site: Inspection, form: Row) -> Chart | None:
    """The five answers of every body, highest share first; None where each body is one record."""
    key = form["indicator"]
    rows = [row for row in site.by("ladders", indicator=key, when_reported="all") if is_ranked(site, row["place_code"])]
    if not rows:
        return None
    rows.sort(
        key=lambda r: (bool(r["not_askable"]), r["share"] is None, -(r["share"] or 0), site.name(r["place_code"]))
    )
    drawn = [_bar(site.name(row["place_code"]), row) for row in rows]
    if one_each(site, form) or not any(count for bar in drawn for count in bar.counts):
        return None
    cannot = sum(bool(row["not_askable"]) for row in rows)
    unknown = sum(_unknown(row) > 0.25 for row in rows)
    finding = (
        f"In {unknown or 'none'} of {tallied(len(rows))} bodies more than a quarter of the records that may "
        "belong do not tell"
    )
    finding += f"; in {cannot} it cannot be asked" if cannot else ""
    reads = (
        "One bar a body, as long as all records that the question is about. A long grey part means that the return "
        "does not tell, whatever was done. \u2018+ few\u2019: an answer of fewer than 8 records, or kept back, "
        "is not drawn. Hollow, \u2018few on one side\u2019: fewer than 8 met it, or did not, so no part is drawn."
    )
    alt = f"Bar chart of {tallied(len(rows))} bodies. {finding}. The table that follows has every count."
    return chart(f"answers {key}", finding, reads, alt, lambda width: bars.answers(drawn, width, finding))


def one_each(site: Inspection, form: Row) -> bool:
    """Whether each body is one record, so that there is an answer to list and no share to compare."""
    rows = site.by("ladders", indicator=form["indicator"], when_reported="all")
    asked = [row for row in rows if row["place_code"] != ALL and not row["not_askable"]]
    return bool(asked) and all(answer_of_one(row) for row in asked)


def is_ranked(site: Inspection, place: str) -> bool:
    """Whether a body is of a kind that may be given a rate and set beside others."""
    found = site.places.get(place)
    return found is not None and found["kind"] in KINDS and found["kind"] not in NEVER_RANKED


def _unknown(row: Row) -> float:
    """Which part of the records that may belong does not tell."""
    if row["not_askable"]:
        return 0.0
    unknown = (row["not_known"] or 0) + (row["not_known_if_counted"] or 0)
    return float(unknown / ((row["met"] or 0) + (row["not_met"] or 0) + unknown or 1))


def _state(row: Row) -> str:
    return "not comparable" if row["not_comparable"] else "unusual" if row["unusual"] else ""


def _point(site: Inspection, row: Row) -> Point:
    figures = (row["share"], row["share_low"], row["share_high"], row["base"] or 0)
    return Point(site.name(row["place_code"]), *figures, _state(row))


def sorted_forces(site: Inspection, form: Row) -> Chart | None:
    """Every body's estimate with its interval, in order; what is not compared stands apart, hollow."""
    rows = [row for row in site.standings(form["indicator"]) if row["share"] is not None]
    if not rows or one_each(site, form):
        return None
    points = in_order([_point(site, row) for row in rows])
    spread = site.one("indicator_spread", indicator=form["indicator"]) or {}
    finding = f"{form['title']}: {_differ(spread)}"
    reads = (
        "Estimates, drawn towards the other forces by as much as chance could explain, with 95% intervals. The upright "
        "line is the mean of the forces compared. Where intervals overlap, an order is not known. Orange: unlike what "
        "the other forces predict. Hollow: shown with its own interval, and not compared."
    )
    alt = f"Sorted intervals of {tallied(len(points))} bodies. {finding}. The table that follows has every figure."
    return chart(
        f"sorted {form['indicator']}",
        finding,
        reads,
        alt,
        lambda width: comparison_charts.intervals(points, spread.get("overall"), width, finding, SCALE, whole_percent),
    )


def _differ(spread: Row) -> str:
    if spread.get("overall") is None or spread.get("between_force_sd") is None:
        return "how far forces differ was not worked out"
    points = f"{spread['between_force_sd'] * 100:.0f} percentage points"
    return f"forces lie around {whole_percent(spread['overall'])}, with a standard deviation of {points} between them"


def funnel(site: Inspection, form: Row) -> Chart | None:
    """Every force's own share against its base, with what the others predict and the naive limits."""
    key, spread = form["indicator"], site.one("indicator_spread", indicator=form["indicator"])
    points = []
    for row in site.standings(key):
        ladder = site.ladder(key, row["place_code"])
        if ladder and ladder["share"] is not None and row["base"]:
            points.append(Point(site.name(row["place_code"]), ladder["share"], None, None, row["base"], _state(row)))
    if not points or spread is None or spread["overall"] is None or one_each(site, form):
        return None
    held = sorted(site.by("indicator_funnel", indicator=key), key=lambda row: row["base"])
    limits = [
        comparison_charts.Limit(r["base"], r["low"], r["high"], r["naive_low"], r["naive_high"])
        for r in held
        if _whole(r)
    ]
    n, unusual = spread["forces_compared"], spread["unusual"]
    finding = (
        f"{unusual or 'None'} of {plural(n, 'force')} {'is' if unusual in (0, 1) else 'are'} called unlike what the "
        "others predict once every comparison is allowed for; "
        f"a funnel with chance alone would call out {whole(spread['naive_outside_3_sigma'])}"
    )
    reads = (
        "Each force\u2019s own share against the number of its records that tell, both rounded. The green band "
        "is where "
        "95 in 100 forces of that size would lie, by chance and as forces truly differ. The dotted lines are three "
        "standard errors by chance alone. Orange: unlike what the others predict. Hollow: not compared."
    )
    if any(is_hidden(row, "unusual") for row in site.standings(key)):
        reads += NOT_SAID
    alt = f"Funnel chart of {tallied(len(points))} bodies. {finding}. The table that follows has every figure."
    base = "Records that tell, met and not met"

    def draw(width: int) -> str:
        return comparison_charts.funnel(
            points, limits, spread["overall"], width, finding, "Own share that meets it", base=base, say=whole_percent
        )

    return chart(f"funnel {key}", finding, reads, alt, draw)


def _whole(row: Row) -> bool:
    return None not in (row["low"], row["high"], row["naive_low"], row["naive_high"])


def grouped(site: Inspection, mark: Callable[[Row], Mark]) -> list[Group]:
    """The indicators as rows of a chart, those that grade apart from those that do not."""
    titles = {
        "graded": "Graded: police duties with a verified standard",
        "shown": "Shown, not graded",
        "system": "The system around the child",
    }
    groups = [(title, [form for form in site.indicators if status(form).key == key]) for key, title in titles.items()]
    return [Group(title, tuple(mark(form) for form in forms)) for title, forms in groups if forms]


def overview(site: Inspection) -> Chart | None:
    """Every indicator of all bodies together: the share, and how far what is not known could move it."""

    return _of_all("overview", _with_a_share(site))


def graded(site: Inspection) -> Chart | None:
    """The same for the duties that grade, or for the first kind of which any has a share: what the first page shows."""
    return _of_all("graded", _with_a_share(site)[:1])


def _with_a_share(site: Inspection) -> list[tuple[Group, int]]:
    """Every kind of which any indicator has a share, the lowest first, with how many of it have none."""

    def mark(form: Row) -> Mark:
        row = site.ladder(form["indicator"], ALL) or {}
        return Mark(form["title"], row.get("share"), row.get("share_lowest"), row.get("share_highest"))

    told = []
    for group in grouped(site, mark):
        held = sorted((m for m in group.marks if m.value is not None), key=lambda m: m.value or 0.0)
        if held:
            told.append((replace(group, marks=tuple(held)), len(group.marks) - len(held)))
    return told


def _of_all(name: str, told: Sequence[tuple[Group, int]]) -> Chart | None:
    if not told:
        return None
    groups, without = [group for group, _ in told], sum(lacking for _, lacking in told)
    lowest = ", ".join(f"{m.name} {whole_percent(m.value)}" for m in groups[0].marks[:3])
    finding = f"{groups[0].title.split(':')[0]}, lowest first: {lowest}"
    reads = (
        "Dot: the share that meets it, of the records that tell, all bodies together. Line: where the share could lie "
        "if nothing, or all, of what is not known met it."
    )
    if without:
        reads = f"{reads} Not drawn, since no share can be shown: {plural(without, 'indicator')}."
    said = "; ".join(f"{m.name}: {whole_percent(m.value)}" for group in groups for m in group.marks)
    return chart(name, finding, reads, f"Dot chart. {said}.", lambda w: standing(groups, w, finding, SCALE))


def standing_of(site: Inspection, place: str) -> Chart | None:
    """One body on every indicator: its estimate and interval, over what the other forces predict."""

    def mark(form: Row) -> Mark:
        row, ladder = site.standing(form["indicator"], place), site.ladder(form["indicator"], place)
        if ladder and ladder["not_askable"]:
            return Mark(form["title"], None, None, None, absent="cannot be asked here")
        if answer := answer_of_one(ladder):
            return Mark(form["title"], None, None, None, absent=answer)
        if is_all_outside(ladder):
            return Mark(form["title"], None, None, None, absent="not asked here")
        if row is None or row["share"] is None:
            return Mark(form["title"], None, None, None, absent=share_words(row) if row else "no records")
        band = (
            None if None in (row["expected_low"], row["expected_high"]) else (row["expected_low"], row["expected_high"])
        )
        state = _state(row) or ("outside" if is_outside(row) else "")
        return Mark(form["title"], row["share"], row["share_low"], row["share_high"], band, state)

    every = grouped(site, mark)
    told = [m for group in every for m in group.marks if m.value is not None]
    if not told:
        return None
    left = Counter(m.absent for group in every for m in group.marks if not _is_drawn(m))
    groups = [replace(group, marks=tuple(filter(_is_drawn, group.marks))) for group in every]
    groups = [group for group in groups if group.marks]
    unusual = sum(m.state == "unusual" for m in told)
    of = plural(len(told), "indicator")
    finding = f"{site.name(place)}: {unusual or 'none'} of {of} unlike what the other forces predict"
    reads = (
        "Dot and line: the estimate with its 95% interval. Green band: where the other forces predict that it lies. "
        "Orange: unlike that, false discoveries held to 5% over every indicator and force together. Half full: "
        "outside the band, but so may chance be once every comparison is allowed for. Hollow: not compared."
    )
    if left:
        why = ", ".join(f"{many} {words}" for words, many in left.most_common())
        reads = f"{reads} Not drawn: {plural(left.total(), 'indicator')} ({why})."
    said = "; ".join(f"{m.name}: {whole_percent(m.value)}" for m in told)
    return chart(
        f"standing {place}", finding, reads, f"Dot chart. {said}.", lambda w: standing(groups, w, finding, SCALE)
    )


def _is_drawn(mark: Mark) -> bool:
    """Whether a mark has a share, or is the answer of one record, and so says something of the body."""
    return mark.value is not None or mark.absent in ANSWERED


def charts_of(found: Sequence[Chart | None]) -> tuple[Chart, ...]:
    """Those that could be drawn."""
    return tuple(one for one in found if one is not None)
