"""What was owed to whom: one row for each standard, event that starts it, and person owed?

Each victim of a crime is owed the notice of each event about its suspects. Of a crime without a victim row nobody is
owed anything. An event about one victim or suspect that does not say which is owed to each of them, and whether it
was met is not known (rules R34 and R35).

Which limit a victim is owed: the enhanced one if the record says that they have enhanced rights, or if the offence is
sexual (the Victims' Code counts its victims among those of the most serious crime); the standard one if the record says
that they have none and the offence is not sexual. Where neither is known the row stands under the enhanced standard,
and answers only what both limits answer. That every victim under 18 counts as vulnerable was not read in the source,
so age alone gives no enhanced rights here. A person with two entries on a crime is owed each thing once.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts.crime_base import SEXUAL_FAMILIES
from assay.facts.duty_clocks import holds_for, in_force, in_no_country
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held, Keep, as_it_is
from assay.facts.jurisdictions import with_country

ENHANCED, STANDARD = "enhanced", "standard"
NO_STANDARD = ""
"""Of a duty whose country is not known and whose standards differ by country."""
CLOCK = (
    "standard", "family", "rights", "duty_holder", "holder", "verified", "grades", "unit", "over_run", "limit_number",
    "other_limit", "start_event", "end_event", "level",
)  # fmt: skip
STEP_OF_DUTY = (
    "force_code", "step_ref", "starts", "starts_last", "starts_day", "chosen_day", "grace_seconds", "crime_ref",
    "person_ref", "missing_ref", "country", "standard_in_force", "no_country",
)  # fmt: skip


def owed(
    held: Held,
    clocks: ibis.Table,
    steps: ibis.Table,
    persons: ibis.Table,
    places: tuple[ibis.Table, ibis.Table],
    keep: Keep = as_it_is,
) -> ibis.Table:
    """One row a duty: record_ref, the clock, its start, `party_ref` (the victim's or suspect's entry), `thing` (what
    its end must have in common with it), `unclear` (not known whose event it was, or which country's standard holds),
    late_limit, rights_known, standard_in_force (on the day that picks the standard).

    `places`: crimes and missing episodes, with their country.
    """
    started = steps.rename(start_event="kind").join(clocks, ["start_event"])
    started = _with_country(started, held, places)
    started = keep("work_started", _picked(started.filter(holds_for(started))))
    victims, suspects = _each_once(persons, "victim"), _each_once(persons, "suspect")
    duties = stacked(
        [
            _to_each(started.filter(started.level.isin(("victim", "notice"))), victims, "victim"),
            _to_each(started.filter(started.level == "suspect"), suspects, "suspect"),
            _to_one(started.filter(~started.level.isin(("victim", "notice", "suspect")))),
        ]
    )
    duties = duties.mutate(unclear=duties.unclear | duties.no_country)
    return _named(_with_rights(duties, victims)).drop("no_country")


def _picked(started: ibis.Table) -> ibis.Table:
    """Whether the standard was in force; and no standard where it would depend on a country that is not known."""
    nowhere = in_no_country(started)
    return started.mutate(
        standard_in_force=in_force(started),
        no_country=nowhere,
        standard=ibis.ifelse(nowhere, NO_STANDARD, started.standard),
        limit_number=ibis.ifelse(nowhere, ibis.null("int64"), started.limit_number),
        unit=ibis.ifelse(nowhere, "", started.unit),
        over_run=ibis.ifelse(nowhere, "", started.over_run),
        verified=started.verified & ~nowhere,
        grades=started.grades & ~nowhere,
    )


def _each_once(persons: ibis.Table, role: str) -> ibis.Table:
    """The persons of a role on each crime, by the entry that stands for them; with rights that any entry gives."""
    rows = on_crimes(persons, role)
    same = ibis.window(group_by=[rows.force_code, rows.crime_ref, rows.stands_for])
    entitled = rows.enhanced_rights.cast("int64").max().over(same) == 1
    rows = rows.mutate(enhanced_rights=entitled)
    return rows.filter(rows.involvement_ref == rows.stands_for)


def _with_country(started: ibis.Table, held: Held, places: tuple[ibis.Table, ibis.Table]) -> ibis.Table:
    """The country of the crime, else of the missing episode, else of the force."""
    crimes, episodes = places
    rows = beside(started, crimes.select("force_code", "crime_ref", of_crime="country"), ["force_code", "crime_ref"])
    rows = beside(rows, episodes.select("force_code", "missing_ref", of_episode="country"),
                  ["force_code", "missing_ref"])  # fmt: skip
    rows = with_country(rows, held, authority="").rename(of_force="country")
    own = ibis.ifelse(~rows.crime_ref.isnull(), rows.of_crime, rows.of_force)
    return rows.mutate(country=ibis.ifelse(~rows.missing_ref.isnull(), rows.of_episode, own))


def _to_each(started: ibis.Table, people: ibis.Table, role: str) -> ibis.Table:
    """Owed to the person the event names; to each of them if it is about another, or does not say."""
    own = f"{role}_ref"
    named = started.filter(~started[own].isnull())
    named = named.select(*STEP_OF_DUTY, *CLOCK, party_ref=named[own], unclear=ibis.literal(False))
    others = started.filter(started[own].isnull())
    others = others.select(*STEP_OF_DUTY, *CLOCK, unclear=others.start_about == role).distinct()
    each = people.select("force_code", "crime_ref", party_ref="involvement_ref")
    each = others.join(each, ["force_code", "crime_ref"])
    rows = stacked([named, each.select(*named.columns)])
    thing = ibis.ifelse(rows.level == "notice", rows.party_ref + "|" + rows.step_ref, rows.party_ref)
    return rows.mutate(thing=thing)


def _to_one(started: ibis.Table) -> ibis.Table:
    """Owed once: on a crime, to a child, for an episode, a report, or the row that the step is."""
    rows = started.mutate(thing=thing_of(started)).filter(lambda t: ~t.thing.isnull())
    return rows.select(
        *STEP_OF_DUTY, *CLOCK, "thing", party_ref=ibis.null("string"), unclear=ibis.literal(False)
    ).select(*STEP_OF_DUTY, *CLOCK, "party_ref", "unclear", "thing")


def thing_of(rows: ibis.Table) -> ibis.Value:
    """What a step at a level is about: the reference that start and end must share."""
    return ibis.cases(
        (rows.level == "crime", rows.crime_ref),
        (rows.level == "victim", rows.victim_ref),
        (rows.level == "suspect", rows.suspect_ref),
        (rows.level == "child", rows.person_ref),
        (rows.level == "missing", rows.missing_ref),
        (rows.level == "report", rows.report_ref),
        (rows.level == "row", rows.row_ref),
    )


def _with_rights(duties: ibis.Table, victims: ibis.Table) -> ibis.Table:
    """Only the standard of the victim's own rights; `late_limit` is the number after which it is late for certain."""
    own = victims.select("force_code", party_ref="involvement_ref", own_rights=rights(victims))
    rows = beside(duties, own, ["force_code", "party_ref"])
    fits = (rows.rights == "") | (rows.rights == ibis.coalesce(rows.own_rights, ENHANCED))
    rows = rows.filter(fits)
    known = (rows.rights == "") | ~rows.own_rights.isnull()
    late = ibis.ifelse(known, rows.limit_number, ibis.greatest(rows.limit_number, rows.other_limit))
    return rows.mutate(rights_known=known, late_limit=late).drop("own_rights", "other_limit")


def rights(victims: ibis.Table) -> ibis.Value:
    """'enhanced', 'standard' or missing, from the record and the offence."""
    sexual = victims.offence_family.isin(SEXUAL_FAMILIES)
    return ibis.cases((victims.enhanced_rights | sexual, ENHANCED), (~victims.enhanced_rights & ~sexual, STANDARD))


def _named(rows: ibis.Table) -> ibis.Table:
    """A name for each duty: standard (or family, if no standard can be named), event, person."""
    person = ibis.ifelse(~rows.party_ref.isnull(), ":" + rows.party_ref, "")
    what = ibis.ifelse(rows.standard == NO_STANDARD, rows.family, rows.standard)
    return rows.mutate(record_ref=what + ":" + rows.step_ref + person)
