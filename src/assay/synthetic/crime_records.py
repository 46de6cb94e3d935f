"""Add the record of one synthetic crime: crime, report, involvements and flags."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.local_time import time_after
from assay.synthetic.offence_sampling import ACTIVITY, CONTACT, scope_reason
from assay.synthetic.random_stream import RandomStream, shift_logit
from assay.synthetic.synthetic_case import NAMED_BY, Case, Suspect
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

ETHNICITY_LOG_ODDS = 1.0  # log odds of recording ethnicity for people who are not white, relative to others
NO_REASON_SHARE = 0.12  # the share of missing values for which the force gives no reason


def record_crime(records: ForceRecords, case: Case, stream: RandomStream, *, in_period: bool = True) -> None:
    """Add the rows of one crime to crimes, reports, report_crimes, involvements and flags; and its truth."""
    flags = _flags(records, case, stream)
    victim_rows = [_victim_row(records, case, person, stream) for person in case.victims]
    birth_dates = [row["date_of_birth"] for row in victim_rows]
    flagged = bool(flags & {"cse", "csa", "group_cse"})
    reason = scope_reason(case.code, case.recorded.date(), case.first_day, birth_dates, flagged)
    if reason is None:  # every crime sent must be in scope, so the force selected it by the flag
        _flag(records, case, "csa", stream)
        reason = scope_reason(case.code, case.recorded.date(), case.first_day, birth_dates, True)
    cancelled = _cancelled(records, case, stream) if in_period else None
    ended = case.ends if records.is_before_extraction(case.ends) and not cancelled else None
    records.add("crimes", **_crime_row(records, case, reason, ended, cancelled, stream))
    _report(records, case, stream)
    for suspect in case.suspects:
        _suspect_row(records, case, suspect, ended, stream)
    records.add_truth(
        "crimes",
        crime_ref=case.ref,
        in_period=in_period,
        offence_code=case.code,
        exploited=case.exploited,
        cse_flag="cse" in flags,
        adult_reporter=case.adult_reporter,
        recorded_in_24h=case.recorded - case.reported <= dt.timedelta(hours=24),
        ending=case.ending,
        ended_by_extraction=ended is not None,
    )


def _crime_row(
    records: ForceRecords,
    case: Case,
    reason: str | None,
    ended: dt.datetime | None,
    cancelled: dt.datetime | None,
    stream: RandomStream,
) -> dict[str, Any]:
    moved = stream.happens(figure_value("transferred"))
    received = stream.happens(0.5) and moved  # transfers out are open at extraction: see follow_up
    return {
        "crime_ref": case.ref,
        "scope_reason": reason,
        "offence_code": case.code,
        "first_offence_code": case.code if stream.happens(0.97) else None,
        "reported_at": case.reported_as,
        "recorded_at": case.recorded,
        "occurred_from": case.occurred_from,
        "occurred_to": case.occurred_to,
        "source_of_report": "police" if case.by_police else stream.weighted(mixes()["source_of_report"]),
        "investigating_team": stream.weighted(mixes()["team"]),
        "lead_trained": stream.happens(0.7) if stream.happens(0.85) else None,
        "suspect_count_stated": max(len(case.suspects), 1) if stream.happens(0.6) else None,
        "contact_offence": _contact(case) if stream.happens(0.6) else None,
        "cocad_category": _cocad(case, stream),
        "outcome_code": case.ending if ended else None if stream.happens(0.02) else "NOA",
        "outcome_at": ended,
        "closed_at": ended.date() if ended else None,
        "cancelled_at": cancelled,
        "cancel_ground": _ground(stream) if cancelled else None,
        "cancelled_by_role": "crime_registrar" if cancelled else None,
        "received_from_force": "OTHER" if received else None,
        "other_force_crime_ref": f"X{stream.integer(10000, 99999)}" if received and stream.happens(0.7) else None,
    }


def _contact(case: Case) -> bool | None:
    """Whether it is an offence of contact, by the offence as which it was recorded."""
    return True if case.code in ACTIVITY else CONTACT.get(case.family)


def _ground(stream: RandomStream) -> str:
    return stream.weighted({"additional_verifiable_information": 6, "recorded_in_error": 2, "duplicate": 2})


def _cocad(case: Case, stream: RandomStream) -> str:
    if len(case.suspects) < 2:
        return "not_submitted"
    kind = "familial" if case.suspects[0].relationship == "family" else "cse" if case.exploited else "other"
    return kind if stream.happens(0.7) else "not_submitted"


def _cancelled(records: ForceRecords, case: Case, stream: RandomStream) -> dt.datetime | None:
    """Return when the record was cancelled, and add the step that requested it."""
    if not stream.happens(figure_value("cancelled")):
        return None
    requested = time_after(case.recorded, stream.integer(2, 20), stream)
    decided = time_after(requested, stream.integer(1, 12), stream)
    records.add_event("crime_cancel_requested", requested, crime_ref=case.ref, by_role="supervisor")
    if stream.happens(0.3):
        records.add_event("cancel_refused", decided, crime_ref=case.ref, by_role="crime_registrar")
        return None
    return decided if records.is_before_extraction(decided) else None


def _report(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Add the report that led to the crime, unless the police found it."""
    if case.by_police:
        return
    ref = records.ref("R")
    source = next(row["source_of_report"] for row in records.rows("crimes")[-1:])
    partner = source in ("education", "health", "local_authority", "voluntary", "residential_home")
    feedback = time_after(case.recorded, stream.integer(1, 30), stream) if partner and stream.happens(0.6) else None
    records.add(
        "reports",
        report_ref=ref,
        received_at=case.reported_as,
        source=source,
        report_result="crimed",
        result_at=case.recorded,
        feedback_at=records.time_if_extracted(feedback),
    )
    records.add("report_crimes", report_ref=ref, crime_ref=case.ref)


def person_row(person: Person, force: SyntheticForce, stream: RandomStream) -> dict[str, Any]:
    """Return the columns of involvements that describe a person, with some values missing."""
    row: dict[str, Any] = {
        "person_ref": stream.pick(person.refs),
        **_entered_names(person, force, stream.substream("spelt")),
        "date_of_birth": _entered_birth_date(person, force, stream.substream("born")) if stream.happens(0.98) else None,
        "nationality": person.nationality,
        "postcode": person.postcode if stream.happens(0.92) else None,
        "phone": person.phone if stream.happens(0.7) else None,
    }
    row |= _value_or_reason("sex", person.sex, 0.99, stream)
    row |= _value_or_reason("disability", person.disability, force.rate("disability_recorded"), stream)
    row |= _value_or_reason("care_status", person.care_status, force.rate("care_recorded"), stream)
    row |= _value_or_reason("nationality", person.nationality, 0.8, stream)
    return row | _value_or_reason("ethnicity_self", person.ethnicity, 0.62, stream)


def _entered_names(person: Person, force: SyntheticForce, stream: RandomStream) -> dict[str, str]:
    """Return the names as entered, sometimes with two letters transposed or one omitted."""
    found = {"forenames": person.forenames, "surname": person.surname}
    if stream.happens(force.nuisances.spelling_slips):
        column = stream.pick(tuple(found))
        found[column] = misspell(found[column], stream)
    return found


def misspell(name: str, stream: RandomStream) -> str:
    """Return a name with one typing error."""
    place = stream.integer(1, max(len(name) - 2, 1))
    if stream.happens(0.5):
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :]


def _entered_birth_date(person: Person, force: SyntheticForce, stream: RandomStream) -> dt.date:
    """Return the date of birth as entered, sometimes with day and month swapped."""
    born = person.born
    if born.day <= 12 and stream.happens(force.nuisances.swapped_birthdays):
        return born.replace(month=born.day, day=born.month)
    return born


def _value_or_reason(column: str, value: Any, share: float, stream: RandomStream) -> dict[str, Any]:
    """Return the value, or the reason why it is missing, or sometimes neither."""
    if stream.happens(share):
        return {column: value}
    reasons = {"NOT_ASKED": 7, "REFUSED": 2, "SYSTEM": 1, "NOT_UNDERSTOOD": 0.3}
    reason = None if stream.happens(NO_REASON_SHARE) else stream.weighted(reasons)
    return {column: None, f"{column}_missing_reason": reason}


def _victim_row(records: ForceRecords, case: Case, person: Person, stream: RandomStream) -> dict[str, Any]:
    rights = True if stream.happens(0.85) else None if stream.happens(0.7) else False
    row = person_row(person, records.force, stream) | {
        "ethnicity_officer": person.officer_ethnicity if stream.happens(0.5) else None,
        "enhanced_rights": rights,
    }
    ref = records.ref("V")
    records.add_truth("people", person=person.key, person_ref=row["person_ref"], involvement_ref=ref)
    return records.add("involvements", involvement_ref=ref, crime_ref=case.ref, role="victim", **row)


def _suspect_row(
    records: ForceRecords, case: Case, suspect: Suspect, ended: dt.datetime | None, stream: RandomStream
) -> None:
    person, force, ref = suspect.person, records.force, records.ref("V")
    row: dict[str, Any] = {"ethnicity_self_missing_reason": "NOT_MET", "ethnicity_officer": None}
    if person is None and suspect.known_as == "described":
        row |= {"sex": "M", "ethnicity_officer": stream.pick(("IC1", "IC3", "IC4", "IC9", None))}
    if person:
        row = person_row(person, force, stream)
        row.pop("ethnicity_self_missing_reason", None)
        self_defined_probability, officer_probability = (
            _ethnicity_probability(case, person, force, key, ended) for key in ("ethnicity_self", "ethnicity_officer")
        )
        row |= _value_or_reason("ethnicity_self", person.ethnicity, self_defined_probability, stream)
        row["ethnicity_officer"] = person.officer_ethnicity if stream.happens(officer_probability) else None
        records.add_truth("people", person=person.key, person_ref=row["person_ref"], involvement_ref=ref)
    records.add(
        "involvements",
        involvement_ref=ref,
        crime_ref=case.ref,
        role="suspect",
        suspect_known_as=suspect.known_as,
        relationship=suspect.relationship if person else None,
        suspect_outcome_code=_outcome(case, person, ended),
        **row,
    )


def _ethnicity_probability(
    case: Case, person: Person, force: SyntheticForce, column: str, ended: dt.datetime | None
) -> float:
    """The probability that the ethnicity of this suspect is recorded, where that depends on the outcome or on the
    ethnicity itself."""
    nuisances, rate = force.nuisances, force.rate(f"{column}_recorded", case.recorded)
    charged = case.ending == "1" and ended is not None
    step = nuisances.ethnicity_if_charged if charged and person == case.named_suspects[0] else 0.0
    if nuisances.ethnicity != "random" and not person.ethnicity.startswith("W"):
        step += ETHNICITY_LOG_ODDS if nuisances.ethnicity == "over_policing" else -ETHNICITY_LOG_ODDS
    return shift_logit(rate, step) if step else rate


def _outcome(case: Case, person: Person | None, ended: dt.datetime | None) -> str | None:
    """Return the outcome of this suspect: the crime's outcome for the first named, 15 for the others."""
    if person is None:
        return None
    if not ended:
        return "NOA"
    return case.ending if person == case.named_suspects[0] and case.ending in NAMED_BY else "15"


def _flags(records: ForceRecords, case: Case, stream: RandomStream) -> set[str]:
    """Add the force's flags on the crime, by its flagging rates."""
    force, flags = records.force, set()
    share = force.rate("flag_sensitivity" if case.exploited else "flag_wrongly", case.recorded)
    if stream.happens(force.rate("flag_on_cse_code", case.recorded) if case.code == "71" else share):
        flags.add("cse")
    if case.family == "flagged" and "cse" not in flags:
        flags.add("cse" if case.exploited else "csa")
    if stream.happens(0.3):
        flags.add("csa")
    if "cse" in flags and len(case.named_suspects) > 1 and stream.happens(0.5):
        flags.add("group_cse")
    for flag in sorted(flags):
        _flag(records, case, flag, stream)
    return flags


def _flag(records: ForceRecords, case: Case, flag: str, stream: RandomStream) -> None:
    added = time_after(case.recorded, stream.exponential(4), stream)
    if not records.is_before_extraction(added):
        added = case.recorded
    removed = time_after(added, stream.integer(20, 200), stream) if stream.happens(0.05) else None
    removed = removed if records.is_before_extraction(removed) else None
    records.add(
        "flags",
        flag_ref=records.ref("F"),
        crime_ref=case.ref,
        flag=flag,
        added_at=added,
        added_by_role=stream.pick(("investigator", "specialist_investigator", "supervisor", "crime_recorder")),
        removed_at=removed,
        removed_by_role="supervisor" if removed else None,
        removed_reason=stream.pick(("error", "no_longer_applies", "record_closed")) if removed else None,
    )
