"""Duties owed: one row for each standard, start event and person.

Each victim of a crime is owed the notice of each event about its suspects. A crime without a victim row creates no
duty. An event about one victim or suspect that does not say which creates a duty to each of them, and whether it was
met is not known (rules R34 and R35).

The limit for a victim is the enhanced one if the record says that they have enhanced rights, or if the offence is
sexual (the Victims' Code counts its victims among those of the most serious crime); the standard one if the record says
that they have none and the offence is not sexual. If neither is known the row is under the enhanced standard, and is
decided only where both limits agree. That every victim under 18 counts as vulnerable was not read in the source, so age
alone gives no enhanced rights here. A person with two entries on a crime is owed each duty once.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts.crime_base import SEXUAL_FAMILIES
from assay.facts.duty_clocks import has_unknown_country, is_applicable, is_in_force
from assay.facts.event_parties import entries_on_crimes
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy
from assay.facts.jurisdictions import add_country

ENHANCED, STANDARD = "enhanced", "standard"
NO_STANDARD = ""
"""The standard of a duty whose country is not known and whose standards differ by country."""
CLOCK_COLUMNS = (
    "standard", "family", "rights", "duty_holder", "holder", "verified", "grades", "unit", "over_run", "limit_number",
    "other_limit", "start_event", "end_event", "level",
)  # fmt: skip
STEP_COLUMNS = (
    "force_code", "step_ref", "starts", "starts_last", "starts_day", "chosen_day", "grace_seconds", "crime_ref",
    "person_ref", "missing_ref", "country", "standard_in_force", "no_country",
)  # fmt: skip


def collect_duties(
    tables: Tables,
    clocks: ibis.Table,
    steps: ibis.Table,
    persons: ibis.Table,
    crimes_and_episodes: tuple[ibis.Table, ibis.Table],
    materialise: Materialise = keep_lazy,
) -> ibis.Table:
    """Return one row for each duty that a force owes.

    The columns are record_ref, the clock, its start, `party_ref` (entry of the victim or suspect), `thing` (the
    reference that its end must share), `unclear` (not known whose event it was, or which country's standard applies),
    late_limit, rights_known, and standard_in_force (on the day that decides the standard). `crimes_and_episodes`:
    crimes and missing episodes with their country.
    """
    start_steps = steps.rename(start_event="kind").join(clocks, ["start_event"])
    start_steps = _add_country(start_steps, tables, crimes_and_episodes)
    start_steps = materialise("work_started", _select_standards(start_steps.filter(is_applicable(start_steps))))
    victims, suspects = _distinct_parties(persons, "victim"), _distinct_parties(persons, "suspect")
    duties = union_all(
        [
            _duties_to_parties(start_steps.filter(start_steps.level.isin(("victim", "notice"))), victims, "victim"),
            _duties_to_parties(start_steps.filter(start_steps.level == "suspect"), suspects, "suspect"),
            _single_duties(start_steps.filter(~start_steps.level.isin(("victim", "notice", "suspect")))),
        ]
    )
    duties = duties.mutate(unclear=duties.unclear | duties.no_country)
    return _add_record_refs(_select_rights(duties, victims)).drop("no_country")


def _select_standards(start_steps: ibis.Table) -> ibis.Table:
    """Return whether the standard was in force; and no standard where it would depend on a country that is not
    known."""
    is_country_unknown = has_unknown_country(start_steps)
    return start_steps.mutate(
        standard_in_force=is_in_force(start_steps),
        no_country=is_country_unknown,
        standard=ibis.ifelse(is_country_unknown, NO_STANDARD, start_steps.standard),
        limit_number=ibis.ifelse(is_country_unknown, ibis.null("int64"), start_steps.limit_number),
        unit=ibis.ifelse(is_country_unknown, "", start_steps.unit),
        over_run=ibis.ifelse(is_country_unknown, "", start_steps.over_run),
        verified=start_steps.verified & ~is_country_unknown,
        grades=start_steps.grades & ~is_country_unknown,
    )


def _distinct_parties(persons: ibis.Table, role: str) -> ibis.Table:
    """Return the persons of a role on each crime, by their main entry, with rights from any entry."""
    rows = entries_on_crimes(persons, role)
    identity_columns = ibis.window(group_by=[rows.force_code, rows.crime_ref, rows.stands_for])
    entitled = rows.enhanced_rights.cast("int64").max().over(identity_columns) == 1
    rows = rows.mutate(enhanced_rights=entitled)
    return rows.filter(rows.involvement_ref == rows.stands_for)


def _add_country(started: ibis.Table, tables: Tables, places: tuple[ibis.Table, ibis.Table]) -> ibis.Table:
    """Return the country of the crime, otherwise of the missing episode, otherwise of the force."""
    crimes, episodes = places
    rows = left_join(started, crimes.select("force_code", "crime_ref", of_crime="country"), ["force_code", "crime_ref"])
    rows = left_join(rows, episodes.select("force_code", "missing_ref", of_episode="country"),
                  ["force_code", "missing_ref"])  # fmt: skip
    rows = add_country(rows, tables, authority="").rename(of_force="country")
    crime_or_force_country = ibis.ifelse(~rows.crime_ref.isnull(), rows.of_crime, rows.of_force)
    return rows.mutate(country=ibis.ifelse(~rows.missing_ref.isnull(), rows.of_episode, crime_or_force_country))


def _duties_to_parties(start_steps: ibis.Table, people: ibis.Table, role: str) -> ibis.Table:
    """Return duties to the person that the event names, or to each person if it names none."""
    party_column = f"{role}_ref"
    steps_with_party = start_steps.filter(~start_steps[party_column].isnull())
    steps_with_party = steps_with_party.select(
        *STEP_COLUMNS, *CLOCK_COLUMNS, party_ref=steps_with_party[party_column], unclear=ibis.literal(False)
    )
    steps_without_party = start_steps.filter(start_steps[party_column].isnull())
    steps_without_party = steps_without_party.select(
        *STEP_COLUMNS, *CLOCK_COLUMNS, unclear=steps_without_party.start_about == role
    ).distinct()
    party_duties = people.select("force_code", "crime_ref", party_ref="involvement_ref")
    party_duties = steps_without_party.join(party_duties, ["force_code", "crime_ref"])
    rows = union_all([steps_with_party, party_duties.select(*steps_with_party.columns)])
    subject = ibis.ifelse(rows.level == "notice", rows.party_ref + "|" + rows.step_ref, rows.party_ref)
    return rows.mutate(thing=subject)


def _single_duties(start_steps: ibis.Table) -> ibis.Table:
    """Return duties that are owed once: for a crime, a child, an episode, a report, or a row of a table."""
    rows = start_steps.mutate(thing=subject_reference(start_steps)).filter(lambda table: ~table.thing.isnull())
    return rows.select(
        *STEP_COLUMNS, *CLOCK_COLUMNS, "thing", party_ref=ibis.null("string"), unclear=ibis.literal(False)
    ).select(*STEP_COLUMNS, *CLOCK_COLUMNS, "party_ref", "unclear", "thing")


def subject_reference(rows: ibis.Table) -> ibis.Value:
    """Return the reference (of the crime, person or other record) that start and end of a duty must share."""
    return ibis.cases(
        (rows.level == "crime", rows.crime_ref),
        (rows.level == "victim", rows.victim_ref),
        (rows.level == "suspect", rows.suspect_ref),
        (rows.level == "child", rows.person_ref),
        (rows.level == "missing", rows.missing_ref),
        (rows.level == "report", rows.report_ref),
        (rows.level == "row", rows.row_ref),
    )


def _select_rights(duties: ibis.Table, victims: ibis.Table) -> ibis.Table:
    """Keep the standard for the rights of the victim; `late_limit` is the limit after which it is certainly late."""
    rights_by_party = victims.select("force_code", party_ref="involvement_ref", own_rights=victim_rights(victims))
    rows = left_join(duties, rights_by_party, ["force_code", "party_ref"])
    is_own_standard = (rows.rights == "") | (rows.rights == ibis.coalesce(rows.own_rights, ENHANCED))
    rows = rows.filter(is_own_standard)
    are_rights_known = (rows.rights == "") | ~rows.own_rights.isnull()
    late_limit = ibis.ifelse(are_rights_known, rows.limit_number, ibis.greatest(rows.limit_number, rows.other_limit))
    return rows.mutate(rights_known=are_rights_known, late_limit=late_limit).drop("own_rights", "other_limit")


def victim_rights(victims: ibis.Table) -> ibis.Value:
    """'enhanced', 'standard' or missing, from the record and the offence."""
    sexual = victims.offence_family.isin(SEXUAL_FAMILIES)
    return ibis.cases((victims.enhanced_rights | sexual, ENHANCED), (~victims.enhanced_rights & ~sexual, STANDARD))


def _add_record_refs(rows: ibis.Table) -> ibis.Table:
    """Add a reference to each duty: standard (or its family, if several are possible), event and person."""
    person_suffix = ibis.ifelse(~rows.party_ref.isnull(), ":" + rows.party_ref, "")
    standard_or_family = ibis.ifelse(rows.standard == NO_STANDARD, rows.family, rows.standard)
    return rows.mutate(record_ref=standard_or_family + ":" + rows.step_ref + person_suffix)
