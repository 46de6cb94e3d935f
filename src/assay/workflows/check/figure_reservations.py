"""What limits a figure because rows of the extract contradict one another, or leave persons unread?

Each reservation is a sentence beside its figure, on the page, at the terminal and in the JSON output. A figure without
one rests on records that could all be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import ExtractTable
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.part_rows import NO_ROLE
from assay.ingest.extracts.reference_spelling import as_spelled
from assay.wording import count_phrase, format_number
from assay.workflows.check.extract_contents import CRIMES, PERSONS, SUSPECT, VICTIM, PeriodRecords, optional_column
from assay.workflows.check.implausible_records import STATED_COUNTS
from assay.workflows.check.plain_needs import plain_need

FIGURES_OF_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reported_at": ("recorded_within_24h",),
    "recorded_at": ("recorded_within_24h",),
    "outcome_code": ("outcome_mix", "charged_share", "pending"),
    "offence_code": ("offence_mix", "exploitation_flags", "offence_not_known"),
    "suspect_identified": ("suspect_identified",),
    "suspect_count": ("suspects", "crimes_with_two_or_more_suspects"),
    "victim_count": ("victims",),
    "occurred_from": ("victims_by_age_band_at_offence", "victim_age_missing", "suspect_age_missing"),
}
"""Column of a crime -> the figures and measures that rest on it."""
FIGURES_OF_PERSONS: Mapping[str, tuple[str, ...]] = {
    VICTIM: (
        "victims", "victim_ethnicity_missing", "victims_by_age_band_at_offence", "victims_by_sex", "victim_age_missing",
        "persons_victim_in_two_or_more_crimes",
    ),
    SUSPECT: (
        "suspects", "suspect_identified", "suspect_ethnicity_missing", "suspect_age_missing",
        "crimes_with_two_or_more_suspects",
    ),
}  # fmt: skip
"""Role -> the figures and measures that rest on the persons of the role."""
DESCRIBED_PERSONS: Mapping[str, tuple[str, ...]] = {
    VICTIM: FIGURES_OF_PERSONS[VICTIM],
    SUSPECT: ("suspects", "suspect_ethnicity_missing", "suspect_age_missing"),
}
"""Role -> the figures that lack persons whom a crime counts and no row describes."""
AGE_COLUMNS = frozenset({"date_of_birth", "age_at_offence", "age_band"})
FIGURES_OF_AGES: Mapping[str, tuple[str, ...]] = {
    VICTIM: ("victim_age_missing", "victims_by_age_band_at_offence"),
    SUSPECT: ("suspect_age_missing",),
}
"""Role -> the figures that rest on the ages of its persons."""


@dataclass(frozen=True)
class Reservations:
    """The sentences that limit figures, by key, and the crimes that may have persons who were not read.

    Parameters
    ----------
    crimes_with_unread_persons
        References of the crimes with a person whose role is not known, or with numbers of suspects that contradict.
    """

    sentences: Mapping[str, str]
    crimes_with_unread_persons: pa.Array


def figure_reservations(tables: Mapping[str, ExtractTable], records: PeriodRecords) -> Reservations:
    """Return the reservations of the figures of a period."""
    crime_refs = records.crimes["crime_ref"].combine_chunks()
    without_role = _without_role(tables, crime_refs)
    contradicted = _contradicted(tables, crime_refs)
    found: dict[str, list[str]] = {}
    for column, keys in contradicted.items():
        for key in FIGURES_OF_COLUMNS.get(column, ()):
            found.setdefault(key, []).append(_contradiction_sentence(column, len(keys)))
    sentences = (*_roleless(tables, without_role, records), *_undescribed(records), *_unread_ages(tables, records))
    for key, sentence in sentences:
        found.setdefault(key, []).append(sentence)
    counts = contradicted.get("suspect_count", pa.array([], pa.string()))
    return Reservations(
        {key: " ".join(sentences) for key, sentences in found.items()},
        pa.concat_arrays([pc.unique(without_role), counts]),
    )


def _contradicted(tables: Mapping[str, ExtractTable], crime_refs: pa.Array) -> dict[str, pa.Array]:
    """Return column -> the crimes of the period whose rows differ in it."""
    if CRIMES not in tables:
        return {}
    found = {
        column: keys.filter(pc.is_in(keys, value_set=crime_refs))
        for column, keys in tables[CRIMES].contradicted.items()
    }
    return {column: keys for column, keys in found.items() if len(keys)}


def _contradiction_sentence(column: str, count: int) -> str:
    phrase = plain_need(f"{CRIMES}.{column}")
    return (
        f"The rows of {count_phrase(count, 'crime')} contradict one another in {phrase}, and no column "
        "says which is right: it is not known there."
    )


def _without_role(tables: Mapping[str, ExtractTable], crime_refs: pa.Array) -> pa.Array:
    """Return the crime of the period of each row that names a person whose role is not known."""
    if PERSONS not in tables or not len(tables[PERSONS].without_role):
        return pa.array([], pa.string())
    spelled = as_spelled(tables[PERSONS].without_role, crime_refs).to_arrow().cast(pa.string())
    return spelled.filter(pc.is_in(spelled, value_set=crime_refs))


def _roleless(
    tables: Mapping[str, ExtractTable], without_role: pa.Array, records: PeriodRecords
) -> Iterator[tuple[str, str]]:
    """Yield the reservation of each figure on persons, if rows name persons whose role is not known."""
    n_set_aside = tables[PERSONS].set_aside.get(NO_ROLE, 0) if PERSONS in tables else 0
    count = len(without_role)
    if not n_set_aside or not count:
        return
    for role, keys in FIGURES_OF_PERSONS.items():
        if role not in records.contents.person_columns:
            continue
        n_read = records.persons_with_role(role).num_rows
        verb = "names a person" if count == 1 else "name persons"
        sentence = (
            f"{count_phrase(count, 'row')} {verb} whose role is not known: there are {format_number(n_read)} to "
            f"{count_phrase(n_read + count, role)}, and the figure counts those read. Add the "
            "role, or say in mapping.toml what its words mean."
        )
        for key in keys:
            yield key, sentence


def _undescribed(records: PeriodRecords) -> Iterator[tuple[str, str]]:
    """Yield a reservation for each role of which crimes state more persons than the extract describes."""
    for role, keys in DESCRIBED_PERSONS.items():
        if role not in records.contents.person_columns:
            continue
        n_crimes, n_missing = stated_beyond_described(records, role)
        if n_crimes:
            sentence = (
                f"{count_phrase(n_crimes, 'crime states', 'crimes state')} {count_phrase(n_missing, f'more {role}')} "
                "than the extract describes: the figure is of those described."
            )
            for key in keys:
                yield key, sentence


def _unread_ages(tables: Mapping[str, ExtractTable], records: PeriodRecords) -> Iterator[tuple[str, str]]:
    """Yield a reservation for each figure on ages, if cells of births or ages could not be read.

    Such a cell is filled: the age is not missing in the record system, but in what was read.
    """
    unread = tables[PERSONS].not_understood if PERSONS in tables else {}
    for (column, heading), count in unread.items():
        if not count or column not in AGE_COLUMNS:
            continue
        verb = "count" if count > 1 else "counts"
        sentence = f"{count_phrase(count, 'cell')} of \u2018{heading}\u2019 could not be read, and {verb} as not known."
        role_of_heading = heading_words(heading).role
        for role, keys in FIGURES_OF_AGES.items():
            if role_of_heading in ("", role) and role in records.contents.person_columns:
                yield from ((key, sentence) for key in keys)


def stated_beyond_described(records: PeriodRecords, role: str) -> tuple[int, int]:
    """Return how many crimes state more persons of a role than the extract describes, and how many more in all."""
    column = STATED_COUNTS[role]
    if column not in records.crimes.column_names:
        return 0, 0
    links = records.persons_with_role(role).group_by("crime_ref").aggregate([([], "count_all")])
    positions = pc.index_in(records.crimes["crime_ref"], value_set=links["crime_ref"].combine_chunks())
    described = pc.fill_null(links["count_all"].take(positions), 0)
    beyond = pc.subtract(optional_column(records.crimes, column, pa.int64()), described)
    positive = beyond.filter(pc.fill_null(pc.greater(beyond, 0), False))
    return len(positive), int(pc.sum(positive).as_py() or 0)
