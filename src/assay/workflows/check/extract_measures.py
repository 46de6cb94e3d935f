"""The measures that `assay check` counts: crimes, recording in time, outcomes, and victims and suspects.

Each function counts one measure over the crimes of the period, and its docstring is the definition. A measure for which
the extract has no place is `CANNOT_BE_ASKED`; a place that is empty counts as not known, never as no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from assay.reference.outcome_codes import outcome_families
from assay.workflows.check.extract_contents import (
    CRIMES,
    CSE_FLAG,
    FLAGS,
    SUSPECT,
    VICTIM,
    PeriodRecords,
    optional_column,
)
from assay.workflows.check.implausible_records import STATED_COUNTS
from assay.workflows.check.person_measures import (
    count_persons_in_several_crimes,
    crimes_with_named_suspect,
    has_known_ethnicity,
    has_unread_ethnicity,
    is_named,
    victim_age_bands,
)
from assay.workflows.check.recording_delay import is_recorded_within_24h

CANNOT_BE_ASKED = "cannot be asked"
NOT_KNOWN = "not_known"
COUNT_NOT_KNOWN = "not known"
"""A count that the extract has a place for, and that is not known for each crime."""
Measure = Mapping[str, int] | str
"""Counts by answer or code, or `CANNOT_BE_ASKED`."""


@dataclass(frozen=True)
class ExtractMeasures:
    """The number of accepted records, and each measure by key (`CANNOT_BE_ASKED` if the extract lacks its columns).

    Victims and suspects are `COUNT_NOT_KNOWN` where a crime does not state its number. `other_markers` are pairs of a
    crime and a marker that is no flag of the contract, by kind; they are not among the flags.
    """

    crimes: int
    victims: int | str
    suspects: int | str
    flags: int | str
    measures: Mapping[str, Measure]
    other_markers: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the measures as the object that `--json` prints."""
        counts = {name: getattr(self, name) for name in ("crimes", "victims", "suspects", "flags")}
        return counts | {
            "other_markers": dict(self.other_markers),
            "measures": {key: found if isinstance(found, str) else dict(found) for key, found in self.measures.items()},
        }


def count_extract(records: PeriodRecords) -> ExtractMeasures:
    """Count the records, and compute every measure.

    Victims and suspects are links of a person with a crime; flags are pairs of a flag and a crime. Without a crime no
    measure can be asked: 0 of 0 would read as a figure.
    """
    return ExtractMeasures(
        crimes=records.crimes.num_rows,
        victims=_count_links(records, VICTIM),
        suspects=_count_links(records, SUSPECT),
        flags=_count_flags(records),
        measures=MappingProxyType({key: _measure(count, records) for key, count in MEASURES.items()}),
        other_markers=records.other_markers,
    )


def _measure(count: Callable[[PeriodRecords], Measure], records: PeriodRecords) -> Measure:
    return count(records) if records.crimes.num_rows else CANNOT_BE_ASKED


def recorded_within_24h(records: PeriodRecords) -> Measure:
    """Count the crimes that were recorded within 24 hours of the report.

    Met: at most 24 hours from report to record. Where one of both is only a day: the same day is met, the next day is
    not known, a later day is not met. Not known: one of both is missing, or the record is older than the report.
    """
    if not records.contents.carries(CRIMES, "reported_at", "recorded_at"):
        return CANNOT_BE_ASKED
    answers = is_recorded_within_24h(records.crimes)
    met = pc.sum(answers).as_py() or 0
    not_known = answers.null_count
    return {"met": met, "not_met": len(answers) - not_known - met, NOT_KNOWN: not_known}


def outcome_mix(records: PeriodRecords) -> Measure:
    """Count the crimes by outcome code.

    `NOA`: none is assigned yet, because the extract says so, or because the cell is empty in an extract that has no
    word for it (`pending_outcomes`). `not_known`: the cell is empty all the same, or could not be read.
    """
    return _mix(records.crimes, "outcome_code") if _has_outcomes(records) else CANNOT_BE_ASKED


def charged_share(records: PeriodRecords) -> Measure:
    """Count the crimes with a charge or summons (outcomes 1 and 1A) among all crimes, including those without an
    outcome yet.

    Not known: the outcome is empty or could not be read.
    """
    if not _has_outcomes(records):
        return CANNOT_BE_ASKED
    charged = [code for code, outcome in outcome_families().items() if outcome.charged]
    outcomes = records.crimes["outcome_code"]
    return _met_of(pc.is_in(outcomes, value_set=pa.array(charged, pa.string())), pc.is_null(outcomes))


def offence_mix(records: PeriodRecords) -> Measure:
    """Count the crimes by offence code; `not_known` where the cell is empty or could not be read."""
    return _mix(records.crimes, "offence_code") if _has_offences(records) else CANNOT_BE_ASKED


def suspect_identified(records: PeriodRecords) -> Measure:
    """Count the crimes with an identified suspect among all crimes.

    Met: at least one suspect with a person reference, a name or a date of birth, or entered as named; or the crime
    itself says that a suspect is identified. Not known: no suspect is named, and the crime has a place to say whether
    one is identified, which is empty or could not be read, or has a person whose role is not known.
    """
    by_crime = records.contents.carries(CRIMES, "suspect_identified")
    if not by_crime and not suspects_can_be_named(records):
        return CANNOT_BE_ASKED
    unanswered = _is_empty_answer(records.crimes) if by_crime else _has_unread_persons(records)
    return _met_of(has_identified_suspect(records), unanswered)


def has_identified_suspect(records: PeriodRecords) -> pa.ChunkedArray:
    """Return True for each crime that has a named suspect, or says that a suspect is identified."""
    stated = pc.fill_null(pc.equal(optional_column(records.crimes, "suspect_identified", pa.string()), "yes"), False)
    crime_refs = crimes_with_named_suspect(records.persons_with_role(SUSPECT))
    return pc.or_(stated, pc.is_in(records.crimes["crime_ref"], value_set=crime_refs))


def _is_empty_answer(crimes: pa.Table) -> pa.ChunkedArray:
    return pc.is_null(optional_column(crimes, "suspect_identified", pa.string()))


def suspect_ethnicity_missing(records: PeriodRecords) -> Measure:
    """Count the named suspects without a known ethnicity, self-defined or officer-defined.

    Not stated (NS), IC9 and IC0 are missing. Not known: a cell could not be read. A suspect is named as in
    `suspect_identified`; a suspect of two crimes counts twice.
    """
    if not suspects_can_be_named(records) or not _has_ethnicity(records, SUSPECT):
        return CANNOT_BE_ASKED
    suspects = records.persons_with_role(SUSPECT)
    return _without_ethnicity(suspects.filter(is_named(suspects)))


def victim_ethnicity_missing(records: PeriodRecords) -> Measure:
    """Count the victims without a known ethnicity, self-defined or officer-defined.

    Not stated (NS), IC9 and IC0 are missing. Not known: a cell could not be read. A victim of two crimes counts twice.
    """
    if not _has_ethnicity(records, VICTIM):
        return CANNOT_BE_ASKED
    return _without_ethnicity(records.persons_with_role(VICTIM))


def cse_flagged(records: PeriodRecords) -> Measure:
    """Count the crimes that have or had the flag for child sexual exploitation, among all crimes.

    Not known: a yes/no column of this flag says neither yes nor no, or a cell of flags could not be read
    (`flag_answers`). It cannot be asked if no column of flags can hold this one.
    """
    if not records.contents.carries(FLAGS, "flag") or not records.contents.can_hold_cse:
        return CANNOT_BE_ASKED
    return _met_of(has_cse_flag(records), lacks_cse_answer(records))


def has_cse_flag(records: PeriodRecords) -> pa.ChunkedArray:
    """Return True for each crime that has or had the flag for child sexual exploitation."""
    flagged = records.flags.filter(pc.equal(records.flags["flag"], CSE_FLAG))["crime_ref"].combine_chunks()
    return pc.is_in(records.crimes["crime_ref"], value_set=flagged)


def lacks_cse_answer(records: PeriodRecords) -> pa.ChunkedArray:
    """Return True for each crime of which a column of flags was not read, or says neither yes nor no for this flag."""
    denied, unread = records.crimes_without_cse, records.crimes_with_unread_flags
    crime_refs = records.crimes["crime_ref"]
    unanswered = pc.is_in(crime_refs, value_set=unread if unread is not None else pa.array([], pa.string()))
    if denied is not None:
        unanswered = pc.or_(unanswered, pc.invert(pc.is_in(crime_refs, value_set=denied)))
    return unanswered


def victims_by_age_band_at_offence(records: PeriodRecords) -> Measure:
    """Count the victims by age on the first possible day of the offence.

    The age follows from the date of birth and the first day of the offence; else it is the age at offence; else the
    age band, if it lies within one of these bands. All else is not known. A victim of two crimes counts twice.
    """
    contents = records.contents
    by_birth = contents.carries_person(VICTIM, "date_of_birth") and contents.carries(CRIMES, "occurred_from")
    if not by_birth and not any(contents.carries_person(VICTIM, name) for name in ("age_at_offence", "age_band")):
        return CANNOT_BE_ASKED
    return victim_age_bands(records.persons_with_role(VICTIM), records.crimes)


def victims_by_sex(records: PeriodRecords) -> Measure:
    """Count the victims by sex: F, M, O, or `not_known`. A victim of two crimes counts twice."""
    if not records.contents.carries_person(VICTIM, "sex"):
        return CANNOT_BE_ASKED
    return _mix(records.persons_with_role(VICTIM), "sex")


def crimes_with_two_or_more_suspects(records: PeriodRecords) -> Measure:
    """Count the crimes with two or more suspects, named or not, among all crimes.

    Suspects are counted on the rows, or taken from the number that the crime states: the larger of both. Not known: the
    number is empty, contradicted or could not be read, and the rows cannot show a second suspect; or the crime has a
    person whose role is not known.
    """
    stated = records.contents.carries(CRIMES, "suspect_count")
    by_rows = SUSPECT in records.contents.person_columns and not records.contents.one_suspect_at_most
    if not stated and not by_rows:
        return CANNOT_BE_ASKED
    counts = records.persons_with_role(SUSPECT).group_by("crime_ref").aggregate([([], "count_all")])
    crime_refs = counts.filter(pc.greater_equal(counts["count_all"], 2))["crime_ref"].combine_chunks()
    by_number = pc.greater_equal(optional_column(records.crimes, "suspect_count", pa.int64()), 2)
    met = pc.or_(pc.fill_null(by_number, False), pc.is_in(records.crimes["crime_ref"], value_set=crime_refs))
    unread = _has_unread_persons(records)
    return _met_of(met, unread if by_rows else pc.or_(unread, pc.is_null(by_number)))


def _has_unread_persons(records: PeriodRecords) -> pa.ChunkedArray:
    """Return True for each crime that may have a suspect who was not read."""
    unread = records.crimes_with_unread_persons
    return pc.is_in(records.crimes["crime_ref"], value_set=unread if unread is not None else pa.array([], pa.string()))


def persons_victim_in_two_or_more_crimes(records: PeriodRecords) -> Measure:
    """Count the persons who are victims of two or more crimes, among all persons who are victims.

    Persons are told apart by their reference, else by forenames, surname and date of birth together. A victim with
    neither is not counted.
    """
    contents = records.contents
    names = ("forenames", "surname", "date_of_birth")
    if not contents.carries_person(VICTIM, "person_ref") and not contents.carries_person(VICTIM, *names):
        return CANNOT_BE_ASKED
    met, persons = count_persons_in_several_crimes(records.persons_with_role(VICTIM))
    return {"met": met, "n": persons}


MEASURES: Mapping[str, Callable[[PeriodRecords], Measure]] = MappingProxyType(
    {
        measure.__name__: measure
        for measure in (
            recorded_within_24h,
            outcome_mix,
            charged_share,
            offence_mix,
            suspect_identified,
            suspect_ethnicity_missing,
            victim_ethnicity_missing,
            cse_flagged,
            victims_by_age_band_at_offence,
            victims_by_sex,
            crimes_with_two_or_more_suspects,
            persons_victim_in_two_or_more_crimes,
        )
    }
)
"""Every measure by its key, in the order of the JSON object."""


def _count_links(records: PeriodRecords, role: str) -> int | str:
    """Count the persons of a role; without rows for them, add up the numbers that the crimes state."""
    if role in records.contents.person_columns:
        return int(records.persons_with_role(role).num_rows)
    stated = STATED_COUNTS[role]
    if not records.contents.carries(CRIMES, stated):
        return CANNOT_BE_ASKED
    numbers = optional_column(records.crimes, stated, pa.int64())
    # A crime whose number is not known may have any: the sum would be too small, and nothing would show it.
    return COUNT_NOT_KNOWN if numbers.null_count else int(pc.sum(numbers).as_py() or 0)


def _count_flags(records: PeriodRecords) -> int | str:
    pairs = records.flags.group_by(["crime_ref", "flag"]).aggregate([])
    return pairs.num_rows if records.contents.carries(FLAGS, "flag") else CANNOT_BE_ASKED


def _mix(rows: pa.Table, column: str) -> dict[str, int]:
    """Count the rows by code, in the order of the codes, `not_known` last; codes that do not occur are left out."""
    counts = pc.value_counts(optional_column(rows, column, pa.string()).combine_chunks()).to_pylist()
    found = {entry["values"]: entry["counts"] for entry in counts}
    not_known = found.pop(None, 0)
    return {code: found[code] for code in sorted(found)} | ({NOT_KNOWN: not_known} if not_known else {})


def _met_of(is_met: pa.ChunkedArray, unanswered: pa.ChunkedArray | None = None) -> dict[str, int]:
    """Count what is met, of all; and, where there is any, what is neither met nor answered."""
    counts = {"met": pc.sum(is_met).as_py() or 0, "n": len(is_met)}
    if unanswered is None:
        return counts
    not_known = pc.sum(pc.and_(unanswered, pc.invert(is_met))).as_py() or 0
    return counts | ({NOT_KNOWN: not_known} if not_known else {})


def _without_ethnicity(persons: pa.Table) -> dict[str, int]:
    """Count the persons without an ethnicity, of all; and, where there is any, those of whom a cell was not read."""
    n_known = pc.sum(has_known_ethnicity(persons)).as_py() or 0
    not_known = pc.sum(has_unread_ethnicity(persons)).as_py() or 0
    counts = {"missing": persons.num_rows - n_known - not_known, "n": persons.num_rows}
    return counts | ({NOT_KNOWN: not_known} if not_known else {})


def _has_outcomes(records: PeriodRecords) -> bool:
    return records.contents.carries(CRIMES, "outcome_code")


def _has_offences(records: PeriodRecords) -> bool:
    return records.contents.carries(CRIMES, "offence_code")


def _has_ethnicity(records: PeriodRecords, role: str) -> bool:
    return any(records.contents.carries_person(role, name) for name in ("ethnicity_self", "ethnicity_officer"))


def suspects_can_be_named(records: PeriodRecords) -> bool:
    """Return True if the extract has a column that can name a suspect."""
    names = ("person_ref", "forenames", "surname", "date_of_birth", "suspect_known_as")
    return any(records.contents.carries_person(SUSPECT, name) for name in names)
