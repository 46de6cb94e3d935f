"""Civil orders, exhibits, groups and links in the records of a synthetic force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assay.synthetic.calibration import mixes
from assay.synthetic.local_time import age, day, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_country import name_lists
from assay.synthetic.synthetic_people import LETTERS, Person
from assay.synthetic.synthetic_tables import ForceRecords

DRAMA_NUMBERS = (
    "07700900", "01632960", "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960",
    "01314960", "01414960", "01514960", "01614960", "02079460", "01914980", "02920180",
)  # fmt: skip
"""Prefixes of telephone numbers that are allocated to nobody: Ofcom, telephone numbers for use in TV and radio drama
programmes. There are enough that two people rarely share one by chance."""


def orders(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add warnings and orders on adult suspects of exploitation, and sometimes police protection of a child."""
    for case in cases:
        draw = stream.substream(case.ref)
        used = records.force.rate("order_on_suspect")
        for person in case.named_suspects if case.exploited else ():
            order_time = time_after(case.recorded, draw.exponential(30), draw)
            if (
                age(person.born, order_time.date()) >= 18
                and draw.happens(used)
                and records.is_before_extraction(order_time)
            ):
                _order(records, draw.weighted(mixes()["order"]), "suspect", person, case, order_time, draw)
        child = case.victims[0]
        if draw.happens(0.02) and age(child.born, case.recorded.date()) < 17:
            _order(records, "PPP", "child", child, case, case.recorded + dt.timedelta(hours=2), draw)


def _order(
    records: ForceRecords,
    code: str,
    served_on: str,
    person: Person,
    case: Case,
    order_time: dt.datetime,
    stream: RandomStream,
) -> None:
    days = stream.uniform(0.5, 2.8) if code == "PPP" else stream.uniform(120, 900)
    breached = (
        time_after(order_time, stream.integer(5, 150), stream)
        if stream.happens(0.12) and served_on == "suspect"
        else None
    )
    records.add(
        "orders",
        order_ref=records.ref("O"),
        order_code=code,
        served_on=served_on,
        person_ref=person.ref,
        crime_ref=case.ref,
        made_at=order_time,
        ended_at=records.time_if_extracted(order_time + dt.timedelta(days=days)),
        breached_at=records.time_if_extracted(breached),
    )


def exhibits(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Add devices seized in one crime, and the times of their examination."""
    if not case.named_suspects or not stream.happens(0.8 if case.family in ("images", "grooming") else 0.2):
        return
    seizure_time = time_after(case.recorded, stream.exponential(15), stream)
    if not records.is_before_extraction(seizure_time) or seizure_time >= case.ends:
        return
    for _ in range(stream.integer(1, 3)):
        ref = records.ref("X")
        owner = "suspect" if stream.happens(0.8) else "victim"
        records.add(
            "exhibits",
            exhibit_ref=ref,
            crime_ref=case.ref,
            item_kind=stream.weighted(mixes()["device"]),
            taken_from=owner,
        )
        submission_time = time_after(seizure_time, stream.integer(1, 20), stream)
        examination_time = time_after(submission_time, stream.lognormal(70, 0.8), stream)
        records.add_event("device_seized", seizure_time, crime_ref=case.ref, exhibit_ref=ref, by_role="investigator")
        if stream.happens(0.9):
            records.add_event(
                "device_submitted", submission_time, crime_ref=case.ref, exhibit_ref=ref, by_role="investigator"
            )
            if examination_time < case.ends:
                records.add_event(
                    "device_examined", examination_time, crime_ref=case.ref, exhibit_ref=ref, by_role="digital_examiner"
                )


def groups(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Add the groups that the force knows, and the identifiers that their crimes share.

    Some groups are not mapped. The crimes of injected networks are not among `cases`: see `offender_networks`.
    """
    group_cases = [case for case in cases if case.exploited and len(case.named_suspects) > 1]
    for case in group_cases:
        draw = stream.substream(case.ref)
        _add_shared_place(records, case, draw)
        mapped = draw.happens(records.force.rate("groups_mapped"))
        records.add_truth("groups", crime_ref=case.ref, offenders=len(case.named_suspects), mapped=mapped)
        if mapped:
            add_group(records, case, case.named_suspects, case.victims, draw)
    for case in cases:
        draw = stream.substream("links", case.ref)
        for person in case.named_suspects if draw.happens(0.25) else ():
            kind = draw.pick(("vehicle", "phone"))
            add_link(records, kind, _value(kind, draw), crime_ref=case.ref, person_ref=person.ref)


def add_group(
    records: ForceRecords, case: Case, suspects: Sequence[Person], victims: Sequence[Person], stream: RandomStream
) -> None:
    """Add a group that the force mapped some time after a crime was recorded, with its members."""
    ref = records.ref("G")
    mapped_on = time_after(case.recorded, stream.integer(10, 60), stream).date()
    if not records.is_before_extraction(mapped_on):
        mapped_on = case.recorded.date()
    kind = stream.weighted({"network": 7, "organised_crime_group": 2, "gang": 0.5})
    ended_on = mapped_on + dt.timedelta(days=stream.substream("ended", ref).integer(20, 150))
    has_ended = stream.substream("over", ref).happens(0.4) and records.is_before_extraction(ended_on)
    records.add("groups", group_ref=ref, group_kind=kind, mapped_on=mapped_on, ended_on=ended_on if has_ended else None)
    for place, person in enumerate(suspects):
        role = "facilitator" if place > 1 and stream.happens(0.3) else "offender"
        records.add("group_members", group_ref=ref, person_ref=person.ref, member_role=role)
    for victim in victims:
        records.add("group_members", group_ref=ref, person_ref=victim.ref, member_role="victim")


def _add_shared_place(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    place = f"PL{stream.integer(10_000, 99_999)}"
    add_link(records, "place", place, crime_ref=case.ref)
    for person in case.named_suspects:
        add_link(records, "place", place, crime_ref=case.ref, person_ref=person.ref)


def _value(kind: str, stream: RandomStream) -> str:
    return telephone(stream) if kind == "phone" else registration_mark(stream)


def telephone(stream: RandomStream) -> str:
    """Return a telephone number that is allocated to nobody in reality."""
    return f"{stream.pick(DRAMA_NUMBERS)}{stream.integer(0, 999):03d}"


def registration_mark(stream: RandomStream) -> str:
    """Return a registration mark; none that begins with Z was ever issued in Great Britain."""
    letters = "".join(stream.pick(LETTERS) for _ in range(4))
    return f"Z{letters[0]}{stream.integer(10, 99)}{letters[1:]}"


def add_link(records: ForceRecords, kind: str, value: str, **references: str) -> None:
    """Add a row to the table `links`: a place, phone, vehicle or online account that records share."""
    records.add("links", link_ref=records.ref("K"), link_kind=kind, link_value=value, **references)


def aliases(records: ForceRecords, stream: RandomStream) -> None:
    """Add an alias (another name) to one involvement in forty."""
    for row in list(records.rows("involvements")):
        draw = stream.substream(row["involvement_ref"])
        if row.get("person_ref") and draw.happens(0.025):
            records.add(
                "aliases",
                alias_ref=records.ref("AL"),
                involvement_ref=row["involvement_ref"],
                forenames=draw.pick(name_lists()["forenames"]),
                surname=row["surname"],
            )


def court(records: ForceRecords, stream: RandomStream) -> None:
    """Add first hearings of charged suspects, in the few forces that record them."""
    for row in [event for event in records.rows("events") if event["kind"] == "suspect_charged"]:
        draw = stream.substream(row["event_ref"])
        hearing_time = time_after(row["happened_at"], draw.integer(10, 45), draw)
        if records.is_before_extraction(hearing_time) and day(hearing_time).weekday() < 5:
            names_of = {key: row[key] for key in ("crime_ref", "person_ref")}
            records.add(
                "court",
                court_ref=records.ref("CT"),
                stage="first_hearing",
                court_result="adjourned",
                happened_at=hearing_time,
                **names_of,
            )
