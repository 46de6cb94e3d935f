"""Add the rarer, later steps on crimes and children of a synthetic force.

Each of these steps follows others, so they are added last and change no earlier random draw. The order matters: a crime
is reopened or transferred in a period without other records.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise

from assay.synthetic import child_follow_up, complaints, suspect_investigation, witness_care
from assay.synthetic.calibration import figure_value
from assay.synthetic.case_dossier import Dossier, dossiers, moment, open_at_extraction
from assay.synthetic.local_time import DAY, age, time_after, time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import ForceRecords, Row

# Suspects who died after their crimes were closed.

MIN_AGE = 45  # minimum age in years of a suspect who may die
TIMES = {"events": ("happened_at",), "orders": ("made_at", "ended_at", "breached_at"), "court": ("happened_at",)}


def suspects_who_died(records: ForceRecords, stream: RandomStream) -> None:
    """Add the death of some older suspects after all their crimes were closed."""
    crimes, last = {row["crime_ref"]: row for row in records.rows("crimes")}, _last_mentions(records)
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in records.rows("involvements"):
        parts[row.get("person_ref") or ""].append(row)
    for person in records.suspects_known:
        if age(person.born, records.span.period_to) < MIN_AGE:
            continue
        draw = stream.substream(person.key)
        if not draw.happens(figure_value("suspect_died")):
            continue
        person_rows = [row for ref in person.refs for row in parts[ref]]
        ends = [crimes[row["crime_ref"]]["outcome_at"] for row in person_rows if row.get("crime_ref")]
        since = max([when for when in ends if when] + [last[ref] for ref in person.refs if ref in last], default=None)
        if since and None not in ends and records.span.extracted_at - since > 3 * DAY:
            died = time_between(since + DAY, records.span.extracted_at - DAY, draw).date()
            for row in person_rows:
                row["died_on"] = died


def _last_mentions(records: ForceRecords) -> dict[str, dt.datetime]:
    """Return the last minute at which a record refers to each person number."""
    found: dict[str, dt.datetime] = {}
    for table, columns in TIMES.items():
        for row in records.rows(table):
            ref = str(row.get("person_ref"))
            for when in (row[column] for column in columns if row[column]):
                found[ref] = max(found.get(ref, moment(when)), moment(when))
    return found


# Crimes that were not investigated, reopened, or reviewed after closure.

INVESTIGATION_STEPS = {
    "investigation_plan_set",
    "line_of_enquiry_raised",
    "identification_attempted",
    "device_seized",
    "suspect_arrested",
    "suspect_interviewed_under_caution",
}
MIN_SILENCE = dt.timedelta(days=25)
"""The shortest period without a record in which a crime can have been closed."""


def not_investigated(files: list[Dossier], stream: RandomStream) -> None:
    """Add the decision not to investigate to some crimes without an investigation step."""
    for dossier in files:
        untouched = not INVESTIGATION_STEPS & {row["kind"] for row in dossier.steps}
        has_no_suspect = not dossier.case.named_suspects or dossier.case.closed_too_soon
        if not (untouched and has_no_suspect and dossier.row["closed_at"] and dossier.case.ending != "1"):
            continue
        draw = stream.substream(dossier.case.ref)
        limit = min(dossier.end, dossier.opened + dt.timedelta(days=10))
        if dossier.opened < limit and draw.happens(
            dossier.records.force.rate("not_investigated", dossier.case.recorded)
        ):
            dossier.add_step_with_notices(
                "decision_not_to_investigate", time_between(dossier.opened, limit, draw), draw, by_role="supervisor"
            )


def reopened(files: list[Dossier], stream: RandomStream) -> None:
    """Add closure and reopening of crimes, with no records in between."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if not draw.happens(dossier.records.force.rate("reopened", dossier.case.recorded)):
            continue
        start, end = _longest_silence(dossier)
        if end - start >= MIN_SILENCE and not dossier.steps_of_kind("crime_reopened", "decision_not_to_investigate"):
            closed = time_after(start, draw.integer(1, 4), draw)
            opened = time_between(closed + dt.timedelta(days=7), end, draw)
            dossier.add_step("earlier_closure", closed, by_role="supervisor")
            dossier.add_step("crime_reopened", opened, by_role="supervisor")
            dossier.records.add_truth("reopened", crime_ref=dossier.case.ref, closed_at=closed, opened_at=opened)


def _longest_silence(dossier: Dossier) -> tuple[dt.datetime, dt.datetime]:
    """The longest time from the opening to the end in which nothing was entered."""
    first, last = dossier.opened, dossier.end
    inside = sorted(moment(row["happened_at"]) for row in dossier.steps)
    times = [first, *(when for when in inside if first < when < last), last]
    return max(((start, stop) for start, stop in pairwise(times)), key=lambda gap: gap[1] - gap[0])


def closed_cases(files: list[Dossier], stream: RandomStream) -> None:
    """Add referrals of closed group crimes without a charge to the review of closed group cases."""
    for dossier in files:
        if not dossier.row["closed_at"] or dossier.case.ending == "1" or len(dossier.case.suspects) < 2:
            continue
        draw = stream.substream(dossier.case.ref)
        referred = time_after(dossier.case.ends, 10 + draw.exponential(40), draw)
        if draw.happens(dossier.records.force.rate("closed_case_referred", dossier.case.recorded)):
            dossier.add_step("closed_case_referred", referred, by_role="chief_officer")
            if draw.happens(dossier.records.force.rate("closed_case_reviewed")):
                dossier.add_step(
                    "independent_review_done", time_after(referred, draw.integer(15, 60), draw), by_role="other"
                )


# Generate handovers and transfers of crimes between teams and forces.

OTHER_FORCE = "OTHER"
"""A force outside the synthetic country, so that no return covers the crime."""
MIN_GAP = dt.timedelta(days=10)


def handovers(records: ForceRecords, files: list[Dossier], stream: RandomStream) -> None:
    """Add handovers between teams; without one, the first team keeps the crime."""
    handed = {dossier.case.ref for dossier in files if _hand_over(dossier, stream.substream(dossier.case.ref))}
    first = {row["crime_ref"]: row["detail"] for row in records.rows("events") if row["kind"] == "investigation_opened"}
    for crime in records.rows("crimes"):
        if crime["crime_ref"] not in handed:
            crime["investigating_team"] = first.get(crime["crime_ref"], crime["investigating_team"])


def _hand_over(dossier: Dossier, stream: RandomStream) -> bool:
    team, limit = dossier.row["investigating_team"], min(dossier.end, dossier.opened + dt.timedelta(days=90))
    first = dossier.steps_of_kind("investigation_opened")
    if not first or team == first[0]["detail"] or dossier.opened >= limit:
        return False
    handover_time = time_between(dossier.opened, limit, stream)
    is_handed_over = stream.happens(dossier.records.force.rate("handed_over", dossier.case.recorded))
    return is_handed_over and dossier.add_step("handover", handover_time, by_role="supervisor", detail=team) is not None


def offers(files: list[Dossier], stream: RandomStream) -> None:
    """Add offers of crimes that another force refuses: the crimes stay."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if draw.happens(dossier.records.force.rate("offer_refused")) and dossier.end - dossier.opened > MIN_GAP:
            offered = time_between(dossier.opened, dossier.end, draw)
            _offer(
                dossier, offered, time_between(offered, min(dossier.end, offered + MIN_GAP), draw), "transfer_refused"
            )


def transfers(files: list[Dossier], stream: RandomStream) -> None:
    """Add transfers of open crimes to another force: nothing is recorded on them afterwards."""
    for dossier in open_at_extraction(files):
        draw, end = stream.substream(dossier.case.ref), dossier.records.span.extracted_at
        last = max((moment(row["happened_at"]) for row in dossier.steps), default=dossier.case.recorded)
        is_transferred = draw.happens(dossier.records.force.rate("transferred_out"))
        if dossier.row["received_from_force"] or end - last < MIN_GAP or not is_transferred:
            continue
        offered = time_between(last, end - MIN_GAP / 2, draw)
        _offer(dossier, offered, time_between(offered, min(end, offered + MIN_GAP), draw), "transfer_accepted")
        number = f"X{draw.integer(10000, 99999)}" if draw.happens(0.7) else None
        dossier.row.update({"transferred_to_force": OTHER_FORCE, "other_force_crime_ref": number})


def _offer(dossier: Dossier, offered: dt.datetime, answered: dt.datetime, answer: str) -> None:
    dossier.add_step("transfer_offered", offered, by_role="supervisor", detail=OTHER_FORCE)
    dossier.add_step(answer, answered, by_role="other_force", detail=OTHER_FORCE)


def add_follow_up(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Every further step on the crimes and children of one division."""
    child_follow_up.disclosures(records, cases, stream.substream("disclosures"))
    child_follow_up.conferences(records, stream.substream("conferences"))
    child_follow_up.protection_notices(records, stream.substream("told of protection"))
    child_follow_up.trigger_plans(records, stream.substream("trigger plans"))
    child_follow_up.referrals(records, stream.substream("referrals"))
    witness_care.hearings(records, stream.substream("hearings"))
    files = dossiers(records, cases)
    suspect_investigation.early_advice(files, stream.substream("early advice"))
    suspect_investigation.link_identifications(records)
    suspect_investigation.identify_suspects(files, stream.substream("identified"))
    suspect_investigation.linked_children(files, stream.substream("linked children"))
    witness_care.add_witness_care(files, stream.substream("witness care"))
    not_investigated(files, stream.substream("not investigated"))
    handovers(records, files, stream.substream("handovers"))
    offers(files, stream.substream("offers"))
    complaints.complaints(files, stream.substream("complaints"))
    complaints.reviews(files, stream.substream("reviews"))
    reopened(files, stream.substream("reopened"))
    closed_cases(files, stream.substream("closed cases"))
    transfers(files, stream.substream("transfers"))
    suspects_who_died(records, stream.substream("deaths"))
