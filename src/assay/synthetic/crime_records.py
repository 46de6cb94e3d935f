"""What does the force write down of a crime: the record, its report, who took part, and which flags?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from assay.synthetic.calibration import figure, mixes
from assay.synthetic.local_time import after
from assay.synthetic.offence_sampling import ACTIVITY, CONTACT, scope_reason
from assay.synthetic.random_stream import Chance, moved
from assay.synthetic.synthetic_case import NAMED_BY, Case, Suspect
from assay.synthetic.synthetic_country import Force
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

BY_ETHNICITY_STEP = 1.0  # log odds by which ethnicity is recorded more or less often of those who are not white
NO_REASON = 0.12  # the share of missing values for which the force gives no reason


def record(book: Book, case: Case, chance: Chance, *, in_period: bool = True) -> None:
    """The rows of one crime in crimes, reports, report_crimes, involvements and flags; and its truth."""
    flags = _flags(book, case, chance)
    held = [_victim_row(book, case, person, chance) for person in case.victims]
    born = [row["date_of_birth"] for row in held]
    flagged = bool(flags & {"cse", "csa", "group_cse"})
    reason = scope_reason(case.code, case.recorded.date(), case.first_day, born, flagged)
    if reason is None:  # every crime sent must be in scope, so the force found it by the flag
        _flag(book, case, "csa", chance)
        reason = scope_reason(case.code, case.recorded.date(), case.first_day, born, True)
    cancelled = _cancelled(book, case, chance) if in_period else None
    ended = case.ends if book.seen(case.ends) and not cancelled else None
    book.add("crimes", **_crime_row(book, case, reason, ended, cancelled, chance))
    _report(book, case, chance)
    for suspect in case.suspects:
        _suspect_row(book, case, suspect, ended, chance)
    book.know(
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
    book: Book, case: Case, reason: str | None, ended: dt.datetime | None, cancelled: dt.datetime | None, chance: Chance
) -> dict[str, Any]:
    moved = chance.happens(figure("transferred"))
    received = chance.happens(0.5) and moved  # what passes the other way is open at extraction: see passing_on
    return {
        "crime_ref": case.ref,
        "scope_reason": reason,
        "offence_code": case.code,
        "first_offence_code": case.code if chance.happens(0.97) else None,
        "reported_at": case.reported_as,
        "recorded_at": case.recorded,
        "occurred_from": case.occurred_from,
        "occurred_to": case.occurred_to,
        "source_of_report": "police" if case.by_police else chance.weighted(mixes()["source_of_report"]),
        "investigating_team": chance.weighted(mixes()["team"]),
        "lead_trained": chance.happens(0.7) if chance.happens(0.85) else None,
        "suspect_count_stated": max(len(case.suspects), 1) if chance.happens(0.6) else None,
        "contact_offence": _contact(case) if chance.happens(0.6) else None,
        "cocad_category": _cocad(case, chance),
        "outcome_code": case.ending if ended else None if chance.happens(0.02) else "NOA",
        "outcome_at": ended,
        "closed_at": ended.date() if ended else None,
        "cancelled_at": cancelled,
        "cancel_ground": _ground(chance) if cancelled else None,
        "cancelled_by_role": "crime_registrar" if cancelled else None,
        "received_from_force": "OTHER" if received else None,
        "other_force_crime_ref": f"X{chance.whole(10000, 99999)}" if received and chance.happens(0.7) else None,
    }


def _contact(case: Case) -> bool | None:
    """Whether it is an offence of contact, by the offence as which it was recorded."""
    return True if case.code in ACTIVITY else CONTACT.get(case.family)


def _ground(chance: Chance) -> str:
    return chance.weighted({"additional_verifiable_information": 6, "recorded_in_error": 2, "duplicate": 2})


def _cocad(case: Case, chance: Chance) -> str:
    if len(case.suspects) < 2:
        return "not_submitted"
    kind = "familial" if case.suspects[0].relationship == "family" else "cse" if case.exploited else "other"
    return kind if chance.happens(0.7) else "not_submitted"


def _cancelled(book: Book, case: Case, chance: Chance) -> dt.datetime | None:
    """When the record was cancelled; the step that asked for it comes first."""
    if not chance.happens(figure("cancelled")):
        return None
    asked = after(case.recorded, chance.whole(2, 20), chance)
    decided = after(asked, chance.whole(1, 12), chance)
    book.step("crime_cancel_requested", asked, crime_ref=case.ref, by_role="supervisor")
    if chance.happens(0.3):
        book.step("cancel_refused", decided, crime_ref=case.ref, by_role="crime_registrar")
        return None
    return decided if book.seen(decided) else None


def _report(book: Book, case: Case, chance: Chance) -> None:
    """The report that led to the crime, unless the police found it."""
    if case.by_police:
        return
    ref = book.ref("R")
    source = next(row["source_of_report"] for row in book.rows("crimes")[-1:])
    partner = source in ("education", "health", "local_authority", "voluntary", "residential_home")
    told = after(case.recorded, chance.whole(1, 30), chance) if partner and chance.happens(0.6) else None
    book.add(
        "reports",
        report_ref=ref,
        received_at=case.reported_as,
        source=source,
        report_result="crimed",
        result_at=case.recorded,
        feedback_at=book.by_now(told),
    )
    book.add("report_crimes", report_ref=ref, crime_ref=case.ref)


def person_row(person: Person, force: Force, chance: Chance) -> dict[str, Any]:
    """The columns of involvements that describe a person, as this force holds them: now and then one is not."""
    row: dict[str, Any] = {
        "person_ref": chance.pick(person.refs),
        **_spelt(person, force, chance.stream("spelt")),
        "date_of_birth": _born(person, force, chance.stream("born")) if chance.happens(0.98) else None,
        "nationality": person.nationality,
        "postcode": person.postcode if chance.happens(0.92) else None,
        "phone": person.phone if chance.happens(0.7) else None,
    }
    row |= _or_reason("sex", person.sex, 0.99, chance)
    row |= _or_reason("disability", person.disability, force.rate("disability_recorded"), chance)
    row |= _or_reason("care_status", person.care_status, force.rate("care_recorded"), chance)
    row |= _or_reason("nationality", person.nationality, 0.8, chance)
    return row | _or_reason("ethnicity_self", person.ethnicity, 0.62, chance)


def _spelt(person: Person, force: Force, chance: Chance) -> dict[str, str]:
    """The names as they are entered; now and then two letters change places, or one is left out."""
    found = {"forenames": person.forenames, "surname": person.surname}
    if chance.happens(force.nuisances.spelling_slips):
        column = chance.pick(tuple(found))
        found[column] = slip(found[column], chance)
    return found


def slip(name: str, chance: Chance) -> str:
    """A name with one slip of the hand."""
    place = chance.whole(1, max(len(name) - 2, 1))
    if chance.happens(0.5):
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :]


def _born(person: Person, force: Force, chance: Chance) -> dt.date:
    """The date of birth as it is entered; now and then day and month change places."""
    born = person.born
    if born.day <= 12 and chance.happens(force.nuisances.swapped_birthdays):
        return born.replace(month=born.day, day=born.month)
    return born


def _or_reason(column: str, value: Any, share: float, chance: Chance) -> dict[str, Any]:
    """The value, or why it is missing, or now and then neither."""
    if chance.happens(share):
        return {column: value}
    reasons = {"NOT_ASKED": 7, "REFUSED": 2, "SYSTEM": 1, "NOT_UNDERSTOOD": 0.3}
    reason = None if chance.happens(NO_REASON) else chance.weighted(reasons)
    return {column: None, f"{column}_missing_reason": reason}


def _victim_row(book: Book, case: Case, person: Person, chance: Chance) -> dict[str, Any]:
    rights = True if chance.happens(0.85) else None if chance.happens(0.7) else False
    row = person_row(person, book.force, chance) | {
        "ethnicity_officer": person.seen_as if chance.happens(0.5) else None,
        "enhanced_rights": rights,
    }
    ref = book.ref("V")
    book.know("people", person=person.key, person_ref=row["person_ref"], involvement_ref=ref)
    return book.add("involvements", involvement_ref=ref, crime_ref=case.ref, role="victim", **row)


def _suspect_row(book: Book, case: Case, suspect: Suspect, ended: dt.datetime | None, chance: Chance) -> None:
    person, force, ref = suspect.person, book.force, book.ref("V")
    row: dict[str, Any] = {"ethnicity_self_missing_reason": "NOT_MET", "ethnicity_officer": None}
    if person is None and suspect.known_as == "described":
        row |= {"sex": "M", "ethnicity_officer": chance.pick(("IC1", "IC3", "IC4", "IC9", None))}
    if person:
        row = person_row(person, force, chance)
        row.pop("ethnicity_self_missing_reason", None)
        asked, seen = (_of_this(case, person, force, key, ended) for key in ("ethnicity_self", "ethnicity_officer"))
        row |= _or_reason("ethnicity_self", person.ethnicity, asked, chance)
        row["ethnicity_officer"] = person.seen_as if chance.happens(seen) else None
        book.know("people", person=person.key, person_ref=row["person_ref"], involvement_ref=ref)
    book.add(
        "involvements",
        involvement_ref=ref,
        crime_ref=case.ref,
        role="suspect",
        suspect_known_as=suspect.known_as,
        relationship=suspect.relationship if person else None,
        suspect_outcome_code=_outcome(case, person, ended),
        **row,
    )


def _of_this(case: Case, person: Person, force: Force, column: str, ended: dt.datetime | None) -> float:
    """The chance that the ethnicity of this suspect is recorded, where it depends on the outcome or on itself."""
    by, rate = force.nuisances, force.rate(f"{column}_recorded", case.recorded)
    charged = case.ending == "1" and ended is not None
    step = by.ethnicity_if_charged if charged and person == case.named[0] else 0.0
    if by.ethnicity != "random" and not person.ethnicity.startswith("W"):
        step += BY_ETHNICITY_STEP if by.ethnicity == "over_policing" else -BY_ETHNICITY_STEP
    return moved(rate, step) if step else rate


def _outcome(case: Case, person: Person | None, ended: dt.datetime | None) -> str | None:
    """What stands against this suspect: the crime's outcome against the first named, 15 against the others."""
    if person is None:
        return None
    if not ended:
        return "NOA"
    return case.ending if person == case.named[0] and case.ending in NAMED_BY else "15"


def _flags(book: Book, case: Case, chance: Chance) -> set[str]:
    """The flags that the force puts on the crime, by how well it flags."""
    force, wanted = book.force, set()
    share = force.rate("flag_sensitivity" if case.exploited else "flag_wrongly", case.recorded)
    if chance.happens(force.rate("flag_on_cse_code", case.recorded) if case.code == "71" else share):
        wanted.add("cse")
    if case.family == "flagged" and "cse" not in wanted:
        wanted.add("cse" if case.exploited else "csa")
    if chance.happens(0.3):
        wanted.add("csa")
    if "cse" in wanted and len(case.named) > 1 and chance.happens(0.5):
        wanted.add("group_cse")
    for flag in sorted(wanted):
        _flag(book, case, flag, chance)
    return wanted


def _flag(book: Book, case: Case, flag: str, chance: Chance) -> None:
    added = after(case.recorded, chance.exponential(4), chance)
    if not book.seen(added):
        added = case.recorded
    removed = after(added, chance.whole(20, 200), chance) if chance.happens(0.05) else None
    removed = removed if book.seen(removed) else None
    book.add(
        "flags",
        flag_ref=book.ref("F"),
        crime_ref=case.ref,
        flag=flag,
        added_at=added,
        added_by_role=chance.pick(("investigator", "specialist_investigator", "supervisor", "crime_recorder")),
        removed_at=removed,
        removed_by_role="supervisor" if removed else None,
        removed_reason=chance.pick(("error", "no_longer_applies", "record_closed")) if removed else None,
    )
