"""Time standards as durations to measure: start event, end event, person or record concerned, and limit.

A standard is a row of the reference data. This module adds how its two events are matched: by crime, victim or suspect,
child, episode, report or row, or a notice by the event that it reports.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables
from assay.reference.time_standards import IN_FORCE

UNSUPPORTED_STANDARDS = {
    "vc2026": "The next Victims' Code has no text yet.",
    "bail_insp": "Which rank extended bail is not worked out yet, and its limit is no limit for other bail.",
    "bail_supt": "Which rank extended bail is not worked out yet, and its limit is no limit for other bail.",
    "bail_nonstd": "Which cases were designated as complex is not sent.",
    "bail_mags": "Which court extended bail is not worked out yet, and its limit is no limit for other bail.",
    "rui": "There is no limit in law: see the wait `released_to_decision`.",
    "file_std": "It is judged by what the prosecutor answered, not by a clock: see `first_file_accepted`.",
    "vrr_req": "The time is the victim's to use: nobody has a duty to meet it.",
    "vrr_cps": "The time is the victim's to use: nobody has a duty to meet it.",
    "vpa6_compliance": "It is not in force, and what is to be collected is not set.",
    "cwsa4_share": "Its first day was not found.",
    "suspect_ethnicity": "It is an expectation, not a law. What is recorded: see `suspect_ethnicity_self_recorded`.",
    "mand_report": "Its first day was not found, and the police do not hold when somebody came to know.",
    "soa_notif": "The duty is the offender's, and no question reads it.",
    "profile12": "It is a fact of the force, not of a case: see `profile_current` of the table force.",
    "seraf3m": "It is a rule of one local partnership.",
}
"""Standards that make no duties, and why."""
START_DETAILS = {
    "vc8_hearing": ("hearing_date",),
    "vc8_bailhear_enh": ("bail_hearing",),
    "vc8_bailhear_std": ("bail_hearing",),
    "vc9_outcome": ("outcome", "sentence"),
    "n100": ("rape",),
}
"""Standards that start only with an event of this detail."""
NO_DECISION = "more_work_asked"
"""A charge_decision with this detail is no decision, so the victim is owed no notice."""
DAY_RECALLED = "first day of the rule"
"""Marks a standard whose first day was recalled, not read in a source; that day is not used as a bound."""
SAME_ROW = ("police_protection_ended", "epo_ended", "la_decision", "rg_decision", "devolved_decision")
NOTICE = "victim_informed"


def duty_clocks(tables: Tables) -> ibis.Table:
    """Return one row for each standard that creates a duty: start and end events, time limit, and whom it concerns.

    It has the columns of the standard (`limit` as limit_number), whom its events concern, `level` (how events are
    linked), `other_limit` (the limit for those with standard rights), `is_earliest` (no standard of its kind was in
    force before it) and `speaks_for_both` (the one that is used if the country is not known).
    """
    rows = tables["standards"]
    is_supported = ~rows.key.isin(tuple(UNSUPPORTED_STANDARDS)) & (rows.commencement == IN_FORCE)
    rows = rows.filter((rows.start_event != "") & is_supported)
    rows = rows.select(
        "family", "start_event", "end_event", "unit", "over_run", "rights", "duty_holder", "holder", "jurisdiction",
        "valid_from", "valid_to", "grades", standard=rows.key, limit_number=rows["limit"],
        verified=rows.status == "verified",
        first_day=ibis.ifelse(rows.recalled_part == DAY_RECALLED, ibis.null("date"), rows.valid_from),
    )  # fmt: skip
    rows = _add_family_order(rows.drop("valid_from"))
    standard_limits = tables["standards"].filter(tables["standards"].rights == "standard")
    standard_limits = standard_limits.select("family", "start_event", other_limit=standard_limits["limit"])
    rows = left_join(rows, standard_limits, ["family", "start_event"])
    event_kinds = tables["event_kinds"]
    rows = left_join(rows, event_kinds.select(start_event="key", start_about="subject"), ["start_event"])
    rows = left_join(rows, event_kinds.select(end_event="key", end_about="subject"), ["end_event"])
    return rows.mutate(level=_level(rows))


def _add_family_order(rows: ibis.Table) -> ibis.Table:
    """Mark the earliest standard of each family that one event starts, and the one for England and Wales."""
    family_columns = ["family", "start_event", "rights"]
    same_place = ibis.window(group_by=[rows[name] for name in (*family_columns, "jurisdiction")])
    any_country = ibis.window(group_by=[rows[name] for name in family_columns])
    return rows.mutate(
        is_earliest=(rows.first_day == rows.first_day.min().over(same_place)).fill_null(True),
        speaks_for_both=rows.standard == rows.standard.min().over(any_country),
    )


def _level(rows: ibis.Table) -> ibis.Value:
    return ibis.cases(
        (rows.end_event == NOTICE, "notice"),
        (rows.end_event.isin(SAME_ROW), "row"),
        (rows.standard == "n100", "report"),
        else_=rows.end_about,
    )


def is_applicable(rows: ibis.Table) -> ibis.Value:
    """Return True for a step that starts the time limit of a standard that applies in its country and on its day.

    A step before the earliest standard of its kind is kept under it (see `is_in_force`), so that it does not vanish;
    one of which the country is not known is kept once, whatever the standards of the two countries.
    """
    right_detail = [
        (rows.standard == standard, rows.detail.isin(details).fill_null(False))
        for standard, details in START_DETAILS.items()
    ]
    undecided = (rows.start_event == "charge_decision") & (rows.detail == NO_DECISION).fill_null(False)
    is_in_country = (rows.jurisdiction == "EW") | (rows.country == rows.jurisdiction).fill_null(rows.speaks_for_both)
    is_current = is_in_force(rows).fill_null(False)
    is_too_early = rows.is_earliest & ~(rows.chosen_day >= rows.first_day).fill_null(False)
    return ibis.cases(*right_detail, else_=True) & ~undecided & is_in_country & (is_current | is_too_early)


def is_in_force(rows: ibis.Table) -> ibis.Value:
    """Return whether the standard was in force on the day that decides which version applies; missing if unknown."""
    has_begun = rows.first_day.isnull() | (rows.chosen_day >= rows.first_day)
    has_not_ended = rows.valid_to.isnull() | (rows.chosen_day <= rows.valid_to)
    return has_begun & has_not_ended


def has_unknown_country(rows: ibis.Table) -> ibis.Value:
    """Return True if the standard depends on the country and the country is not known."""
    return rows.country.isnull() & (rows.jurisdiction != "EW")
