"""Published series over time, the probability that each fell, and XmR process charts.

For each series: the probability that its level over the latest four full quarters lies below the level over the same
four quarters one, three and five years earlier. Registered breaks (new law, a new way of recording) are level steps in
the model. A single series gives no verdict, and none of them counts exploitation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pyarrow as pa

from assay import reference
from assay.facts.financial_quarters import Quarter, parse_quarter
from assay.stats.level_changes import LevelChange, SpanChange, level_change
from assay.stats.process_control import control_chart

# What other than exploitation itself would explain that a count moved?

ALWAYS = "willingness to report, recording practice and police effort; a count cannot tell these apart"
PARTNER = (
    "practice at assessment, the factors on offer (child criminal exploitation was added in 2022) and how many "
    "children are assessed"
)


def explanatory_breaks(breaks: Sequence[reference.Break]) -> list[reference.Break]:
    """Return the series breaks that could explain a change of a count: all but those registered as without effect."""
    return [series_break for series_break in breaks if series_break.effect != "mark"]


def reasons(breaks: Sequence[reference.Break]) -> str:
    """Return the registered breaks as sentences, earliest first: 'From 2017/18 Q1: a new offence ....'.

    '' if there are none.
    """
    return " ".join(f"From {b.starts}: {_lower(b.reason)}" for b in sorted(breaks, key=lambda b: b.starts))


def explanation(breaks: Sequence[reference.Break], *, partner: bool = False) -> str:
    """Return what could explain a difference: the registered breaks between the periods, and general causes."""
    always, breaks = PARTNER if partner else ALWAYS, explanatory_breaks(breaks)
    if not breaks:
        return f"No break is registered between the two periods. A difference may come from {always}."
    changed = f"Between the two periods, these things may have moved the count. {reasons(breaks)}"
    return f"{changed} A difference may also come from {always}."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


SPANS = (1, 3, 5)
MIN_SHARE_AFFECTED = 0.05
"""A break is a step in a set of codes only if the affected codes are at least this share of the set."""


@dataclass(frozen=True)
class Series:
    """One published count over time: what it counts, where, and its values in order (None if not published).

    `codes` are the offence codes whose breaks apply (none for a series that is not of offences). `period` is 4 for
    quarters and 1 for years; `first` is the quarter of the first value (for years, the last quarter of the year).
    """

    title: str
    place_code: str
    offence_key: str
    codes: tuple[str, ...]
    first: Quarter
    counts: tuple[int | None, ...]
    period: int = 4
    parts: Mapping[str, Mapping[Quarter, int | None]] = field(default_factory=dict)
    """For a set of codes, the counts of each code; a break in a code with a small share makes no step in the set."""

    @property
    def times(self) -> list[Quarter]:
        """The quarter of each value."""
        return [self.first + i * (4 // self.period) for i in range(len(self.counts))]

    def until(self, last: Quarter) -> Series:
        """Return the series up to the quarter `last`."""
        return replace(self, counts=tuple(c for time, c in zip(self.times, self.counts, strict=True) if time <= last))

    @property
    def published(self) -> Series:
        """This series without the missing values at either end."""
        published_positions = [i for i, count in enumerate(self.counts) if count is not None]
        if not published_positions:
            return replace(self, counts=())
        return replace(
            self,
            first=self.times[published_positions[0]],
            counts=self.counts[published_positions[0] : published_positions[-1] + 1],
        )


def offence_series(
    counts: Mapping[Quarter, int | None],
    title: str,
    place_code: str,
    offence_key: str,
    parts: Mapping[str, Mapping[Quarter, int | None]] | None = None,
) -> Series:
    """Return the quarterly series of one place and offence key; a quarter without a row is missing."""
    first, last = min(counts), max(counts)
    values = tuple(counts.get(first + i) for i in range(last.index - first.index + 1))
    return Series(
        title, place_code, offence_key, reference.offence_codes(offence_key), first, values, parts=parts or {}
    )


def breaks_between(series: Series, start: Quarter, latest: Quarter) -> tuple[reference.Break, ...]:
    """Return the registered breaks of this series that start after the quarter `start` and not after `latest`."""
    if not series.codes:
        return ()
    found = reference.breaks().in_interval(series.codes, str(start), str(latest))
    return tuple(b for b in found if not b.force_codes or series.place_code in b.force_codes)


def break_positions(series: Series) -> tuple[int, ...]:
    """Return the positions at which a registered break shifts the level of the series."""
    times = series.times
    if not times:
        return ()
    found = breaks_between(series, times[0], times[-1])
    starts = {parse_quarter(b.starts) for b in found if b.is_step and _is_material(series, b)}
    return tuple(i for i, time in enumerate(times) if time in starts)


def _is_material(series: Series, series_break: reference.Break) -> bool:
    """Return True if the affected codes are a large enough share of the series in the year of the break."""
    touched = [code for code in series.codes if series_break.affects([code])]
    if len(touched) == len(series.codes) or not all(code in series.parts for code in touched):
        return True
    year = [parse_quarter(series_break.starts) + i for i in range(4)]
    whole = dict(zip(series.times, series.counts, strict=True))
    total = sum(whole.get(time) or 0 for time in year)
    part = sum(series.parts[code].get(time) or 0 for code in touched for time in year)
    return total <= 0 or part / total >= MIN_SHARE_AFFECTED


def estimate_level(series: Series, spans: Sequence[int] = SPANS) -> LevelChange:
    """Estimate the level of a published series and its change over each span, or say why there is no estimate."""
    return level_change(series.counts, period=series.period, steps=break_positions(series), spans=tuple(spans))


def trend_rows(series: Series, estimated: LevelChange) -> Iterator[dict[str, Any]]:
    """Return one `trends` row per time span; if no estimate is made, the row has the reason and empty figures."""
    for change in estimated.changes:
        row = _periods(series, change)
        estimate = change.step_adjusted
        if estimate is not None:
            row |= {
                "probability_fell": estimate.probability_fell,
                "probability_fell_5_percent": estimate.probability_fell_5_percent,
                "change": estimate.change,
                "change_low": estimate.low,
                "change_high": estimate.high,
            }
        yield row


def _periods(series: Series, change: SpanChange) -> dict[str, Any]:
    latest = series.times[-1]
    first = latest + -3
    earlier_from, earlier_to = first + -4 * change.span, latest + -4 * change.span
    series_breaks = breaks_between(series, earlier_from, latest)
    return {
        "place_code": series.place_code,
        "offence_key": series.offence_key,
        "series": series.title,
        "years_apart": change.span,
        "latest_from": str(first),
        "latest_to": str(latest),
        "earlier_from": str(earlier_from),
        "earlier_to": str(earlier_to),
        "breaks_between": ";".join(b.key for b in explanatory_breaks(series_breaks)),
        "across_break": any(b.compare_across == "no" for b in series_breaks),
        "refusal": change.refusal,
        "explanation": explanation(series_breaks, partner=not series.codes),
    }


def level_rows(series: Series, estimated: LevelChange) -> Iterator[dict[str, Any]]:
    """Return the rows of the table `levels`; none if the level cannot be estimated."""
    if estimated.refusal:
        return
    for time, level, low, high in zip(
        series.times, estimated.level, estimated.level_low, estimated.level_high, strict=True
    ):
        yield {
            "place_code": series.place_code,
            "offence_key": series.offence_key,
            "financial_year": time.financial_year,
            "quarter": time.number,
            "level": float(level),
            "level_low": float(low),
            "level_high": float(high),
        }


# XmR process charts of each force's quarterly counts: is a change more than ordinary variation?

PROCESS = pa.schema(
    [
        ("place_code", pa.string()),
        ("offence_key", pa.string()),
        ("financial_year", pa.string()),
        ("quarter", pa.int64()),
        ("offences", pa.int64()),
        ("centre", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("phase", pa.int64()),
        ("signal", pa.string()),
    ]
)
WORDS = pa.schema([(name, pa.string()) for name in ("place_code", "offence_key", "words")])


def charts(series: Sequence[Series]) -> tuple[pa.Table, pa.Table]:
    """Return the tables of XmR process charts, by quarter, and `process_control_statements`, by series.

    A new phase starts where a usable break is registered.
    """
    points: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for single_series in series:
        chart = control_chart(
            single_series.counts, [str(time) for time in single_series.times], breaks=break_positions(single_series)
        )
        place = {"place_code": single_series.place_code, "offence_key": single_series.offence_key}
        words.append(place | {"words": chart.words})
        for time, count, point in zip(single_series.times, single_series.counts, chart.points, strict=True):
            when = {"financial_year": time.financial_year, "quarter": time.number, "offences": count}
            points.append(place | when | {k: v for k, v in asdict(point).items() if k != "count"})
    return pa.Table.from_pylist(points, schema=PROCESS), pa.Table.from_pylist(words, schema=WORDS)
