"""When several files hold the same year of one return, which of them counts?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from assay.errors import SourceError
from assay.returns.published.editions import Edition
from assay.returns.published.received import Fault, FileRead

YEAR = {
    "recorded": "financial_year",
    "outcomes": "financial_year",
    "children_in_need": "year",
    "flagged": "year",
    "population": "mid_year",
}
BY_LEVEL = ("population", "flagged")
"""Returns of which one file may hold the country and another the forces, of the same year."""
OLDER = "an older edition"


@dataclass(frozen=True)
class Part:
    """One return out of one file: its receipt so far, its rows, its edition."""

    file: FileRead
    table: pa.Table
    edition: Edition
    faults: tuple[Fault, ...]


def newest(parts: list[Part]) -> list[Part]:
    """The parts with each year kept in its newest edition only; SourceError where that cannot be told."""
    held: dict[tuple[str, object], list[int]] = {}
    for i, part in enumerate(parts):
        for year in _years(part):
            held.setdefault((part.file.return_kind, year), []).append(i)
    older: dict[int, list[object]] = {}
    for (_, year), holders in held.items():
        latest = _newest_of([parts[i] for i in holders], year)
        for i in holders:
            if parts[i] is not latest:
                older.setdefault(i, []).append(year)
    return [_without(part, older.get(i, [])) for i, part in enumerate(parts)]


def _years(part: Part) -> list[object]:
    columns = [YEAR[part.file.return_kind], *(["level"] if part.file.return_kind in BY_LEVEL else [])]
    return [tuple(row.values()) for row in part.table.select(columns).group_by(columns).aggregate([]).to_pylist()]


def _newest_of(holders: list[Part], year: object) -> Part:
    newest = max(holders, key=lambda part: part.edition.rank)
    for other in holders:
        if other is not newest and not newest.edition.comparable_with(other.edition):
            names = " and ".join(repr(part.file.name) for part in holders)
            raise SourceError(
                f"{names} hold the same return for the same year ({_first(year)}), and we cannot tell "
                f"which edition is "
                "newer. Send one of them, or put the date of publication at the end of each name (as in "
                "'outcomes-2025-04-24.xlsx')."
            )
    return newest


def _first(year: object) -> object:
    return year[0] if isinstance(year, tuple) else year


def _without(part: Part, years: list[object]) -> Part:
    if not years:
        return part
    keys = [YEAR[part.file.return_kind], *(["level"] if part.file.return_kind in BY_LEVEL else [])]
    rows = zip(*(part.table[key].to_pylist() for key in keys), strict=True)
    drop = set(years)
    kept = part.table.filter(pa.array([row not in drop for row in rows], pa.bool_()))
    aside = {**part.file.set_aside, OLDER: part.table.num_rows - kept.num_rows}
    return replace(part, table=kept, file=replace(part.file, passed_on=kept.num_rows, set_aside=aside))
