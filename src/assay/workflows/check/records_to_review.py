"""Which crimes of an extract should the force look at again? Only counts are given; no record is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.reference.offence_register import offences
from assay.reference.outcome_codes import RETURN_PENDING, outcome_families
from assay.wording import join_words
from assay.workflows.check.counted_records import count_sentence
from assay.workflows.check.extract_contents import (
    CRIMES,
    FLAGS,
    VICTIM,
    PeriodRecords,
    day_column,
    distinct_values,
    optional_column,
)
from assay.workflows.check.extract_measures import (
    has_cse_flag,
    has_identified_suspect,
    lacks_cse_answer,
    suspects_can_be_named,
)
from assay.workflows.check.offence_victims import compare_victims_with_offence
from assay.workflows.check.recording_delay import days_between

EXPLOITATION = "exploitation"
LATE_DAYS = 7
PENDING_DAYS = 365


@dataclass(frozen=True)
class Review:
    """One kind of crime to look at again: description, number, base, and how to find these crimes in the force's
    system."""

    description: str
    count: int
    total: int
    how_to_find: str

    @property
    def sentence(self) -> str:
        """Return the number of crimes with their description: '1 crime has no victim in the extract'."""
        return count_sentence(self.count, self.description)


@dataclass(frozen=True)
class FlagComparison:
    """Comparison of crimes whose offence names exploitation with crimes flagged as child sexual exploitation.

    `named_and_answered` are those of `named_offences` of which the flags are known. `flagged` leaves out crimes whose
    offence is not known.
    """

    named_offences: int
    named_and_answered: int
    flagged: int
    named_and_flagged: int


def exploitation_offences() -> tuple[str, ...]:
    """Return the offence codes whose official names say exploitation."""
    return tuple(
        offence.code
        for offence in offences()
        if any(EXPLOITATION in name.casefold() for name in (offence.name, *offence.names_used))
    )


def compare_flags(records: PeriodRecords) -> FlagComparison | None:
    """Compare flags with offences that name exploitation; None if the extract lacks flags or offences."""
    if not _has_flags_and_offences(records):
        return None
    is_flagged = has_cse_flag(records)
    is_named = _names_exploitation(records.crimes)
    has_offence = pc.is_valid(records.crimes["offence_code"])
    return FlagComparison(
        named_offences=_count(is_named),
        named_and_answered=_count(pc.and_(is_named, _has_known_flags(records))),
        flagged=_count(pc.and_(is_flagged, has_offence)),
        named_and_flagged=_count(pc.and_(is_named, is_flagged)),
    )


def records_to_review(records: PeriodRecords) -> tuple[Review, ...]:
    """Return the kinds of crimes to look at again that occur in the extract, with their numbers."""
    reviews = (*_flag_reviews(records), *_suspect_reviews(records), *_date_reviews(records), *_victim_reviews(records))
    return tuple(review for review in reviews if review.count)


def _flag_reviews(records: PeriodRecords) -> Iterator[Review]:
    if _has_flags_and_offences(records):
        is_named = pc.and_(_names_exploitation(records.crimes), _has_known_flags(records))
        unflagged = pc.and_(is_named, pc.invert(has_cse_flag(records)))
        classes = join_words(list(exploitation_offences()))
        yield Review(
            "crimes have an offence whose name says exploitation, and no flag for child sexual exploitation",
            _count(unflagged),
            _count(is_named),
            f"Search for the offence classes {classes} without the flag, and decide for each whether it belongs there.",
        )


def _suspect_reviews(records: PeriodRecords) -> Iterator[Review]:
    """Yield crimes whose outcome and suspects contradict one another.

    Where no column could name a suspect, a crime lacks one only if it says so itself.
    """
    by_crime = records.contents.carries(CRIMES, "suspect_identified")
    by_person = suspects_can_be_named(records)
    if not records.contents.carries(CRIMES, "outcome_code") or not (by_crime or by_person):
        return
    has_suspect = has_identified_suspect(records)
    says_none = pc.equal(optional_column(records.crimes, "suspect_identified", pa.string()), "no")
    lacks_suspect = pc.invert(has_suspect) if by_person else pc.fill_null(says_none, False)
    unidentified, identified = _has_outcome(records.crimes, False), _has_outcome(records.crimes, True)
    unnamed = pc.and_(identified, lacks_suspect)
    yield Review(
        "crimes have an outcome that says no suspect was identified, and a named suspect",
        _count(pc.and_(unidentified, has_suspect)),
        _count(unidentified),
        f"Search for {_occurring_outcomes(records.crimes, pc.and_(unidentified, has_suspect))} with a named suspect: "
        "one of the two is wrong.",
    )
    yield Review(
        "crimes have an outcome that says a suspect was identified, and no named suspect",
        _count(unnamed),
        _count(identified),
        f"Search for {_occurring_outcomes(records.crimes, unnamed)} without a named suspect: the suspect may be "
        "missing in the extract.",
    )


def _occurring_outcomes(crimes: pa.Table, has_outcome: pa.ChunkedArray) -> str:
    """Return the outcomes that occur among these crimes: 'outcome 18', 'outcomes 1, 15 and 16'."""
    codes = sorted(
        distinct_values(crimes.filter(pc.fill_null(has_outcome, False)), "outcome_code"),
        key=lambda code: (len(code), code),
    )
    return f"outcome{'' if len(codes) == 1 else 's'} {join_words(codes)}"


def _date_reviews(records: PeriodRecords) -> Iterator[Review]:
    crimes = records.crimes
    if records.contents.carries(CRIMES, "reported_at", "recorded_at"):
        delays = days_between(crimes)
        yield Review(
            "crimes were recorded more than seven days after the report",
            _count(pc.greater(delays, LATE_DAYS)),
            len(delays) - delays.null_count,
            "Sort by the days from report to record, and read the longest first.",
        )
    recorded = day_column(crimes, "recorded_at").cast(pa.int32())
    last_day = pc.max(recorded).as_py()
    if records.contents.carries(CRIMES, "outcome_code", "recorded_at") and last_day is not None:
        is_old = pc.less_equal(recorded, last_day - PENDING_DAYS)
        pending = pc.fill_null(pc.equal(crimes["outcome_code"], RETURN_PENDING), False)
        yield Review(
            "crimes have no outcome a year or more after they were recorded",
            _count(pc.and_(is_old, pending)),
            _count(is_old),
            "Sort the crimes without outcome by the day of recording, and read the oldest first.",
        )


def _victim_reviews(records: PeriodRecords) -> Iterator[Review]:
    if VICTIM in records.contents.person_columns:
        crime_refs = records.persons_with_role(VICTIM)["crime_ref"].combine_chunks()
        has_victim = pc.is_in(records.crimes["crime_ref"], value_set=crime_refs)
        yield Review(
            "crimes have no victim in the extract",
            _count(pc.invert(has_victim)),
            records.crimes.num_rows,
            "Check whether the victim was not entered, or left out by the query.",
        )
    if VICTIM in records.contents.person_columns and records.contents.carries(CRIMES, "offence_code"):
        is_compared, nobody_fits = compare_victims_with_offence(records.persons_with_role(VICTIM), records.crimes)
        yield Review(
            "crimes have no victim of the sex or age that the name of their offence states",
            _count(nobody_fits),
            _count(is_compared),
            "Compare the offence with the victim's sex and age on the first possible day: one of them is wrong.",
        )


def _has_flags_and_offences(records: PeriodRecords) -> bool:
    contents = records.contents
    return contents.carries(FLAGS, "flag") and contents.can_hold_cse and contents.carries(CRIMES, "offence_code")


def _names_exploitation(crimes: pa.Table) -> pa.ChunkedArray:
    codes = optional_column(crimes, "offence_code", pa.string())
    return pc.is_in(codes, value_set=pa.array(exploitation_offences(), pa.string()))


def _has_known_flags(records: PeriodRecords) -> pa.ChunkedArray:
    """Return True for each crime that has the flag, or that is known not to have it."""
    return pc.or_(has_cse_flag(records), pc.invert(lacks_cse_answer(records)))


def _has_outcome(crimes: pa.Table, suspect_identified: bool) -> pa.ChunkedArray:
    codes = [code for code, outcome in outcome_families().items() if outcome.suspect_identified is suspect_identified]
    return pc.is_in(
        crimes["outcome_code"], value_set=pa.array([code for code in codes if code != RETURN_PENDING], pa.string())
    )


def _count(answers: pa.ChunkedArray) -> int:
    return pc.sum(answers).as_py() or 0
