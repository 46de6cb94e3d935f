"""What does a force's latest problem profile rest on: how many months, whose data, and do its figures fit its records?

The crimes, children and suspects that a profile counts are held against those that stand in the records for the same
days, under every definition: a figure between the lowest and the highest of these fits. Only days that the return
covers are compared. Of children the lowest counts those who were surely under 18, and of suspects those who are named;
the highest counts whoever may be one, and an entry of nobody known as somebody else each time.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, within
from assay.facts.crime_base import BASE_REASONS
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers
from assay.facts.reports_and_episodes import latest_first

YEAR_DAYS = 365
OF_THE_POLICE = ("police_crime", "police_missing", "police_intelligence")
PROFILE = ["force_code", "profile_ref"]
DEFINITIONS = ("by_flag", "by_flag_or_title", "by_any_flag", "by_scope")
"""Narrow to wide: flagged exploitation; flagged or titled; any flag for child sexual abuse; any crime in scope."""
COUNTED = ("crimes", "children", "suspects")
COLUMNS = (
    "force_code", "profile_window_days", "profile_covers_a_year", "profile_uses_partners_data",
    *(f"profile_{what}_{end}" for what in COUNTED for end in ("claimed", "lowest", "highest", "fit")),
    "profile_claims_groups",
)  # fmt: skip


def latest_profiles(held: Held, crime: ibis.Table, persons: ibis.Table) -> ibis.Table:
    """One row a force that sent a profile, with `COLUMNS`, of the one that was published last."""
    profiles = held["profiles"]
    newest_first = ibis.window(
        group_by=[profiles.force_code], order_by=latest_first(profiles, "published_on", "profile_ref")
    )
    rows = profiles.mutate(place=ibis.row_number().over(newest_first))
    rows = rows.filter(rows.place == 0).drop("place")
    rows = beside(rows, _sources(held), PROFILE)
    crimes = _crimes_of(rows, held, crime)
    for counted in (_counted(crimes), *_people_of(crimes, held, persons)):
        rows = beside(rows, counted, ["force_code"])
    rows = with_answers(rows, held, "profile_sources_complete")
    days = days_between(rows.data_from, rows.data_to)
    return rows.mutate(
        profile_window_days=days,
        profile_covers_a_year=days >= YEAR_DAYS,
        profile_uses_partners_data=any_true(rows.any_partner, rows.profile_sources_complete),
        profile_claims_groups=rows.claimed_groups,
        **{name: value for what in COUNTED for name, value in _held_against(rows, what).items()},
    ).select(*COLUMNS)


def _held_against(rows: ibis.Table, what: str) -> dict[str, ibis.Value]:
    """What the profile counts, the fewest and the most that the records hold, and whether it lies between them."""
    claimed, low, high = rows[f"claimed_{what}"], rows[f"{what}_lowest"], rows[f"{what}_highest"]
    told = {"claimed": claimed, "lowest": low, "highest": high, "fit": (claimed >= low) & (claimed <= high)}
    return {f"profile_{what}_{end}": value for end, value in told.items()}


def _sources(held: Held) -> ibis.Table:
    rows = held["profile_sources"]
    return rows.group_by(PROFILE).aggregate(any_partner=(~rows.source.isin(OF_THE_POLICE)).any())


def _crimes_of(rows: ibis.Table, held: Held, crime: ibis.Table) -> ibis.Table:
    """One row a force and crime of the days of its profile, and whether it counts under each of `DEFINITIONS`; of a
    force whose return covers every day of its profile and sends all that tells, and at least one row for each."""
    days = rows.select("force_code", "data_from", "data_to")
    sent = held["returns"].select("force_code", "history_from", "period_from", "period_to")
    days = beside(days, sent, ["force_code"])
    first = ibis.coalesce(days.history_from, days.period_from)
    days = days.filter((days.data_from >= first) & (days.data_to <= days.period_to))
    days = with_answers(days, held, "crimes_complete", "flags_complete")
    days = days.filter(days.crimes_complete & days.flags_complete).select("force_code", "data_from", "data_to")
    both = days.left_join(crime, "force_code")
    there = within(both.recorded_day, both.data_from, both.data_to) & ~both.cancelled.fill_null(False)
    flag = both.cse_flagged | both.group_flagged
    tests = (flag, flag | both.cse_titled, flag | both.csa_flagged, both.scope_reason.isin(BASE_REASONS))
    found = {name: (there & test).fill_null(False) for name, test in zip(DEFINITIONS, tests, strict=True)}
    return both.select("force_code", "crime_ref", **found)


def _counted(crimes: ibis.Table) -> ibis.Table:
    counted = crimes.group_by("force_code").aggregate(
        **{name: crimes.crime_ref.nunique(where=crimes[name]) for name in DEFINITIONS}
    )
    return _ends(counted, "crimes", DEFINITIONS, DEFINITIONS)


def _ends(counted: ibis.Table, what: str, low: Sequence[str], high: Sequence[str]) -> ibis.Table:
    """The fewest of some counts and the most of others: force_code, `what`_lowest, `what`_highest."""
    ends = {
        f"{what}_lowest": ibis.least(*(counted[name] for name in low)),
        f"{what}_highest": ibis.greatest(*(counted[name] for name in high)),
    }
    return counted.select("force_code", **ends)


def _people_of(crimes: ibis.Table, held: Held, persons: ibis.Table) -> list[ibis.Table]:
    """Of children and of suspects of these crimes: one row a force that sends everybody's part in its crimes."""
    crimes = with_answers(crimes, held, "involvements_complete")
    crimes = crimes.filter(crimes.involvements_complete).drop("involvements_complete")
    parts = persons.select("force_code", "crime_ref", "involvement_ref", "person_id", "role", "child_at_offence",
                           "suspect_known_as")  # fmt: skip
    both = _with_parts(crimes, parts)
    victim, suspect = both.role == "victim", both.role == "suspect"
    child = victim & both.child_at_offence.fill_null(True)
    return [
        _distinct(both, "children", victim & both.child_at_offence, child),
        _distinct(both, "suspects", suspect & (both.suspect_known_as == "named"), suspect),
    ]


def _with_parts(crimes: ibis.Table, parts: ibis.Table) -> ibis.Table:
    """Every crime with each part in it; a crime without one has one row."""
    return crimes.left_join(parts, ["force_code", "crime_ref"]).select(
        "force_code", *DEFINITIONS, "involvement_ref", "person_id", "role", "child_at_offence", "suspect_known_as"
    )


def _distinct(both: ibis.Table, what: str, sure: ibis.Value, perhaps: ibis.Value) -> ibis.Table:
    """Distinct people of some crimes: surely so many, and at most so many, an entry without a person each another."""
    nobody = both.person_id.isnull()
    counts: dict[str, ibis.Value] = {}
    for name in DEFINITIONS:
        here, maybe = (both[name] & sure).fill_null(False), (both[name] & perhaps).fill_null(False)
        counts[f"{name}_low"] = both.person_id.nunique(where=here)
        counts[f"{name}_high"] = both.person_id.nunique(where=maybe) + both.involvement_ref.nunique(
            where=maybe & nobody
        )
    counted = both.group_by("force_code").aggregate(**counts)
    return _ends(counted, what, [f"{name}_low" for name in DEFINITIONS], [f"{name}_high" for name in DEFINITIONS])
