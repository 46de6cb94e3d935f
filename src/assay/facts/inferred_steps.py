"""Infer investigation steps that a return omits but that other recorded steps imply.

A decision may be recorded in several ways, listed for the kinds of event that the contract calls "worked out" (section
8). Each becomes a step of the inferred kind, so that a clock needs one kind only.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from assay.engine.portable_expressions import left_join, seconds_between, union_all
from assay.facts.case_steps import STEP
from assay.facts.fact_inputs import Tables


@dataclass(frozen=True)
class InferenceRule:
    """One way in which an inferred step is recorded: a kind of event, optionally with detail or actor's role."""

    kind: str
    source: str
    detail: str = ""
    by_role: str = ""


def _rules_for_kind(kind: str, *source_kinds: str) -> tuple[InferenceRule, ...]:
    return tuple(InferenceRule(kind, source) for source in source_kinds)


INFERENCE_RULES = (
    *_rules_for_kind("cancel_decision_recorded", "cancel_refused", "crime_cancelled"),
    InferenceRule("n100_recorded_or_crime_recorded", "n100_recorded"),
    InferenceRule("file_accepted_by_cps", "cps_triage_result", detail="accepted"),
    InferenceRule("cps_decision", "charge_decision", by_role="prosecutor"),
    InferenceRule("strategy_discussion_starting_s47", "strategy_discussion_held", detail="starts_s47"),
    *_rules_for_kind(
        "charge_or_release", "suspect_charged", "suspect_bailed", "suspect_rui", "suspect_released_no_charge"
    ),
    *_rules_for_kind(
        "bail_decision",
        "bail_extended",
        "charge_decision",
        "suspect_released_no_charge",
        "suspect_nfa_decided",
        "suspect_rui",
    ),
)
REQUIRED_KINDS = {
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
"""The sent kinds that must all be complete before the absence of an inferred step means no. Cancelling has no kind of
its own: it is a column of `crimes`, as the recording is."""
KINDS_FROM_CRIMES = ("cancel_decision_recorded", "n100_recorded_or_crime_recorded")
"""Kinds whose covered days and extraction are those of `crimes`; all others use those of `events`."""
SOURCE_KINDS = tuple(
    dict.fromkeys([way.source for way in INFERENCE_RULES] + ["suspect_bailed", "suspect_arrested", "crime_recorded"])
)
CLOCK_STEP = (*STEP, "chosen_day", "grace_seconds")


def add_inferred_steps(tables: Tables, crimes: ibis.Table, recorded_steps: ibis.Table) -> ibis.Table:
    """Return the recorded steps together with inferred steps and a step for the report of each crime.

    `chosen_day` is the day that decides the standard. `grace_seconds` is the time by which an end may be before its
    start and still count as its end.
    """
    all_steps = union_all(
        [
            recorded_steps,
            *[_apply_rule(recorded_steps, rule) for rule in INFERENCE_RULES],
            _recording_steps_of_reports(tables, recorded_steps),
        ]
    )
    all_steps = all_steps.mutate(chosen_day=all_steps.starts_day)
    other_steps = all_steps.filter(all_steps.kind != CRIME_RECORDED).mutate(grace_seconds=ibis.literal(0, "int64"))
    recording_steps = _recording_steps(all_steps.filter(all_steps.kind == CRIME_RECORDED), crimes)
    parts = [
        other_steps,
        recording_steps,
        _bail_starts(recorded_steps),
        *_crime_report_steps(crimes),
        _report_steps(tables, crimes),
    ]
    return union_all([part.select(*CLOCK_STEP) for part in parts])


CRIME_RECORDED = "crime_recorded"
UNLIMITED_SECONDS = 100 * 365 * 86_400


def _recording_steps(recording_steps: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """Return the recording of crimes; a step between report and recording is not too early (rule R43)."""
    rows = left_join(recording_steps, crimes.select("force_code", "crime_ref", "reported"), ["force_code", "crime_ref"])
    seconds_since_report = ibis.greatest(seconds_between(rows.reported, rows.starts_last), 0)
    has_report_time = ~rows.reported.isnull()
    grace_seconds = ibis.ifelse(has_report_time, seconds_since_report, UNLIMITED_SECONDS).cast("int64")
    return rows.mutate(grace_seconds=grace_seconds).drop("reported")


def _apply_rule(recorded_steps: ibis.Table, rule: InferenceRule) -> ibis.Table:
    source_steps = recorded_steps.filter(recorded_steps.kind == rule.source)
    if rule.detail:
        source_steps = source_steps.filter(source_steps.detail == rule.detail)
    if rule.by_role:
        source_steps = source_steps.filter(source_steps.by_role == rule.by_role)
    return source_steps.mutate(kind=ibis.literal(rule.kind)).select(*STEP)


def _recording_steps_of_reports(tables: Tables, recorded_steps: ibis.Table) -> ibis.Table:
    """Return the recording of each crime that followed a report, as a step of the report."""
    report_crimes = tables["report_crimes"].select("force_code", "crime_ref", tied_report="report_ref")
    recording_steps = recorded_steps.filter(recorded_steps.kind == "crime_recorded").join(
        report_crimes, ["force_code", "crime_ref"]
    )
    kind = ibis.literal("n100_recorded_or_crime_recorded")
    return recording_steps.mutate(kind=kind, report_ref=recording_steps.tied_report).select(*STEP)


def _bail_starts(recorded_steps: ibis.Table) -> ibis.Table:
    """Return the first bail of a suspect on a crime after an arrest; the day of the arrest decides the standard."""
    suspect_key = ["force_code", "crime_ref", "suspect_ref"]
    arrests = recorded_steps.filter(recorded_steps.kind == "suspect_arrested").select(
        *suspect_key, arrested="starts", arrest_day="starts_day"
    )
    bails = recorded_steps.filter((recorded_steps.kind == "suspect_bailed") & ~recorded_steps.suspect_ref.isnull())
    bails_after_arrest = bails.join(arrests, suspect_key)
    bails_after_arrest = bails_after_arrest.filter(bails_after_arrest.arrested <= bails_after_arrest.starts_last)
    bail_rows = bails_after_arrest.group_by(list(STEP)).aggregate(chosen_day=bails_after_arrest.arrest_day.max())
    position = ibis.row_number().over(
        group_by=[bail_rows[name] for name in suspect_key],
        order_by=[bail_rows.starts, bail_rows.starts_last, bail_rows.step_ref],
    )
    first = bail_rows.mutate(place=position)
    first = first.filter(first.place == 0)
    return first.mutate(kind=ibis.literal("bail_start"), grace_seconds=ibis.literal(0, "int64"))


GRACE_SECONDS = 86_400
"""A crime may be on record up to a day before the log of its report (rule R45)."""


def _crime_report_steps(crimes: ibis.Table) -> list[ibis.Table]:
    """Return the report of every crime, as `crime_reported` and `report_received`.

    A report without a known time is included, unless the force sent neither reports nor report times in `crimes`.
    """
    return [_crime_report_step(crimes, kind) for kind in ("crime_reported", "report_received")]


def _crime_report_step(crimes: ibis.Table, kind: str) -> ibis.Table:
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


def _report_steps(tables: Tables, crimes: ibis.Table) -> ibis.Table:
    """Return every report as a step; `detail` says whether it was of rape (an N100 record, or such a crime)."""
    rapes = crimes.filter(crimes.offence_family == RAPE).select("force_code", "crime_ref")
    report_crimes = tables["report_crimes"].select("force_code", "report_ref", "crime_ref")
    rape_reports = report_crimes.join(rapes, ["force_code", "crime_ref"]).select("force_code", "report_ref").distinct()
    rows = left_join(tables["reports"], rape_reports.mutate(of_rape=ibis.literal(True)), ["force_code", "report_ref"])
    is_rape = rows.of_rape.fill_null(False) | ~rows.n100_at.isnull()
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
        detail=ibis.cases((is_rape, RAPE)),
        **{name: ibis.literal(value, "string") for name, value in values.items()},
    )
