"""Generate the records of one synthetic force, before its return is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from assay.synthetic import (
    disruption_records,
    exploited_child_records,
    force_tables,
    hidden_population,
    optional_columns,
    partner_lists,
    safeguarding_records,
    synthetic_texts,
)
from assay.synthetic.calibration import mixes
from assay.synthetic.crime_records import person_row, record_crime
from assay.synthetic.follow_up import add_follow_up
from assay.synthetic.investigation_steps import investigate
from assay.synthetic.local_time import DAY, Span, age, random_minute, time_after
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.offence_sampling import OFFENCES_BY_CHILDREN
from assay.synthetic.offender_networks import Network, network_cases, record_network
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case, new_case
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import People, Person
from assay.synthetic.synthetic_tables import ForceRecords

NO_NETWORKS = NetworkSettings()
MAX_CRIMES = 4000
HISTORY, FOLLOW_UP = 0.05, 0.02  # shares of exploited children who also have such a crime


def force_records(
    force: SyntheticForce,
    span: Span,
    seed: int,
    shared_people: list[Person],
    *,
    networks: Sequence[Network] = (),
    settings: NetworkSettings = NO_NETWORKS,
) -> Iterator[ForceRecords]:
    """Yield the records of one force and their truth in batches (divisions), so that memory use is limited.

    Tables of the force about itself are in the last division. The crimes of networks are in the first.

    Parameters
    ----------
    shared_people
        People whom several forces know.
    networks
        The networks that are active in this force.
    """
    numbers: dict[str, int] = {}
    totals: Counter[str] = Counter()
    local_people: dict[str, Person] = {}
    division_sizes = divisions(force.crimes)
    for place, crimes in enumerate(division_sizes):
        last = place == len(division_sizes) - 1
        stream = RandomStream(seed, "force", force.code, *([place] if place else []))
        prefix = f"{force.code}.{place}" if place else force.code
        people = People(stream.substream("people"), prefix, shared_people, numbers=numbers, local_people=local_people)
        records = ForceRecords(force, span, stream.substream("book"), people, numbers=numbers, totals=totals)
        records.crimes, records.last, records.force_stream = crimes, last, RandomStream(seed, "force", force.code)
        _fill(records, stream, () if place else networks, settings)
        yield records


def divisions(crimes: int) -> list[int]:
    """Return the number of crimes in each batch of records of a force."""
    number = -(-crimes // MAX_CRIMES)
    return [crimes * (place + 1) // number - crimes * place // number for place in range(number)]


def _fill(records: ForceRecords, stream: RandomStream, networks: Sequence[Network], settings: NetworkSettings) -> None:
    found = (_case(records, stream.substream("crime", place)) for place in range(records.crimes))
    usual_cases = [case for case in found if case]
    network_cases = [
        (
            force_network,
            _network_cases(records, force_network, settings, stream.substream("network", force_network.key)),
        )
        for force_network in networks
    ]
    cases = usual_cases + [case for _, own_cases in network_cases for case in own_cases]
    _other_crimes(records, cases, stream.substream("other crimes"))
    safeguarding_records.add_safeguarding(records, cases, stream.substream("safeguarding"))
    safeguarding_records.children_missing(records, cases, stream.substream("missing"))
    disruption_records.orders(records, cases, stream.substream("orders"))
    disruption_records.groups(records, usual_cases, stream.substream("groups"))
    for network, own_cases in network_cases:
        record_network(records, network, own_cases, settings, stream.substream("held", network.key))
    disruption_records.aliases(records, stream.substream("aliases"))
    disruption_records.court(records, stream.substream("court"))
    synthetic_texts.episode_notes(records, stream.substream("episode notes"))
    synthetic_texts.summaries(records, stream.substream("summaries"))
    _add_totals(records, cases)
    hidden_population.hidden_children(records, cases, stream.substream("partners"))
    partner_lists.count_patterns(records)
    add_follow_up(records, cases, stream.substream("afterwards"))
    if records.last:
        force_tables.audits(records, cases, stream.substream("audits"))
        _add_force_tables(records, stream)
    optional_columns.add_optional_columns(records, cases, stream.substream("optional columns"))
    _nominals(records, stream.substream("nominals"))


def _case(records: ForceRecords, stream: RandomStream) -> Case | None:
    """Generate one crime of the period with its record, steps, devices and notes; None if it is not entered yet."""
    recorded_on = records.span.period_from + stream.integer(0, records.span.days - 1) * DAY
    operation = records.force.operation
    by_police = operation is not None and stream.substream("operation").happens(operation[1].share)
    if operation and by_police:
        recorded_on = operation[0] + stream.substream("operation", "day").integer(0, operation[1].days - 1) * DAY
    if records.force.unentered and recorded_on >= records.span.period_to - records.force.nuisances.unentered_days * DAY:
        return None
    case = new_case(records, stream, recorded_on, by_police=by_police)
    _record_case(records, case, stream)
    return case


def _record_case(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Add the record of a crime of the period, its steps, devices and notes."""
    record_crime(records, case, stream.substream("record"))
    investigate(records, case, stream.substream("steps"))
    disruption_records.exhibits(records, case, stream.substream("exhibits"))
    synthetic_texts.case_notes(records, case, stream.substream("notes"))


def _network_cases(
    records: ForceRecords, network: Network, settings: NetworkSettings, stream: RandomStream
) -> list[Case]:
    """Add the crimes of a network in this force, recorded like any others."""
    cases = network_cases(records, network, settings, stream)
    for case in cases:
        _record_case(records, case, stream.substream(case.ref))
    return cases


def _add_totals(records: ForceRecords, cases: list[Case]) -> None:
    """Add the totals of the force over all batches of its records."""
    records.totals["groups"] += len(records.rows("groups"))
    records.totals["children"] += len(exploited_child_records.exploited_children(records, cases))
    records.totals["crimes"] += len(cases)
    records.totals["suspects"] += len({person.key for case in cases for person in case.named_suspects})
    records.totals["recorded_in_24h"] += sum(case.recorded - case.reported <= DAY for case in cases)


def _add_force_tables(records: ForceRecords, stream: RandomStream) -> None:
    force_tables.profiles_and_claims(records, stream.substream("profile"))
    partner_lists.overlaps(records)
    force_tables.teams(records, stream.substream("teams"))


def _other_crimes(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add crimes of exploited children: in the history, in the follow-up, and those of which they are suspected."""
    span = records.span
    before, later = (span.period_from - span.history_from).days, (span.extracted_at.date() - span.period_to).days
    for child in exploited_child_records.exploited_children(records, cases):
        draw = stream.substream(child.key)
        if draw.happens(HISTORY):
            _crime_outside_period(
                records, child, span.period_from - draw.integer(1, before - 1) * DAY, draw.substream("before")
            )
        if draw.happens(FOLLOW_UP):
            _crime_outside_period(
                records, child, span.period_to + draw.integer(1, later - 2) * DAY, draw.substream("later")
            )
        if draw.happens(records.force.rate("child_as_suspect")):
            _crime_by_child(records, child, draw.substream("suspect"))


def _crime_outside_period(records: ForceRecords, child: Person, recorded_on: dt.date, stream: RandomStream) -> None:
    """Add a crime against a child who is already known, recorded outside the period."""
    if not 12 <= age(child.born, recorded_on) < 18:
        return
    case = new_case(records, stream, recorded_on, child)
    if case.first_day and age(child.born, case.first_day) < 6:
        return
    record_crime(records, case, stream.substream("record"), in_period=False)
    investigate(records, case, stream.substream("steps"))


def _crime_by_child(records: ForceRecords, child: Person, stream: RandomStream) -> None:
    """Add a crime of another kind of which an exploited child is suspected."""
    span = records.span
    happened = random_minute(span.period_from + stream.integer(10, span.days - 40) * DAY, stream)
    recorded = time_after(happened, stream.integer(0, 5), stream)
    if not 10 <= age(child.born, happened.date()) < 18:
        return
    ref, ended = records.ref("C"), time_after(recorded, stream.integer(20, 120), stream)
    outcome = stream.weighted({"8": 3, "22": 3, "15": 3, "10": 1}) if records.is_before_extraction(ended) else "NOA"
    records.add(
        "crimes",
        crime_ref=ref,
        scope_reason="child_as_suspect",
        offence_code=stream.pick(OFFENCES_BY_CHILDREN),
        reported_at=recorded,
        recorded_at=recorded,
        occurred_from=happened,
        source_of_report="friend_or_public",
        investigating_team=stream.weighted(mixes()["team"]),
        outcome_code=outcome,
        outcome_at=records.time_if_extracted(ended),
        closed_at=ended.date() if records.is_before_extraction(ended) else None,
    )
    victim_ref = _victim_ref(records, child)
    _child_involvements(records, child, victim_ref, ref, outcome, stream)
    considered = time_after(recorded, stream.integer(1, 15), stream)
    first = stream.happens(records.force.rate("exploitation_considered")) and considered < ended
    if first:
        names = {"crime_ref": ref, "person_ref": victim_ref}
        detail = stream.pick(("section_45_defence", "referral_mechanism", "diversion", "exploitation_in_general"))
        records.add_event("exploitation_considered", considered, by_role="investigator", detail=detail, **names)
    records.add_truth("criminalised", person=child.key, crime_ref=ref, considered_first=first, outcome=outcome)


def _victim_ref(records: ForceRecords, child: Person) -> str:
    """Return the number by which a crime names the child as its victim, so that the force can link them."""
    parts = (row for row in records.rows("involvements") if row["role"] == "victim")
    return next((str(row["person_ref"]) for row in parts if row.get("person_ref") in child.refs), child.ref)


def _child_involvements(
    records: ForceRecords, child: Person, victim_ref: str, ref: str, outcome: str, stream: RandomStream
) -> None:
    row = person_row(child, records.force, stream) | {"person_ref": victim_ref, "date_of_birth": child.born}
    names = {"crime_ref": ref, "suspect_known_as": "named", "suspect_outcome_code": outcome}
    records.add("involvements", involvement_ref=records.ref("V"), role="suspect", **names, **row)
    records.add(
        "involvements", involvement_ref=records.ref("V"), crime_ref=ref, role="victim", sex_missing_reason="SYSTEM"
    )


def _nominals(records: ForceRecords, stream: RandomStream) -> None:
    """Add a row with role nominal for every number that other tables use and that is in no involvement."""
    by_ref = {ref: person for person in records.people.known for ref in person.refs}
    involved_refs = {row.get("person_ref") for row in records.rows("involvements")}
    all_refs = [row.get("person_ref") for table in sorted(records.tables) for row in records.tables[table]]
    for ref in dict.fromkeys(ref for ref in all_refs if ref and ref not in involved_refs):
        row = person_row(by_ref[ref], records.force, stream) | {"person_ref": ref}
        records.add("involvements", involvement_ref=records.ref("V"), role="nominal", **row)
