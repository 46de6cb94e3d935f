"""Generate suspect identification, early advice of the prosecutor, and checks for other children."""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure_value
from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import birth_date, time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Suspect
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

STRANGERS = ("stranger", "known_online_only")
MEANS = ("phone_or_online", "cctv", "intelligence", "id_procedure", "victim_or_witness")
MET = ("suspect_arrested", "suspect_interviewed_under_caution")


def early_advice(files: list[Dossier], stream: RandomStream) -> None:
    """Add early advice of the prosecutor, before any file, on crimes with a named suspect."""
    for dossier in files:
        if not dossier.case.named_suspects:
            continue
        draw = stream.substream(dossier.case.ref)
        file_steps = dossier.steps_of_kind("file_submitted", "charge_decision")
        limit = min(
            [dossier.end, *(moment(row["happened_at"]) for row in file_steps), dossier.opened + dt.timedelta(days=60)]
        )
        is_requested = (
            draw.happens(dossier.records.force.rate("early_advice", dossier.case.recorded))
            and not dossier.case.closed_too_soon
        )
        request_ref = (
            is_requested
            and dossier.opened < limit
            and dossier.add_step(
                "early_advice_requested", time_between(dossier.opened, limit, draw), by_role="specialist_investigator"
            )
        )
        dossier.records.add_truth(
            "early_advice",
            crime_ref=dossier.case.ref,
            suspects=len(dossier.case.named_suspects),
            asked=bool(request_ref),
        )


def link_identifications(records: ForceRecords) -> None:
    """Set the involvement reference on identification steps of suspects without a person number."""
    unnamed: dict[str, str] = {}
    for row in records.rows("involvements"):
        if row["role"] == "suspect" and not row.get("person_ref"):
            unnamed.setdefault(row["crime_ref"], row["involvement_ref"])
    for row in records.rows("events"):
        if row["kind"] == "identification_attempted" and not row.get("person_ref"):
            row["involvement_ref"] = unnamed.get(row["crime_ref"])


def identify_suspects(files: list[Dossier], stream: RandomStream) -> None:
    """Add the identification of suspects who were only described at first."""
    for dossier in files:
        for suspect in dossier.case.suspects:
            if suspect.person and suspect.relationship in STRANGERS:
                _identify_suspect(
                    dossier, suspect, suspect.person, stream.substream(dossier.case.ref, suspect.person.key)
                )


def _identify_suspect(dossier: Dossier, suspect: Suspect, person: Person, stream: RandomStream) -> None:
    ref = dossier.ref(person)
    first = [moment(row["happened_at"]) for row in dossier.steps if row.get("person_ref") == ref]
    limit = min([dossier.end, *first])
    if limit <= dossier.opened or not stream.happens(
        dossier.records.force.rate("identified_later", dossier.case.recorded)
    ):
        return
    known = time_between(dossier.opened, limit, stream)
    if stream.happens(0.7):
        means, tried = stream.pick(MEANS), time_between(dossier.opened, known, stream)
        dossier.add_step("identification_attempted", tried, by_role="investigator", detail=means, person_ref=ref)
    dossier.add_step("suspect_identified", known, by_role="investigator", person_ref=ref)


def linked_children(files: list[Dossier], stream: RandomStream) -> None:
    """Add checks for other children whom a suspect could reach, and contact with them."""
    for dossier in files:
        for person in dossier.case.named_suspects:
            draw, ref = stream.substream(dossier.case.ref, person.key), dossier.ref(person)
            meetings = [row for row in dossier.steps_of_kind(*MET) if row.get("person_ref") == ref]
            if meetings and draw.happens(figure_value("child_within_reach")):
                _linked_child(dossier, person, ref, draw)


def _linked_child(dossier: Dossier, person: Person, ref: str, stream: RandomStream) -> None:
    """Add one child within reach; what the police do not know is only in the truth."""
    records, is_contacted = (
        dossier.records,
        stream.happens(dossier.records.force.rate("linked_child_contacted", dossier.case.recorded)),
    )
    checked = [row for row in dossier.steps_of_kind("other_children_check_done") if row.get("person_ref") == ref]
    contacted = None
    if checked and is_contacted:
        since = moment(checked[0]["happened_at"])
        spoken = time_between(since, min(dossier.end, since + dt.timedelta(days=45)), stream)
        if since < spoken and records.is_before_extraction(spoken):
            born = birth_date(stream.integer(6, 16), spoken.date(), stream)
            child = records.people.new_person(born, female=0.6, child=True)
            channel = stream.weighted({"in_person": 6, "phone": 2, "video": 0.5})
            names = {"person_ref": child.ref, "by_role": "safeguarding_officer", "detail": channel}
            contacted = dossier.add_step("linked_child_contacted", spoken, **names)
    names = {"crime_ref": dossier.case.ref, "suspect": person.key}
    records.add_truth("within_reach", **names, checked=bool(checked), contacted=bool(contacted))
