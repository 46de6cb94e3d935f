"""Which steps are nowhere sent, and follow from others?

A decision may be recorded in several ways; the kinds of event that the contract calls "worked out" (section 8) name
those ways. Each becomes a step of its own, so that a clock needs to know one kind only.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from assay.engine.portable_expressions import beside, seconds_between, stacked
from assay.facts.case_steps import STEP
from assay.facts.fact_inputs import Held


@dataclass(frozen=True)
class Way:
    """One way in which a worked-out step is recorded: a kind, and if need be its detail or who did it."""

    kind: str
    source: str
    detail: str = ""
    by_role: str = ""


def _any_of(kind: str, *sources: str) -> tuple[Way, ...]:
    return tuple(Way(kind, source) for source in sources)


WAYS = (
    *_any_of("cancel_decision_recorded", "cancel_refused", "crime_cancelled"),
    Way("n100_recorded_or_crime_recorded", "n100_recorded"),
    Way("file_accepted_by_cps", "cps_triage_result", detail="accepted"),
    Way("cps_decision", "charge_decision", by_role="prosecutor"),
    Way("strategy_discussion_starting_s47", "strategy_discussion_held", detail="starts_s47"),
    *_any_of("charge_or_release", "suspect_charged", "suspect_bailed", "suspect_rui", "suspect_released_no_charge"),
    *_any_of("bail_decision", "bail_extended", "charge_decision", "suspect_released_no_charge",
             "suspect_nfa_decided", "suspect_rui"),
)  # fmt: skip
RESTS_ON = {
    "cancel_decision_recorded": ("cancel_refused", "crime_recorded"),
    "n100_recorded_or_crime_recorded": ("n100_recorded", "crime_recorded"),
    "file_accepted_by_cps": ("cps_triage_result",),
    "cps_decision": ("charge_decision",),
    "strategy_discussion_starting_s47": ("strategy_discussion_held",),
    "charge_or_release": ("suspect_charged", "suspect_bailed", "suspect_rui", "suspect_released_no_charge"),
    "bail_decision": ("bail_extended", "charge_decision", "suspect_released_no_charge", "suspect_nfa_decided",
                      "suspect_rui"),
    "bail_start": ("suspect_bailed", "suspect_arrested"),
}  # fmt: skip
"""The sent kinds that must all be complete before a worked-out step that is not there did not happen. Cancelling has
no kind of its own: it stands in `crimes`, as the recording does."""
RESTS_ON_CRIMES = ("cancel_decision_recorded", "n100_recorded_or_crime_recorded")
"""Of these the days covered and the extraction are those of `crimes`; of the others those of `events`."""
SOURCES = tuple(dict.fromkeys([way.source for way in WAYS] + ["suspect_bailed", "suspect_arrested", "crime_recorded"]))
CLOCK_STEP = (*STEP, "chosen_day", "grace_seconds")


def with_worked_out(held: Held, crimes: ibis.Table, sent: ibis.Table) -> ibis.Table:
    """The steps sent, the steps worked out, and the report of each crime; with `chosen_day`, the day that picks the
    regime of a standard, and `grace_seconds`, by how much an end may lie before its start and still be its end."""
    told = stacked([sent, *[_recorded_by(sent, way) for way in WAYS], _crime_after_report(held, sent)])
    told = told.mutate(chosen_day=told.starts_day)
    others = told.filter(told.kind != RECORDED).mutate(grace_seconds=ibis.literal(0, "int64"))
    recorded = _since_the_report(told.filter(told.kind == RECORDED), crimes)
    parts = [others, recorded, _bail_starts(sent), *_reports_of_crimes(crimes), _reports(held, crimes)]
    return stacked([part.select(*CLOCK_STEP) for part in parts])


RECORDED = "crime_recorded"
ALWAYS_SECONDS = 100 * 365 * 86_400


def _since_the_report(recorded: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """The recording of crimes: what was done between the report and the record is not too early (rule R43)."""
    rows = beside(recorded, crimes.select("force_code", "crime_ref", "reported"), ["force_code", "crime_ref"])
    since = ibis.greatest(seconds_between(rows.reported, rows.starts_last), 0)
    known = ~rows.reported.isnull()
    grace = ibis.ifelse(known, since, ALWAYS_SECONDS).cast("int64")
    return rows.mutate(grace_seconds=grace).drop("reported")


def _recorded_by(sent: ibis.Table, way: Way) -> ibis.Table:
    found = sent.filter(sent.kind == way.source)
    if way.detail:
        found = found.filter(found.detail == way.detail)
    if way.by_role:
        found = found.filter(found.by_role == way.by_role)
    return found.mutate(kind=ibis.literal(way.kind)).select(*STEP)


def _crime_after_report(held: Held, sent: ibis.Table) -> ibis.Table:
    """The recording of each crime that a report led to, as a step of the report."""
    ties = held["report_crimes"].select("force_code", "crime_ref", tied_report="report_ref")
    recorded = sent.filter(sent.kind == "crime_recorded").join(ties, ["force_code", "crime_ref"])
    kind = ibis.literal("n100_recorded_or_crime_recorded")
    return recorded.mutate(kind=kind, report_ref=recorded.tied_report).select(*STEP)


def _bail_starts(sent: ibis.Table) -> ibis.Table:
    """The first bail of a suspect on a crime after an arrest; the day of that arrest picks the regime."""
    whose = ["force_code", "crime_ref", "suspect_ref"]
    arrests = sent.filter(sent.kind == "suspect_arrested").select(*whose, arrested="starts", arrest_day="starts_day")
    bails = sent.filter((sent.kind == "suspect_bailed") & ~sent.suspect_ref.isnull())
    both = bails.join(arrests, whose)
    both = both.filter(both.arrested <= both.starts_last)
    after = both.group_by(list(STEP)).aggregate(chosen_day=both.arrest_day.max())
    place = ibis.row_number().over(
        group_by=[after[name] for name in whose], order_by=[after.starts, after.starts_last, after.step_ref]
    )
    first = after.mutate(place=place)
    first = first.filter(first.place == 0)
    return first.mutate(kind=ibis.literal("bail_start"), grace_seconds=ibis.literal(0, "int64"))


GRACE_SECONDS = 86_400
"""A crime may be on record up to a day before the log of its report (rule R45)."""


def _reports_of_crimes(crimes: ibis.Table) -> list[ibis.Table]:
    """The report of every crime, as `crime_reported` and as `report_received`: there even if no time is known, but not
    for a force that sent neither reports nor the time in `crimes`."""
    return [_report_of_crime(crimes, kind) for kind in ("crime_reported", "report_received")]


def _report_of_crime(crimes: ibis.Table, kind: str) -> ibis.Table:
    values = {"kind": kind, "detail": None, "by_role": None, "about_event_ref": None} | dict.fromkeys(
        ("involvement_ref", "person_ref", "missing_ref", "report_ref", "victim_ref", "suspect_ref")
    )
    return crimes.filter(crimes.report_sent.fill_null(False)).select(
        "force_code",
        "crime_ref",
        step_ref=crimes.crime_ref,
        row_ref=crimes.crime_ref,
        starts=crimes.reported,
        starts_last=crimes.reported_last,
        starts_day=crimes.reported_day,
        chosen_day=ibis.coalesce(crimes.reported_day, crimes.recorded_day),
        grace_seconds=crimes.tied.cast("int64") * GRACE_SECONDS,
        **{name: ibis.literal(value, "string") for name, value in values.items()},
    )


RAPE = "rape"


def _reports(held: Held, crimes: ibis.Table) -> ibis.Table:
    """Every report as a step of its own; its `detail` says whether it was of rape: an N100 record, or a crime so
    classed that it led to."""
    rapes = crimes.filter(crimes.offence_family == RAPE).select("force_code", "crime_ref")
    ties = held["report_crimes"].select("force_code", "report_ref", "crime_ref")
    of_rape = ties.join(rapes, ["force_code", "crime_ref"]).select("force_code", "report_ref").distinct()
    rows = beside(held["reports"], of_rape.mutate(of_rape=ibis.literal(True)), ["force_code", "report_ref"])
    named = rows.of_rape.fill_null(False) | ~rows.n100_at.isnull()
    values = {"kind": "report_received"} | dict.fromkeys(
        ("crime_ref", "involvement_ref", "person_ref", "missing_ref", "by_role", "about_event_ref", "victim_ref",
         "suspect_ref")
    )  # fmt: skip
    return rows.select(
        "force_code",
        "report_ref",
        step_ref=rows.report_ref,
        row_ref=rows.report_ref,
        starts=rows.received_at,
        starts_last=rows.received_at_last,
        starts_day=rows.received_at_day,
        chosen_day=rows.received_at_day,
        grace_seconds=ibis.literal(GRACE_SECONDS, "int64"),
        detail=ibis.cases((named, RAPE)),
        **{name: ibis.literal(value, "string") for name, value in values.items()},
    )
