"""Everything that the check of one extract found, for its letter, its page and its JSON output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pyarrow as pa

from assay import reference
from assay.ingest.extracts.extract_model import ExtractTable, Sheet, SplitPlan
from assay.ingest.extracts.open_codes import OpenCode, open_codes
from assay.ingest.extracts.reference_spelling import as_spelled
from assay.ingest.extracts.unread_words import UnreadWords, unread_words
from assay.workflows.check.extract_contents import (
    CRIMES,
    CSE_FLAG,
    ExtractContents,
    PeriodRecords,
    day_column,
    extract_contents,
    period_column,
    period_records,
    recorded_period,
)
from assay.workflows.check.extract_measures import ExtractMeasures, count_extract
from assay.workflows.check.extract_questions import supplied_needs
from assay.workflows.check.figure_reservations import figure_reservations
from assay.workflows.check.flag_answers import crimes_that_deny, crimes_with_unread_flags
from assay.workflows.check.implausible_records import Implausible, implausible_records
from assay.workflows.check.other_markers import count_other_markers
from assay.workflows.check.possible_columns import PossibleColumn, possible_columns


@dataclass(frozen=True)
class CheckedExtract:
    """The sheets of an extract, their mapping, and the results of the check.

    Parameters
    ----------
    name
        The name of the extract, for titles: the file or folder.
    refusals
        Sentences on files and sheets that could not be read, or hold no records.
    period
        The first and the last day of the period; None if no day is known.
    is_whole_extract
        True if every crime of the extract counts, because no period was named.
    outside_period
        Accepted crimes that are not in the named period, or whose day is not known.
    undated
        Accepted crimes whose day of recording (or report, by which the period is taken) is not known.
    supplied
        Tables, columns and kinds of event that the extract carries.
    possible_columns
        Columns that were not read, and may hold what a question needs.
    command
        The command that checks the extract again with the mapping that was written.
    """

    name: str
    force_code: str
    sheets: tuple[Sheet, ...]
    refusals: tuple[str, ...]
    plan: SplitPlan
    tables: Mapping[str, ExtractTable]
    contents: ExtractContents
    records: PeriodRecords
    counts: ExtractMeasures
    period: tuple[date, date] | None
    is_whole_extract: bool
    outside_period: int
    undated: int
    supplied: frozenset[str]
    implausible: tuple[Implausible, ...]
    possible_columns: tuple[PossibleColumn, ...] = ()
    command: str = "assay check --mapping mapping.toml"

    @property
    def force_name(self) -> str:
        """Return the name of the force, or its code; '' if it is not known."""
        force = reference.forces().get(self.force_code) if self.force_code in reference.forces() else None
        return force.name if force else self.force_code

    @cached_property
    def open_codes(self) -> tuple[OpenCode, ...]:
        """Return every text that could be several codes."""
        return open_codes(self.sheets, self.plan)

    @cached_property
    def unread_words(self) -> tuple[UnreadWords, ...]:
        """Return the words of coded columns that could not be read, and may be shown."""
        return unread_words(self.sheets, self.plan, self.tables)

    @property
    def period_column(self) -> str:
        """Return the date that decides whether a crime belongs to the period; '' if the extract has none."""
        return period_column(self.contents)


def examine_extract(
    name: str,
    sheets: tuple[Sheet, ...],
    refusals: tuple[str, ...],
    plan: SplitPlan,
    tables: Mapping[str, ExtractTable],
    *,
    force_code: str = "",
    first: date | None = None,
    last: date | None = None,
    today: date,
) -> CheckedExtract:
    """Compute the measures of an extract that was split into tables, and look for implausible records."""
    contents = extract_contents(plan, tables)
    supplied = supplied_needs(plan, tables, contents)
    possible = possible_columns(sheets, plan, supplied)
    contents = replace(contents, unread={column.need: column.heading for column in possible})
    records = period_records(tables, contents, first, last)
    crime_refs = records.crimes["crime_ref"].combine_chunks()
    reserved = figure_reservations(tables, records)
    denied = crimes_that_deny(sheets, plan, CSE_FLAG)
    unread = crimes_with_unread_flags(sheets, plan, CSE_FLAG)
    records = replace(
        records,
        crimes_without_cse=None if denied is None else as_spelled(denied, crime_refs).to_arrow().cast(pa.string()),
        crimes_with_unread_flags=as_spelled(unread, crime_refs).to_arrow().cast(pa.string()),
        other_markers=count_other_markers(sheets, plan, crime_refs),
        crimes_with_unread_persons=reserved.crimes_with_unread_persons,
        reservations=reserved.sentences,
    )
    days = recorded_period(records)
    accepted = tables[CRIMES].rows.num_rows if CRIMES in tables else 0
    return CheckedExtract(
        name=name,
        force_code=force_code or plan.force_code,
        sheets=sheets,
        refusals=refusals,
        plan=plan,
        tables=tables,
        contents=contents,
        records=records,
        counts=count_extract(records),
        period=(first or days[0], last or days[1]) if days else None,
        is_whole_extract=not first and not last,
        outside_period=accepted - records.crimes.num_rows,
        undated=_count_undated(tables, contents),
        supplied=supplied,
        implausible=implausible_records(tables, today),
        possible_columns=possible,
    )


def _count_undated(tables: Mapping[str, ExtractTable], contents: ExtractContents) -> int:
    """Return the number of accepted crimes without the day by which crimes belong to a period."""
    name = period_column(contents)
    return day_column(tables[CRIMES].rows, name).null_count if name and CRIMES in tables else 0
