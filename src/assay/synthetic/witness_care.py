"""Court results after the first hearing, and the messages that witness care units receive."""

from __future__ import annotations

import datetime as dt

from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import DAY, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_tables import ForceRecords, Row

SENTENCES = {"custody_immediate": 6, "custody_suspended": 3, "community_order": 2, "other_sentence": 0.5}
VERDICTS = {"guilty_found": 6, "not_guilty": 3, "discontinued": 1}
SATURDAY = 5


def hearings(records: ForceRecords, stream: RandomStream) -> None:
    """Add a plea some weeks after each first hearing, a trial after a plea of not guilty, and the sentence."""
    for first in list(records.rows("court")):
        draw = stream.substream(first["court_ref"])
        names = {key: first[key] for key in ("crime_ref", "person_ref")}
        guilty, pleaded = draw.happens(0.5), _sitting(first["happened_at"], draw.integer(21, 50), draw)
        _hearing(records, "plea", "guilty_plea" if guilty else "adjourned", pleaded, names)
        if guilty:
            sentenced = _sitting(pleaded, draw.integer(14, 45), draw)
            _hearing(records, "sentence", draw.weighted(SENTENCES), sentenced, names)
        else:
            _trial(records, pleaded, names, draw.substream("trial"))


def _trial(records: ForceRecords, pleaded: dt.datetime, names: dict[str, str], stream: RandomStream) -> None:
    """Add the trial months later; a discontinued case ends before a verdict."""
    verdict, tried = stream.weighted(VERDICTS), _sitting(pleaded, stream.integer(90, 300), stream)
    _hearing(records, "discontinued" if verdict == "discontinued" else "verdict", verdict, tried, names)
    if verdict == "guilty_found":
        sentenced = _sitting(tried, stream.integer(14, 45), stream)
        _hearing(records, "sentence", stream.weighted(SENTENCES), sentenced, names)


def _sitting(since: dt.datetime, days: int, stream: RandomStream) -> dt.datetime:
    """Return a minute on a weekday, after this many days or up to two more."""
    when = time_after(since, days, stream)
    return when + max(7 - when.weekday(), 0) * DAY if when.weekday() >= SATURDAY else when


def _hearing(records: ForceRecords, stage: str, result: str, when: dt.datetime, names: dict[str, str]) -> None:
    if records.is_before_extraction(when):
        records.add("court", court_ref=records.ref("CT"), stage=stage, court_result=result, happened_at=when, **names)


def add_witness_care(files: list[Dossier], stream: RandomStream) -> None:
    """Add the messages of court and prosecutor on charged crimes, and the notices that victims are then owed."""
    by_crime: dict[str, list[Row]] = {}
    for row in files[0].records.rows("court") if files else ():
        by_crime.setdefault(row["crime_ref"], []).append(row)
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        for charged in dossier.steps_of_kind("suspect_charged"):
            _before_court(dossier, moment(charged["happened_at"]), draw.substream("before", charged["person_ref"]))
        for row in by_crime.get(dossier.case.ref, ()):
            _from_court(dossier, row, draw.substream(row["court_ref"]))


def _before_court(dossier: Dossier, charged: dt.datetime, stream: RandomStream) -> None:
    if not stream.happens(dossier.records.force.rate("word_to_witness_care", charged)):
        return
    kind = "wcu_received_from_court"
    dossier.add_step_with_notices(
        kind,
        time_after(charged, stream.integer(1, 7), stream),
        stream.substream(1),
        by_role="court",
        detail="hearing_date",
    )
    if stream.happens(0.2):
        hearing_time = time_after(charged, stream.integer(2, 9), stream)
        dossier.add_step_with_notices(kind, hearing_time, stream.substream(2), by_role="court", detail="bail_hearing")
    if stream.happens(0.4):
        request_time = time_after(charged, stream.integer(25, 90), stream)
        dossier.add_step_with_notices("wcu_received_from_cps", request_time, stream.substream(3), by_role="prosecutor")


def _from_court(dossier: Dossier, row: Row, stream: RandomStream) -> None:
    """Add the message of a result, within five working days or much later, and the contact scheme after a custodial
    sentence."""
    in_time = stream.happens(dossier.records.force.rate("court_tells_in_time"))
    word_time = time_after(row["happened_at"], stream.integer(0, 4) if in_time else stream.integer(12, 25), stream)
    if row["stage"] != "first_hearing":
        subject = "sentence" if row["stage"] == "sentence" else "outcome"
        dossier.add_step_with_notices("wcu_received_from_court", word_time, stream, by_role="court", detail=subject)
    if row["court_result"] == "custody_immediate":
        for victim in dossier.case.victims:
            _contact_scheme(dossier, dossier.ref(victim), time_after(row["happened_at"], stream.integer(1, 20), stream))


def _contact_scheme(dossier: Dossier, ref: str, referral_time: dt.datetime) -> None:
    if dossier.records.is_before_extraction(referral_time):
        names = {"direction": "out", "agency_kind": "victim_contact_scheme", "person_ref": ref}
        dossier.records.add(
            "referrals",
            referral_ref=dossier.records.ref("RF"),
            crime_ref=dossier.case.ref,
            made_at=referral_time,
            **names,
        )
