"""Pages on waiting times: how long people wait, and how many still wait, for all forces and each force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from assay.indicators import OPEN_ON
from assay.report.chart_rows import ending_rows, point_rows
from assay.report.charts import comparison_charts
from assay.report.charts.comparison_charts import Point
from assay.report.charts.wait_curves import Ending, cumulative_incidence, open_share, share_by_day
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import ordinal, plural, whole, whole_percent
from assay.report.page_elements import Chart, Figure, Grid, Page, grid
from assay.report.pages.force_points import sort_points
from assay.report.pages.inspection.course_page import course_page
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSED,
    SUPPRESSION_NOTE,
    count_text,
    duty_holder,
    grading_status,
    page_path,
    place_cell,
    quotable_figure,
)
from assay.report.pages.inspection.indicator_charts import existing_charts, is_ranked, responsive_chart
from assay.report.pages.inspection.indicator_pages import not_answerable, reason_text
from assay.report.pages.inspection.released_tables import AGE_GROUPS, ALL, Inspection
from assay.report.pages.inspection.wait_panels import ForceIncidence, panels_chart
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import (
    ExcludedRecordsRow,
    WaitCurvesRow,
    WaitMediansByReportRow,
    WaitMediansRow,
    WaitsRow,
)

CERTAINTY_NOTE = (
    "A wait that had not ended when the data were read counts for as long as it was seen, and is never dropped. A mean "
    "of ended waits alone would flatter a force that closes cases quickly. The median is the day by which half of all "
    "cases had ended as asked. If fewer than half had, there is no median."
)
STILL_OPEN = "Still open"
YEAR = 365
ENDING_PHRASES = {
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
"""The phrase for what had happened, by the main ending of a wait."""
NOUNS = {
    "crime": "crimes", "victim": "victims", "child": "children", "person": "people", "suspect": "suspects",
    "device": "devices", "referral": "referrals", "missing": "missing episodes",
}  # fmt: skip
PEOPLE = ("victims", "children", "people", "suspects")
"""The unit whose wait is still open (a case or notice, not the person)."""
MEAN_NOTE = (
    "Days without it, on average: how many of the first days passed before the wait ended as asked, with the 95% "
    "interval. A case that ended otherwise counts with all of them. "
)
NOT_REACHED_NOTE = (
    "\u2018Not reached\u2019: by the end of the data fewer than half, or of the 90th percentile fewer than nine in "
    "ten, had ended as asked."
)
CRUMBS = (("Timeliness", "waits/index.html"),)


def wait_pages(site: Inspection) -> list[Page]:
    """Return the index of waiting times, and one page for each."""
    forms = [(form, grading_status(form), page_path(form), headline_sentence(site, form)) for form in site.waits]
    course = course_page(site)
    context = {"forms": forms, "course": course.path if course else ""}
    index = Page("waits/index.html", "inspected/waits.html", "Timeliness", CERTAINTY_NOTE, (), context)
    return [index, *([course] if course else []), *(_page(site, form) for form in site.waits)]


def _page(site: Inspection, form: WaitsRow) -> Page:
    curve, medians, by_day = (
        incidence_chart(site, form, ALL),
        _median_chart(site, form),
        _force_incidence_chart(site, form),
    )
    panels = _panels(site, form)
    context = {
        "form": form,
        "card": start_texts(form["starts"]),
        "status": grading_status(form),
        "holder": duty_holder(form),
        "headline": _headline(site, form),
        "curve": curve,
        "medians": medians,
        "by_day": by_day,
        "panels": panels,
        "table": _table(site, form),
        "apart": _age_group_table(site, form),
        "still_open": _still_open_table(site, form),
        "reasons": _reasons(site, form),
        "cannot": not_answerable(site, "wait_medians", "wait", form["wait"]),
    }
    page_charts = existing_charts([curve, by_day, panels, medians])
    return Page(page_path(form), "inspected/wait.html", form["title"], CERTAINTY_NOTE, CRUMBS, context, page_charts)


def _endings(site: Inspection, form: Row, place: str) -> list[Ending]:
    """Return the cumulative incidence curves of a place, the main ending first."""
    rows: Sequence[Row] = site.find_rows(WaitCurvesRow, wait=form["wait"], place_code=place)
    names = list(dict.fromkeys(row["ending"] for row in rows))
    last = {row["ending"]: row["share"] for row in sorted(rows, key=lambda row: row["days"])}
    names.sort(key=lambda name: (name.lower() != form["ends"].lower(), -last[name], name))
    endings = []
    for name in names:
        ending_rows = sorted((row for row in rows if row["ending"] == name), key=lambda row: row["days"])
        columns = [tuple(row[c] for row in ending_rows) for c in ("days", "share", "share_low", "share_high")]
        endings.append(Ending(name[:1].upper() + name[1:], *columns))
    return [end for end in endings if end.days == endings[0].days]


def incidence_chart(site: Inspection, form: Row, place: str) -> Chart | None:
    """Chart the cumulative incidence of each outcome of a waiting time in one place; None if it is not shown."""
    endings = _endings(site, form, place)
    if not endings or len(endings[0].days) < 2:
        return None
    day = comparison_day(site, form)
    day = day if day in endings[0].days else endings[0].days[-1]
    phrases = [f"{end.name.lower()} {whole_percent(share_by_day(end, day))}" for end in endings]
    open_text = derived_number(whole_percent(open_share(endings, day)), "what is left of all")
    finding = f"{site.name(place)}, by day {whole(day)}: {', '.join(phrases)}, still open {open_text}"
    step = endings[0].days[1] - endings[0].days[0]
    reads = (
        "Each area is the share of all whose wait could be followed that had ended in that way by that day; "
        "those still "
        "open when the data were read count as far as they were seen. Dashed: the 95% interval of the lowest area. "
        f"Shares are whole per cent, on every {ordinal(step)} day."
    )
    alt = f"Area chart. {finding}."
    return responsive_chart(
        f"curve {form['wait']} {place}",
        finding,
        reads,
        alt,
        lambda w: cumulative_incidence(endings, w, finding, STILL_OPEN, day),
        ending_rows(endings),
    )


def median_text(row: Row | None) -> str:
    """Format a median with its interval, '143 days (95% interval 120 to 171)', or say why there is none."""
    if row is None:
        return "not given"
    if row["not_askable"]:
        return "cannot be asked"
    if row["not_reached"]:
        return "not reached"
    if row["median_days"] is None:
        return "too few to say"
    return f"{plural(row['median_days'], 'day')} (95% interval {_interval_text(row)})"


def percentile_text(row: Row) -> str:
    """Return the 90th percentile of a waiting time with its interval, or why there is none."""
    if row["p90_days"] is None:
        return "not reached" if row["p90_not_reached"] else "too few to say"
    return f"{plural(row['p90_days'], 'day')} ({_interval_text(row, 'p90')})"


def _interval_text(row: Row, statistic: str = "median") -> str:
    low, high = row[f"{statistic}_low"], row[f"{statistic}_high"]
    lower = "not given" if low is None else whole(low)
    return f"{lower} or more" if high is None else f"{lower} to {whole(high)}"


def _headline(site: Inspection, form: Row) -> Figure | None:
    """Return the headline: the median of all, or the share that ended by a day if half have not, with its base."""
    row = site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL)
    if row is None or row["not_askable"]:
        return None
    sentence = headline_sentence(site, form)
    quote = (
        f"{form['title']}. {sentence} Base: {count_text(row, 'records')} records, rounded to 5, "
        f"{count_text(row, 'still_waiting')} of them still open. Period: {site.period}. "
        f"Source: returns to request {site.request['request']}. "
        f"It cannot tell: {form['limits']}"
    )
    return replace(quotable_figure(form["wait"], ALL, sentence, quote, form, "wait_medians", row), anchor="headline")


def headline_sentence(site: Inspection, form: Row) -> str:
    """Say how long a waiting time is: the day by which half have ended, or the percentage that ended by a day."""
    row = site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL)
    if row is None or row["not_askable"]:
        return "It cannot be asked of all forces together."
    ending_phrase, since = ENDING_PHRASES.get(form["ends"], f"had come to an end ({form['ends']})"), _start_phrase(form)
    day = comparison_day(site, form)
    ends = [
        end for end in _endings(site, form, ALL)[:1] if end.name.lower() == form["ends"].lower() and day in end.days
    ]
    if row["median_days"] is not None:
        sentence = f"Half {ending_phrase} within {plural(row['median_days'], 'day')} {since} ({_interval_text(row)})"
    elif ends:
        index = ends[0].days.index(day)
        interval_text = f"{round(100 * ends[0].lows[index])}% to {round(100 * ends[0].highs[index])}%"
        sentence = (
            f"{round(100 * ends[0].shares[index])}% {ending_phrase} within {plural(day, 'day')} "
            f"{since} ({interval_text})"
        )
    else:
        sentence = _no_median_sentence(row, ending_phrase)
    return f"{sentence}. {_still_open_sentence(form, row)}"


def _no_median_sentence(row: Row, ending_phrase: str) -> str:
    if row["not_reached"]:
        return f"Fewer than half {ending_phrase} when the data were read"
    return f"Too few records show by when half {ending_phrase}"


def _start_phrase(form: Row) -> str:
    return "of the report" if form["title"].lower().startswith(("from the report", "from report")) else "of the start"


def _still_open_sentence(form: Row, row: Row) -> str:
    """Return 'Of about 2,630 crimes, 705 were still open ...'; a suppressed count is stated as suppressed."""
    found = re.search(r"of every (\w+)", form["starts"])
    noun = NOUNS.get(found[1], "records") if found else "records"
    records, still = count_text(row, "records"), count_text(row, "still_waiting")
    if row["records"] is None:
        base = f"The number of {noun} is suppressed" if records == SUPPRESSED else f"It rests on {records} {noun}"
    else:
        base = f"It rests on about {records} {noun}"
    if row["still_waiting"] is None and still == SUPPRESSED:
        return f"{base}; how many were still open when the data were read is suppressed."
    if noun in PEOPLE:
        return f"{base}; for {still} the wait had not ended when the data were read."
    return f"{base}; {still} were still open when the data were read."


def start_texts(starts: str) -> tuple[str, str, str]:
    """Split the description of the start of a waiting time into the event, who is counted, and the exact condition."""
    found = re.fullmatch(r"(.*?) \((.*?)\s*\(As a condition: (.*?)\.\)\)\.?", starts, re.S)
    return (found[1], found[2], found[3]) if found else (starts, "", "")


def comparison_day(site: Inspection, form: Row) -> int:
    """Return the last day, within one year, that most forces' incidence curves reach; 0 if there is no curve."""
    rows = site.find_rows(WaitCurvesRow, wait=form["wait"])
    last_days: dict[str, int] = {}
    for row in rows:
        if row["days"] <= YEAR:
            last_days[row["place_code"]] = max(last_days.get(row["place_code"], 0), row["days"])
    days = sorted(last_days.values())
    return days[len(days) // 4] if days else 0


def _force_incidence_chart(site: Inspection, form: Row) -> Chart | None:
    """Chart the share that had ended by one day in each force, with intervals."""
    day = comparison_day(site, form)
    places = dict.fromkeys(row["place_code"] for row in site.find_rows(WaitCurvesRow, wait=form["wait"]))
    points, overall, name = [], None, ""
    for place in places:
        end = next(iter(_endings(site, form, place)), None)
        if end is None or day not in end.days or not (place == ALL or is_ranked(site, place)):
            continue
        index, name = end.days.index(day), end.name
        if place == ALL:
            overall = end.shares[index]
        else:
            points.append(Point(site.name(place), end.shares[index], end.lows[index], end.highs[index]))
    shares = [point.value for point in points if point.value is not None]
    if not day or not shares:
        return None
    lowest, highest = (
        derived_number(whole_percent(end), "least and most of the forces") for end in (min(shares), max(shares))
    )
    finding = f"{name} by day {whole(day)}: from {lowest} to {highest}, force by force"
    reads = (
        "The share of all whose wait could be followed that had ended as asked by that day, with its 95% "
        "interval. It is not shrunk "
        "towards the other forces, and so is not a ranking. The upright line is all together. Where intervals overlap, "
        "an order is "
        "not known."
    )
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    unit = f"Share that had ended as asked by day {whole(day)}"

    def draw(width: int) -> str:
        return comparison_charts.intervals(sort_points(points), overall, width, finding, unit, whole_percent)

    rows = point_rows(sort_points(points), unit)
    return responsive_chart(f"by day {form['wait']}", finding, reads, alt, draw, rows)


def _panels(site: Inspection, form: Row) -> Chart | None:
    """Chart the incidence in each compared force as small multiples."""
    places = list(dict.fromkeys(row["place_code"] for row in site.find_rows(WaitCurvesRow, wait=form["wait"])))
    ends = {place: _main_ending(site, form, place) for place in places}
    courses = [
        ForceIncidence(place, end) for place, end in ends.items() if end and place != ALL and is_ranked(site, place)
    ]
    return panels_chart(site, form, ends.get(ALL), courses, comparison_day(site, form) or 0)


def _main_ending(site: Inspection, form: Row, place: str) -> Ending | None:
    """Return the curve of the main ending in one place."""
    first = next(iter(_endings(site, form, place)), None)
    return first if first and first.name.lower() == form["ends"].lower() else None


def _median_rows(site: Inspection, form: Row) -> list[Row]:
    rows = [row for row in site.find_rows(WaitMediansRow, wait=form["wait"]) if row["place_code"] != ALL]
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


def _median_chart(site: Inspection, form: Row) -> Chart | None:
    points = []
    for row in (row for row in _median_rows(site, form) if is_ranked(site, row["place_code"])):
        if row["median_days"] is not None:
            high = inf if row["median_high"] is None else row["median_high"]
            points.append(Point(site.name(row["place_code"]), row["median_days"], row["median_low"], high))
        elif row["not_reached"]:
            points.append(Point(site.name(row["place_code"]), None, None, None, absent="half not reached"))
    known = [p.value for p in points if p.value is not None]
    if not known:
        return None
    ends = [p.high for p in points if p.high is not None and p.high < inf]
    whole_row = site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL)
    overall = whole_row["median_days"] if whole_row else None
    not_reached_count = len(points) - len(known)
    shortest, longest = (derived_number(whole(end), "least and most of the forces") for end in (min(known), max(known)))
    finding = f"{form['title']}: medians from {shortest} to {longest} days"
    finding += (
        f"; in {not_reached_count} of {row_count(len(points))} forces half have not ended as asked"
        if not_reached_count
        else ""
    )
    reads = (
        "The day by which half had ended as asked, with its 95% interval, shortest first; the upright line is "
        "that of all "
        "together. An arrow: the interval has no upper end yet. Where intervals overlap, an order is not known."
    )
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    maximum = max([*known, *ends])

    def draw(width: int) -> str:
        return comparison_charts.intervals(points, overall, width, finding, "Median, in days", whole, maximum=maximum)

    rows = point_rows(points, "Median, in days")
    return responsive_chart(f"medians {form['wait']}", finding, reads, alt, draw, rows)


def wait_cells(row: Row) -> tuple[str, ...]:
    """Return table cells with the median of a waiting time and the counts on which it is based."""
    columns = ("records", "ended", "ended_otherwise", "still_waiting", "excluded", "not_known")
    return (median_text(row), percentile_text(row), mean_text(row), *(count_text(row, column) for column in columns))


def mean_text(row: Row) -> str:
    """Format a restricted mean with its 95% interval, '212 of 364 (200 to 224)' days, or say that there is none."""
    if row["mean_days"] is None:
        return "not given"
    interval_text = f"{whole(row['mean_low'])} to {whole(row['mean_high'])}"
    return f"{whole(row['mean_days'])} of {whole(row['mean_until'])} ({interval_text})"


DAY_TEXTS = {180: "by day 180", 365: "by day 365"}
HEADS = (
    "Median", "90th percentile", "Days without it, on average", "#Followed", "#Ended as asked", "#Ended otherwise",
    "#Still open", "#Left out", "#Not known",
)  # fmt: skip


def _table(site: Inspection, form: Row) -> Grid:
    all_rows = [
        row
        for row in (site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL), *_median_rows(site, form))
        if row
    ]
    return grid(
        f"{form['title']}: medians from all waits, ended or not, every force",
        ("Force", *HEADS),
        [(place_cell(site, row["place_code"]), *wait_cells(row)) for row in all_rows if not row["not_askable"]],
        note=f"{NOT_REACHED_NOTE} {MEAN_NOTE}{SUPPRESSION_NOTE}",
        dense=True,
    )


def _still_open_table(site: Inspection, form: Row) -> Grid | None:
    """Return the counts still open at the days set for this wait, by force; None if none are set."""
    all_rows: list[Row] = [
        row
        for row in (site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL), *_median_rows(site, form))
        if row
    ]
    days = [day for day in OPEN_ON if any(row[f"open_{day}"] is not None for row in all_rows)]
    if not days:
        return None
    return grid(
        f"{form['title']}: how many had not ended as asked {' and '.join(DAY_TEXTS[day] for day in days)}",
        ("Force", *(f"Not {DAY_TEXTS[day]}" for day in days)),
        [(place_cell(site, row["place_code"]), *(_open_share_text(row, day) for day in days)) for row in all_rows
         if not row["not_askable"]],
        note="Of all whose wait could be followed; who ended in another way counts as not ended as asked. With the "
        "95% interval.",
        dense=True,
    )  # fmt: skip


def _open_share_text(row: Row, day: int) -> str:
    share, low, high = (row[f"open_{day}{end}"] for end in ("", "_low", "_high"))
    if share is None:
        return "not given"
    return f"{round(100 * share)}% ({round(100 * low)}% to {round(100 * high)}%)"


def _age_group_table(site: Inspection, form: Row) -> Grid | None:
    rows = site.find_rows(WaitMediansByReportRow, wait=form["wait"], place_code=ALL)
    if not rows:
        return None
    return grid(
        "All forces together, apart by whether the victim was a child when the matter was reported",
        ("Reported", *HEADS),
        [
            (row["when_reported"].capitalize(), *wait_cells(row))
            for row in sorted(rows, key=lambda r: AGE_GROUPS.index(r["when_reported"]))
        ],
    )


def _reasons(site: Inspection, form: Row) -> Grid | None:
    rows = site.find_rows(ExcludedRecordsRow, indicator=form["wait"], place_code=ALL)
    if not rows:
        return None
    return grid(
        "Left out, by the first reason that holds, all forces together",
        ("Reason", "#Records"),
        [(reason_text(row["reason"]), count_text(row, "records")) for row in rows],
    )
