"""Recorded offences by place and year, and their rate per 1,000 children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from assay import reference
from assay.indicators.catalogue.scale.published_scale_measures import BY_KEY
from assay.indicators.findings import Finding, address
from assay.indicators.indicator_wording import format_number
from assay.sdc.released_rows.published_rows import RecordedRow

# Recorded offences per 1,000 resident children, where the rate is meaningful.
#
# The denominator is residents aged 0 to 17: the nearest estimate within two years, otherwise the mid-2020 estimate
# with a note. City of London and British Transport Police serve people who do not live there, so they have no
# resident rate.


@dataclass(frozen=True)
class ChildRate:
    """Offences per 1,000 resident children aged 0 to 17; `per_1000_children` is None where there is no rate."""

    per_1000_children: float | None
    children: int | None
    children_mid_year: int | None
    note: str


def child_rate(place_code: str, year: str, offences: int | None, quarters: int) -> ChildRate:
    """Return the recorded rate in a full financial year; an incomplete year or an unknown count has none."""
    resident = reference.child_population(place_code, year)
    if resident is None or resident.population is None:
        return ChildRate(None, None, None, resident.note if resident else "No resident child population is known.")
    if offences is None or quarters < 4:
        note = f"A part year ({quarters} of 4 quarters) has no yearly rate."
        return ChildRate(None, resident.population, resident.mid_year, note)
    return ChildRate(1000 * offences / resident.population, resident.population, resident.mid_year, resident.note)


def with_rates(recorded: pa.Table) -> pa.Table:
    """Return `recorded` (place_code, offence_key, financial_year, quarters, offences) with rates per 1,000 children."""
    rates = [
        child_rate(row["place_code"], row["financial_year"], row["offences"], row["quarters"])
        for row in recorded.to_pylist()
    ]
    return (
        recorded.append_column("children", pa.array([r.children for r in rates], pa.int64()))
        .append_column("children_mid_year", pa.array([r.children_mid_year for r in rates], pa.int64()))
        .append_column("per_1000_children", pa.array([r.per_1000_children for r in rates], pa.float64()))
        .append_column("rate_note", pa.array([r.note for r in rates], pa.string()))
    )


def findings(
    recorded: Iterable[RecordedRow],
    *,
    names: Mapping[str, str],
    offence: str,
    offences: str,
    editions: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield a finding on each place and full year for the offence set `offence`, named `offences` in sentences.

    `editions` gives the words for the source of each year ('recorded 2024/25').
    """
    for row in recorded:
        if row["offence_key"] == offence and row["quarters"] == 4:
            yield _finding(row, names[row["place_code"]], offences, editions[f"recorded {row['financial_year']}"])


def _finding(row: RecordedRow, place: str, offences: str, edition: str) -> Finding:
    has_rate = row["per_1000_children"] is not None
    measure = BY_KEY["recorded-rate" if has_rate else "recorded"]
    sentence = (
        f"Police recorded {format_number(row['offences'])} {offences} in {row['financial_year']} ({place}); "
        f"{_rate(row)}; "
        "this is a full count, so it has no sampling interval, and a high figure may be better recording."
    )
    base = f"{format_number(row['offences'])} offences ({row['financial_year']}, {place})"
    return Finding.from_measure(
        measure,
        key=address("recorded", row["offence_key"], row["place_code"], row["financial_year"]),
        place_code=row["place_code"],
        offence_key=row["offence_key"],
        period=row["financial_year"],
        sentence=sentence,
        base_text=base,
        value=row["per_1000_children"] if has_rate else float(row["offences"]),
        base=row["offences"],
        source=edition,
        receipt="enquiries",
    )


def _rate(row: RecordedRow) -> str:
    if row["per_1000_children"] is None:
        return f"with no rate per child ({(row['rate_note'] or '').rstrip('.')})"
    note = f"; {row['rate_note'][0].lower()}{row['rate_note'][1:].rstrip('.')}" if row["rate_note"] else ""
    return (
        f"{row['per_1000_children']:.1f} for every 1,000 resident children aged 0 to 17 "
        f"(mid-{row['children_mid_year']} estimate{note})"
    )
