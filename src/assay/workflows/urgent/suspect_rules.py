"""Which suspects of crimes against several children do the rules put forward, and of which can they not decide?

Every condition is true, false or not known. A person of whom all conditions are true is put forward; one of whom none
is false and some are not known is named as not decided, with what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.sdc import ToSender
from assay.wording import listed
from assay.workflows.urgent.set_aside_rows import EVENTS, LostRows
from assay.workflows.urgent.urgent_rules import ARREST, CHARGE, CHILD_SUSPECTED, UNTOUCHED, Found

Row = Mapping[str, Any]
ADULT = 18
UNDER_TEN = "11"
"""The outcome that says of a suspect that they were below the age of criminal responsibility."""
STEPS = {"arrested_or_charged": "an arrest or a charge", "under_order": "an order or a warning"}


@dataclass(frozen=True)
class Suspect:
    """One person named as a suspect: the fact about them, their entries on crimes, and those entries as sent."""

    fact: Row
    pursuits: Sequence[Row]
    entries: Sequence[Row]

    @property
    def crimes(self) -> tuple[str, ...]:
        """The crimes, in the order of their entries."""
        return tuple(dict.fromkeys(row["crime_ref"] for row in self.entries))

    def values(self, column: str) -> list[tuple[str, Any]]:
        """Crime and value of each entry that has one."""
        return [(row["crime_ref"], row[column]) for row in self.entries if row.get(column) is not None]


def suspects_of_several(sent: ToSender) -> Iterator[Found]:
    """Suspects of crimes against two or more children on whom nothing is on record."""
    lost = LostRows.of(sent)
    days = {row["crime_ref"]: row["recorded_day"] for row in sent.rows("crime")}
    for one in _suspects(sent):
        several, acted = _several_children(one, lost), _acted_on(one, lost)
        if several is False or acted is True:
            continue
        last = max((days[crime] for crime in one.crimes if days.get(crime)), default=None)
        entries = [f"person entry {row['involvement_ref']}" for row in one.entries]
        yield Found(
            one.fact["force_code"],
            (CHILD_SUSPECTED if _is_a_child(one) else UNTOUCHED).key,
            (entries[0], *(f"crime {crime}" for crime in one.crimes)),
            last,
            unknown=_unknown(one, several, acted),
            beside=_beside(one),
            records=tuple(entries),
        )


def _suspects(sent: ToSender) -> Iterator[Suspect]:
    """Every named suspect with an entry on a crime that was not cancelled."""
    as_sent = {row["involvement_ref"]: row for row in sent.rows("involvements")}
    pursuits, entries = _by_person(sent.rows("pursuit")), _by_person(sent.rows("suspect"))
    for fact in sent.rows("suspected_person"):
        mine = sorted(entries[fact["person_id"]], key=lambda row: row["involvement_ref"])
        if mine:
            full = [{**as_sent.get(row["involvement_ref"], {}), **row} for row in mine]
            yield Suspect(fact, pursuits[fact["person_id"]], full)


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["person_id"] and row["named"] and not row["cancelled"]:
            found[row["person_id"]].append(row)
    return found


def _several_children(one: Suspect, lost: LostRows) -> bool | None:
    """Whether the crimes are against two or more children; not known if a row of one of them was set aside that may
    have been another victim."""
    several: bool | None = one.fact["several_children"]
    return None if several is False and lost.of_table("involvements", "crime_ref", one.crimes) else several


def _acted_on(one: Suspect, lost: LostRows) -> bool | None:
    """Whether anything is on record; that nothing is, is not known if a row was set aside that may have said so."""
    acted: bool | None = one.fact["acted_on"]
    if acted or any(row["arrested"] or row["charged"] for row in one.pursuits):
        return True
    unclear = any(row["arrested"] is None for row in one.pursuits)
    return None if unclear or _row_was_lost(one, lost) else acted


def _row_was_lost(one: Suspect, lost: LostRows) -> bool:
    numbers = [number for _, number in one.values("person_ref")]
    steps = (
        lost.of_table(EVENTS, column, refs, (ARREST, CHARGE))
        for column, refs in (("crime_ref", one.crimes), ("person_ref", numbers))
    )
    return any(steps) or lost.of_table("orders", "person_ref", numbers)


def _unknown(one: Suspect, several: bool | None, acted: bool | None) -> str:
    unknown = []
    if several is None:
        unknown.append("whether two or more of the victims are children")
    if acted is None:
        open_steps = [words for fact, words in STEPS.items() if one.fact.get(fact) is None]
        unknown.append(f"whether there was {' or '.join(open_steps or STEPS.values())}")
    return listed(unknown)


def _is_a_child(one: Suspect) -> bool:
    """Under 18 by every age at a report that is known, else by an age at an offence, or by an outcome that says so."""
    reported = [age for _, age in one.values("age_at_report")]
    if reported:
        return bool(max(reported) < ADULT)
    offended = [age for _, age in one.values("age_at_offence")]
    under_ten = any(code == UNDER_TEN for _, code in one.values("suspect_outcome_code"))
    return under_ten or any(age < ADULT for age in offended)


def _beside(one: Suspect) -> str:
    """What else the return says of the person: age, interviews, outcomes, and whether they have died."""
    died = ["the return says that the person has died"] if one.values("died_on") else []
    codes = one.values("suspect_outcome_code")
    outcomes = [f"outcome {code} against the person on crime {crime}" for crime, code in codes]
    return "; ".join([*_ages(one), _interviewed(one), *dict.fromkeys(outcomes), *died])


def _ages(one: Suspect) -> list[str]:
    reported = dict(one.values("age_at_report"))
    offended = {crime: age for crime, age in one.values("age_at_offence") if crime not in reported}
    ages = [f"{age} when crime {crime} was reported" for crime, age in reported.items()]
    ages += [f"{age} at the offence of crime {crime}" for crime, age in offended.items()]
    return [f"aged {listed(ages)}"] if ages else ["age not known"]


def _interviewed(one: Suspect) -> str:
    """`met` is an arrest or an interview under caution; none who was arrested comes here."""
    met = [row["crime_ref"] for row in one.pursuits if row["met"]]
    if met:
        return f"interviewed under caution about {listed([f'crime {crime}' for crime in met])}"
    none = bool(one.pursuits) and all(row["met"] is False for row in one.pursuits)
    return "no interview under caution is in the return" if none else "whether there was an interview is not known"
