"""Derive facts: the fact tables of the records of all forces.

`derive_fact_tables(tables)` returns one table each for crime, victim, suspect, described, person_described, report,
assessment, list_spell, known_child, missing_episode, group, found_group, suspected_person, child_suspect,
victim_as_child, child_victim, order_on_child, pursuit, prosecution, investigation, course, course_step, device,
referral, exploited_child, disruption, person, role, roles_of_person, flag, flagged_child, listed, force, sent_table,
approach, team_month and duty: one row for each record, one column for each fact. Unknown values are missing, never zero
or no. All are Ibis expressions, so that one definition runs on every engine.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import cast

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.case_courses import course_step_kinds, course_steps, courses
from assay.facts.case_steps import collect_steps as sent_steps
from assay.facts.child_suspects import CONSIDERED, REFERRED, child_suspects, victims_as_children
from assay.facts.contact_wishes import AGREEMENT, contact_agreements
from assay.facts.crime_base import crime_base
from assay.facts.crime_endings import KINDS as ENDING_KINDS
from assay.facts.crime_facts import IDENTIFIED, crime_facts
from assay.facts.detected_groups import (
    REFERRED_TO_REVIEW,
    REVIEWED,
    add_group_denials,
    found_groups,
    group_member_entries,
)
from assay.facts.duty_exemptions import DECLINED
from assay.facts.duty_facts import duty_facts
from assay.facts.event_parties import crime_parties
from assay.facts.exploitation_flags import flag_facts, flagged_children
from assay.facts.exploited_children import STRATEGY_DISCUSSION, exploited_children
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy
from assay.facts.force_facts import approach_facts, force_facts, supplied_tables, team_month_facts
from assay.facts.group_matches import match_groups
from assay.facts.inferred_absence import extraction_by_table, incomplete_cases, supply_indicators
from assay.facts.inferred_steps import SOURCE_KINDS, add_inferred_steps
from assay.facts.investigations import KINDS as INVESTIGATED
from assay.facts.investigations import device_facts, investigation_facts
from assay.facts.involved_persons import persons_with_ages
from assay.facts.known_children import INDICATORS_RECORDED, known_children
from assay.facts.list_spells import list_spells, listed_entries
from assay.facts.person_characteristics import entry_characteristics, person_characteristics
from assay.facts.person_roles import role_facts, roles_of_persons
from assay.facts.problem_profiles import latest_profiles
from assay.facts.repeat_suspects import ACTION_KINDS, suspected_persons
from assay.facts.reports_and_episodes import (
    TRIGGER_PLAN,
    add_known_exploitation,
    add_trigger_plans,
    group_facts,
    missing_episode_facts,
    referral_facts,
    report_facts,
)
from assay.facts.risk_assessments import DISCLOSURE_RECORDED, assessment_facts
from assay.facts.suspect_pursuit import KINDS as PURSUED
from assay.facts.suspect_pursuit import disruption_facts, prosecution_facts, pursuit_facts, suspect_facts
from assay.facts.victim_facts import ACCOUNTS, CONTACTS, child_victims, orders_on_children, victim_facts
from assay.reference.time_standards import standards

PERSON_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "report_ref",
    "missing_ref", "person_ref", "person_id", "role", "sex", "age_at_offence_low", "age_at_offence_high",
    "age_at_offence", "age_at_report", "child_at_offence", "when_reported",
)  # fmt: skip


def required_step_kinds() -> tuple[str, ...]:
    """Return every kind of step that a standard or a fact table needs, sorted."""
    standard_kinds = {kind for standard in standards() for kind in (standard.start_event, standard.end_event)}
    fact_kinds = {
        *ENDING_KINDS,
        IDENTIFIED,
        DECLINED,
        AGREEMENT,
        *CONTACTS,
        *ACTION_KINDS,
        REVIEWED,
        REFERRED_TO_REVIEW,
        STRATEGY_DISCUSSION,
        *INVESTIGATED,
        *PURSUED,
        *course_step_kinds(),
        "crime_cancelled",
        CONSIDERED,
        REFERRED,
        *ACCOUNTS,
        DISCLOSURE_RECORDED,
        INDICATORS_RECORDED,
        TRIGGER_PLAN,
    }
    return tuple(sorted((standard_kinds | fact_kinds | set(SOURCE_KINDS)) - {""}))


@dataclass(frozen=True)
class _SharedTables:
    """Tables that several fact tables are derived from, each computed once."""

    base: ibis.Table
    persons: ibis.Table
    suspect_parties: ibis.Table
    recorded_steps: ibis.Table
    all_steps: ibis.Table
    crime: ibis.Table
    episodes: ibis.Table
    contact_agreements: ibis.Table
    group_matches: ibis.Table
    child_suspects: ibis.Table
    flags: ibis.Table
    victims_as_children: ibis.Table
    course_steps: ibis.Table
    pursuit: ibis.Table
    exploited_child: ibis.Table
    role: ibis.Table
    found_groups: ibis.Table
    victim: ibis.Table


def derive_fact_tables(tables: Tables, materialise: Materialise = keep_lazy) -> dict[str, ibis.Table]:
    """Derive the fact tables, by name.

    Parameters
    ----------
    tables
        See `assay.facts.fact_inputs`.
    materialise
        Computes a table once and returns it under a name that begins with `work_`, such as
        `ExpressionEngine.create_table`. Without it every reader computes the table again, which is slow for many rows.
    """
    # Not copied, so that the caller can track which tables are read.
    tables = ChainMap(_absence_tables(tables, materialise), cast(MutableMapping[str, ibis.Table], tables))
    shared = _shared_tables(tables, materialise)
    return {
        **_crime_tables(tables, shared),
        **_assessment_tables(tables, shared),
        **_case_tables(tables, shared),
        **_child_tables(tables, shared),
        **_force_tables(tables, shared),
        "duty": duty_facts(
            tables,
            shared.all_steps,
            shared.persons,
            shared.crime,
            shared.episodes,
            shared.contact_agreements,
            materialise,
        ),
    }


def _shared_tables(tables: Tables, materialise: Materialise) -> _SharedTables:
    """Derive the tables that several fact tables read."""
    base = materialise("work_crimes", crime_base(tables))
    persons = materialise("work_persons", persons_with_ages(tables, base))
    victim_parties, suspect_parties = crime_parties(persons, "victim"), crime_parties(persons, "suspect")
    steps = materialise(
        "work_sent", sent_steps(tables, victim_parties, suspect_parties, required_step_kinds(), materialise)
    )
    all_steps = materialise("work_steps", add_inferred_steps(tables, base, steps))
    crime = materialise("work_crime", crime_facts(tables, base, persons, steps))
    episodes = materialise("work_episodes", missing_episode_facts(tables, persons))
    agreements = materialise("work_agreed", contact_agreements(steps))
    members = materialise("work_members", group_member_entries(tables, persons, crime))
    matches = materialise("work_matches", match_groups(tables, members))
    accused = materialise("work_accused", child_suspects(tables, persons, (base, crime), episodes, steps))
    flags = materialise("work_flags", flag_facts(tables, persons, episodes))
    return _SharedTables(
        base=base,
        persons=persons,
        suspect_parties=suspect_parties,
        recorded_steps=steps,
        all_steps=all_steps,
        crime=crime,
        episodes=episodes,
        contact_agreements=agreements,
        group_matches=matches,
        child_suspects=accused,
        flags=flags,
        victims_as_children=materialise(
            "work_victims_then", victims_as_children(tables, persons, crime, flags, accused)
        ),
        course_steps=materialise("work_taken", course_steps(tables, crime, steps)),
        pursuit=materialise("work_pursuits", pursuit_facts(tables, persons, crime, steps)),
        exploited_child=materialise("work_children", exploited_children(tables, persons, crime, episodes, steps)),
        role=materialise("work_roles", role_facts(tables, persons, episodes)),
        found_groups=materialise("work_found_groups", found_groups(tables, members, crime, steps, matches)),
        victim=materialise("work_victims", victim_facts(tables, persons, (base, crime), steps, agreements)),
    )


def _crime_tables(tables: Tables, shared: _SharedTables) -> dict[str, ibis.Table]:
    """Derive the tables of crimes, and of the persons and reports in them."""
    return {
        "crime": shared.crime,
        "victim": shared.victim,
        "suspect": suspect_facts(tables, shared.persons, shared.crime),
        "report": report_facts(tables, shared.persons),
        "described": entry_characteristics(tables, shared.persons, shared.crime),
        "person_described": person_characteristics(tables, shared.persons),
    }


def _assessment_tables(tables: Tables, shared: _SharedTables) -> dict[str, ibis.Table]:
    """Derive the tables of assessments, lists, missing episodes and groups."""
    persons, crime, episodes, steps = shared.persons, shared.crime, shared.episodes, shared.recorded_steps
    known_before = add_known_exploitation(episodes, tables, shared.exploited_child)
    return {
        "assessment": assessment_facts(tables, persons, crime, steps),
        "list_spell": list_spells(tables, persons, crime, episodes),
        "known_child": known_children(tables, persons, crime, episodes, steps),
        "missing_episode": add_trigger_plans(known_before, tables, steps),
        "group": group_facts(tables, shared.group_matches),
        "found_group": shared.found_groups,
    }


def _case_tables(tables: Tables, shared: _SharedTables) -> dict[str, ibis.Table]:
    """Derive the tables of what was done on each crime, suspect and referral."""
    crime, steps = shared.crime, shared.recorded_steps
    return {
        "investigation": investigation_facts(tables, crime, steps),
        "course": courses(tables, crime, steps, shared.course_steps),
        "course_step": shared.course_steps,
        "pursuit": shared.pursuit,
        "prosecution": prosecution_facts(tables, shared.pursuit, steps, shared.suspect_parties),
        "device": device_facts(tables, crime),
        "referral": referral_facts(tables, shared.persons, shared.episodes),
    }


def _child_tables(tables: Tables, shared: _SharedTables) -> dict[str, ibis.Table]:
    """Derive the tables of children, as victims and as suspects, with orders, roles and flags."""
    persons, crime, episodes, steps = shared.persons, shared.crime, shared.episodes, shared.recorded_steps
    episodes_and_children = (episodes, shared.victims_as_children)
    return {
        "exploited_child": shared.exploited_child,
        "disruption": disruption_facts(tables, persons, crime),
        "suspected_person": suspected_persons(tables, persons, crime, steps),
        "child_suspect": shared.child_suspects,
        "victim_as_child": shared.victims_as_children,
        "child_victim": child_victims(tables, persons, (shared.base, crime), steps, episodes_and_children),
        "order_on_child": orders_on_children(tables),
        "role": shared.role,
        "roles_of_person": roles_of_persons(shared.role),
        "flag": shared.flags,
        "flagged_child": flagged_children(tables, shared.victim, crime, episodes),
    }


def _force_tables(tables: Tables, shared: _SharedTables) -> dict[str, ibis.Table]:
    """Derive the tables of persons, of lists by year, and of each force."""
    persons = shared.persons
    profiles = left_join(force_facts(tables), latest_profiles(tables, shared.crime, persons), ["force_code"])
    return {
        "person": persons.mutate(record_ref=persons.involvement_ref).select(*PERSON_COLUMNS),
        "listed": listed_entries(tables, persons, shared.crime),
        "force": add_group_denials(profiles, tables, shared.found_groups),
        "sent_table": supplied_tables(tables),
        "approach": approach_facts(tables),
        "team_month": team_month_facts(tables),
    }


def _absence_tables(tables: Tables, materialise: Materialise) -> dict[str, ibis.Table]:
    """Return the tables on the meaning of absence: by force, by crime and child, and extraction days by table."""
    return {
        "work_answers": materialise("work_answers", supply_indicators(tables)),
        "work_holes": materialise("work_holes", incomplete_cases(tables)),
        "work_extraction": materialise("work_extraction", extraction_by_table(tables)),
    }
