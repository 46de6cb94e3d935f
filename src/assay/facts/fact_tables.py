"""Which facts does every enquiry read of the records of all forces?

`facts(held)` gives one table each for crime, victim, suspect, described, person_described, report, assessment,
list_spell, known_child, missing_episode, group, found_group, suspected_person, child_suspect, victim_as_child,
child_victim, order_on_child, pursuit, prosecution, investigation, course, course_step, device, referral,
exploited_child, disruption, person, role, roles_of_person, flag, flagged_child, listed, force, sent_table, approach,
team_month and duty: one row a record, a fact a column. What is not known is missing, never zero or no. All are Ibis
expressions, so that one definition runs on every engine.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from typing import cast

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.case_courses import course_steps, courses, kinds_of_courses
from assay.facts.case_steps import steps as sent_steps
from assay.facts.child_suspects import CONSIDERED, REFERRED, child_suspects, victims_as_children
from assay.facts.child_victims import ACCOUNTS, child_victims, orders_on_children
from assay.facts.contact_wishes import AGREEMENT, agreements
from assay.facts.crime_base import crime_base
from assay.facts.crime_endings import KINDS as ENDING_KINDS
from assay.facts.crime_facts import IDENTIFIED, crimes
from assay.facts.detected_groups import REVIEWED, SENT_ON, found_groups, members
from assay.facts.device_waits import devices
from assay.facts.disruptions import disruptions
from assay.facts.duty_exemptions import DECLINED
from assay.facts.duty_facts import duties
from assay.facts.event_parties import parties
from assay.facts.exploitation_flags import flagged_children, flags
from assay.facts.exploited_children import DISCUSSED, exploited_children
from assay.facts.fact_inputs import Held, Keep, as_it_is
from assay.facts.force_facts import forces
from assay.facts.group_denials import with_denials
from assay.facts.group_matches import matches
from assay.facts.inferred_absence import answers, extraction, holes
from assay.facts.inferred_steps import SOURCES, with_worked_out
from assay.facts.investigations import KINDS as INVESTIGATED
from assay.facts.investigations import investigations
from assay.facts.involved_persons import persons_with_ages
from assay.facts.known_children import SEEN_SIGNS, known_children
from assay.facts.list_spells import list_spells
from assay.facts.listed_children import listed
from assay.facts.missing_episodes import PLANNED, with_plans, with_what_was_known
from assay.facts.person_characteristics import described, persons_described
from assay.facts.person_roles import roles, roles_of_persons
from assay.facts.problem_profiles import latest_profiles
from assay.facts.prosecutions import prosecutions
from assay.facts.referrals import referrals
from assay.facts.repeat_suspects import DONE, suspected_persons
from assay.facts.reports_and_episodes import groups, missing_episodes, reports
from assay.facts.risk_assessments import DISCLOSED, assessments
from assay.facts.supplied_tables import sent_tables
from assay.facts.suspect_facts import suspects
from assay.facts.suspect_pursuit import KINDS as PURSUED
from assay.facts.suspect_pursuit import pursuits
from assay.facts.victim_facts import CONTACTS, victims
from assay.facts.workforce import approaches, team_months
from assay.reference.time_standards import standards

PERSON_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "report_ref",
    "missing_ref", "person_ref", "person_id", "role", "sex", "age_at_offence_low", "age_at_offence_high",
    "age_at_offence", "age_at_report", "child_at_offence", "when_reported",
)  # fmt: skip


def kinds_read() -> tuple[str, ...]:
    """Every kind of step that a clock or a fact reads, in the order of the alphabet."""
    of_standards = {kind for one in standards() for kind in (one.start_event, one.end_event)}
    of_facts = {*ENDING_KINDS, IDENTIFIED, DECLINED, AGREEMENT, *CONTACTS, *DONE, REVIEWED, SENT_ON,
                DISCUSSED, *INVESTIGATED, *PURSUED, *kinds_of_courses(), "crime_cancelled", CONSIDERED,
                REFERRED, *ACCOUNTS, DISCLOSED, SEEN_SIGNS, PLANNED}  # fmt: skip
    return tuple(sorted((of_standards | of_facts | set(SOURCES)) - {""}))


def facts(held: Held, keep: Keep = as_it_is) -> dict[str, ibis.Table]:
    """The fact tables by name. `held`: see `assay.facts.fact_inputs`.

    `keep` (for example `Expressions.keep`) works a table out once and gives it back under a name that begins with
    `work_`; without it every reader works it out anew, which is right for a few rows and slow for many.
    """
    # Looked through, not copied: whoever holds the tables may note which of them are read.
    held = ChainMap(_answers(held, keep), cast(MutableMapping[str, ibis.Table], held))
    base = keep("work_crimes", crime_base(held))
    persons = keep("work_persons", persons_with_ages(held, base))
    of_victims, of_suspects = parties(persons, "victim"), parties(persons, "suspect")
    sent = keep("work_sent", sent_steps(held, of_victims, of_suspects, kinds_read(), keep))
    steps = keep("work_steps", with_worked_out(held, base, sent))
    crime = keep("work_crime", crimes(held, base, persons, sent))
    episodes = keep("work_episodes", missing_episodes(held, persons))
    agreed = keep("work_agreed", agreements(sent))
    member = keep("work_members", members(held, persons, crime))
    matched = keep("work_matches", matches(held, member))
    accused = keep("work_accused", child_suspects(held, persons, base, crime, sent))
    victims_then = keep("work_victims_then", victims_as_children(held, persons, accused))
    taken = keep("work_taken", course_steps(held, crime, sent))
    pursuit = keep("work_pursuits", pursuits(held, persons, crime, sent))
    child = keep("work_children", exploited_children(held, persons, crime, episodes, sent))
    role = keep("work_roles", roles(held, persons, episodes))
    found = keep("work_found_groups", found_groups(held, member, crime, sent, matched))
    victim = keep("work_victims", victims(held, persons, (base, crime), sent, agreed))
    return {
        "crime": crime,
        "victim": victim,
        "suspect": suspects(held, persons, crime),
        "report": reports(held, persons),
        "described": described(held, persons, crime),
        "person_described": persons_described(held, persons),
        "assessment": assessments(held, persons, crime, sent),
        "list_spell": list_spells(held, persons, crime, episodes),
        "known_child": known_children(held, persons, crime, episodes, sent),
        "missing_episode": with_plans(with_what_was_known(episodes, held, child), held, sent),
        "group": groups(held, matched),
        "found_group": found,
        "investigation": investigations(held, crime, sent),
        "course": courses(held, crime, sent, taken),
        "course_step": taken,
        "pursuit": pursuit,
        "prosecution": prosecutions(held, pursuit, sent, of_suspects),
        "device": devices(held, crime),
        "referral": referrals(held, persons, episodes),
        "exploited_child": child,
        "disruption": disruptions(held, persons, crime),
        "suspected_person": suspected_persons(held, persons, crime, sent),
        "child_suspect": accused,
        "victim_as_child": victims_then,
        "child_victim": child_victims(held, persons, (base, crime), sent, (episodes, victims_then)),
        "order_on_child": orders_on_children(held),
        "role": role,
        "roles_of_person": roles_of_persons(role),
        "flag": flags(held, persons, episodes),
        "flagged_child": flagged_children(held, victim, crime, episodes),
        "person": persons.mutate(record_ref=persons.involvement_ref).select(*PERSON_COLUMNS),
        "listed": listed(held, persons, crime),
        "force": with_denials(beside(forces(held), latest_profiles(held, crime, persons), ["force_code"]), held, found),
        "sent_table": sent_tables(held),
        "approach": approaches(held),
        "team_month": team_months(held),
        "duty": duties(held, steps, persons, crime, episodes, agreed, keep),
    }


def _answers(held: Held, keep: Keep) -> dict[str, ibis.Table]:
    """What absence means, worked out once: by force, by crime and child, and when each table was extracted."""
    return {
        "work_answers": keep("work_answers", answers(held)),
        "work_holes": keep("work_holes", holes(held)),
        "work_extraction": keep("work_extraction", extraction(held)),
    }
