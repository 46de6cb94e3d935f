"""Quarterly series of the inspection's own records, and the probability that each fell.

For each force and all forces combined: crimes recorded, crimes flagged as exploitation, and children new on partners'
lists, by quarter. Incomplete quarters are left out. A series is not a measure of exploitation: it also moves with
reporting, recording and flagging.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

import pyarrow as pa

from assay import reference
from assay.engine.portable_expressions import month_text
from assay.engine.row_schemas import arrow_schema
from assay.facts.financial_quarters import Quarter
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.published_trends import Series, break_positions, estimate_level, trend_rows
from assay.stats.level_changes import SMALLEST_MEAN
from assay.stats.two_count_change import two_count_change

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

RECORDED, UNRECORDED, MARKED, UNFLAGGED, HIDDEN, PARTNERS, PUBLISHED = (
    "recorded", "unrecorded", "marked", "unflagged", "hidden", "partners", "published",
)  # fmt: skip
KINDS = (RECORDED, UNRECORDED, MARKED, UNFLAGGED, HIDDEN, PARTNERS, PUBLISHED)
"""The series that should be read together, in the order in which they are shown."""
TITLES: Mapping[str, str] = {
    RECORDED: "Crimes recorded: sexual offences against children",
    UNRECORDED: "Such crimes that should stand recorded, as estimated",
    MARKED: "Crimes marked as exploitation, by a flag or by the offence's name",
    UNFLAGGED: "Crimes of exploitation, marked or not, as estimated",
    HIDDEN: "Children on no list, as estimated",
    PARTNERS: "Children new on partners' lists",
    PUBLISHED: "Child sexual offences recorded by police, as published",
}
EXPLAINED: Mapping[str, str] = {
    RECORDED: "how willingly people report, how much of it is recorded, and police effort",
    MARKED: "how often exploitation is marked, beside all that moves what is recorded",
    PUBLISHED: "how willingly people report, how much of it is recorded, and police effort",
    PARTNERS: "which partners send their lists, what they look for, and how many they find",
}
COLUMN_OF_KIND: Mapping[str, str] = {RECORDED: "in_child_sexual_offence", MARKED: "in_flagged_or_titled_cse"}
SPANS = (1, 3, 5)
MIN_FALL_PROBABILITY = 0.9
LEAST_COUNT = (
    "The history before the period holds only children who were known in the period: its counts are the least that "
    "there were."
)
HISTORY_SHOWS_NO_FALL = (
    "The period alone is too short. The history before it holds only children who were known in the period: it can "
    "show a fall, and shows none that is clear. A rise cannot be shown by it."
)
WHOLE_YEARS = "Whole years are compared, because the counts of the quarters are too small."
HEADLINE = 3
"""The main span in years; one and five years are also given."""
TEXT, WHOLE = pa.string(), pa.int64()
QUARTERS = pa.schema([("place_code", TEXT), ("kind", TEXT), ("quarter", TEXT), ("records", WHOLE)])
TrendRow = TypeVar("TrendRow", bound=Mapping[str, Any])
"""A row of the trends of this stage, or of the released table."""
Monthly = Mapping[tuple[str, str], Mapping[str, int]]
"""Counts by place and kind, and month ('2025-04')."""


class SeriesTrendRow(TypedDict):
    """A row of the trends: the change of one series over one span of years; with a refusal there are no figures."""

    place_code: str
    kind: str
    series: str
    years_apart: int
    earlier_from: str | None
    earlier_to: str | None
    latest_from: str | None
    latest_to: str | None
    earlier_records: int | None
    latest_records: int | None
    probability_fell: float | None
    probability_fell_5_percent: float | None
    change_low: float | None
    change_high: float | None
    refusal: str
    explanation: str


SCHEMA = arrow_schema(SeriesTrendRow)


@dataclass(frozen=True)
class Period:
    """The period of days that every return covers, half-open."""

    starts: dt.date
    after: dt.date

    @property
    def quarters(self) -> list[Quarter]:
        """The complete quarters in the period."""
        first, last = _quarter_of(self.starts), _quarter_of(self.after)
        if self.starts != _first_day(first):
            first = first + 1
        return [Quarter(index) for index in range(first.index, last.index)]

    @property
    def years(self) -> list[dt.date]:
        """The first days of the last two years of full quarters, and the day after them; empty if there are fewer."""
        full_quarters = self.quarters
        return [_first_day(full_quarters[-1] + step) for step in (-7, -3, 1)] if len(full_quarters) >= 8 else []


def monthly(
    engine: ExpressionEngine, crimes: ibis.Table, role: ibis.Table, listed: str
) -> dict[tuple[str, str], dict[str, int]]:
    """Count the inspection's own records by month, force and kind of series.

    `listed` is the role of a child on a partner's list, who counts in the month of their first day on any list of that
    force.
    """
    counts = {column: crimes[column].sum() for column in COLUMN_OF_KIND.values()}
    recorded = engine.run(crimes.group_by("force_code", "month").aggregate(**counts)).to_pylist()
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in recorded:
        for kind, column in COLUMN_OF_KIND.items():
            found[row["force_code"], kind][row["month"]] = int(row[column] or 0)
    lists = role.filter((role.role == listed) & ~role.person_id.isnull() & ~role.role_day.isnull())
    first = lists.group_by("force_code", "person_id").aggregate(day=lists.role_day.min())
    by_month = first.mutate(month=month_text(first.day))
    for row in engine.run(by_month.group_by("force_code", "month").aggregate(number=by_month.count())).to_pylist():
        found[row["force_code"], PARTNERS][row["month"]] = int(row["number"])
    return dict(found)


def quarterly(months: Monthly, period: Period, forces: Iterable[str]) -> list[Series]:
    """Return the quarterly series of each force and kind, and of all forces combined.

    A force without records of a kind has no series of it.
    """
    counts_by_series: dict[tuple[str, str], list[int]] = {}
    for force in forces:
        for kind in (RECORDED, MARKED, PARTNERS):
            if (force, kind) in months:
                counts_by_series[force, kind] = [
                    _in_quarter(months[force, kind], quarter) for quarter in period.quarters
                ]
    for kind in (RECORDED, MARKED, PARTNERS):
        parts = [counts for (_, series_kind), counts in counts_by_series.items() if series_kind == kind]
        if parts:
            counts_by_series[EVERYWHERE, kind] = [sum(quarter_counts) for quarter_counts in zip(*parts, strict=True)]
    codes = reference.offence_codes("csa11")
    first = period.quarters[0] if period.quarters else Quarter(0)
    return [
        Series(TITLES[kind], place, kind, () if kind == PARTNERS else codes, first, tuple(counts))
        for (place, kind), counts in counts_by_series.items()
    ]


def _in_quarter(months: Mapping[str, int], quarter: Quarter) -> int:
    start = _first_day(quarter)
    month_names = (f"{start.year}-{start.month + step:02d}" for step in range(3))
    return sum(months.get(month, 0) for month in month_names)


def trend_table_rows(series: Series) -> Iterator[SeriesTrendRow]:
    """Return one row (`SCHEMA`) for each time span of a series: the estimate, or the reason why there is none."""
    if len(series.counts) < 4:
        yield from (_refusal_row(series, span, _too_short(series)) for span in SPANS)
        return
    for quarterly_row, span in zip(trend_rows(series, estimate_level(series, SPANS)), SPANS, strict=True):
        row = _with_whole_years(quarterly_row, series, span) if quarterly_row["refusal"] else quarterly_row
        note = f" {WHOLE_YEARS}" if row is not quarterly_row else ""
        year = len(series.counts) - 4
        columns = {
            "place_code": series.place_code,
            "kind": series.offence_key,
            "latest_records": _sum(series, year),
            "earlier_records": _sum(series, year - 4 * span),
            "explanation": _explanation(series.offence_key, row) + note,
        }
        yield cast(SeriesTrendRow, {name: (row | columns).get(name) for name in SCHEMA.names})


def _with_whole_years(row: dict[str, Any], series: Series, span: int) -> dict[str, Any]:
    """Return a refused trend row with the change between two whole years; the row itself if that is refused too.

    Quarters of a force are often too small for the model, although its years are not. As for the model, there must be
    a full year besides those compared. A registered break is a step in a quarter, which the sum of a year would hide.
    """
    n_years, year = len(series.counts) // 4, len(series.counts) - 4
    if n_years < span + 2 or break_positions(series) or None in series.counts or not _is_small(series):
        return row
    previous_count, latest_count = _sum(series, year - 4 * span), _sum(series, year)
    if previous_count is None or latest_count is None or max(previous_count, latest_count) < SMALLEST_MEAN:
        return row
    change = two_count_change(previous_count, latest_count)
    return row | {
        "probability_fell": change.probability_fell,
        "probability_fell_5_percent": change.probability_fell_5_percent,
        "change_low": change.low,
        "change_high": change.high,
        "refusal": "",
    }


def _is_small(series: Series) -> bool:
    """Return True if the mean count of the quarters is too small for the model of the level.

    A quarter of zero in a large series is no small count: months that were not sent are zero too. A negative count is a
    correction, from which no rate follows.
    """
    counts = [count or 0 for count in series.counts]
    return min(counts) >= 0 and sum(counts) < SMALLEST_MEAN * len(counts)


def history_trend_rows(rows: Iterable[SeriesTrendRow], extended: Series) -> Iterator[SeriesTrendRow]:
    """Return the trend rows of a series; a longer history can show a fall where there was no estimate.

    The history that a force sends holds only the crimes, and the children on lists, of children who were in scope in
    the period, so each of its quarters is at least so high. If even that least count gives a fall with a probability of
    `MIN_FALL_PROBABILITY`, there was one. A rise would follow from what was not sent, so it is never said.

    Parameters
    ----------
    rows
        The rows of the series of the period, by `trend_table_rows`.
    extended
        The same series, from the first quarter of the history on.
    """
    by_span = {row["years_apart"]: row for row in trend_table_rows(extended)}
    for row in rows:
        found = by_span[row["years_apart"]]
        if not row["refusal"]:
            yield row
        elif found["refusal"]:
            yield row | {"refusal": found["refusal"]}
        elif (found["probability_fell"] or 0) >= MIN_FALL_PROBABILITY:
            # Counts of the history are of some of the children only, so only a count of the period is given.
            yield found | {
                "earlier_records": row["earlier_records"],
                "explanation": f"{found['explanation']} {LEAST_COUNT}",
            }
        else:
            yield row | {"refusal": HISTORY_SHOWS_NO_FALL}


def _sum(series: Series, start: int) -> int | None:
    counts = series.counts[start : start + 4] if start >= 0 else ()
    return sum(count or 0 for count in counts) if len(counts) == 4 else None


def _explanation(kind: str, row: Mapping[str, Any]) -> str:
    """Return other explanations of a change: the registered breaks if any, otherwise the general ones."""
    return row["explanation"] if row["breaks_between"] else f"It also moves with {EXPLAINED[kind]}."


def _too_short(series: Series) -> str:
    n_quarters = len(series.counts)
    return (
        f"The period holds {n_quarters} full {'quarter' if n_quarters == 1 else 'quarters'}, and a level "
        f"needs three full years."
    )


def _refusal_row(series: Series, span: int, why: str) -> SeriesTrendRow:
    columns = {"place_code": series.place_code, "kind": series.offence_key, "series": series.title, "years_apart": span}
    return cast(SeriesTrendRow, dict.fromkeys(SCHEMA.names) | columns | {"refusal": why, "explanation": ""})


def quarters_table(series: Iterable[Series]) -> pa.Table:
    """Return the quarterly counts of each series as a table (`QUARTERS`)."""
    return pa.Table.from_pylist(
        [
            {
                "place_code": single_series.place_code,
                "kind": single_series.offence_key,
                "quarter": str(time),
                "records": count,
            }
            for single_series in series
            for time, count in zip(single_series.times, single_series.counts, strict=True)
        ],
        schema=QUARTERS,
    )


def headline(rows: Iterable[TrendRow]) -> TrendRow | None:
    """Return the trend row to show first: the longest span up to three years with an estimate, else the shortest."""
    ordered_rows = sorted(rows, key=lambda row: row["years_apart"])
    answered = [row for row in ordered_rows if not row["refusal"] and row["years_apart"] <= HEADLINE]
    return answered[-1] if answered else next(iter(ordered_rows), None)


def _quarter_of(day: dt.date) -> Quarter:
    return Quarter((day.year - 2000) * 4 + (day.month - 1) // 3 - 1)


def _first_day(quarter: Quarter) -> dt.date:
    months = quarter.index + 1
    return dt.date(2000 + months // 4, months % 4 * 3 + 1, 1)
