"""Indicator pages: the figures of an indicator for all forces and each force, exclusions, and limits.

Also what happened before cases were closed as "victim not supporting".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.report.number_words import NOT_GIVEN, whole
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    ALL_OUT_OF_SCOPE,
    CERTAINTY_NOTE,
    OUTSIDE_NOTE,
    count_text,
    duty_holder,
    estimate_text,
    grading_status,
    indicator_figure,
    interval_text,
    is_all_out_of_scope,
    own_share_text,
    page_path,
    place_cell,
    prediction_texts,
    rank_text,
    share_phrase,
    share_text,
    suppression_note,
    without_heading,
)
from assay.report.pages.inspection.indicator_charts import (
    existing_charts,
    force_answers_chart,
    funnel_chart,
    is_single_record_indicator,
    overall_answers_chart,
    overview_chart,
    own_share_finding,
    sorted_estimates_chart,
)
from assay.report.pages.inspection.lowest_force_sentences import lowest_forces
from assay.report.pages.inspection.released_tables import AGE_GROUPS, ALL, Inspection
from assay.report.pages.inspection.trust_sentences import with_trust
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import (
    ExcludedRecordsRow,
    IndicatorExamplesRow,
    LaddersRow,
    WaitMediansRow,
)
from assay.sdc.released_rows.published_rows import QuestionsRow

# What happened before cases were closed as "victim not supporting": waits, support and contact.
#
# The label describes only the victim. The section adds, for each force and as far as recorded, how long victims had
# waited, whether support was offered, and whether the police were in contact.

CLOSED = "closed_without_support"
CLOSURE_WAIT, CONTACT_WAIT = "report_to_closure", "report_to_first_contact"
SUPPORT_REFERRAL, CONTACT_AGREEMENT = "support_referred", "contact_agreed"
NOTE = (
    "Medians and shares of all cases of the force that they are asked of, not only of those closed under this label. "
    "A wait to closing is of crimes closed without a charge. \u2018Not held\u2019: no such figure was released."
)
NOT_AVAILABLE = "not held"


def closure_table(site: Inspection, form: Row) -> Grid | None:
    """Return waits and support by force for cases closed as 'victim not supporting'; None for other indicators."""
    if form.get("indicator") != CLOSED:
        return None
    rows: list[tuple[Cell | str, ...]] = []
    for place in (ALL, *(row["place_code"] for row in site.forces)):
        ladder = site.ladder(CLOSED, place)
        if ladder is not None and not ladder["not_askable"]:
            waits = (_median(site, wait, place) for wait in (CLOSURE_WAIT, CONTACT_WAIT))
            shares = (_share(site, key, place) for key in (SUPPORT_REFERRAL, CONTACT_AGREEMENT))
            rows.append((place_cell(site, place), share_text(ladder), *waits, *shares))
    heads = (
        "Force",
        "#Closed under this label",
        "#Median days waited, report to closing",
        "#Median days to first contact",
        "#Referred to support in time",
        "#How often to be in touch was agreed",
    )
    return grid("Time waited, support offered and contact before it", heads, rows, note=NOTE, dense=True)


def _median(site: Inspection, wait: str, place: str) -> str:
    row = site.find_row(WaitMediansRow, wait=wait, place_code=place)
    return NOT_AVAILABLE if row is None else NOT_GIVEN if row["median_days"] is None else whole(row["median_days"])


def _share(site: Inspection, indicator: str, place: str) -> str:
    row = site.ladder(indicator, place)
    return NOT_AVAILABLE if row is None else share_text(row)


CRUMBS = (("Indicators", "indicators/index.html"),)
COUNTS = ("records", "outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")
HEADS = ("#Records", "#Outside", "#Left out", "#Not known if counted", "#Met", "#Not met", "#Not known")
ESTIMATES = (
    "Estimates are shrunk towards the other forces by as much as chance could explain; ranks are printed only with "
    "their 95% interval, 1st is the highest share."
)


def indicator_pages(site: Inspection) -> list[Page]:
    """Return the index of indicators, and one page for each."""
    return [_index(site), *(_page(site, form) for form in site.indicators)]


def _index(site: Inspection) -> Page:
    chart = overview_chart(site)
    groups = [
        {
            "line": line,
            "forms": [(form, grading_status(form), page_path(form), share_phrase(site, form)) for form in forms],
        }
        for line in site.themes
        if (forms := [form for form in site.indicators if form["line"] == line["line"]])
    ]
    context = {"groups": groups, "chart": chart, "crumb": "Indicators"}
    return Page(
        "indicators/index.html",
        "inspected/indicators.html",
        "Indicators",
        CERTAINTY_NOTE,
        (),
        context,
        existing_charts([chart]),
    )


def _page(site: Inspection, form: Row) -> Page:
    charts = {
        "whole": overall_answers_chart(site, form),
        "sorted": sorted_estimates_chart(site, form),
        "funnel": funnel_chart(site, form),
        "answers": force_answers_chart(site, form),
    }
    context: dict[str, Any] = {
        "form": form,
        "status": grading_status(form),
        "holder": duty_holder(form),
        "lowest": lowest_forces(site, form),
        "own_shares": own_share_finding(site, form),
        "headline": _headline(site, form),
        "all_table": _overall_table(site, form),
        "forces_table": _forces_table(site, form),
        "answers_table": _answers_table(site, form),
        "apart_table": _age_group_table(site, form),
        "reasons": _reasons(site, form["indicator"]),
        "reasons_by_force": _reasons_by_force(site, form["indicator"]),
        "not_compared": _not_compared(site, form),
        "cannot": not_answerable(site, "ladders", "indicator", form["indicator"]),
        "examples": _examples(site, form),
        "asks": _inspection_questions(site, form),
        "before_closing": closure_table(site, form),
        **charts,
    }
    page_charts = existing_charts(list(charts.values()))
    return Page(
        page_path(form), "inspected/indicator.html", form["title"], CERTAINTY_NOTE, CRUMBS, context, page_charts
    )


def _headline(site: Inspection, form: Row) -> Figure | None:
    sentence_figure = indicator_figure(site, form)
    if sentence_figure is None:
        return None
    return replace(without_heading(site, form, with_trust(site, form, ALL, sentence_figure)), anchor="headline")


def _overall_table(site: Inspection, form: Row) -> Grid:
    rows: list[tuple[str, ...]] = []
    for age_group in ("all", *AGE_GROUPS):
        row = site.ladder(form["indicator"], ALL, age_group)
        if row is not None:
            name = {"all": "Everyone", "not known": "Not known when"}.get(age_group, age_group.capitalize())
            base_row = site.estimate(form["indicator"], ALL) if age_group == "all" else None
            rows.append(
                (
                    name,
                    *_counts(row),
                    own_share_text(row, base_row),
                    interval_text(row, "share_lowest", "share_highest"),
                )
            )
    return grid(
        "All forces together, and apart by whether the victim was a child when the matter was reported",
        ("Reported", *HEADS, "#Share that meets it", "#Could be"),
        rows,
        note=suppression_note(form),
        dense=True,
    )


def _counts(row: Row) -> tuple[str, ...]:
    return tuple(count_text(row, column) for column in COUNTS)


def _ladders(site: Inspection, form: Row, when: str = "all") -> list[LaddersRow]:
    rows = site.find_rows(LaddersRow, indicator=form["indicator"], when_reported=when)
    force_rows = [row for row in rows if row["place_code"] != ALL]
    return sorted(force_rows, key=lambda row: site.name(row["place_code"]))


def _single_record_table(site: Inspection, form: Row) -> Grid:
    return grid(
        f"{form['title']}: the answer of every force",
        ("Force", "Answer"),
        [
            (place_cell(site, row["place_code"]), own_share_text(row, None))
            for row in _ladders(site, form)
            if not row["not_askable"]
        ],
        note="Each force is one record, so there is nothing to rank.",
    )


def _forces_table(site: Inspection, form: Row) -> Grid:
    if is_single_record_indicator(site, form):
        return _single_record_table(site, form)
    rows = sorted(
        site.estimates(form["indicator"]),
        key=lambda row: (
            bool(row["not_comparable"]),
            row["share"] is None,
            -(row["share"] or 0.0),
            site.name(row["place_code"]),
        ),
    )
    return grid(
        f"{form['title']}: every force",
        (
            "Force",
            "#Own share",
            "#Shrunken estimate, 95% interval",
            "#Rank",
            "#Do not tell",
            "#Others predict",
            "Higher or lower?",
        ),
        [
            (
                place_cell(site, row["place_code"]),
                own_share_text(site.ladder(form["indicator"], row["place_code"]), row),
                estimate_text(row),
                rank_text(site, row),
                share_text(row, "not_known_share"),
                *prediction_texts(row, site.ladder(form["indicator"], row["place_code"])),
            )
            for row in rows
        ],
        dense=True,
        note=f"{ESTIMATES} {OUTSIDE_NOTE} {suppression_note(form)}",
    )


def _answers_table(site: Inspection, form: Row) -> Grid:
    return grid(
        f"{form['title']}: outside and the five answers, every force",
        ("Force", *HEADS, "#Could be"),
        [
            (place_cell(site, row["place_code"]), *_counts(row), interval_text(row, "share_lowest", "share_highest"))
            for row in _ladders(site, form)
            if not row["not_askable"]
        ],
        note=suppression_note(form),
        dense=True,
    )


def _age_group_table(site: Inspection, form: Row) -> Grid | None:
    """Return the answers by age when reported (child or adult), by force; None if the indicator is not split."""
    rows = []
    for row in _ladders(site, form):
        age_group_rows = [site.ladder(form["indicator"], row["place_code"], age_group) for age_group in AGE_GROUPS]
        if any(age_group_rows) and not row["not_askable"]:
            share_cells = [
                (share_text(age_group_row), _base_text(age_group_row)) for age_group_row in age_group_rows[:2]
            ]
            rows.append(
                (place_cell(site, row["place_code"]), *share_cells[0], *share_cells[1], _base_text(age_group_rows[2]))
            )
    if not rows:
        return None
    return grid(
        "Share that meets it, apart by whether the victim was a child when the matter was reported",
        (
            "Force",
            "#Child when reported",
            "#Met and not met",
            "#Adult when reported",
            "#Met and not met",
            "#Not known when: met and not met",
        ),
        rows,
        note=suppression_note(form),
        dense=True,
    )


def _base_text(row: Row | None) -> str:
    """Format the counts of met and not met: '120 and 35'."""
    if row is None:
        return "none"
    return f"{count_text(row, 'met')} and {count_text(row, 'not_met')}"


def reason_text(reason: str) -> str:
    """Return the label of an exclusion reason: 'not yet due'."""
    return reason.replace("_", " ").capitalize()


def _reasons(site: Inspection, key: str) -> Grid | None:
    rows = site.find_rows(ExcludedRecordsRow, indicator=key, place_code=ALL)
    if not rows:
        return None
    order = sorted(rows, key=lambda row: (-(row["records"] or 0), row["reason"]))
    return grid(
        "Left out, by the first reason that holds, all forces together",
        ("Reason", "#Records"),
        [(reason_text(row["reason"]), count_text(row, "records")) for row in order],
    )


def _reasons_by_force(site: Inspection, key: str) -> Grid | None:
    rows = [row for row in site.find_rows(ExcludedRecordsRow, indicator=key) if row["place_code"] != ALL]
    if not rows:
        return None
    reasons = list(dict.fromkeys(sorted(row["reason"] for row in rows)))
    count_by_place_and_reason = {(row["place_code"], row["reason"]): count_text(row, "records") for row in rows}
    places = sorted({row["place_code"] for row in rows}, key=site.name)
    return grid(
        "Left out, by force and reason",
        ("Force", *(f"#{reason_text(reason)}" for reason in reasons)),
        [
            (place_cell(site, place), *(count_by_place_and_reason.get((place, reason), "0") for reason in reasons))
            for place in places
        ],
        dense=True,
    )


def _not_compared(site: Inspection, form: Row) -> list[tuple[Cell, str]]:
    rows = [
        row
        for row in site.estimates(form["indicator"])
        if row["not_comparable"] and not is_single_record_indicator(site, form)
    ]
    return [
        (place_cell(site, row["place_code"]), _exclusion_reason(site, row))
        for row in sorted(rows, key=lambda r: site.name(r["place_code"]))
    ]


def _exclusion_reason(site: Inspection, row: Row) -> str:
    """Say why a force is not compared, or that it has no record in scope."""
    is_out = is_all_out_of_scope(site.ladder(row["indicator"], row["place_code"]))
    return f"{ALL_OUT_OF_SCOPE}." if is_out else str(row["not_comparable"])


def not_answerable(site: Inspection, table: str, column: str, key: str) -> list[tuple[Cell, str]]:
    """Return the forces for which an indicator, waiting time or count is not answerable, each with the reason."""
    reasons: dict[str, str] = {}
    for row in site.find_rows(table, **{column: key}):
        if row["not_askable"] and row["place_code"] != ALL:
            reasons.setdefault(row["place_code"], row["not_askable"])
    return [(place_cell(site, place), reasons[place]) for place in sorted(reasons, key=site.name)]


def _examples(site: Inspection, form: Row) -> Grid | None:
    rows = site.find_rows(IndicatorExamplesRow, indicator=form["indicator"])
    if not rows:
        return None
    return grid(
        "Examples: what is known of a record, and the answer that follows",
        ("What is known", "Answer"),
        [
            (
                row["facts"],
                f"{row['answer']}: {reason_text(row['reason']).lower()}" if row["reason"] else row["answer"],
            )
            for row in rows
        ],
    )


def _inspection_questions(site: Inspection, form: Row) -> list[tuple[str, str]]:
    """Return the inspection questions of an indicator, as (number, text)."""
    numbers = (form["asks"] or "").split()
    found = [(number, site.find_row(QuestionsRow, number=number)) for number in numbers]
    return [(number, row["text"] if row else "") for number, row in found]
