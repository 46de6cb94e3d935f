"""How long do people wait, and how many still do: in all, and body by body?"""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf

from assay.indicators import OPEN_ON
from assay.report.charts import comparison_charts
from assay.report.charts.comparison_charts import Point
from assay.report.charts.wait_curves import Ending, left_on, share_on, waiting
from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import ordinal, plural, whole, whole_percent
from assay.report.page_elements import Chart, Figure, Grid, Page, grid
from assay.report.pages.force_points import in_order
from assay.report.pages.inspection.course_page import course_page
from assay.report.pages.inspection.figure_sentences import (
    HIDDEN_NOTE,
    KEPT,
    count_words,
    figure,
    holder_words,
    path_of,
    place_cell,
    status,
)
from assay.report.pages.inspection.indicator_charts import chart, charts_of, is_ranked
from assay.report.pages.inspection.indicator_pages import cannot_be_asked, reason_words
from assay.report.pages.inspection.released_tables import ALL, APART, Inspection
from assay.report.pages.inspection.wait_panels import Course, panels_chart
from assay.report.report_tables import Row

SURE = (
    "Waits that had not ended when the data were read are counted as far as they were seen, and never dropped: "
    "a mean of "
    "those that ended would flatter whoever closes quickly. A median is the day by which half had ended as "
    "asked, out of "
    "all, those that ended otherwise included; where fewer than half have, there is none."
)
STILL = "Still open"
YEAR = 365
DID = {
    "charged": "were charged",
    "first contact": "had been contacted",
    "closed without charge": "had been closed without a charge",
    "account taken": "had an account taken",
    "first arrest": "had led to an arrest",
    "early advice asked for": "had gone to the prosecutor for early advice",
    "file sent": "had gone to the prosecutor as a file",
    "examined": "had been examined",
    "decided": "had been decided",
    "answered": "had been answered",
    "the police spoke with the child": "had been followed by a talk with the police",
    "strategy discussion held": "had been followed by a strategy discussion",
    "interview held": "had been followed by the interview",
    "referral made": "had been followed by a referral",
    "shared with the social worker": "had been shared with the social worker",
    "local authority told": "had been told to the local authority",
    "next crime reported": "had a further crime reported",
    "came to notice again": "had come to notice again",
    "flagged": "had been flagged",
    "assessed": "had been assessed",
}
"""What had happened, as one would say it, by the ending that a wait asks for."""
NOUNS = {
    "crime": "crimes", "victim": "victims", "child": "children", "person": "people", "suspect": "suspects",
    "device": "devices", "referral": "referrals", "missing": "missing episodes",
}  # fmt: skip
PEOPLE = ("victims", "children", "people", "suspects")
"""Of whom a wait is still open, and never they themselves."""
MEAN = (
    "Days without it, on average: of the first so many days, how many passed before the wait ended as asked, with the "
    "95% interval; who ended otherwise passed them all. "
)
NOT_REACHED = (
    "\u2018Not reached\u2019: by the end of the data fewer than half, or of the 90th percentile fewer than nine in "
    "ten, had ended as asked."
)
CRUMBS = (("Waits", "waits/index.html"),)


def wait_pages(site: Inspection) -> list[Page]:
    """The index of waits, and one page for each."""
    forms = [(form, status(form), path_of(form), headline_words(site, form)) for form in site.waits]
    course = course_page(site)
    told = {"forms": forms, "course": course.path if course else ""}
    index = Page("waits/index.html", "inspected/waits.html", "Waits", SURE, (), told)
    return [index, *([course] if course else []), *(_page(site, form) for form in site.waits)]


def _page(site: Inspection, form: Row) -> Page:
    curve, medians, by_day = curve_of(site, form, ALL), _medians(site, form), _by_day(site, form)
    panels = _panels(site, form)
    told = {
        "form": form,
        "card": card_words(form["starts"]),
        "status": status(form),
        "holder": holder_words(form),
        "headline": _headline(site, form),
        "curve": curve,
        "medians": medians,
        "by_day": by_day,
        "panels": panels,
        "table": _table(site, form),
        "apart": _apart(site, form),
        "still_open": _still_open(site, form),
        "reasons": _reasons(site, form),
        "cannot": cannot_be_asked(site, "wait_medians", "wait", form["wait"]),
    }
    drawn = charts_of([curve, by_day, panels, medians])
    return Page(path_of(form), "inspected/wait.html", form["title"], SURE, CRUMBS, told, drawn)


def _endings(site: Inspection, form: Row, place: str) -> list[Ending]:
    """The curves of a place: the ending that is asked for first."""
    rows = site.by("wait_curves", wait=form["wait"], place_code=place)
    names = list(dict.fromkeys(row["ending"] for row in rows))
    last = {row["ending"]: row["share"] for row in sorted(rows, key=lambda row: row["days"])}
    names.sort(key=lambda name: (name.lower() != form["ends"].lower(), -last[name], name))
    made = []
    for name in names:
        held = sorted((row for row in rows if row["ending"] == name), key=lambda row: row["days"])
        columns = [tuple(row[c] for row in held) for c in ("days", "share", "share_low", "share_high")]
        made.append(Ending(name[:1].upper() + name[1:], *columns))
    return [end for end in made if end.days == made[0].days]


def curve_of(site: Inspection, form: Row, place: str) -> Chart | None:
    """What had become of those who wait, by each day; None where it is not shown."""
    endings = _endings(site, form, place)
    if not endings or len(endings[0].days) < 2:
        return None
    day = common_day(site, form)
    day = day if day in endings[0].days else endings[0].days[-1]
    said = [f"{end.name.lower()} {whole_percent(share_on(end, day))}" for end in endings]
    left = worked_out(whole_percent(left_on(endings, day)), "what is left of all")
    finding = f"{site.name(place)}, by day {whole(day)}: {', '.join(said)}, still open {left}"
    step = endings[0].days[1] - endings[0].days[0]
    reads = (
        "Each area is the share of all whose wait could be followed that had ended in that way by that day; "
        "those still "
        "open when the data were read count as far as they were seen. Dashed: the 95% interval of the lowest area. "
        f"Shares are whole per cent, on every {ordinal(step)} day."
    )
    alt = f"Area chart. {finding}."
    return chart(
        f"curve {form['wait']} {place}", finding, reads, alt, lambda w: waiting(endings, w, finding, STILL, day)
    )


def median_words(row: Row | None) -> str:
    """A median with its interval: '143 days (95% interval 120 to 171)'; or why there is none."""
    if row is None:
        return "not given"
    if row["not_askable"]:
        return "cannot be asked"
    if row["not_reached"]:
        return "not reached"
    if row["median_days"] is None:
        return "too few to say"
    return f"{plural(row['median_days'], 'day')} (95% interval {_ends(row)})"


def ninetieth_words(row: Row) -> str:
    """The day by which nine in ten had ended as asked, with its interval; or why there is none."""
    if row["p90_days"] is None:
        return "not reached" if row["p90_not_reached"] else "too few to say"
    return f"{plural(row['p90_days'], 'day')} ({_ends(row, 'p90')})"


def _ends(row: Row, of: str = "median") -> str:
    low, high = row[f"{of}_low"], row[f"{of}_high"]
    least = "not given" if low is None else whole(low)
    return f"{least} or more" if high is None else f"{least} to {whole(high)}"


def _headline(site: Inspection, form: Row) -> Figure | None:
    """The median of all, or where half have not ended as asked how many had by a day; with what it rests on."""
    row = site.one("wait_medians", wait=form["wait"], place_code=ALL)
    if row is None or row["not_askable"]:
        return None
    said = headline_words(site, form)
    quote = (
        f"{form['title']}. {said} Base: {count_words(row, 'records')} records, rounded to 5, "
        f"{count_words(row, 'still_waiting')} of them still open. Period: {site.period}. "
        f"Source: returns to request {site.about['request']}. "
        f"It cannot tell: {form['limits']}"
    )
    return replace(figure(form["wait"], ALL, said, quote, form, "wait_medians", row), anchor="headline")


def headline_words(site: Inspection, form: Row) -> str:
    """How long it takes, as one would say it: half by a day, or how many in 100 by a day; and how many still wait."""
    row = site.one("wait_medians", wait=form["wait"], place_code=ALL)
    if row is None or row["not_askable"]:
        return "It cannot be asked of all bodies together."
    did, since = DID.get(form["ends"], f"had come to an end ({form['ends']})"), _since(form)
    day = common_day(site, form)
    ends = [
        end for end in _endings(site, form, ALL)[:1] if end.name.lower() == form["ends"].lower() and day in end.days
    ]
    if row["median_days"] is not None:
        said = f"Half {did} within {plural(row['median_days'], 'day')} {since} ({_ends(row)})"
    elif ends:
        at = ends[0].days.index(day)
        between = f"{round(100 * ends[0].lows[at])} to {round(100 * ends[0].highs[at])} in 100"
        said = f"{round(100 * ends[0].shares[at])} in 100 {did} within {plural(day, 'day')} {since} ({between})"
    else:
        said = _without_a_median(row, did)
    return f"{said}; {_still(form, row)}."


def _without_a_median(row: Row, did: str) -> str:
    if row["not_reached"]:
        return f"Fewer than half {did} when the data were read"
    return f"By when half {did}, too few records tell to say"


def _since(form: Row) -> str:
    return "of the report" if form["title"].lower().startswith(("from the report", "from report")) else "of the start"


def _still(form: Row, row: Row) -> str:
    """'of about 2,630 crimes, 705 still open'; a count that is kept back is said to be so."""
    found = re.search(r"of every (\w+)", form["starts"])
    noun = NOUNS.get(found[1], "records") if found else "records"
    records, still = count_words(row, "records"), count_words(row, "still_waiting")
    if row["records"] is None:
        whole_base = f"how many {noun} that rests on is kept back" if records == KEPT else f"of {records} {noun}"
    else:
        whole_base = f"of about {records} {noun}"
    if row["still_waiting"] is None and still == KEPT:
        return f"{whole_base}; how many were still open when the data were read is kept back"
    if noun in PEOPLE:
        return f"{whole_base}; for {still} the wait had not ended when the data were read"
    return f"{whole_base}, {still} still open when the data were read"


def card_words(starts: str) -> tuple[str, str, str]:
    """The start of a wait as three lines of its card: the event, who is counted, and the condition behind that."""
    found = re.fullmatch(r"(.*?) \((.*?)\s*\(As a condition: (.*?)\.\)\)\.?", starts, re.S)
    return (found[1], found[2], found[3]) if found else (starts, "", "")


def common_day(site: Inspection, form: Row) -> int:
    """The last day within a year on which the curves of most bodies stand; 0 if there is none."""
    rows = site.by("wait_curves", wait=form["wait"])
    held: dict[str, int] = {}
    for row in rows:
        if row["days"] <= YEAR:
            held[row["place_code"]] = max(held.get(row["place_code"], 0), row["days"])
    days = sorted(held.values())
    return days[len(days) // 4] if days else 0


def _by_day(site: Inspection, form: Row) -> Chart | None:
    """How many had ended as asked by one day, body by body, with intervals."""
    day = common_day(site, form)
    places = dict.fromkeys(row["place_code"] for row in site.by("wait_curves", wait=form["wait"]))
    points, overall, name = [], None, ""
    for place in places:
        end = next(iter(_endings(site, form, place)), None)
        if end is None or day not in end.days or not (place == ALL or is_ranked(site, place)):
            continue
        at, name = end.days.index(day), end.name
        if place == ALL:
            overall = end.shares[at]
        else:
            points.append(Point(site.name(place), end.shares[at], end.lows[at], end.highs[at]))
    shares = [point.value for point in points if point.value is not None]
    if not day or not shares:
        return None
    least, most = (worked_out(whole_percent(end), "least and most of the bodies") for end in (min(shares), max(shares)))
    finding = f"{name} by day {whole(day)}: from {least} to {most}, body by body"
    reads = (
        "The share of all whose wait could be followed that had ended as asked by that day, with its 95% "
        "interval; not drawn "
        "towards the others, and so not a ranking. The upright line is all together. Where intervals overlap, "
        "an order is "
        "not known."
    )
    alt = f"Sorted intervals of {tallied(len(points))} bodies. {finding}."
    unit = f"Share that had ended as asked by day {whole(day)}"

    def draw(width: int) -> str:
        return comparison_charts.intervals(in_order(points), overall, width, finding, unit, whole_percent)

    return chart(f"by day {form['wait']}", finding, reads, alt, draw)


def _panels(site: Inspection, form: Row) -> Chart | None:
    """How it went in each body that is compared, one small panel each."""
    places = list(dict.fromkeys(row["place_code"] for row in site.by("wait_curves", wait=form["wait"])))
    ends = {place: _asked_for(site, form, place) for place in places}
    courses = [Course(place, end) for place, end in ends.items() if end and place != ALL and is_ranked(site, place)]
    return panels_chart(site, form, ends.get(ALL), courses, common_day(site, form) or 0)


def _asked_for(site: Inspection, form: Row, place: str) -> Ending | None:
    """The ending that the wait asks for, in one place."""
    first = next(iter(_endings(site, form, place)), None)
    return first if first and first.name.lower() == form["ends"].lower() else None


def _rows(site: Inspection, form: Row) -> list[Row]:
    rows = [row for row in site.by("wait_medians", wait=form["wait"]) if row["place_code"] != ALL]
    return sorted(
        rows,
        key=lambda r: (
            bool(r["not_askable"]),
            r["median_days"] is None,
            not r["not_reached"],
            r["median_days"] or 0,
            site.name(r["place_code"]),
        ),
    )


def _medians(site: Inspection, form: Row) -> Chart | None:
    points = []
    for row in (row for row in _rows(site, form) if is_ranked(site, row["place_code"])):
        if row["median_days"] is not None:
            high = inf if row["median_high"] is None else row["median_high"]
            points.append(Point(site.name(row["place_code"]), row["median_days"], row["median_low"], high))
        elif row["not_reached"]:
            points.append(Point(site.name(row["place_code"]), None, None, None, absent="half not reached"))
    known = [p.value for p in points if p.value is not None]
    if not known:
        return None
    ends = [p.high for p in points if p.high is not None and p.high < inf]
    whole_row = site.one("wait_medians", wait=form["wait"], place_code=ALL)
    overall = whole_row["median_days"] if whole_row else None
    without = len(points) - len(known)
    shortest, longest = (worked_out(whole(end), "least and most of the bodies") for end in (min(known), max(known)))
    finding = f"{form['title']}: medians from {shortest} to {longest} days"
    finding += f"; in {without} of {tallied(len(points))} bodies half have not ended as asked" if without else ""
    reads = (
        "The day by which half had ended as asked, with its 95% interval, shortest first; the upright line is "
        "that of all "
        "together. An arrow: the interval has no upper end yet. Where intervals overlap, an order is not known."
    )
    alt = f"Sorted intervals of {tallied(len(points))} bodies. {finding}. The table that follows has every figure."
    most = max([*known, *ends])

    def draw(width: int) -> str:
        return comparison_charts.intervals(points, overall, width, finding, "Median, in days", whole, most=most)

    return chart(f"medians {form['wait']}", finding, reads, alt, draw)


def cells(row: Row) -> tuple[str, ...]:
    """A median and the counts behind it, as they may be shown."""
    columns = ("records", "ended", "ended_otherwise", "still_waiting", "left_out", "not_known")
    return (median_words(row), ninetieth_words(row), mean_words(row), *(count_words(row, column) for column in columns))


def mean_words(row: Row) -> str:
    """'212 of 364 (200 to 224)': days, of the first so many, with the 95% interval; or that there is none."""
    if row["mean_days"] is None:
        return "not given"
    between = f"{whole(row['mean_low'])} to {whole(row['mean_high'])}"
    return f"{whole(row['mean_days'])} of {whole(row['mean_until'])} ({between})"


BY_DAY = {180: "by day 180", 365: "by day 365"}
HEADS = (
    "Median", "90th percentile", "Days without it, on average", "#Followed", "#Ended as asked", "#Ended otherwise",
    "#Still open", "#Left out", "#Not known",
)  # fmt: skip


def _table(site: Inspection, form: Row) -> Grid:
    every = [row for row in (site.one("wait_medians", wait=form["wait"], place_code=ALL), *_rows(site, form)) if row]
    return grid(
        f"{form['title']}: medians from all waits, ended or not, every body",
        ("Body", *HEADS),
        [(place_cell(site, row["place_code"]), *cells(row)) for row in every if not row["not_askable"]],
        note=f"{NOT_REACHED} {MEAN}{HIDDEN_NOTE}",
        dense=True,
    )


def _still_open(site: Inspection, form: Row) -> Grid | None:
    """How many had not ended as asked by the days for which that is asked, every body; None of other waits."""
    every = [row for row in (site.one("wait_medians", wait=form["wait"], place_code=ALL), *_rows(site, form)) if row]
    days = [day for day in OPEN_ON if any(row[f"open_{day}"] is not None for row in every)]
    if not days:
        return None
    return grid(
        f"{form['title']}: how many had not ended as asked {' and '.join(BY_DAY[day] for day in days)}",
        ("Body", *(f"Not {BY_DAY[day]}" for day in days)),
        [(place_cell(site, row["place_code"]), *(_open_words(row, day) for day in days)) for row in every
         if not row["not_askable"]],
        note="Of all whose wait could be followed; who ended in another way counts as not ended as asked. With the "
        "95% interval.",
        dense=True,
    )  # fmt: skip


def _open_words(row: Row, day: int) -> str:
    share, low, high = (row[f"open_{day}{end}"] for end in ("", "_low", "_high"))
    if share is None:
        return "not given"
    return f"{round(100 * share)} in 100 ({round(100 * low)} to {round(100 * high)})"


def _apart(site: Inspection, form: Row) -> Grid | None:
    rows = site.by("wait_medians_apart", wait=form["wait"], place_code=ALL)
    if not rows:
        return None
    return grid(
        "All bodies together, apart by whether the victim was a child when the matter was reported",
        ("Reported", *HEADS),
        [
            (row["when_reported"].capitalize(), *cells(row))
            for row in sorted(rows, key=lambda r: APART.index(r["when_reported"]))
        ],
    )


def _reasons(site: Inspection, form: Row) -> Grid | None:
    rows = site.by("left_out", indicator=form["wait"], place_code=ALL)
    if not rows:
        return None
    return grid(
        "Left out, by the first reason that holds, all bodies together",
        ("Reason", "#Records"),
        [(reason_words(row["reason"]), count_words(row, "records")) for row in rows],
    )
