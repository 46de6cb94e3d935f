"""Recorded offences per 1,000 resident children, where the rate is meaningful.

The denominator is residents aged 0 to 17: the nearest estimate within two years, otherwise the mid-2020 estimate with a
note. City of London and British Transport Police serve people who do not live there, so they have no resident rate.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay import reference


@dataclass(frozen=True)
class ChildRate:
    """Offences per 1,000 resident children aged 0 to 17; `per_1000_children` is None where there is no rate."""

    per_1000_children: float | None
    children: int | None
    children_mid_year: int | None
    note: str


def child_rate(place_code: str, year: str, offences: int | None, quarters: int) -> ChildRate:
    """Return the recorded rate of a full financial year; a part year and an unknown count have none."""
    resident = reference.child_population(place_code, year)
    if resident is None or resident.population is None:
        return ChildRate(None, None, None, resident.note if resident else "No resident child population is known.")
    if offences is None or quarters < 4:
        note = f"A part year ({quarters} of 4 quarters) has no yearly rate."
        return ChildRate(None, resident.population, resident.mid_year, note)
    return ChildRate(1000 * offences / resident.population, resident.population, resident.mid_year, resident.note)
