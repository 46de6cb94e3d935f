"""Keep only the newest edition where several files hold the same year of a statistic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from assay.errors import SourceError
from assay.ingest.official_statistics.local_tables import COUNT_TABLES, LOCAL_TABLES
from assay.ingest.official_statistics.statistics_editions import Edition
from assay.ingest.official_statistics.statistics_intake import StatisticsFile
from assay.ingest.official_statistics.statistics_revisions import Revision, compare_editions
from assay.ingest.validation_errors import ValidationError

YEAR_COLUMN = {
    "recorded": "financial_year",
    "outcomes": "financial_year",
    "children_in_need": "year",
    "population": "mid_year",
    **dict.fromkeys(LOCAL_TABLES, "year"),
}
SPLIT_BY_LEVEL = ("population", *COUNT_TABLES)
"""Returns where one file may hold the country and another the forces of the same year."""
OLDER_EDITION = "an older edition"


@dataclass(frozen=True)
class Part:
    """One published statistic as read from one file: file record, rows, edition and validation errors."""

    file: StatisticsFile
    table: pa.Table
    edition: Edition
    errors: tuple[ValidationError, ...]


def keep_newest_editions(parts: list[Part]) -> tuple[list[Part], tuple[Revision, ...]]:
    """Keep, for each year, only the rows of the newest edition.

    Returns
    -------
    parts, revisions
        The parts without older editions of a year, and what the newer editions changed.

    Raises
    ------
    SourceError
        If it is not clear which edition is newer.
    """
    holders_by_year: dict[tuple[str, object], list[int]] = {}
    for i, part in enumerate(parts):
        for year in _years(part):
            holders_by_year.setdefault((part.file.return_kind, year), []).append(i)
    older: dict[int, list[object]] = {}
    revised: dict[tuple[int, int], list[object]] = {}
    for (_, year), holders in holders_by_year.items():
        latest = _newest_part([parts[i] for i in holders], year)
        for i in holders:
            if parts[i] is not latest:
                older.setdefault(i, []).append(year)
                revised.setdefault((parts.index(latest), i), []).append(year)
    revisions = (_revision(parts[new], parts[old], years) for (new, old), years in revised.items())
    newest_parts = [_drop_years(part, older.get(i, [])) for i, part in enumerate(parts)]
    return newest_parts, tuple(revision for revision in revisions if revision)


def _revision(new: Part, old: Part, years: list[object]) -> Revision | None:
    """Return what the newer part changed in the given years; None if the parts share no cell."""
    newer, older = (
        part.table.filter(pa.array([year in years for year in _row_years(part)], pa.bool_())) for part in (new, old)
    )
    return compare_editions((new.file.name, newer), (old.file.name, older), new.file.return_kind)


def _row_years(part: Part) -> list[object]:
    keys = [YEAR_COLUMN[part.file.return_kind], *(["level"] if part.file.return_kind in SPLIT_BY_LEVEL else [])]
    return list(zip(*(part.table[key].to_pylist() for key in keys), strict=True))


def _years(part: Part) -> list[object]:
    columns = [YEAR_COLUMN[part.file.return_kind], *(["level"] if part.file.return_kind in SPLIT_BY_LEVEL else [])]
    return [tuple(row.values()) for row in part.table.select(columns).group_by(columns).aggregate([]).to_pylist()]


def _newest_part(holders: list[Part], year: object) -> Part:
    newest = max(holders, key=lambda part: part.edition.rank)
    for other in holders:
        if other is not newest and not newest.edition.is_comparable(other.edition):
            names = " and ".join(repr(part.file.name) for part in holders)
            raise SourceError(
                f"{names} hold the same return for the same year ({_year_label(year)}), and it is not clear "
                "which edition is newer. Send one of them, or put the date of publication at the end of each "
                "name (as in 'outcomes-2025-04-24.xlsx')."
            )
    return newest


def _year_label(year: object) -> object:
    return year[0] if isinstance(year, tuple) else year


def _drop_years(part: Part, years: list[object]) -> Part:
    if not years:
        return part
    drop = set(years)
    table = part.table.filter(pa.array([row not in drop for row in _row_years(part)], pa.bool_()))
    set_aside = {**part.file.set_aside, OLDER_EDITION: part.table.num_rows - table.num_rows}
    return replace(part, table=table, file=replace(part.file, passed_on=table.num_rows, set_aside=set_aside))
