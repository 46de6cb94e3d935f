"""The key figures of an extract as sentences: the figure, what it is based on, and what limits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.reference.outcome_codes import RETURN_PENDING
from assay.wording import count_phrase, format_number, percent, verb_phrase
from assay.workflows.check.extract_contents import CRIMES, SUSPECT, VICTIM, PeriodRecords, day_column
from assay.workflows.check.extract_measures import CANNOT_BE_ASKED, NOT_KNOWN, ExtractMeasures, suspects_can_be_named
from assay.workflows.check.missing_facts import missing_facts, missing_sentence
from assay.workflows.check.person_measures import age_bands_at_offence, is_named
from assay.workflows.check.records_to_review import compare_flags

NO_FIGURE = "Cannot be answered"
NO_RECORDS = "No records"
NO_CRIME_COUNTED = "Cannot be answered from this extract: no crime was counted, so there is nothing to count it of."
OTHER_LABELS = {
    "offence_mix": "Crimes by offence",
    "victims_by_sex": "Victims by sex",
    "crimes_with_two_or_more_suspects": "Crimes with two or more suspects",
    "persons_victim_in_two_or_more_crimes": "Persons who are the victim of two or more crimes",
}
"""Measures that are shown as tables: a key figure has the label of any other."""
FEW_RECORDS = 10
"""Below this number of records a figure is a count: "3 of 7", and no percentage."""


@dataclass(frozen=True)
class KeyFigure:
    """One key figure: its key, label, value and sentence, and what limits it.

    `share_missing` is the share of records without the fact, and `gap_sentence` says it where `sentence` says more.
    """

    key: str
    label: str
    value: str
    sentence: str
    limit: str = ""
    share_missing: float = 0.0
    gap_sentence: str = ""

    @property
    def has_place(self) -> bool:
        """Return True if the extract has the columns that the figure needs, whether or not it has records to count."""
        return self.value != NO_FIGURE

    @property
    def is_asked(self) -> bool:
        """Return True if the extract has the columns that the figure needs, and records to count."""
        return self.value not in (NO_FIGURE, NO_RECORDS)


def key_figures(counts: ExtractMeasures, records: PeriodRecords) -> tuple[KeyFigure, ...]:
    """Return the key figures in the order of the page."""
    figures = (*(make(counts, records) for make in _FIGURES), *_unknown_offences(counts))
    if not counts.crimes:
        return tuple(_no_figure(figure.key, figure.label, records) for figure in figures)
    return tuple(_with_reservation(figure, records.reservations.get(figure.key, "")) for figure in figures)


def _with_reservation(figure: KeyFigure, reservation: str) -> KeyFigure:
    """Return a figure with the sentence on rows that contradict one another or were not read, if there is one."""
    if not reservation or not figure.is_asked:
        return figure
    return replace(figure, sentence=f"{figure.sentence} {reservation}")


def _recorded_in_time(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    key, label = "recorded_within_24h", "Recorded within 24 hours of the report"
    found = counts.measures[key]
    if isinstance(found, str):
        return _no_figure(key, label, records)
    known, total = found["met"] + found["not_met"], sum(found.values())
    limit = "Without the hour, a crime recorded on the day after the report is not known."
    if not known and _has_both_days(records):
        sentence = f"{label}: not known for {_any_of(total, 'crime')}."
        return KeyFigure(key, label, "Not known", sentence, limit, share_missing=1.0)
    if not known:
        no_records = _no_records(key, label, "crimes with the time of the report and of the record")
        return replace(no_records, share_missing=1.0 if total else 0.0)
    subject = "crimes were recorded within 24 hours"
    sentence = (
        _sentence_of_known(found["met"], known, total, subject)
        if found[NOT_KNOWN]
        else _sentence(found["met"], known, subject, count_phrase(known, "crime"), "known for all")
    )
    figure = KeyFigure(key, label, share_of(found["met"], known), sentence, limit)
    return _with_gap(figure, found[NOT_KNOWN], total)


def _has_both_days(records: PeriodRecords) -> bool:
    """Return True if a crime has a day of report and of recording, so that only the hour is missing."""
    reported, recorded = (day_column(records.crimes, name) for name in ("reported_at", "recorded_at"))
    return bool(pc.any(pc.and_(pc.is_valid(reported), pc.is_valid(recorded))).as_py())


def _charged(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _met_figure(
        counts, records, "charged_share", "Charged or summonsed", "crimes ended in a charge or summons",
        "Crimes without an outcome yet are among all crimes, so the share may change.",
    )  # fmt: skip


def _pending(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    key, label = "pending", "No outcome yet"
    found = counts.measures["outcome_mix"]
    if isinstance(found, str):
        return _no_figure(key, label, records)
    total, missing = sum(found.values()), found.get(NOT_KNOWN, 0)
    pending = found.get(RETURN_PENDING, 0)
    if not total:
        return _no_records(key, label, "crimes")
    limit = (
        "If no word in the extract means \u2018no outcome yet\u2019, an empty outcome without a date of outcome or "
        "closure was read as that. Otherwise an empty outcome is not known."
    )
    if missing:
        return _with_gap(_pending_bounds(pending, missing, total, limit), missing, total)
    base = _count_of(pending, total, "crime")
    sentence = _sentence(pending, total, "crimes have no outcome yet", base, "known for all")
    return KeyFigure(key, label, share_of(pending, total), sentence, limit)


def _pending_bounds(pending: int, missing: int, total: int, limit: str) -> KeyFigure:
    """Return the bounds of the crimes without an outcome yet: an outcome that is not known may be one of them."""
    highest = pending + missing
    counts = f"{format_number(pending)} to {format_number(highest)} of {count_phrase(total, 'crime')}"
    shares = f"{share_text(pending, total)} to {share_text(highest, total)}"
    value = counts.removesuffix(" crimes") if total < FEW_RECORDS else shares
    sentence = f"{counts} have no outcome yet: the outcome of {format_number(missing)} is not known."
    if total >= FEW_RECORDS:
        sentence = f"{sentence} {_bounds_sentence(pending, missing, total, 'have none yet')}"
    return KeyFigure("pending", "No outcome yet", value, sentence, limit)


def _suspect_identified(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _met_figure(
        counts, records, "suspect_identified", "Suspect identified", "crimes have an identified suspect",
        "A suspect is identified if the extract has a reference, a name or a birth date, or says so.",
    )  # fmt: skip


def _victim_ethnicity(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _missing_figure(counts, records, "victim_ethnicity_missing", "Ethnicity of victims missing", "victims")


def _suspect_ethnicity(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _missing_figure(
        counts, records, "suspect_ethnicity_missing", "Ethnicity of named suspects missing", "named suspects"
    )


def _victim_age(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _age_figure(records, VICTIM, "victim_age_missing", "Age of victims missing")


def _suspect_age(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _age_figure(records, SUSPECT, "suspect_age_missing", f"Age of {_suspects(records)} missing")


def _flagged(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    return _met_figure(
        counts, records, "cse_flagged", "Flagged as child sexual exploitation",
        "crimes have the flag for child sexual exploitation", "A flag that was removed since counts too. "
        "In a column of flags, an empty cell lists no flag.",
    )  # fmt: skip


def _exploitation_flags(counts: ExtractMeasures, records: PeriodRecords) -> KeyFigure:
    key, label = "exploitation_flags", "Flagged, where the offence says exploitation"
    compared = compare_flags(records)
    if compared is None:
        return _no_figure(key, label, records)
    flagged, known, total = compared.named_and_flagged, compared.named_and_answered, compared.named_offences
    if not total:
        return _no_records(key, label, "crimes whose offence name says exploitation")
    if not known:
        sentence = f"{label}: not known for {_any_of(total, 'crime')}."
        return KeyFigure(key, label, "Not known", sentence, share_missing=1.0)
    subject = "crimes whose offence name says exploitation have the flag"
    sentence = (
        _sentence(flagged, known, subject, count_phrase(known, "crime"))
        if known == total
        else _sentence_of_known(flagged, known, total, subject)
    )
    other = f"Another offence: {_count_of(compared.flagged - flagged, compared.flagged, 'flagged crime')}."
    limit = (
        "Not every such offence needs the flag (class 71 also holds sexual communication with a child), and most "
        "flagged crimes have other offences: look, then decide."
    )
    return _with_gap(
        KeyFigure(key, label, share_of(flagged, known), f"{sentence} {other}", limit), total - known, total
    )


_FIGURES: tuple[Callable[[ExtractMeasures, PeriodRecords], KeyFigure], ...] = (
    _recorded_in_time, _charged, _pending, _suspect_identified, _victim_ethnicity, _suspect_ethnicity, _victim_age,
    _suspect_age, _flagged, _exploitation_flags,
)  # fmt: skip


def _unknown_offences(counts: ExtractMeasures) -> Iterator[KeyFigure]:
    """Yield the share of crimes whose offence is not known, if there are any."""
    found = counts.measures["offence_mix"]
    missing = 0 if isinstance(found, str) else found.get(NOT_KNOWN, 0)
    if missing and not isinstance(found, str):
        total = sum(found.values())
        yield KeyFigure(
            "offence_not_known", "Offence not known", share_of(missing, total),
            _sentence(missing, total, "crimes have no offence that could be identified",
                      _count_of(missing, total, "crime")),
            "An offence that could be several codes is not known. The codes are in the letter.",
            share_missing=missing / total,
        )  # fmt: skip


def share_text(count: int, total: int) -> str:
    """Return a share as a whole percentage; it reads 0% only if no record counts, and 100% only if all do."""
    if not total:
        return "no share"
    share = count / total
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else percent(share, 0)


def share_of(count: int, total: int) -> str:
    """Return a share as a percentage or, if there are few records, as a count: '3 of 7'."""
    if 0 < total < FEW_RECORDS:
        return f"{format_number(count)} of {format_number(total)}"
    return share_text(count, total)


def _sentence(count: int, total: int, subject: str, base: str, gap: str = "") -> str:
    """Return a share as a sentence: of few records the counts alone, else the percentage with its base in brackets."""
    if total < FEW_RECORDS:
        unknown = f" ({gap})" if gap.startswith("not") else ""
        subject = re.sub(r"s\b", "", subject, count=1) if total == 1 else subject
        return f"{share_of(count, total)} {verb_phrase(1 if total == 1 else count, subject)}{unknown}."
    return f"{share_of(count, total)} of {subject} ({'; '.join(filter(None, [base, gap]))})."


def _sentence_of_known(count: int, known: int, total: int, subject: str) -> str:
    """Return a share of the crimes whose answer is known, for how many it is not, and the missing-data bounds."""
    noun, _, predicate = subject.partition(" ")
    sentence = (
        _sentence(count, known, subject, "", _gap(total - known, total))
        if known < FEW_RECORDS
        else f"{format_number(count)} of the {format_number(known)} {noun} with a known answer "
        f"{verb_phrase(count, predicate)} ({share_of(count, known)}); "
        f"{_count_of(total - known, total, 'crime')} {verb_phrase(total - known, 'are')} not known."
    )
    return f"{sentence} {_bounds_sentence(count, total - known, total, predicate)}"


def _bounds_sentence(count: int, not_known: int, total: int, predicate: str) -> str:
    """Return the missing-data bounds: the share of all records if each that is not known counted, and if none did."""
    highest, lowest = share_of(count + not_known, total), share_of(count, total)
    if not_known == 1:
        return f"If the unknown one counts too, {highest}; if not, {lowest}."
    return f"If all {format_number(not_known)} unknown {predicate}, {highest}; if none, {lowest}."


def _gap(count: int, total: int) -> str:
    """Return for how many records a fact is not known; '' if it is known for all."""
    return f"not known for {share_of(count, total)}" if count else ""


def _met_figure(
    counts: ExtractMeasures, records: PeriodRecords, key: str, label: str, subject: str, limit: str
) -> KeyFigure:
    found = counts.measures[key]
    if isinstance(found, str):
        return _no_figure(key, label, records)
    if not found["n"]:
        return _no_records(key, label, "crimes")
    not_known = found.get(NOT_KNOWN, 0)
    known = found["n"] - not_known
    if not known:
        sentence = f"{label}: not known for {_any_of(found['n'], 'crime')}."
        return KeyFigure(key, label, "Not known", sentence, share_missing=1.0)
    sentence = (
        _sentence_of_known(found["met"], known, found["n"], subject)
        if not_known
        else _sentence(found["met"], known, subject, _count_of(found["met"], known, "crime"))
    )
    return _with_gap(KeyFigure(key, label, share_of(found["met"], known), sentence, limit), not_known, found["n"])


def _with_gap(figure: KeyFigure, not_known: int, total: int) -> KeyFigure:
    """Return the figure with the share of records for which its fact is not known."""
    if not not_known:
        return figure
    gap_sentence = f"{figure.label}: {_gap(not_known, total)}."
    return replace(figure, share_missing=not_known / total, gap_sentence=gap_sentence)


def _missing_figure(counts: ExtractMeasures, records: PeriodRecords, key: str, label: str, subject: str) -> KeyFigure:
    found = counts.measures[key]
    if isinstance(found, str):
        return _no_figure(key, label, records)
    if not found["n"]:
        return _no_records(key, label, subject)
    not_known = found.get(NOT_KNOWN, 0)
    known = found["n"] - not_known
    if not known:
        persons = _any_of(found["n"], subject.removesuffix("s"))
        sentence = f"{label}: not known for {persons}, since no cell could be read."
        return KeyFigure(key, label, "Not known", sentence, share_missing=1.0)
    base = _count_of(found["missing"], known)
    sentence = _sentence(
        found["missing"], known, f"{subject} have no known ethnicity", base, _gap(not_known, found["n"])
    ) + _all_missing(found["missing"], found["n"])
    if not found["missing"] and not not_known:
        sentence = f"The ethnicity is known for {_all_of(known, subject)}."
    return KeyFigure(
        key, label, share_of(found["missing"], known), sentence, "Not stated and unknown count as missing.",
        (found["missing"] + not_known) / found["n"],
    )  # fmt: skip


def _all_missing(missing: int, total: int) -> str:
    """Return that a column is there and states the fact for nobody; '' if it does for somebody."""
    if missing < total:
        return ""
    return " Its column is empty, or says not known, for each of them. Check that your system exports it."


def _gap_figure(key: str, label: str, counts: tuple[int, int], subject: str, limit: str) -> KeyFigure:
    """Return how often a fact is missing: the number of records without it, and of all."""
    missing, total = counts
    sentence = _sentence(missing, total, subject, _count_of(missing, total)) + _all_missing(missing, total)
    if not missing:
        sentence = f"The age at the offence is known for {_all_of(total, subject.partition(' have ')[0])}."
    return KeyFigure(key, label, share_of(missing, total), sentence, limit, missing / total)


def _age_figure(records: PeriodRecords, role: str, key: str, label: str) -> KeyFigure:
    contents = records.contents
    by_birth = contents.carries_person(role, "date_of_birth") and contents.carries(CRIMES, "occurred_from")
    if not by_birth and not any(contents.carries_person(role, name) for name in ("age_at_offence", "age_band")):
        return _no_figure(key, label, records)
    persons, subject = records.persons_with_role(role), _suspects(records) if role == SUSPECT else f"{role}s"
    if subject == NAMED_SUSPECTS:
        persons = persons.filter(is_named(persons))
    bands: pa.ChunkedArray = age_bands_at_offence(persons, records.crimes)
    if not len(bands):
        return _no_records(key, label, subject)
    return _gap_figure(
        key, label, (bands.null_count, len(bands)), f"{subject} have no known age at the offence",
        "The age is that on the first possible day of the offence."
        + (" Suspects whom a crime only counts are not among them." if role == SUSPECT else ""),
    )  # fmt: skip


NAMED_SUSPECTS = "named suspects"


def _suspects(records: PeriodRecords) -> str:
    """Return which suspects the figures count: those with a name, if a column can name one.

    The age of a suspect whom nobody knows cannot be missing; the ethnicity is counted in the same way.
    """
    return NAMED_SUSPECTS if suspects_can_be_named(records) else "suspects"


def _any_of(total: int, noun: str) -> str:
    """Return 'any of 30 crimes', or 'the only crime'."""
    return f"any of {count_phrase(total, noun)}" if total > 1 else f"the only {noun}"


def _all_of(total: int, plural: str) -> str:
    """Return 'all 30 victims', or 'the 1 victim'."""
    return f"{'all' if total > 1 else 'the'} {count_phrase(total, plural.removesuffix('s'))}"


def _count_of(count: int, total: int, noun: str = "") -> str:
    return f"{format_number(count)} of {count_phrase(total, noun) if noun else format_number(total)}"


def _no_figure(key: str, label: str, records: PeriodRecords) -> KeyFigure:
    is_lacking = records.crimes.num_rows or missing_facts(key, records.contents)
    return KeyFigure(key, label, NO_FIGURE, missing_sentence(key, records.contents) if is_lacking else NO_CRIME_COUNTED)


def _no_records(key: str, label: str, subject: str) -> KeyFigure:
    return KeyFigure(key, label, NO_RECORDS, f"The extract holds no {subject} in this period.")


def unanswered(counts: ExtractMeasures, records: PeriodRecords) -> tuple[KeyFigure, ...]:
    """Return the figures and measures for which the extract lacks columns, each with the columns to add."""
    figures = [figure for figure in key_figures(counts, records) if not figure.has_place]
    shown_as_tables = [_no_figure(key, label, records) for key, label in OTHER_LABELS.items()
              if counts.measures[key] == CANNOT_BE_ASKED]  # fmt: skip
    return (*figures, *shown_as_tables)


def code_shares(found: Mapping[str, int]) -> Iterator[tuple[str, int, str]]:
    """Yield each code with its count and its share of the records whose code is known, the largest count first.

    `not_known` comes last and has no share.
    """
    known = sum(found.values()) - found.get(NOT_KNOWN, 0)
    for code, count in sorted(found.items(), key=lambda item: (item[0] == NOT_KNOWN, -item[1], item[0])):
        yield code, count, "" if code == NOT_KNOWN else share_text(count, known)
