"""Urgent rules about suspects of crimes against several children: conditions that are true, false or not known.

Every condition is true, false or not known. A person for whom all conditions are true is proposed. A person for whom
none is false and some are not known is listed as undecided, with what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.sdc import ToSender
from assay.wording import join_words
from assay.workflows.urgent.lost_rows import EVENTS, LostRows
from assay.workflows.urgent.urgent_rules import ARREST, CHARGE, CHILD_SUSPECTED, NO_ACTION, RuleHit

Row = Mapping[str, Any]
ADULT = 18
UNDER_TEN = "11"
"""The outcome for a suspect below the age of criminal responsibility."""
STEPS = {"arrested_or_charged": "an arrest or a charge", "under_order": "an order or a warning"}


@dataclass(frozen=True)
class Suspect:
    """One named suspect: the facts about the person, and the person's entries on crimes, derived and as sent."""

    fact: Row
    pursuits: Sequence[Row]
    entries: Sequence[Row]

    @property
    def crimes(self) -> tuple[str, ...]:
        """Return the crimes, in the order of their entries."""
        return tuple(dict.fromkeys(row["crime_ref"] for row in self.entries))

    def entry_values(self, column: str) -> list[tuple[str, Any]]:
        """Return crime and value for each entry that has a value."""
        return [(row["crime_ref"], row[column]) for row in self.entries if row.get(column) is not None]


def find_suspects_of_several(sender_tables: ToSender) -> Iterator[RuleHit]:
    """Yield suspects of crimes against two or more children without any recorded action."""
    lost = LostRows.from_return(sender_tables)
    days = {row["crime_ref"]: row["recorded_day"] for row in sender_tables.rows("crime")}
    for suspect in _suspects(sender_tables):
        has_several_children, was_acted_on = _has_several_children(suspect, lost), _was_acted_on(suspect, lost)
        if has_several_children is False or was_acted_on is True:
            continue
        last = max((days[crime] for crime in suspect.crimes if days.get(crime)), default=None)
        entries = [f"person entry {row['involvement_ref']}" for row in suspect.entries]
        yield RuleHit(
            suspect.fact["force_code"],
            (CHILD_SUSPECTED if _is_child(suspect) else NO_ACTION).key,
            (entries[0], *(f"crime {crime}" for crime in suspect.crimes)),
            last,
            unknown=_unknown_text(suspect, has_several_children, was_acted_on),
            further_facts=_further_facts(suspect),
            records=tuple(entries),
        )


def _suspects(sender_tables: ToSender) -> Iterator[Suspect]:
    """Return every named suspect with an entry on a crime that was not cancelled."""
    as_sent = {row["involvement_ref"]: row for row in sender_tables.rows("involvements")}
    pursuits, entries = _by_person(sender_tables.rows("pursuit")), _by_person(sender_tables.rows("suspect"))
    for fact in sender_tables.rows("suspected_person"):
        suspect_entries = sorted(entries[fact["person_id"]], key=lambda row: row["involvement_ref"])
        if suspect_entries:
            full_entries = [{**as_sent.get(row["involvement_ref"], {}), **row} for row in suspect_entries]
            yield Suspect(fact, pursuits[fact["person_id"]], full_entries)


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["person_id"] and row["named"] and not row["cancelled"]:
            found[row["person_id"]].append(row)
    return found


def _has_several_children(suspect: Suspect, lost: LostRows) -> bool | None:
    """Return True if the crimes are against two or more children; None if a row that may be a victim was lost."""
    has_several_children: bool | None = suspect.fact["several_children"]
    return (
        None
        if has_several_children is False and lost.has_lost("involvements", "crime_ref", suspect.crimes)
        else has_several_children
    )


def _was_acted_on(suspect: Suspect, lost: LostRows) -> bool | None:
    """Return True if any action is recorded; if none is, None where a row that may record one was set aside."""
    was_acted_on: bool | None = suspect.fact["acted_on"]
    if was_acted_on or any(row["arrested"] or row["charged"] for row in suspect.pursuits):
        return True
    unclear = any(row["arrested"] is None for row in suspect.pursuits)
    return None if unclear or _row_was_lost(suspect, lost) else was_acted_on


def _row_was_lost(suspect: Suspect, lost: LostRows) -> bool:
    numbers = [number for _, number in suspect.entry_values("person_ref")]
    steps = (
        lost.has_lost(EVENTS, column, refs, (ARREST, CHARGE))
        for column, refs in (("crime_ref", suspect.crimes), ("person_ref", numbers))
    )
    return any(steps) or lost.has_lost("orders", "person_ref", numbers)


def _unknown_text(suspect: Suspect, has_several_children: bool | None, was_acted_on: bool | None) -> str:
    unknown = []
    if has_several_children is None:
        unknown.append("whether two or more of the victims are children")
    if was_acted_on is None:
        open_steps = [words for fact, words in STEPS.items() if suspect.fact.get(fact) is None]
        unknown.append(f"whether there was {' or '.join(open_steps or STEPS.values())}")
    return join_words(unknown)


def _is_child(suspect: Suspect) -> bool:
    """Return True if under 18 by every known age at a report, else by an age at an offence or by an outcome."""
    reported = [age for _, age in suspect.entry_values("age_at_report")]
    if reported:
        return bool(max(reported) < ADULT)
    offended = [age for _, age in suspect.entry_values("age_at_offence")]
    under_ten = any(code == UNDER_TEN for _, code in suspect.entry_values("suspect_outcome_code"))
    return under_ten or any(age < ADULT for age in offended)


def _further_facts(suspect: Suspect) -> str:
    """Return what else the return says of the person: age, interviews, outcomes, and whether they have died."""
    died = ["the return says that the person has died"] if suspect.entry_values("died_on") else []
    codes = suspect.entry_values("suspect_outcome_code")
    outcomes = [f"outcome {code} against the person on crime {crime}" for crime, code in codes]
    return "; ".join([*_age_texts(suspect), _interview_text(suspect), *dict.fromkeys(outcomes), *died])


def _age_texts(suspect: Suspect) -> list[str]:
    reported = dict(suspect.entry_values("age_at_report"))
    offended = {crime: age for crime, age in suspect.entry_values("age_at_offence") if crime not in reported}
    ages = [f"{age} when crime {crime} was reported" for crime, age in reported.items()]
    ages += [f"{age} at the offence of crime {crime}" for crime, age in offended.items()]
    return [f"aged {join_words(ages)}"] if ages else ["age not known"]


def _interview_text(suspect: Suspect) -> str:
    """Return the interviews as text.

    `crimes_with_interview` counts arrests and interviews under caution; nobody who was arrested comes here.
    """
    crimes_with_interview = [row["crime_ref"] for row in suspect.pursuits if row["met"]]
    if crimes_with_interview:
        return f"interviewed under caution about {join_words([f'crime {crime}' for crime in crimes_with_interview])}"
    has_no_interview = bool(suspect.pursuits) and all(row["met"] is False for row in suspect.pursuits)
    return (
        "no interview under caution is in the return"
        if has_no_interview
        else "whether there was an interview is not known"
    )
